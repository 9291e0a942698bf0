"""Every control of the studio over its whole range, without a browser."""

import base64
import io
import os
import re

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from course_utils import data, plots, widgets
from course_utils.base.backend import keras
from course_utils.models import conditional_gan, latent_space, networks
from course_utils.models.latent_space import draw_latents

SHAPE = (16, 16, 1)
NAMES = ("bear", "cat", "dog")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    model = conditional_gan.ConditionalGAN(
        3,
        generator=networks.conditional_generator(SHAPE, 8, 3, width=4),
        discriminator=networks.projection_discriminator(SHAPE, 3, width=4),
    )
    random = np.random.default_rng(0)  # tables and weights that differ clearly between classes
    model.average.set_weights([random.normal(0, 0.5, w.shape) for w in model.average.get_weights()])
    for layer in model.average.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_variance.assign(np.ones(layer.moving_variance.shape))
    return model


@pytest.fixture
def studio(model, tmp_path):
    return widgets.studio(model, NAMES, label=1, folder=tmp_path / "pictures")


def shown(studio) -> np.ndarray:
    (source,) = re.findall(r'src="data:image/png;base64,([^"]+)"', studio.picture.value)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source))).convert("L"))


def alt(studio) -> str:
    return re.search(r'alt="([^"]*)"', studio.picture.value).group(1)


def grid(images) -> np.ndarray:
    return np.asarray(plots.grid_image(images, scale=1)).squeeze()


# --- what is shown -----------------------------------------------------------------------------


def test_it_begins_with_samples_of_the_class(studio, model):
    np.testing.assert_array_equal(shown(studio), grid(model.sample(16, seed=0, labels=1)))
    assert alt(studio) == "16 generated images: cat, seed 0"


def test_a_button_draws_another_class_of_the_same_latents(studio, model):
    studio.label.value = 2
    np.testing.assert_array_equal(shown(studio), grid(model.sample(16, seed=0, labels=2)))
    assert alt(studio).startswith("16 generated images: dog")


def test_seed_and_number_decide_the_samples(studio, model):
    studio.seed.value, studio.num_images.value = 5, 4
    np.testing.assert_array_equal(shown(studio), grid(model.sample(4, seed=5, labels=1)))


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_two_classes_mix(studio, model, share):
    studio.other.value, studio.share.value = 0, share
    expected = model.sample(16, seed=0, labels=np.array([share, 1 - share, 0]))
    np.testing.assert_array_equal(shown(studio), grid(expected))
    assert ("% cat" in alt(studio)) == (share > 0)


def test_a_class_mixed_with_itself_stays_itself(studio, model):
    studio.other.value, studio.share.value = 1, 0.5
    np.testing.assert_array_equal(shown(studio), grid(model.sample(16, seed=0, labels=1)))
    assert alt(studio).startswith("16 generated images: cat, seed")


@pytest.mark.parametrize("amount", [-3.0, 0.1, 3.0])
@pytest.mark.parametrize("index", [0, 1, 2])
def test_sliders_move_along_the_directions_of_the_class(studio, model, index, amount):
    studio.sliders[index].value = amount
    latents = draw_latents(16, 8, 0) + np.float32(amount) * studio.directions[index]
    np.testing.assert_array_equal(shown(studio), grid(model.generate(latents, 1)))
    assert f"direction {index + 1} at {amount:+.3g}" in alt(studio)


def test_directions_belong_to_the_class(studio, model):
    first = studio.directions
    studio.label.value = 0
    assert not np.allclose(first, studio.directions)
    expected = latent_space.principal_directions(model.only(0), 3, num_latents=8)
    np.testing.assert_array_equal(studio.directions, expected)


# --- more like this ----------------------------------------------------------------------------


def test_more_like_this_keeps_the_picture_and_varies_it(studio, model):
    studio.sliders[0].value = 1.5
    chosen = studio.images()[6]
    before = shown(studio)
    studio.picked.value = 7
    studio.like.click()
    np.testing.assert_allclose(studio.images()[0], chosen, atol=1e-6)
    distances = np.linalg.norm((studio.images() - chosen).reshape(16, -1), axis=1)
    others = np.linalg.norm((model.sample(16, 3, labels=1) - chosen).reshape(16, -1), axis=1)
    assert distances[1:].min() > 0
    assert np.median(distances[1:]) < np.median(others)
    assert studio.amounts[0].value == 0
    assert "variations of one picture" in alt(studio)
    studio.back.click()
    studio.sliders[0].value = 1.5
    np.testing.assert_array_equal(shown(studio), before)
    assert studio.back.disabled


def test_a_picture_that_is_not_there_gets_a_sentence(studio):
    studio.num_images.value, studio.picked.value = 4, 9
    studio.like.click()
    assert "There are 4 pictures, so there is no number 9" in studio.message.value
    assert studio.center is None
    studio.picked.value = 4
    studio.like.click()
    assert studio.center is not None and studio.message.value == ""


# --- saving ------------------------------------------------------------------------------------


def test_a_sheet_is_saved_and_never_overwritten(studio):
    studio.save.click()
    path = studio.folder / "cat_seed_0.png"
    assert str(path) in studio.saved.value and 'role="status"' in studio.saved.value
    before = path.read_bytes()
    saved = np.asarray(Image.open(path).convert("L"))
    height, width = shown(studio).shape
    assert saved.shape[0] >= 3 * height and saved.shape[1] >= 3 * width
    studio.label.value = 2
    assert studio.saved.value == ""  # the line spoke of another picture
    studio.label.value = 1
    studio.amounts[0].value = 2.0
    studio.save.click()
    assert (studio.folder / "cat_seed_0_2.png").read_bytes() != before
    assert path.read_bytes() == before


def test_the_name_of_a_sheet_says_what_is_on_it(model, tmp_path):
    studio = widgets.studio(model, ("T-shirt/top", "cat", "dog"), label=1, folder=tmp_path)
    studio.other.value, studio.share.value = 2, 0.3
    studio.save.click()
    studio.label.value, studio.share.value = 0, 0.0
    studio.save.click()
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"cat_70_dog_30_seed_0.png", "T-shirt_top_seed_0.png"}


def test_a_folder_that_cannot_be_made_gets_a_sentence_and_nothing_is_lost(model, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    studio = widgets.studio(model, NAMES, folder=tmp_path / "file" / "pictures")
    before = studio.picture.value
    studio.save.click()
    assert "Not saved" in studio.saved.value and "cannot be written" in studio.saved.value
    assert studio.picture.value == before


@pytest.mark.skipif(
    os.name == "nt" or (hasattr(os, "geteuid") and os.geteuid() == 0),
    reason="root may write anywhere",
)
def test_a_folder_without_permission_gets_a_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OSError, match="cannot be written"):
        widgets.save_sheet(np.zeros((1, 4, 4, 1)), tmp_path, "cat")


def test_sheets_go_to_the_users_folder_by_default(model, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    assert widgets.studio(model, NAMES).folder == data.user_data() / "pictures"


# --- the shell ---------------------------------------------------------------------------------


def test_surprise_draws_another_seed(studio):
    before = shown(studio)
    studio.surprise.click()
    assert studio.seed.value != 0
    assert not np.array_equal(shown(studio), before)


def test_every_control_has_a_name_and_a_class(studio):
    for widget in studio._named().values():
        assert any(name.startswith("course-studio-") for name in widget._dom_classes)
        if isinstance(widget, ipywidgets.BoundedIntText | ipywidgets.BoundedFloatText):
            assert widget.description


def test_an_error_is_shown_and_the_picture_stays(studio, model, monkeypatch):
    before = studio.picture.value

    def fail(latents, labels):
        raise ValueError("no ink")

    monkeypatch.setattr(studio._model, "generate", fail)
    studio.seed.value = 3
    assert "no ink" in studio.message.value and studio.picture.value == before
    monkeypatch.undo()
    studio.seed.value = 4
    assert studio.message.value == ""


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"class_names": NAMES[:2]}, ValueError, "2 class names for 3 classes"),
        ({"label": 3}, ValueError, "label is 3; give a whole number from 0 to 2"),
        ({"num_images": 65}, ValueError, "num_images is 65; give a whole number from 1 to 64"),
        ({"num_images": 0}, ValueError, "num_images is 0; give a whole number from 1 to 64"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"model": object()}, TypeError, "needs a conditional model"),
    ],
)
def test_unfit_arguments_are_refused(model, arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        widgets.studio(**{"model": model, "class_names": NAMES, **arguments})


def test_a_share_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match=r"share is 1\.5"):
        widgets.mixed_shares(0, 1, 1.5, 3)


@pytest.mark.slow
def test_the_networks_of_the_lesson_answer_a_slider():
    studio = widgets.studio(
        conditional_gan.ConditionalGAN(seed=0), data.class_names("animals"), label=2
    )
    for amount in np.linspace(-3, 3, 21):
        before = studio.picture.value
        studio.sliders[0].value = float(amount)
        assert studio.picture.value != before and studio.message.value == ""
