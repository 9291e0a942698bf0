"""Builders of the course's small networks, as Keras functional models.

Image networks work on pixels in [-1, 1]; the models that own them (`gan`, ...) scale from and to
[0, 1]. Nothing is trained here.
"""

from course_utils._tensorflow import keras

layers = keras.layers


def halvings(size: int) -> int:
    """How often an image side can be halved before it is 8 pixels or less, or odd.

    >>> [halvings(size) for size in (28, 32, 64, 30, 27)]
    [2, 2, 3, 1, 0]
    """
    count = 0
    while size > 8 and size % 2 == 0:
        size //= 2
        count += 1
    return count


def check_image_shape(image_shape: tuple[int, int, int]) -> int:
    """Return how often images of this shape are halved; refuse shapes the networks cannot serve."""
    if (
        not isinstance(image_shape, tuple | list)
        or len(image_shape) != 3
        or any(not isinstance(side, int) or side < 1 for side in image_shape)
    ):
        raise ValueError(
            f"image_shape is {image_shape!r}; give (height, width, channels), such as (28, 28, 1)."
        )
    height, width, _ = image_shape
    count = min(halvings(height), halvings(width))
    if count == 0 or max(height, width) >> count > 16:
        raise ValueError(
            f"Images of {height} x {width} pixels cannot be halved down to about 8 pixels a side; "
            "resize or pad them, for example to 28 x 28, 32 x 32 or 64 x 64."
        )
    return count


def _check_positive(**sizes: int) -> None:
    for name, size in sizes.items():
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise ValueError(f"{name} is {size!r}; give a whole number of 1 or more.")


def generator(
    image_shape: tuple[int, int, int] = (28, 28, 1), latent_size: int = 64, width: int = 48
) -> keras.Model:
    """Latents (n, latent_size) to images (n, *image_shape) in [-1, 1], by transposed convolutions.

    `width` is the number of channels at half the image's side; it doubles with each further
    halving. The plan is DCGAN's (Radford et al. 2016), much narrower, and with windows of 4 x 4,
    which cover all pixels equally often (Odena et al. 2016).
    """
    count = check_image_shape(image_shape)
    _check_positive(latent_size=latent_size, width=width)
    height, wide, channels = image_shape
    filters = width * 2 ** (count - 1)
    latents = keras.Input((latent_size,), name="latents")
    x = layers.Dense((height >> count) * (wide >> count) * filters, use_bias=False)(latents)
    x = layers.Reshape((height >> count, wide >> count, filters))(x)
    for _ in range(count - 1):
        filters //= 2
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    images = layers.Conv2DTranspose(
        channels, 4, strides=2, padding="same", activation="tanh", name="images"
    )(x)
    return keras.Model(latents, images, name="generator")


def discriminator(
    image_shape: tuple[int, int, int] = (28, 28, 1), width: int = 24, *, batch_norm: bool = True
) -> keras.Model:
    """Images (n, *image_shape) in [-1, 1] to one logit each (n, 1), by strided convolutions.

    `width` is the number of channels after the first convolution; it doubles with each further one.
    batch_norm: normalise the inner layers by their batch (Radford et al. 2016), which bears a large
        learning rate. Turn it off for penalties on the gradient of single images.
    """
    count = check_image_shape(image_shape)
    _check_positive(width=width)
    images = keras.Input(image_shape, name="images")
    x = images
    for step in range(count + 1):
        normalised = batch_norm and step > 0
        x = layers.Conv2D(width * 2**step, 4, strides=2, padding="same", use_bias=not normalised)(x)
        if normalised:
            x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.Flatten()(x)
    logits = layers.Dense(1, name="logits")(x)
    return keras.Model(images, logits, name="discriminator")


def dense_generator(
    latent_size: int = 2, num_features: int = 2, widths: tuple[int, ...] = (64, 64)
) -> keras.Model:
    """Latents (n, latent_size) to points (n, num_features), any real values."""
    _check_positive(latent_size=latent_size, num_features=num_features)
    latents = keras.Input((latent_size,), name="latents")
    x = latents
    for width in widths:
        x = layers.Dense(width, activation="relu")(x)
    return keras.Model(latents, layers.Dense(num_features, name="points")(x), name="generator")


def dense_discriminator(num_features: int = 2, widths: tuple[int, ...] = (64, 64)) -> keras.Model:
    """Points (n, num_features) to one logit each (n, 1)."""
    _check_positive(num_features=num_features)
    points = keras.Input((num_features,), name="points")
    x = points
    for width in widths:
        x = layers.Dense(width)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    return keras.Model(points, layers.Dense(1, name="logits")(x), name="discriminator")


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
    _check_positive(num_classes=num_classes, num_features=num_features, width=width)
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
    # Without the normalisation most of these units died in training: always 0, for every image.
    x = layers.BatchNormalization()(layers.Dense(num_features, use_bias=False)(x))
    features = layers.ReLU(name="features")(x)
    x = layers.Dropout(0.2)(features)
    logits = layers.Dense(num_classes, name="logits")(x)
    return keras.Model(images, logits, name="feature_classifier")
