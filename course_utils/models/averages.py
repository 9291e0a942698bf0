"""The running mean of a network's weights over the training steps, by which models sample."""

from course_utils.base.arguments import check_real
from course_utils.base.backend import keras, tf


def copy_of(network: keras.Model) -> keras.Model:
    """A second network with the same layers and weights, which no optimizer trains."""
    average = keras.models.clone_model(network)
    average.set_weights(network.get_weights())
    average.trainable = False
    return average


def check_decay(average_decay) -> float:
    """A share from 0 to below 1."""
    average_decay = check_real("average_decay", average_decay, 0, 1)
    if average_decay == 1:
        raise ValueError(
            "average_decay is 1, so the average would never move; give a number below 1."
        )
    return average_decay


def update(average: keras.Model, network: keras.Model, average_decay: float, step) -> None:
    """average <- decay * average + (1 - decay) * network, BatchNorm statistics included.

    step: how many steps there were; early on the decay is smaller, so that the mean follows.
    """
    step = tf.cast(step, tf.float32)
    decay = tf.minimum(average_decay, (1.0 + step) / (10.0 + step))

    def move(mean, weight):
        mean.assign(decay * mean + (1.0 - decay) * weight)

    def update_all(strategy):
        for mean, weight in zip(average.weights, network.weights, strict=True):
            strategy.extended.update(mean.value, move, args=(weight.value,))

    # All replicas meet here, so that a distributed variable is written once.
    tf.distribute.get_replica_context().merge_call(update_all)
