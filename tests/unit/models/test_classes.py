"""Classes as models take them: each way to name them, and a sentence for what does not fit."""

import numpy as np
import pytest

from course_utils import data
from course_utils.base.backend import tf
from course_utils.models.classes import check_classes, check_labeled, class_shares


def images(n=9):
    return np.zeros((n, 4, 4, 1), np.float32)


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (1, [[0, 1, 0], [0, 1, 0]]),
        (np.int64(1), [[0, 1, 0], [0, 1, 0]]),
        ([2, 0], [[0, 0, 1], [1, 0, 0]]),
        (np.array([2, 0], np.uint8), [[0, 0, 1], [1, 0, 0]]),
        ([0.5, 0.25, 0.25], [[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]]),
        ([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]], [[0.5, 0.25, 0.25], [0, 1, 0]]),
    ],
)
def test_labels_may_be_one_several_or_shares(labels, rows):
    shares = class_shares(labels, 2, 3)
    np.testing.assert_array_equal(shares, rows)
    assert shares.dtype == np.float32


@pytest.mark.parametrize("labels", [[], 1, [0.5, 0.5, 0.0], np.zeros(0, np.uint8)])
def test_no_image_needs_no_label(labels):
    assert class_shares(labels, 0, 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (3, "contains 3, but the model knows the 3 classes 0 to 2"),
        (-1, "contains -1"),
        ([0, 1, 2, 3], "contains 3"),
        ([0, 1], "2 labels for 4 images; give one for each"),
        ([], "0 labels for 4 images"),
        ("cat", "give whole numbers"),
        (1.0, "give whole numbers"),
        (True, "dtype bool; give whole numbers"),
        ([[0, 1, 2]], r"shape \(1, 3\) and dtype int64; give whole numbers"),
        ([[0.5, 0.5]] * 4, r"shape \(4, 2\)"),
        ([[0.5, 0.5, 0.0]] * 3, "3 rows of shares for 4 images"),
        ([0.5, 0.0, 0.0], "sum to 1"),
        ([np.nan, 0.0, 1.0], "finite and sum to 1"),
    ],
)
def test_unfit_labels_are_refused_in_one_sentence(labels, sentence):
    with pytest.raises(ValueError, match=sentence) as raised:
        class_shares(labels, 4, 3)
    assert "\n" not in str(raised.value)


def test_the_classes_of_images_come_back_as_an_array():
    found = check_classes([0, 2, 1], 3)
    np.testing.assert_array_equal(found, [0, 2, 1])
    with pytest.raises(ValueError, match="contains 3, but the model knows the 3 classes 0 to 2"):
        check_classes([0, 3], 3)
    with pytest.raises(ValueError, match="one whole number for each image"):
        check_classes([0.0, 1.0], 3)
    with pytest.raises(ValueError, match="one whole number for each image"):
        check_classes(2, 3)


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        (images(), None, "learns from images and labels"),
        (images(), np.arange(9), "contains 3, but"),
        (images(), np.arange(9) % 2, "No image has the label 2.* from 0"),
        (images(), np.arange(9) / 2, "one whole number for each image"),
        (data.make_dataset(images()), None, "yields no labels"),
        (data.make_dataset(images(), np.arange(9)), None, "contains [3-8], but"),
        (tf.data.Dataset.from_tensors((images(), np.zeros(9))), None, "yields no labels"),
    ],
)
def test_unfit_training_data_are_refused_in_one_sentence(x, y, sentence):
    with pytest.raises(ValueError, match=sentence) as raised:
        check_labeled(x, y, 3, all_there=True)
    assert "\n" not in str(raised.value)


def test_fit_training_data_pass():
    labels = np.arange(9) % 3
    check_labeled(images(), labels, 3, all_there=True)
    check_labeled(data.make_dataset(images(), labels), None, 3, all_there=True)
    check_labeled(data.make_dataset(images(), labels).repeat(), None, 3, all_there=True)
    check_labeled(images(2), labels[:2], 3, all_there=False)  # a validation set may lack a class
