"""Lesson 15 in a real browser: a path under its time slider, and a target that one draws."""

import re

import pytest
from live_widget import LiveWidget

from course_utils.lessons.flow_matching.field_pictures import BOX
from course_utils.lessons.flow_matching.point_flow import VIEW_LIMIT

pytestmark = pytest.mark.browser
LESSON = "15_flow_matching"


class Walk(LiveWidget):
    name = "path"

    def press_time(self, key: str = "ArrowRight"):
        """What presses a key on the handle of the times, for `assert_changes`."""
        handle = self.control("time", ".noUi-handle")
        return lambda: (handle.focus(), handle.press(key))

    def time_shown(self) -> str:
        """What stands beside the slider."""
        return self.control("time", ".widget-readout").inner_text()


class Field(LiveWidget):
    name = "field"

    def draw(self, *places: tuple[float, float]) -> None:
        """A stroke with the mouse through these points of the plane."""
        self.control("picture").scroll_into_view_if_needed()
        corner = self.page.locator(self.picture).bounding_box()

        def move(place, **how):
            across, down = BOX.place_of(*place, VIEW_LIMIT)
            self.page.mouse.move(corner["x"] + across, corner["y"] + down, **how)

        move(places[0])
        self.page.mouse.down()
        for place in places[1:]:
            move(place, steps=10)
        self.page.wait_for_timeout(300)  # the last place arrives after the others
        self.page.mouse.up()

    def steps(self) -> int:
        found = re.search(r"after ([\d,]+) training steps", self.alt())
        return int(found.group(1).replace(",", "")) if found else 0

    def wait_for(self, name: str, words: str) -> None:
        self.page.wait_for_function(
            "([selector, words]) => document.querySelector(selector)?.innerText.includes(words)",
            arg=[f".course-field-{name}", words],
            timeout=60_000,
        )


def test_the_path_answers_every_control(lesson):
    walk_along_the_path(lesson)
    assert lesson.console_errors == []


def walk_along_the_path(lab) -> None:
    path = Walk(lab)
    changes = path.assert_changes
    lab.screenshot("lesson-15-path")
    assert "At time 0.51, stage 7 of 16" in path.alt() and path.time_shown() == "0.51"
    changes(path.press_time("Home"), "At time 0, stage 0 of 16: left the stage, noise;")
    changes(path.press_time(), r"At time 0\.08, stage 1 of 16")
    changes(lambda: path.drag("time", 400), r"At time 1, stage 16 of 16: the path's end")
    changes(path.press_time("ArrowLeft"), r"At time 0\.97, stage 15 of 16")
    assert path.time_shown() == "0.97"

    # Other steps are other times: the slider gets them, fewer and more, and stays where it was.
    changes(path.choose("num-steps", "4"), "At time 1, stage 4 of 4")
    changes(path.press_time("ArrowLeft"), r"At time 0\.82, stage 3 of 4")
    changes(path.press_time("ArrowLeft"), r"At time 0\.58, stage 2 of 4")
    changes(path.choose("solver", "heun"), r"4 steps of heun \(9 network calls\)")  # 2 are double
    changes(path.choose("solver", "euler"), r"4 steps of euler \(5 network calls\)")
    changes(
        path.control("num-steps").get_by_role("button", name="32", exact=True).click,
        r"At time 0\.58, stage 16 of 32",
    )
    changes(path.press_time(), r"At time 0\.61, stage 17 of 32")
    # (After new options, the page's own End key still leads to the former number of stages.)
    changes(lambda: path.drag("time", 400), "At time 1, stage 32 of 32")
    changes(path.choose("num-steps", "2"), "At time 1, stage 2 of 2")
    changes(path.choose("num-steps", "32"), "At time 1, stage 32 of 32")
    path.page.wait_for_timeout(500)  # the page does not move the slider by itself
    assert "stage 32 of 32" in path.alt() and path.time_shown() == "1"
    changes(path.press_time("Home"), "At time 0, stage 0 of 32")
    for stage in range(1, 21):
        changes(path.press_time(), f"stage {stage} of 32")

    changes(lambda: path.type_into("seed", "7"), "seed 7,")
    changes(lambda: path.count("seed", up=True), "seed 8,")
    changes(lambda: path.type_into("guidance", "6"), "guidance 6,")
    changes(path.press("guidance", "ArrowLeft"), r"guidance 5\.5,")
    changes(path.choose("label", "Bag"), "class Bag,")
    changes(path.control("label").get_by_role("button", name="Coat").click, "class Coat,")
    lab.screenshot("lesson-15-path-used")
    path.assert_laid_out(lab, "time", {1280: False, 850: False})
    lab.page.set_viewport_size({"width": 1280, "height": 800})


def test_a_target_is_drawn_and_learned(lesson):
    draw_and_train(lesson)
    assert lesson.console_errors == []


def draw_and_train(lab) -> None:
    field = Field(lab)
    changes = field.assert_changes
    lab.screenshot("lesson-15-field")
    for name in ("ring", "moons", "grid", "line", "letters", "heart"):
        changes(field.choose("target", name), f"^Target {name}.*800 points.*untrained")
    changes(lambda: field.type_into("letters", "QT"), "^Target letters QT, 800 points")
    field.type_into("letters", "abc")
    field.wait_for("message", "one or two letters")
    changes(field.control("target").get_by_role("button", name="ring").click, "^Target ring")

    # By mouse: the points lie where the mouse was.
    changes(field.control("clear").click, "^No target yet")
    field.control("run").click()
    field.wait_for("message", "There is no target yet")
    changes(lambda: field.draw((-1.5, -1.0), (-1.5, 1.5), (1.5, 1.5)), "^Target drawn by hand")
    field.page.wait_for_timeout(500)
    drawn = int(re.search(r"([\d,]+) points", field.alt()).group(1).replace(",", ""))
    assert drawn == pytest.approx(570, abs=40)  # 20, and 100 for each unit of the way
    lab.screenshot("lesson-15-field-drawn")

    # By keyboard: train, stop, go on.
    field.control("run").press("Enter")
    field.wait_for("run", "Training")
    field.wait_for_another_picture(field.source())
    before = field.source()
    field.press("time", "ArrowLeft")()  # it may move in a training
    field.wait_for_another_picture(before)
    field.control("stop").press("Enter")
    field.page.wait_for_function(
        "() => document.querySelector('.course-field-run').innerText.trim() === 'Train'"
    )
    field.page.wait_for_timeout(500)
    stopped, steps = field.source(), field.steps()
    assert steps > 0 and "At time 0.95," in field.alt()
    field.page.wait_for_timeout(700)
    assert field.source() == stopped
    field.control("run").click()
    field.wait_for("message", "press Train to go on")
    assert field.steps() > steps
    changes_of_time(field)
    lab.screenshot("lesson-15-field-trained")
    changes(lambda: field.draw((0.0, -1.5), (1.0, -1.5)), "^Target drawn by hand.*after")
    changes(lambda: field.control("clear").press("Space"), "^No target yet.*untrained")
    field.assert_laid_out(lab, "target", {1280: True, 850: False})


def changes_of_time(field: Field) -> None:
    before = field.source()
    field.type_into("time", "0")
    field.wait_for_another_picture(before)
    assert "At time 0, after" in field.alt()
    field.assert_changes(field.press("time"), r"At time 0\.05, after")
    field.assert_changes(lambda: field.drag("time-slider", 400), "At time 1, after")
    field.assert_changes(lambda: field.type_into("time", "0.52"), r"At time 0\.5, after")
