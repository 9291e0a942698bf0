"""Words as numbers: tokens, the vocabulary, and what is said of words that are not in it."""

import warnings

import numpy as np
import pytest

from course_utils import data
from course_utils.models import words

SMALL = words.Vocabulary(["red", "heart", "cat", "cherry", "box", "medium", "dark", "红", "心"], 4)


# --- tokens ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red  HEART!", ["red", "heart"]),
        ("red-heart, nine o’clock", ["red-heart", "nine", "o'clock"]),
        ("Piñata ＣＡＴ", ["pinata", "cat"]),
        ("红心 cat", ["红", "心", "cat"]),
        ("中等-深肤色", list("中等深肤色")),
        ("keycap #", ["keycap", "#"]),
        ("кот 🐱 -- '", []),
        ("", []),
    ],
)
def test_tokens_are_english_words_and_chinese_characters(text, expected):
    assert words.tokens(text) == expected


@pytest.mark.parametrize("value", [None, 3, b"cat", ["cat"]])
def test_what_is_no_text_is_refused_in_one_sentence(value):
    with pytest.raises(TypeError, match=rf"of the type {type(value).__name__}; give a text") as one:
        words.tokens(value)
    assert "\n" not in str(one.value)


# --- the vocabulary ----------------------------------------------------------------------------


def test_numbers_depend_on_the_words_alone():
    again = words.Vocabulary(reversed(SMALL.words), 4)
    assert again.words == SMALL.words
    assert len(SMALL) == 10 and SMALL.words[0] == ""
    assert "cat" in SMALL and "dog" not in SMALL and "" not in SMALL


def test_encode_keeps_the_order_and_fills_up_with_zeros():
    rows = SMALL.encode(["cat red", "red cat", "", "red dog cat", "心红"])
    assert rows.dtype == np.int32 and rows.shape == (5, 4)
    assert [SMALL.decode(row) for row in rows] == [
        ["cat", "red"],
        ["red", "cat"],
        [],
        ["red", "cat"],
        ["心", "红"],
    ]
    assert rows[0, 0] != 0 and (rows[0, 2:] == 0).all()


def test_encode_takes_any_number_of_texts_and_cuts_off_long_ones():
    assert SMALL.encode([]).shape == (0, 4)
    (row,) = SMALL.encode(["red cat red cat heart heart"])
    assert SMALL.decode(row) == ["red", "cat", "red", "cat"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cats", ["cat"]),
        ("boxes", ["box"]),
        ("cherries", ["cherry"]),
        ("medium-dark", ["medium", "dark"]),
        ("medium-blue", []),
        ("s", []),
    ],
)
def test_plurals_and_joined_words_are_known_by_their_parts(text, expected):
    assert SMALL.known(text) == expected


def test_a_known_plural_stays_as_it_is():
    both = words.Vocabulary(["heart", "hearts"])
    assert both.known("heart hearts") == ["heart", "hearts"]


def test_unknown_words_have_near_ones():
    assert SMALL.unknown("read heart, rot rot 龙") == ["read", "rot", "龙"]
    assert SMALL.nearest("hearth") == ["heart"]
    assert SMALL.nearest("龙") == SMALL.nearest("zzzz") == []
    assert len(words.Vocabulary(["cat", "cut", "cot", "cats"]).nearest("caat", 2)) == 2


# --- what is said of a prompt ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["red cat", "", "  ", "红心", "cats"])
def test_nothing_is_said_of_known_words(text):
    with warnings.catch_warnings(action="error"):
        words.check_prompt(text, SMALL)


def test_unknown_words_are_named_with_the_nearest_known_ones():
    expected = r"^Left out of 'hearth cat 龙', since unknown: 'hearth' \(near: heart\); '龙'\.$"
    with pytest.warns(UserWarning, match=expected):
        words.check_prompt("hearth cat 龙", SMALL)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "hearth",
            r"'hearth' cannot be drawn: no word of it is known: 'hearth' \(near: heart\)\.$",
        ),
        ("🐱", r"'🐱' cannot be drawn: it is a picture; .* Unicode does: 'cat face'\.$"),
        ("кот", r"'кот' cannot be drawn: it has no English or Chinese words\.$"),
        ("?!", "no English or Chinese words"),
    ],
)
def test_a_prompt_without_a_known_word_is_refused_in_one_sentence(text, expected):
    with pytest.raises(ValueError, match=expected) as raised:
        words.check_prompt(text, SMALL)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("text", ["cat " * 2500, "c" * 10_000, "cat " + "xyz" * 3333])
def test_ten_thousand_characters_are_answered_shortly(text):
    with warnings.catch_warnings(record=True, action="always") as caught:
        try:
            words.check_prompt(text, words.shipped_vocabulary())
        except ValueError as error:
            caught.append(error)
    said = [str(getattr(one, "message", one)) for one in caught]
    assert len(said) == 1 and len(said[0]) < 250


def test_a_long_prompt_says_how_much_is_read():
    with pytest.warns(UserWarning, match=r"has 5 words; only the first 4 are read\.$"):
        words.check_prompt("cat " * 5, SMALL)


# --- the shipped vocabulary --------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped():
    return words.shipped_vocabulary()


def test_the_shipped_vocabulary_is_always_the_same(shipped):
    """Weights that ship belong to these numbers."""
    assert len(shipped) == 5795
    assert words.shipped_vocabulary() is shipped
    again = words.shipped_vocabulary.__wrapped__("emoji")
    assert again.words == shipped.words


@pytest.mark.parametrize("language", data.CAPTIONED["emoji"].languages)
def test_it_knows_all_captions_and_tells_them_apart(shipped, language):
    captions = set()
    for split in ("train", "test"):
        captions |= set(data.load_captioned("emoji", split, language)[1])
    captions = sorted(captions)
    assert not [caption for caption in captions if shipped.unknown(caption)]
    rows = shipped.encode(captions)
    assert len(np.unique(rows, axis=0)) == len(captions)
    assert (rows[:, -1] == 0).all()  # none is cut off


def test_it_knows_the_keywords_but_for_signs(shipped):
    keywords = {keyword for row in data.caption_keywords("emoji") for keyword in row}
    assert {keyword for keyword in keywords if not shipped.known(keyword)} == {"+", "-", "&"}
