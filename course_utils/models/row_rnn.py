"""A recurrent network that writes images row by row and knows the probability of each.

Adds to `autoregressive` the network, `sample`, `complete`, and the single rows that a drawing is
made of. The two parts of the network are in `row_networks`. Lesson 11 writes by hand what is here.
"""

from typing import NamedTuple

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_real, check_whole
from course_utils.base.backend import tf
from course_utils.models import pixels, row_networks
from course_utils.models.autoregressive import AutoregressiveModel


class Drawing(NamedTuple):
    """n images of which some rows are there: all that the next row depends on."""

    memory: tf.Tensor  # (n, units), of all rows so far
    above: tf.Tensor  # (n, row_size, ROWS_SEEN) in [-1, 1], the last ones; 0 before the first row
    classes: tf.Tensor  # (n, num_classes), shares; without classes (n, 0)


class RowRNN(AutoregressiveModel):
    """p(x) as a product over pixels, row by row, each pixel given all before it.

    A GRU reads the rows above, one a step (the row LSTM of van den Oord et al. 2016 goes down the
    rows too, but with a state for each pixel); causal convolutions see the nearest pixels to the
    left in the same row. There are no latents.

    likelihood, num_classes: see `AutoregressiveModel`. units: of the GRU; width, depth: of the
    convolutions.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (28, 28, 1),
        num_classes: int | None = None,
        *,
        likelihood: str = "bernoulli",
        units: int = 128,
        width: int = 16,
        depth: int = 3,
        seed: int | None = None,
        name: str = "row_rnn",
    ):
        super().__init__(image_shape, num_classes, likelihood=likelihood, name=name)
        self.row_size = self.image_shape[1] * self.image_shape[2]
        classes = self.num_classes or 0
        self.reader = row_networks.row_reader(self.row_size, units, classes)
        self.context = row_networks.row_context(self.row_size, units, classes, width)
        self.writer = row_networks.row_writer(self.row_size, self.pixel.start, width, depth)
        self._add_seed(seed)
        self._prepare_calls()

    # ---- the distribution ------------------------------------------------------------------------

    def call(self, images, classes=None, training=False):
        """The numbers of each pixel's distribution, (n, *image_shape, len(pixel.start)), for images
        (n, *image_shape) in [0, 1]; those of a pixel depend on the pixels before it alone."""
        count, height = tf.shape(images)[0], self.image_shape[0]
        rows = data.scale_pixels(tf.reshape(images, (count, height, self.row_size)))
        classes = tf.zeros((count, 0)) if classes is None else classes
        beside = tf.repeat(classes[:, None], height, axis=1)  # (n, rows, num_classes)
        read = self.reader(tf.concat([rows, beside], axis=2)[:, :-1]) if height > 1 else None
        none = tf.zeros((count, 1, self.reader.units))
        memory = none if read is None else tf.concat([none, read], axis=1)
        seen = row_networks.ROWS_SEEN
        padded = tf.pad(rows, ((0, 0), (seen, 0), (0, 0)))
        above = tf.stack([padded[:, i : i + height] for i in range(seen)], axis=-1)
        # All rows of all images at once: in training each of them is known.
        memory = tf.reshape(tf.concat([memory, beside], axis=2), (count * height, -1))
        above = tf.reshape(above, (-1, self.row_size, seen))
        outputs = self.writer(
            [self.context([memory, above]), tf.reshape(rows, (-1, self.row_size))]
        )
        return tf.reshape(outputs, (count, *self.image_shape, len(self.pixel.start)))

    # ---- row by row ------------------------------------------------------------------------------

    def start(self, n: int, labels=None) -> Drawing:
        """n images without rows."""
        check_whole("n", n, 0)
        return Drawing(
            tf.zeros((n, self.reader.units)),
            tf.zeros((n, self.row_size, row_networks.ROWS_SEEN)),
            tf.constant(self._classes(labels, n)),
        )

    def read_row(self, drawing: Drawing, row) -> Drawing:
        """The drawing with one row more, (n, row_size) in [0, 1]."""
        self._check_row("row", row, drawing)
        return Drawing(*self._read_row(*drawing, row))

    def write_row(self, drawing: Drawing, uniforms, temperature: float = 1.0) -> np.ndarray:
        """The next row, float32 (n, row_size) in [0, 1], drawn pixel by pixel.

        uniforms: (n, row_size) in [0, 1), of which each pixel uses one.
        """
        self._check_row("uniforms", uniforms, drawing)
        temperature = check_real("temperature", temperature, 0)
        return self._write_row(*drawing, uniforms, temperature).numpy()

    def _check_row(self, name, values, drawing):
        wanted = (len(drawing.memory), self.row_size)
        if np.shape(values) != wanted:
            raise ValueError(f"{name} has shape {tuple(np.shape(values))}; give {wanted}.")

    def _extend(self, memory, above, classes, row):
        row = data.scale_pixels(row)
        memory, _ = self.reader.cell(tf.concat([row, classes], axis=1), [memory])
        return memory, tf.concat([above[..., 1:], row[..., None]], axis=2), classes

    def _fill(self, memory, above, classes, uniforms, temperature):
        """One pixel after another, from the outputs for a row of which those before are there."""
        context = self.context([tf.concat([memory, classes], axis=1), above])
        row = tf.zeros_like(uniforms)
        for place in tf.range(self.row_size):
            outputs = self.writer([context, data.scale_pixels(row)])
            value = pixels.draw(self.pixel, outputs[:, place], uniforms[:, place], temperature)
            row += value[:, None] * tf.one_hot(place, self.row_size)
        return row

    def _prepare_calls(self):
        """Trace what is called again and again once, for any number of images."""

        def spec(*shape):
            return tf.TensorSpec((None, *shape), tf.float32)

        row, classes = spec(self.row_size), spec(self.num_classes or 0)
        drawing = [spec(self.reader.units), spec(self.row_size, row_networks.ROWS_SEEN), classes]
        number = tf.TensorSpec((), tf.float32)
        self._read_row = tf.function(self._extend, input_signature=[*drawing, row])
        self._write_row = tf.function(self._fill, input_signature=[*drawing, row, number])

    def uniforms(self, n: int, seed: int | None = None) -> np.ndarray:
        """The random numbers, float32 (n, height, row_size) in [0, 1), that `sample` draws with."""
        shape = (n, self.image_shape[0], self.row_size)
        return np.random.default_rng(seed).random(shape, np.float32)

    # ---- generation ------------------------------------------------------------------------------

    def sample(
        self, n: int, seed: int | None = None, temperature: float = 1.0, *, labels=None
    ) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed.

        temperature: below 1 the probable becomes more probable; at 0 each pixel has its most
            probable value, and all images (of a class) are alike.
        labels: one class for all, one for each, or shares of classes (n, num_classes); without
            labels a conditional model's classes take turns: 0, 1, 2, ...
        """
        known = np.zeros((check_whole("n", n, 0), 0, self.row_size), np.float32)
        return self._draw(known, seed, temperature, self._classes(labels, n))

    def complete(
        self,
        images,
        known_rows: int,
        n: int,
        seed: int | None = None,
        temperature: float = 1.0,
        *,
        labels=None,
    ) -> np.ndarray:
        """n endings of each image: its first known_rows rows, then rows drawn from the model.

        Returns float32 (len(images), n, *image_shape) in [0, 1]. labels: one for each image.
        """
        images = self._checked(images)
        known_rows = check_whole("known_rows", known_rows, 0, self.image_shape[0])
        check_whole("n", n, 0)
        classes = self._classes(labels, len(images))
        known = images.reshape(len(images), -1, self.row_size)[:, :known_rows]
        drawn = self._draw(
            np.repeat(known, n, axis=0), seed, temperature, np.repeat(classes, n, axis=0)
        )
        return drawn.reshape(len(images), n, *self.image_shape)

    def _draw(self, known, seed, temperature, classes) -> np.ndarray:
        temperature = check_real("temperature", temperature, 0)
        uniforms = self.uniforms(len(known), seed)

        def make(known, uniforms, classes):
            drawing, rows = self.start(len(known))._replace(classes=tf.constant(classes)), []
            for i, chance in enumerate(tf.unstack(uniforms, axis=1)):
                is_known = i < known.shape[1]
                row = known[:, i] if is_known else self._write_row(*drawing, chance, temperature)
                drawing, rows = self.read_row(drawing, row), [*rows, row]
            return tf.reshape(tf.stack(rows, axis=1), (-1, *self.image_shape))

        return self._in_chunks(make, known, uniforms, classes)
