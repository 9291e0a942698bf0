"""Lesson 14's real-or-fake quiz: the round, every button, the results; no browser."""

import re

import ipywidgets
import numpy as np
import pytest
from scipy.stats import binomtest

from course_utils import plots
from course_utils.lessons.how_good_is_it import quiz, quiz_results
from course_utils.lessons.how_good_is_it.quiz_results import Share, count_answers, order_sentence


def level_images(n: int, first: int) -> np.ndarray:
    """uint8 images, each of one gray level of its own, by which it is recognized."""
    levels = np.arange(first, first + n, dtype=np.uint8)
    return np.broadcast_to(levels.reshape(-1, 1, 1, 1), (n, 28, 28, 1)).copy()


REAL = level_images(40, 0)
MODELS = {
    "GAN": level_images(30, 100) / np.float32(255),
    "flow": level_images(30, 150) / np.float32(255),
    "VAE": level_images(30, 200),
}
DISTANCES = {"GAN": 2.5, "flow": 1.5, "VAE": 30.0}


def source_of(image: np.ndarray) -> str:
    level = round(float(image[0, 0, 0]) * 255)
    return "real" if level < 100 else "GAN" if level < 150 else "flow" if level < 200 else "VAE"


def is_real(image: np.ndarray) -> bool:
    return source_of(image) == "real"


@pytest.fixture
def widget():
    return quiz.real_or_fake(REAL, MODELS, distances=DISTANCES)


def text(widget) -> str:
    return re.sub(r"<[^>]*>", "", widget.value).replace("&#x27;", "'")


# ---- the round -----------------------------------------------------------------------------------


def test_half_is_real_the_rest_is_shared_and_nothing_comes_twice(widget):
    assert widget.images.shape == (24, 28, 28, 1) and widget.images.dtype == np.float32
    sources = [source_of(image) for image in widget.images]
    counts = {name: sources.count(name) for name in ("real", *MODELS)}
    assert counts == {"real": 12, "GAN": 4, "flow": 4, "VAE": 4}
    assert len(np.unique(widget.images[:, 0, 0, 0])) == 24
    assert "real" in sources[12:] and sources[:12].count("real") < 12  # mixed


def test_the_seed_makes_the_round():
    def levels(seed):
        return quiz.real_or_fake(REAL, MODELS, seed=seed).images[:, 0, 0, 0].tolist()

    assert levels(3) == levels(3) != levels(4)


def test_finer_steps_than_the_screen_shows_give_nothing_away():
    finer = {name: np.clip(REAL / 255 + 0.001, 0, 1).astype(np.float32) for name in "ab"}
    round_ = quiz.real_or_fake(REAL, finer)
    np.testing.assert_allclose(round_.images * 255, np.rint(round_.images * 255), atol=1e-4)


# ---- the buttons ---------------------------------------------------------------------------------


def test_a_whole_quiz_by_hand(widget):
    seen = []
    for number in range(1, 25):
        assert f'alt="Picture {number} of 24"' in widget.picture.value
        assert f"Judged: {number - 1} of 24." in text(widget.count)
        assert 'role="status"' in widget.count.value
        # No word of what it is.
        shown = re.sub(r'src="[^"]*"', "", widget.picture.value + widget.count.value)
        assert not re.search("real|GAN|flow|VAE|right", shown)
        assert widget.verdict.value == "" and not widget.real.disabled
        seen.append(widget.picture.value)
        answer = is_real(widget.images[number - 1])
        (widget.real if answer else widget.generated).click()
        assert widget.message.value == ""
    assert len(set(seen)) == 24
    assert widget.is_over and widget.answers == [is_real(image) for image in widget.images]
    assert widget.results().right == Share(24, 24)
    assert text(widget.count) == "Judged: 24 of 24, right: 24."
    assert widget.real.disabled and widget.generated.disabled and widget.undo.disabled


def test_the_picture_is_enlarged_in_whole_pixels(widget):
    assert 'width="280"' in widget.picture.value and "pixelated" in widget.picture.value


def test_the_sheet_says_of_each_picture_what_it_is_and_what_was_said(widget):
    widget.play(lambda image: True)
    for image, alt in zip(
        widget.images, re.findall('alt="([^"]*)"', widget.picture.value), strict=True
    ):
        mark = "✓" if is_real(image) else "✗"
        assert alt == f"{mark} {source_of(image)}, called real"
    widget.play(lambda image: not is_real(image))
    assert widget.picture.value.count(">✗ real, called generated<") == 12
    assert widget.picture.value.count(">✗ VAE, called real<") == 4


def test_undo_takes_back_one_answer_and_none_at_the_end(widget):
    assert widget.undo.disabled
    first = widget.picture.value
    widget.real.click()
    second = widget.picture.value
    widget.generated.click()
    widget.undo.click()
    assert widget.answers == [True] and widget.picture.value == second != first
    widget.undo.click()
    assert widget.answers == [] and widget.picture.value == first and widget.undo.disabled
    widget.undo.click()  # one that was on its way
    assert widget.answers == []
    widget.play(is_real)
    for button in (widget.undo, widget.real, widget.generated):
        button.click()
        assert len(widget.answers) == 24 and widget.results().right == Share(24, 24)


def test_start_afresh_takes_the_next_seed(widget):
    widget.real.click()
    before = widget.images
    widget.afresh.click()
    assert widget.answers == [] and widget.seed == 1 and not np.array_equal(widget.images, before)
    assert 'alt="Picture 1 of 24"' in widget.picture.value
    widget.play(is_real)
    widget.afresh.click()
    assert widget.seed == 2 and not widget.real.disabled and widget.verdict.value == ""
    other = quiz.real_or_fake(REAL, MODELS, seed=2)
    np.testing.assert_array_equal(widget.images, other.images)


def test_an_error_is_a_sentence_in_the_widget(widget, monkeypatch):
    before = widget.picture.value

    def broken(*args, **kwargs):
        raise RuntimeError("no picture today")

    monkeypatch.setattr(plots, "pixels_figure", broken)
    widget.real.click()
    assert 'role="alert"' in widget.message.value and "no picture today" in widget.message.value
    assert widget.picture.value == before
    monkeypatch.undo()
    widget.undo.click()
    assert widget.message.value == "" and widget.picture.value == before


def every_widget(root):
    yield root
    for child in getattr(root, "children", ()):
        yield from every_widget(child)


def test_every_control_has_a_name_and_a_class(widget):
    shown = list(every_widget(widget))
    names = [one.description for one in shown if isinstance(one, ipywidgets.Button)]
    assert names == ["Real", "Generated", "Undo", "Start afresh"]
    classes = {name for one in shown for name in getattr(one, "_dom_classes", ())}
    parts = ("picture", "message", "real", "generated", "undo", "afresh", "count", "verdict")
    assert classes == {"course-quiz"} | {f"course-quiz-{part}" for part in parts}


def test_a_page_without_a_kernel_gets_the_picture_and_the_table(widget):
    stored = widget._repr_mimebundle_()
    assert stored["text/html"] == widget.picture.value
    assert stored["text/plain"] == "<real-or-fake quiz>"
    widget.play(is_real)
    stored = widget._repr_mimebundle_()["text/html"]
    assert "✓ GAN, called generated" in stored and "<table" in stored and "24 of 24" in stored


# ---- a judge, and the results --------------------------------------------------------------------


def test_a_judge_plays_the_whole_round(widget):
    widget.real.click()  # what a person had begun is replaced
    results = widget.play(lambda image: source_of(image) in ("real", "flow"))
    assert results == widget.results()
    assert results.right == Share(20, 24) and results.real == Share(12, 12)
    assert results.models == {"GAN": Share(0, 4), "flow": Share(4, 4), "VAE": Share(0, 4)}
    assert results.distances == DISTANCES and not results.chance_is_inside
    table = text(widget.verdict)
    assert "flow, taken for real4 of 4100 %51 % to 100 %1.50" in table
    assert "Chance, 50 %, is outside the interval" in table and order_sentence(results) in table


def test_a_judge_sees_a_copy_and_answers_with_true_or_false(widget):
    before = widget.images.copy()

    def spoil(image):
        image[:] = 0
        return np.bool_(True)

    widget.play(spoil)
    np.testing.assert_array_equal(widget.images, before)
    widget.afresh.click()
    for wrong in (0.7, None, 1, np.array([True, False])):
        with pytest.raises(TypeError, match=r"answer to picture 1 is .*; let it return True if"):
            widget.play(lambda image, wrong=wrong: wrong)
    assert widget.answers == []


def test_no_results_before_the_end(widget):
    widget.real.click()
    with pytest.raises(RuntimeError, match=r"^1 of 24 pictures are judged; judge them all"):
        widget.results()


@pytest.mark.parametrize("successes, trials", [(0, 4), (4, 4), (1, 3), (15, 24), (500, 1000)])
def test_the_interval_is_scipys(successes, trials):
    for confidence in (0.95, 0.5):
        expected = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
        found = quiz_results.wilson_interval(successes, trials, confidence)
        assert found == pytest.approx((expected.low, expected.high), abs=1e-12)
    if successes in (0, trials):
        assert Share(successes, trials).interval[successes > 0] == float(successes > 0)


def test_the_interval_refuses_what_cannot_be():
    for wrong in ((5, 4), (-1, 4), (0, 0)):
        with pytest.raises(ValueError, match="give a whole number"):
            quiz_results.wilson_interval(*wrong)


def results_of(taken: dict[str, int], each: int, distances=None):
    """Results of a quiz in which so many of each model's pictures were taken for real."""
    sources, answers = [], []
    for name, count in taken.items():
        sources += each * [name] + each * ["real"]
        answers += count * [True] + (each - count) * [False] + each * [True]
    return count_answers(sources, answers, list(taken), distances)


def test_what_the_order_of_the_models_is_said_to_be():
    near = {"a": 1.0, "b": 2.0}
    said = order_sentence(results_of({"a": 3, "b": 2}, 6, near))
    assert said == (
        "The answers' order of the models agrees with the metric's (a, b), but the intervals "
        "overlap: 6 pictures of each cannot tell."
    )
    said = order_sentence(results_of({"a": 0, "b": 6}, 6, near))
    assert said == (
        "The answers' order of the models differs from the metric's (a, b), and no two intervals "
        "overlap."
    )
    said = order_sentence(results_of({"a": 4, "b": 2, "c": 0}, 4, near | {"c": 3.0}))
    assert said == (
        "The answers' order of the models agrees with the metric's (a, b, c), but 4 pictures of "
        "each tell only a from c: the other intervals overlap."
    )
    said = order_sentence(results_of({"a": 2, "b": 2}, 6, near))
    assert said.startswith("The answers put no model before another, but the intervals overlap")
    said = order_sentence(results_of({"a": 0, "b": 6}, 6))
    assert said == (
        "The answers' order of the models, most often taken for real first, is b, a, and no two "
        "intervals overlap."
    )


def test_three_pictures_of_each_can_never_tell():
    assert results_of({"a": 0, "b": 3}, 3).apart == []
    assert results_of({"a": 0, "b": 4}, 4).apart == [("b", "a")]


def test_guessing_is_explained_by_chance_and_printed_so():
    results = results_of({"a": 5, "b": 6}, 6)
    assert results.right == Share(13, 24) and results.chance_is_inside
    lines = str(results).splitlines()
    assert lines[0] == (
        "told right: 13 of 24, 54 % (95 % interval 35 % to 72 %); chance, 50 %, is inside"
    )
    assert len(lines) == 5 and "distance" not in str(results)
    assert "Fréchet" not in quiz_results.results_html(results)


def test_names_are_text_and_no_html():
    spoiled = "<img src=x>"
    widget = quiz.real_or_fake(REAL, {spoiled: MODELS["GAN"], "b": MODELS["VAE"]})
    widget.play(is_real)
    assert spoiled not in widget.picture.value + widget.verdict.value
    assert "&lt;img src=x&gt;, taken for real" in widget.verdict.value


# ---- what a learner may give ---------------------------------------------------------------------


class Model:
    def sample(self, n):
        return REAL[:n]


TWO = {name: MODELS[name] for name in ("GAN", "flow")}


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"models": {}}, "models is 0 models; give a dictionary of 2 to 4"),
        ({"models": {"GAN": MODELS["GAN"]}}, "models is 1 models; give a dictionary of 2 to 4"),
        ({"models": dict.fromkeys("abcde", REAL)}, "models is 5 models"),
        ({"models": [REAL, REAL]}, "models is list; give a dictionary"),
        ({"models": TWO | {"real": REAL}, "num_pictures": 6}, "A model is called 'real'; give it"),
        ({"models": TWO | {"": REAL}, "num_pictures": 6}, "A model is called ''; give it"),
        ({"models": TWO | {"GAN": Model()}}, r"models\['GAN'\] is a model; give images"),
        ({"models": TWO | {"GAN": REAL[..., 0]}}, r"models\['GAN'\]: images has shape"),
        ({"models": TWO | {"GAN": REAL[:, :14]}}, r"shape \(14, 28, 1\) but the real ones have"),
        ({"models": TWO | {"GAN": REAL[:5]}}, r"'GAN'\] has 5 images but a round shows 6"),
        ({"models": TWO | {"GAN": REAL / -1.0}}, r"models\['GAN'\]: images has values from"),
        ({"real": REAL[:11]}, "real has 11 images but a round shows 12"),
        ({"real": np.zeros((40, 784), np.float32)}, r"real has shape \(40, 784\); give"),
        ({"num_pictures": 10}, "num_pictures is 10; .* 2 models, so give a multiple of 4"),
        ({"num_pictures": 0}, "num_pictures is 0; give a whole number"),
        ({"seed": -1}, "seed is -1; give a whole number"),
        ({"distances": {"GAN": 2.0}}, "give one for each model: GAN, flow"),
        ({"distances": {"GAN": 2.0, "flow": -1}}, r"distances\['flow'\] is -1; give"),
        ({"distances": {"GAN": 2.0, "flow": "far"}}, r"distances\['flow'\] is 'far'; give one"),
    ],
)
def test_a_mistake_gets_one_sentence(changes, sentence):
    given = {"real": REAL, "models": TWO} | changes
    with pytest.raises((TypeError, ValueError), match=sentence) as caught:
        quiz.real_or_fake(given.pop("real"), given.pop("models"), **given)
    assert "\n" not in str(caught.value)
