"""What is said of a learner's tokens in lesson 16."""

import re

import pytest

from course_utils.checks import check_design
from course_utils.lessons.words_to_pictures import designs_tokens
from course_utils.models import words


def by_spaces(text):
    text = re.sub(r"([一-鿿])", r" \1 ", text.lower())
    return re.sub(r"[^a-z一-鿿]", " ", text).split()


@pytest.mark.parametrize("answer", [by_spaces, designs_tokens.tokens_of])
def test_right_answers_have_no_fault(answer):
    assert designs_tokens.tokens_fault(answer) == ""


def test_the_tokens_are_those_of_the_course_where_no_hyphen_apostrophe_or_digit_is():
    texts = [text for text in designs_tokens.TEXTS if not re.search(r"[-'\d]", text)]
    assert len(texts) > 5
    assert [words.tokens(text) for text in texts] == list(map(designs_tokens.tokens_of, texts))


@pytest.mark.parametrize(("slip", "sentence"), designs_tokens.MISTAKES)
def test_each_mistake_is_named(slip, sentence):
    assert designs_tokens.tokens_fault(slip) == sentence


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda text: None, "returns None"),
        (lambda text: " ".join(by_spaces(text)), "return a list of tokens"),
        (lambda text: set(by_spaces(text)), "a value of the type set"),
        (lambda text: [*map(len, by_spaces(text))], "each token is a text"),
        (lambda text: re.split(r"[^a-z]", text.lower()), "there are empty tokens"),
        (
            lambda text: by_spaces(text)[:4],
            "has the tokens ['a', 'cat', 'a', 'dog', 'and', 'a', 'cat'], not ['a', 'cat', 'a', 'd",
        ),
    ],
)
def test_other_faults(answer, said):
    assert said in designs_tokens.tokens_fault(answer)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (by_spaces, "correct. So."),
        (lambda text: ..., "not answered yet"),
        (lambda text: [...], "not answered yet"),
        (lambda text: [text[0]], "hint: your answer raised IndexError"),
        (["red", "heart"], "hint: expected a function, but got a list."),
    ],
)
def test_the_check_says_one_sentence(answer, said, capsys):
    check_design("16.2", answer, designs_tokens.tokens_fault, why="So.")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"16.2 · {said}")
