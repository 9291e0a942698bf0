"""Lesson 02's Gaussian that is fitted to a mixture."""

import itertools

import numpy as np
import pytest

from course_utils.base import divergences, numerics
from course_utils.lessons.loss_functions import gaussian_fit

MIXTURE = ([0.6, 0.4], [-2.0, 2.0], [0.6, 0.6])


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
