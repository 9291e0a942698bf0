"""The two VAEs that fail, without their betas on the label."""

import numpy as np
import pytest

from course_utils import data
from course_utils.lessons.vae_latent_space import failures
from course_utils.models import pretrained


@pytest.fixture(scope="module", name="found")
def kl_and_errors():
    """Mean KL of each latent, (16,), and the reconstructions' mean error: of each patient."""
    images = data.binarize(data.load_images("fashion_mnist", "test")[0][:300])
    found = {}
    for name in failures.PATIENTS:
        model = failures.patient(name)
        mean, log_variance = model.encode(images)
        kl = 0.5 * (mean**2 + np.exp(log_variance) - log_variance - 1).mean(axis=0)
        errors = np.abs(model.reconstruct(images) - images / 255).mean()
        found[name] = np.sort(kl)[::-1], errors
    return found


def test_they_fail_in_the_two_ways_that_the_exercise_asks_about(found):
    (kl_a, error_a), (kl_b, error_b) = found["A"], found["B"]
    assert kl_a[-1] > 1  # every latent of A carries much
    assert kl_b[5] < 0.05 < kl_b[0]  # few of B's carry anything
    assert error_a < 0.6 * error_b


def test_both_differ_from_the_sound_one_in_beta_alone():
    entries = pretrained.manifest()
    for name in failures.PATIENTS.values():
        arguments = entries[name]["arguments"]
        assert {**arguments, "beta": 1.0} == entries["vae_fashion_16"]["arguments"]
        assert entries[name]["recipe"] == entries["vae_fashion_16"]["recipe"]


def test_another_name_is_refused():
    with pytest.raises(ValueError, match="patient"):
        failures.patient("C")
