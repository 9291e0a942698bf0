"""Known mistakes in exercises 14.1 and 14.7 of lesson 14: how sure is a figure? With sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

from itertools import combinations, product
from math import factorial

import numpy as np
from scipy import stats

# ---- 14.1: the interval of a share ---------------------------------------------------------------

INTERVAL_CASES = [(14, 20), (0, 12), (9, 9), (37, 60), (3, 400)]
_Z = 1.96  # leaves 2.5 % on each side


def interval(right, asked) -> np.ndarray:
    """The right answer: low and high of Wilson's 95 % interval of a share (Wilson 1927)."""
    return _around(_center(right, asked), _half(right, asked))


def _around(center, half) -> np.ndarray:
    return np.array([center - half, center + half])


def _center(right, asked, z=_Z) -> float:
    return (right / asked + z**2 / (2 * asked)) / (1 + z**2 / asked)


def _half(right, asked, z=_Z) -> float:
    return z * np.sqrt(_variance(right, asked) + (z / (2 * asked)) ** 2) / (1 + z**2 / asked)


def _variance(right, asked) -> float:
    share = right / asked
    return share * (1 - share) / asked


def _with_z(z):
    return lambda *given: _around(_center(*given, z), _half(*given, z))


def _without_squares(right, asked) -> np.ndarray:
    center = right / asked + _Z / (2 * asked)
    half = _Z * np.sqrt(_variance(right, asked) + _Z / (4 * asked**2))
    return _around(center, half) / (1 + _Z / asked)


def _normal(right, asked) -> np.ndarray:
    return _around(right / asked, _Z * np.sqrt(_variance(right, asked)))


def _agresti_coull(right, asked) -> np.ndarray:
    center, more = _center(right, asked), asked + _Z**2
    return _around(center, _Z * np.sqrt(center * (1 - center) / more))


def _by_scipy(method):
    return lambda right, asked: np.array(
        stats.binomtest(right, asked).proportion_ci(method=method)[:2]
    )


INTERVALS = [
    (
        _normal,
        "that is the normal interval, a single point where all are right or none; use Wilson's.",
    ),
    (
        lambda *given: np.clip(_normal(*given), 0, 1),
        "that is the normal interval, cut off at 0 and 1; Wilson's never leaves them.",
    ),
    (
        lambda right, asked: _around(right / asked, _half(right, asked)),
        "the center is still the share; Wilson's moves toward 1/2, by z²/(2n) over 1 + z²/n.",
    ),
    (
        lambda right, asked: _around(right / asked / (1 + _Z**2 / asked), _half(right, asked)),
        "z²/(2n) is missing in the center: add it to the share before you divide.",
    ),
    (
        lambda *given: _around(
            _center(*given), _Z * np.sqrt(_variance(*given)) / (1 + _Z**2 / given[1])
        ),
        "z²/(4n²) is missing under the root: without it the interval of 0 has no width.",
    ),
    (
        lambda *given: interval(*given) * (1 + _Z**2 / given[1]),
        "divide by 1 + z²/n at the end: center and half width.",
    ),
    (
        lambda *given: _around(_center(*given), _half(*given) * (1 + _Z**2 / given[1])),
        "the half width, too, is divided by 1 + z²/n.",
    ),
    (
        lambda *given: _around(_center(*given) * (1 + _Z**2 / given[1]), _half(*given)),
        "the center, too, is divided by 1 + z²/n.",
    ),
    (_without_squares, "z is squared, but for the one before the root: z²/n, z²/(2n), z²/(4n²)."),
    (_agresti_coull, "that is the interval of Agresti and Coull: Wilson's center, another width."),
    (_with_z(1.645), "z of 1.645 leaves 5 % on each side, so 90 % within; take 1.96."),
    (
        lambda *given: np.array([_with_z(1.645)(*given)[0], 1.0]),
        "that is open on one side; leave 2.5 % on each, with z = 1.96 for low and high.",
    ),
    (_with_z(2.576), "z of 2.576 is that of 99 %; 95 % has 1.96."),
    (_with_z(1.0), "z is 1 here, which makes about 68 %; 95 % has 1.96."),
    (
        lambda *given: _around(_center(*given), _half(*given) ** 2 * (1 + _Z**2 / given[1]) / _Z),
        "the root is missing in the half width: a variance is no width.",
    ),
    (_by_scipy("exact"), "that is the exact interval of Clopper and Pearson; asked is Wilson's."),
    (_by_scipy("wilsoncc"), "that is with a correction for continuity, which is wider; leave it."),
    (lambda *given: 100 * interval(*given), "those are percent; return shares from 0 to 1."),
    (
        lambda *given: interval(*given) * given[1],
        "those are numbers of answers; return shares from 0 to 1.",
    ),
    (_half, "that is half the width; return center - half and center + half."),
    (
        lambda *given: np.array([_center(*given), _half(*given)]),
        "those are center and half width; return center - half and center + half.",
    ),
    (lambda *given: interval(*given)[::-1], "turned round: the lower end comes first."),
    (
        lambda right, asked: interval(asked - right, asked),
        "that is the interval of the share of wrong answers; take right / asked.",
    ),
]

# ---- 14.7: the permutation test ------------------------------------------------------------------

P_VALUE_CASES = [
    tuple(np.array(one) for one in pair)
    for pair in (
        ([3.1, 3.4, 2.9], [4.0, 4.6, 4.3]),  # apart: 2 of 20 ways
        ([5.0, 9.0, 6.0, 8.0], [2.0, 3.0, 7.0]),
        ([1.0, 3.0], [4.0, 2.0, 9.0, 5.0, 3.0]),
        ([1.1, 2.3, 0.9, 1.4], [2.0, 1.8, 1.7]),  # two ways are tied, but for rounding
        ([2.0, 7.0, 1.0, 8.0], [2.5, 8.5, 4.5, 9.0, 5.5]),
    )
]
_ROUNDING = 1e-9


def p_value(first, second) -> float:
    """The right answer: the share of all ways to deal the values into groups of these sizes whose
    means differ as much as those observed, or more (Pitman 1937)."""
    return _tested()(first, second)


def _apart(first, second) -> float:
    return abs(first.mean() - second.mean())


def _at_least(values) -> np.ndarray:
    return values >= values[0] - _ROUNDING


def _dealt(first, second):
    """All ways to deal the values anew, the observed one first."""
    pooled = np.concatenate([first, second])
    for chosen in combinations(range(len(pooled)), len(first)):
        yield pooled[list(chosen)], np.delete(pooled, chosen)


def _tested(statistic=_apart, counted=_at_least, share=np.mean, ways=_dealt):
    """A permutation test, right or with a slip in what is compared, counted or dealt."""
    return lambda *groups: float(
        share(counted(np.array([statistic(*pair) for pair in ways(*groups)])))
    )


def _by_coins(first, second):
    """Each value into a group by a coin, where neither group is empty."""
    pooled = np.concatenate([first, second])
    yield first, second
    for coins in product([True, False], repeat=len(pooled)):
        if 0 < sum(coins) < len(coins):
            yield pooled[np.array(coins)], pooled[~np.array(coins)]


def _above(first, second) -> float:
    return first.mean() - second.mean()


def _below(first, second) -> float:
    return second.mean() - first.mean()


def _doubled(*groups) -> float:
    return min(1.0, 2 * _tested(_above)(*groups), 2 * _tested(_below)(*groups))


P_VALUES = [
    (_tested(_above), "one-sided: only a larger first mean counts; take the absolute difference."),
    (
        _tested(_below),
        "one-sided: only a smaller first mean counts; take the absolute difference.",
    ),
    (
        _doubled,
        "twice one side counts another set of ways where sizes differ; take absolute differences.",
    ),
    (
        _tested(counted=lambda values: values > values[0] + _ROUNDING),
        "strictly more leaves out the observed way and all that equal it; use >=.",
    ),
    (
        _tested(counted=lambda values: values > values[0]),
        "strictly more leaves out the observed way; use >=, less a small tolerance for rounding.",
    ),
    (
        _tested(counted=lambda values: values >= values[0]),
        "equal differences differ by rounding; subtract a small tolerance, such as 1e-9.",
    ),
    (
        _tested(counted=lambda values: values <= values[0] + _ROUNDING),
        "turned round: the ways that differ as much as the observed one, or more, count.",
    ),
    (lambda *groups: 1 - p_value(*groups), "that is 1 - p; a small p is for a rare difference."),
    (
        _tested(share=lambda counted: counted[1:].mean()),
        "the observed way is one of all ways: count it above the line and below.",
    ),
    (
        _tested(share=lambda counted: counted[1:].sum() / len(counted)),
        "the observed way is below the line; count it above, too.",
    ),
    (
        _tested(share=lambda counted: (counted.sum() + 1) / (len(counted) + 1)),
        "1 more is for ways drawn by chance; among all ways the observed one is already there.",
    ),
    (_tested(share=np.sum), "that is how many ways count; divide by how many there are."),
    (
        lambda *groups: (
            _tested(share=np.sum)(*groups) / factorial(sum(len(group) for group in groups))
        ),
        "orders within a group make no new way: divide by C(n + m, n), not by (n + m)!.",
    ),
    (
        _tested(ways=_by_coins),
        "each way keeps the sizes of the groups; coins do not, so deal with combinations.",
    ),
    (
        _tested(lambda first, second: abs(np.median(first) - np.median(second))),
        "those are medians; compare the groups' means.",
    ),
    (
        _tested(lambda first, second: abs(first.sum() - second.sum())),
        "sums differ with the groups' sizes; compare the means.",
    ),
    (
        lambda *groups: stats.ttest_ind(*groups).pvalue,
        "that is the t-test, which takes normal values for granted; count all ways instead.",
    ),
    (
        lambda *groups: stats.ttest_ind(*groups, equal_var=False).pvalue,
        "that is Welch's t-test, which takes normal values for granted; count all ways instead.",
    ),
    (
        lambda *groups: stats.mannwhitneyu(*groups, method="exact").pvalue,
        "that is the test of ranks; compare the means of the values themselves.",
    ),
    (_apart, "that is the observed difference; return the share of ways that reach it."),
]
