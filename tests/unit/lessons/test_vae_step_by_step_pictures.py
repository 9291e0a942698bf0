"""The pictures of lesson 09: the live one over its controls, and estimates with error bars."""

import itertools

import numpy as np
import pytest

from course_utils.lessons.vae_step_by_step import estimators, pictures

# ---- the live picture

MIDDLE = {"function": "hill", "mean": -0.5, "scale": 0.6, "noise": 1.0, "samples": 10, "seed": 0}


@pytest.mark.slow
@pytest.mark.parametrize("function", estimators.PAYOFFS)
def test_drawn_in_every_corner_and_in_between(function):
    for mean, scale, noise, samples in itertools.product(
        (-2, 0.3, 2), (0.1, 0.9, 2), (-3, 0, 3), (1, 500)
    ):
        with np.errstate(all="raise", under="ignore"):
            figure = pictures.gradients_figure(function, mean, scale, noise, samples, 999)
        assert figure.caption.startswith(f"The {function}, mean {mean:g}, scale {scale:g}.")
        assert f"z = {round(mean + scale * noise, 2) + 0.0:.2f}" in figure.caption
        assert "nan" not in figure.caption and "-0.00" not in figure.caption


def test_the_caption_says_what_the_estimators_find():
    caption = pictures.gradients_figure(**MIDDLE | {"samples": 500.0}).caption
    assert "gives z = 0.10, slope +2.46" in caption  # 1.5 (1.2 - 0.15) / 0.64
    assert "Gradient by mean and scale: exact +4.57, -2.11;" in caption
    assert "from 500 draws" in caption and "Spread of one draw" in caption
    single = pictures.gradients_figure(**MIDDLE | {"samples": 1}).caption
    assert "from 1 draw rep" in single and "Spread" not in single
    assert "outside" in pictures.gradients_figure(**MIDDLE | {"scale": 3.0, "noise": 3.0}).caption


@pytest.mark.parametrize("control", ["function", "mean", "scale", "noise", "samples", "seed"])
def test_each_control_changes_the_picture(control):
    other = {"function": "wave", "mean": 0.0, "scale": 1.0, "noise": -1.0, "samples": 9, "seed": 1}
    before = pictures.gradients_figure(**MIDDLE).content
    assert pictures.gradients_figure(**MIDDLE | {control: other[control]}).content != before
    assert pictures.gradients_figure(**MIDDLE).content == before  # nothing is left behind


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"function": "peak"}, "'peak'"),
        ({"mean": 99.0}, "mean is 99; give a number from -3 to 3"),
        ({"scale": 0.0}, "scale is 0; give"),
        ({"noise": np.nan}, "noise is nan"),
        ({"samples": 0}, "samples is 0"),
        ({"seed": -1}, "seed is -1; give a whole number"),
        ({"seed": True}, "seed is True"),
    ],
)
def test_bad_controls_are_refused_in_one_sentence(changes, words):
    with pytest.raises(ValueError, match=words):
        pictures.gradients_figure(**MIDDLE | changes)


# ---- error bars


def bars(**changes):
    given = {"counts": [10, 100], "estimates": [1.0, 0.9], "errors": [0.3, 0.1], "exact": 0.95}
    return pictures.error_bars_figure(
        **given | changes, caption="Two estimates.", xlabel="draws", ylabel="nats"
    )


def test_error_bars_have_an_alt_text():
    assert 'alt="Two estimates."' in bars().content


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"counts": [10]}, r"shapes \(1,\), \(2,\), \(2,\)"),
        ({"counts": [0, 10]}, "counts must be above 0"),
        ({"errors": [-0.1, 0.1]}, "errors not below 0"),
        ({"estimates": [np.nan, 1.0]}, "estimates must be finite"),
        ({"estimates": []}, "estimates must be finite numbers of shape"),
        ({"exact": np.inf}, "exact is inf"),
    ],
)
def test_bad_error_bars_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        bars(**changes)
