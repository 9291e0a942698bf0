"""What a patch network sees, and what is said of a learner's discriminator of lesson 13."""

from functools import partial

import pytest

from course_utils.base.backend import keras
from course_utils.lessons.one_photograph import designs, one_photo


@pytest.mark.parametrize(("padding", "lost"), [("valid", 10), ("same", 0)])
def test_the_course_s_network_sees_11_by_11(padding, lost):
    network = one_photo.patch_network(channels=4, outputs=1, padding=padding)
    found = designs.sight(network, (25, 31))
    assert found == ((25 - lost, 31 - lost, 1), (11, 11), 5)


def wide(side=5, count=5, channels=1, strides=1, padding="valid"):
    layers = [keras.Input((None, None, 3))]
    for _ in range(count - 1):
        layers.append(keras.layers.Conv2D(4, side, padding=padding))
    last = keras.layers.Conv2D(channels, side, strides, padding=padding)
    return keras.Sequential([*layers, last])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"side": 3}, "sees 11 x 11"),
        ({"side": 7}, "sees 31 x 31"),
        ({"side": 3, "count": 10}, "more than 5 convolutions"),
        ({"channels": 3}, "it gives 3 numbers a place"),
        ({"padding": "same"}, "pads with zeros"),
        ({"strides": 2}, "strides of 1"),
    ],
)
def test_each_fault_is_named(options, words):
    assert words in designs.discriminator_fault(partial(wide, **options), side=21)


def test_a_right_one_has_no_fault_and_something_else_is_no_network():
    assert designs.discriminator_fault(wide, side=21) == ""
    assert "returns a int" in designs.discriminator_fault(lambda: 21, side=21)
