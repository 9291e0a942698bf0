"""The claims of lesson 04 on two players: each against its formula, and against the path itself."""

import math
import warnings

import numpy as np
import pytest

from course_utils.base import numerics
from course_utils.lessons.optimizers import games

BILINEAR = games.Game()
RATES = [(0.1, 0.1), (0.001, 0.1), (0.5, 0.02), (0.02, 0.5), (1.0, 0.3)]


def distances(path):
    return np.linalg.norm(path, axis=1)


@pytest.mark.parametrize("game", [BILINEAR, games.Game(2.0, 0.3, 0.7), games.Game(-1.0, 0.0, 1.0)])
def test_slopes_are_the_derivatives_of_the_value(game):
    for point in np.random.default_rng(0).normal(size=(5, 2)):
        found = numerics.numerical_gradient(lambda p: game.value(*p), point)
        np.testing.assert_allclose(game.slopes(*point), found, atol=1e-8)


@pytest.mark.parametrize("scheme", games.SCHEMES)
@pytest.mark.parametrize("game", [BILINEAR, games.Game(1.5, 0.2, 0.4)])
def test_a_step_is_its_matrix(game, scheme):
    start = np.array([0.7, -1.3])
    path = games.play(game, scheme, (0.3, 0.4), 5, start)
    power = np.linalg.matrix_power(games.step_matrix(game, scheme, (0.3, 0.4)), 5)
    np.testing.assert_allclose(path[5], power @ start, rtol=1e-12)
    np.testing.assert_array_equal(path[0], start)


def test_the_players_move_the_right_way():
    # From (1, 1) on xy: x falls, y grows; when they alternate, y sees the smaller x.
    assert games.simultaneous(BILINEAR, 1.0, 1.0, 0.5, 0.5) == (0.5, 1.5)
    assert games.alternating(BILINEAR, 1.0, 1.0, 0.5, 0.5) == (0.5, 1.25)
    # Trial (0.5, 1.5), whose slopes (1.5, 0.5) are applied at (1, 1).
    assert games.extragradient(BILINEAR, 1.0, 1.0, 0.5, 0.5) == (0.25, 1.25)


@pytest.mark.parametrize("rates", RATES)
def test_simultaneous_steps_spiral_out_at_any_ratio(rates):
    factor = math.sqrt(1 + rates[0] * rates[1])
    assert games.growth(BILINEAR, "simultaneous", rates) == pytest.approx(factor, rel=1e-12)
    path = games.play(BILINEAR, "simultaneous", rates, 400)
    lengths = np.sqrt((path**2 / rates).sum(axis=1))
    np.testing.assert_allclose(lengths[1:] / lengths[:-1], factor, rtol=1e-9)


def test_the_average_of_simultaneous_steps_diverges():
    path = games.play(BILINEAR, "simultaneous", (0.1, 0.1), 2500)
    averages = distances(games.running_average(path))
    assert averages[-200:].min() > 100


@pytest.mark.parametrize("rates", [*RATES, (1.0, 3.99), (2.0, 1.9), (8.0, 0.49)])
def test_alternating_steps_stay_on_an_ellipse_and_their_average_converges(rates):
    a, b = rates
    matrix = games.step_matrix(BILINEAR, "alternating", rates)
    assert np.linalg.det(matrix) == pytest.approx(1, abs=1e-9)
    assert games.growth(BILINEAR, "alternating", rates) == pytest.approx(1, abs=1e-9)
    path = games.play(BILINEAR, "alternating", rates, 40_000)
    x, y = path.T
    kept = b * x**2 + a * y**2 - a * b * x * y
    np.testing.assert_allclose(kept, kept[0], rtol=1e-6)
    averages = games.running_average(path)
    assert distances(averages)[-1] < 0.01 * distances(path).max()


def test_alternating_steps_run_away_beyond_four():
    assert games.growth(BILINEAR, "alternating", (1.0, 4.01)) > 1.1
    assert distances(games.play(BILINEAR, "alternating", (1.0, 4.0), 1000))[-1] > 1000  # linearly


@pytest.mark.parametrize("q", [0.01, 0.3, 0.5, 0.99])
def test_extragradient_converges_below_one(q):
    rates = (q / 0.7, 0.7)
    factor = math.sqrt(1 - q + q**2)
    assert games.growth(BILINEAR, "extragradient", rates) == pytest.approx(factor, rel=1e-12)
    assert distances(games.play(BILINEAR, "extragradient", rates, 5000))[-1] < 1e-9
    assert games.growth(BILINEAR, "extragradient", (1.01 / 0.7, 0.7)) > 1


def test_two_time_scales_help_the_damped_game_and_only_it():
    damping = 0.5
    damped = games.Game(damping_y=damping)
    common = np.arange(0.005, 3.0, 0.005)
    best = min(games.growth(damped, "simultaneous", (rate, rate)) for rate in common)
    assert best == pytest.approx(math.sqrt(1 - damping**2 / 4), rel=1e-6)
    two = (damping / 2, 2 / damping)
    np.testing.assert_allclose(
        np.linalg.matrix_power(games.step_matrix(damped, "simultaneous", two), 2), 0, atol=1e-12
    )
    assert distances(games.play(damped, "simultaneous", two, 2))[-1] < 1e-12
    assert games.growth(damped, "simultaneous", (0.6, 0.6)) > 1
    assert games.growth(damped, "simultaneous", (0.2, 0.6)) < 1
    assert games.growth(BILINEAR, "simultaneous", two) > 1


def test_averages_are_means():
    path = np.random.default_rng(0).normal(size=(50, 2))
    averages = games.running_average(path)
    for n in (1, 7, 50):
        np.testing.assert_allclose(averages[n - 1], path[:n].mean(axis=0))


def test_a_path_that_runs_away_ends_early_and_is_finite():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = games.play(BILINEAR, "simultaneous", (1e3, 1e3), 10_000)
    assert len(path) < 10 and np.isfinite(path).all()


# ---- bad input -----------------------------------------------------------------------------------


def test_unfit_games_and_settings_are_refused():
    refused = [
        (lambda: games.Game(coupling=0), "coupling is 0"),
        (lambda: games.Game(coupling=math.nan), "coupling is nan"),
        (lambda: games.Game(damping_x=-1), "damping_x is -1; give a number of 0 or more"),
        (lambda: games.Game(damping_y=math.inf), "damping_y is inf"),
        (lambda: games.play(BILINEAR, "both", (0.1, 0.1), 5), "no scheme 'both'; choose one of"),
        (lambda: games.play(BILINEAR, "alternating", (0.1,), 5), r"rates are .*; give two"),
        (lambda: games.play(BILINEAR, "alternating", 0.1, 5), r"rates are 0\.1; give two"),
        (lambda: games.play(BILINEAR, "alternating", (0.1, 0), 5), "rate_y is 0; give a number"),
        (lambda: games.play(BILINEAR, "alternating", (-0.1, 1), 5), r"rate_x is -0\.1"),
        (lambda: games.play(BILINEAR, "alternating", (1, 1), -1), "num_steps is -1"),
        (lambda: games.play(BILINEAR, "alternating", (1, 1), 1, (1.0,)), "give two finite"),
        (lambda: games.play(BILINEAR, "alternating", (1, 1), 1, (math.nan, 0)), "give two finite"),
        (lambda: games.step_matrix(BILINEAR, "x", (1, 1)), "no scheme 'x'"),
        (lambda: games.growth(BILINEAR, "x", (1, 1)), "no scheme 'x'"),
        (lambda: games.running_average([1.0, 2.0]), r"shape \(2,\); give \(n, 2\)"),
        (lambda: games.running_average(np.zeros((0, 2))), "at least one"),
        (lambda: games.running_average([[math.nan, 0.0]]), "not finite"),
    ]
    for act, message in refused:
        with pytest.raises(ValueError, match=message):
            act()
    with pytest.raises(TypeError, match="coupling is 'x'; give one number"):
        games.Game(coupling="x")
