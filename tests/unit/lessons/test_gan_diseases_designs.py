"""What is said of a learner's penalties and of a round of power iteration in lesson 08."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.lessons.gan_diseases import designs, spectral
from course_utils.models import penalties


def r1(discriminate, real, weight):
    return penalties.r1(weight)(discriminate, real, real, (0, 0))


def gradient_penalty(discriminate, real, fake, shares):
    squares = penalties.squared_slopes(discriminate, shares * real + (1 - shares) * fake)
    return tf.reduce_mean((tf.sqrt(squares + 1e-12) - 1) ** 2)


def test_the_package_s_penalties_have_no_fault():
    assert designs.r1_fault(r1) == ""
    assert designs.gradient_penalty_fault(gradient_penalty) == ""
    assert designs.power_round_fault(spectral.power_round) == ""


@pytest.mark.parametrize("sentence", designs.R1_MISTAKES)
def test_each_mistake_of_r1_is_named(sentence):
    wrong = designs.R1_MISTAKES[sentence]

    def answer(discriminate, real, weight):
        return wrong(designs._slopes(discriminate, real), weight)

    assert designs.r1_fault(answer) == sentence


@pytest.mark.parametrize("sentence", designs.GRADIENT_MISTAKES)
def test_each_mistake_of_the_gradient_penalty_is_named(sentence):
    wrong = designs.GRADIENT_MISTAKES[sentence]
    fault = designs.gradient_penalty_fault(lambda *given: wrong(designs.Case(*given)))
    assert fault == sentence


def without_a_gradient(discriminate, real, weight):
    return float(r1(discriminate, real, weight))


def images_by_one_axis(discriminate, real, weight):
    with tf.GradientTape() as tape:
        tape.watch(real)
        total = tf.reduce_sum(discriminate(real))
    squares = tf.square(tape.gradient(total, real))
    return weight / 2 * tf.reduce_mean(tf.reduce_sum(squares, axis=1))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (without_a_gradient, "no gradient arrives"),
        (images_by_one_axis, "right for points, but for images"),
        (lambda discriminate, real, weight: weight * tf.ones(3), "one number"),
        (lambda discriminate, real, weight: tf.constant(7.0), "3x - 4y"),
        (lambda discriminate, real, weight: tf.constant(np.nan), "NaN"),
        (lambda *given: r1(*given) + 0 * tf.stop_gradient(r1(*given)), ""),
        (lambda *given: tf.stop_gradient(r1(*given)) + 0 * r1(*given), "but its gradient"),
    ],
)
def test_each_other_fault_is_named(answer, words):
    assert words in designs.r1_fault(answer)


def test_a_bare_root_is_noticed():
    def bare(discriminate, real, fake, shares):
        squares = penalties.squared_slopes(discriminate, shares * real + (1 - shares) * fake)
        return tf.reduce_mean((tf.sqrt(squares) - 1) ** 2)

    assert "add 1e-12 below the root" in designs.gradient_penalty_fault(bare)


def unit(vector):
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda W, u: (unit(W @ u), 1.0), "the transposed matrix"),
        (lambda W, u: (W.T @ unit(W @ u), 1.0), "divide the new u"),
        (lambda W, u: (u, 1.0), "has not changed"),
        (lambda W, u: (np.linalg.svd(W)[2][0], 1.0), "many rounds"),
        (lambda W, u: (unit(np.ones(len(u))), 1.0), "the new u is wrong"),
        (lambda W, u: spectral.power_round(W, u)[::-1], "comes first"),
        (lambda W, u: spectral.power_round(W, u)[0], "return two things"),
        (lambda W, u: (spectral.power_round(W, u)[0], np.linalg.norm(W @ u)), "the old u"),
        (lambda W, u: (spectral.power_round(W, u)[0], np.linalg.norm(W)), "Frobenius"),
        (lambda W, u: (spectral.power_round(W, u)[0], np.linalg.norm(W, 2)), "σ itself"),
        (lambda W, u: (spectral.power_round(W, u)[0], 1.0), "that is 1"),
        (lambda W, u: (spectral.power_round(W, u)[0], 77.0), "σ is not"),
        (lambda W, u: (spectral.power_round(W, u)[0], W @ u), "σ is one number"),
    ],
)
def test_each_fault_of_a_round_is_named(answer, words):
    assert words in designs.power_round_fault(answer)


def test_both_estimates_of_a_round_are_right():
    def half_a_round_less(matrix, u):
        v = unit(matrix @ u)
        return unit(matrix.T @ v), np.linalg.norm(matrix.T @ v)

    assert designs.power_round_fault(half_a_round_less) == ""
