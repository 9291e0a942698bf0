"""What counts as an array of images, and its ranges: 0..255, [0, 1], [-1, 1], black and white."""

from os import PathLike

import numpy as np


def check_images(images) -> np.ndarray:
    """Return images (n, height, width, channels) or points (n, features) as an array, or refuse.

    Images are uint8, or floats in [0, 1]; points are any finite floats. Raises TypeError for the
    wrong kind of thing or dtype, ValueError for wrong shapes and values, in one sentence each.
    """
    if isinstance(images, str | bytes | PathLike):
        shown = "bytes" if isinstance(images, bytes) else f"the file name {str(images)!r}"
        raise TypeError(
            f"images is {shown}, not an array; use data.load_images(name), "
            "and never open a pickle that you did not make: it can run any code."
        )
    if isinstance(images, tuple):
        raise TypeError(
            f"images is a tuple of {len(images)}; unpack it first: images, labels = "
            "data.load_images()."
        )
    try:
        array = np.asarray(images)
    except ValueError:  # a list of images of different sizes
        array = np.empty(0, object)
    if array.dtype == object:
        raise TypeError(
            f"images is a {type(images).__name__} of dtype object, as unpickled data and lists of "
            "unequal images are; give one array: np.stack(list_of_images_of_one_size)."
        )
    if array.ndim == 2 and array.dtype == np.uint8:
        raise ValueError(
            f"images has shape {array.shape}; uint8 images need (n, height, width, channels): "
            "use images.reshape(n, 28, 28, 1) for flat rows of 28 x 28 pixels."
        )
    if array.ndim == 3:
        missing = "np.newaxis" if array.shape[-1] in (1, 3) else "..., np.newaxis"
        axis = "batch" if array.shape[-1] in (1, 3) else "channel"
        raise ValueError(
            f"images has shape {array.shape}, so the {axis} axis is missing; "
            f"add it with images[{missing}]."
        )
    if array.ndim not in (2, 4):
        raise ValueError(
            f"images has shape {array.shape}; expected (n, height, width, channels), "
            "or (n, 2) for points."
        )
    if array.size == 0:
        raise ValueError(f"images has shape {array.shape}, so it is empty; give one image or more.")
    if array.ndim == 4 and array.shape[1] in (1, 3) and array.shape[-1] not in (1, 3):
        raise ValueError(
            f"images has shape {array.shape}, which looks like channels first; "
            "move them last with np.moveaxis(images, 1, -1)."
        )
    if array.dtype == np.uint8:
        return array
    if array.dtype not in ("float16", "float32", "float64"):
        raise TypeError(
            f"images has dtype {array.dtype}; expected uint8 in 0..255 or floats in [0, 1]: "
            "use images.astype('uint8') or images.astype('float32')."
        )
    _check_values(array)
    return array


def _check_values(array: np.ndarray) -> None:
    low, high = float(array.min()), float(array.max())  # both are NaN if any value is
    if not np.isfinite([low, high]).all():
        raise ValueError(
            "images has values that are not finite (NaN or infinity); "
            "find them with np.argwhere(~np.isfinite(images))."
        )
    # Resizing and averaging leave rounding errors of a few 1e-7 outside the range.
    slack = 1e-6
    if array.ndim == 2 or (low >= -slack and high <= 1 + slack):
        return
    if high > 2:
        remedy = "that looks like 0..255, so divide by 255"
    elif low >= -1 - slack and high <= 1 + slack:
        remedy = "that looks like [-1, 1], so use data.unscale_pixels(images)"
    else:
        remedy = "rescale or clip them"
    raise ValueError(f"images has values from {low:.4g} to {high:.4g}, not in [0, 1]; {remedy}.")


def scale_pixels(images):
    """Pixels in [0, 1] to [-1, 1], where tanh lives; for arrays and tensors of floats.

    >>> scale_pixels(np.array([0.0, 0.5, 1.0]))
    array([-1.,  0.,  1.])
    """
    # Integers would wrap around or be truncated without a word.
    if "int" in str(getattr(images, "dtype", "")):
        raise TypeError(
            f"images has dtype {images.dtype}; scale_pixels takes floats in [0, 1]: "
            "images.astype('float32') / 255."
        )
    return images * 2.0 - 1.0


def unscale_pixels(images):
    """Pixels in [-1, 1] back to [0, 1]: the inverse of `scale_pixels`."""
    return (images + 1.0) * 0.5


def binarize(images, seed: int | None = None) -> np.ndarray:
    """Images, uint8 or floats in [0, 1], with each pixel black or white: uint8, 0 or 255.

    Without a seed a pixel is white above one half. With one it is drawn: white with its gray value
    as probability (Salakhutdinov and Murray 2008). Log-likelihoods of the two cannot be compared.

    >>> binarize(np.array([[[[0.2], [0.7]]]])).ravel()
    array([  0, 255], dtype=uint8)
    """
    images = check_images(images)
    top = 255 if images.dtype == np.uint8 else 1.0
    threshold = (
        0.5 if seed is None else np.random.default_rng(seed).random(images.shape, np.float32)
    )
    return np.where(images > top * threshold, np.uint8(255), np.uint8(0))


def check_labels(labels) -> np.ndarray:
    """Labels as an array (n,), if they are one whole number for each image; else ValueError."""
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels has shape {labels.shape} and dtype {labels.dtype}; give one whole number for "
            "each image, shape (n,)."
        )
    return labels


def as_floats(images: np.ndarray) -> np.ndarray:
    """Images as float32 in [0, 1]: uint8 ones are divided by 255; float32 ones are not copied."""
    floats = images.astype(np.float32, copy=False)
    if images.dtype == np.uint8:
        floats /= np.float32(255)
    return floats
