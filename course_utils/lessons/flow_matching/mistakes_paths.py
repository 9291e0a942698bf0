"""Known mistakes in the functions that exercises 15.1 and 15.4 of lesson 15 ask for.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases. What
a training step does is judged in `designs_paths`.
"""

import numpy as np

from course_utils.lessons.flow_matching import exact

# ---- 15.1: the posterior weights of known images -------------------------------------------------

_random = np.random.default_rng(0)
_IMAGES = np.sign(_random.standard_normal((5, 3072)))  # here exp of the exponents is 0
WEIGHT_CASES = [
    (np.array([0.3, -0.2]), 0.4, np.array([[1.0, 0.0], [-1.0, 0.5], [0.2, -0.9]])),
    (np.array([0.1, 1.2, -0.4]), 0.0, _random.standard_normal((4, 3))),
    (np.array([0.5, 0.1]), 0.7, np.array([[0.9, 0.2], [0.4, 0.3]])),
    (0.3 * _IMAGES[2] + 0.7 * _random.standard_normal(3072), 0.3, _IMAGES),
]


def weights_of(noisy, time, known) -> np.ndarray:
    """The right answer: the weights (k,) of known images (k, d) for one noisy image (d,)."""
    return exact.posterior_weights(np.asarray(noisy)[None], time, known)[0]


def _squares(noisy, time, known) -> np.ndarray:
    return ((noisy - time * known) ** 2).sum(axis=1)


def _softmax(exponents) -> np.ndarray:
    shares = np.exp(exponents - exponents.max())
    return shares / shares.sum()


WEIGHTS = [
    (
        lambda x, t, known: _softmax(-_squares(x, t, known) / (1 - t) ** 2),
        "the 2 below the line is missing: the noise's density has 2 (1 - t)² there.",
    ),
    (
        lambda x, t, known: _softmax(-_squares(x, t, known) / (2 * (1 - t))),
        "the noise's share 1 - t is a deviation; its square, the variance, stands below the line.",
    ),
    (
        lambda x, t, known: _softmax(-_squares(x, t, known) / 2),
        "the noise's share is missing: divide by its variance (1 - t)².",
    ),
    (
        lambda x, t, known: _softmax(-_squares(x, 1, known) / (2 * (1 - t) ** 2)),
        "x_t lies around t x, not around x: multiply the known images by the time.",
    ),
    (
        lambda x, t, known: _softmax(-_squares(x, 1 - t, known) / (2 * t**2 + 1e-300)),
        "time and 1 - time have changed places: t belongs to the image, 1 - t to the noise.",
    ),
    (
        lambda x, t, known: _softmax(_squares(x, t, known) / (2 * (1 - t) ** 2)),
        "the sign: the nearer an image, the larger its weight.",
    ),
    (
        lambda x, t, known: _softmax(-np.sqrt(_squares(x, t, known)) / (2 * (1 - t) ** 2)),
        "the distance has to be squared: leave out the root.",
    ),
    (
        lambda x, t, known: _softmax(-_squares(x, t, known) / x.size / (2 * (1 - t) ** 2)),
        "the squares are summed over the pixels, not averaged: the densities multiply.",
    ),
    (
        lambda x, t, known: np.exp(
            np.min(_squares(x, t, known) - _squares(x, t, known)[:, None], axis=1)
            / (2 * (1 - t) ** 2)
        ),
        "the weights do not sum to 1: divide by their sum.",
    ),
    (
        lambda x, t, known: np.exp(-_squares(x, t, known) / (2 * (1 - t) ** 2)),
        "the weights do not sum to 1: take the largest exponent out, then divide by their sum.",
    ),
    (
        lambda x, t, known: np.eye(len(known))[_squares(x, t, known).argmin()],
        "that gives everything to the nearest image; every image has a weight.",
    ),
    (
        lambda x, t, known: np.log(weights_of(x, t, known) + 1e-300),
        "those are the logarithms of the weights.",
    ),
    (
        lambda x, t, known: weights_of(x, t, known) @ known,
        "that is the mean image; the weights alone are asked for.",
    ),
]

# ---- 15.4: the velocity of one Gaussian ----------------------------------------------------------

GAUSSIAN_CASES = [
    (np.array([[0.5, -1.0], [2.0, 0.3]]), 0.3, np.array([1.0, 0.5]), 0.6),
    (np.array([[0.9, 0.1], [-0.4, 0.7], [0.0, 0.0]]), 0.9, np.array([0.7, -0.7]), 0.05),
    (np.array([[0.2, -1.5]]), 0.0, np.array([-1.0, 2.0]), 0.4),
    (np.array([[1.5]]), 0.8, np.array([1.0]), 2.0),
]


def gaussian_velocity(points, time, center, deviation) -> np.ndarray:
    """The right answer: E[x - e | x_t] (n, d) for x normal around one center (d,)."""
    return exact.velocity(points, time, np.asarray(center)[None], deviation)


def _with(covariance, variance, middle=lambda t, m: t * m, mean=lambda t, m: m):
    """A formula mean + covariance / variance (x_t - middle), right or with a slip."""
    return lambda x, t, m, s: mean(t, m) + covariance(t, s) / variance(t, s) * (x - middle(t, m))


def _cov(t, s):
    return t * s**2 - (1 - t)


def _var(t, s):
    return t**2 * s**2 + (1 - t) ** 2


GAUSSIAN = [
    (
        _with(lambda t, s: t * s**2, _var),
        "that is the mean of x, the clean point; the velocity is x - e.",
    ),
    (
        _with(lambda t, s: 1 - t, _var, mean=lambda t, m: 0 * m),
        "that is the mean of the noise e; the velocity is x - e.",
    ),
    (
        _with(lambda t, s: -1.0, _var, mean=lambda t, m: 0 * m),
        "that is the score, the gradient of the log density; the velocity is asked for.",
    ),
    (
        _with(lambda t, s: t * s**2 + (1 - t), _var),
        "the covariance: e enters x - e with a minus, so its part is subtracted.",
    ),
    (
        _with(lambda t, s: -_cov(t, s), _var),
        "the sign of the covariance: x - e, not e - x.",
    ),
    (
        _with(_cov, _var, mean=lambda t, m: 0 * m),
        "the mean of x - e, which is the center, has to be added.",
    ),
    (
        _with(_cov, _var, mean=lambda t, m: t * m),
        "the mean of x - e is the center itself, at every time: no t before it.",
    ),
    (
        _with(_cov, _var, middle=lambda t, m: m),
        "the mean of x_t is t times the center: subtract that from the points.",
    ),
    (
        _with(_cov, _var, middle=lambda t, m: 0 * m),
        "subtract the mean of x_t, t times the center, from the points.",
    ),
    (
        _with(lambda t, s: t * s - (1 - t), _var),
        "in the covariance the deviation enters squared, as a variance.",
    ),
    (
        _with(lambda t, s: t**2 * s**2 - (1 - t) ** 2, _var),
        "the covariance: x - e has no factors t and 1 - t, so each enters once, not squared.",
    ),
    (
        _with(lambda t, s: s**2 - 1, _var),
        "the covariance: x_t has the factors t and 1 - t, so each enters once.",
    ),
    (
        _with(_cov, lambda t, s: t * s**2 + (1 - t)),
        "the variance of x_t: a factor before a variable enters squared.",
    ),
    (
        _with(_cov, lambda t, s: s**2 + (1 - t) ** 2),
        "the variance of x_t: t x has the variance t² deviation².",
    ),
    (
        _with(_cov, lambda t, s: np.sqrt(_var(t, s))),
        "divide by the variance of x_t, not by its deviation.",
    ),
    (
        _with(_cov, lambda t, s: 1.0),
        "divide the covariance by the variance of x_t.",
    ),
    (
        lambda x, t, m, s: (m - x) / (1 - t),
        "that goes straight to the center; it is right only for a deviation of 0.",
    ),
    (
        lambda x, t, m, s: m - x,
        "that is right at t = 0 only: compute covariance and variance at the time t.",
    ),
]
