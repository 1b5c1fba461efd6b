"""One file below a folder or in an archive, before its owner is known, and the tree that it is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from grader.submission.intake.ignored import Ignored


@dataclass(frozen=True, slots=True)
class Leaf:
    """An ordinary file. Its tree finds it again by `locator`; `span` is its position in an archive.

    `why` says why it cannot be read; it is empty for all others. An archive is `opened` if its members follow it.
    """

    parts: tuple[str, ...]
    size: int
    modified: int = 0  # seconds, comparable only within one tree; 0 if unknown
    locator: str = ""
    span: tuple[int, int] | None = None
    why: str = ""
    opened: bool = False

    @property
    def path(self) -> str:
        """Return its path with slashes."""
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, or something in the tree that is never read, such as a link."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clone:
    """A folder that is a clone of a Git repository."""

    parts: tuple[str, ...]


class Tree(Protocol):
    """A folder or an archive."""

    @property
    def name(self) -> str:
        """Return the last part of its path, without the ending of an archive."""

    @property
    def is_archive(self) -> bool:
        """Return True if its times are those that an archive keeps."""

    def walk(self) -> Iterator[Leaf | Ignored | Folder | Clone]:
        """Yield everything in it, one by one, and open nothing. Raises IntakeError."""

    def chunks(self, parts: tuple[str, ...], locator: str, most_bytes: int) -> Iterator[bytes]:
        """Yield the content of a leaf in pieces, at most `most_bytes + 1` bytes. Raises IntakeError."""
