"""The GAN: its training step against NumPy, its hooks, and training through Keras' `fit`."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_models import LATENTS, SHAPE, copies, equal, image_gan, linear_gan, pixels

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import gan, gan_losses, networks

HERE = Path(__file__).parent
METRICS = {"generator_loss", "discriminator_loss", "real_logit", "fake_logit"}


class RecordingGAN(gan.GAN):
    """Keeps the latents that its generator was given; for `run_eagerly=True`."""

    def generator_input(self, latents, labels):
        self.recorded = [*getattr(self, "recorded", []), latents.numpy()]
        return latents


def one_step(model, images=None, **arguments):
    """Compile with plain gradient descent, do one step, return the History's values."""
    options = {"optimizer": keras.optimizers.SGD(0.1), "run_eagerly": True, **arguments}
    model.compile(**options)
    images = pixels(8) if images is None else images
    history = model.fit(data.make_dataset(images, shuffle=False), verbose=0).history
    return {name: values[0] for name, values in history.items()}


@pytest.fixture(scope="module")
def model():
    """A compiled image GAN that is traced once for all tests that only need some training."""
    model = image_gan()
    model.compile()
    return model


# --- construction ------------------------------------------------------------------------------


def test_sizes_describe_the_default_networks():
    model = gan.GAN((32, 32, 3), latent_size=5, seed=0)
    assert model.image_shape == (32, 32, 3)
    assert model.latent_size == 5
    assert model.sample(2, seed=0).shape == (2, 32, 32, 3)


def test_ready_networks_decide_the_shapes():
    model = gan.GAN((28, 28, 1), 64, generator=networks.generator(SHAPE, 3, width=2))
    assert (model.image_shape, model.latent_size) == (SHAPE, 3)
    assert model.discriminator.input_shape == (None, *SHAPE)
    sequential = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model = gan.GAN(generator=sequential, discriminator=networks.dense_discriminator())
    assert (model.image_shape, model.latent_size) == ((2,), 4)


def test_the_average_begins_as_the_generator_and_is_not_trained():
    model = image_gan()
    assert equal(model.average.get_weights(), model.generator.get_weights())
    assert not model.average.trainable_weights
    assert not {id(w) for w in model.average.weights} & {id(w) for w in model.generator.weights}


def test_networks_that_do_not_fit_each_other_are_refused():
    with pytest.raises(ValueError, match=r"makes \(16, 16, 1\).*expects \(28, 28, 1\)"):
        gan.GAN(generator=networks.generator(SHAPE), discriminator=networks.discriminator())


@pytest.mark.parametrize("role", ["generator", "discriminator"])
def test_networks_without_shapes_are_refused(role):
    with pytest.raises(TypeError, match=r"no known shapes.*begins with keras\.Input"):
        gan.GAN(**{role: keras.Sequential([keras.layers.Dense(1)])})


def test_an_unfit_image_shape_is_refused():
    with pytest.raises(ValueError, match="image_shape is 28"):
        gan.GAN(28)


@pytest.mark.slow
def test_the_seed_comes_from_set_random_seed_unless_given():
    assert int(image_gan(seed=5).seed) == 5
    assert int(image_gan(seed=None).seed) == int(image_gan(seed=None).seed)
    assert int(image_gan(seed=None, initial=1).seed) != int(image_gan(seed=None).seed)


# --- compile -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", gan_losses.GAN_LOSSES)
def test_each_loss_trains_by_name_and_as_an_object(name):
    values = one_step(linear_gan(), data.toy("ring", 8), loss=name)
    assert np.isfinite(list(values.values())).all()
    given = one_step(linear_gan(), data.toy("ring", 8), loss=gan_losses.GAN_LOSSES[name])
    assert given == values


def test_the_default_loss_is_hinge():
    model = linear_gan()
    model.compile()
    assert model.gan_loss is gan_losses.GAN_LOSSES["hinge"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"loss": "wasserstien"}, "no GAN loss 'wasserstien'; choose one of minimax"),
        ({"loss": None}, "no GAN loss None; choose"),
        ({"loss": keras.losses.BinaryCrossentropy()}, "no GAN loss .*; choose one of"),
        ({"discriminator_steps": 0}, "discriminator_steps is 0; give a whole number"),
        ({"discriminator_steps": 2.5}, "discriminator_steps is 2.5; give a whole number"),
        ({"discriminator_steps": "2"}, "discriminator_steps is '2'; give a whole number"),
        ({"average_decay": 1.0}, "average_decay is 1, so the average would never move"),
        ({"average_decay": -0.1}, "average_decay is -0.1; give a number"),
        ({"label_smoothing": 0.1}, "hinge loss has no target probabilities"),
        ({"loss": "minimax", "label_smoothing": 1.2}, "label_smoothing is 1.2"),
        ({"optimizer": "adma"}, "adma"),
        ({"optimizer": keras.optimizers.Adam(use_ema=True)}, "use_ema=True.*leave it out"),
        ({"discriminator_optimizer": keras.optimizers.SGD(use_ema=True)}, "use_ema=True"),
    ],
)
def test_unfit_arguments_of_compile_are_refused_in_one_sentence(arguments, words):
    with pytest.raises(ValueError, match=words) as raised:
        linear_gan().compile(**arguments)
    assert "\n" not in str(raised.value)


def test_one_optimizer_is_copied_for_the_discriminator():
    model = linear_gan()
    model.compile(optimizer=keras.optimizers.Adam(3e-3, beta_1=0.3))
    first, second = model.generator_optimizer, model.discriminator_optimizer
    assert first is model.optimizer
    assert first is not second
    assert second.get_config() == first.get_config()


def test_optimizers_go_by_name_and_one_for_each_network():
    model = linear_gan()
    own = keras.optimizers.SGD(0.5)
    model.compile(optimizer="rmsprop", discriminator_optimizer=own)
    assert isinstance(model.generator_optimizer, keras.optimizers.RMSprop)
    assert model.discriminator_optimizer is own


def test_an_optimizer_that_trains_something_else_is_refused():
    shared = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="Both networks got one optimizer; make one for each"):
        linear_gan().compile(optimizer=shared, discriminator_optimizer=shared)
    model = linear_gan()
    model.compile(optimizer=shared)
    model.compile(optimizer=shared)  # its own
    for role in ("optimizer", "discriminator_optimizer"):
        with pytest.raises(ValueError, match="already trains other weights; make a new one"):
            linear_gan().compile(**{role: shared})


def test_both_optimizers_are_built_before_training():
    model = image_gan()
    model.compile()
    for optimizer, network in (
        (model.generator_optimizer, model.generator),
        (model.discriminator_optimizer, model.discriminator),
    ):
        assert len(optimizer.variables) == 2 + 2 * len(network.trainable_variables)


# --- one step, by hand -------------------------------------------------------------------------


def steps_by_hand(real, latents, weights, num_steps, discriminator_steps, decay_limit, rate):
    """Least-squares steps of linear networks in float64; latents are consumed in order.

    The generator learns from the fakes that the discriminator saw last.
    """
    matrix, shift, slope, bias = (np.array(value, np.float64) for value in weights)
    mean_matrix, mean_shift = matrix.copy(), shift.copy()
    latents = iter(latents)
    for step in range(1, num_steps + 1):
        for _ in range(discriminator_steps):
            latent = next(latents)
            fake = latent @ matrix + shift
            real_error = real @ slope + bias - 1
            fake_logit = fake @ slope + bias
            slope_gradient = (real.T @ real_error + fake.T @ fake_logit) / len(real)
            bias_gradient = (real_error + fake_logit).mean(axis=0)
            slope = slope - rate * slope_gradient
            bias = bias - rate * bias_gradient
        error = ((latent @ matrix + shift) @ slope + bias - 1) / len(real)
        matrix = matrix - rate * latent.T @ error @ slope.T
        shift = shift - rate * (error @ slope.T).sum(axis=0)
        decay = min(decay_limit, (1 + step) / (10 + step))
        mean_matrix = decay * mean_matrix + (1 - decay) * matrix
        mean_shift = decay * mean_shift + (1 - decay) * shift
    return matrix, shift, slope, bias, mean_matrix, mean_shift


@pytest.mark.parametrize(
    ("discriminator_steps", "average_decay"), [(1, 0.998), (1, 0.2), (3, 0.998), (2, 0.0)]
)
def test_training_steps_equal_those_by_hand(discriminator_steps, average_decay):
    model = linear_gan(kind=RecordingGAN)
    before = model.generator.get_weights() + model.discriminator.get_weights()
    model.compile(
        "least_squares",
        optimizer=keras.optimizers.SGD(0.1),
        discriminator_steps=discriminator_steps,
        average_decay=average_decay,
        run_eagerly=True,
    )
    real = data.toy("moons", 16) * 2
    model.fit(data.make_dataset(real, shuffle=False), epochs=4, verbose=0)
    expected = steps_by_hand(
        real, model.recorded, before, 4, discriminator_steps, average_decay, 0.1
    )
    found = [
        *model.generator.get_weights(),
        *model.discriminator.get_weights(),
        *model.average.get_weights(),
    ]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    assert int(model.generator_optimizer.iterations) == 4
    assert int(model.discriminator_optimizer.iterations) == 4 * discriminator_steps
    assert len(model.recorded) == 4 * discriminator_steps
    assert len({latents.tobytes() for latents in model.recorded}) == len(model.recorded)


@pytest.mark.parametrize(
    ("generator_rate", "discriminator_rate"), [(0.1, 0.0), (0.0, 0.1)], ids=["frozen D", "frozen G"]
)
def test_each_update_leaves_the_other_network_alone(generator_rate, discriminator_rate):
    model = image_gan()
    before = [copies(n.trainable_variables) for n in (model.generator, model.discriminator)]
    one_step(
        model,
        optimizer=keras.optimizers.SGD(generator_rate),
        discriminator_optimizer=keras.optimizers.SGD(discriminator_rate),
    )
    after = [copies(n.trainable_variables) for n in (model.generator, model.discriminator)]
    assert equal(before[0], after[0]) == (generator_rate == 0)
    assert equal(before[1], after[1]) == (discriminator_rate == 0)


def test_the_average_follows_batch_norm_s_statistics_too():
    model = image_gan()
    before = model.average.get_weights()
    one_step(model)
    decay = 2 / 11
    for old, new, mean in zip(
        before, model.generator.get_weights(), model.average.get_weights(), strict=True
    ):
        np.testing.assert_allclose(mean, decay * old + (1 - decay) * new, rtol=1e-5, atol=1e-6)
    statistics = [w for w in model.average.weights if "moving_mean" in w.path]
    assert statistics
    assert all(np.abs(w.numpy()).max() > 0 for w in statistics)


def test_sample_uses_the_average():
    model = image_gan()
    one_step(model)
    before = model.sample(4, seed=0)
    model.generator.set_weights([0 * weight for weight in model.generator.get_weights()])
    np.testing.assert_array_equal(model.sample(4, seed=0), before)
    model.average.set_weights(model.generator.get_weights())
    assert not np.array_equal(model.sample(4, seed=0), before)


@pytest.mark.slow
def test_a_smaller_last_batch_gets_as_few_fakes():
    model = image_gan(kind=RecordingGAN)
    model.compile(run_eagerly=True)
    model.fit(pixels(20), batch_size=8, verbose=0)
    assert [len(latents) for latents in model.recorded] == [8, 8, 4]


# --- hooks -------------------------------------------------------------------------------------


def test_augment_changes_real_and_fake_images_with_seeds_of_their_own():
    calls = []

    def augment(images, seed):
        calls.append((images.numpy(), tuple(seed.numpy())))
        return images * 0.0

    model = image_gan()
    before = copies(model.generator.trainable_variables)
    bias = model.discriminator.get_layer("logits").bias
    bias.assign([0.25])
    values = one_step(model, augment=augment, discriminator_optimizer=keras.optimizers.SGD(0.0))
    assert len(calls) == 3  # real, fake; fake for the generator
    np.testing.assert_allclose(calls[0][0], pixels(8) / 127.5 - 1, atol=1e-6)
    assert calls[0][1] != calls[1][1]
    assert 0.1 < values["real_logit"] < 0.32  # the bias alone, thinned or enlarged by Dropout
    assert equal(before, copies(model.generator.trainable_variables))  # through a factor of 0


def test_the_gradient_reaches_the_generator_through_augment():
    def generator_change(augment):
        model = linear_gan()
        before = copies(model.generator.trainable_variables)
        model.discriminator.set_weights([np.array([[1.0], [-2.0]]), np.zeros(1)])
        one_step(
            model,
            data.toy("ring", 8),
            augment=augment,
            discriminator_optimizer=keras.optimizers.SGD(0.0),
        )
        after = copies(model.generator.trainable_variables)
        return [b - a for a, b in zip(before, after, strict=True)]

    plain = generator_change(None)
    tripled = generator_change(lambda points, seed: 3.0 * points)
    for one, three in zip(plain, tripled, strict=True):
        assert np.abs(one).max() > 0
        np.testing.assert_allclose(three, 3 * one, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_all_draws_of_a_step_have_seeds_of_their_own_however_many_there_are():
    class NotingSeeds(gan.GAN):
        def _step_seed(self, purpose, repetition=0):
            seed = super()._step_seed(purpose, repetition)
            noted.setdefault(tuple(seed.numpy()), set()).add((purpose, repetition))
            return seed

    noted = {}
    model = linear_gan(kind=NotingSeeds)
    one_step(
        model,
        data.toy("ring", 4),
        discriminator_steps=120,
        augment=lambda points, seed: points,
        penalty=lambda discriminate, real, fake, seed: 0.0,
    )
    assert len(noted) == 4 * 120  # latents, real, fake, penalty
    assert all(len(draws) == 1 for draws in noted.values())
    model.evaluate(data.make_dataset(data.toy("ring", 4)), verbose=0)
    assert len(noted) == 4 * 120 + 4  # validation has its own


def test_the_generator_learns_from_what_the_discriminator_saw():
    calls = []

    def augment(points, seed):
        calls.append((tuple(seed.numpy()), points.numpy()))
        return points

    one_step(linear_gan(), data.toy("ring", 8), augment=augment, discriminator_steps=2)
    seeds, points = zip(*calls, strict=True)
    assert len(calls) == 5  # real, fake, real, fake; fake for the generator
    assert seeds[4] == seeds[3]
    np.testing.assert_array_equal(points[4], points[3])


@pytest.mark.slow
def test_augment_s_seed_changes_from_step_to_step_in_a_traced_step():
    model = linear_gan()
    seeds = tf.Variable(tf.zeros((4, 2), tf.int64))

    def augment(points, seed):
        step = tf.cast(model.generator_optimizer.iterations, tf.int32)
        seeds.scatter_nd_update([[step]], [seed])
        return points

    model.compile(augment=augment)
    model.fit(data.toy("ring", 32), batch_size=8, verbose=0)
    assert len(set(map(tuple, seeds.numpy()))) == 4


def test_a_penalty_is_added_and_sees_both_kinds_of_images():
    seen = {}

    def penalty(discriminate, real, fake, seed):
        seen.update(real=real, fake=fake, logits=discriminate(real))
        return 3.0

    plain = one_step(linear_gan(), data.toy("ring", 8))
    punished = one_step(linear_gan(), data.toy("ring", 8), penalty=penalty)
    assert punished["discriminator_loss"] == pytest.approx(plain["discriminator_loss"] + 3)
    assert punished["generator_loss"] == plain["generator_loss"]
    np.testing.assert_array_equal(seen["real"], data.toy("ring", 8))
    assert seen["fake"].shape == (8, 2)
    assert seen["logits"].shape == (8, 1)


@pytest.mark.slow
def test_a_gradient_penalty_moves_the_discriminator():
    def penalty(discriminate, real, fake, seed):
        with tf.GradientTape() as tape:
            tape.watch(real)
            logits = discriminate(real)
        return 10 * tf.reduce_mean(tf.reduce_sum(tape.gradient(logits, real) ** 2, axis=-1))

    slopes = {}
    for hook in (None, penalty):
        model = linear_gan()
        model.compile(optimizer=keras.optimizers.SGD(0.01), penalty=hook)
        model.fit(data.toy("ring", 8), epochs=20, verbose=0)
        slopes[hook] = np.abs(model.discriminator.get_weights()[0]).max()
    assert slopes[penalty] < 0.2 * slopes[None]


def test_a_penalty_may_refuse_the_discriminator_when_it_is_chosen():
    def penalty(discriminate, real, fake, seed):
        return 0.0

    def refuse(discriminator):
        raise ValueError(f"{discriminator.name} is not to be trained.")

    penalty.check = refuse
    with pytest.raises(ValueError, match="discriminator is not to be trained"):
        linear_gan().compile(penalty=penalty)


def test_label_smoothing_adds_what_its_formula_says():
    hard = one_step(linear_gan(), data.toy("ring", 8), loss="non_saturating")
    soft = one_step(linear_gan(), data.toy("ring", 8), loss="non_saturating", label_smoothing=0.1)
    # (1 - s) softplus(-x) + s softplus(x) = softplus(-x) + s x
    expected = hard["discriminator_loss"] + 0.1 * hard["real_logit"]
    assert soft["discriminator_loss"] == pytest.approx(expected, rel=1e-5)
    assert soft["discriminator_loss"] != hard["discriminator_loss"]


# --- fit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda: pixels(),
        lambda: (pixels() / 255).astype("float32"),
        lambda: pixels() / 255,
        lambda: data.make_dataset(pixels(), batch_size=8),
        lambda: data.make_dataset(pixels(), np.arange(20), batch_size=8),
    ],
    ids=["uint8", "float32", "float64", "dataset", "dataset with labels"],
)
def test_arrays_and_datasets_train(model, make):
    steps = int(model.optimizer.iterations)
    before = model.sample(2, seed=0)
    history = model.fit(make(), batch_size=8, epochs=2, verbose=0).history
    assert set(history) == METRICS
    for values in history.values():
        assert len(values) == 2
        assert all(isinstance(value, float) and np.isfinite(value) for value in values)
    assert int(model.optimizer.iterations) == steps + 6
    assert not np.array_equal(model.sample(2, seed=0), before)


@pytest.mark.slow
def test_bytes_floats_and_labeled_data_train_alike():
    weights = []
    for images, labels in (
        (pixels(), None),
        ((pixels() / 255).astype("float32"), None),
        (pixels(), np.zeros(20, int)),
    ):
        model = image_gan()
        model.compile(run_eagerly=True)
        model.fit(images, labels, verbose=0)
        weights.append(model.get_weights())
    for others in weights[1:]:
        for one, other in zip(weights[0], others, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_history_holds_the_mean_over_the_epoch():
    calls = []

    def count(discriminate, real, fake, seed):
        calls.append(len(calls))
        return float(calls[-1])

    model = linear_gan()
    model.discriminator.set_weights([np.zeros((2, 1)), np.zeros(1)])
    model.compile(
        "least_squares", optimizer=keras.optimizers.SGD(0.0), penalty=count, run_eagerly=True
    )
    history = model.fit(data.toy("ring", 12), batch_size=4, epochs=2, verbose=0).history
    assert history["discriminator_loss"] == pytest.approx([0.5 + 1, 0.5 + 4])


@pytest.mark.slow
def test_an_epoch_may_take_more_steps_than_the_data_have_batches(model):
    steps = int(model.optimizer.iterations)
    model.fit(pixels(), batch_size=8, epochs=2, steps_per_epoch=7, verbose=0)
    assert int(model.optimizer.iterations) == steps + 14
    endless = data.make_dataset(pixels(), batch_size=8, repeat=True)
    model.fit(endless, steps_per_epoch=7, verbose=0)
    assert int(model.optimizer.iterations) == steps + 21


def test_short_fits_in_a_row_see_different_images():
    seen = []

    def augment(images, seed):
        seen.append(images.numpy().tobytes())
        return images

    model = linear_gan()
    model.compile(augment=augment, run_eagerly=True)
    for _ in range(3):
        model.fit(data.toy("ring", 64), batch_size=4, steps_per_epoch=1, verbose=0)
    assert len({*seen[::3]}) == 3  # real, fake, fake; real, ...


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        lambda: pixels(10, seed=1),
        lambda: (pixels(10, seed=1), np.zeros(10, int)),
        lambda: data.make_dataset(pixels(10, seed=1), batch_size=8),
    ],
    ids=["array", "array with labels", "dataset"],
)
def test_validation_data_are_measured(model, make):
    history = model.fit(pixels(), batch_size=8, validation_data=make(), verbose=0).history
    assert set(history) == METRICS | {f"val_{name}" for name in METRICS}


def test_validation_leaves_the_networks_as_they_are():
    normalized = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.BatchNormalization(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1),
        ]
    )
    model = gan.GAN(generator=networks.dense_generator(), discriminator=normalized, seed=0)
    model.compile(run_eagerly=True)
    before = copies(model.variables)
    dataset = data.make_dataset(data.toy("ring", 8), batch_size=8, shuffle=False)
    results = [model.evaluate(dataset, return_dict=True, verbose=0) for _ in range(2)]
    assert equal(before, copies(model.variables))
    assert results[0] == results[1]
    logits = normalized(data.toy("ring", 8), training=False)
    assert results[0]["real_logit"] == pytest.approx(float(np.mean(logits)), abs=1e-6)


def test_keras_callbacks_work(model):
    ended = []
    stop = keras.callbacks.EarlyStopping("generator_loss", mode="min", min_delta=1e9)
    note = keras.callbacks.LambdaCallback(on_train_end=lambda logs: ended.append(logs))
    history = model.fit(pixels(), batch_size=8, epochs=9, verbose=0, callbacks=[stop, note])
    assert len(history.history["discriminator_loss"]) == 2
    assert len(ended) == 1
    model.fit(pixels(), batch_size=8, verbose=0, callbacks=note)  # one, without a list
    assert len(ended) == 2


@pytest.mark.slow
def test_a_learning_rate_schedule_acts_on_the_generator():
    model = linear_gan()
    model.compile(optimizer=keras.optimizers.SGD(0.1))
    before = [copies(n.weights) for n in (model.generator, model.discriminator)]
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch, rate: 0.0)
    model.fit(data.toy("ring", 16), epochs=2, verbose=0, callbacks=[schedule])
    assert float(model.generator_optimizer.learning_rate) == 0
    assert equal(before[0], copies(model.generator.weights))
    assert not equal(before[1], copies(model.discriminator.weights))


def test_the_progress_bar_shows_the_losses(model, capsys):
    model.fit(pixels(), batch_size=8, verbose=2)
    shown = capsys.readouterr().out
    assert "discriminator_loss" in shown
    assert "3/3" in shown


@pytest.mark.slow
def test_traced_and_eager_steps_agree():
    weights = []
    for eager in (False, True):
        model = linear_gan()
        model.compile("non_saturating", run_eagerly=eager)
        model.fit(data.toy("ring", 32), batch_size=8, verbose=0)
        weights.append(model.get_weights())
    for traced, eager in zip(*weights, strict=True):
        np.testing.assert_allclose(traced, eager, rtol=1e-4, atol=1e-6)


# --- interrupts --------------------------------------------------------------------------------


class Interrupt(keras.callbacks.Callback):
    """Does what the notebook's stop button does, at this step or hook."""

    def __init__(self, hook: str):
        super().__init__()
        setattr(self, hook, lambda *_, **__: signal.raise_signal(signal.SIGINT))


@pytest.mark.slow
@pytest.mark.parametrize("hook", ["on_train_batch_end", "on_train_begin", "on_test_batch_end"])
def test_an_interrupt_leaves_a_usable_model_and_says_so(model, capsys, hook):
    ended = []
    note = keras.callbacks.LambdaCallback(on_train_end=lambda logs: ended.append(True))
    steps = int(model.optimizer.iterations)
    result = model.fit(
        pixels(),
        batch_size=8,
        epochs=5,
        verbose=0,
        validation_data=pixels(8),
        callbacks=[Interrupt(hook), note],
    )
    assert "Training was interrupted" in capsys.readouterr().out
    assert ended == [True]
    assert isinstance(result, keras.callbacks.History)
    assert steps <= int(model.optimizer.iterations) <= steps + 3
    assert np.isfinite(model.sample(2)).all()
    steps = int(model.optimizer.iterations)
    again = model.fit(pixels(), batch_size=8, verbose=0).history
    assert int(model.optimizer.iterations) == steps + 3
    assert len(again["generator_loss"]) == 1


# --- several devices ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_devices():
    """What `two_devices.py` found; in a process of its own, since devices are set up only once."""
    done = subprocess.run(
        [sys.executable, HERE / "two_devices.py"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_two_devices_train_one_model(two_devices):
    assert two_devices["replicas"] == 2
    assert two_devices["steps"] == 4
    assert two_devices["largest_difference_between_replicas"] == 0
    assert set(two_devices["history"]) == METRICS | {f"val_{name}" for name in METRICS}
    assert all(np.isfinite(values).all() for values in two_devices["history"].values())
    assert two_devices["average_moved"] > 0
    assert two_devices["sample_shape"] == [3, *SHAPE]


@pytest.mark.slow
def test_two_devices_draw_different_noise(two_devices):
    first, second = two_devices["latents"]
    assert np.shape(first) == (2, LATENTS)
    assert not np.isclose(first, second).any()


@pytest.mark.slow
def test_two_devices_descend_as_far_as_one(two_devices):
    for one, two in zip(*two_devices["weights_on_one_and_two"], strict=True):
        np.testing.assert_allclose(two, one, rtol=1e-4, atol=1e-6)
    one, two = two_devices["losses_on_one_and_two"]
    assert two == pytest.approx(one, rel=1e-4)


@pytest.mark.slow
def test_two_devices_refuse_batches_that_they_cannot_share(two_devices):
    assert "needs batches of one size, a multiple of 2" in two_devices["unequal_batches"]
    assert "needs batches of one size, a multiple of 2" in two_devices["odd_batches"]
