"""Known mistakes in the losses that the third ward of lesson 07 asks for, with their sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np

from course_utils.base.backend import keras, tf


def _plus(logits) -> tf.Tensor:
    """log(1 + exp(logit)), by logit: -log(1 - D), what a generated image costs."""
    return tf.math.softplus(tf.convert_to_tensor(logits))


def _mean(costs) -> tf.Tensor:
    return tf.reduce_mean(costs)


def _d(logits) -> tf.Tensor:
    """The probability of "real", rounded as 64-bit floats are."""
    return tf.sigmoid(tf.cast(logits, tf.float64))


def _clipped(target: float, logits) -> tf.Tensor:
    """Keras's cross-entropy of probabilities, which it keeps away from 0 and 1."""
    probabilities = tf.sigmoid(tf.cast(logits, tf.float32))
    return keras.losses.BinaryCrossentropy()(target * tf.ones_like(probabilities), probabilities)


LOGIT_CASES = [
    np.array([[2.0], [-1.0], [0.5]]),
    np.array([[-3.0]]),
    np.array([[100.0], [-100.0]]),
]

FAKE_LOSS = [  # functions of the logits of generated images, for -E[log(1 - D)]
    (
        lambda fake: _mean(_plus(1 - fake)),
        "the double negation is still there: 1 - logit is no logit of 1 - D.",
    ),
    (
        lambda fake: _mean(_plus(-fake)),
        "that is -log D, the target 1: it calls generated images real.",
    ),
    (
        lambda fake: -_mean(tf.math.log(1 - (1 - _d(fake)))),
        "1 - (1 - D) is D: that is -log D, the target 1.",
    ),
    (
        lambda fake: _mean(-tf.math.log(1 - _d(fake))),
        "right in the middle, but infinite at logit 100, where D is 1; stay with logits.",
    ),
    (
        lambda fake: _clipped(0.0, fake),
        "right in the middle, but at logit 100 Keras clips the probability; stay with logits.",
    ),
    (lambda fake: -_mean(_plus(-fake)), "that is +log D: the sign was turned, not the target."),
    (lambda fake: _mean(_plus(_d(fake))), "the logits went through a sigmoid first; leave it out."),
    (lambda fake: -_mean(_plus(fake)), "that is log(1 - D), to be maximized; a loss has a minus."),
    (lambda fake: tf.reduce_sum(_plus(fake)), "take the mean over the batch, not the sum."),
    (lambda fake: _plus(fake), "one number: take the mean over the batch."),
    (
        lambda fake: tf.math.softplus(_mean(fake)),
        "each image has a cost of its own: logarithm first, then the mean.",
    ),
]

PAIR_CASES = [  # logits of real and of generated images
    (np.array([[2.0], [0.5], [-1.0]]), np.array([[-2.0], [0.5]])),
    (np.array([[3.0]]), np.array([[0.5], [-4.0], [1.0]])),
    (np.array([[100.0], [-100.0]]), np.array([[100.0], [-100.0]])),
]

DISCRIMINATOR_LOSS = [
    (
        lambda real, fake: _mean(_plus(-real)) - _mean(_plus(fake)),
        "that is the script's sign: -log(1 - D) is added.",
    ),
    (
        lambda real, fake: _mean(_plus(real)) + _mean(_plus(-fake)),
        "real and generated have changed places.",
    ),
    (
        lambda real, fake: _mean(_plus(-real)) + _mean(_plus(-fake)),
        "both kinds get the target 1; that of generated images is 0.",
    ),
    (
        lambda real, fake: _mean(_plus(-real)) + _mean(_plus(1 - fake)),
        "patient 11 is back: 1 - logit is no logit of 1 - D.",
    ),
    (
        lambda real, fake: -_mean(_plus(-real)) - _mean(_plus(fake)),
        "that is the value of the game, which the discriminator maximizes; the loss is minus it.",
    ),
    (lambda real, fake: _mean(_plus(-real)), "the generated images are missing."),
    (lambda real, fake: _mean(_plus(fake)), "the real images are missing."),
    (
        lambda real, fake: -_mean(tf.math.log(_d(real))) - _mean(tf.math.log(1 - _d(fake))),
        "the signs are right, but it is infinite at logits of 100, where D is rounded to 1 or 0.",
    ),
    (
        lambda real, fake: _clipped(1.0, real) + _clipped(0.0, fake),
        "the signs are right, but at logits of 100 Keras clips the probability; stay with logits.",
    ),
    (
        lambda real, fake: tf.reduce_sum(_plus(-real)) + tf.reduce_sum(_plus(fake)),
        "take the mean of each kind, not the sum.",
    ),
    (
        lambda real, fake: _mean(tf.concat([_plus(-real), _plus(fake)], 0)),
        "a mean for each kind, then add.",
    ),
    (
        lambda real, fake: (_mean(_plus(-real)) + _mean(_plus(fake))) / 2,
        "that is half of it; the two means are added.",
    ),
    (
        lambda real, fake: _mean(_plus(_d(fake))) + _mean(_plus(-_d(real))),
        "the logits went through a sigmoid first; leave it out.",
    ),
]
