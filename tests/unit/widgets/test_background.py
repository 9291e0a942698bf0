"""A task in a thread is ended by whoever began it, and may end itself."""

import threading

from course_utils.widgets.background import Background


def test_a_task_runs_until_it_is_stopped():
    begun, ended = threading.Event(), threading.Event()

    def act(stopping):
        begun.set()
        assert stopping.wait(20)
        ended.set()

    task = Background(act, "a test's task")
    assert begun.wait(20) and not ended.is_set()
    assert "a test's task" in [thread.name for thread in threading.enumerate()]
    task.stop()
    assert ended.is_set()  # stop has waited for it
    assert "a test's task" not in [thread.name for thread in threading.enumerate()]
    task.stop()  # once more does no harm


def test_a_task_may_stop_itself():
    tasks, ended, begun = [], threading.Event(), threading.Event()

    def act(stopping):
        begun.wait(20)
        tasks[0].stop()  # does not wait for itself
        assert stopping.is_set()
        ended.set()

    tasks.append(Background(act, "a test's task"))
    begun.set()
    assert ended.wait(20)
