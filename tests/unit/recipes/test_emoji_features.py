"""How the classifier of emoji is made, and that its measured quality counts what it says."""

import numpy as np
import pytest

from course_utils import data
from course_utils.base.backend import keras
from course_utils.models import pretrained
from course_utils.recipes import emoji_features, weights

NAME = "emoji_features_v1"


@pytest.fixture
def few(monkeypatch):
    """Some pictures of each split: a held-out one and what is in training beside it."""
    load = data.load_captioned

    def some(name, split="train", language="en"):
        images, captions, designs = load(name, split, language)
        rows = [row for row, caption in enumerate(captions) if caption in wanted]
        return images[rows], [captions[row] for row in rows], [designs[row] for row in rows]

    held_out = load("emoji", "test")[1]
    persons = {data.without_skin_tones(caption) for caption in held_out[:20]}
    wanted = {*held_out[:20]} | {
        caption for caption in load("emoji")[1] if data.without_skin_tones(caption) in persons
    }
    monkeypatch.setattr(data, "load_captioned", some)


@pytest.mark.slow
def test_a_classifier_of_few_steps_and_its_facts(few):
    """The same facts in the same words as those that ship, but for the numbers."""
    model, facts = emoji_features.train_emoji_features(steps=20)
    assert model.optimizer.iterations == 20
    shipped = pretrained.manifest()[NAME]
    assert [key for key in shipped if key in facts] == list(facts)
    assert facts["builder"] == shipped["builder"] and facts["precision"] == shipped["precision"]
    assert facts["recipe"].split()[1:] == shipped["recipe"].split()[1:]
    assert facts["recipe"].split()[0] == "20"
    classes = len(set(data.load_captioned("emoji")[1]))
    assert facts["arguments"] == {"image_shape": [24, 24, 3], "num_classes": classes}
    assert model.output_shape == (None, classes)
    assert list(facts["quality"]) == list(shipped["quality"])
    assert all(0 <= share <= 1 for share in facts["quality"].values())


def test_the_recipe_of_the_shipped_classifier_is_the_one_that_made_it():
    made, entry = weights.RECIPES[NAME], pretrained.manifest()[NAME]
    assert made.func is emoji_features.train_emoji_features
    assert entry["recipe"].startswith(f"{made.keywords['steps']} steps on the training split")
    assert entry["arguments"]["num_classes"] == len(set(data.load_captioned("emoji")[1]))


def test_altered_pictures_are_moved_softened_and_still_on_white():
    keras.utils.set_random_seed(0)
    images = np.full((200, 24, 24, 3), 1.0, np.float32)
    images[:, 10:14, 8:16] = -1.0
    changed = emoji_features.altered(images).numpy()
    assert changed.shape == images.shape
    assert np.abs(changed).max() <= 1
    # Ink stays within two pixels and the blur of where it was, beyond it is white but for noise
    # and brightness; so is the edge from which white moved in.
    outside = np.ones((24, 24), bool)
    outside[7:17, 5:19] = False
    assert changed[:, outside].mean() > 0.85
    ink = (1 - changed).mean(axis=3)
    for axis, middle in ((1, 11.5), (2, 11.5)):
        weight = np.clip(ink.sum(axis=3 - axis) - 0.1 * 24, 0, None)
        centers = (weight * np.arange(24)).sum(axis=1) / weight.sum(axis=1)
        assert np.abs(centers - middle).max() < 3
        assert set(np.round(centers - middle)) >= {-2, -1, 0, 1, 2}  # each by itself
    assert changed.min(axis=(1, 2, 3)).max() < -0.6  # the blur leaves the middle dark


COLORS = {
    "sun": (0.2, 0.5),
    "moon": (0.3, 0.5),
    "man light skin tone": (0.6, 0.3),
    "man dark skin tone": (0.6, 0.6),
    "cook light skin tone": (0.75, 0.3),
    "cook dark skin tone": (0.75, 0.6),
}


class TestQuality:
    """Gray-to-red pictures of 4 x 4 pixels, by hand: features see the mean color, not stripes.

    Red tells the thing and green the tone; stripes, stronger than both, tell the designs.
    """

    def picture(self, caption, design):
        red, green = COLORS[caption]
        image = np.full((4, 4, 3), 0.5)
        image[..., :2] = red, green
        sides = {"x": image[:, ::2], "y": image[::2]}  # two ways of stripes that cancel out
        sides[design] += 0.2
        {"x": image[:, 1::2], "y": image[1::2]}[design][:] -= 0.2
        return np.round(255 * image).astype(np.uint8)

    @pytest.fixture
    def model(self, monkeypatch):
        train = [("sun", "x"), ("moon", "x"), ("moon", "y"), ("man light skin tone", "x")]
        train += [("man light skin tone", "y"), ("cook light skin tone", "x")]
        train += [("cook light skin tone", "y"), ("cook dark skin tone", "x")]
        test = [("sun", "y"), ("man dark skin tone", "x"), ("man dark skin tone", "y")]
        splits = {"train": train, "test": test}

        def load(name, split="train"):
            captions, designs = map(list, zip(*splits[split], strict=True))
            return np.stack([self.picture(*row) for row in splits[split]]), captions, designs

        monkeypatch.setattr(data, "load_captioned", load)
        names = sorted({caption for caption, _ in train})
        images = keras.Input((4, 4, 3))
        seen = keras.layers.GlobalAveragePooling2D(name="features")(images)
        logits = keras.layers.Dense(len(names))
        model = keras.Model(images, logits(seen))
        colors = 2 * np.array([(*COLORS[name], 0.5) for name in names]) - 1
        logits.set_weights([2 * colors.T, -(colors**2).sum(axis=1)])  # the nearest color
        return model

    def test_features_that_see_no_design(self, model):
        found = emoji_features.quality(model)
        assert found["test_top_1"] == found["test_top_5"] == 1  # the sun, never seen in y
        assert (found["new_designs_found"], found["new_designs_found_by_pixels"]) == (1, 0)
        # The dark man is nearest to the dark cook in color: in x, where such a cook is.
        assert (found["new_tones_tone"], found["new_tones_person"]) == (1, 0)
        assert found["new_tones_found"] == 1
        assert found["new_tones_found_by_pixels"] == 1  # the other design has no better
        assert found["blurred_top_1"] == 1

    def test_a_classifier_that_is_wrong(self, model):
        kernel, bias = model.layers[-1].get_weights()
        model.layers[-1].set_weights([-kernel, -bias])
        found = emoji_features.quality(model)
        assert found["test_top_1"] == 0
        assert found["new_designs_found"] == 1  # the features are as before
