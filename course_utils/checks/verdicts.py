"""What a check says of an answer: one printed line, and a solved exercise noted.

How answers are compared is in `compare`, what is asked in `exercises`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from course_utils.checks import sandbox, solved

CORRECT = "correct."
NOT_ANSWERED = "not answered yet: replace the ... and run both cells again"
TIME_LIMIT = 5.0  # seconds

Mistakes = Mapping[Any, str] | Iterable[tuple[Any, str]]


def lazily(expected, convert: Callable) -> Callable[[], Any]:
    """What is expected: a value is converted now, a function is called when it is needed."""
    if callable(expected):
        return lambda: convert(expected())
    value = convert(expected)
    return lambda: value


def pairs(hints: Mistakes) -> list[tuple[Any, str]]:
    pairs = list(hints.items() if isinstance(hints, Mapping) else hints)
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[1], str)):
            raise ValueError(f"A hint is {pair!r}; give pairs of a wrong answer and a sentence.")
    return pairs


def holds(is_mistake: Callable[[Any], bool], wrong) -> bool:
    """Whether the answer is this mistake; where even the comparison fails it is another one."""
    try:
        return is_mistake(wrong)
    except Exception:
        return False


def hint_line(sentence: str, more: str = "") -> str:
    return f"hint: {sentence} {more}".rstrip()


def is_blank(answer) -> bool:
    """Whether the stub is still there, wholly or in part, as in `(28, ...)`."""
    if type(answer) in (list, tuple):
        return any(item is ... for item in answer)
    return answer is ... or answer is None


def report(
    exercise: str,
    answer,
    wanted: Callable[[], Any],
    judge: Callable[[Any], str],
    why: str,
    time_limit: float = TIME_LIMIT,
) -> None:
    """Print what `judge` says of the answer. Only here is anything printed or recorded."""
    if not (isinstance(exercise, str) and solved.EXERCISE.fullmatch(exercise)):
        raise ValueError(f"The exercise is {exercise!r}; give lesson and number, such as '06.1'.")
    if is_blank(answer):
        print(f"{exercise} · {NOT_ANSWERED}")
        return
    try:
        value = wanted()
    except Exception as error:  # a learner may have replaced a name that the lesson needs
        verdict = hint_line(
            f"this check cannot compute what it expects ({type(error).__name__}: {error}); "
            "restart the kernel, run all cells above and try again."
        )
    else:
        try:
            verdict = sandbox.run(lambda: judge(value), time_limit, answer)
        except sandbox.Failed as failure:
            verdict = hint_line(str(failure))
    if verdict == CORRECT:
        print(f"{exercise} · {verdict} {why}".rstrip())
        solved.mark_solved(exercise)
    else:
        print(f"{exercise} · {verdict}")
