"""Arrays become pixel-exact PNG files; what is no image is refused."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from course_utils import plots

RANDOM = np.random.default_rng(0)


def decode(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def random_images(n=5, shape=(4, 3, 1), seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), dtype=np.uint8)


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
        plots.png_bytes(random_images(1, (36, 30, 3))[0], colors=colors)
