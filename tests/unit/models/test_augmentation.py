"""Augmentation: what it does to pixels, that seeds decide it, and that gradients flow through."""

from collections import Counter

import numpy as np
import pytest
from small_models import image_gan, linear_gan, pixels

from course_utils import data
from course_utils.base.backend import tf
from course_utils.models import augmentation

ALL = [
    augmentation.shift,
    augmentation.cutout,
    augmentation.shift_cutout,
]
SMALL = 0.1  # a scale of noise


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.9, 0.9, (64, 16, 24, 2)).astype(np.float32)


@pytest.mark.parametrize("change", ALL)
def test_the_seed_decides_and_the_shape_stays(change, images):
    first, again, other = (change(images, [7, seed]).numpy() for seed in (1, 1, 2))
    assert first.shape == images.shape and first.dtype == np.float32
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, images)


@pytest.mark.parametrize(
    ("change", "kinds", "expected"),
    [
        (augmentation.shift, 9, 9),  # by -1, 0 or 1 pixels each way
        (augmentation.cutout, 16 * 24, 59),  # 384 (1 - (1 - 1/384)^64)
        (augmentation.shift_cutout, 9 * 16 * 24, 63),
    ],
)
def test_images_change_each_in_its_own_way(change, kinds, expected, images):
    same = np.repeat(images[:1], 64, axis=0)
    distinct = len({image.tobytes() for image in change(same, [0, 0]).numpy()})
    assert expected == round(kinds * (1 - (1 - 1 / kinds) ** 64))
    assert expected - 6 <= distinct <= min(kinds, 64)
    if change is augmentation.shift:
        assert distinct == 9


def test_all_shifts_are_equally_likely(images):
    count = 1800
    changed = augmentation.shift(np.repeat(images[:1], count, axis=0), [0, 1]).numpy()
    seen = Counter(image.tobytes() for image in changed)
    assert len(seen) == 9
    spread = np.sqrt(count * (1 / 9) * (8 / 9))
    assert all(abs(times - count / 9) < 4 * spread for times in seen.values())


def test_each_pixel_is_covered_as_often_as_centers_reach_it():
    count = 4000
    changed = augmentation.cutout(np.ones((count, 16, 24, 1), np.float32), [0, 1]).numpy()
    rows, columns = (
        np.array(
            [
                sum(0 <= place - center + side // 4 < side // 2 for center in range(side))
                for place in range(side)
            ]
        )
        / side
        for side in (16, 24)
    )
    expected = rows[:, None] * columns  # the rows of the center do not depend on its columns
    spread = np.sqrt(expected * (1 - expected) / count)
    assert (np.abs((changed[..., 0] == 0).mean(axis=0) - expected) < 5 * spread).all()


def test_shift_moves_by_at_most_its_share_and_fills_with_background(images):
    changed = augmentation.shift(images, [0, 3], share=1 / 8).numpy()
    seen = set()
    for before, after in zip(images, changed, strict=True):
        padded = np.pad(before, [(2, 2), (3, 3), (0, 0)], constant_values=-1.0)
        found = [
            (row - 2, column - 3)
            for row in range(5)
            for column in range(7)
            if np.array_equal(padded[row : row + 16, column : column + 24], after)
        ]
        assert len(found) == 1
        seen.add(found[0])
    assert {row for row, _ in seen} == set(range(-2, 3))
    assert {column for _, column in seen} == set(range(-3, 4))


def test_cutout_covers_a_rectangle_with_gray(images):
    changed = augmentation.cutout(images, [0, 3]).numpy()
    covered = (changed != images).any(axis=-1)
    assert (changed[covered] == 0).all()
    for mask in covered:
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        assert mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
        assert 4 <= len(rows) <= 8 and 6 <= len(columns) <= 12


def test_gradients_reach_the_pixels_that_are_still_seen(images):
    pixels = tf.constant(images)
    for change in ALL:
        with tf.GradientTape() as tape:
            tape.watch(pixels)
            total = tf.reduce_sum(change(pixels, [0, 3]))
        gradient = tape.gradient(total, pixels).numpy()
        assert set(np.unique(gradient)) == {0.0, 1.0}
        assert gradient.mean() > 0.5  # most of each image is still seen


def test_what_is_covered_gets_no_gradient(images):
    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        changed = augmentation.cutout(pixels, [0, 3])
    np.testing.assert_array_equal(tape.gradient(changed, pixels).numpy() == 0, changed == 0)


@pytest.mark.slow
def test_it_works_for_any_batch_in_a_graph(images):
    change = tf.function(
        augmentation.shift_cutout,
        input_signature=[tf.TensorSpec((None, 16, 24, 2)), tf.TensorSpec((2,), tf.int64)],
    )
    for count in (1, 5):
        seed = tf.constant([4, 9], tf.int64)
        expected = augmentation.shift_cutout(images[:count], seed)
        np.testing.assert_array_equal(change(images[:count], seed), expected)


# --- instance noise ----------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(20_000, 2), (64, 16, 24, 2)], ids=["points", "images"])
def test_instance_noise_has_mean_zero_and_the_deviation_asked_for(shape):
    before = np.random.default_rng(0).uniform(-1, 1, shape)  # float64
    noise = augmentation.instance_noise(SMALL)(before, [0, 3]).numpy() - before
    assert noise.dtype == np.float64
    assert abs(noise.mean()) < 4 * SMALL / np.sqrt(noise.size)
    assert noise.std() == pytest.approx(SMALL, rel=4 / np.sqrt(2 * noise.size))
    within = (np.abs(noise) < SMALL).mean()
    assert within == pytest.approx(0.6827, abs=0.012)  # it is normal
    assert abs(np.corrcoef(noise[0::2].ravel(), noise[1::2].ravel())[0, 1]) < 0.03


def test_instance_noise_follows_the_seed_and_passes_gradients_on(images):
    change = augmentation.instance_noise(SMALL)
    first, again, other = (change(images, [7, seed]).numpy() for seed in (1, 1, 2))
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, again)
    assert not np.isclose(first, other, atol=1e-7).all(axis=(1, 2, 3)).any()
    np.testing.assert_array_equal(augmentation.instance_noise(0)(images, [7, 1]), images)
    assert np.abs(change(np.ones_like(images), [7, 1])).max() > 1.3  # not clipped
    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        changed = change(pixels, [7, 1])
    np.testing.assert_array_equal(tape.gradient(changed, pixels), np.ones_like(images))


def test_a_negative_scale_and_one_that_is_no_number_are_refused():
    with pytest.raises(ValueError, match="scale is -1; give a number of 0 or more"):
        augmentation.instance_noise(-1)
    with pytest.raises(TypeError, match="scale is None; give one number"):
        augmentation.instance_noise(None)


@pytest.mark.slow
@pytest.mark.parametrize("make", [linear_gan, image_gan], ids=["points", "images"])
def test_a_gan_trains_with_instance_noise(make):
    model = make()
    model.compile(augment=augmentation.instance_noise(SMALL))
    real = pixels(8) if make is image_gan else data.toy("ring", 8)
    history = model.fit(real, batch_size=8, epochs=2, verbose=0).history
    assert np.isfinite(list(history.values())).all()
