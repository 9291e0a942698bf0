"""Lesson 02's own: the Gaussian that is fitted to a mixture, and the pictures of its widgets."""

import itertools

import numpy as np
import pytest

from course_utils.base import divergences, numerics
from course_utils.lessons.loss_functions import gaussian_fit, pictures

MIXTURE = ([0.6, 0.4], [-2.0, 2.0], [0.6, 0.6])
PICTURE = np.random.default_rng(0).uniform(size=(28, 28))


# ---- one Gaussian for a mixture ------------------------------------------------------------------


@pytest.mark.parametrize("start", [(0, 1), (-3, 0.2), (5, 4)])
@pytest.mark.parametrize("mixture", [MIXTURE, ([0.2, 0.3, 0.5], [0.0, 1.0, 4.0], [1.0, 0.1, 2.0])])
def test_the_forward_fit_has_the_mean_and_variance_of_the_mixture(mixture, start):
    weights, means, deviations = map(np.array, mixture)
    mean = weights @ means
    variance = weights @ (deviations**2 + (means - mean) ** 2)
    fit = gaussian_fit.fit_gaussian(*mixture, "forward", start)
    assert fit.mean == pytest.approx(mean, abs=1e-6)
    assert fit.deviation == pytest.approx(np.sqrt(variance), rel=1e-6)


@pytest.mark.parametrize(("start", "mean", "weight"), [(-3.0, -2.0, 0.6), (3.0, 2.0, 0.4)])
def test_the_reverse_fit_takes_the_mode_of_its_start_at_the_price_of_its_weight(
    start, mean, weight
):
    fit = gaussian_fit.fit_gaussian(*MIXTURE, "reverse", (start, 1.0))
    assert fit.mean == pytest.approx(mean, abs=0.01)
    assert fit.deviation == pytest.approx(0.6, abs=0.01)
    assert fit.divergence == pytest.approx(-np.log(weight), abs=0.003)


def reverse_kl(place) -> float:
    mean, deviation = place[0], np.exp(place[1])
    x = np.linspace(mean - 10 * deviation, mean + 10 * deviation, 20_001)
    log_q = divergences.log_normal_density(x, mean, deviation)
    return divergences.kl_quadrature(log_q, divergences.log_mixture_density(x, *MIXTURE), x)


@pytest.mark.parametrize("start", [-3.0, 0.0, 3.0])
def test_the_reverse_fit_is_a_minimum_of_the_area(start):
    fit = gaussian_fit.fit_gaussian(*MIXTURE, "reverse", (start, 1.0))
    place = np.array([fit.mean, np.log(fit.deviation)])
    assert reverse_kl(place) == pytest.approx(fit.divergence, rel=1e-9)
    slope = numerics.numerical_gradient(reverse_kl, place, 1e-4)
    np.testing.assert_allclose(slope, 0, atol=1e-5)
    for move in itertools.product((-0.05, 0, 0.05), repeat=2):
        assert reverse_kl(place + move) >= fit.divergence - 1e-12


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_one_component_is_found_exactly(direction):
    fit = gaussian_fit.fit_gaussian([1.0, 0.0], [3.0, 9.0], [0.5, 1.0], direction)
    assert (fit.mean, fit.deviation) == pytest.approx((3.0, 0.5), abs=1e-6)
    assert fit.divergence == pytest.approx(0, abs=1e-9)


def test_unfit_arguments_of_a_fit_are_refused():
    with pytest.raises(ValueError, match="no direction 'both'; choose one of forward, reverse"):
        gaussian_fit.fit_gaussian(*MIXTURE, "both")
    with pytest.raises(ValueError, match=r"start\[1\] is 0"):
        gaussian_fit.fit_gaussian(*MIXTURE, start=(0, 0))
    with pytest.raises(ValueError, match=r"start has shape \(1,\)"):
        gaussian_fit.fit_gaussian(*MIXTURE, start=(0,))
    with pytest.raises(ValueError, match="deviations has the value -1"):
        gaussian_fit.fit_gaussian([1.0], [0.0], [-1.0])


# ---- the widgets' pictures -----------------------------------------------------------------------


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
