"""The folders around everything: `export.zip` holds `export/`, which holds `submissions/`."""

from __future__ import annotations

from collections.abc import Sequence


class Chain:
    """The folders, one in the other, that hold everything, kept up to date while paths come by.

    Every folder counts, also one without a source file: a learner who handed in nothing of use is a neighbour all the
    same, and the work of the only other learner does not become the class.
    """

    def __init__(self, limit: int) -> None:
        self.folders: list[str] = []
        self._limit = limit

    def add_folder(self, parts: Sequence[str]) -> None:
        """Take note of a folder."""
        for depth, name in enumerate(parts[: self._limit]):
            if depth == len(self.folders):
                self.folders.append(name)
            elif self.folders[depth] != name:
                self._end_at(depth)
                return

    def add_file(self, parts: Sequence[str]) -> None:
        """Take note of a source file: no folder beside it holds everything."""
        self.add_folder(parts[:-1])
        self._end_at(len(parts) - 1)

    def _end_at(self, depth: int) -> None:
        self._limit = min(self._limit, depth)
        del self.folders[self._limit :]
