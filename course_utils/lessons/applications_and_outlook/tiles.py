"""Levels of tiles that fit at their borders, learned from one small example level.

Constraint propagation with restarts, after M. Gumin, Wave Function Collapse (2016), and I. Karth
and A. M. Smith, WaveFunctionCollapse is Constraint Solving in the Wild (2017). Pure NumPy; a level
is an int array (height, width) of numbers of tiles, whose pixels are drawn in `tile_pixels`.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from course_utils.base.arguments import check_whole
from course_utils.lessons.applications_and_outlook.tile_pixels import TILES

EXAMPLE = """
. . t . . . . . . . t .
. r - - - 7 . q w e . t
. | . t . | . a s d . .
. | t . . L - a s d 7 .
t | . . . . . z x c | .
. L 7 . q w e . . . | .
. . | . a s d r - - J .
. t L - a s d J . t . .
t . . . a s d . . . . .
. . t . z x c . r 7 . t
. . . . . . . . L J t .
. t . . . t . . . . . .
"""

LAKE = tuple(TILES.index(letter) for letter in "qweasdzxc")


class Table(NamedTuple):
    """What may lie side by side, bool (tiles, tiles) each, and how often each tile occurs.

    right[a, b]: b may lie to the right of a; below[a, b]: b may lie below a
    counts: (tiles,) of the example
    """

    right: np.ndarray
    below: np.ndarray
    counts: np.ndarray


class Level(NamedTuple):
    """A generated level (height, width), and how often the generator began anew before it."""

    tiles: np.ndarray
    restarts: int


def example_level() -> np.ndarray:
    """The small level from which everything is learned, int (12, 12).

    >>> example_level().shape
    (12, 12)
    """
    rows = [line.split() for line in EXAMPLE.strip().splitlines()]
    return np.array([[TILES.index(letter) for letter in row] for row in rows])


def check_level(level, num_tiles: int = len(TILES)) -> np.ndarray:
    """A level as an int array (height, width); ValueError with one sentence for anything else."""
    try:
        array = np.asarray(level)
    except ValueError:  # rows of different lengths
        array = np.empty(0)
    if array.ndim != 2 or array.size == 0 or array.dtype.kind not in "iu":
        raise ValueError(
            f"The level has shape {array.shape} and dtype {array.dtype}; give whole numbers of "
            "tiles (height, width)."
        )
    if array.min() < 0 or array.max() >= num_tiles:
        raise ValueError(
            f"The level holds the numbers {array.min()} to {array.max()}, but there are "
            f"{num_tiles} tiles; number them from 0."
        )
    return array.astype(int)


def learn(level, num_tiles: int = len(TILES)) -> Table:
    """The table of an example level: what lies side by side there may do so elsewhere."""
    level = check_level(level, num_tiles)
    right, below = np.zeros((2, num_tiles, num_tiles), bool)
    right[level[:, :-1], level[:, 1:]] = True
    below[level[:-1], level[1:]] = True
    return Table(right, below, np.bincount(level.ravel(), minlength=num_tiles))


def misfits(level, table: Table) -> float:
    """The share of borders between two tiles that the table does not allow.

    >>> misfits(example_level(), learn(example_level()))
    0.0
    """
    level = check_level(level, len(table.counts))
    fits = [
        table.right[level[:, :-1], level[:, 1:]].ravel(),
        table.below[level[:-1], level[1:]].ravel(),
    ]
    borders = np.concatenate(fits)
    if borders.size == 0:
        raise ValueError("A level of one tile has no borders; give one of two tiles or more.")
    return float(1 - borders.mean())


def draw_independently(table: Table, height: int, width: int, seed: int = 0) -> np.ndarray:
    """A level (height, width) whose tiles are as frequent as in the example, drawn one by one."""
    shape = (check_whole("height", height), check_whole("width", width))
    shares = table.counts / table.counts.sum()
    return np.random.default_rng(seed).choice(len(shares), shape, p=shares)


def propagate(possible: np.ndarray, right: np.ndarray, below: np.ndarray) -> np.ndarray:
    """What stays possible, bool (height, width, tiles), once no tile lacks a neighbor that fits.

    A tile stays in a place while each neighboring place has at least one possible tile that may
    lie beside it; the rule is applied until nothing changes (arc consistency, Mackworth 1977).
    A place without any possible tile is a contradiction, which spreads: then all is empty.
    """
    possible = np.array(possible, bool)
    # Products of floats are many times as fast as those of truth values.
    tables = [one.astype(np.float32) for one in (right, right.T, below, below.T)]
    while True:
        before = possible.copy()
        for axis, forth, back in ((1, *tables[:2]), (0, *tables[2:])):
            first = (slice(None),) * axis + (slice(None, -1),)
            second = (slice(None),) * axis + (slice(1, None),)
            possible[second] &= possible[first].astype(np.float32) @ forth > 0
            possible[first] &= possible[second].astype(np.float32) @ back > 0
        if (possible == before).all():
            return possible


def generate(
    table: Table,
    height: int,
    width: int,
    seed: int = 0,
    *,
    fixed: Mapping[tuple[int, int], int] | None = None,
    look_ahead: bool = True,
    most_restarts: int = 1000,
) -> Level:
    """A level (height, width) all of whose borders occur in the example.

    Again and again the undecided place with the least entropy gets a tile, drawn by the tiles'
    frequencies among those that are possible, and the consequences are propagated. After a
    contradiction it begins anew.

    fixed: places (row, column) -> the tile that a designer wants there
    look_ahead: without it, places are filled row by row, and only neighbors that are there count

    ValueError with one sentence if the fixed tiles are outside or contradict each other;
    RuntimeError after `most_restarts` contradictions.
    """
    shape = (check_whole("height", height), check_whole("width", width))
    check_whole("most_restarts", most_restarts, 0)
    random = np.random.default_rng(seed)
    attempt = _with_propagation if look_ahead else _row_by_row
    possible = _at_first(table, shape, fixed or {})
    for restarts in range(most_restarts + 1):
        level = attempt(table, possible, random)
        if level is not None:
            return Level(level, restarts)
    raise RuntimeError(
        f"{most_restarts + 1} attempts ended in contradictions; ask for a smaller level, or give "
        "an example in which more tiles lie side by side."
    )


def _at_first(table: Table, shape, fixed: Mapping) -> np.ndarray:
    """What is possible, bool (height, width, tiles), before the first draw."""
    possible = np.tile(table.counts > 0, (*shape, 1))
    for (row, column), tile in fixed.items():
        check_whole("A fixed tile's row", row, 0, shape[0] - 1)
        check_whole("A fixed tile's column", column, 0, shape[1] - 1)
        check_whole("A fixed tile", tile, 0, len(table.counts) - 1)
        possible[row, column] &= np.arange(len(table.counts)) == tile
    possible = propagate(possible, table.right, table.below)
    if not possible.any():
        raise ValueError(
            "No level has these fixed tiles; fix fewer of them, or put them farther apart."
        )
    return possible


def _with_propagation(table: Table, possible, random) -> np.ndarray | None:
    counts, shape = table.counts, possible.shape[:2]
    possible, ties = possible.copy(), 1e-6 * random.random(shape)
    while possible.any():
        undecided = possible.sum(axis=2) > 1
        if not undecided.any():
            return possible.argmax(axis=2)
        place = np.where(undecided, _entropies(possible, counts) + ties, np.inf)
        row, column = np.unravel_index(place.argmin(), shape)
        weights = counts * possible[row, column]
        chosen = random.choice(len(counts), p=weights / weights.sum())
        possible[row, column] = np.arange(len(counts)) == chosen
        possible = propagate(possible, table.right, table.below)
    return None


def _entropies(possible: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Of the tiles' frequencies among the possible ones, in nats, (height, width)."""
    weights = possible * counts
    total = weights.sum(axis=2)
    logs = np.log(np.maximum(counts, 1))
    return np.log(total) - (weights * logs).sum(axis=2) / total


def _row_by_row(table: Table, possible, random) -> np.ndarray | None:
    level = np.zeros(possible.shape[:2], int)
    for row, column in np.ndindex(*level.shape):
        weights = table.counts * possible[row, column].astype(float)
        if column:
            weights = weights * table.right[level[row, column - 1]]
        if row:
            weights = weights * table.below[level[row - 1, column]]
        if not weights.any():
            return None
        level[row, column] = random.choice(len(weights), p=weights / weights.sum())
    return level
