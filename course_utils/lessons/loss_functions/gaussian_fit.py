"""One Gaussian for a mixture: the one that is nearest in the forward or in the reverse KL."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from course_utils.base.arguments import check_finite, check_name, check_real
from course_utils.base.divergences import (
    check_mixture,
    kl_quadrature,
    log_mixture_density,
    log_normal_density,
)


@dataclass(frozen=True)
class GaussianFit:
    """The Gaussian that was found, and how far it is from the mixture, in nats."""

    mean: float
    deviation: float
    divergence: float


def fit_gaussian(
    weights, means, deviations, direction: str = "forward", start: tuple[float, float] = (0.0, 1.0)
) -> GaussianFit:
    """The Gaussian q that minimizes a KL to the mixture p, by descent on (mean, log deviation).

    direction: "forward", KL(p‖q), or "reverse", KL(q‖p). start: mean and deviation to begin from;
    the reverse KL may have several minima, and the descent ends in one that its start leads to.

    The KLs are areas by the trapezoid rule, the descent is SciPy's quasi-Newton method L-BFGS-B.
    """
    check_name("direction", direction, ("forward", "reverse"))
    mixture = check_mixture(weights, means, deviations)
    start = check_finite("start", start)
    if start.shape != (2,):
        raise ValueError(f"start has shape {start.shape}; give (mean, deviation).")
    check_real("start[1]", start[1], 0, open_ended=True)
    objective = _forward(*mixture) if direction == "forward" else _reverse(*mixture)
    found = minimize(
        objective,
        [start[0], np.log(start[1])],
        method="L-BFGS-B",
        jac="3-point",
        options={"ftol": 1e-15, "gtol": 1e-9},
    )
    mean, log_deviation = found.x
    return GaussianFit(float(mean), float(np.exp(log_deviation)), float(found.fun))


def _forward(weights, means, deviations):
    """A function of (mean, log deviation): KL(p‖q), the area over all of p."""
    low, high = (means - 12 * deviations).min(), (means + 12 * deviations).max()
    x = np.linspace(low, high, int(np.clip((high - low) / deviations.min() * 20, 2000, 100_000)))
    log_p = log_mixture_density(x, weights, means, deviations)
    return lambda place: kl_quadrature(log_p, log_normal_density(x, place[0], np.exp(place[1])), x)


def _reverse(weights, means, deviations):
    """A function of (mean, log deviation): KL(q‖p), the area from -10 to 10 deviations of q."""
    z = np.linspace(-10, 10, 1601)

    def kl(place):
        x = place[0] + np.exp(place[1]) * z
        log_q = log_normal_density(x, place[0], np.exp(place[1]))
        return kl_quadrature(log_q, log_mixture_density(x, weights, means, deviations), x)

    return kl
