"""The known mistakes of lesson 05's exercises differ from the right answers and from each other."""

import numpy as np
import pytest

from course_utils import data
from course_utils.lessons.gan_step_by_step import mistakes
from course_utils.metrics import modes_covered

RIGHT = {
    "DISCRIMINATOR_LOSS": (
        lambda real, fake: np.logaddexp(0, -real).mean() + np.logaddexp(0, fake).mean(),
        [(np.array([2.0, 0.5, -1.0]), np.array([-2.0, 0.5]))],
    ),
    "ARROW": (
        lambda x, a, b: a / (1 + np.exp(a @ x + b)),
        [(np.array([1.0, 0.5]), np.array([2.0, 1.0]), -1.0)],
    ),
    "COUNT_COVERED": (
        modes_covered,
        [
            (mistakes.NEAR_POINTS, mistakes.NEAR_MODES, 0.5, 2),
            (mistakes.NEAR_POINTS[:1], mistakes.NEAR_MODES, 0.5, 1),
            (data.toy("ring", 100, seed=1), data.toy_modes("ring"), 0.15, 13),
            (mistakes.NEAR_POINTS[:1], mistakes.NEAR_MODES, 0.5, 2),
        ],
    ),
    "DISTANCE_JUDGE": (lambda: np.array([1, 1, 1, 0]), [()]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_no_mistake_equals_the_right_answer_or_another(name):
    right, cases = RIGHT[name]
    functions = [right, *(wrong for wrong, _ in getattr(mistakes, name))]
    found = [[np.round(function(*case), 6).tolist() for case in cases] for function in functions]
    for index, one in enumerate(found):
        assert one not in found[:index], (name, index, one)


def test_each_pair_of_near_points_decides_on_one_mode():
    counts = [
        modes_covered(mistakes.NEAR_POINTS, mistakes.NEAR_MODES[index : index + 1], radius, 2)
        for index in range(4)
        for radius in (0.5, 0.5**0.5, 1.0)  # right, squared, twice
    ]
    assert counts == [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1]
