"""The live picture of a training, without a browser."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_utils.models import gan, networks
from course_utils.widgets import live_samples


@pytest.fixture(scope="module")
def image_model():
    """A compiled GAN whose step takes milliseconds."""
    model = gan.GAN(generator=networks.generator((16, 16, 1), 8, width=4), seed=0)
    model.compile()
    return model


def train(model, steps, callback):
    images = np.random.default_rng(0).integers(0, 256, (20, 16, 16, 1), dtype=np.uint8)
    model.fit(images, batch_size=8, steps_per_epoch=steps, verbose=0, callbacks=[callback])


class Screen:
    """Stands in for IPython's display and its handle."""

    def __init__(self):
        self.shown = []

    def display(self, thing, display_id):
        assert display_id is True
        self.update(thing)
        return self

    def update(self, thing):
        self.shown.append(thing._repr_html_())


@pytest.fixture
def screen(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(live_samples, "display", screen.display)
    return screen


def test_live_samples_show_pictures_that_update_in_place(image_model, screen):
    live = live_samples.LiveSamples(every=3, n=4, seed=2)
    train(image_model, steps=7, callback=live)
    assert [step for step, _ in live.frames] == [0, 3, 6]
    assert all(images.shape == (4, 16, 16, 1) for _, images in live.frames)
    assert set(live.losses) == {"generator_loss", "discriminator_loss"}
    assert all(len(values) == 2 for values in live.losses.values())
    assert all(isinstance(value, float) for value in live.losses["generator_loss"])
    assert len(screen.shown) == 3
    assert all('alt="Samples of the same 4 latents after' in html for html in screen.shown)
    assert "after 6 steps" in screen.shown[2]
    assert screen.shown[2].count("<img alt=") == 2  # samples and curves
    assert not np.array_equal(live.frames[0][1], live.frames[2][1])


def test_live_samples_are_those_of_the_seed_and_go_on(image_model, screen):
    live = live_samples.LiveSamples(every=2, n=3, seed=5)
    expected = image_model.sample(3, 5)
    train(image_model, steps=2, callback=live)
    np.testing.assert_array_equal(live.frames[0][1], expected)
    train(image_model, steps=2, callback=live)
    assert [step for step, _ in live.frames] == [0, 2, 2, 4]
    assert len(live.losses["generator_loss"]) == 2


def test_live_samples_ask_for_what_else_sample_takes(monkeypatch):
    monkeypatch.setattr(live_samples, "display", lambda *_, **__: None)
    live, asked = live_samples.LiveSamples(every=1, n=2, seed=7, prompts=["a", "b"]), []

    def sample(*arguments, **settings):
        asked.append((arguments, settings))
        return np.zeros((2, 4, 4, 1), np.float32)

    live.set_model(SimpleNamespace(sample=sample))
    live.on_train_begin()
    assert asked == [((2, 7), {"prompts": ["a", "b"]})]


def test_live_samples_work_outside_a_notebook(image_model, monkeypatch):
    monkeypatch.setattr(live_samples, "display", lambda *_, **__: None)  # as IPython's does there
    live = live_samples.LiveSamples(every=1, n=2)
    train(image_model, steps=2, callback=live)
    assert len(live.frames) == 3


@pytest.mark.parametrize("arguments", [{"every": 0}, {"n": 0}, {"every": -5}])
def test_unfit_live_samples_are_refused(arguments):
    with pytest.raises(ValueError, match="give a whole number of 1 or more"):
        live_samples.LiveSamples(**arguments)


def test_live_curves_are_means_since_the_last_update(monkeypatch):
    monkeypatch.setattr(live_samples, "display", lambda *_, **__: None)
    live = live_samples.LiveSamples(every=2, n=1)
    live.set_model(SimpleNamespace(sample=lambda n, seed: np.zeros((n, 4, 4, 1), np.float32)))
    live.on_train_begin()
    for epoch, losses in enumerate([[1.0, 2.0, 3.0, 4.0], [10.0, 20.0]]):
        live.on_epoch_begin(epoch)
        for batch in range(len(losses)):  # Keras logs the mean since the epoch began
            live.on_train_batch_end(batch, {"some_loss": np.mean(losses[: batch + 1])})
    assert live.losses == {"some_loss": pytest.approx([1.5, 3.5, 15.0])}
