"""Fixtures of the browser tests: one JupyterLab and one Chromium for all, a fresh page for each.

Without Chromium or playwright the tests are skipped; with COURSE_REQUIRE_BROWSER=1 they fail.
COURSE_SCREENSHOTS names a folder for the screenshots (default: pytest's temporary one).
"""

import os
import sys
from pathlib import Path

import pytest
from lab import REPOSITORY, Lab, Server, find_chromium

# Lessons are shortened here in the same way as in the tests that run them without a browser.
sys.path.append(str(Path(__file__).parents[1] / "notebooks"))


def _missing(what: str):
    if os.environ.get("COURSE_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what}, and COURSE_REQUIRE_BROWSER=1 demands the browser tests.")
    pytest.skip(f"{what}: the browser tests need both Chromium and playwright.")


@pytest.fixture(scope="session")
def browser():
    executable = find_chromium()
    if executable is None:
        _missing("Chromium is not installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("jupyter"))
    yield server
    server.stop()


@pytest.fixture
def lab(browser, server, tmp_path):
    """A page of the width of a laptop's screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    screenshots = Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path / "screenshots"))
    yield Lab(server, page, screenshots)
    context.close()
    server.end_sessions()


@pytest.fixture
def lesson(lab, request):
    """The lesson that the module's LESSON names, its settings shortened, after Run All."""
    from running import shortened

    stem = request.module.LESSON
    source = REPOSITORY / "notebooks" / "src" / f"{stem}.py"
    lab.server.add(f"{stem}.ipynb", shortened(source, solved=False))
    lab.open_notebook(f"{stem}.ipynb")
    lab.run_all(seconds=600)
    assert lab.problems() == []
    return lab
