"""A folder of submissions on disk.

A link is never followed, not even to a place inside the folder: it could hand in somebody else's work, or one of our
files. Only ordinary files are opened, and every folder on the way is checked again when a file is read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from grader.submission.intake.error import IntakeError
from grader.submission.intake.ignored import Ignored
from grader.submission.intake.leaf import Clone, Folder, Leaf
from grader.submission.intake.litter import folder_litter
from grader.text import for_line

ENTRIES_LIMIT = 2_000_000  # 100,000 learners hand in 700,000 files in four folders each; `/`, by mistake, has more
DEPTH_LIMIT = 24  # `alice/exercises/03_dropout/dropout.py` has 4
CHUNK_BYTES = 256 * 1024

_SPECIAL = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # does not wait for a writer if a pipe has replaced the file
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_STEPWISE = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY") and hasattr(os, "O_NOFOLLOW")


class FolderTree:
    """Everything below a folder."""

    is_archive = False

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self.name = self._root.name

    def walk(self) -> Iterator[Leaf | Ignored | Folder | Clone]:
        """Yield everything in it, one by one, in the order of the disk. Raises IntakeError."""
        for seen, found in enumerate(self._below(self._root, ()), 1):
            if seen > ENTRIES_LIMIT:
                raise IntakeError(
                    f"{for_line(str(self._root))} contains more than {ENTRIES_LIMIT:,} files and folders. "
                    "Is it the folder of the submissions? If it is, grade it in parts."
                )
            yield found

    def chunks(self, parts: tuple[str, ...], locator: str, most_bytes: int) -> Iterator[bytes]:
        """Yield the content of a file in pieces, at most `most_bytes + 1` bytes. Raises IntakeError."""
        origin = for_line("/".join(parts))
        try:
            with os.fdopen(self._open(parts), "rb", buffering=0) as opened:
                special = _special(os.fstat(opened.fileno()).st_mode)
                if special is not None:
                    raise IntakeError(f"{origin} has changed since it was found: it {special}. Grade again.")
                left = most_bytes + 1
                while left > 0 and (chunk := opened.read(min(left, CHUNK_BYTES))):
                    left -= len(chunk)
                    yield chunk
        except OSError as error:
            raise IntakeError(f"{origin} cannot be read: {error.strerror or error}.") from None

    def _below(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Leaf | Ignored | Folder | Clone]:
        """Yield everything below a folder. Keep one open folder for each level, and nothing else."""
        try:
            entries = os.scandir(folder)
        except OSError as error:
            if not parts:
                raise IntakeError(f"{for_line(str(folder))} cannot be read: {error.strerror or error}.") from None
            yield Ignored(for_line("/".join(parts)), f"cannot be read: {error.strerror or error}", "refused")
            return
        with entries:
            for entry in entries:
                inside = (*parts, entry.name)
                origin = for_line("/".join(inside))
                try:
                    status = entry.stat(follow_symlinks=False)
                    refusal = _refusal(entry.name, status.st_mode)
                except OSError as error:
                    yield Ignored(origin, f"cannot be read: {error.strerror or error}", "refused")
                    continue
                if entry.name == ".git" and not stat.S_ISLNK(status.st_mode):
                    yield Clone(parts)
                if refusal is not None:
                    yield Folder((*parts, for_line(entry.name)))  # it counts, although its name may be invalid
                    yield Ignored(origin, refusal, "refused")
                elif not stat.S_ISDIR(status.st_mode):
                    yield Leaf(inside, status.st_size, int(status.st_mtime))
                elif (why := folder_litter(entry.name)) is not None:
                    yield Ignored(origin, why, "litter")
                elif len(inside) > DEPTH_LIMIT:
                    yield Ignored(origin, f"is more than {DEPTH_LIMIT} folders deep", "refused")
                else:
                    yield Folder(inside)
                    yield from self._below(folder / entry.name, inside)

    def _open(self, parts: tuple[str, ...]) -> int:
        """Return a descriptor of the file, without following a link on the way."""
        if not _STEPWISE:  # Windows
            path = self._root.joinpath(*parts)
            if path.resolve() != path:
                raise IntakeError(f"{for_line('/'.join(parts))} has become a link since it was found. Grade again.")
            return os.open(path, _FLAGS)
        folder = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in parts[:-1]:
                inner = os.open(part, _FLAGS | os.O_DIRECTORY, dir_fd=folder)
                os.close(folder)
                folder = inner
            return os.open(parts[-1], _FLAGS, dir_fd=folder)
        finally:
            os.close(folder)


def _refusal(name: str, mode: int) -> str | None:
    """Return why an entry is not read; None if it is."""
    if stat.S_ISLNK(mode):
        return "is a link, which is never followed; hand in the file itself"
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return "has a name that is not UTF-8; rename it"
    return _special(mode) if not stat.S_ISDIR(mode) else None


def _special(mode: int) -> str | None:
    if stat.S_ISREG(mode):
        return None
    kind = next((kind for holds, kind in _SPECIAL if holds(mode)), "not an ordinary file")
    return f"is {kind}; expected an ordinary file"
