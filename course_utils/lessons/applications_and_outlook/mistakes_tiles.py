"""Known mistakes in exercise 17.5 of lesson 17, the propagation of what is possible.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import numpy as np

from course_utils.lessons.applications_and_outlook import tiles

_FROM = ("left", "right", "above", "below")


def _only(shape: tuple[int, int], num_tiles: int, fixed: dict) -> np.ndarray:
    possible = np.ones((*shape, num_tiles), bool)
    for place, allowed in fixed.items():
        possible[place] = np.isin(np.arange(num_tiles), allowed)
    return possible


def _cases() -> list[tuple]:
    steps = (
        np.abs(np.subtract.outer(range(4), range(4))) <= 1
    )  # each tile beside the next or itself
    ring = np.array([[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1], [1, 0, 0, 0]], bool)
    table = tiles.learn(tiles.example_level())
    lake, road = tiles.TILES.index("q"), tiles.TILES.index("r")
    return [
        (_only((1, 6), 4, {(0, 1): [0], (0, 5): [3]}), steps, steps),
        (_only((3, 3), 4, {(1, 1): [1]}), ring, steps),
        (_only((4, 2), 4, {(0, 0): [0], (3, 1): [3]}), steps, ring),
        (_only((2, 3), 4, {(0, 0): [0], (0, 2): [3]}), steps, steps),  # a contradiction
        (_only((1, 1), 4, {}), ring, ring),
        (
            _only((4, 5), len(tiles.TILES), {(1, 1): [lake], (3, 4): [road, 0]}),
            table.right,
            table.below,
        ),
    ]


PROPAGATE_CASES = _cases()


def _any(has, table):
    return has.astype(int) @ table > 0


def _all(has, table):
    return has.astype(int) @ ~table == 0


def _supported(possible, right, below, sides=_FROM, rule=_any, edge="free"):
    """For each side: which tiles the neighbor there permits, bool (height, width, tiles)."""
    tables = {"left": (1, 1, right), "right": (1, -1, right.T)}
    tables |= {"above": (0, 1, below), "below": (0, -1, below.T)}
    for side in sides:
        axis, shift, table = tables[side]
        neighbors = np.roll(possible, shift, axis)
        permitted = rule(neighbors, table)
        first = [slice(None)] * 2
        first[axis] = 0 if shift == 1 else -1
        if edge != "round":
            permitted[tuple(first)] = edge == "free"
        yield permitted


def _repeated(together=np.all, most=1000, **options):
    """Propagation with a slip in how the sides are taken together, or how often."""

    def wrong(possible, right, below):
        for _ in range(most):
            permitted = list(_supported(possible, right, below, **options))
            after = possible & together(permitted, axis=0)
            if (after == possible).all():
                break
            possible = after
        return possible

    return wrong


def _one_after_the_other(possible, right, below):
    """A single round, in which each side sees what the sides before it have removed."""
    possible = possible.copy()
    for side in _FROM:
        possible &= next(_supported(possible, right, below, sides=[side]))
    return possible


def _one_scan(possible, right, below):
    """A single round place by place, from the upper left."""
    possible = possible.copy()
    for place in np.ndindex(*possible.shape[:2]):
        permitted = list(_supported(possible, right, below))
        possible[place] &= np.all([one[place] for one in permitted], axis=0)
    return possible


def _empty_is_free(possible, right, below):
    """A place without any tile permits everything."""
    while True:
        free = np.where(possible.any(axis=2, keepdims=True), possible, True)
        after = possible & np.all(list(_supported(free, right, below)), axis=0)
        if (after == possible).all():
            return possible
        possible = after


def _decided_only(possible, right, below):
    """Only places with a single tile say something to their neighbors."""
    while True:
        decided = np.where(possible.sum(axis=2, keepdims=True) == 1, possible, True)
        permitted = list(_supported(decided, right, below))
        after = possible & np.all(permitted, axis=0)
        if (after == possible).all():
            return possible
        possible = after


_right = tiles.propagate

PROPAGATES = [
    (
        lambda possible, right, below: possible,
        "nothing is removed; drop tiles that no neighbor fits.",
    ),
    (
        _repeated(most=1),
        "that is one round; what it removes may cost a neighbor its tiles: repeat until none goes.",
    ),
    (
        _one_after_the_other,
        "one round through the four sides is not enough: repeat until a round removes nothing.",
    ),
    (
        _one_scan,
        "one walk from the upper left is not enough: what goes later matters to earlier places.",
    ),
    (
        _repeated(sides=("left", "right")),
        "only neighbors in the row count here; the table `below` holds for those above and below.",
    ),
    (
        _repeated(sides=("above", "below")),
        "only neighbors in the column count here; `right` holds for those to the left and right.",
    ),
    (
        _repeated(sides=("left", "above")),
        "each place looks only to its left and up; look to the right and down as well.",
    ),
    (
        _repeated(sides=("right", "below")),
        "each place looks only to its right and down; look to the left and up as well.",
    ),
    (
        _repeated(edge="round"),
        "the level is wrapped around (np.roll?): the last column is no neighbor of the first.",
    ),
    (
        _repeated(edge="shut"),
        "places at the edge lose all tiles; where there is no neighbor, nothing is asked.",
    ),
    (
        _repeated(rule=_all),
        "a tile has to fit one possible tile of each neighbor, not all of them: any, not all.",
    ),
    (
        _repeated(together=np.any, edge="shut"),
        "a tile has to fit on all of its sides; here one side is enough.",
    ),
    (
        lambda possible, right, below: _right(possible, right.T, below.T),
        "both tables are turned round: right[a, b] says that b may lie to the right of a.",
    ),
    (
        lambda possible, right, below: _right(possible, below, right),
        "the two tables are exchanged: `right` is for neighbors in a row, along axis 1.",
    ),
    (
        lambda possible, right, below: _right(possible, right | right.T, below | below.T),
        "here a may lie to the right of b where b may lie to the right of a; the order counts.",
    ),
    (
        _empty_is_free,
        "a place without any possible tile permits nothing: the contradiction has to spread.",
    ),
    (
        _decided_only,
        "only decided places count here; one with two possible tiles also restricts its neighbors.",
    ),
    (
        lambda *given: ~_right(*given),
        "those are the tiles that are removed; return what stays possible.",
    ),
    (
        lambda *given: _right(*given).sum(axis=2),
        "that is the number of tiles in each place; return which, (height, width, tiles).",
    ),
]
