"""The facts of a generator are those of the network that was built, and each fault shows."""

import numpy as np
import pytest

from course_utils.base.backend import keras
from course_utils.lessons.gan_on_images import designs
from course_utils.models import networks

layers = keras.layers


def small(side=7, filters=4, last="tanh", window=4, latents=16, channels=1):
    """From a quarter of the image's side to the images, with one thing to change."""
    return keras.Sequential(
        [
            keras.Input((latents,)),
            layers.Dense(side * side * filters),
            layers.Reshape((side, side, filters)),
            layers.Conv2DTranspose(filters, window, strides=2, padding="same"),
            layers.ReLU(),
            layers.Conv2DTranspose(channels, window, strides=2, padding="same", activation=last),
        ]
    )


def facts(most=50_000, **changes):
    return list(designs.facts_of(lambda: small(**changes), most)())


def test_the_course_s_generator_is_as_wanted():
    found = designs.facts_of(networks.generator, 10**6)()
    np.testing.assert_array_equal(found, designs.wanted(28, 16))
    assert facts() == list(designs.wanted(28, 16))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"latents": 8}, designs.wanted(28, 8)),
        ({"side": 8}, designs.wanted(32, 16)),
        ({"channels": 3}, designs.wanted(28, 16, channels=3)),
        ({"last": "sigmoid"}, designs.wanted(28, 16, span=designs.SIGMOID)),
        ({"last": "relu"}, designs.wanted(28, 16, span=designs.SIGMOID)),
        ({"last": None}, designs.wanted(28, 16, span=designs.UNBOUNDED)),
        ({"window": 5}, designs.wanted(28, 16, even=False)),
        ({"window": 2}, designs.wanted(28, 16)),
        ({"most": 100}, designs.wanted(28, 16, small=False)),
    ],
)
def test_each_fault_changes_its_fact(changes, fault):
    assert facts(**changes) == list(fault)


def test_upsampling_and_nested_models_are_looked_into():
    nested = keras.Sequential([keras.Input((16,)), small(window=3)])
    np.testing.assert_array_equal(
        designs.facts_of(lambda: nested, 50_000)(), designs.wanted(28, 16, even=False)
    )
    enlarged = keras.Sequential(
        [
            keras.Input((16,)),
            layers.Dense(14 * 14),
            layers.Reshape((14, 14, 1)),
            layers.UpSampling2D(),
            layers.Conv2D(1, 3, padding="same", activation="tanh"),
        ]
    )
    np.testing.assert_array_equal(
        designs.facts_of(lambda: enlarged, 50_000)(), designs.wanted(28, 16)
    )


def test_flat_images_and_what_is_no_network_are_told_apart():
    flat = keras.Sequential([keras.Input((16,)), layers.Dense(784, activation="tanh")])
    assert list(designs.facts_of(lambda: flat, 50_000)()) == [16, 784, 0, 0, 0, 1, 1]
    assert designs.facts_of(lambda: ..., 1)() is ...
    assert designs.facts_of(lambda: None, 1)() is None
    with pytest.raises(TypeError, match="returns a list"):
        designs.facts_of(lambda: [layers.Dense(1)], 1)()


def test_every_slip_has_facts_and_a_sentence_of_its_own():
    found = [tuple(facts()) for facts, sentence in designs.slips(28, 16) if sentence]
    assert len(set(found)) == len(found) and tuple(designs.wanted(28, 16)) not in found
    sentence = {tuple(one()): words for one, words in designs.slips(28, 16)}
    assert "multiple of the stride" in sentence[tuple(facts(window=5))]
    assert sentence[tuple(facts(side=8))] == "the images have 32 x 32 pixels instead of 28 x 28."
    assert sentence[tuple(facts(latents=8))] == "it takes 8 latents instead of 16."
    assert "too many parameters" in sentence[tuple(facts(most=100))]
