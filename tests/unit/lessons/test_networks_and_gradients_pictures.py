"""The live pictures of lesson 03 show what is right, over the whole range of their controls."""

import itertools

import numpy as np
import pytest

from course_utils import widgets
from course_utils.base import numerics
from course_utils.base.backend import keras, tf
from course_utils.lessons.networks_and_gradients import pictures

IMAGE = np.random.default_rng(0).uniform(size=(28, 28))
PLAIN = {"row": 2, "column": 2, "add": 0.0, "stride": 1, "padding": "same"}
MIDDLE = {"layers": 10, "inputs": 1.0, "weights": 1.0, "bias": 0.0, "seed": 0}


def test_a_kernel_is_changed_in_one_entry_and_its_preset_stays():
    kernel = pictures.kernel_with("blur", 1, 3, 2.0)
    changed = kernel - pictures.KERNELS["blur"]
    assert changed[0, 2] == pytest.approx(2.0)
    assert np.count_nonzero(changed) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kernel", pictures.KERNELS)
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("stride", [1, 2, 4])
def test_the_convolution_is_drawn_everywhere(kernel, padding, stride):
    side = {"same": {1: 28, 2: 14, 4: 7}, "valid": {1: 26, 2: 13, 4: 7}}[padding][stride]
    for row, column, add in ((1, 3, -2.0), (3, 1, 2.0), (2, 2, 0.0)):
        figure = pictures.convolution_figure(IMAGE, kernel, row, column, add, stride, padding)
        assert f"28 x 28 pixels become {side} x {side}" in figure.caption
        assert f"Kernel {kernel}" in figure.caption
        assert (f"with {add:+.2g} in row {row}, column {column}" in figure.caption) == (add != 0)


def test_the_caption_states_the_range_of_the_output():
    caption = pictures.convolution_figure(np.ones((5, 5)), "edges", **PLAIN).caption
    assert "from -4.00 to 4.00" in caption  # at the border, where the padding is 0
    caption = pictures.convolution_figure(np.ones((5, 5)), "zero", **PLAIN).caption
    assert "from 0.00 to 0.00" in caption


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kernel": "magic"}, "'magic'; choose one of zero"),
        ({"row": 0}, "row is 0; give a whole number from 1 to 3"),
        ({"column": 2.0}, "column is 2.0"),
        ({"add": np.nan}, "add is nan; give a number that is finite"),
        ({"stride": 0}, "stride is 0"),
        ({"padding": "full"}, "no padding 'full'"),
        ({"image": np.ones((28, 28, 1))}, r"shape \(28, 28, 1\); give floats"),
        ({"image": np.ones((28, 28), np.uint8)}, "uint8 of shape"),
        ({"image": np.full((28, 28), np.nan)}, "not finite"),
    ],
)
def test_bad_convolutions_are_refused_in_one_sentence(changes, words):
    with pytest.raises(ValueError, match=words):
        pictures.convolution_figure(**({"image": IMAGE, "kernel": "copy"} | PLAIN | changes))


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "relu", "leaky_relu"])
def test_the_gradient_is_what_gradient_tape_finds(activation):
    """The same random numbers through Keras."""
    random = np.random.default_rng(5)
    inputs = 2.0 * random.standard_normal((64, 64))
    upstream = random.standard_normal((64, 64))
    kernels = 1.5 / 8 * random.standard_normal((3, 64, 64))
    with tf.GradientTape() as tape:
        x = start = tf.Variable(inputs)
        for kernel in kernels:
            x = keras.activations.get(activation)(x @ kernel + 0.1)
        value = tf.reduce_sum(x * upstream)
    expected = np.linalg.norm(tape.gradient(value, start)) / np.linalg.norm(upstream)
    found = pictures.surviving_gradient(activation, 3, 2.0, 1.5, 0.1, seed=5)
    assert numerics.relative_error(found.sizes[0], expected) < 1e-8  # 0.2 in float32
    assert found.sizes[-1] == 1.0 and len(found.sizes) == 4


def test_gradients_die_where_they_should():
    survive = pictures.surviving_gradient
    assert survive("sigmoid", 10, 1.0, 1.0).sizes[0] < 0.25**10
    dead = survive("relu", 5, 1.0, 1.0, bias=-20.0)
    assert dead.sizes[0] == 0 and dead.closed == 1
    assert survive("leaky_relu", 5, 1.0, 1.0, bias=-20.0).sizes[0] > 0.2**6
    assert survive("tanh", 1, 50.0, 1.0).closed > 0.8
    assert survive("linear", 1, 1.0, 1.0).closed == 0


ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "leaky_relu")
CORNERS = list(itertools.product((1, 20), (0.1, 10.0), (0.2, 4.0), (-3.0, 3.0)))


@pytest.mark.slow
@pytest.mark.parametrize(("layers", "inputs", "weights", "bias"), CORNERS)
def test_the_gradient_is_drawn_in_every_corner(layers, inputs, weights, bias):
    for activation in ACTIVATIONS:
        with np.errstate(all="raise", under="ignore"):
            figure = pictures.gradient_figure(activation, layers, inputs, weights, bias, 999)
        assert figure.caption.startswith(activation.replace("_", " "))
        assert "arrives at the input" in figure.caption
        assert "nan" not in figure.caption


def test_in_between_too():
    for inputs, weights, bias in itertools.product((0.5, 3.0), (1.0, 2.0), (-1.0, 0.0, 1.0)):
        given = MIDDLE | {"inputs": inputs, "weights": weights, "bias": bias}
        assert "10 layers" in pictures.gradient_figure("tanh", **given).caption


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"activation": "swish"}, "'swish'; choose one of"),
        ({"layers": 0}, "num_layers is 0; give a whole number from 1 to 20"),
        ({"layers": 21}, "num_layers is 21"),
        ({"inputs": 0.0}, "input_scale is 0; give a number above 0"),
        ({"weights": np.inf}, "weight_scale is inf"),
        ({"bias": np.nan}, "bias is nan"),
    ],
)
def test_bad_networks_are_refused_in_one_sentence(changes, words):
    with pytest.raises(ValueError, match=words):
        pictures.gradient_figure(**({"activation": "relu"} | MIDDLE | changes))


def test_the_widgets_answer_their_controls():
    widget = widgets.live_figure(
        lambda **values: pictures.convolution_figure(IMAGE, **values),
        {
            "kernel": widgets.Choice("Kernel", tuple(pictures.KERNELS), "edges"),
            "row": widgets.Whole("Row", 1, 3, 2),
            "column": widgets.Whole("Column", 1, 3, 2),
            "add": widgets.Slider("Add", -2, 2, 0.1, 0),
            "stride": widgets.Whole("Stride", 1, 4, 1),
            "padding": widgets.Choice("Padding", ("same", "valid"), "same"),
        },
        name="convolution",
    )
    for key, value in {"kernel": "copy", "add": 1.5, "stride": 3, "padding": "valid"}.items():
        before = widget.picture.value
        widget.fields[key].value = value
        assert widget.picture.value != before and widget.message.value == ""
    assert "become 9 x 9" in widget.picture.value
