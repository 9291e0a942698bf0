"""A game of lesson 05 with a fault, for learners to find from its pictures and curves.

What the fault is stands in the code below: not to be read before exercise 05.10 is solved.
"""

from typing import NamedTuple

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import gan_losses, networks

LATENT_SIZE = 2
BATCH_SIZE = 128


class Played(NamedTuple):
    """What a game left behind.

    curves: name -> value after each update (n,): mean D on real points, mean D on generated ones,
        the generator's loss
    before, after: generated points (500, 2) before and after the game, of the same latents
    discriminator_loss, generator_loss: their last values
    """

    curves: dict[str, list[float]]
    before: np.ndarray
    after: np.ndarray
    discriminator_loss: float
    generator_loss: float


def play(num_steps: int, seed: int = 0) -> Played:
    """A game on the ring of as many updates of each player as `num_steps`."""
    check_whole("num_steps", num_steps)
    keras.utils.set_random_seed(seed)
    generator, discriminator = networks.dense_generator(LATENT_SIZE), networks.dense_discriminator()
    points, rng = data.toy("ring", 20_000, seed=seed), np.random.default_rng(seed)
    shown = rng.standard_normal((500, LATENT_SIZE), dtype=np.float32)
    round_of_both = _round(generator, discriminator)
    before = generator(shown).numpy()
    curves = {"mean D on real": [], "mean D on generated": [], "generator's loss": []}
    for _ in range(num_steps):
        batch = points[rng.integers(len(points), size=BATCH_SIZE)]
        discriminator_loss, *values = (float(one) for one in round_of_both(tf.constant(batch)))
        for name, value in zip(curves, values, strict=True):
            curves[name].append(value)
    return Played(curves, before, generator(shown).numpy(), discriminator_loss, values[-1])


def _round(generator, discriminator):
    """A function that updates both players once and returns what is to be recorded."""
    adam = {"beta_1": 0.5, "beta_2": 0.99}
    discriminator_optimizer = keras.optimizers.Adam(0.002, **adam)
    generator_optimizer = keras.optimizers.Adam(0.001, **adam)

    @tf.function
    def play_round(real):
        fake = generator(tf.random.normal((BATCH_SIZE, LATENT_SIZE)))
        with tf.GradientTape() as tape:
            real_logits, fake_logits = discriminator(real), discriminator(fake)
            loss = _faulty_loss(real_logits, fake_logits)
        weights = discriminator.trainable_variables
        discriminator_optimizer.apply(tape.gradient(loss, weights), weights)
        with tf.GradientTape() as tape:
            logits = discriminator(generator(tf.random.normal((BATCH_SIZE, LATENT_SIZE))))
            generator_loss = gan_losses.non_saturating_generator_loss(logits)
        weights = generator.trainable_variables
        generator_optimizer.apply(tape.gradient(generator_loss, weights), weights)
        on_real, on_generated = (tf.reduce_mean(tf.sigmoid(one)) for one in (real_logits, logits))
        return loss, on_real, on_generated, generator_loss

    return play_round


def _faulty_loss(real_logits, fake_logits):
    """-E[log D(x)] + E[log(1 - D(G(z)))]: the second sign is wrong, and nothing bounds it below."""
    softplus = tf.math.softplus
    return tf.reduce_mean(softplus(-real_logits)) - tf.reduce_mean(softplus(fake_logits))
