"""The formulas that the course trains with, as pure functions of tensors.

A loss takes logits of any shape and returns one number, the mean over all elements. All are written
from logits (with `softplus`, `log_softmax`), so that values and gradients stay finite and exact at
logits of -100 and 100.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_name, check_real
from course_utils.base.backend import tf


@dataclass(frozen=True)
class GANLoss:
    """The two losses of a game, both to be minimized, and how to read the discriminator's logit.

    discriminator: function(real_logits, fake_logits, label_smoothing=0.0) -> scalar tensor
    generator: function(fake_logits) -> scalar tensor
    logit_meaning: what the logit of the best discriminator says, where real images have the
        density p and generated ones the density q
    source: paper, year, equation
    has_probability: whether σ(logit) is the probability of "real"
    shown_as, shown_range: how a picture names what D says, and the values that it has room for
    """

    name: str
    discriminator: Callable[..., tf.Tensor]
    generator: Callable[..., tf.Tensor]
    logit_meaning: str
    source: str
    has_probability: bool = False
    shown_as: str = "logit: higher is more real"
    shown_range: tuple[float, float] = (-2.0, 2.0)

    def shown(self, logits) -> np.ndarray:
        """What D says at these logits: the probability σ(logit) where it is one, else the logit.

        >>> float(GAN_LOSSES["minimax"].shown(0.0)), float(GAN_LOSSES["hinge"].shown(0.0))
        (0.5, 0.0)
        """
        logits = np.asarray(logits)
        # The same function as 1 / (1 + exp(-logit)), without overflow at either end.
        return (1 + np.tanh(logits / 2)) / 2 if self.has_probability else logits


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
    logits = _as_logits(logits, "logits")
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
    means = _as_logits(means, "means")
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
    logits, labels = _as_logits(logits, "logits"), tf.convert_to_tensor(labels)
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


def minimax_discriminator_loss(real_logits, fake_logits, label_smoothing: float = 0.0) -> tf.Tensor:
    """-E[log D(x)] - E[log(1 - D(G(z)))], where D = σ(logit) is the probability of "real".

    It is minus the value function of the game (Goodfellow et al. 2014, equation 1), the sum of two
    cross-entropies. At its minimum the logit is log p/q (proposition 1).

    label_smoothing: s in [0, 0.5]; real images get the target 1 - s, generated ones keep 0
        (one-sided, Salimans et al. 2016, section 3.4). D then tends to (1 - s) p / (p + q).
    """
    _check_label_smoothing(label_smoothing)
    return binary_cross_entropy_from_logits(
        1.0 - label_smoothing, _as_logits(real_logits, "real_logits")
    ) + binary_cross_entropy_from_logits(0.0, _as_logits(fake_logits, "fake_logits"))


def minimax_generator_loss(fake_logits) -> tf.Tensor:
    """E[log(1 - D(G(z)))]: what is left of the game's value for the generator.

    Goodfellow et al. 2014, equation 1. The gradient for one logit is -D, so it vanishes exactly
    where the generator needs it most: when D(G(z)) is near 0 (it saturates).
    """
    return -tf.reduce_mean(tf.math.softplus(_as_logits(fake_logits, "fake_logits")))


def non_saturating_generator_loss(fake_logits) -> tf.Tensor:
    """-E[log D(G(z))] (Goodfellow et al. 2014, section 3).

    The gradient for one logit is D - 1: near -1 when D(G(z)) is near 0. The discriminator's loss is
    the minimax one, but the generator no longer descends the game's value.
    """
    return binary_cross_entropy_from_logits(1.0, _as_logits(fake_logits, "fake_logits"))


def least_squares_discriminator_loss(
    real_logits, fake_logits, label_smoothing: float = 0.0
) -> tf.Tensor:
    """½ E[(D(x) - 1)²] + ½ E[D(G(z))²], where D is the logit itself.

    Mao et al. 2017, equation 9: targets 1 for real and 0 for generated images.

    label_smoothing: s in [0, 0.5]; real images get the target 1 - s.
    """
    _check_label_smoothing(label_smoothing)
    real_logits = _as_logits(real_logits, "real_logits")
    fake_logits = _as_logits(fake_logits, "fake_logits")
    real_error = tf.reduce_mean(tf.square(real_logits - (1.0 - label_smoothing)))
    return (real_error + tf.reduce_mean(tf.square(fake_logits))) / 2


def least_squares_generator_loss(fake_logits) -> tf.Tensor:
    """½ E[(D(G(z)) - 1)²] (Mao et al. 2017, equation 9)."""
    return tf.reduce_mean(tf.square(_as_logits(fake_logits, "fake_logits") - 1.0)) / 2


def hinge_discriminator_loss(real_logits, fake_logits, label_smoothing: float = 0.0) -> tf.Tensor:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))], where D is the logit itself.

    Lim and Ye 2017; Miyato et al. 2018, equation 16. Images that are already judged right with a
    margin of 1 have no gradient. There are no target probabilities, hence nothing to smooth:
    label_smoothing other than 0 raises ValueError.
    """
    if label_smoothing != 0:
        raise ValueError(
            f"label_smoothing is {label_smoothing}, but the hinge loss has no target "
            "probabilities to smooth; leave it at 0 or choose the non_saturating loss."
        )
    real_logits = _as_logits(real_logits, "real_logits")
    fake_logits = _as_logits(fake_logits, "fake_logits")
    real_loss = tf.reduce_mean(tf.nn.relu(1.0 - real_logits))
    return real_loss + tf.reduce_mean(tf.nn.relu(1.0 + fake_logits))


def hinge_generator_loss(fake_logits) -> tf.Tensor:
    """-E[D(G(z))], where D is the logit itself (Miyato et al. 2018, equation 17).

    >>> float(hinge_generator_loss([2.0, -1.0]))
    -0.5
    """
    return -tf.reduce_mean(_as_logits(fake_logits, "fake_logits"))


_LOG_ODDS = {
    "logit_meaning": "log p/q, the log-odds of real against generated: σ(logit) is the probability "
    "of real",
    "has_probability": True,
    "shown_as": "D(x) = σ(logit), probability of “real”",
    "shown_range": (0.0, 1.0),
}

GAN_LOSSES = {
    loss.name: loss
    for loss in (
        GANLoss(
            "minimax",
            minimax_discriminator_loss,
            minimax_generator_loss,
            source="Goodfellow et al. 2014, equation 1",
            **_LOG_ODDS,
        ),
        GANLoss(
            "non_saturating",
            minimax_discriminator_loss,
            non_saturating_generator_loss,
            source="Goodfellow et al. 2014, section 3",
            **_LOG_ODDS,
        ),
        GANLoss(
            "least_squares",
            least_squares_discriminator_loss,
            least_squares_generator_loss,
            "p/(p + q), the probability of real, but nothing keeps a prediction within 0 and 1",
            "Mao et al. 2017, equation 9",
            shown_as="logit: towards 1 real, towards 0 generated",
            shown_range=(-0.5, 1.5),
        ),
        GANLoss(
            "hinge",
            hinge_discriminator_loss,
            hinge_generator_loss,
            "the sign of p - q, as +1 or -1: which is likelier, not how likely; no probability",
            "Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17",
            shown_as="logit: above 0 real, below 0 generated",
        ),
    )
}


def gan_loss(name: str) -> GANLoss:
    """The loss of that name.

    >>> gan_loss("hinge").source
    'Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17'
    """
    check_name("GAN loss", name, GAN_LOSSES)
    return GAN_LOSSES[name]


def _as_logits(logits, name: str) -> tf.Tensor:
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


def _check_label_smoothing(label_smoothing: float) -> None:
    """At most one half: the target of real images stays a probability between 0.5 and 1."""
    check_real("label_smoothing", label_smoothing, 0, 0.5)
