"""Nearest neighbors against a naive search."""

import numpy as np
import pytest
from scipy.spatial import distance

from course_utils import metrics
from course_utils.metrics import neighbors


def naive_neighbors(queries, collection):
    """One pair at a time, in float64, the first of equals."""
    whole = [
        (pixels / 255 if pixels.dtype == np.uint8 else pixels).astype(np.float64)
        for pixels in (queries, collection)
    ]
    distances = np.array([[np.sqrt(np.sum((q - c) ** 2)) for c in whole[1]] for q in whole[0]])
    return distances.argmin(axis=1), distances.min(axis=1)


def some(dtype, *shape, seed=0):
    rng = np.random.default_rng(seed)
    whole = rng.integers(0, 256, shape, dtype=np.uint8)
    return whole if dtype == "uint8" else (whole / 255).astype(dtype)


@pytest.mark.parametrize("n", [1, 499, 500, 501, 1000, 1001])
@pytest.mark.parametrize(
    "kinds", [("uint8", "uint8"), ("float32", "uint8"), ("float64", "float32")]
)
def test_nearest_neighbors_are_those_of_a_naive_search(kinds, n):
    queries, collection = some(kinds[0], 5, 3, 3, 1), some(kinds[1], n, 3, 3, 1, seed=1)
    found = metrics.nearest_neighbors(queries, collection)
    indices, distances = naive_neighbors(queries, collection)
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances, rtol=1e-5)


def test_in_many_dimensions_scipy_finds_the_same():
    queries, collection = some("uint8", 60, 20, 20, 1), some("uint8", 1200, 20, 20, 1, seed=1)
    found = metrics.nearest_neighbors(queries, collection)
    flat = [one.reshape(len(one), -1) / 255 for one in (queries, collection)]
    by_scipy = distance.cdist(*flat)
    np.testing.assert_array_equal(found.indices, by_scipy.argmin(axis=1))
    np.testing.assert_allclose(found.distances, by_scipy.min(axis=1), rtol=1e-5)


@pytest.mark.parametrize("chunk", [1, 7, 40, 41, 1000])
def test_the_size_of_the_chunks_changes_no_neighbor(chunk, monkeypatch):
    queries, collection = some("uint8", 6, 4, 4, 1), some("uint8", 41, 4, 4, 1, seed=1)
    whole = metrics.nearest_neighbors(queries, collection)
    monkeypatch.setattr(neighbors, "_CHUNK", chunk)
    found = metrics.nearest_neighbors(queries, collection)
    np.testing.assert_array_equal(found.indices, whole.indices)
    np.testing.assert_array_equal(found.distances, whole.distances)


@pytest.mark.parametrize("place", [0, 499, 500, 999, 1000, 1202])
def test_a_copy_is_found_on_either_side_of_a_chunk_s_border(place):
    collection = some("uint8", 1203, 4, 4, 1)
    found = metrics.nearest_neighbors(collection[place : place + 1], collection)
    assert (found.indices.tolist(), found.distances.tolist()) == ([place], [0.0])
    as_float = collection[place : place + 1] / 255
    found = metrics.nearest_neighbors(as_float, collection)
    assert found.indices.tolist() == [place]
    assert found.distances[0] == pytest.approx(0, abs=1e-6)


def test_of_equally_near_ones_the_first_is_named():
    """Within a chunk and across them."""
    collection = np.ones((1500, 2, 2, 1))
    collection[[30, 40, 700, 1400]] = 0.25
    assert metrics.nearest_neighbors(np.full((2, 2, 2, 1), 0.2), collection).indices.tolist() == [
        30,
        30,
    ]


@pytest.mark.parametrize("shape", [(0, 4), (5, 3)])
def test_nearest_neighbors_of_other_sizes_or_of_nothing_are_refused(shape):
    with pytest.raises(ValueError, match="at least one image to find"):
        metrics.nearest_neighbors(np.ones((2, 4)), np.ones(shape))
