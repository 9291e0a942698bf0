"""Known mistakes in the functions that lesson 11 asks for, and what its checks say of them.

Each list has pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np
from scipy import special

from course_utils.base.backend import tf

# ---- 11.1: the log-probability of an image -------------------------------------------------------


def _chosen(image, white):
    """The probability that the model gave to each pixel's own value."""
    return np.where(image == 1, white, 1 - white)


def _log_where(condition, values):
    """Logarithms of the values where the condition holds, and 0 elsewhere."""
    return np.log(np.where(condition, values, 1.0))


LOG_PROBABILITY = [
    (
        lambda x, p: -np.log(_chosen(x, p)).sum(),
        "the sign: a probability's logarithm is below 0.",
    ),
    (lambda x, p: np.log2(_chosen(x, p)).sum(), "those are bits; nats need np.log."),
    (lambda x, p: np.log10(_chosen(x, p)).sum(), "nats need the natural logarithm, np.log."),
    (lambda x, p: np.log(_chosen(x, p)).mean(), "the pixels' terms add up: a sum, no mean."),
    (
        lambda x, p: _log_where(x == 1, p).sum(),
        "the black pixels are forgotten: each has the probability 1 - white.",
    ),
    (lambda x, p: _chosen(x, p).prod(), "that is p(x) itself; its logarithm is wanted."),
    (lambda x, p: np.log(_chosen(x, p)), "one number for the image: sum over its pixels."),
    (
        lambda x, p: np.log(_chosen(x, p)).sum(axis=1),
        "one number for the image: sum both axes.",
    ),
    (
        lambda x, p: np.log(_chosen(x, p).sum()),
        "the logarithm of a product is the sum of the logarithms, not the logarithm of the sum.",
    ),
]

# ---- 11.3: one step of the plain cell ------------------------------------------------------------


def _step_case(seed: int, n: int, inputs: int, units: int) -> tuple[np.ndarray, ...]:
    """Arguments x, h, W, U, b of a step."""
    random = np.random.default_rng(seed)
    shapes = [(n, inputs), (n, units), (inputs, units), (units, units), (units,)]
    return tuple(random.normal(size=shape) for shape in shapes)


STEP_CASES = [_step_case(0, 4, 2, 3), _step_case(1, 1, 1, 2)]

PLAIN_STEP = [
    (lambda x, h, W, U, b: x @ W + h @ U + b, "the tanh around the sum is missing."),
    (lambda x, h, W, U, b: np.tanh(x @ W + h @ U), "the bias b is missing."),
    (
        lambda x, h, W, U, b: np.tanh(x @ W + b),
        "the state is not used: h @ U is missing.",
    ),
    (lambda x, h, W, U, b: np.tanh(h @ U + b), "the input is not used: x @ W is missing."),
    (
        lambda x, h, W, U, b: np.tanh(x @ W + h @ U.T + b),
        "U is transposed: rows are sequences here, so it is h @ U.",
    ),
    (
        lambda x, h, W, U, b: np.tanh(x @ W + (U @ h.T).T + b),
        "U is transposed: rows are sequences here, so it is h @ U.",
    ),
    (lambda x, h, W, U, b: 1 / (1 + np.exp(-(x @ W + h @ U + b))), "the plain cell has a tanh."),
    (lambda x, h, W, U, b: np.tanh(x @ W + b) + h @ U, "h @ U belongs inside the tanh."),
    (lambda x, h, W, U, b: np.tanh(x @ W + h @ U) + b, "the bias belongs inside the tanh."),
    (
        lambda x, h, W, U, b: np.tanh(x @ W + h + b),
        "the state enters through its weights: h @ U, not h.",
    ),
]

# ---- 11.6: moved by one pixel --------------------------------------------------------------------


def _flat(images):
    return images.reshape(len(images), -1)


SHIFTED = [
    (lambda images: images.copy(), "nothing is moved: each pixel still sees itself."),
    (
        lambda images: np.roll(_flat(images), 1, axis=1).reshape(images.shape),
        "the first pixel gets the last one of its image, which is not drawn yet; it gets 0.",
    ),
    (
        lambda images: np.pad(_flat(images), ((0, 0), (0, 1)))[:, 1:].reshape(images.shape),
        "the wrong way: each pixel sees the one after it.",
    ),
    (
        lambda images: np.pad(images, ((0, 0), (0, 0), (1, 0)))[:, :, :-1],
        "each row is moved on its own; its first pixel follows the last of the row above.",
    ),
    (
        lambda images: np.pad(images, ((0, 0), (1, 0), (0, 0)))[:, :-1],
        "the rows are moved: each pixel sees the one above it, not the one before it.",
    ),
    (
        lambda images: np.pad(images.ravel(), (1, 0))[:-1].reshape(images.shape),
        "the batch is flattened too: an image's first pixel gets the last one of another image.",
    ),
    (
        lambda images: np.roll(images.ravel(), 1).reshape(images.shape),
        "the batch is flattened too: an image's first pixel gets the last one of another image.",
    ),
    (
        lambda images: np.pad(_flat(images), ((0, 0), (1, 0)))[:, :-1],
        "the values are right; restore the shape (n, h, w).",
    ),
    (
        lambda images: np.roll(images, 1, axis=2),
        "np.roll brings the last pixel of each row to its front, which is not drawn yet.",
    ),
]

# ---- 11.7: which output sees which input ---------------------------------------------------------


def _jacobian(network, row):
    row = tf.convert_to_tensor(row)
    with tf.GradientTape() as tape:
        tape.watch(row)
        outputs = network(row)
    return np.asarray(tape.jacobian(outputs, row))[0, :, 0, 0, :, 0]


INFLUENCE = [
    (lambda network, row: _jacobian(network, row), "take the absolute values."),
    (
        lambda network, row: np.abs(_jacobian(network, row)).T,
        "that is transposed: row i belongs to output i, whose axes come first.",
    ),
    (
        lambda network, row: np.abs(_jacobian(network, row).sum(axis=0)),
        "tape.gradient sums over the outputs; tape.jacobian keeps them apart.",
    ),
    (
        lambda network, row: np.abs(_jacobian(network, row).sum(axis=0))[None, :, None],
        "tape.gradient sums over the outputs; tape.jacobian keeps them apart.",
    ),
    (
        lambda network, row: np.abs(_jacobian(network, row))[None, :, None, None, :, None],
        "the numbers are right; leave the axes of size 1 out.",
    ),
    (
        lambda network, row: _jacobian(network, row) != 0,
        "that says only whether; the sizes are asked for.",
    ),
]

# ---- 11.9: a training step -----------------------------------------------------------------------

UPDATE = {
    "mean over pixels": "its loss is a mean over the pixels; sum over them: nats per image.",
    "sigmoid": "what the model returns are logits: leave the sigmoid to the cross-entropy.",
}

# ---- 11.10: temperature --------------------------------------------------------------------------

AT_TEMPERATURE = [
    (lambda p, T: p ** (1 / T) if T else (p > 0.5) * 1.0, "the two powers have to sum to 1."),
    (
        lambda p, T: special.expit(special.logit(p) * T) if T else np.full(p.shape, 0.5),
        "the power is 1/T, not T: a low temperature sharpens.",
    ),
    (
        lambda p, T: special.expit(special.logit(p) / T) if T else (p > 0.5) * 1.0,
        "nearly: at T = 0 one half has no more probable value, so it stays one half.",
    ),
    (
        lambda p, T: special.expit(special.logit(p) / T) if T else (p >= 0.5) * 1.0,
        "nearly: at T = 0 one half has no more probable value, so it stays one half.",
    ),
    (
        lambda p, T: special.expit(special.logit(p) / T) if T else p,
        "at T = 0 the more probable value is certain.",
    ),
]

# ---- 11.11: nats and bytes -----------------------------------------------------------------------

KILOBYTES = [
    (lambda n, nats: n * nats / 8000, "nats are no bits: divide by log 2."),
    (lambda n, nats: n * nats * np.log(2) / 8000, "divide by log 2: a nat is more than a bit."),
    (lambda n, nats: n * nats / np.log(2) / 1000, "those are kilobits; a byte has 8 bits."),
    (lambda n, nats: n * nats / np.log(2) / 8, "those are bytes; 1 kB is 1,000 of them."),
    (lambda n, nats: n * nats / np.log(2) / 8192, "1 kB is 1,000 bytes here."),
    (lambda n, nats: nats / np.log(2) / 8000, "that is one image; there are n."),
    (lambda n, nats: n * nats / np.log(2) / 784 / 8000, "nats are those of a whole image."),
    (lambda n, nats: n * nats / np.log2(np.e) / 8000, "divide by log 2: a nat is more than a bit."),
]

# ---- 11.12: the black image ----------------------------------------------------------------------

BLACK = {
    "a": "right; one more thing explains why it is never drawn.",
    "c": "right; and why does the single image get so much?",
    "a, b, c": "b: no training image is black all over.",
    "a, c, d": "d: the product is exact for each image, whether it was trained on or not.",
    "a, c, e": "e: nobody would call black the best picture of clothes.",
    "a, e": "e: nobody would call black the best picture of clothes.",
    "b": "b: no training image is black all over.",
}
