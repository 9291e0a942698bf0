"""The one place where TensorFlow and Keras are imported, quietly and with the right backend.

The package's modules say `from course_utils.base.backend import keras, tf`; a lesson calls `start`
first and then imports both by their own names.
"""

import contextlib
import gc
import importlib
import os
import sys

from course_utils.base import memory

_WANTED_BACKEND = "tensorflow"


def _check_backend() -> None:
    """Refuse a Keras that runs, or would run, on another backend than TensorFlow."""
    chosen = os.environ.setdefault("KERAS_BACKEND", _WANTED_BACKEND)
    if "keras" in sys.modules:
        chosen = sys.modules["keras"].backend.backend()
    if chosen != _WANTED_BACKEND:
        raise ImportError(
            f"This course needs Keras on TensorFlow, but KERAS_BACKEND is {chosen!r}. "
            "Unset it or set KERAS_BACKEND=tensorflow, then restart the kernel."
        )


def _import_quietly(name: str):
    """Import a module while descriptor 2 points to nowhere.

    TensorFlow's C++ runtime prints harmless start-up lines past every Python setting, and they
    differ from machine to machine. Python errors still arrive, since they travel as exceptions.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        saved = os.dup(2)
    except OSError:  # no standard error at all (some Windows launchers)
        return importlib.import_module(name)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        return importlib.import_module(name)
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def start():
    """Import TensorFlow and Keras, (tf, keras), without TensorFlow's log lines.

    Importing this module does it; a lesson calls it before its own `import keras`. Raises
    ImportError with one sentence where Keras runs, or would run, on another backend.
    """
    _check_backend()
    memory.keep_small()
    with _no_garbage():
        return _import_quietly("tensorflow"), _import_quietly("keras")


@contextlib.contextmanager
def _no_garbage():
    """Look for no garbage among millions of objects that stay: a sixth of the imports' time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # nor later on, among these
        if was_on:
            gc.enable()


tf, keras = start()
