"""What is wrong with a learner's discriminator whose slope is to be at most 1, in lesson 08.

It is trained to be as steep as it can, and then measured between points: the bound has to hold for
whatever weights a training ends with.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras, tf
from course_utils.models import gan_losses

STEEPEST = 1.05  # what counts as 1: power iteration is a little behind the weights
FLATTEST = 0.05
_STEPS = 150
_RATE = 0.01


def slope_fault(build: Callable[[], keras.Model]) -> str:
    """The first fault of a network from points (n, 2) to logits (n, 1), or ""."""
    network = build()
    if not isinstance(network, keras.Model):
        return f"it returns a {type(network).__name__}; let it return a keras.Model."
    rng = np.random.default_rng(0)
    points = rng.normal(size=(64, 2)).astype(np.float32)
    shape = tuple(network(points, training=True).shape)
    if shape != (64, 1):
        return f"of 64 points it makes an array of shape {shape}; give one logit for each, (64, 1)."
    if not network.trainable_variables:
        return "it has no weights to train."
    if any(isinstance(layer, keras.layers.BatchNormalization) for layer in _layers(network)):
        return (
            "batch normalization divides by the batch's deviation, however small, and mixes the "
            "points: leave it out."
        )
    _settle(network, points)
    before = steepest(network)
    _make_steep(network, rng)
    _settle(network, points)
    after = steepest(network)
    if not np.isfinite(after) or after > STEEPEST:
        if before < 3:  # far above what fresh layers have, so that a hint repeats
            return (
                "it became steeper when we trained it, beyond 1: bound what every layer does, "
                "with whatever weights it has."
            )
        return "there are points between which its logit changes by more than their distance."
    if after < FLATTEST:
        return (
            "its slope is below 1, but also below 0.05 everywhere, even after it was trained to "
            "be steep: nothing is left for the generator to follow."
        )
    if _is_bounded(network, rng):
        return (
            "its answers stay within a short range however far the points are: a sigmoid or tanh "
            "at the end is flat far out. End with the logit itself."
        )
    if _is_straight(network, rng):
        return "it is a plane, as without hidden layers: put activations between the layers."
    return ""


def steepest(network) -> float:
    """The largest |D(a) - D(b)| / |a - b| of many pairs, near and far, and the largest |∇D|."""
    rng = np.random.default_rng(1)
    first = rng.uniform(-3, 3, size=(2000, 2))
    distance = 10 ** rng.uniform(-2, 0.5, size=(2000, 1))
    turn = rng.uniform(0, 2 * np.pi, size=2000)
    second = first + distance * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    logits = [np.asarray(network(one.astype(np.float32))) for one in (first, second)]
    quotients = np.abs(logits[0] - logits[1]) / distance
    points = tf.constant(first, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(points)
        total = tf.reduce_sum(network(points))
    slopes = tape.gradient(total, points, unconnected_gradients="zero").numpy()
    return float(max(quotients.max(), np.linalg.norm(slopes, axis=1).max()))


def _layers(network):
    for layer in network.layers:
        yield layer
        yield from _layers(layer) if isinstance(layer, keras.Model) else ()


def _settle(network, points) -> None:
    """Calls in training mode, for layers that keep an estimate of their weights' norm."""
    for _ in range(20):
        network(points, training=True)


def _make_steep(network, rng) -> None:
    """Follow the Wasserstein loss, which has no end, to tell two clusters of points apart."""
    optimizer = keras.optimizers.Adam(_RATE)
    optimizer.build(network.trainable_variables)

    @tf.function
    def step(real, fake):
        with tf.GradientTape() as tape:
            logits = network(real, training=True), network(fake, training=True)
            loss = gan_losses.wasserstein_discriminator_loss(*logits)
        weights = network.trainable_variables
        gradients = tape.gradient(loss, weights, unconnected_gradients="zero")
        optimizer.apply(gradients, weights)

    for _ in range(_STEPS):
        real, fake = (rng.normal((side, 0), 0.5, size=(64, 2)) for side in (1, -1))
        step(tf.constant(real, tf.float32), tf.constant(fake, tf.float32))


def _is_bounded(network, rng) -> bool:
    directions = rng.normal(size=(200, 2))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    far = np.asarray(network((1000 * directions).astype(np.float32)))
    return bool(np.ptp(far) < 2.01)


def _is_straight(network, rng) -> bool:
    first, second = rng.uniform(-3, 3, size=(2, 500, 2)).astype(np.float32)
    ends = (np.asarray(network(first)) + np.asarray(network(second))) / 2
    bend = np.abs(np.asarray(network((first + second) / 2)) - ends).max()
    return bool(bend < 1e-3)
