"""The files of a course for study, one folder for each exercise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from grader.course.fault import CourseError, Fault


def files_named(root: Path, name: str) -> list[Path]:
    """Return the files of this name, in the order of the exercises."""
    return sorted((root / "exercises").glob(f"[0-9][0-9]_*/{name}"))


def texts_named(root: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Yield each of these files with its text. Raises CourseError if one cannot be read."""
    for path in files_named(root, name):
        yield path, text_of(path)


def text_of(path: Path) -> str:
    """Return the text of a file. Raises CourseError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CourseError([Fault(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text: its byte {error.start} is invalid. Save it as UTF-8"
        raise CourseError([Fault(path, 1, message)]) from None
