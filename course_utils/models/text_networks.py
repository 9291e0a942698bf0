"""The network that reads: whole numbers of words to one vector for each prompt; and regression, one
that makes pixels of the vector in a single step. What a flow makes of it is in `flow_networks`.

`words` makes the numbers, 0 for no word. Attention is written out, since a lesson shows it so.
"""

import math

from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras
from course_utils.models.image_sizes import check_image_shape, check_sizes

layers, ops = keras.layers, keras.ops


def text_encoder(
    num_words: int,
    num_designs: int | None = None,
    *,
    length: int = 24,
    width: int = 96,
    vector_size: int = 192,
) -> keras.Model:
    """[words (n, length)], and designs (n, 1) if there are any, to vectors (n, vector_size).

    num_words, num_designs: how many numbers there are, 0 among them, which means none: a prompt of
        no words and no design becomes a vector of zeros.
    width: of the words' own vectors

    Words look at each other once (self-attention, Vaswani et al. 2017, with one head). Then each
    says how much it counts, from 0 to 1, and they are added up: "tone" counts little, "cat" much. A
    sum, unlike a mean, lets two parts of a prompt say as much together as each does alone.
    """
    check_sizes(num_words=num_words, length=length, width=width, vector_size=vector_size)
    words = keras.Input((length,), dtype="int32", name="words")
    is_word = ops.cast(ops.not_equal(words, 0), "float32")
    x = _table(num_words, width, "word_vectors")(words)
    x = Positions(name="positions")(x * math.sqrt(width))
    x = x + _self_attention(x, is_word)
    counts = layers.Dense(1, activation="sigmoid", name="counts")(layers.LayerNormalization()(x))
    told = ops.sum(x * counts * ops.expand_dims(is_word, -1), axis=1)
    vectors = layers.Dense(vector_size, use_bias=False, name="text_vector")(told)
    inputs = [words]
    if num_designs is not None:
        check_whole("num_designs", num_designs)
        designs = keras.Input((1,), dtype="int32", name="designs")
        is_design = ops.cast(ops.not_equal(designs, 0), "float32")
        found = ops.squeeze(_table(num_designs, vector_size, "design_vectors")(designs), axis=1)
        vectors = vectors + is_design * found
        inputs.append(designs)
    return keras.Model(inputs, vectors, name="text_encoder")


def regression_network(
    num_words: int,
    num_designs: int,
    image_shape: tuple[int, int, int] = (24, 24, 3),
    *,
    width: int = 384,
    hidden: int = 512,
    depth: int = 2,
    encoder: dict | None = None,
) -> keras.Model:
    """[words (n, length), designs (n, 1)] to pixels (n, *image_shape), in a single step.

    Of the layers that make the rough guess of `flow_networks.told_image_network`, those which see
    neither a noisy image nor a time. Pixels are in [-1, 1], as `data.scale_pixels` makes them; as
    nothing holds them there, clip what is shown. To be trained by Keras with the mean square error.

    encoder: the arguments of `text_encoder` where they differ from the defaults there
    """
    check_image_shape(image_shape)
    check_sizes(width=width, hidden=hidden, depth=depth)
    encode = text_encoder(num_words, num_designs, **(encoder or {}))
    told = encode.output
    x = layers.Dense(width)(told)
    for _ in range(depth):
        change = layers.LayerNormalization(center=False, scale=False)(x)
        change = layers.Dense(hidden)(change) + layers.Dense(hidden, use_bias=False)(told)
        change = layers.Activation("silu")(change)
        x = x + layers.Dense(width, kernel_initializer="zeros")(change)
    x = layers.LayerNormalization()(x)
    pixels = layers.Dense(math.prod(image_shape), kernel_initializer="zeros")(x)
    pixels = layers.Reshape(image_shape, name="pixels")(pixels)
    return keras.Model(encode.inputs, pixels, name="text_regression")


def _table(count: int, width: int, name: str):
    """Vectors that begin small: a word is rare, and must change much at each of its steps."""
    return layers.Embedding(count, width, keras.initializers.RandomNormal(0, 0.03), name=name)


@keras.saving.register_keras_serializable("course_utils")
class Positions(layers.Layer):
    """Adds a learned vector for each place in the text, so that the order of words is seen."""

    def build(self, input_shape):
        self.table = self.add_weight(
            shape=input_shape[1:],
            initializer=keras.initializers.RandomNormal(0, 0.02),
            name="table",
        )

    def call(self, x):
        return x + self.table

    def compute_output_shape(self, input_shape):
        return input_shape


def attention(queries, keys, values, is_there):
    """Softmax attention: for each query a mean of the values, more of those whose key is alike.

    queries (n, q, k), keys (n, l, k), values (n, l, v), is_there (n, l), 1 or 0 -> (n, q, v).
    softmax(q·k / sqrt(k)), Vaswani et al. 2017, equation 1; where nothing is there, all alike.
    """
    likeness = ops.matmul(queries, ops.swapaxes(keys, 1, 2)) / math.sqrt(keys.shape[-1])
    likeness = likeness - 1e9 * (1 - ops.expand_dims(is_there, 1))
    return ops.matmul(ops.softmax(likeness, axis=-1), values)


def _self_attention(x, is_word):
    """What each word (n, l, k) learns from the others."""
    width = x.shape[-1]
    seen = layers.LayerNormalization()(x)
    queries, keys, values = (
        layers.Dense(width, use_bias=False, name=name)(seen) for name in ("query", "key", "value")
    )
    return layers.Dense(width, name="learned")(attention(queries, keys, values, is_word))
