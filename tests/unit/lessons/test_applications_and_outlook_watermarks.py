"""Watermarks of lesson 17: what they cost, what they survive and what not, and false alarms."""

from functools import partial

import numpy as np
import pytest
from PIL import Image
from scipy import fft

from course_utils import data
from course_utils.lessons.applications_and_outlook import watermarks

LOWEST, SPREAD = watermarks.WATERMARKS.values()
BOTH = pytest.mark.parametrize("mark", [LOWEST, SPREAD], ids=list(watermarks.WATERMARKS))


@pytest.fixture(scope="module")
def cat() -> np.ndarray:
    """The cat photo's middle in gray, 128 x 128."""
    middle = Image.fromarray(data.cat_photo()).convert("L").crop((75, 0, 375, 300))
    return np.asarray(middle.resize((128, 128), Image.Resampling.LANCZOS))


# ---- what a mark is ------------------------------------------------------------------------------


def test_the_lowest_bits_change_no_pixel_by_more_than_one(cat):
    marked = LOWEST.embed(cat, 3)
    assert np.abs(marked.astype(int) - cat).max() == 1
    assert LOWEST.detect(marked, 3) == 128  # all 128^2 bits agree: sqrt(n)
    assert watermarks.psnr(cat, marked) == pytest.approx(51.1, abs=0.2)


def test_the_spread_mark_costs_what_its_deviation_says(cat):
    for deviation in (1.5, 3.0):
        marked = SPREAD.embed(cat, 3, deviation)
        change = marked.astype(float) - cat
        assert np.sqrt(np.mean(change**2)) == pytest.approx(deviation, rel=0.05)


def test_the_spread_mark_lies_in_its_band():
    gray = np.full((64, 64), 128, np.uint8)
    change = fft.dctn(SPREAD.embed(gray, 3) - 128.0, norm="ortho")
    radii = np.hypot(*np.ogrid[:64, :64])
    inside = (radii >= 8) & (radii <= 48)
    strength = 3 * np.sqrt(64 * 64 / inside.sum())
    np.testing.assert_allclose(np.abs(change[inside]), strength, atol=1.5)  # rounded to gray values
    assert np.abs(change[~inside]).max() < 1.5
    assert SPREAD.detect(SPREAD.embed(gray, 3), 3) == pytest.approx(np.sqrt(inside.sum()))


@BOTH
def test_a_key_always_gives_the_same_mark(mark, cat):
    assert np.array_equal(mark.embed(cat, 3), mark.embed(cat, 3))
    assert not np.array_equal(mark.embed(cat, 3), mark.embed(cat, 4))


# ---- what it survives ----------------------------------------------------------------------------

SURVIVED = {
    "nothing": lambda image: image,
    "JPEG 90": partial(watermarks.jpeg, quality=90),
    "JPEG 50": partial(watermarks.jpeg, quality=50),
    "JPEG 30": partial(watermarks.jpeg, quality=30),
    "noise": partial(watermarks.noisy, deviation=10),
    "blur": partial(watermarks.blurred, radius=2),
    "half the size": partial(watermarks.resized, factor=0.5),
    "half the size and back": lambda image: watermarks.resized(watermarks.resized(image, 0.5), 2),
    "less contrast": lambda image: (0.7 * image + 20).astype(np.uint8),
}


@pytest.mark.parametrize("damage", SURVIVED.values(), ids=SURVIVED)
def test_the_spread_mark_survives(damage, cat):
    assert watermarks.detection_rate(SPREAD, cat, damage, num_keys=30) > 0.95


@pytest.mark.parametrize("name", [name for name in SURVIVED if name != "nothing"])
def test_the_lowest_bits_survive_nothing(name, cat):
    assert watermarks.detection_rate(LOWEST, cat, SURVIVED[name], num_keys=30) < 0.05


def test_the_lowest_bits_survive_a_plain_copy(cat):
    assert watermarks.detection_rate(LOWEST, cat, np.copy, num_keys=10) == 1


@BOTH
def test_neither_survives_a_cut_of_four_pixels(mark, cat):
    cut = partial(watermarks.cropped, num_pixels=4)
    assert watermarks.detection_rate(mark, cat, cut, num_keys=30) < 0.2


# ---- false alarms --------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("marked", [False, True])
def test_other_keys_alarm_as_often_as_asked_for(mark, marked, cat):
    image = mark.embed(cat, 3) if marked else cat
    scores = np.array([mark.detect(image, key) for key in range(1000, 2000)])
    assert abs(scores.mean()) < 0.13 and 0.9 < scores.std() < 1.1  # four deviations and more
    assert np.count_nonzero(scores > watermarks.threshold(0.05)) == pytest.approx(50, abs=25)
    assert np.count_nonzero(scores > watermarks.threshold(0.001)) <= 5


@BOTH
def test_a_flat_picture_alarms_no_key(mark):
    scores = [mark.detect(np.zeros((64, 64), np.uint8), key) for key in range(200)]
    assert np.abs(scores).max() < 4


def test_a_looser_threshold_finds_more(cat):
    damage = partial(watermarks.cropped, num_pixels=2)
    strict, loose = (
        watermarks.detection_rate(SPREAD, cat, damage, num_keys=40, false_alarm_rate=rate)
        for rate in (1e-6, 0.1)
    )
    assert strict < 0.5 < loose


# ---- damages and arguments -----------------------------------------------------------------------


def test_damages_do_what_they_say(cat):
    assert watermarks.resized(cat, 0.5).shape == (64, 64)
    assert np.array_equal(watermarks.cropped(cat, 4), cat[4:-4, 4:-4])
    assert np.array_equal(watermarks.cropped(cat, 0), cat)
    gray = np.full((64, 64), 128, np.uint8)
    assert watermarks.noisy(gray, 10).std() == pytest.approx(10, rel=0.05)
    assert np.array_equal(watermarks.blurred(gray, 2), gray)
    qualities = [watermarks.psnr(cat, watermarks.jpeg(cat, quality)) for quality in (10, 50, 90)]
    assert 20 < qualities[0] < qualities[1] < qualities[2]
    assert watermarks.psnr(cat, cat) == np.inf


@BOTH
def test_what_is_no_gray_picture_is_refused(mark, cat):
    with pytest.raises(TypeError, match="dtype float64; give uint8"):
        mark.embed(cat / 255, 3)
    with pytest.raises(ValueError, match=r"shape \(128, 128, 1\); give one gray picture"):
        mark.detect(cat[..., np.newaxis], 3)
    with pytest.raises(ValueError, match="at least 48 pixels a side"):
        mark.embed(cat[:28, :28], 3)
    with pytest.raises(ValueError, match="key is 'cat'; give a whole number"):
        mark.embed(cat, "cat")


def test_unfit_arguments_are_refused(cat):
    with pytest.raises(ValueError, match="between 0 and 1"):
        watermarks.threshold(0)
    with pytest.raises(ValueError, match="quality is 100"):
        watermarks.jpeg(cat, 100)
    with pytest.raises(ValueError, match="num_pixels is 64"):
        watermarks.cropped(cat, 64)
    with pytest.raises(ValueError, match="deviation is -1"):
        SPREAD.embed(cat, 3, -1)
    with pytest.raises(ValueError, match=r"shapes \(128, 128\) and \(64, 64\); give two of one"):
        watermarks.psnr(cat, watermarks.resized(cat, 0.5))
