"""Images with captions, and the words beside them: the emoji of the course, in several designs.

Which files, and reading them; words become numbers elsewhere. Learners reach this through `data`.
"""

import io
import re
from dataclasses import dataclass

import numpy as np

from course_utils.base.arguments import check_name
from course_utils.base.files import read_verified
from course_utils.data.datasets import File

_TONE = re.compile(r"(?:medium-light|medium-dark|light|medium|dark) skin tone")


@dataclass(frozen=True)
class Captioned:
    """Designs, in the order of the stored numbers, languages, and each split's file."""

    designs: tuple[str, ...]
    languages: tuple[str, ...]
    splits: dict[str, File]


# As data/emoji/convert.py makes them.
CAPTIONED = {
    "emoji": Captioned(
        designs=("noto", "twemoji", "fluent"),
        languages=("en", "zh"),
        splits={
            "train": File(
                "data/emoji/emoji_train.npz",
                6_476_904,
                "90b452afdf595a1378e46e4a042b0b941d280db6f54d7e7ae2c374c917acfb05",
                "90834b26f04caffb71b3cc88d40da21dbbe245bc30e013e75af94e08dc6b0538",
            ),
            "test": File(
                "data/emoji/emoji_test.npz",
                689_699,
                "abcb929e435b581824a008c229e7d8b942e5a90c520d72c9515b81f684e7e80d",
                "7904f5baef5bb2397bc40d745726dbf179da2bfa37dba763178f052df3f71169",
            ),
        },
    ),
}


def load_captioned(
    name: str = "emoji", split: str = "train", language: str = "en"
) -> tuple[np.ndarray, list[str], list[str]]:
    """Color images with the words that describe them: images, captions and designs.

    `images` are uint8 (n, 24, 24, 3), red, green and blue on white; `captions` and `designs` are
    lists of n strings, such as "woman firefighter dark skin tone" and "noto". `language` is "en"
    or "zh" (Chinese); the order is the same. All are fresh, in a random order that is always the
    same, and no two images of a design are equal.

    The test split holds new combinations of known parts. A test caption that is no training
    caption joins a person or gesture with a skin tone, in no design seen together with it. One
    that is a training caption too joins a thing with a design: it was seen in other designs only.
    Every word (in Chinese, every character) of the test captions is in training captions.

    Raises ValueError for an unknown name, split or language and for an altered file,
    FileNotFoundError for a missing one. Names: Unicode CLDR 48.2; pictures: `data/README.md`.

    >>> images, captions, designs = load_captioned("emoji", split="test")
    >>> images.shape[1:], len(captions) == len(designs) == len(images)
    ((24, 24, 3), True)
    """
    dataset, content = _read(name, split, language)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        order = arrays["order"]
        names = _lines(arrays[f"captions_{language}"])
        images = arrays["images"][order]
        captions = [names[number] for number in arrays["emoji"][order]]
        designs = [dataset.designs[number] for number in arrays["design"][order]]
    return images, captions, designs


def caption_keywords(
    name: str = "emoji", split: str = "train", language: str = "en"
) -> list[list[str]]:
    """What else one might call each image of `load_captioned`: n lists of words, in its order.

    For "red heart" these are "emotion", "heart", "love" and "red". They describe the same thing in
    every design; some name a custom or a feeling rather than what is drawn. Raises what
    `load_captioned` raises. Source: the keywords of Unicode CLDR 48.2.
    """
    _, content = _read(name, split, language)
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        keywords = _lines(arrays[f"keywords_{language}"])
        numbers = arrays["emoji"][arrays["order"]]
    return [keywords[number].split("|") if keywords[number] else [] for number in numbers]


def skin_tones(caption: str) -> list[str]:
    """The skin tones in a caption, in the order of the words.

    >>> skin_tones("woman firefighter medium-dark skin tone"), skin_tones("cat")
    (['medium-dark skin tone'], [])
    """
    return _TONE.findall(caption)


def without_skin_tones(caption: str) -> str:
    """A caption without its skin tones.

    >>> without_skin_tones("man medium skin tone beard")
    'man beard'
    """
    return " ".join(_TONE.sub("", caption).split())


def _read(name: str, split: str, language: str) -> tuple[Captioned, bytes]:
    """The dataset of this name, and the content of the split's file."""
    check_name("dataset with captions", name, CAPTIONED)
    dataset = CAPTIONED[name]
    check_name("split", split, dataset.splits)
    check_name("language", language, dataset.languages)
    file = dataset.splits[split]
    return dataset, read_verified(file.path, file.sha256, file.size)


def _lines(text: np.ndarray) -> list[str]:
    """UTF-8 bytes, uint8 (bytes,), to a string for each line."""
    return text.tobytes().decode().split("\n")
