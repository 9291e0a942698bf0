"""Callbacks for `fit`: a calm progress bar, an end after a time, an end where a loss is no number.

The models own their training steps; nothing here knows what a model is made of. The callback that
shows samples is `widgets.live_samples`, the one that saves is in `checkpoints`.
"""

import time

import numpy as np

from course_utils.base.arguments import check_real, check_whole
from course_utils.base.backend import keras
from course_utils.models.checkpoints import training_state


class ProgressBar(keras.callbacks.ProgbarLogger):
    """Keras's progress bar, renewed twice a second instead of up to twenty times.

    In a notebook each renewal is a message to the browser. A front end or a test that reads slowly
    loses messages once thousands wait, the last ones among them, and a lab sends those of thirty.
    """

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self.progbar.interval = 0.5  # seconds


class TimeLimit(keras.callbacks.Callback):
    """Stop after this many seconds of training, and say so; a cap for busy machines.

    The clock starts after the first batch, which includes tracing.
    """

    def __init__(self, seconds: float):
        super().__init__()
        self.seconds = check_real("seconds", seconds, 0, open_ended=True)
        self.reached = False

    def on_train_begin(self, logs=None):
        self._start = None
        self._steps = 0
        self.reached = False

    def on_train_batch_end(self, batch, logs=None):
        self._steps += 1
        now = time.perf_counter()
        self._start = self._start or now
        if now - self._start >= self.seconds and not self.model.stop_training:
            self.reached = True
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        if self.reached:
            print(
                f"\nTimeLimit: stopped after {self.seconds:g} s, at step {self._steps:,}. The "
                "model is usable; results may fall short of the values expected for all steps."
            )


class StopOnNonFinite(keras.callbacks.Callback):
    """Stop when a loss becomes NaN or infinite, explain it, and go back to the last sound weights.

    every: steps between the snapshots, kept in memory, to which the model returns.
    """

    def __init__(self, every: int = 100):
        super().__init__()
        self.every = check_whole("every", every)
        self._message = None

    def on_train_begin(self, logs=None):
        self._step = 0
        self._message = None
        self._keep_if_sound()

    def on_train_batch_end(self, batch, logs=None):
        self._step += 1
        broken = {name: value for name, value in (logs or {}).items() if not np.isfinite(value)}
        if broken and self._message is None:
            name, value = next(iter(broken.items()))
            for variable, sound in zip(training_state(self.model), self._sound, strict=True):
                variable.assign(sound)
            self._message = (
                f"StopOnNonFinite: {name} became {float(value)} at step {self._step:,}; training "
                f"stopped and the model went back to step {self._sound_step:,}. The usual causes "
                "are a learning rate that is too high, images that are not in [0, 1], or a "
                "logarithm or division of your own that reaches 0."
            )
            self.model.stop_training = True
        elif not broken and self._step % self.every == 0:
            self._keep_if_sound()

    def on_train_end(self, logs=None):
        if self._message:
            print("\n" + self._message)

    def _keep_if_sound(self):
        values = [variable.numpy() for variable in training_state(self.model)]
        if all(np.isfinite(value).all() for value in values) or self._step == 0:
            self._sound, self._sound_step = values, self._step
