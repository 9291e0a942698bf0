"""Measures what the course promises, beside a reference configuration in the same run.

    python tests/benchmark.py                    all measurements, as a table
    python tests/benchmark.py --only import,widget
    python tests/benchmark.py --json FILE        the table's rows as JSON too
    python tests/benchmark.py --record gan_two_runs --out data/measurements
                                                 curves that a lesson shows but has no time to make

Training time excludes tracing and measuring, for ours and for the reference. Two shared cores are
noisy: compare the ratios of one run, not the seconds of two.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

ROOT = Path(__file__).resolve().parent.parent
GAN_SECONDS = 120
REFERENCE_SECONDS = 300
AUGMENTATION_STEPS, AUGMENTATION_IMAGES = 2500, 410
RUN_ALL_SECONDS = {"00_start_here": 20, "05_gan_step_by_step": 60}  # of all others: 150
CATS_AT = (30, 60, 120, 240)
MEASURED_AT = (5, 10, 15, 20, 25, 30, 45, 60, 90, 120)


def row(what: str, value: float, unit: str, target: float | None = None, reference=None) -> dict:
    """One line of the table; a target is an upper limit."""
    reached = None if target is None else bool(value <= target)
    return {
        "what": what,
        "value": value,
        "unit": unit,
        "reference": reference,
        "target": target,
        "reached": reached,
    }


def measured_at(times, measure):
    """A callback that calls measure(model) after so many seconds each, and stops at the last.

    `found` holds what it returned, by time, and `at_step` the steps. The clock starts after the
    first batch and stands while it measures.
    """
    from course_utils.base.backend import keras

    class MeasuredAt(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            self.start, self.steps, self.found, self.at_step = None, 0, {}, {}

        def on_train_batch_end(self, batch, logs=None):
            self.start = self.start or time.perf_counter()
            self.steps += 1
            begin = time.perf_counter()
            due = [seconds for seconds in times if seconds not in self.found]
            if begin - self.start >= due[0]:
                self.found[due[0]], self.at_step[due[0]] = measure(self.model), self.steps
                print(f"  {due[0]:>4} s, step {self.steps:>5}: {self.found[due[0]]}", flush=True)
                self.model.stop_training = len(due) == 1
                self.start += time.perf_counter() - begin

    return MeasuredAt()


# ---- the GAN against the usual tutorial's --------------------------------------------------------


class TutorialDCGAN:
    """The usual tutorial's DCGAN: 5x5 transposed convolutions 256-128-64, batch 256, Adam 1e-4."""

    latent_size = 100

    def __init__(self):
        from course_utils.base.backend import keras

        layers = keras.layers

        def transposed(filters, strides, **options):
            return layers.Conv2DTranspose(
                filters, 5, strides=strides, padding="same", use_bias=False, **options
            )

        def normalized():
            return [layers.BatchNormalization(), layers.LeakyReLU(negative_slope=0.3)]

        self.generator = keras.Sequential(
            [
                keras.Input((self.latent_size,)),
                layers.Dense(7 * 7 * 256, use_bias=False),
                *normalized(),
                layers.Reshape((7, 7, 256)),
                transposed(128, 1),
                *normalized(),
                transposed(64, 2),
                *normalized(),
                transposed(1, 2, activation="tanh"),
            ]
        )
        self.discriminator = keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(64, 5, strides=2, padding="same"),
                layers.LeakyReLU(negative_slope=0.3),
                layers.Dropout(0.3),
                layers.Conv2D(128, 5, strides=2, padding="same"),
                layers.LeakyReLU(negative_slope=0.3),
                layers.Dropout(0.3),
                layers.Flatten(),
                layers.Dense(1),
            ]
        )
        self.optimizers = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)

    def train(self, images, seconds: float) -> int:
        """Train for this long after the first batch; returns the number of steps."""
        from course_utils import data
        from course_utils.base.backend import tf

        for_generator, for_discriminator = self.optimizers
        cross_entropy = tf.nn.sigmoid_cross_entropy_with_logits

        @tf.function
        def train_step(real):
            noise = tf.random.normal((tf.shape(real)[0], self.latent_size))
            with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
                fake = self.generator(noise, training=True)
                on_real = self.discriminator(data.scale_pixels(real), training=True)
                on_fake = self.discriminator(fake, training=True)
                ones, zeros = tf.ones_like(on_fake), tf.zeros_like(on_fake)
                generator_loss = tf.reduce_mean(cross_entropy(ones, on_fake))
                loss = tf.reduce_mean(cross_entropy(tf.ones_like(on_real), on_real))
                loss += tf.reduce_mean(cross_entropy(zeros, on_fake))
            for tape, value, optimizer, network in (
                (generator_tape, generator_loss, for_generator, self.generator),
                (discriminator_tape, loss, for_discriminator, self.discriminator),
            ):
                variables = network.trainable_variables
                optimizer.apply(tape.gradient(value, variables), variables)

        start = None
        batches = data.make_dataset(images, batch_size=256, repeat=True, seed=0)
        for steps, batch in enumerate(batches, start=1):
            train_step(batch)
            start = start or time.perf_counter()
            if time.perf_counter() - start >= seconds:
                return steps

    def sample(self, n: int, seed: int) -> np.ndarray:
        from course_utils.models.latent_space import draw_latents

        latents = draw_latents(n, self.latent_size, seed)
        return (self.generator.predict(latents, batch_size=500, verbose=0) + 1) / 2


def small_dcgan(seed: int):
    """A DCGAN of a size for two cores: transposed convolutions 64-32-16-1, 64 latents, Adam 4e-4.

    Its discriminator, 24-48-96 channels, is not normalized, and its step is the textbook's: each
    update has generated images of its own. Loss and average are our GAN's.
    """
    from course_utils.base.backend import keras, tf
    from course_utils.models import gan, networks

    class TextbookStep(gan.GAN):
        def train_step(self, batch):
            real, labels = self._unpack(batch)
            fake = self._fake(real, labels, stream=0)
            with tf.GradientTape() as tape:
                loss, *_ = self._discriminator_loss(real, fake, labels)
            gan._apply(self.discriminator_optimizer, tape, loss, self.discriminator)
            with tf.GradientTape() as tape:
                fake = self._fake(real, labels, stream=1)
                loss = self.gan_loss.generator(self._logits(fake, labels))
            gan._apply(self.generator_optimizer, tape, loss, self.generator)
            self._update_average()
            return {"generator_loss": loss}

    layers = keras.layers
    generator = keras.Sequential([keras.Input((64,)), layers.Dense(7 * 7 * 64, use_bias=False)])
    generator.add(layers.Reshape((7, 7, 64)))
    for filters, stride, bias in ((32, 2, False), (16, 2, False), (1, 1, True)):
        generator.add(layers.BatchNormalization(momentum=0.9))
        generator.add(layers.ReLU())
        generator.add(layers.Conv2DTranspose(filters, 4, stride, padding="same", use_bias=bias))
    generator.add(layers.Activation("tanh"))
    discriminator = networks.discriminator(width=24, batch_norm=False)
    model = TextbookStep(generator=generator, discriminator=discriminator, seed=seed)
    model.compile(optimizer=keras.optimizers.Adam(4e-4, beta_1=0.5, beta_2=0.99))
    return model


def our_gan(seed: int):
    """The GAN of lesson 06."""
    from course_utils.models import gan

    model = gan.GAN(seed=seed)
    model.compile()
    return model


def measure_gan() -> list[dict]:
    """Fréchet distances of 10,000 samples, for two seeds of ours and of a small DCGAN.

    Theirs are measured along the way, that of the usual tutorial's DCGAN at its end.
    """
    from course_utils import data, metrics
    from course_utils.base.backend import keras

    images, _ = data.load_images("fashion_mnist", split="train")
    metrics.frechet_distance(images[:100])  # loads the classifier

    def distance(model):
        return metrics.frechet_distance(model.sample(10_000, seed=0))

    runs = {our_gan: [], small_dcgan: []}
    for seed in (0, 1):
        for make, measurements in runs.items():
            print(f"  {make.__name__}, seed {seed}", flush=True)
            keras.utils.set_random_seed(seed)
            measurements.append(measured_at(MEASURED_AT, distance))
            callbacks = measurements[-1:]
            make(seed).fit(images, steps_per_epoch=1_000_000, verbose=0, callbacks=callbacks)

    keras.utils.set_random_seed(0)
    tutorial = TutorialDCGAN()
    steps = tutorial.train(images, REFERENCE_SECONDS)
    theirs = float(distance(tutorial))
    print(f"  tutorial: {REFERENCE_SECONDS} s, step {steps}: {theirs:.2f}", flush=True)

    measured = runs[our_gan][0]
    ours = float(measured.found[GAN_SECONDS])
    both, small = (
        statistics.mean(float(one.found[GAN_SECONDS]) for one in found) for found in runs.values()
    )
    reaching = [seconds for seconds, found in measured.found.items() if float(found) <= theirs]
    seconds = min(reaching, default=float("inf"))
    return [
        *(
            row(f"GAN: distance at {at} s (step {measured.at_step[at]})", float(found), "")
            for at, found in measured.found.items()
        ),
        row(
            f"GAN: distance after {GAN_SECONDS} s / tutorial DCGAN's after {REFERENCE_SECONDS} s",
            ours / theirs,
            "",
            0.1,
            f"{ours:.2f} / {theirs:.2f}",
        ),
        row(
            "GAN: time to the tutorial's distance / tutorial's time",
            seconds / REFERENCE_SECONDS,
            "",
            0.1,
            f"{seconds} s / {REFERENCE_SECONDS} s",
        ),
        row(
            f"GAN: distance after {GAN_SECONDS} s / a small DCGAN's, means of two seeds",
            both / small,
            "",
            1 / 3,
            f"{both:.2f} / {small:.2f}",
        ),
    ]


# ---- the VAE against the usual tutorial's --------------------------------------------------------


def tutorial_vae_networks(latent_size: int):
    """The usual tutorial's: 3x3 convolutions 32-64, decoder 7x7x32, transposed 64-32-1."""
    from course_utils.base.backend import keras

    layers = keras.layers
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.Conv2D(64, 3, strides=2, activation="relu"),
            layers.Flatten(),
            layers.Dense(2 * latent_size),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((latent_size,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(64, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(32, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, padding="same"),
        ]
    )
    return encoder, decoder


def measure_vae() -> list[dict]:
    """Test ELBO in nats, Fashion-MNIST thresholded at 0.5, all test images, one sample each."""
    from course_utils import data
    from course_utils.base.backend import keras
    from course_utils.models import vae

    images, test_images = (
        data.binarize(data.load_images("fashion_mnist", split)[0]) for split in ("train", "test")
    )

    class Clock(keras.callbacks.Callback):
        """Stops after so many seconds, or where the ELBO is good enough; starts after tracing."""

        def __init__(self, seconds=float("inf"), elbo=None, every=20):
            super().__init__()
            self.limit, self.elbo, self.every = seconds, elbo, every
            self.start, self.steps, self.seconds = None, 0, 0.0

        def on_train_batch_end(self, batch, logs=None):
            now = time.perf_counter()
            self.start = self.start or now
            self.steps += 1
            self.seconds = now - self.start
            if self.elbo is not None and self.steps % self.every == 0:
                reached = self.model.elbo(test_images).elbo.mean() >= self.elbo
                self.model.stop_training = bool(reached)
                self.start += time.perf_counter() - now
            if self.seconds >= self.limit:
                self.model.stop_training = True

    def train(clock, latent_size, networks=(None, None), rate=None, epochs=None, batch_size=64):
        keras.utils.set_random_seed(0)
        encoder, decoder = networks
        model = vae.VAE(latent_size=latent_size, encoder=encoder, decoder=decoder, seed=0)
        model.compile(optimizer=keras.optimizers.Adam(rate) if rate else None)
        steps = None if epochs else 1_000_000
        model.fit(
            images,
            batch_size=batch_size,
            epochs=epochs or 1,
            steps_per_epoch=steps,
            verbose=0,
            callbacks=[clock],
        )
        found = float(model.elbo(test_images).elbo.mean())
        print(f"  {clock.seconds:6.1f} s, {clock.steps:>5} steps: ELBO {found:.1f}", flush=True)
        return found

    reference, two, sixteen = Clock(), Clock(60), Clock(60)
    elbo = train(reference, 2, tutorial_vae_networks(2), 1e-4, epochs=5, batch_size=32)
    ours = Clock(reference.seconds, elbo)
    train(ours, 2)
    gain = train(sixteen, 16) - train(two, 2)
    return [
        row(
            "VAE: time to the tutorial's test ELBO after 5 epochs / tutorial's time",
            ours.seconds / reference.seconds,
            "",
            1 / 8,
            f"{ours.seconds:.1f} s / {reference.seconds:.1f} s to {elbo:.1f} nats",
        ),
        # Written as a loss, since a target is an upper limit.
        row("VAE: 2 latents' test ELBO - 16 latents', both after 60 s", -gain, "nats", -20),
    ]


# ---- cats and other animals ----------------------------------------------------------------------


class Recognized(NamedTuple):
    """Shares of generated images that the frozen classifier takes for the class asked for."""

    all: float
    cats: float
    distance: float  # Fréchet distance of 1,500 images to the 1,500 held-out ones

    def __str__(self) -> str:
        return f"all {self.all:.1%}, cats {self.cats:.1%}, Fréchet distance {self.distance:.2f}"


def recognized(model) -> Recognized:
    """200 images of each animal, and 1,000 cats."""
    from course_utils import data, metrics

    cat = data.class_names("animals").index("cat")
    labels = np.arange(2000) % model.num_classes
    images = model.sample(2000, seed=0, labels=labels)
    cats = model.sample(1000, seed=1, labels=cat)
    return Recognized(
        float(np.mean(metrics.predicted_labels(images, "animals_features_v1") == labels)),
        float(np.mean(metrics.predicted_labels(cats, "animals_features_v1") == cat)),
        float(metrics.frechet_distance(images[:1500], "animals")),
    )


def measure_cats() -> list[dict]:
    """The conditional GAN of lesson 12 on the animals, the cost of labels, the use of augmentation.

    The last comes from the record that lesson 12 shows: three long runs with and without it.
    """
    from course_utils import data
    from course_utils.base.backend import keras
    from course_utils.models import conditional_gan, gan, networks

    images, labels = data.load_images("animals", split="train")
    keras.utils.set_random_seed(0)
    model = conditional_gan.ConditionalGAN(seed=0)
    model.compile()
    recognized(model)  # loads the classifier
    measured = measured_at(CATS_AT, recognized)
    model.fit(images, labels, steps_per_epoch=1_000_000, verbose=0, callbacks=[measured])

    as_wide = networks.generator(latent_size=model.latent_size, width=48)
    models = {"conditional": model, "unconditional": gan.GAN(generator=as_wide, seed=0)}
    milliseconds = {name: [] for name in models}
    for _ in range(100):
        for name, one in models.items():
            begin = time.perf_counter()
            one.sample(64, seed=0)
            milliseconds[name].append(1000 * (time.perf_counter() - begin))
    ours, plain = (statistics.median(milliseconds[name]) for name in models)
    last = CATS_AT[-1]
    runs = data.load_measurements("animals_augmentation")
    with_it, without = (float(runs[f"{run}_distance"][:, -1].mean()) for run in ("with", "without"))
    # Written as shares that are not recognized, since a target is an upper limit.
    return [
        *(
            row(
                f"cats: {what} not recognized at {at} s (step {measured.at_step[at]})",
                1 - share,
                "",
                0.07 if at == last else None,
                f"distance {found.distance:.2f}",
            )
            for at, found in measured.found.items()
            for what, share in (("images", found.all), ("cats", found.cats))
        ),
        row(
            "cats: sampling 64 images, conditional / unconditional",
            ours / plain,
            "",
            1.2,
            f"{ours:.1f} ms / {plain:.1f} ms",
        ),
        row(
            f"cats: distance with / without augmentation, {AUGMENTATION_IMAGES} images, step "
            f"{runs['steps'][-1]} (recorded)",
            with_it / without,
            "",
            0.6,
            f"{with_it:.2f} / {without:.2f}, means of three seeds",
        ),
    ]


# ---- widgets, lessons, import --------------------------------------------------------------------


def measure_widget() -> list[dict]:
    """From a slider's new value to the PNG in the kernel, 16 images."""
    from course_utils import widgets
    from course_utils.models import pretrained

    explorer = widgets.explore(pretrained.load("gan_fashion"), num_images=16)
    milliseconds = []
    for amount in np.tile(np.linspace(-3, 3, 61), 5):
        begin = time.perf_counter()
        explorer.sliders[0].value = float(amount)
        milliseconds.append(1000 * (time.perf_counter() - begin))
    return [
        row("widget: slider to PNG, median", statistics.median(milliseconds), "ms", 20),
        row("widget: slider to PNG, 95 %", float(np.percentile(milliseconds, 95)), "ms", 50),
    ]


def measure_lessons() -> list[dict]:
    """Run All of each lesson: seconds, and the peak of the kernel's resident memory."""
    return [line for path in sorted(ROOT.glob("notebooks/*.ipynb")) for line in _lesson(path)]


def _lesson(path: Path) -> list[dict]:
    import nbformat
    from nbclient import NotebookClient

    client = NotebookClient(
        nbformat.read(path, as_version=4),
        timeout=600,
        resources={"metadata": {"path": str(path.parent)}},
    )
    begin = time.perf_counter()
    peak, done = [0], threading.Event()

    def watch():
        while not done.wait(0.05):
            kernels = [p for p in psutil.Process().children() if "ipykernel" in _command(p)]
            peak[0] = max([peak[0], *(_memory(kernel) for kernel in kernels)])

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    client.execute()
    done.set()
    watcher.join()
    target = RUN_ALL_SECONDS.get(path.stem, 150)
    return [
        row(f"lesson {path.stem}: Run All", time.perf_counter() - begin, "s", target),
        row(f"lesson {path.stem}: peak memory of the kernel", peak[0] / 2**30, "GiB", 1.0),
    ]


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def measure_import() -> list[dict]:
    """`import course_utils` in a fresh interpreter, the best of five."""
    code = (
        "import sys, time; begin = time.perf_counter(); import course_utils;"
        "print(time.perf_counter() - begin); assert 'tensorflow' not in sys.modules"
    )
    runs = [
        float(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT)) for _ in range(5)
    ]
    return [row("import course_utils, without TensorFlow", min(runs), "s", 0.2)]


# ---- curves that lessons show --------------------------------------------------------------------


def record_gan_two_runs() -> dict[str, np.ndarray]:
    """For lesson 06: run a, whose generator's rate is far too small, and run b with our rates.

    For each the losses, as means over 50 steps, 24 samples at the end, and the Fréchet distance of
    10,000. The loss of run a's generator climbs, then falls while it catches up.
    """
    from course_utils import data, metrics
    from course_utils.base.backend import keras
    from course_utils.models import gan

    images, _ = data.load_images("fashion_mnist", split="train")
    found = {"steps": np.arange(50, 1001, 50)}
    for run, rate in {"a": 4e-5, "b": 2e-3}.items():
        keras.utils.set_random_seed(0)
        model = gan.GAN(seed=0)
        model.compile(
            optimizer=keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.99),
            discriminator_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99),
        )
        curves = model.fit(images, steps_per_epoch=50, epochs=20, verbose=2).history
        for player in ("generator", "discriminator"):
            found[f"{run}_{player}_loss"] = np.float32(curves[f"{player}_loss"])
        found[f"{run}_samples"] = np.rint(255 * model.sample(24, seed=1)).astype(np.uint8)
        found[f"{run}_distance"] = np.float32(
            metrics.frechet_distance(model.sample(10_000, seed=0))
        )
    return found


def record_animals_augmentation() -> dict[str, np.ndarray]:
    """For lesson 12: little data, with and without augmentation, three seeds each.

    Every run learns from the same 410 animals, a twentieth of the training split. Arrays (3,
    points): what `recognized` says, and the mean logits of these images, of 1,000 held-out images
    and of 1,000 generated ones, in inference mode. `steps` (points,) is when. `with_samples` and
    `without_samples` are 20 images (uint8) of the first seed's last step.
    """
    from course_utils import data
    from course_utils.base.backend import keras, tf
    from course_utils.models import augmentation, conditional_gan

    images, labels = data.load_images("animals", split="train")
    images, labels = images[:AUGMENTATION_IMAGES], labels[:AUGMENTATION_IMAGES]
    held_out, held_out_labels = data.load_images("animals", split="test")
    judged = {
        "training": (images, labels),
        "held_out": (held_out[:1000], held_out_labels[:1000]),
    }

    def mean_logit(model, pixels, classes):
        pixels = tf.constant(data.scale_pixels(np.float32(pixels)))
        classes = tf.one_hot(classes, model.num_classes)
        return float(tf.reduce_mean(model.discriminator([pixels, classes], training=False)))

    def point(model):
        found = recognized(model)._asdict()
        for name, (pixels, classes) in judged.items():
            found[f"{name}_logit"] = mean_logit(model, pixels / 255, classes)
        classes = judged["held_out"][1]
        generated = model.sample(1000, seed=2, labels=classes)
        return found | {"generated_logit": mean_logit(model, generated, classes)}

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
    return record


RECORDS = {
    "gan_two_runs": record_gan_two_runs,
    "animals_augmentation": record_animals_augmentation,
}


def record(name: str, folder: Path) -> None:
    """Write what a record holds, and print what `course_utils._datasets` has to know of it."""
    folder.mkdir(parents=True, exist_ok=True)  # before the long work
    path = folder / f"{name}.npz"
    np.savez_compressed(path, **RECORDS[name]())
    content = path.read_bytes()
    print(f"{path}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


MEASUREMENTS = {
    "import": measure_import,
    "widget": measure_widget,
    "lessons": measure_lessons,
    "gan": measure_gan,
    "vae": measure_vae,
    "cats": measure_cats,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what the course promises.")
    parser.add_argument("--only", default=",".join(MEASUREMENTS), help="names, with commas between")
    parser.add_argument("--json", type=Path, help="write the rows to this file too")
    parser.add_argument("--record", choices=sorted(RECORDS), help="make these curves, no table")
    parser.add_argument("--out", type=Path, default=Path(), help="the folder for --record")
    options = parser.parse_args()
    if options.record:
        record(options.record, options.out)
        return 0
    chosen = options.only.split(",")
    unknown = [name for name in chosen if name not in MEASUREMENTS]
    if unknown:
        parser.error(f"no measurement {', '.join(unknown)}; choose from {', '.join(MEASUREMENTS)}")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{psutil.cpu_count()} cores, load {load:.2f} before the start")
    rows = []
    for name in chosen:
        print(f"measuring {name} …", flush=True)
        rows += MEASUREMENTS[name]()
    width = max(len(line["what"]) for line in rows)
    for line in rows:
        target = "" if line["target"] is None else f"at most {line['target']:g}"
        verdict = {None: "", True: "reached", False: "MISSED"}[line["reached"]]
        value = f"{line['value']:.3g} {line['unit']}".strip()
        print(
            f"{line['what']:<{width}}  {value:>10}  {target:>12}  {verdict}"
            f"  {line['reference'] or ''}".rstrip()
        )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return 1 if any(line["reached"] is False for line in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
