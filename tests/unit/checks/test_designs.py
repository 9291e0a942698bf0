"""The check of what a learner's function builds."""

import pytest

from course_utils import checks


def fault(build):
    """Wants a pair of numbers whose second is the one given."""
    pair = build(7)
    return "" if pair[1] == 7 else f"its second number is {pair[1]}."


def said_of(said, answer, **more):
    return said(checks.check_design, answer, fault, **more)


def test_a_right_design_and_a_fault(said):
    assert said_of(said, lambda x: (0, x), why="Both.") == "06.1 · correct. Both.\n"
    out = said_of(said, lambda x: (x, 0), hint="The other way round.")
    assert out == "06.1 · hint: its second number is 0. The other way round.\n"


@pytest.mark.parametrize("stub", [lambda x: ..., lambda x: (..., x)])
def test_a_stub_is_not_answered_yet(said, stub):
    assert "not answered yet" in said_of(said, stub)


def test_an_empty_body_is_not_answered_yet(said):
    def empty(x): ...

    assert "not answered yet" in said_of(said, empty)


def test_no_function_and_an_error_are_sentences(said):
    assert said_of(said, 3) == "06.1 · hint: expected a function, but got the number 3.\n"

    def breaks(x):
        raise ValueError("no layers")

    out = said_of(said, breaks)
    assert "raised ValueError in line" in out and "no layers" in out
