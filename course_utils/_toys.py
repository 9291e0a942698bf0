"""Seeded sets of points in the plane, on which a model trains in seconds.

Learners reach them through `data`, which re-exports them.
"""

import numpy as np

from course_utils._files import check_name

_ANGLES = np.arange(8) * np.pi / 4
_STEPS = np.linspace(-1, 1, 5)
_MODES = {
    "ring": np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1),
    "grid": np.stack(np.meshgrid(_STEPS, _STEPS), axis=-1).reshape(25, 2),
}

# The standard deviation of the Gaussian noise around each mode, or around the curve.
TOY_NOISE = {"ring": 0.05, "grid": 0.03, "moons": 0.05, "line": 0.05}


def toy(name: str, n: int, seed: int = 0) -> np.ndarray:
    """`n` random points, float32 (n, 2), of a shape that fills about [-1.2, 1.2] both ways.

    "ring": eight Gaussians on the unit circle; "grid": 25 Gaussians, 0.5 apart; "moons": two
    interlocked half circles; "line": the diagonal from (-1, -1) to (1, 1). The noise around each
    is `TOY_NOISE[name]`. The same name, n and seed give the same points.
    """
    check_name("toy set", name, TOY_NOISE)
    if not isinstance(n, int | np.integer) or n < 0:
        raise ValueError(f"n is {n!r}; give a whole number of 0 or more.")
    rng = np.random.default_rng(seed)
    if name in _MODES:
        modes = _MODES[name]
        points = modes[rng.integers(len(modes), size=n)]
    elif name == "moons":
        angles = rng.uniform(0, np.pi, n)
        lower = rng.integers(2, size=n)
        # The upper half circle, or the same one turned by half and moved into its hollow.
        points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * (1 - 2 * lower)[:, np.newaxis]
        points = (points + np.stack([lower, lower / 2], axis=1) - [0.5, 0.25]) / 1.5
    else:
        points = np.repeat(rng.uniform(-1, 1, (n, 1)), 2, axis=1)
    return (points + rng.normal(0, TOY_NOISE[name], (n, 2))).astype(np.float32)


def toy_modes(name: str) -> np.ndarray:
    """The centers of "ring" or "grid", float64 (8, 2) or (25, 2), to count which ones are covered.

    >>> toy_modes("ring")[:2].round(3)
    array([[1.   , 0.   ],
           [0.707, 0.707]])
    """
    check_name("toy set with modes", name, _MODES)
    return _MODES[name].copy()
