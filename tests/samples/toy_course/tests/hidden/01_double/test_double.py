import numpy as np
import pytest

from grader.checks import assert_close, assert_that


@pytest.mark.criterion("doubles", fixed="worked by hand; the next check draws")
def test_double_by_hand(submission, reference, rng):
    """Doubles two numbers."""
    assert_close(submission.double(np.array([0.0, 5.0])), [0, 10], because="10 = 2 * 5")


@pytest.mark.criterion("doubles")
def test_double(submission, reference, rng):
    """Doubles any number."""
    x = rng.normal(size=(3, 2))
    assert_close(submission.double(x), reference.double(x))


@pytest.mark.criterion("splits", alone="no belief about parts is known", fixed="a sample of a few numbers")
def test_split_even(submission, reference, rng):
    """Splits an even number into equal parts."""
    first, second = submission.split(6)
    assert_that((first, second) == (3, 3), first, f"6 became {first:g} and {second:g}", "3 and 3")


@pytest.mark.criterion("splits", alone="no belief about parts is known", fixed="a sample of a few numbers", malformed="any order")
def test_split_odd(submission, reference, rng):
    """Splits an odd number into parts that add up to it."""
    first, second = submission.split(5)
    assert_that({first, second} == {2, 3}, first, f"5 became {first:g} and {second:g}", "2 and 3")


@pytest.mark.criterion("halves", alone="no belief about halves is known")
def test_halve(submission, reference, rng):
    """Halves any number."""
    x = rng.normal(size=4)
    assert_close(submission.halve(x), reference.halve(x))
