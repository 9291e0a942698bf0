"""What is said of a learner's repairs of the training, by what they do."""

import numpy as np
import pytest

from course_utils.base.backend import tf
from course_utils.lessons.gan_clinic import repairs_training as repairs


def test_logits_go_to_the_loss_as_they_are():
    assert repairs.pair_fault(lambda: (None, True)) == ""
    assert repairs.pair_fault(lambda: ["linear", 1]) == ""


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (("sigmoid", False), "rounded to 1"),
        (("sigmoid", True), "a second time"),
        ((None, False), "for a probability"),
        ((True, None), "the activation comes first"),
        ("linear", "expected a pair"),
    ],
)
def test_a_pair_that_does_not_fit_is_told_why(pair, words):
    assert words in repairs.pair_fault(lambda: pair)


def epoch(change=lambda batches: batches, count=lambda batches: sum(map(len, batches))):
    """An epoch with one thing to change."""

    def run_epoch(dataset, step):
        batches = list(change(list(dataset)))
        for batch in batches:
            step(batch)
        return count(batches)

    return run_epoch


def test_a_whole_epoch_has_no_fault():
    assert repairs.epoch_fault(epoch()) == ""
    assert repairs.epoch_fault(epoch(lambda batches: reversed(batches))) == ""


@pytest.mark.parametrize(
    ("run_epoch", "words"),
    [
        (epoch(lambda batches: []), "no batch came"),
        (epoch(lambda batches: batches[:1]), "one batch is no epoch"),
        (epoch(lambda batches: batches[:2]), "2 never came"),
        (epoch(lambda batches: batches * 2), "more than once"),
        (epoch(lambda batches: [one for batch in batches for one in batch]), "whole batches"),
        (epoch(count=len), "number of batches"),
        (epoch(count=lambda batches: 4 * len(batches)), "it returns 12 for 10"),
        (epoch(count=lambda batches: None), "NoneType"),
    ],
)
def test_each_fault_of_an_epoch_is_named(run_epoch, words):
    assert words in repairs.epoch_fault(run_epoch)


def keeping(images, entry=lambda step, images: (step, images)):
    def keep(history, step, generator, latents):
        history.append(entry(step, images(generator, latents)))

    return keep


def inference(generator, latents):
    return generator(latents, training=False).numpy()


def test_images_of_the_same_latents_are_kept():
    assert repairs.keeping_fault(keeping(inference)) == ""
    assert repairs.keeping_fault(keeping(inference, lambda *pair: list(pair))) == ""


@pytest.mark.parametrize(
    ("keep", "words"),
    [
        (keeping(lambda generator, z: generator(z, training=True)), "the generator has changed"),
        (keeping(lambda generator, z: generator(-z)), "not the images of the given latents"),
        (keeping(lambda generator, z: (inference(generator, z) + 1) / 2), "in [-1, 1]"),
        (keeping(lambda generator, z: inference(generator, z)[:1]), "of all 6"),
        (keeping(inference, lambda step, images: images), "the pair"),
        (keeping(inference, lambda step, images: (images, step)), "begin with the step"),
        (lambda history, step, generator, latents: None, "still empty"),
    ],
)
def test_each_fault_of_keeping_is_named(keep, words):
    assert words in repairs.keeping_fault(keep)


def test_images_that_later_change_are_found():
    def keep(history, step, generator, latents):
        images = inference(generator, latents)
        if history:
            history[0][1][...] = images
        history.append((step, images))

    assert "step 10 changed" in repairs.keeping_fault(keep)


def judge_both(discriminator, real, fake):
    return discriminator(real, training=True), discriminator(fake, training=True)


def mixed(discriminator, real, fake):
    return tf.split(discriminator(tf.concat([real, fake], 0), training=True), 2)


def test_both_modes_where_they_belong_have_no_fault():
    assert repairs.modes_fault(lambda: (judge_both, inference)) == ""


@pytest.mark.parametrize(
    ("judge", "sample", "words"),
    [
        (mixed, inference, "mixes both kinds"),
        (lambda d, r, f: (d(r), d(f)), inference, "is for training"),
        (lambda d, r, f: (d(r, training=True), d(f)), inference, "not generated images"),
        (lambda d, r, f: (d(r), d(f, training=True)), inference, "not real images"),
        (lambda d, r, f: judge_both(d, f, r), inference, "swap them"),
        (lambda d, r, f: map(tf.sigmoid, judge_both(d, r, f)), inference, "returns map"),
        (lambda d, r, f: [*map(tf.sigmoid, judge_both(d, r, f))], inference, "probabilities"),
        (judge_both, lambda g, z: g(z, training=True), "running averages"),
        (judge_both, lambda g, z: g(z)[0], "of all latents"),
        (judge_both, lambda g, z: -g(z), "does not return what the generator makes"),
        (judge_both, None, "expected two functions"),
    ],
)
def test_each_fault_of_the_modes_is_named(judge, sample, words):
    assert words in repairs.modes_fault(lambda: (judge, sample))


def there(images):
    return np.float32(images) / np.float32(127.5) - np.float32(1)


def back(outputs):
    return np.round((np.asarray(outputs) + 1) * 127.5).astype(np.uint8)


def test_pixels_come_back():
    assert repairs.pixels_fault(lambda: (there, back)) == ""
    in_tensorflow = lambda images: tf.cast(images, tf.float32) / 127.5 - 1  # noqa: E731
    assert repairs.pixels_fault(lambda: [in_tensorflow, back]) == ""


@pytest.mark.parametrize(
    ("to_network", "to_pixels", "words"),
    [
        (lambda images: images / 255, back, "from 0 to 1"),
        (lambda images: (images - np.uint8(127)) / 128, back, "wraps around"),
        (lambda images: images / 127.5 - 1, back, "float64"),
        (lambda images: there(images)[0], back, "of shape (16, 16, 1)"),
        (there, lambda x: (255 * np.asarray(x)).astype(np.uint8), "-1 becomes 0"),
        (there, lambda x: ((np.asarray(x) + 1) * 127.5).astype(np.uint8), "round"),
        (there, lambda x: (np.asarray(x) + 1) * 127.5, "pixels are uint8"),
        (there, lambda x: back(x)[0], "to_pixels returns an array of shape (16, 16, 1)"),
        (there, None, "expected two functions"),
    ],
)
def test_each_fault_of_the_scales_is_named(to_network, to_pixels, words):
    assert words in repairs.pixels_fault(lambda: (to_network, to_pixels))
