"""Write a file completely, or leave it as it was.

The content goes into a new file next to the old one, and the new file takes the name when it is complete. A reader
sees the old content or the new one, never a part. A link stays a link, and the permissions of an old file are kept.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

SUFFIX = ".grade-"  # and eight digits: the file that is not complete yet


class PermissionsNotKeptError(OSError):
    """The file was written, but the system did not allow it the permissions of the old one."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file; when this returns, it is on the disk. Write to a device or a pipe, and do not replace it.

    Raises OSError, and PermissionsNotKeptError after a new file with other permissions was written.
    """
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        path.write_bytes(content)
        return
    with replacing(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, complete or not at all. Raises OSError, and FileExistsError for an old one.

    Unlike a check before the writing, this never replaces a file that somebody makes at the same moment.
    """
    with open(path, "xb") as file:
        try:
            file.write(content)
            file.flush()
        except BaseException:
            path.unlink()
            raise


@contextmanager
def replacing(path: Path, encoding: str | None = None, *, alone: bool = False) -> Iterator[IO[Any]]:
    """Open a file that takes its name when the block ends without an error: for text if there is an encoding.

    `alone` says that nobody else writes this file now, so that what interrupted writers left is deleted first. Raises
    OSError, and PermissionsNotKeptError after a new file with other permissions was written.
    """
    target = Path(os.path.realpath(path))
    for stale in unfinished(path) if alone else ():
        stale.unlink(missing_ok=True)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    descriptor, partial = _new_file_beside(target, 0o666 if mode is None else mode)
    refused: OSError | None = None
    try:
        with _opened(descriptor, encoding) as file:
            yield file
        if mode is not None and stat.S_IMODE(partial.stat().st_mode) != mode:
            try:
                partial.chmod(mode)
            except OSError as error:
                refused = error
        os.replace(partial, target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    if refused is not None:
        raise PermissionsNotKeptError(refused.errno, refused.strerror, str(target)) from None


def unfinished(path: Path) -> list[Path]:
    """Return the files that interrupted writers of `path` left beside it. A link is never one of them."""
    target = Path(os.path.realpath(path))
    form = re.compile(rf"\.{re.escape(_beginning(target))}{re.escape(SUFFIX)}[0-9a-f]{{8}}")
    try:
        return [one for one in target.parent.iterdir() if form.fullmatch(one.name) and _is_plain_file(one)]
    except OSError:
        return []


def write_if_changed(path: Path, text: str) -> None:
    """Write a text unless the file already holds it. Raises OSError.

    An interrupted call may leave a part of the text, which the next call replaces.
    """
    try:
        if path.read_text(encoding="utf-8") == text:
            return
    except (OSError, UnicodeDecodeError):
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _opened(descriptor: int, encoding: str | None) -> IO[Any]:
    if encoding is None:
        return os.fdopen(descriptor, "wb")
    return os.fdopen(descriptor, "w", encoding=encoding, newline="")


def _new_file_beside(target: Path, mode: int) -> tuple[int, Path]:
    """Return the descriptor and the path of a new file with these permissions, less what the umask forbids."""
    while True:
        name = target.with_name(f".{_beginning(target)}{SUFFIX}{os.urandom(4).hex()}")
        with contextlib.suppress(FileExistsError):
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), name


def _beginning(target: Path) -> str:
    return target.name[:40]  # a file name has at most 255 bytes, and a letter up to four


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
