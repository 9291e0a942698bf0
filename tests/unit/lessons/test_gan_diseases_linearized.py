"""The Dirac game's derivatives against the formulas of lesson 08 and the game as played."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.lessons.gan_diseases import linearized
from course_utils.models import gan_losses


def test_the_field_is_minus_the_gradients_of_the_package_s_losses():
    theta, psi = tf.Variable(0.7), tf.Variable(-1.2)
    with tf.GradientTape(persistent=True) as tape:
        discriminator = gan_losses.minimax_discriminator_loss(psi * 0.0, psi * theta)
        discriminator += 0.3 / 2 * psi**2
        generator = gan_losses.non_saturating_generator_loss(psi * theta)
    expected = [-tape.gradient(generator, theta), -tape.gradient(discriminator, psi)]
    np.testing.assert_allclose(linearized.field(0.7, -1.2, 0.3), expected, rtol=1e-5)


@pytest.mark.parametrize("weight", [0.0, 0.2, 1.0, 10.0])
def test_the_jacobian_and_its_eigenvalues_are_the_formula_s(weight):
    np.testing.assert_allclose(linearized.jacobian(weight), [[0, 0.5], [-0.5, -weight]], atol=1e-8)
    root = np.sqrt(complex(weight**2 - 1))
    expected = np.sort_complex([(-weight - root) / 2, (-weight + root) / 2])
    found = np.sort_complex(np.linalg.eigvals(linearized.jacobian(weight)))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_without_a_memory_the_steps_are_those_of_lesson_04():
    rates = (0.2, 0.4)
    simultaneous = linearized.step_matrix(0.3, rates, alternating=False)
    expected = np.eye(2) + np.diag(rates) @ linearized.jacobian(0.3)
    np.testing.assert_allclose(simultaneous, expected, atol=1e-8)
    # Alternating, the determinant does not depend on the generator's rate.
    assert np.linalg.det(linearized.step_matrix(0.3, rates)) == pytest.approx(1 - 0.3 * 0.4)


@pytest.mark.parametrize(("weight", "beta_1"), [(0.5, 0.9), (0.2, 0.5), (0.2, 0.0)])
def test_the_game_shrinks_as_its_matrix_says(weight, beta_1):
    rates = (0.1, 0.1)
    played = linearized.play(weight, rates, beta_1, num_steps=1200, start=(0.05, 0.05))
    factor = (played[-200:].max() / played[:200].max()) ** (1 / 1000)
    size = np.abs(np.linalg.eigvals(linearized.step_matrix(weight, rates, beta_1))).max()
    assert factor == pytest.approx(size, abs=5e-4)


def test_a_memory_drives_the_undamped_game_outwards_and_r1_brings_it_in():
    rates = (0.1, 0.1)
    assert linearized.steps_to_rest(linearized.step_matrix(0.0, rates)) == np.inf
    assert linearized.steps_to_rest(linearized.step_matrix(0.2, rates, 0.9)) == np.inf
    fast, slow = (
        linearized.steps_to_rest(linearized.step_matrix(weight, rates, 0.9))
        for weight in (1.0, 4.0)
    )
    assert fast < slow / 4


def test_a_game_at_rest_stays_there():
    assert linearized.play(0.1, (0.1, 0.1), 0.9, num_steps=5, start=(0.0, 0.0)).max() == 0
