"""The tiles of lesson 17's small game: 8 x 8 pixels in color, drawn by code, and levels of them.

What may lie beside what is learned in `tiles`.
"""

import numpy as np

SIDE = 8  # pixels
# Grass and a tree; a lake from its upper left corner to its lower right; roads by where they lead.
TILES = (".", "t", *"qweasdzxc", "-", "|", "r", "7", "L", "J")
NAMES = (
    "grass",
    "tree",
    *(f"lake {place}" for place in ["NW", "N", "NE", "W", "center", "E", "SW", "S", "SE"]),
    *(f"road {ways}" for ways in ["EW", "NS", "ES", "SW", "NE", "NW"]),
)

_GRASS, _LEAVES, _TRUNK = (124, 178, 66), (27, 94, 32), (93, 64, 55)
_WATER, _SAND, _ROAD = (41, 121, 204), (255, 224, 130), (158, 138, 110)
_SHORE = 2  # pixels of sand along a lake's edge


def tile_images() -> np.ndarray:
    """All tiles, uint8 (17, 8, 8, 3), in the order of `TILES`.

    >>> tile_images().shape
    (17, 8, 8, 3)
    """
    return np.stack([_drawn(name) for name in NAMES])


def level_image(level: np.ndarray) -> np.ndarray:
    """A level (height, width) of numbers of tiles as a picture, uint8 (8 height, 8 width, 3)."""
    height, width = np.shape(level)
    picture = tile_images()[level]  # height, width, 8, 8, 3
    return picture.swapaxes(1, 2).reshape(SIDE * height, SIDE * width, 3)


def _drawn(name: str) -> np.ndarray:
    picture = np.full((SIDE, SIDE, 3), _GRASS, np.uint8)
    kind, _, place = name.partition(" ")
    if kind == "tree":
        picture[1:5, 1:7] = picture[0:6, 2:6] = _LEAVES
        picture[6:8, 3:5] = _TRUNK
    elif kind == "lake":
        picture[:] = _WATER
        edges = {"N": np.s_[:_SHORE], "S": np.s_[-_SHORE:]}
        edges |= {"W": np.s_[:, :_SHORE], "E": np.s_[:, -_SHORE:]}
        for edge in "" if place == "center" else place:
            picture[edges[edge]] = _SAND
    elif kind == "road":
        middle = slice(SIDE // 2 - 1, SIDE // 2 + 1)
        picture[middle, middle] = _ROAD
        halves = {"N": slice(0, SIDE // 2), "S": slice(SIDE // 2, SIDE)}
        halves |= {"W": halves["N"], "E": halves["S"]}
        for way in place:
            where = (halves[way], middle) if way in "NS" else (middle, halves[way])
            picture[where] = _ROAD
    return picture
