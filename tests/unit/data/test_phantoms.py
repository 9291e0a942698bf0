"""The phantoms, and the lesions in them."""

import numpy as np
import pytest
from skimage.data import shepp_logan_phantom

from course_utils import data
from course_utils.data.lesions import pixel_places


def test_shepp_logan_is_that_of_scikit_image():
    ours, theirs = data.shepp_logan(400)[..., 0], shepp_logan_phantom()
    assert ours.dtype == np.float32
    # Theirs has hard edges, and pixels that are placed up to one apart.
    different = np.abs(ours - theirs) > 0.05
    assert different.mean() < 0.02
    small = theirs.reshape(50, 8, 50, 8).mean(axis=(1, 3))
    assert np.abs(data.shepp_logan(50)[..., 0] - small).mean() < 0.01
    upside_down = data.shepp_logan(50)[::-1, :, 0]
    assert np.abs(upside_down - small).mean() > 0.03


@pytest.mark.parametrize(
    ("modified", "skull", "brain", "tumor", "ventricle"),
    [(True, 1, 0.2, 0.3, 0), (False, 1, 0.51, 0.515, 0.5)],
)
def test_shepp_logan_has_the_published_gray_values(modified, skull, brain, tumor, ventricle):
    image = data.shepp_logan(200, modified=modified)[..., 0]
    assert image.shape == (200, 200)
    row = 100 - 90  # y is 0.9, inside the skull, which is thin here
    assert image[row, 100] == pytest.approx(skull, abs=1e-6)
    assert image[100, 100] == pytest.approx(brain, abs=1e-6)
    assert image[90, 100] == pytest.approx(tumor, abs=1e-6)
    assert image[100, [78, 122]] == pytest.approx(ventricle, abs=1e-6)
    assert image[0, 0] == 0
    # The left ventricle is the larger one, and head and skull are the same on both sides.
    assert (image[100, :100] < brain - 0.005).sum() > (image[100, 100:] < brain - 0.005).sum()
    np.testing.assert_array_equal(image[190], image[190, ::-1])


def test_phantoms_are_images_labels_and_masks():
    images, labels, masks = data.phantoms(300, seed=1)
    assert images.shape == masks.shape == (300, 28, 28, 1)
    assert images.dtype == np.float32 and masks.dtype == bool
    assert images.min() == 0 and images.max() <= 1
    assert data.check_labels(labels) is labels
    np.testing.assert_array_equal(labels, masks.any(axis=(1, 2, 3)))
    assert labels.mean() == pytest.approx(0.5, abs=0.1)  # 300 draws: 3 %
    assert len(np.unique(images.reshape(300, -1), axis=0)) == 300
    assert data.phantoms(0, size=16).images.shape == (0, 16, 16, 1)


def test_phantoms_depend_on_the_seed_and_not_on_how_many_there_are():
    many, few = data.phantoms(400, seed=3), data.phantoms(20, seed=3)
    for longer, shorter in zip(many, few, strict=True):
        np.testing.assert_array_equal(longer[:20], shorter)
    assert not np.array_equal(few.images, data.phantoms(20, seed=4).images)


def test_heads_vary_in_every_part():
    images = data.phantoms(200, lesion_share=0, noise=0).images[..., 0]
    skull = images > 0.6
    widths = skull.any(axis=1).sum(axis=1)
    heights = skull.any(axis=2).sum(axis=1)
    brain = np.array([np.median(image[image > 0]) for image in images])
    ventricles = (images[:, 8:20, 8:20] < brain[:, np.newaxis, np.newaxis] - 0.05).sum(axis=(1, 2))
    assert np.ptp(widths) >= 2 and np.ptp(heights) >= 2
    assert np.ptp(brain) > 0.1
    assert ventricles.min() >= 2 and ventricles.max() >= 2 * ventricles.min()


def test_noise_has_the_given_deviation():
    quiet, noisy = data.phantoms(50, noise=0).images, data.phantoms(50, noise=0.05).images
    unclipped = (quiet > 0.25) & (quiet < 0.75)
    assert (noisy - quiet)[unclipped].std() == pytest.approx(0.05, rel=0.02)


@pytest.mark.parametrize("kind", data.LESION_KINDS)
def test_lesions_lie_in_the_brain_and_change_it_alone(kind):
    settings = {"size": 56, "noise": 0, "seed": 2}
    healthy = data.phantoms(200, lesion_share=0, **settings).images
    images, labels, masks = data.phantoms(200, lesion_share=1, kinds=(kind,), **settings)
    assert labels.all() and not data.phantoms(200, lesion_share=0, **settings).labels.any()
    np.testing.assert_array_equal(images[~masks], healthy[~masks])
    for before, after, mask in zip(healthy, images, masks, strict=True):
        brain = before[mask]
        assert np.ptp(brain) < 1e-6 and 0.34 < brain[0] < 0.51  # neither skull nor ventricle
        change = after[mask] - brain
        assert (change.max() > 0) == (kind != "dark")
        assert (change.min() < 0) == (kind != "bright")
        assert np.abs(change).max() <= data.LESION_CONTRASTS[1] + 1e-6
    radii = np.sqrt(masks.sum(axis=(1, 2, 3)) / np.pi) * 2 / 56
    assert radii.min() > data.LESION_RADII[0] - 0.01
    assert radii.max() < data.LESION_RADII[1] + 0.01
    # They are found on both sides, at the front and at the back.
    rows, columns = np.nonzero(masks.sum(axis=(0, 3)))
    assert rows.min() < 14 and rows.max() > 42 and columns.min() < 14 and columns.max() > 42


def test_each_lesion_is_one_of_the_kinds_at_the_same_place():
    bright, dark, either = (
        data.phantoms(200, lesion_share=1, kinds=kinds)
        for kinds in (("bright",), "dark", ("bright", "dark"))
    )
    np.testing.assert_array_equal(bright.masks, either.masks)
    is_bright = (either.images == bright.images).all(axis=(1, 2, 3))
    is_dark = (either.images == dark.images).all(axis=(1, 2, 3))
    assert (is_bright ^ is_dark).all()
    assert is_bright.mean() == pytest.approx(0.5, abs=0.12)  # 200 draws: 3.5 %


def test_add_lesion_draws_what_was_asked_for():
    head = data.phantoms(1, size=64, lesion_share=0, noise=0).images[0]
    kept = head.copy()
    image, mask = data.add_lesion(head, (0.3, -0.35), radius=0.15, contrast=0.2)
    np.testing.assert_array_equal(head, kept)
    assert image.dtype == np.float32 and image.shape == mask.shape == (64, 64, 1)
    columns, rows = pixel_places(64)
    x, y = np.broadcast_arrays(columns, rows)
    assert x[mask[..., 0]].mean() == pytest.approx(0.3, abs=0.01)
    assert y[mask[..., 0]].mean() == pytest.approx(-0.35, abs=0.01)
    assert mask.mean() * 4 == pytest.approx(np.pi * 0.15**2, rel=0.05)
    assert (image - head).max() == pytest.approx(0.2, abs=1e-6)
    np.testing.assert_array_equal(image[~mask], head[~mask])
    same, _ = data.add_lesion(head, (0.3, -0.35), radius=0.15, contrast=0)
    np.testing.assert_array_equal(same, head)
    dark, _ = data.add_lesion(head, (0.3, -0.35), radius=0.15, contrast=0.2, kind="dark")
    np.testing.assert_allclose(image - head, head - dark, atol=1e-6)


def test_a_ring_is_bright_around_a_dark_core():
    head = data.shepp_logan(128, modified=False)
    image, mask = data.add_lesion(head, (0, -0.3), radius=0.2, contrast=0.3, kind="ring")
    columns, rows = pixel_places(128)
    distances = np.hypot(columns, rows + 0.3)[..., np.newaxis]
    change = image - head
    assert change[distances < 0.08] == pytest.approx(-0.3, abs=1e-6)
    rim = (distances > 0.125) & (distances < 0.14)
    assert (change[rim] > 0.2).all() and mask[rim].all()


def test_add_lesion_takes_every_phantom_and_refuses_what_is_outside_the_head():
    images = np.concatenate([data.phantoms(50).images, data.shepp_logan(28)[np.newaxis]])
    for image in images:
        data.add_lesion(image, (0, -0.3), radius=0.2, contrast=0.2)
        data.add_lesion((image * 255).astype(np.uint8), (0.05, 0), radius=0.1, contrast=0.2)
        for center in [(0.9, 0), (0.75, 0.75), (0, -0.95), (-0.7, 0.6), (3, 3)]:
            with pytest.raises(ValueError, match="outside the head; move it toward"):
                data.add_lesion(image, center, radius=0.2, contrast=0.2)


HEAD = data.shepp_logan(28)
SCANS = data.phantoms(4)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: data.shepp_logan(8), "size is 8; give a whole number from 16"),
        (lambda: data.phantoms(-1), "n is -1; give a whole number"),
        (lambda: data.phantoms(4, 28.0), "size is 28.0; give a whole number"),
        (lambda: data.phantoms(4, seed=None), "seed is None; give a whole number"),
        (lambda: data.phantoms(4, lesion_share=2), "lesion_share is 2; give a number from 0 to 1"),
        (lambda: data.phantoms(4, noise=-1), "noise is -1; give a number from 0 to 1"),
        (lambda: data.phantoms(4, kinds=()), "kinds is empty; give one or more of bright, dark"),
        (lambda: data.phantoms(4, kinds=("square",)), "no kind of lesion 'square'; choose one of"),
        (lambda: data.phantoms(4, kinds=None), "no kind of lesion None; choose one of bright"),
        (lambda: data.add_lesion(HEAD, (0.9, 0), 0.1, 0.2), r"at \(0.9, 0\) with radius 0.1 rea"),
        (lambda: data.add_lesion(SCANS.images, (0, 0), 0.2, 0.2), "give one phantom"),
        (lambda: data.add_lesion(HEAD * 255, (0, 0), 0.2, 0.2), "so divide by 255"),
        (lambda: data.add_lesion(HEAD, 0, 0.2, 0.2), r"center has shape \(\); give two numbers"),
        (lambda: data.add_lesion(HEAD, (0, 0, 0), 0.2, 0.2), r"center has shape \(3,\); give two"),
        (lambda: data.add_lesion(HEAD, (0, 0), 0.01, 0.2), "radius is 0.01; give a number from"),
        (lambda: data.add_lesion(HEAD, (0, 0), 0.2, 2), "contrast is 2; give a number from 0 to"),
        (lambda: data.add_lesion(HEAD, (0, 0), 0.2, 0.2, "star"), "no kind of lesion 'star'"),
        (
            lambda: data.check_masks(SCANS.masks[:3], SCANS.images),
            "masks has shape .* one mask for",
        ),
        (lambda: data.check_masks(SCANS.masks[..., 0], SCANS.images), "and with one channel"),
        (lambda: data.check_masks(SCANS.images, SCANS.images), "other than 0 and 1; give True"),
    ],
)
def test_bad_requests_get_one_sentence(call, expected):
    with pytest.raises(ValueError, match=expected) as caught:
        call()
    assert str(caught.value).count("\n") == 0


def test_masks_of_zeros_and_ones_are_made_boolean():
    masks = data.check_masks(SCANS.masks.astype(np.float32), np.repeat(SCANS.images, 3, axis=-1))
    assert masks.dtype == bool
    np.testing.assert_array_equal(masks, SCANS.masks)
