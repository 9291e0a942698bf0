"""What is said of a learner's gentle discriminator: the bound has to survive a training."""

import numpy as np
import pytest

from course_utils.base.backend import keras
from course_utils.lessons.gan_diseases import gentle
from course_utils.models import critic_layers, networks

layers = keras.layers


def network(wrap, last, activation=lambda: layers.LeakyReLU(negative_slope=0.2), end=()):
    hidden = [part for _ in range(2) for part in (wrap(layers.Dense(32)), activation())]
    return keras.Sequential([keras.Input((2,)), *hidden, last(layers.Dense(1)), *end])


normed = critic_layers.SpectralNorm


def plain(layer):
    return layer


@pytest.mark.parametrize(
    "build",
    [
        lambda: networks.dense_discriminator(spectral_norm=True),
        lambda: network(layers.SpectralNormalization, layers.SpectralNormalization),
        lambda: network(normed, normed, lambda: layers.Activation("tanh")),
    ],
)
def test_bounded_ones_have_no_fault(build):
    assert gentle.slope_fault(build) == ""


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: network(plain, plain), "steeper when we trained it"),
        (lambda: network(normed, plain), "steeper when we trained it"),
        (lambda: network(plain, plain, end=[layers.Rescaling(0.01)]), "steeper when we trained it"),
        (lambda: network(normed, normed, end=[layers.Rescaling(99.0)]), "more than their distance"),
        (lambda: network(normed, normed, end=[layers.Rescaling(0.01)]), "below 0.05"),
        (lambda: network(normed, normed, layers.BatchNormalization), "batch normalization"),
        (lambda: network(normed, normed, lambda: layers.Activation("linear")), "a plane"),
        (lambda: network(normed, normed, end=[layers.Activation("sigmoid")]), "flat far out"),
        (lambda: keras.Sequential([keras.Input((2,)), layers.Dense(2)]), "one logit for each"),
        (lambda: keras.Sequential([keras.Input((2,)), layers.Lambda(lambda x: x[:, :1])]), "no we"),
        (lambda: [layers.Dense(1)], "let it return a keras.Model"),
    ],
)
def test_each_fault_is_named(build, words):
    assert words in gentle.slope_fault(build)


def test_the_steepest_slope_of_a_plane_is_its_slope():
    plane = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
    plane.layers[0].set_weights([np.array([[3.0], [4.0]]), np.ones(1)])
    assert gentle.steepest(plane) == pytest.approx(5, rel=1e-2)
