"""The weights that ship: how they are saved and what is measured of them."""

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.models import flow_matching, pretrained, vae
from course_utils.recipes import weights


def pixels(n=8):
    return np.random.default_rng(0).integers(0, 256, (n, 16, 16, 1), dtype=np.uint8)


@pytest.mark.slow
def test_saved_weights_hold_no_optimizer_and_load_again(tmp_path, monkeypatch):
    """A VAE trained for one step, through `save`, then `load`."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    model = vae.VAE((16, 16, 1), latent_size=3, likelihood="gaussian", seed=0)
    model.compile()
    model.fit(pixels(), verbose=0)
    arguments = {"image_shape": [16, 16, 1], "latent_size": 3, "likelihood": "gaussian"}
    entry = weights.save("small", model, tmp_path, builder="VAE", arguments=arguments)
    assert entry["bytes"] < 6 * model.count_params()  # four bytes a weight, and names
    loaded = pretrained.load("small")
    assert loaded.scale == model.scale
    np.testing.assert_allclose(loaded.sample(3, seed=0), model.sample(3, seed=0), atol=1e-6)


@pytest.mark.slow
def test_half_precision_takes_half_the_room_and_loads_nearly_the_same(tmp_path, monkeypatch):
    """A number keeps 11 bits: it moves by at most 1/2048 of itself."""
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("COURSE_ROOT", str(tmp_path))
    model = flow_matching.FlowMatching((2,), num_classes=3, seed=0)
    facts = {"builder": "FlowMatching", "arguments": {"image_shape": [2], "num_classes": 3}}
    full = weights.save("full", model, tmp_path, **facts)
    half = weights.save("half", model, tmp_path, **facts, precision="float16")
    assert half["precision"] == "float16" and "precision" not in full
    names = full["bytes"] - 4 * model.average.count_params()  # and the file's tables
    assert half["bytes"] == pytest.approx(2 * model.average.count_params() + names, rel=0.05)
    loaded = pretrained.load("half")
    for found, expected in zip(
        loaded.average.get_weights(), model.average.get_weights(), strict=True
    ):
        assert found.dtype == expected.dtype == np.float32
        np.testing.assert_allclose(found, expected, rtol=1 / 2048, atol=1e-7)
    np.testing.assert_allclose(loaded.sample(9, seed=0), model.sample(9, seed=0), atol=0.01)
    assert not np.array_equal(loaded.sample(9, seed=0), pretrained.load("full").sample(9, seed=0))
    again = weights.save("half", loaded, tmp_path, **facts, precision="float16")
    assert again["sha256"] == half["sha256"]  # nothing is lost the second time


@pytest.mark.slow
def test_the_classifiers_facts_are_measured_as_lessons_measure():
    """Floor and ceiling of a fresh classifier, here on a few images, against `metrics`' own."""
    network = pretrained.load("fashion_features_v1")
    images = data.load_images("fashion_mnist", "test")[0]
    found = weights._floor_and_ceiling(network, images[:300], images)
    assert found["floor"] == pytest.approx(float(metrics.frechet_distance(images[:300])), abs=1e-3)
    assert found["ceiling"] > 10 * found["floor"]
