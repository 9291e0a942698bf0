"""Lesson 01 in a real browser: its live pictures by keyboard, and the page as students see it."""

import pytest
from lab import REPOSITORY
from live_widget import LiveWidget
from running import shortened

pytestmark = pytest.mark.browser


class Player(LiveWidget):
    name = "player"


class Compress(LiveWidget):
    name = "compress"


class Pca(LiveWidget):
    name = "pca"


@pytest.fixture
def lesson(lab):
    """The lesson as a student meets it, with small numbers of samples, after Run All."""
    notebook = shortened(REPOSITORY / "notebooks/src/01_images_as_data.py", solved=False)
    lab.server.add("01_images_as_data.ipynb", notebook)
    lab.open_notebook("01_images_as_data.ipynb")
    lab.run_all()
    assert lab.problems() == []
    return lab


def press(widget, control, key):
    """What presses a key on a slider's handle; another handle takes the focus only once shown."""
    handle = widget.control(control, ".noUi-handle")
    handle.focus()
    return lambda: handle.press(key)


def test_the_live_pictures(lesson):
    player = Player(lesson)
    player.assert_changes(press(player, "frame-slider", "ArrowRight"), r"^Frame 1 of 0 to 23\.")
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
    paused = player.alt()
    lesson.page.wait_for_timeout(500)
    assert player.alt() == paused
    assert not paused.startswith("Frame 23 of")

    compress = Compress(lesson)
    compress.assert_changes(press(compress, "quality-slider", "ArrowRight"), r"of quality 11,")
    compress.assert_changes(lambda: compress.type_into("quality", "3"), r"of quality 3,")
    lesson.screenshot("lesson-01-jpeg")
    svd = compress.control("method", "button").nth(1)
    svd.focus()
    compress.assert_changes(lambda: svd.press("Enter"), r"SVD of rank 10,")
    compress.assert_changes(press(compress, "rank-slider", "ArrowRight"), r"SVD of rank 11,")
    lesson.screenshot("lesson-01-svd")

    pca = Pca(lesson)
    pca.assert_changes(press(pca, "components-slider", "ArrowRight"), r"with 51 of 784")
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
