"""Pictures in lessons, drawn when the lesson is read: an image, its feature map, the pooled map.

A lesson names a picture in a separate block. `PICTURES` in `solutions/NN_name/pictures.py` holds a function for each
name, which returns the panels of the picture.

    ```picture
    digit-and-edges
    ```
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import CourseError, Fault, did_you_mean
from grader.study.course_code import import_course_file
from grader.study.pictures import Rows, drawn, numbers_of, scaled

BLOCK = re.compile(r"^```picture\n(.*?)\n```$", re.MULTILINE)
GAP = 3  # columns between panels


@dataclass(frozen=True)
class Panel:
    """A map of numbers with its caption."""

    caption: str
    rows: Rows


Figure = Callable[[], Sequence[Panel]]


@dataclass(frozen=True)
class Drawing:
    """The form of a picture: the width of the terminal, and if digits replace block characters."""

    width: int
    digits: bool = False


def with_pictures(markdown: str, root: Path, exercise: str, drawing: Drawing) -> str:
    """Return the text with each picture drawn in a block of code. Raises CourseError if one cannot be drawn."""
    if not BLOCK.search(markdown):
        return markdown
    figures, path = figures_of(root, exercise), _lesson_path(root, exercise)

    def replaced(found: re.Match[str]) -> str:
        return f"```text\n{side_by_side(_panels(figures, found[1].strip(), path, 1), drawing)}\n```"

    return BLOCK.sub(replaced, markdown)


def picture_faults(root: Path, exercise: str) -> Iterator[Fault]:
    """Yield a fault for each picture of a lesson that does not exist or cannot be drawn, with its line."""
    path = _lesson_path(root, exercise)
    text = path.read_text(encoding="utf-8-sig")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        try:
            _panels(figures_of(root, exercise), found[1].strip(), path, line)
        except CourseError as error:
            yield from error.faults


def figures_of(root: Path, exercise: str) -> Mapping[str, Figure]:
    """Return the pictures of an exercise by name. Raises CourseError if the file fails."""
    path = root / "solutions" / exercise / "pictures.py"
    if path.is_file():
        return dict(getattr(import_course_file(path), "PICTURES", {}))
    drawn_before = root / "recorded" / exercise / "pictures.json"
    return figures_from(drawn_before.read_text(encoding="utf-8")) if drawn_before.is_file() else {}


def figures_as_text(figures: Mapping[str, Figure]) -> str:
    """Return pictures as JSON: a kit has them without the code that draws them."""
    return json.dumps(
        {name: [[panel.caption, numbers_of(panel.rows)] for panel in figure()] for name, figure in figures.items()}
    )


def figures_from(text: str) -> Mapping[str, Figure]:
    """Return the pictures in a text."""

    def figure(panels: Sequence[tuple[str, Rows]]) -> Figure:
        return lambda: [Panel(caption, rows) for caption, rows in panels]

    return {name: figure(panels) for name, panels in json.loads(text).items()}


def side_by_side(panels: Sequence[Panel], drawing: Drawing) -> str:
    """Return the panels in rows as wide as the terminal allows, each under its caption."""
    blocks = [_block(panel, drawing.digits) for panel in panels]
    rows: list[list[tuple[list[str], list[str]]]] = [[]]
    for block in blocks:
        taken = sum(len(lines[0]) + GAP for _, lines in rows[-1])
        if rows[-1] and taken + len(block[1][0]) > drawing.width:
            rows.append([])
        rows[-1].append(block)
    return "\n\n".join(_joined(row) for row in rows)


def _panels(figures: Mapping[str, Figure], name: str, path: Path, line: int) -> Sequence[Panel]:
    """Return the panels of a picture. Raises CourseError with this line of the lesson."""
    if name not in figures:
        hint = did_you_mean(name, list(figures))
        raise CourseError([Fault(path, line, f'the picture "{name}" is not in PICTURES of pictures.py.{hint}')])
    try:
        return [Panel(one.caption, scaled(numbers_of(one.rows))) for one in figures[name]()]
    except Exception as error:
        message = f'the picture "{name}" cannot be drawn: {type(error).__name__}: {error}'
        raise CourseError([Fault(path, line, message)]) from None


def _block(panel: Panel, digits: bool) -> tuple[list[str], list[str]]:
    """Return the lines of a caption and of its panel, all of one length."""
    lines = drawn(panel.rows, digits).split("\n")
    caption = textwrap.wrap(panel.caption, max(map(len, lines)), break_long_words=False)
    width = max(map(len, [*caption, *lines]))
    return [line.ljust(width) for line in caption], [line.ljust(width) for line in lines]


def _joined(blocks: Sequence[tuple[list[str], list[str]]]) -> str:
    """Return panels side by side: their first rows are in one line, and their captions end above it."""
    above, below = (max(len(block[part]) for block in blocks) for part in (0, 1))
    filled = [
        [*[" " * len(lines[0])] * (above - len(caption)), *caption, *lines, *[""] * (below - len(lines))]
        for caption, lines in blocks
    ]
    widths = [len(lines[0]) for _, lines in blocks]
    rows = ([line.ljust(width) for line, width in zip(row, widths, strict=True)] for row in zip(*filled, strict=True))
    return "\n".join((" " * GAP).join(row).rstrip() for row in rows)


def _lesson_path(root: Path, exercise: str) -> Path:
    return root / "exercises" / exercise / "lesson.md"
