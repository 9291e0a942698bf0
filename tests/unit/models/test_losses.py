"""The losses against formulas written naively in float64, Keras, and finite differences."""

import numpy as np
import pytest

from course_utils.base import numerics
from course_utils.base.backend import keras, tf
from course_utils.models import losses

RNG = np.random.default_rng(0)
REAL = RNG.normal(0.5, 2.0, (5, 3))
FAKE = RNG.normal(-0.5, 2.0, (7, 1))
GENERATOR_LOSSES = [loss.generator for loss in losses.GAN_LOSSES.values()]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# Each formula as the papers print it: (discriminator of real, fake; generator of fake).
NAIVE = {
    "minimax": (
        lambda r, f: -np.mean(np.log(sigmoid(r))) - np.mean(np.log(1 - sigmoid(f))),
        lambda f: np.mean(np.log(1 - sigmoid(f))),
    ),
    "non_saturating": (
        lambda r, f: -np.mean(np.log(sigmoid(r))) - np.mean(np.log(1 - sigmoid(f))),
        lambda f: -np.mean(np.log(sigmoid(f))),
    ),
    "least_squares": (
        lambda r, f: np.mean((r - 1) ** 2) / 2 + np.mean(f**2) / 2,
        lambda f: np.mean((f - 1) ** 2) / 2,
    ),
    "hinge": (
        lambda r, f: np.mean(np.maximum(0, 1 - r)) + np.mean(np.maximum(0, 1 + f)),
        lambda f: -np.mean(f),
    ),
}


def gradient(function, *logits):
    """Gradients of function(*logits), one array for each argument, in the logits' precision."""
    tensors = [tf.convert_to_tensor(x) for x in logits]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        value = function(*tensors)
    return [g.numpy() for g in tape.gradient(value, tensors)]


def central_difference(function, x, step=1e-6):
    result = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        offset = np.zeros_like(x)
        offset[index] = step
        result[index] = (float(function(x + offset)) - float(function(x - offset))) / (2 * step)
    return result


def test_the_table_holds_the_four_losses_with_source_and_meaning():
    assert list(losses.GAN_LOSSES) == list(NAIVE)
    for name, loss in losses.GAN_LOSSES.items():
        assert losses.gan_loss(name) is loss
        assert loss.name == name
        assert "20" in loss.source and loss.logit_meaning


@pytest.mark.parametrize("name", NAIVE)
def test_values_equal_the_printed_formula(name):
    loss = losses.gan_loss(name)
    discriminator, generator = NAIVE[name]
    assert float(loss.discriminator(REAL, FAKE)) == pytest.approx(discriminator(REAL, FAKE), 1e-12)
    assert float(loss.generator(FAKE)) == pytest.approx(generator(FAKE), 1e-12)


@pytest.mark.parametrize("name", NAIVE)
def test_gradients_equal_central_differences(name):
    loss = losses.gan_loss(name)
    by_real, by_fake = gradient(loss.discriminator, REAL, FAKE)
    (by_generator,) = gradient(loss.generator, FAKE)
    np.testing.assert_allclose(
        by_real, central_difference(lambda x: loss.discriminator(x, FAKE), REAL), atol=1e-7
    )
    np.testing.assert_allclose(
        by_fake, central_difference(lambda x: loss.discriminator(REAL, x), FAKE), atol=1e-7
    )
    np.testing.assert_allclose(by_generator, central_difference(loss.generator, FAKE), atol=1e-7)


@pytest.mark.parametrize("name", NAIVE)
@pytest.mark.parametrize("graph", [False, True])
def test_values_and_gradients_stay_finite_and_exact_at_100(name, graph):
    loss = losses.gan_loss(name)
    wrap = tf.function if graph else (lambda function: function)
    exact = {  # D and G loss for a discriminator that is sure and wrong, then sure and right
        "minimax": ((200.0, -100.0), (0.0, 0.0)),
        "non_saturating": ((200.0, 0.0), (0.0, 100.0)),
        "least_squares": ((101**2 / 2 + 100**2 / 2, 99**2 / 2), (99**2 / 2 + 5000, 101**2 / 2)),
        "hinge": ((202.0, -100.0), (0.0, 100.0)),
    }[name]
    for fake, (d_value, g_value) in zip((100.0, -100.0), exact, strict=True):
        real = np.full((2, 1), -fake, "float32")
        generated = np.full((3, 1), fake, "float32")
        assert float(wrap(loss.discriminator)(real, generated)) == pytest.approx(d_value, abs=1e-30)
        assert float(wrap(loss.generator)(generated)) == pytest.approx(g_value, abs=1e-30)
        slopes = gradient(wrap(loss.discriminator), real, generated)
        slopes += gradient(wrap(loss.generator), generated)
        assert all(np.isfinite(slope).all() for slope in slopes)


def test_minimax_generator_saturates_where_the_discriminator_rejects_and_non_saturating_does_not():
    rejected = np.array([-20.0], "float32")  # D(G(z)) = 2e-9
    (minimax,) = gradient(losses.minimax_generator_loss, rejected)
    (non_saturating,) = gradient(losses.non_saturating_generator_loss, rejected)
    assert -1e-8 < minimax[0] < 0
    assert non_saturating[0] == pytest.approx(-1.0)


@pytest.mark.parametrize("generator_loss", GENERATOR_LOSSES)
def test_every_generator_wants_higher_logits(generator_loss):
    (slope,) = gradient(generator_loss, np.array([-2.0, 0.0, 0.5]))
    assert (slope < 0).all()


@pytest.mark.parametrize("name", NAIVE)
def test_every_discriminator_prefers_high_real_and_low_fake_logits(name):
    discriminator = losses.gan_loss(name).discriminator
    right, wrong = discriminator([0.9], [-0.9]), discriminator([-0.9], [0.9])
    assert float(right) < float(wrong)


def test_the_best_minimax_logit_is_log_p_over_q():
    p, q = 0.3, 0.1  # densities at one point: x is drawn as real 3 times as often as generated
    logit = np.array([np.log(p / q)])
    (slope,) = gradient(
        lambda x: (
            p * losses.binary_cross_entropy_from_logits(1.0, x)
            + q * losses.binary_cross_entropy_from_logits(0.0, x)
        ),
        logit,
    )
    assert slope[0] == pytest.approx(0.0, abs=1e-12)


def test_binary_cross_entropy_agrees_with_keras():
    targets = RNG.uniform(0, 1, REAL.shape).astype("float32")
    logits = (REAL * 10).astype("float32")
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


def test_label_smoothing_moves_the_real_target_only():
    s = 0.1
    expected = (
        -(1 - s) * np.mean(np.log(sigmoid(REAL)))
        - s * np.mean(np.log(1 - sigmoid(REAL)))
        - np.mean(np.log(1 - sigmoid(FAKE)))
    )
    assert float(losses.minimax_discriminator_loss(REAL, FAKE, s)) == pytest.approx(expected)
    expected = np.mean((REAL - 0.9) ** 2) / 2 + np.mean(FAKE**2) / 2
    assert float(losses.least_squares_discriminator_loss(REAL, FAKE, s)) == pytest.approx(expected)


@pytest.mark.parametrize("smoothing", [-0.1, 0.51, 1.2, float("nan")])
@pytest.mark.parametrize("name", ["minimax", "non_saturating", "least_squares"])
def test_label_smoothing_outside_its_range_is_refused(name, smoothing):
    with pytest.raises(ValueError, match=r"label_smoothing is .* from 0 to 0\.5"):
        losses.gan_loss(name).discriminator(REAL, FAKE, smoothing)


def test_hinge_refuses_label_smoothing():
    with pytest.raises(ValueError, match="no target probabilities"):
        losses.hinge_discriminator_loss(REAL, FAKE, 0.1)


@pytest.mark.parametrize("name", ["wasserstein", "", None, ["hinge"]])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(ValueError, match="minimax, non_saturating, least_squares, hinge"):
        losses.gan_loss(name)


@pytest.mark.parametrize("loss", GENERATOR_LOSSES)
def test_no_logits_and_integer_logits_are_refused(loss):
    with pytest.raises(ValueError, match=r"fake_logits has shape \(0, 1\)"):
        loss(np.zeros((0, 1), "float32"))
    with pytest.raises(TypeError, match="fake_logits must be floats, but they are int"):
        loss(np.array([1, 2]))


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
