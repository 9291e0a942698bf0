"""The picture of drawings that grow row by row, and the same in words: from a `View` to a PNG file.

Pure; made with Pillow, since it is made anew for each row.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from course_utils import plots

_NOT_DRAWN = (165, 180, 205)
_BORDER, _TEXT, _BAR, _MARK = "#A0A0A0", "#202020", *plots.COLORS[:2]
_BARS, _GAP, _HEADER = 104, 6, 18  # pixels: the longest bar, between images, above them
_IMAGES_WIDTH, _IMAGE_HEIGHT = 784, 224  # pixels: all images together, and each


@dataclass(frozen=True)
class View:
    """What the picture shows.

    drawings: (count, height, width, channels) in [0, 1], of which the first rows are there
    surprises: -log p of each row that is there of the first drawing, in nats, (rows,)
    held_out: (height, width, channels), the image whose first `kept` rows all drawings have
    number: of that image; class_name: of the drawings, or ""
    temperatures: at which rows were drawn; next_temperature: of the next row
    """

    drawings: np.ndarray
    surprises: np.ndarray
    held_out: np.ndarray
    number: int
    kept: int
    seed: int
    class_name: str
    temperatures: tuple[float, ...]
    next_temperature: float


# ---- in words ------------------------------------------------------------------------------------


def describe(view: View) -> str:
    """The drawings and their surprise in words: the picture's caption and alt text."""
    rows, height = len(view.surprises), len(view.held_out)
    named = f", class {view.class_name}" if view.class_name else ""
    states = [f"{rows} of {height} rows are there"]
    if view.kept:
        states.append(f"the first {view.kept} kept from held-out image {view.number}")
    if view.temperatures:
        states.append(f"{rows - view.kept} drawn at {_temperatures(view.temperatures)}")
    sentences = [f"{len(view.drawings)} drawings, seed {view.seed}{named}: {', '.join(states)}."]
    if rows < height:
        sentences.append(
            f"Blue-gray: not there yet; next row at temperature {view.next_temperature:g}."
        )
    sentences.append(f"Bars: surprise of each row of drawing 1, -log p; {_scale_of_bars(view)}.")
    if rows:
        last, total = view.surprises[-1], view.surprises.sum()
        sentences.append(f"Last row: {last:.1f} nats; sum so far: {total:.1f} nats.")
    sentences.append(f"Right: held-out image {view.number}.")
    return " ".join(sentences)


def _temperatures(used: tuple[float, ...]) -> str:
    low, high = min(used), max(used)
    return f"temperature {low:g}" if low == high else f"temperatures {low:g} to {high:g}"


def _scale_of_bars(view: View) -> str:
    full = f"full length {bar_limit(view.surprises):,} nats"
    return f"{full}, striped for kept rows" if view.kept else full


def bar_limit(surprises: np.ndarray) -> int:
    """Nats that the longest bar stands for: 1, 2 or 5 times a power of ten, from 10 on.

    >>> [bar_limit(np.array(nats)) for nats in ([], [3.0], [10.5, 2.0], [120.0])]
    [10, 10, 20, 200]
    """
    largest, limits = max(surprises, default=0), (10, 20, 50)
    while limits[-1] < largest:
        limits = tuple(10 * limit for limit in limits)
    return next(limit for limit in limits if limit >= largest)


# ---- in pixels -----------------------------------------------------------------------------------


def arrangement(count: int, height: int, width: int) -> tuple[int, list[int], int]:
    """Screen pixels a pixel, where each of the count + 1 images begins, and the picture's width."""
    scale = max(2, min(_IMAGES_WIDTH // ((count + 1) * width), _IMAGE_HEIGHT // height))
    step = width * scale + _GAP
    lefts = [_BARS + 2 * _GAP + i * step for i in range(count)]
    lefts.append(lefts[-1] + step + 2 * _GAP)  # the held-out one stands apart
    return scale, lefts, lefts[-1] + width * scale + 1


def picture_png(view: View) -> bytes:
    """PNG file: the bars, the drawings, and after a wider gap the held-out image."""
    tiles = plots.to_uint8(np.concatenate([view.drawings, view.held_out[np.newaxis]]))
    tiles = np.repeat(tiles[..., np.newaxis], 3, axis=-1) if tiles.ndim == 3 else tiles
    tiles[:-1, len(view.surprises) :] = _NOT_DRAWN
    count, height, width = len(view.drawings), *tiles.shape[1:3]
    scale, lefts, whole_width = arrangement(count, height, width)
    bottom = _HEADER + height * scale
    picture = Image.new("RGB", (whole_width, bottom + 1), "white")
    pen = ImageDraw.Draw(picture)
    titles = [*map(str, range(1, count + 1)), "held out"]
    for left, tile, title in zip(lefts, tiles, titles, strict=True):
        right = left + width * scale
        enlarged = tile.repeat(scale, axis=0).repeat(scale, axis=1)
        picture.paste(Image.fromarray(enlarged), (left, _HEADER))
        pen.rectangle((left - 1, _HEADER - 1, right, bottom), outline=_BORDER)
        _write(pen, (left + right) / 2, title, "mm")
    _draw_bars(pen, view, scale, bottom)
    if view.kept:
        mark = _HEADER + view.kept * scale
        pen.line((0, mark, whole_width, mark), _MARK)
    return plots.png_bytes(np.asarray(picture), compress_level=1)


def _write(pen: ImageDraw.ImageDraw, x: float, text: str, anchor: str) -> None:
    pen.text((x, _HEADER / 2 - 1), text, _TEXT, ImageFont.load_default(12), anchor)


def _draw_bars(pen: ImageDraw.ImageDraw, view: View, scale: int, bottom: int) -> None:
    """To the left from a line beside the first drawing, a bar a row; striped for kept rows."""
    limit, zero = bar_limit(view.surprises), _BARS + _GAP // 2
    _write(pen, zero - _BARS, f"{limit:,} nats", "lm")
    _write(pen, zero, "0", "mm")
    for x, color in ((zero, _TEXT), (zero - _BARS, _BORDER)):
        pen.line((x, _HEADER, x, bottom - 1), color)
    for row, nats in enumerate(view.surprises):
        top, end = _HEADER + row * scale, zero - round(_BARS * nats / limit)
        stripe = (4, 1) if row < view.kept else (1, 0)  # from one to the next, and its width less 1
        for x in range(zero, end - 1, -stripe[0]):
            pen.rectangle((max(end, x - stripe[1]), top, x, top + scale - 2), fill=_BAR)
