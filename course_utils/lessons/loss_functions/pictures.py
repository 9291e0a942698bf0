"""The pictures of lesson 02's widgets: a moved image, two Gaussians with their divergences."""

import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_finite, check_real, check_whole
from course_utils.base.divergences import (
    LOG_2PI,
    js_quadrature,
    kl_gaussians,
    log_normal_density,
)


def shifted(image, pixels: int) -> np.ndarray:
    """One picture (height, width), moved right by so many pixels (left if negative); 0 moves in.

    >>> shifted([[1.0, 2.0, 3.0]], 1)
    array([[0., 1., 2.]])
    """
    image = _picture(image)
    width = image.shape[1]
    check_whole("pixels", pixels, -width, width)
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
    pixels = round(check_real("shift", shift))
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
    image = check_finite("image", image)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"image has shape {image.shape}; give one picture (height, width).")
    return image


def gaussians_figure(mean: float, scale: float) -> plots.Figure:
    """p = N(0, 1), q = N(mean, scale²), what adds up to both KLs, and their values in the caption.

    mean: from -6 to 6; scale: from 0.2 to 4.
    """
    from matplotlib.figure import Figure as Canvas

    mean, scale = check_real("mean", mean), check_real("scale", scale, 0, open_ended=True)
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
