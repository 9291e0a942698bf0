"""Four surfaces over the plane with their derivatives, and the largest curvature of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_name

# ---- what limits the learning rate ---------------------------------------------------------------


def largest_curvature(hessian) -> float:
    """The largest eigenvalue of a Hessian, a symmetric matrix (n, n): the L of the limit 2/L.

    >>> largest_curvature([[2.0, 1.0], [1.0, 2.0]])
    3.0
    """
    hessian = np.asarray(hessian, np.float64)
    if hessian.ndim != 2 or hessian.shape[0] != hessian.shape[1] or hessian.size == 0:
        raise ValueError(f"The Hessian has shape {hessian.shape}; give a square matrix.")
    if not np.isfinite(hessian).all():
        raise ValueError("The Hessian has entries that are not finite (NaN or infinity).")
    if not np.allclose(hessian, hessian.T):
        raise ValueError("The Hessian is not symmetric, so it is not one; look at its formula.")
    return float(np.linalg.eigvalsh(hessian)[-1])


# ---- surfaces ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Surface:
    """A function of the plane with its derivatives.

    value: points (..., 2) -> (...); gradient: points (..., 2) -> (..., 2); hessian: a point (2,)
    -> (2, 2). minima: (n, 2). view: (left, right, bottom, top), the part worth looking at.
    """

    name: str
    formula: str
    value: Callable[[np.ndarray], np.ndarray]
    gradient: Callable[[np.ndarray], np.ndarray]
    hessian: Callable[[np.ndarray], np.ndarray]
    start: tuple[float, float]
    minima: tuple[tuple[float, float], ...]
    view: tuple[float, float, float, float]


def _plane(point) -> np.ndarray:
    """A point or points of the plane; refuses anything else."""
    point = np.asarray(point, np.float64)
    if point.ndim == 0 or point.shape[-1] != 2 or point.size == 0:
        raise ValueError(f"The point has shape {point.shape}; give two coordinates, (..., 2).")
    if not np.isfinite(point).all():
        raise ValueError("The point has coordinates that are not finite (NaN or infinity).")
    return point


def _single(point) -> np.ndarray:
    point = _plane(point)
    if point.shape != (2,):
        raise ValueError(f"The points have shape {point.shape}; give one point, (2,).")
    return point


def quadratic(hessian, name: str = "quadratic", formula: str = "") -> Surface:
    """The surface ½ pᵀ H p of a symmetric (2, 2) matrix H with positive eigenvalues."""
    matrix = np.array(hessian, np.float64)
    if matrix.shape != (2, 2):
        raise ValueError(f"The Hessian has shape {matrix.shape}; a surface needs (2, 2).")
    largest_curvature(matrix)  # refuses what is no Hessian
    if np.linalg.eigvalsh(matrix)[0] <= 0:
        raise ValueError("The Hessian has an eigenvalue of 0 or below, so there is no minimum.")

    def hessian_at(point):
        _single(point)
        return matrix.copy()

    return Surface(
        name=name,
        formula=formula or f"½ pᵀ H p, H = {matrix.tolist()}",
        value=lambda point: 0.5 * np.einsum("...i,ij,...j", _plane(point), matrix, _plane(point)),
        gradient=lambda point: _plane(point) @ matrix,
        hessian=hessian_at,
        start=(-2.0, 1.0),
        minima=((0.0, 0.0),),
        view=(-2.5, 2.5, -2.0, 2.0),
    )


def _saddle_value(point):
    x, y = np.moveaxis(_plane(point), -1, 0)
    return 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4


def _saddle_gradient(point):
    x, y = np.moveaxis(_plane(point), -1, 0)
    return np.stack([x, y**3 - y], axis=-1)


def _saddle_hessian(point):
    _, y = _single(point)
    return np.array([[1.0, 0.0], [0.0, 3 * y**2 - 1]])


def _rosenbrock_value(point):
    x, y = np.moveaxis(_plane(point), -1, 0)
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def _rosenbrock_gradient(point):
    x, y = np.moveaxis(_plane(point), -1, 0)
    return np.stack([2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)], axis=-1)


def _rosenbrock_hessian(point):
    x, y = _single(point)
    return np.array([[2 - 400 * (y - 3 * x**2), -400 * x], [-400 * x, 200.0]])


SURFACES: Mapping[str, Surface] = {
    "bowl": quadratic(np.eye(2), "bowl", "½ (x² + y²)"),
    "ravine": quadratic(np.diag([1.0, 25.0]), "ravine", "½ (x² + 25 y²)"),
    "saddle": Surface(
        name="saddle",
        formula="½ x² - ½ y² + ¼ y⁴",
        value=_saddle_value,
        gradient=_saddle_gradient,
        hessian=_saddle_hessian,
        start=(-2.0, 0.01),
        minima=((0.0, -1.0), (0.0, 1.0)),
        view=(-2.5, 2.5, -2.0, 2.0),
    ),
    # Rosenbrock 1960: a curved valley, easy to find and slow to follow.
    "Rosenbrock": Surface(
        name="Rosenbrock",
        formula="(1 - x)² + 100 (y - x²)²",
        value=_rosenbrock_value,
        gradient=_rosenbrock_gradient,
        hessian=_rosenbrock_hessian,
        start=(-1.2, 1.0),
        minima=((1.0, 1.0),),
        view=(-2.0, 2.0, -1.0, 2.2),
    ),
}


def surface(name: str) -> Surface:
    """One of `SURFACES`: bowl, ravine, saddle or Rosenbrock; ValueError for another name."""
    check_name("surface", name, SURFACES)
    return SURFACES[name]
