"""Every known mistake of lesson 09 differs from the right function, and from the other mistakes."""

import numpy as np
import pytest

from course_utils.lessons.vae_step_by_step import faults, slips
from course_utils.models import vae

SHAPE = (12, 10, 3)
RANDOM = np.random.default_rng(0)
LISTS = {
    "LOG_MEAN_EXP": (
        lambda a: np.logaddexp.reduce(a) - np.log(len(a)),
        [(np.array(values),) for values in ([-1.0, 0.5, 2.0], [-1000.0, -1001.0], [-1e3, 1e3])],
    ),
    "KL_TERM": (vae.kl_from_prior, [tuple(RANDOM.normal(size=(2, 3, 4)))]),
    "NETWORKS": (faults.wanted_facts, [(SHAPE, 5)]),
    "STEP": (faults.outcome(faults.make_step()), [(3, 1)]),
}


def _differ(first, second) -> bool:
    shapes_differ = np.shape(first) != np.shape(second)
    return shapes_differ or not np.allclose(first, second, rtol=1e-3, equal_nan=True)


@pytest.mark.filterwarnings("ignore:overflow|divide by zero")
@pytest.mark.parametrize("name", LISTS)
def test_slips_differ_from_the_right_answer_and_from_each_other(name):
    right, cases = LISTS[name]
    functions = [right, *(wrong for wrong, _ in getattr(slips, name))]
    results = [[np.asarray(one(*case)) for case in cases] for one in functions]
    for index, first in enumerate(results):
        for second in results[:index]:
            assert any(map(_differ, first, second)), index


@pytest.mark.parametrize("name", LISTS)
def test_every_slip_has_a_sentence(name):
    sentences = [text for _, text in getattr(slips, name)]
    assert len(set(sentences)) == len(sentences)
    assert all(text.endswith(".") for text in sentences)
