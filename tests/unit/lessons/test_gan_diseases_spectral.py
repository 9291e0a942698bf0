"""Rounds of power iteration against the singular value decomposition, and against the layer."""

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.lessons.gan_diseases import spectral
from course_utils.models import critic_layers


def test_the_error_shrinks_by_the_fourth_power_of_the_ratio():
    rng = np.random.default_rng(0)
    matrix = np.linalg.qr(rng.normal(size=(5, 3)))[0] @ np.diag([3.0, 2.0, 1.0])
    u, errors = np.ones(3), []
    for _ in range(8):
        u, stretch = spectral.power_round(matrix, u)
        errors.append(3 - stretch)
    assert errors[-1] / errors[-2] == pytest.approx((2 / 3) ** 4, rel=0.01)
    assert np.linalg.norm(u) == pytest.approx(1)


def test_a_round_is_what_the_layer_does_in_a_call():
    layer = critic_layers.SpectralNorm(keras.layers.Dense(3))
    layer.build((None, 5))
    kernel, u = layer.layer.kernel.numpy(), layer.u.numpy()
    layer(tf.zeros((1, 5)), training=True)
    np.testing.assert_allclose(layer.u.numpy(), spectral.power_round(kernel, u)[0], atol=1e-5)
