"""Which exercises this learner has solved: one small JSON file in the user's data folder.

`verdicts` writes it, and no check depends on it. Several kernels may write at once.
"""

import contextlib
import json
import os
import re
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from course_utils.base import files

EXERCISE = re.compile(r"(\d\d)\.(\d+)", re.ASCII)  # lesson and number, such as 06.1
_LESSON = re.compile(r"\d\d", re.ASCII)
_VERSION = 1
_WAIT = 1.0  # seconds that a kernel waits for another one to finish writing
_STALE = 10.0  # seconds after which the one that was writing must have died

Solved = dict[str, str]  # exercise -> when it was first solved, ISO 8601

_last_failure = ""  # why the latest answer could not be saved, for `progress`


def mark_solved(exercise: str) -> None:
    """Note the exercise with the date. Where nothing can be written, `progress` says so later."""
    global _last_failure
    try:
        if exercise not in _load():
            now = datetime.now().isoformat(timespec="seconds")
            _update(lambda solved: {exercise: now, **solved})
        _last_failure = ""
    except OSError as error:
        _last_failure = _reason(error)


def progress() -> None:
    """Print which exercises are solved, by lesson, and whatever is wrong with the file."""
    try:
        solved = _load()
    except OSError as error:
        print(f"Your progress in {_file()} cannot be read ({_reason(error)}).")
        return
    print(table(solved))
    if _last_failure:
        print(
            f"Your latest answer could not be saved in {_file()} ({_last_failure}). The checks "
            "work without it; set COURSE_USER_DIR to a folder that you can write to."
        )
    for path in sorted(_file().parent.glob(f"{_file().name}.corrupt-*")):
        print(f"An unreadable progress file was set aside as {path}; delete it if you need not it.")


def reset_progress(lesson: str | None = None) -> None:
    """Forget the solved exercises, all of them or those of one lesson, such as "06"."""
    if lesson is not None and not (isinstance(lesson, str) and _LESSON.fullmatch(lesson)):
        raise ValueError(
            f"The lesson is {lesson!r}; give its two digits as text, such as '06', or nothing."
        )
    try:
        forgotten = [name for name in _load() if lesson in (None, name[:2])]
        if forgotten:
            _update(lambda solved: {k: v for k, v in solved.items() if k not in forgotten})
    except OSError as error:
        print(f"Your progress in {_file()} cannot be changed ({_reason(error)}).")
        return
    print(f"Forgot {len(forgotten)} solved exercise{'' if len(forgotten) == 1 else 's'}.")


def table(solved: Solved) -> str:
    """The solved exercises, one lesson a line.

    >>> print(table({"06.10": "2026-01-02", "06.2": "2026-01-01", "01.1": "2026-01-01"}))
    lesson  solved
    01      01.1
    06      06.2, 06.10
    """
    if not solved:
        return "No exercise is solved yet."
    rows: dict[str, list[str]] = {}
    for exercise in sorted(solved, key=lambda name: [int(part) for part in name.split(".")]):
        rows.setdefault(exercise[:2], []).append(exercise)
    return "\n".join(
        ["lesson  solved"] + [f"{lesson}      {', '.join(names)}" for lesson, names in rows.items()]
    )


def parse(text: str) -> Solved:
    """The solved exercises in the file's text; raises ValueError for any other content.

    >>> parse('{"version": 1, "solved": {"06.1": "2026-11-23T10:00:00"}}')
    {'06.1': '2026-11-23T10:00:00'}
    """
    try:
        content = json.loads(text)
    except RecursionError as error:
        raise ValueError("too deeply nested") from error
    if not isinstance(content, dict) or content.get("version") != _VERSION:
        raise ValueError(f"no progress of version {_VERSION}")
    solved = content.get("solved")
    if not isinstance(solved, dict):
        raise ValueError("no table of solved exercises")
    for exercise, date in solved.items():
        if not EXERCISE.fullmatch(exercise):
            raise ValueError(f"not an exercise: {exercise!r}")
        datetime.fromisoformat(date if isinstance(date, str) else "")
    return solved


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _file() -> Path:
    return files.user_data() / "progress.json"


def _read() -> Solved:
    """The file's content; ValueError if it is not ours, {} if there is none."""
    try:
        return parse(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _load() -> Solved:
    """The file's content, after setting an unreadable one aside."""
    try:
        return _read()
    except ValueError:
        _update(lambda solved: solved)
        return _read()


def _set_aside() -> None:
    """Rename the file, so that whatever is in it is not lost."""
    path = _file()
    number = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    path.rename(aside)


def _update(change: Callable[[Solved], Solved]) -> None:
    """Replace the file by `change` of it, atomically and one kernel at a time.

    The new content is written into a file that only one process can create, which is therefore the
    lock as well; renaming it publishes the content and releases the lock in one step.
    """
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f"{path.name}.lock")
    stream = _create(lock)
    try:
        with stream:
            try:
                solved = _read()
            except ValueError:
                _set_aside()
                solved = {}
            content = {"version": _VERSION, "solved": change(solved)}
            json.dump(content, stream, indent=1, sort_keys=True)
        os.replace(lock, path)
    except BaseException:
        lock.unlink(missing_ok=True)
        raise


def _create(lock: Path) -> TextIO:
    """Create the file, waiting for a kernel that holds it, and not for one that died holding it."""
    deadline = time.monotonic() + _WAIT
    while True:
        try:
            return open(lock, "x", encoding="utf-8")
        except FileExistsError:
            if time.monotonic() > deadline:
                raise TimeoutError("another kernel is writing it") from None
        with contextlib.suppress(FileNotFoundError):
            if time.time() - lock.stat().st_mtime > _STALE:
                lock.unlink()
        time.sleep(0.01)
