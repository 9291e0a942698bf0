"""One update of each player of a GAN, written out: a lesson's exercise asks for the same.

`gan.GAN` does both in one step, with more to choose; `trial` compares a learner's with these.
"""

from course_utils.base.backend import keras, tf
from course_utils.models import gan_losses
from course_utils.models.interface import apply_gradients


def update_discriminator(
    generator, discriminator, optimizer, real, latents, labels=None, *, loss: str = "hinge"
) -> tf.Tensor:
    """One step of the optimizer for the discriminator's weights; returns its loss before the step.

    real: images (n, height, width, channels) in [-1, 1]; latents: (n, latent_size), for as many
        generated images; labels: whole numbers (n,), of real and generated images alike, for
        networks that are told the class as rows of 0 and 1
    loss: a name in `gan_losses.GAN_LOSSES`

    Real and generated images go through the discriminator in separate calls, so that batch
    normalization treats each kind by itself.
    """
    fake = generator(with_classes(generator, latents, labels), training=True)
    with tf.GradientTape() as tape:
        real_logits = discriminator(with_classes(discriminator, real, labels), training=True)
        fake_logits = discriminator(with_classes(discriminator, fake, labels), training=True)
        value = gan_losses.gan_loss(loss).discriminator(real_logits, fake_logits)
    apply_gradients(optimizer, tape, value, discriminator)
    return value


def update_generator(
    generator, discriminator, optimizer, latents, labels=None, *, loss: str = "hinge"
) -> tf.Tensor:
    """One step of the optimizer for the generator's weights; returns its loss before the step.

    The arguments are those of `update_discriminator`, without real images.
    """
    with tf.GradientTape() as tape:
        fake = generator(with_classes(generator, latents, labels), training=True)
        fake_logits = discriminator(with_classes(discriminator, fake, labels), training=True)
        value = gan_losses.gan_loss(loss).generator(fake_logits)
    apply_gradients(optimizer, tape, value, generator)
    return value


def with_classes(network: keras.Model, inputs, labels):
    """What a network is called with: inputs alone, or with rows of 0 and 1 made of labels (n,)."""
    if labels is None:
        return inputs
    return [inputs, tf.one_hot(labels, network.inputs[1].shape[-1])]
