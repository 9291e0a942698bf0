"""The Dirac game with the penalty R1 and an optimizer with a memory, and what it is near its rest.

The derivatives are taken numerically, of the game as it is played; the lesson has the formulas.
"""

import numpy as np

from course_utils.base.arguments import check_real, check_whole

_WIDTH = 1e-5  # of the differences


def field(theta: float, psi: float, weight: float) -> np.ndarray:
    """Minus both gradients, (2,): where generator and discriminator want to move.

    Real data are the number 0, the generator draws theta, the logit of x is psi x (Mescheder et al.
    2018, definition 2.1). L_D = log 2 + log(1 + exp(psi theta)) + weight/2 psi² (their R1), and
    L_G = log(1 + exp(-psi theta)), the non-saturating loss.

    >>> field(1.0, 0.0, 0.0).tolist()
    [0.0, -0.5]
    """
    certainty = 1 / (1 + np.exp(-psi * theta))  # D of the generated number
    return np.array([(1 - certainty) * psi, -certainty * theta - weight * psi])


def jacobian(weight: float) -> np.ndarray:
    """The derivative (2, 2) of `field` at rest, (0, 0).

    >>> jacobian(0.2).round(6)
    array([[ 0. ,  0.5],
           [-0.5, -0.2]])
    """
    return _derivative(lambda state: field(*state, weight), 2)


def step(state, weight: float, rates, beta_1: float = 0.0, *, alternating: bool = True):
    """One step of both; state is (theta, psi, mean of theta's moves, mean of psi's moves).

    rates: of theta and of psi; beta_1: the share of the old means that the new ones keep. Steps
    alternate, the discriminator first, unless both are to answer the same old state.
    """
    theta, psi, mean_theta, mean_psi = state
    old = field(theta, psi, weight)
    mean_psi = beta_1 * mean_psi + (1 - beta_1) * old[1]
    psi = psi + rates[1] * mean_psi
    move = field(theta, psi, weight)[0] if alternating else old[0]
    mean_theta = beta_1 * mean_theta + (1 - beta_1) * move
    return np.array([theta + rates[0] * mean_theta, psi, mean_theta, mean_psi])


def step_matrix(weight: float, rates, beta_1: float = 0.0, *, alternating: bool = True):
    """The derivative (4, 4) of `step` at rest, for a memory, or (2, 2) where beta_1 is 0.

    >>> step_matrix(0.0, (0.5, 0.5), alternating=False).round(6)
    array([[ 1.  ,  0.25],
           [-0.25,  1.  ]])
    """
    check_real("beta_1", beta_1, 0, 1)
    found = _derivative(
        lambda state: step(state, weight, rates, beta_1, alternating=alternating), 4
    )
    return found if beta_1 else found[:2, :2]


def play(weight: float, rates, beta_1: float = 0.0, *, num_steps: int, start=(0.1, 0.1)):
    """Distances from rest (num_steps + 1,) of theta and psi, of the game itself, not its matrix."""
    check_whole("num_steps", num_steps, 0)
    state = np.array([*start, 0.0, 0.0])
    distances = [np.hypot(*state[:2])]
    for _ in range(num_steps):
        state = step(state, weight, rates, beta_1)
        distances.append(np.hypot(*state[:2]))
    return np.array(distances)


def steps_to_rest(matrix) -> float:
    """Steps until the distance from rest has fallen to a hundredth, in the long run; inf if never.

    The largest |λ| counts as 1 from 1e-9 below it, which is more than the derivatives are off.

    >>> round(steps_to_rest(np.diag([0.9, 0.1])), 1), steps_to_rest(np.diag([1.0, 0.1]))
    (43.7, inf)
    """
    slowest = np.abs(np.linalg.eigvals(matrix)).max()
    return float(np.log(100) / -np.log(slowest)) if slowest < 1 - 1e-9 else np.inf


def _derivative(function, size: int) -> np.ndarray:
    columns = [
        (function(_WIDTH * one) - function(-_WIDTH * one)) / (2 * _WIDTH) for one in np.eye(size)
    ]
    return np.array(columns).T
