"""Directions, ways and variations of latents, with generators in NumPy and without TensorFlow."""

import numpy as np
import pytest

from course_utils.models import latent_space
from course_utils.models.latent_space import draw_latents

IMAGE_SHAPE = (6, 5, 1)


class SmoothModel:
    """A smooth, deterministic generator in NumPy."""

    def __init__(self, latent_size=8):
        self.latent_size = latent_size
        shape = (latent_size, int(np.prod(IMAGE_SHAPE)))
        self.weights = np.random.default_rng(1).normal(0, 0.5, shape).astype(np.float32)
        self.largest_batch = 0

    def generate(self, latents):
        assert latents.dtype == np.float32 and latents.shape[1] == self.latent_size
        self.largest_batch = max(self.largest_batch, len(latents))
        return (1 / (1 + np.exp(-latents @ self.weights))).reshape(-1, *IMAGE_SHAPE)


@pytest.fixture
def model():
    return SmoothModel()


# ---- directions ----------------------------------------------------------------------------------


class LinearModel(SmoothModel):
    """Pixels are a linear function of the latents, so the true directions are known."""

    def generate(self, latents):
        return (0.5 + 0.01 * latents @ self.weights).reshape(-1, *IMAGE_SHAPE)


def test_directions_of_a_linear_generator_are_its_singular_vectors():
    model = LinearModel()
    directions = latent_space.principal_directions(model, 3)
    expected = np.linalg.svd(model.weights, full_matrices=False)[0].T[:3]
    np.testing.assert_allclose(np.abs((directions * expected).sum(1)), 1, atol=1e-4)


def test_directions_are_orthonormal_repeatable_and_have_a_fixed_sign(model):
    directions = latent_space.principal_directions(model, 5)
    assert directions.dtype == np.float32
    np.testing.assert_allclose(directions @ directions.T, np.eye(5), atol=1e-5)
    np.testing.assert_array_equal(directions, latent_space.principal_directions(model, 5))
    largest = np.abs(directions).argmax(1)
    assert (directions[np.arange(5), largest] > 0).all()


def test_first_directions_change_the_picture_most(model):
    directions = latent_space.principal_directions(model, model.latent_size)
    start = draw_latents(200, model.latent_size, seed=5)
    changes = [
        np.square(model.generate(start + 0.1 * d) - model.generate(start - 0.1 * d)).mean()
        for d in directions
    ]
    assert changes == sorted(changes, reverse=True)


@pytest.mark.parametrize(("latent_size", "expected"), [(1, 1), (2, 2), (8, 5)])
def test_there_are_no_more_directions_than_latents(latent_size, expected):
    model = SmoothModel(latent_size)
    assert latent_space.principal_directions(model, 5).shape == (expected, latent_size)


def test_directions_need_little_memory():
    model = SmoothModel(latent_size=64)
    latent_space.principal_directions(model)
    assert model.largest_batch <= 128


def test_a_generator_without_gradient_still_gives_directions(model):
    model.weights[:] = 0
    directions = latent_space.principal_directions(model, 3)
    np.testing.assert_allclose(directions @ directions.T, np.eye(3), atol=1e-6)


def test_a_broken_generator_is_named(model):
    model.weights[:] = np.nan
    with pytest.raises(ValueError, match="NaN or infinite pixels"):
        latent_space.principal_directions(model)


# ---- latents -------------------------------------------------------------------------------------


def test_interpolation_meets_both_ends_and_keeps_to_the_sphere():
    start, end = draw_latents(50, 16, seed=0), draw_latents(50, 16, seed=1)
    np.testing.assert_allclose(latent_space.interpolate(start, end, 0), start, atol=1e-5)
    np.testing.assert_allclose(latent_space.interpolate(start, end, 1), end, atol=1e-5)
    lengths = [np.linalg.norm(rows, axis=1) for rows in (start, end)]
    middle = latent_space.interpolate(start, end, 0.5)
    np.testing.assert_allclose(np.linalg.norm(middle, axis=1), np.mean(lengths, axis=0), rtol=1e-5)
    unit = [rows / length[:, None] for rows, length in zip((start, end), lengths, strict=True)]
    towards = [(middle * rows).sum(1) for rows in unit]
    np.testing.assert_allclose(*towards, atol=1e-4)  # half way: the same angle to both ends


@pytest.mark.parametrize("end", [[[1.0, 2.0]], [[2.0, 4.0]], [[-1.0, -2.0]], [[0.0, 0.0]]])
def test_interpolation_without_a_great_circle_stays_finite(end):
    start, end = np.float32([[1.0, 2.0]]), np.float32(end)
    for position in (0.0, 0.25, 0.5, 1.0):
        between = latent_space.interpolate(start, end, position)
        assert np.isfinite(between).all()
        if position in (0.0, 1.0):
            np.testing.assert_allclose(between, end if position else start, atol=1e-6)


@pytest.mark.parametrize("position", [-0.1, 1.1, float("nan")])
def test_a_position_outside_the_path_is_refused(position):
    with pytest.raises(ValueError, match=f"position is {position}"):
        latent_space.interpolate(np.ones((1, 2)), np.ones((1, 2)), position)


def test_latents_follow_the_controls():
    directions = np.eye(8, dtype=np.float32)[:2]
    plain = latent_space.latents_for(3, 16, directions, [0, 0])
    np.testing.assert_array_equal(plain, draw_latents(16, 8, seed=3))  # model.sample(16, seed=3)
    np.testing.assert_array_equal(plain[:4], latent_space.latents_for(3, 4, directions, [0, 0]))
    moved = latent_space.latents_for(3, 16, directions, [0, -1.5])
    np.testing.assert_allclose(moved - plain, -1.5 * np.repeat(directions[1:], 16, 0), atol=1e-6)
    arrived = latent_space.latents_for(3, 16, directions, [0, 0], other_seed=7, position=1.0)
    np.testing.assert_allclose(arrived, draw_latents(16, 8, seed=7), atol=1e-5)


@pytest.mark.parametrize("amounts", [[0.0], [0.0, 0.0, 0.0], [0.0, float("nan")]])
def test_amounts_must_be_finite_and_as_many_as_the_directions(amounts):
    with pytest.raises(ValueError, match="give 2 finite numbers"):
        latent_space.latents_for(0, 1, np.eye(8, dtype=np.float32)[:2], amounts)


# ---- variations ----------------------------------------------------------------------------------


def test_variations_of_standard_normal_latents_are_standard_normal():
    near = np.concatenate(
        [
            latent_space.more_like(draw_latents(1, 64, seed)[0], 20, 1000 + seed)[1:]
            for seed in range(200)
        ]
    )
    assert abs(near.mean()) < 0.02
    assert abs(near.std() - 1) < 0.02


def test_a_spread_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="spread is -1"):
        latent_space.more_like(np.zeros(3), 2, 0, -1)
