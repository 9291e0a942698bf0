"""A detector of generated images: a small network that tells the real ones of a set from others.

What threshold its scores need, and what it misses, is for the lesson. Images are uint8 or floats in
[0, 1], (n, height, width, channels).
"""

from collections.abc import Callable

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras

BATCH_SIZE = 64
RATE = 2e-3
_CHUNK = 500  # images scored at once: bounds the memory, not the result


def trained_detector(real, generated, *, steps: int = 400, seed: int = 0) -> Callable:
    """function(images) -> scores float32 (n,), higher for what looks more like the generated ones.

    real, generated: training images of one shape; half of each batch is of either kind. A score is
    the logit of a convolutional network, by cross-entropy (lesson 02: about log p/q).
    Raises TypeError or ValueError for what are no images, or not of one shape.
    """
    kinds = [_as_floats(images) for images in (real, generated)]
    if kinds[0].shape[1:] != kinds[1].shape[1:]:
        raise ValueError(
            f"The real images have shape {kinds[0].shape[1:]}, the generated ones "
            f"{kinds[1].shape[1:]}; give both the same size, or the size alone tells them apart."
        )
    check_whole("steps", steps)
    check_whole("seed", seed, 0)
    network = _network(kinds[0].shape[1:], seed)
    network.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        jit_compile=False,
    )
    random, half = np.random.default_rng(seed), BATCH_SIZE // 2
    labels = np.repeat(np.float32([0, 1]), half)[:, np.newaxis]
    for _ in range(steps):
        batch = np.concatenate(
            [images[random.integers(len(images), size=half)] for images in kinds]
        )
        network.train_on_batch(data.scale_pixels(batch), labels)

    def scores(images) -> np.ndarray:
        images = data.check_images(images)
        chunks = (images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK))
        scored = [network(data.scale_pixels(data.as_floats(one)), training=False) for one in chunks]
        return np.concatenate([one.numpy()[:, 0] for one in scored])

    return scores


def _as_floats(images) -> np.ndarray:
    return data.as_floats(data.check_images(images))


def _network(image_shape: tuple[int, ...], seed: int) -> keras.Model:
    layers, blocks = keras.layers, []
    for index, width in enumerate((32, 64)):
        start = keras.initializers.GlorotUniform(seed=seed + index)
        blocks += [
            layers.Conv2D(width, 3, strides=2, activation="relu", kernel_initializer=start),
            layers.BatchNormalization(momentum=0.9),
        ]
    start = keras.initializers.GlorotUniform(seed=seed + 2)
    last = [layers.Flatten(), layers.Dense(1, kernel_initializer=start)]
    return keras.Sequential([keras.Input(image_shape), *blocks, *last])
