"""The checks print the right line for every kind of answer, and no answer stops the notebook."""

import contextlib
import subprocess
import sys
import threading
import time
from fractions import Fraction

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks import compare

NOT_YET = "06.1 · not answered yet: replace the ... and run both cells again\n"
CORRECT = "06.1 · correct.\n"


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))


@pytest.fixture
def said(capsys):
    """What a check prints, its result being None."""

    def call(check, *arguments, **keywords) -> str:
        capsys.readouterr()
        assert check("06.1", *arguments, **keywords) is None
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return call


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


def test_integers_are_exact_and_other_numbers_need_three_digits(said):
    assert "close, but not exact" in said(checks.check_number, 3137, expected=3136)
    assert said(checks.check_number, 0.693, expected=np.log(2)) == CORRECT
    assert "close, but not exact" in said(checks.check_number, 0.69, expected=np.log(2))
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
        (12.1, "got 12.1, which is close, but not exact enough: compute it without rounding."),
        (7, "got 7, which is not right."),
        (float("inf"), "got inf, which is not right."),
    ],
)  # fmt: skip
def test_a_wrong_number_is_named(said, answer, sentence):
    assert said(checks.check_number, answer, expected=12) == hint(sentence)


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


def test_bytes_do_not_wrap_around(said):
    # 200 - 10 in uint8 arithmetic of the comparison would be off by 256 in places.
    assert "wrong in 1 of 2" in said(checks.check_array, np.array([10, 255], "uint8"), [10, -1])


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


def test_an_error_names_type_message_and_line_of_the_answer(said, tmp_path):
    path = tmp_path / "cell.py"
    path.write_text("def invert(x):\n    y = x - x\n    return 1 / y\n")
    namespace = {}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    assert said(checks.check_function, namespace["invert"], abs, [1.0]) == hint(
        "your answer raised ZeroDivisionError in line 3, `return 1 / y`: float division by zero"
    )


def test_errors_without_a_line_or_a_message(said):
    assert said(checks.check_function, lambda: 1, abs, [1.0]).startswith(
        "06.1 · hint: your answer raised TypeError: "
    )

    def silent(x):
        raise ValueError

    out = said(checks.check_function, silent, abs, [1.0])
    assert out.startswith("06.1 · hint: your answer raised ValueError in line ")
    assert out.endswith(", `raise ValueError`.\n")

    def long(x):
        raise ValueError("a" * 1000 + "\nsecond line")

    assert len(said(checks.check_function, long, abs, [1.0])) < 400


def test_recursion_exit_and_interrupt_inside_an_answer_become_sentences(said):
    def forever(x):
        return forever(x)

    def leave(x):
        sys.exit(3)

    def interrupt(x):
        raise KeyboardInterrupt

    for function, name in (
        (forever, "RecursionError"),
        (leave, "SystemExit"),
        (interrupt, "KeyboardInterrupt"),
    ):
        out = said(checks.check_function, function, abs, [1.0])
        assert out.startswith(f"06.1 · hint: your answer raised {name} in line ")
        assert out.count("\n") == 1


def loop(x):
    while True:
        x += 1


def stubborn_loop(x):
    while True:
        with contextlib.suppress(Exception):
            x += 1


def retrying_loop(x):
    caught = 0
    while True:
        try:
            while True:
                x += 1
        except BaseException:
            caught += 1
            if caught > 3:
                raise


@pytest.mark.parametrize("endless", [loop, stubborn_loop, retrying_loop])
def test_an_endless_loop_is_stopped_and_leaves_no_thread_behind(said, endless):
    before = threading.active_count()
    start = time.monotonic()
    assert said(checks.check_function, endless, abs, [1.0], time_limit=0.2) == hint(
        "your answer did not finish within 0.2 seconds and was stopped; "
        "look for a loop that never ends."
    )
    while threading.active_count() > before and time.monotonic() - start < 5:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_an_answer_that_cannot_be_stopped_is_admitted(said):
    release = threading.Event()
    wait = release.wait  # blocks outside Python code, as input() does
    assert said(checks.check_function, lambda x: wait(60), abs, [1.0], time_limit=0.1) == hint(
        "your answer did not finish within 0.1 seconds and goes on in the background; "
        "restart the kernel to end it."
    )
    release.set()


def test_an_interrupt_of_the_kernel_arrives_and_stops_the_answer():
    program = """
import _thread, threading, time
from course_utils import checks
def loop(x):
    while True: x += 1
threading.Timer(0.5, _thread.interrupt_main).start()
try:
    checks.check_function("06.1", loop, abs, [1.0], time_limit=60)
except KeyboardInterrupt:
    time.sleep(0.1)
    print("interrupted, answers alive:", sum(t.daemon for t in threading.enumerate()))
"""
    run = [sys.executable, "-c", program]
    result = subprocess.run(run, capture_output=True, text=True, timeout=30)
    assert (result.stdout, result.stderr) == ("interrupted, answers alive: 0\n", "")


def test_printing_in_an_answer_is_fine(said):
    def talk(x):
        print("x is", x)
        return x

    assert said(checks.check_function, talk, lambda x: x, [1]) == "x is 1\n" + CORRECT


def test_tensorflow_works_in_an_answer(said):
    tf = pytest.importorskip("course_utils.base.backend").tf

    @tf.function
    def square(x):
        return x * x

    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = square(x)
        return tape.gradient(y, x)

    cases = [tf.constant([1.0, 3.0])]
    assert said(checks.check_function, slope, lambda x: 2 * x, cases) == CORRECT

    @tf.function
    def wrong(x):
        return x @ tf.ones((5, 5))

    out = said(checks.check_function, wrong, lambda x: x, [tf.ones((2, 3))])
    assert out.startswith("06.1 · hint: your answer raised ValueError: Dimensions must be equal")
    out = said(checks.check_function, lambda x: x @ tf.ones((5, 5)), abs, [tf.ones((2, 3))])
    assert "InvalidArgumentError" in out and "{{" not in out and "Matrix size-incompatible" in out


# --- choices --------------------------------------------------------------------------------------


def test_choices(said):
    more = {
        "expected": "b",
        "options": "abc",
        "hints": {"a": "That is the generator."},
        "hint": "Look at the formula.",
    }
    assert said(checks.check_choice, " B ", **more) == CORRECT
    assert said(checks.check_choice, "a", **more) == hint("That is the generator.")
    assert said(checks.check_choice, "c", **more) == hint("c is not right. Look at the formula.")
    for wrong in ("d", "", 3.5, b"b", ["b"], {}, np.array("b")):
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
    assert said(checks.check_choice, "ac", **more) == hint(
        "expected some of a, b, c, d, but got the text 'ac'."
    )


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


def test_numbers_are_correct_within_their_tolerance_and_only_there(said):
    rng = np.random.default_rng(0)
    for expected in rng.normal(0, 1, 20) * 10.0 ** rng.integers(-3, 4, 20):
        for offset, right in ((0.9e-3, True), (-0.9e-3, True), (1.1e-3, False), (-1.1e-3, False)):
            out = said(checks.check_number, expected * (1 + offset), expected=expected)
            assert (out == CORRECT) is right


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
