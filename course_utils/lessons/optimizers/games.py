"""Two players on a plane: descent-ascent in three orders of moves, and the matrix of one step.

Owns the smallest games that show what happens between two networks; pure NumPy, draws nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_name, check_real, check_whole
from course_utils.lessons.optimizers.rules import FAR

Scheme = Callable[["Game", float, float, float, float], tuple[float, float]]


@dataclass(frozen=True)
class Game:
    """V(x, y) = coupling x y + damping_x x²/2 - damping_y y²/2; x wants V small, y wants it large.

    Its only point of rest is (0, 0). Without damping it is the bilinear game x y. Raises ValueError
    for a coupling of 0, which leaves no game, and for a damping below 0.
    """

    coupling: float = 1.0
    damping_x: float = 0.0
    damping_y: float = 0.0

    def __post_init__(self):
        if check_real("coupling", self.coupling) == 0:
            raise ValueError("coupling is 0, so the players do not meet; give another number.")
        for name in ("damping_x", "damping_y"):
            check_real(name, getattr(self, name), 0)

    def value(self, x, y):
        """V at (x, y), numbers or arrays."""
        return self.coupling * x * y + self.damping_x * x**2 / 2 - self.damping_y * y**2 / 2

    def slopes(self, x, y):
        """(dV/dx, dV/dy) at (x, y), numbers or arrays."""
        return self.coupling * y + self.damping_x * x, self.coupling * x - self.damping_y * y


def simultaneous(game: Game, x, y, rate_x: float, rate_y: float):
    """One step in which both players answer the same old point."""
    slope_x, slope_y = game.slopes(x, y)
    return x - rate_x * slope_x, y + rate_y * slope_y


def alternating(game: Game, x, y, rate_x: float, rate_y: float):
    """One step in which y answers the x that has just moved, as a GAN's updates do."""
    x = x - rate_x * game.slopes(x, y)[0]
    return x, y + rate_y * game.slopes(x, y)[1]


def extragradient(game: Game, x, y, rate_x: float, rate_y: float):
    """One step from the old point with the slopes of a trial step (Korpelevich 1976).

    It asks for the slopes twice, so it costs two simultaneous steps.
    """
    slope_x, slope_y = game.slopes(*simultaneous(game, x, y, rate_x, rate_y))
    return x - rate_x * slope_x, y + rate_y * slope_y


SCHEMES: Mapping[str, Scheme] = {
    "simultaneous": simultaneous,
    "alternating": alternating,
    "extragradient": extragradient,
}


def _scheme(name: str) -> Scheme:
    check_name("scheme", name, SCHEMES)
    return SCHEMES[name]


def _rates(rates) -> tuple[float, float]:
    if not isinstance(rates, tuple | list | np.ndarray) or len(rates) != 2:
        raise ValueError(f"The rates are {rates!r}; give two, (rate_x, rate_y).")
    return tuple(
        check_real(name, rate, 0, open_ended=True)
        for name, rate in zip(("rate_x", "rate_y"), rates, strict=True)
    )


def play(game: Game, scheme: str, rates, num_steps: int, start=(1.0, 0.0)) -> np.ndarray:
    """The path of the two players, float64, shape (num_steps + 1, 2); its first point is `start`.

    scheme: one of `SCHEMES`. rates: (rate_x, rate_y). A path that gets further than 1e6 from the
    origin ends there and is shorter.

    >>> play(Game(), "alternating", (1.0, 1.0), 3).tolist()
    [[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [-1.0, 0.0]]
    """
    step, rates = _scheme(scheme), _rates(rates)
    num_steps = check_whole("num_steps", num_steps, 0)
    start = np.asarray(start, np.float64)
    if start.shape != (2,) or not np.isfinite(start).all():
        raise ValueError(f"The start is {start.tolist()}; give two finite numbers, (x, y).")
    path = [tuple(start.tolist())]
    while len(path) <= num_steps and max(map(abs, path[-1])) <= FAR:
        path.append(step(game, *path[-1], *rates))
    return np.array(path)


def step_matrix(game: Game, scheme: str, rates) -> np.ndarray:
    """The (2, 2) matrix M of one step, (x, y) -> M (x, y): all of these steps are linear.

    >>> step_matrix(Game(), "simultaneous", (0.5, 0.25))
    array([[ 1.  , -0.5 ],
           [ 0.25,  1.  ]])
    """
    step, rates = _scheme(scheme), _rates(rates)
    return np.array([step(game, 1.0, 0.0, *rates), step(game, 0.0, 1.0, *rates)]).T


def growth(game: Game, scheme: str, rates) -> float:
    """The largest absolute eigenvalue of `step_matrix`: in the long run, the factor of one step.

    Below 1 both players come to rest; above 1 almost every start runs away.

    >>> round(growth(Game(), "simultaneous", (0.6, 0.6)) ** 2, 6)
    1.36
    """
    return float(np.abs(np.linalg.eigvals(step_matrix(game, scheme, rates))).max())


def running_average(path) -> np.ndarray:
    """Mean of the first 1, 2, 3, … points of a path (n, 2): the averaged players, (n, 2).

    >>> running_average([[2.0, 0.0], [0.0, 2.0]]).tolist()
    [[2.0, 0.0], [1.0, 1.0]]
    """
    path = np.asarray(path, np.float64)
    if path.ndim != 2 or path.shape[1] != 2 or len(path) == 0:
        raise ValueError(f"The path has shape {path.shape}; give (n, 2) with at least one point.")
    if not np.isfinite(path).all():
        raise ValueError("The path has coordinates that are not finite (NaN or infinity).")
    return np.cumsum(path, axis=0) / np.arange(1, len(path) + 1)[:, np.newaxis]
