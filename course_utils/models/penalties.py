"""Penalties on how steep a discriminator is, for `GAN.compile(penalty=...)`.

Each factory returns penalty(discriminate, real, fake, seed) -> scalar tensor, a mean over images:
    discriminate: function of images -> logits (n, 1)
    real, fake: images (n, height, width, channels) in [-1, 1], or points (n, k), as many of each
    seed: whole numbers (2,), an int tensor or pair, on which all random numbers depend
Gradients flow through it to the discriminator's weights: derivatives of derivatives.

What is punished is the slope of each image's logit by that image alone. A layer that mixes the
images of a batch makes it a slope by all of them: batch normalization above all, `MinibatchStd` of
`critic_layers` a little.
"""

from course_utils.base.arguments import check_real
from course_utils.base.backend import keras, tf

_TINY = 1e-12  # below the root: its derivative at 0 is infinite, and times 0 it would be NaN


def gradient_penalty(weight: float = 10.0):
    """weight * E[(|∇D(x̂)| - 1)²], x̂ from `mixtures` (Gulrajani et al. 2017, equation 3: WGAN-GP).

    It draws the slope towards 1 in between real and generated images, from below and from above.

    Batch normalization makes the penalty of single images meaningless, so `GAN.compile` refuses it
    with a discriminator that has any (`networks.discriminator(batch_norm=False)` has none).
    """
    weight = check_real("weight", weight, 0)

    def penalty(discriminate, real, fake, seed):
        squares = squared_slopes(discriminate, mixtures(real, fake, seed))
        return weight * tf.reduce_mean(tf.square(tf.sqrt(squares + _TINY) - 1))

    penalty.check = _refuse_batch_norm
    return penalty


def r1(weight: float = 10.0):
    """weight / 2 * E[|∇D(x)|²] at real images (Mescheder et al. 2018, equation 9).

    It draws the slope there towards 0, where it has to be when the generator has learned the data.
    No root, no random numbers. Like any penalty here it is meant for a discriminator without batch
    normalization, through which the slope by one image depends on the others.
    """
    weight = check_real("weight", weight, 0)

    def penalty(discriminate, real, fake, seed):
        return weight / 2 * tf.reduce_mean(squared_slopes(discriminate, real))

    return penalty


def mixtures(real, fake, seed) -> tf.Tensor:
    """ε x + (1 - ε) G(z), one ε an image, uniform in [0, 1] (Gulrajani et al. 2017, algorithm 1).

    real, fake: floats of one shape (n, ...), of any rank; so is what is returned
    """
    real = tf.convert_to_tensor(real)
    fake = tf.convert_to_tensor(fake, real.dtype)
    if not real.shape.is_compatible_with(fake.shape):
        raise ValueError(
            f"real has shape {real.shape}, fake {fake.shape}; give one generated image for each "
            "real one."
        )
    shape = tf.concat([tf.shape(real)[:1], tf.ones(real.shape.rank - 1, tf.int32)], axis=0)
    shares = tf.random.stateless_uniform(shape, seed, dtype=real.dtype)
    return shares * real + (1 - shares) * fake


def squared_slopes(discriminate, images) -> tf.Tensor:
    """|∇D(x)|², the squared length of the gradient of each image's logit by the image: (n,).

    >>> squared_slopes(lambda points: points @ [[3.0], [4.0]], [[0.0, 0.0], [5.0, 1.0]]).numpy()
    array([25., 25.], dtype=float32)
    """
    images = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(discriminate(images))  # each image has a part in its own logit only
    gradient = tape.gradient(total, images, unconnected_gradients="zero")
    return tf.reduce_sum(tf.square(gradient), axis=range(1, images.shape.rank))


def _refuse_batch_norm(discriminator: keras.Model) -> None:
    for layer in _layers(discriminator):
        if isinstance(layer, keras.layers.BatchNormalization):
            raise ValueError(
                f"gradient_penalty looks at images one by one, but {layer.name!r} of this "
                "discriminator is a batch normalization, which mixes them; give the GAN one "
                "without, such as networks.discriminator(batch_norm=False)."
            )


def _layers(network):
    """All layers of a network, those of networks inside it too."""
    for layer in getattr(network, "layers", ()):
        yield layer
        yield from _layers(layer)
