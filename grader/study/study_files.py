"""The files of a course that there is to study, one folder for each exercise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.course.fault import CourseError, Fault


def files_named(root: Path, name: str) -> list[Path]:
    """The files of this name, in the order of the exercises."""
    return sorted((root / "exercises").glob(f"[0-9][0-9]_*/{name}"))


def texts_named(root: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Each of these files and its text. Raises CourseError where one cannot be read."""
    for path in files_named(root, name):
        try:
            yield path, path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CourseError([Fault(path, 1, f"cannot be read as UTF-8 text: {error}")]) from None
