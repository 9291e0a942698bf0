"""The points on which the mistakes of counting modes differ; what a check says of a mistake, the
solved twins test."""

from course_utils.lessons.gan_step_by_step import mistakes
from course_utils.metrics import modes_covered


def test_each_pair_of_near_points_decides_on_one_mode():
    counts = [
        modes_covered(mistakes.NEAR_POINTS, mistakes.NEAR_MODES[index : index + 1], radius, 2)
        for index in range(4)
        for radius in (0.5, 0.5**0.5, 1.0)  # right, squared, twice
    ]
    assert counts == [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1]
