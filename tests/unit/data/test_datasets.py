"""The shipped images and measurements are the published ones; unknown names and damage."""

import functools
import gzip
import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from course_utils import data
from course_utils.data.datasets import read_idx

FILES = [file for split in data.DATASETS["fashion_mnist"].splits.values() for file in split]


@pytest.fixture(scope="module")
def fashion():
    """The test images and labels; tests do not change them."""
    return data.load_images("fashion_mnist", split="test")


@pytest.mark.parametrize("file", FILES, ids=lambda file: Path(file.path).name)
def test_files_are_the_published_ones(file):
    content = (data.root() / file.path).read_bytes()
    assert len(content) == file.size
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert hashlib.sha256(gzip.decompress(content)).hexdigest() == file.content_sha256


@pytest.mark.parametrize(("split", "count"), [("train", 60_000), ("test", 10_000)])
def test_load_images(split, count):
    images, labels = data.load_images("fashion_mnist", split=split)
    assert images.shape == (count, 28, 28, 1) and images.dtype == np.uint8
    assert labels.shape == (count,) and labels.dtype == np.int64
    assert images.min() == 0 and images.max() == 255
    assert np.bincount(labels).tolist() == [count // 10] * 10


def test_pictures_belong_to_their_labels(fashion):
    """The published first test image is an ankle boot: dark sky, a sole across the bottom."""
    images, labels = fashion
    assert data.class_names("fashion_mnist")[labels[0]] == "Ankle boot"
    assert len(data.class_names()) == 10
    assert images[0, :7].max() <= 3 and images[0, 19:21, 2:26].mean() > 100


def test_loaded_arrays_are_the_callers_own():
    images, labels = data.load_images(split="test")
    images[:], labels[:] = 7, 7
    again, labels_again = data.load_images(split="test")
    assert again[0].min() == 0 and labels_again[0] == 9


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("fashion",), "There is no dataset 'fashion'; choose one of fashion_mnist, animals."),
        (
            ("fashion_mnist", "validation"),
            "There is no split 'validation'; choose one of train, test.",
        ),
        (
            ("images.pkl",),
            "no dataset 'images.pkl'; choose one of fashion_mnist, animals. .*pickles",
        ),
        ((Path("images.npz"),), "choose one of fashion_mnist, animals. .*not opened"),
        ((3,), "There is no dataset 3; choose one of fashion_mnist, animals."),
    ],
)
def test_unknown_names_list_the_known_ones(arguments, expected):
    with pytest.raises(ValueError, match=expected):
        data.load_images(*arguments)


def test_recorded_curves_are_what_their_record_says():
    names = ["animals_augmentation", "flow_calls", "followed_words", "gan_clinic", "gan_diseases"]
    assert sorted(data.measurements_manifest()) == [*names, "gan_two_runs", "quality"]
    for name, entry in data.measurements_manifest().items():
        assert entry["what"] and entry["recipe"] and entry["quality"]
        arrays = data.load_measurements(name)
        content = b"".join(array.tobytes() for array in arrays.values())
        assert hashlib.sha256(content).hexdigest() == entry["content_sha256"]


def test_the_runs_on_few_animals_show_what_lesson_12_says():
    runs = data.load_measurements("animals_augmentation")
    steps, without, augmented = (runs[k] for k in ("steps", "without_distance", "with_distance"))
    assert without.shape == augmented.shape == (3, len(steps))
    tips_over = without.mean(axis=0).argmin()
    assert steps[tips_over] < steps[-1] / 2
    assert (augmented[:, -1] < 0.6 * without[:, -1]).all()
    for run, low, high in (("without", 3, 20), ("with", 1, 3)):
        gap = (runs[f"{run}_training_logit"] - runs[f"{run}_held_out_logit"])[:, -1]
        assert ((low < gap) & (gap < high)).all()
    middle = (steps >= 1000) & (steps <= 1750)
    for run, low, high in (("without", 0, 1), ("with", 1.5, 9)):  # real images above drawn ones?
        above = runs[f"{run}_held_out_logit"] - runs[f"{run}_generated_logit"]
        assert low < above.mean(axis=0)[middle].mean() < high


def test_the_two_runs_of_lesson_06_are_those_that_its_exercise_describes():
    runs = data.load_measurements("gan_two_runs")
    assert runs["a_samples"].shape == runs["b_samples"].shape == (24, 28, 28, 1)
    assert runs["steps"][-1] == 938
    few, all_kinds = (np.sort(runs[f"{run}_kinds"]) for run in "ab")
    assert few.sum() == all_kinds.sum() == 10_000
    assert few[-3:].sum() > 7500 and all_kinds[0] > 200
    for player in ("generator", "discriminator"):  # level at the end, and nearly the same
        one, other = (runs[f"{run}_{player}_loss"][-4:] for run in "ab")
        assert abs(one.mean() - other.mean()) < 0.25
        assert np.ptp(one) < 0.3 and np.ptp(other) < 0.3
    assert runs["a_distance"] > 3 * runs["b_distance"]


def test_unknown_measurements_list_the_known_ones():
    words = "no set of measurements 'speed'; choose one of animals_augmentation, flow_calls, "
    with pytest.raises(ValueError, match=words):
        data.load_measurements("speed")


@pytest.fixture
def copied_measurements(tmp_path, monkeypatch):
    """A course's folder that holds the measurements only; returns theirs."""
    folder = tmp_path / data.MEASUREMENTS_FOLDER
    shutil.copytree(data.root() / data.MEASUREMENTS_FOLDER, folder)
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    return folder


def test_altered_measurements_are_refused_with_the_remedy(copied_measurements):
    path = copied_measurements / "gan_two_runs.npz"
    path.write_bytes(path.read_bytes()[:-4] + b"oops")
    words = r"^data/measurements/gan_two_runs\.npz: expected sha256 .*git checkout"
    with pytest.raises(ValueError, match=words):
        data.load_measurements("gan_two_runs")
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"gan_two_runs.*git checkout"):
        data.load_measurements("gan_two_runs")
    assert data.load_measurements("animals_augmentation")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{ not json", "cannot be read"),
        ("[]", "holds a list"),
        ('{"gan_two_runs": {"file": "x"}}', "entry 'gan_two_runs' lacks .*content_sha256.*what"),
        (None, "No such file"),
    ],
)
def test_a_damaged_list_of_measurements_is_refused(copied_measurements, content, words):
    path = copied_measurements / "manifest.json"
    if content is None:
        path.unlink()
    else:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"measurements/manifest\.json .*{words}") as raised:
        data.load_measurements("gan_two_runs")
    assert str(raised.value).endswith(
        "restore it with 'git checkout data/measurements/manifest.json'."
    )
    assert "\n" not in str(raised.value)


zipped = functools.partial(gzip.compress, mtime=0)  # no time in it, so that tests keep their names
IDX = b"\0\0\x08\x01\0\0\0\x03\x07\x08\x09"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (zipped(b""), "begins with the bytes 00 00 08, found nothing"),
        (zipped(b"\x80\x04\x95"), "begins with the bytes 00 00 08, found 80 04 95"),
        (zipped(IDX.replace(b"\x08\x01", b"\x0d\x01", 1)), "found 00 00 0d 01"),
        (zipped(IDX[:6]), "found 00 00 08 01"),
        (zipped(IDX[:-1]), r"expected 3 values for shape \(3,\), found 2"),
        (zipped(IDX + b"\0"), r"expected 3 values for shape \(3,\), found 4"),
        (zipped(IDX)[:-3], "expected a whole gzip file"),
        (zipped(IDX)[:12] + b"\xff" * 30, "expected a whole gzip file"),
        (IDX, "expected a whole gzip file"),
    ],
)
def test_foreign_idx_files_get_a_sentence(content, expected):
    with pytest.raises(ValueError, match=f"labels.gz: .*{expected}"):
        read_idx(content, "labels.gz")
