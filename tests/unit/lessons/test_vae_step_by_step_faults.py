"""The steps that lesson 09's check compares with: the right one, and each fault told from it."""

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.lessons.vae_step_by_step import faults
from course_utils.models import networks, vae

FAULTS = {
    "averaged pixels": {"pixels": tf.reduce_mean},
    "summed batch": {"batch": tf.reduce_sum},
    "averaged latents": {"latents": tf.reduce_mean},
    "no update": {"updated": "none"},
    "pixels in [0, 1]": {"is_scaled": False},
    "no KL term": {"kl_weight": 0.0},
    "wrong sign": {"sign": -1.0},
    "variance for deviation": {"exponent": 1.0},
    "no noise": {"noise_weight": 0.0},
    "encoder alone": {"updated": "encoder"},
    "decoder alone": {"updated": "decoder"},
}


def test_the_right_step_is_that_of_the_vae():
    keras.utils.set_random_seed(1)
    shape = (16, 16, 1)
    encoder, decoder = networks.encoder(shape, 3), networks.decoder(shape, 3)
    images = tf.constant(np.random.default_rng(0).random((20, *shape)) < 0.3, tf.float32)
    model = vae.VAE(shape, encoder=encoder, decoder=decoder, seed=5)
    model.compile(optimizer=keras.optimizers.SGD(1e-3))
    noise = tf.random.stateless_normal((20, 3), seed=model._step_seed("noise"))
    start = model.get_weights()
    loss = faults.make_step()(encoder, decoder, keras.optimizers.SGD(1e-3), images, noise)
    by_step = [one.numpy() for one in model.trainable_variables]
    model.set_weights(start)
    assert float(model.train_step(images)["loss"]) == pytest.approx(float(loss), rel=1e-5)
    for one, other in zip(by_step, model.trainable_variables, strict=True):
        np.testing.assert_allclose(one, other.numpy(), atol=1e-5)


@pytest.mark.parametrize("case", [(2, 0), (3, 1)])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_seen(fault, case):
    right = faults.outcome(faults.make_step())(*case)
    wrong = faults.outcome(faults.make_step(**FAULTS[fault]))(*case)
    assert right.shape == wrong.shape
    assert np.abs(right - wrong).max() > 0.05


def test_an_outcome_is_loss_and_changes_and_repeats():
    tried = faults.outcome(faults.make_step())
    first = tried(2, 0)
    assert first.shape == (1 + 16 * 4 + 4 + 2 * 16 + 16,)
    np.testing.assert_array_equal(first, tried(2, 0))
    alone = faults.outcome(faults.make_step(updated="decoder"))(2, 0)
    assert not alone[1 : 1 + 68].any()
    assert alone[69:].any()


@pytest.mark.parametrize("stub", [..., None])
def test_a_stub_is_handed_on(stub):
    assert faults.outcome(lambda *arguments: stub)(2, 0) is stub


def test_refused():
    with pytest.raises(ValueError, match="updated"):
        faults.make_step(updated="generator")


def test_the_broken_runs_are_options_of_a_vae():
    for options in faults.BROKEN_RUNS.values():
        assert vae.VAE(**options).beta == options["beta"]
