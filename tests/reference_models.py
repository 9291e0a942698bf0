"""Reference models that the benchmark measures the course's models against."""

import numpy as np

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import flow_networks
from course_utils.models.autoregressive import AutoregressiveModel

layers = keras.layers


class MaskedConv(layers.Conv2D):
    """A convolution that sees the rows above and what is to the left; with `own` the middle too."""

    def __init__(self, filters: int, size: int, *, own: bool):
        super().__init__(filters, size, padding="same")
        self.own = own

    def build(self, shape):
        super().build(shape)
        seen = np.arange(self.kernel_size[0] ** 2) < self.kernel_size[0] ** 2 // 2 + self.own
        self.mask = seen.reshape(*self.kernel_size, 1, 1).astype(np.float32)

    def call(self, inputs):
        return tf.nn.conv2d(inputs, self.kernel * self.mask, 1, "SAME") + self.bias


class PixelCNN(AutoregressiveModel):
    """The usual small PixelCNN (van den Oord et al. 2016, table 1): a masked 7 x 7 convolution,
    residual blocks with masked 3 x 3 ones, two 1 x 1; for binary images, without classes."""

    def __init__(self, image_shape=(28, 28, 1), *, channels: int = 32, blocks: int = 8, seed=None):
        super().__init__(image_shape, name="pixel_cnn")
        pixels = keras.Input(image_shape)
        features = MaskedConv(2 * channels, 7, own=False)(pixels)
        for _ in range(blocks):
            inner = layers.Conv2D(channels, 1)(layers.ReLU()(features))
            inner = MaskedConv(channels, 3, own=True)(layers.ReLU()(inner))
            features = features + layers.Conv2D(2 * channels, 1)(layers.ReLU()(inner))
        for _ in range(2):
            features = layers.Conv2D(2 * channels, 1)(layers.ReLU()(features))
        self.network = keras.Model(pixels, layers.Conv2D(1, 1)(layers.ReLU()(features)))
        self._add_seed(seed)

    def call(self, images, classes=None, training=False):
        return self.network(data.scale_pixels(images), training=training)[..., None]


def usual_unet() -> keras.Model:
    """[points (n, 28, 28, 1), times (n, 1)] -> a guess: the usual tutorial's U-Net (Ronneberger et
    al. 2015; Ho et al. 2020): two 3 x 3 convolutions with 32, 64 and 128 channels at each size, the
    time added to the channels, and what was seen on the way down joined on the way up."""
    points, times = keras.Input((28, 28, 1)), keras.Input((1,))
    vector = layers.Dense(64, activation="silu")(flow_networks.TimeFeatures()(times))

    def block(x, filters):
        x = layers.Conv2D(filters, 3, padding="same")(x)
        x = x + layers.Reshape((1, 1, filters))(layers.Dense(filters)(vector))
        x = layers.GroupNormalization(8)(x)
        return layers.Conv2D(filters, 3, padding="same", activation="silu")(layers.ReLU()(x))

    fine = block(points, 32)
    middle = block(layers.AveragePooling2D(2)(fine), 64)
    x = block(layers.AveragePooling2D(2)(middle), 128)
    for seen, filters in ((middle, 64), (fine, 32)):
        x = block(layers.Concatenate()([layers.UpSampling2D()(x), seen]), filters)
    return keras.Model([points, times], layers.Conv2D(1, 3, padding="same")(x), name="usual_unet")
