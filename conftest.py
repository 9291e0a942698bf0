"""Keeps every test, notebooks included, away from the user's own files; marks the quick ones.

Also lets interrupts arrive: a shell that starts the tests in the background has them ignored.

It lies beside pyproject.toml, not in tests/, because nbval collects from notebooks/ and its cells
use no fixtures.
"""

import os
import signal
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
QUICK = [ROOT / "course_utils", ROOT / "tests" / "unit", ROOT / "tests/notebooks/test_hygiene.py"]


def pytest_configure(config):
    """Point the course's, Matplotlib's and Jupyter's user folders to a temporary one."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = tempfile.TemporaryDirectory(prefix="course-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    for name in ("COURSE_USER_DIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        path = Path(folder.name, name.lower())
        path.mkdir()
        os.environ[name] = str(path)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark as quick what `pytest -m quick` runs: the tests of the code that are not slow."""
    for item in items:
        in_code = any(item.path.is_relative_to(place) for place in QUICK)
        if in_code and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.quick)
