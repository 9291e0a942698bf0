"""The field studio: targets, strokes, trainings in a thread, picture and words; no browser."""

import base64
import io
import re
import sys
import threading
import time

import ipywidgets
import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

from course_utils import data
from course_utils.lessons.flow_matching import drawn_targets, field_pictures, field_studio
from course_utils.lessons.flow_matching import point_flow as flows


@pytest.fixture(scope="module")
def shared():
    return field_studio.field_studio()


@pytest.fixture
def studio(shared, monkeypatch):
    """The widget as it is at first; its trainings are short."""
    monkeypatch.setattr(field_studio, "RUN_STEPS", 20)
    monkeypatch.setattr(field_studio, "_STEPS_PER_PICTURE", 10)
    shared.stop_run()
    shared.time.value = 1.0
    shared.letters.value = "AI"
    shared.clear.click()
    shared.target.value = "heart"
    yield shared
    shared.stop_run()


def alt(studio) -> str:
    return re.search(r'<img alt="([^"]*)"', studio.picture.value).group(1)


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "field-studio"]


def train(studio) -> None:
    studio.run.click()
    wait_for(lambda: threads() == [])


# ---- targets -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", drawn_targets.READY)
def test_ready_targets_fill_the_plane_and_repeat(name):
    points = drawn_targets.ready_target(name, 500, seed=3)
    assert points.shape == (500, 2) and points.dtype == np.float32
    assert np.array_equal(points, drawn_targets.ready_target(name, 500, seed=3))
    assert not np.array_equal(points, drawn_targets.ready_target(name, 500, seed=4))
    assert 0.7 < np.abs(points).max() < 1.5 and (np.abs(points).max(axis=0) > 0.4).all()


def test_toys_are_those_of_the_course():
    points = drawn_targets.ready_target("moons", 50, seed=2)
    assert np.array_equal(points, data.toy("moons", 50, 2))


def test_the_heart_is_a_heart():
    points = drawn_targets.ready_target("heart", 4000)
    assert points.mean(axis=0)[0] == pytest.approx(0, abs=0.05)
    tip = points[points[:, 1].argmin()]
    assert abs(tip[0]) < 0.15  # below, in the middle
    notch = points[(np.abs(points[:, 0]) < 0.05) & (points[:, 1] > 0)][:, 1].mean()
    assert notch < points[:, 1].max() - 0.3  # above, a dent
    counts = np.histogram2d(*points.T, bins=12)[0]
    assert counts.max() < 6 * counts[counts > 0].mean()  # nowhere crowded


def test_letters_are_where_they_have_ink():
    bar = drawn_targets.ready_target("letters", 500, letters="I")
    assert np.ptp(bar, axis=0)[1] > 4 * np.ptp(bar, axis=0)[0]
    ell = drawn_targets.ready_target("letters", 2000, letters="L")
    right_above = (ell[:, 0] > np.median(ell[:, 0]) + 0.4) & (ell[:, 1] > 0)
    assert right_above.sum() == 0  # upright, not upside down
    two = drawn_targets.ready_target("letters", 2000, letters="II")
    assert ((np.abs(two[:, 0]) < 0.05).mean()) < 0.02  # a gap between them


@pytest.mark.parametrize(
    ("letters", "error", "words"),
    [("", ValueError, "one or two letters"), ("abc", ValueError, "'abc'"), (3, TypeError, "is 3")],
)
def test_letters_that_do_not_fit_get_a_sentence(letters, error, words):
    with pytest.raises(error, match=words):
        drawn_targets.check_letters(letters)


def test_a_stroke_lies_along_its_way():
    points = drawn_targets.stroke_points((-1, 0), (1, 1), seed=1)
    across = points @ np.array([-1, 2]) / np.sqrt(5) - 1 / np.sqrt(5)
    assert len(points) == 224 and np.std(across) == pytest.approx(0.04, abs=0.008)
    assert points[:, 0].min() < -0.9 and points[:, 0].max() > 0.9
    dab = drawn_targets.stroke_points((0.5, 0.5), (0.5, 0.5))
    assert len(dab) == 20 and np.abs(dab - 0.5).max() < 0.2


# ---- the flow ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def flow():
    return flows.PointFlow(seed=1)


def test_training_brings_the_points_to_the_target_and_start_forgets_it(flow):
    target = drawn_targets.stroke_points((-1, 0.5), (1, 0.5))
    flow.start()
    before, arrows = flow.stages(), flow.velocities(0.5)
    flow.train(target, 150)
    after = flow.stages()[-1]
    assert flow.steps == 150 and flow.loss > 0
    assert np.abs(after[:, 1] - 0.5).mean() < 0.3 < np.abs(before[-1][:, 1] - 0.5).mean()
    assert not np.array_equal(flow.velocities(0.5), arrows)
    flow.start()
    assert np.array_equal(flow.stages(), before) and flow.steps == 0 and flow.loss is None
    flow.train(target, 100)
    flow.train(target, 50)
    assert flow.stages()[-1] == pytest.approx(after, abs=1e-4)  # as in one go


def test_the_stages_are_the_models_and_kept(flow):
    flow.start()
    assert flow.stages() is flow.stages()
    assert flow.stages().shape == (flows.NUM_STEPS + 1, flows.NUM_SHOWN, 2)
    expected = flow.model.sample(flows.NUM_SHOWN, 1, num_steps=flows.NUM_STEPS)
    assert flow.stages()[-1] == pytest.approx(expected, abs=1e-5)


def test_the_arrows_are_the_velocity_that_the_solver_follows(flow):
    flow.start()
    flow.train(data.toy("ring", 500), 30)
    places = flows.arrow_places()
    assert places.shape == (flows.ARROWS_SIDE**2, 2)
    assert places.max() < flows.VIEW_LIMIT and places.mean() == pytest.approx(0, abs=1e-6)
    step = np.diff(flow.model.paths(places, num_steps=8, solver="euler")[:2], axis=0)[0]
    assert flow.velocities(0.0) == pytest.approx(8 * step, abs=1e-4)
    assert not np.allclose(flow.velocities(0.0), flow.velocities(0.9))


def test_a_flow_without_a_target_says_so(flow):
    with pytest.raises(ValueError, match="no target yet"):
        flow.train(np.zeros((0, 2)), 1)
    with pytest.raises(ValueError, match="num_steps is 0"):
        flow.train(np.zeros((1, 2)), 0)


# ---- ready targets and letters -------------------------------------------------------------------


@pytest.mark.parametrize("name", drawn_targets.READY)
def test_a_ready_target_replaces_the_one_before_and_starts_anew(studio, name):
    studio.clear.click()
    studio.flow.train(drawn_targets.ready_target("line"), 2)
    studio.target.value = name
    assert np.array_equal(studio.points, drawn_targets.ready_target(name))
    assert f"Target {name}" in alt(studio) and "untrained" in alt(studio)
    assert studio.flow.steps == 0 and studio.message.value == ""


def test_other_letters_choose_the_letters(studio):
    studio.letters.value = " QT "
    assert studio.target.value == "letters" and "Target letters QT, 800 points" in alt(studio)
    assert np.array_equal(studio.points, drawn_targets.ready_target("letters", letters="QT"))
    studio.letters.value = "x"
    assert "Target letters x," in alt(studio)
    before = studio.picture.value
    for typed in ("", "three"):
        studio.letters.value = typed
        assert 'role="alert"' in studio.message.value
        assert "one or two letters" in studio.message.value and studio.picture.value == before
    studio.target.value = "ring"
    assert "Target ring" in alt(studio) and studio.message.value == ""


def test_clear_leaves_an_empty_sheet_and_an_untrained_network(studio):
    train(studio)
    studio.clear.click()
    assert len(studio.points) == 0 and studio.target.value is None and studio.flow.steps == 0
    assert "No target yet: draw one with the mouse, or choose one." in alt(studio)
    studio.run.click()
    assert threads() == [] and studio.run.description == "Train"
    assert 'role="status"' in studio.message.value and "no target yet" in studio.message.value
    studio.target.value = "heart"  # which was chosen before Clear
    assert "Target heart" in alt(studio)


# ---- the mouse -----------------------------------------------------------------------------------


def mouse(studio, kind: str, x: float, y: float, buttons: int = 1) -> None:
    """What ipyevents tells of the mouse, as far as it is used."""
    across, down = field_pictures.BOX.place_of(x, y, flows.VIEW_LIMIT)
    event = {"type": kind, "buttons": buttons, "relativeX": across, "relativeY": down}
    studio.pointer._dom_handlers(event)


def test_strokes_put_points_where_the_mouse_is(studio):
    studio.clear.click()
    before = studio.picture.value
    mouse(studio, "mousedown", -1, 1)
    assert len(studio.points) == 20 and studio.picture.value != before
    assert studio.points.mean(axis=0) == pytest.approx([-1, 1], abs=0.05)
    assert "Target drawn by hand, 20 points" in alt(studio)
    mouse(studio, "mousemove", 1, 1)
    assert len(studio.points) == 220 and np.abs(studio.points[:, 1] - 1).max() < 0.25
    mouse(studio, "mousemove", 1, 1)  # it stood still
    mouse(studio, "mouseup", 1, 1, buttons=0)
    mouse(studio, "mousemove", 0, -1, buttons=0)  # it passes by
    mouse(studio, "mousedown", 2, -2, buttons=2)
    assert len(studio.points) == 220
    mouse(studio, "mousedown", 0, -1)  # a second stroke, with no line from the first
    assert len(studio.points) == 240 and (np.abs(studio.points[:, 1]) > 0.7).all()
    assert studio.message.value == ""


def test_a_stroke_leaves_nothing_beside_the_axes(studio):
    studio.clear.click()
    mouse(studio, "mousedown", 2.4, 0)
    assert len(studio.points) == 0
    mouse(studio, "mousemove", 1, 0)  # from outside in: a dab, no line from where it was
    assert len(studio.points) == 20
    mouse(studio, "mousemove", 1, 2.4)
    mouse(studio, "mousemove", -1, 0)
    assert len(studio.points) == 40 and np.abs(studio.points).max() < 1.3


def test_a_stroke_adds_to_a_ready_target_and_keeps_the_network(studio):
    train(studio)
    mouse(studio, "mousedown", 1.5, -1.5)
    assert len(studio.points) == 820 and studio.flow.steps == 20 and studio.target.value is None
    assert "Target drawn by hand, 820 points" in alt(studio) and "after 20" in alt(studio)


def test_a_full_sheet_says_so(studio, monkeypatch):
    monkeypatch.setattr(field_studio, "MOST_POINTS", 810)
    mouse(studio, "mousedown", 0, 0)
    assert len(studio.points) == 800
    assert "800 points, which is full; press Clear" in studio.message.value


def test_without_ipyevents_the_ready_targets_remain(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipyevents", None)
    without = field_studio.field_studio(target="ring")
    assert without.pointer is None
    without.target.value = "moons"
    assert "Target moons" in alt(without)


# ---- time ----------------------------------------------------------------------------------------


def test_time_moves_the_points_without_another_path(studio, monkeypatch):
    studio.flow.train(studio.points, 20)
    studio.time.value = 0.95
    monkeypatch.setattr(studio.flow.model, "paths", None)
    seen = set()
    for stage in range(flows.NUM_STEPS + 1):
        studio.time.value = stage / flows.NUM_STEPS
        assert f"At time {stage / flows.NUM_STEPS:.4g}, after 20 training steps" in alt(studio)
        assert np.array_equal(studio.view().points, studio.flow.stages()[stage])
        assert studio.message.value == ""
        seen.add(studio.picture.value)
    assert len(seen) == flows.NUM_STEPS + 1


@pytest.mark.parametrize(("typed", "kept"), [(0.33, 0.35), (0.02, 0.0), (0.93, 0.95), (4, 1.0)])
def test_a_typed_time_goes_to_the_nearest_stage(studio, typed, kept):
    studio.time.value = typed
    assert studio.time.value == studio.time_slider.value == kept
    with pytest.raises(TraitError):
        studio.time.value = "abc"


# ---- trainings -----------------------------------------------------------------------------------


def test_a_training_ends_by_itself_and_a_further_press_goes_on(studio):
    before = studio.picture.value
    studio.run.click()
    assert studio.run.description == "Training"
    wait_for(lambda: threads() == [])
    assert studio.run.description == "Train" and studio.picture.value != before
    assert "Trained for 20 steps; press Train to go on." in studio.message.value
    assert "Training steps: 20; loss of the latest" in studio.status.value
    train(studio)
    assert studio.flow.steps == 40 and "after 40 training steps" in alt(studio)


def test_stop_ends_a_training(studio, monkeypatch):
    monkeypatch.setattr(field_studio, "RUN_STEPS", 100_000)
    studio.run.click()
    wait_for(lambda: studio.flow.steps >= 20)
    studio.stop.click()
    steps, stopped = studio.flow.steps, studio.picture.value
    assert threads() == [] and studio.run.description == "Train"
    assert f"after {steps:,} training steps" in alt(studio) and studio.message.value == ""
    time.sleep(0.2)
    assert studio.flow.steps == steps and studio.picture.value == stopped


def test_the_time_may_move_during_a_training(studio, monkeypatch):
    monkeypatch.setattr(field_studio, "RUN_STEPS", 100_000)
    studio.run.click()
    wait_for(lambda: studio.flow.steps >= 10)
    begin = time.monotonic()
    for stage in range(20):
        studio.time.value = stage / 20
    assert time.monotonic() - begin < 0.5 and len(threads()) == 1  # the slider does not wait
    wait_for(lambda: "At time 0.95," in alt(studio))
    studio.time.value = 0.25
    studio.stop.click()
    assert "At time 0.25," in alt(studio)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda studio: setattr(studio.target, "value", "ring"), "Target ring"),
        (lambda studio: setattr(studio.letters, "value", "B"), "Target letters B"),
        (lambda studio: studio.clear.click(), "No target yet"),
        (lambda studio: mouse(studio, "mousedown", 0, 0), "drawn by hand"),
    ],
)
def test_another_target_ends_a_training_first(studio, monkeypatch, act, words):
    monkeypatch.setattr(field_studio, "RUN_STEPS", 100_000)
    studio.run.click()
    wait_for(lambda: studio.flow.steps >= 10)
    act(studio)
    assert threads() == [] and studio.run.description == "Train"
    assert words in alt(studio) and studio.message.value == ""


def test_one_training_at_a_time_in_a_kernel_and_close_ends_it(studio, monkeypatch):
    monkeypatch.setattr(field_studio, "RUN_STEPS", 100_000)
    studio.run.click()
    other = field_studio.field_studio(target="line")  # as when the cell is run again
    assert threads() == [] and studio.run.description == "Train"
    other.run.click()
    assert len(threads()) == 1
    other.close()
    assert threads() == []


def test_a_broken_network_is_said_and_clear_mends_it(studio):
    network = studio.flow.model.network
    network.set_weights([np.full_like(weight, np.nan) for weight in network.get_weights()])
    before = studio.picture.value
    train(studio)
    assert studio.run.description == "Train" and studio.picture.value == before
    assert 'role="alert"' in studio.message.value and "press Clear" in studio.message.value
    studio.time.value = 0.5
    assert "press Clear" in studio.message.value and studio.picture.value == before
    studio.clear.click()
    assert studio.message.value == "" and "untrained" in alt(studio)
    studio.target.value = "ring"
    train(studio)
    assert "after 20 training steps" in alt(studio)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"target": "star"}, "There is no target 'star'"),
        ({"letters": "abc"}, "one or two letters"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_settings_that_do_not_fit_get_a_sentence(settings, words):
    with pytest.raises(ValueError, match=words):
        field_studio.field_studio(**settings)


# ---- picture, words, page ------------------------------------------------------------------------


def view(**changes) -> field_pictures.View:
    parts = {
        "name": "ring",
        "target": np.array([[0.0, 0.0], [1.0, 0.0]]),
        "time": 0.5,
        "points": np.zeros((flows.NUM_SHOWN, 2)),
        "velocities": np.tile([3.0, 4.0], (flows.ARROWS_SIDE**2, 1)),
        "end": np.tile([0.0, 0.05], (flows.NUM_SHOWN, 1)),
        "steps": 1200,
        "loss": 0.5,
    }
    return field_pictures.View(**parts | changes)


def test_words_say_the_numbers():
    assert field_pictures.describe(view()) == (
        "Target ring, 2 points (blue rings). At time 0.5, after 1,200 training steps: 400 "
        "generated points (orange triangles) and the network's velocity (arrows), whose mean "
        "length is 5. At time 1, 100 % of the generated points lie within 0.1 of the target, and "
        "50 % of the target's points within 0.1 of a generated one."
    )


def pixels(shown: field_pictures.View) -> np.ndarray:
    png = field_pictures.Picture().png(shown)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def middle_of(mask: np.ndarray) -> np.ndarray:
    return np.argwhere(mask).mean(axis=0)[::-1] / 1.25  # screen pixels: across, down


def test_points_are_drawn_where_the_mouse_would_put_them():
    points = np.tile([-1.0, 1.5], (flows.NUM_SHOWN, 1))
    picture = pixels(view(points=points, velocities=np.zeros((flows.ARROWS_SIDE**2, 2))))
    assert picture.shape == (field_pictures.HEIGHT * 1.25, field_pictures.WIDTH * 1.25, 3)
    left, top, _, _ = field_pictures.BOX
    inside = np.zeros(picture.shape[:2], bool)
    inside[int(1.3 * top) :, int(1.3 * left) :] = True
    orange = (np.abs(picture - [0xD5, 0x5E, 0]).sum(axis=-1) < 40) & inside
    place = field_pictures.BOX.place_of(-1, 1.5, flows.VIEW_LIMIT)
    assert middle_of(orange) == pytest.approx(place, abs=2)
    blue = (np.abs(picture - [0, 0x72, 0xB2]).sum(axis=-1) < 80) & inside
    middle = field_pictures.BOX.place_of(0.5, 0, flows.VIEW_LIMIT)  # of the target's two points
    assert middle_of(blue) == pytest.approx(middle, abs=2)


def test_every_control_has_a_name_and_a_class(studio):
    names = "target letters time time_slider run stop clear status caption picture message"
    for name in names.split():
        widget = getattr(studio, name)
        assert f"course-field-{name.replace('_', '-')}" in widget._dom_classes
        if isinstance(widget, ipywidgets.Button | ipywidgets.Text | ipywidgets.ToggleButtons):
            assert widget.description
    content = re.search(r'src="data:image/png;base64,([^"]+)"', studio.picture.value).group(1)
    assert base64.b64decode(content).startswith(b"\x89PNG")


def test_a_page_without_a_kernel_gets_the_picture_and_its_caption(studio):
    bundle = studio._repr_mimebundle_()
    assert bundle["text/plain"] == "<field studio>"
    assert bundle["text/html"].startswith("<figure") and "<img alt=" in bundle["text/html"]
    assert "<figcaption>Target heart, 800 points" in bundle["text/html"]
