"""Small Matplotlib charts with an alt text: curves and points, told apart by color and by mark."""

import io
import sys
from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import display
from PIL import Image

from course_utils.plots.canvas import drawn_pixels
from course_utils.plots.figures import Figure, img_tag
from course_utils.plots.images import png_bytes

# Okabe and Ito's colors, which stay apart for color-blind readers, without the pale yellow.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINE_STYLES = ("-", "--", "-.", ":")
MARKERS = ("o", "x", "^", "s", "+", "D", "v")


_CHART_DPI = 144  # charts are drawn half as large again as they are shown: sharp on fine screens


# ---- charts --------------------------------------------------------------------------------------


def chart_figure(fig, caption: str, *, alt: str | None = None, quick: bool = False) -> Figure:
    """A Matplotlib figure with a caption, which is the alt text too unless `alt` is given.

    quick: for live pictures: several times faster, in a larger file, not cropped to its content.
    The Matplotlib figure is closed, so that a notebook does not show it a second time.
    """
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)
    if quick:
        fig.set_dpi(_CHART_DPI)
        pixels = drawn_pixels(fig)
        png = png_bytes(pixels, compress_level=1)
    else:
        pixels = _cropped_pixels(fig)
        png = png_bytes(pixels, colors=128)  # a chart has few colors
    shown_width = round(pixels.shape[1] * 100 / _CHART_DPI)
    return Figure(img_tag(png, alt or caption, shown_width), caption)


def _cropped_pixels(fig) -> np.ndarray:
    """A chart without empty margins, uint8 (height, width, 3)."""
    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=_CHART_DPI, facecolor="white", bbox_inches="tight")
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"))


def show_figure(fig, caption: str, *, alt: str | None = None) -> None:
    """Show the `chart_figure` of a Matplotlib figure."""
    display(chart_figure(fig, caption, alt=alt))


def _chart(xlabel: str, ylabel: str, size: tuple[float, float]):
    """An empty chart (figure, axes) outside pyplot's global list, with readable letters."""
    from matplotlib.figure import Figure as Canvas

    fig = Canvas(figsize=size)
    axes = fig.add_subplot()
    axes.set_xlabel(xlabel, fontsize=12)
    axes.set_ylabel(ylabel, fontsize=12)
    axes.tick_params(labelsize=11)
    axes.grid(color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return fig, axes


def _check_named(values, what: str) -> None:
    if not isinstance(values, Mapping) or not values:
        raise ValueError(
            f"There are no {what} to draw; give a dictionary of name: {what}, not {values!r}."
        )


def curves_figure(
    series: Mapping[str, Sequence[float]],
    caption: str,
    xlabel: str,
    ylabel: str,
    *,
    x: Sequence[float] | None = None,
    alt: str | None = None,
    size: tuple[float, float] = (7.0, 3.6),
    ylim: tuple[float, float] | None = None,
) -> Figure:
    """Named curves, such as the losses of a training, told apart by color and line style.

    series: name -> values (n,); a value that is NaN leaves a gap. x: the places (n,) of the values,
    by default 1, 2, 3, …. size: of the chart, in inches. ylim: lowest and highest value, for charts
    that are to be compared.
    """
    _check_named(series, "curves")
    fig, axes = _chart(xlabel, ylabel, size)
    for index, (name, values) in enumerate(series.items()):
        values = np.asarray(values, dtype=float)
        if values.ndim != 1 or len(values) == 0:
            raise ValueError(
                f"The curve {name!r} has shape {values.shape}; give a list of at least one number."
            )
        places = np.arange(1, len(values) + 1) if x is None else np.asarray(x, dtype=float)
        if places.shape != values.shape:
            raise ValueError(
                f"The curve {name!r} has {len(values)} values but x has shape {places.shape}; "
                "give one place per value."
            )
        axes.plot(
            places,
            values,
            label=name,
            color=COLORS[index % len(COLORS)],
            linestyle=LINE_STYLES[index % len(LINE_STYLES)],
            linewidth=2,
            marker="o" if len(values) <= 12 else None,
        )
    if x is None:
        axes.xaxis.get_major_locator().set_params(integer=True)
    if ylim is not None:
        axes.set_ylim(*ylim)
    if len(series) > 1:
        axes.legend(fontsize=11, frameon=False, handlelength=3.2)
    return chart_figure(fig, caption, alt=alt)


def curves(
    series: Mapping[str, Sequence[float]], caption: str, xlabel: str, ylabel: str, **options
):
    """Show the `curves_figure` of these arguments."""
    display(curves_figure(series, caption, xlabel, ylabel, **options))


def dots_figure(
    rows: Mapping[str, Sequence[float]],
    caption: str,
    xlabel: str,
    *,
    alt: str | None = None,
    size: tuple[float, float] = (3.2, 4.2),
) -> Figure:
    """Named rows of a few numbers each, such as one for each seed, as dots on one scale.

    A gray band shows where those of the first row lie, with which the others are compared. Of NaN a
    row has no dot. size: in inches, without the rows' names; two such charts fill a page.
    """
    _check_named(rows, "rows")
    fig, axes = _chart(xlabel, "", size)
    names = list(rows)
    first = np.asarray(rows[names[0]], dtype=float)
    axes.axvspan(np.nanmin(first), np.nanmax(first), color="#dddddd")
    for place, name in enumerate(names):
        values = np.asarray(rows[name], dtype=float)
        axes.plot(values, np.full(len(values), place), "o", color=COLORS[0], markersize=6)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)  # the first one on top
    return chart_figure(fig, caption, alt=alt)


def scatter_points(
    groups: Mapping[str, np.ndarray],
    caption: str,
    xlabel: str = "x",
    ylabel: str = "y",
    *,
    alt: str | None = None,
) -> None:
    """Draw named sets of 2-D points, (n, 2) each, told apart by color and marker."""
    _check_named(groups, "points")
    fig, axes = _chart(xlabel, ylabel, (5.0, 5.0))
    scatter_on(axes, groups)
    axes.set_aspect("equal", adjustable="datalim")
    if len(groups) > 1:
        axes.legend(fontsize=11, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    show_figure(fig, caption, alt=alt)


def scatter_panels(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    caption: str,
    *,
    limit: float = 1.7,
    alt: str | None = None,
) -> None:
    """Draw several `scatter_points` side by side, such as the stages of a training.

    panels: title -> named sets of points (n, 2); the same names, in the same order, in all
        of them.
    limit: each panel shows the plane from minus this to this, both ways.
    """
    from matplotlib.figure import Figure as Canvas

    _check_named(panels, "panels")
    fig = Canvas(figsize=(2.6 * len(panels), 3.0), layout="constrained")
    for axes, (title, groups) in zip(
        fig.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
    ):
        _check_named(groups, "points")
        scatter_on(axes, groups, size=8)
        axes.set_title(title, fontsize=11)
        axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xticks=(), yticks=())
    handles, labels = axes.get_legend_handles_labels()
    if len(labels) > 1:
        fig.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=11)
    show_figure(fig, caption, alt=alt)


def scatter_on(axes, groups: Mapping[str, np.ndarray], size: float = 14) -> None:
    """Named sets of points (n, 2) on Matplotlib's axes, told apart by color and marker."""
    for index, (name, points) in enumerate(groups.items()):
        points = np.asarray(points, dtype=float)
        if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
            raise ValueError(
                f"The points {name!r} have shape {points.shape}; give (n, 2) with at least one."
            )
        axes.scatter(
            points[:, 0],
            points[:, 1],
            label=name,
            color=COLORS[index % len(COLORS)],
            marker=MARKERS[index % len(MARKERS)],
            s=size,
            alpha=0.6,
            linewidths=1,
        )
