"""The triage: recorded trainings as patients, tests to order, a diagnosis, and what it is worth.

Owns the controls and the verdict. Pictures and results are `triage_pictures`, the words `cases`;
nothing is trained here.
"""

import html
from collections.abc import Collection

import ipywidgets

from course_utils.lessons.gan_clinic import triage_pictures
from course_utils.lessons.gan_clinic.cases import DISEASES, HEALTHY, HEALTHY_WHY, HIDES, TESTS
from course_utils.lessons.gan_clinic.triage_pictures import Record, patient_figure
from course_utils.widgets.controls import choice, heading, note
from course_utils.widgets.live import WidePicture

__all__ = ["Triage", "patient_figure", "triage", "verdict"]

_WIDE = {"flex_flow": "row wrap", "width": "100%"}


# ---- what a diagnosis is worth -------------------------------------------------------------------


def verdict(record: Record, run: str, said: Collection[str], ordered: Collection[str]):
    """Whether a diagnosis is the whole truth, and what is to be said of it.

    said: keys of `cases.DISEASES`, or `cases.HEALTHY`; ordered: the tests that were seen

    Tests that were ordered are quoted; otherwise the text names the one that decides.
    """
    said, true = frozenset(said), triage_pictures.faults(record, run)
    if not said:
        return False, "Tick what you think this patient has, or Healthy."
    if HEALTHY in said and len(said) > 1:
        return False, "Healthy and sick at once? Tick one or the other."

    def quoted(disease: str) -> str:
        test = DISEASES[disease].test
        if test in ordered:
            return f"“{TESTS[test].name}” shows: {triage_pictures.result(record, run, test)}."
        return f"“{TESTS[test].name}” decides; order it."

    found = said - {HEALTHY}
    if found == true:
        unseen = sorted({TESTS[DISEASES[one].test].name for one in true} - _names(ordered))
        parts = ["Right:", *(DISEASES[one].why for one in _in_order(true))]
        parts += [HIDES[run]] if run in HIDES else []
        parts += [] if true else [HEALTHY_WHY]
        if unseen:
            parts.append(f"(The proof, which you have not ordered: {', '.join(unseen)}.)")
        return True, " ".join(parts)
    if not found:
        return False, f"Not healthy. {quoted(_in_order(true)[0])}"
    wrong, missing = _in_order(found - true), _in_order(true - found)
    parts = [f"{DISEASES[one].name}: right." for one in _in_order(found & true)]
    parts += [
        f"{DISEASES[one].name}: no. Then {DISEASES[one].expected}. {quoted(one)}" for one in wrong
    ]
    if not wrong:
        parts = ["Half right, one of two.", *parts, f"What else? {quoted(missing[0])}"]
    elif found & true:
        parts.insert(0, "Half right.")
    return False, " ".join(parts)


def _in_order(diseases: Collection[str]) -> list[str]:
    return [one for one in DISEASES if one in diseases]


def _names(tests: Collection[str]) -> set[str]:
    return {TESTS[one].name for one in tests}


# ---- the widget ----------------------------------------------------------------------------------


class Triage(WidePicture):
    """What `triage` returns: a patient's curves and samples, tests to order, boxes to tick.

    Controls are attributes: `patient`, the buttons `tests[key]` and `boxes[key]` by the keys of
    `cases.TESTS` and `cases.DISEASES` (and `cases.HEALTHY`), `diagnose`. What was ordered is kept
    for each patient; ticks begin anew with another one.
    """

    plain_text = "<triage>"
    failed = "Not shown."

    def __init__(self, record: Record, name: str):
        self._record = record
        self._runs = triage_pictures.patients(record)
        self._figures = {}  # by patient, drawn when it is first seen
        self.ordered = {run: [] for run in self._runs}  # tests, in the order in which they came
        self._said = None  # the diagnosis that was handed in, of the patient who is seen
        self._tests_needed = {}  # by each patient who was diagnosed
        self._make_controls()
        super().__init__(name, self._rows(), self._named(), 980)
        self._connect()

    # ---- arrangement

    def _make_controls(self) -> None:
        numbers = [(str(number), run) for number, run in enumerate(self._runs, 1)]
        self.patient = choice("Patient", numbers, self._runs[0], "44px")
        self.tests = {
            key: ipywidgets.Button(
                description=test.name, tooltip=f"Order: {test.name}", layout={"width": "142px"}
            )
            for key, test in TESTS.items()
        }
        names = {HEALTHY: HEALTHY} | {key: disease.name for key, disease in DISEASES.items()}
        self.boxes = {
            key: ipywidgets.Checkbox(description=name, indent=False, layout={"width": "272px"})
            for key, name in names.items()
        }
        self.diagnose = ipywidgets.Button(description="Diagnose", icon="stethoscope")
        self.results, self.verdict, self.count = (ipywidgets.HTML() for _ in range(3))

    def _named(self) -> dict[str, ipywidgets.Widget]:
        names = ("patient", "diagnose", "results", "verdict", "count")
        named = {name: getattr(self, name) for name in names}
        named |= {f"test-{key}": button for key, button in self.tests.items()}
        return named | {f"box-{key.lower()}": box for key, box in self.boxes.items()}

    def _rows(self) -> list[ipywidgets.Widget]:
        return [
            heading("Order a test"),
            ipywidgets.Box([*self.tests.values()], layout=_WIDE),
            self.results,
            heading("What does this patient have? (one disease, two, or none)"),
            ipywidgets.Box([*self.boxes.values()], layout=_WIDE),
            self.diagnose,
            self.verdict,
            self.count,
        ]

    def _above(self) -> list[ipywidgets.Widget]:
        return [self.patient]

    def _connect(self) -> None:
        self.patient.observe(self._see_another, "value")
        for key, button in self.tests.items():
            button.on_click(lambda _, key=key: self._order(key))
        for box in self.boxes.values():
            box.observe(self._think_again, "value")
        self.diagnose.on_click(self._hand_in)

    # ---- what is shown, all of it from the controls, `ordered` and what was handed in

    def _render(self) -> None:
        run = self.patient.value
        if run not in self._figures:
            self._figures[run] = patient_figure(self._record, self._runs.index(run) + 1)
        self._show(self._figures[run])
        ordered = self.ordered[run]
        self.results.value = self._results(run, ordered)
        for key, button in self.tests.items():
            button.icon = "check" if key in ordered else ""
        text = "" if self._said is None else verdict(self._record, run, self._said, ordered)[1]
        self.verdict.value = note(html.escape(text), "status") if text else ""
        needed = self._tests_needed
        self.count.value = (
            f"Ordered for this patient: {len(ordered)} of {len(TESTS)} tests. Diagnosed: "
            f"{len(needed)} of {len(self._runs)} patients, with {sum(needed.values())} tests."
        )

    def _results(self, run: str, ordered: list[str]) -> str:
        """The results, the newest first and announced, as HTML."""
        lines = [self._line(run, key) for key in reversed(ordered)]
        return "".join([note(lines[0], "status"), *lines[1:]]) if lines else ""

    def _line(self, run: str, key: str) -> str:
        test, words = TESTS[key], triage_pictures.result(self._record, run, key)
        pictures = triage_pictures.result_pictures(self._record, run, key)
        words = words[0].upper() + words[1:]
        row = f'<div style="display: flex; flex-wrap: wrap; gap: 12px">{"".join(pictures)}</div>'
        return (
            f'<div style="line-height: 1.4; margin: 4px 0"><b>{html.escape(test.name)}</b> '
            f"<code>{html.escape(test.code)}</code><br>{html.escape(words)}.{row * bool(pictures)}"
            "</div>"
        )

    # ---- what the controls do

    def _order(self, key: str) -> None:
        ordered = self.ordered[self.patient.value]
        if key in ordered:
            ordered.remove(key)  # to the top again
        ordered.append(key)
        self._update()

    def _see_another(self, _=None) -> None:
        self._said = None
        with self._together():
            for box in self.boxes.values():
                box.value = False

    def _think_again(self, _=None) -> None:
        """The verdict was on other ticks."""
        self._said = None
        self._update()

    def _hand_in(self, _=None) -> None:
        def act():
            run = self.patient.value
            self._said = frozenset(key for key, box in self.boxes.items() if box.value)
            if verdict(self._record, run, self._said, self.ordered[run])[0]:
                self._tests_needed.setdefault(run, len(self.ordered[run]))
            self._render()

        self._try(act)


def triage(record: Record, *, name: str = "triage") -> Triage:
    """Recorded trainings to be diagnosed: `record` is `data.load_measurements("gan_clinic")`.

    name: for the CSS classes, by which tests find the controls.
    """
    if not isinstance(record, dict) or "runs" not in record:
        raise ValueError(
            'triage needs the record of this lesson; give data.load_measurements("gan_clinic").'
        )
    return Triage(record, name)
