"""Eight diseases of GANs for lesson 08, each provoked by one setting and cured by another.

Each has a test, one number, and a limit that tells sick trainings from cured ones.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_utils import data, metrics
from course_utils.base.backend import keras, tf
from course_utils.models import augmentation, gan, latent_space, networks, updates

EVERY = 20  # steps that a point of the curves is the mean of


class Training(NamedTuple):
    """What a training left: the test's number, curves of both losses, and what was drawn.

    number: float; losses: (points, 2), generator and discriminator, means over EVERY steps
    samples: (24, 28, 28, 1) in [0, 1], or points (512, 2)
    """

    number: float
    losses: np.ndarray
    samples: np.ndarray


class Disease(NamedTuple):
    """run(is_sick, seed, steps=...) -> a training, whose number the limit parts sick from cured.

    sick_is_above: whether sick trainings are those above the limit, or those below
    """

    run: Callable[..., Training]
    test: str
    limit: float
    sick_is_above: bool

    def fails(self, number: float) -> bool:
        """Whether the number shows the disease; one that is not finite does."""
        return not np.isfinite(number) or (number > self.limit) == self.sick_is_above


def _clothes(count: int | None = None):
    images, labels = data.load_images("fashion_mnist", split="train")
    return images[:count], labels[:count]


def _points_game(seed: int, generator=None, rate: float = 1e-3, beta_1=0.5, **settings) -> gan.GAN:
    keras.utils.set_random_seed(seed)
    generator = generator or networks.dense_generator()
    model = gan.GAN(generator=generator, discriminator=networks.dense_discriminator(), seed=seed)
    adam = [keras.optimizers.Adam(factor * rate, beta_1=beta_1) for factor in (1, 2)]
    settings = {"loss": "non_saturating", "average_decay": 0.0, **settings}
    model.compile(optimizer=adam[0], discriminator_optimizer=adam[1], **settings)
    return model


def _images_game(seed: int, generator=None, discriminator=None, **settings) -> gan.GAN:
    keras.utils.set_random_seed(seed)
    model = gan.GAN(generator=generator, discriminator=discriminator, seed=seed)
    model.compile(**{"loss": "non_saturating", **settings})
    return model


def _train(model: gan.GAN, batches, steps: int, look=lambda: None) -> tuple[np.ndarray, list]:
    """Train on a dataset; both losses, and what `look` returns, for each EVERY steps."""
    step, losses, seen = tf.function(model.train_step), [], []
    for number, batch in enumerate(batches.take(steps), 1):
        found = step(batch)
        if number % EVERY == 0:
            losses.append([float(found[f"{who}_loss"]) for who in ("generator", "discriminator")])
            seen.append(look())
            model.reset_metrics()
    return np.array(losses), seen


def _batches(images: np.ndarray, seed: int):
    return data.make_dataset(images, batch_size=64, repeat=True, seed=seed)


def _ring(seed: int):
    return data.make_dataset(
        data.toy("ring", 20_000, seed=seed), batch_size=128, repeat=True, seed=seed
    )


def collapse(is_sick: bool, seed: int, steps: int = 300) -> Training:
    """Sick: the images come sorted by kind, through a shuffle buffer of 1,000; cured: in any order.

    Both see the same images once, as many of each of the ten kinds as the steps have room for.

    The test is the effective number of kinds, by the frozen classifier, in 2,000 samples.
    """
    images, labels = _clothes()
    by_kind = np.argsort(labels, kind="stable").reshape(10, -1)
    images = images[by_kind[:, : max(1, steps * 64 // 10)].ravel()]
    if is_sick:
        batches = tf.data.Dataset.from_tensor_slices(images).shuffle(1000, seed=seed).batch(64)
        batches = batches.map(lambda batch: tf.cast(batch, tf.float32) / 255.0)
    else:
        batches = _batches(images, seed)
    model = _images_game(seed)
    losses, _ = _train(model, batches, steps)
    kinds = metrics.predicted_labels(model.sample(2000, seed=1))
    number = metrics.effective_number(np.bincount(kinds, minlength=10) / 2000)
    return Training(number, losses, model.sample(24, seed=2))


def too_good_discriminator(
    is_sick: bool, seed: int, head_start: int = 1000, steps: int = 1000
) -> Training:
    """Sick: minimax loss, against a discriminator that has learned alone before; cured: the other.

    The test is the share of points on target in the end.
    """
    model = _points_game(seed, loss="minimax" if is_sick else "non_saturating")
    alone = keras.optimizers.Adam(2e-3, beta_1=0.5)
    update = tf.function(updates.update_discriminator)
    for real in _ring(seed).take(head_start):
        latents = tf.random.normal((128, 2))
        update(model.generator, model.discriminator, alone, real, latents, loss="non_saturating")
    losses, _ = _train(model, _ring(seed), steps)
    drawn = model.sample(2048, seed=1)
    number = metrics.on_target_share(drawn, "ring", drawn)
    return Training(number, losses, drawn[:512])


def oscillation(is_sick: bool, seed: int, steps: int = 1500) -> Training:
    """Sick: Adam's beta_1 of 0.9; cured: 0.5, at the same rate of 0.005.

    The test is how far the points of 512 latents move in EVERY steps, mean over the second half.
    """
    model = _points_game(seed, rate=5e-3, beta_1=0.9 if is_sick else 0.5)
    latents = latent_space.draw_latents(512, model.latent_size, seed=1)
    losses, places = _train(model, _ring(seed), steps, lambda: model.generate(latents))
    moves = np.linalg.norm(np.diff(places[len(places) // 2 :], axis=0), axis=2)
    return Training(float(moves.mean()), losses, places[-1])


def overfitting(is_sick: bool, seed: int, steps: int = 800, count: int = 300) -> Training:
    """Sick: 300 images; cured: the same with augmentation.

    The test is how much of the way from generated to training images' logits held-out ones lack.
    """
    images, _ = _clothes()
    train, held_out = images[:count], images[count : count + 1000]
    model = _images_game(seed, augment=None if is_sick else augmentation.shift_cutout)
    losses, _ = _train(model, _batches(train, seed), steps)

    def logit(pixels):
        return float(np.mean(model.discriminator(data.scale_pixels(pixels), training=False)))

    drawn = logit(model.sample(1000, seed=1))
    known, new = (logit(data.as_floats(one)) for one in (train, held_out))
    return Training((known - new) / (known - drawn), losses, model.sample(24, seed=2))


def dead_units(is_sick: bool, seed: int, steps: int = 500) -> Training:
    """Sick: a rate of 0.05; cured: 0.001. The test is the share of units that are always 0."""
    model = _points_game(seed, rate=0.05 if is_sick else 1e-3)
    losses, _ = _train(model, _ring(seed), steps)
    hidden = [layer.output for layer in model.generator.layers[1:-1]]
    active = keras.Model(model.generator.input, hidden)(
        latent_space.draw_latents(1000, model.latent_size, seed=1)
    )
    number = float(np.mean([np.max(one, axis=0) <= 0 for one in active]))
    return Training(number, losses, model.sample(512, seed=2))


def batch_leak(is_sick: bool, seed: int, steps: int = 300) -> Training:
    """Sick: a discriminator with batch normalization; cured: without.

    The test is the share of images that are judged otherwise beside images of the other kind.
    """
    images, _ = _clothes()
    discriminator = networks.discriminator(batch_norm=is_sick)
    model = _images_game(seed, discriminator=discriminator)
    losses, _ = _train(model, _batches(images, seed), steps)
    real, fake = data.scale_pixels(data.as_floats(images[:256])), model.sample(256, seed=1)
    fake = data.scale_pixels(fake)
    mixed = model.discriminator(np.concatenate([real, fake]), training=True)
    apart = [model.discriminator(one, training=True) for one in (real, fake)]
    number = float(np.mean((np.concatenate(apart) > 0) != (np.asarray(mixed) > 0)))
    return Training(number, losses, model.sample(24, seed=2))


def _discriminator(window: int) -> keras.Model:
    """The plan of `networks.discriminator`, with another window of the first layer."""
    layers = keras.layers
    network = [keras.Input((28, 28, 1)), layers.Conv2D(16, window, strides=2, padding="same")]
    for filters in (32, 64):
        network.append(layers.LeakyReLU(negative_slope=0.2))
        network.append(layers.Conv2D(filters, 4, strides=2, padding="same", use_bias=False))
        network.append(layers.BatchNormalization(momentum=0.9))
    network += [layers.LeakyReLU(negative_slope=0.2), layers.Flatten(), layers.Dense(1)]
    return keras.Sequential(network)


def checkered_power(images) -> float:
    """Mean square of the part of images (n, h, w, 1), with even sides, that is a fine pattern.

    That part changes its sign from each row to the next, or from each column to the next.
    """
    height, width = np.shape(images)[1:3]
    power = np.abs(np.fft.fft2(np.asarray(images)[..., 0]) / (height * width)) ** 2
    rows, columns = power[:, height // 2, :].sum(1), power[:, :, width // 2].sum(1)
    return float(np.mean(rows + columns - power[:, height // 2, width // 2]))


def checkerboard(is_sick: bool, seed: int, steps: int = 200) -> Training:
    """Sick: a discriminator that begins with windows of 1 x 1 at stride 2; cured: of 4 x 4.

    Three pixels of four are unseen, so that the generator may draw anything there. Uneven windows
    of the generator alone do not do it: with 3 x 3 at stride 2 or 5 x 5 at stride 4 training
    unlearns the pattern that they begin with.

    The test is the power of patterns with a period of two pixels, over that of real images.
    """
    images, _ = _clothes()
    model = _images_game(seed, discriminator=_discriminator(1 if is_sick else 4))
    losses, _ = _train(model, _batches(images, seed), steps)
    real = checkered_power(data.as_floats(images[:2000]))
    number = checkered_power(model.sample(2000, seed=1)) / real
    return Training(number, losses, model.sample(24, seed=2))


def memorization(is_sick: bool, seed: int, steps: int = 300) -> Training:
    """Sick: 8 images, each eight times in a batch; cured: 10,000, those among them. Hinge loss.

    The test is the distance of samples to the nearest of the 8 training images, over that to the
    nearest of 8 held-out ones (medians).
    """
    images, _ = _clothes()
    model = _images_game(seed, loss="hinge")
    train = np.repeat(images[:8], 8, axis=0) if is_sick else images[:10_000]
    losses, _ = _train(model, _batches(train, seed), steps)
    drawn = model.sample(500, seed=1)
    near, far = (
        np.median(metrics.nearest_neighbors(drawn, some).distances)
        for some in (images[:8], images[-8:])
    )
    return Training(float(near / far), losses, model.sample(24, seed=2))


DISEASES = {
    "collapse": Disease(collapse, "effective number of kinds in 2,000 samples", 7.0, False),
    "too good": Disease(too_good_discriminator, "share of points on target", 0.3, False),
    "oscillation": Disease(oscillation, "movement of a latent's point in 20 steps", 0.3, True),
    "overfitting": Disease(overfitting, "share of D's lead that held-out images lack", 0.75, True),
    "dead units": Disease(
        dead_units, "share of the generator's units that are always 0", 0.3, True
    ),
    "batch leak": Disease(batch_leak, "share of images judged by their neighbors", 0.02, True),
    "checkerboard": Disease(checkerboard, "checkered power over that of real images", 5.0, True),
    "memorization": Disease(memorization, "distance to training over held-out images", 0.8, False),
}
