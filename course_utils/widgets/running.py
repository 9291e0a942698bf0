"""A live picture that can run by itself, in a thread that a button ends: what such widgets share.

One run in a kernel: two would share the cores.
"""

import threading
from collections.abc import Callable
from typing import ClassVar

from course_utils.widgets.background import Background
from course_utils.widgets.live import LivePicture


class RunningPicture(LivePicture):
    """A `LivePicture` with a button `run`, which calls `_start_run`, and others, which `stop_run`.

    run_words: what the button says before and after a run, and while it lasts
    `_lock` guards what the thread and the buttons both change; subclasses make `run` themselves.
    """

    run_words: ClassVar[tuple[str, str]] = ("Run", "Running")
    _running: ClassVar["RunningPicture | None"] = None

    def __init__(self, name: str, controls, named, width: int):
        self._lock = threading.Lock()
        self._background: Background | None = None
        super().__init__(name, controls, named, width)

    def _start_run(self, act: Callable[[threading.Event], None], name: str) -> None:
        """Call act(stopping) in a thread: a running cell could not be stopped by a button."""
        self.stop_run()
        stop_any_run()
        RunningPicture._running = self
        # Not disabled: a disabled button would lose the keyboard's focus.
        self.run.description = self.run_words[1]

        def act_and_say(stopping: threading.Event) -> None:
            act(stopping)
            self.run.description = self.run_words[0]

        self._background = Background(act_and_say, name)

    def stop_run(self) -> None:
        """End the run, if there is one, and wait until its thread is gone."""
        background, self._background = self._background, None
        if background is not None:
            background.stop()
        if RunningPicture._running is self:
            RunningPicture._running = None

    def close(self) -> None:
        """End the run and take the widget off the page."""
        self.stop_run()
        super().close()


def stop_any_run() -> None:
    """End the run of whichever widget runs in this kernel."""
    if RunningPicture._running is not None:
        RunningPicture._running.stop_run()
