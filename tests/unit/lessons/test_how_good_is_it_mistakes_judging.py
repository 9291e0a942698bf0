"""Every known mistake of exercises 14.1 and 14.7 is told its own sentence, no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told
from scipy import stats

from course_utils.lessons.how_good_is_it import mistakes_judging as mistakes


def interval_by_its_equation(right, asked):
    """The shares that are 1.96 of their own standard errors away from the one observed."""
    share, per_answer = right / asked, 1.96**2 / asked
    return np.sort(np.roots([1 + per_answer, -(2 * share + per_answer), share**2]).real)


def p_value_by_scipy(first, second):
    return stats.permutation_test(
        (first, second),
        lambda a, b: abs(np.mean(a) - np.mean(b)),
        n_resamples=np.inf,
        vectorized=False,
        alternative="greater",
    ).pvalue


EXERCISES = {
    "14.1": (
        interval_by_its_equation,
        mistakes.interval,
        mistakes.INTERVAL_CASES,
        mistakes.INTERVALS,
    ),
    "14.7": (p_value_by_scipy, mistakes.p_value, mistakes.P_VALUE_CASES, mistakes.P_VALUES),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, cases, known = EXERCISES[name]
    assert_each_is_told(name, right, cases, known, capsys, expected)


@pytest.mark.parametrize("case", mistakes.INTERVAL_CASES)
def test_the_interval_is_that_of_scipy(case):
    ours = stats.binomtest(*case).proportion_ci(method="wilson")  # with z = 1.95996
    np.testing.assert_allclose(mistakes.interval(*case), ours[:2], rtol=1e-4, atol=1e-6)


def test_three_seeds_against_three_give_a_tenth_at_least():
    assert mistakes.p_value(*mistakes.P_VALUE_CASES[0]) == 0.1
    random = np.random.default_rng(0)
    assert min(mistakes.p_value(*random.random((2, 3))) for _ in range(60)) == 0.1


def test_one_case_is_tied_but_for_rounding():
    tied = mistakes.P_VALUE_CASES[3]
    whole = [np.round(10 * group) for group in tied]
    assert mistakes.p_value(*tied) == mistakes.p_value(*whole) == 12 / 35
