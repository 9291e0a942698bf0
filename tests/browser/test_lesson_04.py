"""Lesson 04 in a real browser: its two live pictures answer every control by keyboard."""

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "04_optimizers"


def test_both_live_pictures_by_keyboard(lesson):
    descent = LiveWidget(lesson, "descent")
    assert "Momentum at the learning rate 0.0316, momentum 0.8 on the ravine" in descent.alt()
    lesson.screenshot("lesson-04-descent")
    descent.assert_changes(descent.press("log-rate"), r"learning rate 0\.03[5-9]")
    descent.assert_changes(descent.press("momentum"), r"momentum 0\.81 on")
    descent.assert_changes(descent.press("noise"), r"noise 0\.1 on")
    descent.assert_changes(descent.press("steps", "ArrowLeft"), r"After 59 steps")
    descent.assert_changes(lambda: descent.type_into("seed", "7"), r"noise 0\.1 on")
    descent.assert_changes(descent.choose("rule", "gradient descent"), r"^Gradient descent at")
    descent.assert_changes(lambda: descent.type_into("noise", "0"), r"\(it has no momentum\) on")
    descent.assert_changes(lambda: descent.type_into("log-rate", "-0.5"), r"It diverges: after \d+")
    lesson.screenshot("lesson-04-diverges")
    for surface, place in (
        ("saddle", "saddle"),
        ("Rosenbrock", "Rosenbrock valley"),
        ("bowl", "bowl"),
    ):
        descent.assert_changes(descent.choose("surface", surface), rf"on the {place}\.")
    for rule in ("RMSProp", "Adam", "Nesterov"):
        descent.assert_changes(
            descent.choose("rule", rule), rf"^{rule} at the learning rate 0\.316"
        )
    lesson.screenshot("lesson-04-bowl")
    descent.assert_laid_out(lesson, "log-rate", {1280: True, 800: False})
    lesson.page.set_viewport_size({"width": 1280, "height": 800})

    game = LiveWidget(lesson, "game")
    assert game.alt().startswith("Alternating steps, x at the rate 0.2")
    game.assert_changes(game.press("log-rate-x"), r"x at the rate 0\.224")
    game.assert_changes(game.press("log-rate-y", "ArrowLeft"), r"y at 0\.178")
    game.assert_changes(game.press("damping"), r"damping 0\.05")
    game.assert_changes(game.press("steps"), r"After 61 steps")
    game.assert_changes(game.choose("scheme", "extragradient"), r"^Extragradient steps")
    game.assert_changes(lambda: game.type_into("damping", "0"), r"damping 0:")
    game.assert_changes(game.choose("scheme", "simultaneous"), r"absolute value 1\.0")
    lesson.screenshot("lesson-04-game")
    game.assert_laid_out(lesson, "log-rate-x", {1280: True, 800: False})
    assert lesson.console_errors == []
