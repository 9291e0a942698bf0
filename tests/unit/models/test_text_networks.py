"""The text encoder: attention against NumPy, what vectors depend on, and what becomes zeros; the
flow's network that is told a vector; and the regression that is compared with it."""

from collections import Counter

import numpy as np
import pytest
from scipy.special import softmax

from course_utils.base.backend import keras, tf
from course_utils.models import averages, flow_networks, text_networks

WORDS, DESIGNS, LENGTH, SIZE = 12, 3, 5, 7


@pytest.fixture(scope="module")
def encoder():
    keras.utils.set_random_seed(0)
    network = text_networks.text_encoder(WORDS, DESIGNS, length=LENGTH, width=6, vector_size=SIZE)
    random = np.random.default_rng(0)
    network.set_weights([random.normal(0, 0.5, w.shape) for w in network.get_weights()])
    return network


def told(encoder, rows, designs=0):
    """Vectors of rows of words, filled up with zeros, and a design."""
    numbers = np.zeros((len(rows), LENGTH), np.int32)
    for place, row in zip(numbers, rows, strict=True):
        place[: len(row)] = row
    designs = np.broadcast_to(np.reshape(designs, (-1, 1)), (len(rows), 1)).astype(np.int32)
    return np.asarray(encoder([numbers, designs]))


def test_attention_is_the_formula_over_what_is_there():
    random = np.random.default_rng(0)
    queries, keys, values = (
        random.normal(size=size).astype(np.float32) for size in [(2, 3, 4), (2, 5, 4), (2, 5, 6)]
    )
    is_there = np.array([[1, 1, 1, 1, 1], [1, 0, 1, 0, 0]], np.float32)
    found = np.asarray(text_networks.attention(queries, keys, values, is_there))
    assert found.shape == (2, 3, 6)
    for row, (rows, there) in enumerate([(found[0], [0, 1, 2, 3, 4]), (found[1], [0, 2])]):
        weights = softmax(queries[row] @ keys[row, there].T / 2, axis=-1)
        np.testing.assert_allclose(rows, weights @ values[row, there], rtol=1e-4, atol=1e-5)


def test_it_takes_words_and_designs_and_makes_vectors(encoder):
    assert [one.name for one in encoder.inputs] == ["words", "designs"]
    assert [tuple(one.shape) for one in encoder.inputs] == [(None, LENGTH), (None, 1)]
    found = told(encoder, [[1, 2], [3]], [1, 2])
    assert found.shape == (2, SIZE) and found.dtype == np.float32 and found.std() > 0.01


def test_nothing_told_is_a_vector_of_zeros(encoder):
    assert not told(encoder, [[]]).any()
    assert told(encoder, [[1]]).any() and told(encoder, [[]], 1).any()


def test_the_design_is_added_to_the_words(encoder):
    both, words, design = (
        told(encoder, [[4, 2]], 2),
        told(encoder, [[4, 2]]),
        told(encoder, [[]], 2),
    )
    np.testing.assert_allclose(both, words + design, atol=1e-5)
    assert not np.allclose(design, told(encoder, [[]], 1))


def test_the_order_of_words_is_seen(encoder):
    assert not np.allclose(told(encoder, [[1, 2, 3]]), told(encoder, [[3, 2, 1]]), atol=1e-3)


def test_filling_up_changes_nothing(encoder):
    keras.utils.set_random_seed(0)
    longer = text_networks.text_encoder(WORDS, length=LENGTH + 3, width=6, vector_size=SIZE)
    shorter = text_networks.text_encoder(WORDS, length=LENGTH, width=6, vector_size=SIZE)
    weights = longer.get_weights()
    cut = [w[:LENGTH] if w.shape == (LENGTH + 3, 6) else w for w in weights]
    shorter.set_weights(cut)
    rows = np.array([[3, 1, 2, 0, 0]], np.int32)
    filled = np.pad(rows, [(0, 0), (0, 3)])
    np.testing.assert_allclose(longer([filled]), shorter([rows]), atol=1e-6)


def test_without_designs_it_takes_words_alone():
    network = text_networks.text_encoder(WORDS, length=LENGTH, width=6, vector_size=SIZE)
    assert [one.name for one in network.inputs] == ["words"]


def test_a_copy_tells_the_same(encoder):
    copy = averages.copy_of(encoder)
    np.testing.assert_allclose(told(copy, [[1, 5]], 1), told(encoder, [[1, 5]], 1), atol=1e-6)


@pytest.mark.parametrize("name", ["num_words", "num_designs", "length", "width", "vector_size"])
def test_sizes_are_whole_numbers(name):
    sizes = {"num_words": 3, "num_designs": 2, "length": 2, "width": 2, "vector_size": 2}
    with pytest.raises(ValueError, match=f"{name} is 0; give a whole number of 1 or more"):
        text_networks.text_encoder(**{**sizes, name: 0})


# --- the flow's network that is told a vector ----------------------------------------------------


@pytest.fixture(scope="module")
def flow():
    keras.utils.set_random_seed(0)
    sizes = {"vector_size": SIZE, "width": 8, "hidden": 12, "depth": 1, "filters": 4}
    network = flow_networks.told_image_network((10, 12, 3), **sizes)
    random = np.random.default_rng(0)
    for weight in network.weights:
        if not weight.numpy().any():
            weight.assign(random.normal(0, 0.2, weight.shape))
    return network


def inputs_of_flow(n=3):
    random = np.random.default_rng(0)
    sizes = [(n, 10, 12, 3), (n, 1), (n, SIZE)]
    return [random.random(size, np.float32) for size in sizes]


def test_a_flow_is_told_a_vector_and_guesses_twice(flow):
    assert [one.name for one in flow.inputs] == ["points", "times", "vectors"]
    guess, rough = (np.asarray(one) for one in flow(inputs_of_flow()))
    assert guess.shape == rough.shape == (3, 10, 12, 3)
    assert np.isfinite(guess).all() and not np.allclose(guess, rough, atol=0.01)


@pytest.mark.parametrize("place", [0, 1, 2], ids=["points", "times", "vectors"])
def test_each_input_reaches_both_guesses(flow, place):
    given = inputs_of_flow()
    before = [np.asarray(one) for one in flow(given)]
    given[place] = given[place] / 2 + 0.1
    for one, other in zip(before, flow(given), strict=True):
        assert np.abs(one - other).max() > 1e-3


def test_no_gradient_goes_from_the_details_to_the_rough_guess(flow):
    with tf.GradientTape() as tape:
        guess, _ = flow(inputs_of_flow())
        loss = tf.reduce_mean((guess - 1) ** 2)
    found = tape.gradient(loss, flow.trainable_weights)
    reached = [
        weight.path
        for weight, one in zip(flow.trainable_weights, found, strict=True)
        if one is not None
    ]
    assert reached and not any("layer_normalization" in path for path in reached)


@pytest.mark.parametrize("name", ["vector_size", "width", "hidden", "depth", "filters"])
def test_the_flow_s_sizes_are_whole_numbers(name):
    with pytest.raises(ValueError, match=f"{name} is 0; give a whole number of 1 or more"):
        flow_networks.told_image_network((10, 12, 3), **{name: 0})


# --- regression, the flow's baseline --------------------------------------------------------------

TINY = {"width": 8, "hidden": 12, "depth": 1}
TINY_ENCODER = {"length": LENGTH, "width": 6, "vector_size": SIZE}


def regression(**sizes):
    keras.utils.set_random_seed(0)
    sizes = {**TINY, **sizes, "encoder": TINY_ENCODER}
    return text_networks.regression_network(WORDS, DESIGNS, (10, 12, 3), **sizes)


def test_the_regression_makes_pixels_of_words_and_a_design():
    network = regression()
    assert [one.name for one in network.inputs] == ["words", "designs"]
    random = np.random.default_rng(0)
    network.set_weights([random.normal(0, 0.5, one.shape) for one in network.get_weights()])
    plain, other_word, other_design = (
        told(network, [words], design) for words, design in [([1, 2], 1), ([1, 3], 1), ([1, 2], 2)]
    )
    assert plain.shape == (1, 10, 12, 3) and plain.dtype == np.float32
    assert np.abs(plain - other_word).max() > 0.01
    assert np.abs(plain - other_design).max() > 0.01


def test_the_regression_is_gray_before_it_learned_anything():
    np.testing.assert_array_equal(told(regression(), [[1, 2], []], [1, 0]), 0)


@pytest.mark.parametrize("depth", [1, 3])
def test_the_regression_has_the_layers_of_the_flow_s_rough_guess(depth):
    """But for the two that read the noisy image, and the time on it."""

    def units(network):
        return Counter(one.units for one in network.layers if isinstance(one, keras.layers.Dense))

    sizes = {"width": 9, "hidden": 13, "depth": depth}
    flow = flow_networks.told_image_network((10, 12, 3), SIZE, **sizes, filters=4)
    rough = keras.Model(flow.inputs, flow.get_layer("rough_guess").output)
    encoder = text_networks.text_encoder(WORDS, DESIGNS, **TINY_ENCODER)
    assert units(regression(**sizes)) == units(encoder) + units(rough) - Counter([9, 18])


def test_the_regression_learns_by_the_mean_square_error():
    """A picture for each pair of two words and two designs, of another gray each."""
    network = regression()
    network.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse", jit_compile=False)
    words = np.int32([[1, 0, 0, 0, 0], [2, 3, 0, 0, 0]] * 2)
    designs = np.int32([[1], [1], [2], [2]])
    images = np.float32([-0.8, 0.1, 0.4, 0.9])[:, None, None, None] * np.ones((4, 10, 12, 3), "f4")
    examples = [np.repeat(one, 150, axis=0) for one in (words, designs, images)]  # for 150 steps
    network.fit(examples[:2], examples[2], batch_size=4, verbose=0)
    found = np.asarray(network([words, designs]))
    assert np.abs(found - images).max() < 0.05


@pytest.mark.parametrize("name", ["width", "hidden", "depth"])
def test_the_regression_s_sizes_are_whole_numbers(name):
    with pytest.raises(ValueError, match=f"{name} is 0; give a whole number of 1 or more"):
        regression(**{name: 0})
