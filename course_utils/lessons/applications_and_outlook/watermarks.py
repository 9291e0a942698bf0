"""Two invisible watermarks for gray pictures, what may happen to a picture, and who is still found.

A picture is uint8 (height, width) in 0..255. A key is a whole number: who knows it can find the
mark. Of both detectors the score is about standard normal over all other keys, for any picture.
"""

import io
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import fft, ndimage, stats

from course_utils.base.arguments import check_real, check_whole

BAND = 8, 48  # radii of the coefficients that bear the mark: finer than shades, coarser than grain
SMALLEST_SIDE = BAND[1]  # pixels; a smaller picture has no such coefficients
DEVIATION = 3.0  # gray values by which the spread mark changes a pixel, as a root mean square


def check_picture(image) -> np.ndarray:
    """A picture as an array, if it is uint8 (height, width) and large enough; else one sentence."""
    image = np.asarray(image)
    if image.dtype != np.uint8:
        raise TypeError(
            f"The picture has dtype {image.dtype}; give uint8 in 0..255, such as "
            "(255 * image).round().astype('uint8') of floats in [0, 1]."
        )
    if image.ndim != 2 or min(image.shape) < SMALLEST_SIDE:
        raise ValueError(
            f"The picture has shape {image.shape}; give one gray picture (height, width) with at "
            f"least {SMALLEST_SIDE} pixels a side: image[..., 0] drops an axis of channels."
        )
    return image


# ---- the lowest bits -----------------------------------------------------------------------------


def embed_lowest_bits(image, key: int) -> np.ndarray:
    """The picture with a random bit of the key as each pixel's lowest: none moves by more than 1.

    One of the first digital watermarks was of this kind (van Schyndel et al. 1994).
    """
    image = check_picture(image)
    return (image & 0xFE) | _bits(image.shape, key)


def detect_lowest_bits(image, key: int) -> float:
    """How many more of the lowest bits than half of them are the key's, in standard deviations."""
    image = check_picture(image)
    return _score((image & 1) == _bits(image.shape, key))


def _bits(shape: int | tuple[int, ...], key: int) -> np.ndarray:
    return np.random.default_rng(check_whole("key", key, 0)).integers(0, 2, shape, np.uint8)


def _score(agrees: np.ndarray) -> float:
    """Of n bits that know nothing of the key n/2 agree, with a standard deviation of sqrt(n)/2."""
    return float((np.count_nonzero(agrees) - agrees.size / 2) / (np.sqrt(agrees.size) / 2))


# ---- spread over the spectrum --------------------------------------------------------------------


def embed_spread(image, key: int, deviation: float = DEVIATION) -> np.ndarray:
    """The picture with a number, plus or minus by the key's bits, added to many coefficients.

    The coefficients are those of the cosine transform of the whole picture at radii in `BAND`.
    That is the additive mark of Cox et al. 1997 (equation 1), with two values in place of a normal
    distribution, and with a fixed band in place of the largest coefficients.
    deviation: how much a pixel changes, in gray values, as a root mean square
    """
    image, deviation = check_picture(image), check_real("deviation", deviation, 0, 64)
    coefficients, band = _spectrum(image)
    count = np.count_nonzero(band)
    signs = 2.0 * _bits(count, key) - 1
    coefficients[band] += deviation * np.sqrt(image.size / count) * signs
    return _to_uint8(fft.idctn(coefficients, norm="ortho"))


def detect_spread(image, key: int) -> float:
    """How many more of the coefficients' signs than half are the key's, in standard deviations.

    Blind: the picture without the mark is not needed, as it is in Cox et al. 1997. Its own
    coefficients are noise here, and by its sign alone a large one counts no more than a small one.
    A mark of strength a turns a share P(|v| < a) of n coefficients v to its side: of those half
    were there before, so that the score is about sqrt(n) P(|v| < a).
    """
    coefficients, band = _spectrum(check_picture(image))
    values = coefficients[band]
    return _score((values > 0) == _bits(len(values), key))


def _spectrum(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (height, width), and which of them bear the mark.

    Their radii count half waves a picture, so that it may be resized: its coefficients stay there.
    """
    radii = np.hypot(*np.ogrid[: image.shape[0], : image.shape[1]])
    band = (radii >= BAND[0]) & (radii <= BAND[1])
    return fft.dctn(image.astype(np.float64), norm="ortho"), band


# ---- found or not --------------------------------------------------------------------------------


class Watermark(NamedTuple):
    """embed: function(picture, key) -> picture; detect: function(picture, key) -> score."""

    embed: Callable[..., np.ndarray]
    detect: Callable[..., float]


WATERMARKS = {
    "lowest bits": Watermark(embed_lowest_bits, detect_lowest_bits),
    "spread spectrum": Watermark(embed_spread, detect_spread),
}


def threshold(false_alarm_rate: float = 1e-3) -> float:
    """The score that so large a share of the keys passes in pictures that know nothing of them.

    >>> round(threshold(0.001), 2)
    3.09
    """
    rate = check_real("false_alarm_rate", false_alarm_rate, 0, 1, open_ended=True)
    return float(stats.norm.isf(rate))


def detection_rate(
    watermark: Watermark,
    image,
    damage: Callable[[np.ndarray], np.ndarray],
    *,
    num_keys: int = 100,
    false_alarm_rate: float = 1e-3,
) -> float:
    """The share of the keys 0, 1, ... whose mark is still found after a damage to the picture."""
    limit, keys = threshold(false_alarm_rate), range(check_whole("num_keys", num_keys))
    found = [watermark.detect(damage(watermark.embed(image, key)), key) > limit for key in keys]
    return float(np.mean(found))


def psnr(image, other) -> float:
    """Peak signal-to-noise ratio in decibels: 10 log10(255^2 / mean squared difference).

    >>> round(psnr(np.zeros((64, 64), np.uint8), np.ones((64, 64), np.uint8)), 1)
    48.1
    """
    image, other = check_picture(image), check_picture(other)
    if image.shape != other.shape:
        raise ValueError(
            f"The pictures have shapes {image.shape} and {other.shape}; give two of one size."
        )
    error = np.mean((image.astype(np.float64) - other) ** 2)
    return float(10 * np.log10(255**2 / error)) if error else float("inf")


# ---- what may happen to a picture ----------------------------------------------------------------


def jpeg(image, quality: int) -> np.ndarray:
    """The picture after JPEG and back; quality: from 1 (small) to 95 (faithful), Pillow's scale."""
    image = check_picture(image)
    check_whole("quality", quality, 1, 95)  # beyond 95 files only grow
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=int(quality))
    return np.asarray(Image.open(file))


def noisy(image, deviation: float, seed: int = 0) -> np.ndarray:
    """Normal noise of that standard deviation, in gray values, on every pixel."""
    image, deviation = check_picture(image), check_real("deviation", deviation, 0)
    random = np.random.default_rng(check_whole("seed", seed, 0))
    return _to_uint8(image + deviation * random.standard_normal(image.shape))


def blurred(image, radius: float) -> np.ndarray:
    """Out of focus: a Gaussian with a standard deviation of `radius` pixels."""
    image, radius = check_picture(image), check_real("radius", radius, 0)
    return _to_uint8(ndimage.gaussian_filter(image.astype(np.float64), radius))


def resized(image, factor: float) -> np.ndarray:
    """`factor` times as many rows and columns, by Pillow's bicubic, smoothed where it shrinks."""
    image, factor = check_picture(image), check_real("factor", factor, 0.01, 8)
    height, width = (max(1, round(side * factor)) for side in image.shape)
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BICUBIC))


def cropped(image, num_pixels: int) -> np.ndarray:
    """The picture without so many rows and columns at each of its four sides."""
    image = check_picture(image)
    check_whole("num_pixels", num_pixels, 0, (min(image.shape) - 1) // 2)
    height, width = image.shape
    return image[num_pixels : height - num_pixels, num_pixels : width - num_pixels]


def _to_uint8(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)
