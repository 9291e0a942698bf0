"""The formulas that the course trains with, as pure functions of tensors.

A loss takes logits of any shape and returns one number, the mean over all elements. All are written
with `softplus`, so that values and gradients stay finite and exact at logits of -100 and 100.
"""

from collections.abc import Callable
from dataclasses import dataclass

from course_utils._tensorflow import tf


@dataclass(frozen=True)
class GANLoss:
    """The two losses of a game, both to be minimised, and how to read the discriminator's logit.

    discriminator: function(real_logits, fake_logits, label_smoothing=0.0) -> scalar tensor
    generator: function(fake_logits) -> scalar tensor
    logit_meaning: what the logit of the best discriminator says, where real images have the
        density p and generated ones the density q
    """

    name: str
    discriminator: Callable[..., tf.Tensor]
    generator: Callable[..., tf.Tensor]
    logit_meaning: str
    source: str


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


_LOG_ODDS = "log p/q, the log-odds of real against generated: σ(logit) is the probability of real"

GAN_LOSSES = {
    loss.name: loss
    for loss in (
        GANLoss(
            "minimax",
            minimax_discriminator_loss,
            minimax_generator_loss,
            _LOG_ODDS,
            "Goodfellow et al. 2014, equation 1",
        ),
        GANLoss(
            "non_saturating",
            minimax_discriminator_loss,
            non_saturating_generator_loss,
            _LOG_ODDS,
            "Goodfellow et al. 2014, section 3",
        ),
        GANLoss(
            "least_squares",
            least_squares_discriminator_loss,
            least_squares_generator_loss,
            "p/(p + q), the probability of real, but nothing keeps a prediction within 0 and 1",
            "Mao et al. 2017, equation 9",
        ),
        GANLoss(
            "hinge",
            hinge_discriminator_loss,
            hinge_generator_loss,
            "the sign of p - q, as +1 or -1: which is likelier, not how likely; no probability",
            "Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17",
        ),
    )
}


def gan_loss(name: str) -> GANLoss:
    """The loss of that name.

    >>> gan_loss("hinge").source
    'Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17'
    """
    if not isinstance(name, str) or name not in GAN_LOSSES:
        raise ValueError(f"There is no GAN loss {name!r}; choose one of {', '.join(GAN_LOSSES)}.")
    return GAN_LOSSES[name]


def _as_logits(logits, name: str) -> tf.Tensor:
    """A float tensor with at least one element, since the mean of none would be NaN."""
    logits = tf.convert_to_tensor(logits)
    if not logits.dtype.is_floating:
        raise TypeError(f"{name} must be floats, but they are {logits.dtype.name}.")
    if logits.shape.num_elements() == 0:
        raise ValueError(f"{name} has shape {tuple(logits.shape)}, so there is nothing to average.")
    return logits


def _check_label_smoothing(label_smoothing: float) -> None:
    if not 0 <= label_smoothing <= 0.5:
        raise ValueError(
            f"label_smoothing is {label_smoothing}; give a number from 0 to 0.5, so that the "
            "target of real images stays a probability between 0.5 and 1."
        )
