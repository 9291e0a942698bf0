"""A GAN that is told which class to draw, on the course's one interface.

The training step is `gan`'s; this adds labels to what its networks are called with. The networks,
the class-conditional generator and the projection discriminator, are in `networks`.
"""

import numpy as np

from course_utils.base.backend import keras, tf
from course_utils.models import networks
from course_utils.models.classes import check_labeled, class_shares
from course_utils.models.gan import GAN
from course_utils.models.latent_space import check_latents, draw_latents


class ConditionalGAN(GAN):
    """A GAN that is told which class to draw (Mirza and Osindero 2014).

    The discriminator is told by projection (Miyato and Koyama 2018). Labels are whole numbers (n,)
    from 0 to num_classes - 1. Inside they become rows of `classes` (n, num_classes) that sum to 1,
    so that `sample` and `generate` can mix classes, too.

    A ready `generator` has the inputs [latents, classes], a `discriminator` [images, classes].
    """

    def __init__(
        self,
        num_classes: int = 10,
        image_shape: tuple[int, ...] = (28, 28, 1),
        latent_size: int = 64,
        *,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        seed: int | None = None,
        name: str = "conditional_gan",
    ):
        if generator is None:
            generator = networks.conditional_generator(image_shape, latent_size, num_classes)
        if discriminator is None:
            discriminator = networks.projection_discriminator(image_shape, num_classes)
        for network in (generator, discriminator):
            sizes = [part.shape[-1] for part in getattr(network, "inputs", None) or []]
            if len(sizes) != 2 or sizes[1] != num_classes:
                raise ValueError(
                    f"{network.name} has inputs of sizes {sizes}; a conditional network needs two, "
                    f"and the second is the classes, of size {num_classes}."
                )
        super().__init__(generator=generator, discriminator=discriminator, seed=seed, name=name)
        self.num_classes = num_classes

    def sample(self, n: int, seed: int | None = None, *, labels=None) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed.

        labels: one class for all, one for each (n,), or shares of classes as `generate` takes them;
            without labels the classes take turns: 0, 1, 2, ...
        """
        latents = draw_latents(n, self.latent_shape, seed)
        return self.generate(latents, np.arange(n) % self.num_classes if labels is None else labels)

    def generate(self, latents, labels) -> np.ndarray:
        """Images, float32 (n, *image_shape) in [0, 1], of latents (n, *latent_shape) and labels.

        labels: one class for all, one for each (n,), or the shares of all classes, floats
            (n, num_classes) or (num_classes,), whose rows sum to 1.
        """
        latents = check_latents(latents, self.latent_shape)
        shares = class_shares(labels, len(latents), self.num_classes)
        return self._in_chunks(self._generate, latents, shares)

    def only(self, labels) -> "OneCondition":
        """This model with its labels fixed: a model of latents alone, as `GAN` is."""
        return OneCondition(self, class_shares(labels, 1, self.num_classes)[0])

    def _as_dataset(self, x, y, batch_size, shuffle=True):
        check_labeled(x, y, self.num_classes, all_there=shuffle)
        return super()._as_dataset(x, y, batch_size, shuffle)

    def generator_input(self, latents, labels):
        return [latents, tf.one_hot(labels, self.num_classes)]

    def logits(self, images, labels, *, training: bool = True):
        return self.discriminator([images, tf.one_hot(labels, self.num_classes)], training=training)

    def _decode(self, latents, classes):
        return self.average([latents, classes], training=False)

    def call(self, inputs, training=False):
        """Images in the networks' own range, of [latents, classes]."""
        return self._decode(*inputs)


class OneCondition:
    """A conditional model with fixed shares of the classes; what explores latents takes it."""

    def __init__(self, model: ConditionalGAN, shares: np.ndarray):
        self._model = model
        self.shares = shares
        self.latent_size, self.image_shape = model.latent_size, model.image_shape

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed."""
        return self._model.sample(n, seed, labels=self.shares)

    def generate(self, latents) -> np.ndarray:
        """Images, float32 (n, *image_shape) in [0, 1], of latents (n, latent_size)."""
        return self._model.generate(latents, self.shares)
