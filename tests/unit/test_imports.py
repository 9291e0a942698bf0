"""The helper package stays readable from the bottom up: no module imports one that needs it."""

import ast
import graphlib
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "course_utils"
MODULES = {path.stem: path for path in PACKAGE.glob("*.py") if path.stem != "__init__"}


def imports_at_the_top(path: Path) -> set[str]:
    """The package's modules that a module imports when it is imported itself."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module == "course_utils":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("course_utils."):
            found.add(node.module.split(".")[1])
    return found


def test_imports_go_in_one_direction():
    graph = {name: imports_at_the_top(path) for name, path in MODULES.items()}
    assert {"data", "losses", "networks"} <= set().union(*graph.values())
    order = list(graphlib.TopologicalSorter(graph).static_order())  # raises on a cycle
    assert set(order) == set(MODULES)


WITHOUT = ["checks", "data", "divergences", "layer_pictures", "layers_by_hand", "numerics", "plots"]


def test_what_needs_no_tensorflow_does_not_import_it():
    graph = {name: imports_at_the_top(path) for name, path in MODULES.items()}

    def reachable(name):
        return {name}.union(*(reachable(needed) for needed in graph[name]))

    assert [name for name in WITHOUT if "_tensorflow" in reachable(name)] == []
