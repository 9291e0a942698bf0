"""Known mistakes in exercises 16.7 and 16.8 of lesson 16, which judge pictures, with sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases. The
course's own measure is `metrics.followed`.
"""

import numpy as np

from course_utils import metrics

# ---- 16.7: the rank of what was asked for --------------------------------------------------------

_random = np.random.default_rng(0)
# Whole numbers, so that equal distances are exactly equal, however they are computed.
_EQUALLY_FAR = np.array([[3.0, 4.0], [1.0, 0.0], [0.0, -5.0], [6.0, 0.0], [5.0, 0.0]])
RANK_CASES = [
    (_random.normal(size=3), _random.normal(size=(7, 3)), 4),
    (np.array([2.0, 0.5, 1.0, 0.1]), 2 * _random.normal(size=(6, 4)), 0),
    (np.array([1.0, 1.0]), np.array([[4.0, 1.0], [1.0, 1.0], [3.0, 0.0]]), 1),
    (np.zeros(2), _EQUALLY_FAR, 0),
    (np.zeros(2), _EQUALLY_FAR, 2),
]


def rank_of(picture, candidates, asked) -> int:
    """The right answer: how many candidates (m, d) are at most as far as that of the row asked."""
    distances = _distances(picture, candidates)
    return int((distances <= distances[asked]).sum())


def _distances(picture, candidates) -> np.ndarray:
    return np.linalg.norm(candidates - picture, axis=1)


def _counted(values, is_counted):
    """How many candidates' values, of values(picture, candidates), count beside that asked for."""

    def rank(picture, candidates, asked):
        found = values(picture, candidates)
        return int(is_counted(found, found[asked]).sum())

    return rank


def _sorted_place(picture, candidates, asked):
    order = np.argsort(_distances(picture, candidates), kind="stable")
    return int(np.flatnonzero(order == asked)[0])


def _from_the_asked(picture, candidates, asked):
    distances = _distances(candidates[asked], candidates)
    return int((distances <= np.linalg.norm(picture - candidates[asked])).sum())


RANKS = [
    (
        lambda picture, candidates, asked: rank_of(picture, candidates, asked) - 1,
        "ranks begin at 1: the candidate asked for counts itself.",
    ),
    (
        _counted(_distances, np.less),
        "< leaves out the candidate itself, and those that are as far; use <=.",
    ),
    (
        lambda *given: _counted(_distances, np.less)(*given) + 1,
        "candidates that are exactly as far count too: use <=, and nothing is to be added.",
    ),
    (
        lambda *given: _sorted_place(*given) + 1,
        "of candidates that are equally far all count, whatever their order: count with <=.",
    ),
    (_sorted_place, "that is a place counted from 0; count candidates with <=."),
    (
        _counted(_distances, np.greater_equal),
        "turned round: counted are those that are as far or farther; the nearest has rank 1.",
    ),
    (
        _counted(lambda picture, candidates: candidates @ picture, np.greater_equal),
        "a product is no distance: large numbers win; take the length of the difference.",
    ),
    (
        _counted(lambda picture, candidates: candidates @ picture, np.less_equal),
        "a product is no distance; take the length of the difference.",
    ),
    (
        _counted(lambda picture, candidates: abs(candidates - picture).sum(axis=1), np.less_equal),
        "that sums absolute differences; Euclidean is the root of the sum of their squares.",
    ),
    (
        _counted(lambda picture, candidates: (candidates - picture).sum(axis=1), np.less_equal),
        "differences of both signs cancel; square them before the sum.",
    ),
    (
        _from_the_asked,
        "those are the candidates near the real one; measure all distances from the picture.",
    ),
    (
        lambda picture, candidates, asked: int(_distances(picture, candidates).argmin()),
        "that is the number of the nearest row; count how many are not farther than `asked`.",
    ),
    (
        lambda picture, candidates, asked: int(_distances(picture, candidates).argsort()[asked]),
        "argsort()[asked] is the row at that place; the place of the row was asked for.",
    ),
    (
        lambda picture, candidates, asked: (
            int(_distances(picture, candidates).argsort()[asked]) + 1
        ),
        "argsort()[asked] is the row at that place, not the place of the row.",
    ),
    (
        lambda picture, candidates, asked: _distances(picture, candidates)[asked],
        "that is the distance itself; count the candidates that are not farther.",
    ),
    (
        lambda picture, candidates, asked: rank_of(picture, candidates, asked) / len(candidates),
        "that is a share; the rank is the count.",
    ),
]

# ---- 16.8: nearer to what was asked for than to all training pictures ----------------------------


def _composed_case() -> tuple:
    """One picture for each thing that may happen; whole numbers, so that equal is equal."""
    training = np.array([[0, 0, 0], [9, 0, 0], [0, 9, 0], [9, 9, 1]], float)
    rows = [  # the picture, the real one that was asked for
        ([4, 5, 5], [4, 4, 4]),  # nearer to the real one
        ([0, 9, 0], [0, 8, 1]),  # a copy of a training picture
        ([1, 0, 0], [3, 0, 0]),  # nearer to one training picture, not to the others
        ([2, 0, 0], [4, 0, 0]),  # equally far
        ([7, 9, 2], [9, 9, 2]),  # nearer to the real one, which is very near a training picture
        ([4, 4, 5], [4, 4, 0]),  # nearer to another's real one
        ([4, 4, 1], [4, 4, 9]),  # farther from its own than from every training picture
    ]
    pictures, real = np.swapaxes(np.array(rows, float), 0, 1)
    return pictures, real, training


_TWO = np.array([[0.2, 0.4, 0.1, 0.5], [0.9, 0.8, 0.3, 0.2]])
COMPOSED_CASES = [
    _composed_case(),
    (
        _TWO,
        _TWO + np.array([[0.1], [0.5]]),
        np.array([[0.1, 0.6, 0.3, 0.5], [0.8, 0.8, 0.2, 0.2], [1.0] * 4]),
    ),
]


def is_composed(pictures, real, training) -> np.ndarray:
    """The right answer: whether each picture (n, d) is nearer to its row of `real` (n, d) than to
    every training picture (m, d); n booleans."""
    return _to_real(pictures, real) < metrics.nearest_neighbors(pictures, training).distances


def _to_real(pictures, real) -> np.ndarray:
    return np.linalg.norm(pictures - real, axis=1)


def _to_all(pictures, others) -> np.ndarray:
    """The distances (n, m) of all pairs."""
    return np.array([_distances(picture, others) for picture in pictures])


def _nearer(to_training, to_real=_to_real):
    """A comparison with other distances to the training pictures or to the real ones."""
    return lambda pictures, real, training: (
        to_real(pictures, real) < to_training(pictures, training)
    )


COMPOSED = [
    (
        _nearer(lambda pictures, training: _to_all(pictures, training).mean(axis=1)),
        "that is nearer than the training pictures' mean distance; compare with the smallest.",
    ),
    (
        _nearer(lambda pictures, training: _to_all(pictures, training).max(axis=1)),
        "nearer than to any one of them is not enough: compare with the smallest distance.",
    ),
    (
        _nearer(lambda pictures, training: _to_real(pictures, training.mean(axis=0))),
        "that compares with the mean training picture; take the smallest of all distances.",
    ),
    (
        _nearer(lambda pictures, training: _to_all(pictures, training).min()),
        "each picture has its own smallest distance: take the minimum along one axis.",
    ),
    (
        lambda *given: ~is_composed(*given),
        "turned round: True is for nearer to the real one than to every training picture.",
    ),
    (
        lambda pictures, real, training: (
            _to_real(pictures, real) > _to_all(pictures, training).min(axis=1)
        ),
        "turned round: True is for a smaller distance to the real one.",
    ),
    (
        lambda pictures, real, training: (
            _to_real(pictures, real) <= _to_all(pictures, training).min(axis=1)
        ),
        "equally far is not nearer: use <.",
    ),
    (
        lambda pictures, real, training: (
            _to_real(pictures, real) < _to_all(real, training).min(axis=1)
        ),
        "the smallest distance is to be measured from the drawn picture, not from the real one.",
    ),
    (
        _nearer(
            lambda pictures, training: _to_all(pictures, training).min(axis=1),
            lambda pictures, real: _to_all(pictures, real).min(axis=1),
        ),
        "each picture has its own real one, in the same row; do not take the nearest of all.",
    ),
    (
        _nearer(
            lambda pictures, training: (
                abs(pictures[:, np.newaxis] - training).sum(axis=-1).min(axis=1)
            ),
            lambda pictures, real: abs(pictures - real).sum(axis=1),
        ),
        "those are sums of absolute differences; take the Euclidean distance.",
    ),
    (
        lambda *given: bool(is_composed(*given).all()),
        "that is one truth value for all; return one for each picture.",
    ),
    (
        lambda *given: bool(is_composed(*given).any()),
        "that says whether there is one; return a truth value for each picture.",
    ),
    (
        lambda *given: is_composed(*given).mean(),
        "that is the share; return a truth value for each picture.",
    ),
    (
        lambda pictures, real, training: (
            _to_all(pictures, training).min(axis=1) - _to_real(pictures, real)
        ),
        "those are the differences; return whether they are above 0.",
    ),
]
