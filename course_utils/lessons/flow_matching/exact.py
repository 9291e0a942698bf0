"""What the best possible flow would say: the exact guess, velocity and score where all of the data
are known, as a set of images or as a mixture of Gaussians. No network, and no path to follow.

Owns these closed forms along x_t = t x + (1 - t) e, where x is one of `centers`, all equally
likely, plus Gaussian noise of the standard deviation `deviation`, and e is standard normal. With
deviation 0 the centers are all the data there are. Readings of a network's guess are in
`models.flow_paths`, ways to follow a velocity in `models.flow_solvers`.

Everywhere: points x_t (n, ...), centers (k, ...) of the same shape, time one number from 0 to 1 or
(n, 1), below 1 where deviation is 0. Anything else raises ValueError. Results are float64.
"""

import numpy as np
from scipy.special import softmax

from course_utils.base.arguments import check_real


def posterior_weights(points, time, centers, deviation: float = 0.0) -> np.ndarray:
    """How probable each center is as the origin of each point, (n, k); every row sums to 1.

    Bayes: given a center m, x_t is normal around t m with the variance t² deviation² + (1 - t)².

    >>> posterior_weights([[0.0], [0.5]], 0.5, [[-1.0], [1.0]]).round(3)
    array([[0.5  , 0.5  ],
           [0.119, 0.881]])
    """
    return softmax(_parts(points, time, centers, deviation)[1], axis=1)


def posterior_mean(points, time, centers, deviation: float = 0.0) -> np.ndarray:
    """E[x | x_t], the guess of the clean images with the least mean squared error, as the points.

    >>> posterior_mean([[0.0], [0.5]], 0.5, [[-1.0], [1.0]]).round(3)
    array([[0.   ],
           [0.762]])
    """
    flat, center, time, variance = _centered(points, time, centers, deviation)
    guess = center + time * deviation**2 / variance * (flat - time * center)
    return guess.reshape(np.shape(points))


def velocity(points, time, centers, deviation: float = 0.0) -> np.ndarray:
    """E[x - e | x_t], the velocity that turns noise into the data, as the points.

    The conditional mean of a normal vector: m + cov(x - e, x_t) / var(x_t) (x_t - t m) for each
    center m, weighted (Lipman et al. 2023, equation 8, for this path).

    >>> velocity([[0.0, 2.0]], 0.0, [[1.0, 0.0], [3.0, 0.0]], 0.5)  # at t = 0: mean - x_t
    array([[ 2., -2.]])
    """
    flat, center, time, variance = _centered(points, time, centers, deviation)
    slope = (time * deviation**2 - (1 - time)) / variance
    return (center + slope * (flat - time * center)).reshape(np.shape(points))


def score(points, time, centers, deviation: float = 0.0) -> np.ndarray:
    """The gradient of `log_density` by the points, as the points.

    >>> score([[1.0, -2.0]], 0.0, [[5.0, 5.0]])
    array([[-1.,  2.]])
    """
    flat, center, time, variance = _centered(points, time, centers, deviation)
    return ((time * center - flat) / variance).reshape(np.shape(points))


def log_density(points, time, centers, deviation: float = 0.0) -> np.ndarray:
    """log p_t of each point, (n,), in nats.

    >>> log_density([[0.0], [1.0]], 0.0, [[5.0]]).round(4)
    array([-0.9189, -1.4189])
    """
    flat, logits, _, variance = _parts(points, time, centers, deviation)
    num_centers, size = logits.shape[1], flat.shape[1]
    norm = np.log(num_centers) + 0.5 * size * np.log(2 * np.pi * variance[:, 0])
    return np.logaddexp.reduce(logits, axis=1) - norm


def _centered(points, time, centers, deviation):
    """Flat points (n, d), the mean of the centers weighted for each, time and variance (n, 1)."""
    flat, logits, time, variance = _parts(points, time, centers, deviation)
    return flat, softmax(logits, axis=1) @ np.reshape(centers, (len(centers), -1)), time, variance


def _parts(points, time, centers, deviation):
    """Flat points (n, d), -|x_t - t m|² / 2 variance (n, k), time and variance (n, 1)."""
    points, centers = (np.asarray(values, np.float64) for values in (points, centers))
    time = np.asarray(time, np.float64)
    check_real("deviation", deviation, 0)
    if points.ndim < 2 or points.shape[1:] != centers.shape[1:] or 0 in centers.shape:
        raise ValueError(
            f"The points have shape {points.shape} and the centers {centers.shape}; give (n, ...) "
            "and (k, ...), with one center or more, of the same shape behind."
        )
    if time.ndim and time.shape != (len(points), 1):
        raise ValueError(
            f"time has shape {time.shape}; give one number for all, or ({len(points)}, 1)."
        )
    if not np.all((time >= 0) & ((time < 1) | ((time == 1) & (deviation > 0)))):
        raise ValueError(
            "time has values outside of [0, 1], or 1 where deviation is 0: at the end of the path "
            "nothing is left to guess; give times below 1."
        )
    flat, centers = points.reshape(len(points), -1), centers.reshape(len(centers), -1)
    time = np.broadcast_to(time, (len(points), 1))
    variance = (time * deviation) ** 2 + (1 - time) ** 2
    squares = (flat**2).sum(axis=1, keepdims=True) + time**2 * (centers**2).sum(axis=1)
    squares = np.maximum(squares - 2 * time * (flat @ centers.T), 0.0)
    return flat, -squares / (2 * variance), time, variance
