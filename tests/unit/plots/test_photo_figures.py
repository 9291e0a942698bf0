"""Photos and pixels that the browser enlarges: their files, their sizes, what is refused."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from course_utils import data, plots
from course_utils.lessons.one_photograph import texture

RANDOM = np.random.default_rng(0)
PHOTO = np.asarray(
    Image.fromarray(RANDOM.integers(0, 256, (6, 5, 3), dtype=np.uint8)).resize((30, 36))
)


@pytest.fixture
def photo():
    return np.random.default_rng(0).random((40, 48, 3)).astype(np.float32)


def decoded(figure) -> Image.Image:
    (content,) = re.findall(r"data:image/png;base64,([^\"]+)", figure.content)
    return Image.open(io.BytesIO(base64.b64decode(content)))


def shown_width(figure) -> int:
    return int(re.search(r'width="(\d+)"', figure.content).group(1))


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


# ---- palettes and tags ---------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(20, 20), (20, 20, 3)])
@pytest.mark.parametrize("colors", [2, 16, 256])
def test_a_palette_has_at_most_so_many_colors(shape, colors):
    image = RANDOM.integers(0, 256, shape, dtype=np.uint8)
    picture = Image.open(io.BytesIO(plots.png_bytes(image, colors=colors)))
    assert picture.mode == "P" and picture.size == (20, 20)
    assert len(picture.convert("RGB").getcolors()) <= colors


def test_a_rare_color_is_kept_where_that_is_asked_for():
    """16 red pixels among 10,000 shades of gray and blue."""
    image = np.zeros((100, 100, 3), np.uint8)
    image[..., 2] = np.arange(100)
    image[:4, :4] = (255, 0, 0)
    kept = Image.open(io.BytesIO(plots.png_bytes(image, colors=8, keep_rare=True))).convert("RGB")
    assert kept.getpixel((1, 1))[0] > 200


@pytest.mark.parametrize("colors", [0, 1, 257, 2.5])
def test_a_palette_that_cannot_be_is_refused(colors):
    with pytest.raises(ValueError, match=f"colors is {colors}"):
        plots.png_bytes(PHOTO, colors=colors)


def test_a_picture_shrinks_with_the_page_unless_it_must_not():
    assert "max-width: 100%" in plots.img_tag(b"png", "A.", 40)
    assert "max-width" not in plots.img_tag(b"png", "A.", 40, shrinks=False)
