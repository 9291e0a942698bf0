"""Each known slip of lesson 08's measures differs from the right answer, and from all others."""

import numpy as np
import pytest

from course_utils import metrics
from course_utils.lessons.gan_diseases import mistakes_measures


def results(function) -> np.ndarray:
    cases = mistakes_measures.EFFECTIVE_NUMBER_CASES
    return np.array([float(function(case)) for case in cases])


def test_no_slip_in_counting_kinds_is_right():
    right = results(metrics.effective_number)
    for wrong, _ in mistakes_measures.EFFECTIVE_NUMBER:
        found = results(wrong)
        assert np.isfinite(found).all() and not np.allclose(found, right, 1e-3)


@pytest.mark.parametrize(
    "pairs",
    [
        mistakes_measures.EFFECTIVE_NUMBER,
        mistakes_measures.APPENDED,
        mistakes_measures.IS_BETTER,
    ],
)
def test_sentences_end(pairs):
    assert all(sentence.endswith(".") and len(sentence) > 15 for _, sentence in pairs)
