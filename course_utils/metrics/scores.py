"""The inception score: are images each of a sure class, and all together of many classes?

Probabilities of classes are rated; where they come from is `features.predicted_probabilities`.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import rel_entr

from course_utils.base.arguments import check_finite, check_whole

_SLACK = 1e-3  # rounding of half precision leaves sums this far from 1


class InceptionScore(NamedTuple):
    """Mean of the scores of random parts, their standard deviation, and how many there are."""

    score: float
    deviation: float
    num_parts: int

    def __float__(self) -> float:
        return self.score

    def __str__(self) -> str:
        return (
            f"inception score {self.score:.2f}, deviation {self.deviation:.2g} between "
            f"{self.num_parts} parts"
        )


def inception_score(probabilities, num_parts: int = 10, seed: int = 0) -> InceptionScore:
    """exp of the mean KL(p(y|x) || p(y)) in each random part (Salimans et al. 2016, section 4).

    probabilities (n, classes): a row for each image, of numbers of 0 or more that sum to 1; two
        rows or more for each part. p(y) is the mean of a part's rows.

    From 1, all rows alike, up to the number of classes, all rows sure and classes equally frequent.
    Real images are never looked at, so one image a class, drawn again and again, scores best; the
    score means nothing where the classifier's classes are not those of the images, and depends on
    the classifier's weights and the size of the parts (Barratt and Sharma 2018, section 4).

    >>> print(inception_score(np.eye(4), num_parts=1))
    inception score 4.00, deviation 0 between 1 parts
    """
    rows = _check_probabilities(probabilities)
    check_whole("num_parts", num_parts)
    if len(rows) < 2 * num_parts:
        raise ValueError(
            f"probabilities has {len(rows)} rows for {num_parts} parts; give at least "
            f"{2 * num_parts}, better 500 for each part."
        )
    rows = np.random.default_rng(seed).permutation(rows)
    found = [
        np.exp(rel_entr(part, part.mean(axis=0)).sum(axis=1).mean())
        for part in np.array_split(rows, num_parts)
    ]
    return InceptionScore(float(np.mean(found)), float(np.std(found)), num_parts)


def _check_probabilities(probabilities) -> np.ndarray:
    """Rows (n, classes) in float64 that sum to 1, or one sentence."""
    rows = check_finite("probabilities", probabilities, 2, "(n, classes), a row for each image")
    if rows.min() < 0:
        raise ValueError(
            f"probabilities has values down to {rows.min():.4g}, and none may be negative; if they "
            "are logits, give metrics.predicted_probabilities(images) instead."
        )
    sums = rows.sum(axis=1, keepdims=True)
    farthest = int(np.abs(sums - 1).argmax())
    if abs(sums[farthest, 0] - 1) > _SLACK:
        raise ValueError(
            f"Row {farthest} of probabilities sums to {sums[farthest, 0]:.4g}, not to 1; give the "
            "probabilities of all classes, as metrics.predicted_probabilities(images) does."
        )
    return rows / sums
