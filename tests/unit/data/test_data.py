"""Tests of `course_utils.data`: the shipped files, batches, scaling, toy points, bad input."""

import gzip
import hashlib
import pickle
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from course_utils import data
from course_utils.data.datasets import read_idx

FILES = [file for split in data.DATASETS["fashion_mnist"].splits.values() for file in split]
TEST_IMAGES, TEST_LABELS = data.DATASETS["fashion_mnist"].splits["test"]


@pytest.fixture(scope="module")
def fashion():
    """The test images and labels; tests do not change them."""
    return data.load_images("fashion_mnist", split="test")


@pytest.fixture
def copied_root(tmp_path, monkeypatch):
    """A course folder that holds the test split only, for tests that damage it."""
    for file in (TEST_IMAGES, TEST_LABELS):
        target = tmp_path / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(data.root() / file.path, target)
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    return tmp_path


def numbered_images(count: int) -> np.ndarray:
    """Images of 2 x 2 pixels, all of image i having the value i (up to 255)."""
    numbers = np.arange(count, dtype=np.uint8).reshape(count, 1, 1, 1)
    return np.broadcast_to(numbers, (count, 2, 2, 1)).copy()


def order_of(dataset) -> list[int]:
    """Which image numbers a dataset of `numbered_images` yields, in order."""
    batches = [batch.numpy()[:, 0, 0, 0] for batch in dataset]
    return np.rint(np.concatenate(batches) * 255).astype(int).tolist()


# --- files and folders


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
    assert sorted(data.measurements_manifest()) == ["animals_augmentation", "gan_two_runs"]
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
    falling, level = runs["a_generator_loss"], runs["b_generator_loss"][2:]
    assert falling.max() > 3 * falling[-1] and np.ptp(level) < 0.5
    assert np.median(runs["a_discriminator_loss"]) < 0.2
    assert runs["a_distance"] > 4 * runs["b_distance"]


def test_unknown_measurements_list_the_known_ones():
    words = "no set of measurements 'speed'; choose one of animals_augmentation, gan_two_runs"
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


def test_missing_file(copied_root):
    (copied_root / TEST_LABELS.path).unlink()
    with pytest.raises(FileNotFoundError) as caught:
        data.load_images(split="test")
    message = str(caught.value)
    assert message.startswith(f"{TEST_LABELS.path}: expected a file below {copied_root.resolve()}")
    assert message.endswith(f"restore it with 'git checkout {TEST_LABELS.path}'.")


def test_truncated_file(copied_root):
    path = copied_root / TEST_IMAGES.path
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ValueError) as caught:
        data.load_images(split="test")
    assert str(caught.value) == (
        f"{TEST_IMAGES.path}: expected 4,422,079 bytes, found 4,421,079; "
        f"restore it with 'git checkout {TEST_IMAGES.path}'."
    )


def test_altered_file(copied_root):
    path = copied_root / TEST_LABELS.path
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    found = hashlib.sha256(content).hexdigest()
    with pytest.raises(ValueError) as caught:
        data.load_images(split="test")
    assert str(caught.value) == (
        f"{TEST_LABELS.path}: expected sha256 {TEST_LABELS.sha256[:8]}…, found {found[:8]}…; "
        f"restore it with 'git checkout {TEST_LABELS.path}'."
    )


def test_a_pickle_in_place_of_a_file_is_refused_unopened(copied_root):
    marker = copied_root / "opened"

    class Bomb:
        def __reduce__(self):
            return Path.touch, (marker,)

    (copied_root / TEST_IMAGES.path).write_bytes(gzip.compress(pickle.dumps(Bomb())))
    with pytest.raises(ValueError, match=f"{TEST_IMAGES.path}: expected 4,422,079 bytes, found"):
        data.load_images(split="test")
    assert not marker.exists()


IDX = b"\0\0\x08\x01\0\0\0\x03\x07\x08\x09"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (gzip.compress(b""), "begins with the bytes 00 00 08, found nothing"),
        (gzip.compress(b"\x80\x04\x95"), "begins with the bytes 00 00 08, found 80 04 95"),
        (gzip.compress(IDX.replace(b"\x08\x01", b"\x0d\x01", 1)), "found 00 00 0d 01"),
        (gzip.compress(IDX[:6]), "found 00 00 08 01"),
        (gzip.compress(IDX[:-1]), r"expected 3 values for shape \(3,\), found 2"),
        (gzip.compress(IDX + b"\0"), r"expected 3 values for shape \(3,\), found 4"),
        (gzip.compress(IDX)[:-3], "expected a whole gzip file"),
        (gzip.compress(IDX)[:12] + b"\xff" * 30, "expected a whole gzip file"),
        (IDX, "expected a whole gzip file"),
    ],
)
def test_foreign_idx_files_get_a_sentence(content, expected):
    with pytest.raises(ValueError, match=f"labels.gz: .*{expected}"):
        read_idx(content, "labels.gz")


def test_root_prefers_the_environment(copied_root):
    assert data.root() == copied_root.resolve()


def test_root_names_a_wrong_environment_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"COURSE_ROOT is .* holds no folder data/"):
        data.root()


def test_root_is_the_repository_wherever_one_works(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert data.root() == Path(__file__).resolve().parents[3]


def test_root_searches_upwards_when_the_package_lies_elsewhere(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_ROOT", raising=False)
    monkeypatch.setattr(
        "course_utils.base.files.__file__", str(tmp_path / "lib/course_utils/base/f.py")
    )
    course = tmp_path / "course"
    (course / "course_utils").mkdir(parents=True)
    (course / "data").mkdir()
    (course / "notebooks" / "src").mkdir(parents=True)
    monkeypatch.chdir(course / "notebooks" / "src")
    assert data.root() == course.resolve()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="set COURSE_ROOT to it"):
        data.root()


def test_user_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path / "mine"))
    assert data.user_cache() == tmp_path / "mine" / "cache"
    assert data.user_data() == tmp_path / "mine" / "data"
    assert not (tmp_path / "mine").exists()
    monkeypatch.delenv("COURSE_USER_DIR")
    assert "image-generation-course" in data.user_cache().parts
    assert "image-generation-course" in data.user_data().parts


# --- scaling and checks


def test_scaling_keeps_every_pixel_value():
    pixels = np.arange(256, dtype=np.uint8)
    scaled = data.scale_pixels(pixels.astype(np.float32) / 255)
    assert scaled.dtype == np.float32
    assert scaled[0] == -1 and scaled[-1] == 1
    back = data.unscale_pixels(scaled)
    assert back.dtype == np.float32 and back.min() == 0 and back.max() == 1
    np.testing.assert_array_equal(np.rint(back * 255).astype(np.uint8), pixels)


def test_scaling_of_tensors_is_that_of_arrays():
    from course_utils.base.backend import tf

    pixels = np.linspace(0, 1, 11, dtype=np.float32)
    scaled = tf.function(data.scale_pixels)(tf.constant(pixels))
    np.testing.assert_array_equal(scaled.numpy(), data.scale_pixels(pixels))
    np.testing.assert_array_equal(data.unscale_pixels(scaled).numpy(), data.unscale_pixels(scaled))


def test_scaling_refuses_bytes():
    with pytest.raises(TypeError, match=r"dtype uint8; .*astype\('float32'\) / 255"):
        data.scale_pixels(numbered_images(2))


FLOATS = np.linspace(0, 1, 32, dtype=np.float32).reshape(8, 2, 2, 1)


@pytest.mark.parametrize(
    "images",
    [
        numbered_images(3),
        FLOATS,
        FLOATS.astype(np.float64),
        FLOATS.astype(np.float16),
        np.repeat(FLOATS, 3, axis=-1),
        FLOATS + np.float32(2e-7),  # a rounding error, as resizing leaves
        FLOATS.tolist(),
        np.array([[-40.0, 300.0]]),  # points know no range
    ],
)
def test_check_images_lets_good_ones_through(images):
    np.testing.assert_array_equal(data.check_images(images), images)


def test_check_images_copies_nothing(fashion):
    assert data.check_images(fashion[0]) is fashion[0]


@pytest.mark.parametrize(
    ("images", "error", "expected"),
    [
        (FLOATS[..., 0], ValueError, r"\(8, 2, 2\).* channel axis .*images\[..., np.newaxis\]"),
        (FLOATS[0], ValueError, r"\(2, 2, 1\).* batch axis .*images\[np.newaxis\]"),
        (FLOATS.ravel(), ValueError, r"shape \(32,\); expected \(n, height, width, channels\)"),
        (np.float32(0.5), ValueError, r"shape \(\); expected"),
        (np.zeros((5, 784), np.uint8), ValueError, r"images.reshape\(n, 28, 28, 1\)"),
        (np.zeros((5, 3, 28, 28)), ValueError, r"channels first; .*np.moveaxis\(images, 1, -1\)"),
        (FLOATS[:0], ValueError, r"\(0, 2, 2, 1\), so it is empty"),
        (numbered_images(3).astype(int), TypeError, r"dtype int64; .*astype\('uint8'\)"),
        (numbered_images(3) > 1, TypeError, "dtype bool"),
        (FLOATS * 255, ValueError, "from 0 to 255, .*looks like 0..255, so divide by 255"),
        (FLOATS * 2 - 1, ValueError, r"from -1 to 1, .*looks like \[-1, 1\], so use data.unscale"),
        (FLOATS + 0.5, ValueError, "from 0.5 to 1.5, .*rescale or clip"),
        (np.where(FLOATS > 0.9, np.nan, FLOATS), ValueError, "not finite"),
        (np.where(FLOATS > 0.9, -np.inf, FLOATS), ValueError, "not finite"),
        (np.array([[0.0, np.nan]]), ValueError, "not finite"),
        (np.array([FLOATS, None], object), TypeError, "ndarray of dtype object, as unpickled"),
        ([FLOATS[0], FLOATS[0, :1]], TypeError, "list of dtype object, as .*unequal images"),
        (None, TypeError, "NoneType of dtype object"),
        ("images.pkl", TypeError, "the file name 'images.pkl', not an array; .*pickle"),
        (Path("images.npz"), TypeError, "the file name 'images.npz', not an array"),
        (pickle.dumps(FLOATS), TypeError, "images is bytes, not an array; .*pickle"),
        ((numbered_images(3), np.zeros(3)), TypeError, "a tuple of 2; unpack it first"),
    ],
)
@pytest.mark.parametrize("function", [data.check_images, data.make_dataset])
def test_bad_images_get_one_sentence(function, images, error, expected):
    with warnings.catch_warnings(), pytest.raises(error, match=expected) as caught:
        warnings.simplefilter("error")
        function(images)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 250


# --- batches


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


# --- toy points


@pytest.mark.parametrize("name", data.TOYS)
def test_toy_points(name):
    points = data.toy(name, 5000, seed=1)
    assert points.shape == (5000, 2) and points.dtype == np.float32
    assert np.abs(points).max() < 1.5
    np.testing.assert_array_equal(points, data.toy(name, 5000, seed=1))
    assert not np.array_equal(points, data.toy(name, 5000, seed=2))
    assert data.toy(name, 0).shape == (0, 2)


@pytest.mark.parametrize(("name", "count"), [("ring", 8), ("grid", 25)])
def test_toy_modes_are_the_centres_of_the_points(name, count):
    modes, points = data.toy_modes(name), data.toy(name, 20_000)
    assert modes.shape == (count, 2)
    distances = np.linalg.norm(points[:, np.newaxis] - modes, axis=-1)
    nearest = distances.argmin(axis=1)
    for mode in range(count):
        own = points[nearest == mode]
        assert len(own) == pytest.approx(20_000 / count, rel=0.15)  # 20,000 draws among 25: 3.5 %
        np.testing.assert_allclose(own.mean(axis=0), modes[mode], atol=0.01)
        np.testing.assert_allclose(own.std(axis=0), data.TOYS[name].noise, rtol=0.1)


def test_toy_modes_are_the_callers_own():
    data.toy_modes("ring")[:] = 0
    assert data.toy_modes("ring")[0].tolist() == [1, 0]


def test_line_and_moons_have_their_shapes():
    line = data.toy("line", 5000)
    assert (line[:, 1] - line[:, 0]).std() == pytest.approx(0.05 * np.sqrt(2), rel=0.1)
    # Each moon is half a circle of radius 2/3; the second is the first, turned by 180 degrees.
    moons = data.toy("moons", 5000)
    upper = np.linalg.norm(moons - np.array([-0.5, -0.25]) / 1.5, axis=1)
    lower = np.linalg.norm(moons - np.array([0.5, 0.25]) / 1.5, axis=1)
    off = np.minimum(np.abs(upper - 2 / 3), np.abs(lower - 2 / 3))
    assert off.max() < 5 * 0.05
    assert np.mean(np.abs(upper - 2 / 3) < 0.15) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: data.toy("circle", 10), "'circle'; choose one of ring, grid, moons, line"),
        (lambda: data.toy("ring", -1), "n is -1; give a whole number"),
        (lambda: data.toy("ring", 1.5), "n is 1.5; give a whole number"),
        (lambda: data.toy_modes("moons"), "'moons'; choose one of ring, grid"),
    ],
)
def test_bad_toy_requests_get_one_sentence(call, expected):
    with pytest.raises(ValueError, match=expected):
        call()
