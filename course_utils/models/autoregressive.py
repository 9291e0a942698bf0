"""What models have in common that say the probability of each pixel given those before it.

On the course's one interface without latents: compile, fit, and log_likelihood, which is exact.
A model adds its network; what one pixel can be is in `pixels`.
"""

import numpy as np

from course_utils.base.arguments import check_name, check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import pixels
from course_utils.models.classes import check_labeled, class_shares
from course_utils.models.interface import GenerativeModel, apply_gradients

_JUDGED_AT_ONCE = 64  # images; each pixel of each has its features


class AutoregressiveModel(GenerativeModel):
    """p(x) as a product over pixels in raster order, each given all before it.

    Subclasses make their network, call `_add_seed`, and write `call(images, classes)`: the numbers
    of each pixel's distribution, (n, *image_shape, len(pixel.start)), for images in [0, 1]; those
    of a pixel may depend on the pixels before it alone.

    likelihood: "bernoulli" for images whose pixels are all 0 or 1; "logistic" for gray or colored
        ones of 256 values, by a mixture of discretized logistic distributions.
    num_classes: with it, `fit` takes labels, and what is drawn or judged may have `labels`.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int],
        num_classes: int | None = None,
        *,
        likelihood: str = "bernoulli",
        name: str,
    ):
        super().__init__(name=name)
        check_name("likelihood", likelihood, pixels.LIKELIHOODS)
        if not isinstance(image_shape, tuple | list) or len(image_shape) != 3:
            raise ValueError(
                f"image_shape is {image_shape!r}; give (height, width, channels), such as "
                "(28, 28, 1)."
            )
        self.image_shape = tuple(check_whole("a side in image_shape", one) for one in image_shape)
        self.likelihood, self.pixel = likelihood, pixels.LIKELIHOODS[likelihood]
        self.num_classes = None if num_classes is None else check_whole("num_classes", num_classes)
        self._means = {"loss": keras.metrics.Mean(name="loss")}
        classes = tf.TensorSpec((None, self.num_classes or 0), tf.float32)
        self._judge = tf.function(
            self._pixel_log_likelihoods,
            input_signature=[tf.TensorSpec((None, *self.image_shape), tf.float32), classes],
        )

    def compile(
        self, *, optimizer: keras.optimizers.Optimizer | str | None = None, **keras_arguments
    ):
        """Choose the optimizer, by default Adam(1e-2) with gradients clipped to the norm 30.

        keras_arguments: of `keras.Model.compile`
        """
        if optimizer is None:
            optimizer = keras.optimizers.Adam(1e-2, global_clipnorm=30.0)
        super().compile(optimizer=optimizer, **{"jit_compile": False, **keras_arguments})
        # An optimizer without variables would silently be left out of a checkpoint.
        self.optimizer.build(self.trainable_variables)

    # ---- training --------------------------------------------------------------------------------

    def train_step(self, batch):
        """One step down -log p, in nats per image; returns the running mean that `fit` shows."""
        images, classes = self._unpack(batch)
        with tf.GradientTape() as tape:
            loss = -tf.reduce_mean(self._log_likelihood(images, classes))
        apply_gradients(self.optimizer, tape, loss, self)
        return self._record(loss)

    def test_step(self, batch):
        """The same figure for images that are not trained on."""
        return self._record(-tf.reduce_mean(self._log_likelihood(*self._unpack(batch))))

    def _record(self, loss):
        self._means["loss"].update_state(loss)
        return {name: mean.result() for name, mean in self._means.items()}

    def _unpack(self, batch):
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(batch)
        if self.num_classes is None:
            return images, tf.zeros((tf.shape(images)[0], 0))
        return images, tf.one_hot(labels, self.num_classes)

    def _as_dataset(self, x, y, batch_size, shuffle=True):
        if self.num_classes is not None:
            check_labeled(x, y, self.num_classes, all_there=shuffle)
        return super()._as_dataset(x, y, batch_size, shuffle)

    # ---- the distribution ------------------------------------------------------------------------

    def _pixel_log_likelihoods(self, images, classes):
        return self.pixel.log_prob(self(images, classes), images)

    def _log_likelihood(self, images, classes):
        return tf.reduce_sum(self._pixel_log_likelihoods(images, classes), axis=(1, 2, 3))

    def log_likelihood(self, images, labels=None) -> np.ndarray:
        """log p(x), exact, in nats, float64 (n,), of images (n, *image_shape).

        labels: for a conditional model, as `sample` takes them: then it is log p(x | label).
        """
        return self.pixel_log_likelihoods(images, labels).sum(axis=(1, 2, 3))

    def pixel_log_likelihoods(self, images, labels=None) -> np.ndarray:
        """log p of each pixel given those before it, in nats, float64 (n, *image_shape)."""
        images = self._checked(images)
        classes = self._classes(labels, len(images))
        found = self._in_chunks(self._judge, images, classes, at_once=_JUDGED_AT_ONCE)
        return found.astype(np.float64)

    def _check_values(self, images: np.ndarray) -> None:
        if self.likelihood == "bernoulli":
            if not ((images == 0) | (images == 1)).all():
                raise ValueError(
                    'likelihood="bernoulli" is for images whose pixels are all 0 or 1, and these '
                    'are gray; use data.binarize(images), or likelihood="logistic".'
                )
        elif np.abs(images * 255 - np.round(images * 255)).max(initial=0) > 1e-3:
            raise ValueError(
                'likelihood="logistic" is for pixels with the values 0/255, 1/255, ... 255/255, '
                "and these have others; round them, for example by giving uint8."
            )

    def _classes(self, labels, n: int) -> np.ndarray:
        if self.num_classes is None:
            if labels is not None:
                raise ValueError(
                    f"This {type(self).__name__} knows no classes; make it with num_classes."
                )
            return np.zeros((n, 0), np.float32)
        labels = np.arange(n) % self.num_classes if labels is None else labels
        return class_shares(labels, n, self.num_classes)
