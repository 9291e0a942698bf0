"""Lesson 03 in a real browser: a kernel on a picture, and a gradient on its way, by keyboard."""

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "03_networks_and_gradients"


class Convolution(LiveWidget):
    name = "convolution"

    def press_everything(self) -> None:
        self.assert_changes(
            lambda: self.control("kernel").get_by_role("button", name="copy").press("Enter"),
            "^Kernel copy, stride 1, padding same: 28 x 28 pixels become 28 x 28",
        )
        handle = self.control("add-slider", ".noUi-handle")
        handle.focus()
        self.assert_changes(lambda: handle.press("ArrowRight"), r"\+0\.1 in row 2, column 2")
        assert self.control("add", "input").input_value() == "0.1"
        self.assert_changes(lambda: handle.press("Home"), "-2 in row 2, column 2")
        self.assert_changes(lambda: self.type_into("column", "3"), "-2 in row 2, column 3")
        self.assert_changes(lambda: self.type_into("row", "9"), "-2 in row 3, column 3")
        self.assert_changes(lambda: self.type_into("stride", "2"), "become 14 x 14")
        self.assert_changes(
            lambda: self.control("padding").get_by_role("button", name="valid").press("Enter"),
            "become 13 x 13",
        )


class Gradient(LiveWidget):
    name = "gradient"

    def press_everything(self) -> None:
        self.assert_changes(
            lambda: self.control("activation").get_by_role("button", name="tanh").press("Enter"),
            "^tanh, 10 layers, input scale 1, weight scale 1, bias 0, seed 0",
        )
        for name, words in {
            "inputs": "input scale 1.1",
            "weights": "weight scale 1.1",
            "bias": "bias 0.1",
        }.items():
            handle = self.control(f"{name}-slider", ".noUi-handle")
            handle.focus()
            self.assert_changes(lambda handle=handle: handle.press("ArrowRight"), words)
        self.assert_changes(lambda: self.type_into("layers", "99"), "20 layers")
        self.assert_changes(lambda: self.type_into("seed", "7"), "seed 7:")
        self.assert_changes(lambda: self.type_into("bias", "-3"), "bias -3")
        activation = self.control("activation")
        self.assert_changes(
            lambda: activation.get_by_role("button", name="relu").first.press("Enter"),
            "^relu, .* nothing at all arrives at the input; 100 % of the slopes",
        )


def test_both_widgets_answer_the_keyboard(lesson):
    for widget in (Convolution(lesson), Gradient(lesson)):
        widget.page.locator(f".course-{widget.name}").evaluate("node => node.scrollIntoView()")
        lesson.screenshot(f"lesson-03-{widget.name}")
        widget.press_everything()
        lesson.screenshot(f"lesson-03-{widget.name}-used")
        first = {"convolution": "kernel", "gradient": "activation"}[widget.name]
        widget.assert_laid_out(lesson, first, {1280: True, 900: False})
        widget.page.set_viewport_size({"width": 1280, "height": 800})
    assert lesson.console_errors == []
