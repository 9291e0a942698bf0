"""Heun's step of lesson 15: the package's, up to the last step, and of order 2 to the end."""

import itertools

import numpy as np

from course_utils.lessons.flow_matching import by_hand
from course_utils.models import flow_solvers


def field(points, time):
    return time - points**2


def test_it_is_the_package_s_step_before_the_end():
    points = np.array([[0.3, -0.2]])
    wanted = flow_solvers.SOLVERS["heun"](field, points, 0.25, 0.5, None)[0]
    np.testing.assert_allclose(by_hand.heun_step(field, points, 0.25, 0.5), wanted)


def test_the_last_step_has_the_second_velocity_too():
    points = np.array([[0.3, -0.2]])
    seen = []

    def watched(points, time):
        seen.append(time)
        return field(points, time)

    by_hand.heun_step(watched, points, 0.75, 1.0)
    assert seen == [0.75, 1.0]


def test_twice_as_many_steps_quarter_the_error():
    def error(num_steps):
        points = np.array([1.0])
        for now, then in itertools.pairwise(np.linspace(0, 1, num_steps + 1)):
            points = by_hand.heun_step(lambda points, time: -2 * time * points, points, now, then)
        return abs(points[0] - np.exp(-1))

    assert 3.8 < error(32) / error(64) < 4.2
