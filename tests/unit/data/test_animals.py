"""The shipped animals: what they are, that the split is clean, and how they were made."""

import hashlib
import io
import pickle
import runpy

import numpy as np
import pytest

from course_utils import data

CAT = 2


@pytest.fixture(scope="module")
def splits():
    return {split: data.load_images("animals", split) for split in ("train", "test")}


@pytest.fixture(scope="module")
def convert():
    """The names of the script that made the files."""
    return runpy.run_path(str(data.root() / "data/animals/convert.py"))


def test_the_splits_have_the_stated_sizes(splits):
    assert data.class_names("animals")[CAT] == "cat"
    counts = {split: np.bincount(labels).tolist() for split, (_, labels) in splits.items()}
    assert counts["test"] == [150] * 10
    assert counts["train"] == [787, 662, 842, 846, 847, 850, 850, 847, 835, 850]
    for images, labels in splits.values():
        assert images.shape[1:] == (28, 28, 1) and images.dtype == np.uint8
        assert labels.dtype == np.int64 and images.min() == 0 and images.max() == 255


def test_the_files_hold_what_their_records_say(splits):
    for split, (images, labels) in splits.items():
        (file,) = data.DATASETS["animals"].splits[split]
        arrays = images.tobytes() + labels.astype(np.uint8).tobytes()
        assert hashlib.sha256(arrays).hexdigest() == file.content_sha256


def test_any_beginning_of_a_split_has_all_classes(splits):
    for _, labels in splits.values():
        assert set(labels[:100]) == set(range(10))


def test_no_image_is_there_twice(splits):
    images = np.concatenate([images for images, _ in splits.values()])
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == 9716


@pytest.mark.slow
def test_no_near_duplicate_lies_across_the_split(splits, convert):
    train, test = splits["train"][0], splits["test"][0]
    assert not convert["near_pairs"](test, train).any()
    copies = np.roll(train[:3, :, ::-1], 1, axis=1)  # mirrored and moved: must be noticed
    assert convert["near_pairs"](copies, train[:9])[:, :3].diagonal().all()


def test_groups_stay_together_and_classes_get_their_share(convert):
    labels = np.repeat([0, 1], 200)
    groups = np.arange(400) // 4  # fours that are near each other
    test = convert["choose_test"](labels, groups, np.random.default_rng(0))
    assert np.bincount(labels[test]).tolist() == [148, 148]  # 37 fours; 150 is not a multiple of 4
    assert all(len(set(test[groups == group])) == 1 for group in range(100))


def test_duplicates_leave_the_first_in_place(convert):
    images = np.array([3, 1, 3, 2, 1], np.uint8).reshape(-1, 1, 1, 1)
    kept, labels = convert["without_duplicates"](images, np.arange(5))
    assert kept.ravel().tolist() == [3, 1, 2] and labels.tolist() == [0, 1, 3]


class _RunsCode:
    def __reduce__(self):
        return (print, ("this pickle ran code",))


def test_the_script_opens_no_pickle_but_arrays(convert, capsys):
    unpickler = convert["ArrayUnpickler"]
    array = np.arange(3, dtype=np.uint8)
    old = pickle.dumps(array, protocol=3).replace(b"numpy._core", b"numpy.core")  # as published
    np.testing.assert_array_equal(unpickler(io.BytesIO(old)).load(), array)
    with pytest.raises(pickle.UnpicklingError, match=r"builtins.print; refused"):
        unpickler(io.BytesIO(pickle.dumps(_RunsCode()))).load()
    assert capsys.readouterr().out == ""


def test_the_script_refuses_another_wheel(convert):
    with pytest.raises(ValueError, match="Expected a wheel with sha256 aeebf3d9…"):
        convert["read_wheel"](b"another wheel")


def test_the_cat_is_a_color_photograph_of_the_callers_own():
    photo = data.cat_photo()
    assert photo.shape == (300, 451, 3) and photo.dtype == np.uint8
    photo[:] = 0
    assert data.cat_photo().max() > 0
