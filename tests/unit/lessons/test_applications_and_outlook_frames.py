"""Three ways from one picture to another: the same ends, and a square that moves or fades."""

import numpy as np
import pytest

from course_utils.lessons.applications_and_outlook import frames


class Squares:
    """Draws a bright square whose column is the first latent; a stand-in for a generator."""

    def generate(self, latents, labels=None):
        images = np.zeros((len(latents), 20, 20, 1), np.float32)
        for image, (across, _) in zip(images, latents, strict=True):
            image[7:13, round(float(across)) : round(float(across)) + 6] = (
                1 if labels is None else 0.5
            )
        return images


START, END = np.array([[4.0, 0.0]]), np.array([[8.0, 0.0]])  # the same direction: a straight way


def square(column):
    return Squares().generate(np.array([[column, 0]]))[0, ..., 0]


def test_all_ways_have_the_same_ends():
    ways = frames.three_ways(Squares(), START, END, 5)
    assert list(ways) == ["cross-fade", "flow", "latents"]
    for made in ways.values():
        assert made.shape == (5, 1, 20, 20) and made.dtype == np.float32
        np.testing.assert_allclose(made[0, 0], square(4), atol=1e-6)
        np.testing.assert_allclose(made[-1, 0], square(8), atol=1e-6)


def test_fading_leaves_ghosts_and_latents_do_not():
    ways = frames.three_ways(Squares(), START, END, 3)
    np.testing.assert_allclose(ways["cross-fade"][1, 0], (square(4) + square(8)) / 2)
    np.testing.assert_allclose(ways["latents"][1, 0], square(6))


def test_the_flow_follows_a_smooth_move():
    rows, columns = np.indices((24, 24))
    blobs = [np.exp(-((rows - 12) ** 2 + (columns - at) ** 2) / 18) for at in (11, 12, 13)]

    class Blobs:
        def generate(self, latents):
            return np.stack([blobs[round(float(one[0])) - 1] for one in latents])[..., np.newaxis]

    ways = frames.three_ways(Blobs(), np.array([[1.0, 0]]), np.array([[3.0, 0]]), 3)
    off = {name: np.abs(made[1, 0] - blobs[1]).mean() for name, made in ways.items()}
    assert off["flow"] < off["cross-fade"] / 2


def test_a_label_reaches_the_model():
    ways = frames.three_ways(Squares(), START, END, 2, label=2)
    assert ways["latents"].max() == 0.5


def test_a_moved_square_is_found_half_way():
    flow = np.zeros((2, 20, 20))
    flow[1] = 4
    np.testing.assert_allclose(frames.between(square(4), square(8), flow, 0.5), square(6))
    np.testing.assert_allclose(frames.between(square(4), square(8), flow, 0), square(4))
    np.testing.assert_allclose(frames.between(square(4), square(8), flow, 1), square(8))


@pytest.mark.parametrize(
    ("shapes", "share", "words"),
    [
        (((4, 4), (4, 5), (2, 4, 4)), 0.5, "the flow"),
        (((4, 4), (4, 4), (4, 4, 2)), 0.5, "the flow"),
        (((4, 4), (4, 4), (2, 4, 4)), 1.5, "The share is 1.5"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(shapes, share, words):
    with pytest.raises(ValueError, match=words):
        frames.between(*(np.zeros(shape) for shape in shapes), share)


def test_color_and_single_frames_are_refused():
    class Color:
        def generate(self, latents):
            return np.zeros((len(latents), 8, 8, 3))

    with pytest.raises(ValueError, match="give one of gray images"):
        frames.three_ways(Color(), START, END, 3)
    with pytest.raises(ValueError, match="num_frames is 1"):
        frames.three_ways(Squares(), START, END, 1)


def test_a_fade_is_steady_and_has_ghosts():
    ends = np.random.default_rng(0).choice([0.02, 0.98], (2, 3, 8, 8))
    faded = np.stack([(1 - time) * ends[0] + time * ends[1] for time in np.linspace(0, 1, 5)])
    jump = np.stack([ends[0], ends[0], ends[0], ends[1], ends[1]])
    assert frames.unsteadiness(faded) == pytest.approx(1)
    assert frames.unsteadiness(jump) == pytest.approx(4)  # all of four changes in one
    assert frames.ghosts(jump) == pytest.approx(1)
    # About half of the pixels differ: those are gray, 1 instead of 4 * 0.02 * 0.98.
    share = (ends[0] != ends[1]).mean()
    small = 4 * 0.02 * 0.98
    assert frames.ghosts(faded) == pytest.approx((share + (1 - share) * small) / small)


def test_what_cannot_be_measured_is_said_in_a_sentence():
    still = np.full((4, 1, 3, 3), 0.5)
    with pytest.raises(ValueError, match="does not change at all"):
        frames.unsteadiness(still)
    with pytest.raises(ValueError, match="no gray at all"):
        frames.ghosts(np.zeros((4, 1, 3, 3)))
    for measure in (frames.ghosts, frames.unsteadiness):
        with pytest.raises(ValueError, match="give at least 3"):
            measure(still[:2])
        with pytest.raises(ValueError, match="give \\(frames, n, height, width\\)"):
            measure(still[0])
        with pytest.raises(ValueError, match="not finite"):
            measure(np.full((4, 1, 3, 3), np.nan))
