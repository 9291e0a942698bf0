"""What lesson 11's checks say of a gate, of a row's network, and of a training step."""

import numpy as np
import pytest

from course_utils import checks
from course_utils.base.backend import keras, tf
from course_utils.lessons.recurrent_generation import designs, mistakes

layers = keras.layers


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# ---- influence -----------------------------------------------------------------------------------


def test_influence_is_the_absolute_jacobian():
    matrix = np.array([[1.0, -2.0, 0.0], [0.0, 3.0, 0.5], [4.0, 0.0, -1.0]], np.float32)
    row = np.ones((1, 3, 1), np.float32)
    np.testing.assert_array_equal(designs.influence(lambda x: matrix @ x, row), np.abs(matrix))
    squared = designs.influence(lambda x: x**2, tf.constant([[[3.0], [-1.0]]]))
    np.testing.assert_array_equal(squared, [[6, 0], [0, 2]])


def test_what_is_not_connected_has_no_influence():
    assert not designs.influence(lambda x: tf.zeros((1, 2, 1)), np.ones((1, 2, 1), "f")).any()


# ---- the gate ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gate", [lambda m: sigmoid(10 - 20 * m), lambda m: 1 - m, lambda m: list(sigmoid(9 - 30 * m))]
)
def test_a_gate_that_writes_once_and_keeps_is_right(gate):
    assert designs.gate_fault(gate) == ""


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        (lambda m: sigmoid(20 * m - 10), "the wrong way round"),
        (lambda m: sigmoid(10 + 0 * m), "hardly written"),
        (lambda m: sigmoid(3 - 20 * m), "such factors leave"),
        (lambda m: 10 - 20 * m, "forget the sigmoid"),
        (lambda m: 0.5, "as many gates"),
        (lambda m: sigmoid(8 - 11 * m), "from the first candidate"),
    ],
)
def test_a_wrong_gate_is_told_why(gate, words):
    assert words in designs.gate_fault(gate)


# ---- a row's network -----------------------------------------------------------------------------


def network(*parts):
    return lambda: keras.Sequential([keras.Input((28, 1)), *parts])


def moved(by=1):
    return [layers.ZeroPadding1D((by, 0)), layers.Cropping1D((0, by))]


def causal(size, filters=1, **options):
    return layers.Conv1D(filters, size, padding="causal", **options)


def test_causal_networks_of_several_kinds_are_right():
    for build in (
        network(*moved(), causal(5, 4, activation="relu"), causal(5)),
        network(*moved(), causal(8)),
        network(*moved(), layers.GRU(3, return_sequences=True), layers.Dense(1)),
    ):
        assert designs.row_network_fault(build, reach=8) == ""


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (network(layers.Conv1D(1, 5, padding="same")), "to its right"),
        (network(*moved(), layers.Bidirectional(layers.GRU(1, return_sequences=True)),
                 layers.Dense(1)), "to its right"),
        (network(causal(9)), "its own pixel"),
        (network(*moved(2), causal(9)), "just left of it"),
        (network(*moved(), causal(5)), "does not see all of the 8"),
        (network(layers.Conv1D(1, 5)), "the shape has to stay"),
        (lambda: "a network", "it returns a str"),
    ],
)  # fmt: skip
def test_a_network_that_sees_too_much_or_too_little_is_told_so(build, words):
    assert words in designs.row_network_fault(build, reach=8)


# ---- the training step ---------------------------------------------------------------------------


def training_step(reduce, *, sign=1.0, weights=slice(None), times=1, returns=lambda loss: loss):
    def step(model, optimizer, images):
        for _ in range(times):
            with tf.GradientTape() as tape:
                crosses = tf.nn.sigmoid_cross_entropy_with_logits(images, model(images)[..., 0])
                loss = sign * reduce(crosses)
            chosen = model.trainable_variables[weights]
            optimizer.apply(tape.gradient(loss, chosen), chosen)
        return returns(loss)

    return step


def nats(crosses):
    return tf.reduce_mean(tf.reduce_sum(crosses, axis=(1, 2, 3)))


@pytest.fixture
def said(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))

    def call(step) -> str:
        checks.check_update("11.9", step, designs.try_update, hints=mistakes.UPDATE)
        return capsys.readouterr().out

    return call


def test_the_right_step_is_right_in_several_forms(said):
    for step in (training_step(nats), training_step(nats, returns=float)):
        assert said(step) == "11.9 · correct.\n"
    assert said(tf.function(training_step(nats))) == "11.9 · correct.\n"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda model, optimizer, images: tf.reduce_sum(model(images)), "no weight moved"),
        (training_step(nats, sign=-1.0), "the sign is wrong"),
        (training_step(tf.reduce_mean), "a mean over the pixels"),
        (training_step(tf.reduce_sum), "a sum over the batch"),
        (training_step(nats, weights=slice(0, 3)), "not all of them"),
        (training_step(lambda c: 2 * nats(c)), "twice what was asked for"),
        (training_step(nats, times=2), "applied 2 times"),
        (training_step(lambda c: nats(c**2)), "not along the gradient"),
        (training_step(lambda c: nats(c) * np.float32("inf")), "no longer finite"),
        (training_step(nats, returns=lambda loss: loss + 1), "where the loss is"),
    ],
)
def test_a_wrong_step_is_told_its_fault(said, step, words):
    assert words in said(step)
