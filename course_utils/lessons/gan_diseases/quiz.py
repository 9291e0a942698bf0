"""The quiz of lesson 08: recorded trainings without their names, an answer, what speaks against it.

Owns the controls and the verdict; pictures, measurements and words are `quiz_cases`.
"""

import html
from collections.abc import Sequence

import ipywidgets

from course_utils.lessons.gan_diseases import quiz_cases
from course_utils.lessons.gan_diseases.quiz_cases import DISEASES, HEALTHY, TRAININGS, Record
from course_utils.widgets.controls import choice, heading, note
from course_utils.widgets.live import WidePicture

__all__ = ["Quiz", "quiz", "training_figure", "verdict"]

ANSWERS = {HEALTHY: "Healthy"} | {key: one.name for key, one in DISEASES.items()}
training_figure = quiz_cases.training_figure


def verdict(record: Record, training: str, answer: str) -> tuple[bool, str]:
    """Whether an answer, a key of `ANSWERS`, is right, and what speaks for or against it."""
    true = quiz_cases.disease(training)
    if answer == true == HEALTHY:
        return True, f"Right. {quiz_cases.HEALTHY_WHY}"
    if answer == true:
        return True, f"Right. {DISEASES[true].why} {quiz_cases.test_result(record, training)}"
    clue = "" if true == HEALTHY else f" {DISEASES[true].clue}"
    if answer == HEALTHY:
        return False, f"Not healthy.{clue}"
    said = DISEASES[answer]
    if (training, answer) in quiz_cases.TRUE_AS_WELL:
        as_well = quiz_cases.TRUE_AS_WELL[training, answer]
        return False, f"{said.name}: not what was treated here. {as_well}{clue}"
    found = quiz_cases.measured(record, training, answer)
    found = f" But {found}." if found else " Look for it: it is not there."
    return False, f"{said.name}: no. Then {said.expected}.{found}{clue}"


class Quiz(WidePicture):
    """What `quiz` returns: a training's curves and samples, and a button for each answer.

    Controls are attributes: `training`, and `answers[key]` by the keys of `ANSWERS`. What was
    answered is kept for each training, in `given`.
    """

    plain_text = "<quiz>"
    failed = "Not shown."

    def __init__(self, record: Record, name: str):
        self._record = record
        self._figures = {}  # by training, drawn when it is first seen
        self.given = {training: [] for training in TRAININGS}  # answers, in their order
        numbers = [(str(number), one) for number, one in enumerate(TRAININGS, 1)]
        self.training = choice("Training", numbers, TRAININGS[0], "44px")
        self.answers = {
            key: ipywidgets.Button(
                description=text, tooltip=f"Answer: {text}", layout={"width": "200px"}
            )
            for key, text in ANSWERS.items()
        }
        self.verdict, self.count = ipywidgets.HTML(), ipywidgets.HTML()
        named = {"training": self.training, "verdict": self.verdict, "count": self.count}
        named |= {f"answer-{key}": button for key, button in self.answers.items()}
        buttons = ipywidgets.Box(
            [*self.answers.values()], layout={"flex_flow": "row wrap", "width": "100%"}
        )
        rows = [heading("What does this training have?"), buttons, self.verdict, self.count]
        super().__init__(name, rows, named, 980)
        self.training.observe(self._update, "value")
        for key, button in self.answers.items():
            button.on_click(lambda _, key=key: self._answer(key))

    def _above(self) -> list[ipywidgets.Widget]:
        return [self.training]

    def _answer(self, key: str) -> None:
        self.given[self.training.value].append(key)
        self._update()

    def _render(self) -> None:
        training = self.training.value
        if training not in self._figures:
            name = f"Training {TRAININGS.index(training) + 1}"
            self._figures[training] = training_figure(self._record, training, name)
        self._show(self._figures[training])
        given = self.given[training]
        for key, button in self.answers.items():
            right = key == quiz_cases.disease(training)
            button.icon = "" if key not in given else "check" if right else "times"
        text = verdict(self._record, training, given[-1])[1] if given else ""
        self.verdict.value = note(html.escape(text), "status") if text else ""
        self.count.value = _score(self.given)


def _score(given: dict[str, Sequence[str]]) -> str:
    """How many trainings were found, and how many of them at once, as a sentence."""
    true = {training: quiz_cases.disease(training) for training in given}
    found = [one for one, answers in given.items() if true[one] in answers]
    at_once = [one for one in found if given[one][0] == true[one]]
    return f"Found: {len(found)} of {len(given)} trainings, {len(at_once)} at the first try."


def quiz(record: Record, *, name: str = "quiz") -> Quiz:
    """A quiz of recorded trainings: `record` is `data.load_measurements("gan_diseases")`.

    name: for the CSS classes, by which tests find the controls.
    """
    if not isinstance(record, dict) or not all(f"{one}_losses" in record for one in TRAININGS):
        raise ValueError(
            'quiz needs the record of this lesson; give data.load_measurements("gan_diseases").'
        )
    return Quiz(record, name)
