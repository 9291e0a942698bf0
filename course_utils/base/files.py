"""Where the course's files are, and reading them only if they are the right ones.

What is in them belongs to the modules that ask: `data` re-exports the public part.
"""

import hashlib
import os
from pathlib import Path

import platformdirs

_APP = "image-generation-course"


def root() -> Path:
    """The course's folder, which holds `data/`.

    In this order: the environment variable COURSE_ROOT, the repository that holds this package,
    the working directory and its parents. Raises FileNotFoundError when none of them fits.
    """
    chosen = os.environ.get("COURSE_ROOT")
    if chosen:
        if not (Path(chosen) / "data").is_dir():
            raise FileNotFoundError(
                f"COURSE_ROOT is {chosen!r}, which holds no folder data/; "
                "set it to the course's folder, or unset it."
            )
        return Path(chosen).resolve()
    here = Path.cwd()
    for folder in (Path(__file__).resolve().parents[2], here, *here.parents):
        # Two marks, since many a home folder holds some data/ of its own.
        if (folder / "data").is_dir() and (folder / "course_utils").is_dir():
            return folder
    raise FileNotFoundError(
        f"The course's data/ folder was found neither beside {Path(__file__).parents[1]} nor above "
        f"{here}; start Jupyter inside the course's folder, or set COURSE_ROOT to it."
    )


def user_cache() -> Path:
    """The folder for what can be made again; COURSE_USER_DIR moves it. Writers create it."""
    chosen = os.environ.get("COURSE_USER_DIR")
    return Path(chosen) / "cache" if chosen else platformdirs.user_cache_path(_APP, appauthor=False)


def user_data() -> Path:
    """The folder for what a learner would miss; COURSE_USER_DIR moves it. Writers create it."""
    chosen = os.environ.get("COURSE_USER_DIR")
    return Path(chosen) / "data" if chosen else platformdirs.user_data_path(_APP, appauthor=False)


def read_verified(path: str, sha256: str, size: int | None = None) -> bytes:
    """The bytes of a shipped file, `path` being relative to `root()`, if they have this sha256.

    Raises FileNotFoundError for a missing file and ValueError for a truncated or altered one.
    """
    folder = root()
    remedy = f"restore it with 'git checkout {path}'"
    try:
        content = (folder / path).read_bytes()
    except OSError as error:
        raise FileNotFoundError(
            f"{path}: expected a file below {folder}, found none ({error.strerror}); {remedy}."
        ) from None
    if size is not None and len(content) != size:
        raise ValueError(f"{path}: expected {size:,} bytes, found {len(content):,}; {remedy}.")
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ValueError(f"{path}: expected sha256 {sha256[:8]}…, found {found[:8]}…; {remedy}.")
    return content
