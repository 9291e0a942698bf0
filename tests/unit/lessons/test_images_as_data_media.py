"""Video and compression: round trips, formulas, refusals, and the live pictures."""

import base64
import io
import re
import time

import numpy as np
import pytest
from PIL import Image

from course_utils.lessons.images_as_data import media

RANDOM = np.random.default_rng(0)
PHOTO = np.asarray(
    Image.fromarray(RANDOM.integers(0, 256, (6, 5, 3), dtype=np.uint8)).resize((30, 36))
)
SILHOUETTE = RANDOM.integers(0, 256, (8, 8, 1), dtype=np.uint8)
VIDEO = media.moving_video(SILHOUETTE, num_frames=5, width=20)


def decoded(figure, kind="image/png") -> Image.Image:
    (content,) = re.findall(rf"data:{kind};base64,([^\"]+)", figure.content)
    return Image.open(io.BytesIO(base64.b64decode(content)))


# ---- video ---------------------------------------------------------------------------------------


def test_moving_video_goes_from_edge_to_edge():
    assert VIDEO.shape == (5, 8, 20, 1) and VIDEO.dtype == np.uint8
    for frame, left in zip(VIDEO, (0, 3, 6, 9, 12), strict=True):
        np.testing.assert_array_equal(frame[:, left : left + 8], SILHOUETTE)
        assert (np.delete(frame, range(left, left + 8), axis=1) == SILHOUETTE[0, 0]).all()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((SILHOUETTE / 255,), TypeError, "dtype float64"),
        ((SILHOUETTE[None],), ValueError, "one image"),
        ((SILHOUETTE[..., 0],), ValueError, "one image"),
        ((SILHOUETTE[:0],), ValueError, "one image"),
        ((SILHOUETTE, 1), ValueError, "num_frames is 1"),
        ((SILHOUETTE, 2.0), ValueError, "num_frames is 2.0"),
        ((SILHOUETTE, 5, 8), ValueError, "width is 8"),
        ((SILHOUETTE, 5, "20"), ValueError, "width is '20'"),
    ],
)
def test_moving_video_refuses(arguments, error, words):
    with pytest.raises(error, match=words):
        media.moving_video(*arguments)


@pytest.mark.parametrize("frame", range(5))
def test_each_frame_is_drawn(frame):
    figure = media.frame_figure(VIDEO, frame, "A cat.")
    assert figure.caption == f"Frame {frame} of 0 to 4. A cat."
    np.testing.assert_array_equal(np.asarray(decoded(figure)), VIDEO[frame, ..., 0])


@pytest.mark.parametrize("frame", [-1, 5, 1.5, None])
def test_frame_figure_refuses_frames(frame):
    with pytest.raises(ValueError, match="frame is"):
        media.frame_figure(VIDEO, frame)


def test_player_steps():
    player = media.player(VIDEO, "A cat.")
    pictures = {player.picture.value}
    for frame in (1, 2, 3, 4):
        player.fields["frame"].value = frame
        pictures.add(player.picture.value)
        assert player.message.value == ""
    assert len(pictures) == 5
    assert "Frame 4 of 0 to 4. A cat." in player.picture.value


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.slow
def test_player_plays_to_the_end_and_again():
    player = media.player(VIDEO, "A cat.")
    assert not player.play.value  # nothing moves by itself
    for _ in range(2):
        player.play.value = True
        assert player.play.description == "Pause"
        wait_until(lambda: not player.play.value)
        assert player.fields["frame"].value == 4
        assert player.play.description == "Play"


def test_player_pauses_and_goes_on():
    player = media.player(VIDEO, "A cat.")
    frame = player.fields["frame"]
    player.play.value = True
    wait_until(lambda: frame.value >= 1)
    player.play.value = False
    time.sleep(0.05)
    paused = frame.value
    time.sleep(3 * player.seconds_per_frame)
    assert frame.value == paused < 4
    player.play.value = True
    player.play.value = False
    player.play.value = True  # a quick second press leaves one thread alone
    wait_until(lambda: not player.play.value)
    assert frame.value == 4


def test_player_of_color_floats():
    player = media.player(np.zeros((2, 4, 4, 3)), "Black.")
    assert "Frame 0 of 0 to 1. Black." in player.picture.value


@pytest.mark.parametrize(
    ("video", "caption", "words"),
    [
        (VIDEO[0], "A cat.", "frames, height, width, channels"),
        (VIDEO[:1], "A cat.", "2 or more"),
        (VIDEO, " ", "caption is empty"),
        (np.full((3, 4, 4, 1), np.nan), "A cat.", "NaN"),
        (np.full((3, 4, 4, 1), 9.0), "A cat.", r"\[0, 1\]"),
    ],
)
def test_player_refuses(video, caption, words):
    with pytest.raises(ValueError, match=words):
        media.player(video, caption)


def test_gif_holds_all_frames_and_stops():
    figure = media.gif_figure(VIDEO, "A cat & more.", seconds=1)
    gif = decoded(figure, "image/gif")
    assert gif.n_frames == 5
    assert gif.info["loop"] == 1 and gif.info["duration"] == 200
    gif.seek(3)
    np.testing.assert_array_equal(np.asarray(gif.convert("L")), VIDEO[3, ..., 0])
    assert 'alt="A cat &amp; more."' in figure.content


@pytest.mark.parametrize("seconds", [0, -1, 2.5, None, float("nan")])
def test_gif_refuses(seconds):
    with pytest.raises(ValueError, match="seconds is"):
        media.gif_figure(VIDEO, "A cat.", seconds)
    with pytest.raises(ValueError, match="alt text is empty"):
        media.gif_figure(VIDEO, "")


# ---- compression ---------------------------------------------------------------------------------


def test_jpeg():
    sizes, errors = [], []
    for quality in (5, 50, 95):
        kept, size = media.jpeg(PHOTO, quality)
        assert kept.shape == PHOTO.shape and kept.dtype == np.uint8
        sizes.append(size)
        errors.append(np.abs(kept.astype(float) - PHOTO).mean())
    assert sizes == sorted(sizes) and errors == sorted(errors, reverse=True)
    assert media.jpeg(SILHOUETTE, 50)[0].shape == SILHOUETTE.shape


@pytest.mark.parametrize("quality", [0, 96, 50.0, "50"])
def test_jpeg_refuses_qualities(quality):
    with pytest.raises(ValueError, match="quality is"):
        media.jpeg(PHOTO, quality)


def test_low_rank_error_is_that_of_the_values_left_out():
    factors = media.svd_factors(PHOTO)
    for rank in (1, 3, 30):
        kept = media.low_rank(factors, rank)
        assert kept.shape == PHOTO.shape
        assert all(np.linalg.matrix_rank(kept[..., c], tol=1e-6) <= rank for c in range(3))
        error = ((PHOTO - kept) ** 2).sum()
        assert error == pytest.approx((factors.values[:, rank:] ** 2).sum(), abs=1e-6)
    np.testing.assert_array_equal(media.to_pixels(media.low_rank(factors, 30)), PHOTO)


@pytest.mark.parametrize("rank", [0, 31, 2.0, None])
def test_low_rank_refuses(rank):
    with pytest.raises(ValueError, match="rank is"):
        media.low_rank(media.svd_factors(PHOTO), rank)


@pytest.mark.parametrize("call", [lambda image: media.jpeg(image, 50), media.svd_factors])
@pytest.mark.parametrize(
    ("image", "error"),
    [
        (PHOTO / 255, TypeError),
        (PHOTO[None], ValueError),
        (PHOTO[..., :2], ValueError),
        (PHOTO[:0], ValueError),
    ],
)
def test_photos_refused(call, image, error):
    with pytest.raises(error, match="The image has"):
        call(image)


def test_to_pixels_refuses_nan():
    with pytest.raises(ValueError, match="not all finite"):
        media.to_pixels([np.nan, 3.0])


@pytest.mark.parametrize("method", media.METHODS)
@pytest.mark.parametrize("quality", [1, 10, 50, 95])
@pytest.mark.parametrize("rank", [1, 7, 30])
def test_compressed_figure_over_its_controls(method, quality, rank):
    figure = media.compressed_figure(PHOTO, media.svd_factors(PHOTO), method, quality, rank)
    expected = f"quality {quality}" if method == "JPEG" else f"rank {rank}"
    assert expected in figure.caption and "error" in figure.caption
    assert decoded(figure).size == (63, 36)


def test_compressed_figure_refuses():
    factors = media.svd_factors(PHOTO)
    with pytest.raises(ValueError, match="no method 'ZIP'"):
        media.compressed_figure(PHOTO, factors, "ZIP", 10, 10)
    with pytest.raises(ValueError, match="rank is 31"):
        media.compressed_figure(PHOTO, factors, "SVD", 10, 31)
