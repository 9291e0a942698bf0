"""What a lesson's notebook looks like: from a py:percent source to cells, ids, tags and outputs.

Pure functions; `build.py` reads, executes and writes the files.
"""

import hashlib
import re

import jupytext
import nbformat
from nbformat import NotebookNode

from _minutes import RUN_TIMES
from _stamps import Course, colab_code, launch_line

METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
COLAB_METADATA = {"tags": ["colab"], "cellView": "form", "jupyter": {"source_hidden": True}}
TITLE_ID, COLAB_ID = "title", "colab"
WIDGET_TYPE = "application/vnd.jupyter.widget-view+json"
WIDGET_TEXT = "[interactive controls: run this cell to use them]"

_MARKER = re.compile(r"^[ \t]*# -- (stub|solution) --[ \t]*\n?", re.MULTILINE)
_TEST_VALUE = re.compile(r"^([A-Z][A-Z0-9_]*) = .*?[ \t]*# test: *(.+?)[ \t]*$", re.MULTILINE)
_RELATIVE_LINK = re.compile(r"\]\((?![a-z]+:|#|/)")
_TEST_COMMENT = re.compile(r"[ \t]*# test:.*$", re.MULTILINE)


def make_notebook(text: str, stem: str, course: Course, solved: bool = False) -> NotebookNode:
    """The notebook that a source describes, without outputs.

    Args:
        text: the py:percent source.
        stem: file name without suffix, such as "06_gan_on_images".
        course: where the course is published; stamped into the first two cells.
        solved: whether to make the solved twin instead of the lesson.

    Raises:
        ValueError: the source does not begin with a markdown cell that begins with `# Title`,
            or an exercise lacks one of its two markers.
    """
    cells = []
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        if cell.cell_type == "raw" or not cell.source.strip():
            continue
        tags = list(cell.metadata.get("tags", []))
        if "solution-only" in tags and not solved:
            continue
        cells.append(_make_cell(cell.cell_type, cell.source, tags, solved))
    if not cells or cells[0].cell_type != "markdown" or not cells[0].source.startswith("# "):
        raise ValueError(f"{stem}.py: the first cell has to be markdown that begins with '# Title'")
    cells[0].id = TITLE_ID
    cells[0].source = title_text(cells[0].source, stem, course, solved)
    cells.insert(1, nbformat.v4.new_code_cell(colab_code(course), metadata=COLAB_METADATA))
    cells[1].id = COLAB_ID
    _make_ids_unique(cells)
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def split_exercise(code: str, solved: bool) -> str:
    """The lines of an exercise for the lesson or the twin: common lines, then stub or solution."""
    parts = _MARKER.split(code)
    if parts[1::2] != ["stub", "solution"]:
        raise ValueError(
            "an exercise needs the line '# -- stub --' and below it '# -- solution --', "
            f"once each; found {parts[1::2]} in the cell:\n{code}"
        )
    common, _, stub, _, solution = parts
    return (common + (solution if solved else stub)).strip("\n")


def title_text(source: str, stem: str, course: Course, solved: bool) -> str:
    """The first cell: the H1, what the build adds below it, then the rest of the source's cell."""
    title, _, rest = source.partition("\n")
    path = f"notebooks/solutions/{stem}.ipynb" if solved else f"notebooks/{stem}.ipynb"
    twin = f"This is the solved twin of [the lesson](../{stem}.ipynb)." if solved else ""
    paragraphs = [title + " (solved)" * solved, twin, launch_line(course, path), rest.strip("\n")]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def shortened_parameters(text: str) -> str:
    """Code with the values of the trailing comments `# test: value` in `parameters` cells."""
    cells = jupytext.reads(text, fmt="py:percent").cells
    found = [
        f"{name} = {value}"
        for cell in cells
        if "parameters" in cell.metadata.get("tags", [])
        for name, value in _TEST_VALUE.findall(cell.source)
    ]
    return "\n".join(found)


def _make_cell(kind: str, source: str, tags: list[str], solved: bool) -> NotebookNode:
    """One cell; its id depends on the source only, so the lesson and the twin share it."""
    identity = hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:12]
    if kind == "markdown":
        if solved:  # the twin lies one folder deeper
            source = _RELATIVE_LINK.sub("](../", source)
        return nbformat.v4.new_markdown_cell(source, id=identity, metadata=_tagged(tags))
    if "exercise" in tags or _MARKER.search(source):
        source = split_exercise(source, solved)
    if "parameters" in tags:
        source = _TEST_COMMENT.sub("", source)
    metadata = _tagged(tags)
    if "check" in tags or "check-output" in tags:
        metadata = _tagged([*tags, "nbval-check-output"])
    if "check" in tags:
        metadata["jupyter"] = {"source_hidden": True}
    return nbformat.v4.new_code_cell(source, id=identity, metadata=metadata)


def _tagged(tags: list[str]) -> dict:
    return {"tags": tags} if tags else {}


def _make_ids_unique(cells: list[NotebookNode]) -> None:
    seen: dict[str, int] = {}
    for cell in cells:
        seen[cell.id] = seen.get(cell.id, 0) + 1
        if seen[cell.id] > 1:
            cell.id = f"{cell.id}-{seen[cell.id]}"


def clean_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs worth storing: no stderr, neighboring prints joined, what a terminal would show.

    A widget keeps a sentence, and its picture if it offers one as HTML, instead of its view:
    without the widget's state, which is not stored, JupyterLab would show "Error displaying
    widget: model not found".
    """
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name == "stderr":
                continue
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text
                continue
        elif WIDGET_TYPE in output.get("data", {}):
            del output.data[WIDGET_TYPE]
            output.data["text/plain"] = WIDGET_TEXT
        kept.append(output)
    for output in kept:
        if output.output_type == "stream":
            output.text = apply_controls(output.text)
    return kept


def apply_controls(text: str) -> str:
    """Apply backspaces and carriage returns, so that only a progress bar's last state remains."""
    text = re.sub(r"^.*\r(?=.)", "", re.sub(r"\r+\n", "\n", text), flags=re.MULTILINE)
    before = None
    while before != text:
        before, text = text, re.sub("[^\n\b]\b", "", text)
    return re.sub("[\r\b]", "", text)


def notebook_text(notebook: NotebookNode, run_times: dict[str, int] | None = None) -> str:
    """The file's content: sorted keys and a final newline, so that a rebuild changes little.

    run_times: kept in the metadata, if given, as `_minutes` reads them.
    """
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = clean_outputs(cell.outputs)
    notebook.metadata = nbformat.from_dict(METADATA)
    if run_times:
        notebook.metadata[RUN_TIMES] = run_times
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
