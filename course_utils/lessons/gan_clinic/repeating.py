"""Whether a training repeats after a learner's `start(seed)`: exercise 07.20."""

import random
from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras, tf
from course_utils.models import networks


def start_fault(start: Callable) -> str:
    """The fault of start(seed): a tiny training behind it has to repeat, another seed's to differ.

    Python's and NumPy's random numbers go on afterwards as if nothing had happened.
    """
    states = random.getstate(), np.random.get_state()
    try:
        first, again, other = ({} for _ in range(3))
        for seed, found in ((3, first), (3, again), (4, other)):
            start(seed)
            found.update(_tiny_training())
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
    for source, values in first.items():
        if not np.allclose(values, again[source], rtol=1e-4, atol=1e-5):
            return f"after the same seed {source} differ from run to run."
    for source, values in first.items():
        if source != "the losses" and np.allclose(values, other[source]):
            return f"after another seed {source} are the same: use the seed that is given."
    return ""


def _tiny_training() -> dict[str, np.ndarray]:
    """Random numbers from all that a training draws from, and the losses of five steps."""
    found = {"NumPy's random numbers": np.random.standard_normal(4)}
    network = networks.dense_generator(2, 2, (4,))
    found["Keras's initial weights"] = network.get_weights()[0]
    found["TensorFlow's random numbers"] = tf.random.normal((4,)).numpy()
    optimizer, losses = keras.optimizers.SGD(0.1), []
    for _ in range(5):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(network(tf.random.normal((8, 2)))))
        weights = network.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        losses.append(float(loss))
    return found | {"the losses": np.array(losses)}
