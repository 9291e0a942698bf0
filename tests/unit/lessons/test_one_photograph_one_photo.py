"""The generator that learns from one photograph."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from course_utils.base import backend
from course_utils.lessons.one_photograph import one_photo


@pytest.fixture(scope="module")
def photo():
    y, x = np.mgrid[:32, :40] / 6.0
    waves = np.stack([np.sin(x), np.cos(y), np.sin(x + y)], axis=-1)
    return (0.5 + 0.4 * waves).astype(np.float32)


def trained(photo, border="mirror"):
    model = one_photo.OnePhotoGAN(
        photo, longest=40, num_scales=2, coarsest=12, channels=8, border=border, seed=0
    )
    model.fit(60, every=20)
    return model


@pytest.fixture(scope="module")
def model(photo):
    return trained(photo)


@pytest.fixture(scope="module")
def padded_model(photo):
    return trained(photo, "zeros")


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


@pytest.mark.parametrize("size", [None, (32, 80), (64, 33)])
def test_with_zeros_at_the_border_the_sizes_are_the_same(padded_model, size):
    assert padded_model.sample(2, seed=1, size=size).shape == (2, *(size or (32, 40)), 3)
    assert padded_model.reconstruction().shape == (32, 40, 3)


def test_only_zeros_at_the_border_tell_a_generator_where_it_is(model, padded_model):
    """From constant noise a generator that meets no border makes a picture of one color."""
    for network, varies in ((model, False), (padded_model, True)):
        constant = one_photo.tf.ones_like(network.fixed_noise)
        made = network._refine(0, None, constant).numpy()
        assert (made.std(axis=(1, 2)).max() > 1e-3) == varies


def test_the_discriminator_judges_whole_patches_only(model, padded_model):
    real = model.reals[0]
    _, height, width, _ = real.shape
    assert model.discriminators[0](real).shape == (1, height - 10, width - 10, 1)
    assert padded_model.discriminators[0](real).shape == (1, height, width, 1)


def test_the_seed_decides(model):
    assert np.array_equal(model.sample(1, seed=3), model.sample(1, seed=3))
    assert not np.array_equal(model.sample(1, seed=3), model.sample(1, seed=4))
    assert not np.array_equal(model.sample(1), model.sample(1))
    large = 2**40  # more than TensorFlow's usual 32 bits
    assert np.array_equal(model.sample(np.int64(1), large), model.sample(1, seed=large))


def test_no_pictures_are_an_empty_array(model):
    empty = model.sample(0, size=(32, 48))
    assert empty.shape == (0, 32, 48, 3) and empty.dtype == np.float32


@pytest.mark.parametrize("n", [-1, True, 2.5, "4", None])
def test_an_unfit_number_of_pictures_is_refused_as_by_every_model(model, n):
    with pytest.raises(ValueError, match=f"number of samples is {n!r}; give a whole number"):
        model.sample(n)


class UntracedTensorFlow:
    """TensorFlow, whose `tf.function` returns the function as it is."""

    def __getattr__(self, name):
        return (lambda step: step) if name == "function" else getattr(backend.tf, name)


@pytest.mark.slow
def test_no_two_pictures_scales_and_steps_share_their_noise(photo, monkeypatch):
    """Training at its first steps, and drawing with the seed that it was trained with."""
    noises = []

    def draw(shape, seed):
        noises.append(tuple(np.asarray(seed)))
        return backend.tf.zeros(shape)

    model = one_photo.OnePhotoGAN(photo, longest=40, num_scales=3, coarsest=12, channels=4, seed=7)
    monkeypatch.setattr(one_photo, "tf", UntracedTensorFlow())
    monkeypatch.setattr(backend.tf.random, "stateless_normal", draw)
    model.fit(4)
    trained_with = len(noises)
    assert trained_with == 4 * 1 + 2 * 2 + 1 * 3  # steps times the scales that they draw
    monkeypatch.setattr(one_photo, "PIXELS_AT_ONCE", 1)
    model.sample(5, seed=7)
    model.sample(5, seed=8)
    assert len(noises) == trained_with + 2 * 5 * 3
    assert len(set(noises)) == len(noises)


@pytest.mark.slow
def test_the_same_seed_trains_the_same(model, photo):
    assert np.allclose(trained(photo).sample(1, seed=3), model.sample(1, seed=3), atol=1e-3)


def test_unfitted_and_bad_arguments_are_refused(model, photo):
    with pytest.raises(RuntimeError, match="fit first"):
        one_photo.OnePhotoGAN(photo, longest=40, num_scales=2).sample()
    with pytest.raises(ValueError, match="height is 8; give a whole number from 32 to 512"):
        model.sample(size=(8, 32))
    with pytest.raises(ValueError, match="width is 513; give a whole number from 32 to 512"):
        model.sample(size=(32, 513))
    with pytest.raises(ValueError, match=r"height is 40\.5; give a whole number"):
        model.sample(size=(40.5, 40))
    with pytest.raises(ValueError, match=r"size is \(40,\); give \(height, width\)"):
        model.sample(size=(40,))
    with pytest.raises(ValueError, match="first_scale is 7; give a whole number from 0 to 1"):
        model.sample(first_scale=7)
    with pytest.raises(ValueError, match="seed is -1; give a whole number"):
        model.sample(seed=-1)
    with pytest.raises(ValueError, match="num_steps is 0"):
        model.fit(0)
    with pytest.raises(ValueError, match="no border 'reflect'; choose one of mirror, zeros"):
        one_photo.OnePhotoGAN(photo, border="reflect")


def test_a_finer_scale_takes_half_the_steps(model):
    last_steps = dict(zip(model.history["scale"], model.history["step"], strict=True))
    assert last_steps == {0: 60, 1: 30}


@pytest.mark.slow
def test_the_share_decides_how_many_steps_a_finer_scale_takes(photo):
    model = one_photo.OnePhotoGAN(photo, longest=40, num_scales=3, coarsest=12, channels=4)
    history = model.fit(10, share=0.7)
    assert dict(zip(history["scale"], history["step"], strict=True)) == {0: 10, 1: 7, 2: 5}
    with pytest.raises(ValueError, match=r"share is 1\.5"):
        model.fit(10, share=1.5)


@pytest.mark.slow
def test_the_history_ends_with_the_error_of_the_reconstruction(photo):
    model = one_photo.OnePhotoGAN(photo, longest=40, num_scales=2, coarsest=12, channels=8, seed=0)
    before = model.reconstruction()
    model.fit(1)
    # One step on each scale: the finest one's error is taken before its update.
    assert model.history["step"] == [1, 1]
    errors = [np.sqrt(((made - model.photo) ** 2).mean()) for made in (before, photo * 0)]
    assert 0 < model.history["reconstruction"][-1] < max(errors)
    model.fit(60)
    after = np.sqrt(((model.reconstruction() - model.photo) ** 2).mean())
    assert model.history["reconstruction"][-1] == pytest.approx(after, rel=0.2)


@pytest.mark.slow
def test_fitting_twice_begins_anew(photo, model):
    twice = one_photo.OnePhotoGAN(photo, longest=40, num_scales=2, coarsest=12, channels=8, seed=0)
    twice.fit(3)
    twice.fit(60, every=20)
    assert np.allclose(twice.sample(1, seed=3), model.sample(1, seed=3), atol=1e-3)
    assert twice.history["step"] == model.history["step"]


@pytest.mark.slow
def test_verbose_prints_a_line_a_scale(photo, capsys):
    model = one_photo.OnePhotoGAN(photo, longest=40, num_scales=2, coarsest=12, channels=4)
    model.fit(2, verbose=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[1].startswith("scale 1:  32 x  40 pixels,     1 steps")


def test_what_is_coarser_than_the_first_scale_comes_from_the_photo(model):
    """With noise at the fine scale alone, two pictures differ less than with noise everywhere."""
    spread = [model.sample(6, seed=1, first_scale=scale).std(axis=0).mean() for scale in (0, 1)]
    assert spread[1] < spread[0] / 2


def test_the_penalty_of_a_linear_discriminator_is_its_squared_length():
    keras = one_photo.keras
    linear = keras.Sequential(
        [keras.Input((None, None, 3)), keras.layers.Conv2D(1, 1, use_bias=False)]
    )
    linear.set_weights([np.reshape([2.0, -1.0, 3.0], (1, 1, 3, 1))])
    real = one_photo.tf.random.normal((1, 4, 5, 3))
    logits, penalty = one_photo.logits_and_penalty(linear, real)
    assert float(penalty) == pytest.approx(14.0)
    assert np.allclose(logits, linear(real))


def test_the_live_figure_says_what_it_shows(model):
    figure = one_photo.sample_figure(model, seed=5, first_scale=1.0, height=48.0, width=56.0)
    assert figure.caption == (
        "Drawn with seed 5, 48 x 56 pixels, noise from scale 1 on: scales below 1 come from the "
        "photo."
    )
    png = base64.b64decode(re.search(r"base64,([^\"]+)", figure.content).group(1))
    assert Image.open(io.BytesIO(png)).size == (3 * 56, 3 * 48)
    whole = one_photo.sample_figure(model, seed=5, first_scale=0, height=32, width=32)
    assert whole.caption.endswith("noise from scale 0 on: all of it is drawn.")


@pytest.mark.parametrize("first_scale", [0, 1])
@pytest.mark.parametrize("size", [(32, 32), (32, 144), (144, 32), (144, 144)])
def test_the_live_figure_over_the_whole_range_of_its_controls(model, size, first_scale):
    figure = one_photo.sample_figure(model, 999, first_scale, *size)
    assert f"{size[0]} x {size[1]} pixels" in figure.caption
