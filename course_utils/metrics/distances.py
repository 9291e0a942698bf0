"""Distances between sets of images, in the features of a frozen classifier that ships.

A distance depends on the features and, by its bias, on the number of images.
The features themselves belong to `metrics.features`.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_name
from course_utils.metrics.features import image_features


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
    mean, covariance = feature_statistics(image_features(images, known.features))
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


def feature_statistics(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (k,) and covariance (k, k), float64, of features (n, k); ValueError for fewer than 2."""
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
    return *feature_statistics(image_features(images, known.features)), len(images)


def _reference(name: str) -> Reference:
    check_name("reference", name, REFERENCES)
    return REFERENCES[name]
