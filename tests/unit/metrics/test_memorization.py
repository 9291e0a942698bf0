"""Copies are noticed, a chance advantage of more images is not; the area against scikit-learn."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics import roc_auc_score

from course_utils import data, metrics


def images(seed, count=60):
    return np.random.default_rng(seed).random((count, 4, 4, 1), np.float32)


# --- copying -----------------------------------------------------------------------------------


def test_medians_are_those_of_all_distances():
    generated, training, held_out = images(0, 7), images(1), images(2)
    found = metrics.copying(generated, training, held_out)
    flat = [one.reshape(len(one), -1) for one in (generated, training, held_out)]
    medians = [np.median(cdist(flat[0], flat[side]).min(axis=1)) for side in (1, 2)]
    assert found[:2] == pytest.approx(medians, rel=1e-5)
    assert found.ratio == found.to_training / found.to_held_out
    assert str(found) == (
        f"median distance {medians[0]:.3g} to training images, {medians[1]:.3g} to held-out ones, "
        f"ratio {found.ratio:.3f}"
    )


def test_copies_and_near_copies_have_a_small_ratio_others_one_of_about_1():
    generated, training, held_out = images(0, 300), images(1, 300), images(2, 300)
    assert metrics.copying(generated, training, held_out).ratio == pytest.approx(1, abs=0.05)
    near = np.clip(training + 0.02 * (generated - 0.5), 0, 1)
    assert metrics.copying(near, training, held_out).ratio < 0.1
    assert metrics.copying(training[:50], training, held_out).ratio == 0
    assert metrics.copying(held_out, held_out[::-1] * 0.99, training).ratio < 0.1


def test_bytes_count_as_floats_and_rows_of_features_are_taken():
    generated, training, held_out = (images(seed).reshape(-1, 16) for seed in range(3))
    rows = metrics.copying(generated, training, held_out)
    assert rows == metrics.copying(
        *(one.reshape(-1, 4, 4, 1) for one in (generated, training, held_out))
    )
    in_bytes = metrics.copying(*((255 * images(seed)).astype(np.uint8) for seed in range(3)))
    assert in_bytes == pytest.approx(rows, rel=0.02)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((images(0), images(1, 9), images(2, 8)), "9 training and 8 held-out images, and among"),
        ((images(0), images(1)[:, :2], images(2)[:, :2]), "give both the same shape"),
        ((images(2), images(1), images(2)), "are held-out ones themselves, so there is no ratio"),
        ((images(0) * np.nan, images(1), images(2)), "images has values that are not finite"),
    ],
)
def test_what_shows_no_copying_is_refused_in_one_sentence(arguments, words):
    with pytest.raises(ValueError, match=words) as raised:
        metrics.copying(*arguments)
    assert "\n" not in str(raised.value)


# --- membership --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_the_area_is_scikit_learn_s_with_and_without_ties(seed):
    random = np.random.default_rng(seed)
    members, others = random.normal(0.5, 1, 31), random.normal(size=44)
    for digits in (12, 1, 0):
        scores = members.round(digits), others.round(digits)
        expected = roc_auc_score(np.repeat([1, 0], (31, 44)), np.concatenate(scores))
        assert metrics.membership_auc(*scores) == pytest.approx(expected, rel=1e-12)


def test_the_area_is_the_share_of_pairs_won():
    assert metrics.membership_auc([5, 6], [1, 2, 3]) == 1
    assert metrics.membership_auc([1, 2, 3], [5, 6]) == 0
    assert metrics.membership_auc([1, 1], [1, 1, 1]) == 0.5
    assert metrics.membership_auc([1], [0, 1, 2, 3]) == 1.5 / 4


def test_copies_give_members_away_and_other_images_do_not():
    members, others = images(0, 200), images(1, 200)
    copies = np.clip(members[:100] + 0.02 * (images(2, 100) - 0.5), 0, 1)
    for generated, area in ((copies, 0.75), (images(3, 300), 0.5)):
        scores = [metrics.membership_scores(one, generated) for one in (members, others)]
        # Half of the members are certain, of the others it is a toss: 0.5 + 0.5 * 0.5.
        assert metrics.membership_auc(*scores) == pytest.approx(area, abs=0.06)


def test_scores_are_minus_the_distances_to_the_nearest_generated_image():
    found = metrics.membership_scores(images(0, 5), images(1))
    flat = images(0, 5).reshape(5, -1), images(1).reshape(60, -1)
    np.testing.assert_allclose(found, -cdist(*flat).min(axis=1), rtol=1e-5)


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        (([], [1.0]), "scores_of_members has"),
        (([1.0], [np.nan]), "scores_of_others has values that are not finite"),
        (([[1.0]], [1.0]), r"scores_of_members has shape \(1, 1\); give \(n,\), a score"),
    ],
)
def test_what_are_no_scores_is_refused_in_one_sentence(scores, words):
    with pytest.raises(ValueError, match=words):
        metrics.membership_auc(*scores)


def test_images_of_another_size_have_no_scores():
    with pytest.raises(ValueError, match="give both the same shape"):
        metrics.membership_scores(images(0), images(1)[:, :2])
    with pytest.raises(TypeError, match="unpack it first"):
        metrics.membership_scores(data.load_images("animals", "test"), images(1))
