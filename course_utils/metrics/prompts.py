"""Do pictures follow the words? Whether the nearest real picture is the one that was asked for."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from course_utils import data
from course_utils.data.images import as_floats

_CHUNK = 256  # pictures compared at once: bounds the memory, not the result


class Followed(NamedTuple):
    """Shares of pictures whose nearest real one, or one of the five nearest, was asked for.

    ranks: int (n,), how many real pictures are as near as the one asked for, itself included
    """

    top_1: float
    top_5: float
    mean_rank: float
    ranks: np.ndarray

    def __str__(self) -> str:
        return f"top 1 {self.top_1:.1%}, top 5 {self.top_5:.1%}, mean rank {self.mean_rank:.1f}"


def followed(
    images,
    captions: Sequence[str],
    designs: Sequence[str],
    *,
    candidates: tuple | None = None,
    features: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Followed:
    """How often images (n, ...) resemble the real picture with their caption and design most.

    captions, designs: what each image was asked to be, n each
    candidates: real images, captions and designs, among which each image competes with those of its
        design; by default all emoji, those of training and the held-out ones, in English
    features: function(images) -> (n, k), in which the Euclidean distance is taken; else pixels

    Chance is one in as many as there are candidates of the design: 1 in 3,500 for "noto".
    """
    real, real_captions, real_designs = candidates or all_emoji()
    captions, designs = list(captions), list(designs)
    if not len(images) == len(captions) == len(designs) > 0:
        raise ValueError(
            f"There are {len(images)} images, {len(captions)} captions and {len(designs)} designs; "
            "give one of each for each image, and at least one."
        )
    places = {
        pair: place for place, pair in enumerate(zip(real_captions, real_designs, strict=True))
    }
    missing = [pair for pair in zip(captions, designs, strict=True) if pair not in places]
    if missing:
        caption, design = missing[0]
        raise ValueError(
            f"No real picture is called {caption!r} in the design {design!r}, so none can be "
            "found; ask for what is there."
        )
    see = features or (lambda pixels: pixels.reshape(len(pixels), -1))
    made, wanted = as_floats(np.asarray(images)), np.asarray(designs)
    ranks = np.zeros(len(made), int)
    real_designs = np.asarray(real_designs)
    for design in dict.fromkeys(designs):
        rows, there = np.flatnonzero(wanted == design), np.flatnonzero(real_designs == design)
        asked = [places[captions[row], design] for row in rows]
        known = np.asarray(see(as_floats(real[there])))
        center = known.mean(axis=0)  # around 0 the numbers are small, and so are rounding errors
        known = known - center
        lengths = np.einsum("ij,ij->i", known, known)
        answers = np.searchsorted(there, asked)
        for start in range(0, len(rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            seen = np.asarray(see(made[rows[part]])) - center
            squares = lengths - 2 * seen @ known.T  # up to a number for each picture
            own = np.take_along_axis(squares, answers[part, np.newaxis], axis=1)
            ranks[rows[part]] = (squares <= own).sum(axis=1)
    return Followed(
        float(np.mean(ranks <= 1)), float(np.mean(ranks <= 5)), float(ranks.mean()), ranks
    )


def all_emoji() -> tuple[np.ndarray, list[str], list[str]]:
    """The images, captions in English and designs of both splits of the emoji."""
    parts = [data.load_captioned("emoji", split) for split in ("train", "test")]
    images, captions, designs = zip(*parts, strict=True)
    return np.concatenate(images), [*captions[0], *captions[1]], [*designs[0], *designs[1]]
