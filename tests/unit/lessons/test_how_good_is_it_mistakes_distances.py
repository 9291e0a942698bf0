"""Every known mistake of exercises 14.2 and 14.3 is told its own sentence, no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told
from scipy.spatial.distance import cdist

from course_utils import metrics
from course_utils.checks import check_function
from course_utils.lessons.how_good_is_it import mistakes_distances as mistakes
from course_utils.metrics import kernels


def discrepancy_in_loops(generated, real):
    def kernel(row, other):
        return (sum(row * other) / len(row) + 1) ** 3

    def within(rows):
        return np.mean([kernel(a, b) for i, a in enumerate(rows) for b in np.delete(rows, i, 0)])

    mixed = np.mean([kernel(a, b) for a in generated for b in real])
    return within(generated) - 2 * mixed + within(real)


def recall_in_a_loop(generated, real, num_neighbors):
    is_found = np.zeros(len(real), bool)
    for place, center in enumerate(generated):
        others = np.delete(generated, place, axis=0)
        radius = np.sort(cdist([center], others)[0])[num_neighbors - 1]
        is_found |= cdist([center], real)[0] <= radius
    return is_found.sum() / len(is_found)


EXERCISES = {
    "14.2": (
        discrepancy_in_loops,
        mistakes.squared_discrepancy,
        mistakes.DISCREPANCY_CASES,
        mistakes.DISCREPANCIES,
    ),
    "14.3": (recall_in_a_loop, mistakes.recall, mistakes.RECALL_CASES, mistakes.RECALLS),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, cases, known = EXERCISES[name]
    assert_each_is_told(name, right, cases, known, capsys, expected)


@pytest.mark.parametrize("case", mistakes.DISCREPANCY_CASES)
def test_the_discrepancy_is_that_of_the_package(case):
    ours = kernels.squared_discrepancy(*case)
    assert mistakes.squared_discrepancy(*case) == pytest.approx(ours, rel=1e-12)


def test_one_discrepancy_is_below_0_and_the_sets_differ_in_size():
    assert min(mistakes.squared_discrepancy(*case) for case in mistakes.DISCREPANCY_CASES) < -1
    assert all(len(generated) != len(real) for generated, real in mistakes.DISCREPANCY_CASES)


@pytest.mark.parametrize("case", mistakes.RECALL_CASES)
def test_recall_is_that_of_the_package(case):
    assert mistakes.recall(*case) == pytest.approx(metrics.precision_recall(*case).recall)


@pytest.mark.parametrize("case", mistakes.RECALL_CASES)
def test_no_real_row_is_on_the_edge_of_a_ball(case):
    generated, real, num_neighbors = case
    radii = np.sort(cdist(generated, generated), axis=1)[:, [num_neighbors]]
    assert abs(cdist(generated, real) - radii).min() > 1e-5


def test_a_bare_root_is_wrong_too(capsys):
    def with_a_root(generated, real):
        with np.errstate(invalid="ignore"):
            return np.sqrt(mistakes.squared_discrepancy(generated, real))

    check_function(
        "14.2",
        with_a_root,
        mistakes.squared_discrepancy,
        mistakes.DISCREPANCY_CASES,
        hints=mistakes.DISCREPANCIES,
    )
    assert "got 2.71786, which is not right." in capsys.readouterr().out
