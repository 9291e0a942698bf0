"""The register of answers: for every exercise, right and wrong ones that its check has to know.

`tests/exercises/NN_name.py` holds them, in cells such as

    # %% 05.1 right
    np.float32(-0.8674)
    # %% 05.1 wrong
    -0.4337  # a mean over all four numbers
    0.8674  # the loss of D -> minus V

Every expression on a level of its own, function or class in such a cell is one answer; imports,
assignments and functions whose name begins with `_` belong to all answers below them in the cell.
They run in the solved twin, right after the exercise's check, and see every name of the lesson. A
comment behind a wrong answer names the slip, and behind `->` words that the hint has to contain.

Besides, every known mistake of a check is handed to it, and has to be told its own sentence: one
that equals the right answer, or an earlier mistake, is found in this way.
"""

import ast
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
import trying
from nbformat import NotebookNode

REGISTER = Path(__file__).resolve().parents[1] / "exercises"
AT_LEAST = 3  # right answers, and wrong ones, for each exercise

_CELL = re.compile(r"^# %% (\d\d\.\d+) (right|wrong)[ \t]*$", re.MULTILINE)
_EXERCISE = re.compile(r"[\"'](\d\d\.\d+)\b")

_SETUP = f"import sys; sys.path.append({str(Path(__file__).parent)!r}); import trying as _trying"


@dataclass(frozen=True)
class Answer:
    """One answer: `code` runs first, then `value` is what the learner handed in."""

    exercise: str
    is_right: bool
    code: str
    value: str
    label: str  # what the comment behind it says
    must_say: str  # words that the hint of a wrong answer has to contain


def read(path: Path) -> list[Answer]:
    """The answers of one lesson's file; none if there is no file."""
    if not path.exists():
        return []
    _, *parts = _CELL.split(path.read_text(encoding="utf-8"))
    cells = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [answer for name, kind, text in cells for answer in _answers(name, kind, text)]


def _answers(exercise: str, kind: str, text: str) -> list[Answer]:
    lines, shared, found = text.splitlines(), [], []
    for statement in ast.parse(text).body:
        code = ast.get_source_segment(text, statement)
        decorators = getattr(statement, "decorator_list", [])
        if decorators:  # they stand above the segment
            code = "\n".join(lines[decorators[0].lineno - 1 : statement.end_lineno])
        if isinstance(statement, ast.Expr):
            label = lines[statement.end_lineno - 1].partition("  # ")[2]
            found.append((list(shared), code, label))
        elif getattr(statement, "name", "_").startswith("_"):  # no name: an import, an assignment
            shared.append(code)
        else:
            head = lines[statement.lineno - 1 : statement.body[0].lineno - 1]
            comments = [line.partition("  # ")[2] for line in head if "  # " in line]
            label = (comments or [statement.name.replace("_", " ")])[0]
            found.append(([*shared, code], statement.name, label))
    return [
        Answer(exercise, kind == "right", "\n".join(code), value, *_label(label))
        for code, value, label in found
    ]


def _label(comment: str) -> tuple[str, str]:
    label, _, must_say = comment.partition("->")
    return label.strip(), must_say.strip()


def _asked(cell: NotebookNode) -> list[str]:
    """The names that an exercise's cell asks for: assigned ..., or a function or class with it."""
    names = []
    for statement in ast.parse(cell.source).body:
        stub = any(
            isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(statement)
        )
        if stub and isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.append(statement.name)
        elif stub and isinstance(statement, ast.Assign):
            targets = statement.targets[0]
            names += [node.id for node in ast.walk(targets) if isinstance(node, ast.Name)]
    return names


def exercises(lesson: NotebookNode) -> list[tuple[str, list[str]]]:
    """Number and asked names of every exercise of a lesson with its stubs, in order."""
    cells = [cell for cell in lesson.cells if cell.cell_type == "code"]
    asked = [_asked(cell) for cell in cells if "exercise" in cell.metadata.get("tags", [])]
    checks = [cell for cell in cells if "check" in cell.metadata.get("tags", [])]
    numbers = [_EXERCISE.search(cell.source).group(1) for cell in checks]
    return list(zip(numbers, asked, strict=True))


def with_answers(twin: NotebookNode, lesson: NotebookNode, answers: list[Answer]) -> NotebookNode:
    """The twin with a cell behind each check that tries the register's answers."""
    asked = dict(exercises(lesson))
    cells = [nbformat.v4.new_code_cell(_SETUP)]
    for cell in twin.cells:
        cells.append(cell)
        if "check" in cell.metadata.get("tags", []):
            number = _EXERCISE.search(cell.source).group(1)
            mine = [
                {name: value for name, value in asdict(one).items() if name != "exercise"}
                for one in answers
                if one.exercise == number
            ]
            given = f"{number!r}, {asked[number]!r}, {cell.source!r}, {mine!r}, globals()"
            cells.append(nbformat.v4.new_code_cell(f"_trying.try_answers({given})"))
    twin.cells = cells
    return twin


def verdicts(twin: NotebookNode) -> list[dict]:
    """What the checks of an executed twin said of the register's answers."""
    texts = [
        output.text
        for cell in twin.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    ]
    lines = [line for text in texts for line in text.splitlines() if line.startswith(trying.MARK)]
    return [json.loads(line.removeprefix(trying.MARK)) for line in lines]


def faults(said: list[dict]) -> list[str]:
    """One sentence for each answer of which a check says the wrong thing."""
    found = []
    for one in said:
        name, verdict = one["exercise"], one["verdict"]
        wanted = f"{name} · correct" if one["is_right"] else f"{name} · hint: "
        kind = "right" if one["is_right"] else "wrong"
        problem = ""
        if not verdict.startswith(wanted) or len(verdict.splitlines()) != 1:
            problem = "is not known as such"
        elif one["must_say"] not in verdict:
            problem = f"is not told {one['must_say']!r}"
        elif "rounded too much" in verdict and "rounded" not in one["label"]:
            problem = "is told to be rounded"
        if problem:
            shown = one["code"] or one["value"]
            found.append(f"{kind} answer ({one['label']}) {problem}: {shown}\n    {verdict}")
    return found


def gaps(lesson: NotebookNode, answers: list[Answer]) -> list[str]:
    """One sentence for each exercise with too few answers, and for answers of no exercise."""
    numbers = [number for number, _ in exercises(lesson)]
    found = [f"{one.exercise}: no such exercise" for one in answers if one.exercise not in numbers]
    for number in numbers:
        for is_right, kind in ((True, "right"), (False, "wrong")):
            mine = {
                (one.code, one.value)
                for one in answers
                if (one.exercise, one.is_right) == (number, is_right)
            }
            if len(mine) < AT_LEAST:
                found.append(f"{number}: {len(mine)} {kind} answers of {AT_LEAST}")
    unnamed = [one for one in answers if not one.is_right and not one.label]
    return found + [f"{one.exercise}: name the slip of {one.value} in a comment" for one in unnamed]
