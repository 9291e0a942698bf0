"""When trainings of several seeds are better than others, and the table of all remedies."""

import itertools

import numpy as np
import pytest
from gan_diseases_record import made_record

from course_utils.lessons.gan_diseases import measures, mistakes_measures


@pytest.mark.parametrize("case", mistakes_measures.IS_BETTER_CASES)
def test_better_is_each_of_ours_against_each_of_theirs(case):
    ours, theirs = ([np.inf if np.isnan(one) else one for one in side] for side in case)
    assert measures.is_better(*case) == all(a < b for a in ours for b in theirs)


def test_luck_is_one_order_in_twenty():
    orders = list(itertools.permutations(range(6)))
    assert np.mean([measures.is_better(one[:3], one[3:]) for one in orders]) == pytest.approx(
        1 / 20
    )


def test_each_slip_in_comparing_shows_in_some_case():
    for wrong, _ in mistakes_measures.IS_BETTER:
        assert any(
            bool(wrong(*case)) != measures.is_better(*case)
            for case in mistakes_measures.IS_BETTER_CASES
        )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, 2.0, 3.04], "2.0 (1.0 to 3.0)"),
        ([1.0, np.nan, 3.0], "2.0 (1.0 to 3.0), 1 infinite"),
        ([np.nan, np.nan], "all infinite"),
    ],
)
def test_a_spread_in_words(values, words):
    assert measures.spread(np.array(values), 1) == words


def test_a_table_has_a_line_for_each_remedy_in_columns():
    record = made_record()
    lines = measures.table(record, "images").splitlines()
    assert lines[0].split() == ["Fréchet", "distance", "kinds", "steps", "ms"]
    assert [line.split()[0] for line in lines[1:]] == ["untreated", "R1", "hinge"]
    assert "10.0 (9.0 to 11.0)" in lines[1] and "1,500" in lines[1]
    assert "10.0 (8.0 to 12.0), 1 infinite" in lines[3]
    places = {line.index("9.0 (9.0 to 9.0)") for line in lines[1:] if "R1" in line or "hin" in line}
    assert len(places) == 1 and len({len(line) for line in lines}) == 1
    points = measures.table(record, "points")
    assert "on target" in points and "0.60 (0.50 to 0.70)" in points and "all infinite" in points
