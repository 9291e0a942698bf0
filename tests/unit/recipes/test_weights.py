"""The weights that ship: how they are saved and what is measured of them."""

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.models import pretrained, vae
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
def test_the_classifiers_facts_are_measured_as_lessons_measure():
    """Floor and ceiling of a fresh classifier, here on a few images, against `metrics`' own."""
    network = pretrained.load("fashion_features_v1")
    images = data.load_images("fashion_mnist", "test")[0]
    found = weights._floor_and_ceiling(network, images[:300], images)
    assert found["floor"] == pytest.approx(float(metrics.frechet_distance(images[:300])), abs=1e-3)
    assert found["ceiling"] > 10 * found["floor"]
