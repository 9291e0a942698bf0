"""The patients of lesson 07: each fault does what it is named for, and the record has all of it."""

import numpy as np
import pytest

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import gan_losses, updates
from course_utils.recipes import clinic, patients

SMALL = {"image_shape": (16, 16, 1), "latent_size": 4}
KNOWN = {fault for faults in clinic.RUNS.values() for fault in faults}


def patient(*faults, seed=0):
    keras.utils.set_random_seed(seed)
    return patients.Patient(faults, seed=seed, **SMALL)


def pixels(n=64):
    return np.random.default_rng(0).integers(0, 256, (n, 16, 16, 1), dtype=np.uint8)


def changes(model, batch):
    """Largest changes of each network's trained weights, and of the averages, in one step."""
    networks = (model.discriminator, model.generator)
    parts = [part(one) for one in networks for part in (clinic._trained, clinic._averages)]
    before = [[one.numpy() for one in part] for part in parts]
    model.train_step(batch)
    found = [
        max(np.abs(new.numpy() - old).max() for new, old in zip(part, olds, strict=True))
        for part, olds in zip(parts, before, strict=True)
    ]
    return dict(zip(("d", "d_averages", "g", "g_averages"), found, strict=True))


# ---- the faults ----------------------------------------------------------------------------------


def test_a_healthy_step_is_that_of_the_written_out_updates():
    model, batch = patient(), tf.constant(pixels())
    real = 2 * tf.cast(batch, tf.float32) / 255 - 1
    latents = model._draw_latents(64)
    twins = [keras.models.clone_model(one) for one in (model.generator, model.discriminator)]
    for twin, one in zip(twins, (model.generator, model.discriminator), strict=True):
        twin.set_weights(one.get_weights())
    optimizers = [keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99) for _ in twins]
    found = model.train_step(batch)
    of_d = updates.update_discriminator(*twins, optimizers[0], real, latents, loss="non_saturating")
    of_g = updates.update_generator(*twins, optimizers[1], latents, loss="non_saturating")
    assert float(found["discriminator_loss"]) == pytest.approx(float(of_d), rel=1e-5)
    assert float(found["generator_loss"]) == pytest.approx(float(of_g), rel=1e-4)
    for twin, one in zip(twins, (model.generator, model.discriminator), strict=True):
        for expected, weight in zip(clinic._trained(twin), clinic._trained(one), strict=True):
            np.testing.assert_allclose(weight.numpy(), expected.numpy(), atol=2e-4)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("healthy", lambda real, fake: np.log1p(np.exp(-real)) + np.log1p(np.exp(fake))),
        ("unseen", lambda real, fake: np.log1p(np.exp(-real))),
        ("negation", lambda real, fake: np.log1p(np.exp(-real)) + np.log1p(np.exp(1 - fake))),
        ("sign", lambda real, fake: np.log1p(np.exp(-real)) - np.log1p(np.exp(fake))),
    ],
)
def test_the_discriminators_losses(fault, expected):
    real, fake = np.float32([2.0, -1.0, 0.5]), np.float32([-3.0, 0.0, 4.0])
    loss = patients.loss_of((fault,))
    found = float(loss.discriminator(real, fake))
    assert found == pytest.approx(expected(real, fake).mean(), rel=1e-5)
    assert loss.generator is gan_losses.non_saturating_generator_loss
    assert np.isfinite(float(loss.discriminator([-100.0], [100.0])))


@pytest.mark.parametrize("fault", sorted(KNOWN | {"healthy"}))
def test_what_one_step_moves(fault):
    model, batch = patient(fault), tf.constant(pixels())
    if fault == "frozen":
        model.discriminator.trainable = False
    found = changes(model, batch)
    assert found["g"] > 0
    assert (found["d"] == 0) == (fault == "frozen")
    assert (found["g_averages"] == 0) == (fault == "modes")
    assert (found["d_averages"] == 0) == (fault in ("modes", "frozen"))


def test_only_a_leak_moves_the_generator_in_the_discriminators_update():
    for fault in ("leak", "healthy"):
        model = patient(fault)
        moved = clinic._what_moves(model, model.unpack(tf.constant(pixels()))[0])["moved"]
        assert (moved[0][1] > 0) == (fault == "leak")
        assert moved[0][0] > 0 and moved[1][1] > 0 and moved[1][0] == 0


def test_a_leak_helps_the_discriminator():
    """In its update the generator's weights go down the discriminator's loss."""
    losses = {}
    for fault in ("leak", "healthy"):
        model = patient(fault)
        real, _ = model.unpack(tf.constant(pixels()))
        model.update_discriminator(real)
        losses[fault] = float(model.update_discriminator(real)["discriminator_loss"])
    assert losses["leak"] < losses["healthy"]


def test_a_sigmoid_bounds_what_the_discriminator_says():
    model = patient("sigmoid")
    said = model.logits(100 * tf.random.normal((8, 16, 16, 1), seed=0), None, training=False)
    assert ((said.numpy() >= 0) & (said.numpy() <= 1)).all()
    loss = model.gan_loss.discriminator
    assert float(loss([1.0], [0.0])) == pytest.approx(1.006, abs=1e-3)  # as the lesson says
    assert float(model.gan_loss.generator([1.0])) == pytest.approx(0.313, abs=1e-3)


def test_ranges_of_real_images():
    batch = tf.constant(pixels())
    for faults, low, high in (((), -1, 1), (("pixels",), 0, 255)):
        real, labels = patient(*faults).unpack(batch)
        assert (float(tf.reduce_min(real)), float(tf.reduce_max(real))) == (low, high)
        assert labels is None
    noise = patients.real_images(("noise",), 100)
    assert np.array_equal(patient("noise").unpack(tf.constant(noise))[0], noise)


def test_what_a_training_is_fed():
    ordinary = patients.real_images((), 200)
    assert ordinary.shape == (200, 28, 28, 1) and ordinary.dtype == np.uint8
    assert np.array_equal(patients.real_images(("batch", "modes"), 200), ordinary[:64])
    noise = patients.real_images(("noise",), 2000)
    assert abs(noise.mean()) < 0.01 and noise.std() == pytest.approx(1, abs=0.01)
    assert np.array_equal(patients.real_images(("noise",), 100), noise[:100])


def test_adams_defaults_are_keras_own():
    default = keras.optimizers.Adam().get_config()
    for optimizer in (patient("adam").generator_optimizer, patient("adam").discriminator_optimizer):
        found = optimizer.get_config()
        assert {key: found[key] for key in ("learning_rate", "beta_1", "beta_2")} == {
            key: default[key] for key in ("learning_rate", "beta_1", "beta_2")
        }
    config = patient().generator_optimizer.get_config()
    assert [config[key] for key in ("beta_1", "beta_2")] == [0.5, 0.99]


# ---- training and tests --------------------------------------------------------------------------


@pytest.mark.slow
def test_points_are_means_and_a_freeze_comes_after_the_first(monkeypatch):
    monkeypatch.setattr(patients, "POINT", 2)
    monkeypatch.setattr(patients, "LOOK_BACK", 2)
    images = pixels(100)
    curves = {}
    for fault in ("healthy", "frozen"):
        model = patient(fault)
        start = [one.numpy() for one in model.discriminator.weights]
        curves[fault] = patients.train(model, images, 4)
        assert {key: value.shape for key, value in curves[fault].items()} == {
            **dict.fromkeys(
                ("discriminator_loss", "real_logit", "fake_logit", "generator_loss"), (2,)
            ),
            "swing": (),
        }
        assert not all(
            np.array_equal(old, new)
            for old, new in zip(start, model.discriminator.get_weights(), strict=True)
        )
        assert model.discriminator.trainable == (fault == "healthy")
    for name, values in curves["healthy"].items():
        if name != "swing":
            assert values[0] == pytest.approx(curves["frozen"][name][0], rel=1e-4)
    assert curves["healthy"]["swing"] > 0


@pytest.mark.slow
def test_a_record_of_few_steps_has_all_that_the_lesson_reads(monkeypatch):
    runs = ("healthy", "noise_unseen", "sign_frozen")
    monkeypatch.setattr(clinic, "RUNS", {run: clinic.RUNS[run] for run in runs})
    found, facts = clinic.record_gan_clinic(steps=30, count=40, seeds=2)
    shipped = data.load_measurements("gan_clinic")
    assert found["runs"].tolist() == list(runs) and found["steps"].tolist() == [10, 20, 30]
    assert found["healthy_distance"].shape == (2,) and shipped["healthy_distance"].shape == (3,)
    for name, value in found.items():
        assert value.dtype.kind == shipped[name].dtype.kind, name
        assert value.shape[1:] == shipped[name].shape[1:], name
    for run in runs:
        expected = {name for name in shipped if name.startswith(f"{run}_")}
        assert {name for name in found if name.startswith(f"{run}_")} >= expected
        assert found[f"{run}_samples"].shape == (16, 28, 28, 1)
    assert facts["quality"].keys() == {f"{run}_frechet" for run in runs}
    assert "30 steps" in facts["recipe"]
    assert found["noise_unseen_fake_share"] == 0 and found["noise_unseen_ranges"][1] > 3
    assert found["sign_frozen_moved"][0].max() == 0 and found["sign_frozen_tried_losses"][2] < 0


def test_the_shares_of_gradients_sum_over_both_kinds():
    shares = {
        fault: clinic._gradient_share(model, model.unpack(tf.constant(pixels()))[0])
        for fault in ("healthy", "unseen", "sign", "frozen")
        for model in [patient(fault)]
    }
    assert shares["unseen"] == 0
    assert 0.2 < shares["healthy"] < 0.8
    assert shares["sign"] == pytest.approx(shares["healthy"], rel=0.05)  # as long, the other way
    assert shares["frozen"] == pytest.approx(shares["healthy"], rel=0.05)


# ---- what ships ----------------------------------------------------------------------------------


def test_the_shipped_record_is_of_these_runs():
    record = data.load_measurements("gan_clinic")
    assert record["runs"].tolist() == list(clinic.RUNS)
    assert {run: tuple(record[f"{run}_faults"]) for run in clinic.RUNS} == clinic.RUNS
    assert record["steps"][-1] == clinic.STEPS
    assert data.measurements_manifest()["gan_clinic"]["bytes"] < 250_000
    assert sum(len(faults) == 2 for faults in clinic.RUNS.values()) >= 3
    assert all(len(faults) <= 2 for faults in clinic.RUNS.values())
    for name, values in record.items():
        if values.dtype.kind == "f":
            assert np.isfinite(values).all(), name


def test_curves_show_what_the_lesson_says():
    record = data.load_measurements("gan_clinic")
    last = {run: float(record[f"{run}_discriminator_loss"][-1]) for run in clinic.RUNS}
    assert last["sign"] < -100 and -100 < last["sign_frozen"] < 0
    assert all(last[run] < 0.01 for run in ("unseen", "negation", "noise_unseen"))
    assert record["pixels_sigmoid_discriminator_loss"].min() > 1.006
    healthy = {run: float(record[f"{run}_frechet"]) for run in clinic.RUNS}
    assert min(healthy, key=healthy.get) == "healthy"
