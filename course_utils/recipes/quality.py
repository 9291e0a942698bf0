"""The record of lesson 14: all models at one budget, and quality against images, width and time.

What a step of each costs is measured first, in turns; then each trains for as many steps as fit
into the same time. About an hour on two cores; a record that was stopped goes on with the first
cell that is missing.
"""

import sys
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from course_utils import data, metrics
from course_utils.base import files
from course_utils.recipes import trained_models
from course_utils.recipes.cells import Arrays, Cells, fingerprint, free_memory, in_turns
from course_utils.recipes.trained_models import training_images

SEEDS, NUM_SAMPLES = (0, 1, 2), 2000
MODELS = {
    "GAN": "GAN",
    "conditional GAN": "conditional GAN",
    "VAE": "VAE",
    "row RNN": "row RNN",
    "pixels": "flow",
    "codes": "flow of codes",
}
CURVES = ("GAN", "VAE", "row RNN", "pixels")
ALL_IMAGES, LONG, SHORT = 60_000, 60.0, 20.0  # seconds
IMAGES = (100, 1000, 10_000, ALL_IMAGES)
WIDTHS = (0.5, 1.0, 2.0)
TIMES = (5.0, SHORT, LONG)
ENDS = ("real images", "mean image")  # floor and ceiling, which nobody trains
MEASURES = (
    "distance",
    "kernel_distance",
    "inception_score",
    "precision",
    "recall",
    "density",
    "coverage",
)
FOLLOWED = {"num_steps": 16, "solver": "adams"}  # of flows


class Run(NamedTuple):
    """A training: of which model, on how many images, how wide, for how many seconds."""

    kind: str
    images: int = ALL_IMAGES
    width: float = 1.0
    seconds: float = SHORT

    @property
    def name(self) -> str:
        return f"{self.kind}, {self.images} images, width {self.width:g}, {self.seconds:g} s"


def runs() -> list[Run]:
    """All trainings of one seed; those in which curves meet are there once."""
    found = [Run(kind, seconds=LONG) for kind in MODELS]
    for kind in CURVES:
        found += [Run(kind, images=images) for images in IMAGES]
        found += [Run(kind, width=width) for width in WIDTHS]
        found += [Run(kind, seconds=seconds) for seconds in TIMES]
    return list(dict.fromkeys(found))


def record_quality(seeds: Sequence[int] = SEEDS):
    """All models at one budget, and what more images, width and time bring, for four of them.

    Arrays: each of `MEASURES` (seeds, models + 2) after `seconds` of training, of `models` and of
    two sets that nobody trained: real images, and the mean image; `parameters`, `ms_step`,
    `ms_image` and `steps` (models,). Of the `curves`' models, after `short_seconds`:
    `images_distance`, `images_precision`, `images_recall`, `images_copying` (seeds, curves,
    images), `widths_distance` (seeds, curves, widths), `widths_parameters` (curves, widths); and
    `times_distance` (seeds, curves, times) after so many seconds.
    """
    made_by = fingerprint([sys.modules[__name__], trained_models], without=("SEEDS", "MEASURES"))
    cells = Cells(files.user_cache() / "quality" / made_by, after=free_memory)
    costs = cells.get("calibration", _costs)
    measured: dict[tuple[Run, int], dict[str, float]] = {}
    for seed in seeds:
        for run in runs():
            name, steps = f"{run.name}, seed {seed}", _steps(run, costs)
            drawn = cells.get(name, _drawn, run, seed, *steps)
            found = cells.get(f"{name}, measured", _measured, drawn["pictures"], run.images)
            measured[run, seed] = {key: float(value) for key, value in found.items()}
            print(f"  {name}: {measured[run, seed]}", flush=True)
    return _record(costs, measured, seeds)


def _record(costs, measured, seeds):
    def table(wanted: list[Run], measure: str) -> list[list[float]]:
        return [[measured[run, seed][measure] for run in wanted] for seed in seeds]

    def curve(measure: str, **setting) -> np.ndarray:
        (name, values), *_ = setting.items()
        wanted = [Run(kind, **{name: value}) for kind in CURVES for value in values]
        return np.float32(table(wanted, measure)).reshape(len(seeds), len(CURVES), len(values))

    longest, ends = [Run(kind, seconds=LONG) for kind in MODELS], _ends()
    record = {
        "models": np.array([*MODELS.values(), *ENDS]),
        "curves": np.array([MODELS[kind] for kind in CURVES]),
        "seconds": np.float32(LONG),
        "short_seconds": np.float32(SHORT),
        "images": np.int32(IMAGES),
        "widths": np.float32(WIDTHS),
        "times": np.float32(TIMES),
        "parameters": np.int32([costs[f"{kind} 1 parameters"] for kind in MODELS]),
        "ms_step": np.float32([1000 * costs[f"{kind} 1"] for kind in MODELS]),
        "ms_image": np.float32([1000 * costs[f"{kind} image"] for kind in MODELS]),
        "steps": np.int32([_steps(run, costs)[-1] for run in longest]),
        "images_distance": curve("distance", images=IMAGES),
        "images_precision": curve("precision", images=IMAGES),
        "images_recall": curve("recall", images=IMAGES),
        "images_copying": curve("copying", images=IMAGES),
        "widths_distance": curve("distance", width=WIDTHS),
        "widths_parameters": np.int32(
            [[costs[f"{kind} {width:g} parameters"] for width in WIDTHS] for kind in CURVES]
        ),
        "times_distance": curve("distance", seconds=TIMES),
    }
    for measure in MEASURES:
        rows = table(longest, measure)
        record[measure] = np.float32([[*row, *(end[measure] for end in ends)] for row in rows])
    return record, _facts(record, seeds)


def _facts(record, seeds) -> dict:
    means = dict(zip(record["models"].tolist(), record["distance"].mean(axis=0), strict=True))
    return {
        "what": "lesson 14: all models of the course at one budget, by seven measures, and the "
        "Fréchet distance of four of them against training images, width and training time",
        "recipe": f"{len(seeds)} seeds on Fashion-MNIST, {LONG:g} s each ({SHORT:g} s for images "
        f"and widths), counted in steps whose cost was measured in turns; {NUM_SAMPLES:,} samples; "
        "flows with 16 calls of Adams; the conditional GAN with its classes in turn",
        "quality": {name: round(float(mean), 3) for name, mean in means.items()},
    }


# ---- training ------------------------------------------------------------------------------------


def _costs(rounds: int = 5, steps: int = 20, at_once: int = 250) -> dict[str, float]:
    """Seconds of a step of each kind and width, and of one image; and how many parameters."""
    timed, drawn, found = {}, {}, {}
    for kind in MODELS:
        for width in WIDTHS if kind in CURVES else (1.0,):
            timed[f"{kind} {width:g}"] = trained_models.one_step(kind, width)
            model = trained_models.build(kind, 0, 1, width)
            found[f"{kind} {width:g} parameters"] = trained_models.parameters(model)
        model = trained_models.build(kind, 0, 1)
        drawn[f"{kind} image"] = partial(model.sample, at_once, 0, **_follow(kind))
    found |= in_turns(timed, rounds, steps)
    found |= {name: cost / at_once for name, cost in in_turns(drawn, rounds, 1).items()}
    # A flow of codes draws with the VAE's decoder, and was trained with the VAE.
    found["codes image"] += found["VAE image"]
    found["codes 1 parameters"] += found["VAE 1 parameters"]
    return found


def _steps(run: Run, costs) -> list[int]:
    """How many steps fit into a run's seconds; before a flow of codes a VAE's, in half of them."""
    if run.kind == "codes":
        return [round(run.seconds / 2 / float(costs[f"{kind} 1"])) for kind in ("VAE", "codes")]
    return [round(run.seconds / float(costs[f"{run.kind} {run.width:g}"]))]


def _drawn(run: Run, seed: int, *steps: int) -> Arrays:
    """Pictures uint8 (NUM_SAMPLES, 28, 28, 1) of a model that was trained for so many steps."""
    images, labels = (part[: run.images] for part in training_images())
    if run.kind == "codes":
        model = trained_models.flow_of_codes(seed, *steps, images)
    else:
        labels = labels if run.kind == "conditional GAN" else None
        model = trained_models.trained(run.kind, seed, *steps, images, labels, run.width)
    pictures = model.sample(NUM_SAMPLES, 0, **_follow(run.kind))
    return {"pictures": np.rint(255 * np.clip(pictures, 0, 1)).astype(np.uint8)}


def _follow(kind: str) -> dict:
    """How a flow is followed; other models have nothing to choose."""
    return FOLLOWED if kind in ("pixels", "codes") else {}


# ---- what is measured ----------------------------------------------------------------------------


def _measured(pictures: np.ndarray, num_images: int) -> dict[str, float]:
    """`MEASURES`, and whether the pictures are nearer to the training images than to others.

    num_images: of the training split, that the model saw
    """
    held_out, _ = data.load_images("fashion_mnist", split="test")
    features = metrics.image_features(pictures)
    real = metrics.image_features(held_out[:NUM_SAMPLES])
    found = metrics.precision_recall(features, real)._asdict()
    count = min(num_images, len(held_out))
    training = training_images()[0][:count]
    return found | {
        "distance": float(metrics.frechet_distance(pictures)),
        "kernel_distance": float(metrics.kernel_distance(features, real)),
        "inception_score": float(
            metrics.inception_score(metrics.predicted_probabilities(pictures))
        ),
        "copying": metrics.copying(pictures, training, held_out[:count]).ratio,
    }


def _ends() -> list[dict[str, float]]:
    """The measures of as many real images, other than those compared with, and of their mean."""
    images, _ = training_images()
    mean = np.rint(images.mean(axis=0, keepdims=True)).astype(np.uint8)
    return [
        _measured(pictures, ALL_IMAGES)
        for pictures in (images[-NUM_SAMPLES:], np.repeat(mean, NUM_SAMPLES, axis=0))
    ]
