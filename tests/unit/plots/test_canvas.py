"""A backdrop is drawn once: what moves over it is in the picture, and leaves nothing behind."""

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from course_utils import plots


@pytest.fixture
def backdrop():
    """A black band at the left that stays, and a dot that moves."""
    backdrop = plots.Backdrop((2.0, 1.0), 100)
    axes = backdrop.figure.add_axes((0, 0, 1, 1), xlim=(0, 2), ylim=(0, 1))
    axes.axvspan(0, 0.2, color="black")
    (dot,) = axes.plot([], [], "o", color="red", ms=10, animated=True)
    backdrop.keep()
    return backdrop, dot


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png))).astype(int)


def is_red(picture, x, y) -> bool:
    red, green, blue = picture[round(100 * (1 - y)), round(100 * x)]
    return red > 200 and green < 50 and blue < 50


def test_what_moves_is_drawn_where_it_is_and_nowhere_else(backdrop):
    backdrop, dot = backdrop
    for x, y in ((0.5, 0.5), (1.5, 0.25)):
        dot.set_data([x], [y])
        picture = pixels(backdrop.png([dot]))
        assert picture.shape == (100, 200, 3)
        assert [is_red(picture, *place) for place in ((0.5, 0.5), (1.5, 0.25))] == [
            x == 0.5,
            x == 1.5,
        ]
        assert (picture[20:80, 5:15] < 60).all()  # the band stays


def test_artists_that_are_not_named_stay_away(backdrop):
    backdrop, dot = backdrop
    dot.set_data([0.5], [0.5])
    first = backdrop.png([])
    assert not is_red(pixels(first), 0.5, 0.5)
    assert backdrop.png([dot]) != first == backdrop.png([])


def test_a_picture_may_keep_several_backdrops(backdrop):
    backdrop, dot = backdrop
    backdrop.figure.axes[0].set_facecolor("yellow")
    assert not backdrop.has("yellow")
    backdrop.keep("yellow")
    assert backdrop.has("yellow") and backdrop.has()
    dot.set_data([1.0], [0.5])
    plain, yellow = pixels(backdrop.png([dot])), pixels(backdrop.png([dot], "yellow"))
    assert is_red(plain, 1.0, 0.5) and is_red(yellow, 1.0, 0.5)
    assert (plain[50, 150] == 255).all()
    assert yellow[50, 150].tolist() == [255, 255, 0]


def test_pixels_of_a_figure_come_at_its_own_sharpness():
    fig = Figure(figsize=(2, 1), dpi=50)
    fig.add_axes((0, 0, 0.5, 1), frameon=False, xticks=(), yticks=()).set_facecolor("white")
    fig.patches.append(fig.patch.__class__((0.5, 0), 0.5, 1, transform=fig.transFigure, fc="black"))
    drawn = plots.drawn_pixels(fig)
    assert drawn.shape == (50, 100, 3) and drawn.dtype == np.uint8
    assert drawn[:, :45].mean() > 250 and drawn[:, 55:].mean() < 5


def test_neither_is_in_pyplots_list():
    from matplotlib import pyplot

    plots.Backdrop((1, 1), 50).keep()
    plots.drawn_pixels(Figure(figsize=(1, 1)))
    assert pyplot.get_fignums() == []


def test_a_backdrop_needs_no_pyplot():
    code = (
        "import sys; from course_utils import plots; backdrop = plots.Backdrop((1, 1), 50); "
        "backdrop.keep(); backdrop.png([]); print('matplotlib.pyplot' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "False"


@pytest.mark.parametrize(("x", "y"), [(0, 0), (-2.2, 2.2), (1.3, -0.7)])
def test_places_and_points_are_each_others_reverse(x, y):
    box = plots.PlaneBox(36, 34, 440, 220)
    assert box.point_at(*box.place_of(x, y, 2.2), 2.2) == pytest.approx((x, y))


def test_the_axes_of_a_box_are_shares_of_the_picture_from_below():
    assert plots.PlaneBox(10, 20, 50, 40).axes_of(100, 80) == (0.1, 0.25, 0.5, 0.5)
