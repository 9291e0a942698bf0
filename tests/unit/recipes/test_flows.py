"""How the shipped flows are made: what the recipe says of them is true of what it makes."""

import numpy as np
import pytest

from course_utils import data
from course_utils.base.backend import keras
from course_utils.models import flow_matching, flow_networks, pretrained
from course_utils.recipes import flows, weights

NAMES = ("flow_fashion", "flow_animals")


def few_weights(image_shape, num_classes):
    """In place of the course's network: a guess and a rough one, of one dense layer each."""
    inputs = [keras.Input(size) for size in (image_shape, (1,), (num_classes,))]
    x = keras.layers.Concatenate()([keras.layers.Flatten()(one) for one in inputs])
    size = int(np.prod(image_shape))
    guesses = [keras.layers.Reshape(image_shape)(keras.layers.Dense(size)(x)) for _ in range(2)]
    return keras.Model(inputs, guesses)


@pytest.fixture
def tiny(monkeypatch):
    """A network of milliseconds, and a few images of each split."""
    load = data.load_images

    def some(name, split):
        images, labels = load(name, split=split)
        return images[:200], labels[:200]

    monkeypatch.setattr(data, "load_images", some)
    monkeypatch.setattr(flow_networks, "flow_network", few_weights)


@pytest.mark.slow
@pytest.mark.parametrize("dataset_name", ["fashion_mnist", "animals"])
def test_a_flow_of_few_steps_and_its_facts(tiny, dataset_name, capsys):
    """The same facts in the same words as those that ship, but for the numbers."""
    model, facts = flows.train_flow(dataset_name, steps=20)
    assert model.optimizer.iterations == 20
    assert model.optimizer.learning_rate < 1e-5  # it falls to 0
    (name,) = (one for one in NAMES if one.startswith(f"flow_{dataset_name[:7]}"))
    shipped = pretrained.manifest()[name]
    assert [key for key in shipped if key in facts] == list(facts)
    assert {key: facts[key] for key in ("builder", "arguments", "precision")} == {
        key: shipped[key] for key in ("builder", "arguments", "precision")
    }
    assert facts["recipe"].split()[1:] == shipped["recipe"].split()[1:]
    assert facts["recipe"].split()[0] == "20"
    quality = facts["quality"]
    assert list(quality) == list(shipped["quality"])
    for key in ("plain_recognized", "guided_recognized"):
        assert 0 <= quality[key] <= 1
    assert quality["guided_distance"] != quality["plain_distance"] > 0
    assert f"Fréchet distance {quality['guided_distance']:.2f} (200 images" in quality["measured"]


@pytest.mark.slow
def test_the_quality_is_that_of_the_classes_that_were_asked_for(tiny, monkeypatch):
    """A classifier that sees class 3 in every image is right for a tenth of them."""
    keras.utils.set_random_seed(0)
    model = flow_matching.FlowMatching(num_classes=10, seed=0)
    asked = []

    def predicted(images, classifier):
        asked.append(classifier)
        return np.full(len(images), 3)

    monkeypatch.setattr(flows.metrics, "predicted_labels", predicted)
    for dataset_name in ("fashion_mnist", "animals"):
        found = flows._quality(model, dataset_name)
        assert found["plain_recognized"] == found["guided_recognized"] == 0.1
    assert sorted(set(asked)) == ["animals_features_v1", "fashion_features_v1"]


def test_guidance_costs_as_many_calls_as_none(tiny):
    model = flow_matching.FlowMatching(num_classes=10, seed=0)
    assert model.num_calls(num_steps=16) == model.num_calls(**flows.GUIDED) == 16


@pytest.mark.parametrize("name", NAMES)
def test_the_recipe_of_a_shipped_flow_is_the_one_that_made_it(name):
    made = weights.RECIPES[name]
    assert made.func is flows.train_flow
    entry = pretrained.manifest()[name]
    assert entry["recipe"].startswith(f"{made.keywords['steps']} steps on the training split")
    assert f" of {made.keywords['dataset_name']} test" in entry["quality"]["measured"]
    assert entry["quality"]["guided_recognized"] > entry["quality"]["plain_recognized"]
