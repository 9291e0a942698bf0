"""Latents: drawing and checking them, directions and ways between them. Pure NumPy.

What a model is asked for is its `latent_size` and `generate(latents)`; TensorFlow is not needed.
All but drawing and checking is for latents that are rows of numbers, (n, latent_size).
"""

import numpy as np

from course_utils.base.arguments import check_real, check_whole


def draw_latents(
    n: int, latent_shape: int | tuple[int, ...], seed: int | None = None
) -> np.ndarray:
    """n independent standard normal latents, float32 (n, *latent_shape); a size is a shape, too.

    >>> draw_latents(2, 16).shape, draw_latents(2, (28, 28, 1)).shape
    ((2, 16), (2, 28, 28, 1))
    """
    check_whole("The number of samples", n, 0)
    shape = (n, *_shape(latent_shape))
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def check_latents(latents, latent_shape: int | tuple[int, ...]) -> np.ndarray:
    """Return latents as float32 (n, *latent_shape); one sentence says what is wrong otherwise."""
    shape = _shape(latent_shape)
    wanted = f"(n, {', '.join(map(str, shape))})"
    try:
        latents = np.asarray(latents, dtype=np.float32)
    except (TypeError, ValueError):  # words, or rows of different lengths
        raise TypeError(
            f"The latents are no array of numbers; give floats of shape {wanted}."
        ) from None
    if latents.ndim == 0 or latents.shape[1:] != shape:
        raise ValueError(f"The latents have shape {latents.shape}; this model needs {wanted}.")
    if not np.isfinite(latents).all():
        raise ValueError("The latents contain NaN or infinity; give finite numbers.")
    return latents


def _shape(latent_shape: int | tuple[int, ...]) -> tuple[int, ...]:
    return tuple(latent_shape) if isinstance(latent_shape, tuple | list) else (latent_shape,)


# ---- pure functions ------------------------------------------------------------------------------


def principal_directions(
    model, count: int = 5, *, num_latents: int = 32, step: float = 0.1, seed: int = 0
) -> np.ndarray:
    """Unit directions (count, latent_size) of the latents that change the picture most.

    They are the first eigenvectors of the mean of J^T J, where J is the derivative of all pixels by
    the latents, taken by central differences of width `step` at `num_latents` random latents. The
    directions are orthonormal, and the same at each call. Fewer come back when the latents are
    fewer. One set of 2 * latent_size images is held in memory at a time.
    """
    check_whole("count", count, 1)
    size = model.latent_size
    steps = step * np.eye(size, dtype=np.float32)
    offsets = np.concatenate([steps, -steps])
    gram = np.zeros((size, size))
    for latents in draw_latents(num_latents, size, seed):
        images = np.asarray(model.generate(latents + offsets)).reshape(2 * size, -1)
        derivatives = (images[:size] - images[size:]) / (2 * step)
        gram += derivatives @ derivatives.T
    if not np.isfinite(gram).all():
        raise ValueError(
            "The model generates NaN or infinite pixels; train it again, for example with a "
            "smaller learning rate."
        )
    _, vectors = np.linalg.eigh(gram)  # columns, the one with the largest eigenvalue last
    directions = vectors[:, ::-1].T[:count]
    # An eigenvector's sign is arbitrary: make its largest entry positive.
    largest = np.take_along_axis(directions, np.abs(directions).argmax(1, keepdims=True), 1)
    return (directions * np.sign(largest)).astype(np.float32)


def interpolate(start: np.ndarray, end: np.ndarray, position: float) -> np.ndarray:
    """Latents (n, latent_size) on the way from start (position 0) to end (position 1).

    Each row turns along the great circle (slerp, Shoemake 1985) while its length
    changes linearly. A straight line would cut through short latents, which are rare in training.
    """
    position = check_real("The position", position, 0, 1)
    start_length = np.maximum(np.linalg.norm(start, axis=1, keepdims=True), 1e-12)
    end_length = np.maximum(np.linalg.norm(end, axis=1, keepdims=True), 1e-12)
    first, last = start / start_length, end / end_length
    angle = np.arccos(np.clip((first * last).sum(axis=1, keepdims=True), -1, 1))
    # (Nearly) parallel or opposite rows have no single great circle: they go straight.
    straight = np.sin(angle) < 1e-3
    sine = np.where(straight, 1, np.sin(angle))
    turned = (np.sin((1 - position) * angle) * first + np.sin(position * angle) * last) / sine
    on_circle = ((1 - position) * start_length + position * end_length) * turned
    on_line = (1 - position) * start + position * end
    return np.where(straight, on_line, on_circle).astype(np.float32)


def latents_for(
    seed: int,
    n: int,
    directions: np.ndarray,
    amounts,
    *,
    other_seed: int = 0,
    position: float = 0.0,
) -> np.ndarray:
    """Latents (n, latent_size) of what the controls say.

    They are those of `model.sample(n, seed)`, moved the share `position` of the way to those of
    `other_seed`, then along each of the directions (count, latent_size) by its amount, in standard
    deviations. The first latents do not depend on n.
    """
    amounts = np.asarray(amounts, dtype=np.float32)
    if amounts.shape != (len(directions),) or not np.isfinite(amounts).all():
        raise ValueError(
            f"The amounts are {amounts.tolist()}; give {len(directions)} finite numbers, one for "
            "each direction."
        )
    latents = draw_latents(n, directions.shape[1], seed)
    if position > 0:
        latents = interpolate(latents, draw_latents(n, directions.shape[1], other_seed), position)
    return latents + amounts @ directions


SPREAD = 0.4  # of the variations that "More like this" draws, in standard deviations


def more_like(center: np.ndarray, n: int, seed: int, spread: float = SPREAD) -> np.ndarray:
    """n latents (n, latent_size) near a center (latent_size,), the first being the center itself.

    The others are √(1 - spread²) center + spread noise. Of a standard normal center they are
    standard normal too, so the generator knows such latents from its training.
    """
    spread = check_real("The spread", spread, 0, 1)
    noise = draw_latents(n, len(center), seed)
    near = np.sqrt(1 - spread**2) * center + spread * noise
    near[:1] = center
    return near.astype(np.float32)
