"""What a learner's measures of lesson 08's sections 5 and 6 tell apart.

`checks.check_design` asks for the fault of one; nothing is trained here.
"""

from collections.abc import Callable

import numpy as np

from course_utils.base.backend import tf
from course_utils.lessons.gan_diseases.mistakes_measures import APPENDED
from course_utils.models.critic_layers import MinibatchStd

# ---- 08.9: minibatch standard deviation ----------------------------------------------------------


def deviation_fault(append: Callable) -> str:
    """The first fault of features (n, h, w, c) -> (n, h, w, c + 1), the last one their variety."""
    random = np.random.default_rng(0)
    for shape in ((6, 3, 4, 5), (5, 2, 2, 1)):
        # Places and channels have means of their own, which are no variety among the images.
        means = 3 * random.standard_normal(shape[1:])
        features = np.float32(means + np.exp(means / 3) * random.standard_normal(shape))
        fault = _appended_fault(np.asarray(append(tf.constant(features))), features)
        if fault:
            return fault
    return _gradient_fault(append, features)


def _appended_fault(found: np.ndarray, features: np.ndarray) -> str:
    shape = (*features.shape[:-1], features.shape[-1] + 1)
    if found.shape != shape:
        return f"for features of shape {features.shape} it returns {found.shape}, not {shape}."
    if not np.allclose(found[..., :-1], features, 1e-4, 1e-5):
        if np.allclose(found[..., 1:], features, 1e-4, 1e-5):
            return "append the new channel behind the others, not before them."
        return "the given channels have to stay as they are, before the new one."
    last = found[..., -1:]
    if np.allclose(last, np.asarray(MinibatchStd()(features))[..., -1:], 2e-3):
        return ""
    for wrong, sentence in APPENDED:
        if np.allclose(last, np.broadcast_to(wrong(features), last.shape), 2e-3, 1e-6):
            return sentence
    if np.ptp(last) > 1e-5:
        return "the last channel varies; it should hold one number for the batch."
    right = float(np.asarray(MinibatchStd()(features))[0, 0, 0, -1])
    return f"the last channel holds {last.flat[0]:.4g}; it should hold {right:.4g}."


def _gradient_fault(append: Callable, features: np.ndarray) -> str:
    """What is wrong with the way back, for images that differ and for images that are all alike."""
    for given in (features, np.repeat(features[:1], 4, axis=0)):
        images = tf.constant(given)
        with tf.GradientTape() as tape:
            tape.watch(images)
            variety = tf.reduce_sum(tf.convert_to_tensor(append(images))[..., -1])
        gradient = tape.gradient(variety, images)
        if gradient is None:
            return (
                "no gradient flows back from the last channel, so the generator would learn "
                "nothing from it; use functions of TensorFlow or keras.ops, not of NumPy."
            )
        if not np.isfinite(gradient).all():
            return (
                "for images that are all alike the gradient is not finite: the slope of a root at "
                "0. Add a small number, such as 1e-8, to the variance first."
            )
    if np.asarray(append(images))[..., -1].max() > 1e-2:
        return "for images that are all alike the last channel has to be 0, or nearly."
    return ""


# ---- 08.10: is its lead memory? ------------------------------------------------------------------

_UNITS = ((1.0, 0.0), (40.0, -100.0), (0.05, 3.0), (8.0, 25.0))  # scale and offset of the logits
_MEMORY = (0.0, 1.0, 0.3, 0.7)  # shares of the lead that a made discriminator owes to memory
_NOISE = 0.2  # deviation from image to image, as a share of the lead


def lead_fault(measure: Callable) -> str:
    """The first fault of (discriminate, training, held_out, generated) -> number, or "".

    Discriminators are made for the purpose: what they say of an image is known.
    """
    random = np.random.default_rng(0)
    training, held_out, generated = (
        np.float32(random.uniform(-1, 1, (count, 4, 4, 1))) for count in (64, 48, 80)
    )
    for one, mark in ((training, 1), (held_out, 1), (generated, 0)):
        one[:, 0, 0, 0] = mark  # by which a made discriminator sees what is real
    for scale, offset in _UNITS:
        for memory in _MEMORY:
            discriminate = _made(training, memory, scale, offset)
            found = measure(discriminate, training.copy(), held_out.copy(), generated.copy())
            found = np.asarray(found, dtype=float)
            if found.size != 1:
                return f"return one number, not an array of shape {found.shape}."
            number = found.item()
            if (number > 0.5) != (memory > 0.5) or not np.isfinite(number):
                logits = [float(np.mean(discriminate(one))) for one in (training, held_out)]
                logits.append(float(np.mean(discriminate(generated))))
                return _sentence(number, memory, logits)
    return ""


def _made(training: np.ndarray, memory: float, scale: float, offset: float) -> Callable:
    """A discriminator (n, 4, 4, 1) -> logits (n, 1) that owes `memory` of its lead to memory."""
    known = {image.tobytes() for image in training}

    def discriminate(images, **_):
        images = np.asarray(images, dtype=np.float32)
        is_known = np.array([image.tobytes() in known for image in images])
        lead = (1 - memory) * images[:, 0, 0, 0] + memory * is_known
        # Uniform pixels have the deviation 1/√3: a difference from image to image, always the same.
        noise = _NOISE * np.sqrt(3) * images[:, 1, 1, 0]
        return tf.constant(offset + scale * (lead + noise)[:, np.newaxis], tf.float32)

    return discriminate


def _sentence(number: float, memory: float, logits: list[float]) -> str:
    means = "training {:.3g}, held-out {:.3g}, generated {:.3g}".format(*logits)
    kind = "new images like generated ones" if memory > 0.5 else "new images like training images"
    nearly = "" if memory in (0.0, 1.0) else "rather "
    side = "above" if memory > 0.5 else "below"
    return (
        f"a discriminator that judges {nearly}{kind} (mean logits: {means}) gets {number:.3g}; "
        f"it should be {side} 1/2."
    )
