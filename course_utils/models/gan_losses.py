"""The losses of the game between a generator and a discriminator; a new one is one entry here.

Each takes logits of any shape and returns one number, the mean over all elements, finite and exact
at logits of -100 and 100. A penalty on gradients is no loss of logits: `GAN.compile` takes one, as
`penalty`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_name, check_real
from course_utils.base.backend import tf
from course_utils.models.losses import as_logits, binary_cross_entropy_from_logits


@dataclass(frozen=True)
class GANLoss:
    """The two losses of a game, both to be minimized, and how to read the discriminator's logit.

    discriminator: function(real_logits, fake_logits, label_smoothing=0.0) -> scalar tensor
    generator: function(fake_logits) -> scalar tensor
    logit_meaning: what the logit of the best discriminator says, where real images have the
        density p and generated ones the density q
    source: paper, year, equation
    has_probability: whether σ(logit) is the probability of "real"
    bounded: whether the discriminator's loss has a lower bound for discriminators of any slope; if
        not, something has to limit the slope, such as a penalty or spectral normalization
    shown_as, shown_range: how a picture names what D says, and the values that it has room for
    """

    name: str
    discriminator: Callable[..., tf.Tensor]
    generator: Callable[..., tf.Tensor]
    logit_meaning: str
    source: str
    has_probability: bool = False
    bounded: bool = True
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


def minimax_discriminator_loss(real_logits, fake_logits, label_smoothing: float = 0.0) -> tf.Tensor:
    """-E[log D(x)] - E[log(1 - D(G(z)))], where D = σ(logit) is the probability of "real".

    It is minus the value function of the game (Goodfellow et al. 2014, equation 1), the sum of two
    cross-entropies. At its minimum the logit is log p/q (proposition 1).

    label_smoothing: s in [0, 0.5]; real images get the target 1 - s, generated ones keep 0
        (one-sided, Salimans et al. 2016, section 3.4). D then tends to (1 - s) p / (p + q).
    """
    _check_label_smoothing(label_smoothing)
    return binary_cross_entropy_from_logits(
        1.0 - label_smoothing, as_logits(real_logits, "real_logits")
    ) + binary_cross_entropy_from_logits(0.0, as_logits(fake_logits, "fake_logits"))


def minimax_generator_loss(fake_logits) -> tf.Tensor:
    """E[log(1 - D(G(z)))]: what is left of the game's value for the generator.

    Goodfellow et al. 2014, equation 1. The gradient for one logit is -D, so it vanishes exactly
    where the generator needs it most: when D(G(z)) is near 0 (it saturates).
    """
    return -tf.reduce_mean(tf.math.softplus(as_logits(fake_logits, "fake_logits")))


def non_saturating_generator_loss(fake_logits) -> tf.Tensor:
    """-E[log D(G(z))] (Goodfellow et al. 2014, section 3).

    The gradient for one logit is D - 1: near -1 when D(G(z)) is near 0. The discriminator's loss is
    the minimax one, but the generator no longer descends the game's value.
    """
    return binary_cross_entropy_from_logits(1.0, as_logits(fake_logits, "fake_logits"))


def least_squares_discriminator_loss(
    real_logits, fake_logits, label_smoothing: float = 0.0
) -> tf.Tensor:
    """½ E[(D(x) - 1)²] + ½ E[D(G(z))²], where D is the logit itself.

    Mao et al. 2017, equation 9: targets 1 for real and 0 for generated images.

    label_smoothing: s in [0, 0.5]; real images get the target 1 - s.
    """
    _check_label_smoothing(label_smoothing)
    real_logits = as_logits(real_logits, "real_logits")
    fake_logits = as_logits(fake_logits, "fake_logits")
    real_error = tf.reduce_mean(tf.square(real_logits - (1.0 - label_smoothing)))
    return (real_error + tf.reduce_mean(tf.square(fake_logits))) / 2


def least_squares_generator_loss(fake_logits) -> tf.Tensor:
    """½ E[(D(G(z)) - 1)²] (Mao et al. 2017, equation 9)."""
    return tf.reduce_mean(tf.square(as_logits(fake_logits, "fake_logits") - 1.0)) / 2


def hinge_discriminator_loss(real_logits, fake_logits, label_smoothing: float = 0.0) -> tf.Tensor:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))], where D is the logit itself.

    Lim and Ye 2017; Miyato et al. 2018, equation 16. Images that are already judged right with a
    margin of 1 have no gradient. There are no target probabilities, hence nothing to smooth:
    label_smoothing other than 0 raises ValueError.
    """
    _refuse_label_smoothing("hinge", label_smoothing)
    real_logits = as_logits(real_logits, "real_logits")
    fake_logits = as_logits(fake_logits, "fake_logits")
    real_loss = tf.reduce_mean(tf.nn.relu(1.0 - real_logits))
    return real_loss + tf.reduce_mean(tf.nn.relu(1.0 + fake_logits))


def hinge_generator_loss(fake_logits) -> tf.Tensor:
    """-E[D(G(z))], where D is the logit itself (Miyato et al. 2018, equation 17).

    >>> float(hinge_generator_loss([2.0, -1.0]))
    -0.5
    """
    return -tf.reduce_mean(as_logits(fake_logits, "fake_logits"))


def wasserstein_discriminator_loss(
    real_logits, fake_logits, label_smoothing: float = 0.0
) -> tf.Tensor:
    """E[D(G(z))] - E[D(x)], where D is the logit itself (Arjovsky et al. 2017, equation 2).

    The larger D's logits, the lower it is, without end. Where |∇D| <= 1 everywhere its least value
    is minus the Wasserstein distance of the two distributions. It takes a D near its best: on the
    toy ring, 1,500 steps with Adam's beta_1 of 0.5 covered no mode, 700 with beta_1 of 0 and
    `discriminator_steps=5` all eight (one seed, `gradient_penalty(1.0)`).

    There are no target probabilities: label_smoothing other than 0 raises ValueError.
    """
    _refuse_label_smoothing("wasserstein", label_smoothing)
    real_logits = as_logits(real_logits, "real_logits")
    return tf.reduce_mean(as_logits(fake_logits, "fake_logits")) - tf.reduce_mean(real_logits)


def wasserstein_generator_loss(fake_logits) -> tf.Tensor:
    """-E[D(G(z))], where D is the logit itself (Arjovsky et al. 2017, theorem 3)."""
    return -tf.reduce_mean(as_logits(fake_logits, "fake_logits"))


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
        GANLoss(
            "wasserstein",
            wasserstein_discriminator_loss,
            wasserstein_generator_loss,
            "a height whose mean over real images exceeds that over generated ones by the "
            "Wasserstein distance, if its slope is at most 1; no probability, and no level at 0",
            "Arjovsky et al. 2017, equation 2",
            bounded=False,
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


def _refuse_label_smoothing(name: str, label_smoothing: float) -> None:
    if label_smoothing != 0:
        raise ValueError(
            f"label_smoothing is {label_smoothing}, but the {name} loss has no target "
            "probabilities to smooth; leave it at 0 or choose the non_saturating loss."
        )


def _check_label_smoothing(label_smoothing: float) -> None:
    """At most one half: the target of real images stays a probability between 0.5 and 1."""
    check_real("label_smoothing", label_smoothing, 0, 0.5)
