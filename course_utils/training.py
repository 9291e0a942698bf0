"""Callbacks for `fit`, and checkpoints from which training resumes exactly.

The models own their training steps; nothing here knows what a model is made of.
"""

import os
import time
import zipfile
from pathlib import Path

import numpy as np
from IPython.display import display

from course_utils import plots
from course_utils._tensorflow import keras


class TimeLimit(keras.callbacks.Callback):
    """Stop after this many seconds of training, and say so; a cap for busy machines.

    The clock starts after the first batch, which includes tracing.
    """

    def __init__(self, seconds: float):
        super().__init__()
        if not isinstance(seconds, int | float) or not seconds > 0:
            raise ValueError(f"TimeLimit got {seconds!r} seconds; give a positive number.")
        self.seconds = seconds
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
        self.every = every
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
            for variable, sound in zip(_variables(self.model), self._sound, strict=True):
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
        values = [variable.numpy() for variable in _variables(self.model)]
        if all(np.isfinite(value).all() for value in values) or self._step == 0:
            self._sound, self._sound_step = values, self._step


class LiveSamples(keras.callbacks.Callback):
    """Show samples and loss curves while `fit` runs, in one figure that updates in place.

    every: steps between updates; n: images, always of the same latents, those of `seed`, so that
    one can watch each image change. Afterwards `frames` holds them, as (step, images) pairs, and
    `losses` the curves, by name: at each update the mean over the steps since the one before.
    """

    def __init__(self, every: int = 200, n: int = 16, seed: int = 0):
        super().__init__()
        if every < 1 or n < 1:
            raise ValueError(f"LiveSamples got every={every!r} and n={n!r}; give 1 or more each.")
        self.every, self.n, self.seed = every, n, seed
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
        self.frames.append((self._step, self.model.sample(self.n, self.seed)))

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
        return plots.beside([samples, curves], caption)


class Checkpoint(keras.callbacks.Callback):
    """Save a checkpoint at the end of each epoch; `load_checkpoint` goes on from it."""

    def __init__(self, path: str | Path):
        super().__init__()
        self.path = checkpoint_path(path)

    def on_epoch_end(self, epoch, logs=None):
        save_checkpoint(self.model, self.path, epoch + 1)


def save_checkpoint(model: keras.Model, path: str | Path, epoch: int = 0) -> Path:
    """Write all networks, averages and optimizers of a compiled model, and the epoch, to a file.

    The file is replaced in one move: whatever interrupts the saving, the previous one stays whole.
    """
    path = checkpoint_path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{os.getpid()}-{path.name}")
    values = {str(index): v.numpy() for index, v in enumerate(_variables(model))}
    try:
        np.savez(partial, kinds=_kinds(model), epoch=epoch, **values)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def load_checkpoint(model: keras.Model, path: str | Path) -> int:
    """Put a compiled model back into a saved state; returns the epoch, for `initial_epoch`.

    If the file does not fit, the model stays as it was and ValueError says what is wrong.
    """
    # Not Keras's own format: it warns of optimizers that do not fit and goes on without them,
    # leaves out the random state of Dropout, and has no checksum, which each array has here.
    path = checkpoint_path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no checkpoint {path}; save one with save_checkpoint.")
    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("it is no NumPy archive, or not a whole one")
        with np.load(path) as file:
            kinds, epoch = file["kinds"].tolist(), int(file["epoch"])
            values = [file[str(index)] for index in range(len(file.files) - 2)]
    except Exception as error:  # a damaged or foreign file makes NumPy raise almost anything
        raise _misfit(path, (str(error).strip() or repr(error)).splitlines()[0][:200]) from None
    variables = _variables(model)
    if kinds != _kinds(model):
        raise _misfit(path, f"saved from {', '.join(kinds)}, here {', '.join(_kinds(model))}")
    saved, here = [value.shape for value in values], [tuple(v.shape) for v in variables]
    if saved != here:
        differing = next((pair for pair in zip(saved, here, strict=False) if pair[0] != pair[1]), 0)
        detail = differing or (f"{len(saved)} arrays", f"{len(here)}")
        raise _misfit(path, f"saved with {detail[0]}, here {detail[1]}")
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    return epoch


def _misfit(path: Path, reason: str) -> ValueError:
    return ValueError(
        f"{path.name} is no checkpoint of this model ({reason}); compile a model with the same "
        "networks and optimizers as the one that was saved. The model is unchanged."
    )


def checkpoint_path(path: str | Path) -> Path:
    """The path, if its name ends as that of NumPy's archives does."""
    if not str(path).endswith(".npz"):
        raise ValueError(f"The checkpoint is named {str(path)!r}; let its name end in .npz.")
    return Path(path)


def _parts(model: keras.Model) -> list:
    """The model and its optimizers, each once."""
    optimizers = [v for v in vars(model).values() if isinstance(v, keras.optimizers.Optimizer)]
    return [model, *{id(optimizer): optimizer for optimizer in optimizers}.values()]


def _kinds(model: keras.Model) -> list[str]:
    return [type(part).__name__ for part in _parts(model)]


def _variables(model: keras.Model) -> list:
    """All that training changes: weights, random state and the optimizers' state."""
    return [variable for part in _parts(model) for variable in part.variables]
