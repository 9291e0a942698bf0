"""What is wrong with a patch discriminator that a learner of lesson 13 designs.

`checks.check_design` asks for it; nothing is trained here.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_utils.base.backend import keras, tf
from course_utils.lessons.one_photograph.one_photo import NUM_LAYERS

SIZES = ((45, 51), (57, 46))  # height and width of the pictures that a network is tried on


class Sight(NamedTuple):
    """What a patch network does with a picture.

    output: rows, columns and channels of what it returns; seen: rows and columns that one place
    of it depends on, by back-propagation; convolutions: how many it has
    """

    output: tuple[int, int, int]
    seen: tuple[int, int]
    convolutions: int


def sight(network: keras.Model, size: tuple[int, int]) -> Sight:
    """What a patch network does with a picture of `size` (height, width)."""
    picture = tf.random.stateless_normal((1, *size, 3), (0, 0))
    with tf.GradientTape() as tape:
        tape.watch(picture)
        out = network(picture)
        middle = tf.reduce_sum(out[0, out.shape[1] // 2, out.shape[2] // 2])
    seen = np.abs(tape.gradient(middle, picture)[0]).sum(axis=-1) > 0
    sides = [int(np.ptp(np.flatnonzero(seen.any(axis=axis)))) + 1 for axis in (1, 0)]
    convolutions = sum("Conv" in type(layer).__name__ for layer in network.layers)
    return Sight(tuple(out.shape[1:]), tuple(sides), convolutions)


def discriminator_fault(build: Callable[[], keras.Model], *, side: int) -> str:
    """The first fault of a discriminator whose logits should see `side` x `side` pixels, or "".

    It may have at most `one_photo.NUM_LAYERS` convolutions, of stride 1, without padding, and gives
    one logit a place.
    """
    for height, width in SIZES:
        network = build()
        if not isinstance(network, keras.Model):
            return f"it returns a {type(network).__name__}; let it return a keras.Sequential."
        (rows, columns, channels), (seen, across), convolutions = sight(network, (height, width))
        if channels != 1:
            return f"it gives {channels} numbers a place; a discriminator gives one logit."
        if (rows, columns) == (height, width):
            return 'it pads with zeros: padding="valid" is asked for.'
        if (seen, across) != (side, side):
            return (
                f"one logit sees {seen} x {across} pixels: a convolution of side k adds k - 1 to "
                "what is seen."
            )
        if (rows, columns) != (height - side + 1, width - side + 1):
            return f"of {height} x {width} pixels it makes {rows} x {columns} logits: strides of 1."
        if convolutions > NUM_LAYERS:
            return f"it sees {side} x {side}, but with more than {NUM_LAYERS} convolutions."
    return ""
