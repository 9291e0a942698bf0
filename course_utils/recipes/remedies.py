"""The remedies of lesson 08, each in one strength against the same untreated game, at equal time.

Two games: images of clothing, which the untreated GAN begins to learn, and points on a ring, with
optimizers that make the untreated one swing. A remedy changes settings of a game; what each step of
it costs is measured first, and the time is the same for all.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from course_utils import data, metrics
from course_utils.base.backend import keras, tf
from course_utils.models import augmentation, gan, networks, penalties
from course_utils.recipes.cells import in_turns

SEEDS = (0, 1, 2)
MINUS_BATCH_NORM = {"discriminator": {"batch_norm": False}}

# name -> what it changes: arguments of the discriminator, `compile`'s, factors of the two rates
REMEDIES: Mapping[str, Mapping] = {
    "untreated": {},
    "minimax loss": {"loss": "minimax"},
    "least squares": {"loss": "least_squares"},
    "hinge": {"loss": "hinge"},
    "label smoothing": {"label_smoothing": 0.1},
    "instance noise": {"augment": augmentation.instance_noise(0.1)},
    "minibatch std": {"discriminator": {"minibatch_std": True}},
    "weight averaging": {"average_decay": 0.998},
    "two time scales": {"rate_factors": (0.5, 1.0)},
    "beta_1 = 0": {"beta_1": 0.0},
    "augmentation": {"augment": augmentation.shift_cutout},
    "no batch norm": MINUS_BATCH_NORM,
    "spectral norm": {"discriminator": {"spectral_norm": True}},
    "R1": {**MINUS_BATCH_NORM, "penalty": penalties.r1(1.0)},
    "Wasserstein, GP": {
        **MINUS_BATCH_NORM,
        "loss": "wasserstein",
        "penalty": penalties.gradient_penalty(10.0),
        "beta_1": 0.0,
        "discriminator_steps": 3,
    },
}
NOT_ON_POINTS = ("augmentation", "no batch norm")  # those networks have none to leave out


class Game(NamedTuple):
    """What all remedies share: seconds of training, and Adam's rate, beta_1 and beta_2."""

    batch_size: int
    num_measured: int
    seconds: float
    adam: tuple[float, float, float]


GAMES = {
    "images": Game(64, 5000, 30.0, (2e-3, 0.5, 0.99)),
    "points": Game(128, 2048, 6.0, (5e-3, 0.9, 0.999)),
}


def build(game: str, remedy: str, seed: int) -> gan.GAN:
    """The GAN of a game with one remedy, compiled; the loss is non-saturating unless it says so."""
    keras.utils.set_random_seed(seed)
    settings = dict(REMEDIES[remedy])
    options = settings.pop("discriminator", {})
    rate, beta_1, beta_2 = GAMES[game].adam
    factors, beta_1 = settings.pop("rate_factors", (1, 1)), settings.pop("beta_1", beta_1)
    optimizer, other = (
        keras.optimizers.Adam(factor * rate, beta_1=beta_1, beta_2=beta_2) for factor in factors
    )
    if game == "points":
        options = {key: value for key, value in options.items() if key != "batch_norm"}
        made = networks.dense_generator(), networks.dense_discriminator(**options)
    else:
        made = networks.generator(), networks.discriminator(**options)
    model = gan.GAN(generator=made[0], discriminator=made[1], seed=seed)
    settings = {"loss": "non_saturating", "average_decay": 0.0, **settings}
    model.compile(optimizer=optimizer, discriminator_optimizer=other, **settings)
    return model


def batches(game: str, seed: int):
    """An endless iterator of real batches."""
    if game == "points":
        real = data.toy("ring", 20_000, seed=seed)
    else:
        real, _ = data.load_images("fashion_mnist", split="train")
    return iter(data.make_dataset(real, batch_size=GAMES[game].batch_size, repeat=True, seed=seed))


def measure(game: str, model: gan.GAN) -> dict[str, float]:
    """How good a model is: on images the Fréchet distance and the effective number of kinds."""
    drawn = model.sample(GAMES[game].num_measured, seed=1)
    if not np.isfinite(drawn).all():
        return {}
    if game == "points":
        rule = metrics.coverage_rule("ring", len(drawn))
        covered = metrics.modes_covered(drawn, data.toy_modes("ring"), *rule)
        return {"modes": covered, "on_target": metrics.on_target_share(drawn, "ring", drawn)}
    shares = np.bincount(metrics.predicted_labels(drawn), minlength=10) / len(drawn)
    return {
        "distance": float(metrics.frechet_distance(drawn)),
        "kinds": metrics.effective_number(shares),
    }


def seconds_a_step(game: str, remedies, rounds: int = 5, steps: int = 20) -> dict[str, float]:
    """Median over rounds in which all remedies take turns: a busy moment slows all of them."""
    runs = {}
    for remedy in remedies:
        step, real = tf.function(build(game, remedy, 0).train_step), batches(game, 0)
        runs[remedy] = lambda step=step, real=real: step(next(real))
    return in_turns(runs, rounds, steps)


def train(game: str, remedy: str, seed: int, steps: int) -> dict[str, float]:
    """Train for so many steps and measure; without measures where the numbers went to infinity."""
    model, real = build(game, remedy, seed), batches(game, seed)
    step = tf.function(model.train_step)
    for _ in range(steps):
        step(next(real))
    return {"steps": steps, **measure(game, model)}
