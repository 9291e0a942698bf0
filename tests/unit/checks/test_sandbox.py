"""Whatever an answer does when it runs, it becomes one sentence."""

import contextlib
import subprocess
import sys
import threading
import time

import pytest

from course_utils import checks

CORRECT = "06.1 · correct.\n"


def hint(text: str) -> str:
    return f"06.1 · hint: {text}\n"


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


@pytest.mark.slow
def test_an_answer_that_cannot_be_stopped_is_admitted(said):
    release = threading.Event()
    wait = release.wait  # blocks outside Python code, as input() does
    assert said(checks.check_function, lambda x: wait(60), abs, [1.0], time_limit=0.1) == hint(
        "your answer did not finish within 0.1 seconds and goes on in the background; "
        "restart the kernel to end it."
    )
    release.set()


@pytest.mark.slow
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


def test_of_keras_s_errors_the_cause_is_told_and_no_colors(said):
    def answer(x):
        raise ValueError(
            "Exception encountered when calling Functional.call().\n\n"
            "\x1b[1mInvalid input shape for input 3.\x1b[0m\n\nArguments received by the call:"
        )

    out = said(checks.check_function, answer, lambda x: x, [1.0])
    assert "Invalid input shape for input 3." in out
    assert "encountered" not in out and "\x1b" not in out
