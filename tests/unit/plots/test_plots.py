"""Pictures are pixel-exact, carry their alt text through nbconvert, and refuse what is no image."""

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
from course_utils.plots import charts, figures


@pytest.fixture
def shown(monkeypatch):
    """What the functions under test displayed."""
    objects = []
    for module in (charts, figures):
        monkeypatch.setattr(module, "display", objects.append)
    return objects


def decode(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def pictures_in(markup: str) -> list[np.ndarray]:
    files = re.findall(r'src="data:image/png;base64,([^"]+)"', markup)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(f))).convert("RGB")) for f in files]


def random_images(n=5, shape=(4, 3, 1), seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), dtype=np.uint8)


# ---- arrays to PNG -------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 3])
def test_every_image_of_a_grid_stands_where_it_belongs(channels):
    images = random_images(5, (4, 3, channels))
    picture = plots.grid_image(images, columns=2, gap=2, scale=3)
    assert picture.shape[:2] == ((3 * 4 + 2 * 2) * 3, (2 * 3 + 2) * 3)
    small = picture[::3, ::3]
    for index, image in enumerate(images):
        top, left = index // 2 * 6, index % 2 * 5
        np.testing.assert_array_equal(
            small[top : top + 4, left : left + 3], image[..., 0] if channels == 1 else image
        )
    assert (small[4:6] == plots.GAP_VALUE).all()  # the gap below the first row
    assert (small[12:, 5:] == plots.GAP_VALUE).all()  # the empty place after the last image
    np.testing.assert_array_equal(picture, small.repeat(3, axis=0).repeat(3, axis=1))


def test_floats_become_the_nearest_gray_value():
    images = np.array([[[0.0, 1.0, 0.5, 1 / 255, 1.0005, -0.0005]]])
    np.testing.assert_array_equal(plots.to_uint8(images), [[[0, 255, 128, 1, 255, 0]]])


def test_a_grid_is_never_wider_than_its_images():
    assert plots.grid_image(random_images(2), columns=8, scale=1).shape == (4, 7)


def test_png_keeps_pixels_and_stays_gray():
    gray, color = random_images(2)[0, ..., 0], random_images(1, (4, 3, 3))[0]
    for image, mode in ((gray, "L"), (color, "RGB")):
        png = plots.png_bytes(image, scale=2)
        assert Image.open(io.BytesIO(png)).mode == mode
        np.testing.assert_array_equal(decode(png), image.repeat(2, axis=0).repeat(2, axis=1))


def test_grid_png_is_the_grid_as_a_file():
    images = random_images(6)
    np.testing.assert_array_equal(
        decode(plots.grid_png(images, columns=3)), plots.grid_image(images, columns=3)
    )


NAN = np.full((2, 4, 4), np.nan)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((0, 28, 28, 1)), "nothing to draw"),
        (np.zeros((28, 28)), r"\(28, 28\) looks like one single image"),
        (np.zeros((28, 28, 1)), r"images\[None\]"),
        (np.zeros((2, 28, 28, 2)), r"\(2, 28, 28, 2\).*1 or 3 channels"),
        (np.zeros(5), r"\(5,\)"),
        (np.zeros((1, 2, 3, 4, 5)), r"\(1, 2, 3, 4, 5\)"),
        (np.full((2, 4, 4), 1.5), r"from 1.5 to 1.5.*\[0, 1\]"),
        (np.full((2, 4, 4), -1.0), "unscale_pixels"),
        (np.full((2, 4, 4), 255.0), "from 255 to 255"),
        (NAN, "32 of 32 pixel values are NaN"),
        (np.full((2, 4, 4), np.inf), "NaN or infinite"),
        (np.zeros((2, 4, 4), int), "int64; give uint8"),
        (np.zeros((2, 4, 4), bool), "bool; give uint8"),
    ],
)
def test_what_is_no_batch_of_images_gets_one_sentence(images, words):
    with pytest.raises((ValueError, TypeError), match=words):
        plots.grid_png(images)


@pytest.mark.parametrize("value", [0, -2, 1.5, True, "4"])
def test_counts_must_be_whole_and_positive(value):
    for name in ("columns", "scale"):
        with pytest.raises(ValueError, match=f"{name} is {value!r}"):
            plots.grid_png(random_images(), **{name: value})


@pytest.mark.parametrize(
    "image", [np.zeros((2, 2)), np.zeros((2, 2, 4), np.uint8), np.zeros((0, 2), np.uint8)]
)
def test_png_of_something_else_is_refused(image):
    with pytest.raises(ValueError, match=re.escape(str(image.shape))):
        plots.png_bytes(image)


# ---- HTML with an alt text -----------------------------------------------------------------------


def test_text_is_escaped_and_an_empty_alt_text_refused():
    tag = plots.img_tag(b"png", 'a < b & "c"', width=40)
    assert 'alt="a &lt; b &amp; &quot;c&quot;"' in tag and 'width="40"' in tag
    with pytest.raises(ValueError, match="alt text is empty"):
        plots.img_tag(b"png", "  ")
    assert "<figcaption>a &lt; b</figcaption>" in plots.figure_html("", "a < b")


def test_show_images_shows_one_picture_with_its_caption_as_alt_text(shown):
    images = random_images()
    plots.show_images(images, "Five images.", columns=5)
    (figure,) = shown
    markup = figure._repr_html_()
    assert 'alt="Five images."' in markup and "<figcaption>Five images.</figcaption>" in markup
    (picture,) = pictures_in(markup)
    np.testing.assert_array_equal(picture[..., 0], plots.grid_image(images, columns=5))
    assert repr(figure) == "<figure: Five images.>"


def test_the_alt_text_may_say_more_than_the_caption(shown):
    plots.show_images(random_images(), "Five images.", alt="Five images of noise in a row.")
    markup = shown[0]._repr_html_()
    assert 'alt="Five images of noise in a row."' in markup
    assert "<figcaption>Five images.</figcaption>" in markup


def test_titles_stand_under_their_images_and_are_their_alt_texts(shown):
    images = random_images(3)
    plots.show_images(images, "Three.", columns=2, titles=["shirt", "bag <new>", 7])
    markup = shown[0]._repr_html_()
    assert re.findall(r'alt="([^"]*)"', markup) == ["shirt", "bag &lt;new&gt;", "7"]
    assert [len(re.findall("<td", row)) for row in markup.split("<tr>")[1:]] == [2, 1]
    for picture, image in zip(pictures_in(markup), images, strict=True):
        np.testing.assert_array_equal(picture[::2, ::2, 0], image[..., 0])


def test_titles_must_be_as_many_as_the_images():
    with pytest.raises(ValueError, match="5 images but 2 titles"):
        plots.show_images(random_images(), "Five.", titles=["a", "b"])


def test_alt_text_and_plain_text_survive_nbconvert():
    """Through IPython's own formatter, into a notebook, out as a page."""
    import nbconvert
    import nbformat
    from IPython.core.formatters import DisplayFormatter

    data, metadata = DisplayFormatter().format(plots.images_figure(random_images(), "Noise."))
    assert set(data) == {"text/html", "text/plain"}
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=[output])])
    page, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    assert re.search(r'<img alt="Noise\."[^>]*src="data:image/png;base64,', page)
    assert "No description has been provided" not in page


def test_figures_stand_beside_each_other_with_their_alt_texts_above_one_caption():
    figures = [plots.images_figure(random_images(1, seed=i), f"Noise {i}.") for i in range(2)]
    markup = plots.beside_figure(figures, "Two noises.")._repr_html_()
    assert re.findall(r'alt="([^"]*)"', markup) == ["Noise 0.", "Noise 1."]
    assert re.findall(r"<figcaption>([^<]*)<", markup) == ["Two noises."]
    assert [len(pictures_in(markup)), markup.count("<div"), markup.count("</div>")] == [2, 3, 3]


# ---- charts --------------------------------------------------------------------------------------


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
