"""Lesson 07 in a real browser: the triage, every kind of control by mouse and by keyboard."""

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "07_gan_clinic"


class Triage(LiveWidget):
    name = "triage"

    def __init__(self, lab):
        super().__init__(lab)
        # Of the three pictures, the first: the losses.
        self.picture = ".course-triage-picture figure > div > div:first-child img"

    def wait_for(self, name: str, words: str) -> None:
        self.page.wait_for_function(
            "([selector, words]) => document.querySelector(selector)?.innerText.includes(words)",
            arg=[f".course-triage-{name}", words],
            timeout=10_000,
        )

    def box(self, name: str):
        return self.control(f"box-{name}", "input[type=checkbox]")


def test_a_patient_is_examined_and_diagnosed(lesson):
    triage = Triage(lesson)
    assert triage.alt().startswith("Patient 1, losses: ")
    lesson.screenshot("lesson-07-triage")

    # The pair that hides its symptoms, by keyboard.
    triage.assert_changes(triage.choose("patient", "9"), "^Patient 9, ")
    triage.control("test-ranges").press("Enter")
    triage.wait_for("results", "255.0")
    triage.wait_for("count", "Ordered for this patient: 1 of 11")
    triage.box("pixels").press("Space")
    triage.control("diagnose").press("Enter")
    triage.wait_for("verdict", "Half right, one of two.")
    triage.wait_for("verdict", "order it")
    triage.control("test-judged").press("Space")
    triage.wait_for("results", "In inference mode D says")
    triage.wait_for("verdict", "“Ask D” shows")
    lesson.screenshot("lesson-07-triage-half-right")
    triage.box("sigmoid").press("Space")
    triage.page.wait_for_function(
        "() => document.querySelector('.course-triage-verdict').innerText.trim() === ''"
    )
    triage.control("diagnose").press("Enter")
    triage.wait_for("verdict", "Right:")
    triage.wait_for("count", "Diagnosed: 1 of 12 patients, with 2 tests")

    # Another one, by mouse, with the tests that show pictures.
    button = triage.control("patient").get_by_role("button", name="4", exact=True)
    triage.assert_changes(button.click, "^Patient 4, ")
    assert not triage.box("sigmoid").is_checked()
    for name, pictures in {"real": 1, "modes": 3}.items():
        triage.control(f"test-{name}").click()
        triage.page.wait_for_function(
            "count => document.querySelectorAll('.course-triage-results img[alt]').length == count",
            arg=pictures,
            timeout=10_000,
        )
    triage.box("adam").click()
    triage.control("diagnose").click()
    triage.wait_for("verdict", "Adam's defaults: no.")
    lesson.screenshot("lesson-07-triage-wrong")
    triage.box("adam").click()
    triage.box("batch").click()
    triage.control("diagnose").click()
    triage.wait_for("verdict", "Right:")
    triage.wait_for("verdict", "The proof, which you have not ordered: Images seen.")
    triage.wait_for("count", "Diagnosed: 2 of 12 patients, with 4 tests")
    triage.assert_laid_out(lesson, "test-real", {1280: False, 850: False})
    assert lesson.console_errors == []
