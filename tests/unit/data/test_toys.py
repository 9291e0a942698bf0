"""The toy points."""

import numpy as np
import pytest

from course_utils import data


@pytest.mark.parametrize("name", data.TOYS)
def test_toy_points(name):
    points = data.toy(name, 5000, seed=1)
    assert points.shape == (5000, 2) and points.dtype == np.float32
    assert np.abs(points).max() < 1.5
    np.testing.assert_array_equal(points, data.toy(name, 5000, seed=1))
    assert not np.array_equal(points, data.toy(name, 5000, seed=2))
    assert data.toy(name, 0).shape == (0, 2)


@pytest.mark.parametrize(("name", "count"), [("ring", 8), ("grid", 25)])
def test_toy_modes_are_the_centres_of_the_points(name, count):
    modes, points = data.toy_modes(name), data.toy(name, 20_000)
    assert modes.shape == (count, 2)
    distances = np.linalg.norm(points[:, np.newaxis] - modes, axis=-1)
    nearest = distances.argmin(axis=1)
    for mode in range(count):
        own = points[nearest == mode]
        assert len(own) == pytest.approx(20_000 / count, rel=0.15)  # 20,000 draws among 25: 3.5 %
        np.testing.assert_allclose(own.mean(axis=0), modes[mode], atol=0.01)
        np.testing.assert_allclose(own.std(axis=0), data.TOYS[name].noise, rtol=0.1)


def test_toy_modes_are_the_callers_own():
    data.toy_modes("ring")[:] = 0
    assert data.toy_modes("ring")[0].tolist() == [1, 0]


def test_line_and_moons_have_their_shapes():
    line = data.toy("line", 5000)
    assert (line[:, 1] - line[:, 0]).std() == pytest.approx(0.05 * np.sqrt(2), rel=0.1)
    # Each moon is half a circle of radius 2/3; the second is the first, turned by 180 degrees.
    moons = data.toy("moons", 5000)
    upper = np.linalg.norm(moons - np.array([-0.5, -0.25]) / 1.5, axis=1)
    lower = np.linalg.norm(moons - np.array([0.5, 0.25]) / 1.5, axis=1)
    off = np.minimum(np.abs(upper - 2 / 3), np.abs(lower - 2 / 3))
    assert off.max() < 5 * 0.05
    assert np.mean(np.abs(upper - 2 / 3) < 0.15) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: data.toy("circle", 10), "'circle'; choose one of ring, grid, moons, line"),
        (lambda: data.toy("ring", -1), "n is -1; give a whole number"),
        (lambda: data.toy("ring", 1.5), "n is 1.5; give a whole number"),
        (lambda: data.toy_modes("moons"), "'moons'; choose one of ring, grid"),
    ],
)
def test_bad_toy_requests_get_one_sentence(call, expected):
    with pytest.raises(ValueError, match=expected):
        call()
