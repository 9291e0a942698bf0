"""Measures what the course promises, beside a reference configuration in the same run.

    python tests/benchmark.py                    all measurements, as a table
    python tests/benchmark.py --only import,live
    python tests/benchmark.py --json FILE        the table's rows as JSON too

Training time excludes tracing and measuring, for ours and for the reference. Two shared cores are
noisy: compare the ratios of one run, not the seconds of two.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import numpy as np
import psutil
from nbclient import NotebookClient
from reference_models import PixelCNN, usual_unet

from course_utils import data, metrics, widgets
from course_utils.base.backend import keras, tf
from course_utils.lessons.gan_step_by_step.stepper import gan_stepper
from course_utils.lessons.images_as_data import baselines, media
from course_utils.lessons.loss_functions import pictures as loss_functions
from course_utils.lessons.networks_and_gradients import layers_by_hand
from course_utils.lessons.networks_and_gradients import pictures as networks_and_gradients
from course_utils.lessons.one_photograph import one_photo
from course_utils.lessons.optimizers import games, rules, surfaces
from course_utils.lessons.optimizers import pictures as optimizers
from course_utils.lessons.recurrent_generation.row_painter import row_painter
from course_utils.lessons.vae_latent_space import betas, latent_map
from course_utils.lessons.vae_step_by_step import pictures as vae_step_by_step
from course_utils.models import (
    conditional_gan,
    flow_matching,
    gan,
    networks,
    pretrained,
    row_rnn,
    vae,
)
from course_utils.models.latent_space import draw_latents
from course_utils.recipes import diseases, gan_diseases
from course_utils.recipes.records import AUGMENTATION_IMAGES

layers = keras.layers
ROOT = Path(__file__).resolve().parent.parent
GAN_SECONDS = 120
REFERENCE_SECONDS = 300
ROW_RNN_SECONDS = 120
FLOW_SECONDS = 120
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


class MeasuredAt(keras.callbacks.Callback):
    """Calls measure(model) after so many seconds each, and stops the training at the last.

    `found` holds what it returned, by time, and `at_step` the steps. The clock starts after the
    first batch and stands while it measures.
    """

    def __init__(self, times, measure):
        super().__init__()
        self.times, self.measure = times, measure

    def on_train_begin(self, logs=None):
        self.start, self.steps, self.found, self.at_step = None, 0, {}, {}

    def on_train_batch_end(self, batch, logs=None):
        self.start = self.start or time.perf_counter()
        self.steps += 1
        begin = time.perf_counter()
        due = [seconds for seconds in self.times if seconds not in self.found]
        if begin - self.start >= due[0]:
            self.found[due[0]], self.at_step[due[0]] = self.measure(self.model), self.steps
            print(f"  {due[0]:>4} s, step {self.steps:>5}: {self.found[due[0]]}", flush=True)
            self.model.stop_training = len(due) == 1
            self.start += time.perf_counter() - begin


# ---- the GAN against the usual tutorial's --------------------------------------------------------


class TutorialDCGAN:
    """The usual tutorial's DCGAN: 5x5 transposed convolutions 256-128-64, batch 256, Adam 1e-4."""

    latent_size = 100

    def __init__(self):
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
        latents = draw_latents(n, self.latent_size, seed)
        return (self.generator.predict(latents, batch_size=500, verbose=0) + 1) / 2


class TextbookStep(gan.GAN):
    """Our GAN with the textbook's step: each update has generated images of its own."""

    def train_step(self, batch):
        real, labels = self.unpack(batch)
        fake = self.fake_images(real, labels)
        with tf.GradientTape() as tape:
            loss, *_ = self.discriminator_loss(real, fake, labels)
        gan.apply_gradients(self.discriminator_optimizer, tape, loss, self.discriminator)
        with tf.GradientTape() as tape:
            fake = self.fake_images(real, labels, repetition=1)
            loss = self.gan_loss.generator(self.logits(fake, labels))
        gan.apply_gradients(self.generator_optimizer, tape, loss, self.generator)
        self.update_average()
        return {"generator_loss": loss}


def small_dcgan(seed: int):
    """A DCGAN of a size for two cores: transposed convolutions 64-32-16-1, 64 latents, Adam 4e-4.

    Its discriminator, 24-48-96 channels, is not normalized, and its step is the textbook's. Loss
    and average are our GAN's.
    """
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
    model = gan.GAN(seed=seed)
    model.compile()
    return model


def measure_gan() -> list[dict]:
    """Fréchet distances of 10,000 samples, for two seeds of ours and of a small DCGAN.

    Theirs are measured along the way, that of the usual tutorial's DCGAN at its end.
    """
    images, _ = data.load_images("fashion_mnist", split="train")
    metrics.frechet_distance(images[:100])  # loads the classifier

    def distance(model):
        return metrics.frechet_distance(model.sample(10_000, seed=0))

    runs = {our_gan: [], small_dcgan: []}
    for seed in (0, 1):
        for make, measurements in runs.items():
            print(f"  {make.__name__}, seed {seed}", flush=True)
            keras.utils.set_random_seed(seed)
            measurements.append(MeasuredAt(MEASURED_AT, distance))
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


class Clock(keras.callbacks.Callback):
    """Stops a VAE after so many seconds, or where its ELBO is good enough; starts after tracing."""

    def __init__(self, test_images, seconds=float("inf"), elbo=None, every=20):
        super().__init__()
        self.test_images, self.limit, self.elbo, self.every = test_images, seconds, elbo, every
        self.start, self.steps, self.seconds = None, 0, 0.0

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        self.start = self.start or now
        self.steps += 1
        self.seconds = now - self.start
        if self.elbo is not None and self.steps % self.every == 0:
            reached = self.model.elbo(self.test_images).elbo.mean() >= self.elbo
            self.model.stop_training = bool(reached)
            self.start += time.perf_counter() - now
        if self.seconds >= self.limit:
            self.model.stop_training = True


def measure_vae() -> list[dict]:
    """Test ELBO in nats, Fashion-MNIST thresholded at 0.5, all test images, one sample each."""
    images, test_images = (
        data.binarize(data.load_images("fashion_mnist", split)[0]) for split in ("train", "test")
    )

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

    reference = Clock(test_images)
    two, sixteen = Clock(test_images, 60), Clock(test_images, 60)
    elbo = train(reference, 2, tutorial_vae_networks(2), 1e-4, epochs=5, batch_size=32)
    ours = Clock(test_images, reference.seconds, elbo)
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


def measure_cats() -> list[dict]:
    """The conditional GAN of lesson 12 on the animals, the cost of labels, the use of augmentation.

    The last comes from the record that lesson 12 shows: three long runs with and without it.
    """
    images, labels = data.load_images("animals", split="train")
    keras.utils.set_random_seed(0)
    model = conditional_gan.ConditionalGAN(seed=0)
    model.compile()
    metrics.recognized(model)  # loads the classifier
    measured = MeasuredAt(CATS_AT, metrics.recognized)
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
                f"distance {float(found.distance):.2f}",
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


# ---- the recurrent model against a PixelCNN ------------------------------------------------------


class CosineInTime(keras.callbacks.Callback):
    """Lets the rate fall to 0 along a cosine in so many seconds, then stops the training."""

    def __init__(self, rate: float, seconds: float):
        super().__init__()
        self.rate, self.seconds = rate, seconds

    def on_train_begin(self, logs=None):
        self.start, self.steps = None, 0

    def on_train_batch_begin(self, batch, logs=None):
        passed = 0 if self.start is None else (time.perf_counter() - self.start) / self.seconds
        self.model.optimizer.learning_rate = self.rate * (1 + np.cos(np.pi * min(passed, 1))) / 2

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        self.start = self.start or now
        self.steps += 1
        self.model.stop_training = now - self.start > self.seconds


def measure_row_rnn() -> list[dict]:
    """RowRNN beside the usual PixelCNN with as many parameters; drawing; a step of the widget."""
    images, test_images = (
        data.binarize(data.load_images("fashion_mnist", split)[0]) for split in ("train", "test")
    )

    def nats(model, rate, batch_size) -> float:
        keras.utils.set_random_seed(0)
        clock = CosineInTime(rate, ROW_RNN_SECONDS)
        model.compile()
        model.fit(
            images, batch_size=batch_size, steps_per_epoch=1_000_000, verbose=0, callbacks=[clock]
        )
        found = -float(model.log_likelihood(test_images).mean())
        print(f"  {model.name}: {clock.steps} steps of {batch_size}: {found:.2f} nats", flush=True)
        return found

    keras.utils.set_random_seed(0)
    ours, reference = row_rnn.RowRNN(seed=0), PixelCNN(seed=0)
    found = nats(ours, 1e-2, 64), nats(reference, 2e-3, 16)
    seconds = {}
    for name, draw in {"row by row": ours.sample, "naively": _draw_naively(ours)}.items():
        draw(16, seed=0)
        begin = time.perf_counter()
        draw(16, seed=0)
        seconds[name] = time.perf_counter() - begin
    return [
        row(
            f"RowRNN: test nats / PixelCNN's, each after {ROW_RNN_SECONDS} s",
            found[0] / found[1],
            "",
            0.93,
            f"{found[0]:.1f} / {found[1]:.1f}; {ours.count_params():,} and "
            f"{reference.count_params():,} parameters",
        ),
        row("RowRNN: sampling 16 images", seconds["row by row"], "s", 1.5),
        row(
            "RowRNN: sampling row by row / one call of the network a pixel",
            seconds["row by row"] / seconds["naively"],
            "",
            1 / 10,
            f"{seconds['row by row']:.2f} s / {seconds['naively']:.1f} s",
        ),
        row("RowRNN: a step of the widget, median", _painter_step(), "ms", 100),
    ]


def _draw_naively(model):
    """A sampler that calls the whole network for each pixel; the same pictures as `sample`."""
    call = tf.function(model)

    def sample(n, seed):
        uniforms = model.uniforms(n, seed).reshape(n, *model.image_shape)
        images = np.zeros_like(uniforms)
        for place in np.ndindex(model.image_shape):
            black = tf.sigmoid(-call(tf.constant(images))[(slice(None), *place, 0)])
            images[(slice(None), *place)] = uniforms[(slice(None), *place)] >= black
        return images

    return sample


def _painter_step() -> float:
    """Milliseconds from a click on "Next row" to the new picture, median over a whole drawing."""
    held_out = data.binarize(data.load_images("fashion_mnist", "test")[0][:4])
    painter = row_painter(pretrained.load("rnn_fashion"), held_out)
    milliseconds = []
    for _ in range(28):
        begin = time.perf_counter()
        painter.next_row.click()
        milliseconds.append(1000 * (time.perf_counter() - begin))
    return statistics.median(milliseconds)


# ---- the flow against the usual U-Net ------------------------------------------------------------


def measure_flow() -> list[dict]:
    """Fréchet distances of 10,000 samples with 16 calls of the network each, after equal training.

    Three seeds without and with classes; the usual U-Net, with the same loss, times and solver, for
    the first. Guidance costs a second call in 4 of its 12 steps.
    """
    images, labels = data.load_images("fashion_mnist", split="train")
    metrics.frechet_distance(images[:100])  # loads the classifier

    def train(seed, **arguments):
        keras.utils.set_random_seed(seed)
        network = arguments.pop("network", lambda: None)()
        model = flow_matching.FlowMatching(network=network, seed=seed, **arguments)
        model.compile()
        clock = CosineInTime(2e-3, FLOW_SECONDS)
        known = labels if model.num_classes else None
        model.fit(images, known, steps_per_epoch=1_000_000, verbose=0, callbacks=[clock])
        print(f"  {model.network.name}, seed {seed}: {clock.steps} steps", flush=True)
        return model

    def distance(model, **settings):
        found = float(metrics.frechet_distance(model.sample(10_000, seed=0, **settings)))
        print(f"    {settings}: {found:.2f}", flush=True)
        return found

    plain, told, guided = [], [], []
    for seed in range(3):
        model = train(seed)
        plain.append(distance(model, num_steps=16))
        with_classes = train(seed, num_classes=10)
        told.append(distance(with_classes, num_steps=16))
        guided.append(distance(with_classes, num_steps=12, guidance=3.0))
    usual = distance(train(0, network=usual_unet), num_steps=16)
    model.sample(16, seed=0)
    begin = time.perf_counter()
    model.sample(16, seed=0)
    seconds = time.perf_counter() - begin
    after = f"after {FLOW_SECONDS} s, 16 calls"
    return [
        row(f"Flow: distance {after}", statistics.mean(plain), "", None, spread(plain)),
        row(f"Flow with classes: distance {after}", statistics.mean(told), "", None, spread(told)),
        row(f"Flow, guidance 3: distance {after}", statistics.mean(guided), "", 3, spread(guided)),
        row("Flow: distance / the usual U-Net's", plain[0] / usual, "", None, f"{usual:.2f}"),
        row("Flow: sampling 16 images", seconds, "s", 0.3),
    ]


# ---- widgets, lessons, import --------------------------------------------------------------------


def measure_widget() -> list[dict]:
    """From a slider's new value to the PNG in the kernel, 16 images."""
    model = pretrained.load("gan_fashion")
    begin = time.perf_counter()
    explorer = widgets.explore(model, num_images=16)
    opening = time.perf_counter() - begin
    milliseconds = []
    for amount in np.tile(np.linspace(-3, 3, 61), 5):
        begin = time.perf_counter()
        explorer.sliders[0].value = float(amount)
        milliseconds.append(1000 * (time.perf_counter() - begin))
    return [
        row("widget: opening the explorer", opening, "s", 10),
        row("widget: slider to PNG, median", statistics.median(milliseconds), "ms", 20),
        row("widget: slider to PNG, 95 %", float(np.percentile(milliseconds, 95)), "ms", 50),
    ]


def measure_lessons() -> list[dict]:
    """Run All of each lesson: seconds, and the peak of the kernel's resident memory."""
    return [line for path in sorted(ROOT.glob("notebooks/*.ipynb")) for line in _lesson(path)]


def _lesson(path: Path) -> list[dict]:
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
    """What a lesson's first cells wait for: `import course_utils` in a fresh interpreter, and data.

    The best of five each.
    """
    code = (
        "import sys, time; begin = time.perf_counter(); import course_utils;"
        "print(time.perf_counter() - begin); assert 'tensorflow' not in sys.modules"
    )
    runs = [
        float(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT)) for _ in range(5)
    ]
    loading = best_times(data.load_images, [("fashion_mnist", "train")], 5, time.perf_counter)
    return [
        row("import course_utils, without TensorFlow", min(runs), "s", 0.2),
        row("data: loading 60,000 images, verified", loading[0] / 1000, "s", 1.0),
    ]


# ---- live pictures -------------------------------------------------------------------------------


def best_times(act, settings, rounds: int = 3, clock=time.process_time) -> list[float]:
    """Milliseconds of act(*values) for each of the settings, the best of some rounds.

    Processor time, since others may compute meanwhile; where nobody does, one waits no longer. A
    call before the first round draws what stays, loads fonts and traces.
    """
    act(*settings[-1])
    times = []
    for _ in range(rounds):
        times.append([])
        for values in settings:
            begin = clock()
            act(*values)
            times[-1].append(1000 * (clock() - begin))
    return np.min(times, axis=0).tolist()


def move(slider):
    """A function that gives this control another value."""
    return lambda value: setattr(slider, "value", value)


def live_pictures() -> dict[str, tuple]:
    """Lesson and picture -> function, settings all over its controls, the median's target in ms."""
    shoe = data.load_images("fashion_mnist", "test")[0][0, :, :, 0] / 255.0
    animals, _ = data.load_images("animals", "test")
    gaussian = baselines.PCAGaussian(animals)
    photo = data.cat_photo()[:300:3, 60:360:3]
    factors = media.svd_factors(photo)
    kernels = networks_and_gradients.KERNELS
    rules_and_rates = [
        (surface, rule, log_rate, 0.9, 0.5, 300.0, 0)
        for surface in surfaces.SURFACES
        for rule in rules.RULES
        for log_rate in (-4.0, -1.5, 0.5)
    ]
    names = {"0.1": "_beta_0.1", "1": "", "4": "_beta_4", "20": "_beta_20"}
    models = {beta: pretrained.load(f"vae_fashion_16{name}") for beta, name in names.items()}
    clothes = data.binarize(data.load_images("fashion_mnist", "test")[0][:12])
    kl = {beta: np.linspace(1, 0, model.latent_size) for beta, model in models.items()}
    one_photo_gan = one_photo.OnePhotoGAN(data.cat_photo())
    one_photo_gan.fit(1)  # how long drawing takes is no matter of training
    return {
        "01 compression": (
            lambda *values: media.compressed_figure(photo, factors, *values),
            [("JPEG", 1, 1), ("JPEG", 95, 1), ("SVD", 1, 100)],
            100,
        ),
        "01 Gaussian": (
            lambda *values: baselines.pca_figure(gaussian, animals, *values),
            [(count, show, 0) for show in baselines.SHOWS for count in (1, 100, 400, 784)],
            100,
        ),
        "02 shift": (
            loss_functions.shift_figure,
            [(shoe, shift) for shift in range(-8, 9)],
            100,
        ),
        "02 Gaussians": (
            loss_functions.gaussians_figure,
            [(mean, 0.5) for mean in np.linspace(-3, 3, 10)],
            100,
        ),
        "03 convolution": (
            lambda *values: networks_and_gradients.convolution_figure(shoe, *values),
            [(kernel, 2, 2, 0.5, stride, "same") for kernel in kernels for stride in (1, 2, 4)],
            100,
        ),
        "03 gradients": (
            networks_and_gradients.gradient_figure,
            [(name, 20, 1.0, 1.0, 0.0, 0) for name in layers_by_hand.ACTIVATIONS],
            100,
        ),
        "04 descent": (optimizers.descent_figure, rules_and_rates, 80),
        "04 game": (
            optimizers.game_figure,
            [
                (scheme, rate, rate, 0.0, 300.0)
                for scheme in games.SCHEMES
                for rate in (-2.0, -0.7, 0.6)
            ],
            150,
        ),
        "09 gradients": (
            vae_step_by_step.gradients_figure,
            [("hill", -0.5, 0.6, 1.0, 500, seed) for seed in range(9)],
            100,
        ),
        "10 betas": (
            betas.BetaPictures(models, kl, clothes).beta_figure,
            [(beta, rank) for beta in models for rank in (1, 8, 16)],
            100,
        ),
        "13 one photograph": (
            lambda *values: one_photo.sample_figure(one_photo_gan, *values),
            [(0, first_scale, 64, 96) for first_scale in range(4)],
            None,  # through all four networks it takes more than a tenth of a second
        ),
    }


def live_widgets() -> dict[str, tuple]:
    """As `live_pictures`, for the widgets of a lesson's own: a click or a move of a slider."""
    stepper = gan_stepper()
    studio = widgets.studio(pretrained.load("cat_gan"), data.class_names("animals"), label=2)
    images, labels = (some[:2000] for some in data.load_images("fashion_mnist", "test"))
    model = pretrained.load("vae_fashion_2")
    binary = data.binarize(images)
    explorer = latent_map.explore_map(model, model.encode(binary)[0], labels, binary)
    return {
        "05 a click on an update": (
            lambda button: button.click(),
            10 * [(stepper.discriminator,), (stepper.generator,)],
            150,
        ),
        "10 a move on the map": (
            move(explorer.x),
            [(-3 + step / 10,) for step in range(60)],
            20,
        ),
        "12 a slider of the studio": (
            move(studio.sliders[0]),
            [(amount,) for amount in np.linspace(-3, 3, 21)],
            20,
        ),
    }


def measure_live() -> list[dict]:
    """From a control's new value to the PNG in the kernel, for each live picture of the lessons."""
    rows, slowest = [], {}
    for name, (act, settings, target) in (live_pictures() | live_widgets()).items():
        times = best_times(act, settings)
        if target is not None:
            slowest[name] = max(times)
        reference = f"slowest {max(times):.0f} ms"
        rows.append(row(f"live: {name}", statistics.median(times), "ms", target, reference))
    name = max(slowest, key=slowest.get)
    return [
        *rows,
        row("live: slowest setting of those with a target", slowest[name], "ms", 150, name),
    ]


# ---- diseases and remedies of lesson 08 ----------------------------------------------------------


def measure_diseases() -> list[dict]:
    """How many of six trainings, three sick and three cured, each disease's limit misjudges, and
    what each remedy brings at equal time: means over three seeds, ± their standard deviation.

    Cells of the record that the user's cache has are read, others computed: an hour for all.
    """
    found, _ = gan_diseases.record_gan_diseases()
    rows = [disease_row(found, name, disease) for name, disease in diseases.DISEASES.items()]
    for game, (first, second) in gan_diseases.MEASURES.items():
        untreated = spread(found[f"{game}_{first}"][0])
        for line, name in enumerate(found[f"remedies_{game}"]):
            numbers = found[f"{game}_{first}"][line]
            beside = (
                f"± {np.std(numbers, ddof=1):.2g}, untreated {untreated}; "
                f"{second} {spread(found[f'{game}_{second}'][line])}; "
                f"{found[f'{game}_steps'][line]} steps of {found[f'{game}_ms'][line]:.1f} ms"
            )
            rows.append(row(f"{game}, {name}: {first}", float(np.mean(numbers)), "", None, beside))
    return rows


def disease_row(found: dict, name: str, disease: diseases.Disease) -> dict:
    """One disease's line of the table."""
    sick, cured = (found[f"{name.replace(' ', '_')}_{state}"] for state in gan_diseases.STATES)
    missed = [not disease.fails(number) for number in sick] + [*map(disease.fails, cured)]
    sick, cured = (" ".join(f"{number:.3g}" for number in some) for some in (sick, cured))
    beside = f"sick {sick}, cured {cured}, limit {disease.limit:g}: {disease.test}"
    return row(f"{name}: misjudged by its limit, of 6", sum(missed), "", 0, beside)


def spread(numbers) -> str:
    """Mean ± standard deviation."""
    return f"{np.mean(numbers):.2f} ± {np.std(numbers, ddof=1):.2g}"


MEASUREMENTS = {
    "import": measure_import,
    "live": measure_live,
    "widget": measure_widget,
    "lessons": measure_lessons,
    "gan": measure_gan,
    "vae": measure_vae,
    "cats": measure_cats,
    "row_rnn": measure_row_rnn,
    "flow": measure_flow,
    "diseases": measure_diseases,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what the course promises.")
    usual = [name for name in MEASUREMENTS if name != "diseases"]  # which trains for an hour
    parser.add_argument("--only", default=",".join(usual), help="names, with commas between")
    parser.add_argument("--json", type=Path, help="write the rows to this file too")
    options = parser.parse_args()
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
