"""Lesson 02 in a real browser: both widgets answer the keyboard, and no cell fails."""

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "02_loss_functions"


def _caption(widget) -> str:
    return widget.page.locator(f".course-{widget.name}-picture figcaption").inner_text()


def test_both_widgets_by_keyboard(lesson):
    shift = LiveWidget(lesson, "shift")
    assert "Moved 1 pixel to the right: MSE 0.181" in _caption(shift)
    handle = shift.control("shift-slider", ".noUi-handle")
    handle.focus()
    # The picture in the middle is the one that moves; the first never does.
    middle = f".course-{shift.name}-picture td:nth-child(2) img"
    shift.picture = middle
    shift.assert_changes(lambda: handle.press("ArrowRight"), r"moved: MSE 0\.290")
    assert shift.control("shift", "input").input_value() == "2"
    shift.assert_changes(lambda: handle.press("Home"), "moved: MSE")
    assert "Moved 8 pixels to the left" in _caption(shift)
    shift.assert_changes(lambda: handle.press("End"), "moved: MSE")
    assert "Moved 8 pixels to the right" in _caption(shift)
    shift.assert_changes(lambda: shift.type_into("shift", "1"), r"moved: MSE 0\.181")
    lesson.screenshot("lesson-02-shift")
    boot = shift.control("of", "button >> text=boot")
    shift.assert_changes(lambda: boot.press("Enter"), r"moved: MSE 0\.011")
    assert "the shift costs 0.2 times as much" in _caption(shift)

    gaussians = LiveWidget(lesson, "gaussians")
    mean = gaussians.control("mean-slider", ".noUi-handle")
    mean.focus()
    gaussians.assert_changes(lambda: mean.press("ArrowRight"), r"q = N\(2\.1, 0\.5²\)")
    scale = gaussians.control("scale-slider", ".noUi-handle")
    scale.focus()
    gaussians.assert_changes(lambda: scale.press("End"), r"q = N\(2\.1, 4²\)")
    gaussians.assert_changes(lambda: scale.press("Home"), r"q = N\(2\.1, 0\.2²\)")
    gaussians.assert_changes(lambda: gaussians.type_into("mean", "0"), r"q = N\(0, 0\.2²\)")
    gaussians.assert_changes(lambda: gaussians.type_into("scale", "1"), r"KL\(p‖q\) = 0\.000")
    lesson.screenshot("lesson-02-gaussians")
    gaussians.assert_changes(lambda: gaussians.type_into("mean", "-6"), r"= 18\.000.*JS = 0\.689")
    assert lesson.problems() == []

    shift.assert_laid_out(lesson, "shift", {1280: True, 640: False})
    gaussians.assert_laid_out(lesson, "mean", {1280: True, 640: False})
    assert lesson.console_errors == []
