"""What models with latents share: drawing and generating, whatever the latents' shape."""

import numpy as np
import pytest
from small_models import LATENTS, SHAPE, image_gan, linear_gan, pixels
from tiny_families import TINY, PixelByPixel

from course_utils.base.backend import keras, tf
from course_utils.models import flow_matching, gan, latent_model, latent_space, vae


@pytest.fixture(scope="module")
def model():
    """An image GAN whose fit needs no tracing, for tests that never reach a training step."""
    model = image_gan()
    model.compile(run_eagerly=True)
    return model


@pytest.fixture
def latents():
    return latent_space.draw_latents(10, LATENTS, seed=1)


def test_samples_are_pixels_and_depend_on_nothing_but_the_seed(model):
    first = model.sample(5, seed=3)
    assert first.dtype == np.float32
    assert first.shape == (5, *SHAPE)
    assert first.min() >= 0
    assert first.max() <= 1
    np.testing.assert_array_equal(first, model.sample(5, seed=3))
    assert not np.array_equal(first, model.sample(5, seed=4))
    assert not np.array_equal(model.sample(5), model.sample(5))
    np.testing.assert_array_equal(model.sample(np.int64(5), seed=3), first)


def test_generate_scales_the_network_s_range_to_pixels(model, latents):
    expected = (model.average(latents, training=False).numpy() + 1) / 2
    np.testing.assert_allclose(model.generate(latents), expected, atol=1e-6)


def test_generate_is_the_same_one_by_one_and_in_chunks(model, latents, monkeypatch):
    together = model.generate(latents)
    np.testing.assert_array_equal(together, model.generate(latents))
    singly = np.concatenate([model.generate(latents[i : i + 1]) for i in range(10)])
    np.testing.assert_allclose(together, singly, atol=1e-5)
    monkeypatch.setattr(type(model), "at_once", 4)
    np.testing.assert_allclose(model.generate(latents), together, atol=1e-5)


def test_generate_takes_lists_and_tensors_and_more_than_one_chunk(model, latents):
    np.testing.assert_array_equal(model.generate(latents.tolist()), model.generate(latents))
    np.testing.assert_array_equal(model.generate(tf.constant(latents)), model.generate(latents))
    many = latent_space.draw_latents(model.at_once + 3, LATENTS, seed=0)
    assert model.generate(many).shape == (model.at_once + 3, *SHAPE)


def test_no_samples_are_an_empty_array(model):
    assert model.sample(0).shape == (0, *SHAPE)
    assert model.generate(np.zeros((0, LATENTS))).shape == (0, *SHAPE)


@pytest.mark.parametrize("n", [-1, True, 2.5, "4", None])
def test_an_unfit_number_of_samples_is_refused(model, n):
    with pytest.raises(ValueError, match=f"number of samples is {n!r}; give a whole number"):
        model.sample(n)


@pytest.mark.parametrize(
    ("unfit", "error", "words"),
    [
        (np.zeros((2, 7)), ValueError, r"shape \(2, 7\); this model needs \(n, 8\)"),
        (np.zeros(8), ValueError, r"shape \(8,\); this model needs \(n, 8\)"),
        (np.full((2, 8), np.nan), ValueError, "NaN or infinity"),
        (np.full((2, 8), np.inf), ValueError, "NaN or infinity"),
        ("word", TypeError, r"no array of numbers; give floats of shape \(n, 8\)"),
        ([[0.0] * 8, [0.0] * 7], TypeError, "no array of numbers"),
        (None, ValueError, "need"),
    ],
)
def test_unfit_latents_are_refused(model, unfit, error, words):
    with pytest.raises(error, match=words):
        model.generate(unfit)


def test_keras_verbs_work_too(model, latents, capsys):
    predicted = model.predict(latents, verbose=0)
    np.testing.assert_allclose((predicted + 1) / 2, model.generate(latents), atol=1e-5)
    model.summary()
    assert "discriminator" in capsys.readouterr().out


def test_latents_may_have_the_shape_of_images():
    model = PixelByPixel(seed=0)
    latents = latent_space.draw_latents(5, TINY, seed=3)
    assert latents.shape == (5, *TINY) and latents.dtype == np.float32
    np.testing.assert_array_equal(model.generate(latents), model.sample(5, seed=3))
    expected = np.clip((latents + 1) / 2, 0, 1)
    np.testing.assert_allclose(model.generate(latents), expected, atol=1e-6)
    np.testing.assert_allclose(model(latents), latents)
    for unfit in (latents.reshape(5, 24), latents[0], latents[..., 0]):
        with pytest.raises(ValueError, match=r"this model needs \(n, 4, 6, 1\)"):
            model.generate(unfit)
    with pytest.raises(AttributeError, match=r"\(4, 6, 1\), which is not one size; use latent_sh"):
        _ = model.latent_size
    assert not hasattr(model, "latent_size")


def test_a_gan_takes_latents_of_any_shape():
    places = keras.Input((4, 4, 2))
    images = keras.layers.Conv2DTranspose(1, 4, strides=4, activation="tanh")(places)
    model = gan.GAN(generator=keras.Model(places, images), seed=0)
    assert (model.latent_shape, model.image_shape) == ((4, 4, 2), SHAPE)
    model.compile(run_eagerly=True)
    model.fit(pixels(8), batch_size=8, verbose=0)
    assert model.sample(3, seed=0).shape == (3, *SHAPE)


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (linear_gan, 2),
        (lambda: vae.VAE(latent_size=3), 3),
        (lambda: flow_matching.FlowMatching((2,)), 2),
    ],
)
def test_flat_latents_have_a_size(make, size):
    model = make()
    assert isinstance(model, latent_model.LatentModel)
    assert (model.latent_size, model.latent_shape) == (size, (size,))
    assert latent_space.draw_latents(2, (size,), 0).shape == (2, size)
    np.testing.assert_array_equal(
        latent_space.draw_latents(2, size, 0), latent_space.draw_latents(2, (size,), 0)
    )
