"""Tries a learner's update of one network of a GAN on small networks and reports what moved.

The verdict in words is that of `checks.check_update`. The networks are made for the trial alone:
nothing that a notebook has trained changes, nor do its random numbers.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from course_utils.base.arguments import check_name
from course_utils.base.backend import keras, tf
from course_utils.base.outcomes import Outcome, as_number, same_gradient
from course_utils.models import gan_losses, networks, updates

# An unbounded loss is like the hinge loss without its margin, a mistake with a name of its own.
LOSSES = tuple(name for name, loss in gan_losses.GAN_LOSSES.items() if loss.bounded)
_COUNT = 8  # images or points in the batch
_WIDTH = 2  # of both networks
_DENSE_WIDTHS = (6,)  # of both networks, for points
_SEED = 9  # one that leaves logits on both sides of the margins, and moves all weights


@dataclass(frozen=True)
class UpdateTrial:
    """Calls an update of `player` on small networks of the given shapes.

    loss: a name in `LOSSES`; `discriminator_update` says what the update gets
    image_shape: of images, or (2,) for points, whose networks are dense, without normalization
    """

    player: str
    loss: str = "hinge"
    image_shape: tuple[int, ...] = (28, 28, 1)
    latent_size: int = 16
    num_classes: int | None = None

    def __post_init__(self):
        check_name("GAN loss", self.loss, LOSSES)

    def __call__(self, update: Callable) -> Outcome:
        """What the update does, in one call or, if that is not right, several; raises as it does.

        Each call starts from the same weights. The mistakes, what is ignored and whether it repeats
        are looked for only where the gradient is not the expected one.
        """
        setting = self._setting
        first, returned = setting.run(update)
        gradient = first.flat(self.player)
        is_right = same_gradient(gradient, setting.expected)

        def differs(**changed: tf.Tensor) -> bool:
            return not same_gradient(setting.run(update, **changed)[0].flat(self.player), gradient)

        repeats = is_right or not differs()
        others = {} if is_right or not repeats else setting.others
        return Outcome(
            player=self.player,
            moved={name: first.share_moved(name) for name in setting.networks},
            gradient=gradient,
            expected=setting.expected,
            mistakes={} if is_right else setting.mistakes,
            updates=first.updates,
            loss=setting.loss_before,
            returned=as_number(returned),
            ignored=tuple(name for name, other in others.items() if not differs(**{name: other})),
            repeats=repeats,
        )

    @cached_property
    def _setting(self) -> "_Setting":
        return _Setting(self)


def discriminator_update(loss: str = "hinge", **shapes) -> UpdateTrial:
    """A trial of update(generator, discriminator, optimizer, real, latents[, labels]).

    shapes: `image_shape`, `latent_size`, `num_classes`
    """
    return UpdateTrial("discriminator", loss, **shapes)


def generator_update(loss: str = "hinge", **shapes) -> UpdateTrial:
    """A trial of update(generator, discriminator, optimizer, latents[, labels]); see above."""
    return UpdateTrial("generator", loss, **shapes)


class _Changes(NamedTuple):  # what one call subtracted from each array of trained weights
    arrays: dict[str, list[np.ndarray]]
    updates: int

    def flat(self, network: str) -> np.ndarray:
        return np.concatenate([array.ravel() for array in self.arrays[network]])

    def share_moved(self, network: str) -> float:
        return float(np.mean([np.any(array) for array in self.arrays[network]]))


class _Setting:
    """Small networks, inputs for them, and gradients: of the right loss and of known mistakes."""

    def __init__(self, trial: UpdateTrial):
        self.trial = trial
        state = random.getstate()  # Keras draws its layers' seeds from it
        try:
            self.networks = _small_networks(trial)
        finally:
            random.setstate(state)
        rng = np.random.default_rng(_SEED)
        for network in self.networks.values():
            for variable in network.variables:
                variable.assign(_values(variable, rng))
        # With a rate of 1 and no memory, the optimizer subtracts the gradient itself.
        self.optimizer = keras.optimizers.SGD(1.0)
        self.optimizer.build([one for found in self._trained().values() for one in found])
        self.start = {name: network.get_weights() for name, network in self.networks.items()}
        self.inputs, self.others = (_inputs(trial, rng) for _ in range(2))
        changes, loss = self.run(self._reference)
        self.expected, self.loss_before = changes.flat(trial.player), float(loss)

    @cached_property
    def mistakes(self) -> dict[str, np.ndarray]:
        return _mistakes(self)

    def run(self, update: Callable, **changed: tf.Tensor) -> tuple[_Changes, Any]:
        """What a call changes, and what it returns; the networks are as before afterwards."""
        trained = self._trained()
        self.optimizer.iterations.assign(0)
        self.optimizer.learning_rate = 1.0
        before = {name: [one.numpy() for one in found] for name, found in trained.items()}
        try:
            inputs = self.inputs | changed
            returned = update(*self.networks.values(), self.optimizer, *inputs.values())
            arrays = {
                name: [old - new.numpy() for old, new in zip(before[name], found, strict=True)]
                for name, found in trained.items()
            }
        finally:
            for name, network in self.networks.items():
                network.trainable = True
                network.set_weights(self.start[name])
        return _Changes(arrays, int(self.optimizer.iterations.numpy())), returned

    def _trained(self) -> dict[str, list]:
        return {name: network.trainable_variables for name, network in self.networks.items()}

    def _reference(self, *arguments):
        update = getattr(updates, f"update_{self.trial.player}")
        return update(*arguments, loss=self.trial.loss)

    def gradient(self, loss: Callable, **how) -> np.ndarray:
        """The gradient, (k,), of loss(real_logits, fake_logits) for the player's weights."""
        with tf.GradientTape() as tape:
            value = loss(*self._logits(**how))
        variables = self.networks[self.trial.player].trainable_variables
        found = tape.gradient(value, variables, unconnected_gradients="zero")
        for name, network in self.networks.items():  # the running averages have moved
            network.set_weights(self.start[name])
        return np.concatenate([one.numpy().ravel() for one in found])

    def _logits(self, generating=True, judging=True, together=False, unlabeled=""):
        """Logits of real and generated images; `together` puts both through D in one call.

        unlabeled: what goes without labels, such as "generator" or "real, generated"
        """
        generator, discriminator = self.networks.values()
        labels = self.inputs.get("labels")

        def told(what):  # the row of class -1 is all zeros
            return labels if what not in unlabeled else 0 * labels - 1

        made = updates.with_classes(generator, self.inputs["latents"], told("generator"))
        fake = generator(made, training=generating)
        real = self.inputs.get("real", tf.zeros_like(fake))

        def judge(images, labels):
            inputs = updates.with_classes(discriminator, images, labels)
            return discriminator(inputs, training=judging)

        if not together:
            return judge(real, told("real")), judge(fake, told("generated"))
        twice = None if labels is None else tf.concat([labels, labels], 0)
        return tf.split(judge(tf.concat([real, fake], 0), twice), 2)


def _mistakes(setting: _Setting) -> dict[str, np.ndarray]:
    """Gradients of what learners write instead of the right loss."""
    name, stop = setting.trial.loss, tf.stop_gradient
    right = gan_losses.gan_loss(name)
    others = [gan_losses.gan_loss(other) for other in LOSSES if other != name]
    if setting.trial.player == "generator":
        losses = {"the discriminator's loss": lambda real, fake: right.discriminator(fake, fake)}
        losses |= {
            "the discriminator's part": lambda real, fake: right.discriminator(stop(fake), fake),
            "the other target": lambda real, fake: right.discriminator(fake, stop(fake)),
        }
        losses |= {one.name: lambda real, fake, one=one: one.generator(fake) for one in others}

        def wanted(real, fake):
            return right.generator(fake)
    else:
        losses = {
            "no generated images": lambda real, fake: right.discriminator(real, stop(fake)),
            "no real images": lambda real, fake: right.discriminator(stop(real), fake),
            "swapped": lambda real, fake: right.discriminator(fake, real),
            "the generator's loss": lambda real, fake: right.generator(fake),
        }
        if name == "hinge":
            losses["no margin"] = lambda real, fake: tf.reduce_mean(fake - real)
        losses |= {
            one.name: lambda real, fake, one=one: one.discriminator(real, fake) for one in others
        }
        wanted = right.discriminator
    found = {
        "sign": -setting.expected,
        "half": setting.expected / 2,
        "twice": setting.expected * 2,
        "sum": setting.expected * _COUNT,
    }
    found |= {key: setting.gradient(loss) for key, loss in losses.items()}
    found |= {
        "generator in inference": setting.gradient(wanted, generating=False),
        "discriminator in inference": setting.gradient(wanted, judging=False),
        "both in inference": setting.gradient(wanted, generating=False, judging=False),
    }
    if "real" in setting.inputs:
        together = setting.gradient(wanted, together=True)
        found |= {"one call": together, "half, one call": together / 2}
    if "labels" in setting.inputs:
        kinds = ["generator", "generated"]
        kinds += ["real", "real, generated"] if "real" in setting.inputs else []
        found |= {f"unlabeled: {one}": setting.gradient(wanted, unlabeled=one) for one in kinds}
    # What equals the right gradient, for this loss and player, is no mistake.
    return {key: one for key, one in found.items() if not same_gradient(one, setting.expected)}


def _small_networks(trial: UpdateTrial) -> dict[str, keras.Model]:
    shape, latents, classes = trial.image_shape, trial.latent_size, trial.num_classes
    if len(shape) == 1:
        generator = networks.dense_generator(latents, shape[0], _DENSE_WIDTHS)
        judge = networks.dense_discriminator(shape[0], _DENSE_WIDTHS)
        return {"generator": generator, "discriminator": judge}
    if classes is None:
        generator = networks.generator(shape, latents, _WIDTH)
        return {"generator": generator, "discriminator": networks.discriminator(shape, _WIDTH)}
    return {
        "generator": networks.conditional_generator(shape, latents, classes, _WIDTH),
        "discriminator": networks.projection_discriminator(shape, classes, _WIDTH),
    }


def _values(variable, rng: np.random.Generator) -> np.ndarray:
    """Weights that give logits on both sides of the hinge's margins, and no two alike."""
    shape, normal = variable.shape, rng.standard_normal(variable.shape)
    if variable.name == "moving_variance":
        return np.exp(0.5 * normal)
    if variable.name == "gamma":
        return 1 + 0.3 * normal
    if len(shape) < 2:  # biases, beta, running means
        return 0.3 * normal
    # A table with a row a class is multiplied from its other side.
    inputs = shape[-1] if "embedding" in variable.path else np.prod(shape[:-1])
    return 1.5 * normal / np.sqrt(inputs)


def _inputs(trial: UpdateTrial, rng: np.random.Generator) -> dict[str, tf.Tensor]:
    """What an update gets behind networks and optimizer, in this order."""
    found = {}
    if trial.player == "discriminator":
        real = np.tanh(rng.standard_normal((_COUNT, *trial.image_shape)))
        found["real"] = tf.constant(real, tf.float32)
    latents = rng.standard_normal((_COUNT, trial.latent_size))
    found["latents"] = tf.constant(latents, tf.float32)
    if trial.num_classes is not None:
        labels = (np.arange(_COUNT) + rng.integers(trial.num_classes)) % trial.num_classes
        found["labels"] = tf.constant(labels, tf.int32)
    return found
