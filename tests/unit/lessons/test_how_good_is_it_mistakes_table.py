"""The mistakes in exercises 14.4 and 14.12 are told apart; right answers are none of them."""

import numpy as np
import pytest

from course_utils import data
from course_utils.lessons.how_good_is_it import mistakes_table

RIGHT = np.array([[0, 0, 0, 0, 1], [1, 1, 0, 1, 0], [1, 0, 0, 1, 0], [1, 0, 0, 1, 0]])


def said_of(answer) -> str:
    return next((text for is_it, text in mistakes_table.PREDICTIONS if is_it(answer)), "")


def test_a_right_prediction_is_no_mistake():
    assert said_of(RIGHT) == ""


@pytest.mark.parametrize("row", range(4))
@pytest.mark.parametrize("column", range(5))
def test_each_wrong_number_is_told_of_its_metric(row, column):
    wrong = RIGHT.copy()
    wrong[row, column] = 1 - wrong[row, column]
    words = [
        "distance",
        "inception score|surely|narrower",
        "precision",
        "recall",
        "training images",
    ]
    if row == 0:
        words = ["copies"] * 5
    assert any(word in said_of(wrong) for word in words[column].split("|"))


def test_another_shape_is_told_first():
    assert said_of(RIGHT.T) == "give five numbers for each of the four faults."


def test_the_wrong_balances_are_far_from_the_right_one():
    record = data.load_measurements("quality")
    cost = record["ms_image"][record["models"].tolist().index("flow")]
    wrong = [value for value, _ in mistakes_table.balances(record)]
    right = 1000 * record["seconds"] / cost
    assert len(set(wrong)) == 4 and min(abs(value / right - 1) for value in wrong) > 0.5
