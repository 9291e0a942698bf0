"""The record of lesson 16: equal time, what both models are told, and what is measured."""

from functools import partial

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.models import flow_networks, pretrained, text_networks
from course_utils.models.words import shipped_vocabulary
from course_utils.recipes import followed_words

COSTS = {"flow": 0.06, "regression": 0.02}


# ---- what is asked for, and what is told ---------------------------------------------------------


def test_seen_pairs_are_of_training_and_the_others_are_the_whole_test_split():
    asked = followed_words.asked()
    assert tuple(asked) == followed_words.PARTS
    assert [len(images) for images, _, _ in asked.values()] == [1000, 492, 310]
    _, captions, designs = data.load_captioned("emoji", split="train")
    pairs, known = set(zip(captions, designs, strict=True)), set(captions)
    for part, (_, captions, designs) in asked.items():
        is_pair = {pair in pairs for pair in zip(captions, designs, strict=True)}
        assert is_pair == {part == "seen"}
        assert {caption in known for caption in captions} == {part != "new_tones"}


def test_pictures_are_those_with_the_caption_and_the_design():
    for images, captions, designs in followed_words.asked().values():
        shares = metrics.followed(images[:30], captions[:30], designs[:30])
        assert shares.top_1 == 1


@pytest.fixture
def few_examples(monkeypatch):
    """Forty training pictures with their names and designs, which are all there are."""
    examples = [part[:40] for part in followed_words._examples()]
    monkeypatch.setattr(followed_words, "_examples", lambda: examples)
    return examples


def test_the_regression_is_told_what_belongs_to_each_picture(few_examples):
    images, captions, designs = few_examples
    words, numbers = followed_words._numbers(captions, designs)
    (told, design), pixels = next(iter(followed_words._batches("regression", 0)))
    count = followed_words.BATCH_SIZE
    assert told.shape == (count, shipped_vocabulary().length) and design.shape == (count, 1)
    assert pixels.shape == (count, 24, 24, 3)
    known = data.scale_pixels(data.as_floats(images)).reshape(40, -1)
    places = []
    for row in range(count):
        place = np.abs(known - pixels[row].numpy().ravel()).max(axis=1).argmin()
        np.testing.assert_allclose(pixels[row].numpy().ravel(), known[place], atol=1e-6)
        np.testing.assert_array_equal(told[row], words[place])
        assert design[row].numpy() == numbers[place]
        places.append(place)
    assert len(set(places)) == 40


def test_the_flow_is_told_the_same_in_the_range_of_images(few_examples):
    images, (words, designs) = next(iter(followed_words._batches("flow", 0)))
    (same_words, same_designs), _ = next(iter(followed_words._batches("regression", 0)))
    np.testing.assert_array_equal(words[:, 0], same_words)
    np.testing.assert_array_equal(designs, same_designs)
    assert words.shape[1] == 1 and images.numpy().min() >= 0 and images.numpy().max() == 1


# ---- what is measured ----------------------------------------------------------------------------


@pytest.fixture
def few_asked(monkeypatch):
    asked = {
        part: tuple(one[:10] for one in whole) for part, whole in followed_words.asked().items()
    }
    monkeypatch.setattr(followed_words, "asked", lambda: asked)
    return asked


def test_the_real_pictures_follow_and_gray_ones_do_not(few_asked):
    real = {part: images for part, (images, _, _) in few_asked.items()}
    gray = {part: np.full_like(images, 128) for part, images in real.items()}
    spaces = {"pixels": None, "rows": lambda pixels: pixels.mean(axis=(2, 3))}
    found = followed_words._measured(real, few_asked, spaces)
    assert found["top_1"].shape == found["top_5"].shape == (3, 2)
    np.testing.assert_array_equal(found["top_1"][:, 0], 1)
    np.testing.assert_allclose(found["sharpness"], 1)
    np.testing.assert_array_equal(found["error"], 0)
    found = followed_words._measured(gray, few_asked, spaces)
    assert (found["top_5"] < 0.3).all() and (found["error"] > 0.05).all()
    np.testing.assert_array_equal(found["sharpness"], 0)


def test_the_error_is_that_of_pixels_from_0_to_1(few_asked):
    off = {part: images ^ 255 for part, (images, _, _) in few_asked.items()}
    found = followed_words._measured(off, few_asked, {"pixels": None})
    for value, (images, _, _) in zip(found["error"], few_asked.values(), strict=True):
        assert value == pytest.approx(np.mean((2 * data.as_floats(images) - 1) ** 2), rel=1e-5)
    np.testing.assert_allclose(found["sharpness"], 1, rtol=1e-5)  # the negative is as sharp


def test_features_are_used_where_they_ship(monkeypatch):
    assert list(followed_words._spaces(None)) == ["pixels"]
    monkeypatch.setattr(pretrained, "manifest", lambda: {})
    assert list(followed_words._spaces("emoji_features_v1")) == ["pixels"]
    monkeypatch.setattr(pretrained, "manifest", lambda: {"emoji_features_v1": {}})
    monkeypatch.setattr(metrics, "image_features", lambda images, features: (features, images))
    spaces = followed_words._spaces("emoji_features_v1")
    assert list(spaces) == ["pixels", "emoji_features_v1"] and spaces["pixels"] is None
    assert spaces["emoji_features_v1"]("pictures") == ("emoji_features_v1", "pictures")


# ---- the record ----------------------------------------------------------------------------------


@pytest.fixture
def counted(tmp_path, monkeypatch, few_asked):
    """Trainings that take no time: the flow's pictures are the real ones, the others gray."""
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    monkeypatch.setattr(followed_words, "free_memory", lambda: None)  # it takes half a second
    monkeypatch.setattr(pretrained, "manifest", lambda: {})
    few = [np.concatenate(one) for one in zip(*few_asked.values(), strict=True)]
    monkeypatch.setattr(metrics, "followed", partial(metrics.followed, candidates=few))
    made = []

    def drawn(kind, seed, steps):
        made.append((kind, seed, steps))
        real = {part: images for part, (images, _, _) in few_asked.items()}
        gray = {part: np.full_like(images, 128) for part, images in real.items()}
        return real if kind == "flow" else gray

    def costs():
        made.append("costs")
        return COSTS

    monkeypatch.setattr(followed_words, "_costs", costs)
    monkeypatch.setattr(followed_words, "_drawn", drawn)
    return made


def test_what_is_in_the_record_and_that_both_get_the_same_time(counted, few_asked, capsys):
    found, facts = followed_words.record_followed_words(seeds=(3, 5), seconds=60)
    trainings = [(kind, seed) for seed in (3, 5) for kind in ("flow", "regression")]
    assert [one[:2] for one in counted[1:]] == trainings
    assert {kind: steps for kind, _, steps in counted[1:]} == {"flow": 1000, "regression": 3000}
    assert found["steps"].tolist() == [1000, 3000]
    np.testing.assert_allclose(found["ms"], [60, 20])
    for name in ("kinds", "parts"):
        assert tuple(found[name].tolist()) == getattr(followed_words, name.upper())
    assert found["spaces"].tolist() == ["pixels"] and found["counts"].tolist() == [10, 10, 10]
    for name in ("top_1", "top_5"):
        assert found[name].shape == (2, 2, 3, 1) and found[name].dtype == np.float32
    np.testing.assert_array_equal(found["top_1"][:, 0], 1)
    assert (found["top_1"][:, 1] < 0.5).all()
    for name, values in {"sharpness": [1, 0], "error": [0, None]}.items():
        assert found[name].shape == (2, 2, 3)
        np.testing.assert_allclose(found[name][:, 0], values[0])
    assert (found["sharpness"][:, 1] == 0).all() and (found["error"][:, 1] > 0.05).all()
    assert found["pictures"].shape == (2, 3, 8, 24, 24, 3) and found["pictures"].dtype == np.uint8
    for place, (images, captions, designs) in enumerate(few_asked.values()):
        np.testing.assert_array_equal(found["pictures"][0, place], images[:8])
        assert found["captions"][place].tolist() == captions[:8]
        assert found["designs"][place].tolist() == designs[:8]
    assert (found["pictures"][1] == 128).all()
    assert facts["quality"]["flow_new_tones_top_5"] == 1
    assert facts["quality"]["regression_seen_sharpness"] == 0
    assert len(facts["quality"]) == 12 and "2 seeds, 60 s" in facts["recipe"]
    said = capsys.readouterr().out
    assert said.startswith("  steps in 60 s: {'flow': 1000, 'regression': 3000}\n")
    assert all(f"  {kind}, seed {seed}: " in said for kind, seed in trainings)


def test_a_stopped_record_goes_on_and_features_that_come_later_train_nothing(counted, monkeypatch):
    make = followed_words._drawn

    def stops(kind, seed, steps):
        if (kind, seed) == ("regression", 1):
            raise KeyboardInterrupt
        return make(kind, seed, steps)

    monkeypatch.setattr(followed_words, "_drawn", stops)
    with pytest.raises(KeyboardInterrupt):
        followed_words.record_followed_words()
    assert counted[0] == "costs" and len(counted) == 1 + 3
    counted.clear()
    monkeypatch.setattr(followed_words, "_drawn", make)
    found, _ = followed_words.record_followed_words()
    assert [one[:2] for one in counted] == [("regression", 1), ("flow", 2), ("regression", 2)]
    counted.clear()
    monkeypatch.setattr(pretrained, "manifest", lambda: {"emoji_features_v1": {}})
    monkeypatch.setattr(
        metrics, "image_features", lambda images, features: images.mean(axis=(2, 3))
    )
    again, _ = followed_words.record_followed_words()
    assert counted == [] and again["top_1"].shape == (3, 2, 3, 2)
    np.testing.assert_array_equal(again["top_1"][..., :1], found["top_1"])
    followed_words.record_followed_words(seconds=30.0)
    assert len(counted) == 1 + 3 * 2


@pytest.fixture
def tiny(monkeypatch):
    """In place of the course's networks."""
    encoder = partial(text_networks.text_encoder, width=4)
    monkeypatch.setattr(text_networks, "text_encoder", encoder)
    sizes = {"width": 8, "hidden": 8, "depth": 1}
    flow = partial(flow_networks.told_image_network, **sizes, filters=4)
    monkeypatch.setattr(flow_networks, "told_image_network", flow)
    regression = partial(text_networks.regression_network, **sizes)
    monkeypatch.setattr(text_networks, "regression_network", regression)


@pytest.mark.slow
def test_what_a_step_costs_is_asked_of_both(tiny, few_examples, monkeypatch):
    def once(runs, rounds, steps):
        for run in runs.values():
            assert run() is not None
        return dict.fromkeys(runs, 0.5)

    monkeypatch.setattr(followed_words, "in_turns", once)
    assert followed_words._costs() == {"flow": 0.5, "regression": 0.5}


@pytest.mark.slow
def test_a_record_of_few_steps(tiny, few_asked, few_examples, tmp_path, monkeypatch):
    """Of real trainings, with tiny networks on few pictures."""
    monkeypatch.setenv("COURSE_USER_DIR", str(tmp_path))
    monkeypatch.setattr(followed_words, "_costs", lambda: COSTS)
    monkeypatch.setitem(followed_words.SAMPLING, "num_steps", 2)
    found, _ = followed_words.record_followed_words(seeds=(0,), seconds=0.24, features=None)
    assert found["steps"].tolist() == [4, 12]
    for name, shape in {"top_1": (1, 2, 3, 1), "sharpness": (1, 2, 3), "error": (1, 2, 3)}.items():
        assert found[name].shape == shape and np.isfinite(found[name]).all()
    assert (found["error"] > 0).all() and (found["sharpness"] > 0).all()
    assert len(np.unique(found["pictures"][1].reshape(24, -1), axis=0)) > 1  # words are heard
