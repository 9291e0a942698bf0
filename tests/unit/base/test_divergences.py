"""Entropies and divergences against hand-made sums, closed forms, samples and each other."""

import numpy as np
import pytest

from course_utils.base import divergences, numerics

P = np.array([0.5, 0.25, 0.25])
Q = np.array([0.8, 0.1, 0.1])
X = np.linspace(-30, 30, 60_001)
MIXTURE = ([0.6, 0.4], [-2.0, 2.0], [0.6, 0.6])


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
