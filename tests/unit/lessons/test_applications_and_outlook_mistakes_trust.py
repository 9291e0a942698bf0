"""Each known mistake of exercises 17.9, 17.10 and 17.12 is told its sentence, no right one is."""

import numpy as np
import pytest
from known_mistakes import assert_each_is_told

from course_utils.lessons.applications_and_outlook import mistakes_denoising, mistakes_trust
from course_utils.models import export


def denoise_on_the_path(noisy, deviation, velocity, num_steps):
    """In the noise's own measure: y = x + r e is x_t / t, with r = (1 - t) / t."""
    ratio = 2 * deviation
    time = 1 / (ratio + 1)
    points, step = (2 * noisy - 1) / (1 + ratio), (1 - time) / num_steps
    for index in range(num_steps):
        points = points + step * velocity(points, time + index * step)
    return points / 2 + 0.5


def threshold_by_sorting(scores, rate):
    allowed = int(rate * len(scores) + 1e-9)
    return np.sort(scores)[len(scores) - 1 - allowed]


def few_bits_by_hand(weights, num_bits):
    step = max(weights.max(), -weights.min()) / (2 ** (num_bits - 1) - 1)
    return np.rint(weights / step) * step


EXERCISES = {
    "17.9": (denoise_on_the_path, mistakes_denoising.denoise, "DENOISE_CASES", "DENOISERS"),
    "17.10": (threshold_by_sorting, mistakes_trust.threshold, "THRESHOLD_CASES", "THRESHOLDS"),
    "17.12": (few_bits_by_hand, mistakes_trust.few_bits, "ROUND_CASES", "ROUNDERS"),
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_mistake_is_told_its_sentence(name, capsys):
    right, expected, *lists = EXERCISES[name]
    room = mistakes_denoising if name == "17.9" else mistakes_trust
    cases, known = (getattr(room, one) for one in lists)
    assert_each_is_told(name, right, cases, known, capsys, expected)


def test_no_sentence_is_given_twice():
    for known in (mistakes_denoising.DENOISERS, mistakes_trust.THRESHOLDS, mistakes_trust.ROUNDERS):
        sentences = [sentence for _, sentence in known]
        assert len(set(sentences)) == len(sentences)


def test_the_exact_velocity_carries_the_noise_to_the_data():
    random = np.random.default_rng(0)
    points, velocity = random.standard_normal(20_000), mistakes_denoising.normal_velocity(-0.4, 0.5)
    for step in range(400):
        points = points + velocity(points, step / 400) / 400
    assert points.mean() == pytest.approx(-0.4, abs=0.02)
    assert points.std() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("case", mistakes_trust.THRESHOLD_CASES)
def test_no_lower_score_keeps_to_the_rate(case):
    scores, rate = case
    limit = mistakes_trust.threshold(scores, rate)
    assert np.mean(scores > limit) <= rate
    assert all(np.mean(scores > one) > rate for one in scores[scores < limit])


@pytest.mark.parametrize("case", mistakes_trust.ROUND_CASES)
def test_no_weight_moves_by_more_than_half_a_step(case):
    weights, num_bits = case
    step = export.rounded(weights, num_bits)[1]
    assert np.abs(mistakes_trust.few_bits(weights, num_bits) - weights).max() <= step / 2 * 1.0001
