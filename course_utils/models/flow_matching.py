"""Flow matching on the course's one interface: compile, fit, sample, generate, and what only flows
have: `paths`, all stages of a sample, and `to_noise`, the way back.

The network is in `flow_networks`, the formulas in `flow_paths`, the solvers in `flow_solvers`.
Lesson 15 derives and writes by hand what is here.
"""

import numpy as np

from course_utils.base.arguments import check_real
from course_utils.base.backend import keras, tf
from course_utils.models import averages, flow_networks, flow_paths, flow_solvers
from course_utils.models.classes import check_labeled, class_shares
from course_utils.models.interface import apply_gradients, check_has_shapes, unused_optimizer
from course_utils.models.latent_model import LatentModel
from course_utils.models.latent_space import check_latents, draw_latents

LATEST = 0.95  # of the times in training: the guess of a clean image is divided by 1 - t
TIME_LOGITS = -0.8, 0.8  # mean and deviation, for images: most times are nearer to noise


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
        if network is not None:
            check_has_shapes(network)
        self.network = network or flow_networks.flow_network(image_shape, num_classes)
        shapes = [tuple(one.shape[1:]) for one in self.network.inputs]
        wanted = [tuple(image_shape), (1,), *([(num_classes,)] if num_classes else [])]
        made = {tuple(one.shape[1:]) for one in self.network.outputs}
        if shapes != wanted or made != {wanted[0]}:
            raise ValueError(
                f"The network has inputs {shapes} and makes {', '.join(map(str, made))}; this "
                f"model needs {wanted} and {wanted[0]}."
            )
        self.image_shape = self.latent_shape = wanted[0]
        self.num_classes = num_classes
        self.average = averages.copy_of(self.network)
        self._add_seed(seed)
        self._mean = keras.metrics.Mean(name="loss")
        self._prepare_generation()

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
        if optimizer is None:
            optimizer = keras.optimizers.Adam(2e-3, beta_2=0.99, global_clipnorm=1.0)
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
        conditions = []
        if self.num_classes:
            chance = tf.random.stateless_uniform((count, 1), self._step_seed(f"{purpose} labels"))
            is_told = tf.cast(chance >= self.unlabeled_share, tf.float32)
            conditions = [is_told * tf.one_hot(labels, self.num_classes)]
        guess, *rough = keras.tree.flatten(network([points, times, *conditions], training=training))
        if not self._makes_images:
            return tf.reduce_mean((guess - (images - noise)) ** 2)
        rest = 1 - self._spread(times)
        loss = tf.reduce_mean(((guess - images) / rest) ** 2)
        return loss + sum(tf.reduce_mean((one - images) ** 2 / rest) for one in rough)

    def _draw_times(self, count, purpose):
        """Times (count, 1): normal logits for images (Esser et al. 2024, eq. 19), else uniform."""
        seed = self._step_seed(purpose)
        if not self._makes_images:
            return tf.random.stateless_uniform((count, 1), seed)
        mean, deviation = TIME_LOGITS
        normal = tf.random.stateless_normal((count, 1), seed)
        return tf.minimum(tf.sigmoid(mean + deviation * normal), LATEST)

    def _velocity(self, points, times, conditions):
        """What the average says of points (n, *image_shape) at times (n, 1)."""
        guess, *_ = keras.tree.flatten(self.average([points, times, *conditions], training=False))
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
    ) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed.

        num_steps, solver: as in `flow_solvers.path`; a step of "euler" or "adams" is one call of
            the network
        labels: one class for all, one for each (n,), or shares of classes (n, num_classes); without
            labels the classes take turns: 0, 1, 2, ...
        guidance: how far from the image of no class towards the class's (Ho and Salimans 2022): 1
            is the class as it was learned, more exaggerates it, 0 is no class. Other numbers than 1
            call the network for twice as many images.
        """
        latents = draw_latents(n, self.latent_shape, seed)
        if labels is None and self.num_classes:
            labels = np.arange(n) % self.num_classes
        return self.generate(latents, labels, num_steps=num_steps, solver=solver, guidance=guidance)

    def generate(
        self,
        latents,
        labels=None,
        *,
        num_steps: int = 16,
        solver: str = "adams",
        guidance: float = 1.0,
    ) -> np.ndarray:
        """Images, float32 (n, *image_shape) in [0, 1], of noise (n, *image_shape); see `sample`."""
        latents = check_latents(latents, self.latent_shape)
        velocity = self._field(guidance)

        def make(points, classes):
            end = flow_solvers.solve(velocity(classes), tf.constant(points), num_steps, solver)
            return self._to_pixels(end)

        return self._in_chunks(make, latents, self._shares(labels, len(latents)))

    def paths(
        self,
        latents,
        labels=None,
        *,
        num_steps: int = 16,
        solver: str = "adams",
        guidance: float = 1.0,
    ) -> np.ndarray:
        """All stages from noise to images, float32 (num_steps + 1, n, *image_shape).

        In the networks' range, [-1, 1] for images; a stage is not cut off there.
        """
        latents = check_latents(latents, self.latent_shape)
        velocity = self._field(guidance)(self._shares(labels, len(latents)))
        stages = flow_solvers.path(velocity, tf.constant(latents), num_steps, solver)
        return np.stack([np.asarray(stage) for stage in stages])

    def to_noise(
        self, images, labels=None, *, num_steps: int = 16, solver: str = "adams"
    ) -> np.ndarray:
        """The latents that `generate` makes these images of, nearly: the way backwards in time."""
        points = np.asarray(self._to_network(self._checked(images)))
        velocity = self._field(1.0)

        def make(points, classes):
            return flow_solvers.solve(
                velocity(classes), tf.constant(points), num_steps, solver, backwards=True
            )

        return self._in_chunks(make, points, self._shares(labels, len(points)))

    def velocity(self, points, time: float, labels=None, *, guidance: float = 1.0) -> np.ndarray:
        """What the solvers follow: float32 (n, *image_shape) at points of that shape, and a time.

        In the networks' range; labels and guidance are as for `generate`.
        """
        points = check_latents(points, self.latent_shape)
        field = self._field(guidance)(self._shares(labels, len(points)))
        return np.asarray(field(tf.constant(points), check_real("time", time, 0, 1)))

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

    def _field(self, guidance):
        """classes -> function(points, time) -> velocity, as the solvers take it."""
        guidance = check_real("guidance", guidance, 0)
        if guidance != 1 and not self.num_classes:
            raise ValueError(
                f"guidance is {guidance:g}, but this model was made without num_classes, so there "
                "is nothing to guide to; leave it at 1."
            )
        call = self._call if guidance == 1 else self._guided_call

        def field(points, time, classes):
            if time == 1 and self._makes_images:  # x is known, and of e its mean, 0
                return points
            return call(points, time, classes, guidance)

        return lambda classes: lambda points, time: field(points, time, classes)

    def _prepare_generation(self):
        """Trace the field once for any number of points: a call then takes milliseconds."""

        def call(points, time, classes, guidance):
            conditions = [classes] if self.num_classes else []
            times = time * tf.ones((tf.shape(points)[0], 1))
            return self._velocity(points, times, conditions)

        def guided_call(points, time, classes, guidance):
            twice = tf.concat([points, points], axis=0)
            told = tf.concat([classes, tf.zeros_like(classes)], axis=0)
            with_class, without = tf.split(call(twice, time, told, guidance), 2)
            return without + guidance * (with_class - without)

        number = tf.TensorSpec((), tf.float32)
        signature = [
            tf.TensorSpec((None, *self.image_shape), tf.float32),
            number,
            tf.TensorSpec((None, self.num_classes or 0), tf.float32),
            number,
        ]
        self._call = tf.function(call, input_signature=signature)
        self._guided_call = tf.function(guided_call, input_signature=signature)

    def call(self, inputs, training=False):
        """The network's own guess, of [points, times, classes]."""
        return self.network(inputs, training=training)
