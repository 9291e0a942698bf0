"""One round of power iteration, as `SpectralNorm` of `critic_layers` makes it, on plain arrays."""

import numpy as np


def power_round(matrix, u) -> tuple[np.ndarray, float]:
    """The next u (k,) for a matrix W (m, k), and |Wu| for it, which tends to W's largest stretch.

    v = Wu / |Wu|, then u = Wᵀv / |Wᵀv| (Miyato et al. 2018, algorithm 1, with u and v exchanged).

    >>> u, stretch = power_round(np.diag([3.0, 1.0]), np.array([1.0, 1.0]))
    >>> u.round(2).tolist(), round(stretch, 2)
    ([0.99, 0.11], 2.98)
    """
    v = matrix @ u
    v = v / np.linalg.norm(v)
    u = matrix.T @ v
    u = u / np.linalg.norm(u)
    return u, float(np.linalg.norm(matrix @ u))
