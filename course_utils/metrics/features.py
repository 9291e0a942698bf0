"""What a frozen classifier sees in images: features for distances, labels, probabilities.

Images are uint8 or floats in [0, 1], (n, height, width, channels). Which classifiers ship, and
loading them, belongs to `models.pretrained`.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from course_utils import data
from course_utils.base.arguments import check_finite
from course_utils.base.backend import keras, tf
from course_utils.models import pretrained

_CHUNK = 500  # images measured at once: bounds the memory, not the result


def image_features(images, features: str = "fashion_features_v1") -> np.ndarray:
    """Features, float32 (n, 64), of images, in the frozen classifier of that name.

    Raises TypeError or ValueError for what are no images, or not of the classifier's size.
    """
    classifier = _shipped(features)
    return _in_chunks(classifier, classifier.to_features, images)


def network_features(network: keras.Model, images) -> np.ndarray:
    """Features, float32 (n, k), of images, in a classifier with a layer named `features`."""
    classifier = _traced(network, network.name)
    return _in_chunks(classifier, classifier.to_features, images)


def predicted_labels(images, classifier: str = "fashion_features_v1") -> np.ndarray:
    """The class, int64 (n,), that the frozen classifier of that name sees in each image."""
    found = _shipped(classifier)
    return _in_chunks(found, found.to_logits, images).argmax(axis=1)


def predicted_probabilities(images, classifier: str = "fashion_features_v1") -> np.ndarray:
    """The probability, float64 (n, classes), that the frozen classifier gives each class.

    The softmax of its logits: each row sums to 1, and is highest at `predicted_labels`. There
    is no probability of "none of them", so whatever is shown, the sum is 1.
    """
    found = _shipped(classifier)
    return softmax(_in_chunks(found, found.to_logits, images).astype(np.float64), axis=1)


def check_features(generated, real, smallest: int) -> tuple[np.ndarray, np.ndarray]:
    """Features float64 (n, k) and (m, k), at least `smallest` rows each, or one sentence."""
    generated, real = (
        check_finite(name, rows, 2, "(n, k), a row for each image")
        for name, rows in {"generated": generated, "real": real}.items()
    )
    if min(len(generated), len(real)) < smallest:
        raise ValueError(
            f"There are {len(generated)} generated and {len(real)} real rows; give at least "
            f"{smallest} of each."
        )
    if generated.shape[1] != real.shape[1]:
        raise ValueError(
            f"generated has {generated.shape[1]} numbers a row, real {real.shape[1]}; give "
            "features of one and the same classifier."
        )
    return generated, real


class _Classifier(NamedTuple):
    """A classifier's name, the shape of one image, and traced functions of images in [-1, 1]."""

    name: str
    image_shape: tuple[int, ...]
    to_features: Callable
    to_logits: Callable


@cache
def _shipped(name: str) -> _Classifier:
    return _traced(pretrained.load(name), name)


def _traced(network: keras.Model, name: str) -> _Classifier:
    image_shape = tuple(network.input_shape[1:])
    signature = [tf.TensorSpec((None, *image_shape), tf.float32)]

    def traced(model):
        return tf.function(
            lambda x: model(x, training=False), input_signature=signature, autograph=False
        )

    to_features = keras.Model(network.input, network.get_layer("features").output)
    return _Classifier(name, image_shape, traced(to_features), traced(network))


def _in_chunks(classifier: _Classifier, function: Callable, images) -> np.ndarray:
    """A function of images in [-1, 1], of images, a chunk at a time."""
    images = data.check_images(images)
    if images.shape[1:] != classifier.image_shape:
        raise ValueError(
            f"The images have shape {images.shape[1:]}, but {classifier.name} measures "
            f"{classifier.image_shape}."
        )
    chunks = (images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK))
    return np.concatenate(
        [function(data.scale_pixels(data.as_floats(chunk))).numpy() for chunk in chunks]
    )
