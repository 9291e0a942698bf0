"""Known mistakes in exercises 16.3 to 16.5 of lesson 16, and what its checks say of them.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases. What
cuts a text is judged in `designs_tokens`, the functions that judge pictures in `mistakes_judging`.
"""

import numpy as np
from scipy import special

# ---- 16.3: numbers of tokens ---------------------------------------------------------------------

_NUMBERS = {"red": 7, "heart": 4, "cat": 2, "black": 1, "心": 9, "and": 12}
NUMBER_CASES = [
    (["red", "heart"], _NUMBERS, 4),
    (["black", "xylophone", "cat", "and", "red", "heart", "cat"], _NUMBERS, 4),
    (["cat", "unheard", "and", "cat", "心"], _NUMBERS, 6),
    (["heart", "cat", "red"], _NUMBERS, 3),
    (["unheard", "of"], _NUMBERS, 3),
    ([], _NUMBERS, 2),
]


def to_numbers(tokens, numbers, length) -> np.ndarray:
    """The right answer: the known tokens' numbers (length,), cut off or filled up with 0."""
    return np.array(_filled(_known(tokens, numbers), length), int)


def _known(tokens, numbers) -> list:
    return [numbers[token] for token in tokens if token in numbers]


def _filled(row: list, length: int) -> list:
    return (row + [0] * length)[:length]


NUMBERS = [
    (
        lambda tokens, numbers, length: _filled([numbers.get(one, 0) for one in tokens], length),
        "an unknown token leaves a 0 in its place; leave it out.",
    ),
    (
        lambda tokens, numbers, length: _filled(
            [numbers.get(one, len(numbers) + 1) for one in tokens], length
        ),
        "unknown tokens get a number that no word has; leave them out.",
    ),
    (
        lambda tokens, numbers, length: _filled(_known(tokens[:length], numbers), length),
        "drop the unknown tokens first, then cut: they take the place of known ones.",
    ),
    (
        lambda tokens, numbers, length: _known(tokens, numbers)[:length],
        "fill up with zeros: the array has always `length` numbers.",
    ),
    (
        lambda tokens, numbers, length: _known(tokens, numbers),
        "cut what does not fit, and fill up with zeros, to always `length` numbers.",
    ),
    (
        lambda tokens, numbers, length: (
            _known(tokens, numbers) + [0] * (length - len(_known(tokens, numbers)))
        ),
        "what does not fit is cut off: at most `length` numbers.",
    ),
    (
        lambda tokens, numbers, length: _filled(_known(tokens, numbers)[::-1], length)[::-1],
        "the zeros come first, and the beginning is cut off; keep the beginning, fill up behind.",
    ),
    (
        lambda tokens, numbers, length: np.roll(
            to_numbers(tokens, numbers, length), -len(_known(tokens, numbers)[:length])
        ),
        "the zeros come first; put them behind the words.",
    ),
    (
        lambda tokens, numbers, length: _filled(_known(tokens, numbers)[-length:], length),
        "the beginning is cut off; keep the first `length` numbers.",
    ),
    (
        lambda tokens, numbers, length: _filled(
            [place for place, one in enumerate(tokens, 1) if one in numbers], length
        ),
        "those are the places in the prompt; look each token up in `numbers`.",
    ),
    (
        lambda tokens, numbers, length: _filled(
            [list(numbers).index(one) + 1 for one in tokens if one in numbers], length
        ),
        "those are the places in the dictionary; take its values, numbers[token].",
    ),
    (
        lambda tokens, numbers, length: _filled(sorted(_known(tokens, numbers)), length),
        "the numbers are sorted; keep the order of the tokens.",
    ),
    (
        lambda tokens, numbers, length: _filled(
            list(dict.fromkeys(_known(tokens, numbers))), length
        ),
        "a token that comes again is dropped; number it each time.",
    ),
]

# ---- 16.4: a bag of words ------------------------------------------------------------------------


def _bag_case(seed: int, words: list[list[int]], size: int) -> tuple:
    """Vectors (n, l, size) of words (n, l): rows of a table, in which "no word" has a row too."""
    words = np.array(words)
    return np.random.default_rng(seed).normal(size=(10, size))[words], words


BAG_CASES = [
    _bag_case(0, [[3, 5, 0, 0], [7, 0, 0, 0], [2, 2, 9, 0]], 5),
    _bag_case(1, [[0, 0, 0], [4, 8, 1]], 2),
]


def bag_of(vectors, words) -> np.ndarray:
    """The right answer: the means (n, k) of the vectors (n, l, k) where there is a word."""
    return _sum(vectors, words > 0) / _per_row(words > 0)


def _sum(vectors, weights) -> np.ndarray:
    return (vectors * weights[..., np.newaxis]).sum(axis=1)


def _per_row(weights) -> np.ndarray:
    return np.maximum(weights.sum(axis=1, keepdims=True), 1)


def _firsts(words) -> np.ndarray:
    """Where a word stands for the first time in its row."""
    return np.array(
        [[one > 0 and one not in row[:i] for i, one in enumerate(row)] for row in words]
    )


BAG = [
    (
        lambda vectors, words: vectors.mean(axis=1),
        "that is the mean over all places; those without a word must not count.",
    ),
    (lambda vectors, words: vectors.sum(axis=1), "that is the sum over all places, filling too."),
    (
        lambda vectors, words: _sum(vectors, words > 0),
        "that is the sum; divide it by the number of words.",
    ),
    (
        lambda vectors, words: _sum(vectors, words > 0) / words.shape[1],
        "divide by the number of words in the row, not by its length.",
    ),
    (
        lambda vectors, words: vectors.sum(axis=1) / _per_row(words > 0),
        "the vectors of the filling are in the sum; multiply them by 0.",
    ),
    (
        lambda vectors, words: _sum(vectors, words == 0) / _per_row(words == 0),
        "the mask is turned round: that is the mean where there is no word.",
    ),
    (
        lambda vectors, words: _sum(vectors, words > 0) / _per_row(words),
        "divide by how many words there are, not by the sum of their numbers.",
    ),
    (
        lambda vectors, words: _sum(vectors, words) / _per_row(words > 0),
        "multiply by 1 where there is a word, not by the word's number.",
    ),
    (
        lambda vectors, words: _sum(vectors, words) / _per_row(words),
        "each word counts the same: multiply by 1 where there is one, not by its number.",
    ),
    (
        lambda vectors, words: _sum(vectors, words > 0) / ((words > 0).sum(1, keepdims=True) + 1),
        "1 too much below the line makes all means smaller; use np.maximum(…, 1).",
    ),
    (
        lambda vectors, words: _sum(vectors, words > 0) / max((words > 0).sum(), 1),
        "each row has its own number of words; do not divide by that of all rows.",
    ),
    (
        lambda vectors, words: _sum(vectors, _firsts(words)) / _per_row(_firsts(words)),
        "a word that comes twice counts twice.",
    ),
    (
        lambda vectors, words: _sum(vectors, words > 0) / _per_row(_firsts(words)),
        "divide by the number of all words in the row, also where one comes twice.",
    ),
]

# ---- 16.5: attention -----------------------------------------------------------------------------


def _attention_case(seed: int, shape: tuple[int, ...], is_there: list) -> tuple:
    """Queries (n, q, d), keys (n, l, d), values (n, l, v) for shape = (n, q, l, d, v)."""
    random, (n, q, l, d, v) = np.random.default_rng(seed), shape  # noqa: E741
    queries, keys, values = (random.normal(size=one) for one in ((n, q, d), (n, l, d), (n, l, v)))
    return 1.5 * queries, keys, values, np.array(is_there)


ATTENTION_CASES = [
    _attention_case(0, (2, 3, 4, 5, 2), [[1, 1, 0, 0], [1, 1, 1, 0]]),
    _attention_case(1, (1, 4, 3, 2, 6), [[1.0, 1.0, 1.0]]),
]


def attention(queries, keys, values, is_there) -> np.ndarray:
    """The right answer (n, q, v): Vaswani et al. 2017, equation 1, over what is there."""
    return _shares(queries, keys, is_there) @ values


def _logits(queries, keys) -> np.ndarray:
    return _products(queries, keys) / np.sqrt(keys.shape[-1])


def _products(queries, keys) -> np.ndarray:
    return queries @ np.swapaxes(keys, 1, 2)


def _masked(logits, is_there, value: float = -1e9) -> np.ndarray:
    return np.where(is_there[:, np.newaxis] > 0, logits, value)


def _with(logits=_logits, masked=_masked, axis=-1):
    """Attention, right or with a slip in its logits, its mask or its softmax."""
    return lambda q, k, v, there: special.softmax(masked(logits(q, k), there), axis=axis) @ v


def _scaled(scale):
    return _with(logits=lambda queries, keys: _products(queries, keys) / scale(queries, keys))


def _shares(queries, keys, is_there) -> np.ndarray:
    return special.softmax(_masked(_logits(queries, keys), is_there), axis=-1)


ATTENTION = [
    (_scaled(lambda q, k: 1), "the root is missing: divide by the root of d, the keys' length."),
    (_scaled(lambda q, k: k.shape[-1]), "divide by the root of d, not by d itself."),
    (_scaled(lambda q, k: k.shape[-1] ** -0.5), "divide by the root of d; do not multiply by it."),
    (
        _scaled(lambda q, k: np.sqrt(k.shape[1])),
        "d is how long a key is, keys.shape[-1], not how many there are.",
    ),
    (
        lambda q, k, v, there: (
            special.softmax(_masked(_products(q, k) / np.sqrt(v.shape[-1]), there), axis=-1) @ v
        ),
        "d is the length of a key; values may be longer or shorter.",
    ),
    (
        _with(axis=1),
        "the softmax runs over the queries; each query's shares sum to 1 over the keys, axis -1.",
    ),
    (_with(axis=(1, 2)), "the softmax runs over all pairs; the shares of each query sum to 1."),
    (
        _with(masked=lambda logits, there: logits),
        "the filling gets shares too: `is_there` is not in it.",
    ),
    (
        _with(masked=lambda logits, there: logits * there[:, np.newaxis]),
        "a logit of 0 is no share of 0, since e to the 0 is 1; give the filling -1e9.",
    ),
    (
        _with(masked=lambda logits, there: _masked(logits, 1 - there)),
        "the mask is turned round: the filling gets the shares.",
    ),
    (
        _with(masked=lambda logits, there: _masked(logits, there, 1e9)),
        "a logit of 1e9 gives the filling everything; the sign is missing.",
    ),
    (
        lambda q, k, v, there: (special.softmax(_logits(q, k), axis=-1) * there[:, None]) @ v,
        "masked after the softmax, the shares sum to less than 1; mask the logits.",
    ),
    (
        lambda q, k, v, there: np.exp(_masked(_logits(q, k), there)) @ v,
        "the shares do not sum to 1: divide by the sum over the keys.",
    ),
    (
        lambda q, k, v, there: _masked(_logits(q, k), there, 0.0) @ v,
        "the softmax is missing: the logits are no shares yet.",
    ),
    (
        lambda q, k, v, there: _shares(q, k, there),
        "those are the shares; multiply them with the values.",
    ),
    (
        lambda q, k, v, there: _shares(q, k, there) @ k,
        "the shares belong before the values, not before the keys.",
    ),
    (
        lambda q, k, v, there: np.eye(k.shape[1])[_shares(q, k, there).argmax(axis=-1)] @ v,
        "that takes the likest key alone; each key has a share.",
    ),
]
