"""Flow matching on the course's one interface: compile, fit, sample, generate, and what only flows
have: `paths` and `stages`, all that a sample goes through, and `to_noise`, the way back.

The network is in `flow_networks`, the formulas in `flow_paths`, the solvers in `flow_solvers`.
Lesson 15 derives and writes by hand what is here.
"""

from collections.abc import Iterator

import numpy as np

from course_utils.base.arguments import check_real
from course_utils.base.backend import keras, tf
from course_utils.models import averages, flow_networks, flow_paths, flow_solvers
from course_utils.models.classes import check_labeled, class_shares
from course_utils.models.guided_field import GUIDED_TIMES, GuidedField, Interval
from course_utils.models.interface import apply_gradients, check_has_shapes, unused_optimizer
from course_utils.models.latent_model import LatentModel
from course_utils.models.latent_space import check_latents, draw_latents

LATEST = 0.95  # of the times in training: the guess of a clean image is divided by 1 - t
TIME_LOGITS = -0.8, 0.8  # mean and deviation, for images: most times are nearer to noise
CROWDING = 1.25  # of the steps to images, as in `flow_solvers.stage_times`


class FlowMatching(LatentModel):
    """A network that turns noise into images, or points, along straight paths in many small steps.

    It learns the velocity x - e at x_t = t x + (1 - t) e, for data x and noise e (conditional flow
    matching, Lipman et al. 2023, equation 14; the paths are those of Liu et al. 2023). What it says
    of an image is the guess of the clean one (Li and He 2025), of a point the velocity itself.

    image_shape: such as (28, 28, 1), or (2,) for points; a latent is noise of that shape.
    num_classes: tell the network the class; labels are whole numbers (n,) from 0 on. In training
        one label in ten is left out, so that it also knows images of no class: `guidance` compares.
    network: [points, times (n, 1)], and classes (n, num_classes) where there are any -> the guess,
        instead of the course's network. What else it returns are rough guesses of the clean image,
        such as those of `flow_networks.image_network`, which it learns as well.
    """

    def __init__(
        self,
        image_shape: tuple[int, ...] = (28, 28, 1),
        num_classes: int | None = None,
        *,
        network: keras.Model | None = None,
        seed: int | None = None,
        name: str = "flow_matching",
    ):
        super().__init__(name=name)
        self.network = network or flow_networks.flow_network(image_shape, num_classes)
        check_has_shapes(self.network)
        self.num_classes = num_classes
        self.image_shape = self.latent_shape = tuple(image_shape)
        flow_networks.check_inputs(self.network, [self.image_shape, (1,), *self._told_shapes()])
        self.average = averages.copy_of(self.network)
        self._add_seed(seed)
        self._mean = keras.metrics.Mean(name="loss")
        self._crowding = CROWDING if self._makes_images else 1.0
        size = sum(one.shape[1] for one in self._sampler.inputs[2:])  # of one condition
        self._field = GuidedField(self._velocity, self.image_shape, size, self._makes_images)

    def compile(
        self,
        *,
        optimizer: keras.optimizers.Optimizer | str | None = None,
        average_decay: float = 0.998,
        unlabeled_share: float = 0.1,
        **keras_arguments,
    ):
        """Choose how the network is trained.

        optimizer: by default Adam(2e-3, beta_2=0.99), gradients clipped to the norm 1
        average_decay: as for `GAN.compile`; samples come from the average
        unlabeled_share: of the labels, left out in training (Ho and Salimans 2022)
        keras_arguments: what `keras.Model.compile` takes besides, such as `run_eagerly`
        """
        self.average_decay = averages.check_decay(average_decay)
        self.unlabeled_share = check_real("unlabeled_share", unlabeled_share, 0, 1)
        optimizer = optimizer or keras.optimizers.Adam(2e-3, beta_2=0.99, global_clipnorm=1.0)
        optimizer = unused_optimizer(optimizer, getattr(self, "optimizer", None))
        super().compile(optimizer=optimizer, **{"jit_compile": False, **keras_arguments})
        # An optimizer without variables would silently be left out of a checkpoint.
        self.optimizer.build(self.network.trainable_variables)

    # ---- training --------------------------------------------------------------------------------

    def train_step(self, batch):
        """One step down the flow matching loss; returns the running mean that `fit` shows."""
        with tf.GradientTape() as tape:
            loss = self._loss(batch, "training", self.network, training=True)
        apply_gradients(self.optimizer, tape, loss, self.network)
        averages.update(self.average, self.network, self.average_decay, self.optimizer.iterations)
        self._mean.update_state(loss)
        return {"loss": self._mean.result()}

    def test_step(self, batch):
        """The same loss for images that are not trained on, of the average."""
        self._mean.update_state(self._loss(batch, "validation", self.average, training=False))
        return {"loss": self._mean.result()}

    def _loss(self, batch, purpose, network, training):
        """Mean square error of the velocity, at a random time and with random noise for each.

        Of images, (x̂ - x) / (1 - t) is the error of the velocity for a guess x̂; the square of a
        rough guess is divided by 1 - t once only, or late times would be all that it learns.
        """
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(batch)
        images = self._to_network(images)
        count = tf.shape(images)[0]
        noise = self._draw_latents(count, f"{purpose} noise")
        times = self._draw_times(count, f"{purpose} times")
        points = flow_paths.between(images, noise, self._spread(times))
        told = self._told(labels, count, purpose)
        guess, *rough = keras.tree.flatten(network([points, times, *told], training=training))
        if not self._makes_images:
            return tf.reduce_mean((guess - (images - noise)) ** 2)
        rest = 1 - self._spread(times)
        loss = tf.reduce_mean(((guess - images) / rest) ** 2)
        return loss + sum(tf.reduce_mean((one - images) ** 2 / rest) for one in rough)

    def _told_shapes(self) -> list[tuple[int, ...]]:
        return [(self.num_classes,)] if self.num_classes else []

    def _told(self, labels, count, purpose) -> list:
        """What the network is told in training: classes one-hot, some of them left out."""
        if not self.num_classes:
            return []
        chance = tf.random.stateless_uniform((count, 1), self._step_seed(f"{purpose} labels"))
        is_told = tf.cast(chance >= self.unlabeled_share, tf.float32)
        return [is_told * tf.one_hot(labels, self.num_classes)]

    @property
    def _sampler(self) -> keras.Model:
        """[points, times], and rows of conditions if there are any, to a guess."""
        return self.average

    def _draw_times(self, count, purpose):
        """Times (count, 1): normal logits for images (Esser et al. 2024, eq. 19), else uniform."""
        seed = self._step_seed(purpose)
        if not self._makes_images:
            return tf.random.stateless_uniform((count, 1), seed)
        logits = tf.random.stateless_normal((count, 1), seed, *TIME_LOGITS)
        return tf.minimum(tf.sigmoid(logits), LATEST)

    def _velocity(self, points, times, conditions):
        """What the average says of points (n, *image_shape) at times (n, 1)."""
        inputs = [points, times, *([conditions] if conditions.shape[1] else [])]
        guess, *_ = keras.tree.flatten(self._sampler(inputs, training=False))
        if not self._makes_images:
            return guess
        return flow_paths.readings("clean", guess, points, self._spread(times)).velocity

    def _spread(self, times):
        """Times (n, 1) with as many axes as the images."""
        return tf.reshape(times, (-1, *(1 for _ in self.image_shape)))

    def _as_dataset(self, x, y, batch_size, shuffle=True):
        if self.num_classes:
            check_labeled(x, y, self.num_classes, all_there=shuffle)
        return super()._as_dataset(x, y, batch_size, shuffle)

    # ---- generation ------------------------------------------------------------------------------

    def sample(
        self,
        n: int,
        seed: int | None = None,
        *,
        num_steps: int = 16,
        solver: str = "adams",
        labels=None,
        guidance: float = 1.0,
        guided: Interval = GUIDED_TIMES,
    ) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed.

        num_steps, solver: as in `flow_solvers.stages`; a step of "euler" or "adams" is one call
        labels: one class for all, one for each (n,), or shares of classes (n, num_classes); without
            labels the classes take turns: 0, 1, 2, ...
        guidance: how far from the image of no class towards the class's: 1 is the class as it was
            learned, more exaggerates it, 0 is no class; all this only while guidance is on, and
            numbers other than 1 then call the network for twice as many images
        guided: the times from and to which guidance is on; (0, 1) is all the way
        """
        latents = draw_latents(n, self.latent_shape, seed)
        if labels is None and self.num_classes:
            labels = np.arange(n) % self.num_classes
        return self.generate(
            latents, labels, num_steps=num_steps, solver=solver, guidance=guidance, guided=guided
        )

    def generate(
        self,
        latents,
        labels=None,
        *,
        num_steps: int = 16,
        solver: str = "adams",
        guidance: float = 1.0,
        guided: Interval = GUIDED_TIMES,
    ) -> np.ndarray:
        """Images, float32 (n, *image_shape) in [0, 1], of noise (n, *image_shape); see `sample`."""
        latents = check_latents(latents, self.latent_shape)

        def make(points, classes):
            field = self._field.given(classes, guidance, guided)
            return self._to_pixels(self._follow(field, points, num_steps, solver))

        return self._in_chunks(make, latents, self._shares(labels, len(latents)))

    def paths(self, latents, labels=None, **settings) -> np.ndarray:
        """All stages from noise to images, float32 (num_steps + 1, n, *image_shape); see `sample`.

        At `stage_times`, in the networks' range, [-1, 1] for images; a stage is not cut off there.
        """
        return np.stack([one.numpy() for one in self._stages(latents, labels, **settings)])

    def stages(self, latents, labels=None, **settings) -> Iterator[np.ndarray]:
        """The stages of `paths` as images in [0, 1], each once it is known; last `generate`'s."""
        return (self._to_pixels(one).numpy() for one in self._stages(latents, labels, **settings))

    def _stages(
        self, latents, labels, num_steps=16, solver="adams", guidance=1.0, guided=GUIDED_TIMES
    ):
        latents = check_latents(latents, self.latent_shape)
        field = self._field.given(self._shares(labels, len(latents)), guidance, guided)
        return self._follow(field, latents, num_steps, solver, way=flow_solvers.stages)

    def to_noise(
        self, images, labels=None, *, num_steps: int = 16, solver: str = "adams"
    ) -> np.ndarray:
        """The latents that `generate` makes these images of, nearly: the way backwards in time."""
        points = np.asarray(self._to_network(self._checked(images)))

        def make(points, classes):
            field = self._field.given(classes)
            return self._follow(field, points, num_steps, solver, backwards=True)

        return self._in_chunks(make, points, self._shares(labels, len(points)))

    def velocity(
        self,
        points,
        time: float,
        labels=None,
        *,
        guidance: float = 1.0,
        guided: Interval = GUIDED_TIMES,
    ) -> np.ndarray:
        """What the solvers follow: float32 (n, *image_shape) at points of that shape, and a time.

        In the networks' range; labels, guidance and guided are as for `generate`.
        """
        points = check_latents(points, self.latent_shape)
        field = self._field.given(self._shares(labels, len(points)), guidance, guided)
        return np.asarray(field(tf.constant(points), check_real("time", time, 0, 1)))

    def stage_times(self, num_steps: int) -> np.ndarray:
        """The times (num_steps + 1,) of the stages of `paths`: of images the last are closer."""
        return flow_solvers.stage_times(num_steps, self._crowding)

    def num_calls(
        self,
        num_steps: int = 16,
        solver: str = "adams",
        guidance: float = 1.0,
        guided: Interval = GUIDED_TIMES,
    ) -> int:
        """How often the network is called for one image; where guidance is on, a call counts 2."""
        is_guided, calls = self._field.rule(guidance, guided), []

        def count(points, time):
            calls.append(2 if is_guided(time) else 1)
            return points

        self._follow(count, np.zeros(1, np.float32), num_steps, solver)
        return sum(calls)

    def _follow(self, field, points, num_steps, solver, way=flow_solvers.solve, backwards=False):
        settings = {"crowding": self._crowding, "backwards": backwards}
        return way(field, tf.constant(points), num_steps, solver, **settings)

    def _shares(self, labels, n: int) -> np.ndarray:
        """Rows of classes (n, num_classes), or (n, 0) without classes."""
        if self.num_classes and labels is not None:
            return class_shares(labels, n, self.num_classes)
        if self.num_classes:
            raise ValueError(
                "This model knows classes; say with labels which to draw, one for all or one each."
            )
        if labels is not None:
            raise ValueError(
                "This model was made without num_classes, so it knows no labels; leave them out."
            )
        return np.zeros((n, 0), np.float32)

    def call(self, inputs, training=False):
        """The network's own guess, of [points, times, classes]."""
        return self.network(inputs, training=training)
