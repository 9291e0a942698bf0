"""A task in a thread of its own, which a button can end: a running cell would keep it unheard."""

import threading
from collections.abc import Callable


class Background:
    """Runs act(stopping) in a thread from now on; `stop` ends it.

    act: a function of a `threading.Event`, which returns soon after that is set: it asks
        `stopping.is_set()`, and pauses with `stopping.wait(seconds)`, which is True once it is set.
    """

    def __init__(self, act: Callable[[threading.Event], None], name: str):
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=act, args=(self._stopping,), name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the task to end, and wait until its thread is gone, unless it is the caller's own."""
        self._stopping.set()
        if self._thread is not threading.current_thread():
            self._thread.join()
