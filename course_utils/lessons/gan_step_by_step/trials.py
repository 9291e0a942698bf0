"""Tries out what learners write in lesson 05: an update of the generator, a discriminator.

Both report plain numbers; the verdict in words belongs to `checks`.
"""

import functools
import random
from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras, tf
from course_utils.models import gan_losses, networks, trial

_COUNT = 6  # points in the batch
_LATENT_SIZE = 2
_LOSS = "non_saturating"
_SAME = 1e-3  # of a gradient's length

Update = Callable[..., object]


# ---- an update of the generator ------------------------------------------------------------------


def generator_update(update: Update) -> trial.Outcome:
    """What update(generator, discriminator, optimizer, latents) does to two small dense networks.

    For `checks.check_update`, with the non-saturating loss. As `trial.generator_update`, but with
    points, and networks that do the same in training and in inference.
    """
    players = _players()
    latents, others = (_latents(seed) for seed in (0, 1))
    moved, returned, count = _moved(update, latents)
    expected = _gradient(gan_losses.gan_loss(_LOSS).generator, latents)
    gradient = _flat(moved["generator"])
    is_right = _same(gradient, expected)

    def differs(latents) -> bool:
        return not _same(_flat(_moved(update, latents)[0]["generator"]), gradient)

    repeats = is_right or not differs(latents)
    ignores = not is_right and repeats and not differs(others)
    return trial.Outcome(
        player="generator",
        moved={name: float(np.mean([np.any(one) for one in moved[name]])) for name in players},
        gradient=gradient,
        expected=expected,
        mistakes={} if is_right else _mistakes(expected, latents),
        updates=count,
        loss=float(gan_losses.gan_loss(_LOSS).generator(_logits(latents))),
        returned=_as_number(returned),
        ignored=("latents",) if ignores else (),
        repeats=repeats,
    )


@functools.cache
def _players() -> dict[str, keras.Model]:
    """Both networks; no two weights alike, and logits of both signs."""
    state = random.getstate()  # Keras draws its layers' seeds from it
    try:
        players = {
            "generator": networks.dense_generator(_LATENT_SIZE, 2, (6,)),
            "discriminator": networks.dense_discriminator(2, (6,)),
        }
    finally:
        random.setstate(state)
    rng = np.random.default_rng(5)
    for network in players.values():
        network.set_weights([rng.standard_normal(one.shape) for one in network.weights])
    return players


def _latents(seed: int) -> tf.Tensor:
    draws = np.random.default_rng(seed).standard_normal((_COUNT, _LATENT_SIZE))
    return tf.constant(draws, tf.float32)


def _moved(update: Update, latents) -> tuple[dict[str, list[np.ndarray]], object, int]:
    """What one call subtracted from each array of weights, what it returned, updates made."""
    players = _players()
    before = {name: network.get_weights() for name, network in players.items()}
    # With a rate of 1 and no memory, the optimizer subtracts the gradient itself.
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.build([one for network in players.values() for one in network.trainable_variables])
    try:
        returned = update(*players.values(), optimizer, latents)
        moved = {
            name: [old - new for old, new in zip(before[name], network.get_weights(), strict=True)]
            for name, network in players.items()
        }
    finally:
        for name, network in players.items():
            network.trainable = True
            network.set_weights(before[name])
    return moved, returned, int(optimizer.iterations.numpy())


def _logits(latents):
    generator, discriminator = _players().values()
    return discriminator(generator(latents))


def _gradient(loss: Callable, latents) -> np.ndarray:
    """The gradient of loss(fake_logits) for the generator's weights."""
    weights = _players()["generator"].trainable_variables
    with tf.GradientTape() as tape:
        value = loss(_logits(latents))
    return _flat([one.numpy() for one in tape.gradient(value, weights)])


def _mistakes(expected: np.ndarray, latents) -> dict[str, np.ndarray]:
    """Gradients of what learners write instead of the right loss, by the mistake's name."""
    factors = {"sign": -1, "half": 0.5, "twice": 2, "sum": _COUNT}
    found = {name: factor * expected for name, factor in factors.items()}
    judges = gan_losses.minimax_discriminator_loss
    losses = {
        "the discriminator's part": lambda fake: judges(tf.stop_gradient(fake), fake),
        "the discriminator's loss": lambda fake: judges(fake, fake),
    }
    names = [name for name in gan_losses.GAN_LOSSES if name != _LOSS]
    losses |= {name: gan_losses.gan_loss(name).generator for name in names}
    return found | {name: _gradient(loss, latents) for name, loss in losses.items()}


def _flat(arrays: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([one.ravel() for one in arrays])


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.linalg.norm(one - other) <= _SAME * np.linalg.norm(other))


def _as_number(value) -> float | None:
    try:
        return float(np.asarray(value).reshape(()))
    except (TypeError, ValueError):  # nothing, several numbers, or something else
        return None


# ---- a discriminator of the learner's ------------------------------------------------------------


def what_a_judge_sees(build: Callable[[], keras.Model]) -> np.ndarray:
    """Four truths as 0 or 1, (4,), about the network that `build` makes; ... where it is a stub.

    Whether it is a network, gives one logit a point, tells distances from the center apart, and
    tells directions apart.
    """
    judge = build()
    if judge is ...:
        return judge
    if not isinstance(judge, keras.Model):
        return np.array([0, 0, 0, 0])
    angles = np.linspace(0.1, 6, 8)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    radii = np.linspace(0.3, 2, 8, dtype=np.float32)[:, np.newaxis]
    around, outwards = (np.asarray(judge(one)) for one in (circle, circle[:1] * radii))
    one_each = around.shape in ((8, 1), (8,))
    if not one_each:
        return np.array([1, 0, 0, 0])
    sees_distance, sees_direction = (float(np.ptp(one)) > 1e-4 for one in (outwards, around))
    return np.array([1, 1, sees_distance, sees_direction])
