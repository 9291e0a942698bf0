"""The picture of the game on points, and the same in words."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from course_utils import plots
from course_utils.lessons.gan_step_by_step import pictures, point_game
from course_utils.models import gan_losses


@pytest.fixture(scope="module")
def game():
    """Shared, since tracing takes seconds; each test starts a game of its own."""
    return point_game.PointGame(widths=(16, 16))


def test_arrows_keep_their_direction_and_are_cut():
    angles = np.linspace(0, 2 * np.pi, 9)
    for length in (0.0, 1e-9, 0.5, 3.0, 1e6):
        gradients = length * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        arrows = plots.short_arrows(gradients, pictures.ARROW_SCALE, pictures.LONGEST_ARROW)
        expected = min(pictures.ARROW_SCALE * length, pictures.LONGEST_ARROW)
        np.testing.assert_allclose(np.linalg.norm(arrows, axis=1), expected, rtol=1e-6)
        assert ((arrows * gradients).sum(axis=1) >= 0).all()


@pytest.mark.parametrize("loss", point_game.LOSSES)
@pytest.mark.parametrize("target", point_game.TARGETS)
def test_words_say_the_state(game, target, loss):
    game.start(target, loss, 6)
    game.update_discriminator(0.01)
    text = pictures.describe(game.view())
    assert text.startswith(f"Target {target}, {loss.replace('_', '-')} loss, seed 6, after 1 ")
    assert "0 of the generator" in text and "on real," in text and "mean gradient" in text
    modes = {"ring": "of 8", "grid": "of 25"}.get(target, "no separate modes")
    assert modes in text
    probability = gan_losses.gan_loss(loss).has_probability
    assert ("mean probability D" in text) == probability
    assert ("mean logit (no probability)" in text) != probability


def test_points_beyond_the_edge_are_counted(game):
    game.start()
    view = game.view()
    assert pictures.outside(view) == 0 and "outside" not in pictures.describe(view)
    far = replace(view, generated=view.generated + np.float32(50))
    assert f"{point_game.NUM_SHOWN} of them are outside the picture" in pictures.describe(far)


def test_each_part_of_a_view_is_seen(game):
    """The picture depends on all that it is said to show, and on nothing drawn before."""
    picture = pictures.Picture()
    game.start()
    view = game.view()
    first = picture.png(view)
    changed = {
        "real": view.real + np.float32(0.3),
        "generated": view.generated - np.float32(0.3),
        "arrows": view.arrows + 3,
        "surface": 1 - 0.9 * view.surface,
        "loss": "hinge",
    }
    for part, value in changed.items():
        assert picture.png(replace(view, **{part: value})) != first, part
    assert picture.png(view) == first == pictures.Picture().png(view)
    pixels = Image.open(io.BytesIO(first))
    assert pixels.mode == "RGB" and pixels.width > pictures.PICTURE_WIDTH
    assert len(first) < 150_000


def test_the_surface_is_drawn_the_right_way_up(game):
    """Only the right upper quarter is 'real': there the picture is yellow, elsewhere blue."""
    game.start()
    surface = np.zeros((point_game.GRID_SIDE, point_game.GRID_SIDE))
    surface[28:, 28:] = 1.0
    view = replace(game.view(), surface=surface, arrows=np.zeros((point_game.NUM_SHOWN, 2)))
    pixels = np.asarray(Image.open(io.BytesIO(pictures.Picture().png(view)))).astype(int)
    height, width = pixels.shape[:2]
    # Near the corners of the axes, where no point lies.
    upper, lower, left, right = 0.12 * height, 0.9 * height, 0.11 * width, 0.79 * width
    yellowish = {
        (name, side): pixels[int(y), int(x), 0] > pixels[int(y), int(x), 2]
        for name, y in (("upper", upper), ("lower", lower))
        for side, x in (("left", left), ("right", right))
    }
    assert [place for place, yellow in yellowish.items() if yellow] == [("upper", "right")]
