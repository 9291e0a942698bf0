"""Derivatives by finite differences, in float64: the second opinion on every formula of the course.

Owns nothing but the arithmetic; what is differentiated belongs to the caller. Needs no TensorFlow.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.arguments import check_real


def numerical_gradient(
    function: Callable[[np.ndarray], float], point, step: float = 1e-5
) -> np.ndarray:
    """Gradient of a scalar function by central differences, float64, of the shape of `point`.

    (f(x + h e_i) - f(x - h e_i)) / 2h for each entry i, with h = step: the truncation error falls
    with h², the rounding error grows with 1/h, and 1e-5 is near the best for values of size 1
    (Press et al., Numerical Recipes 2007, section 5.7). The function gets a float64 array and
    returns one number; compute it in float64, or take a step of 1e-2.

    >>> numerical_gradient(lambda x: float((x**2).sum()), [1.0, -3.0]).round(6)
    array([ 2., -6.])
    """
    point = np.array(point, np.float64)  # a copy
    if not np.isfinite(point).all():
        raise ValueError("The point has values that are not finite (NaN or infinity).")
    step = check_real("The step", step, 0, open_ended=True)
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        values = []
        for sign in (1, -1):
            moved = point.copy()
            moved[index] += sign * step
            values.append(_number(function(moved)))
        gradient[index] = (values[0] - values[1]) / (2 * step)
    return gradient


def _number(value) -> float:
    value = np.asarray(value, np.float64)
    if value.size != 1:
        raise ValueError(
            f"The function returned an array of shape {value.shape}; it must return one number."
        )
    return float(value.reshape(()))


def relative_error(found, expected) -> float:
    """|found - expected| / |expected| in the Euclidean norm, or |found| where expected is 0.

    >>> relative_error([1.0, 2.0], [1.0, 2.0])
    0.0
    """
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    if found.shape != expected.shape:
        raise ValueError(
            f"The shapes {found.shape} and {expected.shape} differ; compare like with like."
        )
    size = float(np.linalg.norm(expected))
    return float(np.linalg.norm(found - expected)) / (size or 1.0)
