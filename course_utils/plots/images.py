"""Arrays of images to one picture, and to the bytes of a PNG file, with Pillow.

Owns the layout of a grid. What a page shows around a picture is in `figures`.
"""

import io
import math

import numpy as np
from PIL import Image

from course_utils.base.arguments import check_whole

GAP_VALUE = 160  # a gray that separates images with dark borders and images with bright ones


def to_uint8(images) -> np.ndarray:
    """Images as uint8 of shape (n, height, width) for gray or (n, height, width, 3) for color.

    images: (n, height, width) or (n, height, width, 1 or 3), uint8, or floats in [0, 1].
    Raises ValueError or TypeError with one sentence when they are anything else.
    """
    images = np.asarray(images)
    _check_shape(images)
    if images.dtype != np.uint8:
        if not np.issubdtype(images.dtype, np.floating):
            raise TypeError(
                f"The images are {images.dtype}; give uint8 from 0 to 255 or floats from 0 to 1."
            )
        images = _floats_to_uint8(images)
    return images[..., 0] if images.ndim == 4 and images.shape[3] == 1 else images


def _check_shape(images: np.ndarray) -> None:
    if images.ndim == 2 or (images.ndim == 3 and images.shape[2] in (1, 3)):
        raise ValueError(
            f"The shape {images.shape} looks like one single image; pass images[None] for a batch "
            "of one."
        )
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] not in (1, 3)):
        raise ValueError(
            f"The images have shape {images.shape}; give (n, height, width) or "
            "(n, height, width, channels) with 1 or 3 channels."
        )
    if images.size == 0:
        raise ValueError(f"There is nothing to draw: the images have shape {images.shape}.")


def _floats_to_uint8(images: np.ndarray) -> np.ndarray:
    low, high = float(images.min()), float(images.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        count = int((~np.isfinite(images)).sum())
        raise ValueError(
            f"{count} of {images.size} pixel values are NaN or infinite; look at the step that "
            "made these images."
        )
    if low < -1e-3 or high > 1 + 1e-3:
        raise ValueError(
            f"The float images run from {low:.4g} to {high:.4g}; bring them to [0, 1] first "
            "(data.unscale_pixels does it for values in [-1, 1])."
        )
    return (np.clip(images, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def grid_image(
    images, columns: int | None = None, gap: int = 1, scale: int = 2, fill: int = GAP_VALUE
) -> np.ndarray:
    """One uint8 picture, (height, width) or (height, width, 3), of images side by side.

    columns: images in a row, by default as many as make the grid about square.
    gap: pixels between images, before scaling. scale: each pixel becomes scale x scale pixels.
    fill: gray value of the gaps and of the empty places in the last row.

    >>> grid_image(np.zeros((6, 28, 28, 1)), columns=3, scale=1).shape
    (57, 86)
    """
    images = to_uint8(images)
    if columns is not None:
        check_whole("columns", columns)
    check_whole("scale", scale)
    n, height, width = images.shape[:3]
    columns = min(n, columns or default_columns(n))
    rows = math.ceil(n / columns)
    cell = (height + gap, width + gap)
    # A cell holds an image with a gap below and to its right; the outermost gaps are cut off.
    cells = np.full((rows * columns, *cell, *images.shape[3:]), fill, np.uint8)
    cells[:n, :height, :width] = images
    cells = cells.reshape(rows, columns, *cells.shape[1:]).swapaxes(1, 2)
    picture = cells.reshape(rows * cell[0], columns * cell[1], *images.shape[3:])
    return _enlarge(picture[: rows * cell[0] - gap, : columns * cell[1] - gap], scale)


def default_columns(n: int) -> int:
    """Images in a row so that n of them make an about square grid.

    >>> [default_columns(n) for n in (1, 2, 9, 10, 16)]
    [1, 2, 3, 4, 4]
    """
    return math.ceil(math.sqrt(n))


def _enlarge(picture: np.ndarray, scale: int) -> np.ndarray:
    return picture if scale == 1 else picture.repeat(scale, axis=0).repeat(scale, axis=1)


def png_bytes(
    image: np.ndarray,
    scale: int = 1,
    compress_level: int = 6,
    *,
    colors: int | None = None,
    keep_rare: bool = False,
) -> bytes:
    """PNG file of one uint8 picture, (height, width) or (height, width, 3); gray stays gray.

    compress_level: zlib's, from 1 (fast, for live pictures) to 9 (small).
    colors: at most so many, up to 256, in a palette, which makes a color file about a third as
        large. They are found by the median cut; with keep_rare, so that the colors of small things
        stay, such as eyes in a photo.
    """
    image = np.asarray(image)
    check_whole("scale", scale)
    is_picture = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    if image.dtype != np.uint8 or not is_picture or image.size == 0:
        raise ValueError(
            f"The picture is {image.dtype} of shape {image.shape}; give uint8 of shape "
            "(height, width) or (height, width, 3)."
        )
    file = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(_enlarge(image, scale)))
    if colors is not None:
        check_whole("colors", colors, 2, 256)
        method = Image.Quantize.MAXCOVERAGE if keep_rare else Image.Quantize.MEDIANCUT
        picture = picture.quantize(colors, method=method, dither=Image.Dither.NONE)
    picture.save(file, "PNG", compress_level=compress_level)
    return file.getvalue()


def grid_png(images, columns: int | None = None, scale: int = 2, compress_level: int = 6) -> bytes:
    """PNG file of a grid of images; arguments as in `grid_image` and `png_bytes`."""
    return png_bytes(grid_image(images, columns, scale=scale), compress_level=compress_level)
