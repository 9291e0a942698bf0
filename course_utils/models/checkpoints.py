"""Checkpoints from which training resumes exactly; nothing here knows what a model is made of.

`training_state` says what belongs to one; the callbacks in `training` use it, too.
"""

import os
import zipfile
from pathlib import Path

import numpy as np

from course_utils.base.backend import keras


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
    values = {str(index): v.numpy() for index, v in enumerate(training_state(model))}
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
    variables = training_state(model)
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
    """The path, if its name ends in .npz, as that of NumPy's archives does; else ValueError."""
    if not str(path).endswith(".npz"):
        raise ValueError(f"The checkpoint is named {str(path)!r}; let its name end in .npz.")
    return Path(path)


def _parts(model: keras.Model) -> list:
    """The model and its optimizers, each once."""
    optimizers = [v for v in vars(model).values() if isinstance(v, keras.optimizers.Optimizer)]
    return [model, *{id(optimizer): optimizer for optimizer in optimizers}.values()]


def _kinds(model: keras.Model) -> list[str]:
    return [type(part).__name__ for part in _parts(model)]


def training_state(model: keras.Model) -> list:
    """All variables that training changes: weights, seeds and random state, optimizers' state.

    They come in the same order for each model of the same kind that is compiled alike.
    """
    return [variable for part in _parts(model) for variable in part.variables]
