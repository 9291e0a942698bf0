"""Every known mistake of exercise 14.8 is told its own sentence, no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told
from scipy import stats

from course_utils.lessons.how_good_is_it import mistakes_memory as mistakes


def auc_under_the_curve(members, others):
    """The trapezoids under the share of members over the share of others, at each threshold."""
    thresholds = np.sort(np.append(np.concatenate([members, others]), np.inf))[::-1]
    found, false = ([(scores >= one).mean() for one in thresholds] for scores in (members, others))
    return np.trapezoid(found, false)


def test_each_mistake_is_told_its_sentence(capsys):
    cases, known = mistakes.AUC_CASES, mistakes.AUCS
    assert_each_is_told("14.8", auc_under_the_curve, cases, known, capsys, mistakes.auc)


@pytest.mark.parametrize("case", mistakes.AUC_CASES)
def test_the_chance_is_that_of_the_test_of_ranks(case):
    members, others = case
    pairs = len(members) * len(others)
    assert mistakes.auc(*case) == pytest.approx(stats.mannwhitneyu(*case).statistic / pairs)
