"""Faults on purpose: each does what its name says, to images of both kinds, and to nothing else."""

import numpy as np
import pytest

from course_utils import data, metrics
from course_utils.lessons.how_good_is_it import perturbations
from course_utils.lessons.how_good_is_it.perturbations import PERTURBATIONS

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (40, 28, 28, 1), dtype=np.uint8)
LABELS = np.arange(40) % 4
CONTROL = "other real images"


@pytest.fixture(params=PERTURBATIONS, name="perturb")
def each_perturbation(request):
    return PERTURBATIONS[request.param]


@pytest.fixture(scope="module", name="real")
def some_real_images():
    return data.load_images("fashion_mnist", "test")[0][:200]


def rows_of(images) -> set[bytes]:
    return {image.tobytes() for image in data.as_floats(images)}


# ---- what all have in common ---------------------------------------------------------------------


def test_bytes_and_floats_give_the_same_new_images_and_stay_as_they_are(perturb, real):
    given = real.copy(), data.as_floats(real)
    for images in given:
        before, found = images.copy(), perturb(images, 3)
        assert found.dtype == np.float32 and found.shape == images.shape
        assert found.min() >= 0 and found.max() <= 1
        assert not np.shares_memory(found, images)
        np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(perturb(given[0], 3), perturb(given[1], 3))


@pytest.mark.parametrize("name", [name for name in PERTURBATIONS if name != CONTROL])
def test_every_fault_changes_real_images_and_the_control_does_not(name, real):
    floats = data.as_floats(real)
    assert np.abs(PERTURBATIONS[name](real, 0) - floats).mean() > 0.005
    np.testing.assert_array_equal(PERTURBATIONS[CONTROL](real, 0), floats)


@pytest.mark.parametrize("name", ["one kind dropped", "few pictures repeated", "noisy"])
def test_chance_follows_the_seed(name, real):
    def draw(seed):
        return PERTURBATIONS[name](real, seed)

    np.testing.assert_array_equal(draw(1), draw(1))
    assert not np.array_equal(draw(1), draw(2))


def test_points_and_other_ranges_are_refused(perturb):
    with pytest.raises(ValueError, match=r"give images \(n, height, width, channels\)"):
        perturb(np.zeros((4, 2), np.float32), 0)
    with pytest.raises(ValueError, match="divide by 255"):
        perturb(IMAGES.astype(np.float32), 0)


# ---- what a generator does -----------------------------------------------------------------------


def test_of_the_dropped_kind_none_is_left_and_the_others_move_up_evenly():
    found = perturbations.one_kind_dropped(IMAGES, 0, kind=1, labels=LABELS)
    is_kept = LABELS != 1
    np.testing.assert_array_equal(found[is_kept], data.as_floats(IMAGES[is_kept]))
    assert rows_of(found) == rows_of(IMAGES[is_kept])
    assert len(rows_of(found[~is_kept])) == 10  # none of the 30 others is there three times


def test_the_frozen_classifier_names_the_kinds_where_no_labels_are_given(real):
    found = perturbations.one_kind_dropped(real, 0, kind=7)
    assert 7 in metrics.predicted_labels(real) and 7 not in metrics.predicted_labels(found)


def test_without_another_kind_nothing_can_take_its_place():
    with pytest.raises(ValueError, match="several kinds"):
        perturbations.one_kind_dropped(IMAGES, kind=0, labels=np.zeros(40, int))
    with pytest.raises(ValueError, match="40 images and 3 labels"):
        perturbations.one_kind_dropped(IMAGES, labels=[0, 1, 2])


def test_few_pictures_are_repeated_evenly_and_every_kind_keeps_its_share():
    found = perturbations.few_pictures_repeated(IMAGES, 0, num_pictures=8, labels=LABELS)
    kind_of = {
        image.tobytes(): label for image, label in zip(data.as_floats(IMAGES), LABELS, strict=True)
    }
    pictures, counts = np.unique([image.tobytes() for image in found], return_counts=True)
    assert counts.tolist() == [5] * 8
    assert sorted(kind_of[picture] for picture in pictures) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_copies_are_different_training_images():
    found = perturbations.copies(IMAGES, 25, seed=1)
    assert found.shape == (25, 28, 28, 1) and found.dtype == np.float32
    assert len(rows_of(found)) == 25 and rows_of(found) <= rows_of(IMAGES)
    assert not np.array_equal(found, perturbations.copies(IMAGES, 25, seed=2))
    assert metrics.nearest_neighbors(found, IMAGES).distances.max() == 0
    with pytest.raises(ValueError, match="from 1 to 40"):
        perturbations.copies(IMAGES, 41)


# ---- what happens to each picture ----------------------------------------------------------------


def test_a_blur_spreads_a_point_evenly_within_its_own_picture():
    images = np.zeros((2, 9, 9, 3), np.float32)
    images[0, 4, 4, 1] = 1
    found = perturbations.blurred(images, radius=1.0)
    assert found[0].sum() == pytest.approx(1, abs=1e-5)
    assert found[0, 4, 3, 1] == pytest.approx(found[0, 3, 4, 1])
    assert 0 < found[0, 4, 3, 1] < found[0, 4, 4, 1] < 0.2
    assert found[1].max() == 0 and found[..., [0, 2]].max() == 0


def test_noise_has_its_deviation_where_nothing_is_clipped():
    gray = np.full((20, 28, 28, 1), 0.5, np.float32)
    noise = perturbations.noisy(gray, 0, deviation=0.05) - gray
    assert noise.std() == pytest.approx(0.05, rel=0.02)
    assert noise.mean() == pytest.approx(0, abs=0.002)


def test_a_shift_moves_to_the_right_and_brings_in_black():
    found = perturbations.shifted(IMAGES, num_pixels=2)
    np.testing.assert_array_equal(found[:, :, 2:], data.as_floats(IMAGES[:, :, :-2]))
    assert found[:, :, :2].max() == 0


@pytest.mark.parametrize("name", ["blurred", "noisy", "shifted by one pixel"])
def test_without_strength_nothing_changes(name):
    strength = {"blurred": "radius", "noisy": "deviation", "shifted by one pixel": "num_pixels"}
    found = PERTURBATIONS[name](IMAGES, 0, **{strength[name]: 0})
    np.testing.assert_array_equal(found, data.as_floats(IMAGES))
    with pytest.raises(ValueError, match=strength[name]):
        PERTURBATIONS[name](IMAGES, 0, **{strength[name]: -1})


def test_inverting_twice_gives_the_picture_back():
    twice = perturbations.inverted(perturbations.inverted(IMAGES))
    np.testing.assert_allclose(twice, data.as_floats(IMAGES), atol=1e-6)


# ---- what the code after a generator does --------------------------------------------------------


def test_the_bad_resize_keeps_one_pixel_of_four():
    found = perturbations.resized_badly(IMAGES)
    kept = data.as_floats(IMAGES[:, ::2, ::2])
    for row in (0, 1):
        for column in (0, 1):
            np.testing.assert_array_equal(found[:, row::2, column::2], kept)


def test_the_soft_resize_looks_at_every_pixel_and_the_bad_one_does_not():
    stripes = np.zeros((1, 28, 28, 1), np.float32)
    stripes[:, :, ::2] = 1  # half of the picture is white
    assert perturbations.resized_badly(stripes).mean() == 1
    soft = perturbations.resized_softly(stripes)[:, 4:-4, 4:-4]
    np.testing.assert_allclose(soft, 0.5, atol=0.01)


@pytest.mark.parametrize("name", ["resized badly", "resized softly"])
@pytest.mark.parametrize("factor", [1, 2, 3])
def test_a_resize_gives_the_size_back(name, factor):
    odd = IMAGES[:3, :27, :25]
    found = PERTURBATIONS[name](odd, 0, factor=factor)
    assert found.shape == odd.shape
    assert np.allclose(found, data.as_floats(odd), atol=1e-6) == (factor == 1)


def test_wrapped_bytes_run_twice_from_black_to_white():
    ramp = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    found = np.round(255 * perturbations.bytes_wrapped(ramp)).ravel()
    # 2 g - 255, cut off towards 0: below 0, for g up to 127, it begins again at 256.
    differences = (found - (2 * np.arange(256) - 255) + 128) % 256 - 128
    assert np.abs(differences).max() <= 1
    assert (np.flatnonzero(np.diff(found) < 0) == [126]).all()  # up, down once, up again


def test_bytes_taken_for_zero_to_one_are_white_where_they_are_not_black():
    found = perturbations.taken_for_zero_to_one(IMAGES)
    np.testing.assert_array_equal(found, (IMAGES > 0).astype(np.float32))
