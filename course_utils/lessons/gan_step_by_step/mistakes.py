"""Known mistakes in the exercises of lesson 05, each with the sentence that names it.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np

from course_utils.metrics import modes_covered


def _plus(logits) -> np.ndarray:
    """log(1 + exp(logit)): what a generated point costs the discriminator."""
    return np.logaddexp(0, logits)


DISCRIMINATOR_LOSS = [  # functions of the logits of real and of generated points
    (
        lambda real, fake: _plus(-real).mean() - _plus(fake).mean(),
        "that is the wrong sign from above: -log(1 - D) is added.",
    ),
    (
        lambda real, fake: _plus(real).mean() + _plus(-fake).mean(),
        "this one calls real points generated; swap the signs inside.",
    ),
    (lambda real, fake: _plus(-real).mean(), "the generated points are missing."),
    (lambda real, fake: _plus(fake).mean(), "the real points are missing."),
    (
        lambda real, fake: _plus(-real).sum() + _plus(fake).sum(),
        "take the mean of each set, not the sum.",
    ),
    (
        lambda real, fake: np.concatenate([_plus(-real), _plus(fake)]).mean(),
        "a mean for each set, then add: the sets may differ in size.",
    ),
    (
        lambda real, fake: _plus(-real.mean()) + _plus(fake.mean()),
        "take the logarithm of each logit first, then the mean.",
    ),
    (
        lambda real, fake: -_plus(-real).mean() - _plus(fake).mean(),
        "that is V; the loss is -V.",
    ),
]

ARROW = [  # functions of a point x and of a and b, for the logit a · x + b
    (lambda x, a, b: a / (1 + np.exp(-(a @ x + b))), "that is D · a, the minimax arrow."),
    (
        lambda x, a, b: -a / (1 + np.exp(a @ x + b)),
        "that is the gradient; the arrow points against it.",
    ),
    (lambda x, a, b: a * 1.0, "that is the gradient of the logit; the pull is missing."),
    (lambda x, a, b: a / (1 + np.exp(a * x + b)), "a · x is one number: a @ x, not a * x."),
    (lambda x, a, b: a / (1 + np.exp(a @ x)), "the logit is a · x + b."),
    (lambda x, a, b: 1 / (1 + np.exp(a @ x + b)), "that is the pull; its direction is missing."),
    (
        lambda x, a, b: a / (2 + np.exp(a @ x + b) + np.exp(-(a @ x + b))),
        "that is the gradient of D; the loss is -log D, whose pull is 1 - D.",
    ),
]

# Each pair of points lies near one mode, and shows whether the largest difference, the sum of both,
# the squared distance or twice the radius is taken instead of what was asked.
NEAR_POINTS = np.array(
    [
        *([0.3, 0.3], [-0.3, 0.3]),
        *([4.4, 0.4], [3.6, 0.4]),
        *([8.6, 0.0], [7.4, 0.0]),
        *([12.0, 0.9], [12.0, -0.9]),
    ]
)
NEAR_MODES = np.array([[0.0, 0.0], [4.0, 0.0], [8.0, 0.0], [12.0, 0.0]])

COUNT_COVERED = [  # functions of points, modes, radius and at_least
    (
        lambda points, modes, radius, least: modes_covered(points, modes, radius**0.5, least),
        "that compares squared distances with the radius: take the root, or square the radius.",
    ),
    (
        lambda points, modes, radius, least: modes_covered(points, modes, 2 * radius, least),
        "that reaches twice as far: `radius` is the distance from the center.",
    ),
    (
        lambda points, modes, radius, least: (
            (np.abs(points[:, None] - modes).sum(axis=2) <= radius).sum(axis=0) >= least
        ).sum(),
        "that adds the two differences; the distance is the root of the sum of their squares.",
    ),
    (
        lambda points, modes, radius, least: (
            (np.abs(points[:, None] - modes).max(axis=2) <= radius).sum(axis=0) >= least
        ).sum(),
        "that is a square around each center; the distance takes both differences together.",
    ),
    (
        lambda points, modes, radius, least: modes_covered(points, modes, radius, 1),
        "a single point is not enough: compare the counts with at_least.",
    ),
    (
        lambda points, modes, radius, least: (
            np.linalg.norm(points[:, None] - modes, axis=2) <= radius
        ).sum(),
        "that counts points; count the modes that have enough of them.",
    ),
    (
        lambda points, modes, radius, least: modes_covered(points, modes, radius, least + 1),
        "exactly at_least points are enough: use >=.",
    ),
]
