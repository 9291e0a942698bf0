"""Seeds: the same for the same arguments, and never one for two purposes, numbers, steps, ..."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from small_models import linear_gan

from course_utils.base.backend import tf
from course_utils.models import interface, streams

PURPOSES = ("latents", "noise", "augmentation of real images", "validation latents")
REPETITIONS = (0, 1, 9, 10, 49, 50, 51, 99, 100, 101, 1000, 10**6)
STEPS = (0, 1, 2, 9, 10, 11, 99, 100, 101, 1000, 10**6)
REPLICAS = 4


def seeds_of(model, draw) -> dict[tuple, tuple]:
    """(step, replica, purpose, repetition) -> seed, with `draw` to call for each replica."""
    found = {}
    for replica in range(REPLICAS):
        seeds = draw(replica)
        for step in STEPS:
            model.optimizer.iterations.assign(step)
            for case, seed in zip(
                itertools.product(PURPOSES, REPETITIONS), seeds().numpy(), strict=True
            ):
                found[(step, replica, *case)] = tuple(seed)
    return found


@pytest.fixture
def model():
    model = linear_gan(seed=3)
    model.compile()
    return model


@pytest.fixture
def drawing(model, monkeypatch):
    """A function replica -> function() -> the seeds of all purposes and repetitions, stacked."""

    def draw(replica, trace):
        def seeds():
            context = SimpleNamespace(
                num_replicas_in_sync=REPLICAS, replica_id_in_sync_group=tf.constant(replica)
            )
            with monkeypatch.context() as patch:
                patch.setattr(interface.tf.distribute, "get_replica_context", lambda: context)
                return tf.stack(
                    [model._step_seed(*case) for case in itertools.product(PURPOSES, REPETITIONS)]
                )

        return tf.function(seeds) if trace else seeds

    return draw


@pytest.mark.slow
def test_no_two_draws_share_a_seed_and_tracing_changes_none(model, drawing):
    found = seeds_of(model, lambda replica: drawing(replica, trace=True))
    assert len(found) == len(STEPS) * REPLICAS * len(PURPOSES) * len(REPETITIONS)
    assert len(set(found.values())) == len(found)
    assert found == seeds_of(model, lambda replica: drawing(replica, trace=False))


def test_a_seed_depends_on_the_model_s_and_on_nothing_hidden(model):
    other = linear_gan(seed=4)
    other.compile()
    twin = linear_gan(seed=3)
    twin.compile()
    seed, *others = (tuple(m._step_seed("latents").numpy()) for m in (model, model, twin, other))
    assert others[:2] == [seed, seed]
    assert others[2] != seed


def test_folding_again_meets_no_other_seed():
    seeds = [(0, 0), (0, 1), (1, 0), (2**62, -5)]
    for purpose, number in itertools.product(("shift", "cutout"), (0, 1, 2, 60)):
        seeds += [tuple(streams.fold_in(seed, purpose, number).numpy()) for seed in seeds[:4]]
    deeper = [tuple(streams.fold_in(seed, "shift", 1).numpy()) for seed in seeds]
    assert len({*seeds, *deeper}) == len(seeds) + len(deeper) - 4  # of the first four, once more


def test_seeds_may_be_lists_arrays_and_tensors_of_any_whole_numbers():
    expected = streams.fold_in([7, 1], "noise")
    assert expected.dtype == tf.int64 and expected.shape == (2,)
    for seed in ((7, 1), np.array([7, 1]), tf.constant([7, 1], tf.int64)):
        np.testing.assert_array_equal(streams.fold_in(seed, "noise"), expected)


def test_numbers_of_different_streams_do_not_resemble_each_other():
    draws = np.stack(
        [
            tf.random.stateless_normal((4000,), streams.fold_in([1, step], purpose, number)).numpy()
            for step, purpose, number in itertools.product((0, 1), ("a", "b"), (0, 1))
        ]
    )
    correlations = np.corrcoef(draws) - np.eye(len(draws))
    assert np.abs(correlations).max() < 5 / np.sqrt(4000)
