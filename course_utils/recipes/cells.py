"""Cells of a long record, each kept on disk when it is done, so that a stopped record goes on; and
what a step costs.

What is in a cell, and what its name says, belongs to the recipe that asks.
"""

import ast
import gc
import hashlib
import inspect
import io
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType

import numpy as np

from course_utils.base.backend import keras
from course_utils.recipes.shipping import replace_file

Arrays = dict[str, np.ndarray]


class Cells:
    """Cells in a folder, a file NAME.npz each; what is there is read and not made again.

    after: called after each cell that was made
    """

    def __init__(self, folder: Path, after: Callable[[], object] = lambda: None):
        self.folder, self.after = folder, after

    def get(self, name: str, make: Callable[..., dict], *arguments) -> Arrays:
        """What make(*arguments) returned, as arrays by name, now or when the cell was made.

        A cell appears in one move, whole or not at all.
        """
        path = self.folder / f"{name}.npz"
        if not path.exists():
            packed = io.BytesIO()
            np.savez_compressed(packed, **make(*arguments))
            replace_file(path, packed.getvalue())
            self.after()
        with np.load(path) as found:
            return dict(found)


def free_memory() -> None:
    """Forget the graphs of models that are not in use: those of many trainings would fill it."""
    keras.backend.clear_session()
    gc.collect()


def in_turns(runs: Mapping[str, Callable[[], object]], rounds: int, steps: int) -> dict[str, float]:
    """Seconds that one call of each run takes: medians over rounds in which all take turns.

    A busy moment of the machine slows all of them. Each is called once before, to be traced.
    """
    for run in runs.values():
        run()
    found = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            for _ in range(steps):
                run()
            found[name].append((time.perf_counter() - start) / steps)
    return {name: statistics.median(times) for name, times in found.items()}


def fingerprint(modules: Iterable[ModuleType], *settings, without: Iterable[str] = ()) -> str:
    """Eight digits that change with the modules' code, or with the settings' `repr`.

    Comments, docstrings and layout do not count, nor do module-level values named in `without`.
    """
    found = [repr(setting) for setting in settings]
    for module in modules:
        tree = ast.parse(inspect.getsource(module))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (
                ast.get_docstring(node) is not None
            ):
                node.body = node.body[1:]
        found += [ast.dump(node) for node in tree.body if _name(node) not in without]
    return hashlib.sha256("\n".join(found).encode()).hexdigest()[:8]


def _name(node: ast.stmt) -> str | None:
    """The name that a statement gives a value to, if it is one."""
    is_named = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    return node.targets[0].id if is_named else None
