"""Sound as an array and as a picture: a synthesized call, its spectrogram, and the way back.

TensorFlow is imported only by what needs it, the Fourier transforms.
"""

import base64
import html
import io
import wave

import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_real, check_whole
from course_utils.lessons.images_as_data.media import check_photo

SAMPLE_RATE = 8000  # sound samples in a second: enough for frequencies up to 4000 Hz
FLOOR_DB = -80.0  # what a spectrogram's picture shows as black: a ten-thousandth of the loudest


def _check_sound(sound) -> np.ndarray:
    sound = np.asarray(sound)
    if sound.ndim != 1 or sound.size == 0:
        raise ValueError(
            f"The sound has shape {sound.shape}; give (samples,), one number for each moment."
        )
    if sound.dtype.kind != "f":
        raise TypeError(
            f"The sound has dtype {sound.dtype}; give floats in [-1, 1], from int16 by / 32768."
        )
    if not np.isfinite(sound).all() or np.abs(sound).max() > 1 + 1e-3:
        raise ValueError(
            "The sound has values that are not finite or beyond [-1, 1]; divide it by "
            "np.abs(sound).max()."
        )
    return sound


# ---- sound ---------------------------------------------------------------------------------------


def meow(seconds: float = 1.0, pitch: float = 450.0) -> np.ndarray:
    """A synthesized call, float32 (samples,) in [-1, 1], `SAMPLE_RATE` samples in a second.

    A tone with overtones, whose frequency in Hz rises from `pitch` to 1.6 times that and falls
    again; it swells and dies away. The rules are all there is: nothing was recorded.

    >>> meow(0.5).shape
    (4000,)
    """
    check_real("seconds", seconds, 0.05, 10)
    check_real("pitch", pitch, 50, 600)  # Hz
    share = np.arange(round(seconds * SAMPLE_RATE)) / round(seconds * SAMPLE_RATE)
    frequency = pitch * (1 + 0.6 * np.sin(np.pi * share))
    # The phase is the integral of the frequency: a product frequency x time would glide wrongly.
    phase = 2 * np.pi * np.cumsum(frequency) / SAMPLE_RATE
    tone = sum(np.sin(order * phase) / order for order in (1, 2, 3, 4))
    tone *= np.sin(np.pi * share) ** 1.5
    return (0.9 * tone / np.abs(tone).max()).astype(np.float32)


def sound_figure(sound, caption: str, rate: int = SAMPLE_RATE) -> plots.Figure:
    """A player for a sound (samples,), floats in [-1, 1], as 16-bit WAV inside the page."""
    sound = _check_sound(sound)
    check_whole("rate", rate, 1)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes((np.clip(sound, -1, 1) * 32767).round().astype("<i2").tobytes())
    content = (
        f'<audio controls aria-label="{html.escape(caption)}" '
        f'src="data:audio/wav;base64,{base64.b64encode(file.getvalue()).decode()}"></audio>'
    )
    return plots.Figure(content, caption)


def spectrogram(sound, frame_length: int = 256, frame_step: int = 64) -> np.ndarray:
    """Short-time Fourier transform, complex64 (frames, frame_length / 2 + 1).

    sound: (samples,), floats in [-1, 1]. Frames of `frame_length` samples under a Hann window start
    every `frame_step`; zeros before and after the sound let as many frames cover its ends as its
    middle. Undone by `inverse_spectrogram` (Griffin and Lim 1984).
    """
    from course_utils.base.backend import tf

    sound = _check_sound(sound)
    _check_frames(frame_length, frame_step)
    padded = np.pad(sound.astype(np.float32), (frame_length, 2 * frame_length))
    return tf.signal.stft(padded, frame_length, frame_step).numpy()


def inverse_spectrogram(
    transform, num_samples: int, frame_length: int = 256, frame_step: int = 64
) -> np.ndarray:
    """The sound, float32 (num_samples,), of a complex `spectrogram` with the same lengths."""
    from course_utils.base.backend import tf

    transform = np.asarray(transform)
    _check_frames(frame_length, frame_step)
    check_whole("num_samples", num_samples, 1)
    if transform.dtype.kind != "c" or transform.ndim != 2:
        raise TypeError(
            f"The transform is {transform.dtype} of shape {transform.shape}; give the complex "
            "(frames, frequencies) of spectrogram: magnitudes alone have lost the phases."
        )
    if transform.shape[1] != frame_length // 2 + 1:
        raise ValueError(
            f"The transform has {transform.shape[1]} frequencies, but frames of {frame_length} "
            f"samples have {frame_length // 2 + 1}; give the lengths it was made with."
        )
    window = tf.signal.inverse_stft_window_fn(frame_step)
    sound = tf.signal.inverse_stft(
        transform.astype(np.complex64), frame_length, frame_step, window_fn=window
    ).numpy()
    if len(sound) < frame_length + num_samples:
        raise ValueError(
            f"num_samples is {num_samples}, but the transform holds at most "
            f"{max(0, len(sound) - frame_length)}; give the length of the sound it was made of."
        )
    return sound[frame_length : frame_length + num_samples]


def _check_frames(frame_length, frame_step) -> None:
    check_whole("frame_length", frame_length, 8)
    check_whole("frame_step", frame_step, 1)
    if frame_length & (frame_length - 1) or frame_length % (2 * frame_step):
        raise ValueError(
            f"The frames have {frame_length} samples and start every {frame_step}; give a power of "
            "two, and at most half of it as the step, such as 256 and 64."
        )


def spectrogram_picture(transform) -> np.ndarray:
    """A spectrogram as a gray picture, uint8 (frequencies, frames, 1): low tones at the bottom.

    White is the largest magnitude, black is `FLOOR_DB` decibels below it or less; a step of 20
    decibels is a factor of ten. transform: (frames, frequencies), complex, or magnitudes.
    """
    magnitude = np.abs(np.asarray(transform))
    if magnitude.ndim != 2 or magnitude.size == 0:
        raise ValueError(f"The transform has shape {magnitude.shape}; give (frames, frequencies).")
    if not np.isfinite(magnitude).all() or magnitude.max() == 0:
        raise ValueError("The transform is silent, or not finite: there is no loudest place.")
    relative = np.maximum(magnitude / magnitude.max(), 10 ** (FLOOR_DB / 20))
    brightness = 1 - 20 * np.log10(relative) / FLOOR_DB
    return (brightness.T[::-1, :, np.newaxis] * 255).round().astype(np.uint8)


def picture_magnitudes(picture, loudest: float) -> np.ndarray:
    """Magnitudes (frames, frequencies) of a `spectrogram_picture`; the largest becomes `loudest`.

    Black becomes 0. What 8 bits cannot hold is lost: a step of the brightness is 3.7 %.
    """
    picture = check_photo(picture)
    if picture.shape[-1] != 1:
        raise ValueError(f"The picture has shape {picture.shape}; give (frequencies, frames, 1).")
    check_real("loudest", loudest, 0, open_ended=True)
    brightness = picture[::-1, :, 0].T / 255.0
    return np.where(brightness > 0, loudest * 10 ** (FLOOR_DB * (1 - brightness) / 20), 0.0)
