"""Training steps of a VAE, right and with the faults that web articles have, and two broken runs.

Lesson 09's checks compare a learner's answers with these; what is right, the lesson derives.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.arguments import check_name
from course_utils.base.backend import keras, tf

# Options of `vae.VAE` with which lesson 09 trains two models whose faults the reader has to find.
BROKEN_RUNS = {"P": {"beta": 784.0}, "Q": {"beta": 0.0}}

_SHAPE, _COUNT = (4, 4, 1), 6  # of the images that a step is tried on
_UPDATED = ("both", "encoder", "decoder", "none")


def make_step(
    *,
    pixels: Callable = tf.reduce_sum,
    latents: Callable = tf.reduce_sum,
    batch: Callable = tf.reduce_mean,
    kl_weight: float = 1.0,
    sign: float = 1.0,
    exponent: float = 0.5,
    noise_weight: float = 1.0,
    is_scaled: bool = True,
    updated: str = "both",
) -> Callable:
    """A training step (encoder, decoder, optimizer, images, noise) -> loss; by default the right
    one: one update of both networks that lowers minus the mean ELBO (Kingma and Welling 2014).

    pixels, latents, batch: how costs are reduced. exponent: z = mean + e^(exponent log_variance)
    noise. kl_weight, sign: of the KL term and the whole loss. is_scaled: the encoder gets pixels in
    [-1, 1]. updated: "both", "encoder", "decoder" or "none".
    """
    check_name("updated", updated, _UPDATED)

    def step(encoder, decoder, optimizer, images, noise):
        with tf.GradientTape() as tape:
            inputs = 2 * images - 1 if is_scaled else images
            mean, log_variance = tf.split(encoder(inputs), 2, axis=1)
            z = mean + noise_weight * tf.exp(exponent * log_variance) * noise
            costs = tf.nn.sigmoid_cross_entropy_with_logits(images, decoder(z))
            kl = 0.5 * latents(mean**2 + tf.exp(log_variance) - log_variance - 1, axis=1)
            loss = sign * batch(pixels(costs, axis=(1, 2, 3)) + kl_weight * kl)
        chosen = {"both": (encoder, decoder), "encoder": (encoder,), "decoder": (decoder,)}
        networks = chosen.get(updated, ())
        weights = [one for network in networks for one in network.trainable_variables]
        if weights:
            optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return step


def outcome(step: Callable) -> Callable:
    """A function (latent_size, seed) that tries a step on small networks: what it returns as loss,
    and how it changed each weight, encoder first, (k,), with plain descent at the rate 1.

    A step that returns ... or None, as an exercise's stub does, is handed on as that.
    """

    def tried(latent_size: int, seed: int):
        random = np.random.default_rng(seed)
        encoder, decoder = _small_networks(latent_size, random)
        images = tf.constant(random.random((_COUNT, *_SHAPE)) < 0.4, tf.float32)
        noise = tf.constant(random.standard_normal((_COUNT, latent_size)), tf.float32)
        weights = encoder.trainable_variables + decoder.trainable_variables
        before = [weight.numpy() for weight in weights]
        loss = step(encoder, decoder, keras.optimizers.SGD(1.0), images, noise)
        if loss is ... or loss is None:
            return loss
        changes = [weight.numpy() - old for weight, old in zip(weights, before, strict=True)]
        return np.concatenate([[float(loss)], *map(np.ravel, changes)])

    return tried


def _small_networks(latent_size: int, random: np.random.Generator):
    """Encoder and decoder for images of 4 x 4, with weights from `random`."""
    layers, size = keras.layers, int(np.prod(_SHAPE))
    encoder = keras.Sequential(
        [keras.Input(_SHAPE), layers.Flatten(), layers.Dense(2 * latent_size)]
    )
    decoder = keras.Sequential(
        [keras.Input((latent_size,)), layers.Dense(size), layers.Reshape(_SHAPE)]
    )
    for network in (encoder, decoder):
        network.set_weights([random.normal(0, 0.3, one.shape) for one in network.get_weights()])
    return encoder, decoder
