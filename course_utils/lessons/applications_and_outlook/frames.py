"""Frames between two pictures: by fading, by moving pixels along an optical flow, through latents.

Owns how they are made and measured, as float arrays (frames, n, height, width) of gray pictures;
how they play is in `clip`.
"""

import numpy as np
from scipy import ndimage

from course_utils.base.arguments import check_finite, check_real, check_whole
from course_utils.models.latent_space import interpolate


def between(first, second, flow, share) -> np.ndarray:
    """Both ends moved along the flow to the time `share`, then cross-faded, (height, width).

    first, second: gray images (height, width)
    flow: (2, height, width), where in `second` each pixel of `first` is found, as an offset in rows
        and columns, as of `skimage.registration.optical_flow_tvl1(first, second)`
    share: 0 gives first, 1 second

    The flow of a pixel is taken to be that at the place where it is looked for, which is near
    enough where neighbors move alike.
    """
    first, second, flow = (np.asarray(one, float) for one in (first, second, flow))
    share = check_real("The share", share, 0, 1)
    if first.ndim != 2 or second.shape != first.shape or flow.shape != (2, *first.shape):
        raise ValueError(
            f"The images have shapes {first.shape} and {second.shape}, the flow {flow.shape}; give "
            "two images (height, width) and a flow (2, height, width)."
        )

    def moved(image, amount):
        places = np.indices(image.shape) + amount * flow
        return ndimage.map_coordinates(image, places, order=1, mode="nearest")

    return (1 - share) * moved(first, -share) + share * moved(second, 1 - share)


def three_ways(model, start, end, num_frames: int, label: int | None = None) -> dict:
    """Frames from the images of some latents to those of others, made in three ways.

    model: generates gray images of latents, of one class where it has classes and `label` is given
    start, end: latents (n, latent_size) each
    num_frames: at least 2, the ends included

    Returns "cross-fade", "flow" (TV-L1, Zach, Pock and Bischof 2007) and "latents" (Shoemake 1985),
    each (num_frames, n, height, width) in [0, 1]; all three have the same ends.
    """
    from skimage import registration  # half a second, which only this needs

    times = np.linspace(0, 1, check_whole("num_frames", num_frames, 2))
    told = {} if label is None else {"labels": label}
    latents = np.stack(
        [np.asarray(model.generate(interpolate(start, end, time), **told)) for time in times]
    )
    if latents.ndim != 5 or latents.shape[-1] != 1:
        raise ValueError(
            f"The model makes images of shape {latents.shape[2:]}; give one of gray images."
        )
    latents = latents[..., 0]
    pairs = list(zip(latents[0], latents[-1], strict=True))
    flows = [registration.optical_flow_tvl1(*pair) for pair in pairs]
    moved = [
        [between(*pair, flow, time) for pair, flow in zip(pairs, flows, strict=True)]
        for time in times
    ]
    faded = [(1 - time) * latents[0] + time * latents[-1] for time in times]
    return {
        "cross-fade": np.stack(faded).astype(np.float32),
        "flow": np.clip(moved, 0, 1).astype(np.float32),
        "latents": latents,
    }


def ghosts(made) -> float:
    """How gray the middle frame is, as a multiple of how gray the ends are; 1 is no ghost.

    made: frames of black-and-white drawings, (frames, n, height, width) in [0, 1]. Gray is the mean
    of 4 p (1 - p), which is 0 for black and white, 1 for one half.
    """
    made = _checked(made)
    gray = (4 * made * (1 - made)).mean(axis=(1, 2, 3))
    ends = gray[[0, -1]].mean()
    if ends == 0:
        raise ValueError("The ends have no gray at all; give frames with smooth outlines.")
    return float(gray[len(gray) // 2] / ends)


def unsteadiness(made) -> float:
    """The largest change between neighboring frames over the mean one, averaged over the clips.

    made: as for `ghosts`, all clips with some change; 1 is perfectly steady.
    """
    changes = np.abs(np.diff(_checked(made), axis=0)).mean(axis=(2, 3))
    mean = changes.mean(axis=0)
    if (mean == 0).any():
        raise ValueError("A clip does not change at all; give frames between two pictures.")
    return float((changes.max(axis=0) / mean).mean())


def _checked(made) -> np.ndarray:
    made = check_finite("The frames", made, 4, "(frames, n, height, width)")
    if len(made) < 3:
        raise ValueError(f"There are {len(made)} frames; give at least 3.")
    return made
