"""What the tests that run notebooks share: a tiny lesson, and shortened real ones."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from _notebook import make_notebook, shortened_parameters
from _stamps import UNSET, Course

NO_COURSE = Course(UNSET, "main")

# It checks its exercise without course_utils, so that building it takes a second.
SMALL = """\
# %% [markdown]
# # A tiny lesson
#
# **Time** 2 minutes: 2 for the core.
#
# What it teaches.

# %% tags=["parameters"]
STEPS = 1000  # test: 3
NAME = "a"

# %% [markdown]
# ## Twice the same

# %% [markdown]
# ## Twice the same

# %% tags=["exercise"]
base = 20
# -- stub --
answer = ...
# -- solution --
answer = base + 1

# %% tags=["check"]
verdict = "correct" if answer == 21 else f"hint: got {answer}"
print("07.1 ·", "not answered yet" if answer is ... else verdict)

# %% tags=["check-output"]
print(NAME)

# %% tags=["solution-only"]
print(STEPS)
"""


def shortened(source: Path, solved: bool) -> NotebookNode:
    """A lesson or twin, not executed, with its `# test:` values set after its parameters."""
    text = source.read_text(encoding="utf-8")
    notebook = make_notebook(text, source.stem, NO_COURSE, solved)
    overrides = shortened_parameters(text)
    if overrides:
        last = max(
            number
            for number, cell in enumerate(notebook.cells)
            if "parameters" in cell.metadata.get("tags", [])
        )
        notebook.cells.insert(last + 1, nbformat.v4.new_code_cell(overrides))
    return notebook
