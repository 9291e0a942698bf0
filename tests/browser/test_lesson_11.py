"""Lesson 11 in a real browser: images that are drawn row by row, and what was kept of others."""

import re

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "11_recurrent_generation"


class Painter(LiveWidget):
    name = "row-painter"

    def rows(self) -> int:
        return int(re.search(r"(\d+) of 28 rows? ", self.alt()).group(1))

    def wait_for_rows(self, count: int) -> None:
        self.page.wait_for_function(
            "([selector, words]) => document.querySelector(selector)?.alt.includes(words)",
            arg=[self.picture, f": {count} of 28 row"],
            timeout=30_000,
        )


def test_rows_are_drawn_undone_kept_and_run(lesson):
    painter = Painter(lesson)
    assert painter.rows() == 14  # kept
    lesson.screenshot("lesson-11-painter")
    painter.assert_changes(lambda: painter.type_into("keep", "0"), ": 0 of 28 rows")
    painter.assert_changes(painter.control("next-row").click, ": 1 of 28 row")
    painter.assert_changes(lambda: painter.control("next-row").press("Enter"), ": 2 of 28 rows")
    painter.assert_changes(lambda: painter.control("undo").press("Space"), ": 1 of 28 row")
    painter.assert_changes(painter.control("undo").click, ": 0 of 28 rows")
    painter.control("undo").click()
    painter.page.wait_for_function(
        "() => document.querySelector('.course-row-painter-message').innerText.includes('no drawn')"
    )
    painter.assert_changes(lambda: painter.type_into("keep", "14"), "the first 14 kept")
    lesson.screenshot("lesson-11-painter-kept")
    painter.control("run").click()
    painter.page.wait_for_timeout(600)
    painter.control("stop").click()
    painter.page.wait_for_timeout(300)
    stopped = painter.rows()
    assert 14 < stopped < 28
    painter.page.wait_for_timeout(500)
    assert painter.rows() == stopped
    painter.control("run").press("Enter")
    painter.wait_for_rows(28)
    lesson.screenshot("lesson-11-painter-endings")
    painter.assert_changes(lambda: painter.count("image", up=True), "held-out image 1")
    painter.assert_changes(painter.control("next-row").click, ": 15 of 28 rows")
    painter.assert_changes(painter.control("reset").click, ": 14 of 28 rows")
    painter.type_into("seed", "7")
    painter.type_into("temperature", "0")
    painter.assert_changes(painter.control("next-row").click, "seed 7: 15 of 28 .* temperature 0")
    painter.assert_changes(painter.press("keep", "ArrowLeft"), ": 13 of 28 rows")
    painter.assert_laid_out(lesson, "next-row", {1280: False, 850: False})
