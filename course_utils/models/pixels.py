"""Distributions of one pixel, given the numbers that a network says of it.

Both are exact: the probabilities of all values that a pixel can have sum to 1. What a model draws
at a temperature is the same for both.
"""

from dataclasses import dataclass

import numpy as np

from course_utils.base.backend import tf

_BELLS = (-1.0, -0.5, 0.0, 0.5, 1.0)  # means of a gray pixel's logistic densities at the start
_LOG_SCALES = (-7.0, 20.0)  # from far below a step of 2 / 255; keep an exponential finite


@dataclass(frozen=True)
class Bernoulli:
    """A pixel that is 0 or 1; the network says its logit."""

    start: tuple[float, ...] = (0.0,)  # what an untrained network says
    num_values: int = 2  # that a pixel can have, from 0 to 1 in equal steps

    def log_prob(self, outputs: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
        """log p, (...), of values (...) in [0, 1], outputs being (..., len(start))."""
        return -tf.nn.sigmoid_cross_entropy_with_logits(values, outputs[..., 0])


@dataclass(frozen=True)
class DiscretizedLogistic:
    """A pixel with 256 gray values: what a mixture of logistic densities has between their borders.

    The darkest and the brightest value get all that lies beyond (Salimans et al. 2017, equation 2).
    The network says log-weights, means in [-1, 1] and log-scales, five of each.
    """

    start: tuple[float, ...] = (*[0.0] * len(_BELLS), *_BELLS, *[-1.5] * len(_BELLS))
    num_values: int = 256

    def log_prob(self, outputs: tf.Tensor, values: tf.Tensor) -> tf.Tensor:
        """log p, (...), of values (...) in [0, 1], outputs being (..., len(start))."""
        log_weights, means, log_scales = tf.split(outputs, 3, axis=-1)
        narrowness = tf.exp(-tf.clip_by_value(log_scales, *_LOG_SCALES))
        top = self.num_values - 1
        step = tf.round(values * top)[..., None]  # two neighbors' border is the same number
        upper = ((2 * step + 1) / top - 1 - means) * narrowness
        lower = ((2 * step - 1) / top - 1 - means) * narrowness
        # σ(u) - σ(l) = σ(u) σ(-l) (1 - e^(l - u)): no difference of two numbers that are nearly 1
        below, above = -tf.nn.softplus(-upper), -tf.nn.softplus(lower)
        between = below + above + tf.math.log(-tf.math.expm1(lower - upper))
        inside = tf.where(step < 1, below, tf.where(step > top - 1, above, between))
        return tf.reduce_logsumexp(tf.nn.log_softmax(log_weights) + inside, axis=-1)

    def quantiles(self, outputs: tf.Tensor, uniforms: tf.Tensor) -> tf.Tensor:
        """The values (...) at which the summed probabilities pass numbers u (...) in [0, 1).

        By eight halvings, each of which asks for one sum: those of all 256 values are not needed.
        """
        log_weights, means, log_scales = tf.split(outputs, 3, axis=-1)
        weights = tf.nn.softmax(log_weights)
        narrowness = tf.exp(-tf.clip_by_value(log_scales, *_LOG_SCALES))
        top, half = self.num_values - 1, self.num_values // 2
        # Of what is left above: near 1 a float32 is coarse, near 0 it is fine.
        left = (1 - uniforms) * tf.reduce_sum(weights, axis=-1)
        step = tf.zeros_like(uniforms)
        while half:
            border = ((2 * (step + half) - 1) / top - 1)[..., None]
            above = tf.reduce_sum(weights * tf.sigmoid((means - border) * narrowness), axis=-1)
            step = tf.where(above >= left, step + half, step)
            half //= 2
        return tf.gather(_values(self.num_values), tf.cast(step, tf.int32))


LIKELIHOODS = {"bernoulli": Bernoulli(), "logistic": DiscretizedLogistic()}


def draw(pixel, outputs: tf.Tensor, uniforms: tf.Tensor, temperature: tf.Tensor) -> tf.Tensor:
    """A value in [0, 1], (...), of each pixel: of all values, with probability p^(1/T), rescaled.

    outputs: (..., len(start)); uniforms: (...) in [0, 1), which decide
    temperature: T; 1 draws from the model, 0 takes the most probable value, of equals the darkest
    """
    if not hasattr(pixel, "quantiles"):
        return _draw_of_all(pixel, outputs, uniforms, temperature)
    return tf.cond(
        tf.equal(temperature, 1.0),
        lambda: pixel.quantiles(outputs, uniforms),
        lambda: _draw_of_all(pixel, outputs, uniforms, temperature),
    )


def _values(count: int) -> tf.Tensor:
    return tf.constant(np.linspace(0, 1, count), tf.float32)


def _draw_of_all(pixel, outputs, uniforms, temperature) -> tf.Tensor:
    """What `draw` draws, by the probabilities of all values that a pixel can have."""
    values = _values(pixel.num_values)
    each = tf.repeat(outputs[..., None, :], pixel.num_values, axis=-2)
    log_probs = pixel.log_prob(each, values * tf.ones_like(each[..., 0]))
    sharpened = tf.nn.softmax(log_probs / tf.maximum(temperature, 1e-6))
    # How many values lie wholly below u; of the last sum, since rounding may leave it not quite 1.
    sums = tf.cumsum(sharpened, axis=-1)
    wholly = sums <= uniforms[..., None] * sums[..., -1:]
    below = tf.reduce_sum(tf.cast(wholly, tf.int32), axis=-1)
    likely = tf.argmax(log_probs, axis=-1, output_type=tf.int32)
    chosen = tf.where(temperature > 0, tf.minimum(below, pixel.num_values - 1), likely)
    return tf.gather(values, chosen)
