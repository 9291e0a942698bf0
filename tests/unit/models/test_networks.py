"""Shapes, ranges and refusals of the network builders; what an output of a network sees."""

import numpy as np
import pytest

from course_utils.base.backend import keras
from course_utils.lessons.networks_and_gradients import layers_by_hand
from course_utils.models import networks, receptive_field


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (64, 64, 3), (16, 32, 2)])
def test_image_networks_have_the_shapes_they_promise(shape):
    latents = np.random.default_rng(0).normal(size=(3, 5)).astype("float32")
    images = networks.generator(shape, latent_size=5, width=2)(latents).numpy()
    assert images.shape == (3, *shape)
    assert np.abs(images).max() <= 1
    assert networks.discriminator(shape, width=2)(images).shape == (3, 1)
    assert networks.feature_classifier(shape, 7, 6, width=2)(images).shape == (3, 7)


def test_a_generator_reaches_the_whole_range_of_tanh():
    latents = np.random.default_rng(0).normal(size=(3, 5)).astype("float32")
    network = networks.generator((16, 16, 1), 5, width=2)
    kernel, bias = network.get_layer("images").get_weights()
    network.get_layer("images").set_weights([1e3 * kernel, bias])
    values = network(latents).numpy()
    assert values.min() < -0.99
    assert values.max() > 0.99


@pytest.mark.parametrize("widths", [(), (4,), (4, 8)])
def test_dense_networks_have_the_shapes_they_promise(widths):
    points = networks.dense_generator(3, 2, widths)(np.ones((4, 3), "float32"))
    assert points.shape == (4, 2)
    assert networks.dense_discriminator(2, widths)(points).shape == (4, 1)


def test_features_are_the_layer_of_that_name():
    layer = networks.feature_classifier(num_features=12, width=2).get_layer("features")
    assert layer.output.shape == (None, 12)


def test_the_defaults_fit_the_course_s_images():
    assert networks.generator().output_shape == (None, 28, 28, 1)
    assert networks.generator().input_shape == (None, 16)
    assert networks.discriminator().input_shape == (None, 28, 28, 1)
    assert networks.feature_classifier().get_layer("features").output.shape == (None, 64)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((28, 28), r"\(28, 28\); give \(height, width, channels\)"),
        (28, "image_shape is 28; give"),
        ((28, 28, 0), r"\(28, 28, 0\); give"),
        ((28.0, 28, 1), r"\(28.0, 28, 1\); give"),
        ((27, 27, 1), "27 x 27 pixels cannot be halved .* resize or pad"),
        ((8, 8, 1), "8 x 8 pixels cannot be halved"),
        ((28, 512, 1), "28 x 512 pixels cannot be halved"),
    ],
)
@pytest.mark.parametrize(
    "build", [networks.generator, networks.discriminator, networks.feature_classifier]
)
def test_unfit_image_shapes_are_refused_in_one_sentence(build, shape, words):
    with pytest.raises(ValueError, match=words):
        build(shape)


@pytest.mark.parametrize(
    ("build", "arguments", "words"),
    [
        (networks.generator, {"latent_size": 0}, "latent_size is 0; give a whole number"),
        (networks.generator, {"latent_size": 2.5}, "latent_size is 2.5"),
        (networks.generator, {"width": True}, "width is True"),
        (networks.discriminator, {"width": -1}, "width is -1"),
        (networks.dense_generator, {"num_features": 0}, "num_features is 0"),
        (networks.dense_discriminator, {"num_features": 0}, "num_features is 0"),
        (networks.feature_classifier, {"num_classes": "10"}, "num_classes is '10'"),
    ],
)
def test_unfit_sizes_are_refused_in_one_sentence(build, arguments, words):
    with pytest.raises(ValueError, match=words):
        build(**arguments)


# ---- receptive fields ----------------------------------------------------------------------------


def _convolutions(*layers, channels=2, activation="relu"):
    """Images of 16 x 16 through convolutions (window, stride), with random weights."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((16, 16, 1))
    x = inputs
    for window, stride in layers:
        x = keras.layers.Conv2D(channels, window, stride, padding="same", activation=activation)(x)
    return keras.Model(inputs, x)


@pytest.mark.parametrize(
    ("layers", "position", "rows"),
    [
        ([(3, 1)], (8, 8), (7, 9)),
        ([(3, 1), (3, 1)], (8, 8), (6, 10)),
        ([(3, 1), (3, 1)], (0, 0), (0, 2)),  # cut at the border
        ([(3, 2)], (4, 4), (8, 10)),  # "same" with stride 2 pads after, so it starts at 2 * 4
        ([(1, 1)], (3, 3), (3, 3)),
    ],
)
def test_the_receptive_field_of_convolutions_is_known(layers, position, rows):
    expected = np.zeros((16, 16), bool)
    expected[rows[0] : rows[1] + 1, rows[0] : rows[1] + 1] = True
    found = receptive_field.receptive_field(_convolutions(*layers), position)
    assert found.dtype == bool
    np.testing.assert_array_equal(found, expected)


def test_the_receptive_field_has_the_side_of_the_formula():
    layers = [(3, 1), (3, 2), (2, 1)]
    found = receptive_field.receptive_field(_convolutions(*layers, channels=8), (4, 4))
    assert found.any(axis=0).sum() == layers_by_hand.receptive_field_size(layers)


def test_a_recurrent_network_sees_the_past_only():
    inputs = keras.Input((6, 3))
    network = keras.Model(inputs, keras.layers.GRU(4, return_sequences=True)(inputs))
    seen = receptive_field.receptive_field(network, (2,))
    assert seen.tolist() == [True, True, True, False, False, False]


def test_logits_have_one_position_and_may_be_probabilities():
    inputs = keras.Input((4, 4, 1))
    flat = keras.layers.Flatten()(inputs)
    network = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(flat))
    assert receptive_field.receptive_field(network, ()).all()
    unconnected = keras.Model(inputs, keras.layers.Dense(2)(keras.ops.ones_like(flat)))
    assert not receptive_field.receptive_field(unconnected, ()).any()


def test_unfit_networks_and_positions_are_refused_in_one_sentence():
    network = _convolutions((3, 1))
    for position in [(1,), (1, 2, 3), (16, 0), (-1, 0), (1.0, 2), (True, 0), 3, None, "ab"]:
        with pytest.raises(ValueError, match="give 2 whole numbers from 0 that lie in"):
            receptive_field.receptive_field(network, position)
    with pytest.raises(ValueError, match="num_inputs is 0"):
        receptive_field.receptive_field(network, (0, 0), num_inputs=0)
    with pytest.raises(TypeError, match="The network is str"):
        receptive_field.receptive_field("network", ())
    any_size = keras.Input((None, None, 1))
    network = keras.Model(any_size, keras.layers.Conv2D(1, 3)(any_size))
    with pytest.raises(ValueError, match="build it for inputs of a fixed size"):
        receptive_field.receptive_field(network, (0, 0))
    broken = _convolutions((3, 1))
    broken.set_weights([np.full_like(weight, np.nan) for weight in broken.get_weights()])
    with pytest.raises(ValueError, match="not finite"):
        receptive_field.receptive_field(broken, (0, 0))
