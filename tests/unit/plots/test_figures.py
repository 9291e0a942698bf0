"""Figures carry their alt text through nbconvert; photos and pixels that the browser enlarges."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from course_utils import data, plots
from course_utils.lessons.one_photograph import texture
from course_utils.plots import figures

RANDOM = np.random.default_rng(0)
PHOTO = np.asarray(
    Image.fromarray(RANDOM.integers(0, 256, (6, 5, 3), dtype=np.uint8)).resize((30, 36))
)


@pytest.fixture
def shown(monkeypatch):
    """What the functions under test displayed."""
    objects = []
    monkeypatch.setattr(figures, "display", objects.append)
    return objects


def pictures_in(markup: str) -> list[np.ndarray]:
    files = re.findall(r'src="data:image/png;base64,([^"]+)"', markup)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(f))).convert("RGB")) for f in files]


def random_images(n=5, shape=(4, 3, 1), seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), dtype=np.uint8)


@pytest.fixture
def photo():
    return np.random.default_rng(0).random((40, 48, 3)).astype(np.float32)


def decoded(figure) -> Image.Image:
    (content,) = re.findall(r"data:image/png;base64,([^\"]+)", figure.content)
    return Image.open(io.BytesIO(base64.b64decode(content)))


def shown_width(figure) -> int:
    return int(re.search(r'width="(\d+)"', figure.content).group(1))


# ---- HTML with an alt text -----------------------------------------------------------------------


def test_text_is_escaped_and_an_empty_alt_text_refused():
    tag = plots.img_tag(b"png", 'a < b & "c"', width=40)
    assert 'alt="a &lt; b &amp; &quot;c&quot;"' in tag and 'width="40"' in tag
    with pytest.raises(ValueError, match="alt text is empty"):
        plots.img_tag(b"png", "  ")
    assert "<figcaption>a &lt; b</figcaption>" in plots.figure_html("", "a < b")


def test_a_picture_shrinks_with_the_page_unless_it_must_not():
    assert "max-width: 100%" in plots.img_tag(b"png", "A.", 40)
    assert "max-width" not in plots.img_tag(b"png", "A.", 40, shrinks=False)


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


# ---- photos --------------------------------------------------------------------------------------


def test_photos_are_stored_small_and_shown_large(photo):
    figure = plots.photos_figure(np.stack([photo] * 4), "Four photos.", columns=2, scale=3)
    assert 'alt="Four photos."' in figure.content and 'width="291"' in figure.content
    assert decoded(figure).size == (97, 81)
    assert 'width="96"' in plots.photos_figure(photo, "One photo.").content


def test_the_colors_of_small_things_survive_the_palette():
    cat = texture.prepare_photo(data.cat_photo(), 96)
    figure = plots.photos_figure(np.stack([cat] * 4), "Four cats.", columns=2)
    shown = np.asarray(decoded(figure).convert("RGB")) / 255
    error = np.abs(shown[:64, :96] - cat)
    assert error.mean() < 0.02
    assert error[21:30, 31:40].mean() < 0.03  # the yellow-green eye


def test_pictures_figure():
    figure = plots.pictures_figure([PHOTO, PHOTO, PHOTO], "Three.", columns=2)
    assert decoded(figure).size == (2 * 30 + 3, 2 * 36 + 3)
    assert 'alt="Three."' in figure.content
    with pytest.raises(ValueError, match="alt text is empty"):
        plots.pictures_figure([PHOTO], " ")
    with pytest.raises(ValueError, match="no picture"):
        plots.pictures_figure([], "None.")
    with pytest.raises(ValueError, match="of one shape"):
        plots.pictures_figure([PHOTO, PHOTO[:5]], "Two sizes.")


def test_only_pictures_figure_is_smoothed():
    assert "pixelated" not in plots.pictures_figure([PHOTO], "One.").content
    assert "pixelated" in plots.photos_figure(PHOTO, "One.").content


# ---- pixels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_are_the_grid_itself(channels):
    images = RANDOM.integers(0, 256, (5, 6, 4, channels), dtype=np.uint8)
    figure = plots.pixels_figure(images, "Five.", 3)
    grid = plots.grid_image(images, 3, scale=1)
    np.testing.assert_array_equal(np.asarray(decoded(figure)), grid)
    assert shown_width(figure) == 2 * grid.shape[1]
    assert figure.caption == "Five." and 'alt="Five."' in figure.content


@pytest.mark.parametrize(("side", "scale"), [(100, 7), (26, 2), (25, 1), (3, 1)])
def test_a_side_is_filled_by_a_whole_number_of_screen_pixels(side, scale):
    images = np.zeros((4, 6, 5))  # the grid is 13 high and 11 wide
    assert shown_width(plots.pixels_figure(images, "Black.", side=side)) == 11 * scale


def test_few_colors_are_a_palette():
    images = RANDOM.integers(0, 256, (4, 30, 30, 3), dtype=np.uint8)
    many, few = (plots.pixels_figure(images, "Noise.", few_colors=few) for few in (False, True))
    assert (decoded(many).mode, decoded(few).mode) == ("RGB", "P")
    assert len(few.content) < 0.5 * len(many.content)


@pytest.mark.parametrize("name", ["scale", "side"])
@pytest.mark.parametrize("value", [0, 1.5, "4"])
def test_sizes_must_be_whole(name, value):
    with pytest.raises(ValueError, match=f"{name} is {value!r}"):
        plots.pixels_figure(np.zeros((1, 4, 4)), "Black.", **{name: value})
