"""Lesson 13 in a real browser: seed, scale, height and width draw another picture each."""

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "13_one_photograph"


def test_the_live_picture_by_mouse_and_keyboard(lesson):
    live = LiveWidget(lesson, "onephoto")
    assert live.alt().startswith("Drawn with seed 0, 64 x 96 pixels, noise from scale 0 on: all")
    lesson.screenshot("lesson-13-onephoto")
    # By keyboard.
    live.assert_changes(lambda: live.type_into("seed", "7"), r"seed 7, 64 x 96")
    live.assert_changes(live.press("first-scale"), r"seed 7, .*scale 1 on")
    live.assert_changes(live.press("height"), r"72 x 96 pixels")
    live.assert_changes(live.press("width", "ArrowLeft"), r"72 x 88 pixels")
    live.assert_changes(lambda: live.type_into("first-scale", "3"), r"scales below 3 come from")
    live.assert_changes(lambda: live.type_into("height", "144"), r"144 x 88 pixels")
    live.assert_changes(lambda: live.type_into("width", "144"), r"144 x 144 pixels")
    lesson.screenshot("lesson-13-onephoto-large")
    # By mouse.
    live.assert_changes(lambda: live.count("seed", up=True), r"seed 8, ")
    live.assert_changes(lambda: live.drag("height-slider", -400), r" 32 x 144 pixels")
    live.assert_changes(lambda: live.drag("first-scale-slider", -400), r"scale 0 on: all")
    live.assert_changes(lambda: live.drag("width-slider", -400), r" 32 x 32 pixels")
    live.assert_laid_out(lesson, "seed", {1280: True, 800: False})
    assert lesson.console_errors == []
