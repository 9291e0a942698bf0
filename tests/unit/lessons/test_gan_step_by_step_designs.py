"""What is said of a learner's discriminator of lesson 05, by what it tells apart."""

import pytest

from course_utils.base.backend import keras
from course_utils.lessons.gan_step_by_step import designs
from course_utils.models import networks


def judge(what):
    def build():
        point = keras.Input((2,))
        seen = what(point)
        return keras.Model(point, networks.dense_discriminator(seen.shape[1])(seen))

    return build


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (lambda point: keras.ops.norm(point, axis=1, keepdims=True), None),
        (lambda point: point, "sees its direction"),
        (lambda point: point[:, :1], "sees its direction"),
        (
            lambda point: point / keras.ops.norm(point, axis=1, keepdims=True),
            "not see the distance",
        ),
        (lambda point: 0 * point, "sees nothing"),
        (lambda point: keras.ops.norm(point, keepdims=True), "one logit for each point"),
    ],
    ids=["distance", "all", "first", "direction", "nothing", "batch"],
)
def test_what_a_judge_sees(what, words):
    for _ in range(3):  # whatever its first weights
        fault = designs.distance_judge_fault(judge(what))
        assert fault == "" if words is None else words in fault


def test_something_else_is_no_judge():
    assert "keras.Model" in designs.distance_judge_fault(lambda: keras.Input((2,)))
