"""Entropies and divergences against hand-made sums, closed forms, samples and each other."""

import itertools
import time

import numpy as np
import pytest

from course_utils.base import divergences, numerics
from course_utils.lessons.loss_functions import gaussian_fit, pictures

P = np.array([0.5, 0.25, 0.25])
Q = np.array([0.8, 0.1, 0.1])
X = np.linspace(-30, 30, 60_001)
MIXTURE = ([0.6, 0.4], [-2.0, 2.0], [0.6, 0.6])
PICTURE = np.random.default_rng(0).uniform(size=(28, 28))


# ---- discrete ------------------------------------------------------------------------------------


def test_sums_written_out():
    assert divergences.entropy(P) == pytest.approx(1.5 * np.log(2))
    assert divergences.cross_entropy(P, Q) == pytest.approx(-np.sum(P * np.log(Q)))
    assert divergences.kl_divergence(P, Q) == pytest.approx(
        0.5 * np.log(0.5 / 0.8) + 0.5 * np.log(0.25 / 0.1)
    )
    middle = (P + Q) / 2
    assert divergences.js_divergence(P, Q) == pytest.approx(
        np.sum(P * np.log(P / middle) + Q * np.log(Q / middle)) / 2
    )


def test_known_ends():
    assert divergences.entropy([1.0, 0.0]) == 0
    assert divergences.entropy(np.full(8, 1 / 8)) == pytest.approx(np.log(8))
    assert divergences.kl_divergence(P, P) == divergences.js_divergence(P, P) == 0
    assert divergences.kl_divergence([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert divergences.kl_divergence([1.0, 0.0], [0.5, 0.5]) == pytest.approx(np.log(2))
    assert divergences.cross_entropy([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert divergences.js_divergence([1, 0], [0, 1]) == pytest.approx(np.log(2))


def test_kl_is_never_negative_and_js_is_symmetric_and_at_most_log_2():
    random = np.random.default_rng(0)
    for p, q in random.dirichlet(np.ones(5), (200, 2)):
        assert divergences.kl_divergence(p, q) > 0
        js = divergences.js_divergence(p, q)
        assert 0 < js < np.log(2)
        assert js == pytest.approx(divergences.js_divergence(q, p))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([0.5, 0.6], "adds up to 1.1, not 1"),
        ([1.5, -0.5], "has the value -0.5"),
        ([0.5, np.nan], "not finite"),
        ([], r"shape \(0,\)"),
        ([[0.5, 0.5]], r"shape \(1, 2\)"),
        (1.0, r"shape \(\)"),
    ],
)
@pytest.mark.parametrize("function", [divergences.kl_divergence, divergences.js_divergence])
def test_what_is_no_distribution_is_refused(function, wrong, words):
    with pytest.raises(ValueError, match=f"p .*{words}|p {words}"):
        divergences.entropy(wrong)
    with pytest.raises(ValueError, match=f"^p .*{words}|^p {words}"):
        function(wrong, [0.5, 0.5])
    with pytest.raises(ValueError, match=f"^q .*{words}|^q {words}"):
        function([0.5, 0.5], wrong)


def test_unequal_lengths_and_texts_are_refused():
    with pytest.raises(ValueError, match="p has 3 probabilities, q has 2"):
        divergences.kl_divergence(P, [0.5, 0.5])
    with pytest.raises(TypeError, match="p has dtype <U5; give an array of real numbers"):
        divergences.entropy("heads")


# ---- densities -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gaussians", [(0, 1, 2, 0.5), (2, 0.5, 0, 1), (-1, 0.7, 1, 1), (0, 1, 0, 1)]
)
def test_the_closed_form_is_the_area_and_the_mean_over_samples(gaussians):
    mean_p, s_p, mean_q, s_q = gaussians
    closed = divergences.kl_gaussians(*gaussians)
    log_p = divergences.log_normal_density(X, mean_p, s_p)
    log_q = divergences.log_normal_density(X, mean_q, s_q)
    assert divergences.kl_quadrature(log_p, log_q, X) == pytest.approx(closed, rel=1e-9, abs=1e-12)
    samples = np.random.default_rng(0).normal(mean_p, s_p, 200_000)
    ratios = divergences.log_normal_density(samples, mean_p, s_p)
    ratios = ratios - divergences.log_normal_density(samples, mean_q, s_q)
    assert ratios.mean() == pytest.approx(closed, abs=5 * ratios.std() / np.sqrt(200_000) + 1e-12)


def test_the_area_below_a_density_and_a_mixture_is_1():
    assert np.trapezoid(np.exp(divergences.log_normal_density(X, 1, 0.3)), X) == pytest.approx(1)
    assert np.trapezoid(np.exp(divergences.log_mixture_density(X, *MIXTURE)), X) == pytest.approx(1)
    alone = divergences.log_mixture_density(X, [1.0, 0.0], [1.0, 5.0], [0.3, 1.0])
    np.testing.assert_allclose(alone, divergences.log_normal_density(X, 1.0, 0.3))


def test_js_is_symmetric_reaches_log_2_and_survives_densities_of_zero():
    log_p, far = (divergences.log_normal_density(X, mean, 0.2) for mean in (-20, 20))
    assert np.exp(far).min() == 0  # only the logarithms know better
    assert divergences.js_quadrature(log_p, far, X) == pytest.approx(np.log(2))
    near = divergences.log_normal_density(X, -19.9, 0.4)
    assert divergences.js_quadrature(log_p, near, X) == pytest.approx(
        divergences.js_quadrature(near, log_p, X)
    )


def test_gradients_of_the_lesson():
    found = numerics.numerical_gradient(
        lambda x: divergences.kl_gaussians(0, 1, x[0], np.exp(x[1])), [2.0, np.log(0.5)]
    )
    np.testing.assert_allclose(found, [2 / 0.25, 1 - 5 / 0.25], rtol=1e-8)


def test_unfit_densities_are_refused():
    with pytest.raises(ValueError, match="deviation_q is 0; give a number above 0"):
        divergences.kl_gaussians(0, 1, 0, 0)
    with pytest.raises(ValueError, match="deviation is -1"):
        divergences.log_normal_density(X, 0, -1)
    with pytest.raises(TypeError, match=r"mean_p is \[0, 1\]; give one number"):
        divergences.kl_gaussians([0, 1], 1, 0, 1)
    with pytest.raises(ValueError, match="mean_q is inf; give a number that is finite"):
        divergences.kl_gaussians(0, 1, np.inf, 1)
    with pytest.raises(ValueError, match=r"shapes \(2,\), \(3,\), \(3,\)"):
        divergences.kl_quadrature([0, 1], [0, 1, 2], [0, 1, 2])
    with pytest.raises(ValueError, match=r"shapes \(\), \(\), \(\)"):
        divergences.js_quadrature(0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="x does not rise"):
        divergences.kl_quadrature([0, 0], [0, 0], [1, 1])
    with pytest.raises(ValueError, match="log_q has values that are not finite"):
        divergences.kl_quadrature([0, 0], [0, -np.inf], [0, 1])
    with pytest.raises(ValueError, match="shapes"):
        divergences.log_mixture_density(X, [1.0], [0.0, 1.0], [1.0])
    with pytest.raises(ValueError, match=r"weights adds up to 0\.5"):
        divergences.log_mixture_density(X, [0.5], [0.0], [1.0])
    with pytest.raises(ValueError, match="deviations has the value 0"):
        divergences.log_mixture_density(X, [1.0], [0.0], [0.0])


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
    with pytest.raises(ValueError, match="direction is 'both'"):
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
    pictures.gaussians_figure(0, 1)  # the first chart loads fonts
    for mean, scale in itertools.product((-6, -0.1, 0, 3.3, 6), (0.2, 1, 2.5, 4)):
        caption = pictures.gaussians_figure(mean, scale).caption
        forward = divergences.kl_gaussians(0, 1, mean, scale)
        reverse = divergences.kl_gaussians(mean, scale, 0, 1)
        assert f"N({mean:g}, {scale:g}²)" in caption
        assert f"KL(p‖q) = {forward:.3f}, KL(q‖p) = {reverse:.3f}, JS = 0." in caption
    assert "JS = 0.000" in pictures.gaussians_figure(0, 1).caption
    assert "JS = 0.693" in pictures.gaussians_figure(6, 0.2).caption
    start = time.process_time()
    for mean in np.linspace(-3, 3, 10):
        pictures.gaussians_figure(mean, 0.5)
    assert (time.process_time() - start) / 10 < 0.1  # seconds, so that a slider feels live


@pytest.mark.parametrize("place", [(7, 1), (0, 0.1), (0, 5), (np.nan, 1), (0, 0)])
def test_gaussians_out_of_range_are_refused(place):
    with pytest.raises(ValueError, match=r"mean|scale"):
        pictures.gaussians_figure(*place)
