"""Compares an answer with what was expected and says in words how they differ.

Pure functions on whatever a learner may hand in. `exercises` asks them, `verdicts` prints.
"""

import dis
import inspect
import math
import reprlib
from dataclasses import dataclass
from typing import Any

import numpy as np

# Factors that a faulty answer may have, common enough to be recognized in every exercise.
_FACTORS = {
    -1: "has the wrong sign.",
    2: "is 2 times what was asked for.",
    1 / 2: "is half of what was asked for.",
    100: "is 100 times what was asked for; is it a percentage?",
    1 / 100: "is a hundredth of what was asked for.",
    255: "is 255 times what was asked for; does it use 0..255 instead of 0..1?",
    1 / 255: "is what was asked for divided by 255; does it use 0..1 instead of 0..255?",
}
_DIGITS = 6  # an answer rounded to this many digits or fewer is told that it is rounded
_FEW = 6  # elements of an array that are shown one by one
# Instructions of a function that does nothing, such as the stub `def f(x): ...`
_IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}


class NotNumeric(ValueError):
    """A value is neither a number nor an array of numbers; the message says what it is."""


@dataclass(frozen=True)
class Target:
    """An expected number (shape ()) or array; an answer may be off by atol + rtol * |value|.

    digits: where given, an answer that is the value rounded to so many digits or more is right, too
    """

    value: np.ndarray
    rtol: float
    atol: float
    digits: int | None = None

    def fault(self, answer) -> str:
        """What is wrong with the answer, as a sentence; empty if nothing is."""
        wanted = self.value.astype(np.float64)
        asked = f"an array of shape {wanted.shape}" if wanted.ndim else "a number"
        try:
            found = numeric(answer, truth_values=self.value.dtype.kind == "b")
        except NotNumeric as other:
            return f"expected {asked}, but got {other}."
        if wanted.ndim == 0 and found.size == 1:
            found = found.reshape(())
        if found.shape != wanted.shape:
            both = wanted.ndim and found.ndim
            got = f"one of shape {found.shape}" if both else describe(answer)
            return f"expected {asked}, but got {got}."
        found = found.astype(np.float64)
        if self._close(found, wanted) or self._is_well_rounded(found, wanted):
            return ""
        if np.isnan(found).any():
            got = "NaN (not a number)" if found.ndim == 0 else f"{show(found)} with NaN in it"
            return f"got {got}: look for 0/0 or the logarithm of a negative number."
        return f"got {show(found)}, which {self._difference(found, wanted)}"

    def _close(self, found: np.ndarray, wanted: np.ndarray) -> bool:
        return np.allclose(found, wanted, rtol=self.rtol, atol=self.atol)

    def _is_well_rounded(self, found: np.ndarray, wanted: np.ndarray) -> bool:
        if self.digits is None:
            return False
        roundings = (rounded(wanted.item(), digits) for digits in range(self.digits, _DIGITS))
        return any(np.isclose(found, one, 1e-6, 0) for one in roundings)

    def _difference(self, found: np.ndarray, wanted: np.ndarray) -> str:
        if not np.isfinite(wanted).all():
            return "is not right."
        for factor, text in _FACTORS.items():
            if self._close(found, factor * wanted):
                return text
        if _is_rounded(found, wanted):
            return "is rounded too much: compute it without rounding."
        if found.ndim == 0:
            return "is not right."
        wrong = ~np.isclose(found, wanted, rtol=self.rtol, atol=self.atol)
        first = tuple(int(index) for index in np.argwhere(wrong)[0])
        count = f"{np.count_nonzero(wrong):,} of {wrong.size:,} elements"
        return f"is wrong in {count}, first at index {first}."


def _is_rounded(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether some number of decimals turns what was expected into the answer, but not into 0."""
    if not found.any():
        return False
    return any(np.allclose(np.round(wanted, digits), found, 1e-6, 0) for digits in range(_DIGITS))


def rounded(number: float, digits: int) -> float:
    """A number with so many significant digits.

    >>> rounded(1.0986, 3), rounded(0.073149, 3), rounded(20.55, 1)
    (1.1, 0.0731, 20.0)
    """
    return float(f"{number:.{digits - 1}e}")


def target(value, rtol: float | None, atol: float, default_rtol: float) -> Target:
    """The lesson's expected value; ValueError if no answer could equal it.

    Without rtol whole numbers have to be exact and others get default_rtol.
    """
    value = numeric(value)
    if np.isnan(value).any():
        raise ValueError("The expected value is NaN, which no answer equals.")
    if rtol is None:
        rtol = default_rtol if value.dtype.kind == "f" else 0.0
    return Target(value, rtol, atol)


def numeric(value, truth_values: bool = True) -> np.ndarray:
    """A number, array, list or tensor as an array; NotNumeric says what anything else is."""
    try:
        array = np.asarray(value)
    except ValueError:
        if isinstance(value, list | tuple):
            raise NotNumeric(f"{describe(value)} whose rows differ in length") from None
        raise
    if array.dtype.kind in "OV":  # fractions, decimals; bfloat16
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            raise NotNumeric(_not_numbers(value, array)) from None
    if array.dtype.kind not in ("iufb" if truth_values else "iuf"):
        raise NotNumeric(_not_numbers(value, array))
    return array


def _not_numbers(value, array: np.ndarray) -> str:
    text = describe(value)
    return f"{text} whose values ({array.dtype.name}) are not numbers" if array.ndim else text


def describe(value) -> str:
    """What kind of value this is, in words that are the same in every run.

    >>> [describe(value) for value in (True, 3, "abc", [1, 2], np.zeros((2, 3)), {}, len)]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['the truth value True', 'the number 3', "the text 'abc'", 'a list', 'an array of shape (2, 3)',
     'a dict', 'a function (call it by writing parentheses behind its name)']
    """
    if isinstance(value, bool | np.bool_):
        return f"the truth value {value}"
    if isinstance(value, int | float | np.number):
        return f"the number {show(value)}"
    if isinstance(value, str):
        return f"the text {reprlib.repr(value)}"
    if value is None:
        return "None"
    if inspect.isroutine(value):
        return "a function (call it by writing parentheses behind its name)"
    shape = getattr(value, "shape", None)
    if shape is not None:
        return f"an array of shape {tuple(shape)}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def show(value) -> str:
    """A value for a sentence: numbers with up to six digits, large arrays by their shape.

    >>> show(np.float32(0.1)), show(3136.0), show(np.array([0.5, 2])), show(np.zeros((28, 28)))
    ('0.1', '3136', '[0.5, 2]', 'an array of shape (28, 28)')
    """
    if hasattr(value, "shape"):
        value = np.asarray(value)
        if value.ndim == 1 and value.size <= _FEW:
            return f"[{', '.join(show(item) for item in value)}]"
        if value.ndim:
            return f"an array of shape {value.shape}"
        value = value.item()
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
        if math.isfinite(number) and number == int(number) and abs(number) < 1e15:
            return str(int(number))
        return f"{number:.6g}"
    return reprlib.repr(value)


def copied(value) -> Any:
    """A copy of arrays, and of the lists, tuples and dictionaries that hold them."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list):
        return [copied(item) for item in value]
    if isinstance(value, tuple):
        return tuple(copied(item) for item in value)
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return value


def was_changed(now, before) -> bool:
    """Whether what `copied` made of `before` has been changed in place since."""
    if isinstance(before, np.ndarray):
        same_kind = now.shape == before.shape and now.dtype == before.dtype
        return not same_kind or now.tobytes() != before.tobytes()
    if isinstance(before, list | tuple):
        return len(now) != len(before) or any(map(was_changed, now, before))
    if isinstance(before, dict):
        return list(now) != list(before) or any(map(was_changed, now.values(), before.values()))
    return now is not before


def does_nothing(function) -> bool:
    """Whether the function's body is empty, as in the stub `def f(x): ...`.

    >>> def stub(x):
    ...     "What it should do."
    ...     ...
    >>> does_nothing(stub), does_nothing(lambda x: x * 2)
    (True, False)
    """
    code = getattr(function, "__code__", None)
    return code is not None and {step.opname for step in dis.get_instructions(code)} <= _IDLE
