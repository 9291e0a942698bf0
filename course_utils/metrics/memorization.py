"""Are generated images copies of training images, and does an attacker learn who was trained on?

Distances are those of `neighbors`; pixels or features of images may be given.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import rankdata

from course_utils import data
from course_utils.base.arguments import check_finite
from course_utils.metrics.neighbors import nearest_neighbors


class Copying(NamedTuple):
    """Medians of the distances to the nearest image of each set, and the first over the second."""

    to_training: float
    to_held_out: float
    ratio: float

    def __str__(self) -> str:
        return (
            f"median distance {self.to_training:.3g} to training images, {self.to_held_out:.3g} "
            f"to held-out ones, ratio {self.ratio:.3f}"
        )


def copying(generated, training, held_out) -> Copying:
    """Whether generated images are nearer to training images than to held-out ones, by medians.

    generated (n, ...), training (m, ...), held_out (m, ...): images, uint8 or floats in [0, 1], or
    rows of their features. training: those that the model was trained on, or a random part; with
    more of them than held-out ones the nearest would be nearer by chance alone.

    The ratio is about 1 where nothing is copied, since both sets come from one distribution (the
    idea of Meehan et al. 2020, who compare the distances by ranks), and 0 where half are copies.
    """
    generated, training, held_out = (
        data.check_images(images) for images in (generated, training, held_out)
    )
    if len(training) != len(held_out):
        raise ValueError(
            f"There are {len(training)} training and {len(held_out)} held-out images, and among "
            "more images one is nearer by chance; give equally many of both."
        )
    to_training, to_held_out = (
        float(np.median(nearest_neighbors(generated, images).distances))
        for images in (training, held_out)
    )
    if to_held_out == 0:
        raise ValueError(
            "Half of the generated images or more are held-out ones themselves, so there is no "
            "ratio to their distance; give images that the model made."
        )
    return Copying(to_training, to_held_out, to_training / to_held_out)


def membership_scores(images, generated) -> np.ndarray:
    """Minus the distance (n,) of each image to its nearest generated one: higher for members.

    images (n, ...), generated (m, ...): images, uint8 or floats in [0, 1], or rows of features

    The attack of whoever sees samples alone, and not the model: an image close to which something
    is generated was probably trained on (Chen et al. 2020, "GAN-Leaks", full black-box attack).
    """
    images, generated = (data.check_images(one) for one in (images, generated))
    return -nearest_neighbors(images, generated).distances


def membership_auc(scores_of_members, scores_of_others) -> float:
    """The chance that a member's score is above an other's, a tie counted as one half.

    scores_of_members (n,), scores_of_others (m,): finite numbers, higher for likelier members

    The area under the curve of true over false positive rates, which is U / (n m) with the U of
    Mann and Whitney (1947): 0.5 tells nothing about membership, 1 gives it away. An average over
    all images, it can be near 0.5 while a few are known for sure (Carlini et al. 2022).

    >>> membership_auc([3, 2], [2, 1])  # 3 > 2, 3 > 1, 2 > 1, and 2 = 2
    0.875
    """
    members, others = (
        check_finite(name, scores, 1, "(n,), a score for each image")
        for name, scores in {
            "scores_of_members": scores_of_members,
            "scores_of_others": scores_of_others,
        }.items()
    )
    n, m = len(members), len(others)
    ranks = rankdata(np.concatenate([members, others]))[:n]
    return float((ranks.sum() - n * (n + 1) / 2) / (n * m))
