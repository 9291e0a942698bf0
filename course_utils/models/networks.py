"""Builders of the course's small networks, as Keras functional models.

Image networks work on pixels in [-1, 1]; the models that own them (`gan`, ...) scale from and to
[0, 1]. Nothing is trained here.
"""

from course_utils.base.backend import keras
from course_utils.models.critic_layers import MinibatchStd, SpectralNorm
from course_utils.models.image_sizes import check_image_shape, check_sizes

layers = keras.layers

CLASS_VECTOR_SIZE = 32  # of a class, beside the latents


def generator(
    image_shape: tuple[int, int, int] = (28, 28, 1), latent_size: int = 16, width: int = 32
) -> keras.Model:
    """Latents (n, latent_size) to images (n, *image_shape) in [-1, 1], by transposed convolutions.

    `width` is the number of channels at half the image's side; it doubles with each further
    halving. The plan is DCGAN's (Radford et al. 2016), much narrower, and with windows of 4 x 4,
    which cover all pixels equally often (Odena et al. 2016).
    """
    return _generator(image_shape, latent_size, width)


def _generator(image_shape, latent_size, width, classes=None) -> keras.Model:
    """The layers of `generator`; with classes, an input, those of `conditional_generator`."""

    def normalize(x):
        if classes is None:
            return layers.BatchNormalization(momentum=0.9)(x)
        return conditional_batch_norm(x, classes, name=f"at_{x.shape[1]}")

    count = check_image_shape(image_shape)
    check_sizes(latent_size=latent_size, width=width)
    height, wide, channels = image_shape
    filters = width * 2 ** (count - 1)
    latents = keras.Input((latent_size,), name="latents")
    x = latents
    if classes is not None:
        # Without it classes mixed: after 1,500 steps 69 % were recognized instead of 92 %. With
        # entries as large as the latents' the images of one class became alike.
        vector = layers.Dense(
            CLASS_VECTOR_SIZE,
            use_bias=False,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.3),
            name="class_vector",
        )(classes)
        x = layers.Concatenate()([latents, vector])
    x = layers.Dense((height >> count) * (wide >> count) * filters, use_bias=False)(x)
    x = layers.Reshape((height >> count, wide >> count, filters))(x)
    for _ in range(count - 1):
        filters //= 2
        x = layers.ReLU()(normalize(x))
        x = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(normalize(x))
    images = layers.Conv2DTranspose(
        channels, 4, strides=2, padding="same", activation="tanh", name="images"
    )(x)
    if classes is None:
        return keras.Model(latents, images, name="generator")
    return keras.Model([latents, classes], images, name="conditional_generator")


def discriminator(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    width: int = 16,
    *,
    batch_norm: bool | None = None,
    spectral_norm: bool = False,
    minibatch_std: bool = False,
) -> keras.Model:
    """Images (n, *image_shape) in [-1, 1] to one logit each (n, 1), by strided convolutions.

    `width` is the number of channels after the first convolution; it doubles with each further one.
    batch_norm: normalize the inner layers by their batch (Radford et al. 2016), which bears a large
        learning rate. Turn it off for penalties on the gradient of single images. By default it is
        on, and off with `spectral_norm`, whose bound on the slope it would undo.
    spectral_norm: divide each layer's kernel by its largest singular value (Miyato et al. 2018)
    minibatch_std: tell the last layer, in a further channel, how much the batch varies (Karras et
        al. 2018, section 3)
    """
    batch_norm = not spectral_norm if batch_norm is None else batch_norm
    images, features = _discriminator_features(
        image_shape, width, batch_norm, spectral_norm, minibatch_std
    )
    logits = _weighted(layers.Dense(1, name="logits"), spectral_norm)(features)
    return keras.Model(images, logits, name="discriminator")


def _weighted(layer, spectral_norm: bool):
    return SpectralNorm(layer, name=layer.name) if spectral_norm else layer


def _discriminator_features(
    image_shape, width, batch_norm, spectral_norm=False, minibatch_std=False
):
    """An input of images, and the flat features (n, k) that a discriminator finds in them."""
    count = check_image_shape(image_shape)
    check_sizes(width=width)
    images = keras.Input(image_shape, name="images")
    x = images
    for step in range(count + 1):
        normalized = batch_norm and step > 0
        convolution = layers.Conv2D(
            width * 2**step, 4, strides=2, padding="same", use_bias=not normalized
        )
        x = _weighted(convolution, spectral_norm)(x)
        if normalized:
            x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    if minibatch_std:
        x = MinibatchStd()(x)
    return images, layers.Flatten()(x)


def conditional_generator(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    latent_size: int = 64,
    num_classes: int = 10,
    width: int = 48,
) -> keras.Model:
    """Latents (n, latent_size) and classes (n, num_classes) to images (n, *image_shape) in [-1, 1].

    A row of `classes` is 1 at the class and 0 elsewhere, or shares of several that sum to 1. The
    layers are those of `generator`, by default half as wide again, told the class in two ways: a
    learned vector of each class joins the latents, and each normalization has a scale and a shift a
    class (de Vries et al. 2017; both together: Brock et al. 2019, without their shared vector).
    """
    check_sizes(num_classes=num_classes)
    classes = keras.Input((num_classes,), name="classes")
    return _generator(image_shape, latent_size, width, classes)


def conditional_batch_norm(x, classes, name: str | None = None):
    """Normalize channels (n, ..., c) by the batch, then scale and shift each as the class says.

    With classes (n, k) and the learned tables gamma and beta (k, c): y = (classes gamma) x̂ +
    (classes beta). A mixture of classes gets the mixture of their rows.
    """
    channels = x.shape[-1]
    x = layers.BatchNormalization(momentum=0.9, center=False, scale=False)(x)

    def table(initial, kind):
        rows = layers.Dense(
            channels,
            use_bias=False,
            kernel_initializer=initial,
            name=None if name is None else f"{name}_{kind}",
        )(classes)
        return layers.Reshape((*(1 for _ in x.shape[1:-1]), channels))(rows)

    return x * table("ones", "gamma") + table("zeros", "beta")


def projection_discriminator(
    image_shape: tuple[int, int, int] = (28, 28, 1), num_classes: int = 10, width: int = 24
) -> keras.Model:
    """Images (n, *image_shape) in [-1, 1] and classes (n, num_classes) to one logit each (n, 1).

    The layers are those of `discriminator`, by default half as wide again; with its last features h
    the logit is w·h + b + e·h, where e is the class's row of a learned table (Miyato and Koyama
    2018, equation 4).
    """
    check_sizes(num_classes=num_classes)
    images, features = _discriminator_features(image_shape, width, batch_norm=True)
    classes = keras.Input((num_classes,), name="classes")
    embedding = layers.Dense(
        features.shape[-1], use_bias=False, kernel_initializer="zeros", name="embedding"
    )(classes)
    agreement = layers.Dot(axes=1, name="projection")([embedding, features])
    logits = layers.Add(name="logits")([layers.Dense(1, name="unconditional")(features), agreement])
    return keras.Model([images, classes], logits, name="projection_discriminator")


def encoder(
    image_shape: tuple[int, int, int] = (28, 28, 1), latent_size: int = 2, width: int = 16
) -> keras.Model:
    """Images (n, *image_shape) in [-1, 1] to (n, 2 * latent_size): mean, then log-variance.

    `width` is the number of channels after the first convolution; it doubles with each further one.
    With more than 4 latents the hidden layers are wider and leaky: see `decoder`.
    """
    count = check_image_shape(image_shape)
    dense_units, activation = _hidden(latent_size, width)
    images = keras.Input(image_shape, name="images")
    x = images
    for step in range(count):
        x = layers.Conv2D(width * 2**step, 4, strides=2, padding="same", activation=activation)(x)
    x = layers.Dense(dense_units, activation=activation)(layers.Flatten()(x))
    outputs = layers.Dense(2 * latent_size, name="mean_and_log_variance")(x)
    return keras.Model(images, outputs, name="encoder")


def decoder(
    image_shape: tuple[int, int, int] = (28, 28, 1), latent_size: int = 2, width: int = 16
) -> keras.Model:
    """Latents (n, latent_size) to one number a pixel (n, *image_shape), any real values.

    `width` is the number of channels at half the image's side; it doubles with each further
    halving, as in `encoder`, whose layers it has in reverse.

    Up to 4 latents: a hidden layer of `4 * width` units, and ReLU. With more: `8 * width` units,
    and 0.2 of what ReLU cuts off. ReLU left almost half of the units that the convolutions begin
    from dead, some places in the middle without a live one: a blemish in every sample.
    """
    count = check_image_shape(image_shape)
    dense_units, activation = _hidden(latent_size, width)
    height, wide, channels = image_shape
    filters = width * 2 ** (count - 1)
    latents = keras.Input((latent_size,), name="latents")
    x = layers.Dense(dense_units, activation=activation)(latents)
    x = layers.Dense((height >> count) * (wide >> count) * filters, activation=activation)(x)
    x = layers.Reshape((height >> count, wide >> count, filters))(x)
    for step in reversed(range(count - 1)):
        x = layers.Conv2DTranspose(
            width * 2**step, 4, strides=2, padding="same", activation=activation
        )(x)
    pixels = layers.Conv2DTranspose(channels, 4, strides=2, padding="same", name="pixels")(x)
    return keras.Model(latents, pixels, name="decoder")


def _hidden(latent_size: int, width: int) -> tuple[int, str]:
    """Dense units and activation of the hidden layers of a VAE's networks."""
    check_sizes(latent_size=latent_size, width=width)
    return (4 * width, "relu") if latent_size <= 4 else (8 * width, "leaky_relu")


def dense_generator(
    latent_size: int = 2, num_features: int = 2, widths: tuple[int, ...] = (64, 64)
) -> keras.Model:
    """Latents (n, latent_size) to points (n, num_features), any real values."""
    check_sizes(latent_size=latent_size, num_features=num_features)
    latents = keras.Input((latent_size,), name="latents")
    x = latents
    for width in widths:
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(latents, layers.Dense(num_features, name="points")(x), name="generator")


def dense_discriminator(
    num_features: int = 2,
    widths: tuple[int, ...] = (64, 64),
    *,
    spectral_norm: bool = False,
    minibatch_std: bool = False,
) -> keras.Model:
    """Points (n, num_features) to one logit each (n, 1); for the options see `discriminator`."""
    check_sizes(num_features=num_features)
    points = keras.Input((num_features,), name="points")
    x = points
    for width in widths:
        x = _weighted(layers.Dense(width), spectral_norm)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    if minibatch_std:
        x = MinibatchStd()(x)
    logits = _weighted(layers.Dense(1, name="logits"), spectral_norm)(x)
    return keras.Model(points, logits, name="discriminator")


def feature_classifier(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    num_classes: int = 10,
    num_features: int = 64,
    width: int = 32,
) -> keras.Model:
    """Images (n, *image_shape) in [-1, 1] to class logits (n, num_classes).

    The layer named `features` (n, num_features) gives the coordinates in which the course measures
    distances between sets of images.
    """
    count = check_image_shape(image_shape)
    check_sizes(num_classes=num_classes, num_features=num_features, width=width)
    images = keras.Input(image_shape, name="images")
    x = images
    for step in range(count):
        x = layers.Conv2D(width * 2**step, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    x = layers.Conv2D(x.shape[-1], 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.2)(x)
    # Without the normalization most of these units died in training: always 0, for every image.
    x = layers.BatchNormalization()(layers.Dense(num_features, use_bias=False)(x))
    features = layers.ReLU(name="features")(x)
    x = layers.Dropout(0.2)(features)
    logits = layers.Dense(num_classes, name="logits")(x)
    return keras.Model(images, logits, name="feature_classifier")
