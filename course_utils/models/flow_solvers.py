"""Solvers that follow a velocity field from noise (t = 0) to data (t = 1), or back.

They know nothing of networks: `velocity(points, time)` is any function of points and one number
that returns the points' velocities. NumPy arrays and tensors are both welcome.
"""

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np

from course_utils.base.arguments import check_name, check_real, check_whole

Velocity = Callable[[object, float], object]


def _euler(velocity, points, now, then, memory):
    return points + (then - now) * velocity(points, now), None


def heun_step(velocity: Velocity, points, now: float, then: float):
    """The points at the time `then`, by the mean of the velocities at both ends: two calls.

    >>> heun_step(lambda points, time: 2 * time, 1.0, 0.0, 0.5)  # 1 + t², without an error
    1.25
    """
    step, first = then - now, velocity(points, now)
    return points + step / 2 * (first + velocity(points + step * first, then))


def _heun(velocity, points, now, then, memory):
    if then == 1:  # where a field is often not known, and one Euler step keeps the order
        return _euler(velocity, points, now, then, memory)
    return heun_step(velocity, points, now, then), None


def _adams(velocity, points, now, then, memory):
    """Two-step Adams-Bashforth: the velocity's trend since the step before goes on for half a step.

    For unequal steps: Hairer, Nørsett and Wanner 1993, section III.5.
    """
    first, trend = velocity(points, now), 0.0
    if memory is not None:
        before, velocity_before = memory
        trend = (then - now) / (2 * (now - before)) * (first - velocity_before)
    return points + (then - now) * (first + trend), (now, first)


SOLVERS = {"euler": _euler, "heun": _heun, "adams": _adams}


def num_calls(solver: str, num_steps: int) -> int:
    """How often a solver asks for the velocity on the way from noise to data.

    >>> num_calls("euler", 8), num_calls("heun", 8), num_calls("adams", 8)
    (8, 15, 8)
    """
    check_name("solver", solver, SOLVERS)
    check_whole("num_steps", num_steps)
    return 2 * num_steps - 1 if solver == "heun" else num_steps


def stage_times(num_steps: int, crowding: float = 1.0) -> np.ndarray:
    """The times before, between and after the steps: 1 - (1 - i / num_steps)^crowding.

    crowding: 1 makes all steps equal; more makes the last ones shorter, less the first ones

    >>> stage_times(4), stage_times(4, 2)
    (array([0.  , 0.25, 0.5 , 0.75, 1.  ]), array([0.    , 0.4375, 0.75  , 0.9375, 1.    ]))
    """
    even = np.linspace(0.0, 1.0, check_whole("num_steps", num_steps) + 1)
    crowding = check_real("crowding", crowding, 0.1, 4)  # with more, late steps are rounded to 0
    return even if crowding == 1 else 1 - (1 - even) ** crowding


def stages(
    velocity: Velocity,
    points,
    num_steps: int,
    solver: str = "euler",
    *,
    crowding: float = 1.0,
    backwards: bool = False,
) -> Iterator:
    """The points at all `stage_times`, each as soon as it is known: num_steps + 1 of them.

    points: the first ones, at t = 0 (backwards: at t = 1)
    solver: "euler", "heun" (a trapezoid, by way of an Euler step; the step to t = 1 is Euler's, as
        in Karras et al. 2022), or "adams" (Adams-Bashforth with two steps; the first is Euler's).
        The error at the end falls as 1/num_steps for Euler, as its square for the others; more
        slowly with a crowding below 1, since the step next to t = 1 is then a long one.
    backwards: from t = 1 to t = 0, which turns data into noise.
    """
    check_name("solver", solver, SOLVERS)
    times = stage_times(num_steps, crowding)
    return _steps(SOLVERS[solver], velocity, points, times[::-1] if backwards else times)


def _steps(step: Callable, velocity, points, times) -> Iterator:
    memory = None
    yield points
    for now, then in itertools.pairwise(times):
        points, memory = step(velocity, points, float(now), float(then), memory)
        yield points


def path(velocity: Velocity, points, num_steps: int, solver: str = "euler", **settings) -> list:
    """All `stages`, which take the same settings, in a list."""
    return list(stages(velocity, points, num_steps, solver, **settings))


def solve(velocity: Velocity, points, num_steps: int, solver: str = "euler", **settings):
    """The last of the `stages`, which take the same settings; no other is kept."""
    for stage in stages(velocity, points, num_steps, solver, **settings):
        points = stage
    return points


def renew(
    clean: Callable,
    points,
    num_steps: int,
    draw: Callable,
    renewal: float = 1.0,
    crowding: float = 1.0,
):
    """A stochastic way from noise to data: at each step part of the noise is drawn anew.

    clean: function(points x_t, time t) -> the guess of the data x; one call a step
    draw: function(step) -> standard normal noise like the points
    renewal: 0 keeps all noise, which is Euler's method (DDIM, Song et al. 2021); 1 renews as much
        as the reverse of a noising chain does (DDPM, Ho et al. 2020), here along x_t
    crowding: as in `stage_times`

    From t to s > t: x_s = s x + sqrt((1-s)² - k²) e + k z, where k² is renewal² times the variance
    (1-s)² - (t/s)² (1-s)⁴ / (1-t)² of x_s for known x_t and x.
    """
    times = stage_times(num_steps, crowding).tolist()
    renewal = check_real("renewal", renewal, 0, 1)
    for step, (now, then) in enumerate(itertools.pairwise(times)):
        guess = clean(points, now)
        noise = (points - now * guess) / (1 - now)
        left = 1 - then
        renewed = renewal * left * math.sqrt(1 - (now * left / (then * (1 - now))) ** 2)
        kept = math.sqrt(left**2 - renewed**2)
        points = then * guess + kept * noise + renewed * draw(step)
    return points
