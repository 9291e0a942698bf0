"""Wiener and total variation denoise, the flow's answers fit, and inventions are counted."""

import numpy as np
import pytest

from course_utils import data
from course_utils.lessons.applications_and_outlook import denoising, mistakes_denoising


@pytest.fixture(scope="module")
def images():
    return data.as_floats(data.load_images("fashion_mnist", split="test")[0][:60])


@pytest.fixture(scope="module")
def noisy(images):
    return images[:20] + 0.5 * np.random.default_rng(0).standard_normal((20, 28, 28, 1))


@pytest.mark.parametrize("method", [denoising.wiener, denoising.total_variation])
def test_processing_takes_most_of_the_noise_off(method, images, noisy):
    before = denoising.squared_error(noisy, images[:20])
    cleaned = method(noisy, 0.5, images[20:])
    assert cleaned.shape == noisy.shape
    assert denoising.squared_error(cleaned, images[:20]) < before / 5


def test_wiener_leaves_an_image_without_noise_alone(images):
    np.testing.assert_allclose(denoising.wiener(images[:3], 0, images), images[:3], atol=1e-6)


def test_wiener_is_the_best_of_the_filters_that_shrink_all_alike(images):
    examples = np.random.default_rng(1).normal(0.3, 0.2, (4000, 4, 4, 1))  # a flat spectrum
    noisy = examples + 0.4 * np.random.default_rng(2).standard_normal(examples.shape)
    best = 0.2**2 / (0.2**2 + 0.4**2)
    expected = examples.mean(axis=0) + best * (noisy - examples.mean(axis=0))
    np.testing.assert_allclose(denoising.wiener(noisy, 0.4, examples), expected, atol=0.05)


def test_one_guess_is_the_mean_for_a_known_distribution():
    mean, spread, deviation = -0.2, 0.6, 0.4
    random = np.random.default_rng(3)
    clean = random.normal(mean, spread, (50, 8, 8, 1))
    noisy = (clean + 1) / 2 + deviation * random.standard_normal(clean.shape)
    velocity = mistakes_denoising.normal_velocity(mean, spread)
    weight = spread**2 / (spread**2 + (2 * deviation) ** 2)
    best = mean + weight * (2 * noisy - 1 - mean)
    np.testing.assert_allclose(denoising.mean_guess(noisy, deviation, velocity), (best + 1) / 2)
    followed = 2 * denoising.follow(noisy, deviation, velocity, 300) - 1
    assert followed.std() == pytest.approx(spread, rel=0.05)  # as varied as the data
    assert best.std() < 0.65 * spread  # and the mean is not


def test_edges_that_the_original_lacks_are_counted():
    original = np.zeros((1, 5, 5, 1))
    drawn = original.copy()
    drawn[0, 2, 2] = 1  # three places see it: its own, and those above and to the left
    assert denoising.invented_edges(drawn, original) == 3 / 16
    assert denoising.invented_edges(original, drawn) == 0
    assert denoising.invented_edges(drawn, drawn) == 0


def test_another_kind_is_counted(images):
    assert denoising.other_kind(images, images) == 0
    assert denoising.other_kind(images[::-1], images) > 0.5


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: denoising.wiener(np.zeros((2, 28, 28)), 1, np.zeros((2, 28, 28, 1))), "noisy"),
        (
            lambda: denoising.wiener(np.zeros((2, 28, 28, 1)), 1, np.zeros((2, 8, 8, 1))),
            "the same size",
        ),
        (lambda: denoising.wiener(np.zeros((2, 4, 4, 1)), -1, np.zeros((2, 4, 4, 1))), "deviation"),
        (
            lambda: denoising.squared_error(np.full((1, 4, 4, 1), np.nan), np.zeros((1, 4, 4, 1))),
            "images",
        ),
        (
            lambda: denoising.invented_edges(np.zeros((2, 4, 4, 1)), np.zeros((1, 4, 4, 1))),
            "in the same order",
        ),
        (lambda: denoising.check_images("noisy", np.zeros((2, 4, 4, 3))), "gray images"),
    ],
)
def test_bad_input_gets_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence) as raised:
        call()
    assert str(raised.value).count("\n") == 0
