"""The live pictures of lesson 04 over the range of their controls, and the chart of many curves."""

import math
import re
import warnings

import numpy as np
import pytest

from course_utils import plots
from course_utils.lessons.optimizers import games, pictures, rules, surfaces

# ---- descent -------------------------------------------------------------------------------------


CORNERS = [
    (log_rate, momentum, noise, steps, seed)
    for log_rate in (-4.0, -1.0, 0.5)
    for momentum, noise, steps, seed in (
        (0.0, 0.0, 0.0, 0),
        (0.99, 5.0, 300.0, 999),
        (0.9, 0.5, 60.0, 1),
    )
]


@pytest.mark.slow
@pytest.mark.parametrize("rule", rules.RULES)
@pytest.mark.parametrize("surface", surfaces.SURFACES)
def test_the_descent_is_drawn_over_the_range_of_its_controls(surface, rule):
    for corner in CORNERS:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure = pictures.descent_figure(surface, rule, *corner)
        assert figure.content.startswith("<img alt=")
        assert f"{10 ** corner[0]:.3g}" in figure.caption
        assert not re.search(r"\b(nan|inf)\b", figure.caption)
        assert ("diverges" in figure.caption) or ("After" in figure.caption)


def test_the_picture_says_that_a_path_diverges_and_where_the_limit_is():
    above = pictures.descent_figure("ravine", "gradient descent", 0.0, 0.9, 0.0, 60.0, 0).caption
    assert "It diverges: after" in above and "above the limit at the minimum, 0.08" in above
    below = pictures.descent_figure("ravine", "momentum", -1.0, 0.9, 0.0, 60.0, 0).caption
    assert "After 60 steps" in below and "below the limit at the minimum, 0.152" in below
    adam = pictures.descent_figure("ravine", "Adam", -1.0, 0.9, 0.0, 60.0, 0).caption
    assert "beta_1 0.9" in adam and "limit" not in adam


def test_another_path_makes_another_picture_and_the_same_one_the_same():
    def draw(log_rate):
        return pictures.descent_figure("bowl", "momentum", log_rate, 0.5, 0.0, 20.0, 0).content

    first = draw(-1.0)
    assert draw(-0.5) != first
    assert draw(-1.0) == first


def test_unfit_values_of_the_controls_are_refused():
    good = {
        "surface": "bowl",
        "rule": "Adam",
        "log_rate": -1.0,
        "momentum": 0.5,
        "noise": 0.0,
        "steps": 10.0,
        "seed": 0,
    }
    for bad in (
        {"surface": "x"},
        {"rule": "x"},
        {"log_rate": math.nan},
        {"momentum": 1.0},
        {"noise": -1.0},
        {"steps": -1.0},
        {"seed": -1},
    ):
        with pytest.raises(ValueError, match=r"; give|one of"):
            pictures.descent_figure(**good | bad)


# ---- game ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("scheme", games.SCHEMES)
def test_the_game_is_drawn_over_the_range_of_its_controls(scheme):
    for log_rate_x in (-2.0, -0.7, 0.6):
        for log_rate_y in (-2.0, -0.7, 0.6):
            for damping, steps in ((0.0, 0.0), (0.0, 300.0), (0.5, 60.0), (2.0, 300.0)):
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    figure = pictures.game_figure(scheme, log_rate_x, log_rate_y, damping, steps)
                assert figure.content.startswith("<img alt=")
                assert figure.caption.startswith(f"{scheme.capitalize()} steps")
                assert not re.search(r"\b(nan|inf)\b", figure.caption)


def test_the_picture_says_what_happens():
    away = pictures.game_figure("simultaneous", 0.6, 0.6, 0.0, 300.0).caption
    assert "The players run away" in away
    stays = pictures.game_figure("alternating", -0.7, -0.7, 0.0, 300.0).caption
    assert "absolute value 1.0000" in stays and "After 300 steps" in stays
    with pytest.raises(ValueError, match="damping_y is -1"):
        pictures.game_figure("alternating", 0.0, 0.0, -1.0, 10.0)
    with pytest.raises(ValueError, match="log_rate_x is nan"):
        pictures.game_figure("alternating", math.nan, 0.0, 0.0, 10.0)


# ---- many curves ---------------------------------------------------------------------------------


def test_many_curves_have_a_line_and_a_marker_each(monkeypatch):
    drawn = []
    monkeypatch.setattr(plots, "chart_figure", lambda fig, caption: drawn.append(fig) or caption)
    series = {f"curve {n}": np.arange(5.0) + n for n in range(7)}
    labels = ("Seven curves.", "x", "y")
    assert pictures.many_curves_figure(series, *labels, x=np.arange(5)) == "Seven curves."
    lines = drawn[0].axes[0].lines
    assert len({line.get_marker() for line in lines}) == len(lines) == 7
    assert [text.get_text() for text in drawn[0].legends[0].get_texts()] == list(series)
    for unfit in ({}, {str(n): [1.0] for n in range(8)}):
        with pytest.raises(ValueError, match="give 1 to 7"):
            pictures.many_curves_figure(unfit, *labels, x=[0])


def test_many_curves_have_a_caption_and_an_alt_text():
    figure = pictures.many_curves_figure({"one": [1.0, 2.0]}, "One curve.", "x", "y", x=[0, 1])
    assert figure.caption == "One curve." and 'alt="One curve."' in figure.content
