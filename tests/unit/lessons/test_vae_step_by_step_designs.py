"""What is said of a learner's two networks of lesson 09."""

from functools import partial

import numpy as np
import pytest

from course_utils.base.backend import keras
from course_utils.lessons.vae_step_by_step import designs


def make_networks(
    shape,
    size,
    *,
    outputs=2,
    inputs=1,
    hidden="relu",
    last=None,
    flat=True,
    activation=None,
    images=lambda shape: shape,
):
    layers = keras.layers
    encoder = [layers.Dense(20, hidden), layers.Dense(outputs * size, last)]
    decoder = [layers.Dense(20, hidden), layers.Dense(int(np.prod(shape)), activation)]
    encoder = [layers.Flatten(), *encoder] if flat else encoder
    return (
        keras.Sequential([keras.Input(shape), *encoder]),
        keras.Sequential([keras.Input((inputs * size,)), *decoder, layers.Reshape(images(shape))]),
    )


@pytest.mark.parametrize("hidden", ["relu", "tanh", "swish"])
def test_right_networks_have_no_fault(hidden):
    assert designs.networks_fault(partial(make_networks, hidden=hidden)) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outputs": 1}, "two numbers for each latent"),
        ({"flat": False}, "flatten the image first"),
        ({"inputs": 2}, "one number each"),
        ({"images": lambda shape: (int(np.prod(shape)),)}, "reshape them to an image"),
        ({"images": lambda shape: shape[::-1]}, "the decoder makes those of shape (1, 28, 28)"),
        ({"last": "softplus"}, "encoder's last activation"),
        ({"last": "tanh"}, "encoder's last activation"),
        ({"activation": "sigmoid"}, "decoder's last activation"),
        ({"hidden": None}, "the encoder is linear"),
    ],
)
def test_each_fault_is_named(changes, words):
    assert words in designs.networks_fault(partial(make_networks, **changes))


def test_a_log_variance_that_cannot_be_negative_is_seen():
    def build(shape, size):
        encoder, decoder = make_networks(shape, size, outputs=1)
        positive = keras.layers.Dense(size, "softplus")(encoder.layers[-2].output)
        output = keras.layers.Concatenate()([encoder.layers[-1].output, positive])
        return keras.Model(encoder.inputs[0], output), decoder

    assert "encoder's last activation" in designs.networks_fault(build)


def test_the_shape_that_is_asked_for_counts():
    fault = designs.networks_fault(lambda shape, size: make_networks((28, 28, 1), size))
    assert "the encoder takes those of shape (28, 28, 1)" in fault


def test_one_network_and_no_network_are_refused():
    alone = designs.networks_fault(lambda shape, size: make_networks(shape, size)[0])
    assert alone == "return both networks, the encoder and the decoder."
    assert "have to be networks" in designs.networks_fault(lambda shape, size: (1, 2))
