"""How good are generated images or points? Distances, features and labels, neighbors, modes.

What a conditional model is recognized for is in here too. Distances on different features cannot be
compared.
"""

from course_utils.metrics.coverage import Coverage, precision_recall
from course_utils.metrics.distances import (
    REFERENCES,
    FrechetResult,
    feature_statistics,
    frechet_distance,
    gaussian_frechet_distance,
)
from course_utils.metrics.features import (
    image_features,
    network_features,
    predicted_labels,
)
from course_utils.metrics.kernels import KernelDistance, kernel_distance
from course_utils.metrics.modes import (
    coverage_rule,
    effective_number,
    modes_covered,
    on_target_share,
)
from course_utils.metrics.neighbors import Neighbors, nearest_neighbors
from course_utils.metrics.prompts import Followed, all_emoji, followed
from course_utils.metrics.recognition import Recognized, recognized

__all__ = [
    "REFERENCES",
    "Coverage",
    "Followed",
    "FrechetResult",
    "KernelDistance",
    "Neighbors",
    "Recognized",
    "all_emoji",
    "coverage_rule",
    "effective_number",
    "feature_statistics",
    "followed",
    "frechet_distance",
    "gaussian_frechet_distance",
    "image_features",
    "kernel_distance",
    "modes_covered",
    "nearest_neighbors",
    "network_features",
    "on_target_share",
    "precision_recall",
    "predicted_labels",
    "recognized",
]
