"""The checks print the right line for every kind of answer, and no answer stops the notebook."""

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from course_utils import checks

NOT_YET = "06.1 · not answered yet: replace the ... and run both cells again\n"
CORRECT = "06.1 · correct.\n"


def hint(text: str) -> str:
    return f"06.1 · hint: {text}\n"


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [..., None, (28, ...), [...]])
def test_an_untouched_stub_is_not_answered_yet(said, answer):
    assert said(checks.check_number, answer, expected=3) == NOT_YET
    assert said(checks.check_array, answer, expected=[3]) == NOT_YET
    assert said(checks.check_choice, answer, expected="a") == NOT_YET
    assert said(checks.check_function, answer, expected=abs, cases=[1]) == NOT_YET


@pytest.mark.parametrize(
    "answer",
    [12, 12.0, np.float32(12), np.uint8(12), np.array([[12]]), [12], Fraction(12), 12 + 1e-9],
)
def test_every_kind_of_number_is_taken(said, answer):
    assert said(checks.check_number, answer, expected=12) == CORRECT


def test_a_tensor_is_a_number_or_an_array(said):
    tf = pytest.importorskip("course_utils.base.backend").tf
    assert said(checks.check_number, tf.constant([12.0]), expected=tf.constant(12.0)) == CORRECT
    assert said(checks.check_number, tf.Variable(12), expected=12) == CORRECT
    assert said(checks.check_number, tf.constant([12], tf.bfloat16), expected=12) == CORRECT
    assert said(checks.check_array, tf.ones((2, 3)), expected=np.ones((2, 3))) == CORRECT
    assert said(checks.check_number, tf.ones((2, 3)), expected=12) == hint(
        "expected a number, but got an array of shape (2, 3)."
    )


def test_why_follows_correct(said):
    assert said(checks.check_number, 2, expected=2, why="One plus one.") == (
        "06.1 · correct. One plus one.\n"
    )


def test_hints_recognize_a_wrong_number_and_the_general_hint_follows_any_other(said):
    hints = {6: "Both images count.", (lambda x: x > 100): "That is too large."}
    more = {"expected": 12, "hints": hints, "hint": "Count again."}
    assert said(checks.check_number, 6.0, **more) == hint("Both images count.")
    assert said(checks.check_number, np.array([101]), **more) == hint("That is too large.")
    assert said(checks.check_number, 7, **more) == hint("got 7, which is not right. Count again.")
    assert said(checks.check_number, "7", **more) == hint(
        "expected a number, but got the text '7'. Count again."
    )
    broken = {(lambda x: x.no_such): "never shown"}
    assert said(checks.check_number, 7, expected=12, hints=broken) == hint(
        "got 7, which is not right."
    )


def test_what_is_expected_may_be_computed(said):
    assert said(checks.check_number, 4, expected=lambda: 2 + 2) == CORRECT
    assert said(checks.check_number, ..., expected=lambda: 1 / 0) == NOT_YET
    assert said(checks.check_number, 4, expected=lambda: 1 / 0) == hint(
        "this check cannot compute what it expects (ZeroDivisionError: division by zero); "
        "restart the kernel, run all cells above and try again."
    )


# --- arrays ---------------------------------------------------------------------------------------

SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("answer", [SQUARE, SQUARE.tolist(), SQUARE.astype("uint8"), SQUARE + 1e-7])
def test_arrays_and_lists_are_equal_when_their_values_are(said, answer):
    assert said(checks.check_array, answer, expected=SQUARE) == CORRECT
    assert said(checks.check_array, answer, expected=lambda: SQUARE) == CORRECT


def test_array_hints_take_wrong_arrays_and_functions(said):
    hints = [(SQUARE.T, "Rows come first."), (lambda x: x.ndim == 3, "One axis too many.")]
    more = {"expected": SQUARE, "hints": hints}
    assert said(checks.check_array, SQUARE.T, **more) == hint("Rows come first.")
    assert said(checks.check_array, SQUARE[None], **more) == hint("One axis too many.")
    assert "wrong in 4 of 4" in said(checks.check_array, SQUARE + 9, **more)


def test_the_dtype_counts_where_asked_for(said):
    assert said(checks.check_array, SQUARE, expected=SQUARE, dtype="float64") == CORRECT
    assert said(checks.check_array, SQUARE, expected=SQUARE, dtype="uint8") == hint(
        "the values are right, but their dtype is float64, not uint8."
    )


def test_an_answer_is_never_modified(said):
    answer = np.array([255, 3], "uint8")
    before = answer.copy()
    said(checks.check_array, answer, expected=[1.0, 3 / 255])
    np.testing.assert_array_equal(answer, before)
    assert answer.dtype == np.uint8


# --- functions ------------------------------------------------------------------------------------


def softplus(x):
    return np.log1p(np.exp(x))


def test_a_right_function_is_correct_by_function_or_by_results(said):
    cases = [0.0, 1.5, np.array([-1.0, 2.0])]
    assert said(checks.check_function, softplus, softplus, cases) == CORRECT
    results = [softplus(case) for case in cases]
    assert said(checks.check_function, softplus, results, cases) == CORRECT
    assert said(checks.check_function, lambda a, b: a + b, [3, 7], [(1, 2), (3, 4)]) == CORRECT
    assert said(checks.check_function, lambda x: x > 0, [True, False], [1, -1]) == CORRECT


def test_a_wrong_function_tells_for_which_input(said):
    cases = [2.0, (3.0)]
    assert said(checks.check_function, lambda x: 4.0, lambda x: x * x, cases, hint="Square.") == (
        hint("for the input 3: got 4, which is not right. Square.")
    )
    assert said(checks.check_function, lambda a, b: "x", lambda a, b: a, [(1, np.ones(2))]) == hint(
        "for the input 1 and [1, 1]: expected a number, but got the text 'x'."
    )


def test_a_stub_is_not_answered_yet_but_a_forgotten_return_is_named(said):
    def stub(x): ...

    def documented_stub(x):
        """What it should do."""
        pass

    def half_stub(x):
        y = ...
        return y

    def no_return(x):
        x * x

    for function in (stub, documented_stub, half_stub):
        assert said(checks.check_function, function, abs, [1.0]) == NOT_YET
    assert said(checks.check_function, no_return, abs, [1.0]) == hint(
        "your function returns None; does it end with return?"
    )


def test_something_else_than_a_function(said):
    assert said(checks.check_function, 3.5, abs, [1.0]) == hint(
        "expected a function, but got the number 3.5."
    )


def test_a_wrong_function_can_be_recognized(said):
    hints = {np.exp: "Take the logarithm.", np.cosh: "never", (lambda: 0): "never"}
    assert said(checks.check_function, np.exp, softplus, [0.0, 1.0], hints=hints) == hint(
        "Take the logarithm."
    )
    assert "not right" in said(checks.check_function, np.sin, softplus, [0.0, 1.0], hints=hints)


@pytest.mark.parametrize("nest", [lambda x: x, lambda x: [x], lambda x: {"images": x}])
def test_a_function_gets_copies_and_changing_them_is_named(said, nest):
    case = np.array([1.0, 2.0])

    def in_place(x):
        while not isinstance(x, np.ndarray):
            x = x[0] if isinstance(x, list) else x["images"]
        x *= 2
        return x

    assert said(checks.check_function, in_place, [case * 2], [(nest(case),)]) == hint(
        "your function changes its input; leave it and make a new value."
    )
    np.testing.assert_array_equal(case, [1.0, 2.0])


def test_results_that_share_one_buffer_are_still_told_apart(said):
    buffer = np.zeros(1)

    def reuse(x):
        buffer[0] = x * x
        return buffer

    assert said(checks.check_function, reuse, lambda x: np.array([x * x]), [2.0, 3.0]) == CORRECT


# --- choices --------------------------------------------------------------------------------------


def test_choices(said):
    more = {
        "expected": "b",
        "options": "abc",
        "hints": {"a": "That is the generator."},
        "hint": "Look at the formula.",
    }
    for right in (" B ", "(b)", "b.", ["b"], {"B"}):
        assert said(checks.check_choice, right, **more) == CORRECT
    assert said(checks.check_choice, "a", **more) == hint("That is the generator.")
    assert said(checks.check_choice, "c", **more) == hint("c is not right. Look at the formula.")
    for wrong in ("d", "", 3.5, b"b", ["a", "b"], {}, np.array("b")):
        assert said(checks.check_choice, wrong, **more).startswith(
            "06.1 · hint: expected one of a, b, c, but got "
        )
    assert said(checks.check_choice, 3.5, expected="yes") == hint(
        "expected a choice, written as text, but got the number 3.5."
    )


def test_truth_values_and_numbers_are_choices(said):
    assert said(checks.check_choice, True, expected=True) == CORRECT
    assert said(checks.check_choice, "true", expected=True) == CORRECT
    assert said(checks.check_choice, False, expected=True) == hint("false is not right.")
    assert said(checks.check_choice, 2, expected=2, options=[1, 2]) == CORRECT


def test_several_choices(said):
    more = {"expected": {"a", "c"}, "options": "abcd", "hints": {"b": "No."}}
    for right in ({"a", "c"}, ["C", "a"], "a, c", ("a", "c", "a")):
        assert said(checks.check_choice, right, **more) == CORRECT
    assert said(checks.check_choice, "a", **more) == hint("right so far, but not complete.")
    assert said(checks.check_choice, "b", **more) == hint("No.")
    assert said(checks.check_choice, ["a", "b", "c"], **more) == hint("a, b, c is not right.")
    for right in ("ac", "A C", "(a, c)", "a; c", "a, c.", "c and a", "a and c"):
        assert said(checks.check_choice, right, **more) == CORRECT
    assert said(checks.check_choice, "ax", **more) == hint(
        "expected some of a, b, c, d, but got the text 'ax'."
    )
    words = {"expected": {"tanh", "relu"}, "options": ["tanh", "relu", "elu"]}
    assert said(checks.check_choice, "relu, tanh", **words) == CORRECT
    assert said(checks.check_choice, "relutanh", **words).startswith("06.1 · hint: expected some")


# --- hostile answers ------------------------------------------------------------------------------


class Hostile:
    """Raises wherever it is touched."""

    def _refuse(self, *arguments, **keywords):
        raise RuntimeError("hands off")

    __eq__ = __array__ = __repr__ = __str__ = __float__ = __len__ = __iter__ = __bool__ = _refuse
    __call__ = __getattr__ = __index__ = __getitem__ = _refuse
    __hash__ = None


class Liar(Exception):
    def __str__(self):
        raise RuntimeError("no message")


class SlowToRead:
    def __array__(self, dtype=None, copy=None):
        raise Liar


class Lazy(list):
    def __iter__(self):
        raise SystemExit


CIRCULAR = []
CIRCULAR.append(CIRCULAR)
HOSTILE = {
    "hostile": Hostile(),
    "hostile class": Hostile,
    "hostile in a list": [Hostile()],
    "hostile in an array": np.array([Hostile], dtype=object),
    "liar": SlowToRead(),
    "lazy": Lazy([1, 2]),
    "circular": CIRCULAR,
    "huge array": np.broadcast_to(np.uint8(0), (100_000, 1_000_000)),
    "huge number": 10**400,
    "ragged": [[1, 2], [3], "x"],
    "structured": np.zeros(2, dtype=[("a", int)]),
    "dates": np.array(["2026-01-01"], dtype="datetime64[D]"),
    "generator": (n for n in iter(int, 1)),
    "range": range(10**12),
    "text array": np.array(["a", "b"]),
    "empty": [],
    "bytes": b"abc",
    "module": np,
    "masked": np.ma.masked,
    "not implemented": NotImplemented,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("wanted", ["number", "array", "choice", "choices", "function", "result"])
def test_no_answer_whatever_raises_or_passes(said, name, wanted):
    answer = HOSTILE[name]
    out = {
        "number": lambda: said(checks.check_number, answer, 1, hints={2: "x", abs: "y"}),
        "array": lambda: said(checks.check_array, answer, [1.0, 2], hints=[([2, 2], "x")]),
        "choice": lambda: said(checks.check_choice, answer, "a", options="ab", hints={"b": "x"}),
        "choices": lambda: said(checks.check_choice, answer, {"a", "b"}),
        "function": lambda: said(checks.check_function, answer, abs, [1.0], time_limit=2.0),
        "result": lambda: said(checks.check_function, lambda x: answer, abs, [1.0]),
    }[wanted]()
    assert out.startswith("06.1 · hint: ")
    assert out.count("\n") == 1
    assert " at 0x" not in out


# --- the author's mistakes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        lambda: checks.check_number("6.1", 1, 1),
        lambda: checks.check_number("06.1 ", ..., 1),
        lambda: checks.check_number(6.1, 1, 1),
        lambda: checks.check_number("06.1", ..., float("nan")),
        lambda: checks.check_number("06.1", ..., "1"),
        lambda: checks.check_number("06.1", ..., True),
        lambda: checks.check_number("06.1", ..., [1, 2]),
        lambda: checks.check_number("06.1", ..., 1, hints=["sentence"]),
        lambda: checks.check_number("06.1", ..., 1, hints={1: 2}),
        lambda: checks.check_array("06.1", ..., [1, float("nan")]),
        lambda: checks.check_function("06.1", ..., abs, []),
        lambda: checks.check_function("06.1", ..., [1], [1, 2]),
        lambda: checks.check_choice("06.1", ..., "d", options="abc"),
        lambda: checks.check_choice("06.1", ..., "a", options="abc", hints={"x": "no option"}),
        lambda: checks.check_choice("06.1", ..., None),
    ],
)
def test_a_lesson_that_asks_wrongly_is_refused_even_before_an_answer(call):
    with pytest.raises(ValueError):
        call()


def test_checks_do_not_import_tensorflow():
    program = "import sys; from course_utils import checks; print('tensorflow' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout == "False\n"


def test_a_function_may_be_asked_for_a_dtype(said):
    def answer(image):
        return image + 1

    more = {"expected": answer, "cases": [np.zeros(3, np.uint8)]}
    assert said(checks.check_function, answer, dtype="uint8", **more) == CORRECT
    out = said(checks.check_function, lambda image: image + np.int16(1), dtype="uint8", **more)
    assert out == hint("the values are right, but their dtype is int16, not uint8.")
    assert said(checks.check_function, lambda image: image + np.int16(1), **more) == CORRECT
