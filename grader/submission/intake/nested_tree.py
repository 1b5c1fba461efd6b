"""A folder or an archive in which zip archives are read as folders.

A learner hands in `hw3.zip`. Its members then have paths such as `anna/hw3.zip/dropout.py`, below the archive that the
platform has named after its owner. An inner archive is read into memory, up to a limit, and under the limits of
every archive. One that cannot be read is listed with the reason, as one file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from grader.submission.intake.archive_tree import ArchiveTree
from grader.submission.intake.error import IntakeError
from grader.submission.intake.ignored import Ignored
from grader.submission.intake.leaf import Clone, Folder, Leaf, Tree
from grader.submission.intake.litter import litter
from grader.text import for_line

ARCHIVE_BYTES_LIMIT = 32 * 1024 * 1024  # a notebook may have 16 MiB
MEMBERS_LIMIT = 5000  # of one inner archive: a clone with its environment has more
DEPTH_LIMIT = 2  # a zip of a zip happens; a third one is a bomb


class NestedTree:
    """Everything in a tree and in the zip archives that it holds."""

    def __init__(self, outer: Tree) -> None:
        self._outer = outer
        self._last: tuple[str, bytes] = ("", b"")

    @property
    def name(self) -> str:
        """Return the name of the outer tree."""
        return self._outer.name

    @property
    def is_archive(self) -> bool:
        """Return True if the outer tree is an archive."""
        return self._outer.is_archive

    def walk(self) -> Iterator[Leaf | Ignored | Folder | Clone]:
        """Yield everything in it, one by one. Raises IntakeError."""
        for found in self._outer.walk():
            yield from self._opened(found, 1)

    def chunks(self, parts: tuple[str, ...], locator: str, most_bytes: int) -> Iterator[bytes]:
        """Yield the content of a file in pieces, at most `most_bytes + 1` bytes. Raises IntakeError."""
        depth, outer_locator, inner_locator = _split(locator)
        if not depth:
            return self._outer.chunks(parts, locator, most_bytes)
        archive = ArchiveTree(Path(parts[depth - 1]), self._archive(parts[:depth], outer_locator))
        return archive.chunks(parts[depth:], inner_locator, most_bytes)

    def _opened(self, found: Leaf | Ignored | Folder | Clone, depth: int) -> Iterator[Leaf | Ignored | Folder | Clone]:
        """Yield what was found, or the members of an archive in its place."""
        if not isinstance(found, Leaf) or not is_inner_archive(found.parts[-1]) or litter(found.parts) is not None:
            yield found
            return
        try:
            members = self._members(found, depth)
        except IntakeError as error:
            yield replace(found, why=str(error))
            return
        yield replace(found, opened=bool(members), why="" if members else "is an archive without a file")
        for member in members:
            yield from self._opened(member, depth + 1)

    def _members(self, found: Leaf, depth: int) -> list[Leaf | Ignored]:
        """Return what is in an archive. Raises IntakeError if it cannot be read as a whole."""
        if depth > DEPTH_LIMIT:
            raise IntakeError(f"is an archive in {DEPTH_LIMIT} others, which is not opened; unpack it")
        try:
            content = self._archive(found.parts, found.locator)
            inside = list(_limited(ArchiveTree(Path(found.parts[-1]), content)))
        except IntakeError as error:
            raise IntakeError(f"is an archive that cannot be read: {error}") from None
        _refuse_overlaps(inside)
        return [_below(found, one) for one in inside]

    def _archive(self, parts: tuple[str, ...], locator: str) -> bytes:
        """Return the content of an inner archive. The last one is kept, because its members follow each other."""
        key = json.dumps([parts, locator])
        if self._last[0] != key:
            content = b"".join(self.chunks(parts, locator, ARCHIVE_BYTES_LIMIT))
            if len(content) > ARCHIVE_BYTES_LIMIT:
                most = ARCHIVE_BYTES_LIMIT // 2**20
                raise IntakeError(f"{for_line(parts[-1])} is larger than {most} MiB. Hand in source without data.")
            self._last = (key, content)
        return self._last[1]


def is_inner_archive(name: str) -> bool:
    """Return True for the name of a zip archive."""
    return name.lower().endswith(".zip")


def _limited(archive: ArchiveTree) -> Iterator[Leaf | Ignored]:
    for count, found in enumerate(archive.walk(), 1):
        if count > MEMBERS_LIMIT:
            raise IntakeError(f"it contains more than {MEMBERS_LIMIT:,} members. Hand in source only.")
        if isinstance(found, Leaf | Ignored):
            yield found


def _refuse_overlaps(inside: list[Leaf | Ignored]) -> None:
    """Raise IntakeError if two members are at one place: a small archive would unpack to a large one."""
    spans = sorted(one.span for one in inside if isinstance(one, Leaf) and one.span)
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise IntakeError("contains members that overlap, as in an archive bomb, so it is not read; pack it again")


def _below(archive: Leaf, found: Leaf | Ignored) -> Leaf | Ignored:
    """Return a member with the path of its archive before its own."""
    if isinstance(found, Ignored):
        return Ignored(f"{for_line(archive.path)}/{found.origin}", found.why, found.kind)
    locator = json.dumps([len(archive.parts), archive.locator, found.locator])
    return Leaf((*archive.parts, *found.parts), found.size, found.modified, locator)


def _split(locator: str) -> tuple[int, str, str]:
    """Return how many parts of the path name the inner archive (0 if there is none), its locator and the member's."""
    fields = json.loads(locator) if locator else []
    return (fields[0], fields[1], fields[2]) if len(fields) == 3 else (0, "", "")
