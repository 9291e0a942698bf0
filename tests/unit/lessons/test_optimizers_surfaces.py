"""The surfaces of lesson 04: derivatives against finite differences, minima, curvatures."""

import math

import numpy as np
import pytest

from course_utils.base import numerics
from course_utils.lessons.optimizers import surfaces


@pytest.mark.parametrize("surface", surfaces.SURFACES.values(), ids=lambda s: s.name)
def test_derivatives_agree_with_finite_differences(surface):
    for point in np.random.default_rng(0).uniform(-2, 2, (10, 2)):
        gradient = numerics.numerical_gradient(surface.value, point)
        assert numerics.relative_error(surface.gradient(point), gradient) < 1e-6
        rows = [
            numerics.numerical_gradient(lambda p, i=i: surface.gradient(p)[i], point)
            for i in (0, 1)
        ]
        assert numerics.relative_error(surface.hessian(point), np.array(rows)) < 1e-6


@pytest.mark.parametrize("surface", surfaces.SURFACES.values(), ids=lambda s: s.name)
def test_minima_are_minima_and_are_in_view(surface):
    left, right, bottom, top = surface.view
    values = surface.value(np.array(surface.minima))
    assert np.ptp(values) == 0
    grid = np.stack(
        np.meshgrid(np.linspace(left, right, 101), np.linspace(bottom, top, 101)), axis=-1
    )
    assert surface.value(grid).shape == (101, 101)
    assert surface.value(grid).min() >= values[0] - 1e-12
    assert surface.gradient(grid).shape == grid.shape
    for x, y in (*surface.minima, surface.start):
        assert left < x < right and bottom < y < top
    for minimum in surface.minima:
        np.testing.assert_allclose(surface.gradient(np.array(minimum)), 0, atol=1e-12)
        assert np.linalg.eigvalsh(surface.hessian(minimum))[0] > 0


def test_a_quadratic_of_any_matrix():
    surface = surfaces.quadratic([[2.0, 1.0], [1.0, 2.0]])
    assert surface.value([1.0, 1.0]) == 3.0
    np.testing.assert_array_equal(surface.gradient([1.0, 0.0]), [2, 1])
    surface.hessian([0.0, 0.0])[0, 0] = 99  # a copy
    assert surface.hessian([0.0, 0.0])[0, 0] == 2


def test_the_largest_curvature_is_that_of_the_hessian():
    assert surfaces.largest_curvature([[6.0, 2.0], [2.0, 3.0]]) == pytest.approx(7)
    hessian = surfaces.surface("Rosenbrock").hessian([1.0, 1.0])
    assert surfaces.largest_curvature(hessian) == pytest.approx(1001.6, abs=0.01)


# ---- bad input -----------------------------------------------------------------------------------


def test_unfit_settings_are_refused():
    refused = [
        (lambda: surfaces.surface("cliff"), "no surface 'cliff'; choose one of bowl, ravine"),
        (lambda: surfaces.largest_curvature([1.0, 2.0]), r"shape \(2,\); give a square"),
        (lambda: surfaces.largest_curvature([[1.0, 2.0], [0.0, 1.0]]), "not symmetric"),
        (lambda: surfaces.largest_curvature([[math.nan]]), "not finite"),
        (lambda: surfaces.quadratic(np.eye(3)), r"shape \(3, 3\)"),
        (lambda: surfaces.quadratic(np.diag([1.0, -1.0])), "no minimum"),
    ]
    for act, message in refused:
        with pytest.raises(ValueError, match=message):
            act()


@pytest.mark.parametrize("surface", surfaces.SURFACES.values(), ids=lambda s: s.name)
def test_points_that_are_none_of_the_plane_are_refused(surface):
    for function in (surface.value, surface.gradient, surface.hessian):
        for point, message in (
            ([1.0, 2.0, 3.0], r"shape \(3,\); give two"),
            (1.0, r"shape \(\)"),
            (np.zeros((0, 2)), r"shape \(0, 2\)"),
            ([math.nan, 0.0], "not finite"),
        ):
            with pytest.raises(ValueError, match=message):
                function(point)
    with pytest.raises(ValueError, match="give one point"):
        surface.hessian(np.zeros((3, 2)))
