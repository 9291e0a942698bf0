"""The networks of flows: what to guess from noisy images or points, and the time.

`flow_matching` owns them and says what the guess is. Images are in [-1, 1] where they are clean.
"""

import math

from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras
from course_utils.models.image_sizes import check_image_shape, check_sizes

layers = keras.layers


def check_inputs(network: keras.Model, wanted: list[tuple[int, ...]]) -> None:
    """Refuse a network that takes other shapes, or whose outputs are not all like the first one."""
    shapes = [tuple(one.shape[1:]) for one in network.inputs]
    made = {tuple(one.shape[1:]) for one in network.outputs}
    if shapes != wanted or made != {wanted[0]}:
        raise ValueError(
            f"The network has inputs {shapes} and makes {', '.join(map(str, made))}; this "
            f"model needs {wanted} and {wanted[0]}."
        )


def flow_network(image_shape: tuple[int, ...], num_classes: int | None = None) -> keras.Model:
    """The course's network for images (three axes) or points (one): see the two below."""
    if isinstance(image_shape, tuple | list) and len(image_shape) == 1:
        return point_network(image_shape[0], num_classes)
    return image_network(image_shape, num_classes)


def point_network(
    num_features: int = 2, num_classes: int | None = None, widths: tuple[int, ...] = (128, 128, 128)
) -> keras.Model:
    """[points (n, num_features), times (n, 1)], and classes (n, num_classes) if any, to a guess."""
    check_sizes(num_features=num_features)
    points = keras.Input((num_features,), name="points")
    conditions, vector = _conditions(num_classes, 64)
    x = points
    for width in widths:
        x = layers.Dense(width)(x) + layers.Dense(width)(vector)
        x = layers.Activation("silu")(x)
    guess = layers.Dense(num_features, name="guess")(x)
    return keras.Model([points, *conditions], guess, name="point_flow")


def _conditions(num_classes: int | None, size: int):
    """Inputs of times and, if there are any, classes; and what both say, a vector (n, size)."""
    times = keras.Input((1,), name="times")
    said = layers.Dense(size)(TimeFeatures()(times))
    conditions = [times]
    if num_classes is not None:
        check_whole("num_classes", num_classes)
        classes = keras.Input((num_classes,), name="classes")
        said = said + layers.Dense(size, use_bias=False, name="class_vector")(classes)
        conditions.append(classes)
    said = layers.Dense(size)(layers.Activation("silu")(said))
    return conditions, layers.Activation("silu")(said)


@keras.saving.register_keras_serializable("course_utils")
class TimeFeatures(layers.Layer):
    """Times (n, 1) to sines and cosines of growing frequency (n, 12): π t/2, π t, 2 π t, ...

    A network sees small differences in time by the high ones, and order by the low ones (the
    positions of Vaswani et al. 2017, for a number between 0 and 1).
    """

    def call(self, times):
        angles = times * keras.ops.array([[math.pi * 2.0**power for power in range(-1, 5)]])
        return keras.ops.concatenate([keras.ops.sin(angles), keras.ops.cos(angles)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 12)


def image_network(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    num_classes: int | None = None,
    width: int = 512,
    depth: int = 3,
    filters: int = 24,
) -> keras.Model:
    """[points (n, *image_shape), times (n, 1)], and classes if any, to two guesses of that shape.

    The second, rough guess sees the whole image at once: `depth` residual blocks of dense layers of
    `width` and twice `width` units. The first adds details to it, by convolutions over blocks of
    2 x 2 pixels. Each has a loss of its own: no gradient goes from the details to the rough guess.
    Time and class scale and shift the features (Perez et al. 2018; Peebles and Xie 2023).
    """
    check_image_shape(image_shape)
    check_sizes(width=width, depth=depth, filters=filters)
    images = keras.Input(image_shape, name="points")
    conditions, vector = _conditions(num_classes, 64)
    rough = _rough_guess(images, vector, width, depth)
    guess = _with_details(images, rough, vector, filters)
    return keras.Model([images, *conditions], [guess, rough], name="image_flow")


def told_image_network(
    image_shape: tuple[int, int, int] = (24, 24, 3),
    vector_size: int = 192,
    width: int = 384,
    hidden: int = 512,
    depth: int = 2,
    filters: int = 24,
) -> keras.Model:
    """[points (n, *image_shape), times (n, 1), vectors (n, vector_size)] to two guesses, as above.

    For thousands of things to draw: a vector says which, and each dense layer of `hidden` units
    sees it as it is. The rough guess sees the noisy image at half its size, which is cheap.
    """
    check_image_shape(image_shape)
    check_sizes(vector_size=vector_size, width=width, hidden=hidden, depth=depth, filters=filters)
    images = keras.Input(image_shape, name="points")
    times = keras.Input((1,), name="times")
    vectors = keras.Input((vector_size,), name="vectors")
    said = TimeFeatures()(times)
    told = layers.Concatenate()([vectors, said])

    half = layers.Flatten()(layers.AveragePooling2D(2)(images))
    x = _modulated(layers.Dense(width)(half), said) + layers.Dense(width)(told)
    for _ in range(depth):
        change = layers.LayerNormalization(center=False, scale=False)(x)
        change = layers.Dense(hidden)(change) + layers.Dense(hidden, use_bias=False)(told)
        change = layers.Activation("silu")(change)
        x = x + layers.Dense(width, kernel_initializer="zeros")(change)
    rough = _to_pixels(x, image_shape)

    vector = layers.Dense(64)(layers.Dense(64, activation="silu")(told))
    guess = _with_details(images, rough, layers.Activation("silu")(vector), filters)
    return keras.Model([images, times, vectors], [guess, rough], name="told_image_flow")


def _rough_guess(images, vector, width: int, depth: int):
    x = layers.Dense(width)(layers.Flatten()(images))
    for _ in range(depth):
        change = _modulated(layers.LayerNormalization(center=False, scale=False)(x), vector)
        change = layers.Dense(2 * width, activation="silu")(change)
        x = x + layers.Dense(width, kernel_initializer="zeros")(change)
    return _to_pixels(x, images.shape[1:])


def _to_pixels(x, image_shape: tuple[int, int, int]):
    x = layers.LayerNormalization()(x)
    pixels = layers.Dense(math.prod(image_shape), kernel_initializer="zeros")(x)
    return layers.Reshape(image_shape, name="rough_guess")(pixels)


def _with_details(images, rough, vector, filters: int):
    """The rough guess and what convolutions over blocks of the noisy image add to it."""
    known = keras.ops.stop_gradient(rough)
    seen = layers.Concatenate()([_to_blocks(images), _to_blocks(known)])
    x = layers.Conv2D(filters, 3, padding="same")(seen)
    change = layers.Conv2D(filters, 3, padding="same")(layers.Activation("silu")(x))
    change = layers.Activation("silu")(_modulated(change, vector))
    change = layers.Conv2D(filters, 3, padding="same", kernel_initializer="zeros")(change)
    x = layers.Activation("silu")(x + change)
    channels = 4 * images.shape[-1]
    details = layers.Conv2D(channels, 3, padding="same", kernel_initializer="zeros")(x)
    return known + _from_blocks(details)


def _modulated(x, vector):
    """Features (n, ..., k), each scaled and shifted as the vector (n, m) says."""
    table = layers.Dense(2 * x.shape[-1], kernel_initializer="zeros")(vector)
    table = layers.Reshape((*(1 for _ in x.shape[1:-1]), 2 * x.shape[-1]))(table)
    scale, shift = keras.ops.split(table, 2, axis=-1)
    return x * (1 + scale) + shift


def _to_blocks(images):
    """Images (n, h, w, c) to (n, h/2, w/2, 4c): the four pixels of a block side by side."""
    _, height, width, channels = images.shape
    x = layers.Reshape((height // 2, 2, width // 2, 2 * channels))(images)
    return layers.Reshape((height // 2, width // 2, 4 * channels))(layers.Permute((1, 3, 2, 4))(x))


def _from_blocks(blocks):
    """The reverse of `_to_blocks`."""
    _, height, width, channels = blocks.shape
    x = layers.Reshape((height, width, 2, channels // 2))(blocks)
    return layers.Reshape((2 * height, 2 * width, channels // 4))(layers.Permute((1, 3, 2, 4))(x))
