"""Are generated samples realistic, and do they cover the real ones? By balls around neighbors.

Rows of numbers, such as features, are compared; how images become features is in `features`.
"""

from typing import NamedTuple

import numpy as np

from course_utils.base.arguments import check_whole
from course_utils.metrics.features import check_features

_CHUNK = 1000  # rows compared at once: bounds the memory, not the result


class Coverage(NamedTuple):
    """Shares from 0 to 1, but for `density`, which may be more; real samples reach about 1."""

    precision: float
    recall: float
    density: float
    coverage: float

    def __str__(self) -> str:
        return ", ".join(
            f"{name} {share:.3f}" for name, share in zip(self._fields, self, strict=True)
        )


def precision_recall(generated, real, num_neighbors: int = 5) -> Coverage:
    """Precision and recall (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020).

    generated (n, k), real (m, k): rows of finite numbers, better as many of both

    Around each row of a set lies a ball that reaches to its `num_neighbors`-th nearest neighbor in
    that set. Precision: the share of generated rows within a real ball; recall: of real rows within
    a generated one (2019, equations 1 and 2, which take 3 neighbors). Density: how many real balls
    a generated row lies in, over num_neighbors; coverage: the share of real balls that hold a
    generated row (2020, equations 3 and 4, which take 5). An outlier among the real rows has a
    large ball, which spoils precision and recall more than the other two.

    >>> line = np.arange(10.0)[:, np.newaxis]
    >>> print(precision_recall(line[:5] + 0.1, line, num_neighbors=1))
    precision 1.000, recall 0.600, density 2.000, coverage 0.600
    """
    check_whole("num_neighbors", num_neighbors)
    generated, real = check_features(generated, real, num_neighbors + 1)
    around_real, around_generated = (_radii(rows, num_neighbors) for rows in (real, generated))
    in_a_real_ball = np.zeros(len(generated), int)
    holds_one, is_recalled = (np.zeros(len(real), bool) for _ in range(2))
    for start, squares in _squares(generated, real):
        part = slice(start, start + len(squares))
        is_inside = squares < around_real
        in_a_real_ball[part] = is_inside.sum(axis=1)
        holds_one |= is_inside.any(axis=0)
        is_recalled |= (squares < around_generated[part, np.newaxis]).any(axis=0)
    return Coverage(
        float(np.mean(in_a_real_ball > 0)),
        float(is_recalled.mean()),
        float(in_a_real_ball.mean() / num_neighbors),
        float(holds_one.mean()),
    )


def _radii(rows: np.ndarray, num_neighbors: int) -> np.ndarray:
    """Squared distance (n,) of each row to its num_neighbors-th nearest other one."""
    found = np.empty(len(rows))
    for start, squares in _squares(rows, rows):
        # The row itself is the nearest, at 0.
        nearest = np.partition(squares, num_neighbors, axis=1)[:, num_neighbors]
        found[start : start + len(squares)] = nearest
    return found


def _squares(rows: np.ndarray, others: np.ndarray):
    """Squared distances (c, m) of c rows at a time to all others, with the first row's number."""
    center = others.mean(axis=0)  # around 0 the numbers are small, and so are rounding errors
    rows, others = rows - center, others - center
    lengths = np.einsum("ij,ij->i", others, others)
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        own = np.einsum("ij,ij->i", part, part)[:, np.newaxis]
        yield start, np.maximum(own + lengths - 2 * part @ others.T, 0)
