"""A function that returns a figure says so by its name, and no other function does."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "course_utils"


def misnamed(source: str) -> list[str]:
    """The functions and methods whose name and return annotation disagree about a figure.

    What only shows a figure and returns None, `show_figure`, is called by what it does.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            returned = ast.unparse(node.returns).strip("\"'") if node.returns else ""
            if node.name.startswith("show_") and returned == "None":
                continue
            returns_figure = returned.split(".")[-1].endswith("Figure")  # LiveFigure is one, too
            if returns_figure != node.name.endswith("_figure"):
                found.append(node.name)
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_functions_are_called_by_what_they_return(path):
    assert misnamed(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def draw() -> plots.Figure: pass", ["draw"]),
        ("def draw() -> Figure: pass", ["draw"]),
        ("class A:\n    def draw(self) -> 'plots.Figure': pass", ["draw"]),
        ("def map_figure(): pass", ["map_figure"]),
        ("def map_figure() -> bytes: pass", ["map_figure"]),
        ("def show_figure() -> plots.Figure: pass", []),
        ("def show_figure(): pass", ["show_figure"]),
        ("def show_figure() -> None: pass", []),
        ("def live_figure() -> LiveFigure: pass", []),
        ("def outer() -> None:\n    def inner() -> Figure: pass", ["inner"]),
        ("def png() -> bytes: pass", []),
    ],
)
def test_a_wrong_name_is_noticed(source, names):
    assert misnamed(source) == names
