"""The losses of the game against formulas written naively in float64, and finite differences."""

import numpy as np
import pytest
from slopes import central_difference, gradient, sigmoid

from course_utils.base.backend import tf
from course_utils.lessons.gan_step_by_step import point_game
from course_utils.models import gan_losses, losses

RNG = np.random.default_rng(0)
REAL = RNG.normal(0.5, 2.0, (5, 3))
FAKE = RNG.normal(-0.5, 2.0, (7, 1))
GENERATOR_LOSSES = [loss.generator for loss in gan_losses.GAN_LOSSES.values()]


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
    "wasserstein": (lambda r, f: np.mean(f) - np.mean(r), lambda f: -np.mean(f)),
}


def test_the_table_holds_the_losses_with_source_and_meaning():
    assert list(gan_losses.GAN_LOSSES) == list(NAIVE)
    for name, loss in gan_losses.GAN_LOSSES.items():
        assert gan_losses.gan_loss(name) is loss
        assert loss.name == name
        assert "20" in loss.source and loss.logit_meaning


@pytest.mark.parametrize("name", NAIVE)
def test_values_equal_the_printed_formula(name):
    loss = gan_losses.gan_loss(name)
    discriminator, generator = NAIVE[name]
    assert float(loss.discriminator(REAL, FAKE)) == pytest.approx(discriminator(REAL, FAKE), 1e-12)
    assert float(loss.generator(FAKE)) == pytest.approx(generator(FAKE), 1e-12)


@pytest.mark.parametrize("name", NAIVE)
def test_gradients_equal_central_differences(name):
    loss = gan_losses.gan_loss(name)
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
    loss = gan_losses.gan_loss(name)
    wrap = tf.function if graph else (lambda function: function)
    exact = {  # D and G loss for a discriminator that is sure and wrong, then sure and right
        "minimax": ((200.0, -100.0), (0.0, 0.0)),
        "non_saturating": ((200.0, 0.0), (0.0, 100.0)),
        "least_squares": ((101**2 / 2 + 100**2 / 2, 99**2 / 2), (99**2 / 2 + 5000, 101**2 / 2)),
        "hinge": ((202.0, -100.0), (0.0, 100.0)),
        "wasserstein": ((200.0, -100.0), (-200.0, 100.0)),
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
    (minimax,) = gradient(gan_losses.minimax_generator_loss, rejected)
    (non_saturating,) = gradient(gan_losses.non_saturating_generator_loss, rejected)
    assert -1e-8 < minimax[0] < 0
    assert non_saturating[0] == pytest.approx(-1.0)


@pytest.mark.parametrize("generator_loss", GENERATOR_LOSSES)
def test_every_generator_wants_higher_logits(generator_loss):
    (slope,) = gradient(generator_loss, np.array([-2.0, 0.0, 0.5]))
    assert (slope < 0).all()


@pytest.mark.parametrize("name", NAIVE)
def test_every_discriminator_prefers_high_real_and_low_fake_logits(name):
    discriminator = gan_losses.gan_loss(name).discriminator
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


def test_label_smoothing_moves_the_real_target_only():
    s = 0.1
    expected = (
        -(1 - s) * np.mean(np.log(sigmoid(REAL)))
        - s * np.mean(np.log(1 - sigmoid(REAL)))
        - np.mean(np.log(1 - sigmoid(FAKE)))
    )
    assert float(gan_losses.minimax_discriminator_loss(REAL, FAKE, s)) == pytest.approx(expected)
    expected = np.mean((REAL - 0.9) ** 2) / 2 + np.mean(FAKE**2) / 2
    assert float(gan_losses.least_squares_discriminator_loss(REAL, FAKE, s)) == pytest.approx(
        expected
    )


@pytest.mark.parametrize("smoothing", [-0.1, 0.51, 1.2, float("nan")])
@pytest.mark.parametrize("name", ["minimax", "non_saturating", "least_squares"])
def test_label_smoothing_outside_its_range_is_refused(name, smoothing):
    with pytest.raises(ValueError, match=r"label_smoothing is .* from 0 to 0\.5"):
        gan_losses.gan_loss(name).discriminator(REAL, FAKE, smoothing)


@pytest.mark.parametrize("name", ["hinge", "wasserstein"])
def test_losses_without_target_probabilities_refuse_label_smoothing(name):
    with pytest.raises(ValueError, match=f"the {name} loss has no target probabilities"):
        gan_losses.gan_loss(name).discriminator(REAL, FAKE, 0.1)


def test_only_the_unbounded_loss_falls_without_end_as_the_logits_grow():
    for name, loss in gan_losses.GAN_LOSSES.items():
        values = [float(loss.discriminator([size], [-size])) for size in (1e2, 1e4, 1e6)]
        assert loss.bounded == (min(values) >= 0), name
        if not loss.bounded:
            assert values == [-2e2, -2e4, -2e6]


def test_lesson_05_offers_the_bounded_losses_only():
    assert point_game.LOSSES == ("minimax", "non_saturating", "least_squares", "hinge")


@pytest.mark.parametrize("name", ["wasserstien", "", None, ["hinge"]])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(
        ValueError, match="minimax, non_saturating, least_squares, hinge, wasserstein"
    ):
        gan_losses.gan_loss(name)


@pytest.mark.parametrize("loss", GENERATOR_LOSSES)
def test_no_logits_and_integer_logits_are_refused(loss):
    with pytest.raises(ValueError, match=r"fake_logits has shape \(0, 1\)"):
        loss(np.zeros((0, 1), "float32"))
    with pytest.raises(TypeError, match="fake_logits must be floats, but they are int"):
        loss(np.array([1, 2]))
