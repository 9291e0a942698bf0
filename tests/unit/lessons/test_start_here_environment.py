"""The environment check, and what lesson 00 promises in words: its map and its snippet."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

import _minutes
from course_utils import data
from course_utils.lessons.start_here import environment
from course_utils.lessons.start_here.environment import (
    BINDER,
    COLAB,
    GIB,
    JUPYTER,
    REINSTALL,
    Finding,
)

ROOT = Path(__file__).resolve().parents[3]
LESSON = (ROOT / "notebooks" / "src" / "00_start_here.py").read_text(encoding="utf-8")
RANGE = ">=2.20,<2.23"


def raiser(error):
    def raise_it(*_args, **_keywords):
        raise error

    return raise_it


# --- judging


@pytest.mark.parametrize(
    ("version", "fits"),
    [("2.20.0", True), ("2.22.9", True), ("2.19.1", False), ("2.23", False), ("3.0.0rc1", False)],
)
def test_a_version_is_compared_by_numbers(version, fits):
    assert environment.in_range(version, RANGE) is fits


@pytest.mark.parametrize("wanted", ["", "~=2.20", ">=", "2.20"])
def test_a_range_of_another_kind_is_refused(wanted):
    with pytest.raises(ValueError, match="write bounds such as"):
        environment.in_range("2.20", wanted)


def test_every_requirement_has_a_range_that_can_be_judged():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    ranges = environment.required_ranges(text)
    assert len(ranges) == sum(bool(re.match(r"\w", line)) for line in text.splitlines())
    assert all(environment.in_range("0", wanted) is False for wanted in ranges.values())
    assert {names[0] for names in environment.PACKAGES.values()} <= ranges.keys()


@pytest.mark.parametrize("place", [COLAB, BINDER, JUPYTER])
@pytest.mark.parametrize("version", [None, "2.19.0", "2.23.0"])
def test_a_missing_or_wrong_version_names_itself_and_the_remedy(place, version):
    finding = environment.judge_version("TensorFlow", version, RANGE, place)
    assert finding.remedy == REINSTALL[place]
    assert finding.found == (
        f"{version}, but the course needs {RANGE}" if version else "is missing"
    )


def test_what_colab_brings_is_enough():
    def judge(subject, version, wanted):
        return environment.judge_version(subject, version, wanted, COLAB)

    assert judge("ipywidgets", "7.7.1", ">=8.1,<9") == Finding("ipywidgets", "7.7.1")
    assert judge("ipywidgets", "7.6.0", ">=8.1,<9").remedy
    assert judge("JupyterLab", None, ">=4.4,<5") == Finding("JupyterLab", "not needed on Colab")
    assert environment.judge_version("ipywidgets", "7.7.1", ">=8.1,<9", JUPYTER).remedy


def test_an_old_python_has_a_remedy_of_its_own():
    finding = environment.judge_version("Python", "3.10.2", ">=3.11", JUPYTER)
    assert "3.10.2" in finding.found
    assert finding.remedy.startswith("Install Python 3.12")


def test_the_machine_is_judged():
    assert environment.judge_cores(1).found.startswith("1 (training will take longer")
    assert environment.judge_cores(2) == Finding("CPU cores", "2")
    assert environment.judge_memory(1.5 * GIB) == Finding("Memory", "1.5 GiB free")
    assert environment.judge_memory(0.5 * GIB).remedy.startswith("Close other programs")
    assert environment.judge_disk(5 * GIB, True) == Finding(
        "Disk", "5.0 GiB free for your progress"
    )
    assert "0.1 GiB are needed" in environment.judge_disk(0, True).found
    assert "COURSE_USER_DIR" in environment.judge_disk(0, True).remedy
    assert "read-only" in environment.judge_disk(5 * GIB, False).found
    assert "COURSE_USER_DIR" in environment.judge_disk(5 * GIB, False).remedy
    assert environment.judge_gpu([]).found == "none, and none is needed"
    assert environment.judge_gpu(["A", "B"]) == Finding("GPU", "A, B")
    assert environment.judge_files("Data", 4, []) == Finding("Data", "4 files verified")
    bad = environment.judge_files("Data", 4, ["One sentence.", "Another."])
    assert bad == Finding("Data", "2 of 4 files cannot be used", "One sentence.")


def test_lines_and_conclusion():
    good, bad = Finding("Keras", "3.15"), Finding("Keras", "is missing", "Install it.")
    assert str(good) == "ok   Keras       3.15"
    assert str(bad) == "fix  Keras       is missing. Install it."
    assert environment.conclusion([good]) == "Everything is in place."
    assert environment.conclusion([good, bad]).startswith("1 line says 'fix'")
    assert environment.conclusion([bad, bad]).startswith("2 lines say 'fix'")


# --- collecting


def test_a_hubs_limits_count(monkeypatch):
    monkeypatch.setenv("MEM_LIMIT", str(GIB // 2))
    monkeypatch.setenv("CPU_LIMIT", "1.0")
    assert environment.free_memory() == GIB // 2
    assert environment.usable_cores() == 1
    monkeypatch.setenv("CPU_LIMIT", "0.5")
    assert environment.usable_cores() == 1
    monkeypatch.delenv("MEM_LIMIT")
    assert environment.free_memory() > GIB // 2


def test_the_place_is_recognized(monkeypatch, tmp_path):
    monkeypatch.delenv("BINDER_SERVICE_HOST", raising=False)
    assert environment.current_place() == JUPYTER
    monkeypatch.setenv("BINDER_SERVICE_HOST", "10.3.246.1")
    assert environment.current_place() == BINDER
    monkeypatch.setattr(environment.util, "find_spec", lambda name: object())
    assert environment.current_place() == COLAB


def test_the_report_of_a_whole_installation(capsys):
    environment.check()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"This notebook runs in {environment.current_place()}."
    assert lines[-1] == "Everything is in place."
    subjects = ["Python", *environment.PACKAGES, "CPU cores", "Memory", "Disk"]
    subjects += ["Data", "GPU", "Weights"]
    assert [line[5:16].strip() for line in lines[1:-1]] == subjects
    assert not any(str(folder) in "\n".join(lines) for folder in (ROOT, data.user_data().parent))


def test_all_but_the_last_two_lines_come_without_tensorflow(monkeypatch):
    for name in ("course_utils.base.backend", "course_utils.models.pretrained"):
        monkeypatch.setitem(sys.modules, name, None)  # an import of it fails now
    monkeypatch.delattr("course_utils.models.pretrained", raising=False)
    found = list(environment.findings(JUPYTER))
    assert [one.subject for one in found if one.remedy] == ["GPU", "Weights"]
    assert all("cannot be checked (ModuleNotFoundError" in one.found for one in found[-2:])


def test_whatever_fails_becomes_a_line(monkeypatch):
    """Nothing is raised, however much of the installation is broken."""
    error = RuntimeError("broken.\nwith many words")
    monkeypatch.setattr(environment.metadata, "version", raiser(error))
    monkeypatch.setattr(environment.platform, "python_version", raiser(error))
    monkeypatch.setattr("psutil.virtual_memory", raiser(error))
    monkeypatch.setattr("shutil.disk_usage", raiser(error))
    monkeypatch.setattr("course_utils.lessons.start_here.environment.usable_cores", raiser(error))
    found = {one.subject: one for one in environment.findings(JUPYTER)}
    broken = ["Python", *environment.PACKAGES, "CPU cores", "Memory", "Disk"]
    assert [subject for subject, one in found.items() if one.remedy] == broken
    assert {found[subject].found for subject in broken} == {
        "cannot be checked (RuntimeError: broken)"
    }


def test_missing_packages_and_damaged_files_are_named(monkeypatch, capsys):
    missing = environment.metadata.PackageNotFoundError("x")
    monkeypatch.setattr(environment.metadata, "version", raiser(missing))
    sentence = "data/x.gz: expected a file; restore it with 'git checkout data/x.gz'."
    monkeypatch.setattr(data, "read_verified", raiser(FileNotFoundError(sentence)))
    environment.check()
    printed = capsys.readouterr().out
    assert f"fix  TensorFlow  is missing. {REINSTALL[JUPYTER]}" in printed
    assert f"fix  Data        6 of 6 files cannot be used. {sentence}" in printed
    assert printed.endswith("then run this notebook from the top.\n")


# --- what the lesson says


def test_the_map_has_all_lessons_links_those_that_exist_and_repeats_their_minutes():
    row = r"^# \| (?:\*\*|\[)?(\d\d) ([^|]*)\|[^|]*\| (.*) \|$"
    rows = {number: rest for number, *rest in re.findall(row, LESSON, re.MULTILINE)}
    assert list(rows) == [f"{number:02}" for number in range(18)]
    minutes = dict.fromkeys(rows, "*planned*")
    for path in (ROOT / "notebooks" / "src").glob("[0-9][0-9]_*.py"):
        text = path.read_text(encoding="utf-8")
        total, core, _ = _minutes.claimed(text)
        minutes[path.name[:2]] = f"{core} ({total})"
        assert path.stem == "00_start_here" or f"]({path.stem}.ipynb)" in rows[path.name[:2]][0]
    assert {number: stated for number, (_, stated) in rows.items()} == minutes
    links = [number for number, (title, _) in rows.items() if "](" in title]
    assert links == sorted(number for number, stated in minutes.items() if "(" in stated)[1:]


@pytest.mark.slow
def test_the_snippet_reads_a_folder_and_trains(monkeypatch, tmp_path):
    """As written in the lesson, on pictures of several sizes and kinds."""
    fenced = re.search(r"^# ```python\n(.*?)^# ```$", LESSON, re.MULTILINE | re.DOTALL)[1]
    code = re.sub(r"^# ?", "", fenced, flags=re.MULTILINE)
    (tmp_path / "my_pictures").mkdir()
    random = np.random.default_rng(0)
    for name, shape in {"a": (40, 60, 3), "b": (90, 30), "c": (28, 28, 3)}.items():
        pixels = random.integers(0, 256, shape, dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "my_pictures" / f"{name}.jpg")
    monkeypatch.chdir(tmp_path)
    names = {"np": np, "Image": Image, "ImageOps": ImageOps}
    exec(code, names)
    assert names["images"].shape == (3, 28, 28, 1)
    assert names["images"].dtype == np.uint8
    assert int(names["model"].optimizer.iterations) == 1
    assert names["model"].sample(2, seed=0).shape == (2, 28, 28, 1)
