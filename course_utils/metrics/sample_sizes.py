"""What a Fréchet distance would be for infinitely many images: its bias by few, fitted and removed.

Rows of numbers are compared; how images become features is in `features`.
"""

from typing import NamedTuple

import numpy as np

from course_utils.base.arguments import check_whole
from course_utils.metrics.distances import feature_statistics, gaussian_frechet_distance
from course_utils.metrics.features import check_features

SHARES = (5, 4, 3, 2, 1)  # a fifth of the rows and so on: evenly spaced in 1 / size


class ExtrapolatedDistance(NamedTuple):
    """The line limit + slope / n through the mean distances (s,) at the sizes (s,) n."""

    limit: float
    slope: float
    sizes: np.ndarray
    distances: np.ndarray

    def __float__(self) -> float:
        return self.limit

    def __str__(self) -> str:
        return (
            f"Fréchet distance {self.limit:.2f} for infinitely many images "
            f"({self.distances[-1]:.2f} for {self.sizes[-1]:,})"
        )


def extrapolated_distance(
    features, real_features, sizes=None, num_parts: int = 10, seed: int = 0
) -> ExtrapolatedDistance:
    """Fréchet distance for infinitely many images (Chong and Forsyth 2020).

    features (n, k), real_features (m, k): rows of finite numbers
    sizes: how many rows to take, two sizes or more, each above k and up to n; by default a fifth, a
        quarter, a third, a half and all, evenly spaced in 1 / size
    num_parts: random parts of each size, whose distances are averaged; of all rows there is one

    The bias of the distance falls with 1 / size, so that a line a + b / size, fitted by least
    squares, meets the axis 1 / size = 0 at a, the limit. All real rows are used at each size: the
    bias by their own number stays. The limit of a small distance may be negative by chance.
    """
    features, real = check_features(features, real_features, 2)
    check_whole("num_parts", num_parts)
    n, k = features.shape
    if min(n, len(real)) <= k:
        raise ValueError(
            f"There are {n} generated and {len(real)} real rows of {k} features; a covariance "
            f"needs more rows than features, so give {k + 1} or more of each."
        )
    sizes = _check_sizes(sizes, n, k)
    random, to_real = np.random.default_rng(seed), feature_statistics(real)
    distances = []
    for size in sizes:
        count = num_parts if size < n else 1
        parts = (random.choice(features, size, replace=False) for _ in range(count))
        found = [gaussian_frechet_distance(*feature_statistics(part), *to_real) for part in parts]
        distances.append(np.mean(found))
    slope, limit = np.polyfit(1 / sizes, distances, 1)
    return ExtrapolatedDistance(float(limit), float(slope), sizes, np.array(distances))


def _check_sizes(sizes, n: int, k: int) -> np.ndarray:
    """Sizes (s,) in rising order, each above k and up to n, or one sentence."""
    if sizes is None:
        if n // SHARES[0] <= k:
            raise ValueError(
                f"There are {n} generated rows of {k} features; the smallest part, a fifth, needs "
                f"more rows than features for its covariance, so give {SHARES[0] * (k + 1)} or "
                "more, or sizes of your own."
            )
        return np.array([n // share for share in SHARES])
    found = sorted({check_whole("a size", one) for one in np.ravel(sizes).tolist()})
    if len(found) < 2:
        raise ValueError(f"sizes is {sizes!r}; a line needs two different sizes or more.")
    if found[0] <= k:
        raise ValueError(
            f"sizes begins with {found[0]}, but the covariance of {k} features needs more rows "
            f"than that; give sizes of {k + 1} or more."
        )
    if found[-1] > n:
        raise ValueError(
            f"sizes goes up to {found[-1]}, but there are {n} generated rows; give sizes up to {n}."
        )
    return np.array(found)
