"""Every patient, test and diagnosis of the triage, and its verdicts: without a browser."""

import itertools
import re

import ipywidgets
import numpy as np
import pytest

from course_utils import data
from course_utils.lessons.gan_clinic import cases, triage, triage_pictures

DISEASES = tuple(cases.DISEASES)


@pytest.fixture(scope="module")
def record():
    return data.load_measurements("gan_clinic")


@pytest.fixture(scope="module")
def runs(record):
    return triage_pictures.patients(record)


@pytest.fixture(scope="module")
def shared(record):
    return triage.triage(record)


@pytest.fixture
def widget(shared, runs):
    """The widget as it is at first."""
    for ordered in shared.ordered.values():
        ordered.clear()
    shared._tests_needed.clear()
    shared.patient.value = runs[1]
    shared.patient.value = runs[0]
    return shared


def text(widget) -> str:
    return re.sub(r"<[^>]*>", "", widget.value)


def alts(value: str) -> list[str]:
    return re.findall(r'<img alt="([^"]*)"', value)


# ---- the cases -----------------------------------------------------------------------------------

# What each disease's deciding test has to show, in numbers; `real` is a picture, hence the ranges.
SIGNS = {
    "pixels": lambda found: found["real_high"] == 255,
    "noise": lambda found: found["real_low"] < -3,
    "unseen": lambda found: found["fake_share"] == 0,
    "negation": lambda found: found["loss_low"] > found["loss_high"] > 0,
    "sign": lambda found: found["loss_high"] < 0,
    "sigmoid": lambda found: found["lowest"] >= 0 and found["highest"] <= 1,
    "leak": lambda found: found["d_moves_g"] > 0,
    "frozen": lambda found: found["d_moves_d"] == 0,
    "modes": lambda found: found["averages_moved"] == 0,
    "batch": lambda found: found["seen"] == 64,
    "adam": lambda found: (found["rate"], found["beta_1"]) == pytest.approx((1e-3, 0.9)),
}


@pytest.mark.parametrize("disease", DISEASES)
def test_the_deciding_test_shows_a_disease_in_those_who_have_it_and_in_no_other(
    record, runs, disease
):
    seen = {run for run in runs if SIGNS[disease](triage_pictures.numbers(record, run))}
    assert seen == {run for run in runs if disease in triage_pictures.faults(record, run)} != set()


def test_what_the_loss_of_a_sigmoid_can_be(record):
    """The numbers that the explanation names."""
    bounds = [np.log1p(np.exp(-1)) + np.log(2), np.log1p(np.exp(-1)), np.log(2)]
    assert np.allclose(bounds, [1.006, 0.31, 0.69], atol=5e-3) and abs(bounds[0] - 1.006) < 5e-4
    assert all(one in cases.DISEASES["sigmoid"].why for one in ("1.006", "0.31 to 0.69"))


def test_what_is_said_of_adam_is_what_was_measured(record):
    words = cases.DISEASES["adam"].why
    for run, low, high in (("adam_defaults", 27, 39), ("healthy", 11, 15)):
        found = record[f"{run}_distance"]
        assert found.shape == (3,) and f"{low} to {high} with Adam(" in words
        assert low <= found.min() and found.max() <= high and found.max() > high - 1


def test_patients_that_are_named_by_number_are_the_right_ones(record, runs):
    assert "patient 1" in cases.HIDES["noise_unseen"] and runs[0] == "unseen"
    assert "patient 3" in cases.HIDES["sign_frozen"] and runs[2] == "sign"
    assert runs[8] == "pixels_sigmoid"  # which an exercise shows


def test_every_case_has_its_words(record, runs):
    assert set(cases.LOOKS) == set(runs)
    pairs = {run for run in runs if len(triage_pictures.faults(record, run)) == 2}
    assert set(cases.HIDES) == pairs and len(pairs) >= 3
    assert all(len(triage_pictures.faults(record, run)) <= 2 for run in runs) and len(runs) >= 8
    assert [run for run in runs if not triage_pictures.faults(record, run)] == ["healthy"]
    assert set().union(*(triage_pictures.faults(record, run) for run in runs)) == set(DISEASES)
    assert all(disease.test in cases.TESTS for disease in cases.DISEASES.values())
    sentences = [disease.why for disease in cases.DISEASES.values()]
    sentences += [cases.HEALTHY_WHY, *cases.HIDES.values()]
    assert all(re.fullmatch(r"[A-Z].{20,}\.", sentence) for sentence in sentences)
    assert all(
        re.fullmatch(r"[a-zD].{10,}[^.]", disease.expected) for disease in cases.DISEASES.values()
    )


@pytest.mark.parametrize("test", cases.TESTS)
def test_results_are_sentences_with_finite_numbers(record, runs, test):
    words = [triage_pictures.result(record, run, test) for run in runs]
    assert not any(re.search(r"[{}]|nan|inf\b|\.$", one) for one in words)
    assert len(set(words)) > 1 or test == "real"  # which shows a picture


def test_kinds_are_shares_in_percent():
    words = triage_pictures._kinds(np.array([0, 50, 5, 0, 0, 0, 945, 0, 0, 0]))
    assert words == "Shirt 94 %, Trouser 5 %; 8 kinds below 1 % each"
    assert "below" not in triage_pictures._kinds(np.full(10, 200))


# ---- verdicts ------------------------------------------------------------------------------------


def every_diagnosis():
    """Nothing, one disease, two, or healthy."""
    yield frozenset()
    yield frozenset({cases.HEALTHY})
    for count in (1, 2):
        yield from map(frozenset, itertools.combinations(DISEASES, count))


@pytest.mark.parametrize("ordered", [(), tuple(cases.TESTS)], ids=["no test", "all tests"])
def test_every_diagnosis_of_every_patient_gets_a_fair_verdict(record, runs, ordered):
    for run in runs:
        true = triage_pictures.faults(record, run)
        for said in every_diagnosis():
            is_right, words = triage.verdict(record, run, said, ordered)
            told = said - {cases.HEALTHY}
            assert is_right == (told == true and bool(said)), (run, said)
            assert words.startswith("Right") == is_right
            assert words.startswith("Half right") == bool(told & true and told != true)
            if not said or is_right:
                continue
            for wrong in told - true:
                assert f"{cases.DISEASES[wrong].name}: no. Then" in words
            for found in told & true:
                assert f"{cases.DISEASES[found].name}: right." in words
            # A result only of what was ordered, else the order; the diagnosis never unasked.
            assert ("shows: " in words) == bool(ordered) and ("order it" in words) != bool(ordered)
            for other in set(DISEASES) - told:
                assert cases.DISEASES[other].name not in words


def test_a_right_guess_is_told_where_the_proof_is(record):
    test = cases.DISEASES["leak"].test
    is_right, words = triage.verdict(record, "leak", {"leak"}, ())
    assert is_right and words.endswith("(The proof, which you have not ordered: Moved weights.)")
    assert "proof" not in triage.verdict(record, "leak", {"leak"}, (test,))[1]
    is_right, words = triage.verdict(record, "healthy", {cases.HEALTHY}, ())
    assert is_right and "proof" not in words and words.endswith(".")


def test_both_diseases_and_what_hides_what_are_explained(record):
    for run in cases.HIDES:
        words = triage.verdict(record, run, triage_pictures.faults(record, run), ())[1]
        assert cases.HIDES[run] in words
        assert all(cases.DISEASES[one].why in words for one in triage_pictures.faults(record, run))


def test_a_contradiction_and_an_empty_diagnosis_are_said(record):
    assert "Tick" in triage.verdict(record, "leak", (), ())[1]
    is_right, words = triage.verdict(record, "healthy", {cases.HEALTHY, "leak"}, ())
    assert not is_right and words.startswith("Healthy and sick")


# ---- the widget ----------------------------------------------------------------------------------


def test_every_patient_and_every_test_in_the_widget(widget, runs, record):
    for number, run in enumerate(runs, 1):
        widget.patient.value = run
        shown = alts(widget.picture.value)
        assert len(shown) == 3 and all(one.startswith(f"Patient {number}, ") for one in shown)
        assert f"Patient {number}, " in text(widget.picture) and text(widget.results) == ""
        for count, (key, button) in enumerate(widget.tests.items(), 1):
            assert button.icon == ""
            button.click()
            assert button.icon == "check" and widget.message.value == ""
            newest = widget.results.value.partition("</div></div>")[0]
            assert cases.TESTS[key].name in newest and 'role="status"' in newest
            words = triage_pictures.result(record, run, key)
            assert words[1:] in text(widget.results).replace("&#x27;", "'")
            assert f"Ordered for this patient: {count} of {len(cases.TESTS)}" in widget.count.value
        assert len(alts(widget.results.value)) == 3 and all(alts(widget.results.value))


def test_a_diagnosis_by_the_boxes(widget, runs, record):
    for number, run in enumerate(runs, 1):
        widget.patient.value = run
        widget.tests["ranges"].click()
        widget.diagnose.click()
        assert "Tick" in text(widget.verdict)
        for key in triage_pictures.faults(record, run) or {cases.HEALTHY}:
            widget.boxes[key].value = True
            assert widget.verdict.value == ""  # it was on other ticks
        widget.diagnose.click()
        assert text(widget.verdict).startswith("Right") and 'role="status"' in widget.verdict.value
        assert f"Diagnosed: {number} of 12 patients, with {number} tests" in widget.count.value
        widget.tests["kinds"].click()  # later ones do not count
        widget.diagnose.click()
        assert f"with {number} tests" in widget.count.value
    assert widget.message.value == ""


def test_another_patient_begins_without_ticks_and_keeps_what_was_ordered(widget, runs):
    widget.tests["ranges"].click()
    widget.boxes["adam"].value = True
    widget.diagnose.click()
    assert text(widget.verdict)
    widget.patient.value = runs[2]
    assert widget.verdict.value == "" and text(widget.results) == ""
    assert not any(box.value for box in widget.boxes.values())
    widget.patient.value = runs[0]
    assert "Ranges" in text(widget.results) and widget.tests["ranges"].icon == "check"
    assert "Ordered for this patient: 1 of" in widget.count.value


def test_an_empty_diagnosis_is_not_taken_to_the_next_patient(widget, runs):
    widget.diagnose.click()
    widget.patient.value = runs[3]
    assert widget.verdict.value == ""


def test_a_verdict_quotes_what_is_ordered_after_it(widget, runs):
    widget.patient.value = "healthy"
    widget.boxes["adam"].value = True
    widget.diagnose.click()
    assert "order it" in text(widget.verdict)
    widget.tests["optimizer"].click()
    assert "learning rate 0.002" in text(widget.verdict)


def test_a_test_that_is_ordered_again_comes_to_the_top(widget):
    for key in ("ranges", "seen", "ranges"):
        widget.tests[key].click()
    assert widget.ordered[widget.patient.value] == ["seen", "ranges"]
    assert text(widget.results).startswith("Ranges")


def test_an_error_is_a_sentence_in_the_widget(record, runs):
    broken = dict(record)
    widget = triage.triage(broken)
    before = widget.picture.value
    del broken[f"{runs[1]}_samples"]
    widget.patient.value = runs[1]
    assert 'role="alert"' in widget.message.value and "KeyError" in widget.message.value
    assert widget.picture.value == before
    widget.patient.value = runs[2]
    assert widget.message.value == "" and widget.picture.value != before


@pytest.mark.parametrize("wrong", [{}, None, {"steps": 1}, "gan_clinic"])
def test_what_is_no_record_gets_a_sentence(wrong):
    with pytest.raises(ValueError, match="load_measurements"):
        triage.triage(wrong)


def test_a_patient_may_be_shown_without_the_widget(record, runs):
    figure = triage.patient_figure(record, 9, ("ranges",))
    assert "Patient 9, " in figure.caption and "Ranges: real images from" in figure.caption
    assert len(alts(figure.content)) == 3
    for number in (0, len(runs) + 1):
        with pytest.raises(ValueError, match=f"patients 1 to {len(runs)}"):
            triage.patient_figure(record, number)


# ---- the page ------------------------------------------------------------------------------------


def every_widget(root):
    yield root
    for child in getattr(root, "children", ()):
        yield from every_widget(child)


def test_every_control_has_a_name_and_a_class(widget):
    shown = list(every_widget(widget))
    named = (ipywidgets.ToggleButtons, ipywidgets.Button, ipywidgets.Checkbox)
    names = [control.description for control in shown if isinstance(control, named)]
    assert len(set(names)) == len(names) and all(names)
    assert len(names) == 2 + len(cases.TESTS) + len(DISEASES) + 1
    assert not any(isinstance(one, ipywidgets.Dropdown) for one in shown)
    classes = {name for one in shown for name in getattr(one, "_dom_classes", ())}
    parts = {"picture", "message", "patient", "diagnose", "results", "verdict", "count"}
    parts |= {f"test-{key}" for key in cases.TESTS} | {f"box-{key}" for key in DISEASES}
    parts |= {"box-healthy"}
    assert classes == {"course-triage"} | {f"course-triage-{part}" for part in parts}


def test_a_page_without_a_kernel_gets_the_picture(widget):
    bundle = widget._repr_mimebundle_()
    assert bundle["text/html"] == widget.picture.value
    assert bundle["text/plain"] == "<triage>"
