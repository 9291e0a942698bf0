"""A picture drawn by a function of its controls, without a browser."""

import base64
import io
import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from traitlets import TraitError

from course_utils import plots, widgets

CONTROLS = {
    "level": widgets.Slider("Level", 0.0, 1.0, 0.1, 0.5),
    "shape": widgets.Choice("Shape", ("square", "stripe"), "square"),
    "seed": widgets.Whole("Seed", 0, 9, 3),
}


def draw(level, shape, seed):
    if level > 0.95:
        raise ValueError("The level is too high; lower it.\nsecond line")
    images = np.full((1, 4, 4 if shape == "square" else 8), level)
    return plots.images_figure(images, f"A {shape} of {level:.1f}, seed {seed}.")


@pytest.fixture
def live():
    return widgets.live_figure(draw, CONTROLS, name="test")


def alt(live) -> str:
    return re.search(r'alt="([^"]*)"', live.picture.value).group(1)


def test_each_control_reaches_the_function_by_its_name(live):
    assert alt(live) == "A square of 0.5, seed 3."
    live.fields["level"].value = 0.2
    assert alt(live) == "A square of 0.2, seed 3."
    live.sliders["level"].value = 0.7
    assert alt(live) == "A square of 0.7, seed 3." and live.fields["level"].value == 0.7
    live.fields["shape"].value = "stripe"
    live.fields["seed"].value = 9
    assert alt(live) == "A stripe of 0.7, seed 9."
    assert f"<figcaption>{alt(live)}</figcaption>" in live.picture.value
    assert live.message.value == ""


def test_values_stay_within_their_range(live):
    live.fields["level"].value = -3.0
    live.fields["seed"].value = 99
    assert alt(live) == "A square of 0.0, seed 9."
    with pytest.raises(TraitError):
        live.fields["shape"].value = "circle"


def test_an_error_is_a_sentence_below_the_controls_and_goes_away(live):
    before = live.picture.value
    live.fields["level"].value = 1.0
    assert live.picture.value == before
    assert "ValueError: The level is too high; lower it.</div>" in live.message.value
    assert 'role="alert"' in live.message.value
    live.fields["level"].value = 0.4
    assert live.message.value == "" and alt(live) == "A square of 0.4, seed 3."


def test_an_error_in_the_first_picture_is_raised():
    controls = CONTROLS | {"level": widgets.Slider("Level", 0.0, 1.0, 0.1, 1.0)}
    with pytest.raises(ValueError, match="too high"):
        widgets.live_figure(draw, controls)


def test_every_control_has_a_name_and_a_class(live):
    assert [field.description for field in live.fields.values()] == ["Level", "Shape", "Seed"]
    assert live.fields["shape"].tooltips == ("Shape: square", "Shape: stripe")
    for key, widget in (live.fields | {"level-slider": live.sliders["level"]}).items():
        assert f"course-test-{key}" in widget._dom_classes
    assert "course-test" in live._dom_classes


def test_a_page_without_a_kernel_gets_the_picture_and_no_address(live):
    bundle = live._repr_mimebundle_()
    assert bundle["text/html"] == live.picture.value
    assert bundle["text/plain"] == "<live picture>"


@pytest.mark.parametrize(
    ("controls", "error", "words"),
    [
        ({}, ValueError, "no controls"),
        ({"picture": CONTROLS["seed"]}, ValueError, "'picture'; choose another keyword"),
        ({"level": 0.5}, TypeError, "'level' is 0.5; give a Slider, a Choice or a Whole"),
    ],
)
def test_unfit_controls_are_refused(controls, error, words):
    with pytest.raises(error, match=words):
        widgets.live_figure(draw, controls)


def test_a_quick_chart_is_drawn_as_asked():
    fig = Figure(figsize=(4, 3))
    axes = fig.add_axes((0, 0, 1, 1), frameon=False, xlim=(0, 1))
    axes.axvspan(0.5, 1.0, color="black")
    figure = plots.chart_figure(fig, "The right half is black.", quick=True)
    assert 'alt="The right half is black."' in figure.content
    assert 'width="400"' in figure.content  # a hundred screen pixels an inch
    png = base64.b64decode(re.search(r'base64,([^"]+)', figure.content).group(1))
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"), float)
    assert pixels.shape == (432, 576)  # more than are shown, for fine screens
    left, right = pixels[20:-20, 20:268], pixels[20:-20, 300:-40]
    assert left.mean() > 250 and right.mean() < 5
