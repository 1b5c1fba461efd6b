"""Pictures and their transformations, for a game: which transformation made this picture?

A course keeps them in `solutions/NN_name/pictures.py`. Each of these files may define

    IMAGES            functions that draw a picture: rows of numbers, 1 is brightest
    TRANSFORMATIONS   instances of `Transformation`
    QUESTION          the question about a picture before and after

Only transformations of one family are options of one question, and only those whose results have one size. Each picture
is scaled to its brightest pixel. So neither size nor brightness gives the answer away.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError, Fault
from grader.study.course_code import import_course_file

Rows = Sequence[Sequence[float]]
Image = Callable[[random.Random], Rows]
QUESTION = "Which one made it?"
FEWEST, OPTIONS = 3, 4
TRIES = 100  # pictures, before the transformations count as indistinguishable
SHADES = " ░▒▓█"


@dataclass(frozen=True)
class Transformation:
    """A function that turns a picture into another one, perhaps at random. `because` says how to recognise it.

    Transformations of one `family` are hard to tell apart without looking at the picture.
    """

    name: str
    because: str
    of: Callable[[Rows, random.Random], Rows]
    family: str = ""


@dataclass(frozen=True)
class Gallery:
    """All pictures and transformations of a course."""

    folder: Path
    images: tuple[Image, ...]
    transformations: tuple[Transformation, ...]
    question: str


@dataclass(frozen=True)
class Picture:
    """A picture before and after a transformation, and the names of the transformations to choose from."""

    before: Rows
    after: Rows
    options: tuple[str, ...]
    right: str
    because: str


def read_gallery(root: Path) -> Gallery | None:
    """Return the pictures of the course at `root`, None if it has none. Raises CourseError if a file fails."""
    images: list[Image] = []
    transformations: list[Transformation] = []
    question = QUESTION
    for path in sorted((root / "solutions").glob("[0-9][0-9]_*/pictures.py")):
        module = import_course_file(path)
        images += getattr(module, "IMAGES", ())
        transformations += getattr(module, "TRANSFORMATIONS", ())
        question = getattr(module, "QUESTION", question)
    if not images or not transformations:
        return None
    return Gallery(root / "solutions", tuple(images), tuple(transformations), question)


def picture_of(gallery: Gallery, chance: random.Random) -> Picture:
    """Return a picture of the course, and the result of one of three or four transformations that look different.

    Raises CourseError if no three of them do.
    """
    for _ in range(TRIES):
        before, made = _drawn_and_made(gallery, chance)
        right = chance.choice(gallery.transformations)
        options = _that_look_different(right, gallery.transformations, made, chance)
        if len(options) >= FEWEST:
            names = tuple(one.name for one in chance.sample(options, len(options)))
            return Picture(before, made[right.name], names, right.name, right.because)
    message = f"no {FEWEST} transformations of one family give pictures of one size that look different"
    raise CourseError([Fault(gallery.folder, 1, f"{message}, on {TRIES} pictures")])


def _that_look_different(
    right: Transformation, others: Sequence[Transformation], made: Mapping[str, Rows], chance: random.Random
) -> list[Transformation]:
    """Return `right` and at most three others of its family. All their results have one size and look different."""
    options = [right]
    looks = _looks(made[right.name])
    for one in chance.sample(others, len(others)):
        rows = made[one.name]
        same_size = (len(rows), len(rows[0])) == (len(made[right.name]), len(made[right.name][0]))
        if one.family == right.family and same_size and looks.isdisjoint(_looks(rows)) and len(options) < OPTIONS:
            looks |= _looks(rows)
            options.append(one)
    return options


def _looks(rows: Rows) -> set[str]:
    """Return a picture in block characters and in digits: two results may look alike in one of them."""
    return {drawn(rows, digits) for digits in (False, True)}


def drawn(values: Rows, digits: bool = False) -> str:
    """Return a picture in block characters, two per number, or in digits. 1 is brightest; signs do not show."""
    last = 9 if digits else len(SHADES) - 1
    levels = [[min(last, round(last * abs(value))) for value in row] for row in values]
    if digits:
        return "\n".join(" ".join(map(str, row)) for row in levels)
    return "\n".join("│" + "".join(SHADES[level] * 2 for level in row) + "│" for row in levels)


def _drawn_and_made(gallery: Gallery, chance: random.Random) -> tuple[Rows, dict[str, Rows]]:
    """Return a picture, and the result of each transformation by its name. Raises CourseError if one fails."""
    image = chance.choice(gallery.images)
    name = getattr(image, "__name__", "an image")
    try:
        before = scaled(numbers_of(image(chance)))
        made: dict[str, Rows] = {}
        for one in gallery.transformations:
            name = one.name
            made[name] = scaled(numbers_of(one.of(before, chance)))
    except Exception as error:
        message = f'the picture "{name}" cannot be drawn: {type(error).__name__}: {error}'
        raise CourseError([Fault(gallery.folder, 1, message)]) from None
    return before, made


def scaled(rows: Rows) -> list[list[float]]:
    """Return the picture with 1 as its largest absolute value. A picture of zeros stays as it is."""
    peak = max((abs(value) for row in rows for value in row), default=0.0) or 1.0
    return [[value / peak for value in row] for row in rows]


def numbers_of(rows: Rows) -> list[list[float]]:
    """Return the picture as plain numbers, whatever kind of array the course computes with."""
    return [[float(value) for value in row] for row in rows]
