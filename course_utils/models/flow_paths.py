"""The path from noise to data that a flow is trained on, and the four readings of one guess.

Points or images `x`, noise `e` of the same shape, and a time t in [0, 1] for each:

    x_t = t x + (1 - t) e      noise at t = 0, data at t = 1 (Liu et al. 2023; Lipman et al. 2023)

All functions take NumPy arrays or tensors, as they broadcast, and return the same kind.
"""

from typing import NamedTuple

from course_utils.base.arguments import check_name

KINDS = ("velocity", "clean", "noise", "score")


class Readings(NamedTuple):
    """One guess about x_t, read in four ways: each follows from any other one.

    velocity: dx_t/dt = x - e; clean: x; noise: e; score: the gradient of log p_t at x_t, -e / (1-t)
    """

    velocity: object
    clean: object
    noise: object
    score: object


def between(data, noise, time):
    """x_t = t data + (1 - t) noise.

    >>> between(10.0, 2.0, 0.25)
    4.0
    """
    return time * data + (1 - time) * noise


def readings(kind: str, guess, points, time) -> Readings:
    """All four readings of a guess of one kind about points x_t at a time t.

    kind: what the guess is, one of `KINDS`. A clean image or a velocity says nothing of the noise's
    share at t = 1, where the score is infinite, nor noise of the image's share at t = 0: give times
    between, 0 < t < 1; a velocity or a clean image at t = 0 is fine.

    With the best guess, the mean over all x and e that lead to x_t, the score is that of p_t
    (Tweedie's formula; Albergo et al. 2023, theorem 2.6).

    >>> readings("velocity", 8.0, 4.0, 0.25)
    Readings(velocity=8.0, clean=10.0, noise=2.0, score=-2.6666666666666665)
    """
    check_name("reading", kind, KINDS)
    rest = 1 - time
    if kind == "clean":
        velocity = (guess - points) / rest
    elif kind == "noise":
        velocity = (points - guess) / time
    elif kind == "score":
        velocity = (points + rest * guess) / time
    else:
        velocity = guess
    noise = points - time * velocity
    return Readings(velocity, points + rest * velocity, noise, -noise / rest)
