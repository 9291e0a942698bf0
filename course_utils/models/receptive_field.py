"""Which places of the input one output of a network depends on, measured by back-propagation.

The formula for its size is in lesson 03's room, in `layers_by_hand`.
"""

import numpy as np

from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras, tf


def receptive_field(
    network: keras.Model, position: tuple[int, ...], *, num_inputs: int = 8, seed: int = 0
) -> np.ndarray:
    """Which places of the input change one place of the output: a bool array, by back-propagation.

    network: one input (n, *places, channels) of a fixed size, one output (n, *places', channels'),
        such as images to images, or images to logits (n, classes), which has no places.
    position: of the output, as many whole numbers as it has places: (row, column) of an image, ()
        for logits.
    Returns True where the gradient of any channel of the output by any channel of the input is not
    0, at `num_inputs` random inputs, since ReLUs close other paths at each. It sees the network
    with its present weights, in inference mode: a weight of 0 hides a path.
    """
    check_whole("num_inputs", num_inputs)
    shapes = [getattr(network, name, None) for name in ("input_shape", "output_shape")]
    if not all(isinstance(shape, tuple) and len(shape) >= 2 for shape in shapes):
        raise TypeError(
            f"The network is {type(network).__name__} with inputs and outputs {shapes}; give a "
            "built Keras model with one input and one output."
        )
    (_, *places, channels), (_, *out_places, out_channels) = shapes
    if None in (*places, channels, *out_places, out_channels):
        raise ValueError(
            f"The network maps {shapes[0]} to {shapes[1]}; build it for inputs of a fixed size."
        )
    _check_position(position, tuple(out_places))
    random = np.random.default_rng(seed)
    inputs = tf.constant(random.standard_normal((num_inputs, *places, channels)), tf.float32)
    # Random weights: the plain sum of softmax outputs, for example, has no gradient at all.
    mixture = tf.constant(random.standard_normal((num_inputs, out_channels)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = tf.cast(network(inputs, training=False), tf.float32)
        value = tf.reduce_sum(mixture * outputs[(slice(None), *map(int, position))])
    gradient = tape.gradient(value, inputs, unconnected_gradients="zero").numpy()
    if not np.isfinite(gradient).all():
        raise ValueError(
            "The network's gradient is not finite (NaN or infinity); look at its weights."
        )
    return (gradient != 0).any(axis=(0, -1))


def _check_position(position, places: tuple[int, ...]) -> None:
    fits = isinstance(position, tuple | list) and len(position) == len(places)
    if fits:
        fits = all(
            isinstance(index, int | np.integer) and not isinstance(index, bool) and 0 <= index < n
            for index, n in zip(position, places, strict=True)
        )
    if not fits:
        raise ValueError(
            f"position is {position!r}; give {len(places)} whole numbers from 0 that lie in the "
            f"output's {places}."
        )
