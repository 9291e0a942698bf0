"""What is said of a learner's velocity that points away from a prompt in lesson 16."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.checks import check_design
from course_utils.lessons.words_to_pictures import designs_pointing, pointing


def by_shares(velocity, points, time, prompt, unwanted, weight):
    wanted, other = (velocity(points, time, one) for one in (prompt, unwanted))
    return weight * wanted + (1 - weight) * other


def by_tensors(velocity, points, time, prompt, unwanted, weight):
    other = tf.constant(velocity(tf.constant(points), time, unwanted))
    return other + weight * (velocity(points, time, prompt) - other)


def by_the_course(velocity, points, time, prompt, unwanted, weight):
    return pointing.pointing_away(velocity, prompt, unwanted, weight)(points, time)


def asked_with_lists(velocity, points, time, prompt, unwanted, weight):
    return by_shares(velocity, points, time, [prompt], [unwanted], weight).tolist()


@pytest.mark.parametrize("answer", [by_shares, by_tensors, by_the_course, asked_with_lists])
def test_right_answers_have_no_fault(answer):
    assert designs_pointing.away_fault(answer) == ""


@pytest.mark.parametrize("sentence", designs_pointing.MISTAKES)
def test_each_mistake_is_named(sentence):
    slip = designs_pointing.make_away(designs_pointing.MISTAKES[sentence])
    assert designs_pointing.away_fault(slip) == sentence


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda *given: None, "returns None"),
        (lambda *given: by_shares(*given).sum(axis=1), "got an array of shape (3,)"),
        (lambda *given: by_shares(*given).mean(), "got no array"),
        (lambda *given: "v", "got no array"),
        (lambda *given: given[0], "got no array"),
        (lambda *given: by_shares(*given) * np.nan, "these are other numbers"),
        (lambda *given: by_shares(*given[:-1], given[-1] ** 2), "these are other numbers"),
        (lambda *given: by_shares(*given[:2], 0.5, *given[3:]), "these are other numbers"),
    ],
)
def test_other_faults(answer, words):
    assert words in designs_pointing.away_fault(answer)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (by_shares, "correct. So."),
        (lambda velocity, points, time, prompt, unwanted, weight: ..., "not answered yet"),
        (lambda velocity, points: points, "hint: your answer raised TypeError"),
        (3.5, "hint: expected a function, but got the number 3.5."),
    ],
)
def test_the_check_says_one_sentence(answer, words, capsys):
    check_design("16.11", answer, designs_pointing.away_fault, why="So.")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"16.11 · {words}")
