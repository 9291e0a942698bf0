"""The game on points: first weights, updates against the losses, and what a view shows."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.lessons.gan_step_by_step import point_game
from course_utils.models import gan_losses


@pytest.fixture(scope="module")
def game():
    """Shared, since tracing takes seconds; each test starts a game of its own."""
    return point_game.PointGame(widths=(16, 16))


def weights(network) -> list[np.ndarray]:
    return [weight.numpy() for weight in network.weights]


def all_equal(first, second) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_first_weights_depend_on_seed_and_network_alone():
    shapes = [(2, 64), (64,), (64, 1)]
    first = point_game.initial_weights(shapes, 3, 0)
    assert all_equal(first, point_game.initial_weights(shapes, 3, 0))
    for other in ((4, 0), (3, 1)):
        assert not np.array_equal(first[0], point_game.initial_weights(shapes, *other)[0])
    assert [weight.shape for weight in first] == shapes
    assert not first[1].any() and 0 < np.abs(first[0]).max() <= np.sqrt(6 / 66)


@pytest.mark.parametrize("loss", point_game.LOSSES)
def test_only_log_odds_are_shown_as_a_probability(loss):
    logits = np.array([-100.0, -1.0, 0.0, 1.0, 100.0])
    known = gan_losses.gan_loss(loss)
    shown = known.shown(logits)
    assert known.has_probability == ("log-odds" in known.logit_meaning)
    if known.has_probability:
        np.testing.assert_allclose(shown, 1 / (1 + np.exp(-logits)), rtol=1e-6, atol=1e-12)
        assert "probability" in known.shown_as
    else:
        np.testing.assert_array_equal(shown, logits)
        assert known.shown_as.startswith("logit")
        assert "probability" not in known.shown_as


@pytest.mark.parametrize("loss", point_game.LOSSES)
@pytest.mark.parametrize("target", point_game.TARGETS)
def test_each_update_moves_one_player_only(game, target, loss):
    game.start(target, loss, 1)
    before = weights(game.generator), weights(game.discriminator)
    assert np.isfinite(game.update_discriminator(0.01))
    assert all_equal(before[0], weights(game.generator))
    assert not all_equal(before[1], weights(game.discriminator))
    before = weights(game.generator), weights(game.discriminator)
    assert np.isfinite(game.update_generator(0.01))
    assert not all_equal(before[0], weights(game.generator))
    assert all_equal(before[1], weights(game.discriminator))
    view = game.view()
    assert (view.discriminator_updates, view.generator_updates) == (1, 1)
    assert (view.target, view.loss, view.seed) == (target, loss, 1)
    assert view.modes == {"ring": 8, "grid": 25}.get(target, 0)


@pytest.mark.parametrize("loss", point_game.LOSSES)
def test_losses_are_the_courses_own(game, loss):
    game.start("ring", loss, 2)
    for _ in range(3):
        game.update_discriminator(0.01)
    latents = game.latents(point_game.GENERATOR_LATENTS, 0)
    logits = game.discriminator(game.generator(latents))
    expected = float(gan_losses.gan_loss(loss).generator(logits))
    assert game.update_generator(0.0) == pytest.approx(expected, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("loss", point_game.LOSSES)
def test_arrows_are_minus_the_gradient_of_each_points_own_loss(game, loss):
    """Against central differences; a kink of the network may lie in the way of a few points."""
    game.start("ring", loss, 0)
    for _ in range(20):
        game.update_discriminator(0.005)
    view, step = game.view(), 1e-3
    points = tf.constant(view.generated[:20])

    def each_loss(places):
        logits = game.discriminator(places)
        return np.array([float(gan_losses.gan_loss(loss).generator(row)) for row in logits])

    for axis in (0, 1):
        shift = step * np.eye(2, dtype=np.float32)[axis]
        slope = (each_loss(points + shift) - each_loss(points - shift)) / (2 * step)
        differences = np.abs(view.arrows[:20, axis] + slope)
        assert np.mean(differences < 0.005) >= 0.8 and np.abs(slope).max() > 0.05


def test_the_surface_is_the_discriminator_at_each_place(game):
    game.start("moons", "minimax", 0)
    view = game.view()
    places = point_game.grid_places().reshape(point_game.GRID_SIDE, point_game.GRID_SIDE, 2)
    np.testing.assert_allclose(places[0, -1], [point_game.VIEW_LIMIT, -point_game.VIEW_LIMIT])
    for row, column in ((0, 0), (3, 40), (55, 55)):
        logit = float(game.discriminator(places[row, column][np.newaxis])[0, 0])
        assert view.surface[row, column] == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-5)


def test_the_same_updates_give_the_same_view_whatever_was_played_before(game):
    def play():
        for _ in range(5):
            game.update_discriminator(0.01)
            game.update_generator(0.01)
        return game.view()

    game.start("ring", "hinge", 4)
    first = play()
    game.start("grid", "minimax", 5)
    play()
    game.start("ring", "hinge", 4)
    again = play()
    np.testing.assert_allclose(first.generated, again.generated, atol=1e-5)
    np.testing.assert_allclose(first.surface, again.surface, atol=1e-5)


def test_a_view_changes_nothing(game):
    game.start()
    before = weights(game.generator), weights(game.discriminator)
    first, second = game.view(), game.view()
    np.testing.assert_array_equal(first.generated, second.generated)
    assert all_equal(before[0], weights(game.generator))
    assert all_equal(before[1], weights(game.discriminator))


@pytest.mark.parametrize("rate", [-0.1, 1.5, float("nan")])
def test_a_learning_rate_out_of_range_is_named(game, rate):
    with pytest.raises(ValueError, match=f"learning rate is {rate}"):
        game.update_generator(rate)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_what_is_not_finite_is_said(game, player):
    game.start()
    network = getattr(game, player)
    network.set_weights([np.full_like(weight, np.nan) for weight in weights(network)])
    with pytest.raises(FloatingPointError, match="smaller learning rates and press Reset"):
        getattr(game, f"update_{player}")(0.001)
    with pytest.raises(FloatingPointError, match="press Reset"):
        game.view()
    game.start()
    assert np.isfinite(game.update_discriminator(0.001)) and np.isfinite(game.view().arrows).all()
