"""Solvers on a field whose solution is known; the stochastic way against closed forms."""

import itertools

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.models import flow_solvers

MEAN, SPREAD = 0.6, 0.5  # of Gaussian data, for which all is known
ORDERS = {"euler": 1, "heun": 2, "adams": 2}
every_solver = pytest.mark.parametrize("solver", ORDERS)


def variance(time):
    """Of x_t = t x + (1 - t) e."""
    return time**2 * SPREAD**2 + (1 - time) ** 2


def velocity(points, time):
    slope = (time * SPREAD**2 - (1 - time)) / variance(time)
    return MEAN + slope * (points - time * MEAN)


def clean(points, time):
    return MEAN + time * SPREAD**2 / variance(time) * (points - time * MEAN)


def at(latents, time):
    """Where the field brings latents by this time: to the same place in each Gaussian p_t."""
    return time * MEAN + np.sqrt(variance(time)) * latents


LATENTS = np.linspace(-2, 2, 9)


# --- when the stages are -----------------------------------------------------------------------


@pytest.mark.parametrize("crowding", [0.1, 0.7, 1, 1.25, 2.0, 4])
@pytest.mark.parametrize("num_steps", [1, 2, 3, 16, 1000])
def test_stages_go_from_0_to_1(num_steps, crowding):
    times = flow_solvers.stage_times(num_steps, crowding)
    assert times.shape == (num_steps + 1,) and times.dtype == np.float64
    assert times[0] == 0 and times[-1] == 1
    assert (np.diff(times) > 0).all()


def test_stages_are_even_unless_they_are_crowded():
    np.testing.assert_array_equal(flow_solvers.stage_times(7), np.linspace(0, 1, 8))
    np.testing.assert_array_equal(flow_solvers.stage_times(7, 1.0), np.linspace(0, 1, 8))
    np.testing.assert_allclose(flow_solvers.stage_times(3, 3), [0, 19 / 27, 26 / 27, 1])
    late, early = (np.diff(flow_solvers.stage_times(20, crowding)) for crowding in (1.3, 0.7))
    assert (np.diff(late) < 0).all() and (np.diff(early) > 0).all()
    # The first step of many is `crowding` times as long as an even one.
    assert flow_solvers.stage_times(10_000, 1.3)[1] == pytest.approx(1.3e-4, rel=1e-3)


WAYS = {
    "stage_times": flow_solvers.stage_times,
    "path": lambda n, crowding: flow_solvers.path(velocity, LATENTS, n, crowding=crowding),
    "solve": lambda n, crowding: flow_solvers.solve(velocity, LATENTS, n, crowding=crowding),
    "renew": lambda n, crowding: flow_solvers.renew(
        clean, LATENTS, n, lambda step: 0.0, crowding=crowding
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_unfit_numbers_of_stages_and_crowding_are_refused_in_one_sentence(way):
    for unfit in (0, -1, 2.5, True, None):
        with pytest.raises(ValueError, match=rf"^num_steps is {unfit!r}; give a whole number of 1"):
            way(unfit, 1.0)
    for unfit in (0, -1, 0.05, 4.5, float("nan"), float("inf")):
        words = rf"^crowding is {unfit:g}; give a number from 0\.1 to 4\.$"
        with pytest.raises(ValueError, match=words):
            way(4, unfit)
    for unfit in ("1", None, True, [1, 2]):
        with pytest.raises(TypeError, match=r"^crowding is .*; give one number\.$"):
            way(4, unfit)


# --- deterministic -----------------------------------------------------------------------------


def test_the_known_solution_follows_the_field():
    for time in (0.0, 0.3, 0.8, 1.0):
        way = (at(LATENTS, time + 1e-6) - at(LATENTS, time - 1e-6)) / 2e-6
        np.testing.assert_allclose(velocity(at(LATENTS, time), time), way, atol=1e-8)


def order(solver, numbers, backwards, **settings):
    """The power of 1/num_steps with which the error at the end falls, over these numbers."""
    start, end = (at(LATENTS, 1.0), LATENTS) if backwards else (LATENTS, at(LATENTS, 1.0))
    settings["backwards"] = backwards
    errors = [
        np.abs(flow_solvers.solve(velocity, start, n, solver, **settings) - end).max()
        for n in numbers
    ]
    return -np.polyfit(np.log(numbers), np.log(errors), 1)[0]


@every_solver
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("crowding", [1.0, 1.3])
def test_the_error_at_the_end_falls_with_the_order(solver, crowding, backwards):
    # With crowding 1.3 many: Euler's last step of Heun, of order 2.6, is felt until then.
    numbers = [32, 64, 128, 256] if crowding == 1 else [256, 512, 1024, 2048]
    found = order(solver, numbers, backwards, crowding=crowding)
    assert found == pytest.approx(ORDERS[solver], abs=0.1)  # measured: within 0.05


@pytest.mark.parametrize(("solver", "backwards"), [("heun", False), ("adams", True)])
def test_a_long_last_step_of_euler_costs_the_second_order(solver, backwards):
    """Of length n^-0.7, so its error is n^-1.4: Heun's end, and Adams' beginning at t = 1."""
    found = order(solver, [256, 512, 1024, 2048], backwards, crowding=0.7)
    assert found == pytest.approx(1.4, abs=0.05)  # measured: 1.42


@every_solver
@pytest.mark.parametrize("num_steps", [1, 2, 7])
def test_calls_are_counted_as_they_are_made(solver, num_steps):
    times = []

    def noting(points, time):
        times.append(time)
        return velocity(points, time)

    found = flow_solvers.path(noting, LATENTS, num_steps, solver)
    assert len(times) == flow_solvers.num_calls(solver, num_steps)
    assert min(times) == 0 and max(times) < 1  # nothing is asked for at the data
    assert all(type(time) is float for time in times)
    assert len(found) == num_steps + 1
    np.testing.assert_array_equal(found[0], LATENTS)
    end = flow_solvers.solve(velocity, LATENTS, num_steps, solver)
    np.testing.assert_array_equal(found[-1], end)
    times.clear()
    flow_solvers.path(noting, LATENTS, num_steps, solver, backwards=True)
    assert len(times) == num_steps * (2 if solver == "heun" else 1)
    assert times[0] == 1


@every_solver
def test_each_stage_is_given_as_soon_as_it_is_known(solver):
    asked = []

    def noting(points, time):
        asked.append(time)
        return velocity(points, time)

    for backwards in (False, True):
        found = flow_solvers.path(velocity, LATENTS, 4, solver, backwards=backwards)
        stages = flow_solvers.stages(noting, LATENTS, 4, solver, backwards=backwards)
        asked.clear()
        for step, stage in enumerate(stages):
            np.testing.assert_array_equal(stage, found[step])
            assert (step == 0) == (len(asked) == 0) and len(asked) <= 2 * step
        assert step == 4


def test_what_stages_cannot_be_made_of_is_said_at_once():
    with pytest.raises(ValueError, match="no solver 'rk4'"):
        flow_solvers.stages(velocity, LATENTS, 4, "rk4")
    with pytest.raises(ValueError, match="num_steps is 0"):
        flow_solvers.stages(velocity, LATENTS, 0)


@every_solver
def test_the_stages_are_those_of_the_times_between(solver):
    for crowding in (1.0, 1.3):
        found = flow_solvers.path(velocity, LATENTS, 200, solver, crowding=crowding)
        times = flow_solvers.stage_times(200, crowding)
        for stage, time in zip(found, times, strict=True):
            np.testing.assert_allclose(stage, at(LATENTS, time), atol=0.02)


@every_solver
@pytest.mark.parametrize("crowding", [1.0, 1.3])
def test_there_and_back_is_where_it_began(solver, crowding):
    data = flow_solvers.solve(velocity, LATENTS, 400, solver, crowding=crowding)
    back = flow_solvers.solve(velocity, data, 400, solver, crowding=crowding, backwards=True)
    np.testing.assert_allclose(back, LATENTS, atol=0.02 if solver == "euler" else 1e-4)


def test_single_steps_are_those_by_hand():
    points = np.array([1.0, -2.0])

    def field(points, time):
        return points**2 + 3 * time

    first = field(points, 0.0)
    halfway = points + first / 2
    found = flow_solvers.path(field, points, 2, "euler")
    np.testing.assert_allclose(found, [points, halfway, halfway + field(halfway, 0.5) / 2])
    found = flow_solvers.path(field, points, 2, "adams")
    trend = (field(halfway, 0.5) - first) / 2
    np.testing.assert_allclose(found[2], halfway + (field(halfway, 0.5) + trend) / 2)
    found = flow_solvers.path(field, points, 2, "heun")
    middle = points + (first + field(halfway, 0.5)) / 4
    np.testing.assert_allclose(found[1:], [middle, middle + field(middle, 0.5) / 2])


def test_the_velocity_is_asked_for_at_the_stages():
    times = flow_solvers.stage_times(5, 1.3)
    for backwards in (False, True):
        asked = []

        def noting(points, time, asked=asked):
            asked.append(time)
            return points

        for solver in ("euler", "adams"):
            asked.clear()
            settings = {"crowding": 1.3, "backwards": backwards}
            flow_solvers.path(noting, LATENTS, 5, solver, **settings)
            np.testing.assert_array_equal(asked, (times[::-1] if backwards else times)[:-1])


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("crowding", [0.5, 1.0, 1.3, 3.0])
def test_adams_follows_a_linear_velocity_without_an_error(crowding, backwards):
    """But for its first step, which is Euler's."""
    times = flow_solvers.stage_times(6, crowding)
    times = times[::-1] if backwards else times
    settings = {"crowding": crowding, "backwards": backwards}
    found = flow_solvers.path(lambda points, time: 5 - 4 * time, 3.0, 6, "adams", **settings)
    exact = 5 * times - 2 * times**2
    np.testing.assert_allclose(np.diff(found)[1:], np.diff(exact)[1:], atol=1e-14)
    first = times[1] - times[0]
    assert found[1] == pytest.approx(3 + first * (5 - 4 * times[0]), abs=1e-14)
    assert np.abs(np.diff(exact)[0] - (found[1] - 3)) == pytest.approx(2 * first**2)


def test_unequal_steps_of_adams_are_those_by_hand():
    """From 0 by way of 3/4 to 1: the trend of 3/4 goes on for half of 1/4."""
    points, field = np.array([1.0, -2.0]), lambda points, time: points**2 + 3 * time
    _, halfway, end = flow_solvers.path(field, points, 2, "adams", crowding=2)
    first, second = field(points, 0.0), field(halfway, 0.75)
    np.testing.assert_allclose(halfway, points + 0.75 * first)
    np.testing.assert_allclose(end, halfway + (second + (second - first) / 0.75 / 8) / 4)


@every_solver
def test_a_straight_way_takes_one_step(solver):
    found = flow_solvers.solve(lambda points, time: 3 * np.ones(9), LATENTS, 1, solver)
    np.testing.assert_allclose(found, LATENTS + 3)


@every_solver
def test_tensors_and_float32_stay_what_they_are(solver):
    latents = LATENTS.astype(np.float32)
    array = flow_solvers.solve(velocity, latents, 5, solver)
    tensor = flow_solvers.solve(velocity, tf.constant(latents), 5, solver)
    assert array.dtype == np.float32 and tf.is_tensor(tensor) and tensor.dtype == tf.float32
    np.testing.assert_allclose(tensor, array, atol=1e-5)


def test_unfit_solvers_and_steps_are_refused():
    for call in (
        lambda solver, n: flow_solvers.path(velocity, LATENTS, n, solver),
        lambda solver, n: flow_solvers.num_calls(solver, n),
    ):
        with pytest.raises(ValueError, match="no solver 'rk4'; choose one of euler, heun, adams"):
            call("rk4", 4)
        for unfit in (0, -1, 2.5, True):
            with pytest.raises(ValueError, match=f"num_steps is {unfit!r}; give a whole number"):
                call("euler", unfit)


# --- stochastic --------------------------------------------------------------------------------


def test_without_renewal_it_is_eulers_way_of_the_clean_guess():
    def euler(points, time):  # the velocity that belongs to the guess
        return (clean(points, time) - points) / (1 - time)

    for num_steps in (1, 2, 7, 30):
        for crowding in (1.0, 1.3):
            settings = {"crowding": crowding}
            found = flow_solvers.renew(clean, LATENTS, num_steps, lambda step: 7.0, 0.0, **settings)
            expected = flow_solvers.solve(euler, LATENTS, num_steps, "euler", **settings)
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def stages(guess, num_steps, renewal, crowding=1.0):
    """Mean and gains of x_t at each t below 1 and at the end, exactly, if the guess is affine.

    A gain is how much of the latent, and of each further draw, is in x_t; all are independent.
    """
    units = np.eye(num_steps + 2)  # of the latent, and of what each step draws; the last is none
    found = []

    def noting(points, time):
        found.append(points)
        return guess(points, time)

    end = flow_solvers.renew(
        noting, units[0], num_steps, lambda step: units[step + 1], renewal, crowding
    )
    return [(points[-1], points[:-1] - points[-1]) for points in (*found, end)]


@pytest.mark.parametrize("renewal", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("crowding", [1.0, 1.3])
def test_with_the_exact_guess_of_a_gaussian_the_moments_are_kept(renewal, crowding):
    """The guess is a mean, so the variance is too small, by an error of order 1 in the steps."""
    errors, numbers = [], (50, 100, 200, 400)
    for num_steps in numbers:
        found = stages(clean, num_steps, renewal, crowding)
        times = flow_solvers.stage_times(num_steps, crowding)
        np.testing.assert_allclose([mean for mean, _ in found], times * MEAN, atol=1e-12)
        variances = [(gains**2).sum() for _, gains in found]
        errors.append(np.abs(variances - variance(times)).max())
    assert errors[-1] < 0.006
    slope = np.polyfit(np.log(numbers), np.log(errors), 1)[0]
    assert slope == pytest.approx(-1, abs=0.1)


def test_full_renewal_is_the_noising_chain_read_backwards():
    """For known data: x_t is t/s of x_s plus noise of its own, so that cov = t/s (1 - s)²."""
    for renewal, crowding in itertools.product((0.0, 0.3, 1.0), (1.0, 1.3)):
        times = flow_solvers.stage_times(8, crowding)
        found = stages(lambda points, time: 2.5, 8, renewal, crowding)
        np.testing.assert_allclose([mean for mean, _ in found], 2.5 * times, atol=1e-12)
        gains = np.array([gain for _, gain in found])
        np.testing.assert_allclose((gains**2).sum(axis=1), (1 - times) ** 2, atol=1e-12)
        together = (gains[1:] * gains[:-1]).sum(axis=1)
        chain = times[:-1] / times[1:] * (1 - times[1:]) ** 2
        kept = (1 - times[1:]) * (1 - times[:-1])  # without renewal the noise is one and the same
        by_hand = np.sqrt((1 - renewal**2) * kept**2 + renewal**2 * chain**2)
        np.testing.assert_allclose(together, by_hand, atol=1e-12)


def test_drawn_ends_have_the_moments_of_the_gains():
    """100,000 ends in 20 steps, where the spread is still visibly too small, against 4 errors."""
    random = np.random.default_rng(0)
    latents = random.standard_normal(100_000)
    found = flow_solvers.renew(clean, latents, 20, lambda step: random.standard_normal(100_000))
    mean, gains = stages(clean, 20, 1.0)[-1]
    spread = np.sqrt((gains**2).sum())
    assert 0.4 < spread < 0.45 < SPREAD
    assert found.mean() == pytest.approx(mean, abs=4 * spread / np.sqrt(100_000))
    assert found.std() == pytest.approx(spread, abs=4 * spread / np.sqrt(200_000))


def test_the_guess_and_the_noise_are_asked_for_once_a_step():
    times, steps = [], []

    def noting(points, time):
        times.append(time)
        return clean(points, time)

    def draw(step):
        steps.append(step)
        return np.zeros_like(LATENTS)

    flow_solvers.renew(noting, LATENTS, 4, draw)
    assert times == [0, 0.25, 0.5, 0.75] and steps == [0, 1, 2, 3]
    times.clear()
    flow_solvers.renew(noting, LATENTS, 4, draw, crowding=2)
    assert times == [0, 0.4375, 0.75, 0.9375] and all(type(time) is float for time in times)


def test_stochastic_tensors_and_float32_stay_what_they_are():
    latents = LATENTS.astype(np.float32)
    array = flow_solvers.renew(clean, latents, 5, lambda step: latents)
    tensor = flow_solvers.renew(clean, tf.constant(latents), 5, lambda step: tf.constant(latents))
    assert array.dtype == np.float32 and tf.is_tensor(tensor) and tensor.dtype == tf.float32
    np.testing.assert_allclose(tensor, array, atol=1e-5)


def test_unfit_renewals_and_steps_are_refused():
    for unfit in (-0.1, 1.5, float("nan")):
        with pytest.raises(ValueError, match=f"renewal is {unfit:g}; give a number from 0 to 1"):
            flow_solvers.renew(clean, LATENTS, 4, lambda step: 0.0, unfit)
    with pytest.raises(ValueError, match="num_steps is 0; give a whole number of 1 or more"):
        flow_solvers.renew(clean, LATENTS, 0, lambda step: 0.0)


# ---- Heun's step alone ---------------------------------------------------------------------------


def test_heun_s_step_asks_at_both_ends_even_at_the_last_one():
    seen = []

    def watched(points, time):
        seen.append(time)
        return time - points**2

    flow_solvers.heun_step(watched, np.array([[0.3, -0.2]]), 0.75, 1.0)
    assert seen == [0.75, 1.0]


def test_twice_as_many_of_heun_s_steps_quarter_the_error():
    def error(num_steps):
        points = np.array([1.0])
        for now, then in itertools.pairwise(np.linspace(0, 1, num_steps + 1)):
            points = flow_solvers.heun_step(lambda x, t: -2 * t * x, points, now, then)
        return abs(points[0] - np.exp(-1))

    assert 3.8 < error(32) / error(64) < 4.2
