"""The game on the ring of points that sections 2 to 4 of lesson 08 make ill, train and measure.

The networks, losses and penalties are the package's; here is only what all of these runs share.
"""

from collections.abc import Callable

import numpy as np
from scipy import optimize

from course_utils import data, metrics
from course_utils.base.backend import keras, tf
from course_utils.models import gan, gan_losses, latent_space, networks, updates

BATCH_SIZE = 128
NUM_MEASURED = 2048


def make(
    seed: int, *, rates=(1e-3, 2e-3), betas=(0.5, 0.999), spectral_norm: bool = False, **settings
) -> gan.GAN:
    """A GAN for points, compiled with Adam; its loss is non-saturating unless `settings` say so.

    rates: of the generator and of the discriminator; settings: as in `GAN.compile`
    """
    keras.utils.set_random_seed(seed)
    judge = networks.dense_discriminator(spectral_norm=spectral_norm)
    model = gan.GAN(generator=networks.dense_generator(), discriminator=judge, seed=seed)
    optimizers = [keras.optimizers.Adam(rate, *betas) for rate in rates]
    settings = {"loss": "non_saturating", **settings}
    model.compile(optimizer=optimizers[0], discriminator_optimizer=optimizers[1], **settings)
    return model


def train(model: gan.GAN, num_steps: int, *, seed: int, look: Callable | None = None, every=20):
    """Train both; a list of what `look()` returns after each `every` steps."""
    step, seen = tf.function(model.train_step), []
    for number, real in enumerate(_batches(seed).take(num_steps), 1):
        step(real)
        if look is not None and number % every == 0:
            seen.append(look())
    return seen


def train_discriminator(model: gan.GAN, num_steps: int, *, seed: int) -> None:
    """Train the discriminator alone, with its own optimizer; the generator stands still."""
    update = tf.function(updates.update_discriminator)
    for number, real in enumerate(_batches(seed).take(num_steps)):
        latents = tf.random.stateless_normal((BATCH_SIZE, model.latent_size), (seed, number))
        update(
            model.generator,
            model.discriminator,
            model.discriminator_optimizer,
            real,
            latents,
            loss="non_saturating",
        )


def _batches(seed: int):
    points = data.toy("ring", 20_000, seed=seed)
    return data.make_dataset(points, batch_size=BATCH_SIZE, repeat=True, seed=seed)


def quality(generator) -> tuple[int, float]:
    """Modes covered, of 8, and the share of 2,048 points that is on target.

    generator: `model.generator`, with its last weights, or `model.average`
    """
    size = generator.input_shape[-1]
    drawn = np.asarray(generator(latent_space.draw_latents(NUM_MEASURED, size, seed=1)))
    if not np.isfinite(drawn).all():
        return 0, 0.0
    rule = metrics.coverage_rule("ring", NUM_MEASURED)
    covered = metrics.modes_covered(drawn, data.toy_modes("ring"), *rule)
    return covered, metrics.on_target_share(drawn, "ring", drawn)


def movement(places) -> float:
    """Mean way of a latent's point from one look to the next, over the second half of the looks.

    places: (looks, points, 2), always of the same latents; NaN if there are too few looks
    """
    places = np.asarray(places)
    if len(places) < 3:
        return np.nan
    ways = np.linalg.norm(np.diff(places[len(places) // 2 :], axis=0), axis=2)
    return float(ways.mean())


def watch(model: gan.GAN, num_points: int = 512) -> Callable:
    """A `look` for `train`: points (n, 2) of always the same latents, D's mean slope there (2,)."""
    latents = tf.constant(latent_space.draw_latents(num_points, model.latent_size, seed=1))

    @tf.function
    def see():
        points = model.generator(latents, training=False)
        with tf.GradientTape() as tape:
            tape.watch(points)
            height = tf.reduce_mean(model.discriminator(points, training=False))
        return points, tf.reduce_sum(tape.gradient(height, points), axis=0)

    return lambda: tuple(one.numpy() for one in see())


# ---- a discriminator alone, with the Wasserstein loss --------------------------------------------


def leads(num_steps: int, *, seed: int, spectral_norm: bool = False, penalty=None) -> np.ndarray:
    """E D(x) - E D(G(z)) in each step (num_steps,) of a discriminator alone, from `still_points`.

    penalty: as in `GAN.compile`; it is not part of the lead
    """
    real, fake = map(tf.constant, still_points(seed))
    model = make(
        seed, loss="wasserstein", betas=(0.0, 0.9), rates=(1e-3, 1e-3), spectral_norm=spectral_norm
    )
    judge, optimizer = model.discriminator, model.discriminator_optimizer

    @tf.function
    def update(step):
        with tf.GradientTape() as tape:
            logits = judge(real, training=True), judge(fake, training=True)
            loss = gan_losses.wasserstein_discriminator_loss(*logits)
            whole = loss
            if penalty is not None:
                whole += penalty(lambda points: judge(points, training=True), real, fake, step)
        gradients = tape.gradient(whole, judge.trainable_variables)
        optimizer.apply(gradients, judge.trainable_variables)
        return -loss

    return np.array([float(update(tf.constant([seed, step]))) for step in range(num_steps)])


def still_points(seed: int, count: int = 512) -> tuple[np.ndarray, np.ndarray]:
    """Real points of the ring, and as many of a generator that has learned nothing: (count, 2)."""
    keras.utils.set_random_seed(seed)
    latents = latent_space.draw_latents(count, 2, seed=1)
    return data.toy("ring", count, seed=seed), networks.dense_generator()(latents).numpy()


def transport_distance(first, second) -> float:
    """The Wasserstein distance of two sets of points (n, k): mean way of the best plan.

    >>> transport_distance([[0.0, 0.0], [1.0, 0.0]], [[1.0, 2.0], [0.0, 2.0]])
    2.0
    """
    ways = np.linalg.norm(np.asarray(first)[:, np.newaxis] - np.asarray(second), axis=2)
    return float(ways[optimize.linear_sum_assignment(ways)].mean())
