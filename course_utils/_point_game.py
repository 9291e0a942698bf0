"""A GAN on points in the plane that is played one update at a time, and what there is to see of it.

The networks and losses are the course's own. Nothing is drawn here; learners meet the game through
`widgets.gan_stepper`.
"""

from dataclasses import dataclass

import numpy as np

from course_utils import data, losses, networks
from course_utils._tensorflow import keras, tf

TARGETS = tuple(data.TOY_NOISE)
TARGETS_WITH_MODES = ("ring", "grid")
LOSSES = tuple(losses.GAN_LOSSES)
PROBABILITY_LOSSES = ("minimax", "non_saturating")  # σ(logit) is the probability of "real"
LATENT_SIZE = 2
BATCH_SIZE = 128
NUM_SHOWN = 512  # real points, and generated points, in a `View`
VIEW_LIMIT = 1.7  # the picture shows the plane from minus this to this, both ways
GRID_SIDE = 56  # places along each side at which the discriminator's surface is computed
COVERED_SHARE = 0.25  # of the points that a mode would get if all modes got equally many

_POOL_SIZE = 20_000
_REAL, _DISCRIMINATOR_LATENTS, _GENERATOR_LATENTS, _SHOWN_LATENTS = range(4)  # streams of a seed


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


# ---- pure functions ------------------------------------------------------------------------------


def modes_covered(points: np.ndarray, modes: np.ndarray, radius: float, at_least: int) -> int:
    """How many of the modes (m, 2) have `at_least` of the points (n, 2) within `radius`.

    >>> modes_covered(np.array([[0, 0], [0.1, 0], [5, 5]]), np.array([[0, 0], [5, 5]]), 0.2, 2)
    1
    """
    points, modes = np.asarray(points, dtype=float), np.asarray(modes, dtype=float)
    if points.ndim != 2 or modes.ndim != 2 or points.shape[1] != 2 or modes.shape[1] != 2:
        raise ValueError(
            f"The points have shape {points.shape}, the modes {modes.shape}; "
            "give (n, 2) and (m, 2)."
        )
    if not radius > 0 or at_least < 1:
        raise ValueError(
            f"The radius is {radius}, at_least is {at_least}; give more than 0 and 1 or more."
        )
    distances = np.linalg.norm(points[:, np.newaxis] - modes, axis=2)
    return int(((distances <= radius).sum(axis=0) >= at_least).sum())


def coverage_rule(target: str, n: int) -> tuple[float, int]:
    """The radius and the smallest number of n points by which a mode of the target is covered.

    The radius is three standard deviations of the noise around a mode, which 99 % of the real
    points keep to; the number is a quarter of an equal share.

    >>> coverage_rule("ring", 512)
    (0.15, 16)
    """
    modes = data.toy_modes(target)
    return round(3 * data.TOY_NOISE[target], 6), max(1, round(COVERED_SHARE * n / len(modes)))


def on_target_share(points: np.ndarray, target: str, real: np.ndarray) -> float:
    """Share of the points (n, 2) that lie as close to the target as nearly all real points do.

    Where the target has modes: within the radius of `coverage_rule` from the center of one. Where
    it has none: within two standard deviations of its noise from one of the real points (m, 2).

    >>> on_target_share(np.array([[1.0, 0.1], [0.0, 0.0]]), "ring", np.empty((0, 2)))
    0.5
    """
    if target in TARGETS_WITH_MODES:
        places, radius = data.toy_modes(target), coverage_rule(target, len(points))[0]
    else:
        places, radius = real, 2 * data.TOY_NOISE[target]
    # One coordinate after the other: several times as quick as a product of matrices this thin.
    squares = sum((points[:, [axis]] - places[:, axis]) ** 2 for axis in (0, 1))
    return float((squares.min(axis=1) <= radius**2).mean())


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


def shown_value(logits, loss: str):
    """What D says at these logits: the probability σ(logit) where there is one, else the logit.

    >>> float(shown_value(np.array(0.0), "minimax")), float(shown_value(np.array(0.0), "hinge"))
    (0.5, 0.0)
    """
    logits = np.asarray(logits)
    # The same function as 1 / (1 + exp(-logit)), without overflow at either end.
    return (1 + np.tanh(logits / 2)) / 2 if loss in PROBABILITY_LOSSES else logits


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
        losses.gan_loss(loss)  # refuses an unknown name
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
        rng = self._rng(_REAL, step)
        real = self._pool[rng.integers(_POOL_SIZE, size=BATCH_SIZE)]
        latents = self._latents(_DISCRIMINATOR_LATENTS, step)
        loss = self._discriminator_graph(real, latents, self._loss_index(), _rate(learning_rate))
        self.discriminator_updates += 1
        return _finite(loss, "discriminator", step + 1)

    def update_generator(self, learning_rate: float) -> float:
        """One update of the generator alone, on fresh latents; returns its loss."""
        step = self.generator_updates
        latents = self._latents(_GENERATOR_LATENTS, step)
        loss = self._generator_graph(latents, self._loss_index(), _rate(learning_rate))
        self.generator_updates += 1
        return _finite(loss, "generator", step + 1)

    def view(self) -> View:
        """What there is to see now; changes nothing."""
        real = self._pool[:NUM_SHOWN]
        latents = self._latents(_SHOWN_LATENTS, 0, NUM_SHOWN)
        seen = self._view_graph(real, latents, grid_places(), self._loss_index())
        generated, arrows, grid, on_real, on_generated = (array.numpy() for array in seen)
        if not all(np.isfinite(array).all() for array in (generated, arrows, grid)):
            raise FloatingPointError(_broken("The generated points or the logits", "not finite"))
        covered, modes = 0, np.empty((0, 2))
        if self.target in TARGETS_WITH_MODES:
            modes = data.toy_modes(self.target)
            covered = modes_covered(generated, modes, *coverage_rule(self.target, NUM_SHOWN))
        return View(
            target=self.target,
            loss=self.loss,
            seed=self.seed,
            discriminator_updates=self.discriminator_updates,
            generator_updates=self.generator_updates,
            real=real,
            generated=generated,
            arrows=arrows,
            surface=shown_value(grid, self.loss).reshape(GRID_SIDE, GRID_SIDE),
            real_value=float(shown_value(on_real, self.loss).mean()),
            generated_value=float(shown_value(on_generated, self.loss).mean()),
            on_target=on_target_share(generated, self.target, self._pool[:1000]),
            covered=covered,
            modes=len(modes),
        )

    def _rng(self, stream: int, step: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, stream, step])

    def _latents(self, stream: int, step: int, n: int = BATCH_SIZE) -> np.ndarray:
        return self._rng(stream, step).standard_normal((n, LATENT_SIZE), dtype=np.float32)

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
        lambda name=name: getattr(losses.GAN_LOSSES[name], player)(*logits) for name in LOSSES
    ]
    return tf.switch_case(loss_index, branches)


def _rate(learning_rate: float):
    if not 0 <= learning_rate <= 1:
        raise ValueError(f"The learning rate is {learning_rate}; give a number from 0 to 1.")
    return tf.constant(learning_rate, tf.float32)


def _finite(loss, player: str, update: int) -> float:
    loss = float(loss)
    if not np.isfinite(loss):
        raise FloatingPointError(_broken(f"The {player}'s loss at update {update:,}", str(loss)))
    return loss


def _broken(what: str, state: str) -> str:
    return f"{what} became {state}; choose smaller learning rates and press Reset."
