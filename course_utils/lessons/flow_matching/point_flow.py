"""A flow of points that is trained a few steps at a time, and what there is to see of it.

The model is the course's own `FlowMatching((2,))`. Nothing is drawn here; learners meet it through
`field_studio`.
"""

import numpy as np

from course_utils.base.arguments import check_whole
from course_utils.base.backend import tf
from course_utils.models.flow_matching import FlowMatching
from course_utils.models.latent_space import draw_latents

BATCH_SIZE = 256
AVERAGE_DECAY = 0.99  # the points follow a target that changes within some hundred steps
NUM_SHOWN = 400  # generated points
NUM_STEPS = 20  # of the solver, from noise to points
VIEW_LIMIT = 2.2  # the picture shows the plane from minus this to this, both ways
ARROWS_SIDE = 14  # places along each side at which the velocity is computed

_STREAM = 1  # of the seed's random numbers: which points are drawn for a step


def arrow_places() -> np.ndarray:
    """The places, float32 (ARROWS_SIDE**2, 2), of the arrows: the middles of equal squares."""
    side = 2 * VIEW_LIMIT / ARROWS_SIDE
    ticks = (np.arange(ARROWS_SIDE) + 0.5) * side - VIEW_LIMIT
    return np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2).astype(np.float32)


class PointFlow:
    """A `FlowMatching((2,))`, `model`, which `train` moves on and `start` puts back.

    Everything random derives from the seed and the number of steps: the same steps on the same
    target lead to the same points. The training's graph is traced once. `steps` counts since
    `start`; `loss` is the mean over the latest call of `train`, None before.
    """

    def __init__(self, seed: int = 0):
        self.seed = seed
        self.model = FlowMatching((2,), seed=seed)
        self.model.compile(average_decay=AVERAGE_DECAY)
        self._variables = [*self.model.variables, *self.model.optimizer.variables]
        self._first_values = [variable.numpy() for variable in self._variables]
        self._latents = draw_latents(NUM_SHOWN, (2,), seed)
        self._train_graph = tf.function(self.model.train_step)
        self._start_counting()

    def start(self) -> None:
        """Forget all that was learned."""
        for variable, value in zip(self._variables, self._first_values, strict=True):
            variable.assign(value)
        self._start_counting()

    def _start_counting(self) -> None:
        self.steps, self.loss = 0, None
        self._stages: np.ndarray | None = None

    def train(self, target: np.ndarray, num_steps: int) -> float:
        """Go on training on points (n, 2) for so many steps; returns the mean loss of them."""
        check_whole("num_steps", num_steps)
        if len(target) == 0:
            raise ValueError("There is no target yet; draw one, or choose a ready one.")
        self._stages = None
        self.model.reset_metrics()
        for _ in range(num_steps):
            rng = np.random.default_rng([self.seed, _STREAM, self.steps])
            batch = target[rng.integers(len(target), size=BATCH_SIZE)]
            loss = self._train_graph(tf.constant(batch, tf.float32))["loss"]
            self.steps += 1
        self.loss = float(loss)
        if not np.isfinite(self.loss):
            raise FloatingPointError(
                f"The loss became {self.loss} by step {self.steps:,}; press Clear and train again."
            )
        return self.loss

    def stages(self) -> np.ndarray:
        """The generated points at times 0, 1 / NUM_STEPS, ..., 1: (NUM_STEPS + 1, NUM_SHOWN, 2).

        They are kept until the next training.
        """
        if self._stages is None:
            self._stages = self.model.paths(self._latents, num_steps=NUM_STEPS)
        return self._stages

    def velocities(self, time: float) -> np.ndarray:
        """The network's velocity at `arrow_places()` and this time, (ARROWS_SIDE**2, 2)."""
        return self.model.velocity(arrow_places(), time)
