"""The record of lesson 15: steps for equal time, its numbers, and that a stopped one goes on."""

import numpy as np
import pytest
from tiny_flows import tiny_network, use_tiny_flows

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import flow_matching, flow_solvers
from course_utils.recipes import flow_calls, trained_models

COSTS = {"pixels": 0.02, "codes": 0.005, "VAE": 0.02, "GAN": 0.04, "pair": 0.0001}


def tiny_flow(seed=0, size=16):
    keras.utils.set_random_seed(seed)
    network = tiny_network((28, 28, 1), size=size)
    return flow_matching.FlowMatching((28, 28, 1), network=network, seed=seed)


def noise(n, seed=0):
    return np.random.default_rng(seed).standard_normal((n, 28, 28, 1), "f4")


# ---- steps ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", flow_calls.SOLVERS)
@pytest.mark.parametrize("calls", [*flow_calls.CALLS, 3, 7])
def test_the_steps_are_the_most_with_at_most_so_many_calls(solver, calls):
    steps = flow_calls._steps_for(calls, solver)
    if solver == "new noise":
        assert steps == calls
    else:
        numbers = [flow_solvers.num_calls(solver, number) for number in (steps, steps + 1)]
        assert numbers[0] <= calls < numbers[1]


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """Trainings and measurements that take no time; what they were asked for."""
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    monkeypatch.setattr(flow_calls, "free_memory", lambda: None)  # it takes half a second
    made = []

    def costs():
        made.append("costs")
        return COSTS

    shape = {"pixels": (len(flow_calls.SOLVERS), len(flow_calls.CALLS))}
    shape |= dict.fromkeys(("codes", "second_pass"), (len(flow_calls.CALLS),))

    def fake(*names):
        def make(seed, *settings):
            made.append((names[0], seed, *settings))
            return {name: np.full(shape.get(name, ()), 10.0 + seed) for name in names}

        return make

    monkeypatch.setattr(flow_calls, "_costs", costs)
    for name, keys in {
        "_pixels": ("pixels",),
        "_codes": ("codes", "floor"),
        "_second_pass": ("second_pass",),
        "_gan": ("GAN",),
        "_vae": ("VAE",),
    }.items():
        monkeypatch.setattr(flow_calls, name, fake(*keys))
    return made


def test_all_get_the_same_time(counted):
    """Of `codes` half goes to its VAE; of `second_pass` half to the first pass, then the pairs."""
    flow_calls.record_flow_calls(seeds=(5,), seconds=60, num_measured=2500)
    asked = {name: settings for name, *settings in counted[1:]}
    assert {settings[0] for settings in asked.values()} == {5}
    assert {settings[-1] for settings in asked.values()} == {2500}
    steps = {name: settings[1:-1] for name, settings in asked.items()}
    seconds = {
        "pixels": steps["pixels"][0] * COSTS["pixels"],
        "codes": steps["codes"][0] * COSTS["VAE"] + steps["codes"][1] * COSTS["codes"],
        "second_pass": sum(steps["second_pass"]) * COSTS["pixels"]
        + flow_calls.PAIRS * COSTS["pair"],
        "GAN": steps["GAN"][0] * COSTS["GAN"],
        "VAE": steps["VAE"][0] * COSTS["VAE"],
    }
    assert seconds == pytest.approx(dict.fromkeys(seconds, 60), abs=0.03)
    assert steps["codes"] == [1500, 6000]
    assert steps["second_pass"][0] == 1500


def test_what_is_in_the_record(counted, capsys):
    found, facts = flow_calls.record_flow_calls(seeds=(0, 2))
    assert found["calls"].tolist() == list(flow_calls.CALLS)
    assert found["solvers"].tolist() == list(flow_calls.SOLVERS)
    assert found["pixels"].shape == (2, len(flow_calls.SOLVERS), len(flow_calls.CALLS))
    assert found["codes"].shape == found["second_pass"].shape == (2, len(flow_calls.CALLS))
    for name in ("GAN", "VAE", "floor"):
        np.testing.assert_array_equal(found[name], np.float32([10, 12]))
        assert found[name].dtype == np.float32
    ms = dict(zip(found["kinds"].tolist(), found["ms"].tolist(), strict=True))
    assert ms == pytest.approx({"pixels": 20, "codes": 5, "VAE": 20, "GAN": 40})
    steps = dict(zip(found["kinds"].tolist(), found["steps"].tolist(), strict=True))
    assert steps == {"pixels": 3000, "codes": 12000, "VAE": 3000, "GAN": 1500}
    assert facts["quality"] == {"pixels_16_calls": 11.0, "GAN": 11.0, "VAE": 11.0}
    assert "2 seeds, 60 s" in facts["recipe"] and "2,500 samples" in facts["recipe"]
    said = capsys.readouterr().out
    assert said.startswith("  steps in 60 s: {'pixels': 3000,")
    assert all(
        f"  {name}, seed {seed}: " in said for name in (*steps, "second_pass") for seed in (0, 2)
    )


def test_a_record_that_is_there_computes_nothing_anew_and_a_stopped_one_goes_on(
    counted, monkeypatch
):
    make = flow_calls._gan

    def stops(seed, *settings):
        if seed == 1:
            raise KeyboardInterrupt
        return make(seed, *settings)

    monkeypatch.setattr(flow_calls, "_gan", stops)
    with pytest.raises(KeyboardInterrupt):
        flow_calls.record_flow_calls()
    assert counted[0] == "costs" and len(counted) == 1 + 5 + 3
    counted.clear()
    monkeypatch.setattr(flow_calls, "_gan", make)
    found, facts = flow_calls.record_flow_calls()
    missing = [("GAN", 1), ("VAE", 1), *((name, 2) for name in ("pixels", "codes", "second_pass"))]
    assert [one[:2] for one in counted] == [*missing, ("GAN", 2), ("VAE", 2)]
    counted.clear()
    again, same_facts = flow_calls.record_flow_calls()
    assert counted == [] and same_facts == facts
    for name, values in found.items():
        np.testing.assert_array_equal(again[name], values)
    flow_calls.record_flow_calls(seconds=30.0)
    assert len(counted) == 1 + 3 * 5


# ---- drawing anew --------------------------------------------------------------------------------


def test_renewing_repeats_itself_and_stays_in_the_range_of_pixels():
    model, latents = tiny_flow(), noise(5)
    given = latents.copy()

    def draw(seed):
        return flow_calls.renewing(model, latents, 4, np.random.default_rng(seed))

    first = draw(0)
    assert first.shape == (5, 28, 28, 1) and first.dtype == np.float32
    assert first.min() >= 0 and first.max() <= 1
    np.testing.assert_array_equal(draw(0), first)
    assert np.abs(draw(1) - first).max() > 0.01  # the noise that is drawn anew counts
    np.testing.assert_array_equal(latents, given)


@pytest.mark.parametrize("steps", [1, 6])
def test_renewing_ends_at_what_is_always_guessed(steps):
    """The guess is 0.5 everywhere, and at the last step none of the noise is left."""
    model = tiny_flow()
    model.average.set_weights([np.zeros_like(one) for one in model.average.get_weights()])
    for layer in model.average.layers:
        if isinstance(layer, keras.layers.Dense) and layer.units == 784:
            layer.bias.assign(np.full(784, 0.5))
    found = flow_calls.renewing(model, noise(3), steps, np.random.default_rng(0))
    np.testing.assert_allclose(found, 0.75, atol=1e-6)


@pytest.mark.parametrize("solver", flow_calls.SOLVERS)
def test_as_many_images_as_asked_for_whichever_way(solver):
    found = flow_calls._followed(tiny_flow(), solver, 2, 500)
    assert found.shape == (500, 28, 28, 1)
    assert np.isfinite(found).all() and found.min() >= 0 and found.max() <= 1
    assert np.abs(found[:250] - found[250:]).max() > 0.01  # not the same ones twice
    np.testing.assert_array_equal(flow_calls._followed(tiny_flow(), solver, 2, 500), found)


# ---- the second pass -----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_second_pass_learns_to_go_straight_to_its_images():
    """Four pairs: one call of the network leads from each noise to its own image, not the mean."""
    model = tiny_flow(size=64)
    model.compile(optimizer=keras.optimizers.Adam(0.001), average_decay=0.9)
    start, levels = noise(4), np.float32([0.8, -0.8, 0.4, 0.0])
    images = levels[:, None, None, None] * np.ones((4, 28, 28, 1), "f4")
    step = flow_calls.second_pass_step(model)

    def error():
        found = data.scale_pixels(model.generate(start, num_steps=1))
        return np.abs(found - images).mean()

    before = error()
    for _ in range(400):
        step(tf.constant(start), tf.constant(images))
    assert model.optimizer.iterations == 400
    error_of_the_mean = np.abs(levels - levels.mean()).mean()
    assert 10 * error() < error_of_the_mean < before


# ---- a record of few steps -----------------------------------------------------------------------


@pytest.mark.slow
def test_what_a_step_costs_is_asked_of_all_kinds(monkeypatch):
    """Each is run once here; a pair is one of 256 images that are drawn at once."""
    use_tiny_flows(monkeypatch)
    kinds = []

    def once(runs, rounds, steps):
        for name, run in runs.items():
            kinds.append(name)
            assert run() is not None
        return dict.fromkeys(runs, 0.5)

    monkeypatch.setattr(flow_calls, "in_turns", once)
    costs = flow_calls._costs()
    assert kinds == ["pixels", "codes", "VAE", "GAN", "pair"]
    assert costs == dict.fromkeys(kinds[:-1], 0.5) | {"pair": 0.5 / 256}


@pytest.mark.slow
def test_a_record_of_few_steps(tmp_path, monkeypatch):
    """Of real trainings and distances, with tiny flows on few images."""
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    images, labels = trained_models.training_images()
    monkeypatch.setattr(trained_models, "training_images", lambda: (images[:600], labels[:600]))
    use_tiny_flows(monkeypatch)
    monkeypatch.setattr(flow_calls, "_costs", lambda: COSTS)
    for name, value in {"CALLS": (1, 16), "PAIRS": 128, "PAIR_CALLS": 2}.items():
        monkeypatch.setattr(flow_calls, name, value)
    found, facts = flow_calls.record_flow_calls(seeds=(0,), seconds=0.08, num_measured=250)
    assert found["steps"].tolist() == [4, 16, 4, 2]
    shapes = {"pixels": (1, 4, 2), "codes": (1, 2), "second_pass": (1, 2)}
    for name, shape in (shapes | dict.fromkeys(("GAN", "VAE", "floor"), (1,))).items():
        assert found[name].shape == shape
        assert np.isfinite(found[name]).all() and (found[name] > 0).all()
    # With one call all solvers but the one with new noise go the same step.
    one_call = dict(zip(found["solvers"].tolist(), found["pixels"][0, :, 0].tolist(), strict=True))
    assert one_call["euler"] == one_call["heun"] == one_call["adams"]
    assert facts["quality"]["GAN"] == pytest.approx(float(found["GAN"][0]), abs=6e-4)
