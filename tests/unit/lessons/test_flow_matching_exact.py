"""The closed forms of lesson 15 against numbers that are found in other ways."""

import numpy as np
import pytest

from course_utils import data
from course_utils.base import numerics
from course_utils.lessons.flow_matching import exact
from course_utils.models import flow_paths, flow_solvers

RING, NOISE = data.toy_modes("ring"), data.TOYS["ring"].noise


def some_points(n=6, seed=0, size=2):
    return np.random.default_rng(seed).standard_normal((n, size))


def test_weights_are_those_of_the_densities():
    points, time, spread = some_points(), 0.6, 0.3
    variance = (time * spread) ** 2 + (1 - time) ** 2
    squares = ((points[:, None] - time * RING) ** 2).sum(axis=2)
    densities = np.exp(-squares / (2 * variance))
    expected = densities / densities.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(exact.posterior_weights(points, time, RING, spread), expected)


def test_far_images_neither_overflow_nor_vanish():
    images = 100 * some_points(5, size=784).reshape(5, 28, 28, 1)
    weights = exact.posterior_weights(0.9 * images, 0.9, images)
    np.testing.assert_allclose(weights, np.eye(5))
    mean = exact.posterior_mean(0.9 * images[:2], 0.9, images)
    assert mean.shape == (2, 28, 28, 1)
    np.testing.assert_allclose(mean, images[:2])


def test_at_time_0_nothing_is_known_but_the_mean():
    images = some_points(7, size=3)
    np.testing.assert_allclose(exact.posterior_weights(some_points(2, 1, 3), 0, images), 1 / 7)
    points = some_points(4)
    mean = np.mean(RING, axis=0)
    np.testing.assert_allclose(exact.velocity(points, 0.0, RING, NOISE), mean - points, atol=1e-12)


@pytest.mark.parametrize("time", [0.05, 0.5, 0.9, 0.99])
def test_velocity_clean_and_score_are_readings_of_one_guess(time):
    points = some_points()
    clean = exact.posterior_mean(points, time, RING, NOISE)
    readings = flow_paths.readings("clean", clean, points, time)
    np.testing.assert_allclose(exact.velocity(points, time, RING, NOISE), readings.velocity)
    np.testing.assert_allclose(exact.score(points, time, RING, NOISE), readings.score)


@pytest.mark.parametrize("time", [0.2, 0.8, 1.0])
def test_the_score_is_the_slope_of_the_log_density(time):
    point = np.array([0.8, 0.3])

    def log_density(place):
        return exact.log_density(place[None], time, RING, 0.2)[0]

    expected = numerics.numerical_gradient(log_density, point)
    np.testing.assert_allclose(exact.score(point[None], time, RING, 0.2)[0], expected, rtol=1e-5)


def test_the_density_has_the_mass_1():
    line = np.linspace(-6, 6, 241)
    plane = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    for time in (0.0, 0.5, 0.9):
        mass = np.exp(exact.log_density(plane, time, RING, NOISE)).sum() * (line[1] - line[0]) ** 2
        assert mass == pytest.approx(1, abs=1e-4)


def test_the_mixture_s_velocity_is_that_of_many_of_its_points():
    ring = data.toy("ring", 20_000)
    points = flow_paths.between(ring[:50], some_points(50), 0.5)
    clean = exact.posterior_mean(points, 0.5, ring)
    found = flow_paths.readings("clean", clean, points, 0.5).velocity
    error = numerics.relative_error(found, exact.velocity(points, 0.5, RING, NOISE))
    assert error < 0.05


def test_each_point_may_have_its_own_time():
    points, times = some_points(3), np.array([[0.1], [0.5], [0.9]])
    for function in (exact.velocity, exact.posterior_mean, exact.score, exact.log_density):
        together = function(points, times, RING, NOISE)
        for row, time in enumerate(times[:, 0]):
            alone = function(points[row : row + 1], time, RING, NOISE)
            np.testing.assert_allclose(together[row], alone[0])


def test_the_exact_field_leads_from_noise_to_the_ring():
    end = flow_solvers.solve(
        lambda points, time: exact.velocity(points, time, RING, NOISE), some_points(500), 64, "heun"
    )
    nearest = np.linalg.norm(end[:, None] - RING, axis=2).min(axis=1)
    assert np.mean(nearest < 3 * NOISE) > 0.95


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((np.zeros(2), 0.5, RING), "points have shape"),
        ((np.zeros((3, 3)), 0.5, RING), "same shape behind"),
        ((np.zeros((3, 2)), 0.5, np.zeros((0, 2))), "one center or more"),
        ((np.zeros((3, 2)), [0.5, 0.5], RING), "one number for all"),
        ((np.zeros((3, 2)), 1.0, RING), "outside"),
        ((np.zeros((3, 2)), 1.1, RING, 0.1), "outside"),
        ((np.zeros((3, 2)), np.nan, RING, 0.1), "outside"),
        ((np.zeros((3, 2)), 0.5, RING, -0.1), "deviation"),
    ],
)
def test_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        exact.velocity(*arguments)
