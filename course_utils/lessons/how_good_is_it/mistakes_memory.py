"""Known mistakes in exercise 14.8 of lesson 14, on an attack's scores, with sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import numpy as np
from scipy import stats

AUC_CASES = [
    tuple(np.array(one) for one in pair)
    for pair in (
        ([0.9, 0.4, 0.7, 0.4], [0.4, 0.1, 0.8, 0.3, 0.7, 0.2]),
        ([-2.0, -5.0, 1.0], [-3.0, -2.0, 4.0, 1.0, 0.0]),  # below one half
        ([3.0, 1.0, 2.0, 2.0, 5.0, 0.0, 2.0], [2.0, 1.0, 0.5]),
    )
]


def auc(members, others) -> float:
    """The right answer: the chance that a member's score is above another's, ties half (Hanley and
    McNeil 1982)."""
    return _above(members, others) + _equal(members, others) / 2


def _above(members, others) -> float:
    return (members[:, np.newaxis] > others).mean()


def _equal(members, others) -> float:
    return (members[:, np.newaxis] == others).mean()


def _in_order(halves):
    """Each member against the one other in the same place, as far as there is one."""

    def share(members, others):
        few = min(len(members), len(others))
        members, others = members[:few], others[:few]
        return (members > others).mean() + halves * (members == others).mean()

    return share


def _accuracy(at):
    """The share of scores on the right side of a threshold at(members, others)."""

    def share(members, others):
        threshold = at(members, others)
        return ((members > threshold).sum() + (others <= threshold).sum()) / (
            len(members) + len(others)
        )

    return share


def _largest_gap(members, others) -> float:
    thresholds = np.concatenate([members, others])[:, np.newaxis]
    return ((members >= thresholds).mean(axis=1) - (others >= thresholds).mean(axis=1)).max()


AUCS = [
    (
        lambda *scores: _above(*scores) + _equal(*scores),
        "equal scores count as a whole here; half, since they say nothing.",
    ),
    (_above, "equal scores count as nothing here; half, since they say nothing."),
    (
        lambda *scores: _above(*scores) / (1 - _equal(*scores)),
        "equal pairs are left out above the line and below; count them as half.",
    ),
    (lambda *scores: 1 - auc(*scores), "turned round: a member above another counts."),
    (
        lambda *scores: _above(*scores[::-1]),
        "turned round, and without the ties: a member above another counts, equal ones half.",
    ),
    (
        lambda *scores: max(auc(*scores), 1 - auc(*scores)),
        "below one half is a finding, too: members with lower scores; return it as it is.",
    ),
    (_in_order(0.5), "those are pairs in order; compare each member with each of the others."),
    (_in_order(0), "those are pairs in order, ties left out; compare each member with each other."),
    (
        _accuracy(lambda *scores: np.median(np.concatenate(scores))),
        "that is the accuracy at the median; the chance asked for needs no threshold.",
    ),
    (
        _accuracy(lambda *scores: np.concatenate(scores).mean()),
        "that is the accuracy at the mean; the chance asked for needs no threshold.",
    ),
    (
        _largest_gap,
        "that is the largest gap between both curves, at one threshold; take all pairs.",
    ),
    (
        lambda members, others: (members > others.mean()).mean(),
        "that compares with the others' mean alone; compare with each of them.",
    ),
    (
        lambda members, others: (members > np.median(others)).mean(),
        "that compares with the others' median alone; compare with each of them.",
    ),
    (
        lambda members, others: members.mean() - others.mean(),
        "that is the difference of the means; count the pairs in which the member is above.",
    ),
    (
        lambda *scores: 2 * auc(*scores) - 1,
        "that runs from -1 to 1; the chance is half of it + 1/2.",
    ),
    (
        lambda members, others: auc(members, others) * len(members) * len(others),
        "that is how many pairs; divide by how many there are, n · m.",
    ),
    (
        lambda members, others: (
            auc(members, others) * len(members) * len(others) / len(others) ** 2
        ),
        "there are n · m pairs: each member with each of the others.",
    ),
    (
        lambda members, others: auc(members, others) * len(others),
        "divide by n · m, the number of pairs, not by the members alone.",
    ),
    (
        lambda *scores: stats.mannwhitneyu(*scores).pvalue,
        "that is a p-value; the statistic over n · m is the chance.",
    ),
]
