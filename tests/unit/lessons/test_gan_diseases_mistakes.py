"""Every known mistake of sections 2 and 3 is told its own sentence, and no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told

from course_utils.lessons.gan_diseases import linearized, mistakes


def slopes(logits):
    return np.stack([-1 / (1 + np.exp(-logits)), -1 / (1 + np.exp(logits))])


def best(p, q, s):
    return (1 - s) * p / (p + q)


EXERCISES = {
    "08.1": (slopes, mistakes.LOGIT_CASES, mistakes.SLOPES),
    "08.2": (best, mistakes.DENSITY_CASES, mistakes.BEST_DISCRIMINATOR),
    "08.4": (linearized.steps_to_rest, mistakes.MATRIX_CASES, mistakes.STEPS_TO_REST),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    assert_each_is_told(name, *EXERCISES[name], capsys)
