"""Known mistakes in the functions that section 4 of lesson 15 asks for, with their sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases. The
right steps are in `models.flow_solvers`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# ---- 15.7: Heun's step ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """A velocity field with a name for hints, of at most 30 characters.

    >>> Field("t x", lambda points, time: time * points)
    the field t x
    """

    name: str
    velocity: Callable

    def __call__(self, points, time):
        return self.velocity(points, time)

    def __repr__(self) -> str:
        return f"the field {self.name}"


STEP_CASES = [
    (Field("t x", lambda x, t: t * x), np.array([[1.0, -2.0]]), 0.2, 0.5),
    (Field("2 - x³", lambda x, t: 2 - x**3), np.array([[0.3, 0.9], [-0.5, 0.1]]), 0.0, 0.25),
    (Field("x² + t²", lambda x, t: x**2 + t**2), np.array([[0.4, -0.7]]), 0.6, 0.7),
    (Field("t - x", lambda x, t: t - x), np.array([[0.4, 1.7]]), 0.9, 0.5),  # backwards
]


def _ends(velocity, points, now, then):
    """Length of the step, first velocity, end of the trial step, and the velocity there."""
    step, first = then - now, velocity(points, now)
    there = points + step * first
    return step, first, there, velocity(there, then)


def _of_ends(formula: Callable) -> Callable:
    """A wrong step, from a formula of points, step, first, there and second."""
    return lambda velocity, points, now, then: formula(points, *_ends(velocity, points, now, then))


def _with_second(second: Callable) -> Callable:
    """Heun's step with another second velocity: a function of velocity, points, now, then."""

    def step(velocity, points, now, then):
        first = velocity(points, now)
        return points + (then - now) / 2 * (first + second(velocity, points, now, then))

    return step


def _midpoint(velocity, points, now, then):
    step = then - now
    return points + step * velocity(points + step / 2 * velocity(points, now), now + step / 2)


def _two_halves(velocity, points, now, then):
    step = (then - now) / 2
    middle = points + step * velocity(points, now)
    return middle + step * velocity(middle, now + step)


def _long(velocity, points, now, then):
    """Both steps as long as the time at their end."""
    first = velocity(points, now)
    return points + then / 2 * (first + velocity(points + then * first, then))


HEUN_STEP = [
    (
        _of_ends(lambda x, h, first, there, second: there),
        "that is Euler's step: the velocity at the end of the trial step is missing.",
    ),
    (
        _midpoint,
        "that asks in the middle of the step (the midpoint rule, of order 2 as well); Heun takes "
        "the mean of the velocities at both ends.",
    ),
    (
        _two_halves,
        "those are two Euler steps of half the length; Heun takes the mean of the velocities at "
        "both ends.",
    ),
    (
        _with_second(lambda velocity, x, now, then: velocity(x, then)),
        "the second velocity is asked for at the old points; go where Euler's step leads first.",
    ),
    (
        _with_second(
            lambda velocity, x, now, then: velocity(x + (then - now) * velocity(x, now), now)
        ),
        "the second velocity is asked for at the old time; at the end of the step it is `then`.",
    ),
    (
        _with_second(
            lambda velocity, x, now, then: velocity(x + (then - now) / 2 * velocity(x, now), then)
        ),
        "the trial step is only half as long as the step.",
    ),
    (
        _with_second(lambda velocity, x, now, then: velocity(x + velocity(x, now), then)),
        "the trial step lacks its length, then - now.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: x + h * (first + second)),
        "that goes twice as far: take the mean of the two velocities, not their sum.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: x + h * second),
        "that goes with the second velocity alone; take the mean of both.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: there + h / 2 * (first + second)),
        "the step begins at the points, not where the trial step ended.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: x + h / 2 * (second - first)),
        "the mean of the two velocities, not half of their difference.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: x + (first + second) / 2),
        "the mean velocity has to be multiplied by the length of the step, then - now.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: (first + second) / 2),
        "that is the mean velocity; the points at the end of the step are asked for.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: h / 2 * (first + second)),
        "that is how far the step leads; add the points.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: x - h / 2 * (first + second)),
        "that goes the wrong way: the step's length is then - now, with its sign.",
    ),
    (
        _long,
        "the step's length is then - now, not then.",
    ),
    (
        _of_ends(lambda x, h, first, there, second: x + abs(h) / 2 * (first + second)),
        "leave the step its sign: where then is below now, it leads back.",
    ),
]

# ---- 15.8: the order from two errors -------------------------------------------------------------

ERROR_CASES = [
    (np.array([4.0, 8.0]), np.array([0.11, 0.031])),
    (np.array([10.0, 30.0]), np.array([0.02, 0.0071])),
    (np.array([50.0, 20.0]), np.array([1e-4, 9.1e-4])),
]


def _order(steps, errors) -> float:
    return np.log(errors[0] / errors[1]) / np.log(steps[1] / steps[0])


ORDER = [
    (
        lambda steps, errors: -_order(steps, errors),
        "that is the slope of the line; the order is how fast the error falls, so minus that.",
    ),
    (
        lambda steps, errors: np.log2(errors[0] / errors[1]),
        "that is right only where the number of steps doubles; divide by its logarithm, too.",
    ),
    (
        lambda steps, errors: np.log(errors[0] / errors[1]),
        "divide by the logarithm of the steps' ratio.",
    ),
    (
        lambda steps, errors: np.log10(errors[0] / errors[1]),
        "that is how many powers of ten the error falls; divide by the same of the steps' ratio.",
    ),
    (
        lambda steps, errors: errors[0] / errors[1],
        "that is by which factor the error falls; the order is an exponent, so take logarithms.",
    ),
    (
        lambda steps, errors: (errors[0] / errors[1]) / (steps[1] / steps[0]),
        "an exponent is asked for: divide logarithms, not the ratios themselves.",
    ),
    (
        lambda steps, errors: np.log(errors[0] / errors[1]) / (steps[1] / steps[0]),
        "take the logarithm of the steps' ratio, too.",
    ),
    (
        lambda steps, errors: np.log(errors[0] / errors[1]) / (steps[1] - steps[0]),
        "the logarithm of the steps counts: on the plot both axes have logarithms.",
    ),
    (
        lambda steps, errors: 1 / _order(steps, errors),
        "that is upside down: the errors above the line, the steps below.",
    ),
    (
        lambda steps, errors: (errors[1] - errors[0]) / (steps[1] - steps[0]),
        "that is a slope without logarithms.",
    ),
    (
        lambda steps, errors: np.log(errors[0]) / np.log(errors[1]),
        "a quotient of logarithms of errors: take the logarithm of their quotient, and the steps'.",
    ),
    (
        lambda steps, errors: np.round(_order(steps, errors)),
        "right, but leave it unrounded: a measured order is seldom whole.",
    ),
]
