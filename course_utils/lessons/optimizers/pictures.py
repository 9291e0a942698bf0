"""The live pictures of lesson 04: a path on the contours of a surface, and the path of a game.

What stays the same is drawn once and kept; a redraw restores it and adds the path, in about 15 ms.
Also a chart of more curves than `plots.curves` has room for.
"""

import functools

import numpy as np

from course_utils import plots
from course_utils.base import arguments
from course_utils.lessons.optimizers import games, rules, surfaces

PICTURE_WIDTH = 420  # screen pixels; on a laptop's page the controls fit beside it
GAME_VIEW = (-2.5, 2.5, -2.0, 2.0)  # left, right, bottom, top: the same scale both ways
GAME_START = (1.0, 0.0)
_DPI = 125
_SIZE = (5.0, 4.3)  # inches
_PLACES = {"Rosenbrock": "Rosenbrock valley"}
_PATH, _OTHER = plots.COLORS[1], plots.COLORS[0]


class _Paths:
    """Axes that are drawn once, and lines on them that change."""

    def __init__(self, limits, xlabel: str, ylabel: str):
        self._backdrop = plots.Backdrop(_SIZE, _DPI)
        self.axes = self._backdrop.figure.add_axes((0.11, 0.11, 0.86, 0.80))
        left, right, bottom, top = limits
        self.axes.set(xlim=(left, right), ylim=(bottom, top))
        self.axes.set_xlabel(xlabel, fontsize=11)
        self.axes.set_ylabel(ylabel, fontsize=11, labelpad=-2)
        self.axes.tick_params(labelsize=9)
        self._lines = {}

    def add_line(self, name: str, **style) -> None:
        """A line that changes; its name is in the legend."""
        (self._lines[name],) = self.axes.plot([], [], label=name, animated=True, **style)

    def add_path(self, name: str = "path") -> None:
        """A line with a dot at each step, and marks for its start and its end."""
        self.add_line(name, color=_PATH, linewidth=1.4, marker="o", markersize=3.5)
        mark = {"linestyle": "none", "markeredgewidth": 2, "markerfacecolor": "none"}
        self.add_line("start", color="black", marker="o", markersize=10, **mark)
        self.add_line("end", color="black", marker="s", markersize=9, **mark)

    def keep(self) -> None:
        """Draw all that stays."""
        self.axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 0.99),
            ncols=5,
            columnspacing=1.2,
            frameon=False,
            fontsize=9,
        )
        self._backdrop.keep()

    def png(self, lines: dict[str, np.ndarray]) -> bytes:
        """PNG file with these points (n, 2) in the lines of these names; the others stay away."""
        for name, points in lines.items():
            self._lines[name].set_data(*points.T)
        return self._backdrop.png(self._lines[name] for name in lines)


def _clipped(path: np.ndarray, limits) -> np.ndarray:
    """The path up to its first points far outside: Matplotlib draws no line of 1e6 pictures."""
    left, right, bottom, top = limits
    span = max(right - left, top - bottom)
    far = np.flatnonzero(
        (np.abs(path - [(left + right) / 2, (bottom + top) / 2]) > 20 * span).any(1)
    )
    return path[: far[0]] if far.size else path


def _whole(steps: float) -> int:
    """A slider's number of steps, which arrives as 60.0."""
    return round(arguments.check_real("steps", steps, 0, 10_000))


def _is_inside(point, limits) -> bool:
    left, right, bottom, top = limits
    return left <= point[0] <= right and bottom <= point[1] <= top


# ---- descent -------------------------------------------------------------------------------------


@functools.cache
def _contours(name: str) -> _Paths:
    """The contours of a surface; each band is a constant factor in height."""
    from matplotlib import colormaps

    surface = surfaces.surface(name)
    left, right, bottom, top = surface.view
    paths = _Paths(surface.view, "x", "y")
    x, y = np.meshgrid(np.linspace(left, right, 241), np.linspace(bottom, top, 241))
    heights = surface.value(np.stack([x, y], axis=-1))
    above = heights - surface.value(np.array(surface.minima)).min()
    levels = np.geomspace(above.max() / 1e4, above.max() * 1.001, 13)
    # Pale bands, on which dark marks stay readable; black lines between them.
    bands = np.clip(colormaps["cividis"](np.linspace(0, 1, 13)) * 0.55 + 0.45, 0, 1)
    levels = np.concatenate([[-1e-9], levels])
    paths.axes.contourf(x, y, above, levels, colors=bands)
    paths.axes.contour(x, y, above, levels, colors="#666666", linewidths=0.4)
    paths.axes.plot(
        *np.array(surface.minima).T, "+", color="black", ms=13, mew=2, ls="none", label="minimum"
    )
    paths.add_path()
    paths.keep()
    return paths


def descent_figure(
    surface: str,
    rule: str,
    log_rate: float,
    momentum: float,
    noise: float,
    steps: float,
    seed: int,
) -> plots.Figure:
    """Contours of a surface with the path of a rule on it, and in words where the path ends.

    surface: one of `surfaces.SURFACES`. rule: one of `rules.RULES`. log_rate: logarithm to
    base 10 of the learning rate. momentum: from 0 to below 1; Adam's beta_1. noise: standard
    deviation of what is added to each derivative. Raises ValueError for anything else.
    """
    chosen = surfaces.surface(surface)
    rate = 10.0 ** arguments.check_real("log_rate", log_rate, -12, 12)
    update = rules.named_rule(rule, rate, momentum)
    steps = _whole(steps)
    path = rules.descend(chosen.gradient, chosen.start, update, steps, noise, seed)
    shown = _clipped(path, chosen.view)
    lines = {"path": shown, "start": path[:1]}
    if _is_inside(path[-1], chosen.view):
        lines["end"] = path[-1:]
    png = _contours(surface).png(lines)
    caption = (
        f"{_setting(rule, rate, momentum, noise)} on the {_PLACES.get(surface, surface)}. "
        f"{_outcome(chosen, path, steps)}{_limit(chosen, rule, rate, momentum)}"
    )
    return plots.Figure(plots.img_tag(png, caption, PICTURE_WIDTH), caption)


def _setting(rule: str, rate: float, momentum: float, noise: float) -> str:
    share = {"momentum": "momentum", "Nesterov": "momentum", "Adam": "beta_1"}.get(rule)
    kept = f", {share} {momentum:g}" if share else " (it has no momentum)"
    noisy = f", noise {noise:g}" if noise else ""
    return f"{rule[0].upper()}{rule[1:]} at the learning rate {rate:.3g}{kept}{noisy}"


def _outcome(surface: surfaces.Surface, path: np.ndarray, num_steps: int) -> str:
    """Where the path ended, in words."""
    if len(path) <= num_steps or np.abs(path[-1]).max() > rules.FAR:
        return (
            f"It diverges: after {len(path) - 1} steps it is more than a million away, "
            "and was stopped. Take a smaller learning rate."
        )
    height = surface.value(path[-1]) - surface.value(np.array(surface.minima)).min()
    x, y = path[-1] + 0.0  # no minus zero
    where = "" if _is_inside(path[-1], surface.view) else ", outside the picture"
    return (
        f"After {num_steps} steps it is at ({x:.3g}, {y:.3g}){where}, "
        f"{height:.2g} above the minimum."
    )


def _limit(surface: surfaces.Surface, rule: str, rate: float, momentum: float) -> str:
    """The learning rate compared with the largest that the minimum can hold."""
    if rule in ("RMSProp", "Adam"):
        return ""
    curvature = surfaces.largest_curvature(surface.hessian(surface.minima[-1]))
    share = 0.0 if rule == "gradient descent" else momentum
    limit = rules.stability_limit(curvature, rule, share)
    side = "above" if rate > limit else "below"
    return f" The rate is {side} the limit at the minimum, {limit:.3g}."


# ---- game ----------------------------------------------------------------------------------------


@functools.cache
def _plane() -> _Paths:
    paths = _Paths(GAME_VIEW, "x, who wants V small", "y, wants V large")
    paths.axes.grid(color="#dddddd", linewidth=0.8)
    paths.axes.plot([0], [0], "+", color="black", ms=13, mew=2, ls="none", label="rest")
    paths.add_line("average", color=_OTHER, linewidth=2, linestyle="--")
    paths.add_path("players")
    paths.keep()
    return paths


def game_figure(
    scheme: str, log_rate_x: float, log_rate_y: float, damping: float, steps: float
) -> plots.Figure:
    """The players of V = x y - damping y²/2 from (1, 0), and the average of where they have been.

    scheme: one of `games.SCHEMES`. log_rate_x, log_rate_y: logarithms to base 10 of the learning
    rates. damping: 0 or more, of y only. Raises ValueError for anything else.
    """
    game = games.Game(damping_y=damping)
    rates = [
        10.0 ** arguments.check_real(name, value, -6, 3)
        for name, value in (("log_rate_x", log_rate_x), ("log_rate_y", log_rate_y))
    ]
    steps = _whole(steps)
    path = games.play(game, scheme, rates, steps, GAME_START)
    average = games.running_average(path)
    lines = {"average": _clipped(average, GAME_VIEW), "players": _clipped(path, GAME_VIEW)}
    lines["start"] = path[:1]
    if _is_inside(path[-1], GAME_VIEW):
        lines["end"] = path[-1:]
    factor = games.growth(game, scheme, rates)
    caption = (
        f"{scheme.capitalize()} steps, x at the rate {rates[0]:.3g}, y at {rates[1]:.3g}, damping "
        f"{damping:g}: the largest eigenvalue has the absolute value {factor:.4f}. "
        f"{_ending(path, average, steps)}"
    )
    return plots.Figure(plots.img_tag(_plane().png(lines), caption, PICTURE_WIDTH), caption)


def _ending(path: np.ndarray, average: np.ndarray, num_steps: int) -> str:
    if np.abs(path[-1]).max() > rules.FAR:
        return (
            f"The players run away: after {len(path) - 1} steps they are more than a million from "
            "rest, and were stopped."
        )
    distance, mean = np.linalg.norm(path[-1]), np.linalg.norm(average[-1])
    return (
        f"After {num_steps} steps the players are {distance:.3g} from rest, "
        f"their average {mean:.3g}."
    )


# ---- many curves ---------------------------------------------------------------------------------


def many_curves_figure(series: dict, caption: str, xlabel: str, ylabel: str, *, x) -> plots.Figure:
    """Named curves (n,) over places x (n,), with the names beside them, where they hide nothing.

    For more curves than `plots.curves` has room for: up to seven, each with a marker of its own.
    Raises ValueError for more, or none.
    """
    from matplotlib.figure import Figure

    if not 1 <= len(series) <= len(plots.MARKERS):
        raise ValueError(f"There are {len(series)} curves; give 1 to {len(plots.MARKERS)}.")
    fig = Figure(figsize=(7.5, 3.6), layout="constrained")
    axes = fig.add_subplot()
    for index, (name, values) in enumerate(series.items()):
        axes.plot(
            x,
            values,
            label=name,
            color=plots.COLORS[index],
            linestyle=plots.LINE_STYLES[index % len(plots.LINE_STYLES)],
            marker=plots.MARKERS[index],
            markevery=max(1, len(values) // 7),
        )
    axes.set_xlabel(xlabel, fontsize=12)
    axes.set_ylabel(ylabel, fontsize=12)
    axes.grid(color="#dddddd", linewidth=0.8)
    fig.legend(loc="outside right upper", frameon=False, fontsize=11, handlelength=3.2)
    return plots.chart_figure(fig, caption)
