"""Where the course's files are, and reading them only if they are the right ones.

What is in them belongs to the modules that ask: `data` re-exports the public part.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

import platformdirs

_APP = "image-generation-course"
_ENTRY = {"file", "sha256", "bytes"}  # what each entry of a manifest holds at least


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


def read_manifest(folder: str, keys: Iterable[str] = (), below: Path | None = None) -> dict:
    """What `folder`/manifest.json says of the files beside it: name -> file, sha256, bytes, `keys`.

    The folder is relative to `root()`, or to `below`. Raises ValueError for a file that is missing,
    damaged, or lacks a key.
    """
    path, keys = f"{folder}/manifest.json", _ENTRY.union(keys)
    try:
        entries = json.loads(((below or root()) / path).read_text(encoding="utf-8"))
        if not isinstance(entries, dict):
            raise ValueError(f"it holds a {type(entries).__name__} instead of names and entries")
        for name, entry in entries.items():
            if not isinstance(entry, dict) or not entry.keys() >= keys:
                raise ValueError(f"the entry {name!r} lacks some of {', '.join(sorted(keys))}")
    except (OSError, ValueError) as error:
        reason = (str(error).strip() or repr(error)).splitlines()[0][:200]
        raise ValueError(
            f"{path} cannot be read ({reason}); restore it with 'git checkout {path}'."
        ) from None
    return entries
