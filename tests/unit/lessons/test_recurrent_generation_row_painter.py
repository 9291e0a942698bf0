"""Every control of the row painter, its drawings and its runs in a thread: without a browser."""

import base64
import io
import re
import threading
import time

import ipywidgets
import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

from course_utils import data, widgets
from course_utils.lessons.recurrent_generation import painting, pictures, row_painter
from course_utils.models.row_rnn import RowRNN

SHAPE = (6, 5, 1)
SMALL = {"units": 8, "width": 4, "depth": 2, "seed": 0}


@pytest.fixture(scope="module")
def images():
    return data.binarize(np.random.default_rng(5).random((4, *SHAPE)))


def with_random_weights(model):
    """An untrained model says one half everywhere; now rows differ in how surprising they are."""
    random = np.random.default_rng(0)
    for weight in model.trainable_variables:
        weight.assign(random.normal(0, 0.6, weight.shape))
    return model


@pytest.fixture(scope="module")
def model():
    return with_random_weights(RowRNN(SHAPE, **SMALL))


@pytest.fixture(scope="module")
def class_model():
    return with_random_weights(RowRNN(SHAPE, 3, **SMALL))


@pytest.fixture(scope="module")
def shared(model, images):
    return row_painter.row_painter(model, images)


@pytest.fixture
def painter(shared, monkeypatch):
    """The widget as it is at first."""
    monkeypatch.setattr(row_painter, "_SECONDS_PER_ROW", 0.05)
    shared.stop_run()
    shared.temperature.value = 1.0
    shared.image.value = shared.keep.value = shared.seed.value = 0
    shared.reset.click()
    yield shared
    shared.stop_run()


def source(painter) -> str:
    return re.search(r'src="data:image/png;base64,([^"]+)"', painter.picture.value).group(1)


def alt(painter) -> str:
    return re.search(r'<img alt="([^"]*)"', painter.picture.value).group(1)


def rows(painter) -> int:
    return len(painter.painting.steps)


def finish(painter) -> np.ndarray:
    while not painter.painting.full:
        painter.next_row.click()
        assert painter.message.value == ""
    return painter.painting.images


# ---- rows ----------------------------------------------------------------------------------------


def test_a_click_is_one_row_of_all_drawings_and_a_new_picture(painter):
    assert "6 drawings, seed 0: 0 of 6 rows are there." in alt(painter)
    for row in range(1, 7):
        before = source(painter)
        painter.next_row.click()
        assert source(painter) != before and painter.message.value == ""
        assert f"{row} of 6 rows are there, {row} drawn at temperature 1." in alt(painter)
    assert "not there yet" not in alt(painter)


@pytest.mark.parametrize(("seed", "temperature"), [(0, 1.0), (7, 0.5), (7, 2.0), (3, 0.0)])
def test_without_kept_rows_it_draws_what_sample_draws(painter, model, seed, temperature):
    painter.seed.value, painter.temperature.value = seed, temperature
    expected = model.sample(6, seed, temperature)
    assert np.array_equal(finish(painter), expected)
    if temperature == 0:
        assert (expected == expected[:1]).all()


@pytest.mark.parametrize(("image", "keep"), [(0, 3), (2, 1), (3, 5), (1, 6)])
def test_with_kept_rows_it_draws_what_complete_draws(painter, model, images, image, keep):
    painter.seed.value, painter.temperature.value = 11, 0.8
    painter.image.value, painter.keep.value = image, keep
    assert rows(painter) == keep
    expected = model.complete(images[image : image + 1], keep, 6, 11, 0.8)
    assert np.array_equal(finish(painter), expected[0])


def test_a_class_model_draws_what_sample_and_complete_draw_of_that_class(class_model, images):
    painter = row_painter.row_painter(class_model, images, count=3, seed=2)
    painter.label.value = 1
    assert np.array_equal(finish(painter), class_model.sample(3, 2, labels=1))
    painter.keep.value = 2
    expected = class_model.complete(images[:1], 2, 3, 2, labels=[1])
    assert np.array_equal(finish(painter), expected[0])


def test_colors_of_256_values_are_drawn_too():
    model = RowRNN((4, 3, 3), likelihood="logistic", **SMALL)
    images = np.random.default_rng(0).integers(0, 256, (2, 4, 3, 3), dtype=np.uint8)
    painter = row_painter.row_painter(model, images, image=1, keep=2, count=2)
    assert np.array_equal(finish(painter), model.complete(images[1:], 2, 2, 0)[0])
    log_probs = model.pixel_log_likelihoods(painter.painting.images[:1])[0]
    assert painter.view().surprises == pytest.approx(-log_probs.sum(axis=(1, 2)), rel=1e-5)


def test_an_undone_row_comes_again(painter):
    whole = finish(painter)
    for left in (5, 4, 3):
        painter.undo.click()
        assert rows(painter) == left and f"{left} of 6 rows" in alt(painter)
        assert np.array_equal(painter.painting.images[:, :left], whole[:, :left])
        assert (painter.painting.images[:, left:] == 0).all()
    assert np.array_equal(finish(painter), whole)


def test_undo_ends_at_the_kept_rows_and_next_at_the_last(painter):
    painter.keep.value = 5
    painter.next_row.click()
    painter.next_row.click()
    assert rows(painter) == 6 and "All rows are there" in painter.message.value
    painter.run.click()
    assert "All rows are there" in painter.message.value and painter.run.description == "Run"
    painter.undo.click()
    assert rows(painter) == 5 and painter.message.value == ""
    before = painter.picture.value
    painter.undo.click()
    assert rows(painter) == 5 and "no drawn row to undo" in painter.message.value
    assert painter.picture.value == before


def test_reset_erases_the_drawn_rows_alone(painter, images):
    painter.image.value, painter.keep.value = 1, 2
    first = source(painter)
    painter.next_row.click()
    assert source(painter) != first
    painter.reset.click()
    assert source(painter) == first and rows(painter) == 2
    assert (painter.painting.images[:, :2] == images[1, :2] / 255).all()


def test_image_seed_and_kept_rows_begin_anew(painter):
    for name, value, words, kept in (
        ("image", 3, "Right: held-out image 3.", 0),
        ("seed", 41, "seed 41: 0 of 6", 0),
        ("keep", 4, "4 of 6 rows are there, the first 4 kept from held-out image 3.", 4),
        ("keep", 99, "6 of 6 rows are there, the first 6 kept", 6),
        ("keep", -1, "0 of 6 rows are there.", 0),
    ):
        painter.next_row.click()
        getattr(painter, name).value = value
        assert words in alt(painter) and rows(painter) == kept and painter.message.value == ""


def test_fields_and_sliders_follow_each_other(painter):
    painter.keep_slider.value = 3
    assert painter.keep.value == 3 and rows(painter) == 3
    painter.keep.value = 2
    assert painter.keep_slider.value == 2
    painter.temperature_slider.value = 0.30000000000000004
    assert painter.temperature.value == 0.3 and "next row at temperature 0.3." in alt(painter)
    painter.temperature.value = 9
    assert painter.temperature_slider.value == row_painter.LARGEST_TEMPERATURE


def test_another_temperature_erases_nothing_and_counts_from_the_next_row_on(painter, model):
    painter.next_row.click()
    painter.next_row.click()
    before = painter.painting.images
    painter.temperature.value = 0.0
    assert np.array_equal(painter.painting.images, before)
    assert "drawn at temperature 1." in alt(painter) and "row at temperature 0." in alt(painter)
    painter.next_row.click()
    assert "3 drawn at temperatures 0 to 1." in alt(painter)
    drawing = model.start(6)
    for row in range(2):
        drawing = model.read_row(drawing, before[:, row, :, 0])
    expected = model.write_row(drawing, np.zeros((6, 5), np.float32), 0.0)
    assert np.array_equal(painter.painting.images[:, 2, :, 0], expected)


@pytest.mark.parametrize("name", ["temperature", "seed", "image", "keep"])
def test_what_is_no_number_changes_nothing(painter, name):
    before = painter.picture.value
    with pytest.raises(TraitError):
        getattr(painter, name).value = "abc"
    assert painter.picture.value == before


def test_classes_are_buttons_that_follow_the_image(class_model, images):
    settings = {"labels": [2, 0, 0, 1], "class_names": ["cat", "dog", "shoe"]}
    painter = row_painter.row_painter(class_model, images, **settings)
    assert isinstance(painter.label, ipywidgets.ToggleButtons) and painter.label.value == 2
    assert "seed 0, class shoe: 0 of" in alt(painter)
    for name, value, word in (
        *(("label", 1, "dog"), ("image", 1, "cat"), ("image", 2, "cat"), ("label", 2, "shoe")),
        *(("image", 3, "dog"), ("label", 0, "cat")),
    ):
        painter.next_row.click()
        assert rows(painter) == 1
        getattr(painter, name).value = value
        assert rows(painter) == 0 and f"class {word}: 0 of" in alt(painter)
        assert painter.message.value == ""
    assert painter.image.value == 3


def test_without_classes_there_is_no_choice_of_them(shared):
    assert shared.label is None and "class" not in alt(shared)
    assert not any(isinstance(one, ipywidgets.ToggleButtons) for one in every_widget(shared))


# ---- surprise and picture ------------------------------------------------------------------------


def test_surprises_are_the_models_at_temperature_1(painter, model):
    painter.keep.value, painter.temperature.value = 3, 0.5
    finish(painter)
    log_probs = model.pixel_log_likelihoods(painter.painting.images[:1])[0]
    expected = -log_probs.sum(axis=(1, 2))
    assert np.ptp(expected) > 0.1
    assert painter.view().surprises == pytest.approx(expected, rel=1e-5)
    assert f"Last row: {expected[-1]:.1f} nats; sum so far: {expected.sum():.1f} nats" in alt(
        painter
    )
    assert expected.sum() == pytest.approx(-model.log_likelihood(painter.painting.images)[0])
    painter.undo.click()
    painter.undo.click()
    assert painter.view().surprises == pytest.approx(expected[:4], rel=1e-5)
    assert f"Last row: {expected[3]:.1f} nats; sum so far: {expected[:4].sum():.1f}" in alt(painter)


def test_surprises_of_a_class_model_are_given_its_class(class_model, images):
    painter = row_painter.row_painter(class_model, images, keep=6)
    seen = []
    for label in range(3):
        painter.label.value = label
        expected = -class_model.pixel_log_likelihoods(images[:1], label).sum(axis=(0, 2, 3))
        assert painter.view().surprises == pytest.approx(expected, rel=1e-5)
        seen.append(round(expected.sum(), 4))
    assert len(set(seen)) == 3


def view(kept=2, surprises=(10.0, 5.0, 20.0), channels=1) -> pictures.View:
    return pictures.View(
        drawings=np.ones((2, 4, 3, channels), np.float32),
        surprises=np.array(surprises),
        held_out=np.zeros((4, 3, channels), np.float32),
        number=7,
        kept=kept,
        seed=1,
        class_name="",
        temperatures=(1.0,) * (len(surprises) - kept),
        next_temperature=1.0,
    )


def pixels(shown: pictures.View) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(pictures.picture_png(shown))).convert("RGB"))


def blue(picture: np.ndarray, row: int, scale: int) -> int:
    """Pixels of a bar, in one line of pixels."""
    line = picture[pictures._HEADER + row * scale + 1, : pictures._BARS + pictures._GAP]
    return int((line == (0, 0x72, 0xB2)).all(axis=-1).sum())


@pytest.mark.parametrize("channels", [1, 3])
def test_the_picture_shows_rows_bars_and_what_is_missing(channels):
    picture = pixels(view(channels=channels))
    scale, lefts, width = pictures.arrangement(2, 4, 3)
    assert picture.shape == (pictures._HEADER + 4 * scale + 1, width, 3)
    middles = [pictures._HEADER + row * scale + scale // 2 for row in range(4)]
    for left in lefts[:2]:
        seen = [tuple(picture[y, left + scale]) for y in middles]
        assert seen == [(255, 255, 255)] * 3 + [pictures._NOT_DRAWN]
    assert all(tuple(picture[y, lefts[2] + scale]) == (0, 0, 0) for y in middles)
    assert lefts[2] - lefts[1] > lefts[1] - lefts[0]


def test_bars_are_as_long_as_the_surprise_and_striped_for_kept_rows():
    scale = pictures.arrangement(2, 4, 3)[0]
    solid, striped = pixels(view(kept=0)), pixels(view(kept=3))
    lengths = np.array([blue(solid, row, scale) for row in range(4)])
    assert lengths / pictures._BARS == pytest.approx([0.5, 0.25, 1.0, 0.0], abs=0.03)
    stripes = np.array([blue(striped, row, scale) for row in range(4)])
    assert stripes / pictures._BARS == pytest.approx([0.25, 0.125, 0.5, 0.0], abs=0.03)


def test_a_mark_shows_where_kept_rows_end():
    scale = pictures.arrangement(2, 4, 3)[0]
    marked = (pixels(view()) == (0xD5, 0x5E, 0)).all(axis=(1, 2))
    assert np.flatnonzero(marked).tolist() == [pictures._HEADER + 2 * scale]
    assert not (pixels(view(kept=0)) == (0xD5, 0x5E, 0)).all(axis=(1, 2)).any()


def test_the_caption_is_the_alt_text_and_says_the_numbers(painter):
    assert pictures.describe(view()) == (
        "2 drawings, seed 1: 3 of 4 rows are there, the first 2 kept from held-out image 7, "
        "1 drawn at temperature 1. Blue-gray: not there yet; next row at temperature 1. Bars: "
        "surprise of each row of drawing 1, -log p; full length 20 nats, striped for kept rows. "
        "Last row: 20.0 nats; sum so far: 35.0 nats. Right: held-out image 7."
    )
    assert f"<figcaption>{alt(painter)}</figcaption>" in painter.picture.value


@pytest.mark.parametrize(
    ("count", "shape"), [(1, (28, 28)), (6, (28, 28)), (12, (28, 28)), (6, (32, 32)), (6, (6, 5))]
)
def test_the_picture_is_legible_and_fits_a_page(count, shape):
    scale, lefts, width = pictures.arrangement(count, *shape)
    assert scale >= 2 and width <= 960 and len(lefts) == count + 1
    assert (np.diff(lefts) > shape[1] * scale).all()


# ---- runs ----------------------------------------------------------------------------------------


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "row-painter"]


def test_a_run_draws_what_the_clicks_draw_and_ends(painter, model):
    painter.run.click()
    assert painter.run.description == "Running"
    wait_for(lambda: painter.run.description == "Run")
    wait_for(lambda: threads() == [])
    assert painter.message.value == ""
    assert np.array_equal(painter.painting.images, model.sample(6, 0))
    assert "6 of 6 rows are there" in alt(painter)


def test_a_run_goes_on_until_stopped(painter, monkeypatch):
    monkeypatch.setattr(row_painter, "_SECONDS_PER_ROW", 0.3)
    painter.run.click()
    wait_for(lambda: rows(painter) == 2)
    painter.stop.click()
    assert threads() == [] and painter.run.description == "Run"
    stopped, there = painter.picture.value, rows(painter)
    assert 2 <= there < 6
    time.sleep(0.4)
    assert painter.picture.value == stopped and rows(painter) == there


@pytest.mark.parametrize(
    ("act", "there"),
    [
        (lambda painter: painter.next_row.click(), 3),
        (lambda painter: painter.undo.click(), 1),
        (lambda painter: painter.reset.click(), 1),
        (lambda painter: setattr(painter.image, "value", 2), 1),
        (lambda painter: setattr(painter.seed, "value", 2), 1),
        (lambda painter: setattr(painter.keep, "value", 2), 2),
    ],
)
def test_buttons_and_fields_end_a_run_first(painter, monkeypatch, act, there):
    monkeypatch.setattr(row_painter, "_SECONDS_PER_ROW", 5.0)
    painter.keep.value = 1
    painter.run.click()
    wait_for(lambda: rows(painter) == 2)
    act(painter)
    assert threads() == [] and painter.run.description == "Run"
    assert rows(painter) == there and painter.message.value == ""


def test_run_begins_a_run_in_place_of_the_one_before(painter, monkeypatch):
    monkeypatch.setattr(row_painter, "_SECONDS_PER_ROW", 5.0)
    painter.run.click()
    (first,) = threads()
    painter.run.click()
    assert not first.is_alive() and len(threads()) == 1 and painter.run.description == "Running"


def test_the_temperature_may_change_during_a_run(painter, monkeypatch):
    monkeypatch.setattr(row_painter, "_SECONDS_PER_ROW", 0.2)
    painter.run.click()
    wait_for(lambda: rows(painter) >= 1)
    painter.temperature.value = 0.4
    assert len(threads()) == 1
    wait_for(lambda: painter.painting.full)
    used = painter.painting.temperatures
    assert set(used) == {1.0, 0.4} and list(used) == sorted(used, reverse=True)


def test_one_run_at_a_time_in_a_kernel_and_close_ends_it(painter, model, images, monkeypatch):
    monkeypatch.setattr(row_painter, "_SECONDS_PER_ROW", 5.0)
    painter.run.click()
    other = row_painter.row_painter(model, images)  # as when the cell is run again
    assert threads() == [] and painter.run.description == "Run"
    painter.run.click()
    other.run.click()
    assert len(threads()) == 1 and painter.run.description == "Run"
    other.close()
    assert threads() == [] and other.run.description == "Run"


# ---- what goes wrong -----------------------------------------------------------------------------


@pytest.fixture
def broken(images):
    """A painter of its own, its model spoiled after a row, and the weights of before."""
    model = RowRNN(SHAPE, **SMALL)
    painter = row_painter.row_painter(model, images)
    painter.next_row.click()
    weights = model.writer.get_weights()
    model.writer.set_weights([np.full_like(weight, np.nan) for weight in weights])
    yield painter, lambda: model.writer.set_weights(weights)
    painter.close()


def test_an_error_is_a_sentence_and_leaves_the_painting(broken):
    painter, mend = broken
    before = painter.picture.value
    painter.next_row.click()
    assert 'role="alert"' in painter.message.value and "is not finite" in painter.message.value
    assert painter.picture.value == before and rows(painter) == 1
    mend()
    painter.next_row.click()
    assert painter.message.value == "" and rows(painter) == 2


def test_what_begins_anew_in_vain_is_begun_once_the_model_is_mended(broken, images):
    painter, mend = broken
    painter.image.value, painter.keep.value = 1, 2
    assert "is not finite" in painter.message.value
    mend()
    painter.next_row.click()
    assert rows(painter) == 3 and painter.message.value == ""
    assert (painter.painting.images[:, :2] == images[1, :2] / 255).all()


def test_a_run_that_breaks_says_so_and_ends(broken):
    painter, _ = broken
    painter.run.click()
    wait_for(lambda: threads() == [])
    assert painter.run.description == "Run" and "is not finite" in painter.message.value


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"count": 0}, "count is 0"),
        ({"count": 13}, "count is 13"),
        ({"image": 4}, "image is 4; give a whole number from 0 to 3"),
        ({"keep": 7}, "keep is 7"),
        ({"temperature": 2.5}, "temperature is 2.5"),
        ({"seed": -1}, "seed is -1"),
        ({"labels": [0, 1, 0, 1]}, "knows no classes"),
        ({"class_names": ["a"]}, "leave class_names out"),
    ],
)
def test_settings_that_do_not_fit_get_a_sentence(model, images, settings, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        row_painter.row_painter(model, images, **settings)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (np.zeros((0, *SHAPE), np.uint8), "so it is empty"),
        (np.zeros((2, 8, 8, 1), np.uint8), "the model is built for (6, 5, 1)"),
        (np.zeros(SHAPE, np.uint8), "axis is missing"),
        (np.full((2, *SHAPE), 0.5), "data.binarize"),
    ],
)
def test_images_that_do_not_fit_get_a_sentence(model, wrong, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        row_painter.row_painter(model, wrong)


def test_classes_that_do_not_fit_get_a_sentence(class_model, images):
    for settings, words in (
        ({"labels": [0, 1]}, "2 labels for 4 images"),
        ({"labels": [0, 1, 2, 3]}, "labels contains 3"),
        ({"labels": 1}, "one whole number for each image"),
        ({"class_names": ["a", "b"]}, "2 class names for 3 classes"),
    ):
        with pytest.raises(ValueError, match=words):
            row_painter.row_painter(class_model, images, **settings)
    with pytest.raises(TypeError, match="needs a RowRNN; this is str"):
        row_painter.row_painter("model", images)


# ---- the page ------------------------------------------------------------------------------------


def every_widget(root):
    yield root
    for child in getattr(root, "children", ()):
        yield from every_widget(child)


def test_every_control_has_a_name_and_a_class(class_model, images):
    painter = row_painter.row_painter(class_model, images)
    shown = list(every_widget(painter))
    named = (
        ipywidgets.BoundedFloatText,
        ipywidgets.BoundedIntText,
        ipywidgets.ToggleButtons,
        ipywidgets.Button,
    )
    names = {control.description for control in shown if isinstance(control, named)}
    assert names == {
        *("Next row", "Undo", "Run", "Stop", "Reset"),
        *("Temperature", "Keep rows", "Image", "Seed", "Class"),
    }
    classes = {name for one in shown for name in getattr(one, "_dom_classes", ())}
    parts = (
        "picture message next-row undo run stop reset temperature temperature-slider keep "
        "keep-slider image seed label"
    )
    prefix = "course-row-painter"
    assert classes == {prefix} | {f"{prefix}-{part}" for part in parts.split()}
    assert [text for text, _ in painter.label.options] == ["0", "1", "2"]
    assert painter.seed.max == widgets.LARGEST_SEED


def test_a_page_without_a_kernel_gets_the_picture(painter):
    bundle = painter._repr_mimebundle_()
    assert bundle["text/html"] == painter.picture.value
    assert bundle["text/plain"] == "<row painter>"
    assert base64.b64decode(source(painter))[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_painting_never_changes(model, images):
    first = painting.begin(model, images[0, :2] / np.float32(255), 3, seed=4)
    longer = first.with_row(1.0)
    assert len(first.steps) == 2 and len(longer.steps) == 3 and longer.temperatures == (1.0,)
    assert np.array_equal(longer.without_row().images, first.images)
    assert not first.full and len(first.surprises()) == 2
