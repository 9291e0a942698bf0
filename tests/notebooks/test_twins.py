"""Every solved twin runs with shortened parameters, and its checks accept its answers."""

import pytest
import rules
from running import SMALL, shortened

import build


@pytest.mark.parametrize("source", build.lesson_sources(), ids=lambda source: source.stem)
def test_twin(source):
    folder = build.notebook_path(source, solved=True).parent
    notebook = build.execute(shortened(source, solved=True), folder)
    assert rules.checks_say(notebook, "correct") == []


def test_parameters_are_shortened(tmp_path):
    source = tmp_path / "07_small.py"
    source.write_text(SMALL, encoding="utf-8")
    notebook = build.execute(shortened(source, solved=True), tmp_path)
    assert rules.printed(notebook.cells[-1]) == "3\n"
    assert rules.checks_say(notebook, "correct") == []
