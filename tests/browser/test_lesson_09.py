"""Lesson 09 in a real browser: sample, mean, scale and gradient arrows answer every control."""

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "09_vae_step_by_step"


def test_the_live_picture_by_keyboard(lesson):
    live = LiveWidget(lesson, "gradients")
    assert live.alt().startswith("The hill, mean -0.5, scale 0.6. Your noise 1 gives z = 0.10")
    lesson.screenshot("lesson-09-gradients")
    live.assert_changes(live.press("mean"), r"mean -0\.4, scale 0\.6.* z = 0\.20")
    live.assert_changes(live.press("scale"), r"scale 0\.7.* z = 0\.30")
    live.assert_changes(live.press("noise", "ArrowLeft"), r"noise 0\.9 gives z = 0\.23")
    live.assert_changes(live.press("samples"), r"from 11 draws")
    live.assert_changes(lambda: live.type_into("seed", "7"), r"from 11 draws")
    live.assert_changes(lambda: live.type_into("samples", "500"), r"from 500 draws")
    live.assert_changes(live.choose("function", "wave"), r"^The wave")
    live.assert_changes(
        live.choose("function", "step"),
        r"^The step.*reparameterized \+0\.00, \+0\.00,",
    )
    lesson.screenshot("lesson-09-step")
    live.assert_changes(lambda: live.type_into("scale", "2"), r"scale 2\.")
    live.assert_changes(lambda: live.type_into("mean", "-2"), r"mean -2,")
    live.assert_changes(lambda: live.drag("noise-slider", -60), r"noise -?\d")
    live.assert_laid_out(lesson, "mean", {1280: True, 800: False})
    assert lesson.console_errors == []
