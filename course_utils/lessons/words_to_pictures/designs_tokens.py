"""Functions that cut a text into tokens, with known slips, and what is wrong with a learner's.

`checks.check_design` asks for exercise 16.2 of lesson 16. The course's own cut, which keeps hyphens
and apostrophes, is in `models.words`.
"""

import re
from collections.abc import Callable

TEXTS = [
    "Red Heart",
    "dog bites man",
    "A cat, a dog and a CAT!",
    "medium-dark, o'clock; snake_case\tis\nCut",
    "top 10 hats of b2b",
    "黑猫和红心",
    "Love爱心love, 一个 heart。",
    "",
    "🙂 ?!",
]


def tokens_of(text: str) -> list[str]:
    """The right answer: lower-case runs of a to z, and each Chinese character by itself."""
    return re.findall(r"[a-z]+|[一-鿿]", text.lower())


def _found(pattern: str):
    return lambda text: re.findall(pattern, text.lower())


def _before_words(text):
    """Each Chinese character put before the word that it ends."""
    parts = re.findall(r"([a-z]*)([一-鿿]?)", text.lower())
    return [token for word, character in parts for token in (character, word) if token]


def _without_last_word(text):
    tokens = tokens_of(text)
    return tokens[:-1] if re.search(r"[a-z]$", text.lower()) else tokens


MISTAKES = [
    (
        lambda text: re.findall(r"[a-zA-Z]+|[一-鿿]", text),
        "capitals are kept: 'Cat' and 'cat' are to be one token, so lower them.",
    ),
    (
        lambda text: re.findall(r"[a-z]+|[一-鿿]", text),
        "capital letters cut words into pieces and get lost; make the text lower-case first.",
    ),
    (
        lambda text: text.lower().split(),
        "that cuts at spaces alone: punctuation and digits separate too, and so does each Chinese "
        "character.",
    ),
    (lambda text: text.split(), "that cuts at spaces alone, and capitals are kept."),
    (
        _found(r"[a-z]+|[一-鿿]|[^\sa-z一-鿿]"),
        "punctuation and digits are no tokens; they only separate.",
    ),
    (_found(r"[a-z]+|[一-鿿]|[^\s\da-z一-鿿]"), "punctuation is no token; it only separates."),
    (_found(r"[a-z]+|[一-鿿]+"), "each Chinese character is a token by itself."),
    (_found(r"[a-z一-鿿]+"), "a Chinese character ends a word and is a token by itself."),
    (_found(r"[a-z]+"), "the Chinese characters are missing."),
    (_found(r"[a-z]|[一-鿿]"), "those are single letters; a run of a to z stays together."),
    (_found(r"[a-z0-9]+|[一-鿿]"), "digits are kept; they separate, as punctuation does."),
    (_found(r"[a-z]+|[0-9]+|[一-鿿]"), "digits are kept; they separate, as punctuation does."),
    (_found(r"[a-z'-]+|[一-鿿]"), "hyphens and apostrophes are kept; here they separate."),
    (
        lambda text: tokens_of(re.sub(r"[^a-z一-鿿\s]", "", text.lower())),
        "what is left out has to separate: 'medium-dark' becomes two tokens.",
    ),
    (lambda text: sorted(tokens_of(text)), "the tokens are sorted; keep the order of the text."),
    (
        lambda text: sorted(set(tokens_of(text))),
        "each token is there once only, and sorted; keep all, in the order of the text.",
    ),
    (
        lambda text: list(dict.fromkeys(tokens_of(text))),
        "a token that comes again is dropped; keep it each time.",
    ),
    (lambda text: tokens_of(text)[::-1], "the order is turned round; keep that of the text."),
    (
        lambda text: [*_found(r"[a-z]+")(text), *_found(r"[一-鿿]")(text)],
        "the Chinese characters come after all words; keep the order of the text.",
    ),
    (_before_words, "a word that ends at a Chinese character comes before that character."),
    (
        _without_last_word,
        "a word at the end of the text is lost: nothing separates there, so add it at the end.",
    ),
]


def tokens_fault(tokens_of_text: Callable) -> str:
    """The fault of a learner's tokens_of(text) -> list of texts, or ""."""
    found = [tokens_of_text(text) for text in TEXTS]
    for text, tokens in zip(TEXTS, found, strict=True):
        fault = _list_fault(text, tokens)
        if fault:
            return fault
    wanted = [tokens_of(text) for text in TEXTS]
    if found == wanted:
        return ""
    for wrong, sentence in MISTAKES:
        if found == [wrong(text) for text in TEXTS]:
            return sentence
    if any("" in tokens for tokens in found):
        return "there are empty tokens in the list: add a word only if it has letters."
    first = next(row for row, tokens in enumerate(found) if tokens != wanted[row])
    return f"{TEXTS[first]!r} has the tokens {wanted[first]}, not {found[first]}."


def _list_fault(text: str, tokens) -> str:
    if tokens is None:
        return f"for {text!r} your function returns None; does it end with return?"
    if isinstance(tokens, str):
        return f"for {text!r} you return one text; return a list of tokens."
    if not isinstance(tokens, list):
        return (
            f"return a list of tokens; {text!r} gave a value of the type {type(tokens).__name__}."
        )
    if not all(isinstance(token, str) for token in tokens):
        return f"each token is a text; for {text!r} there is something else in the list."
    return ""
