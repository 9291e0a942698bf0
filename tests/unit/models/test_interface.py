"""What every generator shares: drawing, training, and saying what is wrong with the data."""

import numpy as np
import pytest
from small_models import SHAPE, copies, equal, image_gan, linear_gan, pixels
from tiny_families import TINY, PixelAfterPixel, PixelByPixel, TinyFlow

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import checkpoints, interface, latent_model


@pytest.fixture(scope="module")
def model():
    """An image GAN whose fit needs no tracing, for tests that never reach a training step."""
    model = image_gan()
    model.compile(run_eagerly=True)
    return model


def test_points_are_used_and_made_as_they_are():
    model = linear_gan()
    model.average.set_weights([np.full((2, 2), 7.0), np.array([100.0, -100.0])])
    np.testing.assert_allclose(model.generate([[1.0, 2.0]]), [[121.0, -79.0]])
    points = tf.constant([[3.0, -4.0]])
    np.testing.assert_array_equal(model._to_network(points), points)


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
        ({"steps_per_epoch": True}, "steps_per_epoch is True; give a whole number"),
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


@pytest.fixture(params=[PixelAfterPixel, PixelByPixel, TinyFlow])
def tiny(request):
    model = request.param(seed=0)
    model.compile()
    return model


def tiny_images(n=32):
    """Black and white: the left half black, the right half white, with a few pixels turned."""
    images = np.zeros((n, *TINY), np.float32)
    images[:, :, 3:] = 1
    turned = np.random.default_rng(0).random(images.shape) < 0.1
    return np.where(turned, 1 - images, images)


@pytest.mark.slow
def test_each_family_learns_and_draws_what_it_saw(tiny):
    before = np.abs(tiny.sample(200, seed=0).mean(axis=0) - tiny_images().mean(axis=0)).max()
    history = tiny.fit(tiny_images(), batch_size=16, epochs=60, verbose=0).history
    (losses,) = history.values()
    assert losses[-1] < losses[0] - 0.5
    drawn = tiny.sample(200, seed=0)
    assert drawn.shape == (200, *TINY) and drawn.dtype == np.float32
    assert drawn.min() >= 0 and drawn.max() <= 1
    after = np.abs(drawn.mean(axis=0) - tiny_images().mean(axis=0)).max()
    assert after < 0.25 < before


def test_each_family_draws_the_same_for_the_same_seed_and_in_chunks(tiny, monkeypatch):
    drawn = tiny.sample(10, seed=1)
    np.testing.assert_array_equal(drawn, tiny.sample(10, seed=1))
    assert not np.array_equal(drawn, tiny.sample(10, seed=2))
    assert not np.array_equal(tiny.sample(10), tiny.sample(10))
    np.testing.assert_allclose(tiny.sample(3, seed=1), drawn[:3], atol=1e-6)
    monkeypatch.setattr(type(tiny), "at_once", 4)
    np.testing.assert_allclose(tiny.sample(10, seed=1), drawn, atol=1e-6)
    assert tiny.sample(0).shape == (0, *TINY)
    with pytest.raises(ValueError, match="number of samples is -1; give a whole number"):
        tiny.sample(-1)


def test_each_family_is_told_what_is_wrong_with_its_data(tiny):
    with pytest.raises(ValueError, match=r"\(4, 28, 28, 1\).*\(batch, 4, 6, 1\)"):
        tiny.fit(np.zeros((4, 28, 28, 1)), verbose=0)
    with pytest.raises(ValueError, match=r"is not compiled; call compile\(\) first"):
        type(tiny)().fit(tiny_images())


@pytest.mark.slow
def test_each_family_resumes_exactly(tiny, tmp_path):
    def fit(model, epochs, initial_epoch=0):
        ordered = data.make_dataset(tiny_images(), batch_size=8, shuffle=False)
        model.fit(ordered, epochs=epochs, initial_epoch=initial_epoch, verbose=0)

    other = type(tiny)(seed=5)
    other.compile()
    fit(tiny, 1)
    checkpoints.save_checkpoint(tiny, tmp_path / "one.npz", 1)
    fit(tiny, 2, initial_epoch=1)
    fit(other, 2)
    assert not equal(copies(tiny.variables), copies(other.variables))
    assert checkpoints.load_checkpoint(other, tmp_path / "one.npz") == 1
    fit(other, 2, initial_epoch=1)
    assert equal(copies(tiny.variables), copies(other.variables))


def test_a_model_without_latents_has_none_of_their_verbs():
    for name in ("generate", "latent_shape", "latent_size"):
        assert not hasattr(PixelAfterPixel(), name)
    model = PixelAfterPixel(seed=0)
    model.compile()
    before = model.log_likelihood(tiny_images())
    np.testing.assert_allclose(before, -24 * np.log(2), rtol=1e-6)
    model.fit(tiny_images(), epochs=10, verbose=0)
    assert model.log_likelihood(tiny_images()).mean() > before.mean()


def test_a_model_that_does_not_say_how_it_draws_is_told_so():
    model = interface.GenerativeModel(name="nothing")
    with pytest.raises(NotImplementedError, match="does not say how images are drawn"):
        model.sample(1)
    with pytest.raises(NotImplementedError, match="does not say how latents are decoded"):
        latent_model.LatentModel(name="nothing").call(np.zeros((1, 2)))
