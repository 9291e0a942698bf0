"""How many modes of a target are covered, and how many points lie on it."""

import numpy as np
import pytest

from course_utils import data, metrics


def test_modes_are_covered_by_enough_points_nearby():
    modes = np.array([[0.0, 0.0], [2.0, 0.0]])
    points = np.array([[0.1, 0.0], [-0.1, 0.0], [2.0, 0.2], [9.0, 9.0]])
    assert metrics.modes_covered(points, modes, 0.2, 1) == 2
    assert metrics.modes_covered(points, modes, 0.2, 2) == 1
    assert metrics.modes_covered(points, modes, 0.2, 3) == 0
    assert metrics.modes_covered(points, modes, 0.05, 1) == 0
    assert metrics.modes_covered(points[:0], modes, 0.2, 1) == 0


@pytest.mark.parametrize(
    ("points", "radius", "at_least", "words"),
    [
        (np.zeros((3, 3)), 0.1, 1, r"\(3, 3\)"),
        (np.zeros(3), 0.1, 1, r"\(3,\)"),
        (np.zeros((3, 2)), 0.0, 1, "radius is 0"),
        (np.zeros((3, 2)), 0.1, 0, "at_least is 0"),
    ],
)
def test_a_senseless_count_is_refused(points, radius, at_least, words):
    with pytest.raises(ValueError, match=words):
        metrics.modes_covered(points, np.zeros((2, 2)), radius, at_least)


@pytest.mark.parametrize("target", ["ring", "grid"])
def test_the_rule_accepts_real_points_and_no_noise(target):
    """Real points cover all modes; points spread evenly over the square do not cover any half."""
    modes = data.toy_modes(target)
    counting = metrics.coverage_rule(target, 512)
    noise = np.random.default_rng(0).uniform(-1.2, 1.2, (512, 2))
    for seed in range(5):
        real = data.toy(target, 512, seed)
        assert metrics.modes_covered(real, modes, *counting) == len(modes)
    assert metrics.modes_covered(noise, modes, *counting) < len(modes) / 4
    gaps = np.linalg.norm(modes[:, np.newaxis] - modes, axis=2)
    assert 2 * counting[0] < gaps[gaps > 0].min()  # no point counts for two modes


@pytest.mark.parametrize("target", tuple(data.TOYS))
def test_real_points_are_on_target_and_others_are_not(target):
    real, fresh = data.toy(target, 1000, 0), data.toy(target, 512, 1)
    assert metrics.on_target_share(fresh, target, real) > 0.95
    assert metrics.on_target_share(fresh + 9, target, real) == 0.0


def test_on_target_is_what_lesson_05_means_by_it():
    """Within 0.15 of any of the eight centers."""
    points = np.random.default_rng(0).uniform(-1.2, 1.2, (512, 2))
    nearest = np.linalg.norm(points[:, np.newaxis] - data.toy_modes("ring"), axis=2).min(axis=1)
    share = metrics.on_target_share(points, "ring", data.toy("ring", 1000))
    assert share == (nearest <= 0.15).mean() > 0.05


@pytest.mark.parametrize(
    ("shares", "number"),
    [
        ([1.0], 1),
        ([0.25] * 4, 4),
        ([0.5, 0.5, 0.0], 2),
        ([0.94, 0.05, 0.01], np.prod(np.power([0.94, 0.05, 0.01], [-0.94, -0.05, -0.01]))),
    ],
)
def test_effective_number_is_the_exponential_of_the_entropy(shares, number):
    assert metrics.effective_number(shares) == pytest.approx(number)


def test_kinds_split_in_halves_are_twice_as_many():
    shares = np.array([0.7, 0.2, 0.1])
    halves = np.repeat(shares / 2, 2)
    assert metrics.effective_number(halves) == pytest.approx(2 * metrics.effective_number(shares))
