"""How good are generated images or points? Distances, scores, labels, neighbors, modes.

What a conditional model is recognized for, what a classifier learns from its images, and whether
training images are copied is in here too. Distances on different features cannot be compared.
"""

from course_utils.metrics.classifier_accuracy import classifier_accuracy
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
    predicted_probabilities,
)
from course_utils.metrics.kernels import KernelDistance, kernel_distance
from course_utils.metrics.memorization import (
    Copying,
    copying,
    membership_auc,
    membership_scores,
)
from course_utils.metrics.modes import (
    coverage_rule,
    effective_number,
    modes_covered,
    on_target_share,
)
from course_utils.metrics.neighbors import Neighbors, nearest_neighbors
from course_utils.metrics.prompts import Followed, all_emoji, followed
from course_utils.metrics.recognition import Recognized, recognized
from course_utils.metrics.sample_sizes import ExtrapolatedDistance, extrapolated_distance
from course_utils.metrics.scores import InceptionScore, inception_score

__all__ = [
    "REFERENCES",
    "Copying",
    "Coverage",
    "ExtrapolatedDistance",
    "Followed",
    "FrechetResult",
    "InceptionScore",
    "KernelDistance",
    "Neighbors",
    "Recognized",
    "all_emoji",
    "classifier_accuracy",
    "copying",
    "coverage_rule",
    "effective_number",
    "extrapolated_distance",
    "feature_statistics",
    "followed",
    "frechet_distance",
    "gaussian_frechet_distance",
    "image_features",
    "inception_score",
    "kernel_distance",
    "membership_auc",
    "membership_scores",
    "modes_covered",
    "nearest_neighbors",
    "network_features",
    "on_target_share",
    "precision_recall",
    "predicted_labels",
    "predicted_probabilities",
    "recognized",
]
