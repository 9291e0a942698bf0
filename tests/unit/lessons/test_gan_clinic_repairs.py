"""What is said of the cures of lesson 07's patients 1 to 10, by what they do."""

import numpy as np
import pytest

from course_utils import checks, data
from course_utils.base.backend import keras, tf
from course_utils.lessons.gan_clinic import mistakes, repairs
from course_utils.models import networks

layers = keras.layers

# ---- 07.1 ----------------------------------------------------------------------------------------

NAMES = {"np": np, "num_images": 60_000, "height": 28, "width": 28, "channels": 1}
NAMES |= {"batch_size": 4, "latent_size": 16, "num_epochs": 1}


def test_the_eight_names_are_enough_and_stay_as_they_were():
    values = dict(NAMES)
    assert repairs.missing_names_fault(lambda: values) == ""
    assert values == NAMES


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"np": "numpy"}, "the module"),
        ({"height": 32}, "(28, 28, 1)"),
        ({"channels": 3}, "(28, 28, 1)"),
        ({"num_epochs": 0}, "`num_epochs` is 0"),
        ({"num_epochs": True}, "whole number"),
        ({"latent_size": 16.0}, "`latent_size` is 16.0"),
        ({"num_images": 70_000}, "60,000"),
        ({"num_images": 3}, "batch_size is larger"),
        ({"optimizer": None}, "`optimizer` is not missing"),
    ],
)
def test_each_fault_of_a_value_is_named(change, words):
    assert words in repairs.missing_names_fault(lambda: NAMES | change)


def test_a_missing_name_and_what_is_no_dict_are_named():
    fault = repairs.missing_names_fault(lambda: {"np": np})
    assert fault == "`batch_size` is still undefined (7 of 8 are)."
    assert "let it return a dict" in repairs.missing_names_fault(lambda: list(NAMES))


# ---- 07.2 ----------------------------------------------------------------------------------------


def generator(last="tanh", latents=16, side=7):
    network = [keras.Input((latents,)), layers.Dense(side * side), layers.Reshape((side, side, 1))]
    network += [layers.Conv2DTranspose(1, 4, strides=4, activation=last)]
    return keras.Sequential(network)


def discriminator(last=None, outputs=1, first=None):
    first = first or layers.Conv2D(2, 4, strides=4)
    network = [keras.Input((28, 28, 1)), first, layers.LeakyReLU(0.2), layers.Flatten()]
    return keras.Sequential([*network, layers.Dense(outputs, activation=last)])


def test_sound_networks_have_no_fault():
    assert repairs.networks_fault(lambda: (generator(), discriminator())) == ""
    assert repairs.networks_fault(lambda: (networks.generator(), networks.discriminator())) == ""


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: generator(), "return two networks"),
        (lambda: (discriminator(), generator()), "wrong order"),
        (lambda: (keras.Sequential(), discriminator()), "no layers"),
        (lambda: (generator("sigmoid"), discriminator()), "no value below 0"),
        (lambda: (generator(None), discriminator()), "leave [-1, 1]"),
        (lambda: (generator(latents=8), discriminator()), "does not take latents"),
        (lambda: (generator(side=8), discriminator()), "(32, 32, 1)"),
        (lambda: (generator(), discriminator("sigmoid")), "bends its logits"),
        (lambda: (generator(), discriminator("tanh")), "bends its logits"),
        (lambda: (generator(), discriminator("softplus")), "bends its logits"),
        (lambda: (generator(), discriminator(outputs=2)), "one logit for each"),
        (lambda: (generator(), discriminator(first=layers.Dense(2))), "no convolution"),
        (lambda: (generator(), "a judge"), "the discriminator is a str"),
    ],
)
def test_each_fault_of_the_networks_is_named(build, words):
    assert words in repairs.networks_fault(build)


def test_networks_that_ignore_their_input_are_found():
    blind = generator()
    blind.layers[0].kernel.assign(tf.zeros_like(blind.layers[0].kernel))
    assert "same image" in repairs.networks_fault(lambda: (blind, discriminator()))
    mute = discriminator()
    mute.layers[-1].kernel.assign(tf.zeros_like(mute.layers[-1].kernel))
    assert "same logit" in repairs.networks_fault(lambda: (generator(), mute))


# ---- 07.3 ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def images():
    return data.load_images("fashion_mnist", split="train")[0]


def test_training_images_are_known_at_any_scale(images):
    scaled = images[:100] / np.float32(127.5) - 1
    for some in (images, scaled, np.moveaxis(scaled, -1, 1), scaled[..., 0], tf.constant(scaled)):
        assert repairs.real_images_fault(lambda some=some: some) == ""
    dataset = tf.data.Dataset.from_tensor_slices(scaled).batch(64)
    assert repairs.real_images_fault(lambda: dataset) == ""


def test_each_fault_of_the_images_is_named(images):
    noise = np.random.default_rng(0).normal(size=(100, 28, 28, 1))
    test_images, _ = data.load_images("fashion_mnist", split="test")
    for some, words in [
        (noise, "still noise"),
        (test_images, "test images"),
        (images[:63], "63 images"),
        (images[:100].reshape(100, 784), "(100, 784)"),
        (np.repeat(images[:1], 64, axis=0), "are the same"),
        (images[:100, :, ::-1], "no training images"),
        (np.arange(100), "labels"),
        ((images, None), "tuple"),
    ]:
        assert words in repairs.real_images_fault(lambda some=some: some)


# ---- 07.4 ----------------------------------------------------------------------------------------


def test_latents_may_come_from_numpy_or_tensorflow():
    random = np.random.default_rng(1)
    assert repairs.latents_fault(lambda count: random.standard_normal((count, 16))) == ""
    assert repairs.latents_fault(lambda count: tf.random.normal((count, 16))) == ""


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda random, n: np.random.default_rng(0).normal(size=(n, 16)), "at each call"),
        (lambda random, n: random.normal(size=(16, n)), "shape (16, 2000)"),
        (lambda random, n: random.uniform(size=(n, 16)), "the mean of its numbers is 0.50"),
        (lambda random, n: random.normal(0, 2, size=(n, 16)), "deviation of its numbers is"),
        (lambda random, n: random.uniform(-(3**0.5), 3**0.5, size=(n, 16)), "not normal"),
        (lambda random, n: np.tile(random.normal(size=(n, 1)), (1, 16)), "repeats it"),
        (lambda random, n: np.tile(random.normal(size=(1, 16)), (n, 1)), "repeats it"),
        (lambda random, n: np.repeat(random.normal(size=(n, 8)), 2, axis=1), "depend"),
    ],
)
def test_each_fault_of_the_latents_is_named(draw, words):
    random = np.random.default_rng(1)
    assert words in repairs.latents_fault(lambda count: draw(random, count))


# ---- 07.6 ----------------------------------------------------------------------------------------


def descend(network, loss_function, optimizer):
    with tf.GradientTape() as tape:
        loss = loss_function()
    weights = network.trainable_variables
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def test_a_right_step_moves_one_network_along_the_gradient():
    outcome = repairs.try_descend(descend)
    assert outcome.moved == {"network": 1.0, "other network": 0.0}
    assert np.allclose(outcome.gradient, outcome.expected, rtol=1e-4)
    assert np.isclose(outcome.returned, outcome.loss)
    assert outcome.updates == 1
    assert np.linalg.norm(outcome.expected) > 0.1


def test_wrong_steps_are_told(capsys):
    def of_all(network, loss_function, optimizer):
        with tf.GradientTape() as tape:
            loss = loss_function()
        weights = tape.watched_variables()
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

    def upwards(network, loss_function, optimizer):
        return -descend(network, lambda: -loss_function(), optimizer)

    for step, words in [
        (descend, "correct"),
        (of_all, "other network's weights also moved"),
        (upwards, "sign"),
    ]:
        checks.check_update("07.6", step, repairs.try_descend)
        assert words in capsys.readouterr().out


# ---- 07.7 ----------------------------------------------------------------------------------------


def test_two_optimizers_have_no_fault():
    adam, descent = keras.optimizers.Adam(), keras.optimizers.SGD(0.1)
    assert repairs.optimizers_fault(lambda: (adam, descent)) == ""


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: [keras.optimizers.Adam()] * 2, "one and the same"),
        (lambda: keras.optimizers.Adam(), "one optimizer"),
        (lambda: [keras.optimizers.Adam()], "return two"),
        (lambda: ("adam", "adam"), "'adam' is no optimizer but a str."),
        (lambda: (keras.optimizers.Adam, keras.optimizers.Adam), "a class; call it"),
        (lambda: (keras.optimizers.Adam(), keras.optimizers.SGD(0.0)), "moves nothing"),
    ],
)
def test_each_fault_of_the_optimizers_is_named(make, words):
    assert words in repairs.optimizers_fault(make)


# ---- 07.8 ----------------------------------------------------------------------------------------


def test_logits_of_two_calls_or_one_have_no_fault():
    def together(judge, real, fake):
        both = judge(tf.concat([real, fake], axis=0))
        return both[: len(real)], both[len(real) :, 0]

    assert repairs.judgments_fault(lambda judge, *images: [judge(one) for one in images]) == ""
    assert repairs.judgments_fault(together) == ""


@pytest.mark.parametrize(
    ("judge_both", "words"),
    [
        (lambda judge, real, fake: judge(real), "return two things"),
        (lambda judge, real, fake: (judge(fake), judge(real)), "changed places"),
        (lambda judge, real, fake: (tf.reduce_mean(judge(real)), judge(fake)), "is a loss"),
        (
            lambda judge, real, fake: (tf.sigmoid(judge(real)), judge(fake)),
            "5 real images it gives",
        ),
        (lambda judge, real, fake: (judge(real), tf.sigmoid(judge(fake))), "3 generated images it"),
        (lambda judge, real, fake: (judge(real), judge(real)), "shape (5,), not one logit each"),
        (lambda judge, real, fake: (judge(real) + 1, judge(fake)), "other numbers"),
    ],
)
def test_each_fault_of_the_judgments_is_named(judge_both, words):
    assert words in repairs.judgments_fault(judge_both)


def test_a_judge_that_learns_is_found():
    def learning(judge, real, fake):
        logits = judge(real), judge(fake)
        judge.layers[-1].kernel.assign_add(tf.ones_like(judge.layers[-1].kernel))
        return logits

    assert "weights have changed" in repairs.judgments_fault(learning)


# ---- the known mistakes of 07.5 and 07.9 ---------------------------------------------------------


def test_no_known_mistake_is_right_in_all_cases():
    right = {
        "TO_CHANNELS_LAST": lambda images: images.transpose(0, 2, 3, 1),
        "REAL_LOSS": lambda logits: np.logaddexp(0, -logits).mean(),
    }
    for name, function in right.items():
        for wrong, sentence in getattr(mistakes, name):
            cases = getattr(mistakes, f"{name}_CASES")
            same = [
                np.shape(wrong(case)) == np.shape(function(case))
                and np.allclose(wrong(case), function(case))
                for case in cases
            ]
            assert not all(same), sentence
