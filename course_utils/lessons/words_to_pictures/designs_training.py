"""Training steps of a text-to-image model, right and with known slips, and a learner's faults.

`checks.check_design` asks for exercise 16.6 of lesson 16; small networks are moved once, and no
more. The course's own step is in `models.text_to_image`.
"""

import functools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from course_utils.base.arguments import check_name
from course_utils.base.backend import keras, tf
from course_utils.base.outcomes import as_number

RTOL = 1e-3
_LENGTH, _WORDS = 3, 6
_SHAPE = (4, 4, 2)  # as many images as pixels in a row, so that a wrong `spread` fits by chance
_KEEP = np.array([[1], [0], [1], [1]])

_TARGETS = {
    "clean": lambda images, noise: images,
    "velocity": lambda images, noise: images - noise,
    "noise": lambda images, noise: noise,
}
_PLACES = {
    "between": lambda images, noise, share: share * images + (1 - share) * noise,
    "swapped": lambda images, noise, share: share * noise + (1 - share) * images,
    "added": lambda images, noise, share: images + (1 - share) * noise,
    "images": lambda images, noise, share: images,
    "noise": lambda images, noise, share: noise,
}
_TOLD = {
    "times": lambda times: times,
    "turned": lambda times: 1 - times,
    "nothing": tf.zeros_like,
}
_KEPT = {
    "kept": lambda encoder, words, keep: encoder(words * keep),
    "all": lambda encoder, words, keep: encoder(words),
    "turned": lambda encoder, words, keep: encoder(words * (1 - keep)),
    "none": lambda encoder, words, keep: encoder(tf.zeros_like(words)),
    "vectors": lambda encoder, words, keep: encoder(words) * tf.cast(keep, tf.float32),
}
_UPDATED = {
    "both": lambda encoder, flow: [encoder + flow],
    "encoder": lambda encoder, flow: [encoder],
    "flow": lambda encoder, flow: [flow],
    "one by one": lambda encoder, flow: [encoder, flow],
    "none": lambda encoder, flow: [],
}


def make_step(
    *,
    target: str = "clean",
    place: str = "between",
    told: str = "times",
    kept: str = "kept",
    weight: Callable = lambda share: 1 / (1 - share) ** 2,
    spread: tuple[int, ...] = (-1, 1, 1, 1),
    cost: Callable = tf.square,
    reduce: Callable = tf.reduce_mean,
    sign: float = 1.0,
    updated: str = "both",
) -> Callable:
    """A step (encoder, flow, optimizer, images, noise, times, words, keep) -> loss; by default the
    right one: one update that lowers the mean of ((guess - images) / (1 - t))².

    target: what the flow shall say; place, told: the points and the times that it gets
    kept: what becomes of the words; updated: the networks whose weights the optimizer gets
    weight: of the costs, at the images' share; spread: the shape of that share
    cost, reduce, sign: of the loss
    """
    check_name("target", target, _TARGETS)
    check_name("place", place, _PLACES)
    check_name("told", told, _TOLD)
    check_name("kept", kept, _KEPT)
    check_name("updated", updated, _UPDATED)

    def step(encoder, flow, optimizer, images, noise, times, words, keep):
        share = tf.reshape(times, spread)
        points = _PLACES[place](images, noise, share)
        lists = _UPDATED[updated](encoder.trainable_variables, flow.trainable_variables)
        with tf.GradientTape() as tape:
            guess = flow([points, _TOLD[told](times), _KEPT[kept](encoder, words, keep)])
            costs = cost(guess - _TARGETS[target](images, noise)) * weight(share)
            loss = sign * reduce(costs)
        for weights, gradients in zip(lists, tape.gradient(loss, lists), strict=True):
            optimizer.apply(gradients, weights)
        return loss

    return step


_CLEAN = "the flow guesses the clean images: compare with `images`"
MISTAKES = [
    (
        "no weight moves: hand the gradients to the optimizer.",
        {"updated": "none"},
    ),
    (
        "the flow's weights do not move: join both networks' lists of trainable variables.",
        {"updated": "encoder"},
    ),
    (
        "the encoder's weights do not move: call it inside the tape, and join both networks' lists "
        "of trainable variables.",
        {"updated": "flow"},
    ),
    ("the sign: a step lowers the loss.", {"sign": -1.0}),
    ("`keep` is not used: where it is 0, replace the words by zeros.", {"kept": "all"}),
    ("`keep` is turned round: 1 keeps the words, 0 replaces them.", {"kept": "turned"}),
    ("all words are replaced by zeros; keep those where `keep` is 1.", {"kept": "none"}),
    (
        "replace the words by zeros, before the encoder gets them; do not touch its vectors.",
        {"kept": "vectors"},
    ),
    (f"{_CLEAN}, not with images - noise.", {"target": "velocity"}),
    (
        f"{_CLEAN}, not with images - noise, and divide by 1 - t.",
        {"target": "velocity", "weight": tf.ones_like},
    ),
    (f"{_CLEAN}, not with the noise.", {"target": "noise"}),
    (
        f"{_CLEAN}, not with the noise, and divide by 1 - t.",
        {"target": "noise", "weight": tf.ones_like},
    ),
    (
        "1 - t is not in the loss: divide the error by it, inside the square.",
        {"weight": tf.ones_like},
    ),
    (
        "1 - t is divided by once only; it belongs inside the square.",
        {"weight": lambda share: 1 / (1 - share)},
    ),
    ("divide by 1 - t; do not multiply.", {"weight": lambda share: (1 - share) ** 2}),
    ("the loss divides by t; divide by 1 - t.", {"weight": lambda share: 1 / share**2}),
    (
        "x_t: at the time 1 the images are there, so the times belong to them, and 1 - t to the "
        "noise.",
        {"place": "swapped"},
    ),
    ("x_t: where the noise goes out, the images come in: t * images.", {"place": "added"}),
    ("the flow gets clean images; give it x_t, part noise.", {"place": "images"}),
    ("the flow gets noise alone; give it x_t, part image.", {"place": "noise"}),
    ("the flow is told 1 - times; tell it the times.", {"told": "turned"}),
    ("the flow is not told the times.", {"told": "nothing"}),
    ("the times run along the pixels: reshape them to (n, 1, 1, 1).", {"spread": (-1, 1)}),
    ("the times run down the pixels: reshape them to (n, 1, 1, 1).", {"spread": (-1, 1, 1)}),
    (
        "that is the absolute error; the loss has its square.",
        {"cost": tf.abs, "weight": lambda share: 1 / (1 - share)},
    ),
    ("the loss is a sum; take the mean over all numbers.", {"reduce": tf.reduce_sum}),
    (
        "the pixels are summed; take the mean over all numbers, pixels too.",
        {"reduce": lambda costs: tf.reduce_mean(tf.reduce_sum(costs, axis=(1, 2, 3)))},
    ),
    (
        "the factor one half is not in the formula.",
        {"reduce": lambda costs: tf.reduce_mean(costs) / 2},
    ),
    (
        "the root is too much: the loss is the mean of the squares.",
        {"reduce": lambda costs: tf.sqrt(tf.reduce_mean(costs))},
    ),
]


class _Tried(NamedTuple):
    """How a step moved the weights, (k,), what it returned, and how often it called `apply`."""

    changes: np.ndarray
    loss: float | None
    updates: int

    def moves_as(self, other: "_Tried") -> bool:
        return np.allclose(self.changes, other.changes, RTOL, 1e-5)


def step_fault(step: Callable) -> str:
    """The fault of text_step, which takes what a step of `make_step` takes, or ""."""
    found = _tried(step)
    if not np.isfinite(found.changes).all():
        return "the weights are no longer finite numbers after the step."
    if not found.moves_as(_tried(step)):
        return "the same call moves the weights another way each time: use the noise it gets."
    right = _known(None)
    if found.moves_as(right):
        if found.updates > 1:
            return (
                "the weights move as they should, but by several updates; join the lists of "
                "weights and apply the gradients once."
            )
        if found.loss is None:
            return "the weights move as they should; return the loss, one number, too."
        if not np.isclose(found.loss, right.loss, RTOL):
            return "the weights move as they should, but what is returned is not the loss."
        return ""
    for row, (sentence, _) in enumerate(MISTAKES):
        if found.moves_as(_known(row)):
            return sentence
    return (
        "the weights do not move down the gradient of the mean of ((guess - images) / (1 - t))², "
        "for guess = flow([x_t, times, encoder(words * keep)])."
    )


@functools.cache
def _known(row: int | None) -> _Tried:
    """What the right step does, or the one with a slip."""
    return _tried(make_step(**({} if row is None else MISTAKES[row][1])))


def _tried(step: Callable) -> _Tried:
    """What a step does to small networks with fixed weights."""
    random = np.random.default_rng(0)
    networks = _small_networks()
    for network in networks:
        network.set_weights([random.normal(0, 0.5, one.shape) for one in network.get_weights()])
    count = len(_KEEP)
    images, noise = (
        tf.constant(random.normal(size=(count, *_SHAPE)), tf.float32) for _ in range(2)
    )
    times = tf.constant(random.uniform(0.1, 0.8, (count, 1)), tf.float32)
    words = tf.constant(random.integers(1, _WORDS, (count, _LENGTH)), tf.int32)
    optimizer = keras.optimizers.SGD(1.0)
    weights = [one for network in networks for one in network.trainable_variables]
    optimizer.build(weights)  # so that it also takes the lists one by one
    before = [one.numpy() for one in weights]
    keep = tf.constant(_KEEP, tf.int32)
    loss = step(*networks, optimizer, images, noise, times, words, keep)
    changes = [np.ravel(one.numpy() - old) for one, old in zip(weights, before, strict=True)]
    return _Tried(np.concatenate(changes), as_number(loss), int(optimizer.iterations.numpy()))


@functools.cache
def _small_networks() -> tuple[keras.Model, keras.Model]:
    """An encoder (n, length) -> (n, 3), to which 0 is a word too, and a flow of small images."""
    # Named, so that what Keras says of a wrong call is the same wherever it is made.
    words = keras.Input((_LENGTH,), dtype="int32", name="words")
    placed = keras.layers.Flatten()(keras.layers.Embedding(_WORDS, 2)(words))
    vectors = keras.layers.Dense(3, activation="tanh")(placed)
    encoder = keras.Model(words, vectors, name="encoder")
    points, times = keras.Input(_SHAPE, name="points"), keras.Input((1,), name="times")
    told = keras.Input((3,), name="vectors")
    joined = keras.layers.Concatenate()([keras.layers.Flatten()(points), times, told])
    hidden = keras.layers.Dense(5, activation="tanh")(joined)
    guess = keras.layers.Reshape(_SHAPE)(keras.layers.Dense(math.prod(_SHAPE))(hidden))
    return encoder, keras.Model([points, times, told], guess, name="flow")
