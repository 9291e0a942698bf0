"""Lesson 16 in a real browser: the word studio, every control by mouse and by keyboard."""

import re

import pytest
from live_widget import LiveWidget

pytestmark = pytest.mark.browser
LESSON = "16_words_to_pictures"


class Words(LiveWidget):
    name = "word-studio"

    def wait_for_message(self, role: str, words: str) -> None:
        message = self.control("message").get_by_role(role).filter(has_text=words)
        message.wait_for(timeout=10_000)


def test_the_word_studio_answers_every_control(lesson):
    use_the_word_studio(lesson, "lesson-16")
    assert lesson.console_errors == []


def use_the_word_studio(lab, name: str) -> None:
    studio = Words(lab)
    changes = studio.assert_changes
    assert studio.alt() == "8 pictures of 'black cat', any design, guidance 2.5, seed 0"
    lab.screenshot(f"{name}-words")
    changes(lambda: studio.type_into("prompt", "red heart"), "^8 pictures of 'red heart'")
    field = studio.control("prompt", "input")
    changes(lambda: (field.fill("红心"), field.press("Tab")), "^8 pictures of '红心'")
    changes(studio.choose("design", "twemoji"), "twemoji design")
    changes(studio.control("design").get_by_role("button", name="noto").click, "^8.*noto design")
    changes(lambda: studio.type_into("guidance", "1"), "^8.*guidance 1, seed 0$")
    changes(studio.press("guidance"), r"^8.*guidance 1\.1, seed 0$")
    changes(lambda: studio.drag("guidance-slider", 60), r"^8.*guidance [2-8][\d.]*, seed 0$")
    changes(lambda: studio.type_into("seed", "7"), "^8.*seed 7$")
    changes(lambda: studio.count("seed", up=True), "^8.*seed 8$")
    changes(lambda: studio.control("surprise").press("Enter"), r"^8.*seed (?!8$)\d+$")
    changes(lambda: studio.type_into("seed", "3"), "^8.*seed 3$")
    changes(lambda: studio.type_into("num-images", "4"), "^4 pictures")
    lab.screenshot(f"{name}-words-used")

    changes(lambda: studio.type_into("other", "blue car"), "^4.* 50 % '红心' and 50 % 'blue car'")
    changes(studio.press("share"), "^4.* 45 % '红心' and 55 % 'blue car'")
    changes(lambda: studio.drag("share-slider", -300), "^4 pictures of '红心'")
    changes(lambda: studio.type_into("share", "0.5"), "50 % 'blue car'")
    lab.screenshot(f"{name}-words-mixed")
    changes(lambda: studio.type_into("other", ""), "^4 pictures of '红心'")

    before = studio.source()  # what cannot be drawn leaves the picture as it is
    studio.type_into("prompt", "xylophone")
    studio.wait_for_message("alert", "no word of it is known: 'xylophone' (near: saxophone")
    studio.type_into("prompt", "🙂")
    studio.wait_for_message("alert", "it is a picture; say it in words")
    assert studio.source() == before
    studio.type_into("prompt", "purpel heart <img src=x onerror=alert(1)>")
    studio.wait_for_message("status", "Left out of 'purpel heart <img src=x")
    assert studio.alt().startswith("4 pictures of 'purpel heart <img src=x")
    lab.screenshot(f"{name}-words-unknown")
    changes(lambda: studio.type_into("prompt", "red heart"), "^4 pictures of 'red heart'")

    saved = studio.control("saved")
    studio.control("save").click()
    saved.get_by_role("status").wait_for(timeout=10_000)
    assert re.search(r"Saved: .*red_heart_noto_seed_3(_\d+)?\.png$", saved.inner_text().strip())
    studio.assert_laid_out(lab, "prompt", {1280: True, 800: False})
