"""What the build writes about the course's place on the web: launch links and the Colab cell.

Pure text; `build.py` puts it into the notebooks and the README.
"""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

UNSET = "OWNER/NAME"
README_MARKS = ("<!-- launch -->", "<!-- /launch -->")

# Module names. Where PyPI uses another name, the Colab cell knows it. TensorFlow and Keras are left
# out: another version than Colab's own would lose the GPU.
RUN_TIME_MODULES = "numpy scipy matplotlib ipywidgets platformdirs psutil PIL skimage"

_COLAB_TITLE = "# @title On Google Colab this cell fetches the course; elsewhere it does nothing\n"

_COLAB_UNSET = """\
from importlib import util

if util.find_spec("google") and util.find_spec("google.colab"):
    print("This copy of the course does not know its own address. Set `repository` in",
          "pyproject.toml, run `python notebooks/src/build.py --stamp`, publish the result",
          "and open the notebook on Colab again.")"""

_COLAB_SET = """\
from importlib import invalidate_caches, util

def fetch_course(repository, ref):
    import os, pathlib, subprocess, sys
    folder = pathlib.Path(os.environ.get("COURSE_ROOT", repository.split("/")[1])).resolve()
    if not folder.exists():
        source = f"https://github.com/{repository}.git"
        clone = ["git", "clone", "--quiet", "--depth", "1", "--branch", ref, source, str(folder)]
        git = subprocess.run(clone, capture_output=True, text=True)
        if git.returncode:
            return print(f"Could not fetch {ref!r} of {source}; git says: {git.stderr.strip()}")
    os.environ["COURSE_ROOT"] = str(folder)
    sys.path.insert(0, str(folder))
    modules = "MODULES"
    names = {"PIL": "pillow", "skimage": "scikit-image"}
    missing = [names.get(name, name) for name in modules.split() if util.find_spec(name) is None]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", *missing]
    if missing and subprocess.run(pip, capture_output=True).returncode:
        print("Could not install", *missing, "- check the network, then run this cell again.")
    invalidate_caches()

if util.find_spec("google") and util.find_spec("google.colab"):
    fetch_course("REPOSITORY", "REF")"""


class Course(NamedTuple):
    """Where the course is published: a GitHub repository, and a branch or tag in it."""

    repository: str
    ref: str

    @property
    def is_set(self) -> bool:
        """Whether somebody replaced the placeholder."""
        return self.repository != UNSET


def read_course(pyproject: Path) -> Course:
    """Read `[tool.course]` from pyproject.toml.

    Raises:
        ValueError: a name is missing or has characters that do not belong there.
    """
    table = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {}).get("course", {})
    course = Course(str(table.get("repository")), str(table.get("ref")))
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", course.repository):
        raise ValueError(
            f"pyproject.toml, [tool.course]: repository is {course.repository!r}; "
            "write it as 'owner/name'"
        )
    if not re.fullmatch(r"[\w./-]+", course.ref) or re.fullmatch(r"[0-9a-f]{40}", course.ref):
        raise ValueError(
            f"pyproject.toml, [tool.course]: ref is {course.ref!r}; write a branch or a tag"
        )
    return course


def colab_code(course: Course) -> str:
    """The code of the cell that gets the course when a notebook is opened alone on Colab."""
    if not course.is_set:
        return _COLAB_TITLE + _COLAB_UNSET
    code = _COLAB_TITLE + _COLAB_SET
    for name, value in (
        ("MODULES", RUN_TIME_MODULES),
        ("REPOSITORY", course.repository),
        ("REF", course.ref),
    ):
        code = code.replace(f'"{name}"', f'"{value}"')
    return code


def binder_url(course: Course, path: str) -> str:
    """Address that opens a notebook of the repository in JupyterLab on mybinder.org."""
    ref = quote(course.ref, safe="")
    return f"https://mybinder.org/v2/gh/{course.repository}/{ref}?urlpath=lab/tree/{path}"


def colab_url(course: Course, path: str) -> str:
    """Address that opens a notebook of the repository on Google Colab."""
    return f"https://colab.research.google.com/github/{course.repository}/blob/{course.ref}/{path}"


def launch_line(course: Course, path: str) -> str:
    """The line below a notebook's title; empty while the repository is unset."""
    if not course.is_set:
        return ""
    return (
        f"Run it in your browser: [Binder]({binder_url(course, path)}) · "
        f"[Google Colab]({colab_url(course, path)})"
    )


def stamp_readme(text: str, course: Course, path: str) -> str:
    """The README with its launch part renewed.

    Args:
        text: the README; it holds README_MARKS, each on its own line.
        course: where the course is published.
        path: the notebook that the badges open, from the repository's root.

    Raises:
        ValueError: the marks are missing.
    """
    start, end = README_MARKS
    if text.count(start) != 1 or text.count(end) != 1 or text.index(start) > text.index(end):
        raise ValueError(f"README.md needs the lines {start} and {end}, once each, in this order")
    badges = (
        "*Launch badges appear here once `repository` under `[tool.course]` in pyproject.toml "
        "names your GitHub repository and `python notebooks/src/build.py --stamp` has run.*"
    )
    if course.is_set:
        badges = (
            "[![Launch on Binder](https://mybinder.org/badge_logo.svg)]"
            f"({binder_url(course, path)})\n"
            "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
            f"({colab_url(course, path)})"
        )
    before, _, rest = text.partition(start)
    return f"{before}{start}\n{badges}\n{end}{rest.partition(end)[2]}"
