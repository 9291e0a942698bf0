"""Phantoms, which are computed head scans: Shepp and Logan's, and heads that differ.

Lengths and places are those of `lesions`, which draws what is wrong in a head. Learners reach both
through `data`, which re-exports them.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from course_utils.base.arguments import check_name, check_real, check_whole
from course_utils.data.lesions import LESION_KINDS, lesion_changes, pixel_places

LESION_RADII = (0.14, 0.24)  # of the lesions that `phantoms` draws: 2 to 3.4 pixels of 28
LESION_CONTRASTS = (0.05, 0.5)

_SHARPNESS = 4  # points in a pixel, along each side
_POINTS = 2**20  # computed at once: bounds the memory, not the result
_CANDIDATES = 128  # places tried for a lesion: enough for the largest one in 100,000 heads


# Ellipses that add up: value, half axes (x, y), center (x, y), degrees turned to the left

_GEOMETRY = np.array(
    [
        (0.69, 0.92, 0, 0, 0),
        (0.6624, 0.874, 0, -0.0184, 0),
        (0.11, 0.31, 0.22, 0, -18),
        (0.16, 0.41, -0.22, 0, 18),
        (0.21, 0.25, 0, 0.35, 0),
        (0.046, 0.046, 0, 0.1, 0),
        (0.046, 0.046, 0, -0.1, 0),
        (0.046, 0.023, -0.08, -0.605, 0),
        (0.023, 0.023, 0, -0.605, 0),
        (0.023, 0.046, 0.06, -0.605, 0),
    ]
)
_ORIGINAL = np.array([2, -0.98, -0.02, -0.02] + [0.01] * 6) / 2  # the table's 0..2 as 0..1
_MODIFIED = np.array([1, -0.8, -0.2, -0.2] + [0.1] * 6)


def shepp_logan(size: int = 64, *, modified: bool = True) -> np.ndarray:
    """The head phantom of ten ellipses, float32 (size, size, 1) in [0, 1].

    The ellipses are those of Shepp and Logan (1974). With `modified` the gray values are the
    clearer ones of Toft (1996, p. 199): brain 0.2, tumors 0.3, ventricles 0. Without it they are
    the original ones, halved; tumors then differ from the brain by 1 %, too little to see.

    >>> shepp_logan(64)[32, 32].round(2), shepp_logan(64, modified=False)[32, 32].round(2)
    (array([0.2], dtype=float32), array([0.51], dtype=float32))
    """
    check_whole("size", size, 16, 1024)
    values = _MODIFIED if modified else _ORIGINAL
    drawn = _draw(np.column_stack([values, _GEOMETRY])[np.newaxis], size)[0]
    return np.clip(drawn, 0, 1)[..., np.newaxis]


def _draw(ellipses: np.ndarray, size: int) -> np.ndarray:
    """Images, float32 (n, size, size), of the sums of ellipses (n, count, 6).

    A pixel is the mean of 4 x 4 points, which smooths the edges.
    """
    n, fine = len(ellipses), size * _SHARPNESS
    columns, rows = pixel_places(fine)
    images = np.empty((n, size, size), np.float32)
    chunk = max(1, _POINTS // fine**2)
    for start in range(0, n, chunk):
        part = ellipses[start : start + chunk].astype(np.float32)
        points = np.zeros((len(part), fine, fine), np.float32)
        for ellipse in np.moveaxis(part, 1, 0):
            value, wide, high, x, y, angle = ellipse.T[..., np.newaxis, np.newaxis]
            cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
            across, along = columns - x, rows - y
            levels = ((across * cosine + along * sine) / wide) ** 2
            levels += ((along * cosine - across * sine) / high) ** 2
            points += value * (levels <= 1)
        blocks = points.reshape(-1, size, _SHARPNESS, size, _SHARPNESS)
        images[start : start + chunk] = blocks.mean(axis=(2, 4))
    return images


# Heads that differ


class Phantoms(NamedTuple):
    """n images with what is known of them.

    images: float32 (n, size, size, 1) in [0, 1]
    labels: int64 (n,), 1 for a head with a lesion, 0 for one without
    masks: bool (n, size, size, 1), True where the lesion is, False everywhere without one
    """

    images: np.ndarray
    labels: np.ndarray
    masks: np.ndarray


# What a head is drawn with: gray values, and lengths and places as above, uniform between the ends.
_ANATOMY = {
    "x": (-0.05, 0.05),
    "y": (-0.05, 0.05),
    "tilt": (-12, 12),
    "wide": (0.72, 0.82),
    "high": (0.82, 0.92),
    "skull_thickness": (0.07, 0.1),
    "skull": (0.8, 0.95),
    "brain": (0.35, 0.5),
    "ventricle_depth": (0.15, 0.3),
    "left_wide": (0.045, 0.07),
    "left_high": (0.1, 0.17),
    "left_lean": (6, 20),
    "right_wide": (0.045, 0.07),
    "right_high": (0.1, 0.17),
    "right_lean": (6, 20),
    "ventricle_x": (0.12, 0.17),
    "ventricle_y": (-0.1, 0.15),
}


def phantoms(
    n: int,
    size: int = 28,
    seed: int = 0,
    *,
    lesion_share: float = 0.5,
    kinds: Iterable[str] = ("bright",),
    noise: float = 0.06,
) -> Phantoms:
    """`n` random heads, of which each has one lesion with probability `lesion_share`.

    Skull, brain and two ventricles vary in size, place, tilt and gray value. A lesion is one of
    `kinds` (`LESION_KINDS`, see `add_lesion`), lies in the brain outside the ventricles, and has
    a radius in `LESION_RADII` and a contrast in `LESION_CONTRASTS`, uniform. `noise` is the
    standard deviation of the Gaussian noise of each pixel; the images are then clipped to [0, 1].

    The first phantoms of a seed are the same for every n. The heads and the noise depend on the
    seed and the size only: with lesion_share=0 and lesion_share=1 one gets each head without and
    with its lesion. Raises ValueError or TypeError for unfit arguments.

    >>> healthy, ill = phantoms(5, lesion_share=0), phantoms(5, lesion_share=1)
    >>> np.array_equal(healthy.images[~ill.masks], ill.images[~ill.masks])
    True
    """
    check_whole("n", n, 0)
    check_whole("size", size, 16, 1024)
    check_whole("seed", seed, 0)
    check_real("lesion_share", lesion_share, 0, 1)
    check_real("noise", noise, 0, 1)
    listed = isinstance(kinds, Iterable) and not isinstance(kinds, str)
    kinds = tuple(kinds) if listed else (kinds,)
    if not kinds:
        raise ValueError(f"kinds is empty; give one or more of {', '.join(LESION_KINDS)}.")
    for kind in kinds:
        check_name("kind of lesion", kind, LESION_KINDS)

    heads, lesions, places, pixels = map(
        np.random.default_rng, np.random.SeedSequence(seed).spawn(4)
    )
    low, high = np.array(list(_ANATOMY.values())).T
    anatomy = dict(zip(_ANATOMY, (low + (high - low) * heads.random((n, len(low)))).T, strict=True))
    ellipses = _head_ellipses(anatomy)
    images = _draw(ellipses, size)
    images += np.float32(noise) * pixels.standard_normal(images.shape, np.float32)

    present, which, of_radii, of_contrasts = lesions.random((n, 4)).T
    labels = (present < lesion_share).astype(np.int64)
    radii = LESION_RADII[0] + (LESION_RADII[1] - LESION_RADII[0]) * of_radii
    contrasts = LESION_CONTRASTS[0] + (LESION_CONTRASTS[1] - LESION_CONTRASTS[0]) * of_contrasts
    centers = _free_places(ellipses, radii, places)
    masks = np.zeros(images.shape, bool)
    chosen = (which * len(kinds)).astype(int)
    for number, kind in enumerate(kinds):
        rows = np.flatnonzero((labels == 1) & (chosen == number))
        changes, masks[rows] = lesion_changes(
            size, centers[rows], radii[rows], contrasts[rows], kind
        )
        images[rows] += changes
    return Phantoms(np.clip(images, 0, 1)[..., np.newaxis], labels, masks[..., np.newaxis])


def _head_ellipses(anatomy: dict[str, np.ndarray]) -> np.ndarray:
    """The ellipses (n, 4, 6) of skull, brain, left and right ventricle."""
    x, y, tilt, thickness = (anatomy[name] for name in ("x", "y", "tilt", "skull_thickness"))
    skull, brain, wide, high = (anatomy[name] for name in ("skull", "brain", "wide", "high"))
    ellipses = [
        (skull, wide, high, x, y, tilt),
        (brain - skull, wide - thickness, high - thickness, x, y, tilt),
    ]
    for side, sign in (("left", -1), ("right", 1)):
        right, up = _turned(sign * anatomy["ventricle_x"], anatomy["ventricle_y"], tilt)
        half_axes = anatomy[f"{side}_wide"], anatomy[f"{side}_high"]
        angle = tilt - sign * anatomy[f"{side}_lean"]
        ellipses.append((-anatomy["ventricle_depth"], *half_axes, x + right, y + up, angle))
    return np.array(ellipses).transpose(2, 0, 1)


def _free_places(ellipses: np.ndarray, radii: np.ndarray, random) -> np.ndarray:
    """For each head a center (n, 2) at which a disc lies in the brain, beside the ventricles."""
    brain, *ventricles = ellipses.transpose(1, 2, 0)[1:, :, :, np.newaxis]
    # The margin, since the places at one distance from an ellipse are not quite an ellipse.
    distance = radii[:, np.newaxis] + 0.02
    _, wide, high, x, y, angle = brain
    length, turn = np.moveaxis(random.random((len(radii), _CANDIDATES, 2)), -1, 0)
    length, turn = np.sqrt(length), 2 * np.pi * turn
    across, along = _turned(
        (wide - distance) * length * np.cos(turn), (high - distance) * length * np.sin(turn), angle
    )
    places = np.stack([x + across, y + along], axis=-1)
    free = np.ones(length.shape, bool)
    for _, wide, high, x, y, angle in ventricles:
        across, along = _turned(places[..., 0] - x, places[..., 1] - y, -angle)
        free &= (across / (wide + distance)) ** 2 + (along / (high + distance)) ** 2 > 1
    return places[np.arange(len(radii)), free.argmax(axis=1)]  # the first that is free


def _turned(x, y, degrees):
    """Places x, y, turned to the left around (0, 0)."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return x * cosine - y * sine, x * sine + y * cosine
