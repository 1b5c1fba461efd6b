"""What goes out: to the terminal as it can bear, to a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from grader.cli.streams import note, silence

if TYPE_CHECKING:
    from grader.course import Fault

NARROWEST, WIDEST = 24, 100  # a longer line is hard to read


class OutputError(Exception):
    """What was to be written cannot be written."""


class ReaderGoneError(Exception):
    """Whoever read our standard output reads no more, as `head` does."""


def emit(text: str | bytes, *, colour: bool = False) -> None:
    """Write to standard output: bytes as they are, text with escapes for what its encoding cannot carry.

    Raises OutputError, and ReaderGoneError if nobody reads any more.
    """
    if isinstance(text, str):
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        text = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        click.echo(text, nl=False, color=colour or None)
    except BrokenPipeError:
        silence(sys.stdout)
        raise ReaderGoneError from None
    except OSError as error:
        silence(sys.stdout)
        raise OutputError(f"Standard output cannot be written: {error.strerror or error}.") from None


def wants_colour(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether to use colour: never with NO_COLOR, always with FORCE_COLOR, else where a terminal can show it."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and environment.get("TERM") != "dumb"


def needs_ascii(stream: TextIO | None) -> bool:
    """Whether the stream cannot carry block characters."""
    try:
        "█░·│…".encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def columns() -> int:
    """How wide to write."""
    return min(max(shutil.get_terminal_size((80, 24)).columns, NARROWEST), WIDEST)


def shown_path(path: Path) -> str:
    """Return the path as one would type it: relative if it is below the current folder."""
    try:
        whole, here = Path(os.path.abspath(path)), Path.cwd()
        text = str(whole.relative_to(here) if whole.is_relative_to(here) else whole)
    except FileNotFoundError:  # somebody has deleted the current folder
        text = str(path)
    return text if text.isprintable() else ascii(text)


def fault_text(fault: Fault) -> str:
    """A fault of a course file, its path as one would type it."""
    return f"{shown_path(fault.path)}:{fault.line}: {fault.message}"


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


def check_writable(path: Path) -> None:
    """Find out early what would make `write_whole` fail. Raises OutputError."""
    if path.is_dir():
        raise OutputError(f"{shown_path(path)} is a folder, expected the name of a file to write.")
    if not path.parent.is_dir():
        raise OutputError(f"{shown_path(path)} cannot be written: there is no folder {shown_path(path.parent)}.")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there complete or is left as it was. Raises OutputError."""
    check_writable(path)
    content = content.encode() if isinstance(content, str) else content
    target = Path(os.path.realpath(path))  # a link stays a link
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            target.write_bytes(content)  # a device or a pipe is written to and not replaced
            return
        _replace(target, content)
    except OSError as error:
        raise OutputError(f"{shown_path(path)} cannot be written: {error.strerror or error}.") from None


def _replace(target: Path, content: bytes) -> None:
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    descriptor, name = _new_file_beside(target, 0o666 if mode is None else mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            _set_permissions(name, mode, target)
        os.replace(name, target)
    except BaseException:
        name.unlink()
        raise


def _new_file_beside(target: Path, mode: int) -> tuple[int, Path]:
    """Return the descriptor and the path of a new file with these permissions, less what the umask forbids."""
    while True:
        name = target.with_name(f".{target.name[:40]}.{os.urandom(4).hex()}")
        with contextlib.suppress(FileExistsError):
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), name


def _set_permissions(name: Path, mode: int, target: Path) -> None:
    """Give a new file the permissions of the one that it replaces; say if the system refuses that."""
    if stat.S_IMODE(name.stat().st_mode) == mode:
        return
    try:
        name.chmod(mode)
    except OSError as error:
        note(f"Note: the permissions of {shown_path(target)} could not be kept: {error.strerror}. Set them with chmod.")
