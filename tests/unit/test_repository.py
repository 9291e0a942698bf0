"""Tests of what holds the repository together: commands, lists, papers, imports."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from course_utils import data

ROOT = Path(__file__).resolve().parents[2]
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && "


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def lines(path: str) -> list[str]:
    """The lines of a file that say something."""
    found = (line.strip() for line in read(path).splitlines())
    return [line for line in found if line and not line.startswith("#")]


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | environment,
    )


# --- the two commands


def test_readme_opens_with_the_two_commands():
    first_screen = read("README.md").splitlines()[:40]
    commands = [line for line in first_screen if line.startswith(INSTALL)]
    assert [command.removeprefix(INSTALL).split()[0] for command in commands] == [
        ".venv/bin/jupyter",
        ".venv/bin/pytest",
    ]


def test_the_lesson_that_the_readme_starts_with_exists():
    (notebook,) = re.findall(r"jupyter lab (notebooks/\S+\.ipynb)$", read("README.md"), re.M)
    assert (ROOT / notebook).is_file()
    begin = ROOT / "notebooks" / "00_start_here.ipynb"
    assert not begin.exists() or notebook == "notebooks/00_start_here.ipynb"


def test_ci_runs_the_readmes_test_command():
    command = f"{INSTALL}.venv/bin/pytest"
    assert command in lines("README.md")
    assert lines(".ci/run")[-1] == command


def test_ci_is_a_script_that_bash_accepts_and_refuses_to_skip_the_browser():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert any(line.startswith("export COURSE_REQUIRE_BROWSER=1") for line in lines(".ci/run"))


def test_readme_lists_every_lesson_and_no_other():
    listed = set(re.findall(r"\]\((notebooks/\w+\.ipynb)\)", read("README.md")))
    lessons = {f"notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert listed == lessons


def test_readme_links_lead_somewhere():
    targets = re.findall(r"\]\(([^)#\s]+)\)", read("README.md"))
    local = [target for target in targets if "://" not in target]
    assert local
    assert [target for target in local if not (ROOT / target).exists()] == []


def test_contributing_s_table_names_what_exists():
    text = read("CONTRIBUTING.md")
    paths = re.findall(r"\btests/[\w/*]+(?:\.py)?", text.replace("NN_name", "*"))
    modules = [path for path in re.findall(r"`(\w+/\w+\.py)`", text) if "NAME" not in path]
    assert len(paths) > 8 and len(modules) > 5
    paths += [f"course_utils/{path}" for path in modules]
    assert [path for path in paths if not list(ROOT.glob(path))] == []


# --- requirements

BINDER = "binder/requirements.txt"


def test_requirements_end_with_the_package_itself():
    assert lines("requirements.txt")[-1] == "-e ."


def test_binder_installs_the_same_apart_from_tensorflows_name():
    binder = [re.sub(r"^tensorflow-cpu\b", "tensorflow", line) for line in lines(BINDER)]
    assert binder == lines("requirements.txt")
    assert any(line.startswith("tensorflow-cpu>") for line in lines(BINDER))


def test_binder_gets_a_python_that_keras_runs_on():
    assert read("binder/runtime.txt").strip() == "python-3.12"


# --- package metadata


def test_versions_agree():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    (version,) = re.findall(r'^__version__ = "(.+)"$', read("course_utils/__init__.py"), re.M)
    assert project["version"] == version
    assert yaml.safe_load(read("CITATION.cff"))["version"] == version
    assert re.search(rf"^## {re.escape(version)}\b", read("CHANGELOG.md"), re.M)


def test_citation_has_what_the_format_requires():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["title"] and citation["message"]
    assert all(author["name"] for author in citation["authors"])


def test_the_address_of_the_course_is_one_setting():
    course = tomllib.loads(read("pyproject.toml"))["tool"]["course"]
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", course["repository"])
    assert course["ref"]


# --- data


def test_every_data_file_has_an_entry_in_the_datas_readme():
    text = read("data/README.md")
    files = [path for path in (ROOT / "data").rglob("*") if path.is_file()]
    assert len(files) > 4
    assert [path.name for path in files if f"`{path.name}`" not in text] == ["README.md"]


def test_the_datas_readme_names_the_hashes_that_the_code_expects():
    text = read("data/README.md")
    splits = [files for dataset in data.DATASETS.values() for files in dataset.splits.values()]
    for file in (file for files in splits for file in files):
        (row,) = (line for line in text.splitlines() if f"`{Path(file.path).name}`" in line)
        assert f"| {file.size} | `{file.sha256}` | `{file.content_sha256}` |" in row


# --- imports


@pytest.mark.parametrize(
    "statement", ["import course_utils", "from course_utils import data, plots, checks, widgets"]
)
def test_importing_leaves_tensorflow_and_keras_alone(statement):
    """Either would take seconds, in every lesson's first cell; the benchmark measures them."""
    code = f"import sys; {statement}; print(*sorted({{'tensorflow', 'keras'}} & {{*sys.modules}}))"
    ran = run_python(code)
    assert (ran.returncode, ran.stdout) == (0, "\n"), ran.stderr


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_a_foreign_keras_backend_gets_one_sentence(backend):
    ran = run_python("import course_utils.models.gan", KERAS_BACKEND=backend)
    assert ran.returncode != 0
    assert ran.stderr.strip().splitlines()[-1] == (
        f"ImportError: This course needs Keras on TensorFlow, but KERAS_BACKEND is '{backend}'. "
        "Unset it or set KERAS_BACKEND=tensorflow, then restart the kernel."
    )


@pytest.mark.parametrize("state", ["enable", "disable"])
def test_the_garbage_collector_is_on_or_off_as_before(state):
    code = f"import gc; gc.{state}(); import course_utils.base.backend; print(gc.isenabled())"
    assert run_python(code).stdout.split() == [str(state == "enable")]
