"""What is said of a learner's measures in lesson 08, by what they tell apart."""

import numpy as np
import pytest

from course_utils import metrics
from course_utils.base.backend import keras, tf
from course_utils.lessons.gan_diseases import designs_measures, mistakes_measures
from course_utils.models.critic_layers import MinibatchStd


def appended(number):
    """A learner's function that appends what `number` makes of the features, as a channel."""

    def append(features):
        return tf.concat([features, 0 * features[..., :1] + number(features)], axis=-1)

    return append


def variance(features):
    return tf.math.reduce_variance(features, axis=0)


@pytest.mark.parametrize("epsilon", [1e-8, 1e-6, 1e-12])
def test_the_layer_and_what_equals_it_have_no_fault(epsilon):
    mine = appended(lambda features: tf.reduce_mean(tf.sqrt(variance(features) + epsilon)))
    assert designs_measures.deviation_fault(mine) == ""
    assert designs_measures.deviation_fault(MinibatchStd()) == ""
    ops = keras.ops
    others = appended(lambda one: ops.mean(ops.sqrt(ops.maximum(ops.var(one, axis=0), 1e-8))))
    assert designs_measures.deviation_fault(others) == ""


@pytest.mark.parametrize(
    ("append", "words"),
    [
        (lambda features: features, "it returns"),
        (lambda features: tf.reverse(MinibatchStd()(features), [-1]), "have to stay"),
        (lambda features: tf.roll(MinibatchStd()(features), 1, -1), "behind the others"),
        (appended(lambda one: tf.reduce_mean(tf.math.reduce_std(one, 0))), "not finite"),
        (appended(lambda one: tf.reduce_mean(tf.sqrt(variance(one) + 0.1))), "should hold"),
        (appended(lambda one: one[..., :1]), "one number for the batch"),
        (lambda features: MinibatchStd()(tf.stop_gradient(features)), "no gradient flows"),
        (lambda features: MinibatchStd()(tf.constant(np.asarray(features))), "no gradient flows"),
    ],
    ids=["nothing", "reversed", "in front", "root", "epsilon", "map", "stopped", "numpy"],
)
def test_faults_of_a_deviation(append, words):
    assert words in designs_measures.deviation_fault(append)


@pytest.mark.parametrize(("wrong", "sentence"), mistakes_measures.APPENDED)
def test_each_slip_is_told_its_own_sentence(wrong, sentence):
    def append(features):
        return appended(lambda _: tf.cast(wrong(np.asarray(features)), tf.float32))(features)

    assert designs_measures.deviation_fault(append) == sentence


def means(discriminate, training, held_out, generated):
    return (float(np.mean(discriminate(one))) for one in (training, held_out, generated))


def share(*given):
    known, new, fake = means(*given)
    return (known - new) / (known - fake)


@pytest.mark.parametrize(
    "measure",
    [share, lambda *given: tf.constant([share(*given)]), lambda *given: share(*given) > 0.5],
)
def test_a_share_of_the_lead_has_no_fault(measure):
    assert designs_measures.lead_fault(measure) == ""


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (lambda *given: 1.0, "below 1/2"),
        (lambda *given: 0.0, "like generated ones"),
        (lambda *given: 1 - share(*given), "below 1/2"),
        (lambda *given: float("nan"), "nan"),
        (lambda *given: 0.6 + 0 * np.zeros(3), "one number"),
        (lambda d, known, new, fake: float(np.mean(d(known)) - np.mean(d(new))), "it should be"),
        (lambda d, *rest: share(lambda one: tf.sigmoid(d(one)), *rest), "it should be"),
    ],
    ids=["always", "never", "opposite", "nan", "array", "gap", "probabilities"],
)
def test_faults_of_a_lead(measure, words):
    assert words in designs_measures.lead_fault(measure)


def test_a_made_discriminator_owes_what_it_should_to_memory():
    random = np.random.default_rng(1)
    known, new, fake = (np.float32(random.uniform(-1, 1, (2000, 4, 4, 1))) for _ in range(3))
    known[:, 0, 0, 0], new[:, 0, 0, 0], fake[:, 0, 0, 0] = 1, 1, 0
    for memory in (0.0, 0.3, 1.0):
        made = designs_measures._made(known, memory, 5.0, -2.0)
        assert made(known).shape == (2000, 1)
        assert share(made, known, new, fake) == pytest.approx(memory, abs=0.03)
        known_logits = np.asarray(made(known))
        assert known_logits.std() == pytest.approx(5 * designs_measures._NOISE, rel=0.05)


@pytest.mark.parametrize("shares", mistakes_measures.EFFECTIVE_NUMBER_CASES)
def test_cases_are_shares(shares):
    assert shares.sum() == pytest.approx(1) and metrics.effective_number(shares) >= 1
