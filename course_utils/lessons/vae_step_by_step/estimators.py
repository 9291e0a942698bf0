"""Two estimators of the gradient of a mean over N(mean, scale²), pure functions of NumPy arrays.

Lesson 09 derives both; `pictures` draws them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_name, check_real

OBSERVED, WEIGHT, DEVIATION = 1.2, 1.5, 0.8  # lesson 09's model: x from N(1.5 z, 0.8²), x = 1.2


# ---- functions whose mean over a normal distribution is known -----------------------------------


@dataclass(frozen=True)
class Payoff:
    """A function of z (any shape), its slope, and what is exact about its mean over N(m, s²).

    mean_value: function(m, s) -> E f(z); mean_gradient: function(m, s) -> its derivatives by m and
    s, (2,).
    """

    value: Callable
    slope: Callable
    mean_value: Callable[[float, float], float]
    mean_gradient: Callable[[float, float], np.ndarray]


def _hill_value(z):
    return (
        -0.5 * ((OBSERVED - WEIGHT * z) / DEVIATION) ** 2
        - math.log(DEVIATION)
        - 0.5 * math.log(2 * math.pi)
    )


def _hill_mean(m, s):
    # E (x - wz)² = (x - wm)² + w² s²
    return _hill_value(m) - 0.5 * (WEIGHT * s / DEVIATION) ** 2


def _hill_gradient(m, s):
    precision = 1 / DEVIATION**2
    return np.array([WEIGHT * (OBSERVED - WEIGHT * m) * precision, -(WEIGHT**2) * s * precision])


def _wave_gradient(m, s):
    # E sin 2z = sin(2m) exp(-2 s²)
    return np.exp(-2 * s**2) * np.array([2 * np.cos(2 * m), -4 * s * np.sin(2 * m)])


def _step_gradient(m, s):
    # P(z > 0) = Φ(m/s), whose derivative is the density at m/s times that of m/s
    density = math.exp(-0.5 * (m / s) ** 2) / math.sqrt(2 * math.pi)
    return density * np.array([1 / s, -m / s**2])


PAYOFFS = {
    "hill": Payoff(
        value=_hill_value,
        slope=lambda z: WEIGHT * (OBSERVED - WEIGHT * z) / DEVIATION**2,
        mean_value=_hill_mean,
        mean_gradient=_hill_gradient,
    ),
    "wave": Payoff(
        value=lambda z: np.sin(2 * z),
        slope=lambda z: 2 * np.cos(2 * z),
        mean_value=lambda m, s: math.sin(2 * m) * math.exp(-2 * s**2),
        mean_gradient=_wave_gradient,
    ),
    "step": Payoff(
        value=lambda z: np.where(np.asarray(z) > 0, 1.0, 0.0),
        slope=lambda z: np.zeros_like(np.asarray(z, float)),
        mean_value=lambda m, s: 0.5 * (1 + math.erf(m / s / math.sqrt(2))),
        mean_gradient=_step_gradient,
    ),
}


def payoff(name: str) -> Payoff:
    """The function of this name: "hill" (log p(x|z) of lesson 09's model), "wave" or "step"."""
    check_name("function", name, PAYOFFS)
    return PAYOFFS[name]


# ---- the estimators -----------------------------------------------------------------------------


def reparameterized_gradients(slope: Callable, mean, scale, noise) -> np.ndarray:
    """Estimates (n, 2) of the derivatives of E f(z), z from N(mean, scale²), by mean and by scale.

    slope: the derivative of f, of arrays (n,). mean, scale: one number each, scale above 0. noise:
    (n,), drawn from N(0, 1); each gives one estimate, f'(z) (1, noise) at z = mean + scale noise.
    Unbiased where f is continuous, with a slope that is known nearly everywhere (Kingma and Welling
    2014, section 2.4).

    >>> reparameterized_gradients(lambda z: 2 * z, 1.0, 0.5, np.array([0.0, 2.0]))
    array([[2., 0.],
           [4., 8.]])
    """
    mean, scale, noise = _setting(mean, scale, noise)
    slopes = _values(slope, mean + scale * noise, "slope")
    return np.stack([slopes, slopes * noise], axis=1)


def score_function_gradients(
    value: Callable, mean, scale, noise, *, baseline: float = 0.0
) -> np.ndarray:
    """The same derivatives from values of f alone, (n, 2): (f(z) - baseline) ∇ log N(z; ...).

    The gradient of the log-density by mean and scale is (noise / scale, (noise² - 1) / scale).
    Unbiased for any f and any baseline that does not depend on the noise (Williams 1992).

    value: the function f, of arrays (n,); the rest is as in `reparameterized_gradients`.

    >>> score_function_gradients(lambda z: z**2, 1.0, 0.5, np.array([0.0, 2.0]))
    array([[ 0., -2.],
           [16., 24.]])
    """
    mean, scale, noise = _setting(mean, scale, noise)
    weights = _values(value, mean + scale * noise, "value") - check_real("baseline", baseline)
    return np.stack([weights * noise, weights * (noise**2 - 1)], axis=1) / scale


def _setting(mean, scale, noise) -> tuple[float, float, np.ndarray]:
    mean = check_real("mean", mean)
    scale = check_real("scale", scale, 0, open_ended=True)
    try:
        noise = np.asarray(noise, float)
    except (TypeError, ValueError):
        raise ValueError("noise is no array of numbers; give one of shape (n,).") from None
    if noise.ndim != 1 or noise.size == 0:
        raise ValueError(f"noise has shape {noise.shape}; give (n,) with at least one number.")
    if not np.isfinite(noise).all():
        raise ValueError("noise has values that are NaN or infinite; draw it from N(0, 1).")
    return mean, scale, noise


def _values(function: Callable, z: np.ndarray, name: str) -> np.ndarray:
    values = np.asarray(function(z), float)
    if values.shape != z.shape:
        raise ValueError(
            f"{name} gave an array of shape {values.shape} for z of shape {z.shape}; it must give "
            "one number for each z."
        )
    return values
