"""What the tests of exercises' known mistakes share."""

import re

from course_utils.checks import check_function


def assert_each_is_told(name: str, right, cases, known, capsys) -> None:
    """Check that each known mistake gets its own sentence, and that the right answer gets none.

    known: (wrong answer, sentence) pairs, as `check_function` takes them for hints
    """
    for wrong, sentence in known:
        check_function(name, wrong, expected=right, cases=cases, hints=known)
        assert capsys.readouterr().out == f"{name} · hint: {sentence}\n"
    check_function(name, right, expected=right, cases=cases, hints=known)
    assert re.match(rf"{name} · correct", capsys.readouterr().out)
