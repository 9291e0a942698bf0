"""Families of models that learn in a second, with latents and without, for the tests here."""

import numpy as np

from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import flow_matching, interface, latent_model

TINY = (4, 6, 1)  # images of 24 pixels


class PixelAfterPixel(interface.GenerativeModel):
    """Autoregressive, for black and white: each pixel's chance given the one before. No latents."""

    def __init__(self, seed: int | None = None):
        super().__init__(name="pixel_after_pixel")
        self.image_shape = TINY
        # Of each pixel: its logit after a black one, and after a white one.
        self.table = self.add_weight(shape=(24, 2), initializer="zeros", name="table")
        self._add_seed(seed)

    def compile(self, **arguments):
        super().compile(optimizer=keras.optimizers.Adam(0.1), **arguments)
        self.optimizer.build(self.trainable_variables)

    def train_step(self, batch):
        with tf.GradientTape() as tape:
            # Noise in training: some of the pixels before are not seen as they are.
            turned = tf.random.stateless_uniform((24,), self._step_seed("dropout")) < 0.05
            loss = -tf.reduce_mean(self._log_likelihood(batch, turned))
        interface.apply_gradients(self.optimizer, tape, loss, self)
        return {"nats": loss}

    def log_likelihood(self, images) -> np.ndarray:
        return self._log_likelihood(tf.constant(images)).numpy()

    def _log_likelihood(self, images, turned=False):
        flat = tf.reshape(images, (-1, 24))
        before = tf.pad(flat[:, :-1], [[0, 0], [1, 0]])
        white = tf.not_equal(before == 1, turned)
        logits = tf.where(white, self.table[:, 1], self.table[:, 0])
        return -tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(flat, logits), axis=1)

    def sample(self, n, seed=None):
        check_whole("The number of samples", n, 0)
        uniforms = np.random.default_rng(seed).random((n, 24), np.float32)
        return self._in_chunks(self._draw, uniforms)

    def _draw(self, uniforms):
        pixels = [np.zeros(len(uniforms), bool)]
        for place, chances in enumerate(tf.sigmoid(self.table).numpy()):
            pixels.append(uniforms[:, place] < np.where(pixels[-1], chances[1], chances[0]))
        return tf.reshape(tf.cast(np.stack(pixels[1:], axis=1), tf.float32), (-1, *TINY))


class PixelByPixel(latent_model.LatentModel):
    """A flow of one layer: each pixel is its own latent times a number, plus a number."""

    def __init__(self, seed: int | None = None):
        super().__init__(name="pixel_by_pixel")
        self.image_shape = self.latent_shape = TINY
        self.log_scale = self.add_weight(shape=TINY, initializer="zeros", name="log_scale")
        self.shift = self.add_weight(shape=TINY, initializer="zeros", name="shift")
        self._add_seed(seed)
        self._prepare_generation()

    def compile(self, **arguments):
        super().compile(optimizer=keras.optimizers.Adam(0.1), **arguments)
        self.optimizer.build(self.trainable_variables)

    def train_step(self, batch):
        with tf.GradientTape() as tape:
            noise = tf.random.stateless_uniform(tf.shape(batch), self._step_seed("dequantization"))
            latents = self._encode(self._to_network(batch + noise / 256))
            loss = tf.reduce_mean(0.5 * latents**2 + self.log_scale)
        interface.apply_gradients(self.optimizer, tape, loss, self)
        return {"nats": loss}

    def _encode(self, images):
        return (images - self.shift) * tf.exp(-self.log_scale)

    def _decode(self, latents):
        return latents * tf.exp(self.log_scale) + self.shift


def dense_flow(shape=TINY, num_classes: int | None = None, width: int = 48) -> keras.Model:
    """A flow's network of one hidden layer for points, or images, of any shape."""
    sizes = [shape, (1,), *([(num_classes,)] if num_classes else [])]
    inputs = [keras.Input(size) for size in sizes]
    x = keras.layers.Concatenate()([keras.layers.Flatten()(one) for one in inputs])
    x = keras.layers.Dense(width, activation="silu")(x)
    guess = keras.layers.Reshape(shape)(keras.layers.Dense(int(np.prod(shape)))(x))
    return keras.Model(inputs, guess)


class TinyFlow(flow_matching.FlowMatching):
    """The course's flow with a network of one hidden layer. It is told no classes."""

    def __init__(self, seed: int | None = None):
        keras.utils.set_random_seed(0)
        super().__init__(TINY, network=dense_flow(), seed=seed)

    def compile(self, **arguments):
        super().compile(optimizer=keras.optimizers.Adam(0.01), average_decay=0.9, **arguments)
