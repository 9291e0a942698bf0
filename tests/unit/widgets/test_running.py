"""A picture that runs in a thread: one run in a kernel, ended by a button or by another's start."""

import time

import ipywidgets
import pytest

from course_utils import plots
from course_utils.widgets import running


class Counting(running.RunningPicture):
    """Counts until it is stopped, or until `limit`."""

    def __init__(self, limit: int = 10_000):
        self.run = ipywidgets.Button(description="Run")
        self.limit, self.count = limit, 0
        super().__init__("counting", [self.run], {"run": self.run}, 100)
        self.run.on_click(lambda _: self._start_run(self._count, "counting"))

    def _render(self):
        self._show(plots.Figure("<p>one</p>", "one"))

    def _count(self, stopping):
        while self.count < self.limit and not stopping.wait(0.001):
            self.count += 1


@pytest.fixture
def counting():
    made = []

    def make(*arguments):
        made.append(Counting(*arguments))
        return made[-1]

    yield make
    for one in made:
        one.close()


def wait_for(condition):
    end = time.monotonic() + 5
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    assert condition()


def test_a_run_ends_by_itself_and_the_button_says_so(counting):
    widget = counting(3)
    widget.run.click()
    wait_for(lambda: widget.run.description == "Run" and widget.count == 3)


def test_stop_ends_the_run_at_once(counting):
    widget = counting()
    widget.run.click()
    assert widget.run.description == "Running"
    wait_for(lambda: widget.count > 0)
    widget.stop_run()
    count = widget.count
    assert widget.run.description == "Run"
    time.sleep(0.02)
    assert widget.count == count


def test_only_one_run_in_a_kernel_goes_on(counting):
    first, second = counting(), counting()
    first.run.click()
    wait_for(lambda: first.count > 0)
    second.run.click()
    assert (first.run.description, second.run.description) == ("Run", "Running")
    running.stop_any_run()
    assert second.run.description == "Run"
    running.stop_any_run()  # nothing runs: nothing happens


def test_closing_ends_the_run(counting):
    widget = counting()
    widget.run.click()
    widget.close()
    assert widget.run.description == "Run"
