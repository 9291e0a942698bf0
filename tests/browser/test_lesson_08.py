"""Lesson 08 in a real browser: the quiz, every kind of control by mouse and by keyboard."""

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "08_gan_diseases"


class Quiz(LiveWidget):
    name = "quiz"

    def __init__(self, lab):
        super().__init__(lab)
        # Of the two pictures, the first: the losses.
        self.picture = ".course-quiz-picture figure > div > div:first-child img"

    def wait_for(self, name: str, words: str) -> None:
        self.page.wait_for_function(
            "([selector, words]) => document.querySelector(selector)?.innerText.includes(words)",
            arg=[f".course-quiz-{name}", words],
            timeout=10_000,
        )

    def pictures(self) -> list[str]:
        """The alt texts of both."""
        shown = self.page.locator(".course-quiz-picture img")
        return [shown.nth(i).get_attribute("alt") for i in range(shown.count())]


def test_trainings_are_told_apart(lesson):
    quiz = Quiz(lesson)
    assert quiz.alt().startswith("Training 1, losses: ")
    assert "generated points" in quiz.pictures()[1]
    lesson.screenshot("lesson-08-quiz")

    # By keyboard: a wrong answer, what speaks against it, then the right one.
    quiz.control("answer-checkerboard").press("Enter")
    quiz.wait_for("verdict", "Checkerboard: no. Then ")
    quiz.wait_for("count", "Found: 0 of 9 trainings, 0 at the first try")
    lesson.screenshot("lesson-08-quiz-wrong")
    quiz.control("answer-dead-units").press("Space")
    quiz.wait_for("verdict", "Dead units: not what was treated here.")
    quiz.control("answer-oscillation").press("Space")
    quiz.wait_for("verdict", "Right.")
    quiz.wait_for("verdict", "with 3 seeds")
    quiz.wait_for("count", "Found: 1 of 9 trainings, 0 at the first try")
    quiz.assert_changes(quiz.choose("training", "5"), "^Training 5, ")
    assert quiz.control("verdict").inner_text().strip() == ""
    assert "generated images" in quiz.pictures()[1]

    # By mouse, and at once.
    quiz.control("answer-collapse").click()
    quiz.wait_for("verdict", "Right.")
    quiz.wait_for("count", "Found: 2 of 9 trainings, 1 at the first try")
    lesson.screenshot("lesson-08-quiz-right")
    button = quiz.control("training").get_by_role("button", name="6", exact=True)
    quiz.assert_changes(button.click, "^Training 6, ")
    quiz.control("answer-healthy").click()
    quiz.wait_for("verdict", "Right. Nothing here speaks against it.")

    # What was answered stays.
    button = quiz.control("training").get_by_role("button", name="1", exact=True)
    quiz.assert_changes(button.click, "^Training 1, ")
    quiz.wait_for("verdict", "Right.")
    quiz.assert_laid_out(lesson, "answer-healthy", {1280: False, 850: False})
    assert lesson.console_errors == []
