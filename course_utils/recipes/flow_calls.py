"""The record of lesson 15: Fréchet distance against calls of the network, at equal training time.

Five ways to make images of clothing, none of which is told a class. What a step of each costs is
measured first, in turns; then each trains for as many steps as fit into the same time. About 40
minutes on two cores; a record that was stopped goes on with the first cell that is missing.
"""

import sys
from collections.abc import Sequence

import numpy as np

from course_utils import data, metrics
from course_utils.base import files
from course_utils.base.backend import tf
from course_utils.models import averages, flow_matching, flow_solvers
from course_utils.models.flow_paths import between, readings
from course_utils.models.interface import apply_gradients
from course_utils.recipes import trained_models
from course_utils.recipes.cells import Cells, fingerprint, free_memory, in_turns
from course_utils.recipes.trained_models import BATCH_SIZES, adam, trained

SEEDS, SECONDS, NUM_MEASURED = (0, 1, 2), 60.0, 2500
CALLS = (1, 2, 4, 8, 16, 32)
SOLVERS = (*flow_solvers.SOLVERS, "new noise")
KINDS = ("pixels", "codes", "VAE", "GAN")
PAIRS, PAIR_CALLS = 8192, 8


def record_flow_calls(
    seeds: Sequence[int] = SEEDS, seconds: float = SECONDS, num_measured: int = NUM_MEASURED
):
    """A flow on pixels, one on a VAE's codes, a second pass, a GAN and a VAE, at equal time.

    Arrays: `calls` (calls,) and `solvers` (solvers,), what the flow on pixels is followed with;
    `pixels` (seeds, solvers, calls), `codes` and `second_pass` (seeds, calls), `GAN`, `VAE` and
    `floor` (seeds,): Fréchet distances, the floor being that of the VAE's reconstructions;
    `ms` (kinds,), what a step costs, of the `kinds`, and `steps` (kinds,) in all the seconds.
    Solvers have at most so many calls. Half of the time of `codes` is its VAE's, half of the
    time of `second_pass` the first pass's.
    """
    settings = (seconds, num_measured)
    folder = (
        files.user_cache()
        / "flow_calls"
        / fingerprint([sys.modules[__name__], trained_models], *settings)
    )
    cells = Cells(folder, after=free_memory)
    costs = cells.get("calibration", _costs)
    steps = {name: round(seconds / float(costs[name])) for name in KINDS}
    pairs_in_steps = round(PAIRS * float(costs["pair"]) / float(costs["pixels"]))
    print(f"  steps in {seconds:g} s: {steps}; all pairs cost {pairs_in_steps}", flush=True)
    kinds = {
        "pixels": (_pixels, steps["pixels"]),
        "codes": (_codes, steps["VAE"] // 2, steps["codes"] // 2),
        "second_pass": (
            _second_pass,
            steps["pixels"] // 2,
            max(1, steps["pixels"] - steps["pixels"] // 2 - pairs_in_steps),
        ),
        "GAN": (_gan, steps["GAN"]),
        "VAE": (_vae, steps["VAE"]),
    }
    found = {}
    for seed in seeds:
        for name, (make, *numbers) in kinds.items():
            one = cells.get(f"{name}-{seed}", make, seed, *numbers, num_measured)
            for key, value in one.items():
                found.setdefault(key, []).append(value)
            print(f"  {name}, seed {seed}: {dict(one)}", flush=True)
    found = {key: np.float32(values) for key, values in found.items()}
    record = {
        "calls": np.int32(CALLS),
        "solvers": np.array(SOLVERS),
        **found,
        "kinds": np.array(KINDS),
        "ms": np.float32([1000 * float(costs[name]) for name in KINDS]),
        "steps": np.int32(list(steps.values())),
    }
    return record, _facts(record, seeds, seconds, num_measured)


def _facts(record, seeds, seconds, num_measured) -> dict:
    at_16 = record["pixels"][:, SOLVERS.index("adams"), CALLS.index(16)]
    return {
        "what": "lesson 15: Fréchet distance against calls of the network for a flow on pixels, "
        "one on a VAE's codes and a second pass, beside GAN and VAE, at equal training time",
        "recipe": f"{len(seeds)} seeds, {seconds:g} s on Fashion-MNIST without classes, counted in "
        f"steps whose cost was measured in turns; distances of {num_measured:,} samples",
        "quality": {
            "pixels_16_calls": round(float(np.mean(at_16)), 3),
            "GAN": round(float(np.mean(record["GAN"])), 3),
            "VAE": round(float(np.mean(record["VAE"])), 3),
        },
    }


# ---- models --------------------------------------------------------------------------------------


def _costs(rounds: int = 5, steps: int = 20) -> dict[str, float]:
    """Seconds that a step of each kind of model costs, and that one image of a pair does."""
    runs = {kind: trained_models.one_step(kind) for kind in KINDS}
    flow = trained_models.build("pixels", 0, 1)
    runs["pair"] = lambda: flow.sample(256, seed=0, num_steps=PAIR_CALLS)
    costs = in_turns(runs, rounds, steps)
    return costs | {"pair": costs["pair"] / 256}


# ---- what is measured ----------------------------------------------------------------------------


def _distance(images) -> float:
    return float(metrics.frechet_distance(images))


def _steps_for(calls: int, solver: str) -> int:
    """The most steps with at most so many calls.

    >>> _steps_for(8, "euler"), _steps_for(8, "heun")
    (8, 4)
    """
    steps = calls
    while solver in flow_solvers.SOLVERS and flow_solvers.num_calls(solver, steps) > calls:
        steps -= 1
    return steps


def _pixels(seed: int, steps: int, count: int) -> dict:
    model = trained("pixels", seed, steps, trained_models.training_images()[0])
    drawn = {
        solver: [_distance(_followed(model, solver, calls, count)) for calls in CALLS]
        for solver in SOLVERS
    }
    return {"pixels": np.float64(list(drawn.values()))}


def _followed(model, solver: str, calls: int, count: int) -> np.ndarray:
    steps = _steps_for(calls, solver)
    if solver != "new noise":
        return model.sample(count, seed=0, num_steps=steps, solver=solver)
    random = np.random.default_rng(0)
    parts = [
        renewing(model, random.standard_normal((250, *model.image_shape), "f4"), steps, random)
        for _ in range(count // 250)
    ]
    return np.concatenate(parts)


def renewing(model: flow_matching.FlowMatching, latents, num_steps: int, random) -> np.ndarray:
    """Images in [0, 1] of a flow's, by `flow_solvers.renew`, at the times of the flow's own steps.

    latents: noise (n, *image_shape); random: NumPy's generator, of the noise that is drawn anew
    """

    def clean(points, time):
        velocity = model.velocity(points, time)
        return readings("velocity", velocity, points, time).clean

    def draw(step):
        return random.standard_normal(latents.shape, "f4")

    end = flow_solvers.renew(clean, latents, num_steps, draw, crowding=flow_matching.CROWDING)
    return np.clip(data.unscale_pixels(end), 0, 1)


def _codes(seed: int, vae_steps: int, flow_steps: int, count: int) -> dict:
    model = trained_models.flow_of_codes(
        seed, vae_steps, flow_steps, trained_models.training_images()[0]
    )
    held_out = data.load_images("fashion_mnist", split="test")[0][:count]
    floor = _distance(model.autoencoder.reconstruct(held_out))
    drawn = [model.sample(count, seed=0, num_steps=calls) for calls in CALLS]
    return {
        "codes": np.float64([_distance(images) for images in drawn]),
        "floor": np.float64(floor),
    }


def _second_pass(seed: int, first_steps: int, second_steps: int, count: int) -> dict:
    """Rectified flow (Liu et al. 2023): noise and the image that it became, learned as pairs."""
    model = trained("pixels", seed, first_steps, trained_models.training_images()[0])
    noise = np.random.default_rng(seed).standard_normal((PAIRS, 28, 28, 1), "f4")
    drawn = data.scale_pixels(model.generate(noise, num_steps=PAIR_CALLS))
    model.compile(optimizer=adam(1e-3, second_steps))
    pairs = tf.data.Dataset.from_tensor_slices((noise, drawn)).shuffle(PAIRS, seed=seed)
    pairs = pairs.batch(BATCH_SIZES["pixels"], drop_remainder=True).repeat()
    step = second_pass_step(model)
    for noise, images in pairs.take(second_steps):
        step(noise, images)
    return {
        "second_pass": np.float64([_distance(_followed(model, "adams", c, count)) for c in CALLS])
    }


def second_pass_step(model: flow_matching.FlowMatching):
    """function(noise, images), one training step on pairs: the flow's loss, at even times."""

    @tf.function
    def step(noise, images):
        times = tf.random.uniform((len(noise), 1), 0, flow_matching.LATEST)
        spread = tf.reshape(times, (-1, 1, 1, 1))
        with tf.GradientTape() as tape:
            guesses = model.network([between(images, noise, spread), times], training=True)
            squares = [tf.reduce_mean((guess - images) ** 2 / (1 - spread)) for guess in guesses]
            loss = sum(squares)
        apply_gradients(model.optimizer, tape, loss, model.network)
        averages.update(
            model.average, model.network, model.average_decay, model.optimizer.iterations
        )

    return step


def _gan(seed: int, steps: int, count: int) -> dict:
    return {
        "GAN": np.float64(
            _distance(
                trained("GAN", seed, steps, trained_models.training_images()[0]).sample(count, 0)
            )
        )
    }


def _vae(seed: int, steps: int, count: int) -> dict:
    return {
        "VAE": np.float64(
            _distance(
                trained("VAE", seed, steps, trained_models.training_images()[0]).sample(count, 0)
            )
        )
    }
