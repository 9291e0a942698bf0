"""The networks of a model that writes images row by row: one reads rows, one says what the rows
above mean for each place of the next, one goes along that row from left to right.

`row_rnn` puts them together. A row is a sequence of numbers in [-1, 1], from left to right; the
colors of a pixel stand side by side in it.
"""

from collections.abc import Sequence

from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras

layers = keras.layers

ROWS_SEEN = 3  # as they are; of all rows above there is what the reader says


def row_reader(row_size: int, units: int = 128, num_classes: int = 0) -> keras.layers.GRU:
    """A GRU (Cho et al. 2014) over rows: (n, rows, row_size + num_classes) -> (n, rows, units).

    What it says of a row depends on this one and those above it. `cell` reads a single row.
    """
    check_whole("row_size", row_size)
    reader = layers.GRU(check_whole("units", units), return_sequences=True, use_cudnn=False)
    reader.build((None, None, row_size + num_classes))
    return reader


def row_context(
    row_size: int, units: int = 128, num_classes: int = 0, width: int = 16
) -> keras.Model:
    """[memory (n, units + num_classes), above (n, row_size, ROWS_SEEN)] -> (n, row_size, width).

    What is above is known already, so that each place may see it on both sides.
    """
    check_whole("width", width)
    memory = keras.Input((units + num_classes,), name="memory")
    above = keras.Input((row_size, ROWS_SEEN), name="above")
    remembered = layers.Reshape((row_size, width))(layers.Dense(row_size * width)(memory))
    near = layers.Conv1D(width, 7, padding="same", use_bias=False)(above)
    return keras.Model([memory, above], remembered + near, name="row_context")


def row_writer(
    row_size: int, start: Sequence[float] = (0.0,), width: int = 16, depth: int = 3
) -> keras.Model:
    """[context (n, row_size, width), row (n, row_size)] -> (n, row_size, len(start)): numbers for
    each pixel of a row, from its context and pixels to its left only.

    depth: convolutions; with 3 a pixel sees the 11 nearest to its left.

    The row goes through *causal* convolutions (van den Oord et al. 2016, WaveNet), which see a
    position and those before it; and it is moved by one position first, so that no pixel sees
    itself.

    start: what an untrained writer says of every pixel. With random weights in the last layer it
    would be sure of what is wrong: 967 to 1,501 nats for clothes, where 543 are chance (4 seeds).
    """
    check_whole("depth", depth)
    context, row = keras.Input((row_size, width), name="context"), keras.Input((row_size,))
    left = layers.ZeroPadding1D((1, 0))(layers.Reshape((row_size, 1))(row))[:, :-1]
    features = context + layers.Conv1D(width, 7, padding="causal", use_bias=False)(left)
    features = layers.LeakyReLU(0.1)(features)
    for _ in range(depth - 1):
        more = layers.Conv1D(width, 3, padding="causal")(features) + layers.Dense(width)(context)
        features = features + layers.LeakyReLU(0.1)(more)
    says = layers.Dense(len(start), kernel_initializer="zeros")
    writer = keras.Model([context, row], says(features), name="row_writer")
    says.bias.assign(start)
    return writer
