"""Known mistakes in exercises 17.6 and 17.7 of lesson 17: the best of many, and frames.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import numpy as np
from scipy import ndimage, stats

from course_utils.lessons.applications_and_outlook.frames import between

# ---- 17.6: p-values, corrected for their number --------------------------------------------------

CORRECTED_CASES = [
    (np.array([31, 18, 24, 20]), 1000, 0.02),
    (np.array([9, 4, 12, 5, 7, 15]), 200, 0.03),
    (np.array([13]), 60, 0.1),
    (np.array([52, 80, 61]), 500, 0.1),
]


def corrected(clicks, shown, rate) -> np.ndarray:
    """The right answer: Bonferroni's p-values of `clicks` (n,) of `shown` each, at most 1.

    Under no difference each count is binomial; what counts is to be at least as high.
    """
    return _bonferroni(_tail(clicks, shown, rate))


def _tail(clicks, shown, rate):
    return stats.binom.sf(np.asarray(clicks) - 1, shown, rate)


def _bonferroni(values):
    return np.minimum(1, len(values) * values)


def _two_sided(clicks, shown, rate):
    return np.array([stats.binomtest(int(one), shown, rate).pvalue for one in clicks])


def _normal(clicks, shown, rate):
    return stats.norm.sf((clicks - shown * rate) / np.sqrt(shown * rate * (1 - rate)))


def _of(values):
    """Corrected values of p-values that are computed in another way."""
    return lambda *given: _bonferroni(values(*given))


def _holm(*given):
    values = _tail(*given)
    order = np.argsort(values)
    steps = np.maximum.accumulate((len(values) - np.arange(len(values))) * values[order])
    held = np.empty_like(values)
    held[order] = np.minimum(1, steps)
    return held


CORRECTIONS = [
    (_tail, "these are the p-values of single tests; multiply each by the number of variants."),
    (
        lambda *given: len(given[0]) * _tail(*given),
        "a p-value is no more than 1: cut the products off there.",
    ),
    (
        _of(lambda clicks, *given: stats.binom.sf(clicks, *given)),
        "that is P(X > clicks); the observed count belongs to it: binom.sf(clicks - 1, ...).",
    ),
    (
        lambda clicks, *given: stats.binom.sf(clicks, *given),
        "that is P(X > clicks), uncorrected; take binom.sf(clicks - 1, ...) times their number.",
    ),
    (
        _of(lambda *given: stats.binom.cdf(*given)),
        "that is P(X <= clicks), small for bad variants; the upper tail is sf(clicks - 1, ...).",
    ),
    (
        _of(lambda *given: stats.binom.pmf(*given)),
        "that is the chance of exactly so many clicks; so many or more are asked.",
    ),
    (_of(_two_sided), "that is two-sided; only a better variant counts here."),
    (_two_sided, "that is two-sided and uncorrected; take the upper tail times their number."),
    (_of(_normal), "that is the normal approximation; take the binomial's own tail."),
    (_of(lambda *given: 2 * _tail(*given)), "the tail is doubled; one side is asked."),
    (
        lambda *given: np.minimum(1, given[1] * _tail(*given)),
        "that is times the number of showings; what is repeated are the tests, one a variant.",
    ),
    (
        lambda *given: _tail(*given) / len(given[0]),
        "divided instead of multiplied: many tests make a small p-value more likely, not rarer.",
    ),
    (
        lambda *given: 1 - (1 - _tail(*given)) ** len(given[0]),
        "that is Šidák's correction, for independent tests; Bonferroni's is the plain product.",
    ),
    (_holm, "that is Holm's correction, which goes by rank; multiply all by the same number."),
    (
        lambda clicks, shown, rate: corrected(clicks, shown, np.mean(clicks) / shown),
        "the rate is estimated from the variants here; compare with the one that is given.",
    ),
    (
        lambda *given: float(corrected(*given).min()),
        "that is the smallest one alone; return one for each variant.",
    ),
    (
        lambda *given: corrected(*given) <= 0.05,
        "those are verdicts; return the corrected p-values.",
    ),
    (lambda *given: 1 - corrected(*given), "that is 1 - p; a small p is for a rare result."),
]

# ---- 17.7: a frame in between, by optical flow ---------------------------------------------------


def _frame_cases() -> list[tuple]:
    random = np.random.default_rng(0)
    cases = []
    for shape, share in (((7, 9), 0.25), ((6, 5), 0.5), ((8, 8), 0.8)):
        first, second = random.random((2, *shape))
        still = np.array([1.5, -0.75])[:, np.newaxis, np.newaxis] * np.ones((2, *shape))
        cases.append((first, second, still + random.normal(0, 0.3, (2, *shape)), share))
    return cases


FRAME_CASES = _frame_cases()


def _moved(image, flow, amount, **options) -> np.ndarray:
    places = np.indices(image.shape) + amount * flow
    return ndimage.map_coordinates(image, places, **{"order": 1, "mode": "nearest"} | options)


def _faded(back=lambda t: -t, forth=lambda t: 1 - t, weight=lambda t: t, **options):
    """A frame, right or with a slip in what is moved how far, or in what counts how much."""

    def frame(first, second, flow, share):
        one = _moved(first, flow, back(share), **options)
        other = _moved(second, flow, forth(share), **options)
        return (1 - weight(share)) * one + weight(share) * other

    return frame


FRAMES = [
    (
        _faded(back=lambda t: 0, forth=lambda t: 0),
        "nothing is moved: that is the cross-fade; look each image up at moved places.",
    ),
    (
        _faded(back=lambda t: t, forth=lambda t: t - 1),
        "both are moved the wrong way: what is at p now was at p - t·flow in the first image.",
    ),
    (
        _faded(back=lambda t: t),
        "the first image is moved the wrong way: look it up at p - t·flow.",
    ),
    (
        _faded(forth=lambda t: t - 1),
        "the second image is moved the wrong way: look it up at p + (1 - t)·flow.",
    ),
    (
        _faded(forth=lambda t: t),
        "the second image has the rest of the way before it: (1 - t)·flow, not t·flow.",
    ),
    (
        _faded(back=lambda t: t - 1, forth=lambda t: t),
        "the ways are exchanged: at t = 0 the first image has not moved.",
    ),
    (_faded(back=lambda t: -1, forth=lambda t: 1), "both are moved the whole way; by the time t."),
    (_faded(back=lambda t: 0), "the first image is not moved; look it up at p - t·flow."),
    (_faded(forth=lambda t: 0), "the second image is not moved; look it up at p + (1 - t)·flow."),
    (_faded(weight=lambda t: 1 - t), "the weights are exchanged: at t = 0 the first image counts."),
    (_faded(weight=lambda t: 0.5), "the weights are halves at every time; take 1 - t and t."),
    (_faded(weight=lambda t: 0), "that is the first image alone, moved; fade to the second."),
    (_faded(weight=lambda t: 1), "that is the second image alone, moved; fade from the first."),
    (
        lambda first, second, flow, share: between(first, second, flow[::-1], share),
        "rows and columns are exchanged: flow[0] is by how many rows, flow[1] by how many columns.",
    ),
    (
        _faded(mode="constant"),
        'places outside are black here; take the nearest pixel, mode="nearest".',
    ),
    (_faded(mode="wrap"), 'the image is wrapped around; take the nearest pixel, mode="nearest".'),
    (_faded(order=0), "that is the nearest pixel's value; interpolate linearly, order=1."),
    (_faded(order=3), "those are cubic splines, map_coordinates' default; give order=1."),
    (
        lambda first, second, flow, share: (
            (1 - share) * _moved(first, flow, -share) + _moved(second, flow, 1 - share)
        ),
        "the second image counts t, not fully.",
    ),
    (
        lambda *given: between(*given).round().astype(int),
        "the frame is rounded to black and white; leave the gray.",
    ),
]
