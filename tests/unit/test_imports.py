"""The package's plan holds: which way imports run, what starts TensorFlow, how long a module is.

All rules read imports inside functions too, but for what TensorFlow costs: there an import that
happens only when a function is called is the way to put it off.
"""

import ast
import functools
import graphlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300  # lines of a module

# What each shelf may import, besides itself.
BELOW = {
    "base": set(),
    "data": {"base"},
    "plots": {"base"},
    "checks": {"base"},
    "models": {"base", "data"},
    "metrics": {"base", "data", "models"},
    "widgets": {"base", "data", "models", "plots"},
    "recipes": {"base", "data", "models", "metrics"},
    "lessons": {"base", "data", "models", "metrics", "plots", "widgets"},
}
TENSORFLOW = "base.backend"
QUICK = ("base.files", "data", "plots", "checks", "widgets", "models.latent_space")


def modules(package: Path) -> dict[str, Path]:
    """Dotted name, without the package's own -> file; a folder is named by its __init__."""
    found = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def statements(source: str, nested: bool) -> list[ast.stmt]:
    """The import statements of a module; with `nested` also those inside its functions."""
    tree = ast.parse(source)
    nodes = ast.walk(tree) if nested else tree.body
    return [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(path: Path, known, *, nested: bool) -> set[str]:
    """The package's modules that a module imports; with `nested` also inside its functions."""
    found = set()
    for node in statements(path.read_text(encoding="utf-8"), nested):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            names = [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("."):
                found.add(name)
            elif name.split(".")[0] == "course_utils":
                inner = name.partition(".")[2]
                found.add(inner if inner in known else inner.rpartition(".")[0])
    return found - {""}


def graph(package: Path, *, nested: bool = True) -> dict[str, set[str]]:
    known = modules(package)
    return {name: imported(path, known, nested=nested) for name, path in known.items()}


# ---- the rules: each takes the package's folder and returns a sentence for whatever breaks it ----


def one_way(package: Path) -> list[str]:
    """A shelf imports only those below it, and one lesson's room never another's."""
    found = []
    for name, needed in graph(package).items():
        shelf, *rest = name.split(".") if name else [""]
        for other in sorted(needed):
            theirs, *their_rest = other.split(".")
            if shelf == theirs:
                if shelf == "lessons" and rest[:1] != their_rest[:1]:
                    found.append(f"{name} imports another lesson's {other}")
            elif theirs not in BELOW.get(shelf, ()):
                found.append(f"{name or 'the package'} imports {other}")
    return found


def no_circle(package: Path) -> list[str]:
    try:
        list(graphlib.TopologicalSorter(graph(package)).static_order())
    except graphlib.CycleError as error:
        return [f"a circle: {' <- '.join(error.args[1])}"]
    return []


def no_tensorflow(package: Path) -> list[str]:
    """What needs no TensorFlow does not start it when it is imported."""
    needs = graph(package, nested=False)

    def reached(name: str, seen: set[str]) -> set[str]:
        if name in seen:
            return seen
        seen.add(name)
        for other in {*needs.get(name, ()), name.rpartition(".")[0]} - {""}:
            reached(other, seen)
        return seen

    return [f"{name} starts TensorFlow" for name in QUICK if TENSORFLOW in reached(name, set())]


def short_modules(package: Path) -> list[str]:
    lengths = {name: len(path.read_text().splitlines()) for name, path in modules(package).items()}
    return [f"{name} has {lines} lines" for name, lines in lengths.items() if lines > LONGEST]


def known_shelves(package: Path) -> list[str]:
    """Every module stands on a shelf of the plan, in a folder that is a package."""
    found = []
    for name, path in modules(package).items():
        if name and (name.split(".")[0] not in BELOW or not (path.parent / "__init__.py").exists()):
            found.append(f"{name} stands on no shelf")
    return found


RULES = (one_way, no_circle, no_tensorflow, short_modules, known_shelves)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps(rule):
    assert rule(ROOT / "course_utils") == []


# ---- the rules notice ----------------------------------------------------------------------------

BROKEN = {
    "a shelf above": (one_way, {"data/new.py": "from course_utils import plots"}),
    "a lesson from a shelf": (one_way, {"plots/new.py": "import course_utils.lessons.one.room"}),
    "inside a function": (
        one_way,
        {"models/new.py": "def draw():\n    from course_utils.widgets import controls"},
    ),
    "another lesson": (
        one_way,
        {"lessons/two/new.py": "from course_utils.lessons.one import room"},
    ),
    "a relative import": (one_way, {"data/new.py": "from ..plots import images"}),
    "a circle": (
        no_circle,
        {
            "metrics/a.py": "def f():\n    from course_utils.metrics import b",
            "metrics/b.py": "from course_utils.metrics.a import f",
        },
    ),
    "a circle through the shelf's own door": (
        no_circle,
        {
            "metrics/__init__.py": "from course_utils.metrics.a import f",
            "metrics/a.py": "from course_utils import metrics",
        },
    ),
    "TensorFlow": (no_tensorflow, {"data/__init__.py": "from course_utils.base.backend import tf"}),
    "TensorFlow further down": (
        no_tensorflow,
        {
            "widgets/__init__.py": "from course_utils.widgets.a import b",
            "widgets/a.py": "from course_utils.models import gan",
            "models/gan.py": "from course_utils.base.backend import keras",
        },
    ),
    "a long module": (short_modules, {"base/new.py": "pass\n" * (LONGEST + 1)}),
    "a new corridor": (known_shelves, {"helpers.py": ""}),
    "a room without a door": (known_shelves, {"lessons/three/pictures.py": ""}),
}


def write(package: Path, files: dict[str, str]) -> Path:
    """A small package that keeps every rule, but for these files."""
    sound = {f"{shelf}/__init__.py": "" for shelf in BELOW}
    sound |= {"__init__.py": "", "base/backend.py": "import tensorflow", "base/files.py": ""}
    sound |= {f"lessons/{room}/__init__.py": "" for room in ("one", "two")}
    sound |= {"lessons/one/room.py": "from course_utils import metrics, plots"}
    sound |= {"models/latent_space.py": "from course_utils.base import files"}
    for name, text in (sound | files).items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text, encoding="utf-8")
    return package


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_sound_package_breaks_no_rule(rule, tmp_path):
    assert rule(write(tmp_path, {})) == []


@pytest.mark.parametrize(("rule", "files"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_rule_is_noticed(rule, files, tmp_path):
    assert rule(write(tmp_path, files))


# ---- what a lesson imports -----------------------------------------------------------------------


def private_imports(source: str) -> list[str]:
    """Names that begin with an underscore in a lesson's imports, or behind what it imported."""
    tree = ast.parse(source)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            parts = [*(getattr(node, "module", None) or "").split(".")]
            parts += [part for alias in node.names for part in alias.name.split(".")]
            found += [part for part in parts if part.startswith("_")]
        elif isinstance(node, ast.Attribute) and re.match("_[^_]", node.attr):
            found.append(node.attr)
    return found


LESSONS = sorted((ROOT / "notebooks" / "src").glob("[0-9]*.py"))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lessons_import_what_a_reader_may_copy(path):
    source = path.read_text(encoding="utf-8")
    assert private_imports(source) == []
    first = re.search(r"^import (keras|tensorflow)", source, re.MULTILINE)
    assert first is None or "\nbackend.start()" in source[: first.start()]


def test_private_imports_are_noticed():
    assert private_imports("from course_utils._a import b") == ["_a"]
    assert private_imports("from course_utils.a import _b") == ["_b"]
    assert private_imports("model._count(3)") == ["_count"]
    assert private_imports("from course_utils import data\ndata.toy") == []
