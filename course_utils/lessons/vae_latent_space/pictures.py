"""The map of a model with two latents: its picture, the marker on it, and which place is where.

Pure functions; the widget that walks on the map is `latent_map`.
"""

from collections.abc import Sequence

import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_real

LIMIT = 3.5  # the map shows the latents from minus this to this
MAP_WIDTH, MAP_HEIGHT = 416, 472  # screen pixels
MAP_BOX = plots.PlaneBox(46, 62, 362, 362)  # of the axes in it
MARKERS = ("o", "x", "^", "s", "+", "D", "v", ">", "*", "p")  # one for each of ten kinds

_SHARPNESS = 1.5  # PNG pixels a screen pixel


def place_on_map(x: float, y: float, limit: float = LIMIT) -> tuple[float, float]:
    """Screen pixels from the left and from the top of the map's picture, of the latents (x, y).

    >>> place_on_map(0.0, 0.0)
    (227.0, 243.0)
    """
    return MAP_BOX.place_of(x, y, limit)


def latents_at(
    across: float, down: float, limit: float = LIMIT, *, clip: bool = False
) -> tuple[float, float] | None:
    """The latents (x, y) at a place of the map's picture, in screen pixels; `place_on_map` back.

    Beside the axes there are none, None; with `clip`, those of the nearest place on their edge.

    >>> latents_at(227.0, 243.0)
    (0.0, 0.0)
    >>> latents_at(227.0, 20.0), latents_at(227.0, 20.0, clip=True)
    (None, (0.0, 3.5))
    """
    return MAP_BOX.point_at(across, down, limit, clip=clip)


def map_png(
    positions, labels, names: Sequence[str], limit: float = LIMIT, per_kind: int = 150
) -> bytes:
    """PNG file of points in the plane, by kind: a color and a marker each, the legend above.

    positions: latents (n, 2); labels: which of the names, (n,), whole numbers. At most the first
        `per_kind` points of each kind are drawn: with more, one sees only those drawn last.
    """
    positions, labels = check_points(positions, labels, names)
    check_real("limit", limit, 0, open_ended=True)
    from matplotlib.figure import Figure

    fig = Figure(figsize=(MAP_WIDTH / 100, MAP_HEIGHT / 100), dpi=100 * _SHARPNESS)
    axes = fig.add_axes(MAP_BOX.axes_of(MAP_WIDTH, MAP_HEIGHT))
    for kind, name in enumerate(names):
        points = positions[labels == kind][:per_kind]
        color, marker = plots.COLORS[kind % len(plots.COLORS)], MARKERS[kind]
        axes.scatter(*points.T, s=11, color=color, marker=marker, alpha=0.7, linewidths=0.8)
        axes.scatter([], [], s=24, color=color, marker=marker, label=name)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit))
    axes.set_xlabel("x, the first latent", fontsize=10)
    axes.set_ylabel("y, the second latent", fontsize=10, labelpad=0)
    axes.tick_params(labelsize=9)
    axes.grid(color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    fig.legend(
        loc="upper center",
        ncols=4,
        fontsize=8.5,
        frameon=False,
        handletextpad=0.1,
        columnspacing=1.0,
        borderpad=0.2,
    )
    return plots.png_bytes(plots.drawn_pixels(fig), colors=96)


def map_figure(
    positions, labels, names: Sequence[str], caption: str, limit: float = LIMIT
) -> plots.Figure:
    """The picture of `map_png` with a caption, which is its alt text too."""
    return plots.Figure(
        plots.img_tag(map_png(positions, labels, names, limit), caption, MAP_WIDTH), caption
    )


def marker_svg(x: float, y: float, limit: float = LIMIT) -> str:
    """Two thin lines that cross at the latents (x, y), and a ring, as large as the map's picture.

    The ring is black in white, so that it is seen on any color. What it says stands in the caption.
    """
    left, top, width, height = MAP_BOX
    across, down = place_on_map(x, y, limit)
    shapes = "".join(
        f'<path d="M{left} {down:.1f}H{left + width}M{across:.1f} {top}V{top + height}" '
        f'stroke="{color}" stroke-width="{line}" opacity="{opacity}"/>'
        f'<circle cx="{across:.1f}" cy="{down:.1f}" r="7" stroke="{color}" '
        f'stroke-width="{ring}" fill="none"/>'
        for color, line, ring, opacity in (("white", 3, 6, 0.6), ("black", 1, 2.5, 0.8))
    )
    return (
        f'<svg aria-hidden="true" width="{MAP_WIDTH}" height="{MAP_HEIGHT}" '
        f'style="display: block; cursor: crosshair">{shapes}</svg>'
    )


def check_points(positions, labels, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Positions as float64 (n, 2) and labels (n,) that name one of the names each, or a refusal."""
    positions, labels = np.asarray(positions, np.float64), np.asarray(labels)
    if positions.ndim != 2 or positions.shape[1] != 2 or len(positions) == 0:
        raise ValueError(
            f"The positions have shape {positions.shape}; give (n, 2), such as the means that "
            "model.encode(images) returns for a model with 2 latents."
        )
    if not np.isfinite(positions).all():
        raise ValueError("The positions contain NaN or infinity; give finite numbers.")
    if not 1 <= len(names) <= len(MARKERS):
        raise ValueError(f"There are {len(names)} names; give 1 to {len(MARKERS)}.")
    if labels.shape != positions.shape[:1] or labels.dtype.kind not in "iu":
        raise ValueError(
            f"The labels are {labels.dtype} of shape {labels.shape}; give {len(positions)} whole "
            "numbers, one for each position."
        )
    if labels.min() < 0 or labels.max() >= len(names):
        raise ValueError(
            f"The labels run from {labels.min()} to {labels.max()}, but there are names for 0 to "
            f"{len(names) - 1}."
        )
    return positions, labels
