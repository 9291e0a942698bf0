"""The loss that section 5 of lesson 15 asks for, and known mistakes in it with their sentences.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import numpy as np

from course_utils.base.backend import tf


def image_loss(guess, images, times):
    """Mean of ((guess - images) / (1 - t))², a number, of images (n, h, w, c) and times (n, 1)."""
    return tf.reduce_mean(_squares(guess, images) / _rest(times) ** 2)


def _squares(guess, images):
    return (guess - images) ** 2


def _rest(times):
    return tf.reshape(1 - times, (-1, 1, 1, 1))


def _case(seed: int, count: int, times) -> tuple:
    """Images of 4 x 4 pixels, whose squared errors grow from image to image."""
    random = np.random.default_rng(seed)
    images = random.uniform(-1, 1, (count, 4, 4, 1)).astype(np.float32)
    errors = random.normal(size=images.shape) * np.linspace(0.3, 1, count)[:, None, None, None]
    guess = images + errors.astype(np.float32)
    return tuple(tf.constant(one) for one in (guess, images, np.float32(times)[:, np.newaxis]))


LOSS_CASES = [
    # As many images as pixels in a row: the shapes fit by chance, and a sentence can be told.
    _case(0, 4, [0.1, 0.5, 0.9, 0.3]),
    _case(1, 4, [0.0, 0.8, 0.95, 0.4]),
    _case(2, 1, [0.6]),
]


def _mean(numbers):
    return tf.reduce_mean(numbers)


_ALONG_THE_PIXELS = "the times run along the pixels: reshape 1 - times to (n, 1, 1, 1)."

LOSS = [
    (
        lambda guess, images, times: _mean(_squares(guess, images)),
        "the times are not in it: that is the clean image's loss, not the velocity's.",
    ),
    (
        lambda guess, images, times: _mean(_squares(guess, images) / _rest(times)),
        "1 - t is divided by once only; it belongs inside the square.",
    ),
    (
        lambda guess, images, times: _mean(_squares(guess, images) * _rest(times) ** 2),
        "divide by 1 - t, do not multiply: late times count more.",
    ),
    (
        lambda guess, images, times: _mean(_squares(guess, images) / _rest(1 - times) ** 2),
        "that divides by t; the velocity's error is that of the image over 1 - t.",
    ),
    (
        lambda guess, images, times: _mean(
            (_rest(1 - times) / _rest(times)) ** 2 * _squares(guess, images)
        ),
        "that is the noise's loss; the velocity's has 1 above the line, not t.",
    ),
    (
        lambda guess, images, times: tf.reduce_sum(_squares(guess, images) / _rest(times) ** 2),
        "that is the sum over all numbers; take the mean.",
    ),
    (
        lambda guess, images, times: _mean(
            tf.reduce_sum(_squares(guess, images) / _rest(times) ** 2, axis=(1, 2, 3))
        ),
        "the pixels are summed; take the mean over them, too.",
    ),
    (
        lambda guess, images, times: tf.sqrt(_mean(_squares(guess, images) / _rest(times) ** 2)),
        "the root is too much: the loss is the mean of the squares.",
    ),
    (
        lambda guess, images, times: _mean(tf.abs(guess - images) / _rest(times)),
        "that is the absolute error; square it.",
    ),
    (
        lambda guess, images, times: _mean(_squares(guess, images)) / _mean(_rest(times) ** 2),
        "each image has its own time: divide before the mean.",
    ),
    (
        lambda guess, images, times: _mean(
            _squares(guess, images) / tf.reshape(1 - times, (1, 1, -1, 1)) ** 2
        ),
        _ALONG_THE_PIXELS,
    ),
    (
        lambda guess, images, times: _mean(
            _squares(guess, images) / tf.reshape(1 - times, (1, -1, 1, 1)) ** 2
        ),
        _ALONG_THE_PIXELS,
    ),
    (
        lambda guess, images, times: _squares(guess, images) / _rest(times) ** 2,
        "right for each pixel; now take the mean.",
    ),
]
