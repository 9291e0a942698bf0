"""What is wrong with a learner's cure of the patients 1 to 8 in lesson 07, by what the cure does.

`checks.check_design` and `checks.check_update` ask for it; nothing is trained here.
"""

import types
from collections.abc import Callable

import numpy as np

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.base.outcomes import Outcome, as_number
from course_utils.lessons.gan_clinic import script

LATENT_SIZE = 16
_SIDE = 28

# ---- 07.1: names that are missing ----------------------------------------------------------------


def missing_names_fault(missing_names: Callable[[], dict]) -> str:
    """The first fault of {name: value} for the script's names, with which it is run, or ""."""
    values = missing_names()
    wanted = script.undefined_names(script.SCRIPT)
    if not isinstance(values, dict):
        return f"it returns a {type(values).__name__}; let it return a dict: {{name: value}}."
    missing = [name for name in wanted if name not in values]
    if missing:
        return f"`{missing[0]}` is still undefined ({len(missing)} of {len(wanted)} are)."
    for name in values:
        if name not in wanted:
            return f"`{name}` is not missing: the script defines it, or does without it."
    fault = _fault_of_sizes(values)
    if not fault:
        scope = values | {"num_images": values["batch_size"]}  # so many images are enough to try
        exec(script.definitions(), scope)
        scope["load_real_images"]()
    return fault


def _fault_of_sizes(values: dict) -> str:
    if not isinstance(values["np"], types.ModuleType):
        return "`np` has to be the module NumPy itself: np, without quotes."
    for name in sorted(set(values) - {"np"}):
        size = values[name]
        if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
            return f"`{name}` is {size!r}; it has to be a whole number, 1 or more."
    shape = tuple(values[name] for name in ("height", "width", "channels"))
    if shape != (_SIDE, _SIDE, 1):
        return f"height, width and channels are {shape}; Fashion-MNIST's are (28, 28, 1)."
    if values["num_images"] > 60_000:
        return "the training set has 60,000 images."
    if values["batch_size"] > values["num_images"]:
        return "a batch is a part of the images: batch_size is larger than num_images."
    return ""


# ---- 07.2: two networks --------------------------------------------------------------------------


def networks_fault(build: Callable[[], tuple]) -> str:
    """The first fault of (generator, discriminator) for gray images of 28 x 28, or ""."""
    pair = build()
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        return "let it return two networks: generator, discriminator."
    for name, network in zip(("generator", "discriminator"), pair, strict=True):
        if not isinstance(network, keras.Model):
            return f"the {name} is a {type(network).__name__}; make it a keras.Sequential."
        if not network.layers:
            return f"the {name} still has no layers."
    inputs = [getattr(network, "input_shape", None) for network in pair]
    if inputs == [(None, _SIDE, _SIDE, 1), (None, LATENT_SIZE)]:
        return "the two are in the wrong order: the generator comes first."
    return _generator_fault(pair[0]) or _discriminator_fault(pair[1])


def _generator_fault(network) -> str:
    random = np.random.default_rng(0)
    latents = random.standard_normal((12, LATENT_SIZE)).astype(np.float32)
    try:
        images = np.asarray(network(latents))
    except ValueError:
        return f"the generator does not take latents of shape (n, {LATENT_SIZE})."
    if images.shape[1:] != (_SIDE, _SIDE, 1):
        return f"the generator's images have the shape {images.shape[1:]}, not (28, 28, 1)."
    if np.ptp(images, axis=0).max() == 0:
        return "the generator draws the same image for all latents."
    images = np.asarray(network(1e4 * latents))
    if max(-images.min(), images.max()) > 1:
        return "the generator's values leave [-1, 1]; its last activation is tanh."
    if images.min() >= 0:
        return "the generator has no value below 0; tanh reaches all of [-1, 1]."
    return ""


def _discriminator_fault(network) -> str:
    random = np.random.default_rng(0)
    images = random.uniform(-1, 1, (12, _SIDE, _SIDE, 1)).astype(np.float32)
    try:
        logits = np.asarray(network(images))
    except ValueError:
        return "the discriminator does not take images of shape (n, 28, 28, 1)."
    if logits.shape != (12, 1):
        found = f"it turns {images.shape} into {logits.shape}"
        return f"the discriminator has to give one logit for each image, but {found}."
    if np.ptp(logits) == 0:
        return "the discriminator gives all images the same logit."
    large = np.asarray(network(1e5 * images))
    last = max(i for i, one in enumerate(network.trainable_variables) if len(one.shape) > 1)
    for variable in network.trainable_variables[last:]:  # so the logits should change their sign
        variable.assign(-variable)
    if np.abs(large).max() <= 1 or not np.allclose(network(images), -logits, 1e-3, 1e-6):
        return "the discriminator's last activation bends its logits; leave it away."
    if not any(len(variable.shape) == 4 for variable in network.trainable_variables):
        return "the discriminator has no convolution (Conv2D)."
    return ""


# ---- 07.3: real images ---------------------------------------------------------------------------


def real_images_fault(load: Callable) -> str:
    """What is wrong with what should be training images, at any scale, or "".

    An array, a tensor or a dataset of batches; the channel axis may be first, last or missing.
    """
    found = load()
    if isinstance(found, tf.data.Dataset):
        found = next(iter(found))
    if isinstance(found, tuple):
        return "it returns a tuple, images and labels perhaps; return the images alone."
    found = np.asarray(found)
    if found.ndim == 1:
        return "it returns one number for each image; those are the labels."
    if found.shape[1:] not in ((_SIDE, _SIDE, 1), (1, _SIDE, _SIDE), (_SIDE, _SIDE)):
        return f"it returns an array of shape {found.shape}, not (n, 28, 28, 1)."
    if len(found) < 64:
        return f"it returns {len(found)} images, less than a batch of 64."
    some = found[:: len(found) // 64][:64].astype(np.float64)
    if np.ptp(some, axis=0).max() == 0:
        return "all its images are the same."
    rows = some.reshape(-1, _SIDE)
    if abs(np.corrcoef(rows[:, :-1].ravel(), rows[:, 1:].ravel())[0, 1]) < 0.2:
        return "neighboring pixels have nothing to do with each other: that is still noise."
    pixels = np.round(255 * (some - some.min()) / np.ptp(some)).astype(np.uint8)
    return _fault_of_pixels(pixels)


def _fault_of_pixels(pixels: np.ndarray) -> str:
    """Whether images (n, ...), scaled to 0..255, are among the training images."""
    for split in ("train", "test"):
        images, _ = data.load_images("fashion_mnist", split=split)
        known = {image.tobytes() for image in images}
        if all(image.tobytes() in known for image in pixels):
            return "" if split == "train" else "those are the test images; keep them for the end."
    return "those are no training images of Fashion-MNIST, at whatever scale of the pixels."


# ---- 07.4: latents -------------------------------------------------------------------------------


def latents_fault(draw: Callable) -> str:
    """What is wrong with draw(count), which should give standard normal latents, or ""."""
    count = 2000
    latents, others = (np.asarray(draw(count)) for _ in range(2))
    if latents.shape != (count, LATENT_SIZE):
        return f"for {count} latents its array has the shape {latents.shape}, not (2000, 16)."
    if np.array_equal(latents, others):
        return "it draws the same latents at each call: a seed inside the function starts anew."
    if min(np.ptp(latents, axis=axis).max() for axis in (0, 1)) == 0:
        return "it draws one number or one latent and repeats it."
    mean, spread = float(latents.mean()), float(latents.std())
    if abs(mean) > 0.05:
        return f"the mean of its numbers is {mean:.2f}; that of a standard normal is 0."
    if abs(spread - 1) > 0.05:
        return f"the standard deviation of its numbers is {spread:.2f} instead of 1."
    if np.mean(np.abs(latents) > 2) < 0.03:
        return "too few of its numbers lie beyond 2: they are not normal."
    if np.abs(np.corrcoef(latents.T) - np.eye(LATENT_SIZE)).max() > 0.2:
        return "the 16 numbers of a latent depend on each other."
    return ""


# ---- 07.6: one step of an optimizer --------------------------------------------------------------


def try_descend(descend: Callable) -> Outcome:
    """What descend(network, loss_function, optimizer) does to the first of two small networks.

    The loss depends on both, as a generator's does.
    """
    random = np.random.default_rng(0)
    pair = [_dense(random, 3, 2), _dense(random, 2, 1)]
    inputs = tf.constant(random.standard_normal((5, 3)), tf.float32)
    network, weights = pair[0], pair[0].trainable_variables

    def loss_function():
        return tf.reduce_mean(tf.math.softplus(-pair[1](network(inputs))))

    with tf.GradientTape() as tape:
        loss = loss_function()
    expected = _flat(tape.gradient(loss, weights))
    before = [each.get_weights() for each in pair]
    optimizer = keras.optimizers.SGD(1.0)  # with which a weight moves by minus its gradient
    optimizer.build([one for each in pair for one in each.trainable_variables])
    returned = descend(network, loss_function, optimizer)
    changes = [
        [old - new for old, new in zip(olds, each.get_weights(), strict=True)]
        for olds, each in zip(before, pair, strict=True)
    ]
    shares = [float(np.mean([change.any() for change in each])) for each in changes]
    return Outcome(
        player="network",
        moved=dict(zip(("network", "other network"), shares, strict=True)),
        gradient=_flat(changes[0]),
        expected=expected,
        mistakes={"sign": -expected, "half": expected / 2, "twice": 2 * expected},
        updates=int(optimizer.iterations.numpy()),
        loss=float(loss),
        returned=as_number(returned),
        ignored=(),
        repeats=True,
    )


def _dense(random: np.random.Generator, inputs: int, outputs: int) -> keras.Model:
    network = keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(outputs, "tanh")])
    network.set_weights([random.normal(size=weight.shape) for weight in network.weights])
    return network


def _flat(arrays) -> np.ndarray:
    return np.concatenate([np.ravel(array) for array in arrays])


# ---- 07.7: two optimizers ------------------------------------------------------------------------


def optimizers_fault(make: Callable[[], tuple]) -> str:
    """What is wrong with two optimizers, one for each of two networks, or ""."""
    pair = make()
    if isinstance(pair, keras.optimizers.Optimizer):
        return "that is one optimizer; each network needs its own."
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        return "let it return two optimizers, one for each network."
    for one in pair:
        if not isinstance(one, keras.optimizers.Optimizer):
            kind = "a class; call it" if isinstance(one, type) else f"a {type(one).__name__}"
            return f"{one!r} is no optimizer but {kind}."
    if pair[0] is pair[1]:
        return "both are one and the same object, with one memory; make a second one."
    random = np.random.default_rng(0)
    for optimizer in pair:
        network = _dense(random, 3, 2)
        weights, before = network.trainable_variables, network.get_weights()
        optimizer.apply([tf.ones_like(one) for one in weights], weights)
        if not np.any(_flat(weights) != _flat(before)):
            return "a step with one of them moves nothing; is its learning rate 0?"
    return ""


# ---- 07.8: judgments -----------------------------------------------------------------------------


def judgments_fault(judge: Callable) -> str:
    """What is wrong with the logits that judge(discriminator, real, fake) returns, or ""."""
    random = np.random.default_rng(0)
    shape = (4, 4, 1)
    flat, dense = keras.layers.Flatten(), keras.layers.Dense
    network = keras.Sequential([keras.Input(shape), flat, dense(3, "tanh"), dense(1)])
    network.set_weights([random.normal(size=weight.shape) for weight in network.weights])
    inputs = [tf.constant(random.uniform(-1, 1, (n, *shape)), tf.float32) for n in (5, 3)]
    wanted, before = [np.asarray(network(one)) for one in inputs], network.get_weights()
    pair = judge(network, *inputs)
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        return "let it return two things: real_logits, fake_logits."
    found = [np.asarray(one, dtype=np.float64).squeeze() for one in pair]
    if np.any(_flat(before) != _flat(network.get_weights())):
        return "the discriminator's weights have changed; it should only judge."
    if any(one.ndim == 0 for one in found):
        return "a single number for a batch is a loss or a mean; one logit an image is asked for."
    if [one.shape for one in found] == [(3,), (5,)]:
        return "real and generated have changed places."
    for name, one, logits in zip(("real", "generated"), found, wanted, strict=True):
        fault = _fault_of_logits(one, logits.squeeze())
        if fault:
            return f"for {len(logits)} {name} images {fault}"
    return ""


def _fault_of_logits(found: np.ndarray, logits: np.ndarray) -> str:
    if found.shape != logits.shape:
        return f"it gives an array of shape {found.shape}, not one logit each."
    if np.allclose(found, logits, rtol=1e-3, atol=1e-4):
        return ""
    probabilities = 1 / (1 + np.exp(-logits))
    if np.allclose(found, probabilities, rtol=1e-3, atol=1e-4):
        return "it gives probabilities; leave the sigmoid to the loss and return logits."
    return "it gives other numbers than the discriminator's logits."
