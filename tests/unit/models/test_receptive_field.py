"""What an output of a network sees, against what is known of convolutions."""

import numpy as np
import pytest

from course_utils.base.backend import keras
from course_utils.lessons.networks_and_gradients import layers_by_hand
from course_utils.models import receptive_field


def _convolutions(*layers, channels=2, activation="relu"):
    """Images of 16 x 16 through convolutions (window, stride), with random weights."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((16, 16, 1))
    x = inputs
    for window, stride in layers:
        x = keras.layers.Conv2D(channels, window, stride, padding="same", activation=activation)(x)
    return keras.Model(inputs, x)


@pytest.mark.parametrize(
    ("layers", "position", "rows"),
    [
        ([(3, 1)], (8, 8), (7, 9)),
        ([(3, 1), (3, 1)], (8, 8), (6, 10)),
        ([(3, 1), (3, 1)], (0, 0), (0, 2)),  # cut at the border
        ([(3, 2)], (4, 4), (8, 10)),  # "same" with stride 2 pads after, so it starts at 2 * 4
        ([(1, 1)], (3, 3), (3, 3)),
    ],
)
def test_the_receptive_field_of_convolutions_is_known(layers, position, rows):
    expected = np.zeros((16, 16), bool)
    expected[rows[0] : rows[1] + 1, rows[0] : rows[1] + 1] = True
    found = receptive_field.receptive_field(_convolutions(*layers), position)
    assert found.dtype == bool
    np.testing.assert_array_equal(found, expected)


def test_the_receptive_field_has_the_side_of_the_formula():
    layers = [(3, 1), (3, 2), (2, 1)]
    found = receptive_field.receptive_field(_convolutions(*layers, channels=8), (4, 4))
    assert found.any(axis=0).sum() == layers_by_hand.receptive_field_size(layers)


def test_a_recurrent_network_sees_the_past_only():
    inputs = keras.Input((6, 3))
    network = keras.Model(inputs, keras.layers.GRU(4, return_sequences=True)(inputs))
    seen = receptive_field.receptive_field(network, (2,))
    assert seen.tolist() == [True, True, True, False, False, False]


def test_logits_have_one_position_and_may_be_probabilities():
    inputs = keras.Input((4, 4, 1))
    flat = keras.layers.Flatten()(inputs)
    network = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(flat))
    assert receptive_field.receptive_field(network, ()).all()
    unconnected = keras.Model(inputs, keras.layers.Dense(2)(keras.ops.ones_like(flat)))
    assert not receptive_field.receptive_field(unconnected, ()).any()


def test_unfit_networks_and_positions_are_refused_in_one_sentence():
    network = _convolutions((3, 1))
    for position in [(1,), (1, 2, 3), (16, 0), (-1, 0), (1.0, 2), (True, 0), 3, None, "ab"]:
        with pytest.raises(ValueError, match="give 2 whole numbers from 0 that lie in"):
            receptive_field.receptive_field(network, position)
    with pytest.raises(ValueError, match="num_inputs is 0"):
        receptive_field.receptive_field(network, (0, 0), num_inputs=0)
    with pytest.raises(TypeError, match="The network is str"):
        receptive_field.receptive_field("network", ())
    any_size = keras.Input((None, None, 1))
    network = keras.Model(any_size, keras.layers.Conv2D(1, 3)(any_size))
    with pytest.raises(ValueError, match="build it for inputs of a fixed size"):
        receptive_field.receptive_field(network, (0, 0))
    broken = _convolutions((3, 1))
    broken.set_weights([np.full_like(weight, np.nan) for weight in broken.get_weights()])
    with pytest.raises(ValueError, match="not finite"):
        receptive_field.receptive_field(broken, (0, 0))
