"""The losses against formulas written naively in float64, and Keras."""

import numpy as np
import pytest
from slopes import gradient, sigmoid

from course_utils.base import numerics
from course_utils.base.backend import keras, tf
from course_utils.models import losses

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(0.5, 2.0, (5, 3))


def test_binary_cross_entropy_agrees_with_keras():
    targets = RNG.uniform(0, 1, LOGITS.shape).astype("float32")
    logits = (LOGITS * 10).astype("float32")
    expected = keras.losses.BinaryCrossentropy(from_logits=True)(targets, logits)
    actual = losses.binary_cross_entropy_from_logits(targets, logits)
    assert float(actual) == pytest.approx(float(expected), rel=1e-6)


def test_binary_cross_entropy_gradient_is_probability_minus_target():
    targets, logits = np.array([0.0, 0.25, 1.0]), np.array([-3.0, 0.0, 100.0])
    (slope,) = gradient(lambda x: losses.binary_cross_entropy_from_logits(targets, x), logits)
    np.testing.assert_allclose(slope * 3, sigmoid(logits) - targets, atol=1e-12)


def test_binary_cross_entropy_takes_integer_targets_but_no_silent_broadcast():
    assert float(losses.binary_cross_entropy_from_logits([1, 0], [0.0, 0.0])) == pytest.approx(
        np.log(2)
    )
    with pytest.raises(ValueError, match=r"targets have shape \(2,\), the logits \(2, 1\)"):
        losses.binary_cross_entropy_from_logits([1.0, 0.0], [[0.0], [0.0]])


# ---- likelihoods of numbers and of classes -------------------------------------------------------

TARGETS, MEANS = RNG.normal(size=(2, 6))
CLASS_LOGITS = RNG.normal(0, 2, (6, 4))
CLASSES = np.array([0, 3, 1, 1, 2, 0])


@pytest.mark.parametrize("log_deviation", [np.log(0.5), np.linspace(-1, 1, 6)])
def test_gaussian_likelihood_is_the_product_of_densities(log_deviation):
    deviation = np.exp(log_deviation)
    densities = np.exp(-0.5 * ((TARGETS - MEANS) / deviation) ** 2)
    densities = densities / (deviation * np.sqrt(2 * np.pi))
    found = losses.gaussian_negative_log_likelihood(TARGETS, MEANS, log_deviation)
    assert float(found) == pytest.approx(-np.log(np.prod(densities)) / 6, rel=1e-12)


def test_gaussian_likelihood_is_best_where_the_variance_is_the_mean_squared_error():
    mse = np.mean((TARGETS - MEANS) ** 2)
    place = np.log(mse) / 2
    best = float(losses.gaussian_negative_log_likelihood(TARGETS, MEANS, place))
    assert best == pytest.approx(0.5 * np.log(2 * np.pi * np.e * mse))
    slope = numerics.numerical_gradient(
        lambda s: losses.gaussian_negative_log_likelihood(TARGETS, MEANS, s), place
    )
    assert float(slope) == pytest.approx(0, abs=1e-9)


def test_gaussian_likelihood_refuses_what_does_not_fit():
    likelihood = losses.gaussian_negative_log_likelihood
    with pytest.raises(ValueError, match=r"targets have shape \(5,\), the means \(6,\)"):
        likelihood(TARGETS[:5], MEANS, 0.0)
    with pytest.raises(ValueError, match=r"log_deviations have shape \(6, 1\)"):
        likelihood(TARGETS, MEANS, np.zeros((6, 1)))
    with pytest.raises(ValueError, match=r"means has shape \(0,\)"):
        likelihood([], np.zeros(0), 0.0)
    with pytest.raises(TypeError, match="means must be floats"):
        likelihood([1], [1], 0.0)
    for place in range(3):
        arguments = [np.zeros(2), np.zeros(2), np.zeros(2)]
        arguments[place] = np.array([0.0, np.nan])
        with pytest.raises(ValueError, match="not finite"):
            likelihood(*arguments)


def test_categorical_likelihood_is_the_product_of_probabilities_and_agrees_with_keras():
    chances = np.exp(CLASS_LOGITS) / np.exp(CLASS_LOGITS).sum(axis=1, keepdims=True)
    found = float(losses.categorical_cross_entropy_from_logits(CLASSES, CLASS_LOGITS))
    product = np.prod(chances[np.arange(6), CLASSES])
    assert found == pytest.approx(-np.log(product) / 6, rel=1e-12)
    by_keras = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")
    assert found == pytest.approx(float(by_keras(CLASSES, CLASS_LOGITS)), rel=1e-12)


def test_categorical_gradient_is_probability_minus_one_hot():
    chances = np.exp(CLASS_LOGITS) / np.exp(CLASS_LOGITS).sum(axis=1, keepdims=True)
    (slope,) = gradient(
        lambda x: losses.categorical_cross_entropy_from_logits(CLASSES, x), CLASS_LOGITS
    )
    np.testing.assert_allclose(slope, (chances - np.eye(4)[CLASSES]) / 6, atol=1e-12)


@pytest.mark.parametrize("graph", [False, True])
def test_categorical_cross_entropy_is_exact_at_1000(graph):
    function = losses.categorical_cross_entropy_from_logits
    function = tf.function(function) if graph else function
    assert float(function(np.array([1]), np.array([[1000.0, 0.0]]))) == 1000.0
    assert float(function(np.array([0]), np.array([[1000.0, 0.0]]))) == 0.0


@pytest.mark.parametrize("labels", [[0, 2], [-1, 0]])
def test_labels_without_a_logit_are_refused(labels):
    with pytest.raises(ValueError, match="they must be from 0 to 1"):
        losses.categorical_cross_entropy_from_logits(labels, np.zeros((2, 2)))


def test_categorical_cross_entropy_refuses_what_does_not_fit():
    cross_entropy = losses.categorical_cross_entropy_from_logits
    with pytest.raises(TypeError, match="labels must be whole numbers"):
        cross_entropy([0.0], [[0.0, 0.0]])
    with pytest.raises(ValueError, match=r"labels have shape \(1, 2\)"):
        cross_entropy([[1, 0]], [[0.0, 0.0]])
    with pytest.raises(ValueError, match=r"labels have shape \(2,\), the logits \(1, 2\)"):
        cross_entropy([1, 0], [[0.0, 0.0]])
    with pytest.raises(ValueError, match="logits has values that are not finite"):
        cross_entropy([1], [[0.0, np.inf]])
