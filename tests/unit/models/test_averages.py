"""The running mean of a network's weights: a copy at first, then the formula, at every step."""

import numpy as np
import pytest
from small_models import copies, equal

from course_utils.base.backend import keras, tf
from course_utils.models import averages


def network():
    """A functional network with BatchNorm, whose statistics no optimizer trains."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((3,))
    normal = keras.layers.BatchNormalization()(keras.layers.Dense(4)(inputs))
    return keras.Model(inputs, keras.layers.Dense(2)(normal))


def test_a_copy_has_the_weights_is_not_trained_and_shares_nothing():
    one = network()
    average = averages.copy_of(one)
    assert equal(one.get_weights(), average.get_weights())
    assert one.trainable_weights and not average.trainable_weights
    x = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    np.testing.assert_array_equal(average(x), one(x))
    before = average.get_weights()
    one.set_weights([weight + 1 for weight in one.get_weights()])
    assert equal(average.get_weights(), before)


@pytest.mark.parametrize(("limit", "step"), [(0.9, 1), (0.9, 500), (0.0, 3), (0.999, 40)])
def test_a_step_moves_every_weight_as_the_formula_says(limit, step):
    one = network()
    average = averages.copy_of(one)
    before = average.get_weights()
    one.set_weights([weight + 2 for weight in one.get_weights()])
    now = one.get_weights()
    averages.update(average, one, limit, step)
    decay = min(limit, (1 + step) / (10 + step))
    for old, new, mean in zip(before, now, average.get_weights(), strict=True):
        np.testing.assert_allclose(mean, decay * old + (1 - decay) * new, rtol=1e-6, atol=1e-6)
    statistics = [w for w in average.weights if "moving_" in w.path]
    assert len(statistics) == 2
    assert equal(one.get_weights(), now)


def test_a_traced_step_reads_the_counter_each_time():
    one = network()
    average = averages.copy_of(one)
    one.set_weights([0 * weight + 1 for weight in one.get_weights()])
    average.set_weights([0 * weight for weight in average.get_weights()])
    count = tf.Variable(0, dtype=tf.int64)

    @tf.function
    def step():
        count.assign_add(1)
        averages.update(average, one, 0.99, count)

    left = 1.0
    for number in range(1, 6):
        step()
        left *= (1 + number) / (10 + number)
    for mean in copies(average.weights):
        np.testing.assert_allclose(mean, 1 - left, rtol=1e-5)


def test_a_decay_is_a_share_below_1():
    assert averages.check_decay(0) == 0 and averages.check_decay(np.float32(0.5)) == 0.5
    with pytest.raises(ValueError, match=r"^average_decay is 1, so the average would never move"):
        averages.check_decay(1)
    for unfit in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match=f"average_decay is {unfit:g}; give a number from 0"):
            averages.check_decay(unfit)
    with pytest.raises(TypeError, match=r"average_decay is '0\.9'; give one number"):
        averages.check_decay("0.9")
