"""Flow matching: its loss and field against closed forms, and the course's interface."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, special, stats
from small_models import copies, equal
from tiny_families import dense_flow

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import (
    checkpoints,
    flow_matching,
    flow_networks,
    flow_solvers,
    pretrained,
)
from course_utils.models.guided_field import GUIDED_TIMES

POINTS, GRAY, COLOR = (2,), (4, 4, 1), (4, 4, 3)
SHAPES = {"points": POINTS, "gray": GRAY, "color": COLOR}
CLASSES = 2
MEAN, SPREAD = 0.2, 0.5  # of Gaussian data in the networks' range, for which all is known
ALL_THE_WAY = 0, 1

every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def small(shape=POINTS, num_classes=None, *, seed=0, initial=0, **arguments):
    """A flow with a network of one hidden layer; compiled."""
    keras.utils.set_random_seed(initial)
    network = dense_flow(shape, num_classes)
    model = flow_matching.FlowMatching(shape, num_classes, network=network, seed=seed)
    model.compile(
        **{"optimizer": keras.optimizers.Adam(0.01), "average_decay": 0.9} | arguments,
    )
    return model


def of(guess, shape, num_classes=None):
    """A flow whose network is function(points, times, classes) -> guess, without any weights.

    The guess may be a list: then the others are rough ones.
    """
    sizes = [shape, (1,), *([(num_classes,)] if num_classes else [])]
    inputs = [keras.Input(size) for size in sizes]
    points, times, *classes = inputs
    spread = keras.layers.Reshape((1,) * len(shape))
    network = keras.Model(inputs, guess(points, spread(times), *map(spread_of(shape), classes)))
    return flow_matching.FlowMatching(shape, num_classes, network=network, seed=0)


def spread_of(shape):
    """function(classes (n, k)) -> the class as a number from 0 on, with as many axes as images."""

    def number(classes):
        order = np.arange(classes.shape[1], dtype=np.float32)
        told = keras.ops.sum(classes * order, axis=1, keepdims=True)
        return keras.layers.Reshape((1,) * len(shape))(told)

    return number


def exact(shape):
    """The flow of data that are N(MEAN, SPREAD²) in each place: no training could do better."""

    def guess(points, times):
        variance = times**2 * SPREAD**2 + (1 - times) ** 2
        away = points - times * MEAN
        if len(shape) == 1:
            return MEAN + (times * SPREAD**2 - (1 - times)) / variance * away
        return MEAN + times * SPREAD**2 / variance * away

    return of(guess, shape)


def normal(n, shape, seed=0):
    return np.random.default_rng(seed).standard_normal((n, *shape), np.float32)


def pictures(n, shape, seed=0):
    """Points around one of two places, or images that are dark or bright; and which, (n,)."""
    random = np.random.default_rng(seed)
    labels = np.arange(n) % CLASSES
    if len(shape) == 1:
        centers = np.where(labels[:, np.newaxis] == 0, [-1.0, 0.5], [1.0, 0.5])
        return (centers + random.normal(0, 0.1, (n, 2))).astype(np.float32), labels
    bright = 160 * labels.reshape(-1, 1, 1, 1)
    return (bright + random.integers(0, 90, (n, *shape))).astype(np.uint8), labels


# --- construction ------------------------------------------------------------------------------


@every_shape
def test_latents_are_noise_of_the_images_shape(shape):
    model = small(shape)
    assert model.image_shape == model.latent_shape == shape
    assert model.num_classes is None


@pytest.mark.parametrize(("shape", "num_classes"), [((3,), None), ((16, 16, 1), 2)])
def test_without_a_network_it_is_the_course_s(shape, num_classes):
    model = flow_matching.FlowMatching(shape, num_classes, seed=0)
    expected = flow_networks.flow_network(shape, num_classes)
    assert [w.shape for w in model.network.weights] == [w.shape for w in expected.weights]
    assert model.sample(2, seed=0, num_steps=1).shape == (2, *shape)


def test_the_average_begins_as_the_network_and_is_not_trained():
    model = small()
    assert equal(model.average.get_weights(), model.network.get_weights())
    assert not model.average.trainable_weights
    assert not {id(w) for w in model.average.weights} & {id(w) for w in model.network.weights}


@pytest.mark.parametrize(
    ("network", "num_classes", "words"),
    [
        (lambda: dense_flow((3,)), None, r"inputs \[\(3,\), \(1,\)\].*needs \[\(2,\), \(1,\)\]"),
        (lambda: dense_flow(POINTS), 2, r"needs \[\(2,\), \(1,\), \(2,\)\] and \(2,\)"),
        (lambda: dense_flow(POINTS, 3), 2, r"needs \[\(2,\), \(1,\), \(2,\)\]"),
        (lambda: dense_flow(POINTS, 2), None, r"inputs \[\(2,\), \(1,\), \(2,\)\]"),
        (lambda: keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]), None, "has inputs"),
    ],
)
def test_networks_that_do_not_fit_are_refused_in_one_sentence(network, num_classes, words):
    with pytest.raises(ValueError, match=words) as raised:
        flow_matching.FlowMatching(POINTS, num_classes, network=network())
    assert "\n" not in str(raised.value)


def test_a_network_with_another_output_is_refused():
    points, times = keras.Input((2,)), keras.Input((1,))
    network = keras.Model([points, times], keras.layers.Concatenate()([points, times]))
    with pytest.raises(ValueError, match=r"makes \(3,\); this model needs .* and \(2,\)\.$"):
        flow_matching.FlowMatching(POINTS, network=network)


@pytest.mark.parametrize("order", [1, -1], ids=["the rough one", "the guess"])
def test_each_output_must_be_like_the_image(order):
    inputs = [keras.Input(GRAY), keras.Input((1,))]
    outputs = [inputs[0], keras.layers.Flatten()(inputs[0])][::order]
    words = r"makes .*\(16,\).*; this model needs \[.*\] and \(4, 4, 1\)\.$"
    with pytest.raises(ValueError, match=words) as raised:
        flow_matching.FlowMatching(GRAY, network=keras.Model(inputs, outputs))
    assert "\n" not in str(raised.value)


def test_networks_without_shapes_are_refused():
    with pytest.raises(TypeError, match=r"no known shapes; give a functional keras\.Model"):
        flow_matching.FlowMatching(POINTS, network=keras.Sequential([keras.layers.Dense(2)]))


def test_unfit_shapes_and_classes_are_refused():
    with pytest.raises(ValueError, match="image_shape is 28; give"):
        flow_matching.FlowMatching(28)
    with pytest.raises(ValueError, match="num_classes is 0; give a whole number of 1 or more"):
        flow_matching.FlowMatching(POINTS, 0)


# --- compile -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"average_decay": 1.0}, "average_decay is 1, so the average would never move; give a"),
        ({"average_decay": -0.1}, "average_decay is -0.1; give a number from 0 to 1"),
        ({"unlabeled_share": 1.5}, "unlabeled_share is 1.5; give a number from 0 to 1"),
        ({"unlabeled_share": float("nan")}, "unlabeled_share is nan"),
        ({"optimizer": "adma"}, "adma"),
    ],
)
def test_unfit_arguments_of_compile_are_refused_in_one_sentence(arguments, words):
    with pytest.raises(ValueError, match=words) as raised:
        flow_matching.FlowMatching(POINTS).compile(**arguments)
    assert "\n" not in str(raised.value)


def test_the_optimizer_is_built_before_training():
    model = small()
    assert len(model.optimizer.variables) == 2 + 2 * len(model.network.trainable_variables)
    model.compile()
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert model.optimizer.global_clipnorm == 1
    assert float(model.optimizer.learning_rate) == pytest.approx(2e-3)
    assert model.average_decay == 0.998


# --- the loss ----------------------------------------------------------------------------------


def measured(model, images, labels=None):
    """The loss of held-out data, by the course's own way."""
    model.compile(unlabeled_share=0.1, run_eagerly=True)
    held_out = data.make_dataset(images, labels, batch_size=8192, shuffle=False)
    return model.evaluate(held_out, verbose=0, return_dict=True)["loss"]


def test_the_loss_of_points_is_that_of_the_velocity():
    """Of the guess 0, E (x - e)² = x² + 1, whatever the times."""
    points = np.full((8192, 2), [3.0, 1.0], np.float32)
    found = measured(of(lambda points, times: 0.0 * points, POINTS), points)
    assert found == pytest.approx(5 + 1, abs=0.12)  # four standard errors


MANY = {
    1: lambda points, times: 0.5 * points + times,
    2: lambda points, times: [0.5 * points + times, 0.7 - 0.3 * points],
    3: lambda points, times: [0.5 * points + times, 0.7 - 0.3 * points, times * points],
}


def noting(model):
    """The list to which each call of the model's average adds its inputs, as arrays."""
    average, noted = model.average, []

    def note(inputs, training):
        noted.append([np.asarray(one, np.float64) for one in inputs])
        return average(inputs, training=training)

    model.average = note
    return noted


@pytest.mark.parametrize("guess", MANY.values(), ids=MANY)
def test_the_loss_of_images_is_that_of_the_guess_and_of_each_rough_one(guess):
    images, _ = pictures(64, COLOR)
    model = of(guess, COLOR)
    noted = noting(model)
    found = measured(model, images)
    ((points, times),) = noted
    clean, spread = images / 127.5 - 1, times.reshape(-1, 1, 1, 1)
    first, *rough = keras.tree.flatten(guess(points, spread))
    expected = (((first - clean) / (1 - spread)) ** 2).mean()
    expected += sum(((one - clean) ** 2 / (1 - spread)).mean() for one in rough)
    assert found == pytest.approx(expected, rel=1e-4)
    noise = (points - spread * clean) / (1 - spread)
    assert stats.kstest(noise.ravel(), "norm").pvalue > 0.01


def test_the_loss_of_images_weighs_guesses_by_time():
    """Of white, 1: the guess 0 has the loss E 1 / (1 - t)², and a rough guess 0 E 1 / (1 - t)."""
    mean, deviation = flow_matching.TIME_LOGITS
    corner = (special.logit(flow_matching.LATEST) - mean) / deviation

    def weight(z, power):
        time = min(special.expit(mean + deviation * z), flow_matching.LATEST)
        return stats.norm.pdf(z) / (1 - time) ** power

    white = np.full((8192, *GRAY), 255, np.uint8)
    for outputs, power in (((0.0, 1.0), 2), ((1.0, 0.0), 1), ((0.0,), 2)):
        expected, _ = integrate.quad(weight, -8, 8, args=(power,), points=[corner])
        model = of(lambda x, t, outputs=outputs: [0.0 * x + one for one in outputs], GRAY)
        assert measured(model, white) == pytest.approx(expected, rel=0.05)
    right = of(lambda points, times: 2 * [0.0 * points + 1.0], GRAY)
    assert measured(right, white[:64]) < 1e-9


@every_shape
def test_times_are_uniform_for_points_and_nearer_to_noise_for_images(shape):
    model = of(lambda points, times: 0.0 * points, shape)
    noted = noting(model)
    measured(model, np.zeros((8192, *shape), np.float32))
    times = noted[0][1].ravel()
    assert times.shape == (8192,)
    if shape == POINTS:
        assert stats.kstest(times, "uniform").pvalue > 0.01
    else:
        assert stats.kstest(special.logit(times), "norm", args=(-0.8, 0.8)).pvalue > 0.01
        assert times.max() <= 0.95


def test_no_time_is_so_late_that_the_loss_bursts(monkeypatch):
    monkeypatch.setattr(flow_matching, "TIME_LOGITS", (9.0, 0.8))
    model = of(lambda points, times: 0.0 * points, GRAY)
    noted = noting(model)
    found = measured(model, np.full((64, *GRAY), 255, np.uint8))
    np.testing.assert_allclose(noted[0][1], 0.95, atol=1e-6)
    assert found == pytest.approx(400, rel=1e-4)


def test_one_label_in_ten_is_left_out():
    """The network answers 10 if it is told class 1, and 0 if it is told nothing."""
    model = of(lambda points, times, number: 0.0 * points + 10.0 * number, POINTS, CLASSES)
    zeros, ones = np.zeros((8192, 2), np.float32), np.ones(8192, int)
    # E (10 told - (0 - e))² = 100 P(told) + 1
    assert measured(model, zeros, ones) == pytest.approx(91, abs=1.5)


@pytest.mark.parametrize(("share", "learns"), [(1.0, False), (0.0, True)])
def test_the_share_without_labels_may_be_all_or_none(share, learns):
    model = flow_matching.FlowMatching(
        POINTS, CLASSES, network=flow_networks.point_network(2, CLASSES, widths=(4,)), seed=0
    )
    model.compile(unlabeled_share=share, run_eagerly=True)
    vectors = model.network.get_layer("class_vector").kernel
    before = vectors.numpy()
    model.fit(*pictures(32, POINTS), verbose=0)
    assert (np.abs(vectors.numpy() - before).max() > 0) == learns


def test_the_best_guess_has_the_least_loss():
    points = MEAN + SPREAD * normal(8192, POINTS)
    best = measured(exact(POINTS), points)

    def wrong(points, times):
        return exact(POINTS).network([points, keras.layers.Reshape((1,))(times)]) + 0.3

    assert measured(of(wrong, POINTS), points) == pytest.approx(best + 0.3**2, abs=0.03)


# --- generation with the exact field -----------------------------------------------------------


def spread_at(time):
    return np.sqrt(time**2 * SPREAD**2 + (1 - time) ** 2)


@every_shape
@pytest.mark.parametrize(("solver", "error"), [("euler", 0.05), ("heun", 0.004), ("adams", 0.004)])
def test_the_exact_field_brings_noise_where_it_belongs(shape, solver, error):
    model, latents = exact(shape), normal(7, shape)
    stages = model.paths(latents, num_steps=64, solver=solver)
    assert stages.shape == (65, 7, *shape) and stages.dtype == np.float32
    np.testing.assert_array_equal(stages[0], latents)
    for stage, time in zip(stages, model.stage_times(64), strict=True):
        assert np.abs(stage - time * MEAN - spread_at(time) * latents).max() < error
    made = model.generate(latents, num_steps=64, solver=solver)
    assert made.shape == (7, *shape) and made.dtype == np.float32
    end = stages[-1] if shape == POINTS else np.clip((stages[-1] + 1) / 2, 0, 1)
    np.testing.assert_allclose(made, end, atol=1e-6)
    *_, last = model.stages(latents, num_steps=64, solver=solver)
    np.testing.assert_array_equal(last, made)


@every_shape
def test_stages_of_points_are_evenly_spaced_and_those_of_images_closer_at_the_end(shape):
    model = exact(shape)
    times = model.stage_times(8)
    even = np.linspace(0, 1, 9)
    expected = even if shape == POINTS else 1 - (1 - even) ** flow_matching.CROWDING
    np.testing.assert_allclose(times, expected, atol=1e-15)
    steps = np.diff(times)
    assert shape == POINTS or (np.diff(steps) < 0).all()
    # Euler's way of the exact field tells the times from the stages.
    stages = model.paths(normal(7, shape), num_steps=8, solver="euler").astype(float)
    for i, step in enumerate(steps):
        velocity = model.velocity(stages[i], times[i])
        np.testing.assert_allclose(stages[i + 1], stages[i] + step * velocity, atol=1e-5)
    with pytest.raises(ValueError, match="num_steps is 0; give a whole number of 1 or more"):
        model.stage_times(0)


@every_shape
def test_there_and_back_again(shape):
    model = exact(shape)
    latents = np.clip(normal(7, shape), -1.5, 1.5)  # such that no pixel is cut off
    made = model.generate(latents, num_steps=128)
    noise = model.to_noise(made, num_steps=128)
    assert noise.shape == (7, *shape) and noise.dtype == np.float32
    np.testing.assert_allclose(noise, latents, atol=0.01)
    np.testing.assert_allclose(model.generate(noise, num_steps=128), made, atol=0.003)
    if shape != POINTS:
        as_bytes = np.rint(255 * made).astype(np.uint8)
        np.testing.assert_allclose(model.to_noise(as_bytes, num_steps=128), latents, atol=0.03)


@every_shape
def test_samples_depend_on_nothing_but_the_seed(shape):
    model = small(shape)
    first = model.sample(5, seed=3)
    assert first.shape == (5, *shape) and first.dtype == np.float32
    if shape != POINTS:
        assert 0 <= first.min() <= first.max() <= 1
    np.testing.assert_array_equal(first, model.sample(5, seed=3))
    np.testing.assert_array_equal(first, model.generate(normal(5, shape, seed=3)))
    np.testing.assert_allclose(model.sample(3, seed=3), first[:3], atol=1e-5)
    assert not np.array_equal(first, model.sample(5, seed=4))
    assert not np.array_equal(model.sample(5), model.sample(5))
    assert model.sample(0).shape == (0, *shape)


@every_shape
def test_many_images_are_those_of_each_alone(shape):
    model = small(shape, CLASSES)
    latents, labels = normal(300, shape), np.arange(300) % CLASSES
    guided = {"guidance": 2.0, "guided": ALL_THE_WAY}
    together = model.generate(latents, labels, num_steps=3, **guided)
    back = model.to_noise(together, labels, num_steps=3)
    for row in (0, 255, 256, 299):
        one = slice(row, row + 1)
        alone = model.generate(latents[one], labels[one], num_steps=3, **guided)
        np.testing.assert_allclose(together[one], alone, atol=1e-5)
        alone = model.to_noise(together[one], labels[one], num_steps=3)
        np.testing.assert_allclose(back[one], alone, atol=1e-4)


def test_samples_come_from_the_average():
    model = small()
    before = model.sample(4, seed=0)
    model.network.set_weights([weight + 1 for weight in model.network.get_weights()])
    np.testing.assert_array_equal(model.sample(4, seed=0), before)
    model.average.set_weights(model.network.get_weights())
    assert not np.array_equal(model.sample(4, seed=0), before)


def test_calling_the_model_is_calling_the_network_that_is_trained():
    model = small(GRAY)
    inputs = [normal(3, GRAY), np.full((3, 1), 0.5, np.float32)]
    model.average.set_weights([0 * weight for weight in model.average.get_weights()])
    np.testing.assert_array_equal(model(inputs), model.network(inputs))


# --- the field itself --------------------------------------------------------------------------


@every_shape
@pytest.mark.parametrize("time", [0, 0.3, np.float32(0.75), 1.0])
def test_the_velocity_is_that_of_the_network(shape, time):
    """Of Gaussian data it is known: E (x - e | x_t)."""
    points = 2 * normal(5, shape)
    found = exact(shape).velocity(points, time)
    assert found.shape == (5, *shape) and found.dtype == np.float32
    slope = (time * SPREAD**2 - (1 - time)) / spread_at(time) ** 2
    np.testing.assert_allclose(found, MEAN + slope * (points - time * MEAN), atol=1e-5)


@pytest.mark.parametrize("shape", [GRAY, COLOR], ids=["gray", "color"])
def test_an_image_is_its_own_velocity_at_the_end(shape):
    """x - e, of which the noise is unknown, with mean 0; the network is not asked."""
    points = normal(3, shape)
    np.testing.assert_array_equal(small(shape).velocity(points, 1), points)
    np.testing.assert_array_equal(
        small(shape, CLASSES).velocity(points, 1.0, 0, guidance=3.0), points
    )


@every_shape
@pytest.mark.parametrize(
    ("guidance", "guided"),
    [(1.0, ALL_THE_WAY), (0.0, ALL_THE_WAY), (2.5, ALL_THE_WAY), (2.5, GUIDED_TIMES)],
)
def test_steps_by_hand_along_the_velocity_are_those_of_generation(shape, guidance, guided):
    model, latents = small(shape, CLASSES), normal(5, shape)
    labels = [0, 1, 1, 0, 1]
    settings = {"solver": "euler", "guidance": guidance, "guided": guided}

    def shown(points):
        return points if shape == POINTS else np.clip((points + 1) / 2, 0, 1)

    for num_steps in (1, 2, 5):
        points = latents
        for now, then in itertools.pairwise(model.stage_times(num_steps)):
            velocity = model.velocity(points, now, labels, guidance=guidance, guided=guided)
            points = points + np.float32(then - now) * velocity
        made = model.generate(latents, labels, num_steps=num_steps, **settings)
        np.testing.assert_allclose(made, shown(points), atol=1e-5)
        samples = model.sample(5, 0, labels=labels, num_steps=num_steps, **settings)
        np.testing.assert_allclose(samples, made, atol=1e-6)  # of the same latents
        *_, end = model.paths(latents, labels, num_steps=num_steps, **settings)
        np.testing.assert_allclose(end, points, atol=1e-5)


def test_labels_of_a_velocity_are_those_of_generation():
    model, points = small(POINTS, CLASSES), normal(3, POINTS)
    first, second = (model.velocity(points, 0.5, label) for label in (0, 1))
    assert np.abs(first - second).max() > 0.01
    mixed = model.velocity(points, 0.5, [0, 1, 0])
    np.testing.assert_allclose(mixed, np.stack([first[0], second[1], first[2]]), atol=1e-6)
    shares = model.velocity(points, 0.5, [1.0, 0.0])
    np.testing.assert_allclose(shares, first, atol=1e-6)
    without = model.velocity(points, 0.5, 0, guidance=0.0)
    assert np.abs(first - without).max() > 0.01
    guided = model.velocity(points, 0.5, 0, guidance=3.0)
    np.testing.assert_allclose(guided, without + 3 * (first - without), atol=1e-5)


def test_the_first_guess_is_what_images_follow():
    model = of(lambda points, times: [0.0 * points + 0.5, 0.0 * points - 0.9], GRAY)
    points = normal(3, GRAY)
    np.testing.assert_allclose(model.velocity(points, 0.5), (0.5 - points) / 0.5, atol=1e-5)
    np.testing.assert_allclose(model.generate(points, num_steps=8), 0.75, atol=1e-4)


@pytest.mark.parametrize("time", [1.5, -0.1, float("nan"), float("inf")])
def test_a_velocity_at_a_time_outside_is_refused(time):
    with pytest.raises(ValueError, match=rf"^time is {time:g}; give a number from 0 to 1\.$"):
        small().velocity(normal(3, POINTS), time)


@pytest.mark.parametrize("time", [None, "half", True, [0.1, 0.2]])
def test_a_velocity_at_what_is_no_time_is_refused(time):
    with pytest.raises(TypeError, match=r"^time is .*; give one number\.$"):
        small().velocity(normal(3, POINTS), time)


# --- how often the network is called -----------------------------------------------------------


calls_made = []  # rows of each call, by every network with a `Counting` layer


@keras.saving.register_keras_serializable("tests")
class Counting(keras.layers.Layer):
    """Returns what it gets, and notes its rows at run time, also where the call was traced."""

    def call(self, x):
        tf.py_function(lambda rows: calls_made.append(int(rows)), [tf.shape(x)[0]], [])
        return tf.identity(x)


@pytest.fixture
def counted():
    """function(shape, num_classes) -> a flow that counts; its calls are in `calls_made`."""

    def make(shape, num_classes=None):
        inner = dense_flow(shape, num_classes)
        guess = Counting()(inner(inner.inputs))
        network = keras.Model(inner.inputs, guess)
        return flow_matching.FlowMatching(shape, num_classes, network=network, seed=0)

    yield make
    calls_made.clear()


@pytest.mark.parametrize("shape", [POINTS, GRAY], ids=["points", "gray"])
@pytest.mark.parametrize(
    ("solver", "forth", "back"), [("euler", 6, 6), ("adams", 6, 6), ("heun", 11, 12)]
)
def test_calls_of_the_network_are_those_of_the_solver(counted, shape, solver, forth, back):
    model = counted(shape)
    calls_made.clear()
    made = model.sample(5, seed=0, num_steps=6, solver=solver)
    assert calls_made == [5] * forth
    calls_made.clear()
    model.paths(normal(5, shape), num_steps=6, solver=solver)
    assert calls_made == [5] * forth
    calls_made.clear()
    model.to_noise(made, num_steps=6, solver=solver)
    # Of a clean image the velocity at t = 1 is known without the network.
    assert calls_made == [5] * (back if shape == POINTS else back - 1)


def test_guidance_calls_the_network_for_twice_as_many_where_it_is_on(counted):
    model = counted(POINTS, CLASSES)
    for guidance, guided, rows in (
        (1.0, ALL_THE_WAY, [5, 5, 5, 5]),
        (0.0, ALL_THE_WAY, [10, 10, 10, 10]),
        (2.5, ALL_THE_WAY, [10, 10, 10, 10]),
        (2.5, (0.25, 0.75), [5, 10, 10, 5]),  # on from 0.25, off from 0.75
        (2.5, (0.3, 0.3), [5, 5, 5, 5]),
    ):
        calls_made.clear()
        model.sample(5, seed=0, num_steps=4, guidance=guidance, guided=guided)
        assert calls_made == rows


@pytest.mark.parametrize("shape", [POINTS, GRAY], ids=["points", "gray"])
@pytest.mark.parametrize("solver", flow_solvers.SOLVERS)
@pytest.mark.parametrize(
    ("guidance", "guided"),
    [(1.0, GUIDED_TIMES), (3.0, GUIDED_TIMES), (0.0, (0.4, 1.0)), (2.0, ALL_THE_WAY)],
)
def test_the_number_of_calls_is_known_without_a_call(counted, shape, solver, guidance, guided):
    model = counted(shape, CLASSES)
    settings = {"solver": solver, "guidance": guidance, "guided": guided}
    for num_steps in (1, 2, 7):
        calls_made.clear()
        model.sample(1, seed=0, num_steps=num_steps, **settings)
        rows = sum(calls_made)
        calls_made.clear()
        assert model.num_calls(num_steps, **settings) == rows
        assert calls_made == []
    if guidance != 1 and guided == ALL_THE_WAY:
        assert rows == 2 * flow_solvers.num_calls(solver, 7)


def test_the_number_of_calls_of_the_defaults_is_that_of_a_sample(counted):
    model = counted(GRAY, CLASSES)
    calls_made.clear()
    model.sample(1, seed=0)
    assert model.num_calls() == sum(calls_made) == 16
    # Guidance is on at stages 2 to 7 of 16, at 0.154 to 0.513.
    assert model.num_calls(guidance=2.0) == 22
    assert counted(GRAY).num_calls(solver="heun") == 31


def test_what_counts_calls_refuses_what_cannot_be_called():
    with pytest.raises(ValueError, match="guidance is 2, but this model was made without"):
        small().num_calls(guidance=2.0)
    with pytest.raises(ValueError, match="num_steps is 0; give a whole number of 1 or more"):
        small().num_calls(0)
    with pytest.raises(ValueError, match="no solver 'rk4'"):
        small().num_calls(solver="rk4")


# --- labels and guidance -----------------------------------------------------------------------


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(shape, marks=[] if shape == POINTS else pytest.mark.slow, id=name)
        for name, shape in {"points": POINTS, "gray": (10, 10, 1), "color": (10, 10, 3)}.items()
    ],
)
def labeled(request):
    """A flow of two classes, trained for a second; its losses are in `model.losses_of_epochs`."""
    shape = request.param
    keras.utils.set_random_seed(0)
    if shape == POINTS:
        network = dense_flow(shape, CLASSES)
    else:
        network = flow_networks.image_network(shape, CLASSES, width=32, depth=1, filters=8)
    model = flow_matching.FlowMatching(shape, CLASSES, network=network, seed=0)
    model.compile(optimizer=keras.optimizers.Adam(0.01), average_decay=0.9)
    images, labels = pictures(512, shape)
    history = model.fit(images, labels, batch_size=64, epochs=30, verbose=0).history
    model.losses_of_epochs = history["loss"]
    return model


def first_number(model, images):
    """Of points, the number that tells the two classes apart; of images, the mean, -1 to 1."""
    if model.image_shape == POINTS:
        return images[:, 0]
    return 2 * images.mean(axis=(1, 2, 3)) - 1


def test_labels_say_what_is_drawn(labeled):
    low, high = (first_number(labeled, labeled.sample(64, 0, labels=one)) for one in (0, 1))
    # Of 600 images a color flow so trained draws up to 8 of the other class; by chance it were 300.
    assert np.mean(low < 0) > 0.95 and np.mean(high > 0) > 0.95
    in_turns = labeled.sample(5, seed=5)
    np.testing.assert_array_equal(in_turns, labeled.sample(5, seed=5, labels=[0, 1, 0, 1, 0]))
    one = labeled.sample(5, seed=5, labels=1)
    np.testing.assert_array_equal(one, labeled.sample(5, seed=5, labels=[1] * 5))
    np.testing.assert_array_equal(one, labeled.sample(5, seed=5, labels=np.array([0.0, 1.0])))
    assert labeled.generate(normal(0, labeled.image_shape), []).shape == (0, *labeled.image_shape)


def test_guidance_0_is_no_class_and_draws_both(labeled):
    latents = normal(64, labeled.image_shape)
    settings = {"guidance": 0.0, "guided": ALL_THE_WAY}
    free = labeled.generate(latents, 0, **settings)
    np.testing.assert_allclose(free, labeled.generate(latents, 1, **settings), atol=1e-5)
    share = (first_number(labeled, free) > 0).mean()
    assert 0.2 < share < 0.8


def test_guidance_1_is_the_class_as_it_was_learned(labeled):
    latents = normal(16, labeled.image_shape)
    plain = labeled.generate(latents, 1)
    np.testing.assert_array_equal(labeled.generate(latents, 1, guidance=1.0), plain)
    np.testing.assert_array_equal(labeled.generate(latents, 1, guidance=1), plain)
    # the long way round, by both calls, leads to the same place
    near = labeled.generate(latents, 1, guidance=1 + 1e-6, guided=ALL_THE_WAY)
    np.testing.assert_allclose(near, plain, atol=1e-4)


def test_the_guided_velocity_is_on_the_line_through_both(labeled):
    latents, shape = normal(6, labeled.image_shape), labeled.image_shape
    inputs = [latents, np.zeros((6, 1), np.float32)]
    told = np.tile(np.float32([0, 1]), (6, 1))
    # The first output is the guess; images have a rough one, too.
    without, told = (
        keras.tree.flatten(labeled.average([*inputs, classes]))[0].numpy()
        for classes in (0 * told, told)
    )
    # At t = 0 a clean guess x is the velocity x - x_t.
    first, second = (v if shape == POINTS else v - latents for v in (without, told))
    settings = {"num_steps": 1, "solver": "euler"}
    for guidance in (0.0, 0.5, 1.0, 3.0):
        _, end = labeled.paths(latents, 1, guidance=guidance, guided=ALL_THE_WAY, **settings)
        expected = latents + first + guidance * (second - first)
        np.testing.assert_allclose(end, expected, atol=1e-4)
        _, end = labeled.paths(latents, 1, guidance=guidance, guided=(0.1, 1), **settings)
        np.testing.assert_allclose(end, latents + second, atol=1e-4)


def test_more_guidance_exaggerates_the_class(labeled):
    """It drives the classes' means apart early on; guesses of clean images come back to the data.

    At the end the classes' means are 2 apart, those of images 1.25.
    """
    latents = normal(64, labeled.image_shape)

    def apart(guidance):
        settings = {"guidance": guidance, "guided": ALL_THE_WAY}
        paths = (labeled.paths(latents, label, **settings) for label in (0, 1))
        if labeled.image_shape == POINTS:
            low, high = (stages[:, :, 0].mean(axis=1) for stages in paths)
        else:
            low, high = (stages.mean(axis=(1, 2, 3, 4)) for stages in paths)
        return high - low

    none, learned, more = map(apart, (0.0, 1.0, 3.0))
    np.testing.assert_allclose(none, 0, atol=1e-4)
    wanted = 2 if labeled.image_shape == POINTS else 1.25
    assert learned[16] == pytest.approx(wanted, abs=0.15)
    early = labeled.stage_times(16)[2]
    assert learned[2] == pytest.approx(early * wanted, abs=0.1)  # paths are straight on average
    assert more[2] > 1.4 * learned[2]  # measured: 1.6 to 2.9 times
    assert more[16] > 0.95 * learned[16]


def test_an_image_goes_to_noise_with_its_label_and_back(labeled):
    images, labels = pictures(8, labeled.image_shape, seed=1)
    noise = labeled.to_noise(images, labels, num_steps=64)
    assert noise.shape == images.shape and np.isfinite(noise).all()
    back = labeled.generate(noise, labels, num_steps=64)
    assert np.abs(back - data.as_floats(images)).mean() < 0.12


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (2, "contains 2, but the model knows the 2 classes 0 to 1"),
        (-1, "contains -1, but"),
        ([0, 1], "2 labels for 4 images"),
        ([[0.5, 0.5]] * 3, "3 rows of shares for 4 images"),
        ([0.5, 0.2], "sum to 1"),
        ("cat", "labels has shape"),
    ],
)
def test_unfit_labels_are_refused_in_one_sentence(labels, words):
    model = small(POINTS, CLASSES)
    for call in (
        lambda: model.sample(4, 0, labels=labels),
        lambda: model.generate(normal(4, POINTS), labels),
        lambda: model.paths(normal(4, POINTS), labels),
        lambda: model.to_noise(normal(4, POINTS), labels),
        lambda: model.velocity(normal(4, POINTS), 0.5, labels),
    ):
        with pytest.raises(ValueError, match=words) as raised:
            call()
        assert "\n" not in str(raised.value)


def test_labels_and_guidance_belong_to_models_that_know_classes():
    model = small()
    for call in (
        lambda: model.sample(4, 0, labels=1),
        lambda: model.generate(normal(4, POINTS), [1, 0, 1, 0]),
        lambda: model.to_noise(normal(4, POINTS), 1),
        lambda: model.velocity(normal(4, POINTS), 0.5, 1),
    ):
        with pytest.raises(ValueError, match="made without num_classes, so it knows no labels"):
            call()
    with pytest.raises(ValueError, match=r"^guidance is 2, but this model was made without num_cl"):
        model.sample(4, 0, guidance=2.0)
    with pytest.raises(ValueError, match=r"^guidance is 2, but this model was made without num_cl"):
        model.velocity(normal(4, POINTS), 0.5, guidance=2.0)
    np.testing.assert_array_equal(model.sample(4, 0, guidance=1.0), model.sample(4, 0))
    model = small(POINTS, CLASSES)
    for call in (model.generate, model.paths, model.to_noise):
        with pytest.raises(ValueError, match="say with labels which to draw"):
            call(normal(4, POINTS))
    with pytest.raises(ValueError, match="say with labels which to draw"):
        model.velocity(normal(4, POINTS), 0.5)


@pytest.mark.parametrize("guidance", [float("nan"), float("inf"), -0.5])
@pytest.mark.parametrize("num_classes", [None, CLASSES])
def test_an_unfit_guidance_is_refused(guidance, num_classes):
    with pytest.raises(ValueError, match=f"guidance is {guidance:g}; give a number of 0 or more"):
        small(POINTS, num_classes).sample(4, 0, guidance=guidance)


@pytest.mark.parametrize("guidance", ["2", None, True, [1.0, 2.0]])
def test_a_guidance_that_is_no_number_is_refused(guidance):
    with pytest.raises(TypeError, match=r"guidance is .*; give one number"):
        small(POINTS, CLASSES).sample(4, 0, guidance=guidance)


# --- when guidance is on -----------------------------------------------------------------------


@every_shape
def test_guidance_is_on_between_its_two_times_alone(shape):
    model, points, labels = small(shape, CLASSES), normal(5, shape), [0, 1, 1, 0, 1]

    def velocity(time, guidance, **guided):
        return model.velocity(points, time, labels, guidance=guidance, **guided)

    for guided, on, off in (
        ({}, (0.15, 0.3, 0.5499), (0.0, 0.1499, 0.55, 0.9, 1.0)),
        ({"guided": (0.2, 0.7)}, (0.2, 0.69), (0.0, 0.1, 0.7, 1.0)),
        ({"guided": (0, 0.5)}, (0.0, 0.4), (0.5, 1.0)),
        ({"guided": ALL_THE_WAY}, (0.0, 0.5, 0.99), ()),
        ({"guided": (0.4, 0.4)}, (), (0.0, 0.4, 1.0)),
    ):
        for time in off:
            np.testing.assert_array_equal(velocity(time, 3.0, **guided), velocity(time, 1.0))
        for time in on:
            told, free = velocity(time, 1.0), velocity(time, 0.0, **guided)
            assert np.abs(told - free).max() > 0.01
            for guidance in (0.5, 3.0):
                expected = free + guidance * (told - free)
                found = velocity(time, guidance, **guided)
                np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_all_the_way_has_no_end():
    """At t = 1 the network of points is asked, and the image is known."""
    for shape, differs in ((POINTS, True), (GRAY, False)):
        model, points = small(shape, CLASSES), normal(5, shape)
        ends = [
            model.velocity(points, 1.0, 1, guidance=guidance, guided=ALL_THE_WAY)
            for guidance in (0.0, 1.0, 3.0)
        ]
        free, told, guided = ends
        assert (np.abs(told - free).max() > 0.01) == differs
        np.testing.assert_allclose(guided, free + 3 * (told - free), atol=1e-5)


@every_shape
def test_samples_are_guided_at_the_default_times(shape):
    model, latents, labels = small(shape, CLASSES), normal(5, shape), [0, 1, 1, 0, 1]
    settings = {"guidance": 4.0}
    for make in (
        lambda **guided: model.sample(5, 0, labels=labels, **settings, **guided),
        lambda **guided: model.generate(latents, labels, **settings, **guided),
        lambda **guided: model.paths(latents, labels, **settings, **guided),
    ):
        np.testing.assert_array_equal(make(), make(guided=GUIDED_TIMES))
        assert np.abs(make() - make(guided=ALL_THE_WAY)).max() > 0.01
        assert np.abs(make() - make(guided=(0, 0))).max() > 0.01
    stages = model.paths(latents, labels, **settings)
    plain = model.paths(latents, labels)
    same = (stages == plain).all(axis=tuple(range(1, stages.ndim)))
    begin = np.flatnonzero(model.stage_times(16) >= GUIDED_TIMES[0])[0]
    np.testing.assert_array_equal(same, np.arange(17) <= begin)


@pytest.mark.parametrize("num_classes", [None, CLASSES])
@pytest.mark.parametrize(
    ("guided", "words"),
    [
        ((0.5, 0.2), r"guided is \(0\.5, 0\.2\); give the earlier time first\."),
        ((0.1,), r"guided is \(0\.1,\); give two times, such as \(0\.15, 0\.55\)\."),
        ("ab", "guided is 'ab'; give two times"),
        ((float("nan"), 1), "guided is nan; give a number from 0 to 1"),
        ((-1, 1), "guided is -1; give a number from 0 to 1"),
        ((0, 1.5), "guided is 1.5; give a number from 0 to 1"),
        ((0.1, 0.2, 0.3), "give two times"),
        ([[0, 1]], "give two times"),
        (0.5, "guided is 0.5; give two times"),
        (None, "guided is None; give two times"),
    ],
)
def test_unfit_times_of_guidance_are_refused_in_one_sentence(num_classes, guided, words):
    model, points = small(POINTS, num_classes), normal(4, POINTS)
    labels = None if num_classes is None else 0
    for call in (
        lambda: model.sample(4, 0, guided=guided),
        lambda: model.generate(points, labels, guided=guided),
        lambda: model.paths(points, labels, guided=guided),
        lambda: model.velocity(points, 0.5, labels, guided=guided),
        lambda: model.num_calls(guided=guided),
    ):
        with pytest.raises(ValueError, match=words) as raised:
            call()
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("guided", [("a", "b"), (None, 1), (0, True), ((0, 1), (0, 1, 2))])
def test_times_of_guidance_that_are_no_numbers_are_refused(guided):
    with pytest.raises(TypeError, match=r"^guided is .*; give one number\.$"):
        small(POINTS, CLASSES).sample(4, 0, guided=guided)


# --- other bad input ---------------------------------------------------------------------------


WAYS = {
    "sample": lambda model, **options: model.sample(4, 0, **options),
    "generate": lambda model, **options: model.generate(normal(4, POINTS), **options),
    "paths": lambda model, **options: model.paths(normal(4, POINTS), **options),
    "stages": lambda model, **options: model.stages(normal(4, POINTS), **options),
    "to_noise": lambda model, **options: model.to_noise(normal(4, POINTS), **options),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_unfit_steps_and_solvers_are_refused_in_one_sentence(way):
    model = small()
    for unfit in (0, -3, 2.5, True, None):
        with pytest.raises(ValueError, match=f"num_steps is {unfit!r}; give a whole number of 1"):
            way(model, num_steps=unfit)
    with pytest.raises(ValueError, match="no solver 'rk4'; choose one of euler, heun, adams"):
        way(model, solver="rk4")


def test_unfit_latents_images_and_numbers_are_refused():
    model = small(GRAY)
    for call in (model.generate, model.paths, lambda points: model.velocity(points, 0.5)):
        with pytest.raises(ValueError, match=r"shape \(3, 4, 4\); this model needs \(n, 4, 4, 1\)"):
            call(np.zeros((3, 4, 4)))
        with pytest.raises(ValueError, match="NaN or infinity"):
            call(np.full((3, *GRAY), np.nan))
    with pytest.raises(ValueError, match=r"shape \(28, 28, 1\), but the model is built for"):
        model.to_noise(np.zeros((3, 28, 28, 1), np.uint8))
    with pytest.raises(ValueError, match="number of samples is -1"):
        model.sample(-1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda points, labels: (points, None), "learns from images and labels"),
        (lambda points, labels: (points, labels + 1), "contains 2, but"),
        (lambda points, labels: (points, labels[:-1]), "has 8 entries for 9 images"),
        (lambda points, labels: (points, 0 * labels), "No image has the label 1"),
        (lambda points, labels: (points, labels * 0.5), "one whole number for each image"),
        (lambda points, labels: (data.make_dataset(points), None), "yields no labels"),
        (lambda points, labels: (data.make_dataset(points, labels + 1), None), "contains 2, but"),
    ],
)
def test_unfit_labels_of_training_data_are_refused_in_one_sentence(change, words):
    model = small(POINTS, CLASSES)
    with pytest.raises(ValueError, match=words):
        model.fit(*change(*pictures(9, POINTS)), verbose=0)
    assert int(model.optimizer.iterations) == 0


# --- training ----------------------------------------------------------------------------------


def test_the_loss_falls_with_classes(labeled):
    losses = np.array(labeled.losses_of_epochs)
    assert len(losses) == 30 and np.isfinite(losses).all()
    assert losses[-5:].mean() < 0.8 * losses[0]


def test_the_loss_falls_without_classes():
    model = small()
    points, _ = pictures(256, POINTS)
    before = model.sample(4, seed=0)
    losses = model.fit(points, batch_size=64, epochs=25, verbose=0).history["loss"]
    assert np.mean(losses[-5:]) < losses[0] - 0.2
    assert int(model.optimizer.iterations) == 100
    assert not np.array_equal(model.sample(4, seed=0), before)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [GRAY, COLOR], ids=["gray", "color"])
def test_bytes_floats_and_datasets_train_alike(shape):
    images, labels = pictures(24, shape)
    weights = []
    for x, y in (
        (images, None),
        ((images / 255).astype(np.float32), None),
        (images / 255, labels),  # a model without classes leaves labels aside
        (data.make_dataset(images, batch_size=8, shuffle=False), None),
    ):
        model = small(shape, run_eagerly=True)
        x = x if isinstance(x, tf.data.Dataset) else data.make_dataset(x, y, 8, shuffle=False)
        history = model.fit(x, verbose=0).history
        assert set(history) == {"loss"}
        weights.append(model.get_weights())
    for others in weights[1:]:
        for one, other in zip(weights[0], others, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_arrays_train_in_batches_of_any_kind():
    model = small(GRAY, run_eagerly=True)
    images, _ = pictures(20, GRAY)
    for x in (images, (images / 255).astype(np.float32), images / 255):
        model.fit(x, batch_size=8, verbose=0)  # the last batch has 4 images
    assert int(model.optimizer.iterations) == 9


@every_shape
def test_validation_measures_the_average_and_changes_nothing(shape):
    model = small(shape, CLASSES, run_eagerly=True)
    images, labels = pictures(32, shape)
    held_out = (images[:5], labels[:5])  # fewer classes or images than in training are welcome
    history = model.fit(images, labels, validation_data=held_out, verbose=0).history
    assert set(history) == {"loss", "val_loss"} and np.isfinite(history["val_loss"]).all()
    dataset = data.make_dataset(images[:1], labels[:1], shuffle=False)
    before = copies(model.variables)
    first = model.evaluate(dataset, verbose=0, return_dict=True)["loss"]
    assert model.evaluate(dataset, verbose=0, return_dict=True)["loss"] == first
    for variable, value in zip(model.variables, before, strict=True):
        if variable.path.split("/")[0] != "loss":
            np.testing.assert_array_equal(variable.numpy(), value)
    model.average.set_weights([weight + 1 for weight in model.average.get_weights()])
    assert model.evaluate(dataset, verbose=0, return_dict=True)["loss"] != first


@pytest.mark.parametrize("shape", [POINTS, GRAY], ids=["noise", "times"])
def test_each_step_draws_other_noise_and_times(shape):
    """The guess is always 0: of points the loss has the noise alone, of white images the times."""
    model = small(shape, optimizer=keras.optimizers.SGD(0.0), run_eagerly=True)
    model.network.set_weights([0 * weight for weight in model.network.get_weights()])
    ones = np.ones((8, *shape), np.float32)
    losses = model.fit(ones, batch_size=8, epochs=4, verbose=0).history["loss"]
    assert len({round(loss, 4) for loss in losses}) == 4


def test_the_same_seed_trains_the_same_model():
    def weights(seed):
        model = small(GRAY, CLASSES, seed=seed, run_eagerly=True)
        model.fit(*pictures(24, GRAY), batch_size=8, verbose=0)
        return model.get_weights()

    first = weights(0)
    for one, other in zip(first, weights(0), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert not equal(first, weights(1))


@pytest.mark.parametrize(
    ("shape", "num_classes"),
    [
        (POINTS, None),
        (GRAY, CLASSES),
        pytest.param(POINTS, CLASSES, marks=pytest.mark.slow),
        pytest.param(COLOR, None, marks=pytest.mark.slow),
    ],
)
def test_training_resumes_exactly_from_a_checkpoint(shape, num_classes, tmp_path):
    def fit(model, epochs, initial_epoch=0):
        images, labels = pictures(16, shape)
        labels = None if num_classes is None else labels
        ordered = data.make_dataset(images, labels, batch_size=8, shuffle=False)
        model.fit(ordered, epochs=epochs, initial_epoch=initial_epoch, verbose=0)

    def state(model):
        return copies([*model.variables, *model.optimizer.variables])

    model = small(shape, num_classes, run_eagerly=True)
    fit(model, 1)
    checkpoints.save_checkpoint(model, tmp_path / "one.npz", 1)
    fit(model, 2, initial_epoch=1)
    other = small(shape, num_classes, seed=5, initial=5, run_eagerly=True)
    assert checkpoints.load_checkpoint(other, tmp_path / "one.npz") == 1
    fit(other, 2, initial_epoch=1)
    assert int(other.optimizer.iterations) == 4
    for one, resumed in zip(state(model), state(other), strict=True):
        np.testing.assert_allclose(one, resumed, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(model.sample(3, seed=0), other.sample(3, seed=0), atol=1e-6)


def test_the_average_s_weights_come_back_from_a_file(tmp_path):
    model, other = small(GRAY, CLASSES), small(GRAY, CLASSES, initial=1)
    assert pretrained.generating_network(model) is model.average
    assert not np.array_equal(model.sample(4, seed=0), other.sample(4, seed=0))
    model.average.save_weights(tmp_path / "flow.weights.h5")
    pretrained.load_network(other.average, tmp_path / "flow.weights.h5")
    np.testing.assert_array_equal(model.sample(4, seed=0), other.sample(4, seed=0))


@pytest.mark.slow
def test_two_devices_train_one_model():
    """In a process of its own, since devices are set up only once."""
    script = Path(__file__).parent / "two_devices.py"
    done = subprocess.run(
        [sys.executable, script, "flow"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["steps"] == 6
    assert found["largest_difference_between_replicas"] == 0
    assert np.isfinite(found["losses"]).all() and len(found["losses"]) == 2
    assert found["average_moved"] > 0
    first, second = found["noise"]
    assert np.shape(first) == (3, 2) and not np.isclose(first, second).any()
    assert np.shape(found["samples"]) == (3, 2)


# --- what it learns ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gaussian():
    """The points' network, narrower, after 300 steps on a Gaussian of known field."""
    keras.utils.set_random_seed(0)
    network = flow_networks.point_network(2, widths=(64, 64))
    model = flow_matching.FlowMatching(POINTS, network=network, seed=0)
    model.compile(average_decay=0.98)
    points = MEAN + SPREAD * normal(4096, POINTS)
    model.fit(points, batch_size=256, steps_per_epoch=300, verbose=0)
    return model


@pytest.mark.slow
@pytest.mark.parametrize(
    ("time", "error"), [(0.05, 0.08), (0.25, 0.06), (0.5, 0.06), (0.75, 0.08), (0.9, 0.12)]
)
def test_the_trained_field_is_near_the_exact_one(gaussian, time, error):
    points = time * MEAN + spread_at(time) * normal(2000, POINTS, seed=9)
    found, wanted = (model.velocity(points, time) for model in (gaussian, exact(POINTS)))
    assert np.sqrt(((found - wanted) ** 2).mean()) < error  # measured: 0.02 to 0.04, late 0.08
    assert np.sqrt((wanted**2).mean()) > 0.2


@pytest.mark.slow
def test_the_trained_flow_brings_noise_where_it_belongs(gaussian):
    latents = normal(2000, POINTS, seed=9)
    found = gaussian.generate(latents, num_steps=32)
    error = np.sqrt(((found - MEAN - SPREAD * latents) ** 2).mean())
    assert error < 0.08  # measured: 0.03
    assert found.mean() == pytest.approx(MEAN, abs=0.05)
    assert found.std() == pytest.approx(SPREAD, abs=0.05)
    back = gaussian.to_noise(found, num_steps=64)
    assert np.abs(back - latents).mean() < 0.01


def test_optimizers_that_cannot_serve_are_refused():
    model = flow_matching.FlowMatching(POINTS, network=dense_flow(POINTS))
    with pytest.raises(ValueError, match=r"use_ema=True.*average_decay"):
        model.compile(optimizer=keras.optimizers.Adam(use_ema=True))
    used = keras.optimizers.Adam()
    used.build([keras.Variable(0.0)])
    with pytest.raises(ValueError, match="already trains other weights"):
        model.compile(optimizer=used)
    model.compile()
    model.compile(optimizer=model.optimizer)  # its own may go on
