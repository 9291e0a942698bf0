"""The nearest neighbors of images in a collection: are generated images copies?"""

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from course_utils.data.images import as_floats

_CHUNK = 500  # of the collection, searched at once: bounds the memory, not the result


class Neighbors(NamedTuple):
    """For each query the index (m,) of its nearest neighbor and the distance (m,) to it."""

    indices: np.ndarray
    distances: np.ndarray


def nearest_neighbors(queries, collection) -> Neighbors:
    """The nearest of a collection (n, ...) for each of the queries (m, ...), by Euclidean distance.

    Images of uint8 are divided by 255 first, so that pixels of both sides count in [0, 1].
    """
    queries, collection = np.asarray(queries), np.asarray(collection)
    if queries.shape[1:] != collection.shape[1:] or len(collection) == 0:
        raise ValueError(
            f"The queries have shape {queries.shape}, the collection {collection.shape}; give "
            "both the same shape after the first number, and at least one image to find."
        )
    flat = as_floats(queries).reshape(len(queries), -1)
    nearest, distances = [], []
    for start in range(0, len(collection), _CHUNK):
        part = as_floats(collection[start : start + _CHUNK]).reshape(-1, flat.shape[1])
        to_part = cdist(flat, part)
        nearest.append(start + to_part.argmin(axis=1))
        distances.append(to_part.min(axis=1))
    chunk = np.argmin(distances, axis=0), np.arange(len(flat))
    return Neighbors(np.array(nearest)[chunk], np.array(distances)[chunk])
