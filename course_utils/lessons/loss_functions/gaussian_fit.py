"""One Gaussian for a mixture: the one that is nearest in the forward or in the reverse KL."""

from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_finite, check_real
from course_utils.base.divergences import (
    _mixture,
    kl_quadrature,
    log_mixture_density,
    log_normal_density,
)

# ---- one Gaussian for a mixture ------------------------------------------------------------------


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

    Steps along the natural gradient (the gradient of the mean times deviation², that of the log
    deviation halved; Amari 1998), halved until they go down; expectations by the trapezoid rule.
    """
    if direction not in ("forward", "reverse"):
        raise ValueError(f"direction is {direction!r}; choose 'forward' or 'reverse'.")
    mixture = _mixture(weights, means, deviations)
    start = check_finite("start", start)
    if start.shape != (2,):
        raise ValueError(f"start has shape {start.shape}; give (mean, deviation).")
    mean, log_deviation = start[0], np.log(check_real("start[1]", start[1], 0, open_ended=True))
    look = _forward(*mixture) if direction == "forward" else _reverse(*mixture)
    value, step = look(mean, log_deviation)
    for _ in range(2000):
        if np.abs(step).max() < 1e-9:
            break
        # What a step of full length would gain if the slope stayed; a quarter of it must come true.
        gain = (step[0] / np.exp(log_deviation)) ** 2 + 2 * step[1] ** 2
        for share in 0.5 ** np.arange(40):
            tried = mean + share * step[0], log_deviation + share * step[1]
            new_value, new_step = look(*tried)
            if new_value <= value - share * gain / 4 + 1e-14:
                break
        (mean, log_deviation), value, step = tried, new_value, new_step
    return GaussianFit(float(mean), float(np.exp(log_deviation)), float(value))


def _forward(weights, means, deviations):
    """A function (mean, log deviation) -> KL(p‖q), step downhill."""
    low, high = (means - 12 * deviations).min(), (means + 12 * deviations).max()
    x = np.linspace(low, high, int(np.clip((high - low) / deviations.min() * 20, 2000, 100_000)))
    log_p = log_mixture_density(x, weights, means, deviations)
    p = np.exp(log_p)

    def look(mean, log_deviation):
        deviation = np.exp(log_deviation)
        value = kl_quadrature(log_p, log_normal_density(x, mean, deviation), x)
        off = np.trapezoid(p * (x - mean), x)
        spread = np.trapezoid(p * (x - mean) ** 2, x) / deviation**2
        return value, np.clip([off, (spread - 1) / 2], -3, 3)

    return look


def _reverse(weights, means, deviations):
    """A function (mean, log deviation) -> KL(q‖p), step downhill; x = mean + deviation z."""
    z = np.linspace(-10, 10, 1601)
    chance = np.exp(log_normal_density(z, 0.0, 1.0)) * (z[1] - z[0])

    def look(mean, log_deviation):
        deviation = np.exp(log_deviation)
        x = mean + deviation * z
        parts = [
            np.log(w) + log_normal_density(x, m, s) if w > 0 else np.full_like(x, -np.inf)
            for w, m, s in zip(weights, means, deviations, strict=True)
        ]
        log_p = np.logaddexp.reduce(parts)
        pulls = (means[:, None] - x) / deviations[:, None] ** 2
        slope = np.sum(np.exp(parts - log_p) * pulls, axis=0)  # d log p / dx
        value = np.sum(chance * (log_normal_density(z, 0.0, 1.0) - log_deviation - log_p))
        by_mean = deviation**2 * np.sum(chance * slope)
        by_deviation = (1 + np.sum(chance * slope * deviation * z)) / 2
        return value, np.clip([by_mean, by_deviation], -3, 3)

    return look
