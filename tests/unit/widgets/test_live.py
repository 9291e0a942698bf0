"""A picture drawn by a function of its controls, without a browser."""

import re
import subprocess
import sys

import numpy as np
import pytest
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


WITHOUT_TENSORFLOW = """
import sys
import numpy as np
from course_utils import plots, widgets

def draw(level):
    return plots.images_figure(np.full((1, 4, 4), level), f"A level of {level:.1f}.")

live = widgets.live_figure(draw, {"level": widgets.Slider("Level", 0.0, 1.0, 0.1, 0.5)})
live.sliders["level"].value = 0.2
assert "A level of 0.2." in live.picture.value, live.message.value

class Model:
    latent_size = 2

    def generate(self, latents):
        return np.full((len(latents), 4, 4, 1), 0.5) + 0.01 * latents[:, :1, None, None]

explorer = widgets.explore(Model())
explorer.sliders[0].value = 2.0
assert "direction 1 at +2" in explorer.picture.value, explorer.message.value
print([name for name in ("tensorflow", "keras") if name in sys.modules])
"""


def test_a_slider_starts_no_tensorflow():
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT_TENSORFLOW], capture_output=True, text=True, timeout=60
    )
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


def test_a_wide_picture_stands_above_its_column_and_shrinks_with_the_page():
    class Wide(widgets.WidePicture):
        def _above(self):
            return [self.choice]

        def _render(self):
            self._show(plots.images_figure(np.zeros((1, 4, 4)), "A square."))

        def __init__(self):
            self.choice = widgets.Whole("Seed", 0, 9, 3).widgets()[0]
            super().__init__("wide", [], {"choice": self.choice}, 700)

    wide = Wide()
    (box,) = wide.children
    assert box.children == (wide.choice, wide.picture, wide.column)
    assert (wide.picture.layout.width, wide.picture.layout.max_width) == ("100%", "700px")
    assert wide.column.layout.width == "100%"
