"""Which of a target's modes are covered, which points are on target, how many kinds are drawn."""

import numpy as np
from scipy.spatial import KDTree

from course_utils import data

COVERED_SHARE = 0.25  # of the points that a mode would get if all modes got equally many


def modes_covered(points: np.ndarray, modes: np.ndarray, radius: float, at_least: int) -> int:
    """How many of the modes (m, 2) have `at_least` of the points (n, 2) within `radius`.

    >>> modes_covered(np.array([[0, 0], [0.1, 0], [5, 5]]), np.array([[0, 0], [5, 5]]), 0.2, 2)
    1
    """
    points, modes = np.asarray(points, dtype=float), np.asarray(modes, dtype=float)
    if points.ndim != 2 or modes.ndim != 2 or points.shape[1] != 2 or modes.shape[1] != 2:
        raise ValueError(
            f"The points have shape {points.shape}, the modes {modes.shape}; "
            "give (n, 2) and (m, 2)."
        )
    if not radius > 0 or at_least < 1:
        raise ValueError(
            f"The radius is {radius}, at_least is {at_least}; give more than 0 and 1 or more."
        )
    distances = np.linalg.norm(points[:, np.newaxis] - modes, axis=2)
    return int(((distances <= radius).sum(axis=0) >= at_least).sum())


def coverage_rule(target: str, n: int) -> tuple[float, int]:
    """The radius and the smallest number of n points by which a mode of the target is covered.

    The radius is three standard deviations of the noise around a mode, which 99 % of the real
    points keep to; the number is a quarter of an equal share.

    >>> coverage_rule("ring", 512)
    (0.15, 16)
    """
    modes = data.toy_modes(target)
    return round(3 * data.TOYS[target].noise, 6), max(1, round(COVERED_SHARE * n / len(modes)))


def on_target_share(points: np.ndarray, target: str, real: np.ndarray) -> float:
    """Share of the points (n, 2) that lie as close to the target as nearly all real points do.

    Where the target has modes: within the radius of `coverage_rule` from the center of one. Where
    it has none: within two standard deviations of its noise from one of the real points (m, 2).

    >>> on_target_share(np.array([[1.0, 0.1], [0.0, 0.0]]), "ring", np.empty((0, 2)))
    0.5
    """
    if data.TOYS[target].modes is not None:
        places, radius = data.toy_modes(target), coverage_rule(target, len(points))[0]
    else:
        places, radius = real, 2 * data.TOYS[target].noise
    distances, _ = KDTree(places).query(points)
    return float((distances <= radius).mean())


def effective_number(shares) -> float:
    """exp of the entropy of shares (n,): n for n kinds of equal share, 1 for a single one.

    >>> round(effective_number([0.5, 0.5, 0.0]), 6)
    2.0
    """
    shares = np.asarray(shares)[np.asarray(shares) > 0]
    return float(np.exp(-(shares * np.log(shares)).sum()))
