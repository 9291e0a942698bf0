"""What the tests of exercises' known mistakes share."""

import re

from course_utils.checks import check_function


def assert_each_is_told(
    name: str, right, cases, known, capsys, expected=None, num_shared: int = 0
) -> None:
    """Check that each known mistake gets its own sentence, and that the right answer gets none.

    known: (wrong answer, sentence) pairs, as `check_function` takes them for hints
    expected: what the lesson compares with, if not the right answer itself
    num_shared: mistakes that are another form of one before, and share its sentence
    """
    expected = expected or right
    assert len({sentence for _, sentence in known}) == len(known) - num_shared
    for wrong, sentence in known:
        check_function(name, wrong, expected=expected, cases=cases, hints=known)
        assert capsys.readouterr().out == f"{name} · hint: {sentence}\n"
    check_function(name, right, expected=expected, cases=cases, hints=known)
    assert re.match(rf"{name} · correct", capsys.readouterr().out)
