"""Every known mistake in the loss of section 5 is told its own sentence, and no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told

from course_utils.base.backend import keras, tf
from course_utils.checks import check_function
from course_utils.lessons.flow_matching import mistakes_images as mistakes


def said(answer, capsys) -> str:
    """What the check of exercise 15.9 says of an answer; one line."""
    check_function(
        "15.9", answer, mistakes.image_loss, mistakes.LOSS_CASES, hints=mistakes.LOSS, hint="Then."
    )
    (line,) = capsys.readouterr().out.splitlines()
    return line


def test_each_mistake_is_told_its_sentence(capsys):
    cases, known = mistakes.LOSS_CASES, mistakes.LOSS
    assert_each_is_told("15.9", mistakes.image_loss, cases, known, capsys, num_shared=1)


def test_the_loss_is_that_of_the_velocity():
    """E|v - (x - e)|² for the velocity v of a guess: the formula from which the lesson derives."""
    random = np.random.default_rng(3)
    guess, images, noise = random.normal(size=(3, 5, 6, 6, 1))
    times = random.uniform(0, 0.9, (5, 1))
    spread = times[:, :, np.newaxis, np.newaxis]
    points = spread * images + (1 - spread) * noise
    expected = np.mean(((guess - points) / (1 - spread) - (images - noise)) ** 2)
    assert float(mistakes.image_loss(guess, images, times)) == pytest.approx(expected)


# ---- right answers -------------------------------------------------------------------------------


def by_numpy(guess, images, times):
    guess, images, times = (one.numpy() for one in (guess, images, times))
    return np.square((guess - images) / (1 - times[:, :, None, None])).mean()


def by_new_axes(guess, images, times):
    return tf.reduce_mean(tf.square(guess - images) / (1 - times[:, None, None]) ** 2)


def by_weights(guess, images, times):
    each = tf.reduce_mean((guess - images) ** 2, axis=[1, 2, 3])
    return tf.reduce_mean(each * tf.squeeze(1 - times, axis=1) ** -2.0)


def by_keras(guess, images, times):
    rest = keras.ops.reshape(1 - times, (-1, 1, 1, 1))
    return keras.losses.MeanSquaredError()(images / rest, guess / rest)


def image_by_image(guess, images, times):
    rows = zip(guess.numpy(), images.numpy(), times.numpy(), strict=True)
    return float(np.mean([((one - other) ** 2).mean() / (1 - t[0]) ** 2 for one, other, t in rows]))


@pytest.mark.parametrize(
    "answer",
    [by_numpy, by_new_axes, by_weights, by_keras, image_by_image, tf.function(by_new_axes)],
    ids=lambda answer: getattr(answer, "__name__", "traced"),
)
def test_right_answers_are_known_as_such(answer, capsys):
    assert said(answer, capsys) == "15.9 · correct."


# ---- others --------------------------------------------------------------------------------------


def times_as_they_are(guess, images, times):
    return tf.reduce_mean(((guess - images) / (1 - times)) ** 2)


def one_axis_too_few(guess, images, times):
    return tf.reduce_mean(((guess - images) / (1 - times[:, None])) ** 2)


@pytest.mark.parametrize("answer", [times_as_they_are, one_axis_too_few])
def test_times_that_fit_by_chance_are_told_so_and_do_not_raise(answer, capsys):
    assert said(answer, capsys) == f"15.9 · hint: {mistakes._ALONG_THE_PIXELS}"


def nothing_returned(guess, images, times):
    by_new_axes(guess, images, times)


def one_loss_an_image(guess, images, times):
    return tf.reduce_mean((guess - images) ** 2 / (1 - times[:, None, None]) ** 2, axis=(1, 2, 3))


def halved(guess, images, times):
    return by_new_axes(guess, images, times) / 2


def raises(guess, images, times):
    return tf.reduce_mean(tf.reshape(times, (3, 5)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (nothing_returned, "returns None"),
        (one_loss_an_image, "expected a number, but got an array of shape (4,). Then."),
        (halved, "half of what was asked for. Then."),
        (raises, "raised InvalidArgumentError in line"),
        (lambda guess, images, times: "small", "expected a number, but got the text 'small'. Then"),
    ],
)
def test_other_answers_get_one_sentence(answer, words, capsys):
    line = said(answer, capsys)
    assert line.startswith("15.9 · hint: ")
    assert words in line
