"""Small charts, a few to a row, drawn quickly for live pictures, and curves in words.

Each carries an alt text alone: the caption belongs to the row, see `figures.beside_figure`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.plots.charts import COLORS, LINE_STYLES, chart_figure, scatter_on
from course_utils.plots.figures import Figure


def small_curves_figure(
    series: Mapping[str, Sequence[float]],
    alt: str,
    xlabel: str,
    ylabel: str,
    *,
    x: Sequence[float],
    size: tuple[float, float] = (2.9, 2.4),
) -> Figure:
    """Up to four named curves (n,) over the places x (n,); size: in inches.

    Their legend is above the chart, where it hides nothing.
    """
    from matplotlib.figure import Figure as Canvas

    fig = Canvas(figsize=size, layout="constrained")
    axes = fig.add_subplot(xlabel=xlabel, ylabel=ylabel)
    styles = zip(COLORS, LINE_STYLES, strict=False)
    for (name, values), (color, line) in zip(series.items(), styles, strict=False):
        axes.plot(x, values, label=name, color=color, linestyle=line, linewidth=1.8)
    axes.grid(color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    # A legend of the axes, not of the figure: for that the layout would cut off the ylabel.
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, columnspacing=1.2)
    return chart_figure(fig, alt, quick=True)


def small_points_figure(
    groups: Mapping[str, np.ndarray],
    alt: str,
    *,
    limit: float = 1.7,
    size: tuple[float, float] = (2.4, 2.6),
) -> Figure:
    """Named sets of points (n, 2) in the plane from -limit to limit, both ways, and no axes.

    >>> small_points_figure({"real": np.zeros((1, 2))}, "One point.").caption
    'One point.'
    """
    from matplotlib.figure import Figure as Canvas

    fig = Canvas(figsize=size, layout="constrained")
    axes = fig.add_subplot(xlim=(-limit, limit), ylim=(-limit, limit), xticks=(), yticks=())
    axes.set_aspect("equal")
    scatter_on(axes, groups, size=6)
    fig.legend(loc="outside upper left", ncols=2, frameon=False, columnspacing=1.2)
    return chart_figure(fig, alt, quick=True)


def curve_in_words(values, x) -> str:
    """What a curve (n,) over the places x (n,), such as steps, does: for an alt text.

    >>> curve_in_words(np.array([3.14159, -2040.4, -1e-8]), [10, 20, 30])
    'from 3.142 at step 10 to 0 at step 30, lowest -2,040, highest 3.142'
    """
    values = np.asarray(values, dtype=float)
    ends = (values[0], values[-1], values.min(), values.max())
    # To be read aloud: -2,040 and 0, not -2.04e+03 and 8.45e-08.
    first, last, low, high = (
        f"{value:,.0f}" if abs(value) >= 100 else f"{round(float(value), 3) + 0.0:g}"
        for value in ends
    )
    return f"from {first} at step {x[0]} to {last} at step {x[-1]}, lowest {low}, highest {high}"
