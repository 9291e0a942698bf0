"""Every known mistake of section 4 is told its own sentence, and no right answer is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told

from course_utils.base.backend import tf
from course_utils.checks import check_function
from course_utils.lessons.flow_matching import mistakes_samplers as mistakes
from course_utils.models import flow_solvers


def order(steps, errors):
    return np.log(errors[0] / errors[1]) / np.log(steps[1] / steps[0])


EXERCISES = {
    "15.7": (flow_solvers.heun_step, mistakes.STEP_CASES, mistakes.HEUN_STEP),
    "15.8": (order, mistakes.ERROR_CASES, mistakes.ORDER),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    assert_each_is_told(name, *EXERCISES[name], capsys)


def test_an_unknown_mistake_names_the_field_and_no_address(capsys):
    known = mistakes.HEUN_STEP
    check_function(
        "15.7",
        lambda field, x, now, then: x + 7,
        flow_solvers.heun_step,
        mistakes.STEP_CASES,
        hints=known,
    )
    assert "for the input the field t x and " in capsys.readouterr().out


@pytest.mark.parametrize("case", mistakes.STEP_CASES, ids=lambda case: case[0].name)
def test_the_fields_take_arrays_and_tensors(case):
    field, points, now, _ = case
    assert len(repr(field)) <= 30
    np.testing.assert_allclose(field(tf.constant(points), now), field(points, now))
