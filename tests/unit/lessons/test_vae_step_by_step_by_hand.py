"""The training step that lesson 09 writes by hand is that of `vae.VAE`."""

import ast
from pathlib import Path

import numpy as np
import pytest

from course_utils.base import numerics
from course_utils.base.backend import keras, tf
from course_utils.models import networks, streams, vae

LESSON = Path(__file__).resolve().parents[3] / "notebooks" / "src" / "09_vae_step_by_step.py"


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
    first = streams.fold_in((seed, 0), "noise")  # the seed of what the first step draws
    noise = tf.random.stateless_normal((20, 3), seed=first)
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
