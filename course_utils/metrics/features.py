"""What a frozen classifier sees in images: features to measure distances in, and labels."""

from functools import cache
from typing import NamedTuple

import numpy as np

from course_utils import data
from course_utils.data.images import as_floats
from course_utils.models import pretrained

_CHUNK = 500  # images measured at once: bounds the memory, not the result


def image_features(images, features: str = "fashion_features_v1") -> np.ndarray:
    """Features, float32 (n, 64), of images (n, height, width, channels), uint8 or in [0, 1]."""
    return _in_chunks(_extractor(features).to_features, images, features)


def _in_chunks(function, images, name: str) -> np.ndarray:
    """A function of the classifier of that name, of images, a chunk at a time."""
    images = data.check_images(images)
    expected = tuple(_extractor(name).network.input_shape[1:])
    if images.shape[1:] != expected:
        raise ValueError(
            f"The images have shape {images.shape[1:]}, but {name} measures {expected}."
        )
    chunks = (images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK))
    return np.concatenate(
        [function(data.scale_pixels(as_floats(chunk))).numpy() for chunk in chunks]
    )


def predicted_labels(images, classifier: str = "fashion_features_v1") -> np.ndarray:
    """The class, int64 (n,), that a frozen classifier sees in each image, uint8 or in [0, 1]."""
    return _in_chunks(_extractor(classifier).to_logits, images, classifier).argmax(axis=1)


class _Extractor(NamedTuple):
    """A frozen classifier, and traced functions from images in [-1, 1]."""

    network: object
    to_features: object
    to_logits: object


@cache
def _extractor(name: str) -> _Extractor:
    from course_utils.base.backend import keras, tf

    network = pretrained.load(name)
    to_features = keras.Model(network.input, network.get_layer("features").output)
    signature = [tf.TensorSpec((None, *network.input_shape[1:]), tf.float32)]

    def traced(model):
        return tf.function(lambda x: model(x, training=False), input_signature=signature)

    return _Extractor(network, traced(to_features), traced(network))
