"""Known mistakes in exercises 17.10 and 17.12 of lesson 17: detect, and round.

Pairs of a wrong function and a sentence, as `checks.check_function` takes them, and the cases.
"""

import math

import numpy as np

from course_utils.models import export

# ---- 17.10: a threshold for false alarms ---------------------------------------------------------

THRESHOLD_CASES = [
    (np.random.default_rng(3).normal(-1, 2, 20), 0.05),
    (np.random.default_rng(4).normal(0, 1, 30), 0.1),
    (np.array([2.0, 4.0, 5.0, 4.0, 1.0, 0.0, 3.0, 2.5]), 0.25),  # a tie
    (np.random.default_rng(5).exponential(1, 50), 0.138),
    (np.random.default_rng(6).uniform(-3, 3, 10), 0.04),
]
_ROUNDING = 1e-9


def threshold(scores, rate) -> float:
    """The right answer: the lowest of the scores above which lies at most the share `rate`."""
    scores = np.asarray(scores)
    return float(min(one for one in scores if np.mean(scores > one) <= rate + _ROUNDING))


def _from_above(shift=0, rounding=math.floor):
    """The score with so many others above it when sorted, give or take a shift."""

    def wrong(scores, rate):
        place = rounding(rate * len(scores) + (_ROUNDING if rounding is math.floor else 0)) + shift
        return np.sort(scores)[::-1][min(max(place, 0), len(scores) - 1)]

    return wrong


THRESHOLDS = [
    (
        lambda scores, rate: np.quantile(scores, rate),
        "that is at the lower end: generated images have the high scores, so the share above "
        "counts.",
    ),
    (
        lambda scores, rate: max(one for one in scores if np.mean(scores < one) <= rate),
        "you count what is below: generated images have the high scores, so the share above "
        "counts.",
    ),
    (
        lambda scores, rate: np.quantile(scores, 1 - rate),
        "np.quantile takes a value between two scores; return one of the scores, such as with "
        "method='higher' on distinct ones.",
    ),
    (
        lambda scores, rate: np.quantile(scores, 1 - rate, method="nearest"),
        "rounded to the nearest: then more than the share may lie above; round down.",
    ),
    (
        _from_above(-1),
        "one score too high: you may allow one more false alarm.",
    ),
    (
        _from_above(1),
        "one score too low: more than the share lies above it.",
    ),
    (
        lambda scores, rate: min(
            (one for one in scores if np.mean(scores >= one) <= rate + _ROUNDING),
            default=np.max(scores),
        ),
        "a score that equals the threshold raises no alarm: count with >, without =.",
    ),
    (
        _from_above(0, math.ceil),
        "rounded up: then more than the share lies above; round the number of alarms down.",
    ),
    (
        lambda scores, rate: np.mean(scores) + 1.645 * np.std(scores),
        "that takes the scores for normal, and 5 % for every rate; count them instead.",
    ),
    (
        lambda scores, rate: np.max(scores),
        "that is never an alarm among these; a share `rate` of them is allowed.",
    ),
    (
        lambda scores, rate: 0.0,
        "0 is where the network is undecided, whatever rate is asked for; count the scores.",
    ),
]

# ---- 17.12: weights with few bits ----------------------------------------------------------------

ROUND_CASES = [
    (np.random.default_rng(7).normal(0, 0.1, (3, 4)).astype(np.float32), 8),
    (np.array([0.5, -1.27, 0.004, 0.9], np.float32), 8),
    (np.array([[0.2, -0.9], [0.7, 0.31]], np.float32), 4),
    (np.random.default_rng(8).normal(0.05, 1, 9).astype(np.float32), 6),
    (np.array([-0.8137, 0.1042, 0.4519], np.float32), 3),
]


def few_bits(weights, num_bits) -> np.ndarray:
    """The right answer: whole numbers times the step, of `models.export.rounded`."""
    whole, step = export.rounded(weights, num_bits)
    return whole * step


def _rounder(
    levels=lambda num_bits: 2 ** (num_bits - 1) - 1,
    largest=lambda weights: np.abs(weights).max(),
    to_whole=np.round,
):
    def wrong(weights, num_bits):
        step = largest(weights) / levels(num_bits)
        return to_whole(weights / step) * step

    return wrong


def _with_zero_point(weights, num_bits):
    low, high = weights.min(), weights.max()
    step = (high - low) / (2**num_bits - 1)
    return np.round((weights - low) / step) * step + low


def _whole_alone(weights, num_bits):
    return np.asarray(export.rounded(weights, num_bits)[0], np.float64)


ROUNDERS = [
    (_whole_alone, "those are the whole numbers; multiply them by the step again."),
    (
        lambda weights, num_bits: weights / export.rounded(weights, num_bits)[1],
        "that is not yet rounded, nor multiplied by the step again.",
    ),
    (
        lambda weights, num_bits: np.array(weights),
        "those are the weights as they were; round them in between.",
    ),
    (
        lambda weights, num_bits: export.rounded(weights, num_bits)[1],
        "that is the step; return the rounded weights.",
    ),
    (
        _rounder(lambda num_bits: 2**num_bits - 1),
        "the sign takes one bit, so the largest whole number is 2^(bits-1) - 1.",
    ),
    (
        _rounder(lambda num_bits: 2**num_bits),
        "that is how many numbers the bits can tell apart; the largest one is 2^(bits-1) - 1.",
    ),
    (
        _rounder(lambda num_bits: 2 ** (num_bits - 1)),
        "2^(bits-1) itself does not fit, +128 with 8 bits for one: take 2^(bits-1) - 1.",
    ),
    (
        _rounder(lambda num_bits: 127),
        "that is for 8 bits whatever is asked; use num_bits.",
    ),
    (
        _rounder(to_whole=np.trunc),
        "cut off toward 0, as by astype: round to the nearest whole number with np.round.",
    ),
    (
        _rounder(to_whole=np.floor),
        "rounded down: every weight gets smaller; round to the nearest with np.round.",
    ),
    (
        _rounder(to_whole=np.ceil),
        "rounded up: every weight grows; round to the nearest with np.round.",
    ),
    (
        _rounder(largest=lambda weights: weights.max()),
        "the largest weight may be a negative one: take the largest of the absolute values.",
    ),
    (
        _rounder(largest=lambda weights: np.std(weights)),
        "with the deviation for the largest, whole numbers get too large for the bits.",
    ),
    (
        _rounder(largest=lambda weights: np.abs(weights).max(axis=-1, keepdims=True)),
        "each row got a step of its own; here one step serves the whole array.",
    ),
    (
        _with_zero_point,
        "that starts at the smallest weight, so that 0 moves; here 0 stays 0, and the step is "
        "max|w| / (2^(bits-1) - 1).",
    ),
    (
        lambda weights, num_bits: np.round(weights, num_bits),
        "those are decimals; bits count powers of two of a step.",
    ),
]
