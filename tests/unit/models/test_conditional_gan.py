"""The conditional GAN: labels reach every layer they should, and bad ones get a sentence."""

import numpy as np
import pytest

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import augmentation, conditional_gan, networks

SHAPE, LATENTS, CLASSES = (16, 16, 1), 6, 3


def small(seed: int = 0) -> conditional_gan.ConditionalGAN:
    keras.utils.set_random_seed(0)
    return conditional_gan.ConditionalGAN(
        CLASSES,
        generator=networks.conditional_generator(SHAPE, LATENTS, CLASSES, width=4),
        discriminator=networks.projection_discriminator(SHAPE, CLASSES, width=4),
        seed=seed,
    )


@pytest.fixture(scope="module")
def model():
    """Trained for two steps, so that no table of a class is at its initial value."""
    model = small()
    model.compile(augment=augmentation.shift_cutout)
    model.fit(*labeled(32), batch_size=16, verbose=0)
    return model


def labeled(n: int) -> tuple[np.ndarray, np.ndarray]:
    images = np.random.default_rng(0).integers(0, 256, (n, *SHAPE), dtype=np.uint8)
    return images, np.arange(n) % CLASSES


# --- the label reaches what it should ----------------------------------------------------------


def test_every_condition_of_the_generator_gets_a_gradient_from_its_own_class_only():
    generator = networks.conditional_generator(SHAPE, LATENTS, CLASSES, width=4)
    latents = tf.random.stateless_normal((5, LATENTS), [0, 0])
    with tf.GradientTape() as tape:
        images = generator([latents, tf.one_hot([1] * 5, CLASSES)], training=False)
        total = tf.reduce_sum(images * tf.random.stateless_normal(images.shape, [0, 1]))
    tables = [w for w in generator.trainable_weights if tuple(w.shape)[:-1] == (CLASSES,)]
    # Images of 16 x 16 pixels have one normalization, with a scale and a shift.
    names = {w.path.split("/")[0] for w in tables}
    assert names == {"class_vector", "at_8_gamma", "at_8_beta"}
    for table, gradient in zip(tables, tape.gradient(total, tables), strict=True):
        gradient = np.abs(np.asarray(gradient))
        assert gradient[1].max() > 0, table.path
        assert gradient[[0, 2]].max() == 0, table.path


def test_images_of_28_pixels_have_the_condition_at_both_normalizations():
    generator = networks.conditional_generator(num_classes=4, width=2)
    names = {w.path.split("/")[0] for w in generator.trainable_weights if len(w.shape) == 2}
    names = {name for name in names if not name.startswith("dense")}
    assert names == {"class_vector", "at_7_gamma", "at_7_beta", "at_14_gamma", "at_14_beta"}


def test_conditional_batch_norm_normalizes_then_scales_and_shifts_by_class():
    x_in, classes_in = keras.Input((4, 4, 2)), keras.Input((CLASSES,))
    layer = keras.Model(
        [x_in, classes_in], networks.conditional_batch_norm(x_in, classes_in, name="norm")
    )
    gamma = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float32)
    beta = -10 * gamma
    layer.get_layer("norm_gamma").set_weights([gamma])
    layer.get_layer("norm_beta").set_weights([beta])
    x = np.random.default_rng(0).normal(7, 3, (6, 4, 4, 2)).astype(np.float32)
    labels = np.array([0, 1, 2, 0, 1, 2])
    found = layer([x, np.eye(CLASSES, dtype=np.float32)[labels]], training=True).numpy()
    normal = (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + 1e-3)
    expected = gamma[labels][:, None, None] * normal + beta[labels][:, None, None]
    np.testing.assert_allclose(found, expected, atol=1e-3)
    half = layer([x, np.full((6, CLASSES), 1 / 3, np.float32)], training=True).numpy()
    np.testing.assert_allclose(half, gamma.mean(0) * normal + beta.mean(0), atol=1e-3)


def test_the_projection_is_the_formula_of_its_paper(model):
    judge = model.discriminator
    images = np.random.default_rng(1).uniform(-1, 1, (5, *SHAPE)).astype(np.float32)
    labels = np.array([0, 1, 2, 2, 1])
    classes = np.eye(CLASSES, dtype=np.float32)[labels]
    last = judge.get_layer("unconditional")
    features = keras.Model(judge.inputs, last.input)([images, classes], training=False).numpy()
    kernel, bias = last.get_weights()
    (embedding,) = judge.get_layer("embedding").get_weights()
    expected = features @ kernel + bias + (features * embedding[labels]).sum(1, keepdims=True)
    found = judge([images, classes], training=False).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_another_label_changes_the_logit_and_the_image(model):
    images = tf.random.stateless_uniform((4, *SHAPE), [0, 1], -1, 1)
    right, shuffled = (
        model.logits(images, labels, training=False) for labels in ([0, 1, 2, 0], [1, 2, 0, 1])
    )
    assert (np.abs(right - shuffled) > 1e-6).all()
    first, second = (model.sample(4, seed=0, labels=label) for label in (0, 1))
    assert (np.abs(first - second).max(axis=(1, 2, 3)) > 1e-6).all()


# --- sampling ----------------------------------------------------------------------------------


def test_labels_may_be_one_several_shares_or_left_out(model):
    latents = np.random.default_rng(0).standard_normal((4, LATENTS)).astype(np.float32)
    one = model.generate(latents, 2)
    assert one.shape == (4, *SHAPE) and one.dtype == np.float32
    assert one.min() >= 0 and one.max() <= 1
    np.testing.assert_array_equal(one, model.generate(latents, [2, 2, 2, 2]))
    np.testing.assert_array_equal(one, model.generate(latents, np.array([0.0, 0.0, 1.0])))
    np.testing.assert_array_equal(one, model.generate(latents, np.eye(3)[[2, 2, 2, 2]]))
    in_turns = model.sample(4, seed=5)
    np.testing.assert_array_equal(in_turns, model.sample(4, seed=5, labels=[0, 1, 2, 0]))
    assert model.generate(latents[:0], []).shape == (0, *SHAPE)


def test_a_model_of_one_class_is_a_model_of_latents_alone(model):
    only = model.only(2)
    assert (only.latent_size, only.image_shape) == (LATENTS, SHAPE)
    np.testing.assert_array_equal(only.sample(4, seed=1), model.sample(4, seed=1, labels=2))
    with pytest.raises(ValueError, match="contains 3, but"):
        model.only(3)


def test_many_images_are_those_of_each_alone(model):
    labels = np.arange(300) % CLASSES
    together = model.sample(300, seed=1, labels=labels)
    alone = model.sample(300, seed=1, labels=labels[299])[299]
    np.testing.assert_allclose(together[299], alone, atol=1e-5)


def test_half_of_two_classes_is_the_generator_with_their_mean_tables(model):
    latents = np.random.default_rng(0).standard_normal((2, LATENTS)).astype(np.float32)
    mixed = model.generate(latents, [0.5, 0.5, 0.0])
    clone = keras.models.clone_model(model.average)
    clone.set_weights(model.average.get_weights())
    for layer in clone.layers:
        weights = layer.get_weights()
        if len(weights) == 1 and weights[0].shape[0] == CLASSES:
            layer.set_weights([np.repeat(weights[0][:2].mean(0, keepdims=True), CLASSES, 0)])
    images = clone([latents, np.eye(CLASSES, dtype=np.float32)[:2]], training=False)
    np.testing.assert_allclose(mixed, data.unscale_pixels(images.numpy()), atol=1e-5)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (3, "contains 3, but the model knows the 3 classes 0 to 2"),
        ([0, 1], "2 labels for 4 images"),
        ([[0.5, 0.5, 0.0]] * 3, "3 rows of shares for 4 images"),
        ([0.5, 0.0, 0.0], "sum to 1"),
    ],
)
def test_unfit_labels_are_refused_in_one_sentence(model, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        model.sample(4, seed=0, labels=labels)


# --- training ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda images, labels: (images, None), "learns from images and labels"),
        (lambda images, labels: (images, labels + 1), "contains 3, but"),
        (lambda images, labels: (images, labels[:-1]), "has 8 entries for 9 images"),
        (lambda images, labels: (images, np.minimum(labels, 1)), "No image has the label 2"),
        (lambda images, labels: (images, labels * 0.5), "one whole number for each image"),
        (lambda images, labels: (data.make_dataset(images), None), "yields no labels"),
    ],
)
def test_unfit_training_data_are_refused_in_one_sentence(model, change, sentence):
    before = model.generator.get_weights()
    with pytest.raises(ValueError, match=sentence):
        model.fit(*change(*labeled(9)), verbose=0)
    for old, new in zip(before, model.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_labels_of_a_dataset_are_checked_too(model):
    images, labels = labeled(9)
    with pytest.raises(ValueError, match="contains 3, but"):
        model.fit(data.make_dataset(images, labels + 1), verbose=0)


def test_validation_may_lack_a_class(model):
    images, labels = labeled(16)
    history = model.fit(
        images, labels, batch_size=16, validation_data=(images[:2], labels[:2]), verbose=0
    )
    assert np.isfinite(history.history["val_discriminator_loss"]).all()


def test_networks_with_other_inputs_are_refused():
    with pytest.raises(ValueError, match="needs two, and the second is the classes, of size 3"):
        conditional_gan.ConditionalGAN(3, generator=networks.generator(SHAPE, LATENTS))
    with pytest.raises(ValueError, match="of size 4"):
        conditional_gan.ConditionalGAN(4, generator=small().generator)


@pytest.mark.slow
def test_it_learns_which_class_is_which():
    """Class 0 is black and class 1 white: two hundred steps tell them apart."""
    keras.utils.set_random_seed(0)
    images = np.repeat(np.array([0, 255], np.uint8), 32)[:, None, None, None]
    images = np.broadcast_to(images, (64, *SHAPE)).copy()
    model = conditional_gan.ConditionalGAN(
        2,
        generator=networks.conditional_generator(SHAPE, LATENTS, 2, width=8),
        discriminator=networks.projection_discriminator(SHAPE, 2, width=8),
        seed=0,
    )
    model.compile(average_decay=0.9)
    model.fit(images, np.repeat([0, 1], 32), batch_size=32, steps_per_epoch=200, verbose=0)
    black, white = (model.sample(16, seed=0, labels=label).mean() for label in (0, 1))
    assert black < 0.25 and white > 0.75
