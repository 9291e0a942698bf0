"""Reading a photograph, its patches, and image quilting."""

import numpy as np
import pytest
from PIL import Image

from course_utils.lessons.one_photograph import texture


@pytest.fixture
def photo():
    return np.random.default_rng(0).random((40, 48, 3)).astype(np.float32)


def test_gray_becomes_three_equal_channels(photo):
    prepared = texture.prepare_photo(photo[..., 0], 48)
    assert prepared.shape == (40, 48, 3) and prepared.dtype == np.float32
    assert np.array_equal(prepared[..., 0], prepared[..., 2])


def test_transparent_becomes_white(photo):
    clear = np.concatenate([photo, np.zeros((40, 48, 1), np.float32)], axis=2)
    assert texture.prepare_photo(clear, 48).min() > 0.999


def test_a_file_is_read_and_resized(photo, tmp_path):
    Image.fromarray((photo * 255).astype(np.uint8)).save(tmp_path / "photo.png")
    assert texture.prepare_photo(tmp_path / "photo.png", 96).shape == (80, 96, 3)


@pytest.mark.parametrize(
    ("bad", "error", "sentence"),
    [
        (np.zeros((8, 60, 3), np.uint8), ValueError, "8 x 60 pixels"),
        (np.zeros((40, 40, 3), int), TypeError, "int64"),
        (np.zeros((2, 40, 40, 3)), ValueError, "shape"),
        (np.full((40, 40, 3), 200.0), ValueError, "divide by 255"),
        (np.full((40, 40, 3), np.nan), ValueError, "not all from 0 to 1"),
        (np.zeros((40, 800, 3), np.uint8), ValueError, "too narrow"),
        (np.zeros((0, 40, 3), np.uint8), ValueError, "empty"),
        (np.zeros((40, 40, 2), np.uint8), ValueError, "shape"),
        (None, TypeError, "give a file's path"),
        ("missing.png", FileNotFoundError, "missing.png"),
    ],
)
def test_bad_photos_are_refused(bad, error, sentence):
    with pytest.raises(error, match=sentence):
        texture.prepare_photo(bad)


def test_a_text_file_is_no_picture(tmp_path):
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with pytest.raises(ValueError, match="not a picture"):
        texture.prepare_photo(tmp_path / "notes.txt")


def test_a_file_that_breaks_off_is_no_picture(photo, tmp_path):
    whole = tmp_path / "whole.png"
    Image.fromarray((photo * 255).astype(np.uint8)).save(whole)
    (tmp_path / "half.png").write_bytes(whole.read_bytes()[:1500])
    with pytest.raises(ValueError, match="not a picture"):
        texture.prepare_photo(tmp_path / "half.png")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no file"):
        texture.prepare_photo(tmp_path)


def test_a_photo_on_its_side_is_turned_as_the_camera_noted(photo, tmp_path):
    picture = Image.fromarray((photo * 255).astype(np.uint8))
    exif = picture.getexif()
    exif[0x0112] = 6  # the camera was held upright
    picture.save(tmp_path / "turned.png", exif=exif)
    assert texture.prepare_photo(tmp_path / "turned.png", 48).shape == (48, 40, 3)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_files_of_any_kind_become_three_channels(photo, tmp_path, mode):
    name = tmp_path / ("photo.jpg" if mode == "CMYK" else "photo.png")
    Image.fromarray((photo * 255).astype(np.uint8)).convert(mode).save(name)
    prepared = texture.prepare_photo(name, 48)
    assert prepared.shape == (40, 48, 3)
    assert prepared.min() >= 0 and prepared.max() <= 1


def test_patches_of_the_photo_itself_are_at_distance_zero(photo):
    assert texture.patch_distances(photo, photo, 7).max() < 1e-3
    assert texture.patch_distances(1 - photo, photo, 7).min() > 0.05


def test_patches_are_the_picture_in_place(photo):
    assert np.array_equal(texture.patches(photo, 7)[1], photo[0:7, 1:8])


def test_averaging_undoes_cutting(photo):
    cut = texture.patches(photo, 7)
    assert np.allclose(texture.average_patches(cut, photo.shape[:2]), photo, atol=1e-6)
    ramp = np.arange(3.0).reshape(3, 1, 1, 1) + np.zeros((3, 2, 2, 1))
    assert np.allclose(texture.average_patches(ramp, (2, 4))[0, :, 0], [0, 0.5, 1.5, 2])
    with pytest.raises(ValueError, match="do not fill 40 x 47 pixels"):
        texture.average_patches(cut, (40, 47))


def test_the_photo_matches_itself(photo):
    assert np.allclose(texture.match(photo, photo, 7), photo, atol=1e-6)


@pytest.mark.parametrize("size", [None, (33, 70)])
def test_a_rearranged_photo_has_the_size_and_the_seed_decides(photo, size):
    options = {"size": size, "num_scales": 2, "coarsest": 20, "side": 7, "repeats": 1}
    first = texture.rearrange(photo, 1, **options)
    assert first.shape == (*(size or (40, 48)), 3) and first.dtype == np.float32
    assert first.min() >= 0 and first.max() <= 1
    assert np.array_equal(first, texture.rearrange(photo, 1, **options))
    assert not np.array_equal(first, texture.rearrange(photo, 2, **options))


def test_the_pyramid_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="scales from 20 pixels on; give a larger size"):
        texture.pyramid_sizes((10, 10))
    with pytest.raises(ValueError, match="num_scales is 1; give a whole number of 2 or more"):
        texture.pyramid_sizes((64, 96), 1)


def test_quilt_has_the_size_and_the_seed_decides(photo):
    first = texture.quilt(photo, (50, 70), seed=1)
    assert first.shape == (50, 70, 3)
    assert np.array_equal(first, texture.quilt(photo, (50, 70), seed=1))
    assert not np.array_equal(first, texture.quilt(photo, (50, 70), seed=2))


def test_quilt_takes_its_pixels_from_the_photo(photo):
    assert np.isin(texture.quilt(photo, (50, 70), seed=1), photo).all()


def test_the_seam_is_the_cheapest_of_all():
    """By brute force: every path that moves by at most one column a row."""
    import itertools

    error = np.random.default_rng(3).random((6, 4))
    paths = [
        path for path in itertools.product(range(4), repeat=6) if np.abs(np.diff(path)).max() <= 1
    ]
    costs = [error[np.arange(6), path].sum() for path in paths]
    assert texture._seam(error).tolist() == list(paths[int(np.argmin(costs))])
