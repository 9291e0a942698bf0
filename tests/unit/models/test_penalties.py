"""Penalties on the discriminator's slope: closed forms, finite differences, seeds, and training."""

import numpy as np
import pytest
from slopes import central_difference
from small_models import LATENTS, SHAPE, copies, equal, linear_gan, pixels

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import conditional_gan, gan, networks, penalties

RNG = np.random.default_rng(0)
BOTH = pytest.mark.parametrize(
    "make", [penalties.gradient_penalty, penalties.r1], ids=["gradient_penalty", "r1"]
)
SHAPES = pytest.mark.parametrize(
    "shape", [(2,), (7, 3), (6, 5, 2)], ids=["points", "rows", "images"]
)


def batch(shape, n=5):
    return tf.constant(RNG.normal(size=(n, *shape)))


def linear(slope):
    """D(x) = <slope, x> + 3, for images of the slope's shape."""
    return lambda images: tf.reduce_sum(slope * images, range(1, len(images.shape)))[:, None] + 3


# --- values ------------------------------------------------------------------------------------


@SHAPES
def test_the_penalties_of_a_linear_discriminator_follow_from_its_slope(shape):
    slope = RNG.normal(size=shape)
    length = np.sqrt((slope**2).sum())
    inputs = linear(slope), batch(shape), batch(shape), [1, 2]
    assert float(penalties.gradient_penalty()(*inputs)) == pytest.approx(10 * (length - 1) ** 2)
    assert float(penalties.gradient_penalty(0.5)(*inputs)) == pytest.approx(0.5 * (length - 1) ** 2)
    assert float(penalties.r1()(*inputs)) == pytest.approx(10 / 2 * length**2)
    assert float(penalties.r1(0.3)(*inputs)) == pytest.approx(0.3 / 2 * length**2)


def test_a_slope_of_one_costs_nothing_and_below_one_something():
    inputs = batch((2,)), batch((2,)), [1, 2]
    for length, expected in ((1.0, 0.0), (0.5, 2.5), (1.5, 2.5)):
        slope = length * np.array([0.6, 0.8])
        found = float(penalties.gradient_penalty()(linear(slope), *inputs))
        assert found == pytest.approx(expected, abs=1e-10)


def test_each_image_has_its_own_slope_at_its_own_place():
    real, fake, matrix = batch((3,)), batch((3,)), RNG.normal(size=(3, 3))

    def quadratic(x):  # |x M|² / 2 has the gradient x M Mᵀ
        return tf.reduce_sum((x @ matrix) ** 2, axis=1, keepdims=True) / 2

    def squares(x):
        return ((np.asarray(x) @ matrix @ matrix.T) ** 2).sum(axis=1)

    np.testing.assert_allclose(penalties.squared_slopes(quadratic, real), squares(real))
    assert float(penalties.r1(2)(quadratic, real, fake, [1, 2])) == pytest.approx(
        squares(real).mean()
    )
    mixed = penalties.mixtures(real, fake, [1, 2])
    assert float(penalties.gradient_penalty(1)(quadratic, real, fake, [1, 2])) == pytest.approx(
        ((np.sqrt(squares(mixed)) - 1) ** 2).mean()
    )


@pytest.mark.parametrize(
    ("place", "expected"), [(0, "real"), (1, "fake")], ids=["r1 sees real", "nothing else"]
)
def test_r1_looks_at_real_images_only(place, expected):
    images = [batch((2,)), batch((2,))]
    before = float(penalties.r1()(lambda x: x**2, *images, [1, 2]))
    images[place] = 2 * images[place]
    after = float(penalties.r1()(lambda x: x**2, *images, [1, 2]))
    assert after == pytest.approx(before * (4 if expected == "real" else 1))


# --- derivatives of derivatives ----------------------------------------------------------------


@BOTH
def test_the_gradient_for_the_weights_equals_central_differences(make):
    real, fake = batch((4,)), batch((4,))
    hidden, last = RNG.normal(size=(4, 6)), RNG.normal(size=(6, 1))

    def value(hidden, last):
        return make()(lambda x: tf.tanh(x @ hidden) @ last, real, fake, [1, 2])

    with tf.GradientTape() as tape:
        weights = [tf.constant(hidden), tf.constant(last)]
        tape.watch(weights)
        loss = value(*weights)
    found = tape.gradient(loss, weights)
    expected = (
        central_difference(lambda x: value(x, last), hidden),
        central_difference(lambda x: value(hidden, x), last),
    )
    for one, other in zip(found, expected, strict=True):
        assert np.abs(other).max() > 0.1
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


@BOTH
@pytest.mark.parametrize("precision", [np.float32, np.float64])
@pytest.mark.parametrize("graph", [False, True])
def test_the_gradient_is_finite_where_the_slope_is_zero(make, precision, graph):
    real, fake = (tf.cast(batch((3, 2)), precision) for _ in range(2))
    slope = tf.zeros((3, 2), precision)

    def step(slope):
        with tf.GradientTape() as tape:
            tape.watch(slope)
            loss = make(4)(linear(slope), real, fake, [1, 2])
        return loss, tape.gradient(loss, slope)

    loss, gradient = (tf.function(step) if graph else step)(slope)
    assert float(loss) == pytest.approx(4 if make is penalties.gradient_penalty else 0, abs=1e-4)
    np.testing.assert_array_equal(gradient, 0)


@BOTH
def test_a_discriminator_that_ignores_its_images_has_the_slope_zero(make):
    found = make(4)(lambda x: tf.ones((5, 1), x.dtype), batch((2,)), batch((2,)), [1, 2])
    assert float(found) == pytest.approx(4 if make is penalties.gradient_penalty else 0, abs=1e-4)


# --- mixing ------------------------------------------------------------------------------------


@SHAPES
def test_an_image_is_mixed_by_one_share_from_zero_to_one(shape):
    real, fake = batch(shape, 40), batch(shape, 40)
    seen = []

    def discriminate(images):
        seen.append(images)
        return tf.reduce_sum(images, range(1, len(images.shape)))

    penalties.gradient_penalty()(discriminate, real, fake, [1, 2])
    shares = ((seen[0] - fake) / (real - fake)).numpy().reshape(40, -1)
    np.testing.assert_allclose(shares, np.repeat(shares[:, :1], shares.shape[1], 1), atol=1e-8)
    assert shares.min() >= 0 and shares.max() <= 1
    assert len(set(shares[:, 0].round(8))) == 40
    np.testing.assert_array_equal(seen[0], penalties.mixtures(real, fake, [1, 2]))


def test_the_shares_are_uniform():
    count = 4000
    shares = penalties.mixtures(np.ones((count, 1)), np.zeros((count, 1)), [3, 4]).numpy()[:, 0]
    distance = np.abs(np.sort(shares) - (np.arange(count) + 0.5) / count).max()
    assert distance < 1.63 / np.sqrt(count)  # Kolmogorov and Smirnov, at 1 %


def test_the_seed_decides_the_mixture():
    real, fake = batch((2,)), batch((2,))
    first, again, other = (penalties.mixtures(real, fake, [1, one]).numpy() for one in (2, 2, 3))
    np.testing.assert_array_equal(first, again)
    assert not np.isclose(first, other).any()


# --- what is refused ---------------------------------------------------------------------------


def test_as_many_generated_as_real_images_are_mixed():
    with pytest.raises(ValueError, match=r"real has shape \(5, 2\), fake \(4, 2\); give one"):
        penalties.mixtures(batch((2,)), batch((2,), 4), [1, 2])


@BOTH
def test_a_negative_weight_and_one_that_is_no_number_are_refused(make):
    with pytest.raises(ValueError, match="weight is -1; give a number of 0 or more"):
        make(-1)
    with pytest.raises(TypeError, match="weight is '10'; give one number"):
        make("10")


def nested(discriminator):
    return keras.Sequential([keras.Input(SHAPE), discriminator])


@pytest.mark.parametrize("wrap", [lambda network: network, nested], ids=["plain", "nested"])
def test_gradient_penalty_refuses_batch_normalization_in_one_sentence(wrap):
    def make(batch_norm):
        judge = wrap(networks.discriminator(SHAPE, 2, batch_norm=batch_norm))
        return gan.GAN(generator=networks.generator(SHAPE, 3, 2), discriminator=judge)

    with pytest.raises(ValueError, match=r"is a batch normalization.*batch_norm=False") as raised:
        make(True).compile(penalty=penalties.gradient_penalty())
    assert "\n" not in str(raised.value)
    make(True).compile(penalty=penalties.r1())
    make(False).compile(penalty=penalties.gradient_penalty())


# --- training ----------------------------------------------------------------------------------


def train_points(penalty, seed=0, epochs=2, **arguments):
    """The discriminator's weights after some steps on the ring."""
    keras.utils.set_random_seed(0)
    model = gan.GAN(
        generator=networks.dense_generator(2, 2, (8,)),
        discriminator=networks.dense_discriminator(2, (8,)),
        seed=seed,
    )
    model.compile("wasserstein", penalty=penalty, **arguments)
    history = model.fit(data.toy("ring", 20), batch_size=8, epochs=epochs, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    return copies(model.discriminator.weights)


@pytest.mark.slow
@BOTH
def test_points_train_with_a_penalty_reproducibly(make):
    first, again = (train_points(make()) for _ in range(2))
    assert equal(first, again)
    assert not equal(first, train_points(None))


def test_the_mixing_follows_the_model_s_seed_the_step_and_its_purpose():
    seeds = []

    def penalty(discriminate, real, fake, seed):
        seeds.append(tuple(seed.numpy()))
        return 0.0

    def train(seed):
        seeds.clear()
        model = linear_gan(seed=seed)
        model.compile(penalty=penalty, run_eagerly=True, discriminator_steps=2)
        points = data.toy("ring", 16)
        model.fit(points, batch_size=8, validation_data=points[:8], verbose=0)
        return list(seeds)

    first = train(0)
    assert len(set(first)) == 5  # two repetitions in two steps, and the validation
    assert train(0) == first
    assert not {*train(1)} & {*first}


@pytest.mark.slow
@BOTH
def test_images_train_with_a_penalty(make):
    keras.utils.set_random_seed(0)
    model = gan.GAN(
        generator=networks.generator(SHAPE, LATENTS, 2),
        discriminator=networks.discriminator(SHAPE, 2, batch_norm=False),
        seed=0,
    )
    model.compile(penalty=make())
    history = model.fit(pixels(12), batch_size=8, validation_data=pixels(8), verbose=0).history
    assert np.isfinite(list(history.values())).all()


@pytest.mark.slow
def test_a_conditional_gan_trains_with_a_penalty_on_images_and_their_labels():
    model = conditional_gan.ConditionalGAN(
        generator=networks.conditional_generator(SHAPE, LATENTS, 3, width=2),
        discriminator=networks.projection_discriminator(SHAPE, 3, width=2),
        num_classes=3,
        seed=0,
    )
    model.compile(penalty=penalties.r1())
    history = model.fit(pixels(12), np.arange(12) % 3, batch_size=6, verbose=0).history
    assert np.isfinite(list(history.values())).all()


@pytest.mark.slow
def test_training_brings_the_slope_to_where_the_penalty_wants_it():
    """A linear discriminator without any other wish: slope 1 with one, slope 0 with r1."""
    for penalty, wanted in ((penalties.gradient_penalty(), 1.0), (penalties.r1(), 0.0)):
        model = linear_gan()
        model.compile(
            "wasserstein",
            optimizer=keras.optimizers.SGD(0.0),
            discriminator_optimizer=keras.optimizers.SGD(0.02),
            penalty=penalty,
        )
        points = data.toy("ring", 64)
        model.generator.set_weights([np.zeros((2, 2)), points.mean(axis=0)])  # nothing to tell
        model.fit(points, batch_size=64, epochs=100, verbose=0)
        slope = np.linalg.norm(model.discriminator.get_weights()[0])
        assert slope == pytest.approx(wanted, abs=0.02)
