"""Every known mistake of exercises 14.6 and 14.11 is told its own sentence, no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told
from scipy import stats

from course_utils.lessons.how_good_is_it import mistakes_curves as mistakes


def limit_by_least_squares(sizes, distances):
    columns = np.stack([np.ones(len(sizes)), 1 / sizes], axis=1)
    return np.linalg.lstsq(columns, distances, rcond=None)[0][0]


def power_law_by_scipy(sizes, errors):
    line = stats.linregress(np.log2(sizes), np.log2(errors))
    return 2**line.intercept, -line.slope


EXERCISES = {
    "14.6": (limit_by_least_squares, mistakes.limit, mistakes.LIMIT_CASES, mistakes.LIMITS),
    "14.11": (
        power_law_by_scipy,
        mistakes.power_law,
        mistakes.POWER_LAW_CASES,
        mistakes.POWER_LAWS,
    ),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, cases, known = EXERCISES[name]
    assert_each_is_told(name, right, cases, known, capsys, expected)


def test_what_lies_on_a_curve_is_found_exactly():
    sizes = np.array([100, 300, 700, 5000])
    assert mistakes.limit(sizes, 3.5 + 40 / sizes) == pytest.approx(3.5)
    np.testing.assert_allclose(mistakes.power_law(sizes, 8.0 * sizes**-0.3), [8, 0.3])
