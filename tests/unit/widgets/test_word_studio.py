"""Every control of the word studio, and prompts of all kinds, without a browser."""

import base64
import html
import io
import re
import warnings

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from course_utils import data, plots, widgets
from course_utils.base.backend import keras
from course_utils.models import text_to_image, words

VOCABULARY = words.Vocabulary.of_texts(["red heart", "blue car", "black cat", "红 心"], length=4)
DESIGNS = ("flat", "round")
EVIL = "red <img src=x onerror=alert(1)> \"cat\" & 'heart'"


@pytest.fixture(scope="module")
def model():
    """An untrained model, with random numbers where networks begin with zeros."""
    keras.utils.set_random_seed(0)
    model = text_to_image.TextToImage(
        (10, 10, 3),
        vocabulary=VOCABULARY,
        designs=DESIGNS,
        encoder={"width": 8, "vector_size": 12},
        flow={"width": 16, "hidden": 24, "depth": 1, "filters": 4},
        seed=0,
    )
    random = np.random.default_rng(0)
    for weight in model.average.weights:
        scale = 1.0 if "vectors" in weight.path else 0.2  # so that words differ clearly
        if scale == 1.0 or not weight.numpy().any():
            weight.assign(random.normal(0, scale, weight.shape))
    return model


@pytest.fixture
def studio(model, tmp_path):
    return widgets.word_studio(model, folder=tmp_path / "pictures")


def shown(picture: str) -> np.ndarray:
    (source,) = re.findall(r'src="data:image/png;base64,([^"]+)"', picture)
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(source))).convert("RGB"))


def alt(studio) -> str:
    return html.unescape(re.search(r'alt="([^"]*)"', studio.picture.value).group(1))


def check_shown(studio, model, n=8, **settings) -> None:
    """The picture is the model's own sample of these settings, and so are the studio's images."""
    settings = {"prompts": "black cat", "seed": 0} | settings
    images = model.sample(n, **settings)
    np.testing.assert_allclose(studio.images, images, atol=1e-6)
    expected = plots.grid_image(images, 4, scale=1).astype(int)
    assert np.abs(shown(studio.picture.value) - expected).max() <= 1  # of 255


def watched(studio) -> list[str]:
    """Gets each new picture."""
    seen = []
    studio.picture.observe(lambda change: seen.append(change.new), "value")
    return seen


# --- what is shown -----------------------------------------------------------------------------


def test_it_begins_with_samples_of_the_prompt(studio, model):
    check_shown(studio, model)
    assert alt(studio) == "8 pictures of 'black cat', any design, guidance 2.5, seed 0"
    assert f"<figcaption>{html.escape(alt(studio))}" in studio.picture.value
    assert studio.message.value == ""


def test_arguments_say_what_is_shown_first(model):
    settings = {"design": "round", "guidance": 4, "num_images": 1, "seed": 7}
    studio = widgets.word_studio(model, "red heart", **settings)
    check_shown(studio, model, 1, prompts="red heart", design="round", guidance=4, seed=7)
    assert alt(studio) == "1 picture of 'red heart', round design, guidance 4, seed 7"


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("red heart", "of 'red heart'"),
        ("红心", "of '红心'"),
        ("", "of any emoji"),
        ("  ", "of any emoji"),
        ("Blue cars!", "of 'Blue cars!'"),
    ],
)
def test_a_prompt_is_drawn(studio, model, prompt, said):
    before = studio.images
    studio.prompt.value = prompt
    check_shown(studio, model, prompts=prompt.strip())
    assert said in alt(studio) and studio.message.value == ""
    assert not np.allclose(studio.images, before, atol=0.01)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_button_draws_a_design(studio, model, design):
    studio.design.value = design
    check_shown(studio, model, design=design)
    assert f"{design} design" in alt(studio)
    studio.design.value = "any"
    check_shown(studio, model)


@pytest.mark.parametrize("guidance", [0.0, 1.0, 3.7, 8.0])
def test_guidance_is_the_models(studio, model, guidance):
    studio.guidance_slider.value = guidance
    assert studio.guidance.value == guidance
    check_shown(studio, model, guidance=guidance)
    assert f"guidance {guidance:g}" in alt(studio)


@pytest.mark.parametrize(("n", "size"), [(1, (10, 10)), (3, (10, 32)), (16, (43, 43))])
def test_seed_and_number_decide_the_samples(studio, model, n, size):
    studio.seed.value, studio.num_images.value = 5, n
    check_shown(studio, model, n, seed=5)
    assert shown(studio.picture.value).shape[:2] == size


def test_surprise_draws_another_seed(studio, model):
    for _ in range(3):
        before = studio.seed.value
        studio.surprise.click()
        assert studio.seed.value != before
        check_shown(studio, model, seed=studio.seed.value)


# --- a mix of two prompts ----------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_two_prompts_mix(studio, model, share):
    studio.other.value, studio.design.value = "red heart", "flat"
    studio.share_slider.value = share
    cat, heart = model.encode_prompts(["black cat", "red heart"], "flat")
    check_shown(studio, model, prompts=(1 - share) * cat + share * heart)
    percent = round(100 * share)
    assert f"8 pictures of {100 - percent} % 'black cat' and {percent} % 'red heart'" in alt(studio)


@pytest.mark.parametrize(
    ("other", "share", "prompt"),
    [("red heart", 0.0, "black cat"), ("red heart", 1.0, "red heart"), ("black cat", 0.3, None)],
)
def test_one_of_two_prompts_alone_is_no_mix(studio, model, other, share, prompt):
    studio.other.value, studio.share.value = other, share
    check_shown(studio, model, prompts=prompt or "black cat")
    assert "% " not in alt(studio)


def test_a_share_without_another_prompt_is_asked_for_one(studio, model):
    studio.share.value = 0.2
    assert "Type another prompt" in studio.message.value
    assert 'role="status"' in studio.message.value
    check_shown(studio, model)
    studio.other.value = "red heart"
    assert studio.message.value == "" and "80 % 'black cat'" in alt(studio)


def test_long_prompts_that_begin_alike_stay_two(studio):
    same = "black cat " * 5
    studio.prompt.value, studio.other.value = same + "red", same + "blue"
    assert alt(studio).count("50 % 'black cat") == 2


# --- how it comes to be ------------------------------------------------------------------------

CHANGES = {
    "prompt": "red heart",
    "design": "round",
    "seed": 3,
    "num_images": 4,
    "other": "blue car",
}


@pytest.mark.parametrize("control", CHANGES)
def test_the_picture_appears_stage_by_stage(studio, model, control):
    seen = watched(studio)
    getattr(studio, control).value = CHANGES[control]
    n, seed = studio.num_images.value, studio.seed.value
    latents = np.random.default_rng(seed).standard_normal((n, 10, 10, 3), np.float32)
    stages = model.paths(latents, studio.vectors(), num_steps=16)[::4]
    assert len(seen) == len(stages) == 5
    for step, stage, picture in zip((0, 4, 8, 12, 16), stages, seen, strict=True):
        expected = plots.grid_image(np.clip(stage / 2 + 0.5, 0, 1), 4, scale=1).astype(int)
        assert np.abs(shown(picture) - expected).max() <= 1
        assert (f"Step {step} of 16: {n} pictures" in picture) == (step < 16)
    np.testing.assert_array_equal(
        shown(studio.picture.value), plots.grid_image(studio.images, 4, scale=1)
    )


@pytest.mark.parametrize("control", ["guidance_slider", "share_slider"])
def test_on_the_way_of_a_slider_only_results_are_shown(studio, control):
    studio.other.value = "red heart"
    seen = watched(studio)
    for value in (0.2, 0.7):
        getattr(studio, control).value = value
    assert len(seen) == 2 and not any("Step" in picture for picture in seen)


# --- prompts that the model cannot draw, or not all of -----------------------------------------


def test_unknown_words_are_named_and_the_rest_is_drawn(studio, model):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(2):  # a warning is said each time
            studio.prompt.value = "red hearth"
            assert "'hearth' (near: heart)" in html.unescape(studio.message.value)
            assert 'role="status"' in studio.message.value
            check_shown(studio, model, prompts="red")
            studio.prompt.value = "red heart"
            assert studio.message.value == ""


def test_unknown_words_are_named_at_the_beginning_too(model):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        studio = widgets.word_studio(model, "black kat")
    assert "'kat'" in html.unescape(studio.message.value)
    check_shown(studio, model, prompts="black")


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("hovercraft", "no word of it is known: 'hovercraft'"),
        ("😀", "it is a picture; say it in words"),
        ("?!", "it has no English or Chinese words"),
        ("x" * 10_000, "no word of it is known"),
        ("привет", "it has no English or Chinese words"),
    ],
)
@pytest.mark.parametrize("field", ["prompt", "other"])
def test_what_cannot_be_drawn_gets_a_sentence_and_nothing_is_lost(
    studio, model, field, prompt, said
):
    before, images = studio.picture.value, studio.images
    getattr(studio, field).value = prompt
    message = html.unescape(studio.message.value)
    assert said in message and 'role="alert"' in message and len(message) < 500
    assert studio.picture.value == before and studio.images is images
    assert getattr(studio, field).value == prompt  # to be mended
    getattr(studio, field).value = "red heart"
    assert studio.message.value == "" and studio.picture.value != before


def test_ten_thousand_letters_are_shortened(studio, model):
    studio.prompt.value = "red heart " * 1000
    assert len(alt(studio)) < 120
    assert "only the first 4 are read" in studio.message.value
    studio.save.click()
    (path,) = studio.folder.iterdir()
    assert len(path.name) < 80


def test_an_error_halfway_brings_the_former_picture_back(studio, model, monkeypatch):
    before, images = studio.picture.value, studio.images

    def fail(latents, vectors, **settings):
        yield np.zeros((8, 10, 10, 3), np.float32)
        raise MemoryError("no room")

    monkeypatch.setattr(model, "stages", fail)
    seen = watched(studio)
    studio.seed.value = 3
    assert len(seen) == 2 and studio.picture.value == before and studio.images is images
    assert "no room" in studio.message.value
    monkeypatch.undo()
    studio.seed.value = 4
    assert studio.message.value == ""
    check_shown(studio, model, seed=4)


# --- HTML is text ------------------------------------------------------------------------------


def tags(text: str) -> set[str]:
    return set(re.findall(r"<(\w+)", text))


def test_html_in_prompts_is_text_everywhere(studio, model):
    studio.prompt.value, studio.other.value = EVIL, EVIL + " car"
    assert tags(studio.picture.value) == {"figure", "img", "figcaption"}
    assert studio.picture.value.count("<img") == 1
    assert tags(studio.message.value) == {"div"}  # unknown words are named
    assert "<img src=x" in alt(studio)
    studio.save.click()
    assert tags(studio.saved.value) == {"div"}
    studio.prompt.value = "<script>alert(1)</script>"
    assert tags(studio.message.value) == {"div", "b"} and "Not drawn" in studio.message.value


@pytest.mark.parametrize("prompt", ["red \u202e heart", "red \ud800", "red \x00 heart"])
def test_signs_that_show_nothing_are_written_out(studio, prompt):
    studio.prompt.value = prompt
    studio.picture.value.encode()  # can be sent
    assert repr(prompt) in alt(studio)


# --- saving ------------------------------------------------------------------------------------


def test_a_sheet_is_saved_as_it_is_shown_and_never_overwritten(studio, model):
    studio.save.click()
    path = studio.folder / "black_cat_seed_0.png"
    assert str(path) in studio.saved.value and 'role="status"' in studio.saved.value
    before = path.read_bytes()
    saved = np.asarray(Image.open(path).convert("RGB"))
    np.testing.assert_array_equal(saved[::4, ::4], shown(studio.picture.value))
    studio.guidance.value = 1.0
    assert studio.saved.value == ""  # the line spoke of another picture
    studio.save.click()
    assert (studio.folder / "black_cat_seed_0_2.png").read_bytes() != before
    assert path.read_bytes() == before


def test_what_is_shown_is_saved_after_a_prompt_that_could_not_be_drawn(studio):
    before = shown(studio.picture.value)
    studio.prompt.value = "hovercraft"
    studio.save.click()
    (path,) = studio.folder.iterdir()
    assert path.name == "black_cat_seed_0.png"
    np.testing.assert_array_equal(np.asarray(Image.open(path).convert("RGB"))[::4, ::4], before)


@pytest.mark.parametrize(
    ("controls", "name"),
    [
        ({"prompt": "../../red/heart", "seed": 3}, "red_heart_seed_3"),
        ({"prompt": "红心", "design": "flat"}, "红心_flat_seed_0"),
        ({"prompt": ""}, "any_emoji_seed_0"),
        ({"other": "red heart", "share": 0.3}, "black_cat_70_red_heart_30_seed_0"),
        ({"prompt": EVIL}, "red_img_src_x_onerror_alert_1_seed_0"),
        ({"prompt": "C:\\red|car?*"}, "C_red_car_seed_0"),
    ],
)
def test_the_name_of_a_sheet_says_what_is_on_it(studio, controls, name):
    for control, value in controls.items():
        getattr(studio, control).value = value
    studio.save.click()
    (path,) = studio.folder.iterdir()
    assert path.stem == name


def test_long_names_of_two_prompts_are_short_enough_for_a_file(studio):
    studio.prompt.value, studio.other.value = "红心" * 40, "心红" * 40
    studio.save.click()
    (path,) = studio.folder.iterdir()
    assert path.stem == f"{'红心' * 15}_50_{'心红' * 15}_50_seed_0"


def test_a_folder_that_cannot_be_made_gets_a_sentence_and_nothing_is_lost(model, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    studio = widgets.word_studio(model, folder=tmp_path / "file" / "pictures")
    before = studio.picture.value
    studio.save.click()
    assert "Not saved" in studio.saved.value and "cannot be written" in studio.saved.value
    assert studio.picture.value == before


def test_sheets_go_to_the_users_folder_by_default(model, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    assert widgets.word_studio(model).folder == data.user_data() / "pictures"


# --- the shell ---------------------------------------------------------------------------------


def every(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from every(child)


def test_every_control_has_a_name_a_class_and_a_place(studio):
    placed = set(every(studio))
    fields = ipywidgets.Text | ipywidgets.BoundedIntText | ipywidgets.BoundedFloatText
    for widget in studio._named().values():
        assert widget in placed
        assert any(name.startswith("course-word-studio-") for name in widget._dom_classes)
        if isinstance(widget, fields | ipywidgets.ToggleButtons):
            assert widget.description
    assert not any(isinstance(widget, ipywidgets.Dropdown) for widget in placed)
    assert not studio.prompt.continuous_update and not studio.other.continuous_update


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"prompt": 5}, TypeError, "is of the type int; give a text"),
        ({"prompt": None}, TypeError, "is of the type NoneType; give a text"),
        ({"prompt": "hovercraft"}, ValueError, "cannot be drawn: no word of it is known"),
        ({"design": "apple"}, ValueError, "There is no design 'apple'; choose one of flat, round"),
        ({"guidance": 9}, ValueError, "guidance is 9; give a number from 0 to 8"),
        ({"guidance": "2"}, TypeError, "guidance is '2'; give one number"),
        ({"num_images": 17}, ValueError, "num_images is 17; give a whole number from 1 to 16"),
        ({"num_images": 0}, ValueError, "num_images is 0; give a whole number from 1 to 16"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"model": object()}, TypeError, "needs a model that draws what words say"),
    ],
)
def test_unfit_arguments_are_refused(model, arguments, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        widgets.word_studio(**{"model": model, **arguments})
    assert "\n" not in str(caught.value)
