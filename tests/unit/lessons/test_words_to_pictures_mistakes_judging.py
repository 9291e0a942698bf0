"""Every known mistake of exercises 16.7 and 16.8 is told its own sentence, no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told
from scipy.spatial.distance import cdist

from course_utils.lessons.words_to_pictures import mistakes_judging as mistakes


def rank_in_a_loop(picture, candidates, asked):
    squares = [sum((one - picture) ** 2) for one in candidates]
    return sum(square <= squares[asked] for square in squares)


def composed_by_scipy(pictures, real, training):
    to_real = np.sqrt(np.einsum("nd,nd->n", pictures - real, pictures - real))
    return (to_real[:, None] < cdist(pictures, training)).all(axis=1)


EXERCISES = {
    "16.7": (rank_in_a_loop, mistakes.rank_of, mistakes.RANK_CASES, mistakes.RANKS),
    "16.8": (composed_by_scipy, mistakes.is_composed, mistakes.COMPOSED_CASES, mistakes.COMPOSED),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, cases, known = EXERCISES[name]
    assert_each_is_told(name, right, cases, known, capsys, expected)


def test_equally_far_candidates_count():
    candidates = np.array([[0.0, 2.0], [2.0, 0.0], [0.0, -1.0], [3.0, 0.0]])
    assert [mistakes.rank_of(np.zeros(2), candidates, asked) for asked in range(4)] == [3, 3, 1, 4]


def test_each_picture_of_the_first_case_is_judged_as_its_comment_says():
    found = mistakes.is_composed(*mistakes.COMPOSED_CASES[0])
    assert found.tolist() == [True, False, False, False, True, True, False]


def test_pictures_in_float32_are_judged_as_by_plain_differences():
    random = np.random.default_rng(4)
    pictures, training = (random.random((n, 300)).astype(np.float32) for n in (9, 700))
    real = pictures + random.normal(0, np.linspace(0.1, 0.6, 9)[:, None], pictures.shape)
    found = mistakes.is_composed(pictures, np.float32(real), training)
    np.testing.assert_array_equal(found, composed_by_scipy(pictures, real, training))
    assert 0 < found.sum() < 9
