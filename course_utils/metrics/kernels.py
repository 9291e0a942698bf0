"""The kernel distance of two sets of features: unbiased, so that small sets may be compared, too.

Rows of numbers are compared; how images become features is in `features`.
"""

from typing import NamedTuple

import numpy as np

from course_utils.base.arguments import check_whole
from course_utils.metrics.features import check_features


class KernelDistance(NamedTuple):
    """Mean of the estimates of random parts, their standard deviation, and how many there are."""

    distance: float
    deviation: float
    num_parts: int

    def __float__(self) -> float:
        return self.distance

    def __str__(self) -> str:
        return (
            f"kernel distance {self.distance:.4g}, deviation {self.deviation:.2g} between "
            f"{self.num_parts} parts"
        )


def kernel_distance(
    generated, real, *, num_parts: int = 20, part_size: int = 500, seed: int = 0
) -> KernelDistance:
    """KID of features: squared maximum mean discrepancy (Bińkowski et al. 2018, section 4.1).

    generated (n, k), real (m, k): rows of finite numbers. The kernel is (x·y / k + 1)³. Each of
    `num_parts` estimates takes `part_size` rows of each set, or all where there are fewer, drawn
    anew without replacement. An estimate has no bias, so it may be negative where both are alike.

    >>> same = kernel_distance(np.eye(4), np.eye(4), num_parts=1)
    >>> round(float(same), 3)  # the unbiased estimate leaves out the pairs of a row with itself
    -0.477
    """
    generated, real = check_features(generated, real, 2)
    check_whole("num_parts", num_parts)
    check_whole("part_size", part_size, 2)
    random, found = np.random.default_rng(seed), []
    for _ in range(num_parts):
        parts = (
            rows[random.choice(len(rows), min(part_size, len(rows)), replace=False)]
            for rows in (generated, real)
        )
        found.append(squared_discrepancy(*parts))
    return KernelDistance(float(np.mean(found)), float(np.std(found)), num_parts)


def squared_discrepancy(first: np.ndarray, second: np.ndarray) -> float:
    """The unbiased estimate of MMD² with the kernel (x·y / k + 1)³ (Gretton et al. 2012, eq. 3).

    first (n, k), second (m, k): two rows or more each
    """
    within = sum(_mean_of_pairs(rows) for rows in (first, second))
    return float(within - 2 * _kernel(first, second).mean())


def _mean_of_pairs(rows: np.ndarray) -> float:
    """The kernel's mean over all pairs of different rows."""
    kernel = _kernel(rows, rows)
    return (kernel.sum() - np.trace(kernel)) / (len(rows) * (len(rows) - 1))


def _kernel(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    alike = first @ second.T / first.shape[1] + 1
    return alike * alike * alike  # three times as quick as NumPy's power
