"""Lesson 09: both gradient estimators against quadrature, its pictures, its step against VAE's."""

import ast
import itertools
import time
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

from course_utils.base import numerics
from course_utils.base.backend import keras, tf
from course_utils.lessons.vae_step_by_step import estimators, pictures
from course_utils.models import networks, vae

LESSON = Path(__file__).resolve().parents[3] / "notebooks" / "src" / "09_vae_step_by_step.py"
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
        ({"scale": 0.0}, "scale is 0.0; give a number above 0"),
        ({"scale": np.nan}, "scale is nan; give one finite number"),
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
        with pytest.raises(ValueError, match=words):
            estimator(*given.values())
    with pytest.raises(ValueError, match="baseline is nan"):
        estimators.score_function_gradients(np.sin, 0.0, 1.0, [0.5], baseline=np.nan)


# ---- the live picture

MIDDLE = {"function": "hill", "mean": -0.5, "scale": 0.6, "noise": 1.0, "samples": 10, "seed": 0}


@pytest.mark.parametrize("function", estimators.PAYOFFS)
def test_drawn_in_every_corner_and_in_between(function):
    for mean, scale, noise, samples in itertools.product(
        (-2, 0.3, 2), (0.1, 0.9, 2), (-3, 0, 3), (1, 500)
    ):
        with np.errstate(all="raise", under="ignore"):
            figure = pictures.draw_gradients(function, mean, scale, noise, samples, 999)
        assert figure.caption.startswith(f"The {function}, mean {mean:g}, scale {scale:g}.")
        assert f"z = {round(mean + scale * noise, 2) + 0.0:.2f}" in figure.caption
        assert "nan" not in figure.caption and "-0.00" not in figure.caption


def test_the_caption_says_what_the_estimators_find():
    caption = pictures.draw_gradients(**MIDDLE | {"samples": 500.0}).caption
    assert "gives z = 0.10, slope +2.46" in caption  # 1.5 (1.2 - 0.15) / 0.64
    assert "Gradient by mean and scale: exact +4.57, -2.11;" in caption
    assert "from 500 draws" in caption and "Spread of one draw" in caption
    single = pictures.draw_gradients(**MIDDLE | {"samples": 1}).caption
    assert "from 1 draw rep" in single and "Spread" not in single
    assert "outside" in pictures.draw_gradients(**MIDDLE | {"scale": 3.0, "noise": 3.0}).caption


@pytest.mark.parametrize("control", ["function", "mean", "scale", "noise", "samples", "seed"])
def test_each_control_changes_the_picture(control):
    other = {"function": "wave", "mean": 0.0, "scale": 1.0, "noise": -1.0, "samples": 9, "seed": 1}
    before = pictures.draw_gradients(**MIDDLE).content
    assert pictures.draw_gradients(**MIDDLE | {control: other[control]}).content != before
    assert pictures.draw_gradients(**MIDDLE).content == before  # nothing is left behind


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"function": "peak"}, "'peak'"),
        ({"mean": 99.0}, "mean is 99.0; give one finite number from -3 to 3"),
        ({"scale": 0.0}, "scale is 0.0"),
        ({"noise": np.nan}, "noise is nan"),
        ({"samples": 0}, "samples is 0"),
        ({"seed": -1}, "seed is -1; give a whole number"),
        ({"seed": True}, "seed is True"),
    ],
)
def test_bad_controls_are_refused_in_one_sentence(changes, words):
    with pytest.raises(ValueError, match=words):
        pictures.draw_gradients(**MIDDLE | changes)


def test_a_picture_takes_less_than_a_tenth_of_a_second():
    pictures.draw_gradients(**MIDDLE)  # draws what stays
    times = []
    for seed in range(9):
        start = time.process_time()
        pictures.draw_gradients(**MIDDLE | {"seed": seed, "samples": 500})
        times.append(time.process_time() - start)
    assert np.median(times) < 0.1


# ---- error bars


def bars(**changes):
    given = {"counts": [10, 100], "estimates": [1.0, 0.9], "errors": [0.3, 0.1], "exact": 0.95}
    return pictures.error_bars_figure(
        **given | changes, caption="Two estimates.", xlabel="draws", ylabel="nats"
    )


def test_error_bars_have_an_alt_text():
    assert 'alt="Two estimates."' in bars().content


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"counts": [10]}, r"shapes \(1,\), \(2,\), \(2,\)"),
        ({"counts": [0, 10]}, "counts must be above 0"),
        ({"errors": [-0.1, 0.1]}, "errors not below 0"),
        ({"estimates": [np.nan, 1.0]}, "estimates must be finite"),
        ({"estimates": []}, "estimates must be finite numbers of shape"),
        ({"exact": np.inf}, "exact is inf"),
    ],
)
def test_bad_error_bars_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        bars(**changes)


# ---- the step that the lesson writes by hand


@pytest.fixture(scope="module")
def by_hand():
    """The functions of the lesson's own text."""
    wanted = {"terms_by_hand", "loss_and_gradients"}
    tree = ast.parse(LESSON.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if getattr(node, "name", None) in wanted]
    assert {node.name for node in tree.body} == wanted
    names = {"tf": tf}
    exec(compile(tree, LESSON.name, "exec"), names)
    return names


def test_the_step_by_hand_is_that_of_the_vae(by_hand):
    keras.utils.set_random_seed(3)
    shape, seed = (16, 16, 1), 5
    encoder, decoder = networks.encoder(shape, 3), networks.decoder(shape, 3)
    for weight in encoder.trainable_variables + decoder.trainable_variables:
        weight.assign_add(0.05 * tf.random.normal(weight.shape))  # away from the trivial start
    images = np.random.default_rng(0).random((20, *shape)) < 0.3
    images = tf.constant(images, tf.float32)
    noise = tf.random.stateless_normal((20, 3), seed=[seed, 0])  # what the first step draws
    loss, gradients, weights = by_hand["loss_and_gradients"](encoder, decoder, images, noise)
    reconstruction, kl = by_hand["terms_by_hand"](encoder, decoder, images, noise)
    before = [weight.numpy() for weight in weights]

    model = vae.VAE(shape, encoder=encoder, decoder=decoder, seed=seed)
    model.compile(optimizer=keras.optimizers.SGD(1.0))
    found = {name: float(value) for name, value in model.train_step(images).items()}
    assert found["loss"] == pytest.approx(float(loss), rel=1e-5)
    assert found["reconstruction"] == pytest.approx(float(tf.reduce_mean(reconstruction)), rel=1e-5)
    assert found["kl"] == pytest.approx(float(tf.reduce_mean(kl)), rel=1e-4)
    for old, weight, gradient in zip(before, weights, gradients, strict=True):
        assert np.abs(gradient.numpy()).max() > 0
        assert numerics.relative_error(old - weight.numpy(), gradient) < 1e-3
