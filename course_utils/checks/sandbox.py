"""Runs what a learner wrote, so that nothing it does can stop the notebook.

It turns whatever goes wrong into one sentence. What an answer should be belongs to
`exercises`.
"""

import contextvars
import ctypes
import linecache
import re
import threading
import time
import traceback
import types
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_MAX_MESSAGE = 200  # characters of an error message that are shown
_COLOR = re.compile("\x1b\\[[0-9;]*m")  # what Keras colors its messages with


class Failed(Exception):
    """The answer raised or did not end; the message is a sentence for the learner."""


class _TimeIsUp(SystemExit):
    """Stops the thread. Python ends a thread with SystemExit silently, wherever it arrives, and
    neither `except Exception` nor a retry loop in an answer swallows it."""


def run(function: Callable[[], Result], time_limit: float, answer=None) -> Result:
    """Call `function` in a thread of its own and return what it returns.

    time_limit: seconds, after which the thread is stopped.
    answer: what the learner gave; if it is a function, an error tells the line in it.
    Raises Failed. An interrupt of the kernel stops the thread and goes on to the caller.
    """
    outcome: list[tuple[bool, Result | str]] = []
    # An event and not thread.join(): interrupting that breaks is_alive() before Python 3.13.
    done = threading.Event()

    def work() -> None:
        try:
            outcome.append((True, function()))
        except BaseException as error:  # sys.exit() and KeyboardInterrupt of the answer as well
            outcome.append((False, _error_sentence(error, answer)))
        finally:
            done.set()

    # The context carries the cell to which the answer's prints belong.
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work,), daemon=True)
    deadline = time.monotonic() + time_limit
    try:
        thread.start()
        # Short waits, since on Windows an interrupt arrives only between them.
        while not done.wait(0.05) and time.monotonic() < deadline:
            pass
        ended = done.is_set()
    finally:
        stopped = _stop(thread, done)
    if not ended:
        sentence = (
            f"your answer did not finish within {time_limit:g} seconds and was stopped; "
            "look for a loop that never ends."
        )
        if not stopped:
            sentence = (
                f"your answer did not finish within {time_limit:g} seconds and goes on in the "
                "background; restart the kernel to end it."
            )
        raise Failed(sentence)
    if not outcome:  # the thread could not even note its error
        raise Failed("your answer ended in a way that cannot be described; restart the kernel.")
    succeeded, result = outcome[0]
    if not succeeded:
        raise Failed(result)
    return result


def _stop(thread: threading.Thread, done: threading.Event) -> bool:
    """End a thread that runs Python code; False if it still runs after about a second."""
    for _ in range(20):  # an answer may catch the exception and go on, but not every time
        if done.is_set() or not thread.is_alive():
            return True
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_TimeIsUp)
        )
        done.wait(0.05)
    return done.is_set() or not thread.is_alive()


def _error_sentence(error: BaseException, answer) -> str:
    """For example: your answer raised ValueError in line 2, `raise ValueError("no")`: no"""
    own_file = answer.__code__.co_filename if type(answer) is types.FunctionType else None
    sentence = f"your answer raised {type(error).__name__}"
    lines = [
        line
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == own_file
    ]
    if lines:
        sentence += f" in line {lines[-1]}"
        code = linecache.getline(own_file, lines[-1]).strip()
        if code:
            sentence += f", `{code}`"
    message = _message(error)
    return f"{sentence}: {message}" if message else f"{sentence}."


def _message(error: BaseException) -> str:
    """What the error says, in one line."""
    try:
        text = _COLOR.sub("", str(error))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
    except Exception:
        return ""
    if not lines:
        return ""
    # Keras puts a line before the cause; inside tf.function it comes last, after source lines.
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        lines = lines[1:]
    message = lines[-1] if lines[0] == "in user code:" else lines[0]
    message = message.removeprefix(f"{type(error).__name__}: ")
    message = re.sub(r"\{\{.*?\}\} ?| \[Op:\w+\].*", "", message)  # TensorFlow's node names
    return message if len(message) <= _MAX_MESSAGE else message[:_MAX_MESSAGE] + "…"
