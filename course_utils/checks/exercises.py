"""Checks of the exercises: what a learner wrote against what was asked, in one printed line.

A check prints `06.1 · not answered yet: …`, `06.1 · correct. …` or `06.1 · hint: …`, always the
same for the same answer. No answer can raise here, hang, or stop the notebook. Hints depend on the
answer alone and not on the number of attempts, so that a cell may be run again at any time; where a
second, stronger hint is wanted, the lesson folds it into a <details> element below the exercise.
"""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

import numpy as np

from course_utils.checks import compare, verdicts


def check_number(
    exercise: str,
    answer,
    expected,
    *,
    rtol: float | None = None,
    atol: float = 1e-8,
    hints: verdicts.Mistakes = (),
    hint: str = "",
    why: str = "",
) -> None:
    """Check one number: a Python or NumPy number, or an array or tensor with one element.

    exercise: lesson and number, such as "06.1"
    expected: the number, or a function without arguments that computes it
    rtol, atol: the answer may be off by atol + rtol * |expected|; by default rtol is 0 for an
        integer; any other number may be off by 1e-3 or be rounded to three significant digits
    hints: known mistakes, {wrong number: sentence} or pairs of them; instead of a wrong number also
        a function that recognizes one, such as `lambda x: x < 0`
    hint: the sentence that follows what is said of any other wrong answer
    why: the explanation that follows "correct."

    >>> check_number("06.1", 7, expected=12, hints={7: "Multiply instead of adding."})
    06.1 · hint: Multiply instead of adding.
    >>> check_number("06.1", 8, expected=12, hint="Count the pixels of each image.")
    06.1 · hint: got 8, which is not right. Count the pixels of each image.
    """

    def target(value) -> compare.Target:
        result = compare.target(value, rtol, atol, default_rtol=1e-3)
        if result.value.size != 1 or result.value.dtype.kind == "b":
            raise ValueError(f"{exercise}: {value!r} is no number; use another check for it.")
        digits = 3 if rtol is None and result.value.dtype.kind == "f" else None
        return compare.Target(result.value.reshape(()), result.rtol, result.atol, digits)

    _check_value(exercise, answer, expected, target, hints, hint, why)


def check_array(
    exercise: str,
    answer,
    expected,
    *,
    dtype=None,
    rtol: float | None = None,
    atol: float = 1e-6,
    hints: verdicts.Mistakes = (),
    hint: str = "",
    why: str = "",
) -> None:
    """Check an array, tensor or list of numbers: its shape, then its values.

    dtype: if given, the answer must have it too, such as "uint8"
    The rest is as in `check_number`, with an rtol of 1e-4 by default. In `hints` a wrong array
    takes the form of pairs, [(images / 2, "sentence")], and a function gets a NumPy array.

    >>> check_array("01.2", [[1, 2, 3]], expected=[[1], [2], [3]])
    01.2 · hint: expected an array of shape (3, 1), but got one of shape (1, 3).
    """
    _check_value(
        exercise,
        answer,
        expected,
        lambda value: compare.target(value, rtol, atol, default_rtol=1e-4),
        hints,
        hint,
        why,
        dtype,
    )


def check_function(
    exercise: str,
    answer,
    expected: Callable | Collection,
    cases: Collection,
    *,
    dtype=None,
    rtol: float | None = None,
    atol: float = 1e-6,
    hints: verdicts.Mistakes = (),
    hint: str = "",
    why: str = "",
    time_limit: float = verdicts.TIME_LIMIT,
) -> None:
    """Check a function of the learner's by calling it.

    expected: the right function, or its results (numbers or arrays), one for each case
    cases: what to call it with: tuples of arguments, or single arguments that are no tuple. Each
        call gets copies of arrays, lists and dictionaries; changing them is pointed out.
    dtype: if given, the results must have it too, such as "uint8"
    hints: known mistakes, {wrong function: sentence}: shown if the answer returns what the wrong
        function does, in all cases. The rest is as in `check_array`.
    time_limit: seconds for all calls together

    >>> check_function("03.1", lambda x: -x, expected=lambda x: x, cases=[1.0, 3.0])
    03.1 · hint: for the input 1: got -1, which has the wrong sign.
    """
    inputs = [case if isinstance(case, tuple) else (case,) for case in cases]
    if not inputs:
        raise ValueError(f"{exercise}: there are no cases to call the function with.")
    if not callable(expected) and len(expected) != len(inputs):
        raise ValueError(f"{exercise}: {len(inputs)} cases, but {len(expected)} expected results.")
    mistakes = verdicts.pairs(hints)

    def targets(results) -> list[compare.Target]:
        return [compare.target(result, rtol, atol, default_rtol=1e-4) for result in results]

    def results_of(function) -> list:
        return [function(*compare.copied(arguments)) for arguments in inputs]

    def judge(wanted: list[compare.Target]) -> str:
        if not callable(answer):
            return verdicts.hint_line(f"expected a function, but got {compare.describe(answer)}.")
        results = []
        for arguments in inputs:
            given = compare.copied(arguments)
            result = answer(*given)
            if result is ... or (result is None and compare.does_nothing(answer)):
                return verdicts.NOT_ANSWERED
            if result is None:
                return verdicts.hint_line("your function returns None; does it end with return?")
            if compare.was_changed(given, arguments):
                return verdicts.hint_line(
                    "your function changes its input; leave it and make a new value."
                )
            results.append(compare.copied(result))

        def faults(wanted: list[compare.Target]) -> list[str]:
            return [one.fault(result) for one, result in zip(wanted, results, strict=True)]

        def is_mistake(wrong: Callable) -> bool:
            return not any(faults(targets(results_of(wrong))))

        found = faults(wanted)
        if not any(found):
            return _judge_dtype(results, dtype, hint)
        for wrong, sentence in mistakes:
            if verdicts.holds(is_mistake, wrong):
                return verdicts.hint_line(sentence)
        index = next(index for index, fault in enumerate(found) if fault)
        shown = " and ".join(compare.show(argument) for argument in inputs[index])
        return verdicts.hint_line(f"for the input {shown}: {found[index]}", hint)

    right = (lambda: results_of(expected)) if callable(expected) else expected
    verdicts.report(exercise, answer, verdicts.lazily(right, targets), judge, why, time_limit)


def check_choice(
    exercise: str,
    answer,
    expected,
    *,
    options: Iterable = (),
    hints: verdicts.Mistakes = (),
    hint: str = "",
    why: str = "",
) -> None:
    """Check a choice such as "b" or True, or several where `expected` is a set such as {"a", "c"}.

    Capitals, spaces and parentheses around a text do not matter; several choices may also be one
    text, "a, c" or "ac".
    options: all that may be chosen, such as "abcd"; anything else is pointed out as no option
    hints: known mistakes, {wrong choice: sentence}

    >>> check_choice("05.1", "B", expected="b", options="abc", why="The sum is 1.")
    05.1 · correct. The sum is 1.
    """
    several = isinstance(expected, set | frozenset | list | tuple)
    wanted = _choices(expected, several)
    known = _choices(list(options), several=True)
    mistakes = [(_choices(wrong, several), sentence) for wrong, sentence in verdicts.pairs(hints)]
    if not wanted:
        raise ValueError(f"{exercise}: {expected!r} is no choice; give a text, a number or a set.")
    named = wanted.union(*(wrong for wrong, _ in mistakes))
    if known and not named <= known:
        raise ValueError(f"{exercise}: {sorted(named - known)} is expected or hinted, no option.")

    def judge(wanted: frozenset[str]) -> str:
        chosen = _choices(answer, several, known)
        if not chosen or (known and not chosen <= known):
            asked = f"{'some' if several else 'one'} of {', '.join(sorted(known))}"
            asked = asked if known else "a choice, written as text"
            return verdicts.hint_line(f"expected {asked}, but got {compare.describe(answer)}.")
        if chosen == wanted:
            return verdicts.CORRECT
        for wrong, sentence in mistakes:
            if chosen == wrong:
                return verdicts.hint_line(sentence)
        if chosen < wanted:
            return verdicts.hint_line("right so far, but not complete.", hint)
        return verdicts.hint_line(f"{', '.join(sorted(chosen))} is not right.", hint)

    verdicts.report(exercise, answer, lambda: wanted, judge, why)


def _choices(value, several: bool, known: Collection[str] = ()) -> frozenset[str]:
    """The chosen texts in small letters; none if the value is no choice at all."""
    if isinstance(value, str) and several:
        value = re.split(r"[\s,;]+(?:and\s+)?", value.strip(" ()"))
        letters = [letter for item in value for letter in item.casefold()]
        if known and all(letter in known for letter in letters):  # "ac" for "a, c"
            value = letters
    is_list = isinstance(value, set | frozenset | list | tuple)
    if not (is_list and (several or len(value) == 1)):
        value = [value]
    if not all(isinstance(item, str | int) for item in value):
        return frozenset()
    return frozenset(str(item).strip(" ().:").casefold() for item in value) - {""}


def _judge_dtype(values: Iterable, dtype, hint: str) -> str:
    """The verdict on values that are right, if only their dtype is."""
    if dtype is None:
        return verdicts.CORRECT
    for found in (compare.numeric(value).dtype for value in values):
        if found != np.dtype(dtype):
            return verdicts.hint_line(
                f"the values are right, but their dtype is {found}, not {np.dtype(dtype)}.", hint
            )
    return verdicts.CORRECT


def _check_value(
    exercise: str,
    answer,
    expected,
    target: Callable[[Any], compare.Target],
    hints: verdicts.Mistakes,
    hint: str,
    why: str,
    dtype=None,
) -> None:
    """What `check_number` and `check_array` share; `target` reads a right or a wrong value."""
    mistakes = verdicts.pairs(hints)

    def is_mistake(wrong) -> bool:
        if callable(wrong):
            value = compare.numeric(answer, truth_values=False)
            return bool(wrong(value.item() if value.size == 1 else value))
        return not target(wrong).fault(answer)

    def judge(wanted: compare.Target) -> str:
        fault = wanted.fault(answer)
        if fault:
            for wrong, sentence in mistakes:
                if verdicts.holds(is_mistake, wrong):
                    return verdicts.hint_line(sentence)
            return verdicts.hint_line(fault, hint)
        return _judge_dtype([answer], dtype, hint)

    verdicts.report(exercise, answer, verdicts.lazily(expected, target), judge, why)
