"""What is wrong with a learner's velocity that points away from an unwanted prompt.

`checks.check_design` asks for exercise 16.11 of lesson 16: guidance (Ho and Salimans 2022, equation
6) in which the unwanted prompt takes the place of the empty one.
"""

from collections.abc import Callable

import numpy as np

_POINTS = np.array([[0.5, -1.0], [2.0, 0.3], [-0.7, 1.1]])
_PROMPT, _UNWANTED = "black cat", "cat with tears of joy"
_CASES = [(time, weight) for time in (0.0, 0.4, 0.9) for weight in (3.0, 0.0, 1.0, 1.5)]


def field(points, time, prompt):
    """A velocity (n, d) that depends on all it is asked with; None and "" are the empty prompt."""
    told = sum(map(ord, "".join(prompt or ""))) / 1000
    return np.sin(points) + time + told * (1 + points**2)


def make_away(formula: Callable = lambda v, u, e, w: u + w * (v - u)) -> Callable:
    """A velocity (velocity, points, time, prompt, unwanted, weight) -> array; by default the right.

    formula: of v with the prompt, u with the unwanted one, e with the empty one, and the weight
    """

    def away(velocity, points, time, prompt, unwanted, weight):
        told = (velocity(points, time, text) for text in (prompt, unwanted, None))
        return formula(*told, weight)

    return away


MISTAKES = {
    "turned round: begin at the unwanted prompt's velocity and go towards the prompt's.": (
        lambda v, u, e, w: v + w * (u - v)
    ),
    "that begins at the prompt's velocity, so a weight of 1 already exaggerates; begin at the "
    "unwanted one's.": lambda v, u, e, w: v + w * (v - u),
    "that begins at the empty prompt's velocity; begin at the unwanted one's.": (
        lambda v, u, e, w: e + w * (v - u)
    ),
    "the step from one to the other is there; add the unwanted prompt's velocity.": (
        lambda v, u, e, w: w * (v - u)
    ),
    "that is guidance with the empty prompt; the unwanted one takes its place.": (
        lambda v, u, e, w: e + w * (v - e)
    ),
    "that goes from the empty prompt towards the unwanted one; the prompt is not in it.": (
        lambda v, u, e, w: e + w * (u - e)
    ),
    "the weight belongs to the whole difference, not to the prompt's velocity alone.": (
        lambda v, u, e, w: w * v - u
    ),
    "the weight belongs to the whole difference, not to the unwanted one's velocity alone.": (
        lambda v, u, e, w: v - w * u
    ),
    "the unwanted one's velocity has to count 1 - weight times.": lambda v, u, e, w: w * v + u,
    "the prompt's velocity is multiplied by the weight, and the unwanted one is not in it.": (
        lambda v, u, e, w: w * v
    ),
    "that goes from the prompt towards the unwanted one, beyond it with a large weight.": (
        lambda v, u, e, w: v + w * u
    ),
    "that is the mean of both: the weight is not in it.": lambda v, u, e, w: (u + v) / 2,
    "the weight is not in it: add `weight` times the difference.": lambda v, u, e, w: v - u,
    "the unwanted prompt is not in it, nor the weight.": lambda v, u, e, w: v,
    "that is the unwanted prompt's velocity alone.": lambda v, u, e, w: u,
}


def away_fault(away: Callable) -> str:
    """The fault of away(velocity, points, time, prompt, unwanted, weight), or ""."""
    found = []
    for time, weight in _CASES:
        value = away(field, _POINTS.copy(), time, _PROMPT, _UNWANTED, weight)
        if value is None:
            return "your function returns None; does it end with return?"
        found.append(_numbers(value))
        if found[-1].shape != _POINTS.shape:
            got = f"an array of shape {found[-1].shape}" if found[-1].ndim else "no array"
            return f"return velocities of the points' shape; points {_POINTS.shape} got {got}."
    if np.allclose(found, _known(make_away())):
        return ""
    for sentence, formula in MISTAKES.items():
        if np.allclose(found, _known(make_away(formula))):
            return sentence
    return (
        "return the unwanted prompt's velocity plus `weight` times the difference from it to the "
        "prompt's; these are other numbers."
    )


def _known(away: Callable) -> list[np.ndarray]:
    return [away(field, _POINTS, time, _PROMPT, _UNWANTED, weight) for time, weight in _CASES]


def _numbers(value) -> np.ndarray:
    """An array of numbers; whatever else was returned becomes one without shape."""
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return np.array(np.nan)
