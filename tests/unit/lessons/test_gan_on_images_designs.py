"""What is said of a learner's generator of lesson 06, by what it does."""

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


def fault(build, most=50_000):
    return designs.generator_fault(build, side=28, latent_size=16, most_parameters=most)


def test_the_course_s_generator_has_no_fault():
    assert fault(networks.generator, 10**6) == fault(small) == fault(lambda: small(window=2)) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"latents": 8}, "takes 8 latents instead of 16."),
        ({"side": 8}, "32 x 32 pixels instead of 28 x 28."),
        ({"channels": 3}, "1 channel"),
        ({"last": "sigmoid"}, "no value is below 0"),
        ({"last": "relu"}, "no value is below 0"),
        ({"last": None}, "leave [-1, 1]"),
        ({"window": 5}, "multiple of the stride"),
    ],
)
def test_each_fault_is_named(changes, words):
    assert words in fault(lambda: small(**changes))


def test_too_many_parameters_are_told():
    assert "too many parameters" in fault(small, 100)


def test_upsampling_and_nested_models_are_looked_into():
    nested = keras.Sequential([keras.Input((16,)), small(window=3)])
    assert "multiple of the stride" in fault(lambda: nested)
    enlarged = [layers.Dense(14 * 14), layers.Reshape((14, 14, 1)), layers.UpSampling2D()]
    last = layers.Conv2D(1, 3, padding="same", activation="tanh")
    assert fault(lambda: keras.Sequential([keras.Input((16,)), *enlarged, last])) == ""


def test_flat_images_and_what_is_no_network_are_told_apart():
    flat = keras.Sequential([keras.Input((16,)), layers.Dense(784, activation="tanh")])
    assert fault(lambda: flat) == "it returns arrays of shape (n, 784)."
    assert "returns a list" in fault(lambda: [layers.Dense(1)])
