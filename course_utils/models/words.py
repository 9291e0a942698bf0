"""From texts to whole numbers: tokens, and the vocabulary that numbers them. Pure NumPy.

English words and single Chinese characters, and what to say of those that are not known. What a
network makes of the numbers is in `text_networks`.
"""

import difflib
import re
import unicodedata
import warnings
from collections.abc import Iterable
from functools import cache

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_whole

LENGTH = 24  # tokens of a prompt: the longest names of emoji have 11 English words, 22 characters
_TOKEN = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*|[一-鿿]|[#*]")
_SHOWN = 40  # characters of a prompt or a word in a message


def tokens(text: str) -> list[str]:
    """The English words and the Chinese characters of a text, in order, lower case, no accents.

    Hyphens and apostrophes stay within words. Punctuation and all other scripts are left out.

    >>> tokens("A café at nine o'clock, 红心!")
    ['a', 'cafe', 'at', 'nine', "o'clock", '红', '心']
    """
    plain = unicodedata.normalize("NFKD", check_text(text).replace("’", "'"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _TOKEN.findall(letters.lower())


def check_text(text) -> str:
    """A string, or TypeError with one sentence."""
    if not isinstance(text, str):
        raise TypeError(
            f"A prompt or caption is of the type {type(text).__name__}; give a text, such as "
            "'red heart'."
        )
    return str(text)


class Vocabulary:
    """The tokens that a model knows, numbered from 1 on; 0 fills up short prompts.

    words: tokens; they are sorted, so that the same words always get the same numbers.
    length: of each row of numbers

    >>> vocabulary = Vocabulary(["red", "heart", "blue", "car"], length=4)
    >>> vocabulary.encode(["Red heart!", "blue cars", ""])
    array([[4, 3, 0, 0],
           [1, 2, 0, 0],
           [0, 0, 0, 0]], dtype=int32)
    """

    def __init__(self, words: Iterable[str], length: int = LENGTH):
        self.words = ("", *sorted(set(words) - {""}))
        self.length = check_whole("length", length)
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self._english = [word for word in self.words if word.isascii() and word]

    @classmethod
    def of_texts(cls, texts: Iterable[str], length: int = LENGTH) -> "Vocabulary":
        """All tokens of some texts."""
        return cls({token for text in set(texts) for token in tokens(text)}, length)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._numbers and word != ""

    def known(self, text: str) -> list[str]:
        """The text's tokens as far as they are in the vocabulary; plurals become singular."""
        return [form for token in tokens(text) for form in self._forms(token)]

    def encode(self, texts: Iterable[str]) -> np.ndarray:
        """Numbers int32 (n, length) of texts, without unknown words and those beyond `length`."""
        texts = [check_text(text) for text in texts]
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        rows = np.zeros((len(places), self.length), np.int32)
        for text, row in zip(places, rows, strict=True):
            numbers = [self._numbers[word] for word in self.known(text)[: self.length]]
            row[: len(numbers)] = numbers
        return rows[np.array([places[text] for text in texts], int)]

    def decode(self, numbers) -> list[str]:
        """The words of one row of numbers, without the filling."""
        return [self.words[number] for number in np.asarray(numbers) if number > 0]

    def unknown(self, text: str) -> list[str]:
        """The text's tokens that are not in the vocabulary, each once; `nearest` has similar ones.

        >>> Vocabulary(["red", "heart"]).unknown("red hearth")
        ['hearth']
        """
        return [token for token in dict.fromkeys(tokens(text)) if not self._forms(token)]

    def nearest(self, word: str, count: int = 3) -> list[str]:
        """Up to `count` known English words, the most similar first; none for a Chinese character.

        Similar in letters (Ratcliff and Metzener 1988, by `difflib`), not in meaning.

        >>> Vocabulary(["red", "heart", "heard"]).nearest("hearth")
        ['heart', 'heard']
        """
        return difflib.get_close_matches(word[:_SHOWN].lower(), self._english, count)

    def _forms(self, token: str) -> list[str]:
        """The known token, or those that it is the plural of or joined from; else nothing."""
        singular = [token.removesuffix("s"), token.removesuffix("es")]
        if token.endswith("ies"):
            singular.append(token.removesuffix("ies") + "y")
        for form in (token, *(one for one in singular if len(one) > 1)):
            if form in self:
                return [form]
        parts = token.split("-")
        return parts if len(parts) > 1 and all(part in self for part in parts) else []


def check_prompt(text: str, vocabulary: Vocabulary) -> None:
    """Warn of words that a model cannot use, or refuse a text of nothing else; one sentence."""
    known, unknown = vocabulary.known(text), vocabulary.unknown(text)
    shown = shortened(text)
    words = "; ".join(_with_nearest(word, vocabulary.nearest(word)) for word in unknown[:3])
    if text.strip() and not known:
        reason = f"no word of it is known: {words}" if unknown else _what_it_is(text)
        raise ValueError(f"The prompt {shown} cannot be drawn: {reason}.")
    if unknown:
        warnings.warn(f"Left out of {shown}, since unknown: {words}.", stacklevel=2)
    if len(known) > vocabulary.length:
        warnings.warn(
            f"The prompt {shown} has {len(known)} words; only the first {vocabulary.length} "
            "are read.",
            stacklevel=2,
        )


def _with_nearest(word: str, nearest: list[str]) -> str:
    shown = shortened(word)
    return f"{shown} (near: {', '.join(nearest)})" if nearest else shown


def shortened(text: str) -> str:
    """The text in quotes, or its beginning."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _what_it_is(text: str) -> str:
    """Why a text without English or Chinese words says nothing."""
    signs = [letter for letter in text if unicodedata.category(letter) == "So"]
    if signs:
        name = unicodedata.name(signs[0], "a sign").lower()
        return f"it is a picture; say it in words, as Unicode does: {name!r}"
    return "it has no English or Chinese words"


@cache
def shipped_vocabulary(name: str = "emoji") -> Vocabulary:
    """All tokens of a shipped dataset's training captions and keywords, in all its languages."""
    texts = set()
    for language in data.CAPTIONED[name].languages:
        _, captions, _ = data.load_captioned(name, language=language)
        texts.update(captions)
        for keywords in data.caption_keywords(name, language=language):
            texts.update(keywords)
    return Vocabulary.of_texts(texts)
