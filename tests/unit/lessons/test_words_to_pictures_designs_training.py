"""What is said of a learner's training step in lesson 16."""

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.lessons.words_to_pictures import designs_training


def right_step(encoder, flow, optimizer, images, noise, times, words, keep):
    rest = 1 - times[:, :, None, None]
    told = tf.where(keep > 0, words, 0)
    with tf.GradientTape() as tape:
        guess = flow((images + rest * (noise - images), times, encoder(told)), training=True)
        loss = tf.reduce_mean(tf.square(guess - images) / rest**2)
    weights = [*flow.trainable_variables, *encoder.trainable_variables]
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return loss


def test_a_right_step_has_no_fault():
    assert designs_training.step_fault(right_step) == ""
    assert designs_training.step_fault(tf.function(designs_training.make_step())) == ""


@pytest.mark.parametrize(("sentence", "slip"), designs_training.MISTAKES)
def test_each_mistake_is_named(sentence, slip):
    assert designs_training.step_fault(designs_training.make_step(**slip)) == sentence


def test_no_sentence_is_given_twice():
    assert len(dict(designs_training.MISTAKES)) == len(designs_training.MISTAKES)


def own_noise(encoder, flow, optimizer, images, noise, *rest):
    return right_step(encoder, flow, optimizer, images, tf.random.normal(noise.shape), *rest)


def not_finite(encoder, flow, optimizer, images, *rest):
    return right_step(encoder, flow, optimizer, images / 0.0, *rest)


def part_of_the_weights(encoder, flow, optimizer, images, noise, times, words, keep):
    with tf.GradientTape() as tape:
        rest = 1 - times[:, :, None, None]
        guess = flow([(1 - rest) * images + rest * noise, times, encoder(words * keep)])
        loss = tf.reduce_mean(((guess - images) / rest) ** 2)
    weights = [*flow.trainable_variables[:2], *encoder.trainable_variables[:1]]
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (designs_training.make_step(updated="one by one"), "by several updates"),
        (own_noise, "another way each time"),
        (lambda *given: right_step(*given) and None, "return the loss"),
        (lambda *given: 2 * right_step(*given), "not the loss"),
        (part_of_the_weights, "do not move down"),
        (not_finite, "no longer finite"),
    ],
)
def test_other_faults(step, words):
    assert words in designs_training.step_fault(step)


def test_an_encoder_that_is_called_outside_the_tape_does_not_learn():
    def step(encoder, flow, optimizer, images, noise, times, words, keep):
        vectors, rest = encoder(words * keep), 1 - times[:, :, None, None]
        with tf.GradientTape() as tape:
            guess = flow([(1 - rest) * images + rest * noise, times, vectors])
            loss = tf.reduce_mean(((guess - images) / rest) ** 2)
        weights = encoder.trainable_variables + flow.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    with pytest.warns(UserWarning, match="Gradients do not exist"):
        assert "inside the tape" in designs_training.step_fault(step)


def test_refused():
    for option in ("target", "place", "told", "kept", "updated"):
        with pytest.raises(ValueError, match="choose one of"):
            designs_training.make_step(**{option: "pixels"})


def test_the_loss_is_that_of_the_velocity():
    """E|v - (x - e)|² for the velocity v of the guess, by plain NumPy."""
    encoder, flow = designs_training._small_networks()
    random = np.random.default_rng(0)
    images, noise = (random.normal(size=(3, 4, 4, 2)).astype(np.float32) for _ in range(2))
    times = np.float32([[0.2], [0.5], [0.7]])
    words, keep = random.integers(1, 6, (3, 3)), np.array([[1], [1], [0]])
    share = times[:, :, None, None]
    points = share * images + (1 - share) * noise
    guess = flow([*map(tf.constant, (points, times)), encoder(words * keep)]).numpy()
    expected = np.mean(((guess - points) / (1 - share) - (images - noise)) ** 2)
    given = (*map(tf.constant, (images, noise, times, words, keep)),)
    loss = designs_training.make_step()(encoder, flow, keras.optimizers.SGD(0.1), *given)
    assert float(loss) == pytest.approx(expected, rel=1e-4)
