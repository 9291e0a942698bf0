"""Detectors see lesions, whatever else is random; and few images become more in the known ways."""

import numpy as np
import pytest

from course_utils import data
from course_utils.lessons.applications_and_outlook import detectors


@pytest.fixture(scope="module")
def scans():
    return data.phantoms(60, seed=1)


def test_a_detector_learns_to_see_lesions_and_is_the_same_for_a_seed(scans):
    test = data.phantoms(200, seed=2)
    before = np.random.get_state()[1].copy()
    first, again = (
        detectors.scores(detectors.train(scans.images, scans.labels, steps=60), test.images)
        for _ in range(2)
    )
    assert first.shape == (200,)
    np.testing.assert_allclose(first, again, rtol=1e-4, atol=1e-4)
    assert detectors.auc(first, test.labels) > 0.7
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_an_auc_counts_pairs():
    assert detectors.auc([3, 1, 2, 1], [1, 1, 0, 0]) == (1 + 1 + 0 + 0.5) / 4


def test_augmented_images_are_the_same_heads_moved(scans):
    images, labels = detectors.augmented(scans.images, scans.labels, times=3, seed=4)
    assert images.shape == (180, 28, 28, 1)
    assert images.dtype == np.float32
    np.testing.assert_array_equal(labels, np.tile(scans.labels, 3))
    for number, turned in enumerate((scans.images, scans.images[:, :, ::-1], scans.images)):
        moved, still = images[60 * number], turned[0]
        inside = slice(2, -2)
        agree = [
            np.allclose(
                moved[inside, inside],
                np.roll(still, (down, right), (0, 1))[inside, inside],
                atol=1e-6,
            )
            for down in range(-2, 3)
            for right in range(-2, 3)
        ]
        assert sum(agree) == 1


def test_each_lesion_is_drawn_into_a_healthy_head_of_the_given(scans):
    images, labels = detectors.with_lesions(scans.images, scans.labels, 30, seed=5)
    np.testing.assert_array_equal(labels, [0] * 30 + [1] * 30)
    known = {image.tobytes() for image in scans.images[scans.labels == 0]}
    assert all(head.tobytes() in known for head in images[:30])
    changes = images[30:] - images[:30]
    assert changes.min() >= -1e-6  # a bright lesion darkens nothing
    assert (changes.max(axis=(1, 2, 3)) > 0.02).all()
    again, _ = detectors.with_lesions(scans.images, scans.labels, 30, seed=5)
    np.testing.assert_array_equal(images, again)


def test_rings_are_drawn_where_they_are_asked_for(scans):
    images, _ = detectors.with_lesions(scans.images, scans.labels, 20, "ring", seed=6)
    assert ((images[20:] - images[:20]).min(axis=(1, 2, 3)) < 0).all()  # the core is dark


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda s: detectors.train(s.images, s.labels[1:]), "59 labels for 60 images"),
        (lambda s: detectors.train(s.images, 0 * s.labels), "some of both"),
        (lambda s: detectors.train(s.images, s.labels + 1), "1 for a lesion and 0 for none"),
        (lambda s: detectors.train(s.images, s.labels, steps=0), "steps is 0"),
        (lambda s: detectors.auc([1.0], s.labels), "one score for each label"),
        (lambda s: detectors.with_lesions(s.images, s.labels, 3, "dots"), "no kind of lesion"),
        (lambda s: detectors.with_lesions(0 * s.images, s.labels, 3), "outside the head"),
    ],
)
def test_bad_input_is_told_in_one_sentence(scans, call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(scans)
