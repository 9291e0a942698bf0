"""Known mistakes in exercises 14.2 and 14.3 of lesson 14, which compare two sets, with sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases. The
course's own measures are `metrics.kernels` and `metrics.coverage`.
"""

import numpy as np

# ---- 14.2: the squared discrepancy ---------------------------------------------------------------

_random = np.random.default_rng(0)
DISCREPANCY_CASES = [
    (_random.normal(size=(5, 3)), _random.normal(size=(7, 3)) + 1),
    (2 * _random.normal(size=(6, 2)) + 1, _random.normal(size=(4, 2))),
    (np.array([[1.0, -1], [0, 2], [2, 0]]), np.array([[1.0, 0], [0, 1], [2, 1], [-1, 1]])),
]  # the last is below 0


def squared_discrepancy(generated, real) -> float:
    """The right answer: the unbiased MMD² of rows (n, d), (m, d) (Gretton et al. 2012, eq. 3)."""
    return _discrepancy()(generated, real)


def _cubic(rows, others) -> np.ndarray:
    return (rows @ others.T / rows.shape[1] + 1) ** 3


def _different(kernel) -> float:
    """The mean (n, n) of the pairs of different rows."""
    return (kernel.sum() - np.trace(kernel)) / _num_pairs(kernel)


def _num_pairs(kernel) -> int:
    return len(kernel) * (len(kernel) - 1)


def _discrepancy(kernel=_cubic, within=_different, between=np.mean, factor=-2):
    """The estimate, right or with a slip in the kernel, in a mean, or in how they are added up."""
    return lambda generated, real: float(
        within(kernel(generated, generated))
        + within(kernel(real, real))
        + factor * between(kernel(generated, real))
    )


def _elementwise(rows, others) -> np.ndarray:
    return (rows[:, np.newaxis] * others / rows.shape[1] + 1) ** 3


def _gaussian(rows, others) -> np.ndarray:
    return np.exp(-((rows[:, np.newaxis] - others) ** 2).sum(axis=-1) / 2)


DISCREPANCIES = [
    (
        _discrepancy(within=np.mean),
        "the pairs of a row with itself are in both means; leave out the diagonal.",
    ),
    (
        _discrepancy(within=lambda kernel: (kernel.sum() - np.trace(kernel)) / kernel.size),
        "without the diagonal there are n(n - 1) pairs; divide by that, not by n².",
    ),
    (
        _discrepancy(within=lambda kernel: kernel.sum() / _num_pairs(kernel)),
        "n(n - 1) is right, but the diagonal is still in the sum; subtract its sum, np.trace.",
    ),
    (
        _discrepancy(within=lambda kernel: np.triu(kernel, 1).sum() / _num_pairs(kernel)),
        "n(n - 1) counts each pair both ways; add up both triangles, or divide by half of it.",
    ),
    (
        _discrepancy(within=lambda kernel: kernel.sum() - np.trace(kernel), between=np.sum),
        "those are sums; each of the three parts is a mean over its pairs.",
    ),
    (_discrepancy(factor=-1), "the mean over mixed pairs is subtracted twice, not once."),
    (_discrepancy(factor=2), "the mean over mixed pairs is subtracted: like sets give about 0."),
    (_discrepancy(factor=0), "the mixed pairs are missing: subtract twice their mean."),
    (
        _discrepancy(between=lambda kernel: (kernel.sum() - np.trace(kernel)) / kernel.size),
        "of the mixed pairs none is left out: rows of two sets are never the same row.",
    ),
    (
        _discrepancy(
            between=lambda kernel: (
                (kernel.sum() - np.trace(kernel)) / (kernel.size - min(kernel.shape))
            )
        ),
        "row 0 of one set has nothing to do with row 0 of the other: take the mean of all pairs.",
    ),
    (
        _discrepancy(between=lambda kernel: np.diagonal(kernel).mean()),
        "that pairs the rows in order; the middle part takes each row with each of the others.",
    ),
    (
        _discrepancy(kernel=lambda rows, others: (rows @ others.T / rows.shape[1]) ** 3),
        "the 1 in the kernel is missing: without it odd powers alone are compared.",
    ),
    (
        _discrepancy(kernel=lambda rows, others: (rows @ others.T + 1) ** 3),
        "divide the product by d, the length of a row, before 1 is added.",
    ),
    (
        _discrepancy(kernel=lambda rows, others: ((rows @ others.T + 1) / rows.shape[1]) ** 3),
        "divide the product alone by d, and add the 1 afterwards.",
    ),
    (
        _discrepancy(kernel=lambda rows, others: (rows @ others.T / len(rows) + 1) ** 3),
        "d is how many numbers a row has, shape[1], not how many rows there are.",
    ),
    (
        _discrepancy(kernel=lambda rows, others: (rows @ others.T / rows.shape[1] + 1) ** 2),
        "the kernel is a cube, not a square: ** 3.",
    ),
    (
        _discrepancy(kernel=lambda rows, others: rows @ others.T / rows.shape[1] + 1),
        "the power is missing: without it the means of both sets are all that is compared.",
    ),
    (
        _discrepancy(kernel=lambda rows, others: _elementwise(rows, others).sum(axis=-1)),
        "the product of two rows is one number: add up first, rows @ others.T, then the cube.",
    ),
    (
        _discrepancy(kernel=lambda rows, others: _elementwise(rows, others).mean(axis=-1)),
        "the cube comes after the sum over d: take the product of two rows first, rows @ others.T.",
    ),
    (
        _discrepancy(kernel=_gaussian),
        "that is the Gaussian kernel; here it is the cube of x·y / d + 1.",
    ),
    (
        lambda *given: np.sqrt(max(squared_discrepancy(*given), 0)),
        "that is the root; return the square, which an unbiased estimate may have below 0.",
    ),
    (
        lambda *given: max(squared_discrepancy(*given), 0),
        "an unbiased estimate may be below 0; cut off there it has a bias again.",
    ),
    (
        lambda *given: abs(squared_discrepancy(*given)),
        "an unbiased estimate may be below 0; return it with its sign.",
    ),
    (
        lambda *given: -squared_discrepancy(*given),
        "the sign: pairs within a set are added, mixed pairs are subtracted.",
    ),
]

# ---- 14.3: recall --------------------------------------------------------------------------------


def _with_a_copy(rows) -> np.ndarray:
    """Rows of which the second is a copy of the first: another row all the same."""
    return np.concatenate([rows[:1], rows[:1], rows[2:]])


_random = np.random.default_rng(272)  # in these cases every slip shows
RECALL_CASES = [
    (_random.normal(size=(24, 2)), 1.5 * _random.normal(size=(31, 2)), 2),
    (_random.standard_t(2, size=(17, 3)), _random.normal(size=(26, 3)) + 1, 3),
    (_with_a_copy(_random.normal(size=(15, 2))), 1.5 * _random.normal(size=(19, 2)), 1),
]


def recall(generated, real, num_neighbors) -> float:
    """The right answer: the share of real rows (m, d) in a ball around one of the generated rows
    (n, d) (Kynkäänniemi et al. 2019, equations 1 and 2)."""
    return _recalled(_radii)(generated, real, num_neighbors)


def _distances(rows, others) -> np.ndarray:
    """Euclidean distances (n, m)."""
    return np.linalg.norm(rows[:, np.newaxis] - others, axis=-1)


def _sorted(rows) -> np.ndarray:
    """Distances (n, n) from each row to all of its set, itself first, at 0."""
    return np.sort(_distances(rows, rows), axis=1)


def _radii(rows, num_neighbors) -> np.ndarray:
    return _sorted(rows)[:, num_neighbors]


def _recalled(radii=_radii, judge=lambda is_in: is_in.any(axis=0).mean(), distances=_distances):
    """A figure of which real row is in which generated one's ball, right or with a slip."""
    return lambda generated, real, num_neighbors: judge(
        distances(generated, real) <= np.vstack(radii(generated, num_neighbors))
    )


def _judged(judge):
    """A figure of a true or false (n, m): is this real row in that generated row's ball?"""
    return _recalled(judge=judge)


def _in_real_balls(generated, real, num_neighbors) -> np.ndarray:
    return _distances(generated, real) <= _radii(real, num_neighbors)


def _city_block(rows, others) -> np.ndarray:
    return abs(rows[:, np.newaxis] - others).sum(axis=-1)


def _without_copies(rows, num_neighbors) -> np.ndarray:
    distances = _distances(rows, rows)
    return np.sort(np.where(distances > 0, distances, np.inf), axis=1)[:, num_neighbors - 1]


def _in_the_nearest(generated, real, num_neighbors) -> float:
    distances = _distances(generated, real)
    radii = _radii(generated, num_neighbors)[distances.argmin(axis=0)]
    return (distances.min(axis=0) <= radii).mean()


def _reaching_real(generated, real, num_neighbors) -> float:
    distances = _distances(generated, real)
    radii = np.sort(distances, axis=1)[:, num_neighbors - 1 : num_neighbors]
    return (distances <= radii).any(axis=0).mean()


RECALLS = [
    (
        lambda generated, real, num_neighbors: recall(real, generated, num_neighbors),
        "that is precision; for recall the balls are around generated rows, and real ones count.",
    ),
    (
        lambda *given: _in_real_balls(*given).any(axis=0).mean(),
        "that is coverage: its balls are around real rows; here they are around generated ones.",
    ),
    (
        lambda *given: _in_real_balls(*given).sum(axis=1).mean() / given[2],
        "that is density; recall asks which real rows lie in a ball around a generated row.",
    ),
    (
        _recalled(lambda rows, num: _radii(rows, num - 1)),
        "each row is its own nearest, at 0: the first neighbor is the second in the sorted list.",
    ),
    (
        _recalled(lambda rows, num: _radii(rows, num + 1)),
        "one neighbor too far: count the nearest other row as the first.",
    ),
    (
        _recalled(lambda rows, num: _sorted(rows)[:, 1 : num + 1].mean(axis=1)),
        "the radius is the distance to the last of the neighbors, not the mean of them all.",
    ),
    (
        _recalled(lambda rows, num: [_radii(rows, num).mean()]),
        "each generated row has a radius of its own, not the mean of all.",
    ),
    (
        _recalled(_without_copies),
        "a copy is another row, at 0: leave the row itself out by its place, not by its distance.",
    ),
    (
        _reaching_real,
        "the radius goes to a generated row's neighbors among the generated rows, not the real.",
    ),
    (
        _in_the_nearest,
        "a real row may lie in the ball of a generated row that is not its nearest: look at all.",
    ),
    (
        _recalled(distances=lambda rows, others: _distances(rows, others) ** 2),
        "squares are compared with radii that are none; take both as distances.",
    ),
    (
        _recalled(
            lambda rows, num: np.sort(_city_block(rows, rows), axis=1)[:, num],
            distances=_city_block,
        ),
        "those are sums of absolute differences; take the Euclidean distance.",
    ),
    (
        _judged(lambda is_in: is_in.any(axis=1).mean()),
        "that is the share of generated rows with a real one in their ball; count the real rows.",
    ),
    (
        _judged(lambda is_in: is_in.all(axis=0).mean()),
        "one ball is enough: any, not all.",
    ),
    (
        lambda *given: _judged(lambda is_in: (is_in.sum(axis=0) >= given[2]).mean())(*given),
        "one ball is enough; num_neighbors is needed for the radii alone.",
    ),
    (
        lambda *given: _judged(lambda is_in: is_in.sum(axis=0).mean())(*given) / given[2],
        "that counts balls, as density does; a real row counts once, in however many it lies.",
    ),
    (
        _judged(lambda is_in: is_in.sum(axis=0).mean()),
        "that is the mean number of balls; a real row counts once, in however many it lies.",
    ),
    (_judged(lambda is_in: is_in.any(axis=0).sum()), "that is a count; recall is the share."),
    (
        _judged(lambda is_in: is_in.any(axis=0).sum() / len(is_in)),
        "divide by the number of real rows: theirs is the share.",
    ),
    (_judged(lambda is_in: is_in.any(axis=0)), "those are truth values; their mean is the share."),
    (lambda *given: 1 - recall(*given), "that is the share missed; recall is of those found."),
]
