"""Standard output in its encoding, and what every command checks before it starts."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from grader.cli.streams import silence
from grader.grade_error import GradeError
from grader.text import for_encoding, for_path

if TYPE_CHECKING:
    from grader.course import Fault

NARROWEST, WIDEST = 24, 100  # a longer line is hard to read
FEWEST_ROWS = 12


class OutputError(GradeError):
    """The output cannot be written."""


class ReaderGoneError(Exception):
    """The reader of our standard output has closed it, as `head` does."""


def emit(text: str | bytes, *, colour: bool = False) -> None:
    """Write to standard output: bytes as they are, text with escapes for what its encoding cannot carry.

    Raises OutputError, and ReaderGoneError if its reader has closed it.
    """
    if isinstance(text, str):
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        text = for_encoding(text, encoding)
    try:
        click.echo(text, nl=False, color=colour or None)
    except BrokenPipeError:
        silence(sys.stdout)
        raise ReaderGoneError from None
    except OSError as error:
        silence(sys.stdout)
        raise OutputError(f"Standard output cannot be written: {error.strerror or error}.") from None


def wants_colour(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Return True for colour: never with NO_COLOR, always with FORCE_COLOR, else on a terminal that can show it."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and environment.get("TERM") != "dumb"


def needs_ascii(stream: TextIO | None) -> bool:
    """Return True if the stream cannot carry block characters."""
    try:
        "█░·│…".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def rows() -> int:
    """Return how many lines of a screen are free above the prompt; those of a usual one if there is no terminal."""
    return max(shutil.get_terminal_size((80, 24)).lines, FEWEST_ROWS) - 1


def columns() -> int:
    """Return how many columns to use."""
    return min(max(shutil.get_terminal_size((80, 24)).columns, NARROWEST), WIDEST)


def shown_path(path: Path) -> str:
    """Return the path as one would type it: relative if it is below the current folder."""
    try:
        whole, here = Path(os.path.abspath(path)), Path.cwd()
        text = str(whole.relative_to(here) if whole.is_relative_to(here) else whole)
    except FileNotFoundError:  # somebody has deleted the current folder
        text = str(path)
    return for_path(text)


def fault_text(fault: Fault) -> str:
    """Return a fault of a course file, with its path as one would type it."""
    return fault.at(place_of(fault.path))


def place_of(folder: Path) -> str:
    """Return the path as one would type it, or "this folder": a sentence with a dot for a folder is hard to read."""
    shown = shown_path(folder)
    return "this folder" if shown == "." else shown


def check_temporary_folder() -> None:
    """Check that a temporary folder is writable, which every sandbox needs. Raises OutputError."""
    try:
        tempfile.gettempdir()
    except OSError:
        raise OutputError(
            "No temporary folder is writable. Set TMPDIR to a writable folder: export TMPDIR=FOLDER"
        ) from None


def check_current_folder() -> None:
    """Check that the current folder exists. Raises OutputError."""
    try:
        Path.cwd()
    except OSError:
        raise OutputError("The current folder no longer exists. Go to one that does: cd FOLDER") from None


def check_file_names() -> None:
    """Check that file names are read as UTF-8. Raises OutputError."""
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":
        raise OutputError(
            f"This Python reads file names as {encoding}, which damages the names of learners. "
            "Set PYTHONUTF8=1 or LC_ALL=C.UTF-8."
        )
