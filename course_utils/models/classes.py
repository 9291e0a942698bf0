"""Classes as models take them: checks of labels, and rows of shares that sum to 1.

Conditional models of any family use it; how a class enters their networks is theirs.
"""

import numpy as np

from course_utils import data
from course_utils.base.backend import tf


def class_shares(labels, n: int, num_classes: int) -> np.ndarray:
    """Rows (n, num_classes) that sum to 1: from one class, one for each, or shares as they are.

    >>> class_shares([1, 0], 2, 3)
    array([[0., 1., 0.],
           [1., 0., 0.]], dtype=float32)
    """
    labels = np.asarray(labels)
    if labels.size == 0:  # an empty list is an array of floats
        labels = labels.astype(np.int64)
    if labels.dtype.kind in "iu" and labels.ndim <= 1:
        if labels.ndim == 0:
            labels = np.full(n, labels)
        check_classes(labels, num_classes)
        if len(labels) != n:
            raise ValueError(f"There are {len(labels)} labels for {n} images; give one for each.")
        return np.eye(num_classes, dtype=np.float32)[labels]
    if labels.dtype.kind != "f" or labels.ndim not in (1, 2) or labels.shape[-1] != num_classes:
        raise ValueError(
            f"labels has shape {labels.shape} and dtype {labels.dtype}; give whole numbers (n,), "
            f"or floats (n, {num_classes}) with the shares of the classes."
        )
    if labels.ndim == 2 and len(labels) != n:
        raise ValueError(f"There are {len(labels)} rows of shares for {n} images; give one each.")
    if not np.isfinite(labels).all() or np.abs(labels.sum(axis=-1) - 1).max(initial=0) > 1e-3:
        raise ValueError("The shares of the classes must be finite and sum to 1 in each row.")
    return np.broadcast_to(labels, (n, num_classes)).astype(np.float32)


def check_classes(labels, num_classes: int) -> np.ndarray:
    """Labels (n,) as an array, if each is a class from 0 to num_classes - 1; else ValueError."""
    labels = data.check_labels(labels)
    outside = labels[(labels < 0) | (labels >= num_classes)]
    if len(outside):
        raise ValueError(
            f"labels contains {outside[0]}, but the model knows the {num_classes} classes 0 to "
            f"{num_classes - 1}."
        )
    return labels


def check_labeled(x, y, num_classes: int, *, all_there: bool) -> None:
    """Refuse what a conditional model cannot learn from: `x` and `y` as `fit` takes them.

    all_there: whether each class needs an image, as it does in training
    """
    if isinstance(x, tf.data.Dataset):
        _check_labeled_dataset(x, num_classes)
        return
    if y is None:
        raise ValueError(
            "A conditional model learns from images and labels; call fit(images, labels)."
        )
    labels = check_classes(y, num_classes)
    missing = np.setdiff1d(np.arange(num_classes), labels)
    if all_there and len(missing):
        raise ValueError(
            f"No image has the label {missing[0]}, so that class cannot be learned; give "
            f"images of all {num_classes} classes, or set num_classes to those there "
            "are and number them from 0."
        )


def _check_labeled_dataset(dataset: tf.data.Dataset, num_classes: int) -> None:
    parts = dataset.element_spec
    if not isinstance(parts, tuple | list) or len(parts) < 2 or not parts[1].dtype.is_integer:
        raise ValueError(
            "The dataset yields no labels; make it with data.make_dataset(images, labels), or call "
            "fit(images, labels)."
        )
    for _, labels, *_ in dataset.take(1):  # the others are not looked at, since they may be endless
        check_classes(labels.numpy(), num_classes)
