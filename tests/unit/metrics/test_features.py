"""The features of images and the classifiers they come from."""

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.metrics import features
from course_utils.models import pretrained


@pytest.fixture(scope="module")
def images():
    return data.load_images("fashion_mnist", split="test")[0][:600]


def test_features_are_the_same_in_chunks(images, monkeypatch):
    together = metrics.image_features(images)  # more than one chunk already
    assert together.dtype == np.float32
    assert together.shape == (600, 64)
    monkeypatch.setattr(features, "_CHUNK", 97)
    np.testing.assert_allclose(metrics.image_features(images), together, rtol=1e-4, atol=1e-4)
    monkeypatch.setattr(features, "_CHUNK", 10_000)
    np.testing.assert_allclose(metrics.image_features(images), together, rtol=1e-4, atol=1e-4)


def test_features_are_those_of_the_named_layer(images):
    network = pretrained.load("fashion_features_v1")
    tail = network.layers[network.layers.index(network.get_layer("features")) + 1 :]
    logits = metrics.image_features(images[:50])
    for layer in tail:
        logits = layer(logits)
    expected = network(data.scale_pixels(images[:50] / np.float32(255)))
    np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-3)


def test_a_network_of_one_s_own_is_measured_as_a_shipped_one_is(images):
    network = pretrained.load("fashion_features_v1")
    np.testing.assert_array_equal(
        metrics.network_features(network, images), metrics.image_features(images)
    )
    with pytest.raises(ValueError, match=f"but {network.name} measures"):
        metrics.network_features(network, images[:, :14])


@pytest.mark.slow
@pytest.mark.parametrize(("reference", "at_least"), [("fashion_mnist", 0.90), ("animals", 0.95)])
def test_the_classifiers_are_as_accurate_as_the_manifest_says(reference, at_least):
    known = metrics.REFERENCES[reference]
    images, labels = data.load_images(known.dataset, known.split)
    network = pretrained.load(known.features)
    dataset = data.make_dataset(images, batch_size=500, shuffle=False).map(data.scale_pixels)
    accuracy = np.mean(network.predict(dataset, verbose=0).argmax(axis=1) == labels)
    recorded = pretrained.manifest()[known.features]["quality"]["test_accuracy"]
    assert accuracy >= at_least
    # Rounding on another processor may turn a few images.
    assert accuracy == pytest.approx(recorded, abs=5 / len(images))


@pytest.mark.parametrize("reference", metrics.REFERENCES)
def test_every_feature_tells_some_images_from_others(reference):
    known = metrics.REFERENCES[reference]
    images, _ = data.load_images(known.dataset, known.split)
    spread = metrics.image_features(images[:2000], known.features).std(axis=0)
    assert (spread > 0).all(), f"{(spread == 0).sum()} of {len(spread)} features are dead"


def test_every_feature_tells_some_emoji_from_others():
    images, _, _ = data.load_captioned("emoji", "test")
    assert (metrics.image_features(images, "emoji_features_v1").std(axis=0) > 0).all()


def test_the_classifier_recognizes_test_images_of_both_kinds():
    images, labels = data.load_images("animals", "test")
    found = metrics.predicted_labels(images, "animals_features_v1")
    assert found.shape == labels.shape
    assert np.mean(found == labels) > 0.98
    floats = images[:100].astype(np.float32) / 255
    np.testing.assert_array_equal(
        metrics.predicted_labels(floats, "animals_features_v1"), found[:100]
    )


def test_probabilities_are_the_softmax_of_the_logits(images):
    found = metrics.predicted_probabilities(images[:50])
    network = pretrained.load("fashion_features_v1")
    logits = network(data.scale_pixels(images[:50] / np.float32(255))).numpy().astype(np.float64)
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-6)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_array_equal(found.argmax(axis=1), metrics.predicted_labels(images[:50]))
    assert metrics.predicted_probabilities(images[:2], "animals_features_v1").shape == (2, 10)


def test_images_of_another_size_are_not_classified():
    with pytest.raises(ValueError, match=r"\(16, 16, 1\), but fashion_features_v1"):
        metrics.predicted_labels(np.zeros((3, 16, 16, 1), np.uint8))
