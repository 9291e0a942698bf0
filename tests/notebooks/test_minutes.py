"""The minutes of a lesson: what the rule counts, and what it says of a text that claims less."""

import nbformat
import pytest
from running import NO_COURSE

import _minutes
import build
from _notebook import make_notebook, notebook_text

WORDS = "word " * 130
LINES = "x = 1\n" * 25
SOURCE = f"""\
# %% [markdown]
# # A lesson
#
# **Time** 16 minutes: 11 for the core sections,
# 5 for the optional part.

# %% [markdown]
# ## 1. First (core, 9 minutes)
#
# {WORDS}
#
# <details><summary>Hint</summary>{WORDS}</details>

# %%
{LINES}# a comment is no line

# %% [markdown]
# ### Exercise 99.1: count (3 minutes)

# %% tags=["exercise"]
{LINES}# -- stub --
answer = ...
# -- solution --
answer = 1

# %% tags=["check"]
{LINES}
# %% [markdown]
# ### Aside (optional, 5 minutes)
#
# {WORDS}
#
# ### Exercise 99.2 (2 minutes)
#
# ### Back
#
# {WORDS}
#
# ## Recap
#
# {WORDS}
#
# **Sources** {WORDS}
"""


def parts(text=SOURCE, run_seconds=0.0):
    found, _ = _minutes.parts(make_notebook(text, "99_x", NO_COURSE))
    for part in found:
        part.run_seconds = run_seconds if part.title.startswith("1.") else 0.0
    return found


def test_the_parts_and_their_minutes():
    _, first, aside, recap = parts()
    assert [first.stated, aside.stated, recap.stated] == [9, 5, None]
    assert [first.is_core, aside.is_core, recap.is_core] == [True, False, True]
    # 130 words before the aside and 130 behind it (and "Back"), 25 lines, an exercise of 3.
    assert (first.lines, first.exercise_minutes) == (25, 3)
    assert first.minutes == pytest.approx(2 + 1 + 3, abs=0.1)
    assert aside.minutes == pytest.approx(1 + 2, abs=0.1)
    assert recap.minutes == pytest.approx(1, abs=0.01)


def test_running_counts():
    still, running = parts()[1], parts(run_seconds=90)[1]
    assert running.minutes - still.minutes == pytest.approx(1.5)
    assert "90 s of running" in _minutes.table(parts(run_seconds=90))


def test_a_text_that_claims_enough_is_left_alone():
    assert _minutes.shortfalls(SOURCE, parts()) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("(core, 9", "(core, 5", "'1. First (core, 5 minutes)' needs 6.0 minutes (26"),
        ("16 minutes: 11", "14 minutes: 9", "the core needs 11 minutes, the opening says 9"),
        ("16 minutes: 11", "100 minutes: 95", "the core takes 95 minutes; a class has 90"),
        ("16 minutes: 11", "17 minutes: 11", "11 and 5 minutes are not 17"),
        ("# 5 for the", "# 4 for the", "11 and 4 minutes are not 16"),
        ("**Time**", "Time", "the opening lacks '**Time**"),
    ],
)
def test_what_claims_too_little_is_named(old, new, problem):
    text = SOURCE.replace(old, new)
    assert any(problem in one for one in _minutes.shortfalls(text, parts(text)))


def test_run_times_are_kept_for_the_same_code_only(tmp_path):
    notebook = make_notebook(SOURCE, "99_x", NO_COURSE)
    path = tmp_path / "99_x.ipynb"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    second = {"iopub.execute_input": "2026-01-01T10:00:00Z"}
    second["shell.execute_reply"] = "2026-01-01T10:00:40Z"
    code[1].metadata["execution"] = second
    times = build.run_times(notebook, path)
    first = parts()[1]
    assert times[first.key] == 40
    for cell in code:
        cell.execution_count = 1
    path.write_text(notebook_text(notebook, times), encoding="utf-8")
    second["shell.execute_reply"] = "2026-01-01T10:01:40Z"
    code[1].metadata["execution"] = second
    assert build.run_times(notebook, path)[first.key] == 40  # load only adds
    code[1].source += "y = 2"
    assert 100 in build.run_times(notebook, path).values()
    stored = nbformat.read(path, as_version=4)
    assert _minutes.with_run_times(stored, parts())[1].run_seconds == 40
