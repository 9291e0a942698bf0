"""Generative adversarial networks on the course's one interface: compile, fit, sample, generate.

The losses are in `losses`, the networks in `networks`; lessons 05 and 06 write the training step by
hand before they use this one.
"""

import numpy as np

from course_utils import losses, networks
from course_utils._tensorflow import keras, tf
from course_utils.interface import GenerativeModel, check_latents, draw_latents


class GAN(GenerativeModel):
    """A generator and a discriminator that train each other (Goodfellow et al. 2014, algorithm 1).

    `image_shape` and `latent_size` describe the course's default networks. A ready `generator`
    (latents to images in [-1, 1], or to points) and `discriminator` (one logit an image) may be
    passed instead and then decide the shapes.

    `sample` and `generate` use `average`, a copy of the generator whose weights are the running
    mean of the generator's over the training steps (Yazici et al. 2019).
    """

    def __init__(
        self,
        image_shape: tuple[int, ...] = (28, 28, 1),
        latent_size: int = 16,
        *,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        seed: int | None = None,
        name: str = "gan",
    ):
        super().__init__(name=name)
        for given in (generator, discriminator):
            if given is not None and not _has_shapes(given):
                raise TypeError(
                    f"{given!r} has no known shapes; give a functional keras.Model, or a "
                    "keras.Sequential that begins with keras.Input."
                )
        self.generator = generator or networks.generator(image_shape, latent_size)
        # Latents come first, images too; a conditional network's further inputs are conditions.
        latents, *conditions = self.generator.inputs
        self.latent_size = int(latents.shape[-1])
        self.image_shape = tuple(self.generator.output_shape[1:])
        self.discriminator = discriminator or networks.discriminator(self.image_shape)
        expected = tuple(self.discriminator.inputs[0].shape[1:])
        if expected != self.image_shape:
            raise ValueError(
                f"The generator makes {self.image_shape} but the discriminator expects "
                f"{expected}; give both the same shape."
            )
        self.average = keras.models.clone_model(self.generator)
        self.average.set_weights(self.generator.get_weights())
        self.average.trainable = False
        self._add_seed(seed)
        names = ("generator_loss", "discriminator_loss", "real_logit", "fake_logit")
        self._means = [keras.metrics.Mean(name=name) for name in names]
        self._prepare_generation(*(int(condition.shape[-1]) for condition in conditions))

    def compile(
        self,
        loss: str | losses.GANLoss = "hinge",
        *,
        optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_optimizer: keras.optimizers.Optimizer | str | None = None,
        discriminator_steps: int = 1,
        label_smoothing: float = 0.0,
        average_decay: float = 0.998,
        augment=None,
        penalty=None,
        **keras_arguments,
    ):
        """Choose the loss, by name or as a `losses.GANLoss`, and how the two networks are trained.

        optimizer: of the generator, and in a copy of the discriminator, unless that has its own.
            Default: Adam(2e-3, beta_1=0.5, beta_2=0.99).
        discriminator_steps: updates of the discriminator for each one of the generator.
        label_smoothing: real images count as real with 1 minus this (not for the hinge loss).
        average_decay: the running mean keeps this share of itself at each step (fewer early on).
        augment: function(images, seed) that changes real and generated images alike, in a
            differentiable way, before the discriminator sees them; seed is an int tensor (2,).
        penalty: function(discriminate, real, fake) -> scalar, added to the discriminator's loss.
        keras_arguments: what `keras.Model.compile` takes besides, such as `run_eagerly`.
        """
        self.gan_loss = loss if isinstance(loss, losses.GANLoss) else losses.gan_loss(loss)
        self.gan_loss.discriminator([0.0], [0.0], label_smoothing)  # refuses an unfit smoothing now
        if not isinstance(discriminator_steps, int) or discriminator_steps < 1:
            raise ValueError(
                f"discriminator_steps is {discriminator_steps!r}; give a whole number of 1 or more."
            )
        if not 0 <= average_decay < 1:
            raise ValueError(f"average_decay is {average_decay}; give a number in [0, 1).")
        if optimizer is None:
            optimizer = keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99)
        optimizer = _unused(optimizer, getattr(self, "generator_optimizer", None))
        if discriminator_optimizer is None:
            discriminator_optimizer = optimizer.from_config(optimizer.get_config())
        discriminator_optimizer = _unused(
            discriminator_optimizer, getattr(self, "discriminator_optimizer", None)
        )
        if discriminator_optimizer is optimizer:
            raise ValueError(
                "Both networks got one optimizer; make one for each, or leave one out."
            )
        # XLA was slower than plain graph execution on the CPU, so it is opt-in.
        super().compile(optimizer=optimizer, **{"jit_compile": False, **keras_arguments})
        self.generator_optimizer = self.optimizer
        self.discriminator_optimizer = discriminator_optimizer
        # An optimizer without variables would silently be left out of a checkpoint.
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.discriminator_steps = discriminator_steps
        self.label_smoothing = label_smoothing
        self.average_decay = average_decay
        self.augment = augment
        self.penalty = penalty

    def train_step(self, batch):
        """One update of each network; returns the running means that `fit` shows.

        The generator learns from the images that the discriminator has just seen: drawing others
        for it took 10 to 20 % longer, and the result was no better.
        """
        real, labels = self._unpack(batch)
        for repetition in range(self.discriminator_steps):
            with tf.GradientTape() as generator_tape:
                fake = self._fake(real, labels, stream=repetition)
            with tf.GradientTape() as tape:
                loss, real_logits, fake_logits = self._discriminator_loss(real, fake, labels)
            _apply(self.discriminator_optimizer, tape, loss, self.discriminator)
        self._record(discriminator_loss=loss, real_logit=real_logits, fake_logit=fake_logits)

        with generator_tape:
            loss = self.gan_loss.generator(self._logits(self._augmented(fake, 1), labels))
        _apply(self.generator_optimizer, generator_tape, loss, self.generator)
        self._record(generator_loss=loss)
        self._update_average()
        return {metric.name: metric.result() for metric in self._means}

    def test_step(self, batch):
        """The same losses on images that are not trained on; the networks stay as they are."""
        real, labels = self._unpack(batch)
        fake = self._fake(real, labels, stream=0, training=False)
        loss, real_logits, fake_logits = self._discriminator_loss(
            real, fake, labels, training=False
        )
        self._record(
            discriminator_loss=loss,
            real_logit=real_logits,
            fake_logit=fake_logits,
            generator_loss=self.gan_loss.generator(fake_logits),
        )
        return {metric.name: metric.result() for metric in self._means}

    def _unpack(self, batch):
        """Real images in the networks' range, and labels or None, from what the dataset yields."""
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(batch)
        return self._to_network(images), labels

    def _discriminator_loss(self, real, fake, labels, training=True):
        """Loss (scalar) and logits of a batch of real images and one of generated images."""
        fake = tf.stop_gradient(fake)  # the discriminator's update leaves the generator alone
        real_logits = self._logits(self._augmented(real, 0), labels, training)
        fake_logits = self._logits(self._augmented(fake, 1), labels, training)
        loss = self.gan_loss.discriminator(real_logits, fake_logits, self.label_smoothing)
        if self.penalty is not None:
            loss += self.penalty(lambda images: self._logits(images, labels, training), real, fake)
        return loss, real_logits, fake_logits

    def _fake(self, real, labels, stream, training=True):
        """As many generated images as there are real ones: a last, smaller batch stays balanced."""
        shape = (tf.shape(real)[0], self.latent_size)
        latents = tf.random.stateless_normal(shape, seed=self._step_seed(stream))
        return self.generator(self._generator_input(latents, labels), training=training)

    def _augmented(self, images, stream):
        if self.augment is None:
            return images
        return self.augment(images, self._step_seed(50 + stream))

    def _generator_input(self, latents, labels):
        """What the generator is called with; conditional models add the labels."""
        return latents

    def _logits(self, images, labels, training=True):
        """What the discriminator says of images; conditional models add the labels."""
        return self.discriminator(images, training=training)

    def _record(self, **values):
        for mean in self._means:
            if mean.name in values:
                mean.update_state(values[mean.name])

    def _update_average(self):
        """average <- decay * average + (1 - decay) * generator, BatchNorm statistics included."""
        step = tf.cast(self.generator_optimizer.iterations, tf.float32)
        decay = tf.minimum(self.average_decay, (1.0 + step) / (10.0 + step))

        def move(mean, weight):
            mean.assign(decay * mean + (1.0 - decay) * weight)

        def update(strategy):
            for mean, weight in zip(self.average.weights, self.generator.weights, strict=True):
                strategy.extended.update(mean.value, move, args=(weight.value,))

        # All replicas meet here, so that a distributed variable is written once.
        tf.distribute.get_replica_context().merge_call(update)

    def _decode(self, latents):
        return self.average(latents, training=False)


class ConditionalGAN(GAN):
    """A GAN that is told which class to draw (Mirza and Osindero 2014).

    The discriminator is told by projection (Miyato and Koyama 2018). Labels are whole numbers (n,)
    from 0 to num_classes - 1. Inside they become rows of `classes` (n, num_classes) that sum to 1,
    so that `sample` and `generate` can mix classes, too.

    A ready `generator` has the inputs [latents, classes], a `discriminator` [images, classes].
    """

    def __init__(
        self,
        num_classes: int = 10,
        image_shape: tuple[int, ...] = (28, 28, 1),
        latent_size: int = 64,
        *,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        seed: int | None = None,
        name: str = "conditional_gan",
    ):
        if generator is None:
            generator = networks.conditional_generator(image_shape, latent_size, num_classes)
        if discriminator is None:
            discriminator = networks.projection_discriminator(image_shape, num_classes)
        for network in (generator, discriminator):
            sizes = [part.shape[-1] for part in getattr(network, "inputs", None) or []]
            if len(sizes) != 2 or sizes[1] != num_classes:
                raise ValueError(
                    f"{network.name} has inputs of sizes {sizes}; a conditional network needs two, "
                    f"and the second is the classes, of size {num_classes}."
                )
        super().__init__(generator=generator, discriminator=discriminator, seed=seed, name=name)
        self.num_classes = num_classes

    def sample(self, n: int, seed: int | None = None, *, labels=None) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed.

        labels: one class for all, one for each (n,), or shares of classes as `generate` takes them;
            without labels the classes take turns: 0, 1, 2, ...
        """
        latents = draw_latents(n, self.latent_size, seed)
        return self.generate(latents, np.arange(n) % self.num_classes if labels is None else labels)

    def generate(self, latents, labels) -> np.ndarray:
        """Images, float32 (n, *image_shape) in [0, 1], of latents (n, latent_size) and labels.

        labels: one class for all, one for each (n,), or the shares of all classes, floats
            (n, num_classes) or (num_classes,), whose rows sum to 1.
        """
        latents = check_latents(latents, self.latent_size)
        return self._in_chunks(latents, class_shares(labels, len(latents), self.num_classes))

    def only(self, labels) -> "OneCondition":
        """This model with its labels fixed: a model of latents alone, as `GAN` is."""
        return OneCondition(self, class_shares(labels, 1, self.num_classes)[0])

    def _as_dataset(self, x, y, batch_size, shuffle=True):
        if isinstance(x, tf.data.Dataset):
            _check_labeled(x, self.num_classes)
        elif y is None:
            raise ValueError(
                "A conditional model learns from images and labels; call fit(images, labels)."
            )
        else:
            labels = _check_labels(y, self.num_classes)
            missing = np.setdiff1d(np.arange(self.num_classes), labels)
            if shuffle and len(missing):  # in training; a validation set may lack a class
                raise ValueError(
                    f"No image has the label {missing[0]}, so that class cannot be learned; give "
                    f"images of all {self.num_classes} classes, or set num_classes to those there "
                    "are and number them from 0."
                )
        return super()._as_dataset(x, y, batch_size, shuffle)

    def _generator_input(self, latents, labels):
        return [latents, tf.one_hot(labels, self.num_classes)]

    def _logits(self, images, labels, training=True):
        return self.discriminator([images, tf.one_hot(labels, self.num_classes)], training=training)

    def _decode(self, latents, classes):
        return self.average([latents, classes], training=False)

    def call(self, inputs, training=False):
        """Images in the networks' own range, of [latents, classes]."""
        return self._decode(*inputs)


class OneCondition:
    """A conditional model with fixed shares of the classes; what explores latents takes it."""

    def __init__(self, model: ConditionalGAN, shares: np.ndarray):
        self._model = model
        self.shares = shares
        self.latent_size, self.image_shape = model.latent_size, model.image_shape

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed."""
        return self._model.sample(n, seed, labels=self.shares)

    def generate(self, latents) -> np.ndarray:
        """Images, float32 (n, *image_shape) in [0, 1], of latents (n, latent_size)."""
        return self._model.generate(latents, self.shares)


def class_shares(labels, n: int, num_classes: int) -> np.ndarray:
    """Rows (n, num_classes) that sum to 1: from one class, one for each, or shares as they are.

    >>> class_shares([1, 0], 2, 3)
    array([[0., 1., 0.],
           [1., 0., 0.]], dtype=float32)
    """
    labels = np.asarray(labels)
    if labels.size == 0:  # an empty list is an array of floats
        labels = labels.astype(np.int64)
    if labels.dtype.kind in "iu" and labels.ndim <= 1:
        if labels.ndim == 0:
            labels = np.full(n, labels)
        _check_labels(labels, num_classes)
        if len(labels) != n:
            raise ValueError(f"There are {len(labels)} labels for {n} latents; give one for each.")
        return np.eye(num_classes, dtype=np.float32)[labels]
    if labels.dtype.kind != "f" or labels.ndim not in (1, 2) or labels.shape[-1] != num_classes:
        raise ValueError(
            f"labels has shape {labels.shape} and dtype {labels.dtype}; give whole numbers (n,), "
            f"or floats (n, {num_classes}) with the shares of the classes."
        )
    if labels.ndim == 2 and len(labels) != n:
        raise ValueError(f"There are {len(labels)} rows of shares for {n} latents; give one each.")
    if not np.isfinite(labels).all() or np.abs(labels.sum(axis=-1) - 1).max(initial=0) > 1e-3:
        raise ValueError("The shares of the classes must be finite and sum to 1 in each row.")
    return np.broadcast_to(labels, (n, num_classes)).astype(np.float32)


def _check_labels(labels, num_classes: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels has shape {labels.shape} and dtype {labels.dtype}; give one whole number for "
            "each image, shape (n,)."
        )
    outside = labels[(labels < 0) | (labels >= num_classes)]
    if len(outside):
        raise ValueError(
            f"labels contains {outside[0]}, but the model knows the {num_classes} classes 0 to "
            f"{num_classes - 1}."
        )
    return labels


def _check_labeled(dataset: tf.data.Dataset, num_classes: int) -> None:
    parts = dataset.element_spec
    if not isinstance(parts, tuple | list) or len(parts) < 2 or not parts[1].dtype.is_integer:
        raise ValueError(
            "The dataset yields no labels; make it with data.make_dataset(images, labels), or call "
            "fit(images, labels)."
        )
    for _, labels, *_ in dataset.take(1):  # the others are not looked at, since they may be endless
        _check_labels(labels.numpy(), num_classes)


def _has_shapes(network) -> bool:
    return network.built and hasattr(network, "inputs") and hasattr(network, "output_shape")


def _unused(optimizer, previous):
    """The optimizer, given or by name, if `compile` can use it for one of the networks."""
    optimizer = keras.optimizers.get(optimizer)
    if optimizer.use_ema:
        raise ValueError(
            f"{optimizer.name} has use_ema=True, which would overwrite the weights at the end of "
            "fit; leave it out: GAN averages the generator's weights itself (average_decay)."
        )
    if optimizer.built and optimizer is not previous:
        raise ValueError(
            f"This {optimizer.name} optimizer already trains other weights; make a new one for "
            "each network."
        )
    return optimizer


def _apply(optimizer, tape, loss, network):
    """One step down the loss for one network; the other's weights stay as they are."""
    variables = network.trainable_variables
    # Replicas' gradients are summed, so each contributes its share of the mean.
    share = tf.constant(1.0 / tf.distribute.get_strategy().num_replicas_in_sync, loss.dtype)
    optimizer.apply(tape.gradient(loss, variables, output_gradients=share), variables)
