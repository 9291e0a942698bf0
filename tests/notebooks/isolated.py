"""Runs a notebook in a course that cannot be written, without a network: a lab's installation.

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
import rules
from nbformat import NotebookNode

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
ORIGIN = "import course_utils\nprint(course_utils.__file__)"


def execute(notebook: NotebookNode, course: Path, own: Path, monkeypatch) -> NotebookNode:
    """A twin, executed in the course's folder `course`, which is unchanged afterwards.

    own: an empty folder for what a user would have: a home, caches
    """
    notebook.cells.append(nbformat.v4.new_code_cell(ORIGIN))
    for name in USER_FOLDERS:
        (own / name).mkdir()
        monkeypatch.setenv(name, str(own / name))
    monkeypatch.setenv("PYTHONPATH", str(course))
    before = _tree(course)
    unshare = _unshare(course)
    if unshare:
        given, result = own / "given.ipynb", own / "result.ipynb"
        nbformat.write(notebook, given)
        sandbox = Path(__file__).with_name("sandbox.py")
        command = [*unshare, sys.executable, sandbox, course, given, result]
        run = subprocess.run(command, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        notebook = nbformat.read(result, as_version=4)
    else:
        warnings.warn("unshare is not allowed here: the network was not cut", stacklevel=1)
        _set_writable(course, False)
        try:
            build.execute(notebook, course / "notebooks")
        finally:
            _set_writable(course, True)
    assert Path(rules.printed(notebook.cells.pop()).strip()).is_relative_to(course)
    assert _tree(course) == before
    return notebook


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
