"""Variational autoencoders on the course's one interface: compile, fit, sample, generate, and what
only they have: encode, reconstruct, elbo, importance_bound.

The networks are in `networks`. Lesson 09 derives and writes by hand what is here.
"""

import math
from typing import NamedTuple

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_name, check_real, check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import networks
from course_utils.models.interface import apply_gradients
from course_utils.models.latent_model import LatentModel

LIKELIHOODS = ("bernoulli", "gaussian")
_CHUNK = 250  # images, times samples, decoded at once: bounds the memory, not the result


class Elbo(NamedTuple):
    """The evidence lower bound and its two terms, float32 (n,) each, in nats per image."""

    elbo: np.ndarray  # reconstruction - kl
    reconstruction: np.ndarray  # mean over q(z|x) of log p(x|z)
    kl: np.ndarray  # KL divergence of q(z|x) from the prior


class VAE(LatentModel):
    """An encoder q(z|x) and a decoder p(x|z) that maximize the ELBO together (Kingma and Welling
    2014, equation 3), with the prior N(0, I) on the latents z.

    likelihood: "bernoulli" for images whose pixels are all 0 or 1; "gaussian" for gray ones, with
        one standard deviation for all pixels, `scale`, which is learned (in units of [0, 1]).
    beta: weight of the KL term in training (Higgins et al. 2017); `elbo` is always that of beta 1.
    encoder, decoder: ready networks instead of the course's: images in [-1, 1] to `2 * latent_size`
        numbers, mean then log-variance; latents to one number a pixel, the logit ("bernoulli") or
        the mean in [-1, 1] ("gaussian").
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (28, 28, 1),
        latent_size: int = 2,
        *,
        likelihood: str = "bernoulli",
        beta: float = 1.0,
        encoder: keras.Model | None = None,
        decoder: keras.Model | None = None,
        seed: int | None = None,
        name: str = "vae",
    ):
        super().__init__(name=name)
        check_name("likelihood", likelihood, LIKELIHOODS)
        self.likelihood, self.beta = likelihood, check_real("beta", beta, 0)
        self.encoder = encoder or networks.encoder(image_shape, latent_size)
        self.decoder = decoder or networks.decoder(image_shape, latent_size)
        self.latent_shape = (int(self.decoder.input_shape[-1]),)
        self.image_shape = tuple(self.decoder.output_shape[1:])
        shapes = tuple(self.encoder.input_shape[1:]), int(self.encoder.output_shape[-1])
        if shapes != (self.image_shape, 2 * self.latent_size):
            raise ValueError(
                f"The encoder turns {shapes[0]} into {shapes[1]} numbers, but the decoder, from "
                f"{self.latent_size} latents to {self.image_shape}, needs {self.image_shape} "
                f"turned into {2 * self.latent_size}."
            )
        self._add_seed(seed)
        # Of the Gaussian; e^-1.5 = 0.22 is near the spread of the pixels of one kind of clothing.
        self.log_scale = self.add_weight(
            shape=(),
            name="log_scale",
            initializer=keras.initializers.Constant(-1.5),
            trainable=likelihood == "gaussian",
        )
        names = ("loss", "elbo", "reconstruction", "kl")
        self._means = {name: keras.metrics.Mean(name=name) for name in names}
        self._prepare_generation()

    @property
    def scale(self) -> float:
        """Standard deviation of a pixel around the decoder's mean, in units of [0, 1]."""
        return float(np.exp(self.log_scale.numpy()))

    def compile(
        self, *, optimizer: keras.optimizers.Optimizer | str | None = None, **keras_arguments
    ):
        """Choose the optimizer, by default Adam(2e-3); `keras_arguments` are `keras.Model`'s."""
        optimizer = keras.optimizers.Adam(2e-3) if optimizer is None else optimizer
        super().compile(optimizer=optimizer, **{"jit_compile": False, **keras_arguments})
        # An optimizer without variables would silently be left out of a checkpoint.
        self.optimizer.build(self.trainable_variables)

    # ---- training --------------------------------------------------------------------------------

    def train_step(self, batch):
        """One step up the ELBO (with `beta`); returns the running means that `fit` shows."""
        images, _, _ = keras.utils.unpack_x_y_sample_weight(batch)
        with tf.GradientTape() as tape:
            reconstruction, kl = self._terms(images, self._step_seed("noise"), training=True)
            loss = tf.reduce_mean(self.beta * kl - reconstruction)
        apply_gradients(self.optimizer, tape, loss, self)
        return self._record(reconstruction, kl)

    def test_step(self, batch):
        """The same figures for images that are not trained on."""
        images, _, _ = keras.utils.unpack_x_y_sample_weight(batch)
        reconstruction, kl = self._terms(
            images, self._step_seed("validation noise"), training=False
        )
        return self._record(reconstruction, kl)

    def _record(self, reconstruction, kl):
        values = {
            "loss": self.beta * kl - reconstruction,
            "elbo": reconstruction - kl,
            "reconstruction": reconstruction,
            "kl": kl,
        }
        for name, value in values.items():
            self._means[name].update_state(value)
        return {name: mean.result() for name, mean in self._means.items()}

    def _terms(self, images, seed, training):
        """log p(x|z) for one z drawn from q(z|x), and the KL term: (n,) each, in nats per image."""
        mean, log_variance = self._encode(images, training)
        noise = tf.random.stateless_normal(tf.shape(mean), seed)
        latents = mean + tf.exp(0.5 * log_variance) * noise
        return self._log_likelihood(images, latents, training), kl_from_prior(mean, log_variance)

    def _encode(self, images, training=False):
        return tf.split(self.encoder(self._to_network(images), training=training), 2, axis=1)

    def _log_likelihood(self, images, latents, training=False):
        """log p(x|z), (n,), of images in [0, 1], summed over the pixels."""
        output = self.decoder(latents, training=training)
        if self.likelihood == "bernoulli":
            per_pixel = -tf.nn.sigmoid_cross_entropy_with_logits(images, output)
        else:
            error = (images - data.unscale_pixels(output)) / tf.exp(self.log_scale)
            per_pixel = -0.5 * error**2 - self.log_scale - 0.5 * math.log(2 * math.pi)
        return tf.reduce_sum(per_pixel, axis=(1, 2, 3))

    # ---- what a trained model says of images -----------------------------------------------------

    def encode(self, images) -> tuple[np.ndarray, np.ndarray]:
        """Mean and log-variance, float32 (n, latent_size) each, of q(z|x) for images (n, ...)."""
        images = self._checked(images)
        parts = [self._encode(tf.constant(part)) for part in _chunks(images)]
        mean, log_variance = (np.concatenate(values) for values in zip(*parts, strict=True))
        return mean, log_variance

    def reconstruct(self, images) -> np.ndarray:
        """The decoder's mean at the mean of q(z|x), float32 like the images, in [0, 1]."""
        return self.generate(self.encode(images)[0])

    def elbo(self, images, num_samples: int = 1, seed: int = 0) -> Elbo:
        """Evidence lower bound of each image (Kingma and Welling 2014, equation 10), beta being 1.

        The KL term is exact, the other a mean over num_samples draws from q(z|x): unbiased.
        """
        check_whole("num_samples", num_samples)
        log_likelihood, _ = self._draws(images, num_samples, seed)
        kl = np.asarray(kl_from_prior(*self.encode(images)))
        reconstruction = log_likelihood.mean(axis=1)
        return Elbo(reconstruction - kl, reconstruction, kl)

    def importance_bound(self, images, num_samples: int = 100, seed: int = 0) -> np.ndarray:
        """log mean_k p(x|z_k) p(z_k) / q(z_k|x), z_k from q(z|x), for each image, float32 (n,).

        Its mean lies between the ELBO and log p(x), and rises with num_samples (Burda et al. 2016,
        theorem 1).
        """
        check_whole("num_samples", num_samples)
        log_likelihood, log_ratio = self._draws(images, num_samples, seed)
        weights = tf.reduce_logsumexp(log_likelihood + log_ratio, axis=1)
        return weights.numpy() - np.float32(math.log(num_samples))

    def _draws(self, images, num_samples, seed):
        """log p(x|z) and log p(z)/q(z|x) for num_samples z of each: float32 (n, num_samples)."""
        images = self._checked(images)
        random = np.random.default_rng(seed)
        found = []
        for part, mean, log_variance in zip(
            _chunks(images), *map(_chunks, self.encode(images)), strict=True
        ):
            at_once = max(1, _CHUNK // len(part))
            draws = []
            for start in range(0, num_samples, at_once):
                count = min(at_once, num_samples - start)
                noise = random.standard_normal((count, *mean.shape), np.float32)
                latents = mean + np.exp(0.5 * log_variance) * noise
                log_ratio = 0.5 * (noise**2 - latents**2 + log_variance).sum(axis=-1)
                log_likelihood = self._traced_likelihood(
                    np.tile(part, (count, 1, 1, 1)), latents.reshape(-1, self.latent_size)
                )
                draws.append((tf.reshape(log_likelihood, log_ratio.shape).numpy(), log_ratio))
            found.append(np.concatenate(draws, axis=1))  # (2, num_samples, n)
        log_likelihood, log_ratio = np.concatenate(found, axis=2)
        return log_likelihood.T, log_ratio.T

    def _check_values(self, images: np.ndarray) -> None:
        binary = all(((part == 0) | (part == 1)).all() for part in _chunks(images))
        if self.likelihood == "bernoulli" and not binary:
            raise ValueError(
                'likelihood="bernoulli" is for images whose pixels are all 0 or 1, and these are '
                'gray; use data.binarize(images), or likelihood="gaussian".'
            )
        if self.likelihood == "gaussian" and binary:
            raise ValueError(
                'likelihood="gaussian" is for gray images, and all pixels of these are 0 or 1, '
                'where its density grows without end; use likelihood="bernoulli".'
            )

    # ---- generation ------------------------------------------------------------------------------

    def sample(self, n: int, seed: int | None = None, *, draw_pixels: bool = False) -> np.ndarray:
        """n images, float32 (n, *image_shape) in [0, 1]: the decoder's means for random latents.

        draw_pixels: draw the pixels from p(x|z) too, as the model literally says: binary, or with
            noise of size `scale` (cut off at 0 and 1).
        """
        images = super().sample(n, seed)
        if not draw_pixels:
            return images
        random = np.random.default_rng(None if seed is None else [seed, 1])
        if self.likelihood == "bernoulli":
            return (random.random(images.shape) < images).astype(np.float32)
        noise = random.standard_normal(images.shape, np.float32)
        return np.clip(images + np.float32(self.scale) * noise, 0, 1)

    def _prepare_generation(self):
        super()._prepare_generation()
        self._traced_likelihood = tf.function(
            self._log_likelihood,
            input_signature=[
                tf.TensorSpec((None, *self.image_shape), tf.float32),
                tf.TensorSpec((None, self.latent_size), tf.float32),
            ],
        )

    def _decode(self, latents):
        """The decoder's mean in [-1, 1]."""
        output = self.decoder(latents, training=False)
        if self.likelihood == "bernoulli":
            return data.scale_pixels(tf.sigmoid(output))
        return output


def kl_from_prior(mean, log_variance):
    """KL(N(mean, e^log_variance) || N(0, I)), (n,), of (n, latent_size) each, in nats.

    Kingma and Welling 2014, appendix B: half the sum of mean² + variance - log variance - 1.

    >>> np.asarray(kl_from_prior(np.zeros((1, 3)), np.zeros((1, 3))))
    array([0.])
    """
    terms = mean**2 + tf.exp(log_variance) - log_variance - 1
    return 0.5 * tf.reduce_sum(terms, axis=-1)


def _chunks(array: np.ndarray) -> list[np.ndarray]:
    return [array[start : start + _CHUNK] for start in range(0, len(array), _CHUNK)]
