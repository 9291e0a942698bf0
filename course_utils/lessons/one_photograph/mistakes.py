"""Known mistakes in the exercises of lesson 13, each with the sentence that names it.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np

NEAREST_DISTANCE = [
    (
        lambda patch, known: np.sqrt(((known - patch) ** 2).sum(axis=(1, 2, 3))).min(),
        "that is the length of the difference; the formula divides by 3 s^2: a mean.",
    ),
    (
        lambda patch, known: np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3))).mean(),
        "that is the mean distance to all of them; the nearest one counts.",
    ),
    (
        lambda patch, known: np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3))).max(),
        "that is the farthest patch; the nearest one counts.",
    ),
    (
        lambda patch, known: np.abs(known - patch).mean(axis=(1, 2, 3)).min(),
        "that takes absolute differences; the formula squares them.",
    ),
    (
        lambda patch, known: np.sqrt(((known - patch) ** 2).mean(axis=(1, 2, 3))).argmin(),
        "that is the number of the nearest patch; its distance is asked for.",
    ),
    (
        lambda patch, known: np.sqrt(((known - patch) ** 2).min()),
        "that is the smallest difference of a single value; take each patch's mean first.",
    ),
    (
        lambda patch, known: np.sqrt(((known - patch) ** 2).mean()),
        "that is over all known patches at once; take the mean of each patch, then the least.",
    ),
    (
        lambda patch, known: ((known - patch) ** 2).mean(axis=(1, 2, 3)).min(),
        "the square root is missing.",
    ),
]

GENERATOR_LOSS = [
    (
        lambda logits, made, real, alpha: -logits.mean() + ((made - real) ** 2).mean(),
        "the weight alpha is missing.",
    ),
    (
        lambda logits, made, real, alpha: -logits.mean() + alpha * np.abs(made - real).mean(),
        "square the differences; the formula has no absolute value.",
    ),
    (
        lambda logits, made, real, alpha: (
            np.maximum(0, 1 - logits).mean() + alpha * ((made - real) ** 2).mean()
        ),
        "the generator's hinge loss has no max and no margin: minus the mean logit.",
    ),
    (
        lambda logits, made, real, alpha: (
            -logits.mean() + alpha * np.sqrt(((made - real) ** 2).mean())
        ),
        "the formula has no square root.",
    ),
    (
        lambda logits, made, real, alpha: -logits.sum() + alpha * ((made - real) ** 2).mean(),
        "take the mean of the logits, not the sum.",
    ),
    (
        lambda logits, made, real, alpha: logits.mean() + alpha * ((made - real) ** 2).mean(),
        "the generator wants large logits, and a loss is made small: mind the sign.",
    ),
    (
        lambda logits, made, real, alpha: -logits.mean() + alpha * ((made - real) ** 2).sum(),
        "take the mean of the squares, not the sum.",
    ),
]

ON_WHITE = [
    (
        lambda pixels: pixels[..., :3],
        "that throws the opacity away; clear pixels show their color.",
    ),
    (lambda pixels: pixels[..., 3:] * pixels[..., :3], "that is black paper; white is 1."),
    (
        lambda pixels: pixels[..., :3] + 1 - pixels[..., 3:],
        "the color itself has to be multiplied by a.",
    ),
    (
        lambda pixels: pixels[..., 3:] * pixels[..., :3] + 255 * (1 - pixels[..., 3:]),
        "white is 1 here: the values are in [0, 1].",
    ),
    (
        lambda pixels: (1 - pixels[..., 3:]) * pixels[..., :3] + pixels[..., 3:],
        "the other way round: an opaque pixel, a = 1, shows its own color.",
    ),
]
