"""What is wrong with a learner's repairs of the training: 07.12, 07.14, 07.15, 07.17, 07.18.

`checks.check_design` asks; each judge runs the repair on small networks or arrays of its own. Where
an exercise asks for two functions, it asks for one that returns both.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.backend import keras, tf
from course_utils.models import networks

_LATENTS = 16
_WIDTH = 2  # of the networks that a judge makes


def _kind(value) -> str:
    shape = getattr(value, "shape", None)
    return type(value).__name__ if shape is None else f"an array of shape {tuple(shape)}"


def _pair(value) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2


# ---- 07.12: the last layer and the loss ----------------------------------------------------------

_LOGITS = np.array([-20.0, -2.0, 0.0, 2.0, 20.0], np.float32)


def pair_fault(choose: Callable) -> str:
    """The fault of a pair (activation, from_logits), by the gradients that reach the logits.

    They have to be σ(logit) - target, also where the discriminator is very sure, and also if the
    output is sliced before it comes to the loss.

    >>> pair_fault(lambda: (None, True))
    ''
    """
    pair = choose()
    if not _pair(pair):
        return f"expected a pair, activation and from_logits, but got {_kind(pair)}."
    if isinstance(pair[0], bool | int) or isinstance(pair[1], str):
        return "the activation comes first, then from_logits."
    activation = keras.layers.Activation(pair[0])
    loss = keras.losses.BinaryCrossentropy(from_logits=bool(pair[1]), reduction="sum")
    found = {}
    for target in (0.0, 1.0):
        logits = tf.constant(_LOGITS[:, np.newaxis])
        with tf.GradientTape() as tape:
            tape.watch(logits)
            # As a slice does, identity hides a sigmoid from Keras, which else finds its logits.
            value = loss(target * tf.ones_like(logits), tf.identity(activation(logits)))
        found[target] = tape.gradient(value, logits).numpy().ravel()
    wanted = {target: 1 / (1 + np.exp(-_LOGITS)) - target for target in found}
    if all(np.allclose(found[one], wanted[one], atol=1e-4) for one in found):
        return ""
    middle = slice(1, -1)
    if all(np.allclose(found[one][middle], wanted[one][middle], atol=1e-3) for one in found):
        return (
            "the two fit, but at logit 20 a generated image gives the gradient "
            f"{found[0.0][-1]:.1f} instead of 1: the probability has been rounded to 1."
        )
    if pair[1]:
        return "the loss takes the last layer's output for a logit, and squashes it a second time."
    return "the loss takes the last layer's output for a probability, which it is not."


# ---- 07.14: an epoch -----------------------------------------------------------------------------


def epoch_fault(run_epoch: Callable) -> str:
    """The fault of run_epoch(dataset, step): every batch once, returns the number of images."""
    for count in (10, 12):
        images = np.arange(count, dtype=np.float32).reshape(count, 1, 1, 1)
        dataset = tf.data.Dataset.from_tensor_slices(images).batch(4)
        batches = []

        def step(batch, batches=batches):
            batches.append(np.asarray(batch))
            return 0.0

        returned = run_epoch(dataset, step)
        if not batches:
            return "no batch came to `step`: call step(batch) for each batch."
        if any(batch.shape[1:] != (1, 1, 1) for batch in batches):
            return f"`step` got an array of shape {batches[0].shape}; give it whole batches."
        if len(batches) == 1:
            return "one batch is no epoch: go on to the next ones."
        seen = np.concatenate(batches).ravel()
        missing = count - len(np.unique(seen))
        if missing:
            return f"of {count} images in batches of 4, {missing} never came to `step`."
        if len(seen) != count:
            return f"of {count} images some came to `step` more than once."
        if returned is None or np.ndim(returned):
            return f"it returns {_kind(returned)}; return the number of images."
        if int(returned) == len(batches):
            return f"{len(batches)} is the number of batches; images are counted."
        if int(returned) != count:
            return f"it returns {int(returned)} for {count} images in batches of 4."
    return ""


# ---- 07.15: what a training keeps ----------------------------------------------------------------


def keeping_fault(keep: Callable) -> str:
    """The fault of keep(history, step, generator, latents), which appends (step, images)."""
    generator = _generator()
    latents = tf.constant(np.random.default_rng(1).standard_normal((6, _LATENTS)), tf.float32)
    history, start = [], generator.get_weights()
    wanted = {}
    for step in (10, 20):
        wanted[step] = generator(latents, training=False).numpy()
        in_training = generator(latents, training=True).numpy()
        generator.set_weights(start)
        keep(history, step, generator, latents)
        if not all(map(np.array_equal, generator.get_weights(), start)):
            return (
                "the generator has changed: training=True moves the running averages of its batch "
                "normalization."
            )
        fault = _entry_fault(history, step, wanted[step], in_training)
        if fault:
            return fault
        for variable in generator.trainable_variables:
            variable.assign_add(0.3 * tf.ones_like(variable))
        start = generator.get_weights()
    if not np.allclose(history[0][1], wanted[10], atol=1e-5):
        return "at step 20 the images of step 10 changed; append new ones."
    return ""


def _entry_fault(history: list, step: int, wanted: np.ndarray, in_training: np.ndarray) -> str:
    if not history:
        return (
            "after a call `history` is still empty: append to the list that you are given, make no "
            "new one."
        )
    if len(history) != step // 10:
        return f"after {step // 10} calls `history` has {len(history)} entries; append one a call."
    entry = history[-1]
    if not _pair(entry):
        return f"an entry is {_kind(entry)}; append the pair (step, images)."
    if np.ndim(entry[0]) or int(entry[0]) != step:
        return "the entry does not begin with the step; append the pair (step, images)."
    if callable(entry[1]) or np.shape(entry[1]) != wanted.shape:
        return f"for 6 latents the entry holds {_kind(entry[1])}; keep the images of all 6."
    images = np.asarray(entry[1])
    if np.allclose(images, wanted, atol=1e-4):
        return ""
    if np.allclose(images, in_training, atol=1e-4):
        return "those images depend on their batch: call the generator with training=False."
    if np.allclose(images, (wanted + 1) / 2, atol=1e-4):
        return "keep what the generator makes as it is, in [-1, 1]."
    return "those are not the images of the given latents: the same ones have to come each time."


# ---- 07.17: batch normalization's two modes ------------------------------------------------------


def modes_fault(build: Callable) -> str:
    """The fault of the functions that build() returns: judging in training, drawing for showing.

    They are judge_both(discriminator, real, fake) and sample_images(generator, latents).
    """
    functions = build()
    if not _pair(functions) or not all(map(callable, functions)):
        return f"expected two functions, but got {_kind(functions)}."
    rng = np.random.default_rng(2)
    discriminator = _randomized(networks.discriminator(width=_WIDTH))
    shape = (8, 28, 28, 1)
    real, fake = (tf.constant(rng.uniform(-top, top, shape), tf.float32) for top in (1, 0.3))
    start = discriminator.get_weights()

    def judged(images, training):
        logits = discriminator(images, training=training).numpy()
        discriminator.set_weights(start)
        return logits

    pairs = {mode: [judged(one, mode) for one in (real, fake)] for mode in (True, False)}
    mixed = judged(tf.concat([real, fake], 0), True)
    both = functions[0](discriminator, real, fake)
    if not _pair(both):
        return f"judge_both returns {_kind(both)}; return two arrays of logits."
    fault = _judging_fault([np.asarray(one) for one in both], pairs, [mixed[:8], mixed[8:]])
    return fault or _sampling_fault(functions[1])


def _judging_fault(both: list, pairs: dict, mixed: list) -> str:
    def equals(wanted):
        shapes = [np.shape(one) for one in both] == [np.shape(one) for one in wanted]
        return shapes and all(map(np.allclose, both, wanted, (1e-4, 1e-4), (1e-4, 1e-4)))

    right, frozen = pairs[True], pairs[False]
    if equals(right):
        return ""
    if equals(mixed):
        return "judge_both mixes both kinds in one batch; give each kind a call of its own."
    if equals(right[::-1]):
        return "judge_both returns generated before real; swap them."
    if equals(frozen):
        return "judge_both is for training: call the discriminator with training=True."
    for kind, one, wanted in zip(("generated", "real"), both, right, strict=True):
        if np.shape(one) == wanted.shape and np.allclose(one, wanted, 1e-4, 1e-4):
            return f"judge_both judges one kind as in training, but not {kind} images."
    if equals([1 / (1 + np.exp(-one)) for one in right]):
        return "judge_both returns probabilities; leave the logits as they are."
    return "judge_both does not return the logits of real and of generated images."


def _sampling_fault(sample_images: Callable) -> str:
    generator = _generator()
    latents = tf.constant(np.random.default_rng(3).standard_normal((8, _LATENTS)), tf.float32)
    start, wanted = generator.get_weights(), generator(latents, training=False).numpy()
    images = sample_images(generator, latents)
    if not all(map(np.array_equal, generator.get_weights(), start)):
        return "sample_images changes the generator's running averages: that is training's mode."
    if np.shape(images) != wanted.shape:
        return f"sample_images returns {_kind(images)}; return the images of all latents."
    if not np.allclose(images, wanted, atol=1e-4):
        return "sample_images does not return what the generator makes with training=False."
    return ""


def _generator() -> keras.Model:
    """A small generator whose running averages are those of no batch."""
    return _randomized(networks.generator(latent_size=_LATENTS, width=_WIDTH))


def _randomized(network: keras.Model) -> keras.Model:
    rng = np.random.default_rng(4)
    for variable in network.variables:
        normal = rng.standard_normal(variable.shape)
        if variable.name in ("moving_variance", "gamma"):
            variable.assign(np.exp(0.5 * normal))
        else:
            inputs = np.prod(variable.shape[:-1]) if len(variable.shape) > 1 else 4.0
            variable.assign(normal / np.sqrt(inputs))
    return network


# ---- 07.18: pixels -------------------------------------------------------------------------------


def pixels_fault(build: Callable) -> str:
    """The fault of the functions that build() returns: to_network(images) and to_pixels(outputs).

    The first turns uint8 into float32 in [-1, 1], the second is its inverse.
    """
    functions = build()
    if not _pair(functions) or not all(map(callable, functions)):
        return f"expected two functions, but got {_kind(functions)}."
    pixels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    wanted = pixels / np.float32(127.5) - np.float32(1)
    given = functions[0](pixels.copy())
    if np.shape(given) != pixels.shape:
        return f"to_network returns {_kind(given)} for images of shape {pixels.shape}."
    values = np.asarray(given)
    if not np.allclose(values, wanted, atol=1e-5):
        return _scaling_fault(values)
    if values.dtype != np.float32:
        return f"to_network returns {values.dtype}, where networks compute in float32."
    back = functions[1](tf.constant(wanted))
    if np.shape(back) != pixels.shape:
        return f"to_pixels returns {_kind(back)} for images of shape {pixels.shape}."
    back = np.asarray(back)
    if back.dtype != np.uint8:
        return f"to_pixels returns {back.dtype}; pixels are uint8."
    wrong = np.count_nonzero(back != pixels)
    off_by_one = np.abs(back.astype(int) - pixels).max() <= 1
    remedy = "round before the cast to uint8" if off_by_one else "-1 becomes 0, and 1 becomes 255"
    return f"there and back {wrong} of 256 gray values change: {remedy}." if wrong else ""


def _scaling_fault(values: np.ndarray) -> str:
    if np.any(np.diff(values.ravel().astype(np.float64)) < 0):
        return "to_network wraps around, since uint8 has no negative numbers: turn to floats first."
    return f"to_network goes from {values.min():.4g} to {values.max():.4g}; wanted is -1 to 1."
