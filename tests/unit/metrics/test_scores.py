"""The inception score against SciPy and by hand; what it overlooks; refusals."""

import numpy as np
import pytest
import scipy.stats

from course_utils import metrics


def some(count=60, classes=5, seed=0):
    return np.random.default_rng(seed).dirichlet(np.full(classes, 0.3), count)


@pytest.mark.parametrize("seed", range(3))
def test_of_one_part_it_is_scipy_s_divergence(seed):
    rows = some(seed=seed)
    rows[0] = np.eye(5)[0]  # 0 log 0 is 0
    divergences = scipy.stats.entropy(rows, rows.mean(axis=0, keepdims=True), axis=1)
    found = metrics.inception_score(rows, num_parts=1)
    assert float(found) == found.score == pytest.approx(np.exp(divergences.mean()), rel=1e-12)
    assert (found.deviation, found.num_parts) == (0, 1)


def test_parts_share_out_all_rows_and_their_scores_are_averaged():
    rows = some(23)
    parts = np.array_split(np.random.default_rng(7).permutation(rows), 3)
    single = [float(metrics.inception_score(part, num_parts=1)) for part in parts]
    found = metrics.inception_score(rows, num_parts=3, seed=7)
    assert found == pytest.approx((np.mean(single), np.std(single), 3))
    assert found != metrics.inception_score(rows, num_parts=3, seed=8)
    assert str(found) == (
        f"inception score {found.score:.2f}, deviation {found.deviation:.2g} between 3 parts"
    )


def test_it_runs_from_1_to_the_number_of_classes():
    sure = np.tile(np.eye(4), (25, 1))
    assert metrics.inception_score(sure, 1).score == pytest.approx(4)
    assert metrics.inception_score(np.tile([0.7, 0.2, 0.1], (20, 1))).score == pytest.approx(1)
    assert metrics.inception_score(np.tile(np.eye(4)[0], (20, 1))).score == pytest.approx(1)
    shares = [0.5, 0.25, 0.125, 0.125]  # sure of each, classes unequal: exp of their entropy
    unequal = np.repeat(np.eye(4), [8, 4, 2, 2], axis=0)
    expected = np.exp(scipy.stats.entropy(shares))
    assert metrics.inception_score(unequal, 1).score == pytest.approx(expected)


def test_rounded_probabilities_count_as_their_shares():
    rows = some(40, 10)
    whole, half = (metrics.inception_score(x, 2) for x in (rows, rows.astype(np.float16)))
    assert half.score == pytest.approx(whole.score, rel=2e-3)


@pytest.mark.parametrize(
    ("probabilities", "words"),
    [
        (np.eye(10)[:1], "1 rows for 10 parts; give at least 20"),
        (np.tile(np.eye(2), (9, 1)), "18 rows for 10 parts"),
        (np.full((20, 4), 0.3), "Row 0 of probabilities sums to 1.2, not to 1"),
        (np.tile([1.5, -0.5], (20, 1)), "values down to -0.5, and none may be negative; if"),
        (np.full((20, 2), np.nan), "probabilities has values that are not finite"),
        (np.arange(20) % 10, r"probabilities has shape \(20,\); give \(n, classes\)"),
    ],
)
def test_what_are_no_probabilities_is_refused_in_one_sentence(probabilities, words):
    with pytest.raises(ValueError, match=words) as raised:
        metrics.inception_score(probabilities)
    assert "\n" not in str(raised.value)


def test_no_parts_are_refused():
    with pytest.raises(ValueError, match="num_parts is 0"):
        metrics.inception_score(np.eye(4), num_parts=0)
