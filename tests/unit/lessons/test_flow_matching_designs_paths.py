"""What is said of a learner's flow matching step in lesson 15."""

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.lessons.flow_matching import designs_paths


def right_step(network, optimizer, points, noise, times):
    with tf.GradientTape() as tape:
        difference = network([noise + times * (points - noise), times]) + noise - points
        loss = tf.reduce_mean(difference * difference)
    weights = network.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return loss


def test_a_right_step_has_no_fault():
    assert designs_paths.step_fault(right_step) == ""
    assert designs_paths.step_fault(tf.function(designs_paths.make_step())) == ""


@pytest.mark.parametrize("sentence", designs_paths.MISTAKES)
def test_each_mistake_is_named(sentence):
    slip = designs_paths.make_step(**designs_paths.MISTAKES[sentence])
    assert designs_paths.step_fault(slip) == sentence


def own_noise(network, optimizer, points, noise, times):
    return right_step(network, optimizer, points, tf.random.normal(noise.shape), times)


def nothing_returned(*arguments):
    right_step(*arguments)


def another_number_returned(*arguments):
    return 2 * right_step(*arguments)


def part_of_the_weights(network, optimizer, points, noise, times):
    with tf.GradientTape() as tape:
        between = times * points + (1 - times) * noise
        loss = tf.reduce_mean((network([between, times]) - (points - noise)) ** 2)
    weights = network.trainable_variables[2:]
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def not_finite(network, optimizer, points, noise, times):
    return right_step(network, optimizer, points / 0.0, noise, times)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (own_noise, "another way each time"),
        (nothing_returned, "return the loss"),
        (another_number_returned, "not the loss"),
        (part_of_the_weights, "do not move down"),
        (not_finite, "no longer finite"),
    ],
)
def test_other_faults(step, words):
    assert words in designs_paths.step_fault(step)


def test_refused():
    for option in ("target", "place", "told"):
        with pytest.raises(ValueError, match="choose one of"):
            designs_paths.make_step(**{option: "pixels"})


def test_the_loss_is_that_of_the_formula():
    random = np.random.default_rng(0)
    points, noise = (tf.constant(random.normal(size=(5, 2)), tf.float32) for _ in range(2))
    times = tf.constant(random.uniform(size=(5, 1)), tf.float32)
    inputs = [keras.Input((2,)), keras.Input((1,))]
    network = keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Concatenate()(inputs)))
    guess = network([times * points + (1 - times) * noise, times]).numpy()
    expected = np.mean((guess - (points - noise)) ** 2)
    loss = designs_paths.make_step()(network, keras.optimizers.SGD(0.1), points, noise, times)
    assert float(loss) == pytest.approx(expected, rel=1e-5)
