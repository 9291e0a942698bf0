"""Ways to take noise off gray images, and what of the result was not in the original.

Images are floats (n, height, width, 1); noise is normal, independent in each pixel, with a known
standard deviation in the images' own unit, [0, 1]. A flow that denoises is what learners write.
"""

import itertools

import numpy as np
from skimage import restoration

from course_utils import metrics
from course_utils.base.arguments import check_finite, check_real

WEIGHTS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0)  # of total variation, of which `total_variation` takes one
FLAT, EDGE = 0.1, 0.2  # differences of neighbors: below there is no edge, above there is one


def check_images(name: str, images) -> np.ndarray:
    """Images as float64 (n, height, width, 1), all finite, or ValueError with one sentence."""
    images = check_finite(name, images, 4, "(n, height, width, 1)")
    if images.shape[-1] != 1 or min(images.shape) < 1:
        raise ValueError(
            f"{name} has shape {images.shape}; give one or more gray images "
            "(n, height, width, 1): images[..., np.newaxis] adds the last axis."
        )
    return images


def _pair(name: str, images, other_name: str, others) -> tuple[np.ndarray, np.ndarray]:
    images, others = check_images(name, images), check_images(other_name, others)
    if images.shape != others.shape:
        raise ValueError(
            f"{name} has shape {images.shape} and {other_name} {others.shape}; give the same "
            "images in the same order."
        )
    return images, others


# ---- processing ----------------------------------------------------------------------------------


def wiener(noisy, deviation: float, examples) -> np.ndarray:
    """Wiener's filter: each frequency multiplied by signal / (signal + noise) power (Wiener 1949).

    noisy: (n, height, width, 1), clean images plus noise of that standard deviation
    examples: clean images (m, height, width, 1), whose mean and mean power spectrum it knows

    Of all linear filters that treat every place alike it has the least mean squared error, for
    images of such a mean and spectrum. Returns float64 (n, height, width, 1).
    """
    noisy, examples = check_images("noisy", noisy), check_images("examples", examples)
    if noisy.shape[1:] != examples.shape[1:]:
        raise ValueError(
            f"The noisy images have shape {noisy.shape[1:]}, the examples {examples.shape[1:]}; "
            "give both the same size."
        )
    deviation = check_real("deviation", deviation, 0)
    mean = examples.mean(axis=0)
    power = np.mean(np.abs(_spectrum(examples - mean)) ** 2, axis=0)
    noise_power = deviation**2 * mean.size
    kept = power / np.maximum(power + noise_power, np.finfo(float).tiny)
    return mean + np.fft.ifft2(kept * _spectrum(noisy - mean), axes=(1, 2)).real


def _spectrum(images: np.ndarray) -> np.ndarray:
    return np.fft.fft2(images, axes=(1, 2))


def total_variation(noisy, deviation: float, examples, seed: int = 0) -> np.ndarray:
    """The image next to the noisy one whose neighbors differ little in all (Rudin et al. 1992).

    The weight of that wish is the one of `WEIGHTS` with the least mean squared error on the
    examples under noise of that standard deviation. By scikit-image, after Chambolle 2004.
    Arguments and result are as of `wiener`.
    """
    noisy, examples = check_images("noisy", noisy), check_images("examples", examples)
    deviation = check_real("deviation", deviation, 0)
    tried = examples + deviation * np.random.default_rng(seed).standard_normal(examples.shape)
    errors = [np.mean((_smoothed(tried, weight) - examples) ** 2) for weight in WEIGHTS]
    return _smoothed(noisy, WEIGHTS[int(np.argmin(errors))])


def _smoothed(images: np.ndarray, weight: float) -> np.ndarray:
    return np.stack(
        [restoration.denoise_tv_chambolle(one[..., 0], weight)[..., np.newaxis] for one in images]
    )


# ---- what is right, and what is invented ---------------------------------------------------------


def squared_error(images, originals) -> float:
    """Mean squared difference, over images and pixels."""
    images, originals = _pair("images", images, "originals", originals)
    return float(np.mean((images - originals) ** 2))


def invented_edges(images, originals) -> float:
    """The share of places where an image has an edge and its original is flat.

    At each place it looks at the two differences to the right and below, as one length.
    """
    images, originals = _pair("images", images, "originals", originals)
    return float(np.mean((_steepness(images) > EDGE) & (_steepness(originals) < FLAT)))


def _steepness(images: np.ndarray) -> np.ndarray:
    right = np.diff(images[:, :-1, :, 0], axis=2)
    below = np.diff(images[:, :, :-1, 0], axis=1)
    return np.hypot(right, below)


def other_kind(images, originals) -> float:
    """The share of images in which the frozen Fashion-MNIST classifier sees another class."""
    images, originals = _pair("images", images, "originals", originals)
    seen, right = (
        metrics.predicted_labels(np.clip(some, 0, 1).astype(np.float32))
        for some in (images, originals)
    )
    return float(np.mean(seen != right))


# ---- a flow's two answers ------------------------------------------------------------------------


def mean_guess(noisy, deviation: float, velocity) -> np.ndarray:
    """The flow's guess of the mean of all clean images that fit: one call, no step.

    velocity: function(points, time) in the flow's range, [-1, 1], at x_t = t x + (1 - t) e; the
        guess is x_t + (1 - t) velocity. Returns images as of `wiener`, not cut off at 0 and 1.
    """
    return _along(noisy, deviation, velocity, 1)


def follow(noisy, deviation: float, velocity, num_steps: int = 12) -> np.ndarray:
    """A clean image that fits: Euler steps from the time at which the flow knows this noise.

    The right answer of exercise 17.9, which says what the arguments are.
    """
    return _along(noisy, deviation, velocity, num_steps)


def _along(noisy, deviation, velocity, num_steps) -> np.ndarray:
    noisy = np.asarray(noisy)
    start = 1 / (1 + 2 * deviation)  # (1 - t) / t is the noise in a range that is twice as wide
    points = start * (2 * noisy - 1)
    for now, then in itertools.pairwise(np.linspace(start, 1, num_steps + 1)):
        points = points + (then - now) * velocity(points, float(now))
    return (points + 1) / 2
