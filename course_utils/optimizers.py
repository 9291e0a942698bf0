"""Update rules, learning-rate schedules and surfaces to try them on, in NumPy and float64.

Owns gradient descent and its relatives as pure functions, equal to Keras's step by step, and four
surfaces with their derivatives. Draws nothing, and needs no TensorFlow.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

FAR = 1e6  # a path that comes this far from the origin is taken to diverge

Rate = float | Callable[[int], float]
Memory = tuple[np.ndarray, np.ndarray]
Rule = Callable[[np.ndarray, np.ndarray, Memory, int], tuple[np.ndarray, Memory]]

# ---- what may be given ---------------------------------------------------------------------------


def check_number(
    name: str, value, low: float = -math.inf, high: float = math.inf, *, open_ended: bool = False
) -> float:
    """A finite number from low to high as a float; with `open_ended` the ends are excluded.

    Raises ValueError or TypeError with one sentence that names the value.

    >>> check_number("momentum", 0.9, 0, 1)
    0.9
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name} is {value!r}; give a number.")
    inside = low < value < high if open_ended else low <= value <= high
    if not (math.isfinite(value) and inside):
        raise ValueError(f"{name} is {float(value):g}; give a number {_range(low, high)}.")
    return float(value)


def _range(low: float, high: float) -> str:
    if math.isinf(low) and math.isinf(high):
        return "that is finite"
    return f"above {low:g}" if math.isinf(high) else f"from {low:g} to below {high:g}"


def check_count(name: str, value, low: int = 0) -> int:
    """A whole number of `low` or more; raises ValueError with one sentence otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < low:
        raise ValueError(f"{name} is {value!r}; give a whole number of {low} or more.")
    return int(value)


def _fraction(name: str, value) -> float:
    """A number from 0 to below 1: a momentum, or the decay of a running mean."""
    value = check_number(name, value)
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value:g}; give a number from 0 to below 1.")
    return value


def _positive(name: str, value) -> float:
    return check_number(name, value, 0, open_ended=True)


def _rate_at(learning_rate: Rate) -> Callable[[int], float]:
    """The learning rate as a function of the step, which counts from 0."""
    if not callable(learning_rate):
        rate = _positive("learning_rate", learning_rate)
        return lambda step: rate

    def scheduled(step: int) -> float:
        rate = check_number(f"The learning rate at step {step}", learning_rate(step))
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
    return _one_of("rule", name, make)()


def _one_of(what: str, name: str, known: Mapping):
    if name not in known:
        raise ValueError(f"The {what} is {name!r}; give one of {', '.join(known)}.")
    return known[name]


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
    num_steps = check_count("num_steps", num_steps)
    if check_number("noise", noise) < 0:
        raise ValueError(f"noise is {noise:g}; give a standard deviation of 0 or more.")
    random = np.random.default_rng(check_count("seed", seed))
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
    return _one_of("rule", rule, factors) / curvature


# ---- schedules -----------------------------------------------------------------------------------


def cosine_decay(learning_rate: float, num_steps: int) -> Callable[[int], float]:
    """From the rate to 0 along half a cosine (Loshchilov and Hutter 2017), and 0 afterwards.

    >>> [round(cosine_decay(0.1, 4)(step), 4) for step in range(5)]
    [0.1, 0.0854, 0.05, 0.0146, 0.0]
    """
    rate, num_steps = (
        _positive("learning_rate", learning_rate),
        check_count("num_steps", num_steps, 1),
    )
    return lambda step: rate * 0.5 * (1 + math.cos(math.pi * min(step, num_steps) / num_steps))


def step_decay(learning_rate: float, every: int, factor: float = 0.1) -> Callable[[int], float]:
    """The rate, multiplied by the factor after each `every` steps.

    >>> [step_decay(1.0, every=2, factor=0.5)(step) for step in range(6)]
    [1.0, 1.0, 0.5, 0.5, 0.25, 0.25]
    """
    rate, every = _positive("learning_rate", learning_rate), check_count("every", every, 1)
    factor = _positive("factor", factor)
    return lambda step: rate * factor ** (step // every)


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
    return _one_of("surface", name, SURFACES)
