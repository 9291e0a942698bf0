"""Known mistakes in the functions that sections 2 and 3 of lesson 08 ask for, with their sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import numpy as np

# ---- 08.1: two slopes of the generator's loss ----------------------------------------------------

LOGIT_CASES = [
    np.array([-7.0, 0.0, 2.0]),
    np.array([-0.5]),
    np.array([-30.0, -3.0, 1.0, 30.0]),
]


def _d(logits) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(logits, float)))


def _rows(*rows) -> np.ndarray:
    return np.stack(rows)


SLOPES = [
    (
        lambda logits: _rows(_d(logits), 1 - _d(logits)),
        "those are the pulls, upwards; a derivative of a loss that falls is negative.",
    ),
    (
        lambda logits: _rows(_d(logits) - 1, -_d(logits)),
        "the rows have changed places: minimax first, then non-saturating.",
    ),
    (
        lambda logits: _rows(-_d(logits), 1 - _d(logits)),
        "both losses fall as the logit grows, so both slopes are negative.",
    ),
    (
        lambda logits: _rows(-1 / (1 - _d(logits)), -1 / _d(logits)),
        "those are the derivatives by D; by the logit there is one more factor, D (1 - D).",
    ),
    (
        lambda logits: _rows(*[-_d(logits) * (1 - _d(logits))] * 2),
        "that is only the inner derivative, D (1 - D); that of the logarithm is missing.",
    ),
    (
        lambda logits: _rows(-_d(logits), -_d(logits)),
        "the second row: -log D has the derivative -(1/D) · D (1 - D).",
    ),
    (
        lambda logits: _rows(np.log(1 - _d(logits)), -np.log(_d(logits))),
        "those are the losses; their derivatives by the logit are asked for.",
    ),
    (
        lambda logits: _rows(-_d(logits), _d(logits) - 1).mean(axis=1),
        "one slope for each logit: no mean.",
    ),
    (
        lambda logits: _rows(-_d(logits), _d(logits) - 1) / len(logits),
        "one slope for each logit by itself: no division by their number.",
    ),
    (
        lambda logits: _rows(-_d(logits), _d(logits) - 1).T,
        "two rows are asked for, one a loss; yours are columns.",
    ),
]

# ---- 08.2: the best discriminator with one-sided smoothing ---------------------------------------

DENSITY_CASES = [
    (np.array([1.0, 0.2, 0.0]), np.array([1.0, 0.6, 2.0]), 0.1),
    (np.array([3.0, 0.5]), np.array([0.0, 0.25]), 0.3),
    (np.array([0.7, 0.4]), np.array([0.1, 1.2]), 0.0),
]

BEST_DISCRIMINATOR = [
    (lambda p, q, s: p / (p + q), "that is the best one without smoothing: s is missing."),
    (
        lambda p, q, s: ((1 - s) * p + s * q) / (p + q),
        "that smooths both sides: generated points keep the target 0.",
    ),
    (
        lambda p, q, s: (1 - s) * p / ((1 - s) * p + q),
        "below the line stands p + q: the s that real points lose goes to log(1 - D), not away.",
    ),
    (
        lambda p, q, s: p / (p + (1 - s) * q),
        "the real side is smoothed, so 1 - s belongs to p.",
    ),
    (
        lambda p, q, s: s * p / (p + q),
        "the target of real points is 1 - s, not s.",
    ),
    (
        lambda p, q, s: (1 - s) * q / (p + q),
        "that is small where real points are: p belongs above the line.",
    ),
    (
        lambda p, q, s: (p + s * q) / (p + q),
        "that smooths the generated side; the real one is to be smoothed.",
    ),
    (
        lambda p, q, s: np.clip(p / (p + q), 0, 1 - s),
        "it is no cap at 1 - s: the whole curve shrinks.",
    ),
    (
        lambda p, q, s: p / (p + q) - s,
        "smoothing multiplies: set the derivative by D to 0 once more.",
    ),
    (
        lambda p, q, s: (1 - s / 2) * p / (p + q),
        "real points have the target 1 - s, not 1 - s/2.",
    ),
]

# ---- 08.4: steps to rest -------------------------------------------------------------------------

_TURN = np.array([[0.6, -0.7], [0.7, 0.6]])  # |λ| = 0.922: it turns inwards
MATRIX_CASES = [
    _TURN,
    np.array([[0.99, 0.3], [0.0, -0.5]]),  # a slow and a fast direction, and a shear
    np.array([[1.0, 0.1], [-0.1, 1.0]]),  # |λ| = 1.005: it leaves, although det and trace look tame
    np.array([[0.2, 0.0], [0.0, -0.97]]),  # the slow direction jumps from side to side
    np.diag([0.5, 0.9, 0.8, 0.7]) + np.diag([0.2, 0.2, 0.2], 1),
]


def _steps(factor: float, ratio: float = 100.0) -> float:
    """Steps until a distance has fallen to 1/ratio, if each multiplies it by the factor."""
    return float(np.log(ratio) / -np.log(factor)) if factor < 1 else np.inf


def _sizes(matrix) -> np.ndarray:
    return np.abs(np.linalg.eigvals(matrix))


STEPS_TO_REST = [
    (
        lambda matrix: _steps(np.abs(np.linalg.eigvals(matrix).real).max()),
        "that takes the real parts; a step multiplies by λ, so its size |λ| counts, i.e. np.abs.",
    ),
    (
        lambda matrix: _steps(abs(np.linalg.eigvals(matrix).real.max())),
        "that takes the largest real part; a step multiplies by λ, so the size |λ| counts: np.abs.",
    ),
    (
        lambda matrix: _steps(_sizes(matrix).min()),
        "that waits for the fastest direction; the slowest, the largest |λ|, decides.",
    ),
    (
        lambda matrix: _steps(np.linalg.norm(matrix, 2)),
        "that is the largest singular value, the most that one step can stretch; in the long run "
        "the eigenvalues count.",
    ),
    (
        lambda matrix: _steps(abs(np.linalg.det(matrix))),
        "that is the determinant, the product of all λ; the largest |λ| is asked for.",
    ),
    (
        lambda matrix: _steps(np.sqrt(abs(np.linalg.det(matrix)))),
        "the root of the determinant is |λ| only for a pair of complex eigenvalues.",
    ),
    (
        lambda matrix: _steps(_sizes(matrix).mean()),
        "that is the mean |λ|; the slowest direction, the largest |λ|, decides.",
    ),
    (
        lambda matrix: _steps(_sizes(matrix).max(), np.e),
        "that is the time to fall to 1/e; a hundredth is asked for: log 100 above the line.",
    ),
    (
        lambda matrix: _steps(_sizes(matrix).max(), 1 / 0.9),
        "that is the time to fall by a tenth; a hundredth is asked for.",
    ),
    (
        lambda matrix: np.ceil(_steps(_sizes(matrix).max())),
        "right, but leave it unrounded.",
    ),
    (
        lambda matrix: np.log(100) / -np.log(_sizes(matrix).max()),
        "a game that leaves gets a negative number; return np.inf where the largest |λ| is 1 or "
        "more.",
    ),
    (
        lambda matrix: 2 / -np.log(_sizes(matrix).max()) if _sizes(matrix).max() < 1 else np.inf,
        "2 is the logarithm of 100 to the base 10, and np.log has the base e.",
    ),
    (
        lambda matrix: _steps(_sizes(matrix).max() ** 2),
        "that squares |λ|: |λ|ⁿ = 1/100, without a 2.",
    ),
]
