"""Known mistakes in the exercises of lesson 10, each with the sentence that names it.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np


def _points(start, end, shares) -> np.ndarray:
    return np.array([(1 - share) * start + share * end for share in shares])


ON_THE_WAY = [
    (lambda a, b, shares: _points(b, a, shares), "that goes from end to start."),
    (lambda a, b, shares: _points(a, a + b, shares), "at share 1 that is start + end."),
    (lambda a, b, shares: _points(0 * a, b - a, shares), "that is the way; begin at start."),
    (lambda a, b, shares: _points(a, b, shares).T, "that is (k, m): one point a column."),
    (
        lambda a, b, shares: np.linspace(a, b, len(shares)),
        "these are equal steps; take the shares that are given.",
    ),
]


def _bits(elbo, image_shape):
    return -elbo / (np.prod(image_shape) * np.log(2))


BITS_PER_VALUE = [
    (lambda e, s: -_bits(e, s), "a length is minus the logarithm of the probability."),
    (lambda e, s: abs(_bits(e, s)), "a density may be above 1: do not drop the sign."),
    (lambda e, s: -e / np.prod(s), "those are nats; one bit is ln 2 nats."),
    (lambda e, s: -e * np.log(2) / np.prod(s), "a bit is less than a nat: more bits, divide."),
    (lambda e, s: -e / np.log(2), "that is for the whole image."),
    (lambda e, s: -e / (s[0] * s[1] * np.log(2)), "each channel of a pixel is a value."),
    (lambda e, s: -e / (784 * np.log(2)), "images may have another shape."),
    (lambda e, s: np.mean(_bits(e, s)), "one number for each image."),
    (lambda e, s: -e / np.prod(s) / np.log(10), "those are decimal digits; use ln 2."),
]


def _rates(variances, noise, beta) -> np.ndarray:
    return np.maximum(0, np.log(variances / (beta * noise)) / 2)


TOTAL_RATE = [
    (
        lambda v, s, beta: np.sum(np.log(v / (beta * s)) / 2),
        "no rate is negative: directions below beta times the noise are off.",
    ),
    (
        lambda v, s, beta: max(0, np.sum(np.log(v / (beta * s)) / 2)),
        "each direction is off or on by itself: first the maximum with 0, then the sum.",
    ),
    (lambda v, s, beta: 2 * _rates(v, s, beta).sum(), "one half stands before the logarithm."),
    (lambda v, s, beta: _rates(v, s, 1).sum(), "the level is beta times the noise."),
    (
        lambda v, s, beta: np.sum(v > beta * s),
        "that counts those that are on; add their rates.",
    ),
    (lambda v, s, beta: _rates(v, s, beta), "that is each direction's; now the sum."),
    (lambda v, s, beta: _rates(v, s, beta).mean(), "all directions together: the sum."),
]


def _given(x, p) -> np.ndarray:
    """The probability of each pixel."""
    return np.where(x == 1, p, 1 - p)


def _sum(x, p, known):
    return np.sum(known * np.log(_given(x, p)))


KNOWN_LOG_LIKELIHOOD = [
    (lambda x, p, known: _sum(x, p, 1), "hidden pixels must not count: multiply by known."),
    (lambda x, p, known: _sum(x, p, 1 - known), "those are the hidden pixels."),
    (lambda x, p, known: np.sum(known * x * np.log(p)), "black pixels count too: log(1 - p)."),
    (
        lambda x, p, known: np.sum(known * np.log(p)),
        "p is the probability of white; a black pixel has 1 - p.",
    ),
    (lambda x, p, known: _sum(x, p, known) / x.size, "a sum; a mean is a hidden beta."),
    (
        lambda x, p, known: _sum(x, p, known) / known.sum(),
        "a sum; a mean over the known pixels is a hidden beta.",
    ),
    (lambda x, p, known: -_sum(x, p, known), "that is the cross-entropy: mind the sign."),
    (
        lambda x, p, known: np.sum(known * np.log(_given(x, p)), axis=-1),
        "one number for the whole image: sum over all axes.",
    ),
    (
        lambda x, p, known: np.sum(known * _given(x, p)),
        "take the logarithm of each probability.",
    ),
]
