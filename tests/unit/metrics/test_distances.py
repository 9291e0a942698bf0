"""The Fréchet distance against SciPy, NumPy and what is recorded; refusals."""

import warnings

import numpy as np
import pytest
import scipy.linalg

from course_utils import data, metrics
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


def test_statistics_of_features_are_numpy_s_in_float64():
    found = RNG.normal(1000, 1, (50, 3)).astype(np.float32)
    mean, matrix = metrics.feature_statistics(found)
    np.testing.assert_allclose(mean, found.astype(np.float64).mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(matrix, np.cov(found.astype(np.float64).T), rtol=1e-12)
    with pytest.raises(ValueError, match="at least 2 images"):
        metrics.feature_statistics(found[:1])


# --- distances of images -----------------------------------------------------------------------


@pytest.mark.slow
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
