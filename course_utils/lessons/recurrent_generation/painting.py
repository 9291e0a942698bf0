"""Several drawings by a RowRNN that grow together, row by row: pure, without a widget.

A `Painting` never changes; with a row more or less it is another one.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from course_utils.models.row_rnn import Drawing, RowRNN


class Step(NamedTuple):
    """A row of all drawings, (count, row_size), what they are with it, and how it came about."""

    row: np.ndarray
    drawing: Drawing
    temperature: float | None  # None: the row was given


@dataclass(frozen=True)
class Painting:
    """The drawings of which some rows are there; `begin` makes one.

    uniforms: (count, height, row_size) in [0, 1), which decide all rows that are drawn
    """

    model: RowRNN
    start: Drawing
    uniforms: np.ndarray
    label: int | None
    steps: tuple[Step, ...] = ()

    @property
    def full(self) -> bool:
        return len(self.steps) == self.uniforms.shape[1]

    @property
    def temperatures(self) -> tuple[float, ...]:
        """Those of the rows that were drawn, from the top."""
        return tuple(step.temperature for step in self.steps if step.temperature is not None)

    @property
    def images(self) -> np.ndarray:
        """The drawings, float32 (count, *image_shape) in [0, 1]; 0 where no row is yet."""
        images = np.zeros_like(self.uniforms)
        for row, step in enumerate(self.steps):
            images[:, row] = step.row
        return images.reshape(len(images), *self.model.image_shape)

    def surprises(self) -> np.ndarray:
        """-log p of each row of the first drawing, in nats, (rows there,), at temperature 1.

        Raises ValueError if one is not finite.
        """
        # The rows that are not there change nothing: each depends on those above it alone.
        pixels = self.model.pixel_log_likelihoods(self.images[:1], self.label)
        surprises = -pixels[0].sum(axis=(1, 2))[: len(self.steps)]
        if not np.isfinite(surprises).all():
            raise ValueError(
                "A row's surprise is not finite; train the model anew, with a smaller learning "
                "rate, or load its weights again."
            )
        return surprises

    def with_row(self, temperature: float) -> "Painting":
        """With the next row, drawn from the model."""
        uniforms = self.uniforms[:, len(self.steps)]
        return self._and(self.model.write_row(self._last, uniforms, temperature), temperature)

    def with_given_row(self, row: np.ndarray) -> "Painting":
        """With one row (row_size,), in [0, 1], next in all drawings."""
        return self._and(np.repeat(row[np.newaxis], len(self.uniforms), axis=0), None)

    def without_row(self) -> "Painting":
        """Without the last row."""
        return replace(self, steps=self.steps[:-1])

    @property
    def _last(self) -> Drawing:
        return self.steps[-1].drawing if self.steps else self.start

    def _and(self, row: np.ndarray, temperature: float | None) -> "Painting":
        step = Step(row, self.model.read_row(self._last, row), temperature)
        return replace(self, steps=(*self.steps, step))


def begin(
    model: RowRNN, known: np.ndarray, count: int, seed: int, label: int | None = None
) -> Painting:
    """Drawings whose first rows are `known`, (rows, width, channels) in [0, 1].

    The random numbers are those of `RowRNN.sample` and `RowRNN.complete` for this seed.
    """
    painting = Painting(model, model.start(count, label), model.uniforms(count, seed), label)
    for row in known.reshape(len(known), model.row_size):
        painting = painting.with_given_row(row)
    return painting
