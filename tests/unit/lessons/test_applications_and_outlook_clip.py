"""Every control of the clip moves the same frame, and the stored page shows all of them."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from course_utils.lessons.applications_and_outlook import clip as clips

ROWS = {name: np.random.default_rng(i).random((5, 6, 7, 1)) for i, name in enumerate("abc")}


@pytest.fixture
def clip():
    return clips.clip(ROWS, "Three ways.")


def shown(html_text):
    data = re.search(r"base64,([^\"]+)", html_text)[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("L"))


def test_each_control_moves_the_others(clip):
    for control, number in ((clip.frame, 3), (clip.play, 4), (clip.frame_slider, 2)):
        control.value = number
        assert clip.frame.value == clip.play.value == clip.frame_slider.value == number
        assert f"Frame {number} of 5" in clip.picture.value
        assert clip.message.value == ""


def test_the_frame_of_each_row_is_shown(clip):
    clip.frame.value = 5
    pixels = shown(clip.picture.value)
    wanted = np.round(255 * ROWS["b"][4, ..., 0])
    side_by_side = [
        (pixels[top : top + 6, left : left + 7] == wanted).all()
        for top in range(pixels.shape[0] - 5)
        for left in range(pixels.shape[1] - 6)
    ]
    assert any(side_by_side)


def test_the_picture_has_its_words(clip):
    assert 'alt="Frame 1 of 5, from left to right: a, b, c."' in clip.picture.value


def test_a_page_without_a_kernel_shows_the_sheet(clip):
    bundle = clip._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "Three ways. Frames 1 to 5, from top to bottom: a, b, c." in bundle["text/html"]
    assert bundle["text/plain"] == "<clip>"
    height, width = shown(bundle["text/html"]).shape
    assert height >= 3 * 6 and width >= 5 * 7


def test_fields_have_a_name_and_classes(clip):
    assert clip.frame.description == "Frame"
    assert "course-clip-play" in clip.play._dom_classes
    assert clip.play.max == 5 and clip.play.min == 1


def test_colors_are_shown_too():
    rows = {"one": np.random.default_rng(0).random((3, 8, 8, 3)).astype("float32")}
    assert "Frame 1 of 3" in clips.clip(rows, "Colors.").picture.value


@pytest.mark.parametrize(
    ("rows", "caption", "words"),
    [
        ({}, "x", "There are no frames"),
        ([np.zeros((3, 4, 4))], "x", "There are no frames"),
        ({"a": np.zeros((3, 4, 4)), "b": np.zeros((2, 4, 4))}, "x", "frames of one shape"),
        ({"a": np.zeros((1, 4, 4, 1))}, "x", "The number of frames is 1"),
        ({"a": np.zeros((3, 4, 4))}, " ", "The caption is empty"),
        ({"a": np.full((3, 4, 4), 7.0)}, "x", "run from 7 to 7"),
    ],
)
def test_what_cannot_be_played_is_refused_in_a_sentence(rows, caption, words):
    with pytest.raises((ValueError, TypeError), match=words):
        clips.clip(rows, caption)
