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
from course_utils.base.backend import keras, tf
from course_utils.models import averages, flow_matching, flow_solvers, gan, vae
from course_utils.models.flow_paths import between, readings
from course_utils.models.interface import apply_gradients
from course_utils.recipes.cells import Cells, fingerprint, free_memory, in_turns

SEEDS, SECONDS, NUM_MEASURED = (0, 1, 2), 60.0, 2500
CALLS = (1, 2, 4, 8, 16, 32)
SOLVERS = (*flow_solvers.SOLVERS, "new noise")
BATCH_SIZES = {"pixels": 64, "codes": 256, "VAE": 128, "GAN": 64}
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
    folder = files.user_cache() / "flow_calls" / fingerprint([sys.modules[__name__]], *settings)
    cells = Cells(folder, after=free_memory)
    costs = cells.get("calibration", _costs)
    steps = {name: round(seconds / float(costs[name])) for name in BATCH_SIZES}
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
        "kinds": np.array(list(BATCH_SIZES)),
        "ms": np.float32([1000 * float(costs[name]) for name in BATCH_SIZES]),
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


def _images() -> np.ndarray:
    return data.load_images("fashion_mnist", split="train")[0]


def _adam(rate: float, steps: int):
    return keras.optimizers.Adam(
        keras.optimizers.schedules.CosineDecay(rate, steps), beta_2=0.99, global_clipnorm=1.0
    )


def _build(kind: str, seed: int, steps: int):
    """A compiled model; its rate falls to 0 in so many steps, the GAN's stays."""
    keras.utils.set_random_seed(seed)
    if kind == "GAN":
        model = gan.GAN(seed=seed)
        model.compile()
    elif kind == "VAE":
        model = vae.VAE(latent_size=16, likelihood="gaussian", seed=seed)
        model.compile(optimizer=_adam(4e-3, steps))
    else:
        model = flow_matching.FlowMatching((16,) if kind == "codes" else (28, 28, 1), seed=seed)
        model.compile(optimizer=_adam(5e-3 if kind == "codes" else 2e-3, steps))
    return model


def _trained(kind: str, seed: int, steps: int, examples: np.ndarray):
    model = _build(kind, seed, steps)
    model.fit(examples, batch_size=BATCH_SIZES[kind], steps_per_epoch=steps, verbose=0)
    return model


def _costs(rounds: int = 5, steps: int = 20) -> dict[str, float]:
    """Seconds that a step of each kind of model costs, and that one image of a pair does."""
    runs = {}
    for kind, batch_size in BATCH_SIZES.items():
        examples = data.toy("ring", 20_000, seed=0) if kind == "codes" else _images()
        examples = np.tile(examples, 8) if kind == "codes" else examples
        batches = iter(data.make_dataset(examples, batch_size=batch_size, repeat=True, seed=0))
        step = tf.function(_build(kind, 0, 1000).train_step)
        runs[kind] = lambda step=step, batches=batches: step(next(batches))
    flow = _build("pixels", 0, 1)
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
    model = _trained("pixels", seed, steps, _images())
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
    images = _images()
    autoencoder = _trained("VAE", seed, vae_steps, images)
    held_out = data.load_images("fashion_mnist", split="test")[0][:count]
    floor = _distance(autoencoder.reconstruct(held_out))
    codes = np.concatenate([autoencoder.encode(part)[0] for part in np.array_split(images, 60)])
    center, spread = codes.mean(axis=0), codes.std(axis=0)
    model = _trained("codes", seed, flow_steps, (codes - center) / spread)
    drawn = [model.sample(count, seed=0, num_steps=calls) for calls in CALLS]
    return {
        "codes": np.float64([_distance(autoencoder.generate(center + spread * d)) for d in drawn]),
        "floor": np.float64(floor),
    }


def _second_pass(seed: int, first_steps: int, second_steps: int, count: int) -> dict:
    """Rectified flow (Liu et al. 2023): noise and the image that it became, learned as pairs."""
    model = _trained("pixels", seed, first_steps, _images())
    noise = np.random.default_rng(seed).standard_normal((PAIRS, 28, 28, 1), "f4")
    drawn = data.scale_pixels(model.generate(noise, num_steps=PAIR_CALLS))
    model.compile(optimizer=_adam(1e-3, second_steps))
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
    return {"GAN": np.float64(_distance(_trained("GAN", seed, steps, _images()).sample(count, 0)))}


def _vae(seed: int, steps: int, count: int) -> dict:
    return {"VAE": np.float64(_distance(_trained("VAE", seed, steps, _images()).sample(count, 0)))}
