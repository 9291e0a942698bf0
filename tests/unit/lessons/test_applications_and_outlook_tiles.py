"""Levels fit at every border, keep what a designer fixed, and count what did not come out."""

import numpy as np
import pytest

from course_utils.lessons.applications_and_outlook import tile_pixels, tiles

TABLE = tiles.learn(tiles.example_level())


def test_the_example_has_every_tile():
    assert set(tiles.example_level().ravel()) == set(range(len(tiles.TILES)))


def test_the_table_holds_the_pairs_of_the_level_and_no_others():
    table = tiles.learn(np.array([[0, 1, 1], [2, 0, 1]]), 3)
    assert set(zip(*np.nonzero(table.right), strict=True)) == {(0, 1), (1, 1), (2, 0)}
    assert set(zip(*np.nonzero(table.below), strict=True)) == {(0, 2), (1, 0), (1, 1)}
    assert table.counts.tolist() == [2, 3, 1]


@pytest.mark.parametrize("look_ahead", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_all_borders_of_a_level_occur_in_the_example(seed, look_ahead):
    level = tiles.generate(TABLE, 8, 11, seed, look_ahead=look_ahead)
    assert level.tiles.shape == (8, 11)
    assert tiles.misfits(level.tiles, TABLE) == 0


def test_the_same_seed_makes_the_same_level():
    one, same, other = (tiles.generate(TABLE, 9, 9, seed).tiles for seed in (4, 4, 5))
    assert (one == same).all()
    assert (one != other).any()


def test_looking_ahead_saves_restarts():
    counts = {
        ahead: sum(
            tiles.generate(TABLE, 9, 9, seed, look_ahead=ahead).restarts for seed in range(6)
        )
        for ahead in (True, False)
    }
    assert counts[True] < counts[False]


def test_independent_draws_do_not_fit_but_are_as_frequent():
    level = tiles.draw_independently(TABLE, 60, 60, seed=0)
    assert 0.4 < tiles.misfits(level, TABLE) < 0.55
    shares = np.bincount(level.ravel(), minlength=len(TABLE.counts)) / level.size
    np.testing.assert_allclose(shares, TABLE.counts / TABLE.counts.sum(), atol=0.03)


def test_fixed_tiles_stay():
    lake = tiles.TILES.index("s")
    fixed = {(2, 3): lake, (6, 8): tiles.TILES.index("t")}
    level = tiles.generate(TABLE, 9, 12, fixed=fixed).tiles
    assert {place: level[place] for place in fixed} == fixed


def test_fixed_tiles_that_cannot_be_are_refused():
    lake, tree = tiles.TILES.index("s"), tiles.TILES.index("t")
    with pytest.raises(ValueError, match="No level has these fixed tiles"):
        tiles.generate(TABLE, 6, 6, fixed={(2, 2): lake, (2, 3): tree})
    with pytest.raises(ValueError, match="A fixed tile's row is 6"):
        tiles.generate(TABLE, 6, 6, fixed={(6, 2): lake})


def test_contradictions_end_with_a_sentence():
    # Every tile has neighbors on all sides, but no square of four tiles fits.
    to_the_right, downward = [1, 2, 0], [1, 0, 2]
    right, below = (np.eye(3, dtype=bool)[one] for one in (to_the_right, downward))
    table = tiles.Table(right, below, np.ones(3, int))
    with pytest.raises(RuntimeError, match="4 attempts ended in contradictions"):
        tiles.generate(table, 2, 2, most_restarts=3)
    assert tiles.generate(table, 1, 4, most_restarts=0).restarts == 0


def test_propagation_stops_at_consistency_and_leaves_its_input():
    possible = np.ones((5, 7, len(TABLE.counts)), bool)
    possible[2, 3] = np.arange(len(TABLE.counts)) == tiles.TILES.index("q")
    before = possible.copy()
    once = tiles.propagate(possible, TABLE.right, TABLE.below)
    assert (possible == before).all()
    assert (once <= before).all() and (once < before).any()
    assert (tiles.propagate(once, TABLE.right, TABLE.below) == once).all()


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ([0, 1], "give whole numbers of tiles"),
        ([[0.5, 1.0]], "give whole numbers of tiles"),
        ([[0, 1], [2]], "give whole numbers of tiles"),
        ([[0, 99]], "there are 17 tiles"),
    ],
)
def test_what_is_no_level_is_refused_in_a_sentence(level, words):
    with pytest.raises(ValueError, match=words):
        tiles.learn(level)


def test_a_single_tile_has_no_borders():
    with pytest.raises(ValueError, match="no borders"):
        tiles.misfits([[0]], TABLE)


def test_pixels_of_neighbors_agree_where_lakes_and_roads_go_on():
    images = tile_pixels.tile_images()
    number = {name: index for index, name in enumerate(tile_pixels.NAMES)}
    road, lake = images[number["road EW"]], images[number["lake center"]]
    assert (road[:, -1] == images[number["road SW"]][:, 0]).all()
    assert (lake[:, -1] == images[number["lake E"]][:, 0]).all()
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(tiles.TILES)


def test_a_level_is_drawn_tile_by_tile():
    level = np.array([[0, 1, 2], [3, 4, 5]])
    picture = tile_pixels.level_image(level)
    assert picture.shape == (16, 24, 3)
    assert (picture[8:, 16:] == tile_pixels.tile_images()[5]).all()
