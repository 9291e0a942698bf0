"""The written-out updates are those of `gan.GAN`, and move one network each."""

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.models import conditional_gan, gan, networks, updates

LABELS = tf.constant([0, 1, 2, 0])


def networks_and_inputs(conditional: bool, shape=(16, 16, 1)):
    keras.utils.set_random_seed(0)
    if conditional:
        generator = networks.conditional_generator(shape, 4, 3, width=2)
        discriminator = networks.projection_discriminator(shape, 3, width=2)
    else:
        generator = networks.generator(shape, 4, width=2)
        discriminator = networks.discriminator(shape, width=2)
    rng = np.random.default_rng(0)
    real = tf.constant(np.tanh(rng.standard_normal((4, *shape))), tf.float32)
    return generator, discriminator, real, tf.constant(rng.standard_normal((4, 4)), tf.float32)


def gradient(loss, network) -> list[np.ndarray]:
    with tf.GradientTape() as tape:
        value = loss()
    return [one.numpy() for one in tape.gradient(value, network.trainable_variables)]


def changed(network, update) -> list[np.ndarray]:
    """What an update subtracts from each array of trained weights."""
    before = [one.numpy() for one in network.trainable_variables]
    update()
    return [old - one.numpy() for old, one in zip(before, network.trainable_variables, strict=True)]


@pytest.mark.parametrize("conditional", [False, True])
@pytest.mark.parametrize("loss", ["hinge", "non_saturating"])
def test_both_updates_follow_the_gradient_of_the_gan(loss, conditional):
    generator, discriminator, real, latents = networks_and_inputs(conditional)
    family = conditional_gan.ConditionalGAN if conditional else gan.GAN
    sizes = {"num_classes": 3} if conditional else {}
    model = family(generator=generator, discriminator=discriminator, seed=0, **sizes)
    model.compile(loss=loss)
    labels = LABELS if conditional else None
    fake = generator(model.generator_input(latents, labels), training=True)

    expected = gradient(lambda: model.discriminator_loss(real, fake, labels)[0], discriminator)
    arguments = (generator, discriminator, keras.optimizers.SGD(1.0))
    found = changed(
        discriminator,
        lambda: updates.update_discriminator(*arguments, real, latents, labels, loss=loss),
    )
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-6)

    def generator_loss():
        fake = generator(model.generator_input(latents, labels), training=True)
        return model.gan_loss.generator(model.logits(fake, labels))

    expected = gradient(generator_loss, generator)
    arguments = (generator, discriminator, keras.optimizers.SGD(1.0))
    found = changed(
        generator, lambda: updates.update_generator(*arguments, latents, labels, loss=loss)
    )
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-6)


def test_each_update_leaves_the_other_network_and_returns_its_loss():
    generator, discriminator, real, latents = networks_and_inputs(False)
    optimizer = keras.optimizers.Adam()
    kept = [one.numpy() for one in generator.trainable_variables]
    loss = updates.update_discriminator(generator, discriminator, optimizer, real, latents)
    assert 0 < float(loss) < 10
    for one, before in zip(generator.trainable_variables, kept, strict=True):
        np.testing.assert_array_equal(one.numpy(), before)
    kept = [one.numpy() for one in discriminator.trainable_variables]
    updates.update_generator(generator, discriminator, keras.optimizers.Adam(), latents)
    for one, before in zip(discriminator.trainable_variables, kept, strict=True):
        np.testing.assert_array_equal(one.numpy(), before)


def test_an_unknown_loss_is_refused():
    generator, discriminator, _, latents = networks_and_inputs(False)
    with pytest.raises(ValueError, match="no GAN loss 'hing'"):
        updates.update_generator(
            generator, discriminator, keras.optimizers.SGD(), latents, loss="hing"
        )
