"""What every generator shares: drawing, generating, and saying what is wrong with the data."""

import numpy as np
import pytest
from small_models import LATENTS, SHAPE, copies, equal, image_gan, linear_gan, pixels

from course_utils import data
from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import checkpoints, gan, interface, latent_model, latent_space, vae


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


# --- one interface for every family ------------------------------------------------------------

TINY = (4, 6, 1)  # images of 24 pixels


class PixelAfterPixel(interface.GenerativeModel):
    """Autoregressive, for black and white: each pixel's chance given the one before. No latents."""

    def __init__(self, seed: int | None = None):
        super().__init__(name="pixel_after_pixel")
        self.image_shape = TINY
        # Of each pixel: its logit after a black one, and after a white one.
        self.table = self.add_weight(shape=(24, 2), initializer="zeros", name="table")
        self._add_seed(seed)

    def compile(self, **arguments):
        super().compile(optimizer=keras.optimizers.Adam(0.1), **arguments)
        self.optimizer.build(self.trainable_variables)

    def train_step(self, batch):
        with tf.GradientTape() as tape:
            # Noise in training: some of the pixels before are not seen as they are.
            turned = tf.random.stateless_uniform((24,), self._step_seed("dropout")) < 0.05
            loss = -tf.reduce_mean(self._log_likelihood(batch, turned))
        interface.apply_gradients(self.optimizer, tape, loss, self)
        return {"nats": loss}

    def log_likelihood(self, images) -> np.ndarray:
        return self._log_likelihood(tf.constant(images)).numpy()

    def _log_likelihood(self, images, turned=False):
        flat = tf.reshape(images, (-1, 24))
        before = tf.pad(flat[:, :-1], [[0, 0], [1, 0]])
        white = tf.not_equal(before == 1, turned)
        logits = tf.where(white, self.table[:, 1], self.table[:, 0])
        return -tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(flat, logits), axis=1)

    def sample(self, n, seed=None):
        check_whole("The number of samples", n, 0)
        uniforms = np.random.default_rng(seed).random((n, 24), np.float32)
        return self._in_chunks(self._draw, uniforms)

    def _draw(self, uniforms):
        pixels = [np.zeros(len(uniforms), bool)]
        for place, chances in enumerate(tf.sigmoid(self.table).numpy()):
            pixels.append(uniforms[:, place] < np.where(pixels[-1], chances[1], chances[0]))
        return tf.reshape(tf.cast(np.stack(pixels[1:], axis=1), tf.float32), (-1, *TINY))


class PixelByPixel(latent_model.LatentModel):
    """A flow of one layer: each pixel is its own latent times a number, plus a number."""

    def __init__(self, seed: int | None = None):
        super().__init__(name="pixel_by_pixel")
        self.image_shape = self.latent_shape = TINY
        self.log_scale = self.add_weight(shape=TINY, initializer="zeros", name="log_scale")
        self.shift = self.add_weight(shape=TINY, initializer="zeros", name="shift")
        self._add_seed(seed)
        self._prepare_generation()

    def compile(self, **arguments):
        super().compile(optimizer=keras.optimizers.Adam(0.1), **arguments)
        self.optimizer.build(self.trainable_variables)

    def train_step(self, batch):
        with tf.GradientTape() as tape:
            noise = tf.random.stateless_uniform(tf.shape(batch), self._step_seed("dequantization"))
            latents = self._encode(self._to_network(batch + noise / 256))
            loss = tf.reduce_mean(0.5 * latents**2 + self.log_scale)
        interface.apply_gradients(self.optimizer, tape, loss, self)
        return {"nats": loss}

    def _encode(self, images):
        return (images - self.shift) * tf.exp(-self.log_scale)

    def _decode(self, latents):
        return latents * tf.exp(self.log_scale) + self.shift


@pytest.fixture(params=[PixelAfterPixel, PixelByPixel])
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


def test_each_family_learns_and_draws_what_it_saw(tiny):
    before = np.abs(tiny.sample(200, seed=0).mean(axis=0) - tiny_images().mean(axis=0)).max()
    history = tiny.fit(tiny_images(), batch_size=16, epochs=60, verbose=0).history
    assert history["nats"][-1] < history["nats"][0] - 0.5
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
    monkeypatch.setattr(interface, "_CHUNK", 4)
    np.testing.assert_allclose(tiny.sample(10, seed=1), drawn, atol=1e-6)
    assert tiny.sample(0).shape == (0, *TINY)
    with pytest.raises(ValueError, match="number of samples is -1; give a whole number"):
        tiny.sample(-1)


def test_each_family_is_told_what_is_wrong_with_its_data(tiny):
    with pytest.raises(ValueError, match=r"\(4, 28, 28, 1\).*\(batch, 4, 6, 1\)"):
        tiny.fit(np.zeros((4, 28, 28, 1)), verbose=0)
    with pytest.raises(ValueError, match=r"is not compiled; call compile\(\) first"):
        type(tiny)().fit(tiny_images())


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


@pytest.mark.parametrize(("make", "size"), [(linear_gan, 2), (lambda: vae.VAE(latent_size=3), 3)])
def test_flat_latents_have_a_size(make, size):
    model = make()
    assert isinstance(model, latent_model.LatentModel)
    assert (model.latent_size, model.latent_shape) == (size, (size,))
    assert latent_space.draw_latents(2, (size,), 0).shape == (2, size)
    np.testing.assert_array_equal(
        latent_space.draw_latents(2, size, 0), latent_space.draw_latents(2, (size,), 0)
    )


def test_a_model_that_does_not_say_how_it_draws_is_told_so():
    model = interface.GenerativeModel(name="nothing")
    with pytest.raises(NotImplementedError, match="does not say how images are drawn"):
        model.sample(1)
    with pytest.raises(NotImplementedError, match="does not say how latents are decoded"):
        latent_model.LatentModel(name="nothing").call(np.zeros((1, 2)))
