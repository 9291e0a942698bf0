"""What is wrong with a learner's penalty, round of power iteration, or gentle discriminator.

`checks.check_design` asks for sections 3 and 4 of lesson 08. Each is judged by what it does with
functions whose slope is known, matrices, and points.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_utils.base.backend import tf
from course_utils.models import penalties

RTOL = 1e-3


class Case(NamedTuple):
    """A function of points or images, batches for it, and a share for each image."""

    discriminate: Callable
    real: tf.Tensor
    fake: tf.Tensor
    shares: tf.Tensor


def _case(discriminate: Callable, shape: tuple[int, ...], seed: int) -> Case:
    rng = np.random.default_rng(seed)
    shares = rng.uniform(0.1, 0.9, (shape[0], *[1] * (len(shape) - 1)))
    batches = [tf.constant(rng.normal(size=shape), tf.float32) for _ in range(2)]
    return Case(discriminate, *batches, tf.constant(shares, tf.float32))


def _cases() -> list[Case]:
    tilt = tf.constant([[3.0], [-4.0]])
    return [
        _case(lambda points: points @ tilt, (5, 2), 0),  # its slope is 5 everywhere
        _case(lambda points: tf.reduce_sum(points**2 + points**3 / 2, 1, keepdims=True), (7, 2), 1),
        _case(
            lambda images: tf.reduce_sum(tf.sin(images), axis=(1, 2, 3))[:, None], (4, 3, 3, 1), 2
        ),
    ]


def _slopes(discriminate: Callable, images) -> np.ndarray:
    """The gradient (n, k) of each image's logit by its k numbers."""
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(discriminate(images))
    return tape.gradient(total, images).numpy().reshape(len(images), -1)


def _lengths(slopes: np.ndarray) -> np.ndarray:
    return np.linalg.norm(slopes, axis=1)


# ---- 08.3: the penalty R1 ------------------------------------------------------------------------

R1_MISTAKES = {  # of slopes (n, k) at the real images, and the weight
    "the half is missing: weight / 2.": lambda g, w: w * np.mean((g**2).sum(1)),
    "the weight is missing.": lambda g, w: np.mean((g**2).sum(1)) / 2,
    "weight and half are missing.": lambda g, w: np.mean((g**2).sum(1)),
    "the root is too much: R1 has the squared length.": lambda g, w: w / 2 * _lengths(g).mean(),
    "that is the sum over the images; take the mean.": lambda g, w: w / 2 * (g**2).sum(),
    "sum the squares of one image's slopes, and take the mean over images only.": (
        lambda g, w: w / 2 * np.mean(g**2)
    ),
    "that draws the slope to 1; R1 draws it to 0.": (
        lambda g, w: w / 2 * np.mean((_lengths(g) - 1) ** 2)
    ),
    "a mean of the logits makes each slope n times too small; take their sum.": (
        lambda g, w: w / 2 * np.mean((g**2).sum(1)) / len(g) ** 2
    ),
    "square each slope before the sum, or slopes of opposite sign cancel.": (
        lambda g, w: w / 2 * np.mean(g.sum(1) ** 2)
    ),
    "the sign: a penalty is added to the loss, and is never negative.": (
        lambda g, w: -w / 2 * np.mean((g**2).sum(1))
    ),
}


def r1_fault(r1_penalty: Callable) -> str:
    """The fault of r1_penalty(discriminate, real, weight), weight / 2 · E|∇D|² at real images."""

    def right(case, weight):
        return penalties.r1(weight)(case.discriminate, case.real, case.fake, (0, 0))

    mistakes = {
        sentence: lambda case, weight, wrong=wrong: wrong(
            _slopes(case.discriminate, case.real), weight
        )
        for sentence, wrong in R1_MISTAKES.items()
    }
    return _fault(
        lambda case, weight: r1_penalty(case.discriminate, case.real, weight),
        right,
        mistakes,
        [(case, weight) for case, weight in zip(_cases(), (3.0, 10.0, 1.5), strict=True)],
    )


# ---- 08.5: the gradient penalty ------------------------------------------------------------------


def _mixture(case: Case) -> tf.Tensor:
    return case.shares * case.real + (1 - case.shares) * case.fake


def _of_length(wrong: Callable) -> Callable:
    return lambda case: wrong(_slopes(case.discriminate, _mixture(case)))


def _at(place: Callable) -> Callable:
    return lambda case: np.mean((_lengths(_slopes(case.discriminate, place(case))) - 1) ** 2)


GRADIENT_MISTAKES = {
    "that is the slope at real images; take it at the mixtures.": _at(lambda case: case.real),
    "that is the slope at generated images; take it at the mixtures.": _at(lambda case: case.fake),
    "the shares belong to the real images: shares · real + (1 - shares) · fake.": _at(
        lambda case: case.shares * case.fake + (1 - case.shares) * case.real
    ),
    "a mixture needs two shares that sum to 1: the fake ones have 1 - shares.": _at(
        lambda case: case.shares * case.real + case.fake
    ),
    "that mixes half and half; each image has a share of its own.": _at(
        lambda case: (case.real + case.fake) / 2
    ),
    "the root is missing: the length is drawn to 1, not its square.": _of_length(
        lambda g: np.mean(((g**2).sum(1) - 1) ** 2)
    ),
    "the square is missing: below 1 it would pay for no slope at all.": _of_length(
        lambda g: np.mean(_lengths(g) - 1)
    ),
    "that draws the slope to 0; the penalty asks for 1.": _of_length(
        lambda g: np.mean((g**2).sum(1))
    ),
    "that lets slopes below 1 pass; the formula draws them up to 1, too.": _of_length(
        lambda g: np.mean(np.maximum(_lengths(g) - 1, 0) ** 2)
    ),
    "one length for each image: that is one of all images together.": _of_length(
        lambda g: (np.sqrt((g**2).sum()) - 1) ** 2
    ),
    "the length of an image's slope is the root of the sum of squares, not of their mean.": (
        _of_length(lambda g: np.mean((np.sqrt((g**2).mean(1)) - 1) ** 2))
    ),
    "each number of the slope is drawn to 1; the length of an image's slope should be.": (
        _of_length(lambda g: np.mean((np.abs(g) - 1) ** 2))
    ),
    "a mean of the logits makes each slope n times too small; take their sum.": _of_length(
        lambda g: np.mean((_lengths(g) / len(g) - 1) ** 2)
    ),
    "that is the sum over the images; take the mean.": _of_length(
        lambda g: ((_lengths(g) - 1) ** 2).sum()
    ),
    "the weight of 10 comes later: return the mean alone.": _of_length(
        lambda g: 10 * np.mean((_lengths(g) - 1) ** 2)
    ),
    "the mean of the lengths is drawn to 1; each length should be.": _of_length(
        lambda g: (_lengths(g).mean() - 1) ** 2
    ),
}


def gradient_penalty_fault(slope_penalty: Callable) -> str:
    """The fault of slope_penalty(discriminate, real, fake, shares), E(|∇D| - 1)² at mixtures."""

    def call(case):
        return slope_penalty(case.discriminate, case.real, case.fake, case.shares)

    def right(case):
        squares = penalties.squared_slopes(case.discriminate, _mixture(case))
        return tf.reduce_mean(tf.square(tf.sqrt(squares + 1e-12) - 1))

    found = _fault(call, right, GRADIENT_MISTAKES, [(case,) for case in _cases()])
    if found:
        return found
    weights = tf.Variable(tf.zeros((2, 1)))
    flat = _case(lambda points: points @ weights, (5, 2), 3)
    with tf.GradientTape() as tape:
        value = call(flat)
    if not np.isfinite(tape.gradient(value, weights, unconnected_gradients="zero")).all():
        return (
            "right, but where the slope is 0 the root's derivative is infinite, and D's gradient "
            "becomes NaN: add 1e-12 below the root."
        )
    return ""


def _fault(call: Callable, right: Callable, mistakes: dict, inputs: list[tuple]) -> str:
    """The fault of a penalty, by its values and by the gradient that reaches the weights."""
    found, wanted = [], []
    for given in inputs:
        value = np.asarray(call(*given))
        if value.size != 1:
            return f"it returns an array of shape {value.shape}; a penalty is one number."
        found.append(float(value.reshape(())))
        wanted.append(float(right(*given)))
    if not np.isfinite(found).all():
        return "it returns NaN or infinity."
    if not np.allclose(found, wanted, RTOL):
        for sentence, wrong in mistakes.items():
            if np.allclose(found, [float(wrong(*given)) for given in inputs], RTOL):
                return sentence
        right_at = np.isclose(found, wanted, RTOL)
        if not right_at[0]:
            return (
                "for the function D(x, y) = 3x - 4y, whose slope is 5 everywhere, it returns "
                f"{found[0]:.4g} instead of {wanted[0]:.4g}."
            )
        if not right_at[1]:
            return "right for a plane, but not where the slope differs from point to point."
        return (
            "right for points, but for images the squares are summed over all axes but the first."
        )
    bend, tilt = tf.Variable([[0.5, -1.0], [1.5, 0.7]]), tf.Variable([[1.0], [-0.5]])
    case = _case(lambda points: tf.tanh(points @ bend) @ tilt, (6, 2), 4)
    given = (case, *inputs[0][1:])
    reached = []
    for function in (call, right):
        with tf.GradientTape() as tape:
            value = tf.convert_to_tensor(function(*given))
        reached.append(tape.gradient(value, [bend, tilt]))
    if any(one is None for one in reached[0]):
        return (
            "the number is right, but no gradient arrives at D's weights: stay with TensorFlow's "
            "functions, from the slope to what is returned."
        )
    if not all(map(lambda one, other: np.allclose(one, other, RTOL, 1e-5), *reached)):
        return "the number is right, but its gradient for D's weights is not."
    return ""


# ---- 08.6: a round of power iteration ------------------------------------------------------------


def power_round_fault(power_round: Callable) -> str:
    """The fault of power_round(matrix, u), which returns the next u and an estimate of σ."""
    for shape, seed in (((4, 3), 0), ((2, 5), 1), ((3, 3), 2)):
        rng = np.random.default_rng(seed)
        matrix, u = rng.normal(size=shape), rng.normal(size=shape[1])
        u /= np.linalg.norm(u)
        returned = power_round(matrix.copy(), u.copy())
        if not isinstance(returned, tuple | list) or len(returned) != 2:
            return "return two things: the new u, and the estimate of σ."
        new, sigma = (np.asarray(one) for one in returned)
        if new.ndim == 0 and sigma.ndim:
            return "the new u comes first, then the estimate of σ."
        v = matrix @ u / np.linalg.norm(matrix @ u)
        right = matrix.T @ v / np.linalg.norm(matrix.T @ v)
        if new.shape != right.shape:
            if new.shape == v.shape:
                return f"that is v, {v.shape}; go back with the transposed matrix, to u."
            return f"the new u has shape {new.shape}, but a row of the matrix has {right.shape}."
        if not np.allclose(new, right, RTOL, 1e-4):
            return _wrong_vector(matrix, u, new, right)
        if sigma.size != 1:
            return f"σ is one number; yours has shape {sigma.shape}."
        fault = _wrong_sigma(matrix, u, right, float(sigma.reshape(())))
        if fault:
            return fault
    return ""


def _wrong_vector(matrix, u, new, right) -> str:
    if np.allclose(new, u):
        return "u has not changed."
    if np.allclose(new / np.linalg.norm(new), right, RTOL, 1e-4):
        return "the direction is right; divide the new u by its length."
    if np.allclose(np.abs(new), np.abs(np.linalg.svd(matrix)[2][0]), RTOL, 1e-4):
        return "that is what many rounds end with; one round is asked for."
    return "the new u is wrong: v = Wu, divided by its length; then Wᵀv, divided by its length."


def _wrong_sigma(matrix, u, new, sigma: float) -> str:
    rounds = np.linalg.norm(matrix.T @ (matrix @ u)) / np.linalg.norm(matrix @ u)
    if np.isclose(sigma, rounds, RTOL) or np.isclose(sigma, np.linalg.norm(matrix @ new), RTOL):
        return ""  # both are fair: the second is half a round further
    wrong = {
        "that is the stretch of the old u; take the new one.": np.linalg.norm(matrix @ u),
        "that is σ squared: W and Wᵀ have both stretched it. Take |Wu|, without Wᵀ.": (
            np.linalg.norm(matrix.T @ matrix @ u)
        ),
        "that is the square; take the root.": np.sum((matrix @ new) ** 2),
        "that is the Frobenius norm, the root of the sum of all σ².": np.linalg.norm(matrix),
        "that is σ itself; return the estimate of this round, |Wu|.": np.linalg.norm(matrix, 2),
        "that is 1, the length of a vector that was divided by its length.": 1.0,
    }
    for sentence, value in wrong.items():
        if np.isclose(sigma, value, RTOL):
            return f"u is right, but σ: {sentence}"
    return "u is right, but σ is not: it is the length of Wu, for the new u."
