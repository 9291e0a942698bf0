"""Charts show what they were given and leave no figure behind."""

import base64
import io
import re
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from PIL import Image

from course_utils import plots
from course_utils.plots import charts


@pytest.fixture
def shown(monkeypatch):
    """What the functions under test displayed."""
    objects = []
    monkeypatch.setattr(charts, "display", objects.append)
    return objects


def pictures_in(markup: str) -> list[np.ndarray]:
    files = re.findall(r'src="data:image/png;base64,([^"]+)"', markup)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(f))).convert("RGB")) for f in files]


def hexadecimal(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])


def has_color(picture: np.ndarray, color: str) -> bool:
    return bool((np.abs(picture.astype(int) - hexadecimal(color)).max(axis=-1) < 12).any())


def test_curves_are_drawn_in_their_colors_on_white(shown):
    plots.curves({"one": [1, 2, 3], "two": [3, 1, 2]}, "Two losses.", "epoch", "loss")
    markup = shown[0]._repr_html_()
    assert 'alt="Two losses."' in markup
    (picture,) = pictures_in(markup)
    assert (picture[0, 0] == 255).all()
    assert has_color(picture, plots.COLORS[0]) and has_color(picture, plots.COLORS[1])
    assert not has_color(picture, plots.COLORS[2])
    width = int(re.search(r'width="(\d+)"', markup).group(1))
    assert 600 < width < 750 and len(markup) < 60_000


@pytest.fixture
def drawn(monkeypatch):
    """The axes of the chart under test, not rendered."""
    axes = []
    monkeypatch.setattr(charts, "chart_figure", lambda fig, caption, alt: axes.extend(fig.axes))
    monkeypatch.setattr(charts, "display", lambda figure: None)
    return axes


def test_curves_differ_in_more_than_color_and_have_names(drawn):
    series = {f"curve {i}": np.arange(20) + i for i in range(7)}
    plots.curves(series, "Seven.", "step", "loss")
    lines = drawn[0].get_lines()
    assert len({line.get_linestyle() for line in lines[:4]}) == 4
    assert len({(line.get_linestyle(), line.get_color()) for line in lines}) == 7
    assert [text.get_text() for text in drawn[0].get_legend().get_texts()] == list(series)
    assert (drawn[0].get_xlabel(), drawn[0].get_ylabel()) == ("step", "loss")


def test_curves_take_their_places_and_gaps(drawn):
    plots.curves({"a": [1.0, np.nan, 3.0]}, "A.", "step", "loss", x=[10, 20, 40])
    (line,) = drawn[0].get_lines()
    np.testing.assert_array_equal(line.get_xdata(), [10, 20, 40])
    assert drawn[0].get_legend() is None  # one curve: the axis says what it is


def test_charts_to_compare_share_their_limits(drawn):
    plots.curves({"a": [1.0, 3.0]}, "A.", "step", "loss", ylim=(-7, 5))
    assert drawn[0].get_ylim() == (-7, 5)


def test_points_are_drawn_where_they_are_with_different_markers(drawn):
    groups = {"real": np.array([[0, 1], [2, 3]]), "generated": np.array([[5, 5]])}
    plots.scatter_points(groups, "Points.")
    first, second = drawn[0].collections
    np.testing.assert_array_equal(first.get_offsets(), groups["real"])
    paths = [marks.get_paths()[0].vertices.shape for marks in (first, second)]
    assert paths[0] != paths[1]
    assert drawn[0].get_aspect() == 1.0


def test_panels_stand_side_by_side_on_one_scale(drawn):
    before = {"real": np.eye(2), "generated": -np.eye(2)}
    after = {"real": np.eye(2), "generated": 0.5 * np.eye(2)}
    plots.scatter_panels({"before": before, "after": after}, "Two stages.", limit=2.0)
    assert [axes.get_title() for axes in drawn] == ["before", "after"]
    for axes, groups in zip(drawn, (before, after), strict=True):
        for marks, points in zip(axes.collections, groups.values(), strict=True):
            np.testing.assert_array_equal(marks.get_offsets(), points)
        assert axes.get_xlim() == axes.get_ylim() == (-2.0, 2.0)
    (legend,) = drawn[0].figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["real", "generated"]


def test_a_quick_chart_is_drawn_as_asked():
    fig = Canvas(figsize=(4, 3))
    axes = fig.add_axes((0, 0, 1, 1), frameon=False, xlim=(0, 1))
    axes.axvspan(0.5, 1.0, color="black")
    figure = plots.chart_figure(fig, "The right half is black.", quick=True)
    assert 'alt="The right half is black."' in figure.content
    assert 'width="400"' in figure.content  # a hundred screen pixels an inch
    png = base64.b64decode(re.search(r'base64,([^"]+)', figure.content).group(1))
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"), float)
    assert pixels.shape == (432, 576)  # more than are shown, for fine screens
    left, right = pixels[20:-20, 20:268], pixels[20:-20, 300:-40]
    assert left.mean() > 250 and right.mean() < 5


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.curves({}, "A.", "x", "y"), "no curves to draw"),
        (lambda: plots.curves([1, 2], "A.", "x", "y"), r"dictionary.*not \[1, 2\]"),
        (lambda: plots.curves({"a": []}, "A.", "x", "y"), r"'a' has shape \(0,\)"),
        (lambda: plots.curves({"a": [[1, 2]]}, "A.", "x", "y"), r"'a' has shape \(1, 2\)"),
        (lambda: plots.curves({"a": [1, 2]}, "A.", "x", "y", x=[1]), "'a' has 2 values but x"),
        (lambda: plots.scatter_points({}, "A."), "no points to draw"),
        (lambda: plots.scatter_panels({}, "A."), "no panels to draw"),
        (lambda: plots.scatter_panels({"x": {}}, "A."), "no points to draw"),
        (lambda: plots.scatter_points({"a": np.zeros((3, 3))}, "A."), r"'a' have shape \(3, 3\)"),
        (lambda: plots.scatter_points({"a": np.zeros((0, 2))}, "A."), r"\(0, 2\)"),
    ],
)
def test_what_cannot_be_charted_gets_one_sentence(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


def test_a_pyplot_figure_is_shown_once_and_closed(shown):
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    fig, axes = pyplot.subplots()
    axes.plot([1, 2])
    plots.show_figure(fig, "A line.")
    assert pyplot.get_fignums() == [] and len(shown) == 1


def test_charts_leave_no_pyplot_figure(shown):
    from matplotlib import pyplot

    plots.curves({"a": [1, 2]}, "A.", "x", "y")
    plots.scatter_points({"a": np.eye(2)}, "A.")
    assert pyplot.get_fignums() == [] and len(shown) == 2


def test_import_starts_neither_tensorflow_nor_matplotlib():
    code = (
        "import sys, course_utils.plots; "
        "print([name for name in ('tensorflow', 'keras', 'matplotlib') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "[]"


def test_dots_have_a_row_each_and_a_band_of_the_first(drawn):
    rows = {"none": [1.0, 3.0, 2.0], "some": [4.0, np.nan, 5.0]}
    plots.dots_figure(rows, "Dots.", "distance")
    (axes,) = drawn
    assert [label.get_text() for label in axes.get_yticklabels()] == ["none", "some"]
    assert axes.lines[1].get_xdata()[0] == 4.0 and set(axes.lines[1].get_ydata()) == {1}
    band = axes.patches[0]
    assert (band.get_x(), band.get_x() + band.get_width()) == (1.0, 3.0)
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # the first one on top
