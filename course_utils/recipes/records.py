"""How each record was made: curves and samples that a lesson shows but has no time to make.

A recipe returns the arrays by name and the facts for the manifest: `what` they are, the recipe in
words, measured quality.
"""

import hashlib
import io
from pathlib import Path

import numpy as np

from course_utils import data, metrics
from course_utils.base.backend import keras, tf
from course_utils.models import augmentation, conditional_gan, gan
from course_utils.recipes import clinic, flow_calls, followed_words, gan_diseases, quality, shipping

FOLDER = data.MEASUREMENTS_FOLDER
SHUFFLE_BUFFER = 10_000
AUGMENTATION_IMAGES, AUGMENTATION_STEPS = 410, 2500


def save(name: str, arrays: dict[str, np.ndarray], root: Path, **facts) -> dict:
    """Write data/measurements/NAME.npz below `root`, and its entry in the manifest there.

    facts: `what` the arrays are, `recipe`, and measured `quality`.
    """
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    # Of the values alone, which another version of NumPy may compress otherwise.
    content = b"".join(np.asarray(array).tobytes() for array in arrays.values())
    facts = {"content_sha256": hashlib.sha256(content).hexdigest(), **facts}
    return shipping.ship(root, FOLDER, name, ".npz", packed.getvalue(), facts)


def record_gan_two_runs():
    """Two runs of the GAN for lesson 06, one of which draws three kinds of clothing only.

    For each the losses, as means over 67 steps, and at the end 24 samples, and of 10,000 the
    Fréchet distance and how many the classifier takes for each kind. Run a gets its images sorted
    by kind, through a shuffle buffer that holds less than two kinds; b gets them in random order.
    """
    images, labels = data.load_images("fashion_mnist", split="train")
    by_kind = tf.data.Dataset.from_tensor_slices(images[np.argsort(labels, kind="stable")])
    by_kind = by_kind.shuffle(SHUFFLE_BUFFER, seed=0).batch(64)
    datasets = {
        "a": by_kind.map(lambda batch: tf.cast(batch, tf.float32) / 255.0),
        "b": data.make_dataset(images, seed=0),
    }
    every, points = 67, 14  # 938 steps, one epoch
    found = {"steps": every * np.arange(1, points + 1)}
    for run, dataset in datasets.items():
        keras.utils.set_random_seed(0)
        model = gan.GAN(seed=0)
        model.compile()
        curves = model.fit(dataset, steps_per_epoch=every, epochs=points, verbose=2).history
        for player in ("generator", "discriminator"):
            found[f"{run}_{player}_loss"] = np.float32(curves[f"{player}_loss"])
        found[f"{run}_samples"] = np.rint(255 * model.sample(24, seed=1)).astype(np.uint8)
        drawn = model.sample(10_000, seed=0)
        found[f"{run}_kinds"] = np.bincount(metrics.predicted_labels(drawn), minlength=10)
        found[f"{run}_distance"] = np.float32(metrics.frechet_distance(drawn))
    facts = {
        "what": "lesson 06: losses, 24 samples, the Fréchet distance and the kinds of clothing of "
        "two runs of the GAN on Fashion-MNIST; run a's generator draws few kinds",
        "recipe": "938 steps on the training split, batch 64, hinge loss, Adam(2e-3, 0.5, 0.99), "
        f"seed 0; run a's images sorted by kind, then shuffled in a buffer of {SHUFFLE_BUFFER}",
        "quality": {f"{run}_distance": _rounded(found[f"{run}_distance"]) for run in "ab"},
    }
    return found, facts


def record_animals_augmentation():
    """Six runs of the conditional GAN for lesson 12, on few animals, half of them augmented.

    Every run learns from the same 410 animals, a twentieth of the training split, three seeds each.
    Arrays (3, points): what `metrics.recognized` says, and the mean logits of these images, of
    1,000 held-out images and of 1,000 generated ones, in inference mode. `steps` (points,) is when.
    `with_samples` and `without_samples` are 20 images (uint8) of the first seed's last step.
    """
    images, labels = data.load_images("animals", split="train")
    images, labels = images[:AUGMENTATION_IMAGES], labels[:AUGMENTATION_IMAGES]
    held_out, held_out_labels = data.load_images("animals", split="test")
    judged = {
        "training": (images, labels),
        "held_out": (held_out[:1000], held_out_labels[:1000]),
    }

    def point(model):
        found = metrics.recognized(model)._asdict()
        found["distance"] = float(found["distance"])
        for name, (pixels, classes) in judged.items():
            found[f"{name}_logit"] = _mean_logit(model, pixels / 255, classes)
        classes = judged["held_out"][1]
        generated = model.sample(1000, seed=2, labels=classes)
        return found | {"generated_logit": _mean_logit(model, generated, classes)}

    every, points = 250, AUGMENTATION_STEPS // 250
    record = {"steps": every * np.arange(1, points + 1)}
    for run, augment in {"with": augmentation.shift_cutout, "without": None}.items():
        curves = []
        for seed in range(3):
            keras.utils.set_random_seed(seed)
            model = conditional_gan.ConditionalGAN(seed=seed)
            model.compile(augment=augment)
            curves.append([])
            for _ in range(points):
                model.fit(images, labels, steps_per_epoch=every, verbose=0)
                curves[-1].append(point(model))
                print(f"  {run} augmentation, seed {seed}: {curves[-1][-1]}", flush=True)
            if seed == 0:
                last = model.sample(20, seed=0)
                record[f"{run}_samples"] = np.uint8(np.round(255 * last))
        for key in curves[0][0]:
            values = [[found[key] for found in curve] for curve in curves]
            record[f"{run}_{key}"] = np.float32(values)
    facts = {
        "what": "lesson 12: recognized shares, Fréchet distance and mean logits every 250 steps of "
        "six runs of the conditional GAN, three seeds with and three without augmentation; 20 "
        "samples of each first run",
        "recipe": f"{AUGMENTATION_STEPS} steps on the first {AUGMENTATION_IMAGES} animals of the "
        "training split, batch 64, hinge loss, Adam(2e-3, 0.5, 0.99), shift_cutout or no "
        "augmentation, seeds 0 to 2",
        "quality": {  # means of the three seeds at the last step
            f"{run}_distance": _rounded(record[f"{run}_distance"][:, -1])
            for run in ("with", "without")
        },
    }
    return record, facts


def _mean_logit(model, pixels, classes) -> float:
    pixels = tf.constant(data.scale_pixels(np.float32(pixels)))
    classes = tf.one_hot(classes, model.num_classes)
    return float(tf.reduce_mean(model.discriminator([pixels, classes], training=False)))


def _rounded(distances: np.ndarray) -> float:
    return round(float(np.mean(distances)), 3)


RECIPES = {
    "gan_two_runs": record_gan_two_runs,
    "animals_augmentation": record_animals_augmentation,
    "gan_clinic": clinic.record_gan_clinic,
    "gan_diseases": gan_diseases.record_gan_diseases,
    "flow_calls": flow_calls.record_flow_calls,
    "followed_words": followed_words.record_followed_words,
    "quality": quality.record_quality,
}
