"""The path and the four readings of a guess, against formulas written out here."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.models import flow_paths

# Of a clean x and the noise e at x_t: each reading by its own definition.
FORMULAS = {
    "velocity": lambda x, e, t: x - e,
    "clean": lambda x, e, t: x,
    "noise": lambda x, e, t: e,
    "score": lambda x, e, t: -e / (1 - t),
}


@pytest.fixture
def pairs():
    """Data, noise and times (n, 1) from 0.05 to 0.95, float64."""
    random = np.random.default_rng(0)
    return *random.normal(size=(2, 40, 3)), np.linspace(0.05, 0.95, 40)[:, np.newaxis]


def test_all_kinds_are_there_in_the_order_of_the_readings():
    assert flow_paths.KINDS == flow_paths.Readings._fields == tuple(FORMULAS)


def test_the_path_begins_as_noise_and_ends_as_data(pairs):
    x, e, t = pairs
    np.testing.assert_array_equal(flow_paths.between(x, e, 0.0), e)
    np.testing.assert_array_equal(flow_paths.between(x, e, 1.0), x)
    later = flow_paths.between(x, e, t + 1e-3)
    np.testing.assert_allclose((later - flow_paths.between(x, e, t)) / 1e-3, x - e, atol=1e-9)


@pytest.mark.parametrize("given", FORMULAS)
@pytest.mark.parametrize("read", FORMULAS)
def test_each_reading_follows_from_each_other_and_back(pairs, given, read):
    x, e, t = pairs
    points = t * x + (1 - t) * e
    found = getattr(flow_paths.readings(given, FORMULAS[given](x, e, t), points, t), read)
    np.testing.assert_allclose(found, FORMULAS[read](x, e, t), rtol=1e-9, atol=1e-9)
    back = getattr(flow_paths.readings(read, found, points, t), given)
    np.testing.assert_allclose(back, FORMULAS[given](x, e, t), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("given", FORMULAS)
def test_the_readings_of_any_guess_belong_together(pairs, given):
    """A network's guess is neither x nor e; x_t and the velocity still follow from its readings."""
    guess, points, t = pairs
    found = flow_paths.readings(given, guess, points, t)
    np.testing.assert_array_equal(getattr(found, given).round(9), guess.round(9))
    np.testing.assert_allclose(t * found.clean + (1 - t) * found.noise, points, atol=1e-9)
    np.testing.assert_allclose(found.clean - found.noise, found.velocity, atol=1e-9)
    np.testing.assert_allclose(-(1 - t) * found.score, found.noise, atol=1e-9)


@pytest.mark.parametrize("time", [0.1, 0.5, 0.9])
def test_the_score_of_the_best_guess_is_that_of_the_points_density(time):
    """Of two Gaussians in one dimension: E[x | x_t] by their weights, log p_t by its formula."""
    centers, spread, shares = np.array([-1.0, 0.7]), 0.3, np.array([0.3, 0.7])
    points = np.linspace(-1.5, 1.5, 31)[:, np.newaxis]
    variance = time**2 * spread**2 + (1 - time) ** 2

    def densities(points):
        distances = (points - time * centers) ** 2
        return shares * np.exp(-distances / (2 * variance))

    weights = densities(points) / densities(points).sum(axis=1, keepdims=True)
    each = centers + time * spread**2 / variance * (points - time * centers)
    clean = (weights * each).sum(axis=1, keepdims=True)
    step = 1e-5
    logs = [np.log(densities(points + way).sum(axis=1)) for way in (step, -step)]
    slope = (logs[0] - logs[1]) / (2 * step)
    found = flow_paths.readings("clean", clean, points, time).score[:, 0]
    np.testing.assert_allclose(found, slope, rtol=1e-6, atol=1e-6)


def test_at_the_start_a_velocity_and_a_clean_image_are_read():
    points, clean = np.array([2.0, -1.0]), np.array([0.5, 3.0])
    for kind, guess in (("clean", clean), ("velocity", clean - points)):
        found = flow_paths.readings(kind, guess, points, 0.0)
        np.testing.assert_allclose(found, [clean - points, clean, points, -points])


@pytest.mark.parametrize("given", FORMULAS)
def test_tensors_and_arrays_come_back_as_they_are(pairs, given):
    guess, points, t = (values.astype(np.float32) for values in pairs)
    arrays = flow_paths.readings(given, guess, points, t)
    tensors = flow_paths.readings(given, *map(tf.constant, (guess, points, t)))
    for array, tensor in zip(arrays, tensors, strict=True):
        assert isinstance(array, np.ndarray) and array.dtype == np.float32
        assert tf.is_tensor(tensor) and tensor.dtype == tf.float32
        np.testing.assert_allclose(tensor, array, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", ["image", "Clean", None, 0])
def test_an_unknown_reading_is_refused(kind):
    with pytest.raises(ValueError, match=f"no reading {kind!r}; choose one of velocity, clean, no"):
        flow_paths.readings(kind, 1.0, 1.0, 0.5)
