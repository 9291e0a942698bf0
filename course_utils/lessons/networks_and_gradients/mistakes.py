"""Known mistakes in the exercises of lesson 03, each with the sentence that names it.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them.
"""

import numpy as np

OUTPUT_SIZE = [
    (lambda n, k, s, p: (n - k) // s + 1, "that is right for valid; same is missing."),
    (lambda n, k, s, p: -(-n // s), "that is right for same; valid is missing."),
    (
        lambda n, k, s, p: n // s if p == "same" else (n - k) // s + 1,
        "same rounds up: 7 pixels with stride 2 become 4.",
    ),
    (
        lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) // s,
        "a window that just fits has one place, not none: add 1.",
    ),
    (
        lambda n, k, s, p: -(-n // s) if p == "same" else (n - k) / s + 1,
        "a window that sticks out has no place: round (n - k) / stride down.",
    ),
    (
        lambda n, k, s, p: -(-n // s) if p == "same" else -(-(n - k) // s) + 1,
        "a window that sticks out has no place: round (n - k) / stride down, not up.",
    ),
    (
        lambda n, k, s, p: n if p == "same" else (n - k) // s + 1,
        "same keeps the size for stride 1 only; think of stride 2.",
    ),
]

GRADIENT_OF_W1 = [
    (lambda x, a, d, w2: x.T @ (d @ w2.T), "the slope of the ReLU is missing."),
    (
        lambda x, a, d, w2: x.T @ ((d @ w2.T) * np.maximum(a, 0)),
        "that multiplies by the ReLU itself; the chain rule wants its slope, 0 or 1.",
    ),
    (
        lambda x, a, d, w2: x.T @ ((d @ w2.T) * (1 - np.tanh(a) ** 2)),
        "that is still the slope of tanh.",
    ),
    (
        lambda x, a, d, w2: x.T @ ((d @ w2.T) * (a < 0)),
        "the slope is 1 where the ReLU's input is above 0, not below.",
    ),
    (lambda x, a, d, w2: np.maximum(a, 0).T @ d, "that is the gradient by w2."),
    (
        lambda x, a, d, w2: x.T @ ((d @ w2.T) * (a > 0)) / len(x),
        "d_logits holds the 1/n of the mean already.",
    ),
    (lambda x, a, d, w2: ((d @ w2.T) * (a > 0)).sum(axis=0), "that is the gradient by b1."),
]
