"""Every known mistake of exercises 15.1 and 15.4 is told its own sentence, no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told

from course_utils.lessons.flow_matching import mistakes_paths


def weights(noisy, time, known):
    logits = [-np.sum((noisy - time * one) ** 2) / (2 * (1 - time) ** 2) for one in known]
    return np.exp(logits - np.logaddexp.reduce(logits))


def gaussian(points, time, center, deviation):
    noise_part, data_part = (1 - time) ** 2, (time * deviation) ** 2
    rest = points - time * center
    clean = center + (data_part / time if time else 0.0) * rest / (noise_part + data_part)
    return (clean - points) / (1 - time)


EXERCISES = {
    "15.1": (weights, mistakes_paths.weights_of, "WEIGHT_CASES", "WEIGHTS"),
    "15.4": (gaussian, mistakes_paths.gaussian_velocity, "GAUSSIAN_CASES", "GAUSSIAN"),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, *lists = EXERCISES[name]
    cases, known = (getattr(mistakes_paths, one) for one in lists)
    assert_each_is_told(name, right, cases, known, capsys, expected)
