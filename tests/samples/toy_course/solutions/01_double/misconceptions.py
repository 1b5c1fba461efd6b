"""Named wrong variants of a small reference."""

from functools import partial

from grader.course import Misconception


def wrong_double(x, plus_two=False):
    return x + 2 if plus_two else 2 * x


def other_split(n, parts=2, larger_first=False):
    first, second = n // parts, n - n // parts
    return (second, first) if larger_first else (first, second)


MISCONCEPTIONS = (
    Misconception(
        id="double.plus-two",
        function="double",
        belief="Doubling a number adds two to it.",
        question="What is the double of 5?",
        probe="Double 0.",
        name="Multiplication.",
        variant=partial(wrong_double, plus_two=True),
        criteria={"double": "doubles"},
    ),
    Misconception(
        id="split.larger-first",
        function="split",
        belief="The larger part comes first.",
        question="Which part is larger?",
        probe="Split 5.",
        name="Rounding.",
        variant=partial(other_split, larger_first=True),
        severity="convention",
    ),
)
