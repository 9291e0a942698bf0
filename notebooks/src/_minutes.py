"""How many minutes a lesson takes, section by section, and where its text claims less.

The rule: 130 words of text or 25 lines of code a minute, the minutes that exercises state, and the
time that the cells run. What is folded away counts nothing. Pure functions; `build.py` asks them.
"""

import hashlib
import math
import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

WORDS_A_MINUTE = 130
LINES_A_MINUTE = 25
CLASS_MINUTES = 90  # the core of every lesson fits into a class
RUN_TIMES = "run_seconds"  # where a notebook's metadata keep what the build measured

_HEADING = re.compile(r"^(#{2,3}) (.+)$", re.MULTILINE)
_STATED = re.compile(r"\((core|optional), (\d+) minutes?\)")
_EXERCISE = re.compile(r"^Exercise \d\d\.\d+.*\((\d+) minutes?\)")
_TIME = re.compile(
    r"\*\*Time\*\* (\d+) minutes: (\d+) for the core\b(?:.*?\b(\d+) for the optional)?"
)
_HIDDEN = re.compile(
    r"<details>.*?</details>|<!--.*?-->|^\*\*Sources\*\*.*", re.DOTALL | re.MULTILINE
)
_HANDLED = {"colab", "exercise", "check"}  # hidden cells, and those that exercise minutes cover
_TARGET = re.compile(r"\]\([^)]*\)|<[^>]+>")


@dataclass
class Part:
    """A section, or an optional part of one; `stated` is None where the text gives no minutes."""

    title: str
    is_core: bool = True
    stated: int | None = None
    words: int = 0
    lines: int = 0
    exercise_minutes: int = 0
    code: list[str] = field(default_factory=list)
    run_seconds: float = 0.0

    @property
    def minutes(self) -> float:
        """What the part takes by the rule."""
        reading = self.words / WORDS_A_MINUTE + self.lines / LINES_A_MINUTE
        return reading + self.exercise_minutes + self.run_seconds / 60

    @property
    def planned(self) -> float:
        """The minutes that the text gives the part, or what the rule gives if that is more."""
        return max(self.minutes, self.stated or 0)

    @property
    def key(self) -> str:
        """Names the part's code, so that a run time is known to be of this code."""
        return hashlib.sha256("\n".join(self.code).encode()).hexdigest()[:12]


def parts(notebook: NotebookNode) -> tuple[list[Part], list[Part]]:
    """The lesson's parts in order, and for each cell the part in which it ends.

    A part begins at each `##` heading, and at a `###` heading that says `(optional, 5 minutes)`;
    behind such a part the section goes on at the next `###` heading that is no exercise.
    """
    section = part = Part("opening")
    found, of_cell = [part], []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            part.code.append(cell.source)
            part.lines += (
                0 if _HANDLED & set(cell.metadata.get("tags", [])) else _lines(cell.source)
            )
            of_cell.append(part)
            continue
        before, *headings = _HEADING.split(cell.source)
        part.words += count_words(before)
        for level, title, text in zip(*[iter(headings)] * 3, strict=True):
            stated, exercise = _STATED.search(title), _EXERCISE.match(title)
            if level == "##" or stated:
                is_core = not stated or stated[1] == "core"
                part = Part(title, is_core, int(stated[2]) if stated else None)
                found.append(part)
                section = part if level == "##" else section
            elif not exercise:
                part = section
            part.exercise_minutes += int(exercise[1]) if exercise else 0
            part.words += count_words(text)
        of_cell.append(part)
    return found, of_cell


def _lines(code: str) -> int:
    """Lines of code, comments and blank ones aside."""
    lines = [line.strip() for line in code.splitlines()]
    return sum(bool(line) and not line.startswith("#") for line in lines)


def count_words(text: str) -> int:
    """Words of a text as one reads it; a formula counts by its separate signs.

    >>> count_words("See [the **GAN**](05_gan.ipynb): $L_D = -V$.")
    6
    """
    visible = _TARGET.sub("]", _HIDDEN.sub("", text))
    return sum(any(letter.isalnum() for letter in word) for word in visible.split())


def with_run_times(notebook: NotebookNode, found: list[Part]) -> list[Part]:
    """The parts with the run times that the stored notebook keeps for the same code."""
    known = notebook.metadata.get(RUN_TIMES, {})
    for part in found:
        part.run_seconds = known.get(part.key, 0.0)
    return found


def core_minutes(found: list[Part]) -> float:
    """What a class needs for all that is core, opening, setup and recap included.

    Where the text gives a part more minutes than the rule, for play or talk, those count.
    """
    return sum(part.planned for part in found if part.is_core)


def claimed(text: str) -> tuple[int, int, int] | None:
    """The minutes that a source's opening claims: in all, core, optional; None if it does not."""
    claim = _TIME.search(" ".join(text.replace("\n# ", " ").split()))
    return claim and (int(claim[1]), int(claim[2]), int(claim[3] or 0))


def shortfalls(text: str, found: list[Part]) -> list[str]:
    """One sentence for each part of which the text claims less than the rule gives."""
    problems = [
        f"'{part.title}' needs {part.minutes:.1f} minutes ({describe(part)})"
        for part in found
        if part.stated is not None and part.minutes > part.stated + 0.5
    ]
    core, whole = core_minutes(found), sum(part.planned for part in found)
    if claimed(text) is None:
        return [*problems, "the opening lacks '**Time** 90 minutes: 80 for the core sections, …'"]
    total, core_claim, optional_claim = claimed(text)
    if core > core_claim + 0.5:
        problems.append(f"the core needs {math.ceil(core)} minutes, the opening says {core_claim}")
    if core_claim > CLASS_MINUTES:
        problems.append(f"the core takes {core_claim} minutes; a class has {CLASS_MINUTES}")
    if whole > total + 0.5:
        problems.append(f"all needs {math.ceil(whole)} minutes, the opening says {total}")
    if total != core_claim + optional_claim:
        problems.append(f"{core_claim} and {optional_claim} minutes are not {total}")
    return problems


def describe(part: Part) -> str:
    """What the minutes are made of."""
    return (
        f"{part.words} words, {part.lines} lines, {part.exercise_minutes} minutes of exercises, "
        f"{part.run_seconds:.0f} s of running"
    )


def table(found: list[Part]) -> str:
    """One line for each part: kind, stated and computed minutes, what they are made of."""
    rows = [
        f"{'core' if part.is_core else 'opt.'}  {part.stated or '-':>3}  {part.minutes:5.1f}  "
        f"{part.title[:48]:48}  {describe(part)}"
        for part in found
    ]
    core, whole = core_minutes(found), sum(part.planned for part in found)
    return "\n".join([*rows, f"core {core:.0f} minutes, all {whole:.0f}"])
