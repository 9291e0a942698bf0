"""Where the course's files are, and reading them only if they are the right ones.

What is in them belongs to the modules that ask: `data` re-exports the public part.
"""

import gzip
import hashlib
import math
import os
import zlib
from pathlib import Path

import numpy as np
import platformdirs

_APP = "image-generation-course"


def check_name(kind: str, name, known) -> None:
    """Refuse a name that is not among the known ones; a file's name gets its own sentence."""
    if isinstance(name, str) and name in known:
        return
    hint = ""
    if isinstance(name, os.PathLike | bytes) or Path(str(name)).suffix:
        hint = " Files, and pickles above all, which can run any code, are not opened by name here."
    raise ValueError(f"Unknown {kind} {name!r}; known: {', '.join(known)}.{hint}")


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
    for folder in (Path(__file__).resolve().parent.parent, here, *here.parents):
        # Two marks, since many a home folder holds some data/ of its own.
        if (folder / "data").is_dir() and (folder / "course_utils").is_dir():
            return folder
    raise FileNotFoundError(
        f"The course's data/ folder was found neither beside {Path(__file__).parent} nor above "
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


def read_idx(content: bytes, name: str) -> np.ndarray:
    """Gzip'd IDX bytes, the format of MNIST's files, to a writable uint8 array of their shape.

    An IDX file is two zero bytes, the type (8 for uint8), the number of dimensions, each dimension
    as a big-endian 32-bit number, then the values. `name` is for the ValueError that anything else
    raises.

    >>> read_idx(gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9])), "three labels")
    array([7, 8, 9], dtype=uint8)
    """
    try:
        raw = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{name}: expected a whole gzip file, found: {error}.") from None
    if len(raw) < 4 or raw[:3] != b"\0\0\x08" or len(raw) < 4 + 4 * raw[3]:
        raise ValueError(
            f"{name}: expected an IDX file of uint8, which begins with the bytes 00 00 08, "
            f"found {raw[:4].hex(' ') or 'nothing'}; get it again from its publisher."
        )
    start = 4 + 4 * raw[3]
    shape = tuple(np.frombuffer(raw[4:start], ">u4").tolist())
    if len(raw) - start != math.prod(shape):
        raise ValueError(
            f"{name}: expected {math.prod(shape):,} values for shape {shape}, "
            f"found {len(raw) - start:,}; get it again from its publisher."
        )
    # The copy makes it writable.
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape).copy()
