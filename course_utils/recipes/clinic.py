"""The record of lesson 07: trainings with no fault, one or two, and what tests show of them.

What each training looks like is learned from its curves and samples; what is wrong with it, from
tests that the lesson's `triage` lets a learner order. The words are the lesson's.
"""

import numpy as np

from course_utils import data, metrics
from course_utils.base.backend import keras, tf
from course_utils.models import latent_space
from course_utils.recipes.patients import BATCH_SIZE, POINT, Patient, real_images, train

STEPS = 500  # updates of each network
TRIED_LOGITS = (-5.0, 0.0, 5.0)  # of generated images, in a test of the loss; real ones have 0

# The patients in the order of the lesson: name -> faults, which `patients` knows.
RUNS = {
    "unseen": ("unseen",),
    "pixels": ("pixels",),
    "sign": ("sign",),
    "batch": ("batch",),
    "healthy": (),
    "negation": ("negation",),
    "noise_unseen": ("noise", "unseen"),
    "leak": ("leak",),
    "pixels_sigmoid": ("pixels", "sigmoid"),
    "adam_defaults": ("adam",),
    "sign_frozen": ("sign", "frozen"),
    "batch_modes": ("batch", "modes"),
}
SEVERAL_SEEDS = ("healthy", "adam_defaults")


# ---- the tests -----------------------------------------------------------------------------------


def tests(model: Patient, images: np.ndarray, held_out: np.ndarray, count: int) -> dict:
    """What each test shows of a trained model, as arrays by name.

    images: the real ones that it was fed; held_out: others, prepared as those are; count: samples
        for the kinds and the Fréchet distance

    real, samples, training_samples: 8, 16 and 16 images, uint8, where black is -1 and white 1; the
        last two of the same latents, in inference and in training mode
    ranges: lowest and highest value of a real batch, then of generated images
    seen: number of different real images
    tried_losses: the discriminator's loss at TRIED_LOGITS
    judged: mean of what the discriminator says of real images from the training, of held-out and of
        generated ones, then the lowest and the highest of all, in inference mode
    kinds: of the samples, by the frozen classifier, (10,)
    frechet: distance of the samples
    fake_share, moved, averages_moved: see `_gradient_share` and `_what_moves`
    rates: learning rate, beta_1 and beta_2 of both optimizers
    """
    batch = tf.constant(images[:BATCH_SIZE])
    real, _ = model.unpack(batch)
    latents = tf.constant(latent_space.draw_latents(BATCH_SIZE, model.latent_size, seed=1))
    # A copy, since the call moves the running averages.
    copy = keras.models.clone_model(model.generator)
    copy.set_weights(model.generator.get_weights())
    in_training = copy(latents, training=True)
    drawn = model.sample(count, seed=0)
    generated = model.generator(latents, training=False)
    kinds = (
        model.unpack(tf.constant(images[:1000]))[0],
        model.unpack(tf.constant(held_out))[0],
        2 * drawn[:1000] - 1,
    )
    said = [model.logits(one, None, training=False).numpy() for one in kinds]
    tried = [float(model.gan_loss.discriminator([0.0], [fake])) for fake in TRIED_LOGITS]
    adam = model.generator_optimizer.get_config()
    extremes = [value for one in (real, generated) for value in (np.min(one), np.max(one))]
    found = {
        "ranges": extremes,
        "seen": len({image.tobytes() for image in images}),
        "tried_losses": tried,
        "judged": [*map(np.mean, said), min(map(np.min, said)), max(map(np.max, said))],
        "frechet": float(metrics.frechet_distance(drawn)),
        "fake_share": _gradient_share(model, real),
        "rates": [adam[name] for name in ("learning_rate", "beta_1", "beta_2")],
    }
    found |= _what_moves(model, real)  # last, since it trains the networks on
    pictures = {"real": real[:8], "samples": generated[:16], "training_samples": in_training[:16]}
    return (
        {name: np.float32(value) for name, value in found.items()}
        | {name: _shown(values) for name, values in pictures.items()}
        | {"kinds": np.bincount(metrics.predicted_labels(drawn), minlength=10)}
    )


def _shown(images) -> np.ndarray:
    """Images in [-1, 1] as uint8, in 16 shades, which halves the file."""
    pixels = np.rint(np.clip(127.5 * (np.asarray(images) + 1), 0, 255))
    return np.uint8(17 * np.rint(pixels / 17))


def _gradient_share(model: Patient, real) -> float:
    """|g_fake| / (|g_real| + |g_fake|): gradients of the discriminator's loss for its weights, each
    through the logits of real or of generated images alone."""
    weights = [weight.value for weight in _trained(model.discriminator)]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(weights)
        fake = tf.stop_gradient(model.fake_images(real, None))
        on_real, on_fake = model.logits(real, None), model.logits(fake, None)
        loss = model.gan_loss.discriminator
        losses = loss(on_real, tf.stop_gradient(on_fake)), loss(tf.stop_gradient(on_real), on_fake)
    of_real, of_fake = (
        float(tf.linalg.global_norm(tape.gradient(one, weights, unconnected_gradients="zero")))
        for one in losses
    )
    return of_fake / (of_real + of_fake)


def _what_moves(model: Patient, real) -> dict[str, np.ndarray]:
    """Largest changes in one update of each network.

    moved (2, 2): of a trained weight, in rows the discriminator's and the generator's update, in
        columns the discriminator and the generator
    averages_moved: of a running average of either network, in both updates
    """
    networks = (model.discriminator, model.generator)
    moved, averages = [], 0.0
    for update in (model.update_discriminator, model.update_generator):
        before = [[_copies(_trained(one)), _copies(_averages(one))] for one in networks]
        update(real)
        after = [[_trained(one), _averages(one)] for one in networks]
        changes = [
            [max(np.abs(new - old).max() for new, old in zip(*pair, strict=True)) for pair in pairs]
            for pairs in (
                zip(map(_copies, now), then, strict=True)
                for now, then in zip(after, before, strict=True)
            )
        ]
        moved.append([weights for weights, _ in changes])
        averages = max(averages, *(moving for _, moving in changes))
    return {"moved": moved, "averages_moved": averages}


def _trained(network) -> list:
    """What training should move, frozen or not."""
    return [one for one in network.weights if not one.name.startswith("moving_")]


def _averages(network) -> list:
    return [one for one in network.weights if one.name.startswith("moving_")]


def _copies(variables) -> list[np.ndarray]:
    return [one.numpy() for one in variables]


# ---- the record ----------------------------------------------------------------------------------


def record_gan_clinic(steps: int = STEPS, count: int = 2000, seeds: int = 3):
    """Twelve runs of the GAN for lesson 07: one is healthy, seven have a fault, four have two.

    steps: of each, a multiple of 10 and more than 20; count: samples a Fréchet distance, two and a
    half times as many for those of several seeds

    Arrays: `runs`, the names in the lesson's order, `steps` (points,), `tried_logits`; for each run
    NAME_faults, and what `train` and `tests` return. For two runs NAME_distance (seeds,), Fréchet
    distances of 5,000 samples.
    """
    test_images, _ = data.load_images("fashion_mnist", split="test")
    found = {
        "runs": np.array(list(RUNS)),
        "steps": POINT * np.arange(1, steps // POINT + 1),
        "tried_logits": np.float32(TRIED_LOGITS),
    }
    for run, faults in RUNS.items():
        images = real_images(faults, steps * BATCH_SIZE)
        held_out = test_images[:1000]
        if "noise" in faults:
            held_out = real_images(faults, len(images) + 1000)[-1000:]
        distances = []
        for seed in range(seeds if run in SEVERAL_SEEDS else 1):
            keras.utils.set_random_seed(seed)
            model = Patient(faults, seed=seed)
            curves = train(model, images, steps)
            if run in SEVERAL_SEEDS:
                drawn = model.sample(5 * count // 2, seed=0)
                distances.append(float(metrics.frechet_distance(drawn)))
            if seed == 0:
                shown = curves | tests(model, images, held_out, count)
        found |= {f"{run}_{name}": value for name, value in shown.items()}
        found[f"{run}_faults"] = np.array(faults, dtype=str)
        if distances:
            found[f"{run}_distance"] = np.float32(distances)
        print(f"  {run}: Fréchet distance {found[f'{run}_frechet']:.2f} {distances}", flush=True)
    facts = {
        "what": "lesson 07: losses, logits, samples and the results of tests of twelve runs of the "
        "GAN on Fashion-MNIST, most of them with one or two faults; for the healthy run and the "
        "one with Adam's defaults also the Fréchet distances of three seeds",
        "recipe": f"{steps} steps on the training split, batch {BATCH_SIZE}, non-saturating loss, "
        "Adam(2e-3, 0.5, 0.99), no average of the weights, seed 0; faults as in recipes/clinic.py",
        "quality": {  # Fréchet distances of the samples
            f"{run}_frechet": round(float(found[f"{run}_frechet"]), 3) for run in RUNS
        },
    }
    return found, facts
