"""The progress file survives corruption, several kernels and folders that cannot be written."""

import json
import os
import subprocess
import sys
import time

import pytest

from course_utils import checks, data
from course_utils.checks import solved


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """Where the progress of this test lies."""
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    monkeypatch.setattr(solved, "_last_failure", "")
    return data.user_data() / "progress.json"


def solve(exercise: str) -> None:
    checks.check_number(exercise, 1, expected=1)


def progress(capsys) -> str:
    capsys.readouterr()
    checks.progress()
    return capsys.readouterr().out


def test_nothing_is_written_before_something_is_solved(file, capsys):
    checks.check_number("06.1", ..., expected=1)
    checks.check_number("06.1", 2, expected=1)
    assert progress(capsys) == "No exercise is solved yet.\n"
    assert not file.parent.exists()


def test_solved_exercises_are_kept_with_the_date_of_the_first_time(file, capsys):
    solve("06.2")
    first = json.loads(file.read_text(encoding="utf-8"))
    assert list(first) == ["solved", "version"] and first["version"] == 1
    assert list(first["solved"]) == ["06.2"]
    for exercise in ("06.2", "06.10", "01.1"):
        solve(exercise)
    checks.check_number("06.2", 2, expected=1)  # a later wrong answer takes nothing away
    assert json.loads(file.read_text(encoding="utf-8"))["solved"]["06.2"] == first["solved"]["06.2"]
    assert progress(capsys) == "lesson  solved\n01      01.1\n06      06.2, 06.10\n"
    assert [path.name for path in file.parent.iterdir()] == ["progress.json"]


def test_reset_forgets_one_lesson_or_all(capsys):
    for exercise in ("01.1", "06.1", "06.2"):
        solve(exercise)
    capsys.readouterr()
    checks.reset_progress("06")
    assert capsys.readouterr().out == "Forgot 2 solved exercises.\n"
    assert progress(capsys) == "lesson  solved\n01      01.1\n"
    checks.reset_progress()
    assert capsys.readouterr().out == "Forgot 1 solved exercise.\n"
    assert progress(capsys) == "No exercise is solved yet.\n"
    for wrong in (6, "6", "06.1", ""):
        with pytest.raises(ValueError, match="two digits"):
            checks.reset_progress(wrong)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b'{"version": 2, "solved": {}}',
        b'{"version": 1, "solved": []}',
        b'{"version": 1, "solved": {"6.1": "2026-01-01"}}',
        b'{"version": 1, "solved": {"06.1": "yesterday"}}',
        b'{"version": 1, "solved": {"06.1": 3}}',
    ],
)
def test_a_corrupt_file_is_set_aside_with_a_message(file, capsys, content):
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    solve("06.1")
    assert capsys.readouterr().out == "06.1 · correct.\n"
    aside = file.with_name("progress.json.corrupt-1")
    assert aside.read_bytes() == content
    message = f"An unreadable progress file was set aside as {aside}"
    out = progress(capsys)
    assert out.startswith(f"lesson  solved\n06      06.1\n{message}")
    file.write_bytes(content)
    out = progress(capsys)
    assert out.startswith("No exercise is solved yet.\n") and out.count("set aside") == 2
    assert file.with_name("progress.json.corrupt-2").read_bytes() == content


def test_a_folder_that_cannot_be_written_only_costs_the_record(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path / "file"))
    solve("06.1")
    captured = capsys.readouterr()
    assert captured.out == "06.1 · correct.\n" and captured.err == ""
    assert "progress.json" in progress(capsys)
    checks.reset_progress()
    assert "cannot be" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_read_only_folder_is_explained(file, capsys):
    file.parent.mkdir(parents=True)
    file.parent.chmod(0o500)
    solve("06.1")
    assert "could not be saved" in progress(capsys)


def test_a_failed_replacement_keeps_the_old_file_and_is_explained(file, monkeypatch, capsys):
    solve("06.1")
    before = file.read_bytes()

    def refuse(source, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(solved.os, "replace", refuse)
    solve("06.2")
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["progress.json"]
    out = progress(capsys)
    assert f"could not be saved in {file} (Permission denied)" in out
    assert "06.1\n" in out
    monkeypatch.undo()


@pytest.mark.slow
def test_a_kernel_that_died_while_writing_blocks_nobody_for_long(file, capsys):
    file.parent.mkdir(parents=True)
    lock = file.with_name("progress.json.lock")
    lock.write_text('{"version"')
    start = time.monotonic()
    solve("06.1")  # it may still be alive: wait, then give up
    assert time.monotonic() - start < 3
    assert "(another kernel is writing it)" in progress(capsys)
    long_ago = time.time() - 60
    os.utime(lock, (long_ago, long_ago))
    solve("06.1")
    assert progress(capsys) == "lesson  solved\n06      06.1\n"


def test_two_kernels_lose_none_of_each_others_answers(file, capsys):
    program = """
import sys
from course_utils.checks import solved
for number in range(60):
    solved.mark_solved(f"{sys.argv[1]}.{number}")
assert not solved._last_failure, solved._last_failure
"""
    both = [subprocess.Popen([sys.executable, "-c", program, lesson]) for lesson in ("01", "02")]
    assert [process.wait(timeout=30) for process in both] == [0, 0]
    noted = json.loads(file.read_text(encoding="utf-8"))["solved"]
    assert len(noted) == 120
    assert [path.name for path in file.parent.iterdir()] == ["progress.json"]
