"""On a stand-in for Google Colab a notebook alone in an empty folder fetches the course."""

import os
import subprocess

import nbformat
import pytest
import rules
from running import NO_COURSE, SMALL

import build
from _notebook import make_notebook
from _stamps import RUN_TIME_MODULES, Course

COURSE = Course("someone/a-course", "main")
ADDRESS = "https://github.com/someone/a-course.git"
PIP_STAND_IN = "import os, sys\nopen(os.environ['PIP_NOTES'], 'a').write(' '.join(sys.argv[1:]))\n"
USE = """
# %%
import os
import course_utils
print(course_utils.__file__)
print(os.environ["COURSE_ROOT"])
"""
NO_PSUTIL = "import sys; sys.modules['psutil'] = None; sys.modules['PIL'] = None"


@pytest.fixture(scope="module")
def remote(course_copy, tmp_path_factory):
    """A bare git repository with the course on its branch `main`."""
    folder = tmp_path_factory.mktemp("remote")
    bare = folder / "course.git"
    git = ["git", f"--git-dir={bare}", f"--work-tree={course_copy}"]
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    for command in (
        ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(bare)],
        [*git, "add", "--all", "course_utils", "data/README.md", "pyproject.toml"],
        [*git, *author, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "course"],
    ):
        subprocess.run(command, cwd=course_copy, check=True)
    return bare.as_uri()


@pytest.fixture
def colab(tmp_path, monkeypatch):
    """An empty folder to run in; kernels find google.colab, and a pip that only takes notes."""
    stand_ins, empty = tmp_path / "stand-ins", tmp_path / "empty"
    (stand_ins / "google" / "colab").mkdir(parents=True)
    (stand_ins / "google" / "colab" / "__init__.py").touch()
    (stand_ins / "pip").mkdir()
    (stand_ins / "pip" / "__init__.py").touch()
    (stand_ins / "pip" / "__main__.py").write_text(PIP_STAND_IN, encoding="utf-8")
    empty.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(stand_ins))
    monkeypatch.setenv("PIP_NOTES", str(tmp_path / "pip.log"))
    monkeypatch.delenv("COURSE_ROOT", raising=False)
    return empty


def _redirect(monkeypatch, address, local):
    """Let git fetch a local repository where it is asked for an address."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{local}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", address)


def _run(folder, course, cells=(), text=SMALL):
    """Execute the notebook with extra code before its Colab cell; returns the notebook."""
    notebook = make_notebook(text, "07_small", course)
    notebook.cells[1:1] = [nbformat.v4.new_code_cell(code) for code in cells]
    return build.execute(notebook, folder)


def test_the_course_is_fetched_once_and_nothing_installed(colab, remote, monkeypatch):
    _redirect(monkeypatch, ADDRESS, remote)
    notebook = _run(colab, COURSE, text=SMALL + USE)
    assert notebook.cells[1].outputs == []
    module, root = rules.printed(notebook.cells[-1]).split()
    assert module == str(colab / "a-course" / "course_utils" / "__init__.py")
    assert root == str(colab / "a-course")
    log = ["git", "-C", root, "rev-list", "--count", "HEAD"]
    assert subprocess.run(log, capture_output=True, text=True, check=True).stdout == "1\n"
    _redirect(monkeypatch, ADDRESS, (colab / "gone").as_uri())
    again = _run(colab, COURSE, text=SMALL + USE)
    assert rules.printed(again.cells[-1]).split() == [module, root]
    assert not os.path.exists(os.environ["PIP_NOTES"])


def test_only_what_is_missing_is_installed(colab, remote, monkeypatch):
    _redirect(monkeypatch, ADDRESS, remote)
    _run(colab, COURSE, cells=[NO_PSUTIL])
    with open(os.environ["PIP_NOTES"], encoding="utf-8") as log:
        assert log.read() == "install --quiet --no-deps psutil pillow"


def test_a_failing_clone_is_one_sentence(colab, monkeypatch):
    _redirect(monkeypatch, ADDRESS, (colab / "gone").as_uri())
    cell = _run(colab, COURSE).cells[1]
    assert rules.printed(cell).startswith(f"Could not fetch 'main' of {ADDRESS}; git says: ")
    assert not (colab / "a-course").exists()


def test_an_unset_repository_is_one_sentence(colab):
    cell = _run(colab, NO_COURSE).cells[1]
    assert "Set `repository` in pyproject.toml" in rules.printed(cell)
    assert list(colab.iterdir()) == []


def test_elsewhere_the_cell_does_nothing(tmp_path, monkeypatch):
    _redirect(monkeypatch, ADDRESS, (tmp_path / "gone").as_uri())
    cell = _run(tmp_path, COURSE).cells[1]
    assert cell.outputs == []
    assert list(tmp_path.iterdir()) == []


def test_the_modules_are_in_the_requirements():
    requirements = (build.ROOT / "requirements.txt").read_text(encoding="utf-8").lower()
    names = {"PIL": "pillow", "skimage": "scikit-image"}
    for module in RUN_TIME_MODULES.split():
        assert f"\n{names.get(module, module)}>=" in requirements
