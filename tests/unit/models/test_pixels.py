"""What one pixel can be: probabilities that sum to 1, and draws that have them."""

import numpy as np
import pytest
from scipy import stats

from course_utils.base.backend import tf
from course_utils.models import pixels

BERNOULLI, LOGISTIC = pixels.LIKELIHOODS["bernoulli"], pixels.LIKELIHOODS["logistic"]
VALUES = np.arange(256) / 255


def logistic(n=40, log_scale=None, scale=1.0, seed=0):
    """Outputs (n, 15) of as many pixels, random, with the log-scales that are given."""
    random = np.random.default_rng(seed)
    outputs = random.normal(0, scale, (n, 15))
    if log_scale is not None:
        outputs[:, 5:10] = random.uniform(-1, 1, (n, 5))
        outputs[:, 10:] = log_scale
    return outputs


OUTPUTS = {
    "bernoulli": (BERNOULLI, np.linspace(-8, 8, 41)[:, None]),
    "bernoulli, sure": (BERNOULLI, np.array([[-200.0], [-50], [0], [50], [200]])),
    "logistic": (LOGISTIC, logistic()),
    "logistic, far from 0": (LOGISTIC, logistic(scale=50)),
    "logistic, +-50": (LOGISTIC, np.sign(logistic(200)) * 50),
    "logistic, narrow": (LOGISTIC, logistic(log_scale=-20)),
    "logistic, one, narrow": (LOGISTIC, logistic(log_scale=-20) + 200 * np.eye(15)[0]),
    "logistic, wide": (LOGISTIC, logistic(log_scale=10)),
    "logistic, without end": (LOGISTIC, logistic(log_scale=100)),
}


def log_probs(pixel, outputs):
    """log p of all values, float32 (n, num_values), of outputs (n, len(start))."""
    values = tf.constant(np.linspace(0, 1, pixel.num_values), tf.float32)
    each = tf.repeat(outputs[:, None], pixel.num_values, axis=1)
    return pixel.log_prob(each, values * tf.ones_like(each[..., 0]))


@pytest.mark.parametrize(("pixel", "outputs"), OUTPUTS.values(), ids=OUTPUTS)
def test_the_probabilities_of_all_values_sum_to_1_and_gradients_are_finite(pixel, outputs):
    outputs = tf.constant(outputs, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        found = log_probs(pixel, outputs)
    assert np.isfinite(found).all() and found.dtype == tf.float32
    sums = np.exp(found.numpy().astype(np.float64)).sum(axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-5)
    assert np.isfinite(tape.gradient(found, outputs)).all()


def test_a_bernoulli_pixel_has_the_probability_of_its_logit():
    logits = np.array([[-2.0], [0.0], [3.0]])
    found = np.exp(log_probs(BERNOULLI, tf.constant(logits, tf.float32)))
    white = 1 / (1 + np.exp(-logits[:, 0]))
    np.testing.assert_allclose(found, np.stack([1 - white, white], axis=1), rtol=1e-5)


def mixture(outputs):
    """Probabilities (n, 256) by SciPy: what each distribution has between two borders."""
    weights, means, log_scales = np.split(outputs, 3, axis=1)
    weights = np.exp(weights) / np.exp(weights).sum(axis=1, keepdims=True)
    borders = np.concatenate([[-np.inf], (np.arange(1, 256) - 0.5) / 255 * 2 - 1, [np.inf]])
    each = stats.logistic(means[..., None], np.exp(log_scales)[..., None]).cdf(borders)
    return (weights[..., None] * np.diff(each, axis=-1)).sum(axis=1)


def test_the_logistic_mixture_agrees_with_scipy():
    outputs = np.random.default_rng(1).normal(0, 1, (30, 15))
    outputs[:, 10:] -= 2
    expected = mixture(outputs)
    each = tf.repeat(outputs[:, None], 256, axis=1)
    found = LOGISTIC.log_prob(each, tf.constant(np.tile(VALUES, (30, 1))))
    assert found.dtype == tf.float64
    np.testing.assert_allclose(np.exp(found), expected, rtol=1e-7, atol=1e-13)
    single = np.exp(log_probs(LOGISTIC, tf.constant(outputs, tf.float32)))
    np.testing.assert_allclose(single, expected, rtol=1e-3, atol=1e-7)


def test_the_darkest_and_the_brightest_value_get_what_lies_beyond():
    outputs = np.zeros((2, 15), np.float32)
    outputs[:, 5:10] = [[-30.0], [30.0]]  # means far outside
    found = np.exp(log_probs(LOGISTIC, tf.constant(outputs)))
    np.testing.assert_allclose(found[[0, 1], [0, 255]], 1, atol=1e-6)


# --- drawing


def draw(pixel, outputs, uniforms, temperature=1.0):
    """Values (n,) from outputs (n, len(start)), or from those of one pixel for all uniforms."""
    outputs = np.broadcast_to(outputs, (len(uniforms), len(pixel.start)))
    arguments = [tf.constant(a, tf.float32) for a in (outputs, uniforms, temperature)]
    return pixels.draw(pixel, *arguments).numpy()


PIXELS = [
    (BERNOULLI, np.array([0.7])),
    (LOGISTIC, np.array([0.5, 0, 0, 0, -1, -0.9, 0.1, 0.8, 0, 1.2, -4, -3, -3, -3, -2.0])),
]


@pytest.mark.parametrize(("pixel", "outputs"), PIXELS, ids=["bernoulli", "logistic"])
@pytest.mark.parametrize("temperature", [1.0, 0.5, 2.0])
def test_values_are_drawn_as_often_as_their_sharpened_probability_says(pixel, outputs, temperature):
    n = 2000
    p = np.exp(log_probs(pixel, tf.constant(outputs[None], tf.float32)).numpy()[0].astype(float))
    expected = p ** (1 / temperature) / (p ** (1 / temperature)).sum()
    uniforms = (np.arange(n) + 0.5) / n
    found = draw(pixel, outputs, uniforms, temperature)
    steps = np.rint(found * (pixel.num_values - 1)).astype(int)
    np.testing.assert_allclose(found, steps / (pixel.num_values - 1), atol=1e-7)
    counts = np.bincount(steps, minlength=pixel.num_values) / n
    np.testing.assert_allclose(counts, expected, atol=1.5 / n)  # evenly spread uniforms
    assert (np.diff(found) >= 0).all()  # a larger uniform never draws a smaller value


@pytest.mark.parametrize(("pixel", "outputs"), OUTPUTS.values(), ids=OUTPUTS)
def test_at_temperature_0_and_close_to_it_the_most_probable_value_is_drawn(pixel, outputs):
    found = log_probs(pixel, tf.constant(outputs, tf.float32)).numpy()
    best = np.argmax(found, axis=1) / (pixel.num_values - 1)
    alone = np.diff(np.sort(found, axis=1)[:, -2:])[:, 0] > 1e-2
    uniforms = np.random.default_rng(0).random(len(outputs))
    np.testing.assert_allclose(draw(pixel, outputs, uniforms, 0.0), best, atol=1e-6)
    for temperature in (1e-30, 1e-4):
        near = draw(pixel, outputs, uniforms, temperature)
        np.testing.assert_allclose(near[alone], best[alone], atol=1e-6)


@pytest.mark.parametrize(("pixel", "outputs"), OUTPUTS.values(), ids=OUTPUTS)
def test_the_smallest_and_the_largest_uniform_draw_possible_values(pixel, outputs):
    found = log_probs(pixel, tf.constant(outputs, tf.float32)).numpy()
    for uniform in (0.0, 1e-30, 2.0**-24, 1 - 2.0**-24):  # the last is the largest below 1
        values = draw(pixel, outputs, np.full(len(outputs), uniform))
        assert values.min() >= 0 and values.max() <= 1
        steps = np.rint(values * (pixel.num_values - 1)).astype(int)
        assert (found[np.arange(len(outputs)), steps] > -90).all()  # e^-90 is no float32


def test_rounding_of_the_sums_never_draws_an_impossible_value():
    """A pixel surely dark: its sums may end a little below 1, and white is no way out."""
    outputs = logistic(400, log_scale=-3.5)
    outputs[:, 5:10] = np.random.default_rng(2).uniform(-0.9, -0.3, (400, 5))
    values = draw(LOGISTIC, outputs, np.full(400, 1 - 2.0**-24))
    assert values.max() < 0.9


def test_pixels_of_any_arrangement_are_drawn_each_by_its_own_uniform():
    outputs = tf.constant(logistic(12), tf.float32)
    uniforms = np.random.default_rng(0).random(12).astype(np.float32)
    flat = pixels.draw(LOGISTIC, outputs, tf.constant(uniforms), 1.0)
    square = pixels.draw(
        LOGISTIC, tf.reshape(outputs, (3, 4, 15)), tf.constant(uniforms.reshape(3, 4)), 1.0
    )
    np.testing.assert_array_equal(square, tf.reshape(flat, (3, 4)))
    one_by_one = [draw(LOGISTIC, outputs[i], uniforms[i : i + 1])[0] for i in range(12)]
    np.testing.assert_array_equal(flat, one_by_one)


@pytest.mark.parametrize("name", [name for name in OUTPUTS if name.startswith("logistic")])
def test_the_quick_way_draws_what_the_probabilities_of_all_values_say(name):
    outputs = tf.repeat(tf.constant(OUTPUTS[name][1], tf.float32), 50, axis=0)
    uniforms = tf.constant(np.random.default_rng(3).random(len(outputs)), tf.float32)
    quick = pixels.draw(LOGISTIC, outputs, uniforms, tf.constant(1.0))
    slow = pixels.draw(LOGISTIC, outputs, uniforms, tf.constant(1 + 1e-6))
    assert np.mean(np.abs(quick - slow) > 1e-6) < 2e-3  # where u is as good as a border
