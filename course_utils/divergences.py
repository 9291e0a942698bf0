"""How different two distributions are: entropy, KL and JS, in NumPy, float64 and nats.

Also fits one Gaussian to a mixture, and draws the pictures of lesson 02's two widgets. What trains
a network is in `losses`.
"""

from dataclasses import dataclass

import numpy as np

from course_utils import plots

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
    values = _finite(values, name)
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


def _finite(values, name: str) -> np.ndarray:
    try:
        values = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is {values!r}; give numbers.") from None
    if not np.isfinite(values).all():
        raise ValueError(f"{name} has values that are not finite (NaN or infinity): {values}.")
    return values


# ---- densities in one dimension ------------------------------------------------------------------


def log_normal_density(x, mean, deviation) -> np.ndarray:
    """log N(x; mean, deviation²), of the shape of x; exact also where the density itself is 0.0.

    >>> round(float(log_normal_density(0.0, 0.0, 1.0)), 4)  # -½ log 2π
    -0.9189
    """
    x = _finite(x, "x")
    mean, deviation = _one_number(mean, "mean"), _positive(deviation, "deviation")
    return -0.5 * ((x - mean) / deviation) ** 2 - np.log(deviation) - LOG_2PI / 2


def log_mixture_density(x, weights, means, deviations) -> np.ndarray:
    """log Σ w_k N(x; m_k, s_k²), of the shape of x.

    weights, means, deviations: (k,) each; the weights add up to 1.
    """
    x = _finite(x, "x")
    weights, means, deviations = _mixture(weights, means, deviations)
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
    mean_p, mean_q = _one_number(mean_p, "mean_p"), _one_number(mean_q, "mean_q")
    s_p, s_q = _positive(deviation_p, "deviation_p"), _positive(deviation_q, "deviation_q")
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
    found = [_finite(*pair) for pair in ((log_p, "log_p"), (log_q, "log_q"), (x, "x"))]
    if len({values.shape for values in found}) > 1 or found[2].ndim != 1 or found[2].size < 2:
        shapes = ", ".join(str(values.shape) for values in found)
        raise ValueError(f"log_p, log_q and x have the shapes {shapes}; give (n,) each, n > 1.")
    if (np.diff(found[2]) <= 0).any():
        raise ValueError("x does not rise from each place to the next; sort it, without repeats.")
    return found


def _one_number(value, name: str) -> float:
    value = _finite(value, name)
    if value.size != 1:
        raise ValueError(f"{name} has shape {value.shape}; give one number.")
    return float(value.reshape(()))


def _positive(value, name: str) -> float:
    value = _one_number(value, name)
    if value <= 0:
        raise ValueError(f"{name} is {value:.4g}; give a number above 0.")
    return value


def _mixture(weights, means, deviations) -> list[np.ndarray]:
    found = [
        _probabilities(weights, "weights"),
        _finite(means, "means"),
        _finite(deviations, "deviations"),
    ]
    if len({values.shape for values in found}) > 1:
        shapes = ", ".join(str(values.shape) for values in found)
        raise ValueError(f"weights, means and deviations have the shapes {shapes}; give one each.")
    if (found[2] <= 0).any():
        raise ValueError(f"deviations has the value {found[2].min():.4g}; all must be above 0.")
    return found


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
    start = _finite(start, "start")
    if start.shape != (2,):
        raise ValueError(f"start has shape {start.shape}; give (mean, deviation).")
    mean, log_deviation = start[0], np.log(_positive(start[1], "start[1]"))
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


# ---- the pictures of lesson 02's widgets ---------------------------------------------------------


def shifted(image, pixels: int) -> np.ndarray:
    """One picture (height, width), moved right by so many pixels (left if negative); 0 moves in.

    >>> shifted([[1.0, 2.0, 3.0]], 1)
    array([[0., 1., 2.]])
    """
    image = _picture(image)
    width = image.shape[1]
    if isinstance(pixels, bool) or not isinstance(pixels, int | np.integer) or abs(pixels) > width:
        raise ValueError(
            f"pixels is {pixels!r}; give a whole number from {-width} to {width}, the width."
        )
    moved = np.zeros_like(image)
    if pixels >= 0:
        moved[:, pixels:] = image[:, : width - pixels]
    else:
        moved[:, :pixels] = image[:, -pixels:]
    return moved


def half_masked(image) -> np.ndarray:
    """One picture (height, width) with its right half painted over in the picture's mean gray."""
    image = _picture(image)
    masked = image.copy()
    masked[:, image.shape[1] // 2 :] = image.mean()
    return masked


def shift_figure(image, shift: float) -> plots.Figure:
    """A picture, the same moved by `shift` pixels (rounded), half of it painted over; both MSEs.

    image: floats (height, width) in [0, 1].
    """
    image = _picture(image)
    pixels = round(_one_number(shift, "shift"))
    pictures = [image, shifted(image, pixels), half_masked(image)]
    moved, masked = (float(np.mean((picture - image) ** 2)) for picture in pictures[1:])
    way = "right" if pixels >= 0 else "left"
    named = f"{abs(pixels)} pixel{'' if abs(pixels) == 1 else 's'} to the {way}"
    ratio = f"; the shift costs {moved / masked:.1f} times as much" if masked > 0 else ""
    return plots.images_figure(
        np.stack(pictures),
        f"Moved {named}: MSE {moved:.3f}. Half painted over: MSE {masked:.3f}{ratio}.",
        columns=3,
        titles=["the target", f"moved: MSE {moved:.3f}", f"half gray: MSE {masked:.3f}"],
        scale=5,
    )


def _picture(image) -> np.ndarray:
    image = _finite(image, "image")
    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"image has shape {image.shape}; give one picture (height, width).")
    return image


def gaussians_figure(mean: float, scale: float) -> plots.Figure:
    """p = N(0, 1), q = N(mean, scale²), what adds up to both KLs, and their values in the caption.

    mean: from -6 to 6; scale: from 0.2 to 4.
    """
    from matplotlib.figure import Figure as Canvas

    mean, scale = _one_number(mean, "mean"), _positive(scale, "scale")
    if abs(mean) > 6 or not 0.2 <= scale <= 4:
        raise ValueError(
            f"mean is {mean:.4g}, scale {scale:.4g}; give a mean from -6 to 6, a scale 0.2 to 4."
        )
    x = np.linspace(-26, 26, 5201)
    log_p, log_q = log_normal_density(x, 0, 1), log_normal_density(x, mean, scale)
    p, q = np.exp(log_p), np.exp(log_q)
    fig = Canvas(figsize=(4.4, 4.2))
    fig.subplots_adjust(left=0.14, right=0.96, bottom=0.11, top=0.98, hspace=0.1)
    above, below = fig.subplots(2, 1, sharex=True)
    shown = np.abs(x) <= 10
    panels = {
        above: {"p": p, "q": q},
        below: {"p log(p/q)": p * (log_p - log_q), "q log(q/p)": q * (log_q - log_p)},
    }
    for axes, curves in panels.items():
        for index, (name, values) in enumerate(curves.items()):
            style = {"color": plots.COLORS[index], "linestyle": plots.LINE_STYLES[index]}
            axes.plot(x[shown], values[shown], label=name, linewidth=2, **style)
        axes.legend(frameon=False, fontsize=10, loc=f"upper {'left' if mean >= 0 else 'right'}")
        axes.spines[["top", "right"]].set_visible(False)
    above.set(ylabel="density", ylim=(0, None))
    below.axhline(0, color="black", linewidth=0.8)
    below.set(xlabel="x", ylabel="summed to KL", xlim=(-10, 10), xticks=range(-10, 11, 5))
    forward, reverse = kl_gaussians(0, 1, mean, scale), kl_gaussians(mean, scale, 0, 1)
    own = (LOG_2PI + 1) / 2
    return plots.chart_figure(
        fig,
        f"p = N(0, 1²), q = N({mean:g}, {scale:g}²), in nats: KL(p‖q) = {forward:.3f}, "
        f"KL(q‖p) = {reverse:.3f}, JS = {js_quadrature(log_p, log_q, x):.3f}, cross-entropy "
        f"H(p, q) = H(p) + KL(p‖q) = {own:.3f} + {forward:.3f} = {own + forward:.3f}.",
        quick=True,
    )
