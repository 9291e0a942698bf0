"""The kernel distance against scikit-learn's kernel, its lack of bias, and refusals."""

import numpy as np
import pytest
from sklearn.metrics.pairwise import polynomial_kernel

from course_utils import metrics
from course_utils.metrics.kernels import squared_discrepancy


def by_scikit_learn(first, second):
    """MMD² of all pairs of different rows, one by one."""
    within = []
    for rows in (first, second):
        kernel = polynomial_kernel(rows, degree=3, coef0=1)  # gamma: 1 / k
        within.append(np.mean(kernel[~np.eye(len(rows), dtype=bool)]))
    return sum(within) - 2 * polynomial_kernel(first, second, degree=3, coef0=1).mean()


@pytest.mark.parametrize("seed", range(4))
def test_an_estimate_is_that_with_scikit_learn_s_kernel(seed):
    random = np.random.default_rng(seed)
    first, second = random.normal(size=(40, 6)), random.normal(0.5, 1.5, (30, 6))
    expected = by_scikit_learn(first, second)
    assert squared_discrepancy(first, second) == pytest.approx(expected, rel=1e-10)
    whole = metrics.kernel_distance(first, second, num_parts=3)
    assert float(whole) == pytest.approx(expected, rel=1e-10)
    assert whole.deviation == pytest.approx(0, abs=1e-12)  # each part is all there is


def test_alike_sets_are_at_0_on_average_however_small():
    random = np.random.default_rng(0)
    found = [squared_discrepancy(*random.normal(size=(2, 12, 4))) for _ in range(4000)]
    assert abs(np.mean(found)) < 4 * np.std(found) / np.sqrt(len(found))
    assert min(found) < 0 < max(found)


def test_a_shift_is_seen_and_a_larger_one_is_farther():
    random = np.random.default_rng(1)
    real, other = random.normal(size=(2, 600, 8))
    alike, near, far = (metrics.kernel_distance(other + by, real) for by in (0, 0.3, 1.0))
    assert abs(alike.distance) < 2 * alike.deviation
    assert near.distance > 10 * abs(alike.distance) and far.distance > 3 * near.distance


def test_parts_are_those_of_the_seed_and_told_in_words():
    rows = np.random.default_rng(2).normal(size=(2, 80, 3))
    settings = {"num_parts": 4, "part_size": 20}
    first, again, other = (metrics.kernel_distance(*rows, **settings, seed=s) for s in (0, 0, 1))
    assert first == again != other and first.deviation > 0
    assert str(first).endswith("between 4 parts")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"generated": np.zeros((1, 3))}, "1 generated and 9 real rows; give at least 2"),
        ({"generated": np.zeros((9, 4))}, "4 numbers a row, real 3"),
        ({"real": np.full((9, 3), np.inf)}, "real has values that are not finite"),
        ({"num_parts": 0}, "num_parts is 0"),
        ({"part_size": 1}, "part_size is 1"),
    ],
)
def test_what_cannot_be_compared_gets_one_sentence(changes, words):
    arguments = {"generated": np.zeros((9, 3)), "real": np.zeros((9, 3))} | changes
    with pytest.raises(ValueError, match=words):
        metrics.kernel_distance(**arguments)
