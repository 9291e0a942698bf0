"""Sound: round trips of the spectrogram and its picture, formulas, refusals."""

import base64
import io
import re
import wave

import numpy as np
import pytest

from course_utils.lessons.images_as_data import sound

RANDOM = np.random.default_rng(0)


def test_meow():
    call = sound.meow()
    assert call.shape == (8000,) and call.dtype == np.float32
    assert np.abs(call).max() == pytest.approx(0.9)
    # Halfway through, the pitch is 1.6 times the base: count the zero crossings of the strongest
    # frequency in a Fourier transform around the middle.
    middle = call[3500:4500] * np.hanning(1000)
    strongest = np.abs(np.fft.rfft(middle, 8000)).argmax()
    assert strongest == pytest.approx(1.6 * 450, abs=10)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seconds": 0}, "seconds is 0"),
        ({"seconds": 11}, "seconds is 11"),
        ({"seconds": "1"}, "seconds is '1'"),
        ({"pitch": 1000}, "pitch is 1000"),
        ({"pitch": float("nan")}, "pitch is nan"),
    ],
)
def test_meow_refuses(arguments, words):
    with pytest.raises((TypeError, ValueError), match=words):
        sound.meow(**arguments)


def test_sound_figure_is_a_wave_file():
    call = sound.meow(0.1)
    figure = sound.sound_figure(call, "A short call.")
    assert '<audio controls aria-label="A short call."' in figure.content
    (content,) = re.findall(r"data:audio/wav;base64,([^\"]+)", figure.content)
    with wave.open(io.BytesIO(base64.b64decode(content))) as file:
        assert (file.getframerate(), file.getnframes()) == (8000, len(call))
        values = np.frombuffer(file.readframes(len(call)), "<i2")
    np.testing.assert_allclose(values / 32767, call, atol=1e-4)


BAD_SOUNDS = [
    (np.zeros((3, 3)), ValueError, "samples"),
    (np.zeros(0), ValueError, "samples"),
    (np.zeros(99, np.int16), TypeError, "int16"),
    (np.full(99, np.nan), ValueError, "not finite"),
    (np.full(99, 3.0), ValueError, r"beyond \[-1, 1\]"),
]


@pytest.mark.parametrize(("call", "error", "words"), BAD_SOUNDS)
def test_sounds_refused(call, error, words):
    with pytest.raises(error, match=words):
        sound.sound_figure(call, "A call.")
    with pytest.raises(error, match=words):
        sound.spectrogram(call)


@pytest.mark.parametrize("lengths", [(256, 64), (256, 128), (64, 32), (128, 16)])
@pytest.mark.parametrize("num_samples", [1, 100, 777, 8000])
def test_spectrogram_and_back(lengths, num_samples):
    call = RANDOM.uniform(-1, 1, num_samples).astype(np.float32)
    transform = sound.spectrogram(call, *lengths)
    assert transform.shape[1] == lengths[0] // 2 + 1
    back = sound.inverse_spectrogram(transform, num_samples, *lengths)
    np.testing.assert_allclose(back, call, atol=2e-6)


def test_spectrogram_equals_numpy():
    call = sound.meow(0.2)
    transform = sound.spectrogram(call)
    window = np.hanning(257)[:-1]  # periodic, as TensorFlow's
    frame = np.pad(call, (256, 512))[20 * 64 : 20 * 64 + 256]
    np.testing.assert_allclose(transform[20], np.fft.rfft(window * frame), atol=1e-4)


@pytest.mark.parametrize("lengths", [(0, 64), (250, 50), (256, 256), (256, 0), (256.0, 64)])
def test_frame_lengths_refused(lengths):
    with pytest.raises(ValueError, match="frame"):
        sound.spectrogram(sound.meow(0.1), *lengths)


def test_inverse_refuses():
    transform = sound.spectrogram(sound.meow(0.1))
    with pytest.raises(TypeError, match="lost the phases"):
        sound.inverse_spectrogram(np.abs(transform), 800)
    with pytest.raises(TypeError, match="frames, frequencies"):
        sound.inverse_spectrogram(transform[0], 800)
    with pytest.raises(ValueError, match="129 frequencies"):
        sound.inverse_spectrogram(transform, 800, 128, 64)
    with pytest.raises(ValueError, match="num_samples is 80000"):
        sound.inverse_spectrogram(transform, 80_000)
    with pytest.raises(ValueError, match="num_samples is 0"):
        sound.inverse_spectrogram(transform, 0)


def test_picture_of_a_spectrogram():
    magnitudes = np.array([[1.0, 10.0], [0.001, 0.0]])  # two frames, two frequencies
    picture = sound.spectrogram_picture(magnitudes)
    assert picture.shape == (2, 2, 1) and picture.dtype == np.uint8
    # The high frequency is on top; 20 dB less than the loudest are a quarter of 80 dB darker.
    np.testing.assert_array_equal(picture[..., 0], [[255, 0], [191, 0]])
    back = sound.picture_magnitudes(picture, loudest=10.0)
    np.testing.assert_allclose(back[0], [1.0, 10.0], rtol=0.02)
    np.testing.assert_array_equal(back[1], [0, 0])


def test_picture_keeps_all_magnitudes_to_two_percent():
    transform = sound.spectrogram(sound.meow())
    magnitudes = np.abs(transform)
    picture = sound.spectrogram_picture(transform)
    back = sound.picture_magnitudes(picture, magnitudes.max())
    heard = magnitudes > 2e-4 * magnitudes.max()
    np.testing.assert_allclose(back[heard], magnitudes[heard], rtol=0.0186)


@pytest.mark.parametrize("transform", [np.zeros((3, 3)), np.full((3, 3), np.nan), np.ones(3)])
def test_pictures_refused(transform):
    with pytest.raises(ValueError, match="transform"):
        sound.spectrogram_picture(transform)


def test_picture_magnitudes_refuses():
    with pytest.raises(TypeError, match="float64"):
        sound.picture_magnitudes(np.zeros((3, 3, 1)), 1.0)
    with pytest.raises(ValueError, match="shape"):
        sound.picture_magnitudes(np.zeros((3, 3, 3), np.uint8), 1.0)
    for loudest in (0, -1.0, np.nan, "1"):
        with pytest.raises((TypeError, ValueError), match="loudest is"):
            sound.picture_magnitudes(np.zeros((3, 3, 1), np.uint8), loudest)
