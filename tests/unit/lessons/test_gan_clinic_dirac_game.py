"""The Dirac GAN of lesson 07, and what is said of two optimizers by how they play it."""

import numpy as np
import pytest

from course_utils.base.backend import keras
from course_utils.lessons.gan_clinic import dirac_game


def adams(rate, beta_1, beta_2):
    def make_optimizers():
        return [keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2) for _ in range(2)]

    return make_optimizers


def test_descent_follows_the_formulas():
    distances = dirac_game.play(lambda: [keras.optimizers.SGD(0.05) for _ in range(2)], 50)
    theta, psi, expected = 1.0, 1.0, []
    for _ in range(50):
        psi -= 0.05 * (theta / (1 + np.exp(-psi * theta)) + 0.1 * psi)
        theta += 0.05 * psi / (1 + np.exp(psi * theta))
        expected.append(np.hypot(theta, psi))
    np.testing.assert_allclose(distances, expected, rtol=1e-4)


def test_the_course_s_settings_come_to_rest_and_keras_s_defaults_do_not():
    assert dirac_game.optimizers_fault(adams(2e-3, 0.5, 0.99)) == ""
    assert "shorter memory" in dirac_game.optimizers_fault(adams(1e-3, 0.9, 0.999))


@pytest.mark.parametrize(
    ("make_optimizers", "words"),
    [
        (adams(2e-3, 0.9, 0.99), "shorter memory"),
        (adams(1e-4, 0.5, 0.99), "too small to arrive"),
        (lambda: [keras.optimizers.SGD(0.05, momentum=0.9) for _ in range(2)], "beyond all bounds"),
        (lambda: [keras.optimizers.Adam()] * 2, "one for each"),
        (lambda: keras.optimizers.Adam(), "expected two"),
        (lambda: ("adam", "adam"), "no Keras optimizer"),
    ],
)
def test_each_fault_is_named(make_optimizers, words):
    assert words in dirac_game.optimizers_fault(make_optimizers)


def test_used_optimizers_are_refused():
    made = adams(2e-3, 0.5, 0.99)()
    dirac_game.play(lambda: made, 2)
    assert "been used before" in dirac_game.optimizers_fault(lambda: made)
