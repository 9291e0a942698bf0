"""Known mistakes in the exercises of lesson 04, each with the sentence that names it.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np

from course_utils.lessons.optimizers.rules import steps_until

RATE_LIMIT = [
    (lambda H: np.linalg.eigvalsh(H)[-1], "that is L; the limit is 2/L."),
    (lambda H: 1 / np.linalg.eigvalsh(H)[-1], "that is 1/L, which is safe, but not the limit."),
    (
        lambda H: 2 / np.diag(H).max(),
        "an entry of H is no eigenvalue: the steepest direction need not be an axis.",
    ),
    (
        lambda H: 2 / np.linalg.eigvalsh(H)[0],
        "that is for the flattest direction, the smallest eigenvalue; the steepest decides.",
    ),
    (lambda H: 2 / np.trace(H), "that is the sum of the eigenvalues; take the largest."),
    (
        lambda H: 2 / np.linalg.eigvalsh(H),
        "one rate serves all directions: the smallest limit.",
    ),
]

STEPS_NEEDED = [
    (
        lambda a, b, share: np.log(share) / np.log((b - a) / (b + a)),
        "right, but steps come whole.",
    ),
    (
        lambda a, b, share: np.floor(np.log(share) / np.log((b - a) / (b + a))),
        "after so many steps at least the share is left: one more.",
    ),
    (
        lambda a, b, share: np.ceil(np.log(share) / np.log((b - a) / (b + a))),
        "nearly: where a step ends exactly at the share, less than it needs one more.",
    ),
    (
        lambda a, b, share: steps_until(share, 1 - a / b),
        "that is the rate 1/L, not the best.",
    ),
    (
        lambda a, b, share: steps_until(share, ((b - a) / (b + a)) ** 2),
        "that is the height of the loss, a square; the distance is asked for.",
    ),
]

MOMENTUM_STEP = [
    (
        lambda p, v, g, rate, m: np.array([p + v, m * v - rate * g]),
        "move by the new velocity, not by the old one.",
    ),
    (
        lambda p, v, g, rate, m: np.array([p + m * v + rate * g, m * v + rate * g]),
        "the slope pulls downhill: minus rate times gradient.",
    ),
    (
        lambda p, v, g, rate, m: np.array([m * v - rate * g, p + m * v - rate * g]),
        "right, but return the point first, then the velocity.",
    ),
    (
        lambda p, v, g, rate, m: np.array(
            [p + m * v - (1 - m) * rate * g, m * v - (1 - m) * rate * g]
        ),
        "this rule adds the whole pull, not the share 1 - m of it.",
    ),
    (
        lambda p, v, g, rate, m: np.array([p - rate * g, -rate * g]),
        "the old velocity is forgotten: keep the share m of it.",
    ),
    (
        lambda p, v, g, rate, m: np.array([p + rate * (m * v - g), m * v - g]),
        "the rate multiplies the gradient, not the velocity that is kept.",
    ),
]

ALTERNATING_STEP = [
    (
        lambda x, y, a, b: np.array([x - a * y, y + b * x]),
        "those are simultaneous steps: y has to answer the new x.",
    ),
    (
        lambda x, y, a, b: np.array([x - a * (y + b * x), y + b * x]),
        "here y moved first; x is to move first.",
    ),
    (
        lambda x, y, a, b: np.array([x - a * y, y - b * (x - a * y)]),
        "y wants V large, so it goes uphill.",
    ),
    (
        lambda x, y, a, b: np.array([x - a * x, y + b * (y - a * y)]),
        "the slope of x y by x is y, and by y it is x.",
    ),
    (
        lambda x, y, a, b: np.array([x + a * y, y + b * (x + a * y)]),
        "x wants V small, so it goes downhill.",
    ),
    (
        lambda x, y, a, b: np.array([x - a * y, y + a * (x - a * y)]),
        "each player has a rate of its own.",
    ),
]
