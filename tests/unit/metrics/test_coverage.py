"""Precision, recall, density and coverage against the authors' package and by hand; refusals."""

import numpy as np
import pytest
from prdc import compute_prdc

from course_utils import metrics
from course_utils.metrics import coverage as module


def clouds(seed, count=300, size=8):
    random = np.random.default_rng(seed)
    real = random.normal(size=(count, size))
    return random.normal(0.3, random.uniform(0.4, 1.4), (count - 70, size)), real


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("num_neighbors", [1, 3, 5])
def test_all_four_are_those_of_the_package_of_naeem_and_others(seed, num_neighbors, capsys):
    generated, real = clouds(seed)
    found = metrics.precision_recall(generated, real, num_neighbors)
    expected = compute_prdc(real, generated, num_neighbors)
    assert found._asdict() == pytest.approx(expected, abs=1e-12)


def test_parts_of_the_rows_give_the_same(monkeypatch):
    generated, real = clouds(0)
    whole = metrics.precision_recall(generated, real)
    monkeypatch.setattr(module, "_CHUNK", 7)
    assert metrics.precision_recall(generated, real) == whole


def test_a_dropped_mode_costs_recall_and_coverage_noise_precision_and_density():
    random = np.random.default_rng(1)
    real = random.normal(size=(400, 2)) * 0.1 + 5 * random.integers(0, 2, (400, 1))
    other = random.normal(size=(400, 2)) * 0.1 + 5 * random.integers(0, 2, (400, 1))
    alike = metrics.precision_recall(other, real)
    assert min(alike) > 0.9
    one_mode = metrics.precision_recall(other[other[:, 0] < 2.5], real)
    assert one_mode.precision > 0.9 and one_mode.recall < 0.6 and one_mode.coverage < 0.6
    noisy = metrics.precision_recall(other + random.normal(size=other.shape), real)
    assert noisy.precision < 0.5 and noisy.density < 0.3


def test_it_says_all_four_in_words():
    line = np.arange(10.0)[:, np.newaxis]
    told = str(metrics.precision_recall(line[:5] + 0.1, line, 1))
    assert told == "precision 1.000, recall 0.600, density 2.000, coverage 0.600"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((np.zeros((5, 2)), np.zeros((9, 2)), 5), "5 generated and 9 real rows; give at least 6"),
        ((np.zeros((9, 2)), np.zeros((9, 3)), 5), "2 numbers a row, real 3; give features of one"),
        ((np.zeros(9), np.zeros((9, 2)), 5), r"generated has shape \(9,\); give \(n, k\)"),
        (
            (np.full((9, 2), np.nan), np.zeros((9, 2)), 5),
            "generated has values that are not finite",
        ),
        ((np.zeros((9, 2)), np.zeros((9, 2)), 0), "num_neighbors is 0"),
    ],
)
def test_what_cannot_be_compared_gets_one_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        metrics.precision_recall(*arguments)
