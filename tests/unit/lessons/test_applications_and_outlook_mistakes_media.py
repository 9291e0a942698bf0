"""Every known mistake of exercises 17.5 to 17.8 is told its own sentence, no right answer is."""

import itertools

import numpy as np
import pytest
from known_mistakes import assert_each_is_told
from scipy import ndimage, stats

from course_utils.lessons.applications_and_outlook import (
    frames,
    mistakes_media,
    mistakes_mixes,
    mistakes_tiles,
    tiles,
)


def propagate_place_by_place(possible, right, below):
    """With a list of places to look at again (AC-3)."""
    possible = possible.copy()
    height, width, _ = possible.shape
    steps = {(0, 1): right, (0, -1): right.T, (1, 0): below, (-1, 0): below.T}
    waiting = list(itertools.product(range(height), range(width)))
    while waiting:
        row, column = waiting.pop()
        for (down, across), table in steps.items():
            there = row + down, column + across
            if 0 <= there[0] < height and 0 <= there[1] < width:
                kept = possible[there] & table[possible[row, column]].any(axis=0)
                if (kept != possible[there]).any():
                    possible[there] = kept
                    waiting.append(there)
    return possible


def corrected_by_sums(clicks, shown, rate):
    counts = np.arange(shown + 1)
    chances = stats.binom.pmf(counts, shown, rate)
    return [min(1, len(clicks) * chances[counts >= one].sum()) for one in clicks]


def between_in_loops(first, second, flow, share):
    frame = np.empty(first.shape)
    for row, column in np.ndindex(*first.shape):
        values = []
        for image, amount in ((first, -share), (second, 1 - share)):
            place = np.array([row, column]) + amount * flow[:, row, column]
            place = place[:, np.newaxis]
            values.append(ndimage.map_coordinates(image, place, order=1, mode="nearest")[0])
        frame[row, column] = (1 - share) * values[0] + share * values[1]
    return frame


def place_by_least_squares(picture, first, second):
    way = second - first
    (share,), (rest,), *_ = np.linalg.lstsq(way[:, np.newaxis], picture - first)
    return share, np.sqrt(rest / (way @ way))


EXERCISES = {
    "17.5": (
        propagate_place_by_place,
        tiles.propagate,
        mistakes_tiles.PROPAGATE_CASES,
        mistakes_tiles.PROPAGATES,
    ),
    "17.6": (
        corrected_by_sums,
        mistakes_media.corrected,
        mistakes_media.CORRECTED_CASES,
        mistakes_media.CORRECTIONS,
    ),
    "17.7": (
        between_in_loops,
        frames.between,
        mistakes_media.FRAME_CASES,
        mistakes_media.FRAMES,
    ),
    "17.8": (
        place_by_least_squares,
        mistakes_mixes.place,
        mistakes_mixes.PLACE_CASES,
        mistakes_mixes.PLACES,
    ),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, cases, known = EXERCISES[name]
    assert_each_is_told(name, right, cases, known, capsys, expected)


@pytest.mark.parametrize("name", EXERCISES)
def test_no_sentence_is_given_twice(name):
    sentences = [sentence for _, sentence in EXERCISES[name][3]]
    assert len(set(sentences)) == len(sentences)


def test_one_contradiction_is_among_the_cases():
    empty = [not tiles.propagate(*case).any() for case in mistakes_tiles.PROPAGATE_CASES]
    assert sum(empty) == 1
