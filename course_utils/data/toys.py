"""Seeded sets of points in the plane, on which a model trains in seconds.

Learners reach them through `data`, which re-exports them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_name, check_whole


@dataclass(frozen=True)
class Toy:
    """A shape in the plane that points lie on or around.

    draw: function(random generator, n) -> places (n, 2) on the shape, without noise
    noise: the standard deviation of the Gaussian noise around each place
    modes: the centers (m, 2) where the shape is separate places, None where it is a curve
    """

    draw: Callable[[np.random.Generator, int], np.ndarray]
    noise: float
    modes: np.ndarray | None = None


def _around(modes: np.ndarray, noise: float) -> Toy:
    return Toy(lambda random, n: modes[random.integers(len(modes), size=n)], noise, modes)


def _moons(random: np.random.Generator, n: int) -> np.ndarray:
    angles = random.uniform(0, np.pi, n)
    lower = random.integers(2, size=n)
    # The upper half circle, or the same one turned by half and moved into its hollow.
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * (1 - 2 * lower)[:, np.newaxis]
    return (points + np.stack([lower, lower / 2], axis=1) - [0.5, 0.25]) / 1.5


def _line(random: np.random.Generator, n: int) -> np.ndarray:
    return np.repeat(random.uniform(-1, 1, (n, 1)), 2, axis=1)


_ANGLES = np.arange(8) * np.pi / 4
_STEPS = np.linspace(-1, 1, 5)

TOYS = {
    "ring": _around(np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1), 0.05),
    "grid": _around(np.stack(np.meshgrid(_STEPS, _STEPS), axis=-1).reshape(25, 2), 0.03),
    "moons": Toy(_moons, 0.05),
    "line": Toy(_line, 0.05),
}


def toy(name: str, n: int, seed: int = 0) -> np.ndarray:
    """`n` random points, float32 (n, 2), of a shape that fills about [-1.2, 1.2] both ways.

    "ring": eight Gaussians on the unit circle; "grid": 25 Gaussians, 0.5 apart; "moons": two
    interlocked half circles; "line": the diagonal from (-1, -1) to (1, 1). The noise around each
    is `TOYS[name].noise`. The same name, n and seed give the same points.
    """
    check_name("toy set", name, TOYS)
    check_whole("n", n, 0)
    random = np.random.default_rng(seed)
    points = TOYS[name].draw(random, n)
    return (points + random.normal(0, TOYS[name].noise, (n, 2))).astype(np.float32)


def toy_modes(name: str) -> np.ndarray:
    """The centers of "ring" or "grid", float64 (8, 2) or (25, 2), to count which ones are covered.

    >>> toy_modes("ring")[:2].round(3)
    array([[1.   , 0.   ],
           [0.707, 0.707]])
    """
    check_name(
        "toy set with modes", name, [key for key, one in TOYS.items() if one.modes is not None]
    )
    return TOYS[name].modes.copy()
