"""The picture of a game on points, and the same in words: from a `View` to PNG bytes and text.

Pure but for the one Matplotlib figure that a `Picture` keeps and changes, which is what makes it
quick.
"""

import numpy as np

from course_utils import plots
from course_utils.lessons.gan_step_by_step.point_game import (
    NUM_SHOWN,
    VIEW_LIMIT,
    View,
)
from course_utils.metrics.modes import coverage_rule
from course_utils.models import gan_losses

NUM_DRAWN = 160  # points and arrows in the picture; more would hide the surface
ARROW_SCALE = 0.25  # length of an arrow for a gradient of length 1, in units of the plane
LONGEST_ARROW = 0.4
PICTURE_WIDTH = 480  # screen pixels

_DPI = 125
_SIZE = (5.0, 4.3)  # inches


def what_d_says(view: View) -> str:
    """The discriminator's mean output in words, with its right name."""
    has_probability = gan_losses.gan_loss(view.loss).has_probability
    name = "probability D" if has_probability else "logit (no probability)"
    real, generated = f"{view.real_value:.2f} on real", f"{view.generated_value:.2f} on generated"
    return f"mean {name}: {real}, {generated} points"


def coverage(view: View) -> str:
    """Modes covered, and how many generated points are on target, in words."""
    on_target = f"{100 * view.on_target:.0f} % of the generated points are on target"
    if not view.modes:
        return f"no separate modes to cover; {on_target}"
    return f"modes covered: {view.covered} of {view.modes}; {on_target}"


def rule(view: View) -> str:
    """The rules by which modes and points are counted, in words."""
    if not view.modes:
        return "On target: within two standard deviations of the target's noise from a real point."
    radius, at_least = coverage_rule(view.target, NUM_SHOWN)
    return (
        f"On target: within {radius:g} of a mode's center. A mode counts as covered when at least "
        f"{at_least} of {NUM_SHOWN} generated points lie there."
    )


def mean_arrow(view: View) -> float:
    """Mean length of the generator's gradient by its points."""
    return float(np.linalg.norm(view.arrows, axis=1).mean())


def outside(view: View) -> int:
    """How many of the generated points lie beyond the picture's edge."""
    return int((np.abs(view.generated) > VIEW_LIMIT).any(axis=1).sum())


def describe(view: View) -> str:
    """The state of the game in words: the alt text of its picture."""
    beyond = f"; {outside(view)} of them are outside the picture" if outside(view) else ""
    return (
        f"Target {view.target}, {view.loss.replace('_', '-')} loss, seed {view.seed}, after "
        f"{view.discriminator_updates:,} updates of the discriminator and "
        f"{view.generator_updates:,} of the generator: {coverage(view)}{beyond}; "
        f"{what_d_says(view)}; mean gradient at a generated point {mean_arrow(view):.2g}."
    )


class Picture:
    """Draws views into one figure that is made once, and only what changes: about 30 ms a view."""

    def __init__(self):
        self._backdrop = plots.Backdrop(_SIZE, _DPI)
        self._axes = self._backdrop.figure.add_axes((0.085, 0.06, 0.735, 0.86))
        self._add_marks()
        self._add_surroundings()

    def _add_marks(self) -> None:
        """What changes from view to view; `animated` keeps it out of the background."""
        from matplotlib import colormaps
        from matplotlib.colors import ListedColormap

        # Twelve pale bands: their edges are contour lines, and dark marks stay readable on them.
        bands = colormaps["cividis"](np.linspace(0, 1, 12)) * 0.6 + 0.4
        edge, dots = VIEW_LIMIT, np.zeros((NUM_DRAWN, 2)).T
        blue, vermillion = plots.COLORS[:2]
        axes = self._axes
        self._surface = axes.imshow(
            np.zeros((2, 2)),
            cmap=ListedColormap(np.clip(bands, 0, 1)),
            extent=(-edge, edge, -edge, edge),
            origin="lower",
            interpolation="bilinear",
            animated=True,
        )
        self._real = axes.scatter(
            *dots, s=16, facecolors="none", edgecolors=blue, label="real", animated=True
        )
        self._generated = axes.scatter(
            *dots, s=15, marker="^", color=vermillion, lw=0, label="generated", animated=True
        )
        in_units = {"angles": "xy", "scale_units": "xy", "scale": 1}
        self._arrows = axes.quiver(
            *dots, *dots, **in_units, width=0.004, minlength=0, color="black", animated=True
        )

    def _add_surroundings(self) -> None:
        """Axes, legend and color bar."""
        axes, edge = self._axes, VIEW_LIMIT
        axes.set(xlim=(-edge, edge), ylim=(-edge, edge))
        axes.tick_params(labelsize=9)
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.02, 0.99), ncols=2, frameon=False, fontsize=10
        )
        axes.text(edge, edge * 1.055, "→ generator's pull", ha="right", fontsize=10)
        bar_axes = self._backdrop.figure.add_axes((0.84, 0.06, 0.03, 0.86))
        self._bar = self._backdrop.figure.colorbar(self._surface, cax=bar_axes)
        bar_axes.tick_params(labelsize=9)

    def _read_as(self, loss: str) -> None:
        """Show the surface as this loss reads it; the surroundings are drawn once for each loss."""
        reading = gan_losses.gan_loss(loss)
        self._surface.set_clim(*reading.shown_range)
        if not self._backdrop.has(loss):
            self._bar.set_label(reading.shown_as, fontsize=10)
            self._backdrop.keep(loss)

    def png(self, view: View) -> bytes:
        """PNG file of the view."""
        self._read_as(view.loss)
        points = view.generated[:NUM_DRAWN]
        self._surface.set_data(view.surface)
        self._real.set_offsets(view.real[:NUM_DRAWN])
        self._generated.set_offsets(points)
        self._arrows.set_offsets(points)
        self._arrows.XY = points  # from here Matplotlib computes the arrows' angles
        arrows = plots.short_arrows(view.arrows[:NUM_DRAWN], ARROW_SCALE, LONGEST_ARROW)
        self._arrows.set_UVC(*arrows.T)
        marks = (self._surface, self._real, self._generated, self._arrows)
        return self._backdrop.png((*marks, *self._axes.spines.values()), view.loss)
