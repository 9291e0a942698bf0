"""The nearest neighbors of images in a collection: are generated images copies?"""

from typing import NamedTuple

import numpy as np

from course_utils.data.images import as_floats

_CHUNK = 500  # of the collection, searched at once: bounds the memory, not the result


class Neighbors(NamedTuple):
    """For each query the index (m,) of its nearest neighbor and the distance (m,) to it."""

    indices: np.ndarray
    distances: np.ndarray


def nearest_neighbors(queries, collection) -> Neighbors:
    """The nearest of a collection (n, ...) for each of the queries (m, ...), by Euclidean distance.

    Images of uint8 are divided by 255 first, so that pixels of both sides count in [0, 1].

    The search multiplies the squares out, |q - c|² = |q|² - 2 q·c + |c|², which one matrix product
    does: in hundreds of dimensions ten times as quick as SciPy's `cdist`, which the tests compare.
    The distances are those of plain differences.
    """
    queries, collection = np.asarray(queries), np.asarray(collection)
    if queries.shape[1:] != collection.shape[1:] or len(collection) == 0:
        raise ValueError(
            f"The queries have shape {queries.shape}, the collection {collection.shape}; give "
            "both the same shape after the first number, and at least one image to find."
        )
    flat = as_floats(queries).reshape(len(queries), -1)
    center = flat.mean(axis=0)  # around 0 the numbers are small, and so are the rounding errors
    nearest, closest = np.zeros(len(flat), int), np.full(len(flat), np.inf)
    for start in range(0, len(collection), _CHUNK):
        part = as_floats(collection[start : start + _CHUNK]).reshape(-1, flat.shape[1]) - center
        squares = (part**2).sum(axis=1) - 2 * (flat - center) @ part.T  # |q|² is left out
        indices, least = squares.argmin(axis=1), squares.min(axis=1)
        closer = least < closest
        nearest[closer], closest[closer] = start + indices[closer], least[closer]
    found = as_floats(collection[nearest]).reshape(flat.shape)
    return Neighbors(nearest, np.linalg.norm(flat - found, axis=1))
