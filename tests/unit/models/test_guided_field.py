"""The guided field by itself, of a velocity that is a formula: no network."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.models import flow_solvers
from course_utils.models.guided_field import GUIDED_TIMES, GuidedField, check_interval

SHAPE, SIZE = (2,), 3
GAINS = np.array([[1.0, 0.0], [0.0, 10.0], [-5.0, 2.0]], np.float32)  # of the conditions
CONDITIONS = np.array([[1, 0, 0], [0, 1, 0], [0.5, 0, 0.5], [0, 0, 0]], np.float32)
POINTS = np.array([[0.5, -1.0], [2.0, 0.0], [1.0, 1.0], [-3.0, 4.0]], np.float32)


def field(size=SIZE, knows_the_end=False, calls=None):
    """Of the velocity points + 2 time + what the conditions add; `calls` notes its rows."""

    def velocity(points, times, conditions):
        if calls is not None:
            tf.py_function(lambda rows: calls.append(int(rows)), [tf.shape(points)[0]], [])
        told = conditions @ GAINS if size else 0.0
        return points + 2 * times + told

    return GuidedField(velocity, SHAPE, size, knows_the_end)


def test_without_guidance_it_is_the_velocity_for_the_conditions():
    given = field().given(CONDITIONS)
    for time in (0.0, 0.3, 1.0):
        expected = POINTS + 2 * time + CONDITIONS @ GAINS
        np.testing.assert_allclose(given(POINTS, time), expected, atol=1e-6)
    assert given(POINTS, 0.3).dtype == tf.float32


@pytest.mark.parametrize("guidance", [0.0, 0.5, 1.0, 1, 3.0])
def test_guidance_multiplies_what_the_conditions_add(guidance):
    given = field().given(CONDITIONS, guidance, (0.2, 0.6))
    added = CONDITIONS @ GAINS
    for time, factor in ((0.0, 1), (0.19, 1), (0.2, guidance), (0.5, guidance), (0.6, 1), (1.0, 1)):
        expected = POINTS + 2 * time + factor * added
        np.testing.assert_allclose(given(POINTS, time), expected, atol=1e-5)


def test_rows_do_not_depend_on_those_beside_them():
    made, together = field(), field().given(CONDITIONS, 2.0)(POINTS, 0.3)
    for row in range(4):
        alone = made.given(CONDITIONS[row : row + 1], 2.0)(POINTS[row : row + 1], 0.3)
        np.testing.assert_allclose(together[row : row + 1], alone, atol=1e-6)
    assert made.given(CONDITIONS[:0], 2.0)(POINTS[:0], 0.3).shape == (0, 2)


def test_a_condition_of_zeros_is_no_condition():
    nothing = np.zeros_like(CONDITIONS)
    plain = field().given(nothing)(POINTS, 0.3)
    for guidance in (0.0, 3.0):
        np.testing.assert_allclose(field().given(nothing, guidance)(POINTS, 0.3), plain)
    np.testing.assert_allclose(field().given(CONDITIONS, 0.0)(POINTS, 0.3), plain)


def test_two_velocities_are_asked_for_where_guidance_is_on_alone():
    calls = []
    made = field(calls=calls)
    for guidance, guided, rows in (
        (1.0, (0, 1), [4] * 5),
        (2.0, (0, 1), [8] * 5),
        (0.0, (0, 1), [8] * 5),
        (2.0, (0.25, 0.75), [4, 8, 8, 4, 4]),
        (2.0, (0.5, 0.5), [4] * 5),
        (2.0, (0.75, 1.0), [4, 4, 4, 8, 8]),
    ):
        calls.clear()
        given, rule = made.given(CONDITIONS, guidance, guided), made.rule(guidance, guided)
        times = (0.0, 0.25, 0.5, 0.75, 1.0)
        for time in times:
            given(POINTS, time)
        assert calls == rows
        assert [8 if rule(time) else 4 for time in times] == rows


def test_the_default_is_guided_early():
    rule = field().rule(2.0, GUIDED_TIMES)
    assert all(rule(time) for time in (0.15, 0.3, 0.549))
    assert not any(rule(time) for time in (0.0, 0.149, 0.55, 1.0))
    by_default, said = (field().given(CONDITIONS, 2.0, *times) for times in ((), (GUIDED_TIMES,)))
    for time in (0.1, 0.3, 0.7):
        np.testing.assert_array_equal(by_default(POINTS, time), said(POINTS, time))


def test_a_field_that_knows_the_end_returns_the_points_there():
    calls = []
    made = field(knows_the_end=True, calls=calls)
    for guidance in (1.0, 3.0):
        given = made.given(CONDITIONS, guidance, (0, 1))
        np.testing.assert_array_equal(given(POINTS, 1.0), POINTS)
        assert calls == []
        before = POINTS + 2 * 0.99 + guidance * (CONDITIONS @ GAINS)
        np.testing.assert_allclose(given(POINTS, 0.99), before, rtol=1e-5)
        calls.clear()
    asked = field(knows_the_end=False).given(CONDITIONS)(POINTS, 1.0)
    np.testing.assert_allclose(asked, POINTS + 2 + CONDITIONS @ GAINS, atol=1e-6)


def test_without_conditions_there_is_nothing_to_guide_to():
    made, none = field(size=0), np.zeros((4, 0), np.float32)
    np.testing.assert_allclose(made.given(none)(POINTS, 0.3), POINTS + 0.6, atol=1e-6)
    for call in (lambda: made.given(none, 2.0), lambda: made.rule(0.0, (0, 1))):
        with pytest.raises(ValueError, match=r"^guidance is [20], but .*; leave it at 1\.$"):
            call()
    assert not made.rule(1.0, (0, 1))(0.5)


def test_a_solver_follows_it():
    """Of dx/dt = x + 2 t + c, where c is what guidance makes of the conditions."""
    added = 3 * CONDITIONS @ GAINS
    given = field().given(CONDITIONS, 3.0, (0, 1))
    found = flow_solvers.solve(given, tf.constant(POINTS), 200, "heun", crowding=1.3)
    exact = (POINTS + 2 + added) * np.exp(1) - 2 * 2 - added  # x(1), as x + 2 t + 2 + c grows by e
    np.testing.assert_allclose(found, exact, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize(
    ("guidance", "error"),
    [(-1, ValueError), (float("nan"), ValueError), (float("inf"), ValueError)]
    + [(unfit, TypeError) for unfit in ("2", None, True, [1, 2])],
)
def test_an_unfit_guidance_is_refused_before_any_call(guidance, error):
    for call in (field().given, lambda _, *rest: field().rule(*rest, (0, 1))):
        with pytest.raises(
            error, match=r"^guidance is .*; give (one number|a number of 0 or more)"
        ):
            call(CONDITIONS, guidance)


@pytest.mark.parametrize("guided", [(0.1, 0.9), [0, 1], np.array([0.25, 0.5]), (0.3, 0.3), (1, 1)])
def test_two_times_in_order_are_an_interval(guided):
    found = check_interval(guided)
    assert found == tuple(guided) and all(type(time) is float for time in found)


@pytest.mark.parametrize(
    ("guided", "words"),
    [
        ((0.5, 0.2), r"^guided is \(0\.5, 0\.2\); give the earlier time first\.$"),
        ((0.1,), r"^guided is \(0\.1,\); give two times, such as \(0\.15, 0\.55\)\.$"),
        ("ab", r"^guided is 'ab'; give two times, such as"),
        ((float("nan"), 1), r"^guided is nan; give a number from 0 to 1\.$"),
        ((-1, 1), r"^guided is -1; give a number from 0 to 1\.$"),
        (None, r"^guided is None; give two times, such as"),
        ({0.1, 0.5}, r"^guided is \{.*\}; give two times, such as"),
    ],
)
def test_unfit_intervals_are_refused_in_one_sentence(guided, words):
    for call in (
        lambda: check_interval(guided),
        lambda: field().given(CONDITIONS, 1.0, guided),
        lambda: field().rule(2.0, guided),
    ):
        with pytest.raises(ValueError, match=words):
            call()
