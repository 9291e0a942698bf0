"""Faults on purpose: what a generator, or the code after it, may do to images, one fault at a time.

Each takes real images, so that a metric that moves has seen the fault. Nothing is measured here.
"""

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from course_utils import data, metrics
from course_utils.base.arguments import check_real, check_whole
from course_utils.base.backend import tf

# ---- what all have in common ---------------------------------------------------------------------


def _floats(images) -> np.ndarray:
    """Images as a new float32 array in [0, 1], or one sentence that says what to give."""
    images = data.check_images(images)
    if images.ndim != 4:
        raise ValueError(
            f"images has shape {images.shape}; give images (n, height, width, channels), "
            "not points."
        )
    return np.clip(data.as_floats(images), 0, 1)


def _random(seed: int) -> np.random.Generator:
    return np.random.default_rng(check_whole("seed", seed, 0))


def _kinds(images: np.ndarray, labels) -> np.ndarray:
    """The label of each image; without labels the one that the frozen classifier sees."""
    if labels is None:
        return metrics.predicted_labels(images)
    labels = data.check_labels(labels)
    if len(labels) != len(images):
        raise ValueError(
            f"There are {len(images)} images and {len(labels)} labels; give one for each."
        )
    return labels


# ---- what a generator does -----------------------------------------------------------------------


def unchanged(images, seed: int = 0) -> np.ndarray:
    """The control: real images as they are. How a metric judges these is its floor."""
    return _floats(images)


def one_kind_dropped(images, seed: int = 0, *, kind: int = 5, labels=None) -> np.ndarray:
    """None is of that kind; images of the others come again in their place (mode dropping).

    kind: a label, by default 5, the sandal; labels: (n,) whole numbers, by default what the frozen
        classifier sees. Raises ValueError where no image is of another kind.
    """
    images = _floats(images)
    is_kept = _kinds(images, labels) != check_whole("kind", kind, 0)
    kept, num_dropped = np.flatnonzero(is_kept), np.count_nonzero(~is_kept)
    if len(kept) == 0:
        raise ValueError(
            f"All {len(images)} images are of kind {kind}, so none is left; give images of "
            "several kinds."
        )
    # In turn, so that none is there much more often than another.
    images[~is_kept] = images[np.resize(_random(seed).permutation(kept), num_dropped)]
    return images


def few_pictures_repeated(
    images, seed: int = 0, *, num_pictures: int = 50, labels=None
) -> np.ndarray:
    """So few different pictures, over and over, but of all kinds (mode collapse inside kinds).

    num_pictures: how many are different, each kind in its share; labels: as in `one_kind_dropped`
    """
    images, random = _floats(images), _random(seed)
    check_whole("num_pictures", num_pictures, 1, len(images))
    kinds = _kinds(images, labels)
    shuffled = random.permutation(len(images))
    by_kind = shuffled[np.argsort(kinds[shuffled], kind="stable")]
    chosen = by_kind[np.arange(num_pictures) * len(images) // num_pictures]
    return images[random.permutation(np.resize(chosen, len(images)))]


def copies(training_images, n: int, seed: int = 0) -> np.ndarray:
    """n different training images themselves, float32 in [0, 1]: what a memorizing generator draws.

    Raises ValueError where there are fewer than n.

    >>> copies(np.full((3, 28, 28, 1), 255, np.uint8), 2).shape
    (2, 28, 28, 1)
    """
    training_images = data.check_images(training_images)
    check_whole("n", n, 1, len(training_images))
    chosen = _random(seed).choice(len(training_images), n, replace=False)
    return _floats(training_images[chosen])


# ---- what happens to each picture ----------------------------------------------------------------


def blurred(images, seed: int = 0, *, radius: float = 0.5) -> np.ndarray:
    """Every picture out of focus: a Gaussian with a standard deviation of `radius` pixels."""
    images, radius = _floats(images), check_real("radius", radius, 0)
    # Rounding may leave 1 + 1e-7.
    return np.clip(ndimage.gaussian_filter(images, (0, radius, radius, 0)), 0, 1)


def noisy(images, seed: int = 0, *, deviation: float = 0.03) -> np.ndarray:
    """Normal noise of that standard deviation on every pixel, then clipped to [0, 1].

    Half of the noise on black is clipped away, so that the background gets a little lighter.
    """
    images, deviation = _floats(images), check_real("deviation", deviation, 0)
    noise = _random(seed).standard_normal(images.shape, np.float32)
    return np.clip(images + np.float32(deviation) * noise, 0, 1)


def shifted(images, seed: int = 0, *, num_pixels: int = 1) -> np.ndarray:
    """Every picture so many pixels further right; black comes in from the left.

    >>> shifted(np.array([[[[0.5], [1.0]]]]))[0, 0, :, 0]
    array([0. , 0.5], dtype=float32)
    """
    images = _floats(images)
    width = images.shape[2]
    check_whole("num_pixels", num_pixels, 0, width)
    moved = np.zeros_like(images)
    moved[:, :, num_pixels:] = images[:, :, : width - num_pixels]
    return moved


def inverted(images, seed: int = 0) -> np.ndarray:
    """Black for white and white for black, as where the paper was 0 and the ink 1."""
    return 1 - _floats(images)


# ---- what the code after a generator does --------------------------------------------------------


def resized_badly(images, seed: int = 0, *, factor: int = 2) -> np.ndarray:
    """Made smaller by keeping one pixel of `factor`, and large again by repeating each (nearest).

    What is dropped is never looked at: edges become stairs (aliasing; Parmar et al. 2022).
    """
    images, factor = _floats(images), check_whole("factor", factor)
    height, width = images.shape[1:3]
    small = images[:, ::factor, ::factor]
    return small.repeat(factor, axis=1).repeat(factor, axis=2)[:, :height, :width]


def resized_softly(images, seed: int = 0, *, factor: int = 2) -> np.ndarray:
    """Made smaller and large again by means of neighboring pixels (bilinear): smooth, no detail."""
    images, factor = _floats(images), check_whole("factor", factor)
    sizes = np.array(images.shape[1:3])
    small = tf.image.resize(images, -(-sizes // factor), antialias=True)
    return np.clip(tf.image.resize(small, sizes).numpy(), 0, 1)


def bytes_wrapped(images, seed: int = 0) -> np.ndarray:
    """Values in [-1, 1], as tanh gives them, times 255 as bytes: below 0 they start at 255 again.

    The remedy is `data.unscale_pixels` before.

    >>> bytes_wrapped(np.array([[[[0.0], [0.25], [0.5], [1.0]]]])).ravel() * 255
    array([  1., 129.,   0., 255.], dtype=float32)
    """
    values = 255 * data.scale_pixels(_floats(images))
    # A negative float as uint8 depends on the machine; a negative whole number wraps on all.
    return data.as_floats(values.astype(np.int16).astype(np.uint8))


def taken_for_zero_to_one(images, seed: int = 0) -> np.ndarray:
    """Bytes 0..255 as floats, not divided by 255, then clipped at 1: what is not black is white.

    >>> taken_for_zero_to_one(np.array([[[[0], [1], [90]]]], np.uint8)).ravel()
    array([0., 1., 1.], dtype=float32)
    """
    return np.clip(np.round(255 * _floats(images)), 0, 1)


# Each is function(images, seed) -> float32 images in [0, 1], of the same shape; images are uint8 or
# floats in [0, 1], (n, height, width, channels). Those with a strength take it by name.
PERTURBATIONS: dict[str, Callable[..., np.ndarray]] = {
    "other real images": unchanged,
    "one kind dropped": one_kind_dropped,
    "few pictures repeated": few_pictures_repeated,
    "blurred": blurred,
    "noisy": noisy,
    "shifted by one pixel": shifted,
    "inverted": inverted,
    "resized badly": resized_badly,
    "resized softly": resized_softly,
    "bytes wrapped": bytes_wrapped,
    "taken for 0 to 1": taken_for_zero_to_one,
}
