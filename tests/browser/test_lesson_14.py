"""Lesson 14 in a real browser: the real-or-fake quiz, by mouse and by keyboard."""

import re

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "14_how_good_is_it"


class Quiz(LiveWidget):
    name = "quiz"

    def answer(self, act, number: int) -> None:
        """Answer, and see the picture of this number."""
        self.assert_changes(act, rf"^Picture {number} of \d+$")
        assert self.control("verdict").inner_text().strip() == ""


def test_real_or_fake(lesson):
    play(lesson, "lesson-14")
    assert lesson.console_errors == []


def play(lab, name: str) -> None:
    quiz = Quiz(lab)
    keyboard = quiz.page.keyboard
    assert re.fullmatch(r"Picture 1 of \d+", quiz.alt())
    total = int(quiz.alt().rpartition(" ")[2])
    first = quiz.source()
    size = quiz.page.locator(quiz.picture).bounding_box()
    assert size["width"] == size["height"] == 280
    lab.screenshot(f"{name}-quiz")

    # After a click the focus stays: one goes on with the keyboard.
    quiz.answer(quiz.control("real").click, 2)
    quiz.answer(lambda: keyboard.press("Space"), 3)
    quiz.answer(lambda: keyboard.press("Enter"), 4)
    keyboard.press("Tab")
    quiz.answer(lambda: keyboard.press("Enter"), 5)
    assert focused_text(quiz) == "Generated"
    # Back, by keyboard and by mouse, to the first.
    quiz.answer(lambda: quiz.control("undo").press("Enter"), 4)
    quiz.answer(lambda: keyboard.press("Space"), 3)
    quiz.answer(quiz.control("undo").click, 2)
    quiz.answer(quiz.control("undo").click, 1)
    assert quiz.source() == first and quiz.control("undo").is_disabled()
    quiz.assert_laid_out(lab, "real", {1280: False, 800: False})
    quiz.page.set_viewport_size({"width": 1280, "height": 800})

    judge_all(quiz, total)
    quiz.page.locator(".course-quiz-undo[disabled]").wait_for(timeout=10_000)
    # From the last answer's button, which is disabled now, the way leads on to the next one.
    keyboard.press("Tab")
    assert focused_text(quiz) == "Start afresh"
    lab.screenshot(f"{name}-quiz-judged")
    sheet = quiz.page.locator(quiz.picture)
    assert sheet.count() == total
    alts = [sheet.nth(i).get_attribute("alt") for i in range(total)]
    called = ["real" if number % 2 else "generated" for number in range(1, total + 1)]
    real = 0
    for alt, said in zip(alts, called, strict=True):
        mark, source = re.fullmatch(rf"([✓✗]) (.*), called {said}", alt).groups()
        assert (mark == "✓") == ((source == "real") == (said == "real"))
        real += source == "real"
    assert real == total // 2
    right = sum(alt.startswith("✓") for alt in alts)
    assert f"right: {right}." in quiz.control("count").inner_text()
    verdict = quiz.control("verdict")
    table = verdict.get_by_role("table")
    assert f"{right} of {total}" in table.get_by_role("row").nth(1).inner_text()
    assert verdict.get_by_role("rowheader").count() >= 4  # all, the real ones, two models or more
    assert "The answers" in verdict.inner_text()
    for button in ("real", "generated", "undo"):
        assert quiz.control(button).is_disabled()
    for width in (800, 1280):
        quiz.page.set_viewport_size({"width": width, "height": 800})
        quiz.page.wait_for_timeout(500)
        whole = quiz.page.locator(".course-quiz")
        assert whole.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
        lab.screenshot(f"{name}-quiz-judged-{width}")
    verdict.evaluate("node => node.scrollIntoView({block: 'end'})")
    lab.screenshot(f"{name}-quiz-table")

    # Once more, with other pictures.
    quiz.control("afresh").press("Enter")
    quiz.page.wait_for_function(
        "selector => document.querySelectorAll(selector).length === 1",
        arg=quiz.picture,
        timeout=10_000,
    )
    assert quiz.alt() == f"Picture 1 of {total}" and quiz.source() != first
    assert verdict.inner_text().strip() == ""
    quiz.answer(quiz.control("generated").click, 2)


def focused_text(quiz: Quiz) -> str:
    return quiz.page.evaluate("() => document.activeElement.textContent").strip()


def judge_all(quiz: Quiz, total: int) -> None:
    """Real and generated in turn, until the sheet is there."""
    for number in range(1, total):
        button = quiz.control("real" if number % 2 else "generated")
        quiz.answer(button.click, number + 1)
    quiz.control("generated").press("Enter")
    quiz.page.wait_for_function(
        "([selector, total]) => document.querySelectorAll(selector).length === total",
        arg=[quiz.picture, total],
        timeout=10_000,
    )
