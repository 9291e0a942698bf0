"""A real JupyterLab in a real Chromium, for tests: server, page, run all, what went wrong.

Knows nothing about the course's widgets; those are pressed by the tests.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat

REPOSITORY = Path(__file__).parents[2]
_TOKEN = "browser-test"
# What a browser says without any fault of ours: JupyterLab asks for files that need not exist.
_HARMLESS = ("favicon", "Failed to load resource: the server responded with a status of 404")


def find_chromium() -> str | None:
    """Path of an installed Chromium or Chrome, if there is one."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if path := shutil.which(name):
            return path
    return None


class Server:
    """JupyterLab on a free port; its home, settings and notebooks are in a temporary folder."""

    def __init__(self, folder: Path):
        self.notebooks = folder / "notebooks"
        self.notebooks.mkdir(parents=True)
        self._log = folder / "jupyter.log"
        home = folder / "home"
        settings = home / "settings"
        # Asks nobody for news: neither a request nor a pop-up over the page.
        news = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        news.parent.mkdir(parents=True)
        news.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        environment = os.environ | {
            "HOME": str(home),
            "USERPROFILE": str(home),
            "JUPYTER_CONFIG_DIR": str(home / "config"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
            "IPYTHONDIR": str(home / "ipython"),
            "COURSE_ROOT": str(REPOSITORY),
            "COURSE_USER_DIR": str(home / "course"),
        }
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"),
            *(f"--port={port}", "--ServerApp.port_retries=0", "--allow-root"),
            f"--IdentityProvider.token={_TOKEN}",
            f"--ServerApp.root_dir={self.notebooks}",
            "--LabApp.expose_app_in_browser=True",
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environment, cwd=folder, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            with contextlib.suppress(OSError):
                self._ask("GET", "api/status")
                return
            time.sleep(0.2)
        self._process.kill()
        raise RuntimeError(f"JupyterLab did not start; its log ends:\n{self.log()[-2000:]}")

    def _ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(f"{self.url}/{path}", method=method)
        request.add_header("Authorization", f"token {_TOKEN}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def address(self, name: str) -> str:
        return f"{self.url}/lab/tree/{name}?token={_TOKEN}&reset"

    def add(self, name: str, notebook: nbformat.NotebookNode) -> None:
        """Store a notebook in the folder that the server shows."""
        nbformat.write(notebook, self.notebooks / name)

    def end_sessions(self) -> None:
        """Stop all kernels, so that the next test starts with none."""
        for session in json.loads(self._ask("GET", "api/sessions")):
            with contextlib.suppress(urllib.error.HTTPError):  # gone by itself
                self._ask("DELETE", f"api/sessions/{session['id']}")

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._ask("POST", "api/shutdown")
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Lab:
    """One browser page on the server."""

    def __init__(self, server: Server, page, screenshots: Path):
        self.server = server
        self.page = page
        self.console_errors: list[str] = []
        self._screenshots = screenshots
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))

    def _hear(self, message) -> None:
        if message.type == "error" and not any(part in message.text for part in _HARMLESS):
            self.console_errors.append(message.text)

    def open_notebook(self, name: str) -> None:
        """Open a notebook of the server's folder and wait until its kernel is idle."""
        self.page.goto(self.server.address(name))
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        # Before this, "run all" is unreliable.
        self.page.wait_for_function(
            """() => {
                const context = window.jupyterapp.shell.currentWidget?.sessionContext;
                return context?.isReady && context.session?.kernel?.status === "idle";
            }""",
            timeout=60_000,
        )

    def run_all(self, seconds: float = 300) -> None:
        """Run all cells and wait until the last one has ended, or one has failed."""
        self.page.evaluate(
            """() => {
                window.courseRun = null;
                window.jupyterapp.commands.execute("notebook:run-all-cells").then(
                    () => { window.courseRun = "ended"; },
                    (error) => { window.courseRun = String(error); },
                );
            }"""
        )
        self.page.wait_for_function("() => window.courseRun !== null", timeout=seconds * 1000)
        self.page.wait_for_function(
            """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status
                === "idle" """
        )

    def problems(self) -> list[str]:
        """Error outputs and unexecuted code cells of the notebook as it is, in words."""
        return self.page.evaluate(
            """() => {
                const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
                const found = [];
                for (let i = 0; i < cells.length; i++) {
                    const cell = cells.get(i).toJSON();
                    if (cell.cell_type !== "code" || !String(cell.source).trim()) continue;
                    if (cell.execution_count === null) found.push(`cell ${i} was not executed`);
                    for (const output of cell.outputs)
                        if (output.output_type === "error")
                            found.push(`cell ${i}: ${output.ename}: ${output.evalue}`);
                }
                return found;
            }"""
        )

    def screenshot(self, name: str) -> Path:
        self._screenshots.mkdir(parents=True, exist_ok=True)
        path = self._screenshots / f"{name}.png"
        self.page.screenshot(path=path)
        return path


def notebook_of(*cells: str | nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook of code cells, given as text or ready-made."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(c) if isinstance(c, str) else c for c in cells]
    )
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    return notebook
