"""Parts of a name and whether a picture shows them: skin tone, person, design, color.

A picture is judged by the real emoji that is nearest to it, of all designs, and a color by the hue
of its colored pixels. No network is called here but the one that `features` may be.
"""

import colorsys
from collections.abc import Callable, Sequence

import numpy as np

from course_utils import data, metrics
from course_utils.models import words
from course_utils.models.text_to_image import TextToImage

# Degrees around the color wheel; brown is a dark orange, and pink is left out.
HUES = {"red": 0, "orange": 30, "yellow": 52, "green": 120, "blue": 205, "purple": 280}
COLORS = (*HUES, "black")


# ---- pictures ------------------------------------------------------------------------------------


def shown_shares(
    pictures, captions: Sequence[str], designs: Sequence[str], features: Callable
) -> dict[str, float]:
    """Shares of pictures (n, 24, 24, 3) whose nearest real emoji has what was asked for.

    captions, designs: what each was asked to be; features: function(images) -> (n, k)
    """
    real, names, drawn_by = metrics.all_emoji()
    nearest = metrics.nearest_neighbors(features(pictures), features(real)).indices
    found = [(names[place], drawn_by[place]) for place in nearest]
    wanted = list(zip(captions, designs, strict=True))
    parts = {
        "skin tone": lambda name, design: data.skin_tones(name),
        "person": lambda name, design: data.without_skin_tones(name),
        "design": lambda name, design: design,
        "all three": lambda name, design: (name, design),
    }
    return {
        part: float(np.mean([of(*one) == of(*two) for one, two in zip(found, wanted, strict=True)]))
        for part, of in parts.items()
    }


def main_colors(images) -> list[str]:
    """The color, one of `COLORS` or "" for none, of each image, floats (n, h, w, 3) in [0, 1].

    Pixels that are not white vote: dark ones for black, colored ones, by their saturation, for the
    nearest hue. Black needs more votes than all hues together.
    """
    return [_main_color(image.reshape(-1, 3)) for image in np.asarray(images)]


def _main_color(pixels: np.ndarray) -> str:
    votes = dict.fromkeys(COLORS, 0.0)
    for red, green, blue in pixels:
        hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
        if value < 0.35:
            votes["black"] += 1
        elif saturation > 0.25:
            turns = {name: abs((360 * hue - at + 180) % 360 - 180) for name, at in HUES.items()}
            votes[min(turns, key=turns.get)] += saturation
    black = votes.pop("black")
    best = max(votes, key=votes.get)
    if black > sum(votes.values()):
        return "black"
    return best if votes[best] > 0 else ""


# ---- the encoder ---------------------------------------------------------------------------------


def word_counts(model: TextToImage, text: str) -> list[tuple[str, float]]:
    """How much each known word of a text counts in the model's encoder, from 0 to 1."""
    encoder = model.average.get_layer("text_encoder")
    counts = type(encoder)(encoder.inputs[0], encoder.get_layer("counts").output)
    known = model.vocabulary.known(words.check_text(text))[: model.vocabulary.length]
    weights = np.asarray(counts(model.vocabulary.encode([text])))[0, : len(known), 0]
    return list(zip(known, weights.tolist(), strict=True))
