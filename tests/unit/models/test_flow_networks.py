"""The flows' networks: what they take and give, and that time and class reach each guess."""

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.models import averages, flow_matching, flow_networks, image_sizes

KINDS = {"points": (2,), "three numbers": (3,), "gray": (10, 10, 1), "color": (16, 12, 3)}
CLASSES = 3

every_image = pytest.mark.parametrize(
    "image_shape", [(10, 10, 1), (16, 12, 3)], ids=["gray", "color"]
)


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS)
def shape(request):
    return request.param


@pytest.fixture(scope="module", params=[None, CLASSES], ids=["no classes", "classes"])
def num_classes(request):
    return request.param


def fresh(shape, num_classes=None):
    """The course's network as it begins, but for images a small one."""
    keras.utils.set_random_seed(0)
    if len(shape) == 1:
        return flow_networks.flow_network(shape, num_classes)
    return flow_networks.image_network(shape, num_classes, width=32, depth=1, filters=8)


def fill_zeros(weights):
    """Random numbers where the network begins with zeros."""
    random = np.random.default_rng(0)
    for weight in weights:
        if not weight.numpy().any():
            weight.assign(random.normal(0, 0.1, weight.shape))


@pytest.fixture(scope="module")
def network(shape, num_classes):
    network = fresh(shape, num_classes)
    fill_zeros(network.weights)
    return network


def inputs_of(network, n=5, seed=0):
    """Random points, times and, where the network takes them, classes in turn."""
    random = np.random.default_rng(seed)
    points = random.standard_normal((n, *network.inputs[0].shape[1:]), np.float32)
    times = random.uniform(size=(n, 1)).astype(np.float32)
    classes = np.eye(CLASSES, dtype=np.float32)[np.arange(n) % CLASSES]
    return [points, times, classes][: len(network.inputs)]


def guesses_of(network, inputs):
    """All that a network returns: of points one guess, of images two."""
    return [np.asarray(guess) for guess in keras.tree.flatten(network(inputs))]


def test_inputs_are_points_times_and_classes_and_guesses_are_like_the_points(
    network, shape, num_classes
):
    names = ["points", "times", "classes"][: 2 if num_classes is None else 3]
    assert [one.name for one in network.inputs] == names
    shapes = [tuple(one.shape) for one in network.inputs]
    assert shapes == [(None, *shape), (None, 1), (None, CLASSES)][: len(names)]
    count = 1 if len(shape) == 1 else 2
    assert [tuple(one.shape) for one in network.outputs] == count * [(None, *shape)]
    guesses = guesses_of(network, inputs_of(network))
    assert len(guesses) == count
    for guess in guesses:
        assert guess.shape == (5, *shape) and guess.dtype == np.float32
        assert np.isfinite(guess).all() and guess.std() > 0.01
    assert count == 1 or not np.allclose(*guesses, atol=0.01)


def test_each_input_changes_each_guess(network):
    inputs = [tf.constant(values) for values in inputs_of(network)]
    for i in range(len(network.outputs)):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            guess = keras.tree.flatten(network(inputs))[i]
            total = tf.reduce_sum(guess * tf.random.stateless_normal(guess.shape, [0, 1]))
        for gradient in tape.gradient(total, inputs):
            assert (np.abs(gradient).reshape(5, -1).max(axis=1) > 0).all()


def test_each_weight_is_trained_by_the_model_s_loss(shape, num_classes):
    """Layers that begin with zeros hold up those before them: a step each, four in all."""
    network = fresh(shape, num_classes)
    model = flow_matching.FlowMatching(shape, num_classes, network=network, seed=0)
    model.compile(run_eagerly=True)
    before = [weight.numpy() for weight in network.weights]
    points = np.random.default_rng(0).uniform(size=(36, *shape)).astype(np.float32)
    labels = None if num_classes is None else np.arange(36) % num_classes
    model.fit(points, labels, batch_size=9, verbose=0)
    assert len(network.trainable_weights) == len(before)
    for weight, old in zip(network.weights, before, strict=True):
        assert np.isfinite(weight.numpy()).all()
        assert not np.array_equal(weight.numpy(), old), weight.path


def test_a_row_s_guess_does_not_depend_on_the_others(network):
    inputs = inputs_of(network)
    alone = [guesses_of(network, [values[i : i + 1] for values in inputs]) for i in range(5)]
    for together, rows in zip(guesses_of(network, inputs), zip(*alone, strict=True), strict=True):
        np.testing.assert_allclose(together, np.concatenate(rows), atol=1e-5)


def test_a_copy_and_a_file_bring_the_same_guesses(network, tmp_path):
    inputs = inputs_of(network)
    network.save(tmp_path / "flow.keras")
    loaded = keras.models.load_model(tmp_path / "flow.keras")  # custom layers are registered
    for other in (averages.copy_of(network), loaded):
        for one, expected in zip(
            guesses_of(other, inputs), guesses_of(network, inputs), strict=True
        ):
            np.testing.assert_allclose(one, expected, atol=1e-6)


# --- images: a rough guess, and details --------------------------------------------------------


@every_image
def test_no_gradient_goes_from_the_details_to_the_rough_guess(image_shape):
    network = fresh(image_shape, CLASSES)
    fill_zeros(network.weights)

    def reached(i):
        with tf.GradientTape() as tape:
            guess = network(inputs_of(network))[i]
            total = tf.reduce_sum(guess * tf.random.stateless_normal(guess.shape, [0, 1]))
        gradients = tape.gradient(total, network.trainable_weights)
        return {k for k, gradient in enumerate(gradients) if gradient is not None}

    by_guess, by_rough = reached(0), reached(1)
    weights = network.trainable_weights
    assert by_guess | by_rough == set(range(len(weights))) and by_guess - by_rough
    # Both have their losses in what says time and class, and in nothing else.
    shared = sorted(tuple(weights[k].shape) for k in by_guess & by_rough)
    assert shared == sorted([(12, 64), (64,), (CLASSES, 64), (64, 64), (64,)])
    whole_image = int(np.prod(image_shape))
    assert whole_image in {w.shape[0] for k, w in enumerate(weights) if k in by_rough - by_guess}


@every_image
def test_the_guess_is_the_rough_one_until_details_are_learned(image_shape):
    network = fresh(image_shape, CLASSES)
    inputs = inputs_of(network)
    for guess in guesses_of(network, inputs):
        np.testing.assert_array_equal(guess, 0)
    rough_alone = keras.Model(network.inputs, network.outputs[1])
    fill_zeros(rough_alone.weights)
    guess, rough = guesses_of(network, inputs)
    assert rough.std() > 0.01
    np.testing.assert_array_equal(guess, rough)
    np.testing.assert_array_equal(rough_alone(inputs), rough)


def test_blocks_are_four_pixels_side_by_side_and_go_back_again():
    images = np.random.default_rng(0).standard_normal((2, 4, 6, 3), np.float32)
    blocks = np.asarray(flow_networks._to_blocks(images))
    assert blocks.shape == (2, 2, 3, 12)
    for row, column in np.ndindex(2, 3):
        pixels = images[:, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        np.testing.assert_array_equal(blocks[:, row, column], pixels.reshape(2, 12))
    np.testing.assert_array_equal(flow_networks._from_blocks(blocks), images)


def test_details_stay_where_they_belong():
    """A pixel changes the details near it alone: four convolutions of 3 x 3 reach four blocks."""
    network = fresh((24, 28, 1))
    fill_zeros(network.weights)
    first = inputs_of(network, 1)
    second = [first[0].copy(), first[1]]
    second[0][0, 1, 2] += 5.0  # near the corner at the top, to the left
    (guess, rough), (guess_then, rough_then) = (guesses_of(network, x) for x in (first, second))
    assert (np.abs(rough_then - rough) > 1e-6).mean() > 0.9  # the whole image at once
    silent = [weight for weight in network.weights if weight.shape[-1] == 24 * 28]
    for weight in silent:  # the rough guess's last layer, kernel and bias
        weight.assign(np.zeros(weight.shape))
    (guess, rough), (guess_then, _) = (guesses_of(network, x) for x in (first, second))
    np.testing.assert_array_equal(rough, 0)
    changed = np.abs(guess_then - guess)[0, ..., 0] > 0
    assert changed[:4, :4].any()
    assert not changed[10:].any() and not changed[:, 12:].any()


@pytest.mark.parametrize(
    "image_shape", [(10, 10, 1), (30, 30, 1), (28, 20, 2), (12, 32, 3), (64, 64, 3)]
)
def test_all_images_that_the_course_accepts_have_a_network(image_shape):
    image_sizes.check_image_shape(image_shape)
    network = flow_networks.image_network(image_shape, width=4, depth=1, filters=2)
    assert [tuple(one.shape[1:]) for one in network.outputs] == 2 * [image_shape]


def test_the_image_network_has_the_layers_that_are_asked_for():
    def shapes(**sizes):
        network = flow_networks.image_network((10, 10, 1), **sizes)
        return [tuple(weight.shape) for weight in network.weights]

    found = shapes(width=6, depth=3, filters=5)
    assert found.count((6, 12)) == found.count((12, 6)) == 3
    assert found.count((3, 3, 5, 5)) == 2 and (3, 3, 8, 5) in found and (3, 3, 5, 4) in found
    assert shapes() == shapes(width=512, depth=3, filters=24)
    network = flow_networks.flow_network((10, 10, 1))  # images get the one of images
    assert [tuple(weight.shape) for weight in network.weights] == shapes()


# --- times, classes and points -----------------------------------------------------------------


def test_no_class_is_a_row_of_zeros(shape):
    """The class enters by its vector alone, to which zeros add nothing."""
    network = fresh(shape, CLASSES)
    fill_zeros(network.weights)
    vectors = network.get_layer("class_vector")
    assert not vectors.use_bias
    points, times, classes = inputs_of(network)
    told, untold = (guesses_of(network, [points, times, c]) for c in (classes, 0 * classes))
    vectors.set_weights([np.zeros_like(vectors.kernel)])
    without = guesses_of(network, [points, times, classes])
    for one, other, third in zip(told, untold, without, strict=True):
        np.testing.assert_array_equal(other, third)
        assert np.abs(one - other).max() > 1e-3


def test_time_features_are_sines_and_cosines_of_doubled_frequencies():
    times = np.linspace(0, 1, 9, dtype=np.float32)[:, np.newaxis]
    layer = flow_networks.TimeFeatures()
    found = np.asarray(layer(times))
    angles = np.pi * times.astype(np.float64) * [0.5, 1, 2, 4, 8, 16]
    np.testing.assert_allclose(found, np.hstack([np.sin(angles), np.cos(angles)]), atol=2e-5)
    assert layer.compute_output_shape((None, 1)) == (None, 12)
    assert keras.Sequential([keras.Input((1,)), layer]).output_shape == (None, 12)


def test_time_features_tell_all_times_apart():
    times = np.linspace(0, 1, 401, dtype=np.float32)[:, np.newaxis]
    features = np.asarray(flow_networks.TimeFeatures()(times))
    distances = np.linalg.norm(features[:, np.newaxis] - features, axis=-1)
    apart = np.abs(times - times.T)
    assert distances[apart > 0.02].min() > 1
    assert distances[(apart > 0.002) & (apart < 0.003)].min() > 0.1


def test_the_points_network_has_the_layers_that_are_asked_for():
    network = flow_networks.point_network(3, widths=(5, 7))
    assert network.output_shape == (None, 3)
    kernels = {tuple(w.shape) for w in network.weights if len(w.shape) == 2}
    assert {(3, 5), (5, 7), (7, 3), (64, 5), (64, 7)} <= kernels


@pytest.mark.parametrize(
    ("image_shape", "num_classes", "words"),
    [
        (28, None, r"image_shape is 28; give \(height, width, channels\)"),
        ((28, 28), None, r"image_shape is \(28, 28\); give"),
        ((), None, r"image_shape is \(\); give"),
        ((0,), None, "num_features is 0; give a whole number of 1 or more"),
        ((2.5,), None, "num_features is 2.5"),
        ((27, 27, 1), None, "27 x 27 pixels cannot be halved"),
        ((2,), 0, "num_classes is 0; give a whole number of 1 or more"),
        ((28, 28, 1), 2.5, "num_classes is 2.5"),
    ],
)
def test_unfit_shapes_and_classes_are_refused_in_one_sentence(image_shape, num_classes, words):
    with pytest.raises(ValueError, match=words) as raised:
        flow_networks.flow_network(image_shape, num_classes)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"width": 0}, "width is 0; give a whole number of 1 or more"),
        ({"depth": 1.5}, "depth is 1.5; give a whole number"),
        ({"filters": -8}, "filters is -8; give a whole number"),
    ],
)
def test_unfit_sizes_of_layers_are_refused(sizes, words):
    with pytest.raises(ValueError, match=words):
        flow_networks.image_network((10, 10, 1), **sizes)
