"""The limit of the Fréchet distance on Gaussians whose distance is known; refusals."""

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.models import pretrained

SIZE, COUNT = 12, 400
SCALES = np.geomspace(2, 0.1, SIZE)


def exactly_normal(count=200):
    """Rows whose mean is exactly 0 and whose covariance exactly that of SCALES."""
    rows = np.random.default_rng(99).normal(size=(count, SIZE))
    rows -= rows.mean(axis=0)
    return rows @ np.linalg.inv(np.linalg.cholesky(np.cov(rows, rowvar=False))).T * SCALES


REAL = exactly_normal()


def drawn(seed, shift=0.1, wider=1.1, count=COUNT):
    random = np.random.default_rng(seed)
    return shift + wider * SCALES * random.normal(size=(count, SIZE))


def test_the_limit_is_nearer_to_the_truth_than_the_distance_of_all_images():
    """(m1 - m2)² + (s1 - s2)² over the coordinates, which are independent."""
    truth = SIZE * 0.1**2 + np.sum((0.1 * SCALES) ** 2)
    found = [metrics.extrapolated_distance(drawn(seed), REAL, seed=seed) for seed in range(20)]
    limits = np.array([float(one) for one in found])
    largest = np.array([one.distances[-1] for one in found])
    assert np.mean(largest) > 1.2 * truth
    assert abs(np.mean(limits) - truth) < 0.2 * abs(np.mean(largest) - truth)
    assert np.mean(np.abs(limits - truth) < np.abs(largest - truth)) >= 0.75
    assert all(one.slope > 0 for one in found)


def test_it_is_the_line_of_least_squares_through_mean_distances():
    features = drawn(0)
    found = metrics.extrapolated_distance(features, REAL, sizes=(200, 50, 400), num_parts=30)
    assert found.sizes.tolist() == [50, 200, 400]
    columns = np.stack([np.ones(3), 1 / found.sizes], axis=1)
    solution = np.linalg.lstsq(columns, found.distances)[0]
    np.testing.assert_allclose([found.limit, found.slope], solution, rtol=1e-8)
    to_real = metrics.feature_statistics(REAL)

    def distance(rows):
        return metrics.gaussian_frechet_distance(*metrics.feature_statistics(rows), *to_real)

    assert found.distances[-1] == pytest.approx(distance(features))
    # Of the first rows, which are random too, 8 disjoint parts have about the same mean.
    parts = np.mean([distance(part) for part in np.split(features, 8)])
    assert found.distances[0] == pytest.approx(parts, rel=0.15)


def test_by_default_sizes_are_spaced_evenly_in_their_inverse():
    found = metrics.extrapolated_distance(drawn(0, count=600), REAL, num_parts=1)
    assert found.sizes.tolist() == [120, 150, 200, 300, 600]
    np.testing.assert_allclose(np.diff(1 / found.sizes), -1 / 600)


def test_parts_are_those_of_the_seed_and_told_in_words():
    first, again, other = (
        metrics.extrapolated_distance(drawn(0), REAL, num_parts=2, seed=seed) for seed in (0, 0, 1)
    )
    assert first.limit == again.limit != other.limit
    np.testing.assert_array_equal(first.distances, again.distances)
    assert str(first) == (
        f"Fréchet distance {first.limit:.2f} for infinitely many images "
        f"({first.distances[-1]:.2f} for 400)"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"features": np.zeros((12, 12))}, "12 generated and 200 real rows of 12 features; a cov"),
        ({"real_features": np.zeros((9, 12))}, "400 generated and 9 real.* give 13 or more of"),
        ({"features": np.zeros((60, 12))}, "60 generated rows of 12 features; .* give 65 or more"),
        ({"sizes": (12, 400)}, "sizes begins with 12, but .* give sizes of 13 or more"),
        ({"sizes": (100, 401)}, "sizes goes up to 401, but there are 400 generated rows"),
        ({"sizes": (100, 100)}, r"sizes is \(100, 100\); a line needs two different sizes"),
        ({"sizes": 100}, "sizes is 100; a line needs"),
        ({"sizes": (50.5, 100)}, "a size is 50.5; give a whole number"),
        ({"num_parts": 0}, "num_parts is 0"),
        ({"features": np.full((400, 12), np.nan)}, "generated has values that are not finite"),
        ({"features": np.zeros((400, 5))}, "5 numbers a row, real 12; give features of one"),
    ],
)
def test_what_cannot_be_extrapolated_gets_one_sentence(changes, words):
    arguments = {"features": drawn(0), "real_features": REAL} | changes
    with pytest.raises(ValueError, match=words) as raised:
        metrics.extrapolated_distance(**arguments)
    assert "\n" not in str(raised.value)


@pytest.mark.slow
def test_two_thousand_images_tell_what_ten_thousand_do():
    """The limit is 1.09 and the distance 1.32 with 2,000; with 10,000 it is 1.15."""
    images = pretrained.load("gan_fashion").sample(10_000, seed=0)
    real, _ = data.load_images("fashion_mnist", split="test")
    features, real_features = (metrics.image_features(one) for one in (images, real))
    many = float(metrics.frechet_distance(images))
    found = metrics.extrapolated_distance(features[:2000], real_features)
    assert found.distances[-1] > many + 0.1
    assert abs(found.limit - many) < 0.1
