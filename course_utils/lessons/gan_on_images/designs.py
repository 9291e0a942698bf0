"""What is wrong with a generator that a learner of lesson 06 designs.

`checks.check_design` asks for it; nothing is trained here.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras


def generator_fault(
    build: Callable[[], keras.Model], *, side: int, latent_size: int, most_parameters: int
) -> str:
    """The first fault of a generator of gray images of `side` x `side`, in one sentence, or "".

    Its values have to lie in [-1, 1], on both sides of 0; it may have so many parameters at most;
    every window's side has to be a multiple of its stride (Odena et al. 2016).
    """
    network = build()
    if not isinstance(network, keras.Model):
        kind = type(network).__name__
        return f"it returns a {kind}; let it return a keras.Sequential."
    latents = int(np.prod(network.input_shape[1:]))
    if latents != latent_size:
        return f"it takes {latents} latents instead of {latent_size}."
    many = 100 * np.random.default_rng(0).standard_normal((20, latent_size))
    images = np.asarray(network(many.astype(np.float32)))
    if images.ndim != 4:
        return f"it returns arrays of shape (n, {', '.join(map(str, images.shape[1:]))})."
    height, width, channels = images.shape[1:]
    if channels != 1:
        return "gray images have 1 channel."
    if (height, width) != (side, side):
        return f"the images have {height} x {width} pixels instead of {side} x {side}."
    return _fault_of_values(images) or _fault_of_layers(network, most_parameters)


def _fault_of_values(images: np.ndarray) -> str:
    if images.min() >= 0:
        return (
            "no value is below 0, so the discriminator wins by looking for negative pixels; the "
            "last activation is tanh."
        )
    if max(-images.min(), images.max()) > 1:
        return "the values leave [-1, 1], where no real image does; the last activation is tanh."
    return ""


def _fault_of_layers(network: keras.Model, most_parameters: int) -> str:
    if not all(map(_covers_evenly, _layers(network))):
        return (
            "some pixels are covered more often than others: a window's side has to be a multiple "
            "of the stride."
        )
    if network.count_params() > most_parameters:
        return (
            "there are too many parameters; most belong to the dense layer or to the windows "
            "between many channels. Take fewer channels."
        )
    return ""


def _covers_evenly(layer: keras.layers.Layer) -> bool:
    if not isinstance(layer, keras.layers.Conv2DTranspose):
        return True
    return not np.any(np.remainder(layer.kernel_size, layer.strides))


def _layers(network: keras.Model) -> list[keras.layers.Layer]:
    """All layers, those of models inside the model, too."""
    found = []
    for layer in network.layers:
        found += _layers(layer) if isinstance(layer, keras.Model) else [layer]
    return found
