"""How an answer differs from what was expected, in words."""

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks import compare

CORRECT = "06.1 · correct.\n"
SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]])


def hint(text: str) -> str:
    return f"06.1 · hint: {text}\n"


def test_integers_are_exact_and_other_numbers_need_three_digits(said):
    assert said(checks.check_number, 3137, expected=3136) == hint("got 3137, which is not right.")
    assert said(checks.check_number, 0.693, expected=np.log(2)) == CORRECT
    assert said(checks.check_number, 0.693, expected=np.log(2)) == CORRECT
    assert "0.69, which is rounded too" in said(checks.check_number, 0.69, expected=np.log(2))
    assert said(checks.check_number, 0.69, expected=np.log(2), rtol=0.01) == CORRECT
    assert said(checks.check_number, 0.05, expected=0.0, atol=0.1) == CORRECT
    assert said(checks.check_number, float("inf"), expected=float("inf")) == CORRECT


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("3", "expected a number, but got the text '3'."),
        (True, "expected a number, but got the truth value True."),
        ([1, 2], "expected a number, but got a list."),
        ([[1, 2], [3]], "expected a number, but got a list whose rows differ in length."),
        ({"a": 1}, "expected a number, but got a dict."),
        (3j, "expected a number, but got a complex."),
        ((n for n in [1]), "expected a number, but got a generator."),
        (
            abs,
            "expected a number, but got a function (call it by writing parentheses behind its "
            "name).",
        ),
        (np.zeros((2, 3)), "expected a number, but got an array of shape (2, 3)."),
        (
            float("nan"),
            "got NaN (not a number): look for 0/0 or the logarithm of a negative number.",
        ),
        (-12, "got -12, which has the wrong sign."),
        (24, "got 24, which is 2 times what was asked for."),
        (6, "got 6, which is half of what was asked for."),
        (1200, "got 1200, which is 100 times what was asked for; is it a percentage?"),
        (12 / 255, "got 0.0470588, which is what was asked for divided by 255; does it use 0..1 "
         "instead of 0..255?"),
        (12.1, "got 12.1, which is not right."),
        (7, "got 7, which is not right."),
        (float("inf"), "got inf, which is not right."),
    ],
)  # fmt: skip
def test_a_wrong_number_is_named(said, answer, sentence):
    assert said(checks.check_number, answer, expected=12) == hint(sentence)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (5, "expected an array of shape (2, 2), but got the number 5."),
        ("ab", "expected an array of shape (2, 2), but got the text 'ab'."),
        (SQUARE[None], "expected an array of shape (2, 2), but got one of shape (1, 2, 2)."),
        ([[1, 2], [3]], "expected an array of shape (2, 2), but got a list whose rows differ in "
         "length."),
        (SQUARE > 0, "expected an array of shape (2, 2), but got an array of shape "
         "(2, 2) whose values (bool) are not numbers."),
        (["a", "b"], "expected an array of shape (2, 2), but got a list whose values (str32) are "
         "not numbers."),
        (SQUARE * np.nan, "got an array of shape (2, 2) with NaN in it: look for 0/0 or the "
         "logarithm of a negative number."),
        (-SQUARE, "got an array of shape (2, 2), which has the wrong sign."),
        (SQUARE * 255, "got an array of shape (2, 2), which is 255 times what was asked for; does "
         "it use 0..255 instead of 0..1?"),
        (SQUARE + np.array([[0, 0], [5, 0]]), "got an array of shape (2, 2), which is wrong in 1 "
         "of 4 elements, first at index (1, 0)."),
    ],
)  # fmt: skip
def test_a_wrong_array_is_described(said, answer, sentence):
    assert said(checks.check_array, answer, expected=SQUARE) == hint(sentence)


def test_bytes_do_not_wrap_around(said):
    # 200 - 10 in uint8 arithmetic of the comparison would be off by 256 in places.
    assert "wrong in 1 of 2" in said(checks.check_array, np.array([10, 255], "uint8"), [10, -1])


def test_numbers_are_correct_within_their_tolerance_and_only_there(said):
    rng = np.random.default_rng(0)
    for expected in rng.normal(0, 1, 20) * 10.0 ** rng.integers(-3, 4, 20):
        for offset, right in ((0.9e-3, True), (-0.9e-3, True), (1.1e-3, False), (-1.1e-3, False)):
            out = said(checks.check_number, expected * (1 + offset), expected=expected)
            assert (out == CORRECT) is right


@pytest.mark.parametrize(
    ("answer", "right"),
    [(1.1, True), (1.099, True), (1.0986, True), (1.102, False), (1.09, False), (1, False)],
)
def test_a_number_rounded_to_three_digits_is_right(said, answer, right):
    out = said(checks.check_number, np.float32(answer), expected=np.log(3))
    assert (out == CORRECT) is right
    assert ("rounded too much" in out) is (answer == 1)


def test_only_what_is_rounded_is_told_so(said):
    for wrong in (0.4996, 0.5004):  # a neighbor's value, within a hundredth
        out = said(checks.check_number, wrong, expected=0.4956)
        assert out == hint(f"got {wrong}, which is not right.")
    wanted = np.array([0.123, 0.456])
    assert "rounded too much" in said(checks.check_array, wanted.round(1), expected=wanted)
    assert "is wrong in 2 of 2" in said(checks.check_array, wanted * 1.01, expected=wanted)


def test_a_copy_is_unchanged_until_something_in_it_changes():
    rng = np.random.default_rng(0)
    value = [rng.normal(size=(2, 3)), (np.array([np.nan]), {"a": [1, "b", None]}), 2.5, "text"]
    copy = compare.copied(value)
    assert not compare.was_changed(copy, value)
    for change in (
        lambda c: c[0].__setitem__((1, 2), 7),
        lambda c: setattr(c[0], "shape", (3, 2)),
        lambda c: c[1][0].fill(0),
        lambda c: c[1][1]["a"].append(3),
        lambda c: c[1][1].update(b=1),
        lambda c: c.pop(),
        lambda c: c.__setitem__(2, 3.5),
    ):
        copy = compare.copied(value)
        change(copy)
        assert compare.was_changed(copy, value)
