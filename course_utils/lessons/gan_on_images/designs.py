"""What a generator that a learner designs does, as numbers, and what it should.

Lesson 06's check compares the two; nothing is trained here.
"""

import functools
import itertools
from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras

TANH, SIGMOID, UNBOUNDED = 0, 1, 2  # where the values of the images lie


def facts_of(build: Callable, most_parameters: int) -> Callable:
    """A function without arguments: the facts of the network that `build` makes, numbers (7,).

    Latents; height, width and channels of the images; where their values lie (0: in [-1, 1], on
    both sides of 0; 1: never below 0; 2: beyond 1); whether it has at most so many parameters;
    whether every window's side is a multiple of its stride.
    A stub's ... or None is handed on; anything else that is no Keras model raises TypeError.
    """

    # Not a function of this file, so that a learner's error is not looked for in here.
    return functools.partial(_facts, build, most_parameters)


def _facts(build: Callable, most_parameters: int):
    network = build()
    if network is ... or network is None:
        return network
    if not isinstance(network, keras.Model):
        kind = type(network).__name__
        raise TypeError(f"it returns a {kind}; let it return a keras.Sequential")
    latent_shape = tuple(network.input_shape[1:])
    latents = 100 * np.random.default_rng(0).standard_normal((20, *latent_shape))
    images = np.asarray(network(latents.astype(np.float32)))
    shape = [*images.shape[1:], 0, 0, 0][:3]
    small = network.count_params() <= most_parameters
    return np.array(
        [np.prod(latent_shape), *shape, _span(images), small, _covers_evenly(network)], int
    )


def wanted(
    side: int, latent_size: int, *, channels: int = 1, span: int = TANH, small=True, even=True
) -> np.ndarray:
    """`facts_of` the right network for square images; each option puts one fault in."""
    return np.array([latent_size, side, side, channels, span, small, even], int)


def slips(side: int, latent_size: int) -> list[tuple[Callable, str]]:
    """Pairs of `wanted` with faults in it and a sentence that names one, for `check_function`."""
    values = {
        TANH: "",
        SIGMOID: "no value is below 0, so the discriminator wins by looking for negative pixels; "
        "the last activation is tanh.",
        UNBOUNDED: "the values leave [-1, 1], where no real image does; the last activation is "
        "tanh.",
    }
    uneven = (
        "some pixels are covered more often than others: a window's side has to be a multiple of "
        "the stride."
    )
    dear = (
        "there are too many parameters; most belong to the dense layer or to the windows between "
        "many channels. Take fewer channels."
    )
    found = []
    for span, small, even in itertools.product(values, (True, False), (True, False)):
        rest = {"span": span, "small": small, "even": even}
        sentence = values[span] or ("" if even else uneven) or ("" if small else dear)
        if sentence:
            found.append((wanted(side, latent_size, **rest), sentence))
        found.append((wanted(side, latent_size, channels=3, **rest), "gray images have 1 channel."))
        for other in {*range(1, 2 * side + 1)} - {side}:
            words = f"the images have {other} x {other} pixels instead of {side} x {side}."
            found.append((wanted(other, latent_size, **rest), words))
        for other in {2, 8, 16, 32, 64, 100, 128} - {latent_size}:
            words = f"it takes {other} latents instead of {latent_size}."
            found.append((wanted(side, other, **rest), words))
    return [(lambda facts=facts: facts, sentence) for facts, sentence in found]


def _span(images: np.ndarray) -> int:
    if images.min() >= 0:
        return SIGMOID
    return TANH if max(-images.min(), images.max()) <= 1 else UNBOUNDED


def _covers_evenly(network: keras.Model) -> bool:
    """Whether the transposed convolutions reach every pixel equally often (Odena et al. 2016)."""
    windows = [
        (layer.kernel_size, layer.strides)
        for layer in _layers(network)
        if isinstance(layer, keras.layers.Conv2DTranspose)
    ]
    return all(
        side % stride == 0
        for sides, strides in windows
        for side, stride in zip(sides, strides, strict=True)
    )


def _layers(network: keras.Model) -> list[keras.layers.Layer]:
    """All layers, those of models inside the model, too."""
    found = []
    for layer in network.layers:
        found += _layers(layer) if isinstance(layer, keras.Model) else [layer]
    return found
