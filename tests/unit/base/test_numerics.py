"""Finite differences against derivatives that are known."""

import numpy as np
import pytest

from course_utils.base import numerics


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_the_gradient_of_a_cubic_has_its_known_value(shape):
    point = np.linspace(-1, 2, max(1, int(np.prod(shape)))).reshape(shape)
    found = numerics.numerical_gradient(lambda x: float((x**3).sum()), point)
    assert found.shape == shape and found.dtype == np.float64
    np.testing.assert_allclose(found, 3 * point**2, atol=1e-9)


def test_the_point_is_left_alone_and_integers_are_taken():
    point = np.array([1, 2])
    found = numerics.numerical_gradient(lambda x: float(np.exp(x).sum()), point)
    np.testing.assert_allclose(found, np.exp([1.0, 2.0]), rtol=1e-9)
    np.testing.assert_array_equal(point, [1, 2])


def test_a_larger_step_errs_by_its_square():
    errors = [
        abs(float(numerics.numerical_gradient(np.exp, 0.0, step)) - 1) for step in (1e-1, 1e-2)
    ]
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize("step", [0, -1e-3, np.nan, np.inf])
def test_unfit_steps_are_refused(step):
    with pytest.raises(ValueError, match="number above 0"):
        numerics.numerical_gradient(float, 1.0, step)


def test_unfit_points_and_functions_are_refused():
    with pytest.raises(ValueError, match="not finite"):
        numerics.numerical_gradient(float, np.nan)
    with pytest.raises(ValueError, match=r"shape \(2,\); it must return one number"):
        numerics.numerical_gradient(lambda x: x, [1.0, 2.0])


def test_relative_error_is_relative_and_compares_like_with_like():
    assert numerics.relative_error([3.0, 4.0], [0.0, 5.0]) == pytest.approx(np.sqrt(10) / 5)
    assert numerics.relative_error([3.0, 4.0], [0.0, 0.0]) == 5.0
    with pytest.raises(ValueError, match="compare like with like"):
        numerics.relative_error([1.0], [[1.0]])
