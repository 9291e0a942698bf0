"""The guards of arguments: what passes and as what, what is refused and with which sentence."""

import math
from pathlib import Path

import numpy as np
import pytest

from course_utils.base.arguments import check_finite, check_name, check_real, check_whole

PACKAGE = Path(__file__).resolve().parents[3] / "course_utils"


class Tensor:
    """What NumPy can read but did not make."""

    def __init__(self, *values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)

    def __repr__(self):
        return "<a tensor>"


# ---- whole numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.int16(3)])
def test_a_whole_number_becomes_an_int(value):
    found = check_whole("n", value)
    assert found == 3 and type(found) is int


def test_both_ends_are_whole_numbers_too():
    assert [check_whole("n", value, -2, 5) for value in (-2, 5)] == [-2, 5]
    assert check_whole("n", 1) == 1 and check_whole("n", 0, 0) == 0
    assert check_whole("n", 10**30) == 10**30


@pytest.mark.parametrize(
    "value",
    [True, False, np.True_, None, "3", 3.0, np.float64(3), 2.5, math.nan, math.inf, 3j, [3], (3,),
     np.array(3), np.array([3]), Tensor(3)],
    ids=repr,
)  # fmt: skip
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(ValueError) as raised:
        check_whole("n", value, 0, 5)
    assert str(raised.value) == f"n is {value!r}; give a whole number from 0 to 5."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((0,), "n is 0; give a whole number of 1 or more."),
        ((-1, 0), "n is -1; give a whole number of 0 or more."),
        ((np.int64(0),), f"n is {np.int64(0)!r}; give a whole number of 1 or more."),
        ((-3, -2, 5), "n is -3; give a whole number from -2 to 5."),
        ((6, -2, 5), "n is 6; give a whole number from -2 to 5."),
    ],
)
def test_a_whole_number_out_of_range_is_refused(arguments, sentence):
    with pytest.raises(ValueError) as raised:
        check_whole("n", *arguments)
    assert str(raised.value) == sentence


def test_the_sentence_on_whole_numbers_is_written_once():
    paths = sorted(PACKAGE.rglob("*.py"))
    by_hand = [path for path in paths if "give a whole number" in path.read_text(encoding="utf-8")]
    assert [path.relative_to(PACKAGE).as_posix() for path in by_hand] == ["base/arguments.py"]


# ---- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [2, 2.0, np.float32(2), np.uint8(2), np.array(2), np.array([2.0]), [[2]], Tensor(2.0)],
    ids=repr,
)
def test_one_number_becomes_a_float(value):
    found = check_real("x", value, 0, 3)
    assert found == 2 and type(found) is float


def test_both_ends_are_numbers_too_unless_they_are_open():
    assert [check_real("x", value, 0, 1) for value in (0, 1)] == [0, 1]
    assert check_real("x", 0.5, 0, 1, open_ended=True) == 0.5
    assert check_real("x", -1e300) == -1e300
    for value in (0, 1):
        with pytest.raises(ValueError, match=f"^x is {value}; give a number between 0 and 1\\.$"):
            check_real("x", value, 0, 1, open_ended=True)


@pytest.mark.parametrize(
    "value",
    [True, False, np.True_, None, "2", b"2", 2j, [], [1, 2], np.zeros(0), np.zeros(2), {},
     np.array([True]), np.array(["2"]), np.array([None]), Tensor(1, 2), 10**400],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_is_not_one_number_is_refused(value):
    with pytest.raises(TypeError) as raised:
        check_real("x", value)
    assert str(raised.value) == f"x is {value!r}; give one number."


@pytest.mark.parametrize(
    ("value", "limits", "wanted"),
    [
        (math.nan, (), "that is finite"),
        (math.inf, (), "that is finite"),
        (-math.inf, (), "that is finite"),
        (np.array([math.nan]), (0, 1), "from 0 to 1"),
        (math.inf, (0,), "of 0 or more"),
        (-0.5, (0,), "of 0 or more"),
        (-0.5, (0, 1.5), "from 0 to 1.5"),
        (2, (0, 1.5), "from 0 to 1.5"),
        (np.float32(2), (-1, 1), "from -1 to 1"),
    ],
)
def test_a_number_out_of_range_is_refused(value, limits, wanted):
    with pytest.raises(ValueError) as raised:
        check_real("x", value, *limits)
    assert str(raised.value) == f"x is {float(np.ravel(value)[0]):g}; give a number {wanted}."


@pytest.mark.parametrize(
    ("value", "limits", "wanted"),
    [
        (math.nan, (), "that is finite"),
        (0, (0,), "above 0"),
        (math.inf, (0,), "above 0"),
        (0, (0, 1), "between 0 and 1"),
        (1.5, (0, 1), "between 0 and 1"),
    ],
)
def test_a_number_at_or_beyond_an_open_end_is_refused(value, limits, wanted):
    with pytest.raises(ValueError) as raised:
        check_real("x", value, *limits, open_ended=True)
    assert str(raised.value) == f"x is {value:g}; give a number {wanted}."


# ---- arrays of numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [2, np.float32(2), [2], (2, 2), [[2, 2]], np.uint8([2]), np.float16([[2.0]]), Tensor(2.0, 2.0)],
    ids=repr,
)
def test_numbers_become_an_array_of_float64(values):
    found = check_finite("inputs", values)
    assert type(found) is np.ndarray and found.dtype == np.float64
    assert found.shape == np.shape(np.asarray(values)) and (found == 2).all()


def test_the_array_is_the_callers_own():
    values = np.ones(3)
    check_finite("inputs", values)[:] = 0
    assert values.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (True, "bool"),
        ([True, False], "bool"),
        (None, "object"),
        ([1, None], "object"),
        ("ab", "<U2"),
        (["1", "2"], "<U1"),
        ([1j], "complex128"),
        ([[1], [1, 2]], "object"),
        ({}, "object"),
    ],
)
def test_what_are_no_numbers_is_refused(values, dtype):
    with pytest.raises(TypeError) as raised:
        check_finite("inputs", values, 2, "rows")
    assert str(raised.value) == f"inputs has dtype {dtype}; give an array of real numbers."


@pytest.mark.parametrize("values", [3, [1, 2], np.zeros(0), np.zeros((1, 2, 3))])
def test_another_number_of_axes_is_refused_in_the_callers_words(values):
    with pytest.raises(ValueError) as raised:
        check_finite("inputs", values, 2, "one row an example, (n, k)")
    shape = np.shape(values)
    assert str(raised.value) == f"inputs has shape {shape}; give one row an example, (n, k)."
    assert check_finite("inputs", [[1, 2]], 2, "rows").shape == (1, 2)


@pytest.mark.parametrize("values", [np.zeros(0), np.zeros((3, 0)), []])
def test_no_numbers_at_all_are_refused(values):
    with pytest.raises(ValueError) as raised:
        check_finite("inputs", values)
    assert str(raised.value) == (
        f"inputs has shape {np.shape(values)}, so it is empty; give at least one entry."
    )


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_refused(wrong):
    for values in (wrong, [1, wrong], np.float32([[wrong, 0]])):
        with pytest.raises(ValueError) as raised:
            check_finite("inputs", values)
        assert str(raised.value) == (
            "inputs has values that are not finite (NaN or infinity); find them with "
            "np.argwhere(~np.isfinite(values))."
        )


# ---- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [["ring", "grid"], {"ring": 1, "grid": 2}, ("grid",)])
def test_a_known_name_passes(known):
    assert check_name("target", "grid", known) is None
    assert check_name("target", "grid", iter(known)) is None


@pytest.mark.parametrize("name", ["", "Ring", "ring ", None, 3, True, ["ring"], {"ring"}])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(ValueError) as raised:
        check_name("target", name, (known for known in ("ring", "grid")))
    assert str(raised.value) == f"There is no target {name!r}; choose one of ring, grid."


@pytest.mark.parametrize("name", ["ring.pkl", "a/b.npz", b"ring", Path("ring"), Path("x.npz")])
def test_a_files_name_is_told_that_files_are_not_opened(name):
    with pytest.raises(ValueError) as raised:
        check_name("target", name, ["ring", "grid"])
    assert str(raised.value) == (
        f"There is no target {name!r}; choose one of ring, grid. Files, and pickles above all, "
        "which can run any code, are not opened by name here."
    )
