"""A lesson runs from a folder that cannot be written, without a network, and changes nothing there.

On Linux the kernel enforces both, where it lets us (`unshare`). Elsewhere the folder only loses
its write permissions, the network stays, and the comparison of the tree alone decides.
"""

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
import rules
from running import shortened

import build

USER_FOLDERS = [
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "MPLCONFIGDIR",
    "KERAS_HOME",
    "COURSE_USER_DIR",
]


def _unshare(folder: Path) -> list[str] | None:
    """The command that starts another one with mounts and a network of its own, if allowed."""
    if shutil.which("unshare") is None:
        return None
    command = ["unshare", "--mount", "--net"]
    if os.geteuid() != 0:
        command.insert(1, "--map-root-user")
    probe = subprocess.run([*command, "mount", "--bind", folder, folder], capture_output=True)
    return command if probe.returncode == 0 else None


def _tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of every file; compiled Python files aside."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if "__pycache__" not in path.parts
    }


def _set_writable(folder: Path, writable: bool) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod((0o755 if path.is_dir() else 0o644) if writable else 0o555)


@pytest.mark.parametrize("source", build.lesson_sources(), ids=lambda source: source.stem)
def test_lesson_runs_read_only_and_offline(source, course_copy, tmp_path, monkeypatch):
    notebook = shortened(source, solved=True)
    origin = "import course_utils\nprint(course_utils.__file__)"
    notebook.cells.append(nbformat.v4.new_code_cell(origin))
    for name in USER_FOLDERS:
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("PYTHONPATH", str(course_copy))
    before = _tree(course_copy)
    unshare = _unshare(course_copy)
    if unshare:
        given, result = tmp_path / "given.ipynb", tmp_path / "result.ipynb"
        nbformat.write(notebook, given)
        sandbox = Path(__file__).with_name("sandbox.py")
        command = [*unshare, sys.executable, sandbox, course_copy, given, result]
        run = subprocess.run(command, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        notebook = nbformat.read(result, as_version=4)
    else:
        warnings.warn("unshare is not allowed here: the network was not cut", stacklevel=1)
        _set_writable(course_copy, False)
        try:
            build.execute(notebook, course_copy / "notebooks")
        finally:
            _set_writable(course_copy, True)
    assert rules.checks_say(notebook, "correct") == []
    assert Path(rules.printed(notebook.cells[-1]).strip()).is_relative_to(course_copy)
    assert _tree(course_copy) == before
