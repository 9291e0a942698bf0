"""Every control of the stepper, and its runs in a thread: without a browser."""

import base64
import importlib
import re
import sys
import threading
import time
from dataclasses import replace

import ipywidgets
import numpy as np
import pytest
from traitlets import TraitError

from course_utils import widgets
from course_utils.base.backend import tf
from course_utils.lessons import gan_step_by_step as room
from course_utils.lessons.gan_step_by_step import pictures
from course_utils.lessons.gan_step_by_step import stepper as stepper_module
from course_utils.lessons.gan_step_by_step.point_game import GENERATOR_LATENTS
from course_utils.models import gan_losses


@pytest.fixture(scope="module")
def shared():
    return stepper_module.gan_stepper()


@pytest.fixture
def stepper(shared):
    """The widget as it is at first."""
    shared.stop_run()
    shared.target.value, shared.loss.value, shared.seed.value = "ring", "non_saturating", 0
    shared.discriminator_rate.value, shared.generator_rate.value = 0.002, 0.001
    shared.per_click.value = 1
    shared.reset.click()
    yield shared
    shared.stop_run()


def weights(network) -> list[np.ndarray]:
    return [weight.numpy() for weight in network.weights]


def all_equal(first, second) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def source(stepper) -> str:
    return re.search(r'src="data:image/png;base64,([^"]+)"', stepper.picture.value).group(1)


def alt(stepper) -> str:
    return re.search(r'<img alt="([^"]*)"', stepper.picture.value).group(1)


@pytest.mark.parametrize(
    ("name", "updates"), [("discriminator", "D 1, G 0"), ("generator", "D 0, G 1")]
)
def test_a_click_is_one_update_and_a_new_picture(stepper, name, updates):
    before = source(stepper)
    getattr(stepper, name).click()
    assert source(stepper) != before and stepper.message.value == ""
    assert f"Updates: {updates}<" in stepper.status.value


@pytest.mark.parametrize("n", stepper_module.UPDATES_PER_CLICK)
def test_clicks_of_several_updates(stepper, n):
    stepper.per_click.value = n
    stepper.discriminator.click()
    assert f"Updates: D {n}, G 0<" in stepper.status.value


@pytest.mark.parametrize("name", ["discriminator", "generator"])
def test_learning_rates_count_over_their_range(stepper, name):
    seen = set()
    for typed, kept in (
        (0, 0.0),
        (1e-4, 1e-4),
        (0.02, 0.02),
        (5, stepper_module.LARGEST_RATE),
        (-1, 0),
    ):
        stepper.reset.click()
        field = getattr(stepper, f"{name}_rate")
        field.value = typed
        assert field.value == kept
        getattr(stepper, name).click()
        assert stepper.message.value == ""
        seen.add(tuple(np.concatenate([w.ravel() for w in weights(getattr(stepper.game, name))])))
    assert len(seen) == 4  # 0 and -1 are the same


@pytest.mark.parametrize(
    ("control", "values", "words"),
    [
        ("target", ["grid", "moons", "line"], "Target {}"),
        ("loss", ["minimax", "least_squares", "hinge"], "{} loss"),
        ("seed", [1, 77, widgets.LARGEST_SEED], "seed {},"),
    ],
)
def test_target_loss_and_seed_start_a_new_game(stepper, control, values, words):
    for value in values:
        stepper.discriminator.click()
        before = source(stepper)
        getattr(stepper, control).value = value
        assert source(stepper) != before and stepper.message.value == ""
        assert words.format(value).replace("_", "-") in alt(stepper)
        assert "after 0 updates of the discriminator and 0" in alt(stepper)


def test_reset_returns_to_the_first_picture(stepper):
    first = source(stepper)
    stepper.generator.click()
    assert source(stepper) != first
    stepper.reset.click()
    assert source(stepper) == first


@pytest.mark.parametrize("control", ["seed", "discriminator_rate", "generator_rate"])
def test_what_is_no_number_never_reaches_the_game(stepper, control):
    before = stepper.picture.value
    with pytest.raises(TraitError):
        getattr(stepper, control).value = "abc"
    assert stepper.picture.value == before


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "gan-stepper"]


def test_a_run_changes_the_picture_until_stopped(stepper):
    first = source(stepper)
    stepper.run.click()
    assert stepper.run.description == "Running"
    wait_for(lambda: source(stepper) != first)
    second = source(stepper)
    wait_for(lambda: source(stepper) != second)
    stepper.stop.click()
    assert threads() == [] and stepper.message.value == ""
    assert stepper.run.description == "Run"
    stopped = stepper.picture.value
    time.sleep(0.4)
    assert stepper.picture.value == stopped
    updates = re.search(r"D (\d+), G (\d+)", stepper.status.value)
    assert updates.group(1) == updates.group(2) and int(updates.group(1)) > 0


@pytest.mark.parametrize("control", ["reset", "discriminator", "generator", "run"])
def test_every_button_ends_a_run_first(stepper, control):
    stepper.run.click()
    getattr(stepper, control).click()
    assert len(threads()) == (1 if control == "run" else 0)
    stepper.stop.click()
    assert threads() == [] and stepper.run.description == "Run"


def test_a_run_ends_by_itself_and_says_so(stepper, monkeypatch):
    monkeypatch.setattr(stepper_module, "RUN_UPDATES", 40)
    stepper.run.click()
    wait_for(lambda: stepper.run.description == "Run")
    assert "ended after 40 updates of each" in stepper.message.value
    assert "Updates: D 40, G 40<" in stepper.status.value
    wait_for(lambda: threads() == [])


def test_a_learning_rate_may_change_during_a_run(stepper):
    stepper.discriminator_rate.value = stepper.generator_rate.value = 0.0
    stepper.run.click()
    before = weights(stepper.game.generator)
    time.sleep(0.3)
    assert all_equal(before, weights(stepper.game.generator))
    stepper.generator_rate.value = 0.001
    wait_for(lambda: not all_equal(before, weights(stepper.game.generator)))


@pytest.mark.slow
def test_a_second_stepper_ends_the_first_ones_run(stepper):
    stepper.run.click()
    other = stepper_module.gan_stepper(target="line", loss="hinge", seed=3)
    assert threads() == [] and stepper.run.description == "Run"
    assert "Target line, hinge loss, seed 3" in alt(other)
    other.run.click()
    stepper.run.click()
    assert len(threads()) == 1 and other.run.description == "Run"
    other.run.click()
    other.close()
    assert threads() == [] and stepper.run.description == "Run"


def test_an_error_is_shown_in_the_widget_and_reset_mends_it(stepper):
    network = stepper.game.generator
    network.set_weights([np.full_like(weight, np.nan) for weight in weights(network)])
    before = stepper.picture.value
    stepper.generator.click()
    assert 'role="alert"' in stepper.message.value and "became nan" in stepper.message.value
    assert stepper.picture.value == before
    stepper.reset.click()
    assert stepper.message.value == "" and np.isfinite(stepper.game.view().generated).all()


def test_a_run_that_breaks_says_so_and_stops(stepper):
    network = stepper.game.discriminator
    network.set_weights([np.full_like(weight, np.inf) for weight in weights(network)])
    stepper.run.click()
    wait_for(lambda: stepper.run.description == "Run")
    assert "smaller learning rates and press Reset" in stepper.message.value
    wait_for(lambda: threads() == [])


@pytest.mark.parametrize(
    "settings", [{"target": "circle"}, {"loss": "wgan"}, {"seed": -1}, {"seed": 10**7}]
)
def test_settings_that_are_unknown_are_named(settings):
    (value,) = settings.values()
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        stepper_module.gan_stepper(**settings)


def every_widget(root):
    yield root
    for child in getattr(root, "children", ()):
        yield from every_widget(child)


def test_every_control_has_a_name(shared):
    shown = list(every_widget(shared))
    named = (
        ipywidgets.BoundedFloatText,
        ipywidgets.BoundedIntText,
        ipywidgets.ToggleButtons,
        ipywidgets.Button,
    )
    controls = [widget for widget in shown if isinstance(widget, named)]
    assert len(controls) == 11
    assert len({control.description for control in controls}) == 11
    assert shared.picture in shown and shared.status in shown and shared.message in shown


def test_a_page_without_a_kernel_gets_the_picture(stepper):
    bundle = stepper._repr_mimebundle_()
    assert bundle["text/html"] == stepper.picture.value
    assert bundle["text/plain"] == "<GAN stepper>"


@pytest.mark.slow
def test_twenty_clicks_are_twenty_updates_and_pictures(stepper):
    for button in 10 * (stepper.discriminator, stepper.generator):
        before = source(stepper)
        button.click()
        assert source(stepper) != before
    assert "Updates: D 10, G 10<" in stepper.status.value


@pytest.mark.slow
def test_the_default_game_covers_the_ring(stepper):
    """What lesson 05 promises: 8 modes within 600 updates of each player."""
    game = stepper.game
    for _ in range(600):
        game.update_discriminator(stepper.discriminator_rate.value)
        game.update_generator(stepper.generator_rate.value)
        if game.generator_updates % 50 == 0 and game.view().covered == 8:
            return
    raise AssertionError(pictures.describe(game.view()))


def test_base64_of_the_picture_is_a_png(stepper):
    assert base64.b64decode(source(stepper))[:8] == b"\x89PNG\r\n\x1a\n"


# ---- a loss of one's own -------------------------------------------------------------------------

OWN = gan_losses.GANLoss(
    "made_up",
    discriminator=lambda real, fake, label_smoothing=0.0: tf.reduce_mean(fake - real + real**2),
    generator=lambda fake: -3 * tf.reduce_mean(fake),
    logit_meaning="nothing",
    source="this test",
    has_probability=True,
    shown_as="made-up chance",
    shown_range=(0.2, 0.8),
)


@pytest.fixture
def edited(monkeypatch):
    """The stepper's module as after one edit, another entry in `GAN_LOSSES`, and a new import."""
    monkeypatch.setitem(gan_losses.GAN_LOSSES, OWN.name, OWN)
    for name in ("point_game", "pictures", "stepper"):
        monkeypatch.delitem(sys.modules, f"{room.__name__}.{name}")
        monkeypatch.delattr(room, name)
    return importlib.import_module(f"{room.__name__}.stepper")


@pytest.mark.slow
def test_one_entry_in_the_table_is_a_loss_to_choose_play_and_see(edited, monkeypatch):
    stepper = edited.gan_stepper()
    assert ("made-up", "made_up") in stepper.loss.options
    stepper.loss.value = "made_up"
    game, before = stepper.game, source(stepper)
    logits = game.discriminator(game.generator(game.latents(GENERATOR_LATENTS, 0)))
    assert game.update_generator(0.0) == pytest.approx(float(OWN.generator(logits)), rel=1e-4)
    stepper.discriminator.click()
    stepper.generator.click()
    assert source(stepper) != before and stepper.message.value == ""
    assert "made-up loss" in alt(stepper) and "mean probability D" in alt(stepper)
    assert "made-up loss" in stepper.status.value

    def picture(**changes):
        monkeypatch.setitem(gan_losses.GAN_LOSSES, OWN.name, replace(OWN, **changes))
        return edited.pictures.Picture().png(view)

    view = game.view()
    assert 0 < view.surface.min() < view.surface.max() < 1
    seen = [picture(), picture(shown_as="another name"), picture(shown_range=(0.0, 1.0))]
    assert len(set(seen)) == 3
    assert source(stepper) == base64.b64encode(seen[0]).decode()
