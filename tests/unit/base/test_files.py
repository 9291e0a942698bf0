"""Where the course's files are found, that they are whole, and the user's folders."""

import gzip
import hashlib
import pickle
import shutil
from pathlib import Path

import pytest

from course_utils import data

TEST_IMAGES, TEST_LABELS = data.DATASETS["fashion_mnist"].splits["test"]


@pytest.fixture
def copied_root(tmp_path, monkeypatch):
    """A course folder that holds the test split only, for tests that damage it."""
    for file in (TEST_IMAGES, TEST_LABELS):
        target = tmp_path / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(data.root() / file.path, target)
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    return tmp_path


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
