"""Formulas in words: what a voice would leave out is said."""

import pytest

from grader.study.spoken_form import spoken_form


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("x^2", "x squared"),
        ("2**10", "2 to the power of 10"),
        ("x²", "x squared"),
        ("p / (1 - p)", "p over 1 minus p"),
        ("x^2 p / (1 - p)", "x squared p over 1 minus p"),
        ("0 or 1/(1-rate)", "0 or 1 over 1 minus rate"),
        ("n - k + 1", "n minus k plus 1"),
        ("floor((n + 2p - k) / s) + 1", "the floor of n plus 2p minus k, over s, plus 1"),
        ("(x - mean) / sqrt(variance + epsilon)", "x minus mean, over the square root of variance plus epsilon"),
        ("y[n, i, j]", "y at n, i, j"),
        ("from_logits=True", "from logits equals True"),
        ("the numbers -3, -1 and -7", "the numbers minus 3, minus 1 and minus 7"),
        ("an 8 x 8 map", "an 8 by 8 map"),
        ("m = 0.9 x old + (1 - 0.9) x new", "m equals 0.9 times old plus 1 minus 0.9, times new"),
        ("3 × 4", "3 by 4"),
        ("a >= 2", "a is at least 2"),
        ("model.summary()", "model.summary"),
        ("**Max pooling**: the *largest* `max_pool2d`", "Max pooling: the largest max pool2d"),
    ],
)
def test_a_formula_is_said(written, said):
    assert spoken_form(written) == said


@pytest.mark.parametrize(
    "prose",
    [
        "A 3-by-3 filter in a fully-connected layer.",
        "Its patch (the receptive field) is small.",
        "One thing - and only one - stays.",
        "An array of shape (1797, 8, 8).",
        "Why not? Because it is x of y.",
    ],
)
def test_prose_stays_as_it_is(prose):
    assert spoken_form(prose) == prose


def test_code_and_pictures_are_not_read_aloud():
    assert spoken_form("Before.\n\n```picture\nedges\n```\n\nAfter.").split() == ["Before.", "After."]
