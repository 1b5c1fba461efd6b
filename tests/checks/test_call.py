"""A call in words names the layout of an array only if it is that of Fortran."""

import numpy as np
import pytest

from grader.checks.call import Call


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.ones((40, 40)), "f with x (40, 40)"),
        (np.asfortranarray(np.ones((40, 40))), "f with x (40, 40) in Fortran order"),
        (np.ones((40, 80))[:, :40], "f with x (40, 40)"),
    ],
)
def test_the_layout_of_an_array(x, words):
    assert str(Call("f", {"x": x})) == words
