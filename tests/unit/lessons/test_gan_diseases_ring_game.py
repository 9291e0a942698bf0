"""The ring game of lesson 08: what is trained, measured and watched is what it says."""

import numpy as np
import pytest

from course_utils import data
from course_utils.base.backend import tf
from course_utils.lessons.gan_diseases import ring_game
from course_utils.models import penalties


def weights(network):
    return np.concatenate([one.ravel() for one in network.get_weights()])


def test_a_head_start_moves_the_discriminator_alone_with_its_own_optimizer():
    model = ring_game.make(0, loss="minimax")
    before = weights(model.generator), weights(model.discriminator)
    ring_game.train_discriminator(model, 3, seed=0)
    np.testing.assert_array_equal(weights(model.generator), before[0])
    assert np.any(weights(model.discriminator) != before[1])
    assert int(model.discriminator_optimizer.iterations) == 3
    assert int(model.generator_optimizer.iterations) == 0


def test_a_training_repeats_and_looks_every_so_many_steps():
    seen = []
    for _ in range(2):
        model = ring_game.make(3, rates=(0.005, 0.01), betas=(0.9, 0.999))
        seen.append(ring_game.train(model, 7, seed=3, look=ring_game.watch(model, 5), every=2))
    assert len(seen[0]) == 3
    for first, second in zip(*seen, strict=True):
        np.testing.assert_allclose(first[0], second[0], atol=1e-6)
    assert float(model.generator_optimizer.learning_rate) == pytest.approx(0.005)
    assert model.discriminator_optimizer.beta_1 == 0.9


def test_a_watch_tells_the_mean_slope():
    model = ring_game.make(0)
    points, slope = ring_game.watch(model, 50)()
    squares = penalties.squared_slopes(model.discriminator, points)
    step = 1e-2 * slope / np.linalg.norm(slope)
    change = np.mean(model.discriminator(points + step) - model.discriminator(points - step))
    assert change / 2e-2 == pytest.approx(np.linalg.norm(slope), rel=0.05)
    assert np.linalg.norm(slope) <= np.sqrt(np.max(squares)) + 1e-6


def test_quality_counts_modes_and_refuses_infinity():
    modes = tf.constant(data.toy_modes("ring")[:3], tf.float32)

    class Three:
        input_shape = (None, 2)

        def __call__(self, latents):
            return tf.gather(modes, tf.range(len(latents)) % 3)

    class Gone(Three):
        def __call__(self, latents):
            return latents * np.inf

    assert ring_game.quality(Three()) == (3, 1.0)
    assert ring_game.quality(Gone()) == (0, 0.0)


def test_movement_is_the_mean_way_of_the_second_half():
    places = np.zeros((6, 4, 2))
    places[:3] = np.random.default_rng(0).normal(size=(3, 4, 2))
    places[4:, :, 0], places[5, :, 1] = 3.0, 4.0
    assert ring_game.movement(places) == pytest.approx(3.5)
    assert np.isnan(ring_game.movement(places[:1]))


def test_without_a_bound_the_lead_grows_past_the_distance_and_with_one_it_does_not():
    distance = ring_game.transport_distance(*ring_game.still_points(0))
    free = ring_game.leads(100, seed=0)
    normed = ring_game.leads(100, seed=0, spectral_norm=True)
    punished = ring_game.leads(100, seed=0, penalty=penalties.gradient_penalty(10.0))
    assert free[-1] > 2 * distance
    assert normed.max() < distance
    assert punished.max() < 1.2 * distance


def test_the_distance_is_at_least_the_lead_of_any_gentle_function():
    first, second = np.random.default_rng(0).normal([[[0.0]], [[2.0]]], size=(2, 30, 2))
    lead = np.mean(second.sum(axis=1) - first.sum(axis=1)) / np.sqrt(2)
    assert lead <= ring_game.transport_distance(first, second)
    assert ring_game.transport_distance(first, first + np.array([3.0, 4.0])) == pytest.approx(5)
