"""The detector learns a plain difference, gives the same scores again, and refuses other shapes."""

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.lessons.applications_and_outlook import forensics


@pytest.fixture(scope="module")
def real():
    return data.load_images("fashion_mnist", split="test")[0][:400]


def smoothed(images):
    images = data.as_floats(images)
    return (images + np.roll(images, 1, axis=1) + np.roll(images, 1, axis=2)) / 3


def test_it_tells_smooth_images_from_real_ones(real):
    scores = forensics.trained_detector(real[:200], smoothed(real[:200]), steps=60)
    generated, others = scores(smoothed(real[200:])), scores(real[200:])
    assert generated.shape == (200,)
    assert metrics.membership_auc(generated, others) > 0.9


def test_the_same_seed_gives_the_same_scores(real):
    first, second, other = (
        forensics.trained_detector(real[:64], smoothed(real[:64]), steps=2, seed=seed)(real[:8])
        for seed in (3, 3, 4)
    )
    np.testing.assert_allclose(first, second, rtol=1e-5)
    assert np.abs(first - other).max() > 1e-3


@pytest.mark.parametrize(
    ("real", "generated", "settings", "sentence"),
    [
        (np.zeros((2, 28, 28, 1)), np.zeros((2, 24, 24, 1)), {}, "the same size"),
        (np.zeros((2, 28, 28, 1)), np.zeros((2, 28, 28, 1)), {"steps": 0}, "steps"),
        (np.full((2, 28, 28, 1), 7.0), np.zeros((2, 28, 28, 1)), {}, "range|0 to 1|\\[0, 1\\]"),
    ],
)
def test_bad_input_gets_one_sentence(real, generated, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        forensics.trained_detector(real, generated, **settings)
