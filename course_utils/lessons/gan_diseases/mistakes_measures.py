"""Known mistakes in the measures of lesson 08's sections 5 to 7, with the sentence that names each.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np

# ---- 08.8: the effective number of kinds ---------------------------------------------------------

EFFECTIVE_NUMBER_CASES = [
    np.array([0.5, 0.5]),
    np.full(10, 0.1),
    np.array([0.94, 0.05, 0.01]),
    np.array([0.4, 0.0, 0.35, 0.25, 0.0]),
    np.array([0.0, 1.0, 0.0]),
]


def _entropy(shares, log=np.log) -> float:
    some = shares[shares > 0]
    return -(some * log(some)).sum()


EFFECTIVE_NUMBER = [
    (_entropy, "that is the entropy; its exponential is the number of kinds."),
    (lambda shares: _entropy(shares, np.log2), "that is the entropy in bits, no number of kinds."),
    (
        lambda shares: np.exp(-_entropy(shares)),
        "the sign: two equal kinds have to give 2, not 1/2.",
    ),
    (
        lambda shares: 2 ** _entropy(shares),
        "the power of 2 belongs to the logarithm to base 2, exp to the natural one.",
    ),
    (
        lambda shares: np.exp(_entropy(shares, np.log2)),
        "the power of 2 belongs to the logarithm to base 2, exp to the natural one.",
    ),
    (
        lambda shares: np.exp(_entropy(shares, np.log10)),
        "exp belongs to the natural logarithm, np.log.",
    ),
    (
        lambda shares: 1 / (shares**2).sum(),
        "1/Σp² is a number of kinds, too, in which small kinds count less; asked is exp(H).",
    ),
    (lambda shares: 1 / shares.max(), "that looks at the largest kind only."),
    (
        np.count_nonzero,
        "that counts every kind that occurs, however rare; asked is exp(H).",
    ),
    (len, "that counts the kinds that there might be."),
    (
        lambda shares: np.exp(_entropy(shares) / len(shares)),
        "take the sum over the kinds, not the mean: the shares are the weights already.",
    ),
    (
        lambda shares: np.exp(_entropy(shares) / np.count_nonzero(shares)),
        "take the sum over the kinds, not the mean: the shares are the weights already.",
    ),
    (
        lambda shares: np.exp(-np.log(shares[shares > 0]).mean()),
        "weigh each logarithm with its share.",
    ),
    (
        lambda shares: _entropy(shares) / np.log(len(shares)),
        "that is the entropy over its largest value, a share; asked is a number of kinds.",
    ),
]

# ---- 08.9: what is appended, from features (n, h, w, c) ------------------------------------------

APPENDED = [
    (
        lambda features: features.std(axis=0).mean(axis=-1, keepdims=True),
        "the last channel holds a number for each place; take the mean over the places, too.",
    ),
    (
        lambda features: features.std(axis=(1, 2, 3))[:, np.newaxis, np.newaxis, np.newaxis],
        "that is how much each image varies within itself; compare the images: axis 0.",
    ),
    (
        lambda features: features.std(axis=-1).mean(),
        "that is the deviation over the channels; compare the images: axis 0.",
    ),
    (
        lambda features: features.std(),
        "take the deviation of each feature over the images first, then the mean: here places and "
        "channels that differ from each other count as variety.",
    ),
    (
        lambda features: features.std(axis=0, ddof=1).mean(),
        "divide by the number of images, not by one less.",
    ),
    (
        lambda features: features.var(axis=0).mean(),
        "that is the mean variance; take its root first, for each feature.",
    ),
    (
        lambda features: np.sqrt(features.var(axis=0).mean()),
        "that is the root of the mean; take each feature's root first, then the mean.",
    ),
    (
        lambda features: np.abs(features - features.mean(axis=0)).mean(),
        "that is the mean distance from the mean, not the standard deviation.",
    ),
    (lambda features: features.mean(), "that is the mean of the features, not their deviation."),
    (lambda features: 0.0, "the last channel is 0, whatever the images are."),
]

# ---- 08.11: better by more than the seeds differ -------------------------------------------------

_NAN = float("nan")
_LOW, _HIGH = [3.0, 3.2, 3.1], [4.0, 4.1, 4.5]
IS_BETTER_CASES = [
    tuple(np.array(one) for one in pair)
    for pair in (
        (_LOW, _HIGH),
        ([3.0, 3.2, 4.2], _HIGH),  # on average, and at its best, and in each place
        ([3.0, 4.3, 4.2], _HIGH),
        (_HIGH, _LOW),
        ([4.2, 3.2, 3.1], _HIGH),
        ([3.9, 3.0, 2.0], [5.0, 4.0, 6.0]),  # not place by place
        ([5.1, 3.0, 2.0], [6.0, 5.0, 5.2]),
        ([3.0, 3.5, 4.0], [4.0, 5.0, 6.0]),  # a tie
        ([3.0, _NAN, 3.1], _HIGH),
        (_LOW, [_NAN, 5.0, 4.0]),
        (_LOW, [_NAN, 2.0, 4.0]),
        (_LOW, [_NAN, _NAN, _NAN]),
        ([_NAN, _NAN, _NAN], _HIGH),
        ([1.0, 9.0, 9.5], [10.0, 10.1, 10.2]),  # a wide spread, and still below
        ([4.0, 4.1, 4.2], [1.0, 1.2, 9.0]),
        ([3.0, 3.1], [3.2, 3.3, 3.4, 3.5]),
    )
]


def _infinite(values) -> np.ndarray:
    return np.nan_to_num(values, nan=np.inf)


IS_BETTER = [
    (
        lambda ours, theirs: _infinite(ours).mean() < _infinite(theirs).mean(),
        "that compares the means, which differ with other seeds, too.",
    ),
    (
        lambda ours, theirs: np.mean(ours) < np.mean(theirs),
        "that compares the means, which differ with other seeds, too.",
    ),
    (
        lambda ours, theirs: np.median(_infinite(ours)) < np.median(_infinite(theirs)),
        "that compares the medians, which differ with other seeds, too.",
    ),
    (
        lambda ours, theirs: _infinite(ours).min() < _infinite(theirs).min(),
        "that compares the best of both, which are lucky seeds.",
    ),
    (
        lambda ours, theirs: _infinite(ours).max() < _infinite(theirs).max(),
        "that compares the worst of both; a wide spread of theirs makes any of ours better.",
    ),
    (
        lambda ours, theirs: _infinite(ours).min() > _infinite(theirs).max(),
        "these are distances: smaller is better.",
    ),
    (
        lambda ours, theirs: not _infinite(ours).max() < _infinite(theirs).min(),
        "that is the opposite: True where it is not better.",
    ),
    (
        lambda ours, theirs: ours[0] < theirs[0],
        "one seed of each is an anecdote.",
    ),
    (
        lambda ours, theirs: all(a < b for a, b in zip(ours, theirs, strict=False)),
        "seed 0 of one has nothing to do with seed 0 of the other: compare all with all.",
    ),
    (
        lambda ours, theirs: _infinite(ours).max() <= _infinite(theirs).min(),
        "a tie is not better.",
    ),
    (
        lambda ours, theirs: np.max(ours) < np.min(theirs),
        "a NaN among theirs makes the smallest NaN, and no number is below that; it should count "
        "as infinitely bad.",
    ),
    (
        lambda ours, theirs: max(ours) < min(theirs),
        "Python's max and min give another answer for NaN in another place; handle NaN first.",
    ),
    (
        lambda ours, theirs: not np.nanmin(theirs) <= np.nanmax(ours),
        "a NaN among ours is left out, as if that training had gone well.",
    ),
    (
        lambda ours, theirs: bool(np.nanmax(ours) < np.nanmin(theirs)),
        "NaN are left out, as if those trainings had gone well, or had not been.",
    ),
]
