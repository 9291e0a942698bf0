"""Checks of the exercises: what a learner wrote against what was asked, in one printed line.

A check prints `06.1 · not answered yet: …`, `06.1 · correct. …` or `06.1 · hint: …`, always the
same for the same answer. No answer can raise here, hang, or stop the notebook. Hints depend on the
answer alone and not on the number of attempts, so that a cell may be run again at any time; where a
second, stronger hint is wanted, the lesson folds it into a <details> element below the exercise.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np

from course_utils import _compare, _progress, _sandbox
from course_utils._progress import progress, reset_progress

__all__ = [
    "check_array",
    "check_choice",
    "check_function",
    "check_number",
    "progress",
    "reset_progress",
]

_CORRECT = "correct."
_NOT_ANSWERED = "not answered yet: replace the ... and run both cells again"
_TIME_LIMIT = 5.0  # seconds

Mistakes = Mapping[Any, str] | Iterable[tuple[Any, str]]


def check_number(
    exercise: str,
    answer,
    expected,
    *,
    rtol: float | None = None,
    atol: float = 1e-8,
    hints: Mistakes = (),
    hint: str = "",
    why: str = "",
) -> None:
    """Check one number: a Python or NumPy number, or an array or tensor with one element.

    exercise: lesson and number, such as "06.1"
    expected: the number, or a function without arguments that computes it
    rtol, atol: the answer may be off by atol + rtol * |expected|; by default rtol is 0 for an
        integer and 1e-3, three digits, for any other number
    hints: known mistakes, {wrong number: sentence} or pairs of them; instead of a wrong number also
        a function that recognizes one, such as `lambda x: x < 0`
    hint: the sentence that follows what is said of any other wrong answer
    why: the explanation that follows "correct."

    >>> check_number("06.1", 7, expected=12, hints={7: "Multiply instead of adding."})
    06.1 · hint: Multiply instead of adding.
    >>> check_number("06.1", 8, expected=12, hint="Count the pixels of each image.")
    06.1 · hint: got 8, which is not right. Count the pixels of each image.
    """

    def target(value) -> _compare.Target:
        result = _compare.target(value, rtol, atol, default_rtol=1e-3)
        if result.value.size != 1 or result.value.dtype.kind == "b":
            raise ValueError(f"{exercise}: {value!r} is no number; use another check for it.")
        return _compare.Target(result.value.reshape(()), result.rtol, result.atol)

    _check_value(exercise, answer, expected, target, hints, hint, why)


def check_array(
    exercise: str,
    answer,
    expected,
    *,
    dtype=None,
    rtol: float | None = None,
    atol: float = 1e-6,
    hints: Mistakes = (),
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
        lambda value: _compare.target(value, rtol, atol, default_rtol=1e-4),
        hints,
        hint,
        why,
        None if dtype is None else np.dtype(dtype),
    )


def check_function(
    exercise: str,
    answer,
    expected: Callable | Collection,
    cases: Collection,
    *,
    rtol: float | None = None,
    atol: float = 1e-6,
    hints: Mistakes = (),
    hint: str = "",
    why: str = "",
    time_limit: float = _TIME_LIMIT,
) -> None:
    """Check a function of the learner's by calling it.

    expected: the right function, or its results (numbers or arrays), one for each case
    cases: what to call it with: tuples of arguments, or single arguments that are no tuple. Each
        call gets copies of arrays, lists and dictionaries; changing them is pointed out.
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
    mistakes = _pairs(hints)

    def targets(results) -> list[_compare.Target]:
        return [_compare.target(result, rtol, atol, default_rtol=1e-4) for result in results]

    def results_of(function) -> list:
        return [function(*_compare.copied(arguments)) for arguments in inputs]

    def judge(wanted: list[_compare.Target]) -> str:
        if not callable(answer):
            return _hint(f"expected a function, but got {_compare.describe(answer)}.")
        results = []
        for arguments in inputs:
            given = _compare.copied(arguments)
            result = answer(*given)
            if result is ... or (result is None and _compare.does_nothing(answer)):
                return _NOT_ANSWERED
            if result is None:
                return _hint("your function returns None; does it end with return?")
            if _compare.was_changed(given, arguments):
                return _hint("your function changes its input; leave it and make a new value.")
            results.append(_compare.copied(result))

        def faults(wanted: list[_compare.Target]) -> list[str]:
            return [one.fault(result) for one, result in zip(wanted, results, strict=True)]

        def is_mistake(wrong: Callable) -> bool:
            return not any(faults(targets(results_of(wrong))))

        found = faults(wanted)
        if not any(found):
            return _CORRECT
        for wrong, sentence in mistakes:
            if _holds(is_mistake, wrong):
                return _hint(sentence)
        index = next(index for index, fault in enumerate(found) if fault)
        shown = " and ".join(_compare.show(argument) for argument in inputs[index])
        return _hint(f"for the input {shown}: {found[index]}", hint)

    right = (lambda: results_of(expected)) if callable(expected) else expected
    _report(exercise, answer, _lazily(right, targets), judge, why, time_limit)


def check_choice(
    exercise: str,
    answer,
    expected,
    *,
    options: Iterable = (),
    hints: Mistakes = (),
    hint: str = "",
    why: str = "",
) -> None:
    """Check a choice such as "b" or True, or several where `expected` is a set such as {"a", "c"}.

    Capitals and spaces around a text do not matter; several choices may also be one text, "a, c".
    options: all that may be chosen, such as "abcd"; anything else is pointed out as no option
    hints: known mistakes, {wrong choice: sentence}

    >>> check_choice("05.1", "B", expected="b", options="abc", why="The sum is 1.")
    05.1 · correct. The sum is 1.
    """
    several = isinstance(expected, set | frozenset | list | tuple)
    wanted = _choices(expected, several)
    known = _choices(list(options), several=True)
    mistakes = [(_choices(wrong, several), sentence) for wrong, sentence in _pairs(hints)]
    if not wanted:
        raise ValueError(f"{exercise}: {expected!r} is no choice; give a text, a number or a set.")
    named = wanted.union(*(wrong for wrong, _ in mistakes))
    if known and not named <= known:
        raise ValueError(f"{exercise}: {sorted(named - known)} is expected or hinted, no option.")

    def judge(wanted: frozenset[str]) -> str:
        chosen = _choices(answer, several)
        if not chosen or (known and not chosen <= known):
            asked = f"{'some' if several else 'one'} of {', '.join(sorted(known))}"
            asked = asked if known else "a choice, written as text"
            return _hint(f"expected {asked}, but got {_compare.describe(answer)}.")
        if chosen == wanted:
            return _CORRECT
        for wrong, sentence in mistakes:
            if chosen == wrong:
                return _hint(sentence)
        if chosen < wanted:
            return _hint("right so far, but not complete.", hint)
        return _hint(f"{', '.join(sorted(chosen))} is not right.", hint)

    _report(exercise, answer, lambda: wanted, judge, why)


def _choices(value, several: bool) -> frozenset[str]:
    """The chosen texts in small letters; none if the value is no choice at all."""
    if isinstance(value, str) and several:
        value = value.split(",")
    if not (several and isinstance(value, set | frozenset | list | tuple)):
        value = [value]
    if not all(isinstance(item, str | int) for item in value):
        return frozenset()
    return frozenset(str(item).strip().casefold() for item in value) - {""}


def _check_value(
    exercise: str,
    answer,
    expected,
    target: Callable[[Any], _compare.Target],
    hints: Mistakes,
    hint: str,
    why: str,
    dtype: np.dtype | None = None,
) -> None:
    """What `check_number` and `check_array` share; `target` reads a right or a wrong value."""
    mistakes = _pairs(hints)

    def is_mistake(wrong) -> bool:
        if callable(wrong):
            value = _compare.numeric(answer, truth_values=False)
            return bool(wrong(value.item() if value.size == 1 else value))
        return not target(wrong).fault(answer)

    def judge(wanted: _compare.Target) -> str:
        fault = wanted.fault(answer)
        if fault:
            for wrong, sentence in mistakes:
                if _holds(is_mistake, wrong):
                    return _hint(sentence)
            return _hint(fault, hint)
        found = _compare.numeric(answer).dtype
        if dtype is not None and found != dtype:
            return _hint(f"the values are right, but their dtype is {found}, not {dtype}.", hint)
        return _CORRECT

    _report(exercise, answer, _lazily(expected, target), judge, why)


def _lazily(expected, convert: Callable) -> Callable[[], Any]:
    """What is expected: a value is converted now, a function is called when it is needed."""
    if callable(expected):
        return lambda: convert(expected())
    value = convert(expected)
    return lambda: value


def _pairs(hints: Mistakes) -> list[tuple[Any, str]]:
    pairs = list(hints.items() if isinstance(hints, Mapping) else hints)
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], str)):
            raise ValueError(f"A hint is {pair!r}; give pairs of a wrong answer and a sentence.")
    return pairs


def _holds(is_mistake: Callable[[Any], bool], wrong) -> bool:
    """Whether the answer is this mistake; where even the comparison fails it is another one."""
    try:
        return is_mistake(wrong)
    except Exception:
        return False


def _hint(sentence: str, more: str = "") -> str:
    return f"hint: {sentence} {more}".rstrip()


def _is_blank(answer) -> bool:
    """Whether the stub is still there, wholly or in part, as in `(28, ...)`."""
    if type(answer) in (list, tuple):
        return any(item is ... for item in answer)
    return answer is ... or answer is None


def _report(
    exercise: str,
    answer,
    wanted: Callable[[], Any],
    judge: Callable[[Any], str],
    why: str,
    time_limit: float = _TIME_LIMIT,
) -> None:
    """Print what `judge` says of the answer. Only here is anything printed or recorded."""
    if not (isinstance(exercise, str) and _progress.EXERCISE.fullmatch(exercise)):
        raise ValueError(f"The exercise is {exercise!r}; give lesson and number, such as '06.1'.")
    if _is_blank(answer):
        print(f"{exercise} · {_NOT_ANSWERED}")
        return
    try:
        value = wanted()
    except Exception as error:  # a learner may have replaced a name that the lesson needs
        verdict = _hint(
            f"this check cannot compute what it expects ({type(error).__name__}: {error}); "
            "restart the kernel, run all cells above and try again."
        )
    else:
        try:
            verdict = _sandbox.run(lambda: judge(value), time_limit, answer)
        except _sandbox.Failed as failure:
            verdict = _hint(str(failure))
    if verdict == _CORRECT:
        print(f"{exercise} · {verdict} {why}".rstrip())
        _progress.mark_solved(exercise)
    else:
        print(f"{exercise} · {verdict}")
