"""The record of lesson 14: one budget for all, curves that meet, and that a stopped one goes on."""

import numpy as np
import pytest
from tiny_flows import use_tiny_flows

from course_utils import data, metrics
from course_utils.recipes import quality, trained_models

SECONDS_A_STEP = {"GAN": 0.5, "conditional GAN": 1.0, "VAE": 0.25, "row RNN": 2.0}
SECONDS_A_STEP |= {"pixels": 1.0, "codes": 0.05}


def costs(rounds=5, steps=20, at_once=250):
    found = {}
    for kind, seconds in SECONDS_A_STEP.items():
        for width in quality.WIDTHS if kind in quality.CURVES else (1.0,):
            found[f"{kind} {width:g}"] = seconds * width
            found[f"{kind} {width:g} parameters"] = 1000 * width
        found[f"{kind} image"] = 0.002
    return found


# ---- what is trained -----------------------------------------------------------------------------


def test_runs_in_which_curves_meet_are_made_once():
    found = quality.runs()
    assert len(set(found)) == len(found) == len({run.name for run in found}) == 34
    for kind in quality.MODELS:
        assert quality.Run(kind, seconds=60.0) in found
    for kind in quality.CURVES:
        mine = [run for run in found if run.kind == kind]
        assert {run.images for run in mine} == set(quality.IMAGES)
        assert {run.width for run in mine} == set(quality.WIDTHS)
        assert {run.seconds for run in mine} == set(quality.TIMES)


def test_steps_fill_the_same_time():
    for run in quality.runs():
        steps = quality._steps(run, costs())
        if run.kind == "codes":
            spent = steps[0] * SECONDS_A_STEP["VAE"], steps[1] * SECONDS_A_STEP["codes"]
            assert spent == pytest.approx((run.seconds / 2, run.seconds / 2))
        else:
            (count,) = steps
            seconds = SECONDS_A_STEP[run.kind] * run.width
            assert count * seconds == pytest.approx(run.seconds, abs=seconds / 2)


@pytest.mark.parametrize("kind", ["GAN", "VAE", "row RNN", "pixels"])
def test_width_changes_the_size_and_1_is_the_courses(kind):
    sizes = [
        trained_models.parameters(trained_models.build(kind, 0, 1, width)) for width in (0.5, 1, 2)
    ]
    assert sizes[0] < sizes[1] < sizes[2]


# ---- what is measured ----------------------------------------------------------------------------


def test_real_images_and_the_mean_image_are_the_ends(monkeypatch):
    monkeypatch.setattr(quality, "NUM_SAMPLES", 400)
    real, mean = quality._ends()
    assert set(quality.MEASURES) <= set(real)
    assert real["distance"] < 3 < 50 < mean["distance"]
    assert real["precision"] > 0.8 and real["recall"] > 0.8 and mean["recall"] == 0
    assert real["copying"] == pytest.approx(1, abs=0.1)  # the last are compared with the first
    assert mean["inception_score"] == pytest.approx(1)


def test_training_images_are_nearer_to_those_that_were_seen(monkeypatch):
    monkeypatch.setattr(quality, "NUM_SAMPLES", 200)
    images, _ = data.load_images("fashion_mnist", split="train")
    assert quality._measured(images[:200], 200)["copying"] == 0
    assert quality._measured(images[200:400], 200)["copying"] == pytest.approx(1, abs=0.1)


# ---- the record ----------------------------------------------------------------------------------


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """Trainings that take no time, and what they were asked for; the distance says which one."""
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    monkeypatch.setattr(quality, "free_memory", lambda: None)
    made = []

    def drawn(run, seed, *steps):
        made.append((run, seed))
        return {"pictures": np.full(3, len(made))}

    def measured(pictures, num_images):
        return dict.fromkeys((*quality.MEASURES, "copying"), float(pictures[0]))

    monkeypatch.setattr(quality, "_costs", costs)
    monkeypatch.setattr(quality, "_drawn", drawn)
    monkeypatch.setattr(quality, "_measured", measured)
    monkeypatch.setattr(quality, "_ends", lambda: [measured([one], 1) for one in (-1, -2)])
    return made


def test_each_figure_is_that_of_its_own_training(counted):
    record, facts = quality.record_quality(seeds=(3, 5))
    at = {made: 1 + place for place, made in enumerate(counted)}
    for column, kind in enumerate(quality.MODELS):
        for row, seed in enumerate((3, 5)):
            expected = at[quality.Run(kind, seconds=60.0), seed]
            assert {record[one][row, column] for one in quality.MEASURES} == {expected}
    assert record["distance"][:, -2:].tolist() == [[-1, -2]] * 2
    curves = {"images": quality.IMAGES, "widths": quality.WIDTHS, "times": quality.TIMES}
    settings = {"images": "images", "widths": "width", "times": "seconds"}
    for name, values in curves.items():
        assert record[name].tolist() == list(values)
        for row, kind in enumerate(quality.CURVES):
            for column, value in enumerate(values):
                run = quality.Run(kind, **{settings[name]: value})
                assert record[f"{name}_distance"][0, row, column] == at[run, 3]
    assert record["images_copying"].shape == record["images_recall"].shape == (2, 4, 4)
    assert record["models"].tolist() == [*quality.MODELS.values(), "real images", "mean image"]
    assert record["curves"].tolist() == ["GAN", "VAE", "row RNN", "flow"]
    assert record["steps"].tolist() == [120, 60, 240, 30, 60, 600]
    np.testing.assert_allclose(record["ms_image"], 2)
    np.testing.assert_allclose(record["widths_parameters"], [[500, 1000, 2000]] * 4)
    assert "2 seeds" in facts["recipe"] and facts["quality"]["mean image"] == -2


def test_a_stopped_record_goes_on(counted, monkeypatch):
    make = quality._drawn

    def stops(run, seed, *steps):
        if len(counted) == 40:
            raise KeyboardInterrupt
        return make(run, seed, *steps)

    monkeypatch.setattr(quality, "_drawn", stops)
    with pytest.raises(KeyboardInterrupt):
        quality.record_quality()
    monkeypatch.setattr(quality, "_drawn", make)
    record, _ = quality.record_quality()
    assert len(counted) == len(set(counted)) == 3 * len(quality.runs())
    assert record["distance"].shape == (3, 8)


@pytest.mark.slow
@pytest.mark.parametrize("kind", quality.MODELS)
def test_a_training_of_few_steps_draws_pictures(kind, monkeypatch):
    images, labels = trained_models.training_images()
    monkeypatch.setattr(trained_models, "training_images", lambda: (images[:600], labels[:600]))
    monkeypatch.setattr(quality, "training_images", trained_models.training_images)
    monkeypatch.setattr(quality, "NUM_SAMPLES", 30)
    use_tiny_flows(monkeypatch)
    steps = (2, 3) if kind == "codes" else (2,)
    pictures = quality._drawn(quality.Run(kind, images=50), 0, *steps)["pictures"]
    assert pictures.shape == (30, 28, 28, 1) and pictures.dtype == np.uint8
    assert metrics.nearest_neighbors(pictures[:1], pictures[1:]).distances[0] > 0


@pytest.mark.slow
def test_what_is_timed(monkeypatch):
    """Every step and every drawing is run once; a flow of codes also draws with its decoder."""
    timed = {}

    def once(runs, rounds, steps):
        for name, run in runs.items():
            assert run() is not None
            timed[name] = steps
        return dict.fromkeys(runs, 0.5)

    monkeypatch.setattr(quality, "in_turns", once)
    use_tiny_flows(monkeypatch)
    found = quality._costs(at_once=2)
    assert len(timed) == 4 * 3 + 2 + 6
    assert found["VAE image"] == 0.25 and found["codes image"] == 0.5
    assert found["codes 1 parameters"] > found["VAE 1 parameters"] > 0
