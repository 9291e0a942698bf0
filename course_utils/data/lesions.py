"""Lesions in pictures of heads: drawing one on demand, and the masks that say where one is.

Places are (x, y) as in Shepp and Logan's table: x to the right and y up, from -1 to 1 across the
image, so a radius of 0.2 is 2.8 pixels of 28. The heads themselves belong to `phantoms`.
"""

import numpy as np

from course_utils.base.arguments import check_finite, check_name, check_real
from course_utils.data.images import as_floats, check_images

LESION_KINDS = ("bright", "dark", "ring")


def add_lesion(
    image, center, radius: float, contrast: float, kind: str = "bright"
) -> tuple[np.ndarray, np.ndarray]:
    """One head with a lesion of this place, size and contrast: image and mask (size, size, 1).

    image: one phantom (size, size, 1), floats in [0, 1] or uint8; it is not changed
    center: (x, y), x to the right and y up, from -1 to 1 across the image
    radius: in the same unit, one pixel (2 / size) or more
    contrast: the change of the gray values, from 0 to 1
    kind: "bright", a disc with a soft edge; "dark", the same but darker than the brain; "ring", a
        bright rim around a dark core

    The image is float32 in [0, 1], the mask bool. Raises ValueError or TypeError for unfit
    arguments, and where a part of the lesion would lie outside the head.

    >>> from course_utils.data import shepp_logan
    >>> image, mask = add_lesion(shepp_logan(64), (0, -0.4), radius=0.1, contrast=0.3)
    >>> image[44, 32], mask.sum()
    (array([0.5], dtype=float32), np.int64(32))
    """
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[0] != image.shape[1] or image.shape[2] != 1:
        raise ValueError(
            f"image has shape {image.shape}; give one phantom (size, size, 1), such as "
            "data.phantoms(8).images[0]."
        )
    image = as_floats(check_images(image[np.newaxis]))[0]
    place = check_finite("center", center, 1, "two numbers, (x, y)")
    if place.shape != (2,):
        raise ValueError(f"center has shape {place.shape}; give two numbers, (x, y).")
    size = len(image)
    radius = check_real("radius", radius, 2 / size, 1)
    contrast = check_real("contrast", contrast, 0, 1)
    check_name("kind of lesion", kind, LESION_KINDS)
    changes, masks = lesion_changes(
        size, place[np.newaxis], np.array([radius]), np.array([contrast]), kind
    )
    mask = masks[0, :, :, np.newaxis]
    leaves_image = np.abs(place).max() + radius > 1
    if leaves_image or (mask & ~_heads(image[np.newaxis])[0]).any():
        raise ValueError(
            f"The lesion at ({place[0]:g}, {place[1]:g}) with radius {radius:g} reaches outside "
            "the head; move it toward (0, 0) or make it smaller."
        )
    return np.clip(image + changes[0, :, :, np.newaxis], 0, 1), mask


def check_masks(masks, images) -> np.ndarray:
    """The masks of the lesions in images, bool (n, size, size, 1); ValueError if they do not fit.

    >>> from course_utils.data import phantoms
    >>> scans = phantoms(2)
    >>> check_masks(scans.masks, scans.images).dtype
    dtype('bool')
    """
    masks, images = np.asarray(masks), check_images(images)
    if masks.shape != (*images.shape[:3], 1):
        raise ValueError(
            f"masks has shape {masks.shape} for images of shape {images.shape}; give one mask for "
            "each image, of the same height and width and with one channel."
        )
    if not np.isin(masks, (0, 1)).all():
        raise ValueError(
            "masks has values other than 0 and 1; give True where the lesion is and False "
            "elsewhere: masks > 0.5."
        )
    return masks.astype(bool)


def lesion_changes(
    size: int, centers: np.ndarray, radii: np.ndarray, contrasts: np.ndarray, kind: str
) -> tuple[np.ndarray, np.ndarray]:
    """What m lesions add to images, float32 (m, size, size), and their masks, bool of that shape.

    centers: (m, 2); radii and contrasts: (m,); all as in `add_lesion`, but unchecked
    """
    columns, rows = pixel_places(size)
    x, y = centers.T[..., np.newaxis, np.newaxis]
    distances = np.hypot(columns - x, rows - y)
    radii, contrasts = radii[:, np.newaxis, np.newaxis], contrasts[:, np.newaxis, np.newaxis]

    def disc(radius):
        # Nothing outside the radius; the edge is soft over a pixel, or a third of a larger disc.
        return np.clip((radius - distances) / np.maximum(2 / size, radius / 3), 0, 1)

    whole = disc(radii)
    shape = {"bright": whole, "dark": -whole, "ring": whole - 2 * disc(0.65 * radii)}[kind]
    return (contrasts * shape).astype(np.float32), distances <= radii


def pixel_places(size: int) -> tuple[np.ndarray, np.ndarray]:
    """The x (1, size) and y (size, 1) of the centers of an image's pixels, float32.

    >>> pixel_places(2)[0], pixel_places(2)[1].ravel()
    (array([[-0.5,  0.5]], dtype=float32), array([ 0.5, -0.5], dtype=float32))
    """
    steps = (np.arange(size, dtype=np.float32) + 0.5) * 2 / size - 1
    return steps[np.newaxis], -steps[:, np.newaxis]


def _heads(images: np.ndarray) -> np.ndarray:
    """Which pixels belong to the head, bool (n, size, size, 1): bright ones on all four sides."""
    bright = images > 0.2 * images.max(axis=(1, 2), keepdims=True)
    inside = np.ones_like(bright)
    for axis in (1, 2):
        inside &= np.maximum.accumulate(bright, axis=axis)
        inside &= np.flip(np.maximum.accumulate(np.flip(bright, axis), axis=axis), axis)
    return inside
