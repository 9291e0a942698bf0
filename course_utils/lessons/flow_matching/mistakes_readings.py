"""Known mistakes in the functions that section 3 of lesson 15 asks for, with their sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases. The
right formulas are in `models.flow_paths`.
"""

import numpy as np

# ---- 15.5: everything from a guess of the noise --------------------------------------------------

_random = np.random.default_rng(15)
NOISE_CASES = [
    (_random.normal(size=(3, 2)), _random.normal(size=(3, 2)), 0.25),
    (_random.normal(size=(1, 2)), _random.normal(size=(1, 2)), 0.5),
    (_random.normal(size=(5, 2)), _random.normal(size=(5, 2)), 0.9),
]


def _four(guess, points, time, *, velocity=None, clean=None, score=None, axis=0) -> np.ndarray:
    """The right rows, or what is given in place of one of them."""
    right = [(points - guess) / time, (points - (1 - time) * guess) / time, -guess / (1 - time)]
    given = [velocity, clean, score]
    rows = [mine if other is None else other for mine, other in zip(right, given, strict=True)]
    return np.stack(rows, axis=axis)


READ_NOISE = [
    (
        lambda e, x, t: _four(e, x, t, velocity=(e - x) / t),
        "the velocity's sign: it leads from the noise to the data.",
    ),
    (
        lambda e, x, t: _four(e, x, t, velocity=x - e),
        "the velocity is clean image minus noise; yours is noisy point minus noise, t times that.",
    ),
    (
        lambda e, x, t: _four(e, x, t, velocity=(x - e) / (1 - t)),
        "the velocity: x_t - e is t (x - e), so divide by t, not by 1 - t.",
    ),
    (
        lambda e, x, t: _four(e, x, t, velocity=(x - (1 - t) * e) / t - x),
        "the velocity is clean image minus noise, not minus noisy point.",
    ),
    (
        lambda e, x, t: _four(e, x, t, clean=x - (1 - t) * e),
        "the clean image is still shrunk: what is left of the point without its noise is t x.",
    ),
    (
        lambda e, x, t: _four(e, x, t, clean=(x - e) / t),
        "the clean image: the point holds 1 - t of the noise, not all of it.",
    ),
    (
        lambda e, x, t: _four(e, x, t, clean=x - e),
        "the clean image: the point holds 1 - t of the noise and t of the image.",
    ),
    (
        lambda e, x, t: _four(e, x, t, clean=(x - t * e) / (1 - t)),
        "the clean image: here t is the image's share, and 1 - t the noise's.",
    ),
    (
        lambda e, x, t: _four(e, x, t, clean=(x - np.sqrt(1 - t) * e) / np.sqrt(t)),
        "the clean image: roots of the shares belong to DDPM's path; ours has t and 1 - t.",
    ),
    (
        lambda e, x, t: _four(e, x, t, score=e / (1 - t)),
        "the score's sign: noisy points are likelier where there is less noise in them.",
    ),
    (
        lambda e, x, t: _four(e, x, t, score=-e),
        "the score is not divided by 1 - t.",
    ),
    (
        lambda e, x, t: _four(e, x, t, score=-e / (1 - t) ** 2),
        "the score: (1 - t) e above the line cancels one of the two 1 - t below it.",
    ),
    (
        lambda e, x, t: _four(e, x, t, score=-e / t),
        "the score: the noise's share is 1 - t, so divide by that.",
    ),
    (
        lambda e, x, t: _four(e, x, t)[[1, 0, 2]],
        "velocity and clean image have changed places.",
    ),
    (
        lambda e, x, t: _four(e, x, t)[[0, 2, 1]],
        "clean image and score have changed places.",
    ),
    (
        lambda e, x, t: _four(e, x, t, axis=-1),
        "right numbers, but the three readings belong on the first axis: (3, n, 2).",
    ),
]

# ---- 15.6: what a squared error weighs -----------------------------------------------------------

TIME_CASES = [np.array([0.2, 0.5, 0.9]), np.array([0.1, 0.35]), np.array([0.95])]


def _rows(noise, velocity) -> np.ndarray:
    return np.stack(np.broadcast_arrays(noise, velocity))


WEIGHTS = [
    (
        lambda t: _rows(t / (1 - t), 1 / (1 - t)),
        "those are the errors' own factors; the squares' are asked for.",
    ),
    (
        lambda t: _rows(-t / (1 - t), 1 / (1 - t)),
        "those are the errors' own factors, sign and all; the squares' are asked for.",
    ),
    (
        lambda t: _rows(1 / (1 - t) ** 2, (t / (1 - t)) ** 2),
        "the rows have changed places: the noise first.",
    ),
    (
        lambda t: _rows(((1 - t) / t) ** 2, (1 - t) ** 2),
        "that is upside down: from the clean image's error to the others is asked for.",
    ),
    (
        lambda t: _rows((t / (1 - t)) ** 2, (1 - t) ** 2),
        "the velocity's row is upside down: v = (x - x_t) / (1 - t).",
    ),
    (
        lambda t: _rows(((1 - t) / t) ** 2, 1 / (1 - t) ** 2),
        "the noise's row is upside down: at t = 0 the point is the noise, so it is known.",
    ),
    (
        lambda t: _rows(t**2, 1 / (1 - t) ** 2),
        "the noise's row: t² is what it is of the velocity's squared error, not of the image's.",
    ),
    (
        lambda t: _rows(t**2, (1 - t) ** 2),
        "those are the squared shares of image and noise; errors at one point keep "
        "t Δx + (1 - t) Δe = 0.",
    ),
    (
        lambda t: _rows(t**2, np.ones_like(t)),
        "those are factors of the velocity's squared error; the clean image's is asked for.",
    ),
    (
        lambda t: _rows((t / (1 - t)) ** 2, ((1 + t) / (1 - t)) ** 2),
        "the velocity's row: Δv = Δx - Δe, and Δe has the other sign than Δx, so Δv is "
        "(1 + t / (1 - t)) Δx.",
    ),
    (
        lambda t: _rows((t / (1 - t)) ** 2, 1 + (t / (1 - t)) ** 2),
        "the velocity's row: errors add before they are squared, since one follows from the other.",
    ),
    (
        lambda t: _rows((t / (1 - t)) ** 2, (1 / t) ** 2),
        "the velocity's row: the guess of the clean image is divided by 1 - t, not by t.",
    ),
    (
        lambda t: _rows((t / (1 - t)) ** 2, 1 / (1 - t) ** 2).T,
        "two rows are asked for, one for the noise and one for the velocity; yours are columns.",
    ),
]
