"""Known mistakes in exercise 17.8 of lesson 17, where between two designs a picture lies.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import numpy as np

PLACE_CASES = [
    tuple(np.array(row, float) for row in rows)
    for rows in (
        ([1.0, 1.0], [0.0, 0.0], [4.0, 0.0]),
        ([3.0, 2.0, 0.0], [1.0, 0.0, 2.0], [2.0, 3.0, 4.0]),
        ([0.5, -1.0, 2.0, 1.0], [1.0, 1.0, 1.0, 0.0], [-1.0, 0.0, 3.0, 2.0]),
        ([-2.0, 1.0, 0.5], [0.0, 1.0, 0.0], [1.0, 2.0, 0.5]),  # before the first
    )
]


def place(picture, first, second) -> np.ndarray:
    """The right answer: the share of the way from first to second at which a picture's features
    (d,) are nearest, and how far off the line they are, in lengths of the way."""
    return _measured()(picture, first, second)


def _length(row) -> float:
    return np.linalg.norm(row)


def _projection(picture, first, second) -> float:
    way = second - first
    return (picture - first) @ way / (way @ way)


def _remainder(picture, first, second) -> float:
    share = _projection(picture, first, second)
    return _length(picture - first - share * (second - first)) / _length(second - first)


def _measured(share=_projection, off=_remainder):
    return lambda *given: np.array([share(*given), off(*given)])


def _cut(*given) -> float:
    return min(1, max(0, _projection(*given)))


def _by_distances(picture, first, second) -> float:
    to_first, to_second = _length(picture - first), _length(picture - second)
    return to_first / (to_first + to_second)


PLACES = [
    (
        _measured(share=_by_distances),
        "that share compares two distances; take (picture - first)·way / way·way.",
    ),
    (
        _measured(share=lambda x, a, b: _length(x - a) / _length(b - a)),
        "that share is the distance from first, off the line, too; project on the way first.",
    ),
    (
        _measured(share=lambda x, a, b: (x - a) @ (b - a) / _length(b - a)),
        "the share is in units of the features; divide by way·way, the length squared.",
    ),
    (
        _measured(share=lambda x, a, b: (x - a) @ (b - a)),
        "the scalar product is not divided yet; divide the share by way·way.",
    ),
    (
        _measured(share=lambda x, a, b: (x - a) @ (b - a) / _length(b - a) / _length(x - a)),
        "that share is a cosine: it says the direction, not how far; divide by way·way.",
    ),
    (
        _measured(share=lambda x, a, b: x @ (b - a) / ((b - a) @ (b - a))),
        "first is not subtracted from the picture: the way begins there.",
    ),
    (
        _measured(
            share=lambda x, a, b: x @ b / (b @ b), off=lambda x, a, b: _remainder(x, 0 * a, b)
        ),
        "that is measured from 0 to second; subtract first from both.",
    ),
    (
        lambda x, a, b: place(x, b, a),
        "that is the way from second to first; 0 is first, 1 is second.",
    ),
    (_measured(share=_cut), "the share is cut off at 0 and 1; leave what lies beyond the ends."),
    (
        _measured(off=lambda *given: _remainder(*given) * _length(given[2] - given[1])),
        "the distance off the line is in units of the features; divide by the way's length.",
    ),
    (
        _measured(off=lambda *given: _remainder(*given) ** 2),
        "the distance off the line is squared; take the root.",
    ),
    (
        _measured(off=lambda *given: _remainder(*given) / _length(given[2] - given[1])),
        "the distance off the line is divided by the length twice; once is enough.",
    ),
    (
        _measured(off=lambda x, a, b: _length(x - (a + b) / 2) / _length(b - a)),
        "that is the distance from the middle; take it from the nearest point of the line.",
    ),
    (
        _measured(off=lambda x, a, b: min(_length(x - a), _length(x - b)) / _length(b - a)),
        "that is the distance from the nearer end; take it from the nearest point of the line.",
    ),
    (lambda *given: place(*given)[::-1], "exchanged: the share comes first, then the distance."),
    (_projection, "that is the share alone; return the distance off the line, too."),
    (_remainder, "that is the distance alone; return the share first."),
]
