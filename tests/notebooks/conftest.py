"""Fixtures of the notebook tests: a source small enough to build anywhere, a copy of the course."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def course_copy(tmp_path_factory) -> Path:
    """The files that git tracks or would track, copied out of the repository. Do not change it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this folder is no git checkout, so its tracked files are unknown: {error}")
    copy = tmp_path_factory.mktemp("copy") / "course"
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    return copy
