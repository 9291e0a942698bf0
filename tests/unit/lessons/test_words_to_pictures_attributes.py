"""What pictures show of their names: skin tone, person, design and color; and pointing away."""

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.lessons.words_to_pictures import attributes, pointing


def flat(images):
    return np.asarray(images).reshape(len(images), -1) / (255 if images.dtype == np.uint8 else 1)


def test_real_pictures_show_all_that_their_names_say():
    images, captions, designs = data.load_captioned("emoji", split="test")
    shares = attributes.shown_shares(images[:50], captions[:50], designs[:50], flat)
    assert shares == {"skin tone": 1, "person": 1, "design": 1, "all three": 1}


def test_a_picture_of_another_tone_fails_in_the_tone_alone():
    images, names, designs = metrics.all_emoji()
    place = next(place for place, name in enumerate(names) if name == "pilot dark skin tone")
    asked = ["pilot light skin tone"]
    shares = attributes.shown_shares(images[[place]], asked, [designs[place]], flat)
    assert shares == {"skin tone": 0, "person": 1, "design": 1, "all three": 0}


@pytest.mark.parametrize("thing", ["heart", "circle", "square"])
def test_colors_of_real_pictures_are_those_of_their_names(thing):
    images, names, _ = metrics.all_emoji()
    rows = [row for row, name in enumerate(names) if name in _named(thing)]
    found = attributes.main_colors(data.as_floats(images[rows]))
    right = [color == names[row].split()[0] for color, row in zip(found, rows, strict=True)]
    assert len(rows) >= 15 and np.mean(right) >= 0.9


def _named(thing):
    return {f"{color} {thing}" for color in attributes.COLORS}


def test_white_and_gray_have_no_color_and_a_mixture_that_of_most():
    white = np.ones((1, 24, 24, 3))
    assert attributes.main_colors(white) == attributes.main_colors(0.6 * white) == [""]
    mostly_blue = white.copy()
    mostly_blue[:, :5], mostly_blue[:, 5:7] = (0, 0.4, 1), (1, 0, 0)
    assert attributes.main_colors(mostly_blue) == ["blue"]
    assert attributes.main_colors(0.1 * white) == ["black"]


def test_pointing_away_from_nothing_is_guidance_and_the_same_prompt_changes_nothing():
    def velocity(points, time, prompt):
        return np.full_like(points, len(prompt) + time)

    points = np.zeros((2, 3))
    towards = pointing.pointing_away(velocity, "heart", "", 2.0)
    np.testing.assert_allclose(towards(points, 0.5), 0.5 + 2.0 * 5)
    same = pointing.pointing_away(velocity, "heart", "heart", 7.0)
    np.testing.assert_allclose(same(points, 0.5), 5.5)
