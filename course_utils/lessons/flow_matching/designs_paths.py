"""Training steps of flow matching, right and with known slips, and what is wrong with a learner's.

`checks.check_design` asks for exercise 15.3 of lesson 15; a small network is moved once, and no
more. What is right, the lesson derives; the course's own step is in `models.flow_matching`.
"""

import functools
from collections.abc import Callable

import numpy as np

from course_utils.base.arguments import check_name
from course_utils.base.backend import keras, tf
from course_utils.base.outcomes import as_number

RTOL = 1e-3
_COUNT, _SEEDS = 7, (0, 1)

_TARGETS = {
    "velocity": lambda points, noise: points - noise,
    "reversed": lambda points, noise: noise - points,
    "clean": lambda points, noise: points,
    "noise": lambda points, noise: noise,
}
_PLACES = {
    "between": lambda points, noise, times: times * points + (1 - times) * noise,
    "swapped": lambda points, noise, times: times * noise + (1 - times) * points,
    "added": lambda points, noise, times: points + (1 - times) * noise,
    "points": lambda points, noise, times: points,
    "noise": lambda points, noise, times: noise,
}
_TOLD = {
    "times": lambda times: times,
    "turned": lambda times: 1 - times,
    "nothing": tf.zeros_like,
}


def make_step(
    *,
    target: str = "velocity",
    place: str = "between",
    told: str = "times",
    cost: Callable = tf.square,
    reduce: Callable = tf.reduce_mean,
    sign: float = 1.0,
    is_updated: bool = True,
) -> Callable:
    """A step (network, optimizer, points, noise, times) -> loss; by default the right one: one
    update that lowers the mean of (v - (x - e))² (Lipman et al. 2023, equation 14).

    target: what the network shall say; place, told: the points and the times that it gets
    cost, reduce, sign: of the loss; is_updated: whether the optimizer is used
    """
    check_name("target", target, _TARGETS)
    check_name("place", place, _PLACES)
    check_name("told", told, _TOLD)

    def step(network, optimizer, points, noise, times):
        with tf.GradientTape() as tape:
            guess = network([_PLACES[place](points, noise, times), _TOLD[told](times)])
            loss = sign * reduce(cost(guess - _TARGETS[target](points, noise)))
        if is_updated:
            weights = network.trainable_variables
            optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return step


MISTAKES = {
    "no weight moves: hand the gradients to the optimizer.": {"is_updated": False},
    "the sign: a step lowers the loss.": {"sign": -1.0},
    "the target is turned round: from noise to data is points - noise.": {"target": "reversed"},
    "the target is the clean point; the velocity is points - noise.": {"target": "clean"},
    "the target is the noise; the velocity is points - noise.": {"target": "noise"},
    "x_t: at the time 1 the data are there, so `times` belongs to the points.": {
        "place": "swapped"
    },
    "x_t: where the noise goes out, the points come in: times * points.": {"place": "added"},
    "the network gets clean points; give it x_t, part noise.": {"place": "points"},
    "the network gets noise alone; give it x_t, part data.": {"place": "noise"},
    "the network is told 1 - times; tell it the times.": {"told": "turned"},
    "the network is not told the times.": {"told": "nothing"},
    "the square is missing from the loss.": {"cost": tf.identity},
    "that is the absolute difference; the loss has its square.": {"cost": tf.abs},
    "the loss is a sum; take the mean over all numbers.": {"reduce": tf.reduce_sum},
    "the coordinates are summed; take the mean over all numbers, coordinates too.": {
        "reduce": lambda costs: tf.reduce_mean(tf.reduce_sum(costs, axis=1))
    },
    "the factor one half is not in the formula.": {
        "reduce": lambda costs: tf.reduce_mean(costs) / 2
    },
    "the root is too much: the loss is the mean of the squares.": {
        "reduce": lambda costs: tf.sqrt(tf.reduce_mean(costs))
    },
}


def step_fault(step: Callable) -> str:
    """The fault of flow_step(network, optimizer, points, noise, times), or ""."""
    tries = [_tried(step, seed) for seed in _SEEDS]
    again = [_tried(step, seed) for seed in _SEEDS]
    changes, loss = _joined(tries)
    if not np.isfinite(changes).all():
        return "the weights are no longer finite numbers after the step."
    if not np.allclose(changes, _joined(again)[0], RTOL, 1e-5):
        return "the same call moves the weights another way each time: use the noise it gets."
    right, right_loss = _known(None)
    if np.allclose(changes, right, RTOL, 1e-5):
        if None in loss:
            return "the weights move as they should; return the loss, one number, too."
        if not np.allclose(loss, right_loss, RTOL):
            return "the weights move as they should, but what is returned is not the loss."
        return ""
    for sentence in MISTAKES:
        if np.allclose(changes, _known(sentence)[0], RTOL, 1e-5):
            return sentence
    return (
        "the weights do not move down the gradient of the mean of (network([x_t, times]) - "
        "(points - noise))²."
    )


@functools.cache
def _known(sentence: str | None) -> tuple[np.ndarray, list]:
    """What the right step does, or the one with a slip."""
    step = make_step(**MISTAKES.get(sentence, {}))
    return _joined([_tried(step, seed) for seed in _SEEDS])


def _joined(tries) -> tuple[np.ndarray, list]:
    """The changes of all tries, one behind the other, and the list of their losses."""
    return np.concatenate([changes for changes, _ in tries]), [loss for _, loss in tries]


def _tried(step: Callable, seed: int):
    """How a step changes each weight of a small network, (k,), and the loss that it returns."""
    random = np.random.default_rng(seed)
    network = _small_network()
    network.set_weights([random.normal(0, 0.5, one.shape) for one in network.get_weights()])
    points, noise = (tf.constant(random.normal(size=(_COUNT, 2)), tf.float32) for _ in range(2))
    times = tf.constant(random.uniform(0.1, 0.9, (_COUNT, 1)), tf.float32)
    before = network.get_weights()
    loss = step(network, keras.optimizers.SGD(1.0), points, noise, times)
    pairs = zip(network.get_weights(), before, strict=True)
    return np.concatenate([np.ravel(new - old) for new, old in pairs]), as_number(loss)


@functools.cache
def _small_network() -> keras.Model:
    points, times = keras.Input((2,)), keras.Input((1,))
    joined = keras.layers.Concatenate()([points, times])
    hidden = keras.layers.Dense(5, activation="tanh")(joined)
    return keras.Model([points, times], keras.layers.Dense(2)(hidden))
