"""Targets to train a flow of points on: ready ones, letters, and what a stroke of a brush leaves.

Pure functions; where on a picture the mouse is, is the business of `field_pictures`.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from course_utils import data
from course_utils.base.arguments import check_name, check_whole

READY = (*data.TOYS, "heart", "letters")
NUM_POINTS = 800  # of a ready target
LONGEST_TEXT = 2

_BRUSH = 0.04  # standard deviation of a stroke's points around the mouse's way
_SPACING = 0.01  # of the way, from one point to the next
_DAB = 20  # points where the mouse is pressed
_NOISE = 0.03  # of the heart and the letters
_REACH = 1.2  # the letters fill the plane from minus this to this
_FONT_SIZE = 120  # pixels, of the letters before they become points


def ready_target(name: str, n: int = NUM_POINTS, seed: int = 0, letters: str = "AI") -> np.ndarray:
    """n random points, float32 (n, 2), of a ready target, which fills about [-1.2, 1.2] both ways.

    name: one of `READY`: those of `data.toy`, a heart, or one or two letters.

    >>> ready_target("heart", 3).shape
    (3, 2)
    """
    check_name("target", name, READY)
    check_whole("n", n)
    if name in data.TOYS:
        return data.toy(name, n, seed)
    random = np.random.default_rng(seed)
    places = _heart(random, n) if name == "heart" else _letters(random, n, letters)
    return (places + random.normal(0, _NOISE, (n, 2))).astype(np.float32)


def _heart(random: np.random.Generator, n: int) -> np.ndarray:
    a = np.linspace(0, 2 * np.pi, 1001)
    up = 13 * np.cos(a) - 5 * np.cos(2 * a) - 2 * np.cos(3 * a) - np.cos(4 * a)
    outline = np.stack([16 * np.sin(a) ** 3, up + 2.5], axis=1) / 14
    # As many points on each piece as it is long: equal angles would crowd at both tips.
    way = np.append(0, np.linalg.norm(np.diff(outline, axis=0), axis=1).cumsum())
    places = random.uniform(0, way[-1], n)
    return np.stack([np.interp(places, way, axis) for axis in outline.T], axis=1)


def _letters(random: np.random.Generator, n: int, letters: str) -> np.ndarray:
    ink = np.argwhere(_drawn(check_letters(letters)))[:, ::-1]  # (x, y), y downwards
    corner, size = ink.min(axis=0), np.ptp(ink, axis=0)
    chosen = ink[random.integers(len(ink), size=n)] + random.uniform(-0.5, 0.5, (n, 2))
    return (chosen - corner - size / 2) * [1, -1] * (2 * _REACH / size.max())


def check_letters(letters) -> str:
    """One or two letters that can be drawn; ValueError or TypeError otherwise.

    >>> check_letters(" AI ")
    'AI'
    """
    if not isinstance(letters, str):
        raise TypeError(f"letters is {letters!r}; give a text of one or two letters.")
    text = letters.strip()
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise ValueError(f"letters is {letters!r}; give one or two letters, such as 'AI'.")
    if not _drawn(text).any():
        raise ValueError(f"letters is {letters!r}, which leaves no ink; give other letters.")
    return text


def _drawn(text: str) -> np.ndarray:
    """Where the text has ink, (height, width) of bool."""
    image = Image.new("L", (4 * _FONT_SIZE, 2 * _FONT_SIZE))
    font = ImageFont.load_default(_FONT_SIZE)
    ImageDraw.Draw(image).text((_FONT_SIZE, _FONT_SIZE // 4), text, 255, font)
    return np.asarray(image) > 127


def stroke_points(start, end, seed: int = 0) -> np.ndarray:
    """Points, float32 (n, 2), that a brush leaves on its way from start to end, each (x, y).

    Where both are the same, a dab of 20 points; otherwise a point each 0.01 of the way.

    >>> len(stroke_points((0, 0), (0, 0))), len(stroke_points((0, 0), (0.3, 0.4)))
    (20, 50)
    """
    start, end = np.asarray(start, float), np.asarray(end, float)
    length = float(np.linalg.norm(end - start))
    random = np.random.default_rng(seed)
    count = _DAB if length == 0 else max(1, round(length / _SPACING))
    shares = random.uniform(0, 1, (count, 1))
    places = start + shares * (end - start)
    return (places + random.normal(0, _BRUSH, (count, 2))).astype(np.float32)
