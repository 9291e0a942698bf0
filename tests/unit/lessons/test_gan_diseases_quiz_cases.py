"""What the quiz of lesson 08 shows and measures of a training, in pictures and in words."""

import re

import numpy as np
import pytest
from gan_diseases_record import made_record

from course_utils import data
from course_utils.lessons.gan_diseases import quiz_cases


@pytest.fixture(scope="module")
def record():
    return made_record()


def test_a_training_is_sick_of_what_its_name_says():
    assert quiz_cases.disease("dead_units_sick") == "dead_units"
    assert quiz_cases.disease("collapse_cured") == quiz_cases.HEALTHY
    found = {quiz_cases.disease(one) for one in quiz_cases.TRAININGS}
    assert found == {quiz_cases.HEALTHY, *quiz_cases.DISEASES}
    assert len(set(quiz_cases.TRAININGS)) == len(quiz_cases.TRAININGS)


def test_words_are_sentences():
    for disease in quiz_cases.DISEASES.values():
        for sentence in (disease.why, disease.clue):
            assert re.fullmatch(r"[A-Z].{15,}[.?]", sentence)
        assert re.fullmatch(r"[a-zDG].{10,}[^.]", disease.expected)
    for (training, answer), sentence in quiz_cases.TRUE_AS_WELL.items():
        assert training in quiz_cases.TRAININGS and answer in quiz_cases.DISEASES
        assert answer != quiz_cases.disease(training) and sentence.endswith((".", "?"))


def test_no_clue_names_the_disease():
    for disease in quiz_cases.DISEASES.values():
        assert disease.name.casefold() not in disease.clue.casefold()


@pytest.mark.parametrize("training", quiz_cases.TRAININGS)
def test_both_pictures_are_described(record, training):
    figure = quiz_cases.training_figure(record, training, "Training 3")
    losses, samples = re.findall(r'<img alt="([^"]*)"', figure.content)
    assert losses.startswith("Training 3, losses: generator from ") and "at step 200" in losses
    kind = "points" if quiz_cases.is_of_points(record, training) else "images"
    assert f"generated {kind}: " in samples and figure.caption.startswith("Training 3: losses")
    # No name, which would give it away.
    assert not any(one.name in figure._repr_html_() for one in quiz_cases.DISEASES.values())


@pytest.mark.parametrize("answer", quiz_cases.DISEASES)
def test_what_is_measured_is_a_sentence_with_finite_numbers(record, answer):
    for training in quiz_cases.TRAININGS:
        words = quiz_cases.measured(record, training, answer)
        assert not re.search(r"nan|inf\b|[{}]|\.$", words)


def test_what_is_measured_is_what_is_there(record):
    def said(answer, **arrays):
        return quiz_cases.measured({**record, **arrays}, "collapse_sick", answer)

    images, _ = data.load_images("fashion_mnist", split="train")
    copies = np.repeat(images[:8], 3, axis=0)
    assert "0.00 times as far" in said("memorization", collapse_sick_samples=copies)
    blank = np.zeros_like(copies)
    assert not re.search("is 0.00 times", said("memorization", collapse_sick_samples=blank))
    points = data.toy("ring", 512, seed=1)
    assert "8 of 8 modes" in said("collapse", collapse_sick_samples=points)
    line = np.linspace(-1, 1, 512)[:, np.newaxis] * [[1.0, 1.0]]
    assert "0.82 and 0.00" in said("dead_units", collapse_sick_samples=line)
    losses = np.stack([np.arange(10) % 2, np.linspace(1, 0.1, 10)], axis=1)
    assert "by 1.00 from" in said("oscillation", collapse_sick_losses=losses)
    assert "0.50 halfway and 0.10" in said("overfitting", collapse_sick_losses=losses)


def test_the_test_s_result_has_all_seeds_and_the_limit(record):
    words = quiz_cases.test_result(record, "collapse_sick")
    assert words.endswith(": 5, 5.5, 6 with 3 seeds; sick is below 7.")
    assert "above" in quiz_cases.test_result(record, "oscillation_sick")
