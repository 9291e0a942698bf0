"""What is said of a learner's guided velocity in lesson 15."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.checks import check_design
from course_utils.lessons.flow_matching import designs_guidance
from course_utils.models.guided_field import GUIDED_TIMES, GuidedField

# ---- right answers -------------------------------------------------------------------------------


def as_in_the_lesson(velocity, points, time, labels, weight, guided):
    begin, end = guided
    with_class = velocity(points, time, labels)
    if not begin <= time < end:
        return with_class
    without = velocity(points, time, None)
    return without + weight * (with_class - without)


def from_v_on(velocity, points, time, labels, weight, guided):
    begin, end = guided
    v = velocity(points, time, labels)
    if begin <= time < end:
        v = v + (weight - 1) * (v - velocity(points, time, None))
    return v


def by_tensors(velocity, points, time, labels, weight, guided):
    def ask(told):
        return tf.constant(velocity(tf.constant(points), time, told))

    if bool(tf.logical_and(time >= guided[0], time < guided[1])):
        return ask(None) + weight * (ask(labels) - ask(None))
    return ask(labels)


def as_lists(velocity, points, time, labels, weight, guided):
    return as_in_the_lesson(velocity, points, time, list(labels), weight, guided).tolist()


@pytest.mark.parametrize("answer", [as_in_the_lesson, from_v_on, by_tensors, as_lists])
def test_right_answers_have_no_fault(answer):
    assert designs_guidance.guidance_fault(answer) == ""


def test_the_rule_is_that_of_the_courses_own_field():
    """`models.guided_field`: what the flows are guided by, for the same velocities."""
    one_hot = tf.constant(np.eye(5, dtype=np.float32)[designs_guidance._LABELS])

    def velocity(points, times, conditions):
        labels = tf.cast(tf.argmax(conditions, axis=1)[:, None], tf.float32)
        told = tf.reduce_sum(conditions, axis=1, keepdims=True) * (1.5 + labels) * (1 + points**2)
        return tf.sin(points) + times + told

    field = GuidedField(velocity, (2,), 5, knows_the_end=False)
    points = np.float32(designs_guidance._POINTS)
    right = designs_guidance.make_guided()
    for time in (0.0, 0.149, 0.15, 0.4, 0.549, 0.55, 0.9):
        given = (points, time, designs_guidance._LABELS, 2.5, GUIDED_TIMES)
        expected = field.given(one_hot, 2.5, GUIDED_TIMES)(tf.constant(points), time)
        found = right(designs_guidance.Asked(), *given)
        np.testing.assert_allclose(found, expected, rtol=1e-5, err_msg=f"at {time}")


# ---- mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sentence", designs_guidance.MISTAKES)
def test_each_mistake_is_named(sentence):
    slip = designs_guidance.make_guided(**designs_guidance.MISTAKES[sentence])
    assert designs_guidance.guidance_fault(slip) == sentence


def no_return(*arguments):
    as_in_the_lesson(*arguments)


def no_return_outside(velocity, points, time, labels, weight, guided):
    if guided[0] <= time < guided[1]:
        return as_in_the_lesson(velocity, points, time, labels, weight, guided)


def one_number_a_point(*arguments):
    return as_in_the_lesson(*arguments).sum(axis=1)


def one_number(*arguments):
    return as_in_the_lesson(*arguments).mean()


def both_velocities(velocity, points, time, labels, weight, guided):
    return velocity(points, time, labels), velocity(points, time, None)


def text(*arguments):
    return "v"


def ragged(*arguments):
    return [[1.0], [2.0, 3.0]]


def the_function(velocity, *arguments):
    return velocity


def not_finite(*arguments):
    return as_in_the_lesson(*arguments) * np.nan


def guided_by_the_square(velocity, points, time, labels, weight, guided):
    return as_in_the_lesson(velocity, points, time, labels, weight**2, guided)


def times_as_percent(velocity, points, time, labels, weight, guided):
    begin, end = guided
    return as_in_the_lesson(velocity, points, time, labels, weight, (100 * begin, 100 * end))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (no_return, "returns None"),
        (no_return_outside, "returns None at some of the times"),
        (one_number_a_point, "points (3, 2) got an array of shape (3,)"),
        (one_number, "points (3, 2) got no array"),
        (both_velocities, "got an array of shape (2, 3, 2)"),
        (text, "got no array"),
        (ragged, "got no array"),
        (the_function, "got no array"),
        (not_finite, "these are other numbers"),
        (guided_by_the_square, "these are other numbers"),
        (times_as_percent, "the weight is not in it"),
    ],
)
def test_other_faults(answer, words):
    assert words in designs_guidance.guidance_fault(answer)


def raises(velocity, points, time, labels, weight, guided):
    return velocity(points, time, labels) + np.zeros(4)


def labels_as_a_number(velocity, points, time, labels, weight, guided):
    return velocity(points, time, 3)


def stub(velocity, points, time, labels, weight, guided):
    return ...


def stub_outside(velocity, points, time, labels, weight, guided):
    if guided[0] <= time < guided[1]:
        return as_in_the_lesson(velocity, points, time, labels, weight, guided)
    return ...


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (as_in_the_lesson, "correct. So."),
        (no_return, "hint: your function returns None"),
        (text, "hint: return velocities"),
        (raises, "hint: your answer raised ValueError in line"),
        (labels_as_a_number, "hint: your answer raised"),
        (lambda velocity, points: points, "hint: your answer raised TypeError"),
        (3.5, "hint: expected a function, but got the number 3.5."),
        (stub, "not answered yet"),
        (stub_outside, "not answered yet"),
        (None, "not answered yet"),
    ],
)
def test_the_check_says_one_sentence_of_whatever_it_gets(answer, words, capsys):
    check_design("15.12", answer, designs_guidance.guidance_fault, why="So.")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"15.12 · {words}")
