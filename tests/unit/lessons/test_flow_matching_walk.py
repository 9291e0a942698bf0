"""Every control of the path viewer, the path that is kept and its picture: without a browser."""

import base64
import io
import re

import ipywidgets
import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

from course_utils import data, plots, widgets
from course_utils.lessons.flow_matching import walk
from course_utils.lessons.flow_matching import walk_pictures as pictures
from course_utils.models import flow_networks, flow_paths
from course_utils.models.flow_matching import FlowMatching

SHAPE = (16, 16, 1)


def tiny(num_classes=None, image_shape=SHAPE):
    """A small model whose guesses differ from place to place, time to time and class to class."""
    network = flow_networks.image_network(image_shape, num_classes, width=8, depth=1, filters=8)
    model = FlowMatching(image_shape, num_classes, network=network, seed=0)
    random = np.random.default_rng(0)
    for weight in model.average.weights:
        weight.assign(random.normal(0, 0.1, weight.shape))
    return model


@pytest.fixture(scope="module")
def model():
    return tiny()


@pytest.fixture(scope="module")
def class_model():
    return tiny(3)


@pytest.fixture
def viewer(class_model):
    return walk.path_viewer(class_model, class_names=["cat", "dog", "shoe"])


def alt(viewer) -> str:
    return re.search(r'<img alt="([^"]*)"', viewer.picture.value).group(1)


def pixels(viewer) -> np.ndarray:
    content = re.search(r'src="data:image/png;base64,([^"]+)"', viewer.picture.value).group(1)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))


# ---- paths and guesses ---------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["euler", "heun", "adams"])
@pytest.mark.parametrize(("guidance", "label"), [(1.0, 2), (2.5, 0), (0.0, 1)])
def test_a_path_ends_at_what_the_model_samples(class_model, solver, guidance, label):
    path = walk.compute_path(class_model, pictures.Settings(4, solver, 7, guidance, label))
    expected = class_model.sample(
        1, 7, num_steps=4, solver=solver, labels=label, guidance=guidance
    )[0]
    assert path.stages.shape == path.guesses.shape == (5, *SHAPE)
    assert path.stages[-1] == pytest.approx(expected, abs=1e-5)
    assert np.array_equal(path.guesses[-1], path.stages[-1])
    assert np.array_equal(path.times, class_model.stage_times(4))
    # With guidance one stage more, that at 0.3, is asked for twice, by Heun's step to it too.
    assert path.calls == class_model.num_calls(4, solver, guidance)
    assert path.calls == {"euler": 4, "adams": 4, "heun": 7}[solver] + (
        0 if guidance == 1 else 2 if solver == "heun" else 1
    )


@pytest.mark.parametrize("guidance", [1.0, 3.0])
def test_guesses_are_what_two_neighboring_stages_of_euler_say(class_model, guidance):
    latents = np.random.default_rng(3).standard_normal((1, *SHAPE), dtype=np.float32)
    settings = {"num_steps": 8, "solver": "euler", "guidance": guidance}
    stages = class_model.paths(latents, [1], **settings)[:, 0]
    times = class_model.stage_times(8)
    guesses = walk.clean_guesses(class_model, stages, 1, guidance)
    velocities = np.diff(stages, axis=0) / np.diff(times).reshape(-1, 1, 1, 1)
    spread = times[:-1].reshape(-1, 1, 1, 1)
    expected = flow_paths.readings("velocity", velocities, stages[:-1], spread).clean
    assert np.ptp(expected) > 0.5
    assert guesses[:-1] == pytest.approx(expected, abs=2e-4)
    assert np.array_equal(guesses[-1], stages[-1])


def test_without_classes_there_is_no_guidance(model):
    viewer = walk.path_viewer(model, solver="euler", num_steps=2, seed=5)
    assert viewer.label is viewer.guidance is None
    expected = model.sample(1, 5, num_steps=2, solver="euler")[0]
    assert viewer.path().stages[-1] == pytest.approx(expected, abs=1e-5)
    assert "guidance" not in alt(viewer) and "class" not in alt(viewer)
    assert "2 steps of euler (2 network calls)" in alt(viewer)


# ---- controls ------------------------------------------------------------------------------------


def count_calls(viewer, monkeypatch) -> list:
    calls = []

    def counted(model, settings):
        calls.append(settings)
        return pictures_of(model, settings)

    pictures_of = walk.compute_path
    monkeypatch.setattr(walk, "compute_path", counted)
    return calls


def test_a_move_in_time_shows_another_stage_and_calls_no_network(viewer, monkeypatch):
    calls, seen = count_calls(viewer, monkeypatch), set()
    times = viewer._model.stage_times(16)
    monkeypatch.setattr(viewer, "_model", None)
    for stage in (*range(17), 3):
        viewer.time.value = stage
        words = f"{round(times[stage], 2):g}"
        assert f"At time {words}, stage {stage} of 16: " in alt(viewer)
        assert viewer.time.label == words and viewer.message.value == ""
        seen.add(viewer.picture.value)
    assert calls == [] and len(seen) == 17


def test_every_other_control_has_a_path_computed(viewer, class_model, monkeypatch):
    calls = count_calls(viewer, monkeypatch)
    for i, (name, value, words) in enumerate(
        (
            ("num_steps", 32, "32 steps of adams"),
            ("solver", "heun", "32 steps of heun (63 network calls)"),
            ("seed", 41, "seed 41,"),
            ("guidance", 2.5, "guidance 2.5,"),
            ("label", 2, "class shoe,"),
            ("num_steps", 1, "1 step of heun (1 network call)"),
            ("guidance", 9, "guidance 6,"),
        ),
        1,
    ):
        getattr(viewer, name).value = value
        assert words in alt(viewer) and viewer.message.value == ""
        assert len(calls) == i and calls[-1] == viewer.settings()
    expected = class_model.sample(1, 41, num_steps=1, labels=2, guidance=6.0)[0]
    assert viewer.path().stages[-1] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("steps", walk.NUM_STEPS)
def test_the_times_to_choose_are_those_of_the_stages(class_model, steps):
    time = walk.path_viewer(class_model, num_steps=steps).time
    assert isinstance(time, ipywidgets.SelectionSlider)
    labels, stages = zip(*time.options, strict=True)
    assert stages == tuple(range(steps + 1)) and len(set(labels)) == steps + 1
    assert labels[0] == "0" and labels[-1] == "1"
    assert [float(label) for label in labels] == pytest.approx(
        class_model.stage_times(steps), abs=0.005
    )


def test_with_other_steps_the_time_stays_as_near_as_it_can(viewer, monkeypatch):
    calls, pictures_shown = count_calls(viewer, monkeypatch), []
    viewer.picture.observe(lambda change: pictures_shown.append(change.new), "value")
    viewer.time.value = 13
    assert viewer.time.label == "0.88"
    for i, (steps, stage, label) in enumerate(
        ((32, 26, "0.88"), (4, 3, "0.82"), (1, 1, "1"), (2, 2, "1"), (8, 8, "1"), (16, 16, "1")), 1
    ):
        viewer.num_steps.value = steps
        assert len(viewer.time.options) == steps + 1
        assert (viewer.time.value, viewer.time.index, viewer.time.label) == (stage, stage, label)
        assert f"At time {label}, stage {stage} of {steps}: " in alt(viewer)
        assert len(calls) == i and len(pictures_shown) == i + 1
    viewer.time.value = 8
    viewer.num_steps.value = 2
    assert viewer.time.value == 1 and "At time 0.58, stage 1 of 2: " in alt(viewer)


def test_a_page_is_never_told_of_a_place_beyond_the_times(viewer, monkeypatch):
    """It would move the slider by itself, and tell the kernel so."""
    told = {"_options_labels": viewer.time._options_labels, "index": viewer.time.index}

    def note(key):
        told.update(viewer.time.get_state(key))
        assert told["index"] < len(told["_options_labels"])

    monkeypatch.setattr(viewer.time, "send_state", note)
    viewer.time.value = 16
    for steps in (4, 32, 1, 2):
        viewer.num_steps.value = steps
    assert len(told["_options_labels"]) == 3 and told["index"] == viewer.time.value == 2


@pytest.mark.parametrize(
    ("name", "value"), [("time", "abc"), ("time", 17), ("seed", "abc"), ("guidance", "abc")]
)
def test_what_is_no_number_changes_nothing(viewer, name, value):
    before = viewer.picture.value
    with pytest.raises(TraitError):
        getattr(viewer, name).value = value
    assert viewer.picture.value == before


# ---- the picture ---------------------------------------------------------------------------------


def test_the_picture_holds_the_stage_and_the_guess(viewer):
    viewer.time.value = 12
    picture, path = pixels(viewer), viewer.path()
    scale = 224 // 16
    for left, images in (
        (pictures._LABELS, path.stages),
        (pictures._LABELS + 16 * scale + 4 * pictures._GAP, path.guesses),
    ):
        shown = picture[pictures._TITLE + scale // 2 :: scale, left + scale // 2 :: scale][:16, :16]
        assert np.array_equal(shown[..., 0], plots.to_uint8(images)[12])
        assert np.array_equal(shown[..., 0], shown[..., 2])


def test_a_mark_follows_the_stages_even_those_between_the_shown_ones(viewer):
    viewer.num_steps.value = 32
    middles = []
    for stage in (0, 1, 2, 4, 31, 32):
        viewer.time.value = stage
        picture = pixels(viewer)
        marked = (picture == (0xD5, 0x5E, 0)).all(axis=-1)
        tip = pictures._TITLE + 224 + 2 * pictures._GAP + pictures._MARKS - 9
        middles.append(np.flatnonzero(marked[tip]).mean())
        framed = marked.sum() > 400
        assert framed == (stage % 4 == 0)
    moves = (np.array(middles) - middles[0]) / (middles[-1] - middles[0])
    assert moves == pytest.approx([0, 1 / 32, 2 / 32, 4 / 32, 31 / 32, 1], abs=0.01)


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (8, 12, 1)])
@pytest.mark.parametrize("steps", walk.NUM_STEPS)
def test_pictures_of_all_sizes_fit(shape, steps):
    random = np.random.default_rng(0)
    images = random.random((2, steps + 1, *shape))
    settings, times = pictures.Settings(steps, "euler", 0), np.linspace(0, 1, steps + 1)
    path = pictures.Path(settings, times, *images, steps)
    for stage in (0, steps // 2, steps):
        png = pictures.picture_png(path, stage)
        assert Image.open(io.BytesIO(png)).size[0] == pictures.PICTURE_WIDTH <= 960


def test_words_say_the_numbers():
    stages = np.stack([np.full(SHAPE, value) for value in (0.0, 0.25, 0.5)])
    settings = pictures.Settings(2, "heun", 3, 2.0, 1)
    path = pictures.Path(settings, np.array([0.0, 0.577, 1.0]), stages, stages + 0.125, 4)
    assert pictures.describe(path, 1, "dog") == (
        "One sample's path, seed 3, class dog, guidance 2, 2 steps of heun (4 network calls). "
        "At time 0.58, stage 1 of 2: left the stage, about 0.58 image + 0.42 noise; right the "
        "clean image that the network guesses there, 0.125 a pixel from the path's end (root mean "
        "square; pixels are from 0 to 1). Below, stages from noise to image, and the guess at "
        "each; a mark shows the time."
    )
    assert "left the stage, noise; right" in pictures.describe(path, 0)
    assert "the path's end, twice" in pictures.describe(path, 2)


def test_what_lies_beyond_black_and_white_is_cut(viewer):
    path = viewer.path()
    for images in (path.stages, path.guesses):
        assert images.min() >= 0 and images.max() <= 1
    assert (path.stages[0] == 0).any() and (path.stages[0] == 1).any()
    assert data.as_floats(path.stages) is not None


# ---- what goes wrong, and the page ---------------------------------------------------------------


def test_a_model_that_fails_says_so_until_it_is_mended(class_model):
    viewer = walk.path_viewer(class_model)
    before, weights = viewer.picture.value, class_model.average.get_weights()
    class_model.average.set_weights([np.full_like(weight, np.nan) for weight in weights])
    try:
        viewer.seed.value = 5
        assert viewer.picture.value == before
        assert 'role="alert"' in viewer.message.value and "not finite" in viewer.message.value
        viewer.time.value = 4  # there is still no path of seed 5
        assert viewer.picture.value == before and "not finite" in viewer.message.value
    finally:
        class_model.average.set_weights(weights)
    viewer.time.value = 12
    assert "seed 5," in alt(viewer) and viewer.message.value == ""


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"time": 1.5}, "time is 1.5"),
        ({"num_steps": 3}, "num_steps is 3; choose one of 1, 2, 4, 8, 16, 32."),
        ({"solver": "leap"}, "There is no solver 'leap'"),
        ({"guidance": 7}, "guidance is 7"),
        ({"label": 3}, "label is 3"),
        ({"seed": -1}, "seed is -1"),
        ({"class_names": ["a"]}, "1 class names for 3 classes"),
    ],
)
def test_settings_that_do_not_fit_get_a_sentence(class_model, settings, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        walk.path_viewer(class_model, **settings)


def test_models_that_do_not_fit_get_a_sentence(model):
    with pytest.raises(TypeError, match="needs a FlowMatching model; this is str"):
        walk.path_viewer("model")
    with pytest.raises(ValueError, match=r"makes points of shape \(2,\); see field_studio"):
        walk.path_viewer(FlowMatching((2,)))
    with pytest.raises(ValueError, match="leave class_names out"):
        walk.path_viewer(model, class_names=["a"])


def test_it_begins_with_what_it_is_given(class_model):
    settings = {"num_steps": 4, "solver": "euler", "guidance": 2.0, "label": 1, "seed": 9}
    viewer = walk.path_viewer(class_model, time=0.35, **settings)
    assert viewer.settings()._asdict() == settings
    assert viewer.time.value == 1 and viewer.time.label == "0.3"
    for time, stage in ((0, 0), (0.14, 0), (0.16, 1), (0.71, 3), (1, 4)):
        assert walk.path_viewer(class_model, time=time, num_steps=4).time.value == stage
    assert walk.path_viewer(class_model).time.label == "0.51"
    assert "seed 9, class 1, guidance 2, 4 steps of euler" in alt(viewer)


def test_every_control_has_a_name_and_a_class(class_model, model):
    viewer = walk.path_viewer(class_model, name="way")
    names = "time num_steps solver seed guidance guidance_slider label picture message"
    for name in names.split():
        widget = getattr(viewer, name)
        assert f"course-way-{name.replace('_', '-')}" in widget._dom_classes
        if isinstance(widget, ipywidgets.BoundedFloatText | ipywidgets.ToggleButtons):
            assert widget.description
    assert viewer.time.description == "Time" and viewer.time.readout
    assert viewer.seed.max == widgets.LARGEST_SEED
    assert "course-path" in walk.path_viewer(model)._dom_classes


def test_a_page_without_a_kernel_gets_the_picture(viewer):
    bundle = viewer._repr_mimebundle_()
    assert bundle["text/plain"] == "<path viewer>"
    assert bundle["text/html"] == viewer.picture.value
    assert f"<figcaption>{alt(viewer)}</figcaption>" in viewer.picture.value
