"""Every known mistake of exercises 17.2 and 17.3 is told its own sentence, no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told

from course_utils.lessons.applications_and_outlook import mistakes_medicine as mistakes


def rows_one_by_one(patients, is_generated, test_patients, largest_share):
    usable = [row for row, patient in enumerate(patients) if patient not in set(test_patients)]
    chosen = [row for row in usable if not is_generated[row]]
    num_real, num_generated = len(chosen), 0
    for row in usable:
        share = (num_generated + 1) / (num_real + num_generated + 1)
        if is_generated[row] and share <= largest_share + 1e-9:
            chosen.append(row)
            num_generated += 1
    return sorted(chosen)


def sensitivity_by_trying(scores, labels, specificity):
    healthy = scores[labels == 0]
    for threshold in sorted(healthy):
        if np.mean(healthy <= threshold) >= specificity - 1e-9:
            return np.sum(scores[labels == 1] > threshold) / np.sum(labels == 1)


EXERCISES = {
    "17.2": (rows_one_by_one, mistakes.training_rows, "TRAINING_ROWS_CASES", "TRAINING_ROWS"),
    "17.3": (sensitivity_by_trying, mistakes.sensitivity, "SENSITIVITY_CASES", "SENSITIVITIES"),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, *lists = EXERCISES[name]
    cases, known = (getattr(mistakes, one) for one in lists)
    assert_each_is_told(name, right, cases, known, capsys, expected)


def test_no_sentence_is_given_twice():
    for known in (mistakes.TRAINING_ROWS, mistakes.SENSITIVITIES):
        sentences = [sentence for _, sentence in known]
        assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("case", mistakes.TRAINING_ROWS_CASES)
def test_rows_leak_no_test_patient_and_generated_ones_do_not_outweigh(case):
    patients, is_generated, test_patients, largest_share = case
    rows = mistakes.training_rows(*case)
    assert not np.isin(patients[rows], test_patients).any()
    assert is_generated[rows].mean() <= largest_share + 1e-9


@pytest.mark.parametrize("case", mistakes.SENSITIVITY_CASES)
def test_the_threshold_has_the_specificity_and_none_lower_has(case):
    scores, labels, specificity = case
    healthy = np.sort(scores[labels == 0])
    threshold = mistakes._of_healthy(*case)
    assert np.mean(healthy <= threshold) >= specificity - 1e-9
    assert np.mean(healthy < threshold) < specificity
