"""The check of what a learner's function builds, such as a network: by what that does.

What counts for a design is asked by the lesson's room, in words; nothing here knows networks.
"""

from collections.abc import Callable

from course_utils.checks import compare, verdicts


class _Unanswered(Exception):
    """The learner's function still returns its stub."""


def check_design(
    exercise: str,
    answer,
    fault: Callable[[Callable], str],
    *,
    hint: str = "",
    why: str = "",
    time_limit: float = 60.0,
) -> None:
    """Check a function that builds something.

    fault: gets the learner's function, calls it as the exercise says, and returns a sentence that
        names the first thing that is wrong, or nothing
    hint: the sentence that follows it; why, time_limit: as in `check_function`

    >>> def fault(make):
    ...     return "" if len(make()) == 2 else "make two of them."
    >>> check_design("05.1", lambda: [1], fault)
    05.1 · hint: make two of them.
    """

    def build(*arguments):
        built = answer(*arguments)
        if verdicts.is_blank(built) and (built is not None or compare.does_nothing(answer)):
            raise _Unanswered
        return built

    def judge(_) -> str:
        if not callable(answer):
            return verdicts.hint_line(f"expected a function, but got {compare.describe(answer)}.")
        try:
            found = fault(build)
        except _Unanswered:
            return verdicts.NOT_ANSWERED
        return verdicts.hint_line(found, hint) if found else verdicts.CORRECT

    verdicts.report(exercise, answer, lambda: None, judge, why, time_limit)
