"""Lesson 04 in a real browser: its two live pictures answer every control by keyboard."""

import pytest
from lab import REPOSITORY
from live_widget import LiveWidget
from running import shortened

pytestmark = pytest.mark.browser


class Descent(LiveWidget):
    name = "descent"


class Game(LiveWidget):
    name = "game"


@pytest.fixture(scope="module")
def notebook():
    return shortened(REPOSITORY / "notebooks" / "src" / "04_optimizers.py", solved=False)


@pytest.fixture
def lesson(lab, notebook):
    """The lesson as a student meets it, with its settings shortened, after Run All."""
    lab.server.add("04_optimizers.ipynb", notebook)
    lab.open_notebook("04_optimizers.ipynb")
    lab.run_all()
    assert lab.problems() == []
    return lab


def _press(widget, slider: str, key: str = "ArrowRight"):
    handle = widget.control(f"{slider}-slider", ".noUi-handle")
    return lambda: (handle.focus(), handle.press(key))


def _choose(widget, name: str, option: str):
    button = widget.control(name, "button").filter(has_text=option).first
    return lambda: (button.focus(), button.press("Enter"))


def test_both_live_pictures_by_keyboard(lesson):
    descent = Descent(lesson)
    assert "Momentum at the learning rate 0.0316, momentum 0.8 on the ravine" in descent.alt()
    lesson.screenshot("lesson-04-descent")
    descent.assert_changes(_press(descent, "log-rate"), r"learning rate 0\.03[5-9]")
    descent.assert_changes(_press(descent, "momentum"), r"momentum 0\.81 on")
    descent.assert_changes(_press(descent, "noise"), r"noise 0\.1 on")
    descent.assert_changes(_press(descent, "steps", "ArrowLeft"), r"After 59 steps")
    descent.assert_changes(lambda: descent.type_into("seed", "7"), r"noise 0\.1 on")
    descent.assert_changes(_choose(descent, "rule", "gradient descent"), r"^Gradient descent at")
    descent.assert_changes(lambda: descent.type_into("noise", "0"), r"\(it has no momentum\) on")
    descent.assert_changes(lambda: descent.type_into("log-rate", "-0.5"), r"It diverges: after \d+")
    lesson.screenshot("lesson-04-diverges")
    for surface, place in (
        ("saddle", "saddle"),
        ("Rosenbrock", "Rosenbrock valley"),
        ("bowl", "bowl"),
    ):
        descent.assert_changes(_choose(descent, "surface", surface), rf"on the {place}\.")
    for rule in ("RMSProp", "Adam", "Nesterov"):
        descent.assert_changes(
            _choose(descent, "rule", rule), rf"^{rule} at the learning rate 0\.316"
        )
    lesson.screenshot("lesson-04-bowl")
    descent.assert_laid_out(lesson, "log-rate", {1280: True, 800: False})
    lesson.page.set_viewport_size({"width": 1280, "height": 800})

    game = Game(lesson)
    assert game.alt().startswith("Alternating steps, x at the rate 0.2")
    game.assert_changes(_press(game, "log-rate-x"), r"x at the rate 0\.224")
    game.assert_changes(_press(game, "log-rate-y", "ArrowLeft"), r"y at 0\.178")
    game.assert_changes(_press(game, "damping"), r"damping 0\.05")
    game.assert_changes(_press(game, "steps"), r"After 61 steps")
    game.assert_changes(_choose(game, "scheme", "extragradient"), r"^Extragradient steps")
    game.assert_changes(lambda: game.type_into("damping", "0"), r"damping 0:")
    game.assert_changes(_choose(game, "scheme", "simultaneous"), r"absolute value 1\.0")
    lesson.screenshot("lesson-04-game")
    game.assert_laid_out(lesson, "log-rate-x", {1280: True, 800: False})
    assert lesson.console_errors == []
