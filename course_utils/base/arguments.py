"""What may be given to a function: one guard for each kind of argument, one sentence each.

A guard returns the value in its plain form, or raises ValueError or TypeError with a sentence that
names the argument, the value and what to give instead. Images have guards of their own in `data`.
"""

import math
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np


def check_whole(name: str, value, smallest: int = 1, largest: int | None = None) -> int:
    """A whole number from `smallest` to `largest` as an int; ValueError for anything else.

    >>> check_whole("n", np.int64(3))
    3
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < smallest or (largest is not None and value > largest):
        wanted = f"of {smallest} or more" if largest is None else f"from {smallest} to {largest}"
        raise ValueError(f"{name} is {value!r}; give a whole number {wanted}.")
    return int(value)


def check_real(
    name: str, value, low: float = -math.inf, high: float = math.inf, *, open_ended: bool = False
) -> float:
    """A finite number from low to high as a float; with `open_ended` the ends are excluded.

    An array of one number counts as that number. Raises TypeError for what is no number.

    >>> check_real("momentum", 0.9, 0, 1)
    0.9
    """
    try:
        array = np.asarray(value if not isinstance(value, bool) else ())
    except ValueError:  # rows of different lengths
        array = np.empty(0)
    if array.size != 1 or array.dtype.kind not in "iuf":
        raise TypeError(f"{name} is {value!r}; give one number.")
    number = float(array.reshape(()))
    inside = low < number < high if open_ended else low <= number <= high
    if not (math.isfinite(number) and inside):
        raise ValueError(f"{name} is {number:.15g}; give a number {_range(low, high, open_ended)}.")
    return number


def _range(low: float, high: float, open_ended: bool) -> str:
    if math.isinf(low) and math.isinf(high):
        return "that is finite"
    if math.isinf(high):
        return f"above {low:g}" if open_ended else f"of {low:g} or more"
    if math.isinf(low):
        return f"below {high:g}" if open_ended else f"of {high:g} or less"
    return f"between {low:g} and {high:g}" if open_ended else f"from {low:g} to {high:g}"


def check_finite(name: str, values, ndim: int | None = None, shape: str = "") -> np.ndarray:
    """Real, finite numbers, at least one, as float64; `shape` says in words what `ndim` asks for.

    >>> check_finite("inputs", [1, 2])
    array([1., 2.])
    """
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        array = np.empty(0, object)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} has dtype {array.dtype}; give an array of real numbers.")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} has shape {array.shape}; give {shape}.")
    if array.size == 0:
        raise ValueError(
            f"{name} has shape {array.shape}, so it is empty; give at least one entry."
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} has values that are not finite (NaN or infinity); find them with "
            "np.argwhere(~np.isfinite(values))."
        )
    return array.astype(np.float64)


def check_name(kind: str, name, known: Iterable[str]) -> None:
    """Refuse a name that is not among the known ones; a file's name gets its own sentence."""
    known = tuple(known)
    if isinstance(name, str) and name in known:
        return
    hint = ""
    if isinstance(name, os.PathLike | bytes) or Path(str(name)).suffix:
        hint = " Files, and pickles above all, which can run any code, are not opened by name here."
    raise ValueError(f"There is no {kind} {name!r}; choose one of {', '.join(known)}.{hint}")
