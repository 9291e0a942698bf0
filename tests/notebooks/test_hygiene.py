"""Every stored notebook keeps the rules, and every rule notices when it is broken."""

from pathlib import Path

import nbformat
import pytest
import register
import rules
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from running import shortened

import build
from _stamps import read_course

MAXIMUM_BYTES = 600_000
NOTEBOOKS = [
    build.notebook_path(source, solved)
    for source in build.lesson_sources()
    for solved in (False, True)
]


def _name(path: Path) -> str:
    return path.relative_to(build.ROOT / "notebooks").as_posix()


def test_there_is_a_lesson():
    assert build.lesson_sources()


def test_notebooks_and_readme_match_their_sources():
    assert build.check_course(read_course(build.ROOT / "pyproject.toml")) == []


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_rule(path, rule):
    assert rule(nbformat.read(path, as_version=4)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_links(path):
    assert rules.links_lead_somewhere(nbformat.read(path, as_version=4), path.parent) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_stored_checks(path):
    verdict = "correct" if path.parent.name == "solutions" else "not answered yet"
    assert rules.checks_say(nbformat.read(path, as_version=4), verdict) == []


@pytest.mark.parametrize("source", build.lesson_sources(), ids=lambda source: source.stem)
def test_the_register_has_answers_to_every_exercise(source):
    lesson = shortened(source, solved=False)
    assert register.gaps(lesson, register.read(register.REGISTER / source.name)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_name)
def test_size(path):
    assert path.stat().st_size <= MAXIMUM_BYTES


def _notebook(*outputs, source="1", tags=(), count=1, text="# Title"):
    code = new_code_cell(source, outputs=list(outputs), execution_count=count)
    code.metadata["tags"] = list(tags)
    return new_notebook(cells=[new_markdown_cell(text), code])


def _shown(**data):
    kinds = {name.replace("__", "/"): value for name, value in data.items()}
    return new_output("display_data", data=kinds)


GOOD = _notebook(
    new_output("stream", text="see /data/x.npz\n"),
    _shown(text__html='<img alt="a cat" src="data:image/png;base64,AAA/home/AAA">'),
    text="# Title\n\n![a cat](cat.png) from https://example.org/home/x\n\n```\n# no title\n```\n"
    "\nTwo steps.\n1. One, which\n   goes on\n2. Two",
)
WIDGET = new_output("display_data", data={rules.WIDGET_TYPE: {"model_id": "1"}})
BAD = {
    "not executed": (rules.executed_in_order, _notebook(count=None)),
    "executed out of order": (rules.executed_in_order, _notebook(count=2)),
    "error": (rules.no_error, _notebook(new_output("error", ename="E", evalue="", traceback=[]))),
    "stderr": (rules.no_error, _notebook(new_output("stream", name="stderr", text="w"))),
    "two titles": (rules.one_title, _notebook(text="# One\n\n# Two")),
    "late title": (rules.one_title, _notebook(text="Hello\n\n# One")),
    "png output": (rules.pictures_described, _notebook(_shown(image__png="AAAA"))),
    "img": (rules.pictures_described, _notebook(_shown(text__html="<p><img src='x'></p>"))),
    "empty alt": (rules.pictures_described, _notebook(_shown(text__html="<img alt=' '/>"))),
    "markdown picture": (rules.pictures_described, _notebook(text="# T\n\n![](cat.png)")),
    "long cell": (rules.short_cells, _notebook(source="x = 1\n" * 26)),
    "no check": (rules.exercises_checked, _notebook(tags=["exercise"])),
    "no exercise": (rules.exercises_checked, _notebook(tags=["check", "nbval-check-output"])),
    "not compared": (rules.exercises_checked, _notebook(tags=["check"])),
    "list item": (rules.no_accidental_list, _notebook(text="# T\n\nthe sum is\n1. So the")),
    "path in source": (rules.no_machine_names, _notebook(source="open('/home/me/x')")),
    "path in output": (rules.no_machine_names, _notebook(_shown(text__plain="at /tmp/x/y.py"))),
    "Windows path": (rules.no_machine_names, _notebook(source=r"open('C:\Users\me')")),
    "host": (rules.no_machine_names, _notebook(new_output("stream", text="http://localhost:80"))),
    "widget view": (rules.no_widget_state, _notebook(WIDGET)),
}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_rules_accept_a_good_notebook(rule):
    assert rule(GOOD) == []


@pytest.mark.parametrize(("rule", "notebook"), BAD.values(), ids=BAD.keys())
def test_rules_notice(rule, notebook):
    assert rule(notebook)


def test_rules_notice_more(tmp_path):
    silent = _notebook(tags=["check"])
    assert rules.checks_say(silent, "correct")
    correct = _notebook(new_output("stream", text="06.1 · correct"), tags=["check"])
    assert rules.checks_say(correct, "correct") == []
    correct.cells.append(correct.cells[1])
    assert rules.checks_say(correct, "correct")
    assert rules.links_lead_somewhere(_notebook(text="# T\n\n[x](gone.ipynb)"), tmp_path)
