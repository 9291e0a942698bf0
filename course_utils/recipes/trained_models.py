"""The course's models of Fashion-MNIST as the records train them: each in its own way.

Which model is compared with which, and by what, is the business of the records.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import (
    conditional_gan,
    flow_matching,
    flow_networks,
    gan,
    networks,
    row_rnn,
    vae,
)

# A kind -> the images of one training step.
BATCH_SIZES = {
    "GAN": 64,
    "conditional GAN": 64,
    "VAE": 128,
    "row RNN": 64,
    "pixels": 64,
    "codes": 256,
}
LATENT_SIZE = 16


def training_images() -> tuple[np.ndarray, np.ndarray]:
    """Images and labels of Fashion-MNIST's training split."""
    return data.load_images("fashion_mnist", split="train")


def build(kind: str, seed: int, steps: int, width: float = 1.0) -> keras.Model:
    """A compiled model, with `width` times the course's units and channels.

    kind: of `BATCH_SIZES`; "pixels" and "codes" are flows. Rates of VAEs and flows fall to 0 in so
    many steps, the others' stay.
    """
    keras.utils.set_random_seed(seed)

    def times(size: int) -> int:
        return round(size * width)

    if kind == "GAN":
        model = gan.GAN(
            generator=networks.generator(latent_size=LATENT_SIZE, width=times(32)),
            discriminator=networks.discriminator(width=times(16)),
            seed=seed,
        )
        model.compile()
    elif kind == "conditional GAN":
        model = conditional_gan.ConditionalGAN(seed=seed)
        model.compile()
    elif kind == "row RNN":
        model = row_rnn.RowRNN(likelihood="logistic", units=times(128), width=times(16), seed=seed)
        model.compile()
    elif kind == "VAE":
        parts = {"latent_size": LATENT_SIZE, "width": times(16)}
        model = vae.VAE(
            latent_size=LATENT_SIZE,
            likelihood="gaussian",
            encoder=networks.encoder(**parts),
            decoder=networks.decoder(**parts),
            seed=seed,
        )
        model.compile(optimizer=adam(4e-3, steps))
    elif kind == "codes":
        model = flow_matching.FlowMatching((LATENT_SIZE,), seed=seed)
        model.compile(optimizer=adam(5e-3, steps))
    else:
        network = flow_networks.image_network(width=times(512), filters=times(24))
        model = flow_matching.FlowMatching(network=network, seed=seed)
        model.compile(optimizer=adam(2e-3, steps))
    return model


def adam(rate: float, steps: int) -> keras.optimizers.Adam:
    """Adam whose rate falls to 0 in so many steps, along a cosine."""
    return keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(rate, steps), beta_2=0.99, global_clipnorm=1.0
    )


def trained(
    kind: str, seed: int, steps: int, images: np.ndarray, labels=None, width: float = 1.0
) -> keras.Model:
    """A model that took so many steps on images, or codes (n, 16), and labels if it is told any."""
    model = build(kind, seed, steps, width)
    batch_size = min(BATCH_SIZES[kind], len(images))
    model.fit(images, labels, batch_size=batch_size, steps_per_epoch=steps, verbose=0)
    return model


def parameters(model: keras.Model) -> int:
    """How many numbers a model's training changes; an average of them does not count again."""
    return sum(math.prod(weight.shape) for weight in model.trainable_variables)


def one_step(kind: str, width: float = 1.0) -> Callable[[], object]:
    """A function that takes one training step each time it is called, on real batches; to be timed.

    Codes are stood in for by numbers of their size.
    """
    images, labels = training_images()
    if kind == "codes":
        images = np.random.default_rng(0).standard_normal((20_000, LATENT_SIZE), "f4")
    labels = labels if kind == "conditional GAN" else None
    batches = iter(
        data.make_dataset(images, labels, batch_size=BATCH_SIZES[kind], repeat=True, seed=0)
    )
    step = tf.function(build(kind, 0, 1000, width).train_step)
    return lambda: step(next(batches))


class FlowOfCodes(NamedTuple):
    """A VAE, and a flow of its codes, which are shifted by `center` and divided by `spread`."""

    autoencoder: vae.VAE
    flow: flow_matching.FlowMatching
    center: np.ndarray
    spread: np.ndarray

    def sample(self, n: int, seed: int, **follow) -> np.ndarray:
        """Draw n images, float32 (n, 28, 28, 1) in [0, 1]; follow: as the flow's `sample` takes."""
        codes = self.flow.sample(n, seed, **follow)
        return self.autoencoder.generate(self.center + self.spread * codes)


def flow_of_codes(seed: int, vae_steps: int, flow_steps: int, images: np.ndarray) -> FlowOfCodes:
    """A VAE and then a flow of what its encoder says of the images, trained for so many steps."""
    autoencoder = trained("VAE", seed, vae_steps, images)
    parts = np.array_split(images, max(1, len(images) // 1000))
    codes = np.concatenate([autoencoder.encode(part)[0] for part in parts])
    center, spread = codes.mean(axis=0), codes.std(axis=0)
    flow = trained("codes", seed, flow_steps, (codes - center) / spread)
    return FlowOfCodes(autoencoder, flow, center, spread)
