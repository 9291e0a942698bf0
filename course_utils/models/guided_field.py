"""What a flow's solvers follow: the network's velocity, guided towards a condition and traced once.

Conditions are rows of numbers (n, k), such as classes one-hot; a row of zeros is no condition.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.arguments import check_real
from course_utils.base.backend import tf

GUIDED_TIMES = 0.15, 0.55  # early guidance narrows what is drawn, late guidance changes little
Interval = tuple[float, float]


class GuidedField:
    """The velocity of a flow for given conditions, as `flow_solvers` takes it.

    velocity: function(points (n, *shape), times (n, 1), conditions (n, k)) -> (n, *shape)
    shape, condition_size: of one point or image, and of its condition (0: there are none)
    knows_the_end: at t = 1 the velocity is the image itself, and the network is not asked
    """

    def __init__(
        self, velocity: Callable, shape: tuple[int, ...], condition_size: int, knows_the_end: bool
    ):
        self._knows_the_end = knows_the_end
        self._has_conditions = condition_size > 0

        def call(points, time, conditions, guidance):
            return velocity(points, time * tf.ones((tf.shape(points)[0], 1)), conditions)

        def guided_call(points, time, conditions, guidance):
            twice = tf.concat([points, points], axis=0)
            told = tf.concat([conditions, tf.zeros_like(conditions)], axis=0)
            with_it, without = tf.split(self._call(twice, time, told, guidance), 2)
            return without + guidance * (with_it - without)

        number = tf.TensorSpec((), tf.float32)
        signature = [
            tf.TensorSpec((None, *shape), tf.float32),
            number,
            tf.TensorSpec((None, condition_size), tf.float32),
            number,
        ]
        # For any number of points: a call takes milliseconds. AutoGraph has nothing to convert.
        self._call = tf.function(call, input_signature=signature, autograph=False)
        self._guided_call = tf.function(guided_call, input_signature=signature, autograph=False)

    def given(self, conditions, guidance: float = 1.0, guided: Interval = GUIDED_TIMES) -> Callable:
        """function(points, time) -> velocity, for one condition each (n, k).

        guidance: u + guidance (v - u), for the velocities v with and u without the condition (Ho
            and Salimans 2022): 1 is v, more exaggerates it, 0 is u.
        guided: the times from and to which guidance is on; elsewhere the velocity is v
            (Kynkäänniemi et al. 2024).
        """
        is_guided = self.rule(guidance, guided)

        def field(points, time):
            if time == 1 and self._knows_the_end:  # x is known, and of e its mean, 0
                return points
            call = self._guided_call if is_guided(time) else self._call
            return call(points, time, conditions, guidance)

        return field

    def rule(self, guidance: float, guided: Interval) -> Callable[[float], bool]:
        """function(time): are two velocities asked for there? Checks both settings."""
        guidance = check_real("guidance", guidance, 0)
        if guidance != 1 and not self._has_conditions:
            raise ValueError(
                f"guidance is {guidance:g}, but this model was made without num_classes, so there "
                "is nothing to guide to; leave it at 1."
            )
        begin, end = check_interval(guided)
        # From `begin` on and up to `end`, which is outside, but for the end of the way.
        return lambda time: guidance != 1 and begin <= time and (time < end or end == 1)


def check_interval(guided) -> Interval:
    """The two times, or ValueError with one sentence."""
    values = np.asarray(guided, dtype=object)
    if values.shape != (2,):
        raise ValueError(f"guided is {guided!r}; give two times, such as {GUIDED_TIMES}.")
    begin, end = (check_real("guided", one, 0, 1) for one in values)
    if begin > end:
        raise ValueError(f"guided is {guided!r}; give the earlier time first.")
    return begin, end
