"""The datasets and recorded measurements that ship with the course: which files, and reading them.

Learners reach them through `data`, which re-exports them.
"""

import gzip
import io
import math
import zlib
from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_name
from course_utils.base.files import read_manifest, read_verified


def read_idx(content: bytes, name: str) -> np.ndarray:
    """Gzip'd IDX bytes, the format of MNIST's files, to a writable uint8 array of their shape.

    An IDX file is two zero bytes, the type (8 for uint8), the number of dimensions, each dimension
    as a big-endian 32-bit number, then the values. `name` is for the ValueError that anything else
    raises.

    >>> read_idx(gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9])), "three labels")
    array([7, 8, 9], dtype=uint8)
    """
    try:
        raw = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{name}: expected a whole gzip file, found: {error}.") from None
    if len(raw) < 4 or raw[:3] != b"\0\0\x08" or len(raw) < 4 + 4 * raw[3]:
        raise ValueError(
            f"{name}: expected an IDX file of uint8, which begins with the bytes 00 00 08, "
            f"found {raw[:4].hex(' ') or 'nothing'}; get it again from its publisher."
        )
    start = 4 + 4 * raw[3]
    shape = tuple(np.frombuffer(raw[4:start], ">u4").tolist())
    if len(raw) - start != math.prod(shape):
        raise ValueError(
            f"{name}: expected {math.prod(shape):,} values for shape {shape}, "
            f"found {len(raw) - start:,}; get it again from its publisher."
        )
    # The copy makes it writable.
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape).copy()


@dataclass(frozen=True)
class File:
    """One shipped file: where it is below `root()`, and what proves that it is the right one."""

    path: str
    size: int
    sha256: str
    content_sha256: str  # of what is in it, which any other packaging shares


@dataclass(frozen=True)
class Dataset:
    """Class names, label 0 first, and each split's files: images and labels, or one for both."""

    class_names: tuple[str, ...]
    splits: dict[str, tuple[File, ...]]


_FASHION = "data/fashion_mnist"
MEASUREMENTS_FOLDER = "data/measurements"

# As the Debian package dataset-fashion-mnist 0.0~git20200523.55506a9-1 ships them.
DATASETS = {
    "fashion_mnist": Dataset(
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        splits={
            "train": (
                File(
                    f"{_FASHION}/train-images-idx3-ubyte.gz",
                    26_421_856,
                    "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7",
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                ),
                File(
                    f"{_FASHION}/train-labels-idx1-ubyte.gz",
                    29_491,
                    "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056",
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                ),
            ),
            "test": (
                File(
                    f"{_FASHION}/t10k-images-idx3-ubyte.gz",
                    4_422_079,
                    "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa",
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                ),
                File(
                    f"{_FASHION}/t10k-labels-idx1-ubyte.gz",
                    5_125,
                    "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05",
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                ),
            ),
        },
    ),
    "animals": Dataset(
        class_names=(
            "bear",
            "bird",
            "cat",
            "cow",
            "dog",
            "elephant",
            "giraffe",
            "horse",
            "sheep",
            "zebra",
        ),
        splits={
            "train": (
                File(
                    "data/animals/animals_train.npz",
                    2_254_036,
                    "37027c590bbcfbeaa414c602fe7ba46b0e079fea7c243fc1807b01aa10135bdd",
                    "3d0af35f72686f51bcee961ac789c27a4827bf7823b743816c192b69200594e3",
                ),
            ),
            "test": (
                File(
                    "data/animals/animals_test.npz",
                    409_753,
                    "962d645b4c41fd371c4eb73f29f2b80e993608317f822cc1bf2140b7bdfb5336",
                    "8ee67d304861a56509cc129e928efa884a506b5a5cec2df0a83779c3fb64f601",
                ),
            ),
        },
    ),
}


def class_names(name: str = "fashion_mnist") -> tuple[str, ...]:
    """What each label means, label 0 first."""
    check_name("dataset", name, DATASETS)
    return DATASETS[name].class_names


def load_images(name: str = "fashion_mnist", split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """A dataset's images, uint8 (n, 28, 28, 1), and labels, int64 (n,), in the stored order.

    Both are fresh arrays that you may change. Raises ValueError for an unknown name or split and
    for an altered file, FileNotFoundError for a missing one.
    """
    check_name("dataset", name, DATASETS)
    splits = DATASETS[name].splits
    check_name("split", split, splits)
    contents = [read_verified(file.path, file.sha256, file.size) for file in splits[split]]
    if len(contents) == 1:
        with np.load(io.BytesIO(contents[0]), allow_pickle=False) as arrays:
            return arrays["images"], arrays["labels"].astype(np.int64)
    images, labels = map(read_idx, contents, (file.path for file in splits[split]))
    return images[..., np.newaxis], labels.astype(np.int64)


def measurements_manifest() -> dict[str, dict]:
    """name -> file, sha256, bytes, content_sha256, what it holds, recipe and measured quality."""
    return read_manifest(MEASUREMENTS_FOLDER, keys=("content_sha256", "what"))


def load_measurements(name: str) -> dict[str, np.ndarray]:
    """Recorded curves and samples, by name, that a lesson shows but has no time to make.

    `python -m course_utils.recipes NAME` makes them again; `measurements_manifest` says
    what is in them.
    Raises ValueError for an unknown name and for an altered file.
    """
    entries = measurements_manifest()
    check_name("set of measurements", name, entries)
    entry = entries[name]
    path = f"{MEASUREMENTS_FOLDER}/{entry['file']}"
    content = read_verified(path, entry["sha256"], entry["bytes"])
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


def cat_photo() -> np.ndarray:
    """A photograph of the cat Chelsea, uint8 (300, 451, 3), red, green and blue.

    By Stefan van der Walt, CC0; it ships with scikit-image as `skimage.data.chelsea`.
    """
    import skimage.data

    return skimage.data.chelsea()
