"""Training steps of a VAE, right and with the faults that web articles have, two broken runs, and
what a VAE's networks must fulfill.

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


# ---- networks ------------------------------------------------------------------------------------


def network_facts(networks):
    """What decides whether an (encoder, decoder) can serve a VAE, as numbers (k,).

    First the shapes of the encoder's output, of the decoder's input and of its output. Then 1 or 0:
    the encoder's outputs may be any numbers, in both halves; the decoder's may; the encoder is not
    linear; nor is the decoder. A pair with ... in it, an exercise's stub, is answered by that.
    """
    encoder, decoder = networks
    if encoder is ... or decoder is ...:
        return ...
    by_encoder, by_decoder = _responses(encoder), _responses(decoder)
    half = by_encoder.shape[1] // 2
    free = _is_free(by_encoder[:, :half]) and _is_free(by_encoder[:, half:]), _is_free(by_decoder)
    shapes = encoder.output_shape[1:] + decoder.input_shape[1:] + decoder.output_shape[1:]
    return np.array([*shapes, *free, _bends(by_encoder), _bends(by_decoder)], float)


def wanted_facts(
    image_shape,
    latent_size: int,
    *,
    outputs=None,
    inputs=None,
    images=None,
    encoder_is_free: bool = True,
    decoder_is_free: bool = True,
    encoder_bends: bool = True,
    decoder_bends: bool = True,
) -> np.ndarray:
    """`network_facts` of the right networks; each option puts one fault in.

    outputs: shape of the encoder's, by default (2 latent_size,). inputs: of the decoder. images:
    shape of the decoder's output.
    """
    outputs = (2 * latent_size,) if outputs is None else outputs
    inputs = latent_size if inputs is None else inputs
    images = image_shape if images is None else images
    flags = (encoder_is_free, decoder_is_free, encoder_bends, decoder_bends)
    return np.array([*outputs, inputs, *images, *flags], float)


_TRIES = 40


def _responses(network) -> np.ndarray:
    """Outputs for large random inputs x, for others y, for x + y, and for 0."""
    shape = tuple(network.input_shape[1:])
    first, second = 100 * np.random.default_rng(0).standard_normal((2, _TRIES, *shape))
    inputs = np.concatenate([first, second, first + second, np.zeros((1, *shape))])
    return np.asarray(network(inputs.astype(np.float32))).reshape(len(inputs), -1)


def _is_free(outputs: np.ndarray) -> bool:
    """Whether the outputs are below -1 and above 1 somewhere, as no usual activation lets them."""
    return bool(outputs.min() < -1 and outputs.max() > 1)


def _bends(outputs: np.ndarray) -> bool:
    """Whether f(x) + f(y) differs from f(x + y) + f(0), which no linear network does."""
    first, second, both = np.split(outputs[:-1], 3)
    bend = first + second - both - outputs[-1]
    return bool(np.abs(bend).max() > 1e-3 * np.abs(outputs).max())
