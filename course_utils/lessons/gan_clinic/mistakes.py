"""Known mistakes in the cures of lesson 07's patients 1 to 10, with the sentence that names each.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np

# ---- 07.5: channels last -------------------------------------------------------------------------


def _images(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


# Sides that differ, equal ones, one channel, and as many images as channels.
TO_CHANNELS_LAST_CASES = [
    _images(0, (2, 3, 4, 5)),
    _images(1, (2, 3, 6, 6)),
    _images(2, (1, 1, 5, 4)),
    _images(3, (3, 3, 3, 3)),
]

TO_CHANNELS_LAST = [
    (
        lambda images: images.reshape(len(images), *images.shape[2:], images.shape[1]),
        "a reshape keeps the order in memory, so each image is scrambled; move the axis.",
    ),
    (
        lambda images: np.swapaxes(images, 1, -1),
        "that swaps channels and width; height and width have changed places, too.",
    ),
    (
        lambda images: np.moveaxis(images, -1, 1),
        "that is the way back, from channels last to channels first.",
    ),
    (lambda images: images.T, "that turns all axes around; the images have to stay first."),
    (
        lambda images: np.moveaxis(images, 0, -1),
        "axis 0 counts the images; the channels are axis 1.",
    ),
    (lambda images: images, "nothing has moved."),
    (
        lambda images: images[:, 0, :, :, np.newaxis],
        "that keeps the first channel only.",
    ),
    (
        lambda images: images.mean(axis=1)[..., np.newaxis],
        "that mixes the channels into one.",
    ),
]

# ---- 07.9: the loss of real images, once ---------------------------------------------------------

REAL_LOSS_CASES = [
    np.array([[2.0], [0.5], [-1.0]]),
    np.array([[0.0], [3.0]]),
    np.array([[100.0], [-100.0], [-4.0]]),
]


def _cost(logits) -> np.ndarray:
    """-log σ(logit): what a real image costs the discriminator."""
    return np.logaddexp(0, -np.asarray(logits))


def _sigmoid(logits) -> np.ndarray:
    return np.exp(-_cost(logits))


REAL_LOSS = [
    (
        lambda logits: _cost(_cost(logits).mean()),
        "that is the loss of a loss: the second cross-entropy takes the first for a logit.",
    ),
    (
        lambda logits: _cost(_cost(logits)).mean(),
        "that is the loss of a loss: the second cross-entropy takes the first for a logit.",
    ),
    (
        lambda logits: _cost(_sigmoid(logits)).mean(),
        "the sigmoid is applied twice: the cross-entropy from logits has its own.",
    ),
    (
        lambda logits: -np.log(np.clip(logits, 1e-7, 1 - 1e-7)).mean(),
        "that takes the logits for probabilities: say from_logits=True.",
    ),
    (
        lambda logits: (np.logaddexp(0, 1) - logits).mean(),
        "the arguments are swapped: the target comes first, then the logits.",
    ),
    (
        lambda logits: _cost(np.where(logits < -80, -np.inf, logits)).mean(),
        "at the logit -100 the sigmoid is rounded to 0, and log 0 is infinite; use the "
        "cross-entropy from logits.",
    ),
    (
        lambda logits: -np.log(np.clip(_sigmoid(logits), 1e-7, 1 - 1e-7)).mean(),
        "right in the middle, but at logit -100 Keras clips the probability; stay with logits.",
    ),
    (
        lambda logits: _cost(-logits).mean(),
        "that is the target 0: real images have the target 1.",
    ),
    (lambda logits: -_cost(logits).mean(), "the sign: a cross-entropy is never below 0."),
    (lambda logits: _cost(logits).sum(), "take the mean over the images, not the sum."),
    (lambda logits: _cost(logits), "one number for the batch: take the mean."),
    (lambda logits: _cost(logits)[:, 0], "one number for the batch: take the mean."),
    (
        lambda logits: _cost(logits.mean()),
        "take each image's cross-entropy first, then the mean.",
    ),
    (lambda logits: _sigmoid(logits).mean(), "that is the mean probability; -log is missing."),
    (lambda logits: (1 - _sigmoid(logits)).mean(), "that is 1 - D; the loss is -log D."),
    (lambda logits: -logits.mean(), "that is the logit itself; the cross-entropy is missing."),
]
