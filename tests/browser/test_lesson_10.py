"""Lesson 10 in a real browser: the map explorer and the live picture of the betas."""

import pytest
from live_widget import LiveWidget

from course_utils.lessons.vae_latent_space.pictures import place_on_map

pytestmark = pytest.mark.browser
LESSON = "10_vae_latent_space"


class Map(LiveWidget):
    name = "map"

    def __init__(self, lab):
        super().__init__(lab)
        self.picture = '.course-map-picture img[alt^="Decoded"]'  # beside it is a test image

    def control(self, name: str, inner: str = ""):
        """Here the map takes the picture's place, beside or above the controls."""
        return super().control("map" if name == "picture" else name, inner)

    def point_at(self, x: float, y: float, drag_to: tuple[float, float] | None = None) -> None:
        """Press the mouse on the map at the latents (x, y), and let go there or elsewhere."""
        corner = self.page.locator(".course-map-map img").bounding_box()

        def move(place, **how):
            across, down = place_on_map(*place)
            self.page.mouse.move(corner["x"] + across, corner["y"] + down, **how)

        move((x, y))
        self.page.mouse.down()
        if drag_to is not None:
            move(drag_to, steps=12)
            self.page.wait_for_timeout(200)  # the last place arrives after the others
        self.page.mouse.up()

    def ring(self) -> tuple[float, float]:
        """Where the marker's ring is, in screen pixels from the map picture's corner."""
        # In one go: between two questions the kernel may replace what was found.
        ring, picture = self.page.evaluate(
            "selectors => selectors.map(s => document.querySelector(s).getBoundingClientRect())"
            ".map(({x, y, width, height}) => ({x, y, width, height}))",
            [".course-map-marker circle", ".course-map-map img"],
        )
        return (
            ring["x"] + ring["width"] / 2 - picture["x"],
            ring["y"] + ring["height"] / 2 - picture["y"],
        )


def test_the_map_and_the_betas_answer_every_control(lesson):
    chart = Map(lesson)
    assert chart.alt().startswith("Decoded at x = 0.00, y = 0.00.")
    lesson.screenshot("lesson-10-map")
    _on_the_spot(chart, 0.0, 0.0)
    chart.assert_changes(chart.press("x", "ArrowRight"), r"x = 0\.05, y = 0\.00")
    chart.assert_changes(chart.press("y", "ArrowDown"), r"x = 0\.05, y = -0\.05")
    chart.assert_changes(lambda: chart.type_into("x", "-2"), r"x = -2\.00, y = -0\.05")
    chart.assert_changes(lambda: chart.type_into("y", "-1.25"), r"x = -2\.00, y = -1\.25")
    _on_the_spot(chart, -2.0, -1.25)
    lesson.screenshot("lesson-10-map-trousers")
    chart.assert_changes(lambda: chart.drag("x-slider", 400), r"x = 3\.50, y = -1\.25")
    _on_the_spot(chart, 3.5, -1.25)
    lesson.screenshot("lesson-10-map-corner")
    chart.assert_changes(lambda: chart.point_at(-2.0, -1.2), r"x = -(1\.9|2\.0)\d, y = -1\.[12]\d")
    _on_the_spot(chart, -2.0, -1.2)
    chart.assert_changes(
        lambda: chart.point_at(0.0, 0.0, drag_to=(1.0, 2.0)), r"x = (0\.9|1\.0)\d, y"
    )
    _on_the_spot(chart, 1.0, 2.0)
    lesson.screenshot("lesson-10-map-pointed-at")
    chart.assert_laid_out(lesson, "x", {1280: True, 800: False})
    lesson.page.set_viewport_size({"width": 1280, "height": 800})

    beta = LiveWidget(lesson, "beta")
    assert beta.alt().startswith("beta 1: test images, reconstructions, samples")
    lesson.screenshot("lesson-10-beta")
    beta.assert_changes(beta.choose("beta", "20"), r"^beta 20: .*rank 1 moves")
    beta.assert_changes(lambda: beta.type_into("rank", "16"), r"^beta 20: .*rank 16 moves")
    lesson.screenshot("lesson-10-beta-20")
    beta.assert_changes(lambda: beta.count("rank", up=False), r"rank 15 moves")
    for option in ("0.1", "4", "1"):
        beta.assert_changes(beta.choose("beta", option), rf"^beta {option}: ")
    assert lesson.console_errors == []


def _on_the_spot(chart, x: float, y: float) -> None:
    """The ring lies where the map's axes say (`pictures.place_on_map`), to two screen pixels."""
    place = pytest.approx(place_on_map(x, y), abs=2)
    for _ in range(50):  # on a busy machine the last of many moves arrives late
        if chart.ring() == place:
            break
        chart.page.wait_for_timeout(200)
    assert chart.ring() == place
