"""One picture as a set of patches: reading a photo, its patches, and pictures made of them.

Owns what lesson 13 needs without a network; the trained generator is in `one_photo`.
"""

from os import PathLike
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from course_utils import metrics
from course_utils.base.arguments import check_whole

SMALLEST_SIDE = 32  # pixels; a smaller photograph has too few patches to learn from
NARROWEST = 20  # pixels of the shorter side, once it is shrunk
NOISE = 0.5  # spread of the noise that patch matching starts from


def prepare_photo(photo, longest: int = 96) -> np.ndarray:
    """A photograph as float32 (height, width, 3) in [0, 1], its longer side `longest` pixels.

    photo: a file's path, or an array (height, width), (height, width, 1, 3 or 4), uint8 or floats
    in [0, 1]. Gray becomes three equal channels; what is transparent becomes white. Raises
    FileNotFoundError, TypeError or ValueError with one sentence for anything else.
    """
    check_whole("longest", longest, SMALLEST_SIDE)
    pixels = _read(photo) if isinstance(photo, str | PathLike) else _as_floats(photo)
    if pixels.ndim == 2:
        pixels = pixels[..., np.newaxis]
    if pixels.shape[2] == 4:
        opacity = pixels[..., 3:]
        pixels = pixels[..., :3] * opacity + (1 - opacity)
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        raise ValueError(
            f"The photo has {pixels.shape[0]} x {pixels.shape[1]} pixels; give one with at least "
            f"{SMALLEST_SIDE} on each side."
        )
    pixels = np.broadcast_to(pixels, (*pixels.shape[:2], 3))
    scale = longest / max(pixels.shape[:2])
    size = tuple(round(side * scale) for side in pixels.shape[:2])
    if min(size) < NARROWEST:
        raise ValueError(
            f"The photo has {pixels.shape[0]} x {pixels.shape[1]} pixels, too narrow: shrunk to "
            f"{longest} the shorter side would have {min(size)}; cut a piece that is less narrow."
        )
    return resize(pixels, size)


def resize(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A picture (height, width, channels) at another size, smoothed where it shrinks; float32."""
    from skimage import transform

    resized = transform.resize(picture, size, order=1, mode="reflect", anti_aliasing=True)
    return np.clip(resized, 0, 1).astype(np.float32)


def _read(path) -> np.ndarray:
    if not Path(path).is_file():
        raise FileNotFoundError(f"There is no file {str(path)!r}; check its name and folder.")
    try:
        with Image.open(path) as picture:
            upright = ImageOps.exif_transpose(picture)  # as its camera was held
            return np.asarray(upright.convert("RGBA"), np.float32) / 255
    except (UnidentifiedImageError, OSError):  # also a file that breaks off
        raise ValueError(
            f"The file {str(path)!r} is not a picture that Pillow can read; give a PNG or JPEG."
        ) from None


def _as_floats(photo) -> np.ndarray:
    if photo is None:
        raise TypeError("The photo is None; give a file's path or an array of pixels.")
    photo = np.asarray(photo)
    if photo.dtype != np.uint8 and photo.dtype.kind != "f":
        raise TypeError(f"The photo is {photo.dtype}; give uint8, or floats from 0 to 1.")
    if photo.ndim not in (2, 3) or (photo.ndim == 3 and photo.shape[2] not in (1, 3, 4)):
        raise ValueError(
            f"The photo has shape {photo.shape}; give (height, width) or (height, width, channels) "
            "with 1, 3 or 4 channels."
        )
    if photo.size == 0:
        raise ValueError(f"The photo is empty: it has shape {photo.shape}.")
    if photo.dtype == np.uint8:
        return photo.astype(np.float32) / 255
    if not np.isfinite(photo).all() or photo.min() < 0 or photo.max() > 1:
        raise ValueError("The photo's floats are not all from 0 to 1; divide by 255, or clip.")
    return photo.astype(np.float32)


# ---- pyramid and patches -------------------------------------------------------------------------


def pyramid_sizes(
    size: tuple[int, int], num_scales: int = 4, coarsest: int = 20
) -> list[tuple[int, int]]:
    """Sizes (height, width) from coarse to fine; the coarsest's shorter side is `coarsest`.

    >>> pyramid_sizes((64, 96), 3, 16)
    [(16, 24), (32, 48), (64, 96)]
    """
    check_whole("num_scales", num_scales, 2)
    check_whole("coarsest", coarsest)
    if min(size) < coarsest:
        raise ValueError(
            f"The size {size} cannot have scales from {coarsest} pixels on; give a larger size."
        )
    shares = np.linspace(0, 1, num_scales)
    factors = (coarsest / min(size)) ** (1 - shares)
    return [tuple(round(float(side * factor)) for side in size) for factor in factors]


def patches(picture: np.ndarray, side: int, step: int = 1) -> np.ndarray:
    """All square patches of a picture (height, width, channels): (n, side, side, channels).

    >>> patches(np.zeros((8, 10, 3)), 7).shape
    (8, 7, 7, 3)
    """
    picture = np.asarray(picture)
    if picture.ndim != 3 or not 1 <= side <= min(picture.shape[:2]):
        raise ValueError(
            f"Patches of side {side} do not fit into a picture of shape {picture.shape}."
        )
    windows = np.lib.stride_tricks.sliding_window_view(picture, (side, side), axis=(0, 1))
    windows = np.moveaxis(windows[::step, ::step], 2, -1)
    return windows.reshape(-1, side, side, picture.shape[2])


def patch_distances(picture, photo, side: int, step: int = 2) -> np.ndarray:
    """For every `step`-th patch of a picture, the distance to the photo's nearest patch.

    Root mean squared difference of a value, on a scale from 0 to 1; all the photo's patches are
    searched.
    """
    queries, known = patches(picture, side, step), patches(photo, side)
    return metrics.nearest_neighbors(queries, known).distances / np.sqrt(queries[0].size)


# ---- patch matching ------------------------------------------------------------------------------


def average_patches(found: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Lay patches (n, side, side, channels) at all their places; the mean where they overlap.

    It undoes `patches`: what comes out is float32 (height, width, channels).
    """
    side, (height, width) = found.shape[1], size
    places = height - side + 1, width - side + 1
    if min(places) < 1 or len(found) != places[0] * places[1]:
        raise ValueError(
            f"{len(found)} patches of side {side} do not fill {height} x {width} pixels."
        )
    found = found.reshape(*places, side, side, -1)
    total = np.zeros((height, width, found.shape[-1]), np.float32)
    count = np.zeros((height, width, 1), np.float32)
    for row in range(side):
        for column in range(side):
            here = slice(row, row + places[0]), slice(column, column + places[1])
            total[here] += found[:, :, row, column]
            count[here] += 1
    return total / count


def match(picture: np.ndarray, photo: np.ndarray, side: int = 11) -> np.ndarray:
    """Replace every patch of a picture by the photo's nearest one; the mean where they overlap."""
    known = patches(photo, side)
    found = metrics.nearest_neighbors(patches(picture, side), known)
    return average_patches(known[found.indices], picture.shape[:2])


def rearrange(
    photo: np.ndarray,
    seed: int | None = None,
    *,
    size: tuple[int, int] | None = None,
    num_scales: int = 4,
    coarsest: int = 20,
    side: int = 11,
    repeats: int = 3,
) -> np.ndarray:
    """A picture of `size` (height, width) made of a photo's patches, from noise and coarse to fine.

    At each scale every patch is replaced by the photo's nearest one, `repeats` times: a short form
    of what Granot et al. (2022) do, who in addition see to it that no patch is used too often.
    """
    check_whole("repeats", repeats)
    sizes = pyramid_sizes(photo.shape[:2], num_scales, coarsest)
    size = photo.shape[:2] if size is None else size
    picture = None
    for level_size in sizes:
        level = resize(photo, level_size)
        here = tuple(
            max(side, round(whole * part / full))
            for whole, part, full in zip(size, level_size, photo.shape, strict=False)
        )
        if picture is None:
            noise = np.random.default_rng(seed).standard_normal((*here, photo.shape[2]))
            picture = (level.mean(axis=(0, 1)) + NOISE * noise).astype(np.float32)
        picture = resize(picture, here)
        for _ in range(repeats):
            picture = match(picture, level, side)
    return picture


# ---- image quilting ------------------------------------------------------------------------------


def quilt(
    photo: np.ndarray,
    size: tuple[int, int],
    block: int = 16,
    overlap: int = 5,
    tolerance: float = 0.1,
    seed: int | None = None,
) -> np.ndarray:
    """A picture of `size` (height, width) sewn of a photo's blocks (Efros and Freeman 2001).

    Each block is drawn among those whose overlap with what is there differs by at most
    1 + tolerance times the least squared difference; the seam follows the least difference.
    """
    if not 1 <= overlap < block <= min(photo.shape[:2]):
        raise ValueError(
            f"block is {block} and overlap {overlap}; give 1 <= overlap < block, and a block that "
            f"fits into the photo of shape {photo.shape}."
        )
    random = np.random.default_rng(seed)
    candidates = patches(photo, block)
    step = block - overlap
    rows, columns = (-(-(max(side, block) - overlap) // step) for side in size)
    canvas = np.zeros((rows * step + overlap, columns * step + overlap, photo.shape[2]), np.float32)
    for row in range(rows):
        for column in range(columns):
            place = canvas[row * step : row * step + block, column * step : column * step + block]
            covered = np.zeros((block, block), bool)
            covered[:overlap] |= row > 0
            covered[:, :overlap] |= column > 0
            errors = ((candidates[:, covered] - place[covered]) ** 2).sum(axis=(1, 2))
            good = np.flatnonzero(errors <= errors.min() * (1 + tolerance) + 1e-6)
            chosen = candidates[random.choice(good)]
            error = ((chosen - place) ** 2).sum(axis=2)
            new = np.ones((block, block), bool)
            if row > 0:
                new &= (np.arange(block)[:, np.newaxis] >= _seam(error[:overlap].T)).reshape(
                    block, block
                )
            if column > 0:
                new &= np.arange(block) >= _seam(error[:, :overlap])[:, np.newaxis]
            place[new] = chosen[new]
    return canvas[: size[0], : size[1]]


def _seam(error: np.ndarray) -> np.ndarray:
    """For each row of an error (length, width) the column of the cheapest path from top to bottom.

    >>> _seam(np.array([[1.0, 0, 1], [0, 1, 1], [1, 0, 1]]))
    array([1, 0, 1])
    """
    cost = error.copy()
    width = cost.shape[1]
    for row in range(1, len(cost)):
        padded = np.pad(cost[row - 1], 1, constant_values=np.inf)
        cost[row] += np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    path = np.empty(len(cost), int)
    path[-1] = cost[-1].argmin()
    for row in range(len(cost) - 2, -1, -1):
        low = max(0, path[row + 1] - 1)
        path[row] = low + cost[row, low : min(width, path[row + 1] + 2)].argmin()
    return path
