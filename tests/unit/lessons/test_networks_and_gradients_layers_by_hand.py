"""The layers in NumPy against Keras, their formulas against what they do, and refusals."""

import itertools

import numpy as np
import pytest

from course_utils.base import numerics
from course_utils.base.backend import keras
from course_utils.lessons.networks_and_gradients import layers_by_hand

RANDOM = np.random.default_rng(0)
GEOMETRIES = list(
    itertools.product(
        [(7, 8), (6, 5)], [(3, 3), (4, 2), (1, 1), (2, 5)], [1, 2, 3], ["same", "valid"]
    )
)


def close(found, expected, tolerance=1e-5):
    """Keras computes in float32, NumPy in float64."""
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, np.asarray(expected), rtol=tolerance, atol=tolerance)


def with_weights(layer, inputs, *weights):
    """The layer's outputs for these inputs and weights."""
    layer.build(inputs.shape)
    layer.set_weights(weights)
    return layer(inputs)


def test_dense_equals_keras():
    inputs, kernel, bias = (RANDOM.normal(size=shape) for shape in [(5, 3), (3, 4), (4,)])
    layer = with_weights(keras.layers.Dense(4), inputs, kernel, bias)
    close(layers_by_hand.dense(inputs, kernel, bias), layer)
    close(layers_by_hand.dense(inputs, kernel), layer - bias)


@pytest.mark.parametrize("name", layers_by_hand.ACTIVATIONS)
def test_activations_equal_keras_and_their_slopes_are_derivatives(name):
    values = np.array([[-50.0, -3.0, -0.1], [0.1, 2.0, 50.0]])
    close(layers_by_hand.activation(name, values), keras.activations.get(name)(values), 1e-6)
    slope = numerics.numerical_gradient(lambda x: layers_by_hand.activation(name, x).sum(), values)
    np.testing.assert_allclose(layers_by_hand.activation_slope(name, values), slope, atol=1e-8)


def test_activations_do_not_overflow():
    with np.errstate(over="raise"):
        assert layers_by_hand.activation("sigmoid", [-1e4, 1e4]).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(("sides", "window", "stride", "padding"), GEOMETRIES)
def test_convolution_equals_keras(sides, window, stride, padding):
    if padding == "valid" and (window[0] > sides[0] or window[1] > sides[1]):
        pytest.skip("no window fits")
    images = RANDOM.normal(size=(2, *sides, 3))
    kernel, bias = RANDOM.normal(size=(*window, 3, 4)), RANDOM.normal(size=4)
    layer = keras.layers.Conv2D(4, window, strides=stride, padding=padding)
    found = layers_by_hand.convolution(images, kernel, bias, stride, padding)
    close(found, with_weights(layer, images, kernel, bias))
    expected = tuple(
        layers_by_hand.output_size(side, w, stride, padding)
        for side, w in zip(sides, window, strict=True)
    )
    assert found.shape == (2, *expected, 4)


@pytest.mark.parametrize(("sides", "window", "stride", "padding"), GEOMETRIES)
def test_transposed_convolution_equals_keras(sides, window, stride, padding):
    images = RANDOM.normal(size=(2, *sides, 3))
    kernel, bias = RANDOM.normal(size=(*window, 4, 3)), RANDOM.normal(size=4)
    layer = keras.layers.Conv2DTranspose(4, window, strides=stride, padding=padding)
    found = layers_by_hand.transposed_convolution(images, kernel, bias, stride, padding)
    close(found, with_weights(layer, images, kernel, bias))


@pytest.mark.parametrize("padding", layers_by_hand.PADDINGS)
@pytest.mark.parametrize(("side", "window", "stride"), [(4, 3, 1), (3, 4, 2), (3, 2, 3)])
def test_transposed_convolution_is_the_transpose(side, window, stride, padding):
    """<conv(u), v> = <u, conv^T(v)> for all u and v, which is what a transpose is."""
    kernel = RANDOM.normal(size=(window, window, 2, 5))
    v = RANDOM.normal(size=(1, side, side, 5))
    back = layers_by_hand.transposed_convolution(v, kernel, stride=stride, padding=padding)
    u = RANDOM.normal(size=back.shape)
    forward = layers_by_hand.convolution(u, kernel, stride=stride, padding=padding)
    assert forward.shape == v.shape
    assert (forward * v).sum() == pytest.approx((u * back).sum())


@pytest.mark.parametrize("shape", [(6, 3), (2, 4, 4, 3)])
def test_batch_norm_equals_keras_in_training_and_in_inference(shape):
    layer = keras.layers.BatchNormalization(momentum=0.9)
    layer.build(shape)
    scale, shift = RANDOM.normal(size=3), RANDOM.normal(size=3)
    mean, variance = np.zeros(3), np.ones(3)
    layer.set_weights([scale, shift, mean, variance])
    for _ in range(3):
        inputs = RANDOM.normal(5, 2, size=shape)
        found = layers_by_hand.batch_norm_training(inputs, scale, shift)
        close(found.outputs, layer(inputs, training=True))
        mean = layers_by_hand.moving_average(mean, found.mean, 0.9)
        variance = layers_by_hand.moving_average(variance, found.variance, 0.9)
        close(mean, layer.moving_mean)
        close(variance, layer.moving_variance)
    close(
        layers_by_hand.batch_norm_inference(inputs, mean, variance, scale, shift),
        layer(inputs, training=False),
    )


def test_a_normalized_batch_has_mean_0_and_variance_1():
    found = layers_by_hand.batch_norm_training(RANDOM.normal(3, 5, (200, 2)), epsilon=0.0)
    np.testing.assert_allclose(found.outputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found.outputs.var(axis=0), 1)


@pytest.mark.parametrize("layers", [[], [(1, 1)], [(3, 1)] * 3, [(3, 2)] * 3, [(4, 2), (3, 1)]])
def test_receptive_field_size_is_what_convolutions_see(layers):
    """By finite differences: which pixels change the output's middle?"""
    side = layers_by_hand.receptive_field_size(layers)
    image = np.zeros((1, side, side, 1))

    def forward(images):
        for window, stride in layers:
            images = layers_by_hand.convolution(
                images, np.ones((window, window, 1, 1)), stride=stride
            )
        return images

    assert forward(image).shape == (1, 1, 1, 1)  # the whole field is just wide enough for one
    gradient = numerics.numerical_gradient(lambda pixels: forward(pixels).item(), image)
    assert (gradient > 0.5).all()


def test_inputs_are_left_alone():
    images, kernel = np.ones((1, 4, 4, 1)), np.ones((3, 3, 1, 1))
    for function in (layers_by_hand.convolution, layers_by_hand.transposed_convolution):
        function(images, kernel, padding="same")[:] = 7
    layers_by_hand.activation("linear", images)[:] = 7
    assert (images == 1).all() and (kernel == 1).all()


IMAGES, KERNEL = np.ones((1, 4, 4, 2)), np.ones((3, 3, 2, 5))
NAN = np.full((1, 4, 4, 2), np.nan)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: layers_by_hand.dense([1.0], [[1.0]]),
            ValueError,
            r"inputs has shape \(1,\); give \(n",
        ),
        (
            lambda: layers_by_hand.dense([[1.0]], [[1.0], [2.0]]),
            ValueError,
            "1 columns and kernel 2 rows",
        ),
        (
            lambda: layers_by_hand.dense([[1.0]], [[1.0]], [1, 2]),
            ValueError,
            r"bias has shape \(2,\)",
        ),
        (lambda: layers_by_hand.dense([["a"]], [[1.0]]), TypeError, "inputs has dtype <U1; give"),
        (lambda: layers_by_hand.dense([[1j]], [[1.0]]), TypeError, "dtype complex128"),
        (lambda: layers_by_hand.dense(np.ones((0, 2)), np.ones((2, 2))), ValueError, "is empty"),
        (
            lambda: layers_by_hand.dense([[np.inf]], [[1.0]]),
            ValueError,
            "inputs has values that are not",
        ),
        (
            lambda: layers_by_hand.activation("swish", 1.0),
            ValueError,
            "'swish'; choose one of linear",
        ),
        (lambda: layers_by_hand.activation_slope("relu", np.nan), ValueError, "not finite"),
        (lambda: layers_by_hand.output_size(0, 3), ValueError, "size is 0; give a whole number"),
        (lambda: layers_by_hand.output_size(5, 3, 1.5), ValueError, "stride is 1.5"),
        (lambda: layers_by_hand.output_size(5, True), ValueError, "window is True"),
        (
            lambda: layers_by_hand.output_size(5, 3, 1, "full"),
            ValueError,
            "choose one of same, valid",
        ),
        (
            lambda: layers_by_hand.output_size(2, 3),
            ValueError,
            "window of 3 does not fit into 2 pixels",
        ),
        (lambda: layers_by_hand.padding_amounts(2, 3, 1, "valid"), ValueError, "does not fit"),
        (lambda: layers_by_hand.convolution(IMAGES[0], KERNEL), ValueError, "images has shape"),
        (lambda: layers_by_hand.convolution(IMAGES, KERNEL[0]), ValueError, "kernel has shape"),
        (
            lambda: layers_by_hand.convolution(NAN, KERNEL),
            ValueError,
            "images has values that are not",
        ),
        (
            lambda: layers_by_hand.convolution(IMAGES[..., :1], KERNEL),
            ValueError,
            "have 1 channels",
        ),
        (lambda: layers_by_hand.convolution(IMAGES, KERNEL, stride=0), ValueError, "stride is 0"),
        (
            lambda: layers_by_hand.convolution(IMAGES[:, :2], KERNEL),
            ValueError,
            "does not fit into 2",
        ),
        (lambda: layers_by_hand.convolution(IMAGES, KERNEL, [1.0]), ValueError, r"give \(5,\)"),
        (
            lambda: layers_by_hand.transposed_convolution(IMAGES, KERNEL),
            ValueError,
            "expects 5; the last",
        ),
        (
            lambda: layers_by_hand.transposed_convolution(IMAGES[0], KERNEL),
            ValueError,
            "images has shape",
        ),
        (
            lambda: layers_by_hand.transposed_convolution(IMAGES, np.ones((3, 3, 5, 2)), stride=-1),
            ValueError,
            "stride is -1",
        ),
        (
            lambda: layers_by_hand.transposed_convolution(
                IMAGES, np.ones((3, 3, 5, 2)), padding="x"
            ),
            ValueError,
            "no padding 'x'",
        ),
        (lambda: layers_by_hand.receptive_field_size([(3, 0)]), ValueError, "stride is 0"),
        (
            lambda: layers_by_hand.batch_norm_training([1.0, 2.0]),
            ValueError,
            r"give \(n, ..., channels\)",
        ),
        (lambda: layers_by_hand.batch_norm_training(IMAGES, [1.0]), ValueError, "scale has shape"),
        (
            lambda: layers_by_hand.batch_norm_inference([[1.0]], [0.0], [-1.0]),
            ValueError,
            "holds -1",
        ),
        (
            lambda: layers_by_hand.batch_norm_inference([[1.0]], [0.0], [0.0], epsilon=0.0),
            ValueError,
            "above 0 without epsilon",
        ),
        (
            lambda: layers_by_hand.batch_norm_inference([[1.0]], [0.0], [1.0], epsilon=-1.0),
            ValueError,
            "epsilon is -1; give a number of 0 or more",
        ),
        (lambda: layers_by_hand.moving_average(0.0, 1.0, 1.5), ValueError, "momentum is 1.5"),
        (
            lambda: layers_by_hand.moving_average([0.0], [1.0, 2.0]),
            ValueError,
            "give both the same",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, error, words):
    with pytest.raises(error, match=words) as raised:
        call()
    assert len(str(raised.value).splitlines()) == 1
