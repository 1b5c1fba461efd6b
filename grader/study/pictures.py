"""Pictures and their transformations, for a game: which transformation made this picture?

A course keeps them in `solutions/NN_name/pictures.py`. Each of these files may define

    IMAGES            functions that draw a picture: rows of numbers, 1 is brightest
    TRANSFORMATIONS   instances of `Transformation`
    QUESTION          the question about a picture before and after
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError, Fault
from grader.study.course_code import import_course_file

Rows = Sequence[Sequence[float]]
Image = Callable[[random.Random], Rows]
QUESTION = "Which one made it?"
OPTIONS = 4
TRIES = 100  # pictures, before the transformations count as indistinguishable
SHADES = " ░▒▓█"


@dataclass(frozen=True)
class Transformation:
    """A function that turns a picture into another one, perhaps at random. `because` says how to recognise it."""

    name: str
    because: str
    of: Callable[[Rows, random.Random], Rows]


@dataclass(frozen=True)
class Gallery:
    """All pictures and transformations of a course."""

    folder: Path
    images: tuple[Image, ...]
    transformations: tuple[Transformation, ...]
    question: str


@dataclass(frozen=True)
class Picture:
    """A picture before and after a transformation, and the names of four transformations to choose from."""

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
    """Return a picture of the course, and the result of one of four transformations that look different.

    Raises CourseError if no four of them do.
    """
    for _ in range(TRIES):
        before, made = _drawn_and_made(gallery, chance)
        looks: set[str] = set()
        options: list[Transformation] = []
        for one in chance.sample(gallery.transformations, len(gallery.transformations)):
            ways = {drawn(made[one.name], digits) for digits in (False, True)}
            if looks.isdisjoint(ways):  # two of them may give the same picture
                looks |= ways
                options.append(one)
        if len(options) >= OPTIONS:
            options = options[:OPTIONS]
            right = chance.choice(options)
            return Picture(before, made[right.name], tuple(one.name for one in options), right.name, right.because)
    raise CourseError([Fault(gallery.folder, 1, f"no {OPTIONS} transformations look different on {TRIES} pictures")])


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
        before = _numbers(image(chance))
        made: dict[str, Rows] = {}
        for one in gallery.transformations:
            name = one.name
            made[name] = _numbers(one.of(before, chance))
    except Exception as error:
        message = f'the picture "{name}" cannot be made: {type(error).__name__}: {error}'
        raise CourseError([Fault(gallery.folder, 1, message)]) from None
    return before, made


def _numbers(rows: Rows) -> list[list[float]]:
    """Return the picture as plain numbers, whatever kind of array the course computes with."""
    return [[float(value) for value in row] for row in rows]
