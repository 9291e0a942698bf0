"""`memory`: freed memory goes back after each cell, once, and nothing breaks where it cannot."""

import ctypes
import sys
from types import SimpleNamespace

import pytest

from course_utils.base import memory


@pytest.fixture
def shell(monkeypatch):
    """A notebook's shell, as far as it is used: what it calls after a cell."""
    after = []
    events = SimpleNamespace(register=lambda name, act: after.append((name, act)))
    shell = SimpleNamespace(events=events, after=after)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    return shell


def test_memory_is_given_back_after_each_cell(shell, monkeypatch):
    calls = []
    library = SimpleNamespace(
        mallopt=lambda *values: calls.append(values), malloc_trim=lambda pad: calls.append(pad)
    )
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    assert memory.keep_small()
    assert memory.keep_small()  # as a second `backend.start()` does
    assert calls == [(-8, 2), (-8, 2)]
    assert [name for name, _ in shell.after] == ["post_run_cell"]
    shell.after[0][1]("what IPython tells of the cell")
    assert calls[-1] == 0


def test_another_c_library_is_left_alone(shell, monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    assert not memory.keep_small()
    assert shell.after == []


def test_without_a_notebook_there_is_no_cell_to_wait_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    memory.keep_small()  # does not raise
