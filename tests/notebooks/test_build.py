"""The build: stubs and solutions, ids, tags, stamps, stored outputs, and what --check notices."""

import shutil

import nbformat
import pytest
import rules
from nbformat.v4 import new_output
from running import NO_COURSE, SMALL

import build
from _notebook import (
    METADATA,
    WIDGET_TEXT,
    WIDGET_TYPE,
    apply_controls,
    clean_outputs,
    make_notebook,
    notebook_text,
    shortened_parameters,
    split_exercise,
)
from _stamps import Course, colab_code, read_course, stamp_readme

COURSE = Course("someone/a-course", "release/1")
README = "# Course\n\n<!-- launch -->\nold\n<!-- /launch -->\n\nrest\n"


def _make(text=SMALL, course=NO_COURSE, solved=False):
    return make_notebook(text, "07_small", course, solved)


def _sources(notebook):
    return [cell.source for cell in notebook.cells]


def _tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the tiny lesson, built once."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "notebooks" / "src" / "07_small.py"
    source.parent.mkdir(parents=True)
    source.write_text(SMALL, encoding="utf-8")
    build.build(source, NO_COURSE)
    return folder


@pytest.fixture
def lesson(built, tmp_path):
    """The path of the tiny lesson's source, in a built copy for one test."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path / "notebooks" / "src" / "07_small.py"


def test_lesson_has_the_stub_and_the_twin_the_solution():
    assert "base = 20\nanswer = ..." in _sources(_make())
    assert "base = 20\nanswer = base + 1" in _sources(_make(solved=True))


def test_solution_may_be_the_body_of_a_function():
    code = "def f(x):\n    # -- stub --\n    return ...\n    # -- solution --\n    return 2 * x"
    assert split_exercise(code, solved=False) == "def f(x):\n    return ..."
    assert split_exercise(code, solved=True) == "def f(x):\n    return 2 * x"


@pytest.mark.parametrize("marker", ["# -- stub --\n", "# -- solution --\n"])
def test_exercise_without_a_marker_is_refused(marker):
    with pytest.raises(ValueError, match="an exercise needs the line"):
        _make(SMALL.replace(marker, ""))


def test_solution_only_cells_are_in_the_twin_only():
    assert "print(STEPS)" not in _sources(_make())
    assert "print(STEPS)" in _sources(_make(solved=True))


def test_test_values_leave_the_notebook():
    assert 'STEPS = 1000\nNAME = "a"' in _sources(_make())
    assert shortened_parameters(SMALL) == "STEPS = 3"


def test_tags():
    notebook = _make()
    (check,) = _tagged(notebook, "check")
    assert check.metadata["jupyter"] == {"source_hidden": True}
    assert len(_tagged(notebook, "nbval-check-output")) == 2
    assert notebook.metadata == METADATA


def test_ids_are_unique_stable_and_independent_of_the_position():
    ids = [cell.id for cell in _make().cells]
    assert len(set(ids)) == len(ids)
    assert ids == [cell.id for cell in _make().cells]
    assert ids == [cell.id for cell in _make(solved=True).cells][:-1]
    longer = _make(SMALL.replace("# %% tags", "# %%\n1 + 1\n\n# %% tags", 1))
    assert [cell.id for cell in longer.cells if cell.source != "1 + 1"] == ids


def test_the_first_cell_has_to_be_a_title():
    with pytest.raises(ValueError, match=r"07_small\.py: the first cell"):
        _make("# %%\n1 + 1\n")


def test_title_of_the_twin_leads_back():
    title = _sources(_make(solved=True))[0]
    assert title.startswith("# A tiny lesson (solved)\n\n")
    assert "(../07_small.ipynb)" in title


def test_links_of_the_twin_start_one_folder_deeper():
    text = "[a](../b.md) [c](d.ipynb) [e](https://f.org) [g](#h)"
    source = SMALL.replace("What it teaches.", text)
    assert _sources(_make(source))[0].endswith(text)
    moved = "[a](../../b.md) [c](../d.ipynb) [e](https://f.org) [g](#h)"
    assert _sources(_make(source, solved=True))[0].endswith(moved)


def test_first_cells_without_a_repository():
    title, colab = _sources(_make())[:2]
    assert title == "# A tiny lesson\n\n**Time** 2 minutes: 2 for the core.\n\nWhat it teaches."
    assert "OWNER" not in colab
    assert "git" not in colab


@pytest.mark.parametrize("solved", [False, True])
def test_first_cells_with_a_repository(solved):
    notebook = _make(course=COURSE, solved=solved)
    path = "notebooks/solutions/07_small.ipynb" if solved else "notebooks/07_small.ipynb"
    title = notebook.cells[0].source
    assert (
        f"https://mybinder.org/v2/gh/someone/a-course/release%2F1?urlpath=lab/tree/{path}" in title
    )
    assert (
        f"https://colab.research.google.com/github/someone/a-course/blob/release/1/{path}" in title
    )
    assert title.endswith("\n\nWhat it teaches.")
    assert 'fetch_course("someone/a-course", "release/1")' in notebook.cells[1].source
    assert notebook.cells[1].metadata["tags"] == ["colab"]


@pytest.mark.parametrize("course", [NO_COURSE, COURSE])
def test_colab_cell_is_short_and_leaves_tensorflow_alone(course):
    code = colab_code(course)
    compile(code, "colab cell", "exec")
    assert len(code.splitlines()) <= 25
    assert "tensorflow" not in code.lower()
    assert "requirements" not in code


def test_readme_stamps():
    unset = stamp_readme(README, NO_COURSE, "notebooks/07_small.ipynb")
    assert "old" not in unset
    assert "[tool.course]" in unset
    stamped = stamp_readme(unset, COURSE, "notebooks/07_small.ipynb")
    assert "[tool.course]" not in stamped
    assert "gh/someone/a-course/release%2F1?urlpath=lab/tree/notebooks/07_small.ipynb" in stamped
    assert stamped.startswith("# Course\n") and stamped.endswith("\n\nrest\n")
    assert stamp_readme(stamped, NO_COURSE, "notebooks/07_small.ipynb") == unset
    with pytest.raises(ValueError, match=r"README\.md needs the lines"):
        stamp_readme("# Course\n", COURSE, "x.ipynb")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('repository = "https://github.com/a/b"\nref = "main"', "repository is 'https"),
        ('ref = "main"', "repository is 'None'"),
        ('repository = "a/b"\nref = "x y"', "ref is 'x y'"),
        (f'repository = "a/b"\nref = "{"0a" * 20}"', "a branch or a tag"),
    ],
)
def test_malformed_course_table(tmp_path, lines, message):
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.course]\n{lines}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_course(path)


def test_a_progress_bar_keeps_its_last_state():
    bars = "".join("\b" * 6 + f"\r{step}/3 ===" for step in (1, 2, 3))
    assert (
        apply_controls(f"Epoch 1\n{bars}\nEpoch 2\r\ndone\r") == "Epoch 1\n3/3 ===\nEpoch 2\ndone"
    )
    assert apply_controls("\n1/2\b\b\b2/2\b\b\b") == "\n"


def test_stored_outputs():
    outputs = [
        new_output("stream", name="stdout", text="a\n"),
        new_output("stream", name="stderr", text="warning\n"),
        new_output("stream", name="stdout", text="b\n"),
        new_output("display_data", data={WIDGET_TYPE: {}, "text/plain": "VBox()"}),
        new_output("display_data", data={WIDGET_TYPE: {}, "text/html": "<img alt='a'>"}),
        new_output("stream", name="stdout", text="c\n"),
    ]
    kept = clean_outputs(outputs)
    assert [output.get("text") for output in kept] == ["a\nb\n", None, None, "c\n"]
    assert kept[1].data == {"text/plain": WIDGET_TEXT}
    assert kept[2].data == {"text/plain": WIDGET_TEXT, "text/html": "<img alt='a'>"}


def test_built_notebooks_keep_the_rules_and_rebuild_identically(lesson):
    paths = [build.notebook_path(lesson, solved) for solved in (False, True)]
    for path, verdict in zip(paths, ("not answered yet", "correct"), strict=True):
        notebook = nbformat.read(path, as_version=4)
        assert [rule(notebook) for rule in rules.RULES] == [[]] * len(rules.RULES)
        assert rules.checks_say(notebook, verdict) == []
        assert rules.links_lead_somewhere(notebook, path.parent) == []
        assert notebook.cells[1].outputs == []
    before = [path.read_bytes() for path in paths]
    build.build(lesson, NO_COURSE)
    assert [path.read_bytes() for path in paths] == before
    assert before[0].endswith(b"}\n")


def test_nothing_is_written_when_a_cell_fails(lesson):
    path = build.notebook_path(lesson, solved=False)
    before = path.read_bytes()
    lesson.write_text(SMALL.replace("print(STEPS)", "1 / 0"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"(?s)07_small\.py: the solved twin stopped.*1 / 0"):
        build.build(lesson, NO_COURSE)
    assert path.read_bytes() == before


def test_check_accepts_what_was_built(lesson):
    assert build.check([lesson], NO_COURSE) == []
    assert build.orphans(lesson.parent) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("print(NAME)", "print(NAME * 2)", "'print(NAME * 2)'"),
        ("# What it teaches.", "# What it taught.", "cell 0"),
        ('tags=["check-output"]', 'tags=["other"]', "metadata"),
        ("print(NAME)", "print(NAME)\n\n# %%\n2 + 2", "cells instead of"),
        ("answer = ...", "answer = None", "differs in its source"),
    ],
)
def test_check_notices_a_changed_source(lesson, old, new, reason):
    lesson.write_text(SMALL.replace(old, new), encoding="utf-8")
    problem = build.check([lesson], NO_COURSE)[0]
    assert problem.startswith("07_small.ipynb does not match src/07_small.py: ")
    assert reason in problem
    assert "build.py 07" in problem


def test_check_notices_an_edited_notebook(lesson):
    path = build.notebook_path(lesson, solved=True)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[3], notebook.cells[4] = notebook.cells[4], notebook.cells[3]
    path.write_text(notebook_text(notebook), encoding="utf-8")
    (problem,) = build.check([lesson], NO_COURSE)
    assert problem.startswith("solutions/07_small.ipynb does not match")


def test_check_notices_missing_and_orphaned_notebooks(lesson):
    build.notebook_path(lesson, solved=True).unlink()
    (problem,) = build.check([lesson], NO_COURSE)
    assert problem == "solutions/07_small.ipynb is missing; run: python notebooks/src/build.py 07"
    lesson.unlink()
    (problem,) = build.orphans(lesson.parent)
    assert problem.startswith("07_small.ipynb has no source")


def test_stamping_changes_the_first_cells_only(lesson):
    assert len(build.check([lesson], COURSE)) == 2
    path = build.notebook_path(lesson, solved=True)
    before = nbformat.read(path, as_version=4)
    build.stamp(lesson, COURSE)
    assert build.check([lesson], COURSE) == []
    assert nbformat.read(path, as_version=4).cells[2:] == before.cells[2:]


def test_unknown_lesson_is_one_sentence(capsys):
    assert build.main(["--check", "98"]) == 1
    assert "no lesson 98; there are: " in capsys.readouterr().err


def test_the_template_is_a_good_lesson(tmp_path):
    source = tmp_path / "notebooks" / "src" / "99_template.py"
    source.parent.mkdir(parents=True)
    shutil.copyfile(build.SOURCES / "_template.py", source)
    build.build(source, NO_COURSE)
    for solved, verdict in ((False, "not answered yet"), (True, "correct")):
        path = build.notebook_path(source, solved)
        notebook = nbformat.read(path, as_version=4)
        assert [rule(notebook) for rule in rules.RULES] == [[]] * len(rules.RULES)
        assert rules.checks_say(notebook, verdict) == []
        assert rules.links_lead_somewhere(notebook, path.parent) == []
    assert shortened_parameters(source.read_text(encoding="utf-8")) == "NUM_IMAGES = 10"
