"""Makes the lessons: one py:percent source becomes a notebook with stubs and its solved twin.

    python notebooks/src/build.py 06           write and execute lesson 06 and its twin
    python notebooks/src/build.py --all        the same for every lesson
    python notebooks/src/build.py --check      compare notebooks and sources, execute nothing
    python notebooks/src/build.py --minutes 06 minutes by section, as a class reads and runs it
    python notebooks/src/build.py --stamp      renew launch links after [tool.course] has changed

Owns the shape of the notebooks; what they show belongs to the sources beside this file.
CONTRIBUTING.md lists the tags that a source may use.
"""

import argparse
import math
import os
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

import _minutes
from _notebook import make_notebook, notebook_text
from _stamps import Course, read_course, stamp_readme

SOURCES = Path(__file__).resolve().parent
ROOT = SOURCES.parents[1]
CELL_TIMEOUT_S = 900


# Execution


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook in place with this Python; the author's own course progress stays untouched.

    Args:
        notebook: changed in place and returned: outputs as the kernel sent them.
        folder: working directory of the kernel.

    Raises:
        CellExecutionError, CellTimeoutError, DeadKernelError: as nbclient does.
    """
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=CELL_TIMEOUT_S,
        record_timing=True,  # for the minutes of a section; notebook_text drops it
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    with tempfile.TemporaryDirectory() as user_folder:
        client.execute(env={**os.environ, "COURSE_USER_DIR": user_folder})
    return notebook


def notebook_path(source: Path, solved: bool) -> Path:
    """Where the lesson or the twin of a source lies."""
    folder = source.parent.parent
    return (folder / "solutions" if solved else folder) / f"{source.stem}.ipynb"


def build(source: Path, course: Course) -> None:
    """Write and execute the lesson and the solved twin of one source.

    Raises:
        ValueError: the source is malformed. Nothing is written when a cell fails.
    """
    texts = {}
    for solved in (False, True):
        path = notebook_path(source, solved)
        path.parent.mkdir(exist_ok=True)
        notebook = make_notebook(source.read_text(encoding="utf-8"), source.stem, course, solved)
        start = time.perf_counter()
        try:
            execute(notebook, path.parent)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            kind = "solved twin" if solved else "lesson"
            raise ValueError(f"{source.name}: the {kind} stopped.\n{error}") from error
        for number, cell in enumerate(notebook.cells):
            for output in cell.get("outputs", []):
                if output.output_type == "stream" and output.name == "stderr":
                    print(f"{source.name}: cell {number}, stderr not kept: {output.text.strip()}")
        texts[path] = notebook_text(notebook, run_times(notebook, path))
        seconds, size = time.perf_counter() - start, len(texts[path].encode()) / 1000
        print(f"{path.relative_to(source.parent.parent)}: {seconds:.0f} s, {size:.0f} kB")
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")


# Minutes


def run_times(notebook: NotebookNode, path: Path) -> dict[str, int]:
    """Seconds that each part of an executed notebook ran; the least so far, since load only adds.

    path: the stored notebook, whose run times of the same code are compared.
    """
    found, of_cell = _minutes.parts(notebook)
    for cell, part in zip(notebook.cells, of_cell, strict=True):
        times = cell.metadata.get("execution", {})
        if "iopub.execute_input" in times and "shell.execute_reply" in times:
            begin, end = (
                datetime.fromisoformat(times[name])
                for name in ("iopub.execute_input", "shell.execute_reply")
            )
            part.run_seconds += (end - begin).total_seconds()
    stored = nbformat.read(path, as_version=4).metadata if path.exists() else {}
    known = stored.get(_minutes.RUN_TIMES, {})
    return {
        part.key: min(round(part.run_seconds), known.get(part.key, math.inf))
        for part in found
        if part.code
    }


def minutes(source: Path, course: Course) -> list[_minutes.Part]:
    """A lesson's parts, with the run times of its stored notebook."""
    path = notebook_path(source, solved=False)
    notebook = make_notebook(source.read_text(encoding="utf-8"), source.stem, course)
    found, _ = _minutes.parts(notebook)
    if path.exists():
        found = _minutes.with_run_times(nbformat.read(path, as_version=4), found)
    return found


# Comparison and stamping, nothing is executed


def lesson_sources(folder: Path = SOURCES) -> list[Path]:
    """The sources in a folder, in the order of the lessons."""
    return sorted(folder.glob("[0-9][0-9]_*.py"))


def difference(expected: NotebookNode, found: NotebookNode) -> str | None:
    """The first thing in which a stored notebook departs from its source, outputs aside."""
    for number, (wanted, got) in enumerate(zip(expected.cells, found.cells, strict=False)):
        for part in ("cell_type", "source", "id", "metadata"):
            if wanted[part] != got.get(part):
                line = next(iter(wanted.source.splitlines()), "")
                return f"cell {number} ({line!r}) differs in its {part.replace('_', ' ')}"
    if len(expected.cells) != len(found.cells):
        return f"it has {len(found.cells)} cells instead of {len(expected.cells)}"
    if expected.metadata != {
        key: value for key, value in found.metadata.items() if key != _minutes.RUN_TIMES
    }:
        return "its metadata differs"
    return None


def check(sources: list[Path], course: Course) -> list[str]:
    """One sentence for each notebook of these sources that is missing or out of date."""
    problems = []
    for source in sources:
        text = source.read_text(encoding="utf-8")
        remedy = f"run: python notebooks/src/build.py {source.name[:2]}"
        problems += [
            f"src/{source.name}: {problem}"
            for problem in _minutes.shortfalls(text, minutes(source, course))
        ]
        for solved in (False, True):
            path = notebook_path(source, solved)
            name = path.relative_to(source.parent.parent).as_posix()
            if not path.exists():
                problems.append(f"{name} is missing; {remedy}")
                continue
            expected = make_notebook(text, source.stem, course, solved)
            reason = difference(expected, nbformat.read(path, as_version=4))
            if reason:
                problems.append(f"{name} does not match src/{source.name}: {reason}; {remedy}")
    return problems


def orphans(folder: Path = SOURCES) -> list[str]:
    """One sentence for each notebook that no source makes."""
    known = {
        notebook_path(source, solved)
        for source in lesson_sources(folder)
        for solved in (False, True)
    }
    notebooks = [*folder.parent.glob("*.ipynb"), *folder.parent.glob("solutions/*.ipynb")]
    return [
        f"{path.relative_to(folder.parent).as_posix()} has no source: delete it, or add "
        f"src/{path.stem}.py"
        for path in sorted(set(notebooks) - known)
    ]


def stamp(source: Path, course: Course) -> None:
    """Renew the first two cells of a lesson and its twin; all else, outputs too, stays."""
    for solved in (False, True):
        path = notebook_path(source, solved)
        if not path.exists():
            continue
        wanted = make_notebook(source.read_text(encoding="utf-8"), source.stem, course, solved)
        stamped = {cell.id: cell.source for cell in wanted.cells[:2]}
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = stamped.get(cell.id, cell.source)
        text = notebook_text(notebook, notebook.metadata.get(_minutes.RUN_TIMES))
        path.write_text(text, encoding="utf-8", newline="\n")


def check_course(course: Course) -> list[str]:
    """Everything that `--check` says about the whole course, the README's links included."""
    problems = check(lesson_sources(), course) + orphans()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    if stamp_readme(readme, course, _first_lesson()) != readme:
        problems.append("README.md: launch links are out of date; run build.py --stamp")
    return problems


def _first_lesson() -> str:
    if not lesson_sources():
        raise ValueError("notebooks/src holds no lesson; copy _template.py to NN_name.py")
    return f"notebooks/{lesson_sources()[0].stem}.ipynb"


# Command line


def _select(numbers: list[str]) -> list[Path]:
    by_number = {path.name[:2]: path for path in lesson_sources()}
    unknown = [number for number in numbers if number not in by_number]
    if unknown:
        raise ValueError(f"no lesson {', '.join(unknown)}; there are: {', '.join(by_number)}")
    return [by_number[number] for number in numbers]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Make, check or stamp the course's notebooks.")
    parser.add_argument("lessons", nargs="*", help="lesson numbers, such as 06")
    parser.add_argument("--all", action="store_true", help="build every lesson")
    parser.add_argument("--check", action="store_true", help="compare only, execute nothing")
    parser.add_argument("--minutes", action="store_true", help="print minutes by section")
    parser.add_argument("--stamp", action="store_true", help="renew links from pyproject.toml")
    options = parser.parse_args(arguments)
    try:
        course = read_course(ROOT / "pyproject.toml")
        chosen = _select(options.lessons) if options.lessons else lesson_sources()
        if options.check:
            problems = check(chosen, course) if options.lessons else check_course(course)
            print("\n".join(problems) or "The notebooks match their sources.")
            return 1 if problems else 0
        if options.minutes:
            for source in chosen:
                print(f"{source.name}\n{_minutes.table(minutes(source, course))}")
            return 0
        if options.stamp:
            readme = ROOT / "README.md"
            text = stamp_readme(readme.read_text(encoding="utf-8"), course, _first_lesson())
            readme.write_text(text, encoding="utf-8", newline="\n")
            for source in chosen:
                stamp(source, course)
            return 0
        if not (options.lessons or options.all):
            parser.error("name lessons, such as 06, or say --all, --check, --minutes or --stamp")
        for source in chosen:
            build(source, course)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
