"""A callback for `fit` that shows samples and loss curves while a model trains."""

import numpy as np
from IPython.display import display

from course_utils import plots
from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras


class LiveSamples(keras.callbacks.Callback):
    """Show samples and loss curves while `fit` runs, in one figure that updates in place.

    every: steps between updates; n: images, always of the same latents, those of `seed`, so that
    one can watch each image change; asked_for: what else `sample` takes, such as `prompts`.
    Afterwards `frames` holds them, as (step, images) pairs, and `losses` the curves, by name: at
    each update the mean over the steps since the one before.
    """

    def __init__(self, every: int = 200, n: int = 16, seed: int = 0, **asked_for):
        super().__init__()
        self.every, self.n = check_whole("every", every), check_whole("n", n)
        self.seed, self.asked_for = seed, asked_for
        self.frames: list[tuple[int, np.ndarray]] = []
        self.losses: dict[str, list[float]] = {}
        self._step = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._counted, self._sums = 0, {}

    def on_train_begin(self, logs=None):
        self._keep_samples()
        self._handle = display(self._figure(), display_id=True)

    def on_train_batch_end(self, batch, logs=None):
        self._step += 1
        if self._step % self.every == 0:
            self._keep_losses(batch + 1, logs or {})
            self._keep_samples()
            if self._handle is not None:  # there is none outside IPython
                self._handle.update(self._figure())

    def _keep_losses(self, count, logs):
        """Keras logs the means since the epoch began; its sums tell what the last steps added."""
        for name in (name for name in logs if name.endswith("loss")):
            total = float(logs[name]) * count
            latest = (total - self._sums.get(name, 0.0)) / (count - self._counted)
            self.losses.setdefault(name, []).append(latest)
            self._sums[name] = total
        self._counted = count

    def _keep_samples(self):
        self.frames.append((self._step, self.model.sample(self.n, self.seed, **self.asked_for)))

    def _figure(self) -> plots.Figure:
        caption = f"Samples of the same {self.n} latents after {self._step:,} steps."
        samples = plots.images_figure(self.frames[-1][1], caption)
        if not self.losses:
            return samples
        names = " and ".join(self.losses)
        steps = self.every * np.arange(1, 1 + len(next(iter(self.losses.values()))))
        curves = plots.curves_figure(
            {name.replace("_", " "): values for name, values in self.losses.items()},
            f"Curves of {names} over the training steps.",
            "step",
            "loss",
            x=steps,
            size=(5.0, 2.6),
        )
        return plots.beside_figure([samples, curves], caption)
