"""A GAN on points in the plane that is played one update at a time, and what there is to see of it.

The networks and losses are the course's own. Nothing is drawn here; learners meet the game through
`stepper.gan_stepper`.
"""

from dataclasses import dataclass

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_name, check_real
from course_utils.base.backend import keras, tf
from course_utils.metrics import modes
from course_utils.models import gan_losses, networks

TARGETS = tuple(data.TOYS)
# Nothing limits the discriminator's slope here, so a loss without a lower bound is not offered.
LOSSES = tuple(name for name, loss in gan_losses.GAN_LOSSES.items() if loss.bounded)
LATENT_SIZE = 2
BATCH_SIZE = 128
NUM_SHOWN = 512  # real points, and generated points, in a `View`
VIEW_LIMIT = 1.7  # the picture shows the plane from minus this to this, both ways
GRID_SIDE = 56  # places along each side at which the discriminator's surface is computed
REAL, DISCRIMINATOR_LATENTS, GENERATOR_LATENTS, SHOWN_LATENTS = range(4)  # streams of a seed

_POOL_SIZE = 20_000


@dataclass(frozen=True)
class View:
    """All that the picture of a game shows, as NumPy arrays and numbers.

    real, generated: points, float32 (NUM_SHOWN, 2)
    arrows: minus the gradient of the generator's loss by each generated point, (NUM_SHOWN, 2)
    surface: D at a grid of places, (GRID_SIDE, GRID_SIDE), lowest row first: the probability of
        "real" where the loss has one, the plain logit where it has none
    real_value, generated_value: the mean of the same D over the real and the generated points
    on_target: share of the generated points that lie as close to the target as real points do
    covered, modes: how many of the target's modes are covered; 0 of 0 where it has none
    """

    target: str
    loss: str
    seed: int
    discriminator_updates: int
    generator_updates: int
    real: np.ndarray
    generated: np.ndarray
    arrows: np.ndarray
    surface: np.ndarray
    real_value: float
    generated_value: float
    on_target: float
    covered: int
    modes: int


def initial_weights(shapes, seed: int, network: int) -> list[np.ndarray]:
    """Weights of a dense network: kernels by Glorot and Bengio (2010), biases 0.

    network: a number that tells apart the networks that start from one seed.
    """
    rng = np.random.default_rng([seed, network])
    weights = []
    for shape in shapes:
        limit = np.sqrt(6 / sum(shape)) if len(shape) == 2 else 0.0
        weights.append(rng.uniform(-limit, limit, shape).astype(np.float32))
    return weights


def grid_places() -> np.ndarray:
    """The places (GRID_SIDE**2, 2) of the surface: x runs fastest, y from below."""
    steps = np.linspace(-VIEW_LIMIT, VIEW_LIMIT, GRID_SIDE, dtype=np.float32)
    return np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)


# ---- the game ------------------------------------------------------------------------------------


class PointGame:
    """Two dense networks, `generator` and `discriminator`, and one update of either at a time.

    Everything random derives from the seed and the number of updates: the same updates lead to the
    same points. The graphs are traced once, for all losses.
    """

    def __init__(self, widths: tuple[int, ...] = (64, 64)):
        self.generator = networks.dense_generator(LATENT_SIZE, 2, widths)
        self.discriminator = networks.dense_discriminator(2, widths)
        self._optimizers = [keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99) for _ in range(2)]
        for optimizer, network in zip(self._optimizers, self._networks(), strict=True):
            optimizer.build(network.trainable_variables)
        self._discriminator_graph = tf.function(self._discriminator_update)
        self._generator_graph = tf.function(self._generator_update)
        self._view_graph = tf.function(self._view)
        self.start()

    def _networks(self):
        return self.generator, self.discriminator

    def start(self, target: str = "ring", loss: str = "non_saturating", seed: int = 0) -> None:
        """Begin a new game: other data, other loss, fresh weights and optimizers."""
        check_name("GAN loss", loss, LOSSES)
        self._pool = data.toy(target, _POOL_SIZE, seed)
        self.target, self.loss, self.seed = target, loss, int(seed)
        self.discriminator_updates = self.generator_updates = 0
        for number, network in enumerate(self._networks()):
            shapes = [tuple(weight.shape) for weight in network.weights]
            network.set_weights(initial_weights(shapes, self.seed, number))
            for variable in self._optimizers[number].variables:
                variable.assign(tf.zeros_like(variable))

    def update_discriminator(self, learning_rate: float) -> float:
        """One update of the discriminator alone, on real and generated points; returns its loss."""
        step = self.discriminator_updates
        rng = self._rng(REAL, step)
        real = self._pool[rng.integers(_POOL_SIZE, size=BATCH_SIZE)]
        latents = self.latents(DISCRIMINATOR_LATENTS, step)
        loss = self._discriminator_graph(real, latents, self._loss_index(), _rate(learning_rate))
        self.discriminator_updates += 1
        return _finite(loss, "discriminator", step + 1)

    def update_generator(self, learning_rate: float) -> float:
        """One update of the generator alone, on fresh latents; returns its loss."""
        step = self.generator_updates
        latents = self.latents(GENERATOR_LATENTS, step)
        loss = self._generator_graph(latents, self._loss_index(), _rate(learning_rate))
        self.generator_updates += 1
        return _finite(loss, "generator", step + 1)

    def view(self) -> View:
        """What there is to see now; changes nothing."""
        real = self._pool[:NUM_SHOWN]
        latents = self.latents(SHOWN_LATENTS, 0, NUM_SHOWN)
        seen = self._view_graph(real, latents, grid_places(), self._loss_index())
        generated, arrows, grid, on_real, on_generated = (array.numpy() for array in seen)
        if not all(np.isfinite(array).all() for array in (generated, arrows, grid)):
            raise FloatingPointError(_broken("The generated points or the logits", "not finite"))
        covered, centers = 0, data.TOYS[self.target].modes
        if centers is not None:
            rule = modes.coverage_rule(self.target, NUM_SHOWN)
            covered = modes.modes_covered(generated, centers, *rule)
        shown = gan_losses.gan_loss(self.loss).shown
        return View(
            target=self.target,
            loss=self.loss,
            seed=self.seed,
            discriminator_updates=self.discriminator_updates,
            generator_updates=self.generator_updates,
            real=real,
            generated=generated,
            arrows=arrows,
            surface=shown(grid).reshape(GRID_SIDE, GRID_SIDE),
            real_value=float(shown(on_real).mean()),
            generated_value=float(shown(on_generated).mean()),
            on_target=modes.on_target_share(generated, self.target, self._pool[:1000]),
            covered=covered,
            modes=0 if centers is None else len(centers),
        )

    def latents(self, stream: int, step: int, n: int = BATCH_SIZE) -> np.ndarray:
        """Latents (n, LATENT_SIZE) of one of the seed's streams, at a step of its player."""
        return self._rng(stream, step).standard_normal((n, LATENT_SIZE), dtype=np.float32)

    def _rng(self, stream: int, step: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, stream, step])

    def _loss_index(self):
        return tf.constant(LOSSES.index(self.loss))

    # What follows is traced: tensors in, tensors out.

    def _discriminator_update(self, real, latents, loss_index, learning_rate):
        fake = self.generator(latents)
        with tf.GradientTape() as tape:
            real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
            loss = _choose(loss_index, "discriminator", real_logits, fake_logits)
        self._apply(1, tape, loss, learning_rate)
        return loss

    def _generator_update(self, latents, loss_index, learning_rate):
        with tf.GradientTape() as tape:
            fake_logits = self.discriminator(self.generator(latents))
            loss = _choose(loss_index, "generator", fake_logits)
        self._apply(0, tape, loss, learning_rate)
        return loss

    def _apply(self, index, tape, loss, learning_rate):
        optimizer, variables = self._optimizers[index], self._networks()[index].trainable_variables
        optimizer.learning_rate.assign(learning_rate)
        optimizer.apply(tape.gradient(loss, variables), variables)

    def _view(self, real, latents, grid, loss_index):
        generated = self.generator(latents)
        with tf.GradientTape() as tape:
            tape.watch(generated)
            fake_logits = self.discriminator(generated)
            loss = _choose(loss_index, "generator", fake_logits)
        # The loss is a mean; times n it is the gradient of each point's own loss.
        arrows = -NUM_SHOWN * tape.gradient(loss, generated)
        return generated, arrows, self.discriminator(grid), self.discriminator(real), fake_logits


def _choose(loss_index, player: str, *logits):
    """The loss of one player, by its number in LOSSES, inside one graph."""
    branches = [
        lambda name=name: getattr(gan_losses.GAN_LOSSES[name], player)(*logits) for name in LOSSES
    ]
    return tf.switch_case(loss_index, branches)


def _rate(learning_rate: float):
    return tf.constant(check_real("The learning rate", learning_rate, 0, 1), tf.float32)


def _finite(loss, player: str, update: int) -> float:
    loss = float(loss)
    if not np.isfinite(loss):
        raise FloatingPointError(_broken(f"The {player}'s loss at update {update:,}", str(loss)))
    return loss


def _broken(what: str, state: str) -> str:
    return f"{what} became {state}; choose smaller learning rates and press Reset."
