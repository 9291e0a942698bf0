"""The simplest generators do what they promise, and their live picture over all its controls."""

import itertools
import re

import numpy as np
import pytest

from course_utils.lessons.images_as_data import baselines

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 6, 5, 1), dtype=np.uint8)
GENERATORS = {
    "independent": baselines.IndependentPixels,
    "gaussian": baselines.PCAGaussian,
    "jitter": baselines.JitteredCopies,
}


def correlated_images(n=400, side=8, channels=1):
    """Bright bars at random heights: pixels of one row go together."""
    random = np.random.default_rng(1)
    rows = random.uniform(0, 1, (n, side, 1, channels))
    noise = random.uniform(0, 0.1, (n, side, side, channels))
    return (0.9 * rows + noise).astype(np.float32)


@pytest.fixture(params=GENERATORS.values(), ids=GENERATORS.keys())
def generator_class(request):
    return request.param


# ---- what all have in common ---------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 7, baselines._CHUNK + 3])
def test_samples_are_images(generator_class, n):
    samples = generator_class(IMAGES).sample(n, seed=3)
    assert samples.shape == (n, 6, 5, 1)
    assert samples.dtype == np.float32
    assert samples.min() >= 0 and samples.max() <= 1
    assert np.isfinite(samples).all()


def test_color_images_and_floats(generator_class):
    images = correlated_images(channels=3)
    assert generator_class(images).sample(4, seed=0).shape == (4, 8, 8, 3)


def test_the_seed_decides(generator_class):
    generator = generator_class(IMAGES)
    np.testing.assert_array_equal(generator.sample(5, 1), generator.sample(5, 1))
    assert not np.array_equal(generator.sample(5, 1), generator.sample(5, 2))


def test_training_images_are_not_changed(generator_class):
    images = IMAGES.copy()
    generator_class(images).sample(3, 0)
    np.testing.assert_array_equal(images, IMAGES)


@pytest.mark.parametrize(
    ("images", "error", "words"),
    [
        (np.zeros((0, 28, 28, 1)), ValueError, "empty"),
        (np.zeros((5, 28, 28)), ValueError, "channel axis is missing"),
        (np.zeros((5, 2)), ValueError, "not points"),
        (np.zeros((1, 4, 4, 1)), ValueError, "give 2 or more"),
        (np.full((5, 4, 4, 1), np.nan), ValueError, "not finite"),
        (np.full((5, 4, 4, 1), 255.0), ValueError, "divide by 255"),
        (np.zeros((5, 4, 4, 1), np.int64), TypeError, "int64"),
        (np.zeros((5, 3, 28, 28)), ValueError, "channels first"),
        ("images.npz", TypeError, "file name"),
        ((IMAGES, 1), TypeError, "tuple"),
    ],
)
def test_unfit_training_images(generator_class, images, error, words):
    with pytest.raises(error, match=words):
        generator_class(images)


@pytest.mark.parametrize(
    ("n", "seed", "words"),
    [
        (0, 0, "n is 0"),
        (-1, 0, "n is -1"),
        (2.5, 0, "n is 2.5"),
        (True, 0, "n is True"),
        (3, -1, "seed is -1"),
        (3, None, "seed is None"),
    ],
)
def test_unfit_numbers(generator_class, n, seed, words):
    with pytest.raises(ValueError, match=words):
        generator_class(IMAGES).sample(n, seed)


# ---- independent pixels --------------------------------------------------------------------------


def test_each_pixel_has_values_of_its_own_in_the_data():
    samples = baselines.IndependentPixels(IMAGES).sample(200, 0)
    known = IMAGES / np.float32(255)
    assert all(
        np.isin(samples[:, row, column, 0], known[:, row, column, 0]).all()
        for row, column in np.ndindex(6, 5)
    )


def test_pixels_keep_their_means_and_lose_their_relations():
    images = correlated_images()
    samples = baselines.IndependentPixels(images).sample(4000, 0)
    np.testing.assert_allclose(samples.mean(axis=0), images.mean(axis=0), atol=0.03)
    assert np.corrcoef(images[:, 3, 2, 0], images[:, 3, 3, 0])[0, 1] > 0.9
    assert abs(np.corrcoef(samples[:, 3, 2, 0], samples[:, 3, 3, 0])[0, 1]) < 0.08


# ---- the Gaussian --------------------------------------------------------------------------------


def test_mean_covariance_and_axes(monkeypatch):
    monkeypatch.setattr(baselines, "_CHUNK", 7)  # several chunks, the last one shorter
    gaussian = baselines.PCAGaussian(IMAGES)
    flat = IMAGES.reshape(40, -1) / 255.0
    np.testing.assert_allclose(gaussian.mean, flat.mean(axis=0), atol=1e-6)
    covariance = gaussian.axes * gaussian.variances @ gaussian.axes.T
    np.testing.assert_allclose(covariance, np.cov(flat, rowvar=False), atol=1e-6)
    np.testing.assert_allclose(gaussian.axes.T @ gaussian.axes, np.eye(30), atol=1e-10)
    assert (np.diff(gaussian.variances) <= 0).all() and (gaussian.variances >= 0).all()
    largest = np.abs(gaussian.axes).argmax(axis=0)
    assert (gaussian.axes[largest, np.arange(30)] > 0).all()


def test_samples_have_the_covariance_of_the_data():
    images = 0.4 + 0.1 * correlated_images()  # far from 0 and 1, where nothing is clipped
    samples = baselines.PCAGaussian(images).sample(20_000, 0).reshape(20_000, -1)
    wanted = np.cov(images.reshape(len(images), -1), rowvar=False)
    error = np.linalg.norm(np.cov(samples, rowvar=False) - wanted) / np.linalg.norm(wanted)
    assert error < 0.05


def test_fewer_components():
    gaussian = baselines.PCAGaussian(IMAGES, num_components=3)
    np.testing.assert_array_equal(gaussian.sample(4, 0), gaussian.sample(4, 0, 3))
    nothing_but_the_mean = gaussian.sample(2, 0, 0).reshape(2, -1)
    np.testing.assert_allclose(nothing_but_the_mean, [gaussian.mean] * 2, atol=1e-6)
    assert gaussian.sample(2, 0, 30).shape == (2, 6, 5, 1)
    # One more component changes an image by a multiple of that axis.
    images = baselines.PCAGaussian(0.4 + 0.1 * correlated_images())
    change = (images.sample(1, 0, 5) - images.sample(1, 0, 4)).ravel()
    along = images.axes[:, 4] * (images.axes[:, 4] @ change)
    np.testing.assert_allclose(change, along, atol=1e-6)


def test_explained_share():
    gaussian = baselines.PCAGaussian(IMAGES)
    shares = [gaussian.explained(count) for count in range(31)]
    assert shares[0] == 0 and shares[-1] == pytest.approx(1)
    assert shares == sorted(shares)
    alike = baselines.PCAGaussian(np.full((3, 4, 4, 1), 0.5))
    assert alike.explained(16) == 0
    np.testing.assert_allclose(alike.sample(2, 0), 0.5, atol=1e-6)


def test_reconstruction_error_is_the_variance_left_out():
    gaussian = baselines.PCAGaussian(0.4 + 0.1 * correlated_images())
    images = 0.4 + 0.1 * correlated_images()
    kept = gaussian.reconstruct(images, 5)
    error = ((images - kept) ** 2).sum(axis=(1, 2, 3)).sum() / (len(images) - 1)
    assert error == pytest.approx(gaussian.variances[5:].sum(), rel=1e-3)
    np.testing.assert_allclose(gaussian.reconstruct(images), images, atol=1e-5)
    uint8 = baselines.PCAGaussian(IMAGES)
    np.testing.assert_allclose(uint8.reconstruct(IMAGES), IMAGES / 255, atol=1e-5)


@pytest.mark.parametrize("count", [-1, 31, 2.5, "3", True])
def test_unfit_components(count):
    gaussian = baselines.PCAGaussian(IMAGES)
    for call in (
        lambda: baselines.PCAGaussian(IMAGES, count),
        lambda: gaussian.sample(2, 0, count),
        lambda: gaussian.explained(count),
        lambda: gaussian.reconstruct(IMAGES, count),
    ):
        with pytest.raises(ValueError, match=f"num_components is {count!r}"):
            call()


def test_reconstruct_refuses_other_images():
    gaussian = baselines.PCAGaussian(IMAGES)
    with pytest.raises(ValueError, match="give the same shape"):
        gaussian.reconstruct(correlated_images())
    with pytest.raises(ValueError, match="not finite"):
        gaussian.reconstruct(np.full((2, 6, 5, 1), np.nan))


# ---- copies --------------------------------------------------------------------------------------


def test_without_shift_and_noise_the_copies_are_exact():
    samples = baselines.JitteredCopies(IMAGES, 0, 0).sample(30, 0)
    known = {image.tobytes() for image in IMAGES / np.float32(255)}
    assert {sample.tobytes() for sample in samples} <= known


def test_copies_move_by_a_pixel_at_most_in_all_directions():
    samples = baselines.JitteredCopies(IMAGES, largest_shift=1, noise=0).sample(400, 0)
    padded = np.pad(IMAGES / np.float32(255), ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    moved = {
        padded[i, row : row + 6, column : column + 5].tobytes(): (row, column)
        for i, row, column in np.ndindex(40, 3, 3)
    }
    seen = {moved[sample.tobytes()] for sample in samples}
    assert seen == set(itertools.product(range(3), range(3)))


def test_noise_has_the_given_size():
    gray = np.full((5, 8, 8, 1), 0.5, np.float32)
    samples = baselines.JitteredCopies(gray, 1, 0.02).sample(500, 0)
    assert samples.std() == pytest.approx(0.02, rel=0.02)


@pytest.mark.parametrize("shift", [-1, 5, 1.5, "1"])
def test_unfit_shift(shift):
    with pytest.raises(ValueError, match="largest_shift is"):
        baselines.JitteredCopies(IMAGES, largest_shift=shift)


@pytest.mark.parametrize("noise", [-0.1, 1.5, np.nan, np.inf, "0.1", None, True])
def test_unfit_noise(noise):
    with pytest.raises((TypeError, ValueError), match="noise is"):
        baselines.JitteredCopies(IMAGES, noise=noise)


# ---- the live picture ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gaussian_of_28():
    return baselines.PCAGaussian(correlated_images(120, side=28))


@pytest.mark.parametrize("show", baselines.SHOWS)
@pytest.mark.parametrize("count", [0, 1, 50, 783, 784])
@pytest.mark.parametrize("seed", [0, 1, 57, 100])
def test_pca_figure_over_its_controls(gaussian_of_28, show, count, seed):
    images = correlated_images(60, side=28)
    figure = baselines.pca_figure(gaussian_of_28, images, count, show, seed)
    assert f"{count} of 784 components" in figure.caption
    assert figure.caption in figure.content.replace("&#x27;", "'")
    assert re.search(r'src="data:image/png;base64,\w', figure.content)


def test_pca_figure_changes_with_each_control(gaussian_of_28):
    images = correlated_images(60, side=28)

    def png(*values):
        return baselines.pca_figure(gaussian_of_28, images, *values).content.partition("src=")[2]

    controls = itertools.product((1, 5, 784), baselines.SHOWS, (0, 1))
    assert len({png(*values) for values in controls}) == 3 * 2 * 2
    # Without components nothing random is left: 24 times the mean image.
    assert png(0, "samples", 0) == png(0, "samples", 1)


def test_pca_figure_refuses(gaussian_of_28):
    images = correlated_images(60, side=28)
    with pytest.raises(ValueError, match="no way to show 'both'"):
        baselines.pca_figure(gaussian_of_28, images, 5, "both")
    with pytest.raises(ValueError, match="seed is -1"):
        baselines.pca_figure(gaussian_of_28, images, 5, "reconstructions", -1)
    with pytest.raises(ValueError, match="num_components is 785"):
        baselines.pca_figure(gaussian_of_28, images, 785)
