"""Each limit has what is right and what is wrong beside it, and its value in one place."""

import ast
import inspect
import itertools
from dataclasses import fields

import pytest

from grader.sandbox import Limits, limits

NAMES = [field.name for field in fields(Limits)]


def texts_beside():
    """The text below each field of Limits, by name."""
    [body] = [node.body for node in ast.parse(inspect.getsource(limits)).body if isinstance(node, ast.ClassDef)]
    pairs = itertools.pairwise(body)
    return {
        field.target.id: ast.literal_eval(text.value)
        for field, text in pairs
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr)
    }


@pytest.mark.parametrize("name", [name for name in NAMES if name != "stops_per_function"])
def test_a_limit_says_what_is_right_and_what_is_wrong(name):
    text = texts_beside()[name]
    assert "A right answer: " in text
    assert "The nearest wrong way: " in text


def test_no_value_is_written_twice():
    """A table of the values, apart from them, said 1 GiB when the value was 512 MiB."""
    for name, text in texts_beside().items():
        value = getattr(Limits(), name)
        seen = {f"{value:g} seconds", f"{value / limits.MIB:g} MiB", f"{value / 1024:g} KiB", f"{value / 2**30:g} GiB"}
        assert not [one for one in seen if one in text], name
    assert not any(character.isdigit() for character in Limits.__doc__)
