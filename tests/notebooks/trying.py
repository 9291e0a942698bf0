"""Runs in the kernel of a solved twin: hands answers to a check, and prints what it says of them.

`register` writes the cells that call it. Each answer gets a copy of the notebook's names, so that
none meets another.
"""

import contextlib
import io
import json
import types
from collections.abc import Callable

MARK = "register: "


def try_answers(exercise: str, names: list[str], check: str, answers: list[dict], scope: dict):
    """Hand a check the register's answers, and the mistakes that it knows itself.

    names: what the exercise asks for; check: the source of the check's cell; scope: the notebook's
        names, which stay as they are
    """
    for answer in answers:
        _report(exercise, answer, lambda answer=answer: _check(answer, names, check, dict(scope)))
    for judge, given, more in _calls(check, scope):
        for wrong, sentence in _known_mistakes(judge, more.get("hints") or ()):
            mistake = {"is_right": False, "label": "known mistake", "must_say": sentence}
            mistake |= {"code": "", "value": getattr(wrong, "__name__", repr(wrong))}
            _report(exercise, mistake, lambda: judge(given[0], wrong, *given[2:], **more))  # noqa: B023


def _check(answer: dict, names: list[str], check: str, scope: dict) -> None:
    exec(answer["code"], scope)
    value = eval(answer["value"], scope)
    scope.update(zip(names, value if len(names) > 1 else [value], strict=True))
    exec(check, scope)


def _calls(check: str, scope: dict) -> list[tuple[Callable, tuple, dict]]:
    """The calls of `checks.check_…` in a check's cell, which is run without calling them."""
    if "checks" not in scope:
        return []
    calls = []

    def recorder(judge):
        return lambda *given, **more: calls.append((judge, given, more))

    public = {name: getattr(scope["checks"], name) for name in dir(scope["checks"])}
    stand_ins = {
        name: recorder(one) if name.startswith("check_") else one for name, one in public.items()
    }
    exec(check, scope | {"checks": types.SimpleNamespace(**stand_ins)})
    return calls


def _known_mistakes(judge: Callable, hints) -> list[tuple]:
    """Pairs of a wrong answer and its sentence; what only recognizes wrong values is left out."""
    if judge.__name__ == "check_update":
        return []
    pairs = list(hints.items() if isinstance(hints, dict) else hints)
    return [pair for pair in pairs if callable(pair[0]) == (judge.__name__ == "check_function")]


def _report(exercise: str, answer: dict, call: Callable) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            call()
        except Exception as error:
            print(f"raised {type(error).__name__}: {error}")
    said = {**answer, "exercise": exercise, "verdict": printed.getvalue().strip()}
    print(MARK + json.dumps(said))
