"""What is wrong with the two networks that a learner of lesson 09 designs for a VAE.

`checks.check_design` asks for it; nothing is trained here.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras

SIZES = (((28, 28, 1), 2), ((12, 10, 3), 5))  # of images and latents, to try the networks on
_TRIES = 40


def networks_fault(build: Callable) -> str:
    """The first fault of build(image_shape, latent_size) -> (encoder, decoder), or "".

    The encoder gives a mean and a log-variance for each latent, the decoder logits of an image. All
    may be any real numbers, and neither network is linear.
    """
    for image_shape, latent_size in SIZES:
        built = build(image_shape, latent_size)
        if not (isinstance(built, tuple | list) and len(built) == 2):
            return "return both networks, the encoder and the decoder."
        if not all(isinstance(network, keras.Model) for network in built):
            return "both have to be networks: keras.Sequential or keras.Model."
        fault = _fault_of_shapes(*built, image_shape, latent_size) or _fault_of_values(*built)
        if fault:
            return fault
    return ""


def _fault_of_shapes(encoder, decoder, image_shape, latent_size: int) -> str:
    given, codes, taken, made = (
        tuple(shape[1:])
        for shape in (
            *(encoder.input_shape, encoder.output_shape),
            *(decoder.input_shape, decoder.output_shape),
        )
    )
    if given != image_shape:
        return f"asked for images of shape {image_shape}, the encoder takes those of shape {given}."
    if len(codes) > 1:
        return "the encoder's layers work along the last axis only; flatten the image first."
    if codes != (2 * latent_size,):
        return "the encoder has to say two numbers for each latent, mean and log-variance."
    if taken != (latent_size,):
        return "the decoder takes latents, not means and log-variances: one number each."
    if made == (int(np.prod(image_shape)),):
        return "the decoder gives a flat list of numbers; reshape them to an image."
    if made != image_shape:
        return f"asked for images of shape {image_shape}, the decoder makes those of shape {made}."
    return ""


def _fault_of_values(encoder, decoder) -> str:
    codes, logits = _responses(encoder), _responses(decoder)
    if not all(map(_is_free, np.split(codes, 2, axis=1))):
        return (
            "means and log-variances may be any numbers, negative ones too; leave out the "
            "encoder's last activation."
        )
    if not _is_free(logits):
        return "logits may be any numbers; leave out the decoder's last activation."
    for name, outputs in {"encoder": codes, "decoder": logits}.items():
        if not _bends(outputs):
            return f"the {name} is linear; its hidden layer needs an activation."
    return ""


def _responses(network) -> np.ndarray:
    """Outputs for large random inputs x, for others y, for x + y, and for 0.

    With ten times its first weights, so that a bounded hidden layer bounds nothing behind it.
    """
    network.set_weights([10 * one for one in network.get_weights()])
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
