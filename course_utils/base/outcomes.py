"""What a learner's update of one network did, as plain numbers.

`models.trial` or a lesson's room measures it, `checks.updates` judges it; they do not know each
other.
"""

from typing import NamedTuple

import numpy as np

RTOL = 1e-3  # two gradients are the same within this share of their length


class Outcome(NamedTuple):
    """What an update did to the networks that it got.

    player: the network that it was asked to move, such as "generator"
    moved: for each network, the share of the arrays of trained weights that changed
    gradient: what was subtracted from the player's weights, (k,); the optimizer's rate is 1
    expected: the gradient of the right loss, (k,)
    mistakes: the gradient of each known mistake, (k,), by the mistake's name
    updates: how often the optimizer was applied
    loss, returned: the right loss before the update; the number that was returned, None for others
    ignored: the inputs that make no difference, such as "real"
    repeats: whether the same call did the same again
    """

    player: str
    moved: dict[str, float]
    gradient: np.ndarray
    expected: np.ndarray
    mistakes: dict[str, np.ndarray]
    updates: int
    loss: float
    returned: float | None
    ignored: tuple[str, ...]
    repeats: bool


def as_number(value) -> float | None:
    """A number, array or tensor of one number as a float; None for anything else."""
    try:
        return float(np.asarray(value).reshape(()))
    except (TypeError, ValueError):  # nothing, several numbers, or something else
        return None


def same_gradient(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two gradients, (k,) each, are the same up to rounding.

    >>> same_gradient(np.array([1.0, 2.0]), np.array([1.0001, 2.0]))
    True
    >>> same_gradient(np.array([1.0, 2.0]), np.array([1.1, 2.0]))
    False
    """
    return bool(np.linalg.norm(one - other) <= RTOL * np.linalg.norm(other))
