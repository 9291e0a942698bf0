"""Small charts in a row: their curves, points and legends, and curves in words."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils import plots
from course_utils.plots import small_charts
from course_utils.plots.canvas import drawn_pixels


@pytest.fixture
def drawn(monkeypatch):
    """The Matplotlib figure of the chart under test, not rendered."""
    figures = []
    monkeypatch.setattr(small_charts, "chart_figure", lambda fig, alt, quick: figures.append(fig))
    return figures


def test_curves_have_places_colors_styles_and_a_legend_outside(drawn):
    plots.small_curves_figure(
        {"one": [1, 2], "two": [3, 1]}, "Two.", "step", "loss", x=[20, 40], size=(4.0, 2.0)
    )
    (fig,) = drawn
    (axes,) = fig.axes
    one, two = axes.lines
    assert one.get_xdata().tolist() == [20, 40] and two.get_ydata().tolist() == [3, 1]
    assert to_hex(one.get_color()) == plots.COLORS[0].lower()
    assert one.get_linestyle() != two.get_linestyle()
    assert [text.get_text() for text in axes.get_legend().texts] == ["one", "two"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "loss")
    assert fig.get_size_inches().tolist() == [4.0, 2.0]


def test_labels_lie_within_the_chart(drawn):
    plots.small_curves_figure({"one": [0.5, 3.4]}, "One.", "step", "loss", x=[20, 800])
    (axes,) = drawn[0].axes
    within = drawn[0].bbox
    drawn_pixels(drawn[0])  # which lays it out
    for part in (axes.xaxis.label, axes.yaxis.label, axes.get_legend()):
        box = part.get_window_extent()
        assert within.x0 <= box.x0 and box.x1 <= within.x1, part
        assert within.y0 <= box.y0 and box.y1 <= within.y1, part


def test_points_lie_in_a_square_plane_without_axes(drawn):
    groups = {"real": np.zeros((3, 2)), "generated": np.ones((2, 2))}
    plots.small_points_figure(groups, "Points.", limit=2.5)
    (fig,) = drawn
    (axes,) = fig.axes
    assert [len(one.get_offsets()) for one in axes.collections] == [3, 2]
    assert axes.get_xlim() == axes.get_ylim() == (-2.5, 2.5) and axes.get_aspect() == 1
    assert len(axes.get_xticks()) == len(axes.get_yticks()) == 0
    assert [text.get_text() for text in fig.legends[0].texts] == ["real", "generated"]


def test_three_fit_into_a_row_of_a_laptop_s_page():
    curve = plots.small_curves_figure({"one": [1, 2]}, "A curve.", "step", "loss", x=[1, 2])
    points = plots.small_points_figure({"real": np.zeros((3, 2))}, "Points.")
    widths = [int(re.search(r'width="(\d+)"', one.content)[1]) for one in (curve, points)]
    assert 2 * widths[0] + widths[1] < 980
    assert 'alt="A curve."' in curve.content and 'alt="Points."' in points.content


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.5, 0.25], "from 0.5 at step 1 to 0.25 at step 2, lowest 0.25, highest 0.5"),
        ([-1e-9, 1234.5], "from 0 at step 1 to 1,234 at step 2, lowest 0, highest 1,234"),
    ],
)
def test_a_curve_in_words(values, words):
    assert plots.curve_in_words(values, [1, 2]) == words
