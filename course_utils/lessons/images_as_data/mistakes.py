"""Known mistakes in the exercises of lesson 01, each with the sentence that names it.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np

BRIGHTEN = [
    (
        lambda image, amount: (image.astype(np.int16) + amount) % 256,
        "in uint8 the sum wraps around: cast to a wider type first, and clip before you cast back.",
    ),
    (
        lambda image, amount: image.astype(np.int16) + amount,
        "right so far; now clip to 0..255.",
    ),
    (
        lambda image, amount: np.minimum(image.astype(np.int16) + amount, 255),
        "that holds the upper end only; a negative amount may go below 0.",
    ),
]

TO_BYTES = [
    (
        lambda scaled: np.clip((scaled + 1) / 2 * 255, 0, 255).astype(np.uint8),
        "the cast cuts decimals off; round first.",
    ),
    (
        lambda scaled: ((scaled + 1) / 2 * 255).round().astype(np.int64) % 256,
        "what lies outside wrapped around; clip before the cast.",
    ),
    (
        lambda scaled: np.clip(scaled * 255, 0, 255).round(),
        "that is the way back from [0, 1]; -1 has to become 0.",
    ),
    (
        lambda scaled: np.clip((scaled + 1) / 2 * 256, 0, 255).round(),
        "the scale ends at 255, not at 256.",
    ),
    (
        lambda scaled: np.clip((scaled + 1) * 255, 0, 255).round(),
        "from -1 to 1 are two units: halve first.",
    ),
]

CHANGES = [
    (
        lambda video: np.abs(video[1:] - video[:-1]).mean(axis=(1, 2, 3)),
        "in uint8 the difference of 0 and 1 is 255: cast to a wider type first.",
    ),
    (
        lambda video: np.diff(video.astype(float), axis=0).mean(axis=(1, 2, 3)),
        "brighter and darker pixels cancel: take absolute values before the mean.",
    ),
    (
        lambda video: np.abs(np.diff(video.astype(float), axis=0).mean(axis=(1, 2, 3))),
        "take absolute values before the mean, not after it.",
    ),
    (
        lambda video: np.abs(np.diff(video.astype(float), axis=0)).mean(),
        "keep one number for each pair of frames: the mean runs over the other axes.",
    ),
    (
        lambda video: (np.diff(video.astype(float), axis=0) ** 2).mean(axis=(1, 2, 3)),
        "those are squared differences; absolute ones are asked for.",
    ),
    (
        lambda video: np.abs(np.diff(video.astype(float), axis=0)).sum(axis=(1, 2, 3)),
        "that is the sum over the pixels; the mean is asked for.",
    ),
]

RECONSTRUCT = [
    (
        lambda x, mean, axes, k: axes[:, :k] @ (axes[:, :k].T @ (x - mean)),
        "the mean has to be added again at the end.",
    ),
    (
        lambda x, mean, axes, k: mean + axes[:, :k] @ (axes[:, :k].T @ x),
        "take the mean off before you multiply.",
    ),
    (
        lambda x, mean, axes, k: mean + axes[:k].T @ (axes[:k] @ (x - mean)),
        "axes[:k] are rows; the axes are the columns, axes[:, :k].",
    ),
    (
        lambda x, mean, axes, k: mean + axes[:, -k:] @ (axes[:, -k:].T @ (x - mean)),
        "those are the last k axes; the first ones have the largest variances.",
    ),
]
