"""Lesson 00 in a real browser: Run All, and a trained generator answers a slider soon after."""

import re
import statistics
import subprocess
import sys
import time

import nbformat
import pytest
from lab import REPOSITORY
from running import shortened
from test_explore import Sampler
from test_lesson_16 import use_the_word_studio

pytestmark = pytest.mark.browser

# On two idle cores words are drawn, and a slider answers, within 10 s of Run All; to import
# TensorFlow alone takes 4.2. Machines differ, and others may compute during a test: so it counts
# the kernel's own processor time, in imports of TensorFlow measured in the same minute.
IMPORTS_TO_THE_SLIDER = 10 / 4.2
IMPORT = "import time, keras, tensorflow; print(time.process_time())"
CLOCK = "import time; print(f'processor seconds: {time.process_time():.1f}')"


@pytest.fixture
def lesson(lab):
    """The lesson as a student meets it, opened and not yet run, with a clock after the sampler."""
    source = REPOSITORY / "notebooks" / "src" / "00_start_here.py"
    notebook = shortened(source, solved=False)
    (sampler,) = (n for n, cell in enumerate(notebook.cells) if "widgets.explore(" in cell.source)
    notebook.cells.insert(sampler + 1, nbformat.v4.new_code_cell(CLOCK))
    lab.server.add("00_start_here.ipynb", notebook)
    lab.open_notebook("00_start_here.ipynb")
    return lab


def _printed(lab) -> str:
    """All text that the notebook's cells printed."""
    return lab.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells
            .flatMap((cell) => cell.outputs || [])
            .map((output) => [output.text || ""].flat().join(""))
            .join("")"""
    )


def _seconds_of_an_import() -> float:
    """Processor seconds that a new Python needs until TensorFlow is there: the median of three."""
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    return statistics.median(float(run.stdout.split()[-1]) for run in runs)


def _tab_to_a_slider(page) -> str:
    """From the selected cell into its output with Tab alone; the classes of what has the focus."""
    page.locator(".jp-CodeCell", has_text="widgets.explore(model").locator(".cm-content").click()
    page.keyboard.press("Escape")
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("() => document.activeElement.className")
        if "noUi-handle" in focused:
            break
    return focused


def test_run_all_then_the_slider_by_keyboard_and_by_mouse(lesson):
    start = time.monotonic()
    lesson.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    sampler = Sampler(lesson)
    handle = sampler.control("slider-1", ".noUi-handle")
    handle.focus()
    sampler.assert_changes(lambda: handle.press("ArrowRight"), r"direction 1 at \+0\.1$")
    print(f"from Run All to the answer: {time.monotonic() - start:.1f} s on the clock")
    lesson.screenshot("lesson-00-slider")
    (seconds,) = re.findall(r"processor seconds: ([\d.]+)", _printed(lesson))
    print(f"of which the kernel computed {seconds} s until the sampler was there")
    imports = float(seconds) / _seconds_of_an_import()
    print(f"as much as {imports:.2f} imports of TensorFlow")
    assert imports < IMPORTS_TO_THE_SLIDER
    use_the_word_studio(lesson, "lesson-00")
    lesson.page.set_viewport_size({"width": 1280, "height": 800})

    sampler.assert_changes(lambda: sampler.drag("slider-2", 300), r"direction 2 at \+3$")
    lesson.screenshot("lesson-00-dragged")
    assert "noUi-handle" in _tab_to_a_slider(lesson.page)
    sampler.assert_changes(
        lambda: lesson.page.keyboard.press("ArrowRight"), r"direction 1 at \+0\.2"
    )
    sampler.use_the_mouse()
    sampler.use_the_keyboard()
    lesson.run_all()  # once more, as students do
    assert lesson.problems() == []
    assert lesson.console_errors == []


def test_the_whole_page(lesson):
    """What a student reads from top to bottom; the screenshots are for human eyes."""
    lesson.run_all()
    assert lesson.problems() == []
    printed = _printed(lesson)
    assert "Everything is in place." in printed
    assert "00.1 · not answered yet" in printed
    assert "No exercise is solved yet." in printed
    assert "one batch: (8, 28, 28, 1)" in printed
    cat = lesson.page.get_by_role("img", name="A photo of the cat Chelsea")
    for number, heading in enumerate(("Start here", "1.", "2.", "3.", "4.", "5.", "6.", "Recap")):
        title = lesson.page.locator(".jp-RenderedMarkdown :is(h1, h2)", has_text=heading).first
        title.evaluate("node => node.scrollIntoView()")
        lesson.page.wait_for_timeout(300)
        lesson.screenshot(f"lesson-00-page-{number}")
    cat.scroll_into_view_if_needed()
    assert cat.evaluate("image => image.naturalWidth") > 0
    lesson.screenshot("lesson-00-cat")
    assert lesson.console_errors == []
