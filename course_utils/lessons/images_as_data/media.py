"""Pictures and video as arrays, and what is done to them: show, step through, compress.

Owns the small media of lesson 01; its sound is in `sound`. Datasets belong to `data`, charts and
image grids to `plots`.
"""

import base64
import html
import io
import threading
from typing import NamedTuple

import ipywidgets
import numpy as np
from PIL import Image

from course_utils import plots, widgets
from course_utils.base.arguments import check_name, check_whole
from course_utils.widgets.background import Background

# ---- checks --------------------------------------------------------------------------------------


def check_photo(image) -> np.ndarray:
    """One picture, uint8 (height, width, 1 or 3), or a sentence that says what is wrong."""
    image = np.asarray(image)
    if image.dtype != np.uint8:
        raise TypeError(
            f"The image has dtype {image.dtype}; give uint8 from 0 to 255, from floats in [0, 1] "
            "by (image * 255).round().astype('uint8')."
        )
    if image.ndim != 3 or image.shape[-1] not in (1, 3) or image.size == 0:
        raise ValueError(
            f"The image has shape {image.shape}; give one image (height, width, channels) "
            "with 1 or 3 channels."
        )
    return image


def _check_video(video) -> np.ndarray:
    video = np.asarray(video)
    if video.ndim != 4:
        raise ValueError(
            f"The video has shape {video.shape}; give (frames, height, width, channels)."
        )
    return plots.to_uint8(video)


# ---- video ---------------------------------------------------------------------------------------


def moving_video(silhouette, num_frames: int = 24, width: int = 84) -> np.ndarray:
    """A video, uint8 (num_frames, height, width, channels), of an image that crosses the picture.

    silhouette: uint8 (height, width, channels), narrower than `width`; it moves from the left edge
    to the right edge in equal steps (rounded to pixels). The ground has the color of its corner.

    >>> moving_video(np.eye(4, dtype=np.uint8)[..., None], num_frames=3, width=10).shape
    (3, 4, 10, 1)
    """
    silhouette = check_photo(silhouette)
    check_whole("num_frames", num_frames, 2)
    check_whole("width", width, 1)
    height, own_width, channels = silhouette.shape
    if width <= own_width:
        raise ValueError(
            f"width is {width}, but the image itself is {own_width} pixels wide; give more than "
            "that, so that it can move."
        )
    video = np.empty((num_frames, height, width, channels), np.uint8)
    video[:] = silhouette[0, 0]
    for frame, left in zip(video, np.linspace(0, width - own_width, num_frames), strict=True):
        start = round(left)
        frame[:, start : start + own_width] = silhouette
    return video


def frame_figure(video, frame: int, caption: str = "") -> plots.Figure:
    """One frame of a video (frames, height, width, channels), counted from 0, about 420 px wide."""
    video = _check_video(video)
    check_whole("frame", frame, 0)
    if frame >= len(video):
        raise ValueError(f"frame is {frame}, but the video's last frame is {len(video) - 1}.")
    text = f"Frame {frame} of 0 to {len(video) - 1}. {caption}".strip()
    png = plots.png_bytes(video[frame], compress_level=1)
    return plots.Figure(plots.img_tag(png, text, 420, pixelated=True), text)


class Player(widgets.LiveFigure):
    """A video with a frame field, a slider and a button that plays and pauses; see `player`."""

    seconds_per_frame = 0.12  # ample time for the kernel and the page

    def __init__(self, video, caption: str):
        super().__init__(
            lambda frame: frame_figure(video, int(frame), caption),
            {"frame": widgets.Slider("Frame", 0, len(video) - 1, 1, 0)},
            name="player",
            width=440,
        )
        # ipywidgets.Play has buttons without names, so this is one with a text.
        self.play = ipywidgets.ToggleButton(description="Play", layout={"margin": "0 0 8px 88px"})
        self.play.add_class("course-player-play")
        self.play.observe(self._play_or_pause, "value")
        self.column.children = (self.play, *self.column.children)
        self._background: Background | None = None

    def _play_or_pause(self, change) -> None:
        self.play.description = "Pause" if change.new else "Play"
        if self._background is not None:
            self._background.stop()
        if change.new:
            self._background = Background(self._run, "video-player")

    def _run(self, pausing: threading.Event) -> None:
        frame = self.fields["frame"]
        if frame.value >= frame.max:
            frame.value = 0
        while not pausing.wait(self.seconds_per_frame) and frame.value < frame.max:
            frame.value += 1
        if not pausing.is_set():
            self.play.value = False


def player(video, caption: str) -> Player:
    """Show a video (frames, height, width, channels): play, pause, or step through its frames.

    caption: what is seen, in a sentence. Nothing moves until it is asked to.
    """
    video = _check_video(video)
    if len(video) < 2:
        raise ValueError("The video has 1 frame; give 2 or more, or show it as an image.")
    if not caption.strip():
        raise ValueError("The caption is empty; say in a sentence what the video shows.")
    return Player(video if video.ndim == 4 else video[..., np.newaxis], caption)


def gif_figure(video, caption: str, seconds: float = 2.0) -> plots.Figure:
    """A video as an animated GIF that runs twice and then stands still on its last frame.

    video: (frames, height, width, channels), uint8 or floats in [0, 1]; seconds: of one run, at
    most 2.4, since what moves for 5 seconds must be stoppable (WCAG 2.2, criterion 2.2.2).
    """
    video = _check_video(video)
    if not (isinstance(seconds, int | float) and 0 < seconds <= 2.4):
        raise ValueError(f"seconds is {seconds!r}; give more than 0 and at most 2.4.")
    if not caption.strip():
        raise ValueError("The alt text is empty; say in a sentence what the video shows.")
    frames = [Image.fromarray(frame) for frame in video]
    file = io.BytesIO()
    frames[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=max(20, round(1000 * seconds / len(frames))),
        loop=1,  # so often again
    )
    content = (
        f'<img alt="{html.escape(caption)}" width="{min(420, 5 * video.shape[2])}" '
        'style="image-rendering: pixelated; max-width: 100%" '
        f'src="data:image/gif;base64,{base64.b64encode(file.getvalue()).decode()}">'
    )
    return plots.Figure(content, caption)


# ---- compression ---------------------------------------------------------------------------------


def jpeg(image, quality: int) -> tuple[np.ndarray, int]:
    """An image after JPEG and back, uint8 of the same shape, and the file's size in bytes.

    image: uint8 (height, width, 1 or 3). quality: from 1 (small) to 95 (faithful), Pillow's scale.
    """
    image = check_photo(image)
    check_whole("quality", quality, 1, 95)  # beyond 95 files only grow
    file = io.BytesIO()
    Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image).save(
        file, "JPEG", quality=int(quality)
    )
    return np.asarray(Image.open(file)).reshape(image.shape), len(file.getvalue())


class Factors(NamedTuple):
    """Singular value decomposition of each channel: left (c, h, k), values (c, k), right (c, k, w).

    k is the smaller of height and width.
    """

    left: np.ndarray
    values: np.ndarray
    right: np.ndarray


def svd_factors(image) -> Factors:
    """The `Factors` of an image (height, width, channels), uint8, on a scale from 0 to 255."""
    image = check_photo(image)
    return Factors(*np.linalg.svd(np.moveaxis(image, -1, 0).astype(np.float64), False))


def low_rank(factors: Factors, rank: int) -> np.ndarray:
    """The nearest image of this rank in each channel (Eckart and Young 1936), float64 (h, w, c).

    On a scale from 0 to 255, neither rounded nor clipped; its squared error is the sum of the
    squared singular values that were left out.
    """
    check_whole("rank", rank, 1)
    if rank > factors.values.shape[1]:
        raise ValueError(
            f"rank is {rank}, but this image has at most {factors.values.shape[1]}: the smaller "
            "of its height and width."
        )
    left = factors.left[..., :rank] * factors.values[:, np.newaxis, :rank]
    return np.moveaxis(left @ factors.right[:, :rank], 0, -1)


def to_pixels(values) -> np.ndarray:
    """Numbers on a scale from 0 to 255 as uint8: rounded, and clipped where they leave the scale.

    >>> to_pixels(np.array([-3.0, 99.6, 300.0]))
    array([  0, 100, 255], dtype=uint8)
    """
    values = np.asarray(values, np.float64)
    if not np.isfinite(values).all():
        raise ValueError("The values are not all finite (NaN or infinity); there is no pixel so.")
    return np.clip(values.round(), 0, 255).astype(np.uint8)


METHODS = ("JPEG", "SVD")


def compressed_figure(
    image, factors: Factors, method: str, quality: int, rank: int
) -> plots.Figure:
    """An image beside what compression leaves of it, with the size and the error.

    image: uint8 (height, width, channels); factors: its `svd_factors`. method: "JPEG", which uses
    `quality`, or "SVD", which uses `rank`.
    """
    image = check_photo(image)
    if method == "JPEG":
        kept, size = jpeg(image, quality)
        setting, count = f"JPEG of quality {quality}", f"{size:,} bytes"
    elif method == "SVD":
        kept = to_pixels(low_rank(factors, rank))
        numbers = image.shape[2] * rank * (image.shape[0] + image.shape[1] + 1)
        setting, count = f"SVD of rank {rank}", f"{numbers:,} numbers"
    else:
        check_name("method", method, METHODS)
    error = float(np.sqrt(np.mean((kept.astype(float) - image) ** 2)))
    caption = (
        f"Left: the image, {image.size:,} numbers. Right: {setting}, {count}, error "
        f"{error:.1f} of 255."
    )
    return plots.pictures_figure([image, kept], caption, width=432, compress_level=1)
