"""What `metrics` measures of images, against SciPy, NumPy and naive searches; refusals."""

import warnings

import numpy as np
import pytest
import scipy.linalg

from course_utils import data, metrics
from course_utils.metrics import features, neighbors
from course_utils.models import pretrained

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def images():
    return data.load_images("fashion_mnist", split="test")[0][:600]


def covariance(size, rank=None, seed=0):
    """A random covariance whose eigenvalues lie between 0.5 and 5, or of a lower rank."""
    rng = np.random.default_rng(seed)
    vectors = np.linalg.qr(rng.normal(size=(size, size)))[0]
    values = rng.uniform(0.5, 5, size)
    values[size if rank is None else rank :] = 0
    return (vectors * values) @ vectors.T


# --- the formula -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 16, 64])
@pytest.mark.parametrize("seed", range(3))
def test_the_distance_equals_scipy_s_matrix_square_root(size, seed):
    rng = np.random.default_rng(seed)
    means = rng.normal(size=(2, size))
    first, second = covariance(size, seed=seed), covariance(size, seed=seed + 10)
    root = scipy.linalg.sqrtm(first @ second).real
    expected = np.sum((means[0] - means[1]) ** 2) + np.trace(first + second - 2 * root)
    found = metrics.gaussian_frechet_distance(means[0], first, means[1], second)
    assert found == pytest.approx(expected, rel=1e-8)


def test_the_distance_of_diagonal_gaussians_has_a_closed_form():
    # Independent coordinates: a sum of (m1 - m2)² + (s1 - s2)².
    s1, s2 = RNG.uniform(0, 3, (2, 5))
    m1, m2 = RNG.normal(size=(2, 5))
    found = metrics.gaussian_frechet_distance(m1, np.diag(s1**2), m2, np.diag(s2**2))
    assert found == pytest.approx(np.sum((m1 - m2) ** 2 + (s1 - s2) ** 2), rel=1e-10)


@pytest.mark.parametrize(("first_rank", "second_rank"), [(0, 8), (3, 8), (3, 2), (0, 0)])
def test_singular_covariances_give_a_finite_symmetric_distance(first_rank, second_rank):
    mean, other = np.zeros(8), np.ones(8)
    first, second = covariance(8, first_rank), covariance(8, second_rank, seed=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forth = metrics.gaussian_frechet_distance(mean, first, other, second)
        back = metrics.gaussian_frechet_distance(other, second, mean, first)
    assert isinstance(forth, float)
    assert np.isfinite(forth)
    assert forth >= 0
    assert forth == pytest.approx(back, rel=1e-6)
    if first_rank == 0:  # a point: the shift and the other's whole variance
        assert forth == pytest.approx(8 + np.trace(second), rel=1e-12)


def test_equal_gaussians_have_no_distance():
    for matrix in (covariance(16), covariance(16, rank=4)):
        distance = metrics.gaussian_frechet_distance(np.ones(16), matrix, np.ones(16), matrix)
        assert 0 <= distance < 1e-6


# --- features ----------------------------------------------------------------------------------


def test_features_are_the_same_in_chunks(images, monkeypatch):
    together = metrics.image_features(images)  # more than one chunk already
    assert together.dtype == np.float32
    assert together.shape == (600, 64)
    monkeypatch.setattr(features, "_CHUNK", 97)
    np.testing.assert_allclose(metrics.image_features(images), together, rtol=1e-4, atol=1e-4)
    monkeypatch.setattr(features, "_CHUNK", 10_000)
    np.testing.assert_allclose(metrics.image_features(images), together, rtol=1e-4, atol=1e-4)


def test_features_are_those_of_the_named_layer(images):
    network = pretrained.load("fashion_features_v1")
    tail = network.layers[network.layers.index(network.get_layer("features")) + 1 :]
    logits = metrics.image_features(images[:50])
    for layer in tail:
        logits = layer(logits)
    expected = network(data.scale_pixels(images[:50] / np.float32(255)))
    np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-3)


def test_a_network_of_one_s_own_is_measured_as_a_shipped_one_is(images):
    network = pretrained.load("fashion_features_v1")
    np.testing.assert_array_equal(
        metrics.network_features(network, images), metrics.image_features(images)
    )
    with pytest.raises(ValueError, match=f"but {network.name} measures"):
        metrics.network_features(network, images[:, :14])


def test_statistics_of_features_are_numpy_s_in_float64():
    found = RNG.normal(1000, 1, (50, 3)).astype(np.float32)
    mean, matrix = metrics.feature_statistics(found)
    np.testing.assert_allclose(mean, found.astype(np.float64).mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(matrix, np.cov(found.astype(np.float64).T), rtol=1e-12)
    with pytest.raises(ValueError, match="at least 2 images"):
        metrics.feature_statistics(found[:1])


@pytest.mark.parametrize(("reference", "at_least"), [("fashion_mnist", 0.90), ("animals", 0.95)])
def test_the_classifiers_are_as_accurate_as_the_manifest_says(reference, at_least):
    known = metrics.REFERENCES[reference]
    images, labels = data.load_images(known.dataset, known.split)
    network = pretrained.load(known.features)
    dataset = data.make_dataset(images, batch_size=500, shuffle=False).map(data.scale_pixels)
    accuracy = np.mean(network.predict(dataset, verbose=0).argmax(axis=1) == labels)
    recorded = pretrained.manifest()[known.features]["quality"]["test_accuracy"]
    assert accuracy >= at_least
    # Rounding on another processor may turn a few images.
    assert accuracy == pytest.approx(recorded, abs=5 / len(images))


@pytest.mark.parametrize("reference", metrics.REFERENCES)
def test_every_feature_tells_some_images_from_others(reference):
    known = metrics.REFERENCES[reference]
    images, _ = data.load_images(known.dataset, known.split)
    spread = metrics.image_features(images[:2000], known.features).std(axis=0)
    assert (spread > 0).all(), f"{(spread == 0).sum()} of {len(spread)} features are dead"


# --- distances of images -----------------------------------------------------------------------


@pytest.mark.parametrize("reference", metrics.REFERENCES)
def test_floor_and_ceiling_are_as_recorded(reference):
    known = metrics.REFERENCES[reference]
    quality = pretrained.manifest()[known.features]["quality"]
    real, _ = data.load_images(known.dataset, split="train")
    mean = np.broadcast_to(real.mean(axis=0, keepdims=True) / 255, (1000, 28, 28, 1))
    floor = float(metrics.frechet_distance(real[:10_000], reference))
    ceiling = float(metrics.frechet_distance(mean, reference))
    # Both hang on the last bits of float32 features only: 2 % leaves room for other processors.
    assert floor == pytest.approx(quality["floor"], rel=0.02)
    assert ceiling == pytest.approx(quality["ceiling"], rel=0.02)
    assert quality["floor"] < 0.01 * quality["ceiling"]


def test_bytes_and_floats_have_the_same_distance(images):
    whole = metrics.frechet_distance(images)
    for dtype in ("float32", "float64"):
        floats = (images / 255).astype(dtype)
        assert float(metrics.frechet_distance(floats)) == pytest.approx(float(whole), rel=1e-4)
    assert 0 < float(whole) < 20


def test_worse_images_are_further_away(images):
    floats = images / 255
    noise = np.clip(floats + np.random.default_rng(0).normal(0, 0.2, floats.shape), 0, 1)
    distances = [float(metrics.frechet_distance(x)) for x in (floats, noise, 1 - floats)]
    assert distances == sorted(distances)
    assert distances[1] > 2 * distances[0]


def test_a_result_says_how_many_images_it_compares(images):
    result = metrics.frechet_distance(images)
    assert (result.num_images, result.num_reference) == (600, 10_000)
    assert result.distance == float(result)
    assert str(result) == (
        f"Fréchet distance {result.distance:.2f} (600 images against 10,000 of fashion_mnist test, "
        "features fashion_features_v1)"
    )
    assert isinstance(f"{float(result):.1f}", str)


def test_two_images_are_enough_for_a_number(images):
    assert np.isfinite(float(metrics.frechet_distance(images[:2])))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda x: x[:1], ValueError, "needs at least 2 images.*there are 1"),
        (lambda x: x[:0], ValueError, "empty"),
        (lambda x: x[:, :14], ValueError, r"\(14, 28, 1\), but fashion_features_v1 measures"),
        (lambda x: np.repeat(x, 3, axis=-1), ValueError, r"\(28, 28, 3\), but"),
        (lambda x: x[..., 0], ValueError, "channel axis is missing"),
        (lambda x: x.astype("float32"), ValueError, "divide by 255"),
        (lambda x: x / 127.5 - 1, ValueError, "unscale_pixels"),
        (lambda x: np.full((4, 28, 28, 1), np.nan), ValueError, "not finite"),
        (lambda x: x.astype("int64"), TypeError, "dtype int64"),
        (lambda x: np.zeros((4, 2)), ValueError, "shape"),
    ],
)
def test_unfit_images_are_refused_in_one_sentence(images, make, error, words):
    with pytest.raises(error, match=words) as raised:
        metrics.frechet_distance(make(images))
    assert "\n" not in str(raised.value)


def test_an_unknown_reference_lists_the_known_ones(images):
    with pytest.raises(ValueError, match="no reference 'mnist'; choose one of fashion_mnist"):
        metrics.frechet_distance(images, reference="mnist")


# --- nearest neighbors -------------------------------------------------------------------------


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


# --- recognition -------------------------------------------------------------------------------


def test_the_classifier_recognizes_test_images_of_both_kinds():
    images, labels = data.load_images("animals", "test")
    found = metrics.predicted_labels(images, "animals_features_v1")
    assert found.shape == labels.shape
    assert np.mean(found == labels) > 0.98
    floats = images[:100].astype(np.float32) / 255
    np.testing.assert_array_equal(
        metrics.predicted_labels(floats, "animals_features_v1"), found[:100]
    )


def test_images_of_another_size_are_not_classified():
    with pytest.raises(ValueError, match=r"\(16, 16, 1\), but fashion_features_v1"):
        metrics.predicted_labels(np.zeros((3, 16, 16, 1), np.uint8))


class Album:
    """Draws test images of the class asked for, or, with `wrong`, of the next class."""

    num_classes = 10

    def __init__(self, wrong=0):
        images, labels = data.load_images("animals", "test")
        self.by_class = [images[labels == label] for label in range(10)]
        self.wrong, self.asked = wrong, []

    def sample(self, n, seed=None, *, labels=None):
        self.asked.append((n, seed))
        labels = (np.broadcast_to(labels, n) + self.wrong) % 10
        return np.stack([self.by_class[label][i % 150] for i, label in enumerate(labels)])


def test_what_is_recognized_of_real_animals_and_of_swapped_ones():
    right, swapped = (metrics.recognized(Album(wrong)) for wrong in (0, 1))
    assert right.all > 0.98 and right.cats > 0.98
    assert swapped.all < 0.02 and swapped.cats < 0.02  # a cat's place is taken by cows
    assert right.distance.num_images == 1500
    assert right.distance.reference == "animals test"
    assert str(right) == (
        f"all {right.all:.1%}, cats {right.cats:.1%}, Fréchet distance {float(right.distance):.2f}"
    )


def test_the_draws_to_recognize_are_always_the_same():
    album = Album()
    metrics.recognized(album)
    assert album.asked == [(2000, 0), (1000, 1)]
