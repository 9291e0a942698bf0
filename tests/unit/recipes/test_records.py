"""The records that ship: packed again they are the same."""

import re

import numpy as np
import pytest

from course_utils import data
from course_utils.models import conditional_gan
from course_utils.recipes import records


def pixels(n=8):
    return np.random.default_rng(0).integers(0, 256, (n, 16, 16, 1), dtype=np.uint8)


@pytest.mark.parametrize("name", records.RECIPES)
def test_packing_a_shipped_record_again_gives_its_contents_and_facts(name, tmp_path):
    entry = data.measurements_manifest()[name]
    arrays = data.load_measurements(name)
    facts = {key: entry[key] for key in ("what", "recipe", "quality")}
    again = records.save(name, arrays, tmp_path, **facts)
    # Another version of NumPy may compress otherwise.
    assert again | {"sha256": 0, "bytes": 0} == entry | {"sha256": 0, "bytes": 0}
    assert entry["quality"]
    for key, quality in entry["quality"].items():  # one number, three seeds', or those by time
        if key == "pixels_16_calls":  # with Adams' method
            solver, calls = list(arrays["solvers"]).index("adams"), list(arrays["calls"]).index(16)
            assert arrays["pixels"][:, solver, calls].mean() == pytest.approx(quality, abs=6e-4)
            continue
        if name == "followed_words":  # such as "flow_new_tones_top_5", by pixels
            kind, part, measure = re.fullmatch(r"([^_]+)_(.+)_(top_5|sharpness)", key).groups()
            row, column = list(arrays["kinds"]).index(kind), list(arrays["parts"]).index(part)
            values = arrays[measure][:, row, column].reshape(3, -1)[:, 0]
            assert values.mean() == pytest.approx(quality, abs=6e-4)
            continue
        if name == "quality":  # of a model, by its name
            column = list(arrays["models"]).index(key)
            assert arrays["distance"][:, column].mean() == pytest.approx(quality, abs=6e-4)
            continue
        last = arrays[key][:, -1] if arrays[key].ndim == 2 else arrays[key]
        assert last.mean() == pytest.approx(quality, abs=6e-4)


def test_the_mean_logit_is_that_of_the_discriminator():
    model = conditional_gan.ConditionalGAN(3, (16, 16, 1), latent_size=4, seed=0)
    images, classes = pixels(6) / np.float32(255), np.arange(6) % 3
    one_by_one = [
        float(model.discriminator([2 * image[None] - 1, np.eye(3)[[label]]], training=False)[0, 0])
        for image, label in zip(images, classes, strict=True)
    ]
    found = records._mean_logit(model, images, classes)
    assert found == pytest.approx(np.mean(one_by_one), abs=1e-4)
