"""How good are generated images? Distances between sets of images, in the features of a frozen
classifier that ships with the course.

Lesson 14 tells their story and their biases; distances on different features cannot be compared.
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from course_utils import data, pretrained

_CHUNK = 500  # images measured at once: bounds the memory, not the result


@dataclass(frozen=True)
class Reference:
    """What generated images are compared with, and by which frozen classifier."""

    dataset: str
    split: str
    features: str


REFERENCES = {
    "fashion_mnist": Reference("fashion_mnist", "test", "fashion_features_v1"),
    "animals": Reference("animals", "test", "animals_features_v1"),
}


@dataclass(frozen=True)
class FrechetResult:
    """A Fréchet distance and what it depends on; `float(result)` is the distance alone."""

    distance: float
    num_images: int
    num_reference: int
    reference: str
    features: str

    def __float__(self) -> float:
        return self.distance

    def __str__(self) -> str:
        return (
            f"Fréchet distance {self.distance:.2f} ({self.num_images:,} images against "
            f"{self.num_reference:,} of {self.reference}, features {self.features})"
        )


def frechet_distance(images, reference: str = "fashion_mnist") -> FrechetResult:
    """Fréchet distance between images and a reference set (FID, Heusel et al. 2017, equation 6).

    images: uint8, or floats in [0, 1], (n, height, width, channels) with n of 2 or more. Use the
        same n on both sides of a comparison: the distance is biased, upwards for small n.
    """
    known = _reference(reference)
    mean, covariance = _statistics(image_features(images, known.features))
    reference_mean, reference_covariance, num_reference = _reference_statistics(reference)
    distance = gaussian_frechet_distance(mean, covariance, reference_mean, reference_covariance)
    return FrechetResult(
        distance, len(images), num_reference, f"{known.dataset} {known.split}", known.features
    )


def gaussian_frechet_distance(mean_1, covariance_1, mean_2, covariance_2) -> float:
    """|m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½) of two Gaussians (Dowson and Landau 1982, eq. 4).

    (C1 C2)^½ has the same trace as (C1^½ C2 C1^½)^½, whose matrix is symmetric: its eigenvalues are
    real and exist for singular covariances too, where a general matrix square root fails.

    >>> gaussian_frechet_distance([0.0], [[4.0]], [3.0], [[1.0]])  # 3² + (2 - 1)²
    10.0
    """
    mean_1, mean_2, covariance_1, covariance_2 = (
        np.asarray(value, np.float64) for value in (mean_1, mean_2, covariance_1, covariance_2)
    )
    values, vectors = np.linalg.eigh(covariance_1)
    root = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    product_values = np.linalg.eigvalsh(root @ covariance_2 @ root)
    trace_of_root = np.sqrt(np.clip(product_values, 0, None)).sum()
    squared_shift = np.sum((mean_1 - mean_2) ** 2)
    traces = np.trace(covariance_1) + np.trace(covariance_2)
    return float(max(0.0, squared_shift + traces - 2 * trace_of_root))


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
        [function(data.scale_pixels(_as_floats(chunk))).numpy() for chunk in chunks]
    )


def predicted_labels(images, classifier: str = "fashion_features_v1") -> np.ndarray:
    """The class, int64 (n,), that a frozen classifier sees in each image, uint8 or in [0, 1]."""
    return _in_chunks(_extractor(classifier).to_logits, images, classifier).argmax(axis=1)


def _as_floats(images: np.ndarray) -> np.ndarray:
    floats = images.astype(np.float32)
    return floats / np.float32(255) if images.dtype == np.uint8 else floats


class _Extractor(NamedTuple):
    """A frozen classifier, and traced functions from images in [-1, 1]."""

    network: object
    to_features: object
    to_logits: object


@cache
def _extractor(name: str) -> _Extractor:
    from course_utils._tensorflow import keras, tf

    network = pretrained.load(name)
    to_features = keras.Model(network.input, network.get_layer("features").output)
    signature = [tf.TensorSpec((None, *network.input_shape[1:]), tf.float32)]

    def traced(model):
        return tf.function(lambda x: model(x, training=False), input_signature=signature)

    return _Extractor(network, traced(to_features), traced(network))


def _statistics(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (k,) and covariance (k, k) of features (n, k)."""
    if len(features) < 2:
        raise ValueError(
            f"A Fréchet distance needs at least 2 images, better 1,000; there are {len(features)}."
        )
    features = features.astype(np.float64)
    return features.mean(axis=0), np.cov(features, rowvar=False)


@cache
def _reference_statistics(reference: str) -> tuple[np.ndarray, np.ndarray, int]:
    known = _reference(reference)
    images, _ = data.load_images(known.dataset, split=known.split)
    return *_statistics(image_features(images, known.features)), len(images)


def _reference(name: str) -> Reference:
    if name not in REFERENCES:
        raise ValueError(f"There is no reference {name!r}; choose one of {', '.join(REFERENCES)}.")
    return REFERENCES[name]


class Neighbors(NamedTuple):
    """For each query the index (m,) of its nearest neighbor and the distance (m,) to it."""

    indices: np.ndarray
    distances: np.ndarray


def nearest_neighbors(queries, collection) -> Neighbors:
    """The nearest of a collection (n, ...) for each of the queries (m, ...), by Euclidean distance.

    Images of uint8 are divided by 255 first, so that pixels of both sides count in [0, 1].
    """
    queries, collection = np.asarray(queries), np.asarray(collection)
    if queries.shape[1:] != collection.shape[1:] or len(collection) == 0:
        raise ValueError(
            f"The queries have shape {queries.shape}, the collection {collection.shape}; give "
            "both the same shape after the first number, and at least one image to find."
        )
    flat = _as_floats(queries).reshape(len(queries), -1)
    best, indices = np.full(len(flat), np.inf), np.zeros(len(flat), np.int64)
    for start in range(0, len(collection), _CHUNK):
        part = _as_floats(collection[start : start + _CHUNK]).reshape(-1, flat.shape[1])
        squares = (flat**2).sum(1)[:, None] - 2 * flat @ part.T + (part**2).sum(1)
        nearest = squares.argmin(axis=1)
        closer = squares.min(axis=1) < best
        best[closer] = squares.min(axis=1)[closer]
        indices[closer] = start + nearest[closer]
    # The distances themselves are computed anew: differences of large squares lose digits.
    found = _as_floats(collection[indices]).reshape(flat.shape)
    return Neighbors(indices, np.linalg.norm(flat - found, axis=1))
