"""The sick script of lesson 07: what it lacks, where it stops, and that each cure moves on."""

import pytest

from course_utils.lessons.gan_clinic import script


def test_the_script_lacks_numpy_and_seven_sizes():
    sizes = ["batch_size", "channels", "height", "latent_size", "num_epochs", "num_images", "width"]
    assert script.undefined_names(script.SCRIPT) == sorted(["np", *sizes])


@pytest.mark.parametrize(
    "text",
    [
        "import os.path\nprint(os)",
        "from math import pi as number\nprint(number)",
        "def f(x, *rest, key=1, **more):\n    return x, rest, key, more, f",
        "class A:\n    pass\nprint(A)",
        "print([x for x in range(3)])",
        "with open('a') as file:\n    file.read()",
        "try:\n    pass\nexcept ValueError as error:\n    print(error)",
        "(lambda y: y)(1)",
    ],
)
def test_defined_names_are_not_listed(text):
    assert script.undefined_names(text) == []


def test_a_name_that_is_only_assigned_to_is_not_used():
    assert script.undefined_names("a = b") == ["b"]
    assert script.undefined_names("a += 1") == []  # whoever never gave it a value: not found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cures", "line", "says"),
    [
        (0, "line 30: for epoch in range", "NameError: name 'num_epochs' is not defined"),
        (3, "return noise.reshape", "ValueError: cannot reshape array of size 1024 into shape"),
        (4, "tf.concat([real_images, fake_images]", "[64,1,28,28] vs. shape[1] = [64,28,28,1]"),
        (5, "optimizer.minimize(d_loss", "AttributeError: 'Adam' object has no attribute"),
        (6, "optimizer.apply(", "ValueError: Unknown variable: <Variable path="),
    ],
)
def test_each_cure_shows_the_next_symptom(cures, line, says):
    where, what = script.first_error(script.cured(cures)).splitlines()
    assert line in where
    assert says in what
    assert what.startswith(("NameError", "ValueError", "InvalidArgumentError", "AttributeError"))


@pytest.mark.slow
def test_after_seven_cures_it_runs(capsys):
    assert script.first_error(script.cured(7)) == "no error"
    assert capsys.readouterr().out == ""


def test_after_one_cure_no_name_is_missing():
    assert script.undefined_names(script.cured(1)) == []
    assert script.undefined_names(script.cured(7)) == []


@pytest.mark.parametrize("number", [-1, 8])
def test_other_cures_are_refused(number):
    with pytest.raises(ValueError, match=str(number)):
        script.cured(number)


def test_definitions_end_above_the_loop():
    top = script.definitions()
    assert top.endswith("tf.math.log(1 - fake))\n")
    assert "for epoch" not in top


def test_the_line_of_an_error_is_that_of_the_script():
    text = "import numpy as np\n\ndef f():\n    return np.zeros(3).reshape(2)\n\nf()"
    assert script.first_error(text).startswith("line 4: return np.zeros(3).reshape(2)\nValueError:")


def test_a_message_is_one_line_without_colors_and_values():
    text = (
        "raise ValueError('\\x1b[1mException encountered when calling it\\n\\n\\x1b[0mno layers')"
    )
    assert script.first_error(text).endswith("\nValueError: no layers")
    text = "raise ValueError('Unknown: <Variable path=a, shape=(1,), dtype=float32, value=[1. 2.')"
    assert script.first_error(text).endswith("\nValueError: Unknown: <Variable path=a, shape=(1,)>")
    assert script.first_error("raise ValueError").endswith("\nValueError: ")
