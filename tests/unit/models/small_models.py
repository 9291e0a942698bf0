"""Models and data that train in milliseconds, for the tests here and their subprocesses."""

import numpy as np

from course_utils import data
from course_utils.base.backend import keras
from course_utils.models import gan, networks

SHAPE = (16, 16, 1)
LATENTS = 8


def pixels(n: int = 20, seed: int = 0) -> np.ndarray:
    """Random images, uint8 (n, 16, 16, 1)."""
    return np.random.default_rng(seed).integers(0, 256, (n, *SHAPE), dtype=np.uint8)


def image_gan(seed: int | None = 0, initial: int = 0, kind=gan.GAN, **arguments) -> gan.GAN:
    """Convolutions, BatchNorm and, in the discriminator, Dropout; not compiled.

    seed: of the model's noise; initial: of the initial weights.
    """
    keras.utils.set_random_seed(initial)
    judge = networks.discriminator(SHAPE, width=4)
    dropped = keras.layers.Dropout(0.2)(judge.output)
    return kind(
        generator=networks.generator(SHAPE, LATENTS, width=4),
        discriminator=keras.Model(judge.input, dropped, name="discriminator"),
        seed=seed,
        **arguments,
    )


def linear_gan(seed: int = 0, kind=gan.GAN) -> gan.GAN:
    """2 latents to points in the plane and points to a logit, both linear; not compiled."""
    keras.utils.set_random_seed(0)
    return kind(
        generator=networks.dense_generator(2, 2, widths=()),
        discriminator=networks.dense_discriminator(2, widths=()),
        seed=seed,
    )


def train(model, steps=10, images=None, epochs=1, **arguments):
    """The history of so many steps an epoch, on 16 points of the ring if no images are given."""
    images = data.toy("ring", 16) if images is None else images
    return model.fit(
        images, batch_size=8, steps_per_epoch=steps, epochs=epochs, verbose=0, **arguments
    )


def state(model):
    """Everything that training changes, by the names that tell it apart."""
    return copies(
        [
            *model.variables,
            *model.generator_optimizer.variables,
            *model.discriminator_optimizer.variables,
        ]
    )


def copies(variables) -> list[np.ndarray]:
    return [variable.numpy() for variable in variables]


def equal(first, second) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
