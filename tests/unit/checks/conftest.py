"""What a check says, and a folder of its own for each test's progress."""

import pytest


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))


@pytest.fixture
def said(capsys):
    """What a check prints, its result being None."""

    def call(check, *arguments, **keywords) -> str:
        capsys.readouterr()
        assert check("06.1", *arguments, **keywords) is None
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return call
