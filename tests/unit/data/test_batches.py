"""Batches: what is in them, their order, and what they cost."""

import subprocess
import sys

import numpy as np
import pytest

from course_utils import data


@pytest.fixture(scope="module")
def fashion():
    """The test images and labels; tests do not change them."""
    return data.load_images("fashion_mnist", split="test")


def numbered_images(count: int) -> np.ndarray:
    """Images of 2 x 2 pixels, all of image i having the value i (up to 255)."""
    numbers = np.arange(count, dtype=np.uint8).reshape(count, 1, 1, 1)
    return np.broadcast_to(numbers, (count, 2, 2, 1)).copy()


def order_of(dataset) -> list[int]:
    """Which image numbers a dataset of `numbered_images` yields, in order."""
    batches = [batch.numpy()[:, 0, 0, 0] for batch in dataset]
    return np.rint(np.concatenate(batches) * 255).astype(int).tolist()


FLOATS = np.linspace(0, 1, 32, dtype=np.float32).reshape(8, 2, 2, 1)


def test_batches_of_images_are_floats_in_the_unit_range(fashion):
    dataset = data.make_dataset(fashion[0][:100], batch_size=32, shuffle=False)
    batches = [batch.numpy() for batch in dataset]
    assert [len(batch) for batch in batches] == [32, 32, 32, 4]
    assert {batch.dtype for batch in batches} == {np.dtype("float32")}
    expected = fashion[0][:100].astype(np.float32) / np.float32(255)
    np.testing.assert_array_equal(np.concatenate(batches), expected)
    assert dataset.element_spec.shape.as_list() == [None, 28, 28, 1]


def test_labels_stay_with_their_images(fashion):
    images, labels = numbered_images(200), np.arange(200).astype(np.uint8)
    for batch, batch_labels in data.make_dataset(images, labels, batch_size=30, seed=0):
        assert batch_labels.dtype == "int64"
        np.testing.assert_array_equal(np.rint(batch[:, 0, 0, 0] * 255), batch_labels)


@pytest.mark.parametrize("images", [FLOATS, FLOATS.astype(np.float64), data.toy("ring", 40)])
def test_floats_and_points_pass_through(images):
    (batch,) = data.make_dataset(images, shuffle=False)
    assert batch.dtype == "float32"
    np.testing.assert_array_equal(batch, images.astype(np.float32))


def test_every_pass_is_a_new_order_of_all_images():
    dataset = data.make_dataset(numbered_images(256), batch_size=64, seed=3)
    first, second = order_of(dataset), order_of(dataset)
    assert sorted(first) == sorted(second) == list(range(256))
    assert first != second


def test_shuffling_reaches_across_the_whole_set():
    """A small shuffle buffer would leave early images in early batches."""
    images = np.repeat(np.array([0, 255], np.uint8), 5000).reshape(10_000, 1, 1, 1)
    for _, batch in zip(range(5), data.make_dataset(images, batch_size=500, seed=0), strict=False):
        assert 0.4 < float(batch.numpy().mean()) < 0.6  # 4.5 standard deviations wide


def test_the_same_seed_repeats_the_orders():
    def orders(seed):
        dataset = data.make_dataset(numbered_images(100), batch_size=10, seed=seed)
        return order_of(dataset), order_of(dataset)

    assert orders(1) == orders(1)
    assert orders(1) != orders(2)
    assert orders(None) != orders(None)


def test_cardinality():
    images = numbered_images(100)
    assert len(data.make_dataset(images, batch_size=30)) == 4
    assert len(data.make_dataset(images, batch_size=30, drop_remainder=True)) == 3
    assert int(data.make_dataset(images, repeat=True).cardinality()) == -1  # INFINITE_CARDINALITY
    assert len(data.make_dataset(images, batch_size=1000)) == 1


def test_repeated_batches_are_full_and_every_epoch_is_complete():
    dataset = data.make_dataset(numbered_images(50), batch_size=20, repeat=True, seed=0)
    order = order_of(dataset.take(5))
    assert len(order) == 100
    assert sorted(order[:50]) == sorted(order[50:]) == list(range(50))
    assert order[:50] != order[50:]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"batch_size": 0}, "batch_size is 0; give a whole number of 1 or more"),
        ({"batch_size": -3}, "batch_size is -3"),
        ({"batch_size": 2.5}, "batch_size is 2.5"),
        (
            {"batch_size": 64, "drop_remainder": True},
            "batch_size is 64, but there are only 8 images, .*use batch_size=8 or less",
        ),
        ({"labels": np.zeros(7, int)}, "labels has 7 entries for 8 images"),
        ({"labels": np.zeros((8, 10), int)}, r"labels has shape \(8, 10\) .*one whole number"),
        ({"labels": ["cat"] * 8}, "labels has .*dtype <U3; give one whole number"),
    ],
)
def test_bad_batches_get_one_sentence(arguments, expected):
    with pytest.raises(ValueError, match=expected):
        data.make_dataset(FLOATS, **arguments)


MEASURE_MEMORY = """
import psutil
from course_utils import data
from course_utils.data.datasets import read_idx
for batch in data.make_dataset(data.load_images(split="test")[0][:500]):
    pass  # TensorFlow's own start
images, _ = data.load_images()
resident = psutil.Process().memory_info
before, peak = resident().rss, 0
for step, batch in enumerate(data.make_dataset(images)):
    if step % 100 == 0:
        peak = max(peak, resident().rss)
print((peak - before) / images.nbytes)
"""


@pytest.mark.slow
def test_no_float_copy_of_the_whole_set_is_held():
    """One uint8 copy is TensorFlow's; a float copy would add four times the images' size."""
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE_MEMORY], capture_output=True, text=True, check=True
    )
    assert float(ran.stdout) < 2.5


def test_importing_data_leaves_tensorflow_alone():
    code = "import sys, course_utils.data; print('tensorflow' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
