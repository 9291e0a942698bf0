"""The networks of a RowRNN: their shapes, what they see of a row, and refusals."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.models import row_networks

ROW, UNITS, CLASSES = 6, 5, 2


def random_weights(network, seed=0):
    """No weight is zero, so that what is not seen is not seen for a reason."""
    random = np.random.default_rng(seed)
    network.set_weights([random.normal(0, 0.5, weight.shape) for weight in network.get_weights()])
    return network


def numbers(*shape):
    return tf.constant(np.random.default_rng(1).uniform(-1, 1, shape), tf.float32)


WIDTH, COUNT = 4, 3
MEMORY, ABOVE = numbers(COUNT, UNITS), numbers(COUNT, ROW, row_networks.ROWS_SEEN)


@pytest.fixture(scope="module")
def writer():
    return random_weights(row_networks.row_writer(ROW, (0.0, 0.0), WIDTH, depth=3))


@pytest.fixture(scope="module")
def context():
    return random_weights(row_networks.row_context(ROW, UNITS, width=WIDTH))


def gradients(network, inputs, wanted):
    """d outputs[:, i] / d wanted, summed over the batch, for each position i."""
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(wanted)
        outputs = network(inputs)
        parts = [tf.reduce_sum(outputs[:, i] ** 2) for i in range(ROW)]
    zero = tf.UnconnectedGradients.ZERO
    return [np.asarray(tape.gradient(part, wanted, unconnected_gradients=zero)) for part in parts]


def test_they_have_the_shapes_they_promise(writer, context):
    reader = row_networks.row_reader(ROW, UNITS, CLASSES)
    assert reader(tf.zeros((COUNT, 4, ROW + CLASSES))).shape == (COUNT, 4, UNITS)
    assert reader.units == UNITS
    assert context([MEMORY, ABOVE]).shape == (COUNT, ROW, WIDTH)
    conditional = row_networks.row_context(ROW, UNITS, CLASSES, width=2)
    assert conditional([numbers(COUNT, UNITS + CLASSES), ABOVE]).shape == (COUNT, ROW, 2)
    assert writer([numbers(COUNT, ROW, WIDTH), numbers(COUNT, ROW)]).shape == (COUNT, ROW, 2)
    assert row_networks.row_writer(1, width=2, depth=1).output_shape == (None, 1, 1)


def test_an_untrained_writer_says_what_it_is_told_to():
    start = (0.5, -2.0, 0.0)
    said = row_networks.row_writer(ROW, start, WIDTH)([numbers(2, ROW, WIDTH), numbers(2, ROW)])
    np.testing.assert_array_equal(said, np.broadcast_to(np.float32(start), (2, ROW, 3)))


def test_no_position_of_a_row_sees_itself_or_what_is_to_the_right(writer):
    context, row = numbers(COUNT, ROW, WIDTH), numbers(COUNT, ROW)
    for i, gradient in enumerate(gradients(writer, [context, row], row)):
        assert (gradient[:, i:] == 0).all()
        assert (gradient[:, :i].any(axis=0)).all()


def test_every_position_sees_the_memory_and_what_is_above_on_both_sides(context):
    for of_memory in gradients(context, [MEMORY, ABOVE], MEMORY):
        assert of_memory.any(axis=0).all()
    for i, of_above in enumerate(gradients(context, [MEMORY, ABOVE], ABOVE)):
        assert of_above[:, max(i - 1, 0) : i + 2].any(axis=0).all()


def test_the_reader_reads_one_row_after_another():
    """All rows at once say what the cell says row by row; later rows have no say."""
    reader = random_weights(row_networks.row_reader(ROW, UNITS))
    rows = tf.constant(np.random.default_rng(0).uniform(-1, 1, (3, 4, ROW)), tf.float32)
    whole, memory = reader(rows), tf.zeros((3, UNITS))
    for i in range(4):
        memory, _ = reader.cell(rows[:, i], [memory])
        np.testing.assert_allclose(whole[:, i], memory, atol=1e-5)
        np.testing.assert_allclose(reader(rows[:, : i + 1])[:, -1], memory, atol=1e-5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: row_networks.row_reader(0), "row_size is 0; give a whole number of 1 or more"),
        (lambda: row_networks.row_reader(ROW, 2.5), "units is 2.5"),
        (lambda: row_networks.row_context(ROW, width=True), "width is True"),
        (lambda: row_networks.row_writer(ROW, depth=-1), "depth is -1"),
    ],
)
def test_unfit_sizes_are_refused_in_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as raised:
        call()
    assert "\n" not in str(raised.value)
