"""Known mistakes in exercises 14.6 and 14.11 of lesson 14, which fit curves, with sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import numpy as np
from scipy import optimize

# ---- 14.6: the limit of many samples -------------------------------------------------------------

_TEN = np.array([0.3, -0.2, 0.25, -0.1, 0.15, -0.05, 0.1, -0.12, 0.02, -0.06])
_SIZES = np.array([250, 500, 1000, 2000, 5000])
LIMIT_CASES = [
    (_SIZES, 1.7 + 800 / _SIZES + _TEN[:5]),
    (np.array([4000, 1000, 500, 250]), np.array([2.4, 3.1, 4.4, 6.0])),
    (100 * np.arange(1, 11), 9 + 50 / np.arange(1, 11) + 2 * _TEN),
]


def limit(sizes, distances) -> float:
    """The right answer: a of the least-squares line a + b/n through distances at sizes n."""
    return _intercept(lambda n: 1 / n)(sizes, distances)


def _intercept(change, weights=lambda n: None):
    """Where the line over the changed sizes meets 0."""
    return lambda sizes, distances: np.polyfit(change(sizes), distances, 1, w=weights(sizes))[1]


def _through(which):
    """The right line through some of the points only."""
    return lambda sizes, distances: limit(which(sizes), which(distances))


LIMITS = [
    (_intercept(lambda n: n), "the line is over n; take 1/n, which goes to 0 as n grows."),
    (
        _intercept(lambda n: n**-0.5),
        "1/√n is how noise shrinks; the bias shrinks with 1/n.",
    ),
    (_intercept(np.log), "the line is over the logarithm of n; take 1/n, which goes to 0."),
    (_intercept(lambda n: n**-2.0), "the line is over 1/n²; the bias shrinks with 1/n."),
    (
        _intercept(lambda n: 1 / n, lambda n: n),
        "a line through n times the distance gives large sizes more weight; fit the distances.",
    ),
    (
        lambda sizes, distances: np.polyfit(1 / sizes, distances, 1)[0],
        "that is b, the slope; the limit is a, which np.polyfit gives last.",
    ),
    (
        lambda sizes, distances: np.polyfit(1 / sizes, distances, 1),
        "those are slope and intercept; return the intercept alone.",
    ),
    (
        lambda sizes, distances: np.polyfit(1 / sizes, distances, 1).sum(),
        "that is the line at 1/n = 1, a single sample; the limit is where 1/n is 0.",
    ),
    (
        lambda sizes, distances: np.polyval(np.polyfit(1 / sizes, distances, 1), 1 / sizes.max()),
        "that is the line at the largest size; go on to 1/n = 0, the intercept.",
    ),
    (
        lambda sizes, distances: (distances * sizes).sum() / sizes.sum(),
        "that is a mean weighed by size; fit a line over 1/n and take its value at 0.",
    ),
    (
        lambda sizes, distances: np.mean(distances),
        "that is the mean of them all, each with its bias; fit a line over 1/n.",
    ),
    (
        lambda sizes, distances: np.median(distances),
        "that is the median of them all, each with its bias; fit a line over 1/n.",
    ),
    (
        lambda sizes, distances: distances[-1],
        "that is the last distance, whose bias is still in it; fit a line over 1/n.",
    ),
    (
        lambda sizes, distances: distances[sizes.argmax()],
        "that is the distance at the largest size, whose bias is still in it; fit a line over 1/n.",
    ),
    (
        lambda sizes, distances: distances.min(),
        "the smallest is a lucky one, with its bias still in it; fit a line over 1/n.",
    ),
    (
        _through(lambda values: values[-2:]),
        "that is the line through the last two alone, with all their noise; fit all of them.",
    ),
    (
        _through(lambda values: values[[0, -1]]),
        "that is the line through the first and the last alone; fit all of them.",
    ),
]

# ---- 14.11: a power law --------------------------------------------------------------------------

_NOISE = 1 + 0.4 * _TEN
POWER_LAW_CASES = [
    (_SIZES, 90 * _SIZES**-0.35 * _NOISE[:5]),
    (np.array([1.5, 3, 6, 12]), 2.5 * np.array([1.5, 3, 6, 12]) ** -1.2 * _NOISE[3:7]),
    (100 * 2 ** np.arange(10), 0.6 * (100 * 2 ** np.arange(10)) ** -0.5 * _NOISE),
]


def power_law(sizes, errors) -> np.ndarray:
    """The right answer: c and b of c · n^-b, by least squares on logarithms of both."""
    return _law()(sizes, errors)


def _law(log_sizes=np.log, log_errors=np.log, power=np.exp, order=slice(None)):
    """The fit, right or with a slip in a logarithm or in what is made of the line."""

    def fit(sizes, errors):
        slope, intercept = np.polyfit(log_sizes(sizes[order]), log_errors(errors[order]), 1)
        return np.array([power(intercept), -slope])

    return fit


def _same(values):
    return values


def _on_errors(sizes, errors) -> np.ndarray:
    """Least squares on the errors themselves."""
    start = power_law(sizes, errors)
    return optimize.curve_fit(lambda n, c, b: c * n**-b, 1.0 * sizes, errors, p0=start)[0]


def _other_way_round(sizes, errors) -> np.ndarray:
    """The line of the sizes over the errors, turned round."""
    slope, intercept = np.polyfit(np.log(errors), np.log(sizes), 1)
    return np.array([np.exp(-intercept / slope), -1 / slope])


POWER_LAWS = [
    (
        lambda *given: power_law(*given) * [1, -1],
        "b is the slope with its sign turned: errors that fall with n have a b above 0.",
    ),
    (lambda *given: power_law(*given)[::-1], "in the other order: c first, then b."),
    (
        lambda *given: np.polyfit(*np.log(given), 1),
        "those are slope and intercept; return c, the exponential of the intercept, and -slope.",
    ),
    (
        _law(power=_same),
        "the intercept is the logarithm of c; take np.exp of it.",
    ),
    (
        lambda *given: np.polyfit(*np.log(given), 1)[::-1],
        "the intercept is the logarithm of c, and the slope is -b: two steps are missing.",
    ),
    (
        _law(np.log10, np.log10, _same),
        "the intercept is the logarithm of c to base 10; c is 10 to that power.",
    ),
    (_law(np.log2, np.log2, _same), "the intercept is the logarithm of c to base 2; raise it."),
    (
        _law(np.log10, np.log10),
        "np.exp does not undo np.log10; 10 ** intercept does.",
    ),
    (_law(np.log2, np.log2), "np.exp does not undo np.log2; 2 ** intercept does."),
    (
        _law(power=lambda intercept: 10**intercept),
        "10 to a power does not undo np.log; np.exp does.",
    ),
    (
        _law(np.log10),
        "the sizes have one base and the errors another; take the same logarithm for both.",
    ),
    (
        _law(log_sizes=_same),
        "the sizes have no logarithm: that is an exponential; a power law is straight in both.",
    ),
    (
        _law(log_errors=_same, power=_same),
        "the errors have no logarithm; a power law is straight where both axes have one.",
    ),
    (
        _law(_same, _same, _same),
        "that is a straight line through the plain numbers; take the logarithms of both first.",
    ),
    (
        _law(lambda sizes: -np.log(sizes), power=lambda intercept: np.exp(-intercept)),
        "both signs are turned: exp(intercept) is c, and over -log n the slope is b itself.",
    ),
    (
        _on_errors,
        "that fits the errors themselves, so small ones hardly count; fit their logarithms.",
    ),
    (
        _other_way_round,
        "that is the line of sizes over errors; take the errors over the sizes.",
    ),
    (
        _law(order=[0, -1]),
        "that goes through the first and the last point alone; fit all of them.",
    ),
    (
        _law(order=slice(-2, None)),
        "that goes through the last two points alone; fit all of them.",
    ),
    (
        lambda *given: np.array([given[1][0], power_law(*given)[1]]),
        "c is no error that was measured: it is the line's value at n = 1, exp(intercept).",
    ),
    (lambda *given: power_law(*given)[1], "that is b alone; return c, too, and before it."),
]
