"""Text to image: what is told in training, what prompts draw, and what is refused."""

import time
import warnings

import numpy as np
import pytest
from small_models import equal

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import checkpoints, text_to_image, words

SHAPE = (10, 10, 3)
COLORS = {"red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
CAPTIONS = [f"{color} {thing}" for color in COLORS for thing in ("heart", "car")]
DESIGNS = ("flat", "round")
VOCABULARY = words.Vocabulary.of_texts([*CAPTIONS, "红 心 车", "a"], length=4)


def small(*, seed=0, **arguments):
    """A model with few units, compiled."""
    keras.utils.set_random_seed(0)
    model = text_to_image.TextToImage(
        SHAPE,
        vocabulary=VOCABULARY,
        designs=DESIGNS,
        encoder={"width": 8, "vector_size": 12},
        flow={"width": 16, "hidden": 24, "depth": 1, "filters": 4},
        seed=seed,
    )
    adam = keras.optimizers.Adam(0.01, beta_2=0.99, global_clipnorm=1.0)
    model.compile(**{"optimizer": adam, "average_decay": 0.98} | arguments)
    return model


def pictures():
    """One picture for each caption and design: of one color, and dark at the top in one design."""
    captions = [caption for caption in CAPTIONS for _ in DESIGNS]
    designs = list(DESIGNS) * len(CAPTIONS)
    images = np.zeros((len(captions), *SHAPE), np.uint8)
    for image, caption, design in zip(images, captions, designs, strict=True):
        color, thing = caption.split()
        image[:] = 200 * np.array(COLORS[color])
        image[:, : 5 if thing == "car" else 0] = 255
        image[: 5 if design == "round" else 0] //= 2
    return images, captions, designs


@pytest.fixture(scope="module")
def model():
    """A model as it begins, but with random numbers where networks begin with zeros."""
    model = small()
    random = np.random.default_rng(0)
    for weight in model.average.weights:
        if not weight.numpy().any():
            weight.assign(random.normal(0, 0.2, weight.shape))
    return model


@pytest.fixture(scope="module")
def trained():
    """A model that has seen each picture some hundred times, by English and Chinese words."""
    model = small()
    images, captions, designs = pictures()
    both = [[caption, caption.replace("red", "红")] for caption in captions]
    model.fit(images, both, designs, batch_size=36, steps_per_epoch=400, verbose=0)
    return model


# --- construction ------------------------------------------------------------------------------


def test_the_course_s_model_knows_the_emoji_s_words_and_designs():
    model = text_to_image.TextToImage(seed=0)
    assert model.image_shape == model.latent_shape == (24, 24, 3)
    assert model.designs == data.CAPTIONED["emoji"].designs
    assert model.vocabulary is words.shipped_vocabulary()
    assert 2 * model.network.count_params() < 5_800_000  # bytes in half precision


def test_the_average_begins_as_the_network_and_is_not_trained():
    model = small()
    assert equal(model.average.get_weights(), model.network.get_weights())
    assert not model.average.trainable_weights
    assert not {id(w) for w in model.average.weights} & {id(w) for w in model.network.weights}
    assert len(model.optimizer.variables) == 2 + 2 * len(model.network.trainable_variables)


# --- what is told in training ------------------------------------------------------------------


def told(model, captions, designs, count=4000):
    """What the network is told of one picture, as a Counter of (words, design)."""
    numbers, names = model._numbers(1, captions, designs)
    labels = np.repeat(numbers, count, 0), np.repeat(names, count, 0)
    found = zip(*(one.numpy() for one in model._told(labels, count, "test")), strict=True)
    seen = [(" ".join(VOCABULARY.decode(row)), int(design[0])) for row, design in found]
    return {one: seen.count(one) / count for one in set(seen)}


def test_captions_and_designs_are_left_out_now_and_then():
    shares = told(small(unlabeled_share=0.2), ["red car"], ["round"])
    expected = {("red car", 2): 0.5, ("red car", 0): 0.2, ("", 0): 0.2, ("", 2): 0.1}
    assert shares == pytest.approx(expected, abs=0.03)


def test_each_step_draws_one_of_the_captions():
    shares = told(small(unlabeled_share=0.0), [["red car", "红车", "a car"]], ["flat"])
    expected = {(text, 1): 1 / 3 for text in ("red car", "红 车", "a car")}
    assert shares == pytest.approx(expected, abs=0.03)


def test_without_designs_none_is_told():
    assert told(small(unlabeled_share=0.0), ["red car"], None) == {("red car", 0): 1.0}


# --- training ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_training_follows_words_and_designs(trained):
    images, captions, designs = pictures()
    made = trained.sample(len(images), seed=0, prompts=captions, design=designs, guidance=1.0)
    assert np.abs(made - images / 255).mean() < 0.12
    distances = np.abs(made[:, np.newaxis] - images / 255).mean(axis=(2, 3, 4))
    assert np.mean(distances.argmin(axis=1) == np.arange(len(images))) > 0.8


@pytest.mark.slow
def test_another_language_draws_the_same(trained):
    images, *_ = pictures()
    made = trained.sample(6, seed=1, prompts="红 heart", design="flat")
    assert np.abs(made.mean(axis=0) - images[0] / 255).mean() < 0.12


@pytest.mark.slow
def test_the_loss_of_held_out_pictures_is_measured():
    images, captions, designs = pictures()
    history = small().fit(
        images, captions, designs, validation_data=(images, captions, designs), verbose=0
    )
    assert set(history.history) == {"loss", "val_loss"}


@pytest.mark.slow
def test_resumed_training_goes_on_as_if_nothing_had_happened(tmp_path):
    images, captions, designs = pictures()
    first, resumed = small(), small(seed=5)
    first.fit(images, captions, designs, batch_size=6, verbose=0)
    path = checkpoints.save_checkpoint(first, tmp_path / "half.npz")
    checkpoints.load_checkpoint(resumed, path)
    for model in (first, resumed):
        model.fit(images, captions, designs, batch_size=6, verbose=0)
    assert equal(first.average.get_weights(), resumed.average.get_weights())


# --- drawing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("prompts", [None, "", "red car", ["red car", "红心", ""]])
@pytest.mark.parametrize("design", [None, "round", ["flat", None, "round"]])
def test_samples_are_images_that_the_seed_decides(model, prompts, design):
    settings = {"prompts": prompts, "design": design, "num_steps": 2}
    images = model.sample(3, seed=0, **settings)
    assert images.shape == (3, *SHAPE) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1
    np.testing.assert_array_equal(images, model.sample(3, seed=0, **settings))
    assert not np.array_equal(images, model.sample(3, seed=1, **settings))


def test_no_images_may_be_asked_for(model):
    assert model.sample(0, prompts="red car").shape == (0, *SHAPE)


def test_words_designs_and_guidance_change_the_picture(model):
    def draw(**settings):
        return model.sample(2, seed=0, num_steps=3, **{"prompts": "red car"} | settings)

    others = [{"prompts": "car red"}, {"prompts": ""}, {"design": "flat"}, {"guidance": 1.0}]
    for settings in [*others, {"guided": (0.0, 0.3)}, {"solver": "euler"}]:
        assert np.abs(draw(**settings) - draw()).max() > 1e-4, settings


def test_without_a_prompt_guidance_changes_nothing(model):
    first, second = (model.sample(2, seed=0, guidance=g, num_steps=2) for g in (1.0, 5.0))
    np.testing.assert_allclose(first, second, atol=1e-5)


def test_a_prompt_each_is_each_prompt(model):
    texts, designs = ["red car", "blue heart"], ["flat", "round"]
    latents = np.random.default_rng(0).standard_normal((2, *SHAPE), np.float32)
    together = model.generate(latents, texts, design=designs, num_steps=3)
    for row in range(2):
        alone = model.generate(latents[row : row + 1], texts[row], design=designs[row], num_steps=3)
        np.testing.assert_allclose(together[row], alone[0], atol=1e-4)


def test_vectors_draw_what_their_prompts_do(model):
    vectors = model.encode_prompts(["red car", "blue heart"], "flat")
    assert vectors.shape == (2, 12) and vectors.dtype == np.float32
    texts = model.sample(2, seed=0, prompts=["red car", "blue heart"], design="flat", num_steps=2)
    np.testing.assert_allclose(
        model.sample(2, seed=0, prompts=vectors, num_steps=2), texts, atol=1e-6
    )
    mixed = model.sample(2, seed=0, prompts=vectors.mean(axis=0), num_steps=2)
    assert mixed.shape == (2, *SHAPE) and not np.allclose(mixed, texts, atol=1e-4)


def test_nothing_told_is_zeros_and_one_is_enough_for_all(model):
    assert model.encode_prompts().shape == (1, 12) and not model.encode_prompts().any()
    assert model.encode_prompts("red car", ["flat", "round", None]).shape == (3, 12)
    assert model.encode_prompts([], []).shape == (0, 12)


def test_paths_lead_from_noise_to_the_picture(model):
    latents = np.random.default_rng(0).standard_normal((2, *SHAPE), np.float32)
    stages = model.paths(latents, "red car", design="flat", num_steps=4)
    assert stages.shape == (5, 2, *SHAPE)
    np.testing.assert_array_equal(stages[0], latents)
    image = model.generate(latents, "red car", design="flat", num_steps=4)
    np.testing.assert_allclose(np.clip(stages[-1] / 2 + 0.5, 0, 1), image, atol=1e-5)
    one_by_one = list(model.stages(latents, "red car", design="flat", num_steps=4))
    np.testing.assert_allclose(one_by_one, np.clip(stages / 2 + 0.5, 0, 1), atol=1e-6)
    np.testing.assert_array_equal(one_by_one[-1], image)


def test_eight_pictures_take_less_than_a_second():
    model = text_to_image.TextToImage(seed=0)
    model.sample(8, prompts="red heart", design="noto")  # traces
    begin = time.perf_counter()
    model.sample(8, prompts="black cat", design="noto")
    assert time.perf_counter() - begin < 1


# --- what is refused ---------------------------------------------------------------------------

LONG = "red car " * 1250


@pytest.mark.parametrize(
    ("settings", "error", "expected"),
    [
        ({"prompts": 3}, TypeError, "A prompt or caption is of the type int; give a text"),
        ({"prompts": b"cat"}, TypeError, "of the type bytes"),
        ({"prompts": ["red", 3]}, TypeError, "of the type int"),
        ({"prompts": [["red", "car"], ["blue", "car"]]}, TypeError, "of the type list"),
        ({"prompts": "xyzzy qqq"}, ValueError, "no word of it is known: 'xyzzy'; 'qqq'"),
        ({"prompts": "hart"}, ValueError, r"'hart' \(near: heart\)"),
        ({"prompts": ["red", "🐱"]}, ValueError, "it is a picture; say it in words.*'cat face'"),
        ({"prompts": ["red"] * 3}, ValueError, "There are 3 prompts or designs for 2 images"),
        ({"prompts": []}, ValueError, "There are 0 prompts and 1 designs"),
        ({"prompts": ["red"] * 2, "design": ["flat"] * 3}, ValueError, "2 prompts and 3 designs"),
        ({"prompts": np.zeros((2, 5), np.float32)}, ValueError, r"give texts, or .* \(n, 12\)"),
        ({"prompts": np.full((2, 12), np.nan)}, ValueError, "finite vectors"),
        ({"prompts": np.zeros(12), "design": "flat"}, ValueError, "hold a design already"),
        ({"design": "apple"}, ValueError, "There is no design 'apple'; choose one of flat, round"),
        ({"design": 1}, ValueError, "There is no design 1"),
        ({"guidance": -1}, ValueError, "guidance is -1; give a number of 0 or more"),
        ({"guidance": np.inf}, ValueError, "guidance is inf"),
        ({"guidance": np.nan}, ValueError, "guidance is nan"),
        ({"guidance": "much"}, TypeError, "guidance is 'much'; give one number"),
        ({"guided": (0.5, 0.1)}, ValueError, "give the earlier time first"),
        ({"num_steps": 0}, ValueError, "num_steps is 0; give a whole number of 1 or more"),
        ({"num_steps": 2.5}, ValueError, "num_steps is 2.5"),
        ({"solver": "magic"}, ValueError, "There is no solver 'magic'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(model, settings, error, expected):
    with pytest.raises(error, match=expected) as raised:
        model.sample(2, **{"prompts": "red car"} | settings)
    assert "\n" not in str(raised.value)


def test_unknown_words_are_left_out_with_a_warning(model):
    with pytest.warns(UserWarning, match=r"unknown: 'hart' \(near: heart\)\.$"):
        image = model.sample(1, seed=0, prompts="red hart", num_steps=2)
    np.testing.assert_array_equal(image, model.sample(1, seed=0, prompts="red", num_steps=2))


def test_ten_thousand_characters_draw_what_their_beginning_does(model):
    with pytest.warns(UserWarning, match="has 2500 words; only the first 4 are read"):
        image = model.sample(1, seed=0, prompts=LONG, num_steps=2)
    begin = model.sample(1, seed=0, prompts="red car red car", num_steps=2)
    np.testing.assert_array_equal(image, begin)


def test_emoji_beside_words_change_nothing(model):
    with warnings.catch_warnings(action="error"):
        image = model.sample(1, seed=0, prompts="red car 🚗", num_steps=2)
    np.testing.assert_array_equal(image, model.sample(1, seed=0, prompts="red car", num_steps=2))


@pytest.mark.parametrize(
    ("change", "error", "expected"),
    [
        ({"captions": None}, ValueError, "learns from images and captions"),
        ({"captions": "red car"}, ValueError, "with one caption for each image"),
        ({"captions": CAPTIONS}, ValueError, "There are 12 images, 6 captions and 12 designs"),
        ({"designs": ["flat"]}, ValueError, "12 images, 12 captions and 1 designs"),
        ({"captions": ["red"] * 11 + [3]}, TypeError, "of the type int; give a text"),
        ({"captions": ["red"] * 11 + [["red", "car"]]}, ValueError, "have from 1 to 2 captions"),
        ({"captions": [[]] * 12}, ValueError, "have from 0 to 0 captions"),
        ({"captions": ["red"] * 11 + ["dog"]}, ValueError, "'dog' has no word that .*of_texts"),
        ({"designs": ["apple"] * 12}, ValueError, "There is no design 'apple'"),
        ({"images": np.zeros((12, 5, 5, 3))}, ValueError, r"built for \(batch, 10, 10, 3\)"),
        ({"images": tf.data.Dataset.range(3)}, TypeError, "call fit.* with arrays and lists"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_one_sentence(change, error, expected):
    images, captions, designs = pictures()
    given = {"images": images, "captions": captions, "designs": designs} | change
    model = small()
    before = model.network.get_weights()
    with pytest.raises(error, match=expected) as raised:
        model.fit(**given, verbose=0)
    assert "\n" not in str(raised.value)
    assert equal(before, model.network.get_weights())
