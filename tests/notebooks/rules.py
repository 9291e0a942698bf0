"""The rules that every notebook keeps: each takes a notebook and returns what breaks the rule."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from nbformat import NotebookNode

MAXIMUM_CODE_LINES = 25
WIDGET_TYPE = "application/vnd.jupyter.widget-view+json"

_MARKDOWN_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
_DATA_URI = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]*")
_MACHINE = re.compile(
    r"(?<![\w.:/])/(?:home|root|tmp|work|mnt|opt|usr|var|Users|private)/\w"
    r"|\b[A-Za-z]:\\+\w"
    r"|\bfile://|\blocalhost:\d|\b127\.0\.0\.1\b|\b(?:10|192\.168)\.\d+\.\d+"
    r"|--(?:extra-)?index-url|\bartifactory\b|\bdevpi\b|/simple/"
)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def _code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _markdown(notebook: NotebookNode) -> list[str]:
    """The text of the markdown cells, code blocks aside."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [_FENCE.sub("", text) for text in cells]


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in _code_cells(notebook) for output in cell.outputs]


def _html(notebook: NotebookNode) -> list[str]:
    stored = [output.get("data", {}).get("text/html", "") for output in _outputs(notebook)]
    return stored + _markdown(notebook)


def printed(cell: NotebookNode) -> str:
    """What a cell printed."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def executed_in_order(notebook: NotebookNode) -> list[str]:
    """Code cells carry the execution counts 1 to n."""
    counts = [cell.execution_count for cell in _code_cells(notebook)]
    return [] if counts == list(range(1, len(counts) + 1)) else [f"execution counts {counts}"]


def no_error(notebook: NotebookNode) -> list[str]:
    """No stored exception and nothing from stderr."""
    return [
        f"{output.output_type}: {output.get('ename') or output.text}"
        for output in _outputs(notebook)
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


def one_title(notebook: NotebookNode) -> list[str]:
    """Exactly one H1, as the very first line."""
    titles = re.findall(r"^# .*", "\n".join(_markdown(notebook)), re.MULTILINE)
    titles += re.findall(r"<h1\b", "\n".join(_html(notebook)), re.IGNORECASE)
    first = notebook.cells[0].source.startswith("# ")
    return [] if len(titles) == 1 and first else [f"level-one headings: {titles}"]


def pictures_described(notebook: NotebookNode) -> list[str]:
    """Every picture has an alt text, so it is HTML: JupyterLab drops that of other outputs."""
    found = [
        f"{kind} output: show it with course_utils.plots"
        for output in _outputs(notebook)
        for kind in output.get("data", {})
        if kind.startswith("image/")
    ]
    found += [
        f"no alt text: ![]({target})"
        for text in _markdown(notebook)
        for mark, alt, target in _MARKDOWN_LINK.findall(text)
        if mark and not alt.strip()
    ]
    for html in _html(notebook):
        parser = _Pictures()
        parser.feed(html)
        found += parser.undescribed
    return found


class _Pictures(HTMLParser):
    """Collects the <img> tags that have no alt text."""

    def __init__(self):
        super().__init__()
        self.undescribed: list[str] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "img" and not (attributes.get("alt") or "").strip():
            self.undescribed.append(f"no alt text: <img src={str(attributes.get('src'))[:40]}>")


def short_cells(notebook: NotebookNode) -> list[str]:
    """Code cells of 25 lines at most."""
    lengths = [(len(cell.source.splitlines()), cell.source) for cell in _code_cells(notebook)]
    return [
        f"{lines} lines: {source.splitlines()[0]}"
        for lines, source in lengths
        if lines > MAXIMUM_CODE_LINES
    ]


def exercises_checked(notebook: NotebookNode) -> list[str]:
    """Exercise and check cells alternate, and nbval compares what the checks print."""
    cells = [cell for cell in _code_cells(notebook) if {"exercise", "check"} & set(_tags(cell))]
    order = ["exercise" if "exercise" in _tags(cell) else "check" for cell in cells]
    found = [] if order == ["exercise", "check"] * (len(cells) // 2) else [f"order: {order}"]
    return found + [
        f"not compared by nbval: {cell.source}"
        for cell in cells
        if "check" in _tags(cell) and "nbval-check-output" not in _tags(cell)
    ]


def checks_say(notebook: NotebookNode, verdict: str) -> list[str]:
    """Every check cell prints one `NN.n · verdict` line for an exercise of its own."""
    checks = [cell for cell in _code_cells(notebook) if "check" in _tags(cell)]
    found = [
        f"expected {verdict!r}: {printed(cell)!r}"
        for cell in checks
        if not re.match(rf"\d\d\.\d+ · {verdict}", printed(cell))
    ]
    names = [printed(cell).partition(" ")[0] for cell in checks]
    return found + ([] if len(set(names)) == len(names) else [f"exercises repeat: {names}"])


def no_accidental_list(notebook: NotebookNode) -> list[str]:
    """No number at a line's start that ends a sentence: Markdown would begin a list with it."""
    pairs = [pair for text in _markdown(notebook) for pair in pairwise(text.splitlines())]
    return [
        f"{line[:60]!r} is shown as an item of a list"
        for before, line in pairs
        if re.match(r"\d+[.)] ", line)
        and before.strip()
        and not re.match(r"\s|\d+[.)] ", before)
        and not before.rstrip().endswith((".", ":", "?", "!", "*", ")"))
    ]


def no_machine_names(notebook: NotebookNode) -> list[str]:
    """No absolute path and no host of the machine that built the notebook."""
    texts = [cell.source for cell in notebook.cells]
    for output in _outputs(notebook):
        texts += [output.get("text", ""), *map(str, output.get("data", {}).values())]
    return [
        f"...{text[max(0, match.start() - 20) : match.end() + 40]}..."
        for text in (_DATA_URI.sub("", text) for text in texts)
        for match in _MACHINE.finditer(text)
    ]


def no_widget_state(notebook: NotebookNode) -> list[str]:
    """No saved widget state, and no view of a widget that needs it."""
    found = ["widget state in the metadata"] if "widgets" in notebook.metadata else []
    return found + [
        "widget view" for output in _outputs(notebook) if WIDGET_TYPE in output.get("data", {})
    ]


def links_lead_somewhere(notebook: NotebookNode, folder: Path) -> list[str]:
    """Every relative link in a text is a file, seen from the notebook's folder."""
    targets = [
        target for text in _markdown(notebook) for _, _, target in _MARKDOWN_LINK.findall(text)
    ]
    return [
        f"no such file: {target}"
        for target in targets
        if not re.match(r"[a-z]+:|#", target) and not (folder / target.partition("#")[0]).exists()
    ]


RULES = (
    executed_in_order,
    no_error,
    one_title,
    pictures_described,
    short_cells,
    exercises_checked,
    no_accidental_list,
    no_machine_names,
    no_widget_state,
)
