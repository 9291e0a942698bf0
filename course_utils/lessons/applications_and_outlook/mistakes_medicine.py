"""Known mistakes in exercises 17.2 and 17.3 of lesson 17, around a detector. With sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import numpy as np

# ---- 17.2: which images to train on --------------------------------------------------------------


def training_rows(patients, is_generated, test_patients, largest_share) -> np.ndarray:
    """The right answer: the rows of a pool that may be trained on, ascending, whole numbers.

    patients (n,): from whose scan an image comes, or was made; is_generated (n,), bool;
    test_patients (m,): those of the test set, none of whose images may be used; largest_share, in
    [0, 1): generated images, the first ones, make up at most that share of the rows.
    """
    return _rows()(patients, is_generated, test_patients, largest_share)


def _allowed(share, num_real, _usable):
    return int(share / (1 - share) * num_real + 1e-9)


def _no_test_patient(patients, _is_generated, test_patients):
    return ~np.isin(patients, test_patients)


def _rows(kept=_no_test_patient, allowed=_allowed, before=False, last=False, ordered=True):
    """The right rows, or those with a slip in what is kept, counted or taken."""

    def rows(patients, is_generated, test_patients, largest_share):
        patients, is_generated = np.asarray(patients), np.asarray(is_generated, bool)
        keep = kept(patients, is_generated, test_patients)
        real, generated = (np.flatnonzero(keep & one) for one in (~is_generated, is_generated))
        num_real = np.sum(~is_generated) if before else len(real)
        count = allowed(largest_share, num_real, len(generated))
        generated = generated[max(0, len(generated) - count) :] if last else generated[:count]
        chosen = np.concatenate([real, generated])
        return np.sort(chosen) if ordered else chosen

    return rows


def _case(patients, generated, test_patients, share):
    return np.array(patients), np.array(generated, bool), np.array(test_patients), share


TRAINING_ROWS_CASES = [
    # Half may be generated; patient 3 is tested, and images were made of him, too.
    _case(
        [1, 1, 2, 3, 3, 2, 1, 4, 2, 1, 2, 4, 1], [0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1], [3], 0.5
    ),
    # Seven real ones are left, and a quarter would be two and a third.
    _case([5, 6, 7, 8, 9, 10, 11, 12, 5, 6, 7, 8, 9], [0] * 8 + [1] * 5, [9], 0.25),
    _case([2, 4, 2, 4, 6, 6, 8, 8], [1, 0, 1, 1, 0, 1, 1, 1], [8, 10], 0.6),
    _case([1, 2, 3, 1, 2, 3], [0, 0, 0, 1, 1, 1], [2], 0.0),
    _case([1, 2, 3, 4, 1, 4], [0, 0, 0, 0, 1, 1], [4], 0.9),  # fewer than would be allowed
]

TRAINING_ROWS = [
    (
        _rows(kept=lambda patients, *_: np.ones(len(patients), bool)),
        "a test patient's images are still among them: leave out each row whose patient is tested.",
    ),
    (
        _rows(kept=lambda p, g, t: ~np.isin(p, t) | g),
        "a generated image of a test patient's scan gives that scan away, too; leave it out.",
    ),
    (
        _rows(kept=lambda p, g, t: ~np.isin(p, t) | ~g),
        "the real images of a test patient are still among them; leave them out, too.",
    ),
    (
        _rows(kept=lambda p, g, t: np.isin(p, t)),
        "turned round: those are the test patients' images; keep the others.",
    ),
    (
        _rows(allowed=lambda share, num_real, usable: usable),
        "the generated images outweigh: keep only so many that they are at most the given share.",
    ),
    (
        _rows(allowed=lambda share, num_real, usable: int(share * num_real + 1e-9)),
        "that is the share of the real images; it is to be one of all, so s / (1 - s) times the "
        "real ones.",
    ),
    (
        _rows(allowed=lambda share, num_real, usable: int(share * (num_real + usable) + 1e-9)),
        "that is the share of all images before you cut; those that you drop no longer count.",
    ),
    (
        _rows(allowed=lambda share, num_real, usable: int(share * usable + 1e-9)),
        "that is a share of the generated images; it is to be their share of the whole set.",
    ),
    (
        _rows(allowed=lambda share, num_real, usable: int(np.ceil(share / (1 - share) * num_real))),
        "rounded up, the share is exceeded; round the number of generated images down.",
    ),
    (
        _rows(before=True),
        "count the real images after the test patients are gone: fewer of them allow fewer "
        "generated ones.",
    ),
    (_rows(last=True), "of the generated images the first ones are asked for, not the last."),
    (_rows(ordered=False), "the rows are right; return them in ascending order, as np.sort does."),
    (
        _rows(allowed=lambda *_: 0),
        "no generated image is left; as many may stay as the share allows.",
    ),
    (
        lambda patients, *rest: np.isin(np.arange(len(patients)), training_rows(patients, *rest)),
        "that is a mask; return the numbers of the rows, as np.flatnonzero does.",
    ),
    (
        lambda patients, *rest: np.asarray(patients)[training_rows(patients, *rest)],
        "those are patients; return the numbers of the rows.",
    ),
]

# ---- 17.3: sensitivity at a given specificity ----------------------------------------------------


def sensitivity(scores, labels, specificity) -> float:
    """The right answer: the share of labels 1 whose scores (n,) raise an alarm.

    An alarm is a score above the threshold, which is the smallest score of a healthy image (label
    0) at or below which at least the share `specificity` of the healthy scores lies.
    """
    return _found()(scores, labels, specificity)


def _of_healthy(scores, labels, specificity):
    healthy = np.sort(scores[labels == 0])
    return healthy[max(0, int(np.ceil(specificity * len(healthy) - 1e-9)) - 1)]


def _found(threshold=_of_healthy, alarms=np.greater, of=1):
    """The share of alarms among the images with the label `of`, or among all if it is None."""

    def found(scores, labels, specificity):
        scores, labels = np.asarray(scores), np.asarray(labels)
        raised = alarms(scores, threshold(scores, labels, specificity))
        return float(np.mean(raised if of is None else raised[labels == of]))

    return found


def _quantile(group, complement=False, method="inverted_cdf"):
    def threshold(scores, labels, specificity):
        chosen = scores if group is None else scores[labels == group]
        level = 1 - specificity if complement else specificity
        return np.quantile(chosen, level, method=method)

    return threshold


def _precision(scores, labels, specificity) -> float:
    raised = scores > _of_healthy(scores, labels, specificity)
    return float(np.mean(labels[raised])) if raised.any() else 0.0


def _accuracy(scores, labels, specificity) -> float:
    return float(np.mean((scores > _of_healthy(scores, labels, specificity)) == labels))


def _pairs(healthy, ill):
    """Scores and labels, mixed up."""
    scores = np.array([*healthy, *ill])
    order = np.random.default_rng(len(scores)).permutation(len(scores))
    return scores[order], (order >= len(healthy)).astype(int)


SENSITIVITY_CASES = [
    (*_pairs([-3, -2.5, -2, -1.8, -1, -0.5, 0, 0.4, 1, 3], [0.5, 1, 1.5, 2, 4, -1, 3.5, 5]), 0.9),
    (*_pairs([0.1, 0.2, 0.3, 0.35, 0.7], [0.65, 0.32, 0.9, 0.25, 0.6, 0.36, 0.15]), 0.75),
    (*_pairs([-1, -1, 0, 2, 2, 6, 7], [-2, 1, 2, 3, 8, 6.5, 2.5, 9, 0, 5]), 0.6),
    (*_pairs([-4, -3, -1, 1], [-3.5, -2, 0, 2, 5]), 0.5),
    (*_pairs([0, 1, 2, 4, 6, 7], [3, 4, 5, 6, 6.5, 8, 9]), 1.0),
]

SENSITIVITIES = [
    (
        _found(_quantile(None)),
        "the threshold comes from all scores, so that it moves with the number of ill; take the "
        "healthy ones only.",
    ),
    (
        _found(_quantile(1)),
        "the threshold comes from the ill; specificity is about the healthy: labels == 0.",
    ),
    (
        _found(_quantile(0, complement=True)),
        "with that threshold most healthy raise an alarm: the share below it is the specificity, "
        "not 1 minus it.",
    ),
    (
        _found(_quantile(0, method="linear")),
        "the threshold lies between two scores (np.quantile interpolates); asked is one of the "
        'healthy scores, such as np.quantile(..., method="inverted_cdf").',
    ),
    (
        _found(alarms=np.greater_equal),
        "a score equal to the threshold raises no alarm: use >, since that healthy one counts as "
        "cleared.",
    ),
    (
        _found(alarms=np.less_equal),
        "that is the share of the ill who are missed; the sensitivity is 1 minus it.",
    ),
    (
        _found(of=None),
        "that is the share of alarms among all images; sensitivity asks the ill ones only.",
    ),
    (
        _found(of=0),
        "that is the share of the healthy who raise an alarm; sensitivity asks the ill ones.",
    ),
    (_precision, "that is the precision, ill among alarms; asked are alarms among the ill."),
    (_accuracy, "that is the share of right verdicts; sensitivity asks the ill ones only."),
    (
        _found(lambda *_: 0),
        "that threshold is fixed at 0; set it so that the specificity is what was asked for.",
    ),
    (
        _found(lambda scores, labels, specificity: specificity),
        "the specificity is a share of the healthy, not a score: find the score that has it.",
    ),
    (
        _found(_of_healthy, lambda scores, threshold: 100.0 * (scores > threshold)),
        "that is in percent; return a share from 0 to 1.",
    ),
    (_of_healthy, "that is the threshold; return the share of the ill who score above it."),
]
