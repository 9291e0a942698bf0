"""What every generator of the course has in common: `fit` and `sample`.

A model adds its networks, its `compile` and its `train_step`. Nothing is specific to a family here;
what models with latents share is in `latent_model`. For subclasses: `_add_seed` and `_step_seed`
(random numbers), `_to_network` and `_to_pixels` (ranges), `_in_chunks` (memory), `_as_dataset`,
`_checked` and `_check_values` (what is handed in).
"""

import random
from collections.abc import Callable

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import streams
from course_utils.models.training import ProgressBar


class GenerativeModel(keras.Model):
    """A `keras.Model` that learns to make images, or points, like those it is shown.

    Subclasses make their networks, set `image_shape`, call `_add_seed`, and write `train_step` and
    `sample`; those with latents are `latent_model.LatentModel`s, which can sample already.
    Images go in and come out in [0, 1] and are scaled to [-1, 1] for the networks; points, which
    have one axis, are used as they are.
    """

    image_shape: tuple[int, ...]
    at_once = 256  # images generated in a call: bounds its memory, not its result

    def fit(
        self,
        x,
        y=None,
        *,
        batch_size: int = 64,
        epochs: int = 1,
        steps_per_epoch: int | None = None,
        verbose="auto",
        callbacks=None,
        validation_data=None,
        initial_epoch: int = 0,
        **keras_arguments,
    ):
        """Train as `keras.Model.fit` does; returns its `History`.

        x: images (n, *image_shape), uint8 or floats in [0, 1], or a dataset of batches of floats in
            [0, 1]; y: labels (n,) for models that use them.
        steps_per_epoch: end the epoch after this many batches; the data start again if need be.

        An interrupt (the stop button) ends the training but not the cell: the model keeps
        what it learned, and a further `fit` goes on from there.
        """
        if not self.compiled:
            raise ValueError(f"This {type(self).__name__} is not compiled; call compile() first.")
        dataset = self._as_dataset(x, y, batch_size)
        _check_steps(steps_per_epoch, dataset)
        if steps_per_epoch is not None:  # the data start again where an epoch needs more of them
            dataset = dataset.repeat()
        if validation_data is not None:
            pair = (
                validation_data if isinstance(validation_data, tuple) else (validation_data, None)
            )
            validation_data = self._as_dataset(*pair, batch_size, shuffle=False)
        steps = steps_per_epoch or int(dataset.cardinality())
        if not isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks = keras.callbacks.CallbackList(
                _with_progress_bar(callbacks) if verbose != 0 else callbacks,
                add_history=True,
                verbose=1 if verbose == "auto" else verbose,
                epochs=epochs,
                steps=steps if steps > 0 else None,
                model=self,
            )
        try:
            return super().fit(
                dataset,
                epochs=epochs,
                steps_per_epoch=steps_per_epoch,
                callbacks=callbacks,
                validation_data=validation_data,
                initial_epoch=initial_epoch,
                shuffle=False,  # the dataset shuffles; Keras would warn that it cannot
                **keras_arguments,
            )
        except KeyboardInterrupt:
            callbacks.on_train_end()  # Keras skips it, and with it what callbacks have to close
            print(
                "\nTraining was interrupted. The model keeps what it has learned so far; "
                "call fit again to go on."
            )
            return self.history

    def _as_dataset(self, x, y, batch_size, shuffle=True):
        replicas = self.distribute_strategy.num_replicas_in_sync
        if not isinstance(x, tf.data.Dataset):
            # Each fit goes on with another order, even where it ends before all data were seen.
            seed = int(self.seed.numpy()) + int(self.optimizer.iterations.numpy())
            x = data.make_dataset(
                x,
                y,
                batch_size=batch_size,
                shuffle=shuffle,
                drop_remainder=replicas > 1,
                seed=seed,
            )
        _check_shares(x, replicas)
        return check_dataset(x, self.image_shape, self._check_values)

    def _check_values(self, images: np.ndarray) -> None:
        """Refuse floats in [0, 1] that the model has no probability for; here all are welcome."""

    def _checked(self, images) -> np.ndarray:
        """Images (n, *image_shape) that suit the model, as float32 in [0, 1]; else ValueError."""
        images = data.check_images(images)
        if images.shape[1:] != self.image_shape:
            raise ValueError(
                f"The images have shape {images.shape[1:]}, but the model is built for "
                f"{self.image_shape}; resize them."
            )
        floats = data.as_floats(images)
        self._check_values(floats)
        return floats

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed."""
        raise NotImplementedError(f"{type(self).__name__} does not say how images are drawn.")

    def _in_chunks(self, make, *inputs: np.ndarray, at_once: int | None = None) -> np.ndarray:
        """What `make` makes of inputs with n rows each, `at_once` rows a call: (n, *image_shape).

        make: function of as many arrays, or tensors, -> a tensor of images (rows, *image_shape) in
            [0, 1] that come out the same whichever rows are beside them.
        """
        count = len(inputs[0])
        if count == 0:
            return np.zeros((0, *self.image_shape), np.float32)
        found, at_once = None, at_once or self.at_once
        for start in range(0, count, at_once):
            made = make(*(rows[start : start + at_once] for rows in inputs)).numpy()
            if found is None:  # filled in place: joining the parts would need them twice
                found = np.empty((count, *made.shape[1:]), made.dtype)
            found[start : start + at_once] = made
        return found

    def _add_seed(self, seed: int | None):
        """Make `seed` a variable: a checkpoint carries it, and resumed training goes on with it."""
        seed = random.randrange(2**31) if seed is None else seed
        self.seed = self.add_weight(
            shape=(), dtype="int64", trainable=False, name="seed", initializer="zeros"
        )
        self.seed.assign(seed)
        self.built = True  # the networks are; Keras refuses to save a model that is not

    def _step_seed(self, purpose: str, repetition: int = 0):
        """A seed (2,) that depends on the model's seed, the step, the replica and these two alone.

        purpose: what the random numbers are for, such as "latents"; repetition: which time they are
            drawn for it within one step, from 0 without end. No two of them share a seed.

        No hidden random state: training resumed from a checkpoint draws what it would have drawn.
        """
        context = tf.distribute.get_replica_context()
        step = tf.cast(self.optimizer.iterations, tf.int64) * context.num_replicas_in_sync
        place = step + tf.cast(context.replica_id_in_sync_group, tf.int64)
        return streams.fold_in(
            tf.stack([tf.convert_to_tensor(self.seed), place]), purpose, repetition
        )

    def _to_network(self, images):
        return data.scale_pixels(images) if self._makes_images else images

    def _to_pixels(self, images):
        """Images from the networks' range in [0, 1], as `_to_network` has the reverse."""
        if not self._makes_images:
            return images
        return tf.clip_by_value(data.unscale_pixels(images), 0.0, 1.0)

    @property
    def _makes_images(self) -> bool:
        return len(self.image_shape) == 3


def apply_gradients(optimizer, tape, loss, network) -> None:
    """One step of the optimizer down the loss for a network's weights; no others change."""
    variables = network.trainable_variables
    # Replicas' gradients are summed, so each contributes its share of the mean.
    share = tf.constant(1.0 / tf.distribute.get_strategy().num_replicas_in_sync, loss.dtype)
    optimizer.apply(tape.gradient(loss, variables, output_gradients=share), variables)


def check_has_shapes(network) -> None:
    """Refuse a network that does not say yet what it takes and makes."""
    if not (network.built and hasattr(network, "inputs") and hasattr(network, "output_shape")):
        raise TypeError(
            f"{network!r} has no known shapes; give a functional keras.Model, or a "
            "keras.Sequential that begins with keras.Input."
        )


def unused_optimizer(optimizer, previous):
    """The optimizer, given or by name, if it can train a network whose weights are averaged.

    previous: the one that trained this network until now, or None
    """
    optimizer = keras.optimizers.get(optimizer)
    if optimizer.use_ema:
        raise ValueError(
            f"{optimizer.name} has use_ema=True, which would overwrite the weights at the end of "
            "fit; leave it out: the model averages the weights itself (average_decay)."
        )
    if optimizer.built and optimizer is not previous:
        raise ValueError(
            f"This {optimizer.name} optimizer already trains other weights; make a new one for "
            "each network."
        )
    return optimizer


def _with_progress_bar(callbacks) -> list:
    given = keras.tree.flatten(callbacks) if callbacks else []
    has_one = any(isinstance(one, keras.callbacks.ProgbarLogger) for one in given)
    return given if has_one else [*given, ProgressBar()]


def _check_steps(steps_per_epoch, dataset: tf.data.Dataset) -> None:
    if steps_per_epoch is None and dataset.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise ValueError("The dataset never ends; say with steps_per_epoch how long an epoch is.")
    if steps_per_epoch is not None:
        check_whole("steps_per_epoch", steps_per_epoch)


def _check_shares(dataset: tf.data.Dataset, replicas: int) -> None:
    """Devices share each batch; one that got no images would make the losses NaN."""
    size = tf.nest.flatten(dataset.element_spec)[0].shape[:1]
    if replicas > 1 and (size.rank is None or size[0] is None or size[0] % replicas != 0):
        raise ValueError(
            f"Training on {replicas} devices needs batches of one size, a multiple of {replicas}, "
            f"but these have {size}; set batch_size accordingly and drop_remainder=True."
        )


def check_dataset(
    dataset: tf.data.Dataset,
    image_shape: tuple[int, ...],
    check_values: Callable[[np.ndarray], None] = lambda images: None,
) -> tf.data.Dataset:
    """Return a dataset whose first batch suits a model of these images, or say what does not."""
    batch = next(iter(dataset.take(1)), None)
    if batch is None:
        raise ValueError(
            "The dataset yields no batch: it is empty, or its batch_size is larger than the number "
            "of images while drop_remainder is on."
        )
    images, _, _ = keras.utils.unpack_x_y_sample_weight(batch)
    if not tf.is_tensor(images):
        raise TypeError(
            f"The dataset yields a {type(images).__name__}; let it yield images, or "
            "(images, labels), as data.make_dataset does."
        )
    if images.dtype != tf.float32:
        raise TypeError(
            f"The dataset yields {images.dtype.name}; make it with data.make_dataset(images), "
            "which yields float32 in [0, 1]."
        )
    if tuple(images.shape[1:]) != tuple(image_shape):
        raise ValueError(
            f"The dataset yields batches of shape {tuple(images.shape)}, but the model is built "
            f"for (batch, {', '.join(map(str, image_shape))}); make both the same size."
        )
    check_values(data.check_images(images))
    return dataset
