"""The map of two latents: what lies where on its picture, and what is refused."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from course_utils import plots
from course_utils.lessons.vae_latent_space import pictures

NAMES = ("shoe", "shirt", "bag")


def points(n=60, seed=0):
    random = np.random.default_rng(seed)
    return random.standard_normal((n, 2)), np.arange(n) % 3


def images_in(html: str) -> list[np.ndarray]:
    files = re.findall(r"base64,([^\"]+)", html)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(file)))) for file in files]


def test_places_lie_where_the_axes_say():
    left, top, width, height = pictures.MAP_BOX
    limit = pictures.LIMIT
    assert pictures.place_on_map(-limit, limit) == (left, top)
    assert pictures.place_on_map(limit, -limit) == (left + width, top + height)
    across, down = pictures.place_on_map(1.0, 1.0)
    assert across > left + width / 2 and down < top + height / 2  # y points up


@pytest.mark.parametrize("limit", [pictures.LIMIT, 1.0])
def test_pointing_at_a_place_is_place_on_map_backwards(limit):
    random = np.random.default_rng(0)
    for x, y in random.uniform(-limit, limit, (20, 2)):
        found = pictures.latents_at(*pictures.place_on_map(x, y, limit), limit)
        assert found == pytest.approx((x, y))
    left, top, width, height = pictures.MAP_BOX
    beside = [(left - 1, top + 9), (left + width + 1, top + 9), (left + 9, top - 1)]
    for place in [*beside, (left + 9, top + height + 1)]:
        assert pictures.latents_at(*place, limit) is None
        x, y = pictures.latents_at(*place, limit, clip=True)
        assert max(abs(x), abs(y)) == pytest.approx(limit)


def test_the_picture_shows_a_point_where_place_on_map_says():
    """The marker and Matplotlib agree: one point, drawn with and without, changes that place."""
    place = np.array([[2.0, -1.5]])
    far = np.array([[-3.4, 3.4]])
    with_it, without = (
        np.asarray(
            Image.open(io.BytesIO(pictures.map_png(where, [0], NAMES[:1]))).convert("L"), float
        )
        for where in (place, far)
    )
    scale = with_it.shape[1] / pictures.MAP_WIDTH
    assert with_it.shape[0] / scale == pytest.approx(pictures.MAP_HEIGHT, abs=1)
    left, _, width, _ = pictures.MAP_BOX
    difference = np.abs(with_it - without)
    difference[:, : round(scale * (left + width / 2))] = 0  # the other point
    rows, columns = np.nonzero(difference > 60)
    across, down = pictures.place_on_map(*place[0])
    assert columns.mean() / scale == pytest.approx(across, abs=1)
    assert rows.mean() / scale == pytest.approx(down, abs=1)


def test_every_kind_has_a_color_and_marker_of_its_own():
    looks = {
        (plots.COLORS[kind % len(plots.COLORS)], marker)
        for kind, marker in enumerate(pictures.MARKERS)
    }
    assert len(looks) == len(set(pictures.MARKERS)) == 10


def test_a_map_is_a_figure_with_its_caption_as_alt_text():
    figure = pictures.map_figure(*points(), NAMES, "Three kinds, well mixed.")
    assert 'alt="Three kinds, well mixed."' in figure.content
    (picture,) = images_in(figure.content)
    assert picture.shape[1] == pytest.approx(1.5 * pictures.MAP_WIDTH, abs=2)


def test_only_the_first_points_of_each_kind_are_drawn():
    positions, labels = points(600)
    some = pictures.map_png(positions, labels, NAMES, per_kind=20)
    assert some == pictures.map_png(positions[:60], labels[:60], NAMES)


def test_the_marker_is_at_its_place():
    svg = pictures.marker_svg(1.0, -2.0)
    across, down = pictures.place_on_map(1.0, -2.0)
    assert svg.count(f'cx="{across:.1f}" cy="{down:.1f}"') == 2
    assert f'width="{pictures.MAP_WIDTH}"' in svg and 'aria-hidden="true"' in svg


@pytest.mark.parametrize(
    ("positions", "labels", "names", "words"),
    [
        (np.zeros((4, 3)), np.zeros(4, int), NAMES, r"shape \(4, 3\); give \(n, 2\)"),
        (np.zeros((0, 2)), np.zeros(0, int), NAMES, r"shape \(0, 2\)"),
        (np.full((4, 2), np.nan), np.zeros(4, int), NAMES, "NaN or infinity"),
        (np.zeros((4, 2)), np.zeros(3, int), NAMES, "give 4 whole numbers"),
        (np.zeros((4, 2)), np.zeros(4), NAMES, "float64 of shape"),
        (np.zeros((4, 2)), np.full(4, 3), NAMES, "from 3 to 3, but there are names for 0 to 2"),
        (np.zeros((4, 2)), np.full(4, -1), NAMES, "from -1 to -1"),
        (np.zeros((4, 2)), np.zeros(4, int), (), "There are 0 names"),
        (np.zeros((4, 2)), np.zeros(4, int), "abcdefghijk", "There are 11 names"),
    ],
)
def test_unfit_points_are_refused(positions, labels, names, words):
    with pytest.raises(ValueError, match=words):
        pictures.map_png(positions, labels, names)


@pytest.mark.parametrize("limit", [0, -1.0, np.inf, "3", True])
def test_an_unfit_limit_is_refused(limit):
    with pytest.raises((TypeError, ValueError), match="limit is"):
        pictures.map_png(*points(), NAMES, limit)
