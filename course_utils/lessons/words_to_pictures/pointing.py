"""A velocity field that leads to one prompt and away from another, for the solvers."""

from collections.abc import Callable

from course_utils.models.flow_solvers import Velocity


def pointing_away(velocity: Callable, prompt: str, unwanted: str, weight: float) -> Velocity:
    """field(points, time): from the unwanted prompt's velocity `weight` times towards the other.

    velocity: function(points, time, prompt) -> velocities of the points' shape
    unwanted: a negative prompt; the empty one makes this the guidance of Ho and Salimans (2022,
        equation 6, with weight = w + 1)

    >>> by_letters = lambda points, time, prompt: points * len(prompt)
    >>> pointing_away(by_letters, "heart", "red", 3.0)(1.0, 0.5)
    9.0
    """

    def field(points, time):
        without = velocity(points, time, unwanted)
        return without + weight * (velocity(points, time, prompt) - without)

    return field
