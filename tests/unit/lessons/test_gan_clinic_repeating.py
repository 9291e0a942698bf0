"""Whether a training repeats after a start, and what is said if it does not."""

import random

import numpy as np
import pytest

from course_utils.base.backend import keras, tf
from course_utils.lessons.gan_clinic import repeating


def by_numpy(seed):
    np.random.seed(seed)


def by_numpy_and_python(seed):
    np.random.seed(seed)
    random.seed(seed)


def test_keras_s_seed_repeats_everything():
    assert repeating.start_fault(keras.utils.set_random_seed) == ""


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (by_numpy, "Keras's initial weights differ"),
        (by_numpy_and_python, "TensorFlow's random numbers differ"),
        (tf.random.set_seed, "NumPy's random numbers differ"),
        (lambda seed: None, "differ from run to run"),
        (lambda seed: keras.utils.set_random_seed(0), "use the seed that is given"),
    ],
)
def test_what_does_not_repeat_is_named(start, words):
    assert words in repeating.start_fault(start)


def test_random_numbers_go_on_as_if_nothing_had_happened():
    keras.utils.set_random_seed(5)
    expected = random.random(), np.random.rand()
    keras.utils.set_random_seed(5)
    repeating.start_fault(keras.utils.set_random_seed)
    assert (random.random(), np.random.rand()) == expected
