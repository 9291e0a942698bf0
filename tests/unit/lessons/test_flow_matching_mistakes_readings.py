"""Every known mistake of section 3 is told its own sentence, and no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told

from course_utils.lessons.flow_matching import mistakes_readings as mistakes
from course_utils.models import flow_paths


def read_noise(guess, points, time):
    return np.stack(flow_paths.readings("noise", guess, points, time))[[0, 1, 3]]


def weights(time):
    return np.stack([(time / (1 - time)) ** 2, 1 / (1 - time) ** 2])


EXERCISES = {
    "15.5": (read_noise, mistakes.NOISE_CASES, mistakes.READ_NOISE),
    "15.6": (weights, mistakes.TIME_CASES, mistakes.WEIGHTS),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    assert_each_is_told(name, *EXERCISES[name], capsys)


def test_the_weights_are_those_of_the_readings():
    points, clean, off = np.ones((3, 2)), np.zeros((3, 2)), np.full((3, 2), 0.1)
    for time in mistakes.TIME_CASES[0]:
        one, other = (
            flow_paths.readings("clean", guess, points, time) for guess in (clean, clean + off)
        )
        squares = [
            np.mean((getattr(one, kind) - getattr(other, kind)) ** 2) / np.mean(off**2)
            for kind in ("noise", "velocity")
        ]
        np.testing.assert_allclose(squares, weights(np.array([time]))[:, 0])
