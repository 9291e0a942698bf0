"""The record of lesson 16: do the pictures of a flow follow the words better than a regression's?

A step of each is timed first, in turns; then each trains for as many as fit into the same time.
About 15 minutes on two cores; a record that was stopped goes on with the first cell that is
missing. Cells hold pictures, so that they can be measured anew without being made again.
"""

import sys
from collections.abc import Sequence
from functools import partial

import numpy as np

from course_utils import data, metrics
from course_utils.base import files
from course_utils.base.backend import keras, tf
from course_utils.models import pretrained, text_networks, text_to_image
from course_utils.models.words import shipped_vocabulary
from course_utils.recipes.cells import Arrays, Cells, fingerprint, free_memory, in_turns

SEEDS, SECONDS = (0, 1, 2), 120.0
KINDS, PARTS = ("flow", "regression"), ("seen", "new_tones", "new_designs")
MEASURES = ("top_1", "top_5", "sharpness", "error")
FEATURES = "emoji_features_v1"
BATCH_SIZE, RATE = 128, 2e-3
SEEN, SHOWN = 1000, 8  # training pictures asked for again; pictures of a part in the record
SAMPLING = {"guidance": 2.5, "num_steps": 16, "solver": "adams"}


def record_followed_words(
    seeds: Sequence[int] = SEEDS, seconds: float = SECONDS, features: str | None = FEATURES
):
    """Do pictures follow seen and new captions? A flow and a regression, at equal time.

    features: a frozen classifier, in whose features the nearest real picture is looked for as well
        as in pixels; left out where it does not ship, or with None

    Arrays, by `kinds`, `parts` and `spaces`: `top_1` and `top_5` (seeds, kinds, parts, spaces), the
    shares of `metrics.followed`; `error` (seeds, kinds, parts), the mean square difference to the
    real pictures that were asked for, pixels in [0, 1]; `sharpness`, how much neighboring pixels
    differ, the real pictures' being 1; `ms` and `steps` (kinds,), of a step, and in the seconds. Of
    the first seed `pictures` (kinds, parts, 8, 24, 24, 3) uint8; the `captions` and `designs` of
    them, and `counts` of all that were asked for, by part.
    """
    made_by = fingerprint([sys.modules[__name__], text_networks, text_to_image], seconds)
    cells = Cells(files.user_cache() / "followed_words" / made_by, after=free_memory)
    costs = cells.get("calibration", _costs)
    steps = {kind: round(seconds / float(costs[kind])) for kind in KINDS}
    print(f"  steps in {seconds:g} s: {steps}", flush=True)
    wanted, spaces = asked(), _spaces(features)
    found, shown = [], []
    for seed in seeds:
        found.append([])
        for kind in KINDS:
            drawn = cells.get(f"{kind}-{seed}", _drawn, kind, seed, steps[kind])
            found[-1].append(_measured(drawn, wanted, spaces))
            shown.append([drawn[part][:SHOWN] for part in PARTS])
            print(f"  {kind}, seed {seed}: {found[-1][-1]}", flush=True)
    record = {
        "kinds": np.array(KINDS),
        "parts": np.array(PARTS),
        "spaces": np.array(list(spaces)),
        **{key: np.float32([[one[key] for one in row] for row in found]) for key in MEASURES},
        "ms": np.float32([1000 * float(costs[kind]) for kind in KINDS]),
        "steps": np.int32(list(steps.values())),
        "pictures": np.stack(shown[: len(KINDS)]),
        "captions": np.array([wanted[part][1][:SHOWN] for part in PARTS]),
        "designs": np.array([wanted[part][2][:SHOWN] for part in PARTS]),
        "counts": np.int32([len(wanted[part][0]) for part in PARTS]),
    }
    return record, _facts(record, seeds, seconds)


def _facts(record, seeds, seconds) -> dict:
    values = {"top_5": record["top_5"][..., 0], "sharpness": record["sharpness"]}
    return {
        "what": "lesson 16: how often pictures of a flow and of a regression from words to pixels "
        "are nearest to the real one that was asked for, how sharp and how far from it they are, "
        "for seen captions, new skin tones and new designs, at equal training time",
        "recipe": f"{len(seeds)} seeds, {seconds:g} s each on the emoji's training split, told by "
        "English names, counted in steps whose cost was measured in turns; batch "
        f"{BATCH_SIZE}, Adam({RATE:g}, beta_2=0.99) with cosine decay, gradients clipped to the "
        f"norm 1; the flow's pictures with guidance {SAMPLING['guidance']} in "
        f"{SAMPLING['num_steps']} steps of Adams; English captions",
        "quality": {  # means of the seeds, nearest in pixels
            f"{kind}_{part}_{key}": round(float(found[:, row, column].mean()), 3)
            for key, found in values.items()
            for row, kind in enumerate(KINDS)
            for column, part in enumerate(PARTS)
        },
    }


# ---- training ------------------------------------------------------------------------------------


def _examples() -> tuple[np.ndarray, list[str], list[str]]:
    """Training images, their English names and designs."""
    return data.load_captioned("emoji", split="train")


def _numbers(texts: Sequence[str], designs: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Words (texts, length) and designs (n, 1), int32, as both models are told them."""
    places = [[1 + text_to_image.DESIGNS.index(design)] for design in designs]
    return shipped_vocabulary().encode(texts), np.int32(places)


def _build(kind: str, seed: int, steps: int) -> keras.Model:
    """A compiled model, whose rate falls to 0 in so many steps."""
    keras.utils.set_random_seed(seed)
    optimizer = keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(RATE, steps), beta_2=0.99, global_clipnorm=1.0
    )
    if kind == "flow":
        model = text_to_image.TextToImage(seed=seed)
        model.compile(optimizer=optimizer)
    else:
        vocabulary, num_designs = shipped_vocabulary(), 1 + len(text_to_image.DESIGNS)
        model = text_networks.regression_network(len(vocabulary), num_designs)
        model.compile(optimizer=optimizer, loss="mse", jit_compile=False)
    return model


def _batches(kind: str, seed: int) -> tf.data.Dataset:
    """Batches without end, as a model of that kind takes a training step on them."""
    images, captions, designs = _examples()
    words, designs = _numbers(captions, designs)

    def told(images, row):
        words_there, designs_there = tf.gather(words, row), tf.gather(designs, row)
        if kind == "flow":  # which draws one of several captions
            return images, (words_there[:, tf.newaxis], designs_there)
        return (words_there, designs_there), data.scale_pixels(images)

    rows = np.arange(len(images))
    batches = data.make_dataset(images, rows, batch_size=BATCH_SIZE, repeat=True, seed=seed)
    return batches.map(told)


def _costs(rounds: int = 5, steps: int = 20) -> dict[str, float]:
    """Seconds that a step of each kind of model costs."""
    runs = {}
    for kind in KINDS:
        step, batches = tf.function(_build(kind, 0, 1000).train_step), iter(_batches(kind, 0))
        runs[kind] = lambda step=step, batches=batches: step(next(batches))
    return in_turns(runs, rounds, steps)


# ---- what is drawn, and what is measured ---------------------------------------------------------


def asked() -> dict[str, tuple[np.ndarray, list[str], list[str]]]:
    """part -> real images, their English captions and their designs."""
    images, captions, designs = data.load_captioned("emoji", split="train")
    parts = {"seen": (images[:SEEN], captions[:SEEN], designs[:SEEN])}
    known = set(captions)
    images, captions, designs = data.load_captioned("emoji", split="test")
    for name, is_known in {"new_tones": False, "new_designs": True}.items():
        rows = [row for row, caption in enumerate(captions) if (caption in known) == is_known]
        parts[name] = images[rows], *([one[row] for row in rows] for one in (captions, designs))
    return parts


def _drawn(kind: str, seed: int, steps: int) -> Arrays:
    """Pictures, uint8, of all that is asked for, by a model that was trained for so many steps."""
    model = _build(kind, seed, steps)
    if kind == "flow":  # which numbers the words itself
        model.fit(*_examples(), batch_size=BATCH_SIZE, steps_per_epoch=steps, verbose=0)
    else:
        model.fit(_batches(kind, seed), steps_per_epoch=steps, shuffle=False, verbose=0)
    found = {}
    for part, (_, captions, designs) in asked().items():
        if kind == "flow":
            pictures = model.sample(
                len(captions), seed=0, prompts=captions, design=designs, **SAMPLING
            )
        else:
            told = list(_numbers(captions, designs))
            pictures = data.unscale_pixels(model.predict(told, batch_size=256, verbose=0))
        found[part] = np.rint(255 * np.clip(pictures, 0, 1)).astype(np.uint8)
    return found


def _spaces(features: str | None) -> dict:
    """name -> function(images) in which pictures are compared, None for pixels."""
    spaces = {"pixels": None}
    if features in pretrained.manifest():
        spaces[features] = partial(metrics.image_features, features=features)
    return spaces


def _measured(drawn: Arrays, wanted: dict, spaces: dict) -> Arrays:
    """Measures of the pictures, float64: (parts, spaces), or (parts,)."""
    found = {key: [] for key in MEASURES}
    for part, (real, captions, designs) in wanted.items():
        shares = [
            metrics.followed(drawn[part], captions, designs, features=features)
            for features in spaces.values()
        ]
        found["top_1"].append([one.top_1 for one in shares])
        found["top_5"].append([one.top_5 for one in shares])
        found["sharpness"].append(_contrast(drawn[part]) / _contrast(real))
        difference = data.as_floats(drawn[part]) - data.as_floats(real)
        found["error"].append(float(np.mean(difference**2)))
    return {key: np.float64(values) for key, values in found.items()}


def _contrast(images: np.ndarray) -> float:
    """The mean absolute difference of pixels beside or above each other.

    >>> _contrast(np.uint8([[[[0], [255]], [[0], [255]]]]))  # 1 beside, 0 above each other
    0.5
    """
    floats = data.as_floats(images)
    return float(np.mean([np.abs(np.diff(floats, axis=axis)).mean() for axis in (1, 2)]))
