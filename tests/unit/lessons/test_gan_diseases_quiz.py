"""Every training and every answer of lesson 08's quiz, without a browser."""

import re

import ipywidgets
import pytest
from gan_diseases_record import made_record

from course_utils.lessons.gan_diseases import quiz, quiz_cases


@pytest.fixture(scope="module")
def record():
    return made_record()


@pytest.fixture(scope="module")
def shared(record):
    return quiz.quiz(record)


@pytest.fixture
def widget(shared):
    """The widget as it is at first."""
    for given in shared.given.values():
        given.clear()
    shared.training.value = quiz_cases.TRAININGS[1]
    shared.training.value = quiz_cases.TRAININGS[0]
    return shared


def text(widget) -> str:
    return re.sub(r"<[^>]*>", "", widget.value)


@pytest.mark.parametrize("training", quiz_cases.TRAININGS)
def test_every_answer_gets_a_fair_verdict(record, training):
    true = quiz_cases.disease(training)
    for answer in quiz.ANSWERS:
        is_right, words = quiz.verdict(record, training, answer)
        assert is_right == (answer == true) == words.startswith("Right. ")
        if is_right:
            continue
        named = quiz.ANSWERS[answer] if answer != quiz_cases.HEALTHY else "Not healthy"
        assert words.startswith(named)
        for key, disease in quiz_cases.DISEASES.items():  # no other is given away
            assert key == answer or f"{disease.name}:" not in words
        assert true == quiz_cases.HEALTHY or words.endswith(quiz_cases.DISEASES[true].clue)


def test_what_is_true_as_well_is_not_denied(record):
    for (training, answer), words in quiz_cases.TRUE_AS_WELL.items():
        is_right, said = quiz.verdict(record, training, answer)
        assert not is_right and words in said and ": no." not in said


def test_all_trainings_and_answers_in_the_widget(widget):
    for number, training in enumerate(quiz_cases.TRAININGS, 1):
        widget.training.value = training
        assert f"Training {number}: " in text(widget.picture) and text(widget.verdict) == ""
        for key, button in widget.answers.items():
            button.click()
            right = key == quiz_cases.disease(training)
            assert button.icon == ("check" if right else "times")
            assert text(widget.verdict).startswith("Right.") == right
            assert 'role="status"' in widget.verdict.value and widget.message.value == ""
        assert f"Found: {number} of 9 trainings" in widget.count.value


def test_the_first_try_counts_once(widget):
    def count():
        return widget.count.value

    widget.answers["oscillation"].click()
    assert count() == "Found: 1 of 9 trainings, 1 at the first try."
    widget.answers["collapse"].click()
    assert count() == "Found: 1 of 9 trainings, 1 at the first try."
    widget.training.value = "collapse_sick"
    widget.answers["healthy"].click()
    widget.answers["collapse"].click()
    assert count() == "Found: 2 of 9 trainings, 1 at the first try."


def test_what_was_answered_stays_with_its_training(widget):
    widget.answers["collapse"].click()
    said = widget.verdict.value
    widget.training.value = "collapse_sick"
    assert widget.verdict.value == "" and widget.answers["collapse"].icon == ""
    widget.training.value = "oscillation_sick"
    assert widget.verdict.value == said and widget.answers["collapse"].icon == "times"


def test_an_error_is_a_sentence_in_the_widget(record):
    broken = dict(record)
    widget = quiz.quiz(broken)
    before = widget.picture.value
    del broken["checkerboard_sick_samples"]
    widget.training.value = "checkerboard_sick"
    assert 'role="alert"' in widget.message.value and widget.picture.value == before
    widget.training.value = "collapse_sick"
    assert widget.message.value == "" and widget.picture.value != before


@pytest.mark.parametrize("wrong", [{}, None, "gan_diseases"])
def test_what_is_no_record_gets_a_sentence(wrong):
    with pytest.raises(ValueError, match="load_measurements"):
        quiz.quiz(wrong)


def every_widget(root):
    yield root
    for child in getattr(root, "children", ()):
        yield from every_widget(child)


def test_every_control_has_a_name_and_a_class(widget):
    shown = list(every_widget(widget))
    named = (ipywidgets.ToggleButtons, ipywidgets.Button)
    names = [control.description for control in shown if isinstance(control, named)]
    assert len(set(names)) == len(names) == 1 + len(quiz.ANSWERS) and all(names)
    classes = {name for one in shown for name in getattr(one, "_dom_classes", ())}
    parts = {"picture", "message", "training", "verdict", "count"}
    parts |= {f"answer-{key.replace('_', '-')}" for key in quiz.ANSWERS}
    assert classes == {"course-quiz"} | {f"course-quiz-{part}" for part in parts}


def test_a_page_without_a_kernel_gets_the_picture(widget):
    bundle = widget._repr_mimebundle_()
    assert bundle["text/html"] == widget.picture.value and bundle["text/plain"] == "<quiz>"
