"""Scaling of pixels, and what is accepted as images."""

import pickle
import warnings
from pathlib import Path

import numpy as np
import pytest

from course_utils import data


@pytest.fixture(scope="module")
def fashion():
    """The test images and labels; tests do not change them."""
    return data.load_images("fashion_mnist", split="test")


def numbered_images(count: int) -> np.ndarray:
    """Images of 2 x 2 pixels, all of image i having the value i (up to 255)."""
    numbers = np.arange(count, dtype=np.uint8).reshape(count, 1, 1, 1)
    return np.broadcast_to(numbers, (count, 2, 2, 1)).copy()


def test_scaling_keeps_every_pixel_value():
    pixels = np.arange(256, dtype=np.uint8)
    scaled = data.scale_pixels(pixels.astype(np.float32) / 255)
    assert scaled.dtype == np.float32
    assert scaled[0] == -1 and scaled[-1] == 1
    back = data.unscale_pixels(scaled)
    assert back.dtype == np.float32 and back.min() == 0 and back.max() == 1
    np.testing.assert_array_equal(np.rint(back * 255).astype(np.uint8), pixels)


def test_scaling_of_tensors_is_that_of_arrays():
    from course_utils.base.backend import tf

    pixels = np.linspace(0, 1, 11, dtype=np.float32)
    scaled = tf.function(data.scale_pixels)(tf.constant(pixels))
    np.testing.assert_array_equal(scaled.numpy(), data.scale_pixels(pixels))
    np.testing.assert_array_equal(data.unscale_pixels(scaled).numpy(), data.unscale_pixels(scaled))


def test_scaling_refuses_bytes():
    with pytest.raises(TypeError, match=r"dtype uint8; .*astype\('float32'\) / 255"):
        data.scale_pixels(numbered_images(2))


FLOATS = np.linspace(0, 1, 32, dtype=np.float32).reshape(8, 2, 2, 1)


@pytest.mark.parametrize(
    "images",
    [
        numbered_images(3),
        FLOATS,
        FLOATS.astype(np.float64),
        FLOATS.astype(np.float16),
        np.repeat(FLOATS, 3, axis=-1),
        FLOATS + np.float32(2e-7),  # a rounding error, as resizing leaves
        FLOATS.tolist(),
        np.array([[-40.0, 300.0]]),  # points know no range
    ],
)
def test_check_images_lets_good_ones_through(images):
    np.testing.assert_array_equal(data.check_images(images), images)


def test_check_images_copies_nothing(fashion):
    assert data.check_images(fashion[0]) is fashion[0]


@pytest.mark.parametrize(
    ("images", "error", "expected"),
    [
        (FLOATS[..., 0], ValueError, r"\(8, 2, 2\).* channel axis .*images\[..., np.newaxis\]"),
        (FLOATS[0], ValueError, r"\(2, 2, 1\).* batch axis .*images\[np.newaxis\]"),
        (FLOATS.ravel(), ValueError, r"shape \(32,\); expected \(n, height, width, channels\)"),
        (np.float32(0.5), ValueError, r"shape \(\); expected"),
        (np.zeros((5, 784), np.uint8), ValueError, r"images.reshape\(n, 28, 28, 1\)"),
        (np.zeros((5, 3, 28, 28)), ValueError, r"channels first; .*np.moveaxis\(images, 1, -1\)"),
        (FLOATS[:0], ValueError, r"\(0, 2, 2, 1\), so it is empty"),
        (numbered_images(3).astype(int), TypeError, r"dtype int64; .*astype\('uint8'\)"),
        (numbered_images(3) > 1, TypeError, "dtype bool"),
        (FLOATS * 255, ValueError, "from 0 to 255, .*looks like 0..255, so divide by 255"),
        (FLOATS * 2 - 1, ValueError, r"from -1 to 1, .*looks like \[-1, 1\], so use data.unscale"),
        (FLOATS + 0.5, ValueError, "from 0.5 to 1.5, .*rescale or clip"),
        (np.where(FLOATS > 0.9, np.nan, FLOATS), ValueError, "not finite"),
        (np.where(FLOATS > 0.9, -np.inf, FLOATS), ValueError, "not finite"),
        (np.array([[0.0, np.nan]]), ValueError, "not finite"),
        (np.array([FLOATS, None], object), TypeError, "ndarray of dtype object, as unpickled"),
        ([FLOATS[0], FLOATS[0, :1]], TypeError, "list of dtype object, as .*unequal images"),
        (None, TypeError, "NoneType of dtype object"),
        ("images.pkl", TypeError, "the file name 'images.pkl', not an array; .*pickle"),
        (Path("images.npz"), TypeError, "the file name 'images.npz', not an array"),
        (pickle.dumps(FLOATS), TypeError, "images is bytes, not an array; .*pickle"),
        ((numbered_images(3), np.zeros(3)), TypeError, "a tuple of 2; unpack it first"),
    ],
)
@pytest.mark.parametrize("function", [data.check_images, data.make_dataset])
def test_bad_images_get_one_sentence(function, images, error, expected):
    with warnings.catch_warnings(), pytest.raises(error, match=expected) as caught:
        warnings.simplefilter("error")
        function(images)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 250
