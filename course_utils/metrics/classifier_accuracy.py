"""Can a classifier learn from generated images what it needs for real ones?

The frozen classifiers, which judge images as they are, belong to `features`.
"""

import random

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras
from course_utils.models import networks

RATE = 2e-3  # of Adam at the start; it falls to 0 along a cosine
_CHUNK = 500  # test images judged at once: bounds the memory, not the result


def classifier_accuracy(
    images,
    labels,
    test_images,
    test_labels,
    *,
    steps: int = 300,
    batch_size: int = 64,
    seed: int = 0,
) -> float:
    """Classification accuracy score of generated images (Ravuri and Vinyals 2019).

    images, labels: generated images, uint8 or floats in [0, 1], and the class (n,) each was asked
        to be, a whole number from 0 on
    test_images, test_labels: real ones that the generator was not trained on

    A new `networks.feature_classifier` is trained on the images alone, and the share of test images
    that it classifies correctly is returned. Classes that are not drawn, or drawn wrongly or with
    little variety, cost accuracy. Compare with as many real training images, at the same settings.
    The same seed gives the same result; random numbers elsewhere are not touched.
    """
    images, labels = _check_labeled("", images, labels)
    test_images, test_labels = _check_labeled("test_", test_images, test_labels)
    if images.shape[1:] != test_images.shape[1:]:
        raise ValueError(
            f"The images have shape {images.shape[1:]}, the test images {test_images.shape[1:]}; "
            "give both the same size."
        )
    check_whole("steps", steps)
    check_whole("batch_size", batch_size)
    network = _network(images.shape[1:], int(max(labels.max(), test_labels.max())) + 1, seed)
    schedule = keras.optimizers.schedules.CosineDecay(RATE, steps)
    network.compile(
        optimizer=keras.optimizers.Adam(schedule),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    for rows in _batches(len(images), steps, batch_size, seed):
        network.train_on_batch(_scaled(images[rows]), labels[rows])
    # Called as it is: `predict` would be traced for each network, and TensorFlow warn of that.
    chunks = (test_images[start : start + _CHUNK] for start in range(0, len(test_images), _CHUNK))
    logits = [network(_scaled(chunk), training=False).numpy() for chunk in chunks]
    return float(np.mean(np.concatenate(logits).argmax(axis=1) == test_labels))


def _network(image_shape, num_classes: int, seed: int) -> keras.Model:
    state = random.getstate()  # Keras draws its layers' seeds from it
    try:
        random.seed(seed)
        network = networks.feature_classifier(image_shape, num_classes)
    finally:
        random.setstate(state)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.9  # Keras's 0.99 is too slow for so few steps
    return network


def _batches(n: int, steps: int, batch_size: int, seed: int) -> np.ndarray:
    """Which images each step takes, (steps, batch_size): pass after pass, each in a new order."""
    order = np.random.default_rng(seed)
    passes = [order.permutation(n) for _ in range(-(-steps * batch_size // n))]
    return np.concatenate(passes)[: steps * batch_size].reshape(steps, batch_size)


def _scaled(images: np.ndarray) -> np.ndarray:
    return data.scale_pixels(data.as_floats(images))


def _check_labeled(kind: str, images, labels) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels (n,), or one sentence, which names KINDlabels."""
    images = data.check_images(images)
    if labels is None:
        raise ValueError(
            f"{kind}labels is None; give the class of each image, as it was asked for in "
            "model.sample(n, labels=...)."
        )
    labels = data.check_labels(labels)
    if len(labels) != len(images):
        raise ValueError(
            f"{kind}labels has {len(labels)} entries for {len(images)} images; give one for each."
        )
    if labels.min() < 0:
        raise ValueError(f"{kind}labels contains {labels.min()}; number the classes from 0 on.")
    return images, labels
