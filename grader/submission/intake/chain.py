"""The folders that wrap all submissions: `export.zip` holds `export/`, which holds `submissions/`."""

from __future__ import annotations

from collections.abc import Sequence


class Chain:
    """The nested folders that hold everything, updated with each path.

    A folder without a source file counts too. Otherwise, if only one learner handed in source, that learner's folder
    would be taken for a wrapper and its subfolders for learners.
    """

    def __init__(self, limit: int) -> None:
        self.folders: list[str] = []
        self._limit = limit

    def add_folder(self, parts: Sequence[str]) -> None:
        """Add a folder."""
        for depth, name in enumerate(parts[: self._limit]):
            if depth == len(self.folders):
                self.folders.append(name)
            elif self.folders[depth] != name:
                self._end_at(depth)
                return

    def add_file(self, parts: Sequence[str]) -> None:
        """Add a source file: the chain ends at the folder that holds it."""
        self.add_folder(parts[:-1])
        self._end_at(len(parts) - 1)

    def _end_at(self, depth: int) -> None:
        self._limit = min(self._limit, depth)
        del self.folders[self._limit :]
