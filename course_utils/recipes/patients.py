"""The patients of lesson 07: GANs whose training step has faults, and how they are trained.

Which faults each has, and what tests show of it, is recorded by `clinic`.
"""

import dataclasses

import numpy as np

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import gan, gan_losses, latent_space
from course_utils.models.interface import apply_gradients
from course_utils.models.losses import as_logits, binary_cross_entropy_from_logits

BATCH_SIZE = 64
POINT = 10  # steps whose mean is one point of a curve
LOOK_BACK = 20  # steps between two looks at the same latents

_cross_entropy = binary_cross_entropy_from_logits

# Sick losses of the discriminator, functions of real and fake logits.
_SICK_LOSSES = {
    # It never sees a generated image.
    "unseen": lambda real, fake: _cross_entropy(1.0, real),
    # Target 0 and 1 - logit: the two negations cancel, and generated images are pushed up.
    "negation": lambda real, fake: _cross_entropy(1.0, real) + _cross_entropy(0.0, 1.0 - fake),
    # -E[log D(x)] + E[log(1 - D(G(z)))]: the second cross-entropy subtracted, so without a bound.
    "sign": lambda real, fake: _cross_entropy(1.0, real) - _cross_entropy(0.0, fake),
}


def loss_of(faults) -> gan_losses.GANLoss:
    """The non-saturating loss, or one whose discriminator's part has one of the faults."""
    healthy = gan_losses.gan_loss("non_saturating")
    for fault in faults:
        if fault in _SICK_LOSSES:
            sick = _SICK_LOSSES[fault]

            def loss(real_logits, fake_logits, label_smoothing=0.0, sick=sick):
                return sick(as_logits(real_logits, "real"), as_logits(fake_logits, "fake"))

            return dataclasses.replace(healthy, name=fault, discriminator=loss)
    return healthy


class Patient(gan.GAN):
    """A GAN that trains with some faults; without any it is the course's, with that loss.

    Its faults, besides those of `loss_of` and of `real_images`:
    pixels: real images stay in [0, 255], while the generator ends in tanh
    sigmoid: the discriminator ends in a sigmoid, and the loss takes what it says for logits
    modes: both networks are called in inference mode while they train
    leak: the discriminator's update moves the generator's weights too, down the same loss
    frozen: `trainable = False` comes after the first updates and stays
    adam: Keras's defaults, Adam(1e-3, 0.9, 0.999), for both networks

    The generator's weights are not averaged, since scripts seldom do so.
    """

    def __init__(self, faults=(), *, seed: int = 0, **networks):
        super().__init__(seed=seed, **networks)
        self.faults = frozenset(faults)
        adam = keras.optimizers.Adam() if "adam" in faults else None
        self.compile(loss_of(faults), optimizer=adam)
        if "leak" in faults:
            config = self.discriminator_optimizer.get_config()
            self.discriminator_optimizer = keras.optimizers.Adam.from_config(config)
            self.discriminator_optimizer.build(self._moved_by_discriminator())

    def unpack(self, batch):
        """Real images as the networks get them: uint8 are scaled, but for `pixels`."""
        images = tf.cast(batch, tf.float32)
        if batch.dtype == np.uint8 and "pixels" not in self.faults:
            images = images / 127.5 - 1.0
        return images, None

    def fake_images(self, real, labels, *, repetition=0, training=True):
        training = training and "modes" not in self.faults
        return super().fake_images(real, labels, repetition=repetition, training=training)

    def logits(self, images, labels, *, training=True):
        training = training and "modes" not in self.faults
        said = super().logits(images, labels, training=training)
        return tf.sigmoid(said) if "sigmoid" in self.faults else said

    def train_step(self, batch):
        """Losses and mean logits of one update of each network, before it."""
        real, _ = self.unpack(batch)
        return self.update_discriminator(real) | self.update_generator(real)

    def update_discriminator(self, real) -> dict[str, tf.Tensor]:
        with tf.GradientTape() as tape:
            fake = self.fake_images(real, None)
            if "leak" not in self.faults:
                fake = tf.stop_gradient(fake)
            real_logits, fake_logits = self.logits(real, None), self.logits(fake, None)
            loss = self.gan_loss.discriminator(real_logits, fake_logits)
        variables = self._moved_by_discriminator()
        if variables:  # there are none once it is frozen
            self.discriminator_optimizer.apply(tape.gradient(loss, variables), variables)
        means = {"real_logit": real_logits, "fake_logit": fake_logits}
        means = {name: tf.reduce_mean(logits) for name, logits in means.items()}
        return {"discriminator_loss": loss} | means

    def update_generator(self, real) -> dict[str, tf.Tensor]:
        with tf.GradientTape() as tape:
            loss = self.gan_loss.generator(self.logits(self.fake_images(real, None), None))
        apply_gradients(self.generator_optimizer, tape, loss, self.generator)
        return {"generator_loss": loss}

    def _moved_by_discriminator(self) -> list:
        both = self.discriminator.trainable_variables + self.generator.trainable_variables
        return both if "leak" in self.faults else self.discriminator.trainable_variables

    def _decode(self, latents):
        return self.generator(latents, training=False)


def real_images(faults, count: int) -> np.ndarray:
    """What a training of `count` images is fed, again and again if there are fewer of them.

    noise: normal numbers in place of photographs; batch: the first batch, in every "epoch".
    """
    random = np.random.default_rng(0)
    if "noise" in faults:
        images = random.standard_normal((count, 28, 28, 1), dtype=np.float32)
    else:
        images, _ = data.load_images("fashion_mnist", split="train")
        images = images[random.permutation(len(images))[:count]]
    return images[:BATCH_SIZE] if "batch" in faults else images


def train(model: Patient, images: np.ndarray, steps: int) -> dict[str, np.ndarray]:
    """Curves (steps / POINT,), each point a mean over POINT steps, and how images moved at the end.

    swing: mean change of a pixel, in [0, 1], of images of the same latents in the last LOOK_BACK
        steps
    """
    latents = latent_space.draw_latents(256, model.latent_size, seed=3)
    step = tf.function(model.train_step)
    curves = []
    for number in range(steps):
        if number == POINT and "frozen" in model.faults:
            model.discriminator.trainable = False
            step = tf.function(model.train_step)
        if number == steps - LOOK_BACK:
            before = model.generate(latents)
        rows = np.arange(number * BATCH_SIZE, (number + 1) * BATCH_SIZE) % len(images)
        found = step(tf.constant(images[rows]))
        curves.append({name: float(value) for name, value in found.items()})
    points = np.array([[*one.values()] for one in curves]).reshape(steps // POINT, POINT, -1)
    named = dict(zip(curves[0], points.mean(axis=1).T, strict=True))
    named["swing"] = np.abs(model.generate(latents) - before).mean()
    return {name: np.float32(value) for name, value in named.items()}
