"""Detectors of lesions in phantoms, and classical ways to make more of few training images.

Images are uint8 or floats in [0, 1], (n, size, size, 1); labels (n,) are 1 with a lesion and 0
without. How many are found belongs to the lesson, the heads and lesions themselves to `data`.
"""

import random

import numpy as np

from course_utils import data, metrics
from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import augmentation

RATE = 1e-2  # of Adam at the start; it falls to 0 along a cosine
REACH = 0.7  # how far from the middle of the image lesions are tried, along each side
SHIFT = 2 / 28  # the largest shift, as a share of the sides
_CHUNK = 500  # images judged at once: bounds the memory, not the result
_TRIES = 1000  # places for one lesion: in a head nearly every second one is free


def train(images, labels, *, steps: int = 400, batch_size: int = 64, seed: int = 0) -> keras.Model:
    """A new detector, trained to say of each image whether there is a lesion; logits (n, 1).

    Two convolutions, which see 9 x 9 pixels, find what looks like a lesion, wherever it lies; the
    largest answer in the image decides. Cross-entropy, Adam; the same number of steps for any
    number of images. The same seed gives the same detector; random numbers elsewhere are not
    touched.
    Raises ValueError if images and labels do not fit, or if one of the two labels is missing.
    """
    images, labels = _check_labeled(images, labels)
    check_whole("steps", steps)
    check_whole("batch_size", batch_size)
    check_whole("seed", seed, 0)
    detector = _network(images.shape[1:], seed)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(RATE, steps))
    optimizer.build(detector.trainable_variables)
    everything = tf.constant(_scaled(images)), tf.constant(labels[:, np.newaxis], tf.float32)

    @tf.function
    def step(rows):
        seen, wanted = (tf.gather(one, rows) for one in everything)
        with tf.GradientTape() as tape:
            logits = detector(seen, training=True)
            losses = tf.nn.sigmoid_cross_entropy_with_logits(wanted, logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, detector.trainable_variables)
        optimizer.apply_gradients(zip(gradients, detector.trainable_variables, strict=True))

    # Traced here: TensorFlow warns of functions that are traced often and called seldom.
    step = step.get_concrete_function(tf.TensorSpec((batch_size,), tf.int64))
    order = np.random.default_rng(seed)
    passes = [order.permutation(len(images)) for _ in range(-(-steps * batch_size // len(images)))]
    for rows in np.concatenate(passes)[: steps * batch_size].reshape(steps, batch_size):
        step(tf.constant(rows, tf.int64))
    return detector


def _network(image_shape: tuple[int, ...], seed: int) -> keras.Model:
    layers, state = keras.layers, random.getstate()  # Keras draws its layers' seeds from it
    try:
        random.seed(seed)
        return keras.Sequential(
            [
                keras.Input(image_shape),
                layers.Conv2D(16, 5, strides=2, padding="same", activation="relu"),
                layers.Conv2D(32, 3, padding="same", activation="relu"),
                layers.GlobalMaxPooling2D(),
                layers.Dense(1),
            ]
        )
    finally:
        random.setstate(state)


def scores(detector: keras.Model, images) -> np.ndarray:
    """How surely the detector sees a lesion in each image: logits (n,), float32."""
    images = data.check_images(images)
    chunks = (images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK))
    found = [detector(_scaled(chunk), training=False).numpy() for chunk in chunks]
    return np.concatenate(found)[:, 0]


def auc(scores, labels) -> float:
    """The chance that an image with a lesion scores above one without; scores and labels (n,).

    >>> auc([0.1, 0.4, 0.3, 0.9], [0, 0, 1, 1])
    0.75
    """
    scores, labels = np.asarray(scores), _check_both(labels)
    if scores.shape != labels.shape:
        raise ValueError(
            f"scores has shape {scores.shape} for labels of shape {labels.shape}; give one score "
            "for each label."
        )
    return metrics.membership_auc(scores[labels == 1], scores[labels == 0])


# ---- more of few images --------------------------------------------------------------------------


def augmented(images, labels, times: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """`times` changed copies of each image, float32 (times * n, size, size, 1), and their labels.

    Every second copy is mirrored, and each image moves by up to `SHIFT` of its sides, each way:
    what is known not to change the answer. (`augmentation` does not mirror, since a generator would
    learn it; a detector may.)
    """
    images, labels = _check_labeled(images, labels)
    check_whole("times", times)
    check_whole("seed", seed, 0)
    scaled, copies = _scaled(images), []
    for number in range(times):
        turned = scaled[:, :, ::-1] if number % 2 else scaled
        copies.append(augmentation.shift(turned, (seed, number), SHIFT).numpy())
    return data.unscale_pixels(np.concatenate(copies)), np.tile(labels, times)


def with_lesions(
    images, labels, n: int, kinds=("bright",), seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """n healthy heads of the images, each as it is and with a lesion that `data.add_lesion` draws.

    Float32 (2 * n, size, size, 1) and int64 (2 * n,): n zeros, then n ones. Heads are drawn with
    repetition; places are uniform where a lesion fits into the head, radii and contrasts uniform in
    `data.LESION_RADII` and `data.LESION_CONTRASTS`, kinds with equal chances. A lesion may lie on a
    ventricle, since nothing here knows where these are.
    """
    images, labels = _check_labeled(images, labels)
    check_whole("n", n)
    draw = np.random.default_rng(check_whole("seed", seed, 0))
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    heads = data.as_floats(images[labels == 0])[draw.integers(np.sum(labels == 0), size=n)]
    ill = np.stack([_with_lesion(head, kinds, draw) for head in heads])
    return np.concatenate([heads, ill]), np.repeat([0, 1], n)


def _with_lesion(head: np.ndarray, kinds, draw: np.random.Generator) -> np.ndarray:
    radius, contrast = draw.uniform(*data.LESION_RADII), draw.uniform(*data.LESION_CONTRASTS)
    kind = kinds[draw.integers(len(kinds))]
    data.add_lesion(head, (0, 0), radius, contrast, kind)  # a bad kind is refused here
    for _ in range(_TRIES):
        try:
            return data.add_lesion(head, draw.uniform(-REACH, REACH, 2), radius, contrast, kind)[0]
        except ValueError:  # it reaches outside the head
            continue
    raise ValueError("No lesion fits into this head; give images of heads, such as data.phantoms.")


# ---- arguments -----------------------------------------------------------------------------------


def _scaled(images: np.ndarray) -> np.ndarray:
    return data.scale_pixels(data.as_floats(images))


def _check_labeled(images, labels) -> tuple[np.ndarray, np.ndarray]:
    images, labels = data.check_images(images), _check_both(labels)
    if len(images) != len(labels):
        raise ValueError(
            f"There are {len(labels)} labels for {len(images)} images; give one for each."
        )
    return images, labels


def _check_both(labels) -> np.ndarray:
    labels = data.check_labels(labels)
    if set(np.unique(labels)) != {0, 1}:
        raise ValueError(
            f"labels has the values {np.unique(labels).tolist()}; give 1 for a lesion and 0 for "
            "none, and some of both."
        )
    return labels
