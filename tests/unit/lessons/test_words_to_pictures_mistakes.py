"""Every known mistake of exercises 16.3 to 16.5 is told its own sentence, no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told

from course_utils.checks import check_function
from course_utils.lessons.words_to_pictures import mistakes
from course_utils.models import text_networks

# ---- right answers, written another way ----------------------------------------------------------


def numbers_in_a_loop(tokens, numbers, length):
    row, place = np.zeros(length, int), 0
    for token in tokens:
        if token in numbers and place < length:
            row[place] = numbers[token]
            place += 1
    return row


def bag_row_by_row(vectors, words):
    means = np.zeros((len(vectors), vectors.shape[-1]))
    for place, (rows, numbers) in enumerate(zip(vectors, words, strict=True)):
        if numbers.any():
            means[place] = rows[numbers > 0].mean(axis=0)
    return means


def attention_query_by_query(queries, keys, values, is_there):
    found = np.zeros((*queries.shape[:2], values.shape[2]))
    for place, query in np.ndindex(queries.shape[:2]):
        there = is_there[place] > 0
        likeness = keys[place][there] @ queries[place, query] / keys.shape[-1] ** 0.5
        shares = np.exp(likeness) / np.exp(likeness).sum()
        found[place, query] = shares @ values[place][there]
    return found


EXERCISES = {
    "16.3": (numbers_in_a_loop, mistakes.to_numbers, mistakes.NUMBER_CASES, mistakes.NUMBERS),
    "16.4": (bag_row_by_row, mistakes.bag_of, mistakes.BAG_CASES, mistakes.BAG),
    "16.5": (
        attention_query_by_query,
        mistakes.attention,
        mistakes.ATTENTION_CASES,
        mistakes.ATTENTION,
    ),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, cases, known = EXERCISES[name]
    assert_each_is_told(name, right, cases, known, capsys, expected)


def test_attention_is_that_of_the_package():
    for case in mistakes.ATTENTION_CASES:
        ours = text_networks.attention(*map(np.float32, case))
        np.testing.assert_allclose(mistakes.attention(*case), ours, rtol=1e-4, atol=1e-6)


# ---- others --------------------------------------------------------------------------------------


def nothing_returned(vectors, words):
    mistakes.bag_of(vectors, words)


def without_the_1(vectors, words):
    with np.errstate(invalid="ignore"):
        there = (words > 0)[..., None]
        return (vectors * there).sum(axis=1) / there.sum(axis=1)


def in_place(vectors, words):
    vectors *= (words > 0)[..., None]
    return vectors.sum(axis=1) / np.maximum((words > 0).sum(axis=1, keepdims=True), 1)


def means_over_the_rows(vectors, words):
    return vectors.mean(axis=0)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (nothing_returned, "returns None"),
        (without_the_1, "look for 0/0"),
        (in_place, "changes its input"),
        (means_over_the_rows, "expected an array of shape (3, 5), but got one of shape (4, 5)"),
        (lambda vectors, words: "mean", "but got the text 'mean'"),
    ],
)
def test_other_bags_get_one_sentence(answer, words, capsys):
    check_function("16.4", answer, mistakes.bag_of, mistakes.BAG_CASES, hints=mistakes.BAG)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("16.4 · hint: ")
    assert words in line
