"""Lesson 09's pictures of two gradient estimators: the live one, and estimates with error bars.

The estimators are `estimators`.
"""

import functools

import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_real, check_whole
from course_utils.lessons.vae_step_by_step.estimators import (
    PAYOFFS,
    payoff,
    reparameterized_gradients,
    score_function_gradients,
)

PICTURE_WIDTH = 420  # screen pixels; on a laptop's page the controls fit beside it
ARROWS = {"hill": 0.25, "wave": 1.0, "step": 3.0}  # length, on the axis of z, for a derivative of 1
LONGEST = 2.0  # arrows are cut here


MEAN_LIMIT, SMALLEST_SCALE, LARGEST_SCALE = 3.0, 0.05, 3.0
LARGEST_NOISE, MOST_SAMPLES = 5.0, 10_000


# ---- the live picture ---------------------------------------------------------------------------

_LIMIT = 5.0  # the axis of z reaches from minus this to this
_HEIGHTS = {"hill": (-14.0, 2.0), "wave": (-1.5, 1.6), "step": (-0.35, 1.5)}
_ROWS = {"exact": 2.0, "reparameterized": 1.0, "score function": 0.0}
_BY_MEAN, _BY_SCALE, _SAMPLE = plots.COLORS[1], plots.COLORS[0], plots.COLORS[2]


class _Picture:
    """The axes of one function, drawn once; `png` restores them and adds what moves."""

    def __init__(self, name: str):
        self._backdrop = plots.Backdrop((5.5, 5.0), 120)
        self.low, self.high = _HEIGHTS[name]
        self.top = self._backdrop.figure.add_axes((0.24, 0.44, 0.74, 0.49))
        self.bottom = self._backdrop.figure.add_axes((0.24, 0.16, 0.74, 0.25))
        z = np.linspace(-_LIMIT, _LIMIT, 601)
        self.top.plot(z, PAYOFFS[name].value(z), color="black", lw=1.5, label="f(z)")
        self.top.set(xlim=(-_LIMIT, _LIMIT), ylim=(self.low, self.high), xticklabels=())
        self.bottom.set(xlim=(-_LIMIT, _LIMIT), ylim=(-0.6, 2.6))
        self.bottom.set_yticks(list(_ROWS.values()), list(_ROWS))
        self.bottom.set_xlabel("z, with mean (dot) and mean + scale (bar)", fontsize=10)
        for axes in (self.top, self.bottom):
            axes.grid(color="#dddddd", linewidth=0.7)
            axes.tick_params(labelsize=9)
        self._add_moving()
        self.top.legend(
            loc="lower left", bbox_to_anchor=(-0.32, 0.98), ncols=5, fontsize=9, frameon=False,
            columnspacing=1.0, handletextpad=0.4,
        )  # fmt: skip
        self._backdrop.keep()

    def _add_moving(self) -> None:
        line = functools.partial(self.top.plot, [], [], animated=True)
        (self.density,) = line(color=_BY_SCALE, ls="--", lw=1.3, label="density of z")
        (self.samples,) = line(color=_SAMPLE, marker="o", ms=4, ls="none", alpha=0.5, label="draws")
        (self.chosen,) = line(color="black", marker="s", ms=8, mfc="none", mew=2, ls="none")
        self.chosen.set_label("your z")
        for color, label in ((_BY_MEAN, "by the mean"), (_BY_SCALE, "by the scale")):
            self.bottom.plot([], [], color=color, marker=">", lw=2, label=f"derivative {label}")
        self.bottom.legend(
            loc="lower left", bbox_to_anchor=(-0.05, -0.68), ncols=2, fontsize=9, frameon=False
        )
        rows = list(_ROWS.values())
        (self.means,) = self.bottom.plot([], rows[:0], "o", color="black", ms=6, animated=True)
        (self.ends,) = self.bottom.plot(
            [], [], "|", color="black", ms=13, mew=2, animated=True
        )  # fmt: skip
        style = {"angles": "xy", "scale_units": "xy", "scale": 1, "animated": True, "pivot": "tail"}
        self.pulls = [
            self.top.quiver([0], [0], [0], [0], color=color, width=0.010, **style)
            for color in (_BY_MEAN, _BY_SCALE)
        ]
        # A little apart, so that neither hides the other.
        self.by_mean = self.bottom.quiver(
            np.zeros(3), np.add(rows, 0.16), np.zeros(3), np.zeros(3),
            color=_BY_MEAN, width=0.008, **style,
        )  # fmt: skip
        self.by_scale = self.bottom.quiver(
            np.zeros(3), np.subtract(rows, 0.16), np.zeros(3), np.zeros(3),
            color=_BY_SCALE, width=0.008, **style,
        )  # fmt: skip

    def png(self, name, mean, scale, chosen, draws, gradients) -> bytes:
        """PNG file; gradients: (3, 2), one row for each of `_ROWS`, by mean and by scale."""
        function, rows = PAYOFFS[name], np.array(list(_ROWS.values()))
        z = np.linspace(mean - 4 * scale, mean + 4 * scale, 161)
        bell = np.exp(-0.5 * ((z - mean) / scale) ** 2)
        self.density.set_data(z, self.low + 0.3 * (self.high - self.low) * bell)
        self.samples.set_data(draws, self._inside(function.value(draws)))
        here = np.array([chosen])
        height = self._inside(function.value(here))
        self.chosen.set_data(here, height)
        self.means.set_data(np.full(3, mean), rows)
        self.ends.set_data(np.full(3, mean + scale), rows)
        slope, apart = function.slope(here), 0.035 * (self.high - self.low)
        for arrows, x, y, derivative in (
            (self.pulls[0], here, height + apart, slope),
            (self.pulls[1], here, height - apart, slope * (chosen - mean) / scale),
            (self.by_mean, np.full(3, mean), rows + 0.16, gradients[:, 0]),
            (self.by_scale, np.full(3, mean + scale), rows - 0.16, gradients[:, 1]),
        ):
            length = np.clip(ARROWS[name] * derivative, -LONGEST, LONGEST)
            arrows.X, arrows.Y = x, y
            arrows.XY = np.column_stack([x, y])
            arrows.set_offsets(arrows.XY)
            arrows.set_UVC(length, np.zeros_like(length))
        above = (self.density, self.samples, self.chosen, *self.pulls)
        below = (self.ends, self.means, self.by_mean, self.by_scale)
        return self._backdrop.png((*above, *below))

    def _inside(self, heights: np.ndarray) -> np.ndarray:
        """Points below or above the picture are drawn on its edge."""
        return np.clip(heights, self.low, self.high)


_picture = functools.cache(_Picture)


def gradients_figure(
    function: str, mean: float, scale: float, noise: float, samples: float, seed: int
) -> plots.Figure:
    """f, the density of z, your z and some draws; below, the gradient of E f(z) in three ways.

    function: one of `PAYOFFS`. noise: of your z, which is mean + scale noise. samples: how many
    draws both estimators average over; the noise of the draws depends on the seed alone, so that
    they move with mean and scale. Raises ValueError for anything else.
    """
    chosen = payoff(function)
    mean = check_real("mean", mean, -MEAN_LIMIT, MEAN_LIMIT)
    scale = check_real("scale", scale, SMALLEST_SCALE, LARGEST_SCALE)
    noise = check_real("noise", noise, -LARGEST_NOISE, LARGEST_NOISE)
    count = round(check_real("samples", samples, 1, MOST_SAMPLES))
    draws = np.random.default_rng(check_whole("seed", seed, 0)).standard_normal(count)
    exact = chosen.mean_gradient(mean, scale)
    estimates = [
        reparameterized_gradients(chosen.slope, mean, scale, draws),
        score_function_gradients(chosen.value, mean, scale, draws),
    ]
    gradients = np.stack([exact, *(found.mean(axis=0) for found in estimates)])
    z = mean + scale * noise
    png = _picture(function).png(function, mean, scale, z, mean + scale * draws, gradients)
    slope = float(chosen.slope(np.array([z]))[0])
    outside = "" if abs(z) <= _LIMIT else " (outside the picture)"
    caption = (
        f"The {function}, mean {mean:g}, scale {scale:g}. Your noise {noise:g} gives "
        f"z = {_plain(z)}{outside}, slope {_signed(slope)}: {_signed(slope)} for the mean, "
        f"{_signed(slope * noise)} for the scale. {_outcome(gradients, estimates)}"
    )
    return plots.Figure(plots.img_tag(png, caption, PICTURE_WIDTH), caption)


def _plain(value: float, sign: str = "-") -> str:
    """Two digits after the point, and no minus zero; sign as in a format."""
    return f"{round(value, 2) + 0.0:{sign}.2f}"


def _signed(value: float) -> str:
    return _plain(value, "+")


def _outcome(gradients: np.ndarray, estimates: list[np.ndarray]) -> str:
    """Exact gradient, both estimates, and how much a single draw's estimate varies."""
    count = len(estimates[0])
    exact, by_slope, by_value = (f"{_signed(m)}, {_signed(s)}" for m, s in gradients)
    text = (
        f"Gradient by mean and scale: exact {exact}; from {count} draw{'s' if count > 1 else ''} "
        f"reparameterized {by_slope}, score function {by_value}."
    )
    if count == 1:
        return text
    spreads = [found[:, 0].std() for found in estimates]
    return (
        f"{text} Spread of one draw's derivative by the mean: {spreads[0]:.2f} reparameterized, "
        f"{spreads[1]:.2f} score function."
    )


# ---- estimates with error bars ------------------------------------------------------------------


def error_bars_figure(
    counts, estimates, errors, exact: float, caption: str, xlabel: str, ylabel: str
) -> plots.Figure:
    """Estimates (n,) with bars of two standard errors (n,), over the numbers of draws (n,).

    The places are logarithmic; the dashed line is the exact value.
    """
    arrays = []
    for name, given in (("counts", counts), ("estimates", estimates), ("errors", errors)):
        array = np.asarray(given, float)
        if array.ndim != 1 or array.size == 0 or not np.isfinite(array).all():
            raise ValueError(f"{name} must be finite numbers of shape (n,), not {given!r}.")
        arrays.append(array)
    counts, estimates, errors = arrays
    if not counts.shape == estimates.shape == errors.shape:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ValueError(f"counts, estimates and errors have the shapes {shapes}; give one shape.")
    if (counts <= 0).any() or (errors < 0).any():
        raise ValueError("counts must be above 0 and errors not below 0; look at their signs.")
    exact = check_real("exact", exact)
    from matplotlib.figure import Figure

    fig = Figure(figsize=(6.5, 3.2))
    axes = fig.add_subplot()
    axes.axhline(exact, color=plots.COLORS[1], ls="--", lw=2, label="exact")
    axes.errorbar(
        counts, estimates, 2 * errors, color=plots.COLORS[0], marker="o", ls="none", lw=2,
        capsize=5, label="estimate ± 2 standard errors",
    )  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlabel(xlabel, fontsize=12)
    axes.set_ylabel(ylabel, fontsize=12)
    axes.tick_params(labelsize=11)
    axes.grid(color="#dddddd", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=11, frameon=False)
    return plots.chart_figure(fig, caption)
