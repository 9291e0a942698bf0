"""Losses as pure functions of tensors: cross-entropies of two and of many classes, a Gaussian's.

Each returns one number, the mean over all elements. The cross-entropies are written from logits
(with `softplus`, `log_softmax`), so that values and gradients stay finite and exact at logits of
-100 and 100. A GAN's losses are in `gan_losses`, the KL term of a VAE is with its model in `vae`.
"""

import math

import numpy as np

from course_utils.base.backend import tf


def binary_cross_entropy_from_logits(targets, logits) -> tf.Tensor:
    """Mean of -t log σ(x) - (1 - t) log(1 - σ(x)), with σ(x) = 1 / (1 + exp(-x)).

    Since -log σ(x) = softplus(-x) and -log(1 - σ(x)) = softplus(x), no probability is ever
    rounded to 0 or 1 before its logarithm is taken. The gradient for one logit is σ(x) - t.

    targets: in [0, 1], of the logits' shape, or one number for all
    logits: floats, any shape

    >>> round(float(binary_cross_entropy_from_logits([1.0, 0.0], [0.0, 0.0])), 4)  # log 2
    0.6931
    >>> float(binary_cross_entropy_from_logits(0.0, [100.0]))
    100.0
    """
    logits = as_logits(logits, "logits")
    targets = tf.cast(targets, logits.dtype)
    if targets.shape.rank != 0 and not targets.shape.is_compatible_with(logits.shape):
        raise ValueError(
            f"The targets have shape {targets.shape}, the logits {logits.shape}; "
            "give both one shape, otherwise every target would be paired with every logit."
        )
    softplus = tf.math.softplus
    return tf.reduce_mean(targets * softplus(-logits) + (1 - targets) * softplus(logits))


def gaussian_negative_log_likelihood(targets, means, log_deviations) -> tf.Tensor:
    """Mean of -log N(t; m, s²) = (t - m)² / 2s² + log s + ½ log 2π, in nats a value.

    With s fixed it is the mean squared error, divided by 2s², plus a constant; with s free, its
    minimum over s is at s² = the mean squared error (Bishop 2006, equations 1.62 and 1.63).

    targets, means: floats of one shape
    log_deviations: log s, of the means' shape, or one number for all; any real number, so that s
        needs no bound

    >>> round(float(gaussian_negative_log_likelihood([1.0], [1.0], 0.0)), 4)  # ½ log 2π
    0.9189
    """
    means = as_logits(means, "means")
    targets = tf.cast(targets, means.dtype)
    log_deviations = tf.cast(log_deviations, means.dtype)
    for name, values in (("targets", targets), ("log_deviations", log_deviations)):
        single = name == "log_deviations" and values.shape.rank == 0
        if not single and not values.shape.is_compatible_with(means.shape):
            raise ValueError(
                f"The {name} have shape {values.shape}, the means {means.shape}; give one "
                "for each mean."
            )
    for name, values in (
        ("means", means),
        ("targets", targets),
        ("log_deviations", log_deviations),
    ):
        _check_finite_if_known(values, name)
    scaled = (targets - means) * tf.exp(-log_deviations)
    return tf.reduce_mean(tf.square(scaled) / 2 + log_deviations + math.log(2 * math.pi) / 2)


def categorical_cross_entropy_from_logits(labels, logits) -> tf.Tensor:
    """Mean of -log softmax(x)[label]: minus the log-likelihood of the labels, in nats a label.

    log softmax(x)_k = x_k - log Σ exp(x_j), with the largest logit taken out of the sum first, so
    that nothing overflows. The gradient for one row of logits is softmax(x) - one-hot(label).

    labels: whole numbers (n,) from 0 to num_classes - 1
    logits: floats (n, num_classes)

    >>> round(float(categorical_cross_entropy_from_logits([1], [[0.0, 0.0]])), 4)  # log 2
    0.6931
    """
    logits, labels = as_logits(logits, "logits"), tf.convert_to_tensor(labels)
    if not labels.dtype.is_integer:
        raise TypeError(f"labels must be whole numbers, but they are {labels.dtype.name}.")
    if logits.shape.rank != 2 or not labels.shape.is_compatible_with(logits.shape[:1]):
        raise ValueError(
            f"The labels have shape {labels.shape}, the logits {logits.shape}; give labels (n,) "
            "and logits (n, num_classes)."
        )
    _check_finite_if_known(logits, "logits")
    known = tf.get_static_value(labels)
    if known is not None and not (known.min() >= 0 and known.max() < logits.shape[1]):
        raise ValueError(
            f"The labels run from {known.min()} to {known.max()}; with {logits.shape[1]} logits a "
            f"row they must be from 0 to {logits.shape[1] - 1}."
        )
    return -tf.reduce_mean(tf.gather(tf.nn.log_softmax(logits), labels, batch_dims=1))


def as_logits(logits, name: str) -> tf.Tensor:
    """A float tensor with at least one element, since the mean of none would be NaN."""
    logits = tf.convert_to_tensor(logits)
    if not logits.dtype.is_floating:
        raise TypeError(f"{name} must be floats, but they are {logits.dtype.name}.")
    if logits.shape.num_elements() == 0:
        raise ValueError(f"{name} has shape {tuple(logits.shape)}, so there is nothing to average.")
    return logits


def _check_finite_if_known(values: tf.Tensor, name: str) -> None:
    """Refuse NaN and infinity; inside a `tf.function` the values are not known yet."""
    known = tf.get_static_value(values)
    if known is not None and not np.isfinite(known).all():
        raise ValueError(
            f"{name} has values that are not finite (NaN or infinity); look at what made them."
        )
