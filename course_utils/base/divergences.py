"""How different two distributions are: entropy, KL and JS, in NumPy, float64 and nats.

Losses that train a network are in `models.losses`, the KL term of a VAE is in `models.vae`.
"""

import numpy as np

from course_utils.base.arguments import check_finite, check_real

LOG_2PI = float(np.log(2 * np.pi))


# ---- discrete distributions ----------------------------------------------------------------------


def entropy(p) -> float:
    """H(p) = -Σ p log p, where 0 log 0 counts as 0 (Shannon 1948, section 6).

    p: probabilities (k,) that add up to 1.

    >>> round(entropy([0.5, 0.5]), 4)  # log 2 nats, which is 1 bit
    0.6931
    """
    p = _probabilities(p, "p")
    p = p[p > 0]
    return float(-np.sum(p * np.log(p)))


def cross_entropy(p, q) -> float:
    """H(p, q) = -Σ p log q = H(p) + KL(p‖q); infinite where q is 0 and p is not."""
    return entropy(p) + kl_divergence(p, q)


def kl_divergence(p, q) -> float:
    """KL(p‖q) = Σ p log(p/q) (Kullback and Leibler 1951); infinite where q is 0 and p is not.

    p, q: probabilities (k,) that add up to 1 each.

    >>> round(kl_divergence([0.5, 0.5], [0.9, 0.1]), 4)
    0.5108
    >>> kl_divergence([0.5, 0.5], [1.0, 0.0])
    inf
    """
    p, q = _pair(p, q)
    met = p > 0
    if (q[met] == 0).any():
        return float("inf")
    return float(np.sum(p[met] * np.log(p[met] / q[met])))


def js_divergence(p, q) -> float:
    """JS(p‖q) = ½ KL(p‖m) + ½ KL(q‖m) with m = (p + q)/2, from 0 to log 2 (Lin 1991).

    >>> round(js_divergence([1.0, 0.0], [0.0, 1.0]), 4)  # nothing in common: log 2
    0.6931
    """
    p, q = _pair(p, q)
    middle = (p + q) / 2
    return (kl_divergence(p, middle) + kl_divergence(q, middle)) / 2


def _pair(p, q) -> tuple[np.ndarray, np.ndarray]:
    p, q = _probabilities(p, "p"), _probabilities(q, "q")
    if p.shape != q.shape:
        raise ValueError(
            f"p has {len(p)} probabilities, q has {len(q)}; give both for the same outcomes."
        )
    return p, q


def _probabilities(values, name: str) -> np.ndarray:
    values = check_finite(name, values)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(
            f"{name} has shape {values.shape}; give probabilities of shape (k,), at least one."
        )
    if (values < 0).any():
        raise ValueError(
            f"{name} has the value {values.min():.4g}; probabilities are never below 0."
        )
    if abs(values.sum() - 1) > 1e-6:
        raise ValueError(f"{name} adds up to {values.sum():.6g}, not 1; divide it by its sum.")
    return values


# ---- densities in one dimension ------------------------------------------------------------------


def log_normal_density(x, mean, deviation) -> np.ndarray:
    """log N(x; mean, deviation²), of the shape of x; exact also where the density itself is 0.0.

    >>> round(float(log_normal_density(0.0, 0.0, 1.0)), 4)  # -½ log 2π
    -0.9189
    """
    x = check_finite("x", x)
    mean, deviation = (
        check_real("mean", mean),
        check_real("deviation", deviation, 0, open_ended=True),
    )
    return -0.5 * ((x - mean) / deviation) ** 2 - np.log(deviation) - LOG_2PI / 2


def log_mixture_density(x, weights, means, deviations) -> np.ndarray:
    """log Σ w_k N(x; m_k, s_k²), of the shape of x.

    weights, means, deviations: (k,) each; the weights add up to 1.
    """
    x = check_finite("x", x)
    weights, means, deviations = check_mixture(weights, means, deviations)
    terms = [
        np.log(weight) + log_normal_density(x, mean, deviation)
        for weight, mean, deviation in zip(weights, means, deviations, strict=True)
        if weight > 0
    ]
    return np.logaddexp.reduce(terms)


def kl_gaussians(mean_p, deviation_p, mean_q, deviation_q) -> float:
    """KL(p‖q) of p = N(m_p, s_p²) and q = N(m_q, s_q²), in closed form.

    log(s_q/s_p) + (s_p² + (m_p - m_q)²) / 2s_q² - ½ (Bishop 2006, exercise 1.30).

    >>> kl_gaussians(0.0, 1.0, 2.0, 1.0)
    2.0
    """
    mean_p, mean_q = check_real("mean_p", mean_p), check_real("mean_q", mean_q)
    s_p, s_q = (
        check_real("deviation_p", deviation_p, 0, open_ended=True),
        check_real("deviation_q", deviation_q, 0, open_ended=True),
    )
    moved = (s_p**2 + (mean_p - mean_q) ** 2) / (2 * s_q**2)
    return float(np.log(s_q / s_p) + moved - 0.5)


def kl_quadrature(log_p, log_q, x) -> float:
    """KL(p‖q) as the area under p log(p/q), by the trapezoid rule.

    log_p, log_q: logarithms of the two densities at the places x, (n,) each. x rises, and reaches
    from end to end of p: what lies outside is not counted.
    """
    log_p, log_q, x = _curves(log_p, log_q, x)
    return float(np.trapezoid(np.exp(log_p) * (log_p - log_q), x))


def js_quadrature(log_p, log_q, x) -> float:
    """JS(p‖q) by the trapezoid rule; arguments as in `kl_quadrature`, x reaching over p and q."""
    log_p, log_q, x = _curves(log_p, log_q, x)
    middle = np.logaddexp(log_p, log_q) - np.log(2)
    return (kl_quadrature(log_p, middle, x) + kl_quadrature(log_q, middle, x)) / 2


def _curves(log_p, log_q, x) -> list[np.ndarray]:
    found = [check_finite(*pair) for pair in (("log_p", log_p), ("log_q", log_q), ("x", x))]
    if len({values.shape for values in found}) > 1 or found[2].ndim != 1 or found[2].size < 2:
        shapes = ", ".join(str(values.shape) for values in found)
        raise ValueError(f"log_p, log_q and x have the shapes {shapes}; give (n,) each, n > 1.")
    if (np.diff(found[2]) <= 0).any():
        raise ValueError("x does not rise from each place to the next; sort it, without repeats.")
    return found


def check_mixture(weights, means, deviations) -> list[np.ndarray]:
    """Weights, means and deviations of a mixture of Gaussians, float64 (k,) each; or ValueError."""
    found = [
        _probabilities(weights, "weights"),
        check_finite("means", means),
        check_finite("deviations", deviations),
    ]
    if len({values.shape for values in found}) > 1:
        shapes = ", ".join(str(values.shape) for values in found)
        raise ValueError(f"weights, means and deviations have the shapes {shapes}; give one each.")
    if (found[2] <= 0).any():
        raise ValueError(f"deviations has the value {found[2].min():.4g}; all must be above 0.")
    return found
