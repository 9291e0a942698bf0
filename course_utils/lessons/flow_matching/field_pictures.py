"""The picture of a flow of points with its target, and the same in words.

Pure but for the one Matplotlib figure that a `Picture` keeps and changes, which is what makes it
quick. The widget is `field_studio`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from course_utils import plots
from course_utils.lessons.flow_matching.point_flow import NUM_SHOWN, VIEW_LIMIT, arrow_places

WIDTH, HEIGHT = 480, 500  # screen pixels
BOX = plots.PlaneBox(36, 34, 440, 440)  # of the axes in it
NEAR = 0.1  # a generated point so near to a point of the target is on it

_NUM_DRAWN = 600  # points of the target in the picture
_SHARPNESS = 1.25  # PNG pixels a screen pixel
_ARROW_SCALE = 0.1  # length of an arrow for a speed of 1, in units of the plane
_LONGEST_ARROW = 0.3


@dataclass(frozen=True)
class View:
    """All that the picture shows.

    name: of the target; target: its points (n, 2), perhaps none
    time: of the generated points, (NUM_SHOWN, 2), and of the velocities at `arrow_places()`
    end: the generated points at time 1
    steps, loss: of training so far; None before the first
    """

    name: str
    target: np.ndarray
    time: float
    points: np.ndarray
    velocities: np.ndarray
    end: np.ndarray
    steps: int
    loss: float | None


# ---- in words ------------------------------------------------------------------------------------


def share_near(points: np.ndarray, target: np.ndarray, distance: float = NEAR) -> float:
    """Share of the points (n, 2) that have a point of the target (m, 2) within a distance.

    >>> share_near(np.array([[0.0, 0.0], [2.0, 0.0]]), np.array([[0.0, 0.05]]))
    0.5
    """
    return float((KDTree(target).query(points)[0] <= distance).mean())


def describe(view: View) -> str:
    """The picture in words: its caption and alt text."""
    if len(view.target):
        target = f"Target {view.name}, {len(view.target):,} points (blue rings)."
    else:
        target = "No target yet: draw one with the mouse, or choose one."
    trained = f"after {view.steps:,} training steps" if view.steps else "untrained"
    speed = np.linalg.norm(view.velocities, axis=1).mean()
    shown = (
        f"At time {view.time:.4g}, {trained}: {NUM_SHOWN} generated points (orange triangles) and "
        f"the network's velocity (arrows), whose mean length is {speed:.2g}."
    )
    if not len(view.target):
        return f"{target} {shown}"
    near = f"{100 * share_near(view.end, view.target):.0f} % of the generated points"
    held = f"{100 * share_near(view.target, view.end):.0f} % of the target's points"
    return (
        f"{target} {shown} At time 1, {near} lie within {NEAR:g} of the target, and {held} within "
        f"{NEAR:g} of a generated one."
    )


# ---- in pixels -----------------------------------------------------------------------------------


class Picture:
    """Draws views into one figure that is made once, and only what changes."""

    def __init__(self):
        dpi = 100 * _SHARPNESS
        self._backdrop = plots.Backdrop((WIDTH / 100, HEIGHT / 100), dpi)
        self._axes = self._backdrop.figure.add_axes(BOX.axes_of(WIDTH, HEIGHT))
        self._add_marks()
        self._axes.set(xlim=(-VIEW_LIMIT, VIEW_LIMIT), ylim=(-VIEW_LIMIT, VIEW_LIMIT))
        self._axes.tick_params(labelsize=9)
        self._axes.legend(
            loc="lower left", bbox_to_anchor=(-0.02, 0.99), ncols=2, frameon=False, fontsize=10
        )
        self._axes.text(
            VIEW_LIMIT, 1.05 * VIEW_LIMIT, "→ velocity", ha="right", color="0.3", fontsize=10
        )
        self._backdrop.keep()

    def _add_marks(self) -> None:
        """What changes from view to view; `animated` keeps it out of the background."""
        places = arrow_places()
        blue, vermillion = plots.COLORS[:2]
        axes, nowhere = self._axes, ([], [])
        self._target = axes.scatter(
            *nowhere, s=14, facecolors="none", edgecolors=blue, lw=0.8, label="target"
        )
        self._points = axes.scatter(
            *nowhere, s=15, marker="^", color=vermillion, lw=0, label="generated"
        )
        in_units = {"angles": "xy", "scale_units": "xy", "scale": 1}
        zeros = np.zeros_like(places).T
        self._arrows = axes.quiver(
            *places.T, *zeros, **in_units, width=0.004, minlength=0, color="0.3"
        )
        for marks in (self._target, self._points, self._arrows):
            marks.set_animated(True)

    def png(self, view: View) -> bytes:
        """PNG file of the view."""
        every = -(-len(view.target) // _NUM_DRAWN) or 1
        self._target.set_offsets(view.target[::every])
        self._points.set_offsets(view.points)
        arrows = plots.short_arrows(view.velocities, _ARROW_SCALE, _LONGEST_ARROW)
        self._arrows.set_UVC(*arrows.T)
        marks = (self._arrows, self._target, self._points)
        return self._backdrop.png((*marks, *self._axes.spines.values()))
