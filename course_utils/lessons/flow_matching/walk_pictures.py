"""The picture of one sample's path, and the same in words: from a `Path` to a PNG file and a text.

Pure; made with Pillow, since it is made anew at each move of a slider. The widget is `walk`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from course_utils import plots

PICTURE_WIDTH = 880  # screen pixels
LONGEST_STRIP = 8  # steps between the stages that a strip shows

_LABELS, _GAP, _TITLE, _MARKS = 64, 6, 20, 16  # pixels: names of the strips, between tiles, texts
_LARGE = 224  # a large image, about
_BORDER, _TEXT, _MARK = "#A0A0A0", "#202020", plots.COLORS[1]


class Settings(NamedTuple):
    """What a path depends on, besides the model."""

    num_steps: int
    solver: str
    seed: int
    guidance: float = 1.0
    label: int | None = None


@dataclass(frozen=True)
class Path:
    """One sample's path; images in [0, 1], what lies beyond cut off.

    times: (num_steps + 1,), of the stages
    stages: (num_steps + 1, height, width, channels), from noise to the image
    guesses: of the same shape, the clean image that the network guesses at each stage
    calls: how often the network was called from noise to the image
    """

    settings: Settings
    times: np.ndarray
    stages: np.ndarray
    guesses: np.ndarray
    calls: int

    def distance(self, stage: int) -> float:
        """Root mean square difference, a pixel, between the guess at a stage and the path's end."""
        return float(np.sqrt(np.mean((self.guesses[stage] - self.stages[-1]) ** 2)))


def shown_stages(num_steps: int) -> list[int]:
    """The numbers of the stages that a strip shows: all, or nine at equal distances.

    >>> shown_stages(2), shown_stages(32)
    ([0, 1, 2], [0, 4, 8, 12, 16, 20, 24, 28, 32])
    """
    return list(range(0, num_steps + 1, max(1, num_steps // LONGEST_STRIP)))


# ---- in words ------------------------------------------------------------------------------------


def time_text(time: float) -> str:
    """A time with two digits, by which the stages of a path of 32 steps still differ.

    >>> time_text(0), time_text(0.4375), time_text(0.3), time_text(1.0)
    ('0', '0.44', '0.3', '1')
    """
    return f"{time:.2f}".rstrip("0").rstrip(".")


def describe(path: Path, stage: int, class_name: str = "") -> str:
    """The path and one of its stages in words: the picture's caption and alt text."""
    settings = path.settings
    plural = "" if settings.num_steps == 1 else "s"
    parts = [f"One sample's path, seed {settings.seed}"]
    if class_name:
        parts += [f"class {class_name}", f"guidance {settings.guidance:g}"]
    parts.append(
        f"{settings.num_steps} step{plural} of {settings.solver} ({path.calls} network "
        f"call{'' if path.calls == 1 else 's'})"
    )
    time = time_text(path.times[stage])
    where = f"At time {time}, stage {stage} of {settings.num_steps}"
    if stage == settings.num_steps:
        seen = "the path's end, twice: there is nothing left to guess"
    else:
        share = (
            "noise" if stage == 0 else f"about {time} image + {time_text(1 - float(time))} noise"
        )
        seen = (
            f"left the stage, {share}; right the clean image that the network guesses there, "
            f"{path.distance(stage):.3f} a pixel from the path's end (root mean square; pixels are "
            "from 0 to 1)"
        )
    return (
        f"{', '.join(parts)}. {where}: {seen}. Below, stages from noise to image, and the guess at "
        "each; a mark shows the time."
    )


# ---- in pixels -----------------------------------------------------------------------------------


def picture_png(path: Path, stage: int) -> bytes:
    """PNG file: a stage and its guess, large; below, the strips of stages and of guesses."""
    stages, guesses = _colored(path.stages), _colored(path.guesses)
    height, width = stages.shape[1:3]
    large = max(1, _LARGE // max(height, width))
    small = max(1, (PICTURE_WIDTH - _LABELS) // (LONGEST_STRIP + 1) - _GAP)
    small = max(1, small // max(height, width))
    strip_top = _TITLE + large * height + 2 * _GAP + _MARKS
    bottom = strip_top + 2 * small * height + _GAP + _TITLE
    picture = Image.new("RGB", (PICTURE_WIDTH, bottom), "white")
    pen = ImageDraw.Draw(picture)

    lefts = (_LABELS, _LABELS + large * width + 4 * _GAP)
    titles = (f"stage at time {time_text(path.times[stage])}", "the guess there")
    for left, image, title in zip(lefts, (stages[stage], guesses[stage]), titles, strict=True):
        _paste(picture, pen, image, large, left, _TITLE)
        _write(pen, left + large * width / 2, _TITLE / 2 - 1, title)

    step = small * width + _GAP
    middles = _LABELS + small * width / 2 + step * np.arange(LONGEST_STRIP + 1)
    shown = shown_stages(path.settings.num_steps)
    lower = strip_top + small * height + _GAP
    for top, images, name in ((strip_top, stages, "stages"), (lower, guesses, "guesses")):
        _write(pen, _LABELS - _GAP, top + small * height / 2, name, "rm")
        for number, left in zip(shown, middles - small * width / 2, strict=False):
            _paste(picture, pen, images[number], small, int(left), top, marked=number == stage)
    for number, middle in zip(shown, middles, strict=False):
        _write(pen, middle, bottom - _TITLE / 2, time_text(path.times[number]))
    share = stage / path.settings.num_steps  # of the strip, whose tiles stand at equal distances
    tip = middles[0] + share * (middles[len(shown) - 1] - middles[0])
    high = strip_top - _GAP - _MARKS // 2
    pen.polygon([(tip - 7, high), (tip + 7, high), (tip, strip_top - 3)], fill=_MARK)
    return plots.png_bytes(np.asarray(picture), compress_level=1)


def _colored(images: np.ndarray) -> np.ndarray:
    """uint8 (n, height, width, 3), gray ones too."""
    images = plots.to_uint8(images)
    return np.repeat(images[..., np.newaxis], 3, axis=-1) if images.ndim == 3 else images


def _paste(picture, pen, image, scale: int, left: int, top: int, *, marked: bool = False) -> None:
    """An image in crisp squares, its frame around it; a thick one in color where it is marked."""
    height, width = scale * image.shape[0], scale * image.shape[1]
    enlarged = image.repeat(scale, axis=0).repeat(scale, axis=1)
    picture.paste(Image.fromarray(enlarged), (left, top))
    frame = 2 if marked else 1
    box = (left - frame, top - frame, left + width + frame - 1, top + height + frame - 1)
    pen.rectangle(box, outline=_MARK if marked else _BORDER, width=frame)


def _write(pen, x: float, y: float, text: str, anchor: str = "mm") -> None:
    pen.text((x, y), text, _TEXT, ImageFont.load_default(12), anchor)
