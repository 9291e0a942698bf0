"""Every control of the live sampler over its whole range, without a browser."""

import base64
import io
import re

import ipywidgets
import numpy as np
import pytest
from PIL import Image
from traitlets import TraitError

from course_utils import plots, widgets
from course_utils.models.latent_space import draw_latents

IMAGE_SHAPE = (6, 5, 1)


class TinyModel:
    """A smooth, deterministic generator in NumPy; it can be told to fail."""

    image_shape = IMAGE_SHAPE

    def __init__(self, latent_size=8, channels=1):
        self.latent_size = latent_size
        self.image_shape = (*IMAGE_SHAPE[:2], channels)
        shape = (latent_size, int(np.prod(self.image_shape)))
        self.weights = np.random.default_rng(1).normal(0, 0.5, shape).astype(np.float32)
        self.error = None

    def generate(self, latents):
        if self.error is not None:
            raise self.error
        assert latents.dtype == np.float32 and latents.shape[1] == self.latent_size
        pixels = 1 / (1 + np.exp(-latents @ self.weights))
        return pixels.reshape(-1, *self.image_shape).astype(np.float32)


@pytest.fixture
def model():
    return TinyModel()


@pytest.fixture
def explorer(model):
    return widgets.explore(model)


def source(explorer) -> str:
    return re.search(r'src="data:image/png;base64,([^"]+)"', explorer.picture.value).group(1)


def pixels(explorer) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source(explorer)))))


def alt(explorer) -> str:
    return re.search(r'<img alt="([^"]*)"', explorer.picture.value).group(1)


def assert_changes(explorer, change) -> None:
    """Run `change`; afterwards the picture is another one, and no message is shown."""
    before = source(explorer)
    change()
    assert explorer.message.value == ""
    assert source(explorer) != before


# ---- the widget ----------------------------------------------------------------------------------


def test_the_first_picture_is_the_models_sample(explorer, model):
    latents = draw_latents(16, model.latent_size, seed=0)
    expected = plots.grid_image(model.generate(latents), columns=4, scale=1)
    np.testing.assert_array_equal(pixels(explorer), expected)
    assert alt(explorer) == "16 generated images, seed 0"
    assert explorer.message.value == ""


@pytest.mark.parametrize("channels", [1, 3])
def test_gray_and_color(channels):
    explorer = widgets.explore(TinyModel(channels=channels))
    assert pixels(explorer).ndim == (2 if channels == 1 else 3)


@pytest.mark.parametrize("index", range(5))
def test_each_slider_over_its_range(explorer, index):
    slider, field = explorer.sliders[index], explorer.amounts[index]
    seen = {source(explorer)}
    for value in (slider.min, -1.5, -0.1, 0.1, 1.5, slider.max):
        assert_changes(explorer, lambda value=value: setattr(slider, "value", value))
        assert field.value == value
        assert f"direction {index + 1} at {value:+.3g}" in alt(explorer)
        seen.add(source(explorer))
    assert len(seen) == 7
    slider.value = 0.0
    assert source(explorer) in seen and "direction" not in alt(explorer)


def test_each_number_field_moves_its_slider(explorer):
    for field, slider in zip(explorer.amounts, explorer.sliders, strict=True):
        for typed, kept in ((1.25, 1.25), (99, 3.0), (-99, -3.0), (0, 0.0)):
            assert_changes(
                explorer, lambda field=field, typed=typed: setattr(field, "value", typed)
            )
            assert field.value == slider.value == kept


def test_a_slider_that_counts_in_binary_fractions_shows_a_tidy_number(explorer):
    explorer.sliders[0].value = 0.10000000000000009
    assert explorer.amounts[0].value == 0.1


def test_seed_over_its_range(explorer):
    for typed, kept in ((1, 1), (500_000, 500_000), (10**9, widgets.LARGEST_SEED), (-5, 0)):
        assert_changes(explorer, lambda typed=typed: setattr(explorer.seed, "value", typed))
        assert explorer.seed.value == kept and f"seed {kept}" in alt(explorer)


@pytest.mark.parametrize("control", ["seed", "other_seed", "blend"])
def test_what_is_no_number_never_reaches_the_picture(explorer, control):
    before = explorer.picture.value
    with pytest.raises(TraitError):
        getattr(explorer, control).value = "abc"
    assert explorer.picture.value == before
    assert_changes(explorer, lambda: setattr(explorer.seed, "value", 12))


def test_every_grid_size(explorer):
    assert (explorer.num_images.min, explorer.num_images.max) == (1, 64)
    for n in (1, 4, 9, 25, 64):
        assert_changes(explorer, lambda n=n: setattr(explorer.num_images, "value", n))
        columns = plots.default_columns(n)
        assert pixels(explorer).shape == (7 * columns - 1, 6 * columns - 1)
        assert alt(explorer).startswith(f"{n} generated image")
        shown_width = int(re.search(r'width="(\d+)"', explorer.picture.value).group(1))
        assert shown_width % pixels(explorer).shape[1] == 0  # all pixels equally large
        assert shown_width <= widgets.PICTURE_SIDE


def test_the_first_grid_size_can_be_chosen(model):
    explorer = widgets.explore(model, num_images=10, seed=4)
    assert explorer.num_images.value == 10 and alt(explorer) == "10 generated images, seed 4"


def test_surprise_draws_both_seeds_anew_and_shows_them(explorer):
    explorer.blend.value = 1.0  # only the other seed is seen
    for _ in range(20):
        seeds = explorer.seed.value, explorer.other_seed.value
        assert_changes(explorer, explorer.surprise.click)
        assert explorer.seed.value not in seeds and explorer.other_seed.value not in seeds
        assert 0 <= explorer.seed.value <= widgets.LARGEST_SEED


def test_reset_returns_every_slider_to_zero(explorer):
    first = explorer.picture.value
    explorer.blend.value = 0.5
    for slider in explorer.sliders:
        slider.value = 2.0
    assert_changes(explorer, explorer.reset.click)
    assert explorer.picture.value == first
    assert [slider.value for slider in explorer.sliders] == [0.0] * 5


def test_blend_walks_to_the_other_seed(explorer, model):
    for position in (0.05, 0.5, 0.95, 1.0):
        control = explorer.blend_slider if position < 0.9 else explorer.blend
        assert_changes(explorer, lambda c=control, p=position: setattr(c, "value", p))
        assert f"{100 * position:.0f} % of the way to seed 1" in alt(explorer)
    arrived = source(explorer)
    assert arrived == source(widgets.explore(model, seed=1))
    assert_changes(explorer, lambda: setattr(explorer.other_seed, "value", 77))


def test_play_goes_there_and_back_and_repeats(explorer):
    positions = []
    for tick in range(1, explorer.play.max + 1):
        assert_changes(explorer, lambda tick=tick: setattr(explorer.play, "value", tick))
        positions.append(explorer.blend.value)
    assert positions[19] == 1.0 and positions[18] == positions[20] == 0.95
    assert positions[-1] == 0.05  # the next tick is 0 again: no jump
    assert getattr(explorer.play, "repeat", None) or explorer.play._repeat


def test_one_gesture_draws_once(explorer, model):
    calls = []
    generate = model.generate
    model.generate = lambda latents: calls.append(len(latents)) or generate(latents)
    explorer.surprise.click()
    explorer.num_images.value = 4
    explorer.sliders[0].value = 1.0
    explorer.play.value = 5
    explorer.reset.click()
    assert calls == [16, 4, 4, 4, 4]


@pytest.mark.parametrize(
    "change",
    [
        lambda explorer: setattr(explorer.sliders[0], "value", 1.0),
        lambda explorer: setattr(explorer.seed, "value", 9),
        lambda explorer: setattr(explorer.num_images, "value", 36),
        lambda explorer: setattr(explorer.play, "value", 9),
        lambda explorer: explorer.surprise.click(),
    ],
)
def test_an_error_is_shown_in_the_widget_which_stays_usable(explorer, model, change):
    before = explorer.picture.value
    model.error = RuntimeError("out of <memory>\n at line 7 of a long trace")
    change(explorer)
    assert 'role="alert"' in explorer.message.value
    assert "RuntimeError: out of &lt;memory&gt;" in explorer.message.value
    assert "trace" not in explorer.message.value
    assert explorer.picture.value == before
    model.error = None
    assert_changes(explorer, lambda: setattr(explorer.seed, "value", 31))


def test_pixels_that_are_none_are_a_message_too(explorer, model):
    model.weights[:] = np.nan
    explorer.seed.value = 5
    assert "NaN or infinite" in explorer.message.value


def test_an_error_of_the_first_picture_ends_the_cell(model):
    model.error = RuntimeError("no weights")
    with pytest.raises(RuntimeError, match="no weights"):
        widgets.explore(model)


def test_a_broken_generator_is_named(model):
    model.weights[:] = np.nan
    with pytest.raises(ValueError, match="NaN or infinite pixels"):
        widgets.explore(model)


@pytest.mark.parametrize(("latent_size", "expected"), [(1, 1), (2, 2), (8, 5)])
def test_there_are_no_more_sliders_than_latents(latent_size, expected):
    assert len(widgets.explore(TinyModel(latent_size)).sliders) == expected


@pytest.mark.parametrize("wrong", [7, None, "gan", object()])
def test_what_is_no_generator_gets_one_sentence(wrong):
    with pytest.raises(TypeError, match=f"latent_size.*this is {type(wrong).__name__}"):
        widgets.explore(wrong)


def test_points_are_no_pictures(model):
    model.generate = lambda latents: latents[:, :2]
    with pytest.raises(ValueError, match=r"\(16, 2\)"):
        widgets.explore(model)


@pytest.mark.parametrize(
    "settings",
    [
        {"num_images": 0},
        {"num_images": 65},
        {"num_directions": 0},
        {"seed": -1},
        {"seed": 10**7},
        {"num_images": "4"},
    ],
)
def test_settings_out_of_range_are_named(model, settings):
    (value,) = settings.values()
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        widgets.explore(model, **settings)


def every_widget(root):
    yield root
    for child in getattr(root, "children", ()):
        yield from every_widget(child)


def test_every_field_has_a_name_and_every_slider_a_field(explorer):
    shown = list(every_widget(explorer))
    fields = [w for w in shown if isinstance(w, ipywidgets.BoundedFloatText)]
    sliders = [w for w in shown if isinstance(w, ipywidgets.FloatSlider)]
    named = (ipywidgets.BoundedFloatText, ipywidgets.BoundedIntText)
    assert all(w.description for w in shown if isinstance(w, (*named, ipywidgets.Button)))
    assert len(fields) == len(sliders) == len(explorer.directions) + 1
    for field, slider in zip(fields, sliders, strict=True):
        assert (field.min, field.max, field.step) == (slider.min, slider.max, slider.step)
    assert explorer.message in shown and explorer.picture in shown


def test_a_page_without_a_kernel_gets_the_picture(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/html"] == explorer.picture.value
    assert bundle["text/plain"] == "<live sampler>"
    assert "application/vnd.jupyter.widget-view+json" in bundle


# ---- a real network ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_real_gan_answers_each_slider():
    from course_utils.models import gan

    model = gan.GAN(seed=0)
    rng = np.random.default_rng(0)
    for weight in model.average.weights:
        if "kernel" in weight.path:  # larger than at the start, so that pictures differ clearly
            weight.assign(rng.normal(0, 0.1, weight.shape))
    explorer = widgets.explore(model)
    for index in range(3):
        for value in np.linspace(-3, 3, 30):
            assert_changes(
                explorer, lambda i=index, v=value: setattr(explorer.sliders[i], "value", v)
            )
