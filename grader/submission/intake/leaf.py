"""One file of what was handed in, before anybody knows whose it is, and where such files come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from grader.submission.intake.ignored import Ignored


@dataclass(frozen=True, slots=True)
class Leaf:
    """An ordinary file. `locator` is what its tree needs to find it again; `span` where it lies in an archive."""

    parts: tuple[str, ...]
    size: int
    modified: int = 0  # seconds, comparable within one tree only; 0 where unknown
    locator: str = ""
    span: tuple[int, int] | None = None

    @property
    def path(self) -> str:
        return "/".join(self.parts)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, or something else in the tree that is never read, such as a link."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clone:
    """A folder that is a clone of a Git repository."""

    parts: tuple[str, ...]


class Tree(Protocol):
    """A folder or an archive."""

    @property
    def name(self) -> str:
        """The last part of its path, without an archive's ending."""

    def walk(self) -> Iterator[Leaf | Ignored | Folder | Clone]:
        """Everything in it, one by one; nothing is opened. Raises IntakeError."""

    def chunks(self, parts: tuple[str, ...], locator: str, most_bytes: int) -> Iterator[bytes]:
        """The content of a leaf, in pieces, never more than `most_bytes + 1` bytes. Raises IntakeError."""
