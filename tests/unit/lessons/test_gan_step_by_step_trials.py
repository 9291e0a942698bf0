"""What lesson 05 tries out of a learner's: an update of the generator, a discriminator."""

import random

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.lessons.gan_step_by_step import trials
from course_utils.models import gan_losses, networks, updates


def right(generator, discriminator, optimizer, latents):
    return updates.update_generator(
        generator, discriminator, optimizer, latents, loss="non_saturating"
    )


def test_the_right_update_is_reported_as_one_step_along_the_gradient():
    outcome = trials.generator_update(right)
    assert outcome.moved == {"generator": 1.0, "discriminator": 0.0}
    np.testing.assert_allclose(outcome.gradient, outcome.expected, rtol=1e-4, atol=1e-6)
    assert outcome.updates == 1 and outcome.returned == pytest.approx(outcome.loss, rel=1e-5)
    assert outcome.repeats and outcome.ignored == () and outcome.mistakes == {}


def test_every_try_starts_from_the_same_networks():
    first, second = trials.generator_update(right), trials.generator_update(right)
    np.testing.assert_array_equal(first.gradient, second.gradient)


def test_known_mistakes_differ_from_each_other_and_from_the_right_update():
    def minimax(*given):
        updates.update_generator(*given, loss="minimax")

    outcome = trials.generator_update(minimax)
    assert outcome.returned is None
    found = {"right": outcome.expected, **outcome.mistakes}
    np.testing.assert_allclose(outcome.gradient, found["minimax"], rtol=1e-3, atol=1e-6)
    for name, one in found.items():
        for other in set(found) - {name}:
            assert np.linalg.norm(one - found[other]) > 0.01 * np.linalg.norm(one), (name, other)


def test_own_latents_and_ignored_latents_are_told():
    def own(generator, discriminator, optimizer, latents):
        right(generator, discriminator, optimizer, tf.random.normal(latents.shape))

    def ignored(generator, discriminator, optimizer, latents):
        right(generator, discriminator, optimizer, tf.ones_like(latents))

    assert not trials.generator_update(own).repeats
    outcome = trials.generator_update(ignored)
    assert outcome.repeats and outcome.ignored == ("latents",)


def test_the_networks_are_restored_after_an_error():
    def breaks(generator, discriminator, optimizer, latents):
        generator.set_weights([0 * one for one in generator.get_weights()])
        discriminator.trainable = False
        raise RuntimeError("half-way")

    before = trials.generator_update(right).gradient
    with pytest.raises(RuntimeError, match="half-way"):
        trials.generator_update(breaks)
    np.testing.assert_array_equal(trials.generator_update(right).gradient, before)


def test_a_trial_leaves_the_random_numbers_of_a_notebook_alone():
    trials._players.cache_clear()
    random.seed(3)
    expected = random.Random(3).random()
    trials.generator_update(right)
    assert random.random() == expected


def judge(what):
    def build():
        point = keras.Input((2,))
        seen = what(point)
        return keras.Model(point, networks.dense_discriminator(seen.shape[1])(seen))

    return build


@pytest.mark.parametrize(
    ("what", "seen"),
    [
        (lambda point: keras.ops.norm(point, axis=1, keepdims=True), [1, 1, 1, 0]),
        (lambda point: point, [1, 1, 1, 1]),
        (lambda point: point[:, :1], [1, 1, 1, 1]),
        (lambda point: point / keras.ops.norm(point, axis=1, keepdims=True), [1, 1, 0, 1]),
        (lambda point: 0 * point, [1, 1, 0, 0]),
        (lambda point: keras.ops.norm(point, keepdims=True), [1, 0, 0, 0]),
    ],
    ids=["distance", "all", "first", "direction", "nothing", "batch"],
)
def test_what_a_judge_sees(what, seen):
    for _ in range(3):  # whatever its first weights
        assert trials.what_a_judge_sees(judge(what)).tolist() == seen


def test_a_stub_and_something_else_are_no_judges():
    assert trials.what_a_judge_sees(lambda: ...) is ...
    assert trials.what_a_judge_sees(lambda: keras.Input((2,))).tolist() == [0, 0, 0, 0]


def test_the_loss_of_the_trial_is_the_non_saturating_one():
    logits = trials._logits(trials._latents(0))
    assert (logits.numpy() > 0).any() and (logits.numpy() < 0).any()
    expected = gan_losses.non_saturating_generator_loss(logits)
    assert trials.generator_update(right).loss == pytest.approx(float(expected))
