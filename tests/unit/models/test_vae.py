"""The VAE: its formulas against exact values, the course's interface, bad input."""

import numpy as np
import pytest
from scipy import integrate, stats

from course_utils import data
from course_utils.base import numerics
from course_utils.base.backend import keras, tf
from course_utils.models import networks, vae

SIDE = 3  # of the images of the linear-Gaussian model


def small(latent_size=2, **options):
    """A VAE of images of 16 x 16 pixels, which are the smallest that the networks serve."""
    keras.utils.set_random_seed(1)
    options = {"image_shape": (16, 16, 1), "seed": 0} | options
    model = vae.VAE(latent_size=latent_size, **options)
    model.compile()
    return model


def binary_images(n=40, seed=0):
    """Squares of random place and size, 16 x 16, uint8 of 0 and 255."""
    random = np.random.default_rng(seed)
    images = np.zeros((n, 16, 16, 1), np.uint8)
    for image in images:
        row, column, side = random.integers([0, 0, 4], [8, 8, 9])
        image[row : row + side, column : column + side] = 255
    return images


def gray_images(n=40, seed=0):
    noise = np.random.default_rng(seed).integers(0, 60, (n, 16, 16, 1))
    return (binary_images(n, seed) // 2 + noise).astype(np.uint8)


@pytest.fixture(scope="module")
def trained():
    model = small()
    model.fit(binary_images(400), batch_size=50, epochs=10, verbose=0)
    return model


# --- the KL term


@pytest.mark.parametrize(("mean", "log_variance"), [(0.0, 0.0), (1.5, -1.0), (-0.3, 0.8)])
def test_the_kl_term_agrees_with_quadrature_in_one_dimension(mean, log_variance):
    q, prior = stats.norm(mean, np.exp(log_variance / 2)), stats.norm()
    expected, _ = integrate.quad(
        lambda z: q.pdf(z) * (q.logpdf(z) - prior.logpdf(z)), mean - 12, mean + 12
    )
    found = vae.kl_from_prior(np.array([[mean]]), np.array([[log_variance]]))
    np.testing.assert_allclose(found, [expected], atol=1e-8)


def test_the_kl_term_agrees_with_monte_carlo():
    random = np.random.default_rng(0)
    mean, log_variance = random.normal(size=(2, 1, 5))
    z = mean + np.exp(log_variance / 2) * random.standard_normal((200_000, 5))
    q = stats.norm(mean, np.exp(log_variance / 2))
    draws = (q.logpdf(z) - stats.norm.logpdf(z)).sum(axis=1)
    error = draws.std() / np.sqrt(len(draws))
    assert abs(draws.mean() - float(vae.kl_from_prior(mean, log_variance)[0])) < 4 * error


def test_the_kl_term_is_zero_for_the_prior_and_positive_elsewhere():
    assert float(vae.kl_from_prior(np.zeros((1, 7)), np.zeros((1, 7)))[0]) == 0
    values = np.random.default_rng(0).normal(size=(2, 50, 3))
    assert (np.asarray(vae.kl_from_prior(*values)) > 0).all()


# --- a model whose likelihood is known: x = 0.5 (W z + b + 1) + s e


class LinearGaussian:
    """A VAE with linear networks, and the exact marginal and posterior that belong to it."""

    def __init__(self, shift=0.0):
        random = np.random.default_rng(3)
        pixels = SIDE * SIDE
        self.weights = np.linalg.qr(random.normal(size=(pixels, 2)))[0] * [0.9, 0.5]
        self.bias, self.scale = random.normal(0, 0.2, pixels), 0.15
        half = self.weights / 2
        self.mean = (self.bias + 1) / 2
        self.covariance = half @ half.T + self.scale**2 * np.eye(pixels)
        # The columns are orthogonal, so the posterior's covariance is diagonal.
        self.posterior_variance = 1 / (1 + (half**2).sum(axis=0) / self.scale**2)
        self.to_mean = half * self.posterior_variance / self.scale**2  # of (x - mean)
        self.shift = shift  # added to the posterior's mean: then the ELBO is not tight
        self.model = vae.VAE(
            likelihood="gaussian", encoder=self._encoder(), decoder=self._decoder(), seed=0
        )
        self.model.log_scale.assign(np.log(self.scale))

    def _decoder(self):
        latents = keras.Input((2,))
        dense = keras.layers.Dense(SIDE * SIDE)
        decoder = keras.Model(latents, keras.layers.Reshape((SIDE, SIDE, 1))(dense(latents)))
        dense.set_weights([self.weights.T, self.bias])
        return decoder

    def _encoder(self):
        images = keras.Input((SIDE, SIDE, 1))
        dense = keras.layers.Dense(4)
        encoder = keras.Model(images, dense(keras.layers.Flatten()(images)))
        # The network sees 2 x - 1, so that x - mean is half of it plus a constant.
        constant = (0.5 - self.mean) @ self.to_mean + self.shift
        kernel = np.concatenate([self.to_mean / 2, np.zeros((SIDE * SIDE, 2))], axis=1)
        dense.set_weights([kernel, np.concatenate([constant, np.log(self.posterior_variance)])])
        return encoder

    def log_p(self, images):
        flat = images.reshape(len(images), -1)
        return stats.multivariate_normal(self.mean, self.covariance).logpdf(flat)


@pytest.fixture
def images():
    return np.random.default_rng(5).random((6, SIDE, SIDE, 1)).astype(np.float32)


def test_with_the_true_posterior_every_importance_bound_is_log_p(images):
    exact = LinearGaussian()
    for num_samples in (1, 7):
        bound = exact.model.importance_bound(images, num_samples)
        np.testing.assert_allclose(bound, exact.log_p(images), rtol=1e-4, atol=1e-3)


def test_with_the_true_posterior_the_elbo_is_log_p(images):
    exact = LinearGaussian()
    found = exact.model.elbo(images, num_samples=20_000)
    np.testing.assert_allclose(found.elbo, exact.log_p(images), atol=0.05)
    np.testing.assert_allclose(found.elbo, found.reconstruction - found.kl, rtol=1e-6)


def test_elsewhere_the_elbo_is_lower_by_the_kl_to_the_posterior(images):
    shifted = LinearGaussian(shift=0.4)
    gap = (0.4**2 / shifted.posterior_variance).sum() / 2  # of two Gaussians of equal variance
    found = shifted.model.elbo(images, num_samples=20_000).elbo
    np.testing.assert_allclose(found, shifted.log_p(images) - gap, atol=0.1)


@pytest.mark.slow
def test_the_importance_bound_rises_towards_log_p_and_stays_below(images):
    shifted = LinearGaussian(shift=0.4)
    exact = shifted.log_p(images).mean()
    bounds = [
        np.mean([shifted.model.importance_bound(images, k, seed) for seed in range(60)])
        for k in (1, 4, 16, 200)
    ]
    assert bounds == sorted(bounds)
    assert exact - 0.1 < bounds[-1] < exact + 0.02


# --- likelihoods


def test_the_bernoulli_term_is_minus_the_cross_entropy():
    model = small()
    images = binary_images(5) / np.float32(255)
    latents = np.random.default_rng(0).standard_normal((5, 2), np.float32)
    p = model.generate(latents)
    expected = (images * np.log(p) + (1 - images) * np.log(1 - p)).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(model._log_likelihood(images, latents), expected, rtol=1e-4)


@pytest.mark.slow
def test_the_gaussian_term_is_the_normal_density_and_its_scale_is_learned():
    model = small(likelihood="gaussian")
    images = gray_images(5) / np.float32(255)
    latents = np.random.default_rng(0).standard_normal((5, 2), np.float32)
    means = data.unscale_pixels(np.asarray(model.decoder(latents)))  # not cut off at 0 and 1
    expected = stats.norm(means, model.scale).logpdf(images).sum(axis=(1, 2, 3))
    np.testing.assert_allclose(model._log_likelihood(images, latents), expected, rtol=1e-4)
    before = model.scale
    model.fit(gray_images(100), epochs=3, verbose=0)
    assert model.scale != before
    assert small().fit(binary_images(), verbose=0).model.scale == pytest.approx(before)


@pytest.mark.slow
def test_beta_weighs_the_kl_term_of_the_loss_alone():
    images = binary_images(64)
    for beta in (0.0, 1.0, 4.0):
        model = small(beta=beta)
        model.evaluate(data.make_dataset(images, shuffle=False), verbose=0)
        found = model.get_metrics_result()
        loss = beta * float(found["kl"]) - float(found["reconstruction"])
        assert float(found["loss"]) == pytest.approx(loss, rel=1e-5)
        elbo = float(found["reconstruction"]) - float(found["kl"])
        assert float(found["elbo"]) == pytest.approx(elbo, rel=1e-5)


def test_the_gradient_goes_through_the_draw_of_the_latents():
    """The loss's derivative by one weight of the encoder, against central differences."""
    model = small()
    images = tf.constant(binary_images(8) / np.float32(255))
    kernel = model.encoder.trainable_variables[-1]  # the bias of mean and log-variance

    def loss(bias):
        kernel.assign(bias)
        reconstruction, kl = model._terms(images, tf.constant([1, 2]), training=True)
        return tf.reduce_mean(kl - reconstruction)

    start = kernel.numpy()
    with tf.GradientTape() as tape:
        value = loss(start)
    gradient = tape.gradient(value, kernel).numpy()
    expected = numerics.numerical_gradient(lambda bias: float(loss(bias)), start, step=1e-2)
    assert numerics.relative_error(gradient, expected) < 0.02


# --- the interface


def test_training_raises_the_elbo_and_reconstructs(trained):
    untrained, images = small(), binary_images(100, seed=9)
    assert trained.elbo(images).elbo.mean() > untrained.elbo(images).elbo.mean() + 30
    errors = [
        np.abs(model.reconstruct(images) - images / 255).mean() for model in (trained, untrained)
    ]
    assert errors[0] < 0.6 * errors[1]


def test_shapes_ranges_and_seeds(trained):
    images = binary_images(7)
    mean, log_variance = trained.encode(images)
    assert mean.shape == log_variance.shape == (7, 2) and mean.dtype == np.float32
    for made in (trained.reconstruct(images), trained.sample(7, seed=1)):
        assert made.shape == (7, 16, 16, 1) and made.dtype == np.float32
        assert 0 <= made.min() <= made.max() <= 1
    np.testing.assert_array_equal(trained.sample(7, seed=1), trained.sample(7, seed=1))
    np.testing.assert_allclose(trained.sample(3, seed=1), trained.sample(7, seed=1)[:3], atol=1e-6)
    drawn = trained.sample(4, seed=1, draw_pixels=True)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    np.testing.assert_array_equal(drawn, trained.sample(4, seed=1, draw_pixels=True))
    assert all(term.shape == (7,) for term in trained.elbo(images))
    floats = images / np.float32(255)
    np.testing.assert_allclose(trained.elbo(floats).elbo, trained.elbo(images).elbo, rtol=1e-6)


def test_drawn_pixels_have_the_decoders_mean(trained):
    draws = np.mean([trained.sample(2000, seed, draw_pixels=True).mean() for seed in range(3)])
    means = np.mean([trained.sample(2000, seed).mean() for seed in range(3)])
    assert draws == pytest.approx(means, abs=0.003)
    model = small(likelihood="gaussian")
    noise = model.sample(50, 0, draw_pixels=True) - model.sample(50, 0)
    assert noise.std() == pytest.approx(model.scale, rel=0.05)


@pytest.mark.slow
def test_many_images_are_measured_in_parts(trained, monkeypatch):
    images = binary_images(23)
    whole = trained.elbo(images, num_samples=500).elbo
    monkeypatch.setattr(vae, "_CHUNK", 10)
    np.testing.assert_allclose(trained.elbo(images, num_samples=500).elbo, whole, atol=4)
    assert trained.importance_bound(images, 30).shape == (23,)


@pytest.mark.slow
def test_the_same_seed_trains_the_same_model():
    weights = []
    for _ in range(2):
        model = small()
        model.fit(binary_images(), epochs=2, verbose=0)
        weights.append(model.get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-6)


def test_held_out_figures_do_not_train(trained):
    before = trained.get_weights()
    trained.evaluate(data.make_dataset(binary_images()), verbose=0)
    for first, second in zip(before, trained.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


# --- bad input


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"beta": -0.5}, "beta is -0.5; give a number of 0 or more"),
        ({"beta": float("nan")}, "beta is nan"),
        ({"likelihood": "poisson"}, "no likelihood 'poisson'; choose one of bernoulli, gaussian"),
        ({"latent_size": 0}, "latent_size is 0"),
        ({"image_shape": (5, 5, 1)}, "cannot be halved"),
    ],
)
def test_unfit_settings_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        vae.VAE(**options)


def test_networks_that_do_not_fit_each_other_are_refused():
    encoder = networks.encoder((16, 16, 1), latent_size=3)
    with pytest.raises(ValueError, match=r"into 6 numbers, but the decoder, from 2 latents"):
        vae.VAE(encoder=encoder, decoder=networks.decoder((16, 16, 1), latent_size=2))


CALLS = {
    "encode": lambda model, images: model.encode(images),
    "reconstruct": lambda model, images: model.reconstruct(images),
    "elbo": lambda model, images: model.elbo(images),
    "importance_bound": lambda model, images: model.importance_bound(images, 2),
    "fit": lambda model, images: model.fit(images, verbose=0),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_unfit_images_are_refused(call):
    model = small()
    with pytest.raises(ValueError, match=r"these are gray; use data\.binarize"):
        call(model, gray_images())
    with pytest.raises(ValueError, match="where its density grows without end"):
        call(small(likelihood="gaussian"), binary_images())
    with pytest.raises(ValueError, match=r"built for \(?(16|batch, 16), 16"):
        call(model, np.zeros((3, 28, 28, 1), np.uint8))
    missing = binary_images() / np.float32(255)
    missing[0, 0] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        call(model, missing)
    with pytest.raises(ValueError, match="empty"):
        call(model, binary_images(0))


@pytest.mark.parametrize("num_samples", [0, -1, 1.5, True])
def test_unfit_numbers_of_samples_are_refused(trained, num_samples):
    for call in (trained.elbo, trained.importance_bound):
        with pytest.raises(ValueError, match=f"num_samples is {num_samples}; give a whole number"):
            call(binary_images(2), num_samples)


def test_latents_of_another_width_are_refused(trained):
    with pytest.raises(ValueError, match=r"shape \(2, 3\); this model needs \(n, 2\)"):
        trained.generate(np.zeros((2, 3), np.float32))


# --- binary images


def test_thresholded_and_drawn_pixels():
    ramp = np.linspace(0, 1, 1000, dtype=np.float32).reshape(1, 10, 100, 1)
    thresholded = data.binarize(ramp)
    np.testing.assert_array_equal(thresholded, np.where(ramp > 0.5, 255, 0))
    assert thresholded.dtype == np.uint8
    drawn = np.mean([data.binarize(ramp, seed) / 255 for seed in range(400)], axis=0)
    assert np.abs(drawn - ramp).max() < 0.12  # five standard errors of 400 draws
    np.testing.assert_array_equal(data.binarize(ramp, 3), data.binarize(ramp, 3))
    as_bytes = np.rint(255 * ramp).astype(np.uint8)
    assert (data.binarize(as_bytes) != thresholded).mean() < 0.01
    with pytest.raises(ValueError, match="divide by 255"):
        data.binarize(as_bytes.astype(np.float32))
