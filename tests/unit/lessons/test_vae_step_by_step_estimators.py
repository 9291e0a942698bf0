"""Lesson 09's gradient estimators against quadrature and automatic differentiation."""

import numpy as np
import pytest
from scipy import integrate, stats

from course_utils.base import numerics
from course_utils.base.backend import tf
from course_utils.lessons.vae_step_by_step import estimators

SETTINGS = [(-0.5, 0.6), (0.3, 1.0), (1.2, 0.2)]
NOISE = np.random.default_rng(0).standard_normal(200_000)


def expectation(function, mean, scale):
    """E f(z) for z from N(mean, scale²), by quadrature; 0 is where the step jumps."""
    q = stats.norm(mean, scale)
    low, high = mean - 10 * scale, mean + 10 * scale
    places = [0.0] if low < 0 < high else None
    value, _ = integrate.quad(
        lambda z: q.pdf(z) * float(function(np.array([z]))[0]), low, high, points=places, limit=200
    )
    return value


# ---- exact values


@pytest.mark.parametrize("name", estimators.PAYOFFS)
@pytest.mark.parametrize(("mean", "scale"), SETTINGS)
def test_means_and_gradients_are_exact(name, mean, scale):
    chosen = estimators.payoff(name)
    assert chosen.mean_value(mean, scale) == pytest.approx(
        expectation(chosen.value, mean, scale), abs=1e-7
    )
    differences = numerics.numerical_gradient(
        lambda point: expectation(chosen.value, *point), [mean, scale], step=1e-4
    )
    np.testing.assert_allclose(chosen.mean_gradient(mean, scale), differences, atol=2e-5)


@pytest.mark.parametrize("name", ["hill", "wave"])
def test_slopes_are_derivatives(name):
    chosen = estimators.payoff(name)
    for z in (-1.0, 0.2, 2.5):
        found = numerics.numerical_gradient(lambda point: float(chosen.value(point[0])), [z])
        np.testing.assert_allclose(chosen.slope(np.array([z])), found, atol=1e-6)


def test_an_unknown_function_is_refused():
    with pytest.raises(ValueError, match="'peak'; choose one of hill, wave, step"):
        estimators.payoff("peak")


# ---- the estimators


def within_error(estimates, exact):
    error = estimates.std(axis=0) / np.sqrt(len(estimates))
    return (np.abs(estimates.mean(axis=0) - exact) < 4.5 * error + 1e-12).all()


@pytest.mark.parametrize("name", estimators.PAYOFFS)
@pytest.mark.parametrize(("mean", "scale"), SETTINGS)
def test_the_score_function_is_unbiased_with_and_without_a_baseline(name, mean, scale):
    chosen = estimators.payoff(name)
    exact = chosen.mean_gradient(mean, scale)
    for baseline in (0.0, 3.0):
        found = estimators.score_function_gradients(
            chosen.value, mean, scale, NOISE, baseline=baseline
        )
        assert within_error(found, exact)


@pytest.mark.parametrize("name", ["hill", "wave"])
@pytest.mark.parametrize(("mean", "scale"), SETTINGS)
def test_reparameterization_is_unbiased_where_the_function_is_smooth(name, mean, scale):
    chosen = estimators.payoff(name)
    found = estimators.reparameterized_gradients(chosen.slope, mean, scale, NOISE)
    assert within_error(found, chosen.mean_gradient(mean, scale))


def test_reparameterization_is_blind_to_a_step():
    step = estimators.payoff("step")
    assert not estimators.reparameterized_gradients(step.slope, 0.3, 1.0, NOISE).any()
    assert step.mean_gradient(0.3, 1.0)[0] > 0.3


def test_the_variances_on_the_hill():
    hill, (mean, scale) = estimators.payoff("hill"), SETTINGS[0]
    small = estimators.reparameterized_gradients(hill.slope, mean, scale, NOISE)[:, 0].var()
    large = estimators.score_function_gradients(hill.value, mean, scale, NOISE)[:, 0].var()
    assert small == pytest.approx((1.5 / 0.8) ** 4 * scale**2, rel=0.02)
    assert large > 10 * small


def test_autodiff_finds_the_reparameterized_gradient():
    noise = NOISE[:50]
    point = tf.Variable([0.3, 0.7], dtype="float64")
    with tf.GradientTape() as tape:
        value = tf.reduce_mean(tf.sin(2 * (point[0] + point[1] * noise)))
    found = estimators.reparameterized_gradients(estimators.payoff("wave").slope, 0.3, 0.7, noise)
    np.testing.assert_allclose(found.mean(axis=0), tape.gradient(value, point), rtol=1e-9)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scale": 0.0}, "scale is 0; give a number above 0"),
        ({"scale": np.nan}, "scale is nan; give a number above 0"),
        ({"mean": np.inf}, "mean is inf"),
        ({"mean": "a"}, "mean is 'a'"),
        ({"noise": np.zeros((2, 2))}, r"noise has shape \(2, 2\); give \(n,\)"),
        ({"noise": []}, "noise has shape"),
        ({"noise": [np.nan]}, "noise has values that are NaN"),
        ({"noise": ["a"]}, "noise is no array of numbers"),
        ({"function": lambda z: 1.0}, r"gave an array of shape \(\) for z of shape \(1,\)"),
    ],
)
def test_bad_settings_are_refused_in_one_sentence(changes, words):
    given = {"function": np.sin, "mean": 0.0, "scale": 1.0, "noise": [0.5]} | changes
    for estimator in (estimators.reparameterized_gradients, estimators.score_function_gradients):
        with pytest.raises((TypeError, ValueError), match=words):
            estimator(*given.values())
    with pytest.raises(ValueError, match="baseline is nan"):
        estimators.score_function_gradients(np.sin, 0.0, 1.0, [0.5], baseline=np.nan)
