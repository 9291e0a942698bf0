"""What every generator shares: drawing, generating, and saying what is wrong with the data."""

import numpy as np
import pytest
from small_models import LATENTS, SHAPE, image_gan, linear_gan, pixels

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import interface, latent_space


@pytest.fixture(scope="module")
def model():
    """An image GAN whose fit needs no tracing, for tests that never reach a training step."""
    model = image_gan()
    model.compile(run_eagerly=True)
    return model


@pytest.fixture
def latents():
    return latent_space.draw_latents(10, LATENTS, seed=1)


# --- sample and generate -----------------------------------------------------------------------


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
    monkeypatch.setattr(interface, "_CHUNK", 4)
    np.testing.assert_allclose(model.generate(latents), together, atol=1e-5)


def test_generate_takes_lists_and_tensors_and_more_than_one_chunk(model, latents):
    np.testing.assert_array_equal(model.generate(latents.tolist()), model.generate(latents))
    np.testing.assert_array_equal(model.generate(tf.constant(latents)), model.generate(latents))
    many = latent_space.draw_latents(interface._CHUNK + 3, LATENTS, seed=0)
    assert model.generate(many).shape == (interface._CHUNK + 3, *SHAPE)


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


def test_points_are_used_and_made_as_they_are():
    model = linear_gan()
    model.average.set_weights([np.full((2, 2), 7.0), np.array([100.0, -100.0])])
    np.testing.assert_allclose(model.generate([[1.0, 2.0]]), [[121.0, -79.0]])
    points = tf.constant([[3.0, -4.0]])
    np.testing.assert_array_equal(model._to_network(points), points)


def test_keras_verbs_work_too(model, latents, capsys):
    predicted = model.predict(latents, verbose=0)
    np.testing.assert_allclose((predicted + 1) / 2, model.generate(latents), atol=1e-5)
    model.summary()
    assert "discriminator" in capsys.readouterr().out


# --- bad data ----------------------------------------------------------------------------------


def test_fit_before_compile_says_what_to_do():
    with pytest.raises(ValueError, match=r"^This GAN is not compiled; call compile\(\) first\.$"):
        image_gan().fit(pixels())


@pytest.mark.parametrize(
    ("images", "error", "words"),
    [
        (pixels()[..., 0], ValueError, "channel axis is missing"),
        (pixels().astype("int32"), TypeError, "dtype int32"),
        (pixels().astype("float32"), ValueError, r"from 0 to 255.*divide by 255"),
        (pixels() / 127.5 - 1, ValueError, "unscale_pixels"),
        (np.full((4, *SHAPE), np.nan), ValueError, "not finite"),
        (np.zeros((0, *SHAPE)), ValueError, "empty"),
        (np.zeros((4, 28, 28, 1)), ValueError, r"\(4, 28, 28, 1\).*\(batch, 16, 16, 1\)"),
        (np.zeros((4, 16, 16, 3)), ValueError, r"\(4, 16, 16, 3\).*\(batch, 16, 16, 1\)"),
        (data.toy("ring", 4), ValueError, r"\(4, 2\).*\(batch, 16, 16, 1\)"),
        ("images.pkl", TypeError, "pickle"),
        ((pixels(), np.zeros(20)), TypeError, "unpack it first"),
        (None, TypeError, "NoneType"),
    ],
)
def test_unfit_arrays_are_refused_in_one_sentence(model, images, error, words):
    with pytest.raises(error, match=words) as raised:
        model.fit(images, verbose=0)
    assert "\n" not in str(raised.value)


def floats(n=4, shape=SHAPE):
    return tf.data.Dataset.from_tensor_slices(np.zeros((n, *shape), np.float32))


@pytest.mark.parametrize(
    ("dataset", "error", "words"),
    [
        (lambda: floats().take(0).batch(2), ValueError, "yields no batch: it is empty"),
        (lambda: floats(4).batch(8, drop_remainder=True), ValueError, "batch_size is larger"),
        (lambda: floats().batch(2).map(lambda x: tf.cast(x, tf.uint8)), TypeError, "yields uint8"),
        (lambda: floats().batch(2).map(lambda x: x + 3), ValueError, "from 3 to 3"),
        (lambda: floats(), ValueError, r"shape \(16, 16, 1\)"),
        (lambda: floats(4, (28, 28, 1)).batch(2), ValueError, r"\(2, 28, 28, 1\).*16, 16, 1"),
        (lambda: floats().batch(2).map(lambda x: {"image": x}), TypeError, "yields a dict"),
        (lambda: floats().batch(2).repeat(), ValueError, "never ends.*steps_per_epoch"),
    ],
)
def test_unfit_datasets_are_refused_in_one_sentence(model, dataset, error, words):
    with pytest.raises(error, match=words) as raised:
        model.fit(dataset(), verbose=0)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"batch_size": 0}, "batch_size is 0"),
        ({"batch_size": 2.5}, "batch_size is 2.5"),
        ({"steps_per_epoch": 0}, "steps_per_epoch is 0"),
        ({"steps_per_epoch": -2}, "steps_per_epoch is -2"),
        ({"validation_data": np.zeros((4, 28, 28, 1))}, r"\(4, 28, 28, 1\).*16, 16, 1"),
        ({"validation_data": pixels().astype("float32")}, "divide by 255"),
    ],
)
def test_unfit_arguments_of_fit_are_refused(model, arguments, words):
    with pytest.raises(ValueError, match=words):
        model.fit(pixels(), verbose=0, **arguments)


def test_nothing_was_trained_by_all_that(model):
    assert int(model.optimizer.iterations) == 0
    assert isinstance(model, keras.Model)
