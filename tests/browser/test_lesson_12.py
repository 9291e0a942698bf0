"""Lesson 12 in a real browser: the studio, every control by mouse and by keyboard."""

import re

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "12_generate_a_cat"


def test_the_studio_answers_every_control(lesson):
    studio = LiveWidget(lesson, "studio")
    assert studio.alt() == "16 generated images: cat, seed 1"
    lesson.screenshot("lesson-12-studio")
    changes = studio.assert_changes
    changes(studio.choose("label", "dog"), "images: dog, seed 1$")
    changes(studio.control("label").get_by_role("button", name="cat").click, ": cat, seed 1$")
    changes(lambda: studio.type_into("seed", "7"), "seed 7$")
    changes(lambda: studio.count("seed", up=True), "seed 8$")
    changes(lambda: studio.control("surprise").press("Enter"), r"seed (?!8$)\d+$")
    changes(lambda: studio.type_into("seed", "3"), "seed 3$")
    changes(lambda: studio.type_into("num-images", "9"), "^9 generated")
    changes(lambda: studio.count("num-images", up=True), "^10 generated")
    for i in (1, 2, 3):
        changes(lambda i=i: studio.drag(f"slider-{i}", 300), rf"direction {i} at \+3$")
        changes(lambda i=i: studio.type_into(f"amount-{i}", "0.5"), rf"direction {i} at \+0\.5$")

    changes(lambda: studio.type_into("share", "0.25"), "75 % cat, 25 % cow")
    changes(studio.choose("other", "giraffe"), "75 % cat, 25 % giraffe")
    changes(studio.press("share"), "70 % cat, 30 % giraffe")
    lesson.screenshot("lesson-12-studio-mixed")
    changes(lambda: studio.type_into("share", "0"), "generated images: cat, seed 3")

    studio.type_into("picked", "4")
    changes(studio.control("like").click, "^10 variations of one picture: cat, seed 3$")
    lesson.screenshot("lesson-12-studio-like")
    changes(lambda: studio.control("back").press("Enter"), "^10 generated images: cat, seed 3$")

    studio.type_into("picked", "11")  # there are 10 pictures
    studio.control("like").click()
    alert = lesson.page.get_by_role("alert").filter(has_text="There are 10 pictures")
    alert.wait_for(timeout=10_000)

    saved = studio.control("saved")
    studio.control("save").click()
    saved.get_by_role("status").wait_for(timeout=10_000)
    assert re.search(r"Saved: .*cat_seed_3(_\d+)?\.png$", saved.inner_text().strip())
    studio.assert_laid_out(lesson, "seed", {1280: True, 800: False})
    assert lesson.console_errors == []
