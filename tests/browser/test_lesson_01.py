"""Lesson 01 in a real browser: its live pictures by keyboard, and the page as students see it."""

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "01_images_as_data"


def test_the_live_pictures(lesson):
    player = LiveWidget(lesson, "player")
    player.assert_changes(player.press("frame", "ArrowRight"), r"^Frame 1 of 0 to 23\.")
    player.assert_changes(lambda: player.type_into("frame", "20"), r"^Frame 20 of")
    lesson.screenshot("lesson-01-player")
    play = lesson.page.get_by_role("button", name="Play", exact=True)
    play.focus()
    player.assert_changes(lambda: play.press("Enter"), r"^Frame 2[123] of")
    play.wait_for()  # at the end it stops by itself, until then its name is Pause
    assert player.alt().startswith("Frame 23 of")
    toggle = player.control("play")
    toggle.press("Enter")  # from the beginning
    toggle.press("Enter")
    play.wait_for()
    lesson.page.wait_for_timeout(500)  # a frame may still be on its way
    paused = player.alt()
    lesson.page.wait_for_timeout(500)
    assert player.alt() == paused
    assert not paused.startswith("Frame 23 of")

    compress = LiveWidget(lesson, "compress")
    compress.assert_changes(compress.press("quality", "ArrowRight"), r"of quality 11,")
    compress.assert_changes(lambda: compress.type_into("quality", "3"), r"of quality 3,")
    lesson.screenshot("lesson-01-jpeg")
    svd = compress.control("method", "button").nth(1)
    svd.focus()
    compress.assert_changes(lambda: svd.press("Enter"), r"SVD of rank 10,")
    compress.assert_changes(compress.press("rank", "ArrowRight"), r"SVD of rank 11,")
    lesson.screenshot("lesson-01-svd")

    pca = LiveWidget(lesson, "pca")
    pca.assert_changes(pca.press("components", "ArrowRight"), r"with 51 of 784")
    pca.assert_changes(lambda: pca.type_into("components", "0"), r"with 0 of 784")
    pca.assert_changes(lambda: pca.type_into("components", "784"), r"with 784 of 784")
    pca.assert_changes(lambda: pca.type_into("seed", "7"), r"Seed 7\.")
    lesson.screenshot("lesson-01-samples")
    reconstructions = pca.control("show", "button").nth(1)
    reconstructions.focus()
    pca.assert_changes(lambda: reconstructions.press("Enter"), r"^Top: eight images")
    clothes = pca.control("dataset", "button").nth(1)
    clothes.focus()
    pca.assert_changes(lambda: clothes.press("Enter"), r"^Top: eight images")
    pca.assert_changes(lambda: pca.type_into("components", "40"), r"kept to 40 of 784")
    lesson.screenshot("lesson-01-reconstructions")
    for widget, control in ((player, "frame"), (compress, "quality"), (pca, "components")):
        widget.assert_laid_out(lesson, control, {1280: True, 700: False})
    lesson.page.set_viewport_size({"width": 1280, "height": 800})
    assert lesson.problems() == []
    assert lesson.console_errors == []


def test_the_whole_page(lesson):
    """What a student reads from top to bottom; the screenshots are for human eyes."""
    sound = lesson.page.get_by_label("A synthetic meow of one second")
    assert sound.evaluate("audio => audio.duration") == pytest.approx(1, abs=0.01)
    gif = lesson.page.get_by_role("img", name="A cat's silhouette glides")
    assert gif.evaluate("image => image.naturalWidth") == 84
    for number in range(1, 9):
        title = lesson.page.locator(".jp-RenderedMarkdown h2", has_text=f"{number}. ").first
        title.evaluate("node => node.scrollIntoView()")
        lesson.page.wait_for_timeout(300)
        lesson.screenshot(f"lesson-01-page-{number}")
    assert lesson.console_errors == []
