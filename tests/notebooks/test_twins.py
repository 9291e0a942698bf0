"""Every solved twin runs with shortened parameters, from a folder that cannot be written, offline;
its checks know right answers from wrong.
"""

import isolated
import pytest
import register
import rules
from running import SMALL, shortened

import build


@pytest.mark.parametrize("source", build.lesson_sources(), ids=lambda source: source.stem)
def test_twin(source, course_copy, tmp_path, monkeypatch):
    twin, lesson = (shortened(source, solved=solved) for solved in (True, False))
    answers = register.read(register.REGISTER / source.name)
    notebook = register.with_answers(twin, lesson, answers)
    notebook = isolated.execute(notebook, course_copy, tmp_path, monkeypatch)
    said = register.verdicts(notebook)
    assert sum(one["label"] != "known mistake" for one in said) == len(answers)
    assert register.faults(said) == []
    assert rules.checks_say(notebook, "correct") == []


def test_parameters_are_shortened(tmp_path):
    source = tmp_path / "07_small.py"
    source.write_text(SMALL, encoding="utf-8")
    notebook = build.execute(shortened(source, solved=True), tmp_path)
    assert rules.printed(notebook.cells[-1]) == "3\n"
    assert rules.checks_say(notebook, "correct") == []


def test_the_register_notices_each_fault(tmp_path):
    source, answers = tmp_path / "07_small.py", tmp_path / "answers.py"
    source.write_text(SMALL, encoding="utf-8")
    answers.write_text(SMALL_ANSWERS, encoding="utf-8")
    known = register.read(answers)
    twin, lesson = (shortened(source, solved=solved) for solved in (True, False))
    assert register.exercises(lesson) == [("07.1", ["answer"])]
    said = register.verdicts(build.execute(register.with_answers(twin, lesson, known), tmp_path))
    found = register.faults(said)
    assert [fault.partition(":")[0] for fault in found] == [
        "right answer (off by two) is not known as such",
        "wrong answer (right after all) is not known as such",
        "wrong answer (says nothing of it) is not told 'add one'",
        "wrong answer (raises) is not known as such",
    ]
    assert register.gaps(lesson, known) == []
    assert register.gaps(lesson, known[1:]) == ["07.1: 2 right answers of 3"]
    assert "07.2: no such exercise" in register.gaps(
        lesson, [register.Answer("07.2", True, "", "1", "", "")]
    )


SMALL_ANSWERS = """\
# %% 07.1 right
import math
math.sqrt(441)
base + 1  # sees the lesson's names
19  # off by two

# %% 07.1 wrong
20  # forgets to add -> got 20
float(21)  # right after all
22  # says nothing of it -> add one
1 / 0  # raises
"""
