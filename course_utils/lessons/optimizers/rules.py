"""Update rules, from gradient descent to Adam, and learning-rate schedules, in NumPy and float64.

Pure functions, equal to Keras's step by step. The surfaces to try them on are in `surfaces`.
"""

import math
from collections.abc import Callable

import numpy as np

from course_utils.base.arguments import check_name, check_real, check_whole

FAR = 1e6  # a path that comes this far from the origin is taken to diverge

Rate = float | Callable[[int], float]
Memory = tuple[np.ndarray, np.ndarray]
Rule = Callable[[np.ndarray, np.ndarray, Memory, int], tuple[np.ndarray, Memory]]


def _fraction(name: str, value) -> float:
    """A number from 0 to below 1: a momentum, or the decay of a running mean."""
    value = check_real(name, value)
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value:g}; give a number from 0 to below 1.")
    return value


def _positive(name: str, value) -> float:
    return check_real(name, value, 0, open_ended=True)


def _rate_at(learning_rate: Rate) -> Callable[[int], float]:
    """The learning rate as a function of the step, which counts from 0."""
    if not callable(learning_rate):
        rate = _positive("learning_rate", learning_rate)
        return lambda step: rate

    def scheduled(step: int) -> float:
        rate = check_real(f"The learning rate at step {step}", learning_rate(step))
        if rate < 0:
            raise ValueError(
                f"The learning rate at step {step} is {rate:g}; it must not be below 0."
            )
        return rate

    return scheduled


# ---- update rules --------------------------------------------------------------------------------
#
# A rule maps (point, gradient, memory, step) to (new point, new memory). The memory is a pair of
# arrays, zero at first: a velocity or mean gradient, and a mean square; each rule uses what it
# needs. The step counts from 0. learning_rate is a number, or a function of the step.


def gradient_descent(learning_rate: Rate) -> Rule:
    """Against the gradient, by the learning rate (Cauchy 1847); keras.optimizers.SGD."""
    rate = _rate_at(learning_rate)

    def update(point, gradient, memory, step):
        return point - rate(step) * gradient, memory

    return update


def momentum(learning_rate: Rate, momentum: float = 0.9) -> Rule:
    """A velocity that keeps the share `momentum` in each step (Polyak 1964); SGD(momentum=…)."""
    rate, keep = _rate_at(learning_rate), _fraction("momentum", momentum)

    def update(point, gradient, memory, step):
        velocity = keep * memory[0] - rate(step) * gradient
        return point + velocity, (velocity, memory[1])

    return update


def nesterov(learning_rate: Rate, momentum: float = 0.9) -> Rule:
    """Momentum whose gradient is taken ahead of the point (Nesterov 1983); SGD(nesterov=True).

    As in Keras, the points of the path are those where gradients are taken.
    """
    rate, keep = _rate_at(learning_rate), _fraction("momentum", momentum)

    def update(point, gradient, memory, step):
        velocity = keep * memory[0] - rate(step) * gradient
        return point + keep * velocity - rate(step) * gradient, (velocity, memory[1])

    return update


def rmsprop(learning_rate: Rate, rho: float = 0.9, epsilon: float = 1e-7) -> Rule:
    """Each coordinate divided by its root mean square (Hinton 2012); keras.optimizers.RMSprop."""
    rate, rho = _rate_at(learning_rate), _fraction("rho", rho)
    epsilon = _positive("epsilon", epsilon)

    def update(point, gradient, memory, step):
        mean_square = rho * memory[1] + (1 - rho) * gradient**2
        move = rate(step) * gradient / np.sqrt(mean_square + epsilon)
        return point - move, (memory[0], mean_square)

    return update


def adam(
    learning_rate: Rate, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7
) -> Rule:
    """Mean over root mean square, both freed of their start at 0 (Kingma and Ba 2015).

    As in Keras and at the end of the paper's section 2, epsilon is added to the root mean square
    *before* the correction, so it counts more in the first steps than in the paper's algorithm 1.
    """
    rate, epsilon = _rate_at(learning_rate), _positive("epsilon", epsilon)
    beta_1, beta_2 = _fraction("beta_1", beta_1), _fraction("beta_2", beta_2)

    def update(point, gradient, memory, step):
        mean = beta_1 * memory[0] + (1 - beta_1) * gradient
        mean_square = beta_2 * memory[1] + (1 - beta_2) * gradient**2
        correction = math.sqrt(1 - beta_2 ** (step + 1)) / (1 - beta_1 ** (step + 1))
        move = rate(step) * correction * mean / (np.sqrt(mean_square) + epsilon)
        return point - move, (mean, mean_square)

    return update


RULES = ("gradient descent", "momentum", "Nesterov", "RMSProp", "Adam")


def named_rule(name: str, learning_rate: Rate, share: float = 0.9) -> Rule:
    """One of `RULES` by its name; `share` is the momentum, Adam's beta_1, unused by the other two.

    Raises ValueError for a name that is none of them.
    """
    make = {
        "gradient descent": lambda: gradient_descent(learning_rate),
        "momentum": lambda: momentum(learning_rate, share),
        "Nesterov": lambda: nesterov(learning_rate, share),
        "RMSProp": lambda: rmsprop(learning_rate),
        "Adam": lambda: adam(learning_rate, beta_1=share),
    }
    check_name("rule", name, make)
    return make[name]()


def descend(
    gradient: Callable[[np.ndarray], np.ndarray],
    start,
    rule: Rule,
    num_steps: int = 100,
    noise: float = 0.0,
    seed: int = 0,
) -> np.ndarray:
    """The path of a rule, float64, shape (num_steps + 1, *start.shape); its first point is `start`.

    gradient: function of a point that returns an array of its shape.
    noise: standard deviation of the normal noise added to each entry of each gradient.

    A path that leaves the cube of half-width `FAR` = 1e6 ends there and is shorter; all of its
    points are finite.

    >>> descend(lambda x: x, [4.0], gradient_descent(0.5), num_steps=2)
    array([[4.],
           [2.],
           [1.]])
    """
    point = _start(start)
    num_steps = check_whole("num_steps", num_steps, 0)
    check_real("noise", noise, 0)
    random = np.random.default_rng(check_whole("seed", seed, 0))
    memory = (np.zeros_like(point), np.zeros_like(point))
    path = [point]
    for step in range(num_steps):
        if np.abs(point).max() > FAR:
            break
        with np.errstate(over="ignore", invalid="ignore"):
            slope = np.asarray(gradient(point.copy()), np.float64)
            if slope.shape != point.shape:
                raise ValueError(
                    f"The gradient has shape {slope.shape} at a point of shape {point.shape}; "
                    "return one derivative for each coordinate."
                )
            if noise:
                slope = slope + noise * random.standard_normal(point.shape)
            point, memory = rule(point, slope, memory, step)
        if not np.isfinite(point).all():
            break
        path.append(point)
    return np.array(path)


def _start(start) -> np.ndarray:
    try:
        point = np.array(start, np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"The start is {start!r}; give numbers, such as [1.0, 2.0].") from None
    if point.size == 0:
        raise ValueError(f"The start has shape {point.shape}; give at least one coordinate.")
    if not np.isfinite(point).all() or np.abs(point).max() > FAR:
        raise ValueError(f"The start has coordinates that are not finite or beyond {FAR:g}.")
    return point


def stability_limit(curvature: float, rule: str = "gradient descent", share: float = 0.0) -> float:
    """The learning rate above which a rule leaves the minimum of a quadratic with this curvature.

    2/L for gradient descent, 2(1+m)/L with momentum m (Polyak 1964), 2(1+m)/((1+2m)L) with
    Nesterov's. RMSProp and Adam divide the curvature out and have no such limit.

    >>> stability_limit(25.0), stability_limit(25.0, "momentum", 0.5)
    (0.08, 0.12)
    """
    curvature = _positive("curvature", curvature)
    share = _fraction("share", share)
    factors = {
        "gradient descent": 2.0,
        "momentum": 2 * (1 + share),
        "Nesterov": 2 * (1 + share) / (1 + 2 * share),
    }
    check_name("rule with such a limit", rule, factors)
    return factors[rule] / curvature


# ---- schedules -----------------------------------------------------------------------------------


def steps_until(share: float, factor: float) -> int:
    """Steps until less than `share` is left, where each step leaves the share `factor`.

    >>> steps_until(0.25, 0.5)
    3
    """
    check_real("share", share, 0, open_ended=True)
    check_real("factor", factor, 0, 1, open_ended=True)
    left, steps = 1.0, 0
    while left >= share:
        left, steps = left * factor, steps + 1
    return steps


def cosine_decay(learning_rate: float, num_steps: int) -> Callable[[int], float]:
    """From the rate to 0 along half a cosine (Loshchilov and Hutter 2017), and 0 afterwards.

    >>> [round(cosine_decay(0.1, 4)(step), 4) for step in range(5)]
    [0.1, 0.0854, 0.05, 0.0146, 0.0]
    """
    rate, num_steps = (
        _positive("learning_rate", learning_rate),
        check_whole("num_steps", num_steps),
    )
    return lambda step: rate * 0.5 * (1 + math.cos(math.pi * min(step, num_steps) / num_steps))


def step_decay(learning_rate: float, every: int, factor: float = 0.1) -> Callable[[int], float]:
    """The rate, multiplied by the factor after each `every` steps.

    >>> [step_decay(1.0, every=2, factor=0.5)(step) for step in range(6)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """
    rate, every = _positive("learning_rate", learning_rate), check_whole("every", every)
    factor = _positive("factor", factor)
    return lambda step: rate * factor ** (step // every)
