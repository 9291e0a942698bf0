"""Known mistakes in exercise 17.9 of lesson 17: denoise with a flow. With sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import itertools

import numpy as np

from course_utils.lessons.applications_and_outlook import denoising

# ---- 17.9: denoise with a flow -------------------------------------------------------------------


def normal_velocity(mean: float, spread: float):
    """The exact velocity, function(points, time), for pixels of that mean and deviation.

    Of data N(m, s²) under x_t = t x + (1-t) e the best guess of x is
    m + t s² (x_t - t m) / (t² s² + (1-t)²), and the velocity follows (`models.flow_paths`).
    """

    def velocity(points, time):
        weight = time * spread**2 / (time**2 * spread**2 + (1 - time) ** 2)
        clean = mean + weight * (points - time * mean)
        return (clean - points) / (1 - time)

    return velocity


def _noisy(seed: int, shape: tuple[int, ...], deviation: float) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.uniform(0, 1, shape) + deviation * random.standard_normal(shape)


DENOISE_CASES = [
    (_noisy(0, (1, 2, 2, 1), 0.8), 0.8, normal_velocity(-0.4, 0.5), 4),
    (_noisy(1, (2, 3, 3, 1), 0.3), 0.3, normal_velocity(0.2, 0.7), 6),
    (_noisy(2, (1, 3, 4, 1), 0.5), 0.5, normal_velocity(0.6, 2.0), 3),
]
denoise = denoising.follow  # the right answer


def _denoiser(
    start=lambda deviation: 1 / (1 + 2 * deviation),
    points=lambda noisy, time: time * (2 * noisy - 1),
    end=lambda points: (points + 1) / 2,
    times=lambda time, num_steps: np.linspace(time, 1, num_steps + 1),
    asked=lambda first, now, then: now,
    step=lambda now, then: then - now,
):
    """A denoiser with one slip, or none."""

    def wrong(noisy, deviation, velocity, num_steps):
        first = start(deviation)
        moved = points(noisy, first)
        for now, then in itertools.pairwise(times(first, num_steps)):
            moved = moved + step(now, then) * velocity(moved, float(asked(first, now, then)))
        return end(moved)

    return wrong


def _as_it_is(points):
    return points


DENOISERS = [
    (
        _denoiser(lambda deviation: 1 / (1 + deviation)),
        "your time is that of a noise half as strong: from [0, 1] to [-1, 1] the noise doubles, "
        "so (1 - t) / t is 2 · deviation.",
    ),
    (
        _denoiser(lambda deviation: 1 / (1 + deviation / 2)),
        "from [0, 1] to [-1, 1] the noise doubles, it does not halve: (1 - t) / t is "
        "2 · deviation.",
    ),
    (
        _denoiser(lambda deviation: 2 * deviation / (1 + 2 * deviation)),
        "that time is the noise's share 1 - t; the image's share t is 1 / (1 + 2 · deviation).",
    ),
    (
        _denoiser(lambda deviation: 1 / (1 + 4 * deviation**2)),
        "standard deviations are in the ratio, not variances: (1 - t) / t is 2 · deviation.",
    ),
    (
        _denoiser(points=lambda noisy, time: 2 * noisy - 1),
        "the point is not yet on the path: x_t is t times the noisy image, in [-1, 1].",
    ),
    (
        _denoiser(points=lambda noisy, time: time * noisy),
        "the flow's range is [-1, 1]: start at t · (2 · noisy - 1).",
    ),
    (
        _denoiser(points=lambda noisy, time: 2 * time * noisy - 1),
        "scale the whole of 2 · noisy - 1 by t, not the noisy image alone.",
    ),
    (
        _denoiser(points=lambda noisy, time: time * noisy, end=_as_it_is),
        "the flow's range is [-1, 1]: go there with 2 · noisy - 1, and back with (points + 1) / 2.",
    ),
    (
        _denoiser(end=_as_it_is),
        "those images are still in [-1, 1]: return (points + 1) / 2.",
    ),
    (
        _denoiser(end=lambda points: np.clip((points + 1) / 2, 0, 1)),
        "right but for the cut at 0 and 1; leave it to whoever shows the images.",
    ),
    (
        _denoiser(times=lambda time, num_steps: np.linspace(0, 1, num_steps + 1)),
        "you begin at the time 0, which is pure noise; begin at the time that fits the noise.",
    ),
    (
        _denoiser(times=lambda time, num_steps: np.linspace(time, 1, num_steps)),
        "that is one step too few: num_steps steps have num_steps + 1 times.",
    ),
    (
        _denoiser(times=lambda time, num_steps: np.array([time, 1.0])),
        "that is one step, and so the mean of all that fits; take num_steps of them.",
    ),
    (
        _denoiser(asked=lambda first, now, then: first),
        "the time stands still: ask for the velocity at the time of each step's beginning.",
    ),
    (
        _denoiser(
            times=lambda time, num_steps: time + np.arange(num_steps + 1) / num_steps,
            asked=lambda first, now, then: min(now, 1 - 1e-9),
        ),
        "steps of 1 / num_steps go past the time 1; the way left is 1 - t, in num_steps parts.",
    ),
    (
        _denoiser(step=lambda now, then: now - then),
        "your steps go backwards, into the noise: add the step's length times the velocity.",
    ),
]
