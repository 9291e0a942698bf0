"""Known mistakes in the exercises of lesson 12, each with the sentence that names it.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np


def _normalized(f) -> np.ndarray:
    return (f - f.mean(axis=0)) / f.std(axis=0)


CONDITIONAL_NORM = [  # functions of features, rows for the classes, scales and shifts
    (
        lambda f, rows, gamma, beta: (rows @ gamma) * f + rows @ beta,
        "normalize first: subtract the batch's mean and divide by its standard deviation.",
    ),
    (
        lambda f, rows, gamma, beta: _normalized(f),
        "that normalizes; the scale and the shift of each class are missing.",
    ),
    (
        lambda f, rows, gamma, beta: (rows @ gamma) * _normalized(f) / f.std(axis=0) + rows @ beta,
        "divide by the standard deviation, not by the variance.",
    ),
    (
        lambda f, rows, gamma, beta: (
            gamma[rows.argmax(axis=1)] * _normalized(f) + beta[rows.argmax(axis=1)]
        ),
        "right for one class; shares of several need the matrix product, `one_hot @ gamma`.",
    ),
    (
        lambda f, rows, gamma, beta: (rows @ gamma) * _normalized(f.T).T + rows @ beta,
        "each channel over the batch: the mean and the deviation of a column, axis 0.",
    ),
    (
        lambda f, rows, gamma, beta: (rows @ beta) * _normalized(f) + rows @ gamma,
        "gamma scales and beta shifts; yours are the other way round.",
    ),
]


def _planes(images, one_hot) -> np.ndarray:
    return np.ones((*images.shape[:3], 1)) * one_hot[:, None, None]


WITH_PLANES = [  # functions of images and rows of 0 and 1
    (_planes, "those are the planes; the image's own channels are missing."),
    (
        lambda images, one_hot: np.concatenate([_planes(images, one_hot), images], axis=3),
        "the image's channels come first.",
    ),
    (
        lambda images, one_hot: np.concatenate(
            [images, _planes(images, one_hot.argmax(axis=1)[:, None])], axis=3
        ),
        "one plane with the label's number makes class 9 nine times class 1; give each class a "
        "plane.",
    ),
]

PROJECTION_LOGITS = [
    (lambda h, labels, w, b, a: h @ w + b, "that is the first part; the label is missing."),
    (
        lambda h, labels, w, b, a: (a[labels] * h).sum(axis=1),
        "that is the label's part; the part for any image, h @ w + b, is missing.",
    ),
    (
        lambda h, labels, w, b, a: h @ w + (a[labels] * h).sum(axis=1),
        "the number b is missing.",
    ),
    (
        lambda h, labels, w, b, a: h @ w + b + (a[labels] * h).sum(),
        "one number for all images; sum over axis=1, so that each image keeps its own.",
    ),
    (
        lambda h, labels, w, b, a: h @ w + b + (a[labels] * h).mean(axis=1),
        "a dot product is a sum of products, not their mean.",
    ),
    (
        lambda h, labels, w, b, a: h @ w + b + a[labels].sum(axis=1),
        "the row of the table has to meet the features: multiply before you sum.",
    ),
]
