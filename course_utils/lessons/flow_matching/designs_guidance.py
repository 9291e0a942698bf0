"""Guided velocities, right and with known slips, and what is wrong with a learner's.

`checks.check_design` asks for exercise 15.12 of lesson 15; the course's own guidance is in
`models.guided_field`.
"""

from collections.abc import Callable

import numpy as np

GUIDED = (0.15, 0.55)
_LABELS, _POINTS = np.array([1, 2, 4]), np.array([[0.5, -1.0], [2.0, 0.3], [-0.7, 1.1]])
_INSIDE, _OUTSIDE = (0.15, 0.3, 0.54), (0.0, 0.149, 0.55, 0.9)
_WEIGHTS = (3.0, 0.0, 1.5)


class Asked:
    """A velocity field that knows labels, and counts how often it is asked; None is no label."""

    def __init__(self):
        self.with_labels = self.without = 0

    def __call__(self, points, time, labels):
        if labels is None:
            self.without += 1
            return np.sin(points) + time
        self.with_labels += 1
        told = 1.5 + np.asarray(labels)[:, np.newaxis]  # 0 for no whole number: None alone is u
        return np.sin(points) + time + told * (1 + points**2)


def make_guided(
    *,
    formula: Callable = lambda v, u, weight: u + weight * (v - u),
    is_inside: Callable = lambda time, begin, end: begin <= time < end,
    outside: str = "with",
    no_class: Callable = lambda labels: None,
    always_asks: bool = False,
) -> Callable:
    """A guided velocity (velocity, points, time, labels, weight, guided) -> array; by default the
    right one: u + weight (v - u) between both times, v elsewhere (Ho and Salimans 2022, equation 6,
    with weight = w + 1; Kynkäänniemi et al. 2024, equation 5).

    formula: of v with the labels and u without; outside: "with" or "without" the labels
    no_class: of the labels, what is handed on for u
    """

    def guided_velocity(velocity, points, time, labels, weight, guided):
        inside = is_inside(time, *guided)
        if not inside and not always_asks:
            return velocity(points, time, labels if outside == "with" else no_class(labels))
        v, u = velocity(points, time, labels), velocity(points, time, no_class(labels))
        return formula(v, u, weight) if inside else {"with": v, "without": u}[outside]

    return guided_velocity


MISTAKES = {
    "the two have changed places: go from u, without the class, towards v, with it.": {
        "formula": lambda v, u, weight: v + weight * (u - v)
    },
    "that begins at v, so a weight of 1 already exaggerates; begin at u.": {
        "formula": lambda v, u, weight: v + weight * (v - u)
    },
    "the step from u to v is there; add u.": {"formula": lambda v, u, weight: weight * (v - u)},
    "v is multiplied by the weight; multiply the difference v - u.": {
        "formula": lambda v, u, weight: weight * v
    },
    "u has to count 1 - weight times: u + weight (v - u).": {
        "formula": lambda v, u, weight: weight * v + u
    },
    "that is the mean of both: the weight is not in it.": {
        "formula": lambda v, u, weight: (u + v) / 2
    },
    "the weight is not in it: inside the interval, go beyond v.": {
        "formula": lambda v, u, weight: v
    },
    "guidance is on at all times; outside the interval return v.": {
        "is_inside": lambda time, begin, end: True
    },
    "guidance is on outside the interval and off inside; turn it round.": {
        "is_inside": lambda time, begin, end: not begin <= time < end
    },
    "guidance goes on after the interval's end; return v from there on.": {
        "is_inside": lambda time, begin, end: begin <= time
    },
    "guidance is on before the interval's beginning; return v up to there.": {
        "is_inside": lambda time, begin, end: time < end
    },
    "at the interval's first time guidance is on: begin <= time.": {
        "is_inside": lambda time, begin, end: begin < time < end
    },
    "at the interval's second time guidance is off: time < end.": {
        "is_inside": lambda time, begin, end: begin <= time <= end
    },
    "outside the interval the class is forgotten: return v there, not u.": {"outside": "without"},
    "u is asked for with class 0; no class is None.": {"no_class": np.zeros_like},
    "right, but outside the interval the network is asked twice, for nothing: ask for v alone.": {
        "always_asks": True
    },
}


def guidance_fault(guided_velocity: Callable) -> str:
    """The fault of guided_velocity(velocity, points, time, labels, weight, guided), or ""."""
    found, calls = _tried(guided_velocity)
    if any(value is None for value in found):
        return "your function returns None at some of the times; does it end with return?"
    shapes = [value.shape for value in found if value.shape != _POINTS.shape]
    if shapes:
        got = f"an array of shape {shapes[0]}" if shapes[0] else "no array"
        return f"return velocities of the points' shape; points {_POINTS.shape} got {got}."
    if _same(found, _tried(make_guided())[0]):
        if any(calls[time] > 1 for time in _OUTSIDE):
            return list(MISTAKES)[-1]
        return ""
    for sentence, slip in MISTAKES.items():
        if _same(found, _tried(make_guided(**slip))[0]):
            return sentence
    return "inside the interval return u + weight (v - u), elsewhere v; these are other numbers."


def _same(found: list, expected: list) -> bool:
    return all(np.allclose(one, other) for one, other in zip(found, expected, strict=True))


def _tried(guided_velocity: Callable) -> tuple[list[np.ndarray | None], dict[float, int]]:
    """What it returns at each time and weight, and how often it asks the field at each time."""
    found, calls = [], {}
    for time in (*_INSIDE, *_OUTSIDE):
        for weight in _WEIGHTS:
            field = Asked()
            value = guided_velocity(field, _POINTS.copy(), time, _LABELS, weight, GUIDED)
            found.append(None if value is None else _numbers(value))
            calls[time] = field.with_labels + field.without
    return found, calls


def _numbers(value) -> np.ndarray:
    """An array of numbers; whatever else was returned becomes one without shape."""
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return np.array(np.nan)
