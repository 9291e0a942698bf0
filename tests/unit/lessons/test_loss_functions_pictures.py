"""The pictures of lesson 02's widgets over the range of their controls."""

import itertools

import numpy as np
import pytest

from course_utils.base import divergences
from course_utils.lessons.loss_functions import pictures

PICTURE = np.random.default_rng(0).uniform(size=(28, 28))


def test_a_shift_moves_and_fills_with_zeros():
    row = [[1.0, 2.0, 3.0]]
    for pixels, expected in {0: row, 2: [[0, 0, 1]], -1: [[2, 3, 0]], 3: [[0] * 3]}.items():
        np.testing.assert_array_equal(pictures.shifted(row, pixels), expected)
    there_and_back = pictures.shifted(pictures.shifted(PICTURE, 5), -5)
    np.testing.assert_array_equal(there_and_back[:, :23], PICTURE[:, :23])


def test_the_mask_is_the_mean_and_leaves_the_input_alone():
    picture = PICTURE.copy()
    masked = pictures.half_masked(picture)
    np.testing.assert_array_equal(picture, PICTURE)
    np.testing.assert_array_equal(masked[:, :14], PICTURE[:, :14])
    np.testing.assert_allclose(masked[:, 14:], PICTURE.mean())


@pytest.mark.parametrize("wrong", [0.5, 29, -29, True, None])
def test_unfit_shifts_are_refused(wrong):
    with pytest.raises(ValueError, match="whole number from -28 to 28"):
        pictures.shifted(PICTURE, wrong)


@pytest.mark.parametrize("wrong", [np.zeros(28), np.zeros((0, 28)), np.zeros((28, 28, 1))])
def test_what_is_no_picture_is_refused(wrong):
    for function in (pictures.half_masked, lambda image: pictures.shift_figure(image, 1)):
        with pytest.raises(ValueError, match="image has shape"):
            function(wrong)


def test_the_shift_picture_over_the_range_of_its_slider():
    seen = set()
    for shift in range(-8, 9):
        figure = pictures.shift_figure(PICTURE, float(shift))
        way = "left" if shift < 0 else "right"
        plural = "" if abs(shift) == 1 else "s"
        assert f"Moved {abs(shift)} pixel{plural} to the {way}: MSE" in figure.caption
        seen.add(figure.content)
    assert len(seen) == 17
    assert "MSE 0.000. Half painted" in pictures.shift_figure(PICTURE, 0.0).caption
    assert "times" not in pictures.shift_figure(np.zeros((28, 28)), 3).caption  # all black
    expected = np.mean((pictures.shifted(PICTURE, 2) - PICTURE) ** 2)
    assert f"MSE {expected:.3f}." in pictures.shift_figure(PICTURE, 2.4).caption  # is rounded


@pytest.mark.slow
def test_the_gaussians_picture_over_the_range_of_its_sliders():
    for mean, scale in itertools.product((-6, -0.1, 0, 3.3, 6), (0.2, 1, 2.5, 4)):
        caption = pictures.gaussians_figure(mean, scale).caption
        forward = divergences.kl_gaussians(0, 1, mean, scale)
        reverse = divergences.kl_gaussians(mean, scale, 0, 1)
        assert f"N({mean:g}, {scale:g}²)" in caption
        assert f"KL(p‖q) = {forward:.3f}, KL(q‖p) = {reverse:.3f}, JS = 0." in caption
    assert "JS = 0.000" in pictures.gaussians_figure(0, 1).caption
    assert "JS = 0.693" in pictures.gaussians_figure(6, 0.2).caption


@pytest.mark.parametrize("place", [(7, 1), (0, 0.1), (0, 5), (np.nan, 1), (0, 0)])
def test_gaussians_out_of_range_are_refused(place):
    with pytest.raises(ValueError, match=r"mean|scale"):
        pictures.gaussians_figure(*place)
