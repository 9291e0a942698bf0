"""Shapes, ranges and refusals of the network builders."""

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.models import networks


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


@pytest.mark.parametrize("shape", [(28, 28, 1), (64, 64, 3), (16, 32, 2)])
@pytest.mark.parametrize("latent_size", [2, 5])
def test_the_networks_of_a_vae_have_the_shapes_they_promise(shape, latent_size):
    images = np.random.default_rng(0).uniform(-1, 1, (3, *shape)).astype("float32")
    codes = networks.encoder(shape, latent_size, width=2)(images)
    assert codes.shape == (3, 2 * latent_size)
    assert networks.decoder(shape, latent_size, width=2)(codes[:, latent_size:]).shape == (
        3,
        *shape,
    )


def test_no_unit_of_a_vae_with_many_latents_dies():
    """A unit that is below zero for every image or latent still learns; with ReLU it would not."""
    for latent_size, learns in ((16, True), (2, False)):
        for build in (networks.encoder, networks.decoder):
            network = build((16, 16, 1), latent_size, width=2)
            inputs = tf.ones((3, *network.input_shape[1:]))
            for layer in network.layers:
                if isinstance(layer, keras.layers.Dense) and layer.name != "mean_and_log_variance":
                    layer.bias.assign(-100 * tf.ones_like(layer.bias))
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(network(inputs) ** 2)
            dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
            gradient = tape.gradient(loss, dense[0].kernel)
            assert bool(tf.reduce_any(gradient != 0)) == learns


def test_with_more_than_four_latents_the_hidden_layers_of_a_vae_are_wider():
    for build in (networks.encoder, networks.decoder):
        units = [
            next(
                x for x in build(latent_size=size).layers if isinstance(x, keras.layers.Dense)
            ).units
            for size in (2, 4, 5, 16)
        ]
        assert units == [64, 64, 128, 128]


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
    "build",
    [
        networks.generator,
        networks.discriminator,
        networks.encoder,
        networks.decoder,
        networks.feature_classifier,
    ],
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
        (networks.encoder, {"latent_size": 0}, "latent_size is 0; give a whole number"),
        (networks.decoder, {"latent_size": 2.5}, "latent_size is 2.5"),
        (networks.decoder, {"width": -1}, "width is -1"),
        (networks.feature_classifier, {"num_classes": "10"}, "num_classes is '10'"),
    ],
)
def test_unfit_sizes_are_refused_in_one_sentence(build, arguments, words):
    with pytest.raises(ValueError, match=words):
        build(**arguments)
