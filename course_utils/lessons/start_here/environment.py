"""The check of lesson 00: is everything in place for the course, and if not, what to do about it.

Pure functions judge facts, `check` collects and prints them. A missing package is what it has to
report, so this module itself needs none, and TensorFlow, the slowest to start, comes last.
"""

import os
import platform
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata, util
from pathlib import Path
from typing import NamedTuple

GIB = 2**30
MEMORY_NEEDED = 1.0  # GiB: what the kernel of a lesson takes at most
DISK_NEEDED = 0.1  # GiB: training checkpoints and the file with your progress

# What the report calls a package, and the names under which it may be installed.
PACKAGES = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu"),
    "Keras": ("keras",),
    "NumPy": ("numpy",),
    "Matplotlib": ("matplotlib",),
    "ipywidgets": ("ipywidgets",),
    "JupyterLab": ("jupyterlab",),
}
COLAB, BINDER, JUPYTER = "Google Colab", "Binder", "Jupyter"
# Colab shows notebooks with a program and a widget library of its own.
COLAB_RANGES = {"ipywidgets": ">=7.7,<9"}
NOT_ON_COLAB = ("JupyterLab",)

NEW_PYTHON = (
    "Install Python 3.12, close Jupyter, delete the folder .venv and start as the README says."
)
REINSTALL = {
    COLAB: "Choose Runtime > Disconnect and delete runtime, then run this notebook from the top.",
    BINDER: "Close this page and launch the course from its badge again.",
    JUPYTER: "Close Jupyter and run the first command of the course's README again.",
}


class Finding(NamedTuple):
    """One line of the report; the remedy is empty where everything is as it should be."""

    subject: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{'fix' if self.remedy else 'ok':4} {self.subject:11} {self.found}"
        return f"{line}. {self.remedy}" if self.remedy else line


# ---- judging facts -------------------------------------------------------------------------------


def required_ranges(requirements: str) -> dict[str, str]:
    """The packages that a requirements file asks for, and the range of versions of each.

    >>> required_ranges("keras>=3.12,<4\\npillow>=11\\n-e .\\n")
    {'keras': '>=3.12,<4', 'pillow': '>=11'}
    """
    return dict(re.findall(r"^([\w-]+)([<>=][<>=.,\d]*)$", requirements, re.MULTILINE))


def in_range(version: str, wanted: str) -> bool:
    """Whether a version satisfies bounds of the kinds >= and <.

    >>> in_range("2.21.0", ">=2.20,<2.23"), in_range("2.9.1", ">=2.20"), in_range("4.0a1", "<4")
    (True, False, False)
    """
    for bound in wanted.split(","):
        match = re.fullmatch(r"(>=|<)(\d[\d.]*)", bound)
        if match is None:
            raise ValueError(f"The range is {wanted!r}; write bounds such as '>=2.20,<2.23'.")
        operator, limit = match.groups()
        if (_numbers(version) < _numbers(limit)) != (operator == "<"):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    leading = re.match(r"\d+(\.\d+)*", version)
    if leading is None:
        raise ValueError(f"The version is {version!r}, which begins with no number.")
    return tuple(int(part) for part in leading.group().split("."))


def judge_version(subject: str, version: str | None, wanted: str, place: str) -> Finding:
    """Python's or a package's version, None for a missing one, against what the course asks for."""
    remedy = NEW_PYTHON if (subject, place) == ("Python", JUPYTER) else REINSTALL[place]
    if place == COLAB and subject in NOT_ON_COLAB:
        return Finding(subject, "not needed on Colab")
    if version is None:
        return Finding(subject, "is missing", remedy)
    wanted = COLAB_RANGES.get(subject, wanted) if place == COLAB else wanted
    if in_range(version, wanted):
        return Finding(subject, version)
    return Finding(subject, f"{version}, but the course needs {wanted}", remedy)


def judge_cores(count: int) -> Finding:
    """The number of CPU cores: any is enough."""
    slow = " (training will take longer than the lessons say)"
    return Finding("CPU cores", f"{count}{slow if count < 2 else ''}")


def judge_memory(free: float) -> Finding:
    """The free memory in bytes."""
    found = f"{free / GIB:.1f} GiB free"
    if free >= MEMORY_NEEDED * GIB:
        return Finding("Memory", found)
    remedy = "Close other programs, and other notebooks with Kernel > Shut Down All Kernels."
    return Finding("Memory", f"{found}, but a lesson takes up to {MEMORY_NEEDED:.1f} GiB", remedy)


def judge_disk(free: float, writable: bool) -> Finding:
    """The room, in bytes, where the course keeps your progress, and whether you may write there."""
    remedy = "Set COURSE_USER_DIR to another folder and restart; until then nothing is remembered."
    if not writable:
        return Finding("Disk", "your folder for the course's files is read-only", remedy)
    found = f"{free / GIB:.1f} GiB free for your progress"
    if free >= DISK_NEEDED * GIB:
        return Finding("Disk", found)
    return Finding("Disk", f"{found}, but {DISK_NEEDED} GiB are needed", remedy)


def judge_gpu(names: list[str]) -> Finding:
    """The GPUs that TensorFlow can use; none is enough."""
    return Finding("GPU", ", ".join(names) or "none, and none is needed")


def judge_files(subject: str, count: int, problems: list[str]) -> Finding:
    """How many shipped files were looked at, and a sentence with its remedy for each unfit one."""
    if not problems:
        return Finding(subject, f"{count} file{'' if count == 1 else 's'} verified")
    return Finding(subject, f"{len(problems)} of {count} files cannot be used", problems[0])


def conclusion(findings: Iterable[Finding]) -> str:
    """The last line of the report."""
    count = sum(bool(finding.remedy) for finding in findings)
    if count == 0:
        return "Everything is in place."
    lines = "1 line says" if count == 1 else f"{count} lines say"
    return f"{lines} 'fix': do what stands there, then run this notebook from the top."


# ---- collecting facts ----------------------------------------------------------------------------


def current_place() -> str:
    """Where this Python runs: COLAB, BINDER or JUPYTER."""
    if util.find_spec("google") and util.find_spec("google.colab"):
        return COLAB
    return BINDER if "BINDER_SERVICE_HOST" in os.environ else JUPYTER


def installed_version(names: Iterable[str]) -> str | None:
    """The version of the first of these packages that is installed."""
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return None


def free_memory() -> float:
    """Bytes; where a hub limits a user's memory, at most its limit, which it names MEM_LIMIT."""
    import psutil

    return min(psutil.virtual_memory().available, float(os.environ.get("MEM_LIMIT") or "inf"))


def usable_cores() -> int:
    """Cores that this process may use, where the system says so; a hub's limit is CPU_LIMIT."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    count = len(allowed(0)) if allowed else os.cpu_count() or 1
    return max(1, min(count, int(float(os.environ.get("CPU_LIMIT") or count))))


def _disk() -> Finding:
    from course_utils import data

    folder = data.user_data()
    while not folder.exists():  # it is created by the first right answer
        folder = folder.parent
    return judge_disk(shutil.disk_usage(folder).free, os.access(folder, os.W_OK))


def _dataset_files() -> Finding:
    from course_utils import data

    splits = [files for dataset in data.DATASETS.values() for files in dataset.splits.values()]
    files = [file for split in splits for file in split]
    return _files("Data", [(file.path, file.sha256, file.size) for file in files])


def _weight_files() -> Finding:
    from course_utils.models import pretrained

    entries = pretrained.manifest().values()
    paths = [(f"{pretrained.FOLDER}/{one['file']}", one["sha256"], one["bytes"]) for one in entries]
    return _files("Weights", paths)


def _files(subject: str, files: list[tuple[str, str, int]]) -> Finding:
    """What `data.read_verified` says of files, given as its arguments."""
    from course_utils import data

    problems = []
    for file in files:
        try:
            data.read_verified(*file)
        except (OSError, ValueError) as error:
            problems.append(str(error))
    return judge_files(subject, len(files), problems)


def _gpu() -> Finding:
    from course_utils.base.backend import tf

    details = [
        tf.config.experimental.get_device_details(device)
        for device in tf.config.list_physical_devices("GPU")
    ]
    return judge_gpu([detail.get("device_name", "yes") for detail in details])


def _package(subject: str, place: str) -> Finding:
    names = PACKAGES[subject]
    wanted = required_ranges(_course_file("requirements.txt"))[names[0]]
    return judge_version(subject, installed_version(names), wanted, place)


def _python(place: str) -> Finding:
    wanted = re.findall(r'^requires-python = "(.+)"$', _course_file("pyproject.toml"), re.M)[0]
    return judge_version("Python", platform.python_version(), wanted, place)


def _course_file(name: str) -> str:
    return (Path(__file__).parents[3] / name).read_text(encoding="utf-8")


def _safely(subject: str, place: str, find: Callable[[], Finding]) -> Finding:
    """What `find` returns; whatever goes wrong in it becomes a finding too."""
    try:
        return find()
    except Exception as error:  # a damaged installation can raise anything
        reason = (str(error).strip().splitlines() or [""])[0].rstrip(".")
        found = f"cannot be checked ({type(error).__name__}: {reason})"
        return Finding(subject, found, f"If the reason is no help: {REINSTALL[place]}")


def findings(place: str) -> Iterator[Finding]:
    """All lines of the report, one after the other; never raises."""
    yield _safely("Python", place, lambda: _python(place))
    for subject in PACKAGES:
        yield _safely(subject, place, lambda subject=subject: _package(subject, place))
    yield _safely("CPU cores", place, lambda: judge_cores(usable_cores()))
    yield _safely("Memory", place, lambda: judge_memory(free_memory()))
    yield _safely("Disk", place, _disk)
    yield _safely("Data", place, _dataset_files)
    yield _safely("GPU", place, _gpu)
    yield _safely("Weights", place, _weight_files)


def check() -> None:
    """Print what the course needs and what was found, with a sentence for everything to mend."""
    place = current_place()
    print(f"This notebook runs in {place}.")
    seen = []
    for finding in findings(place):
        print(finding)
        seen.append(finding)
    print(conclusion(seen))
