"""Known mistakes in the functions that lesson 09 asks for, and what its checks say of them.

Each list has pairs of a wrong function and a sentence, as `checks.check_function` takes them. What
training steps do is measured by `faults`.
"""

import numpy as np

from course_utils.base.backend import tf
from course_utils.lessons.vae_step_by_step import faults

LOG_MEAN_EXP = [
    (np.logaddexp.reduce, "that is the log of the sum; the mean divides by K first."),
    (
        lambda a: np.log(np.exp(a).mean()),
        "exp(-1000) is 0, and exp(1000) infinite: take the largest entry out first.",
    ),
    (
        lambda a: a.mean() + np.log(np.exp(a - a.mean()).mean()),
        "entries far above the one taken out still overflow; take the largest out.",
    ),
    (np.mean, "that is the mean of the logarithms; wanted is the logarithm of the mean."),
    (
        lambda a: np.log(np.exp(a - a.max()).mean()),
        "the largest entry was taken out; add it again at the end.",
    ),
    (
        lambda a: a.max() - np.log(len(a)),
        "that keeps the largest entry only; the others belong into the sum.",
    ),
]


def _each(mean, log_variance):
    """Twice the KL term of each latent."""
    return mean**2 + np.exp(log_variance) - log_variance - 1


KL_TERM = [
    (lambda m, v: _each(m, v).sum(axis=1), "the factor one half is missing."),
    (lambda m, v: -_each(m, v).sum(axis=1) / 2, "the sign: a KL divergence is never negative."),
    (lambda m, v: _each(m, v).mean(axis=1) / 2, "the latents' terms add up: no mean."),
    (lambda m, v: _each(m, v).sum() / 2, "one number for each image: sum over axis 1 only."),
    (lambda m, v: _each(m, v).sum(axis=0) / 2, "sum over the latents, axis 1, not the images."),
    (lambda m, v: _each(m, 2 * v).sum(axis=1) / 2, "log_variance is log σ², not log σ."),
    (
        lambda m, v: (m**2 + np.exp(v / 2) - v - 1).sum(axis=1) / 2,
        "exp(log_variance) is σ²; half of it in the exponent is σ.",
    ),
    (lambda m, v: (_each(m, v) + m - m**2).sum(axis=1) / 2, "the mean enters squared."),
    (lambda m, v: _each(0 * m, v).sum(axis=1) / 2, "the mean's part is missing."),
    (lambda m, v: (_each(m, v) + 1).sum(axis=1) / 2, "the -1 is missing; the prior has KL 0."),
]


_STEPS = {
    "the encoder does not move: its weights belong into the update.": {"updated": "decoder"},
    "the decoder does not move: its weights belong into the update.": {"updated": "encoder"},
    "no weight moves: hand the gradients to the optimizer.": {"updated": "none"},
    "the pixels are averaged: sum over them, and take the mean over the batch only.": {
        "pixels": tf.reduce_mean
    },
    "the loss is summed over the batch: take the mean over its images.": {"batch": tf.reduce_sum},
    "the KL term is missing from the loss.": {"kl_weight": 0.0},
    "the KL term is averaged over the latents: sum them.": {"latents": tf.reduce_mean},
    "the KL term has the wrong sign: the ELBO is reconstruction minus KL.": {"kl_weight": -1.0},
    "the sign: a step lowers the loss, which is minus the ELBO.": {"sign": -1.0},
    "e to the log-variance is the variance; z needs the deviation.": {"exponent": 1.0},
    "z does not use the noise: the latents are drawn, not the means.": {"noise_weight": 0.0},
    "the encoder wants pixels in [-1, 1]: 2 * images - 1.": {"is_scaled": False},
}
STEP = [(faults.outcome(faults.make_step(**fault)), text) for text, fault in _STEPS.items()]
