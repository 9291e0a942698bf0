"""The generator that learns from one photograph."""

import numpy as np
import pytest

from course_utils import one_photo


@pytest.fixture(scope="module")
def photo():
    y, x = np.mgrid[:32, :40] / 6.0
    waves = np.stack([np.sin(x), np.cos(y), np.sin(x + y)], axis=-1)
    return (0.5 + 0.4 * waves).astype(np.float32)


def trained(photo):
    model = one_photo.OnePhotoGAN(photo, longest=40, num_scales=2, channels=8, seed=0)
    model.fit(40, every=39)
    return model


@pytest.fixture(scope="module")
def model(photo):
    return trained(photo)


def test_reconstruction_error_falls_at_the_coarsest_scale(model):
    errors = [
        error
        for scale, error in zip(
            model.history["scale"], model.history["reconstruction"], strict=True
        )
        if scale == 0
    ]
    assert errors[-1] < errors[0]


@pytest.mark.parametrize("size", [None, (32, 80), (64, 33)])
@pytest.mark.parametrize("first_scale", [0, 1])
def test_sample_has_the_size(model, size, first_scale):
    drawn = model.sample(2, seed=1, size=size, first_scale=first_scale)
    assert drawn.shape == (2, *(size or (32, 40)), 3)
    assert drawn.dtype == np.float32 and drawn.min() >= 0 and drawn.max() <= 1


def test_the_seed_decides(model):
    assert np.array_equal(model.sample(1, seed=3), model.sample(1, seed=3))
    assert not np.array_equal(model.sample(1, seed=3), model.sample(1, seed=4))


def test_the_same_seed_trains_the_same(model, photo):
    assert np.allclose(trained(photo).sample(1, seed=3), model.sample(1, seed=3), atol=1e-3)


def test_unfitted_and_bad_arguments_are_refused(model, photo):
    with pytest.raises(RuntimeError, match="fit first"):
        one_photo.OnePhotoGAN(photo, longest=40, num_scales=2).sample()
    with pytest.raises(ValueError, match="sides of 32"):
        model.sample(size=(8, 8))
    with pytest.raises(ValueError, match="first_scale is 7"):
        model.sample(first_scale=7)
    with pytest.raises(ValueError, match="num_steps is 0"):
        model.fit(0)
    with pytest.raises(ValueError, match="scales"):
        one_photo.pyramid_sizes((10, 10))


def test_the_discriminator_sees_11_by_11():
    network = one_photo.patch_network(channels=4, outputs=1, padding="valid")
    assert network(np.zeros((1, 11, 11, 3), np.float32)).shape == (1, 1, 1, 1)
