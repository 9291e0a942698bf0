"""Spectral normalization and the deviation of a batch, alone and in the networks that use them."""

import numpy as np
import pytest
from slopes import central_difference
from small_models import LATENTS, SHAPE, copies, equal, pixels

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import critic_layers, gan, networks, penalties

RNG = np.random.default_rng(0)
OPTIONS = [
    {"spectral_norm": True},
    {"minibatch_std": True},
    {"spectral_norm": True, "minibatch_std": True},
]


def spectral_layers(network):
    return [one for one in network.layers if isinstance(one, critic_layers.SpectralNorm)]


def iterate(network, times=300):
    """So many rounds of power iteration, as training makes them."""
    inputs = tf.zeros((1, *network.input_shape[1:]))
    call = tf.function(lambda: network(inputs, training=True))
    for _ in range(times):
        call()


def norm(kernel: np.ndarray) -> float:
    return np.linalg.svd(np.reshape(kernel, (-1, kernel.shape[-1])), compute_uv=False)[0]


def image_network(**options):
    return networks.discriminator(SHAPE, 4, **options)


def point_network(**options):
    return networks.dense_discriminator(2, (8, 6), **options)


BOTH = pytest.mark.parametrize("make", [image_network, point_network], ids=["images", "points"])


# --- SpectralNorm ------------------------------------------------------------------------------


@BOTH
def test_every_kernel_gets_the_spectral_norm_one(make):
    keras.utils.set_random_seed(1)
    network = make(spectral_norm=True)
    found = spectral_layers(network)
    assert len(found) == 3
    for layer in found:
        layer.layer.kernel.assign(2.5 * layer.layer.kernel)
    iterate(network)
    for layer in found:
        assert abs(norm(layer.layer.kernel.numpy()) - 1) > 0.1  # the optimizer's own kernel
        kernel = layer.normalized_kernel().numpy()
        assert norm(kernel) == pytest.approx(1.0, abs=1e-3)
        expected = layer.layer.kernel.numpy() / norm(layer.layer.kernel.numpy())
        np.testing.assert_allclose(kernel, expected, atol=1e-3)


@pytest.mark.parametrize(
    ("make", "shape", "bound"),
    [(point_network, (2,), 1.0), (image_network, SHAPE, 2.0**2)],  # 2 a convolution
    ids=["points", "images"],
)
def test_the_network_stretches_no_distance_beyond_the_product_of_its_layers(make, shape, bound):
    network = make(spectral_norm=True)
    for layer in spectral_layers(network):
        layer.layer.kernel.assign(30 * layer.layer.kernel)
    first = RNG.normal(size=(200, *shape))
    second = first + 0.1 * RNG.normal(size=first.shape)

    def steepest():
        change = np.abs(network(first) - network(second))[:, 0]
        return (change / np.linalg.norm((first - second).reshape(200, -1), axis=1)).max()

    iterate(network)
    assert 0.01 < steepest() < bound * 1.001


def test_training_moves_u_only_and_inference_nothing():
    network = point_network(spectral_norm=True)
    points = RNG.normal(size=(4, 2)).astype("float32")
    kernels = copies(network.trainable_variables)
    vectors = copies(network.non_trainable_variables)
    network(points)
    assert equal(vectors, copies(network.non_trainable_variables))
    network(points, training=True)
    assert not equal(vectors, copies(network.non_trainable_variables))
    assert equal(kernels, copies(network.trainable_variables))
    assert [one.shape for one in vectors] == [(8,), (6,), (1,)]


def test_bias_and_activation_stay_the_layer_s_own():
    inner = keras.layers.Dense(3, activation="relu", bias_initializer="ones")
    layer = critic_layers.SpectralNorm(inner)
    inputs = RNG.normal(size=(5, 4)).astype("float32")
    found = layer(inputs)
    expected = np.maximum(inputs @ layer.normalized_kernel().numpy() + 1, 0)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_gradient_flows_through_the_norm_too():
    layer = critic_layers.SpectralNorm(keras.layers.Dense(3, dtype="float64"), dtype="float64")
    inputs, weights = tf.constant(RNG.normal(size=(5, 4))), RNG.normal(size=(5, 3))
    call = tf.function(lambda: layer(inputs, training=True))
    for _ in range(300):
        call()
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(weights * layer(inputs))
    kernel = layer.layer.kernel

    def value(matrix):
        return (weights * (inputs.numpy() @ (matrix / norm(matrix)))).sum()

    found = tape.gradient(total, kernel.value).numpy()
    np.testing.assert_allclose(found, central_difference(value, kernel.numpy()), atol=1e-6)
    assert (found * kernel.numpy()).sum() == pytest.approx(0, abs=1e-8)  # W's length plays no part


def test_a_kernel_of_zeros_stays_and_learns():
    layer = critic_layers.SpectralNorm(keras.layers.Dense(3, kernel_initializer="zeros"))
    inputs = tf.ones((5, 4))
    layer(inputs)
    before = layer.u.numpy()
    with tf.GradientTape() as tape:
        outputs = layer(inputs, training=True)
        total = tf.reduce_sum(outputs)
    np.testing.assert_array_equal(outputs, 0)
    np.testing.assert_array_equal(layer.u, before)
    np.testing.assert_allclose(tape.gradient(total, layer.layer.kernel.value), 5.0)


def test_a_layer_without_a_kernel_is_refused():
    with pytest.raises(ValueError, match=r"'flat' has no kernel.*wrap one such as Dense or Conv2D"):
        critic_layers.SpectralNorm(keras.layers.Flatten(name="flat"))(tf.ones((2, 3)))


def test_spectral_norm_turns_batch_norm_off_unless_it_is_asked_for():
    def count(**options):
        kinds = [type(layer) for layer in image_network(**options).layers]
        return kinds.count(keras.layers.BatchNormalization)

    assert (count(), count(spectral_norm=True)) == (1, 0)
    assert (count(batch_norm=False), count(batch_norm=True, spectral_norm=True)) == (0, 1)


def test_the_generator_s_update_leaves_a_normalized_discriminator_alone():
    model = gan.GAN(
        generator=networks.dense_generator(2, 2, (8,)),
        discriminator=point_network(spectral_norm=True),
        seed=0,
    )
    before = copies(model.discriminator.trainable_variables)
    model.compile(discriminator_optimizer=keras.optimizers.SGD(0.0), run_eagerly=True)
    model.fit(data.toy("ring", 16), batch_size=8, verbose=0)
    assert equal(before, copies(model.discriminator.trainable_variables))


# --- MinibatchStd ------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3,), (4, 5, 3)], ids=["points", "images"])
def test_the_last_channel_is_the_mean_deviation_over_the_batch(shape):
    inputs = RNG.normal(size=(6, *shape)).astype("float32")
    found = critic_layers.MinibatchStd()(inputs).numpy()
    assert found.shape == (6, *shape[:-1], 4)
    np.testing.assert_array_equal(found[..., :3], inputs)
    np.testing.assert_allclose(found[..., 3], inputs.std(axis=0).mean(), rtol=1e-5)


@pytest.mark.parametrize("count", [1, 4])
def test_equal_images_have_no_deviation_and_a_finite_gradient(count):
    inputs = tf.repeat(tf.constant(RNG.normal(size=(1, 4, 5, 3)), tf.float32), count, axis=0)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        appended = critic_layers.MinibatchStd()(inputs)[..., 3]
    np.testing.assert_allclose(appended, 0, atol=1.1e-4)
    np.testing.assert_allclose(tape.gradient(appended, inputs), 0, atol=1e-6)


def test_a_collapsed_generator_is_told_how_to_spread():
    points = tf.constant([[0.0, 0.0], [0.1, 0.0]])
    with tf.GradientTape() as tape:
        tape.watch(points)
        deviation = critic_layers.MinibatchStd()(points)[0, 2]
    left, right = tape.gradient(deviation, points).numpy()[:, 0]
    assert left < 0 < right


@BOTH
def test_the_last_layer_sees_the_deviation(make):
    plain, told = make(), make(minibatch_std=True)
    kinds = [type(layer) for layer in told.layers]
    assert kinds.count(critic_layers.MinibatchStd) == 1
    features = [network.layers[-1].kernel.shape[0] for network in (plain, told)]
    assert features[1] - features[0] == (4 * 4 if make is image_network else 1)
    inputs = RNG.normal(size=(3, *told.input_shape[1:])).astype("float32")
    assert np.allclose(plain(inputs)[:1], plain(inputs[:1]), atol=1e-5)
    assert not np.allclose(told(inputs)[:1], told(inputs[:1]), atol=1e-3)


# --- networks with these layers ----------------------------------------------------------------


@pytest.mark.slow
@BOTH
@pytest.mark.parametrize("options", OPTIONS, ids=" and ".join)
def test_networks_train_with_and_without_a_penalty(make, options):
    keras.utils.set_random_seed(0)
    judge = make(**options, **({"batch_norm": False} if make is image_network else {}))
    images = make is image_network
    maker = networks.generator(SHAPE, LATENTS, 2) if images else networks.dense_generator(2, 2)
    model = gan.GAN(generator=maker, discriminator=judge, seed=0)
    before = copies(judge.trainable_variables)
    model.compile("wasserstein", penalty=penalties.gradient_penalty())
    real = pixels(16) if images else data.toy("ring", 16)
    history = model.fit(real, batch_size=8, validation_data=real, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    changes = zip(before, copies(judge.trainable_variables), strict=True)
    *inner, last_bias = [not np.array_equal(old, new) for old, new in changes]
    assert all(inner) and not last_bias  # the same logit more for all changes no difference


@BOTH
@pytest.mark.parametrize("options", OPTIONS, ids=" and ".join)
def test_weights_and_models_are_saved_and_loaded(make, options, tmp_path):
    network, other = make(**options), make(**options)
    iterate(network, 3)
    inputs = RNG.normal(size=(3, *network.input_shape[1:])).astype("float32")
    expected = network(inputs).numpy()
    assert not np.allclose(other(inputs), expected)
    network.save_weights(tmp_path / "d.weights.h5")
    other.load_weights(tmp_path / "d.weights.h5")
    np.testing.assert_array_equal(other(inputs), expected)
    network.save(tmp_path / "d.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "d.keras")(inputs), expected)
    copied = keras.models.clone_model(network)
    copied.set_weights(network.get_weights())
    np.testing.assert_array_equal(copied(inputs), expected)


@BOTH
def test_without_options_no_layer_is_added_or_wrapped(make):
    own = (critic_layers.SpectralNorm, critic_layers.MinibatchStd)
    assert not [layer for layer in make().layers if isinstance(layer, own)]
    for options in ({}, *OPTIONS):
        assert make(**options).layers[-1].name == "logits"
