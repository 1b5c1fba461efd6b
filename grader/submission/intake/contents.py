"""What was handed in, from where it lies to source text.

It is read twice. The coordinator of a batch takes the raw bytes for their hash, which says whether they were graded
before; it looks for no pattern, decodes nothing and reads at most so many bytes. A worker reads them again, under its
limits of time and memory, decodes them, takes the source out of a notebook, and finds out whether they have changed
since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.submission.intake.archive import ArchiveTree, is_archive
from grader.submission.intake.error import IntakeError
from grader.submission.intake.folder import FolderTree
from grader.submission.intake.label import shown
from grader.submission.intake.leaf import Tree
from grader.submission.reading import (
    BYTES_LIMIT,
    NOTEBOOK,
    NOTEBOOK_BYTES_LIMIT,
    SubmissionError,
    companion_source,
    sources_of,
)
from grader.submission.submission import Submission


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file of a hand-in lies, and its name in the course: `dropout.py`, or `dropout.ipynb` for a notebook.

    `copy` is the name that the learner's file has, if it is that of a copy, such as `dropout copy.py`; else it is
    empty.
    """

    name: str
    parts: tuple[str, ...]
    locator: str
    copy: str = ""

    @property
    def most_bytes(self) -> int:
        """Return how large it may be."""
        return NOTEBOOK_BYTES_LIMIT if self.is_notebook else BYTES_LIMIT

    @property
    def is_notebook(self) -> bool:
        """Return True if its source is to be taken out of cells."""
        return self.name.endswith(NOTEBOOK)


def tree_of(source: Path) -> Tree:
    """Return the folder or the archive at `source`. Raises IntakeError."""
    if source.is_dir():
        return FolderTree(source)
    if source.is_file():
        if is_archive(source):
            return ArchiveTree(source)
        raise IntakeError(
            f"{shown(str(source))} is neither a folder nor a zip archive. Give the folder of the hand-ins, or the zip "
            "that the learning platform gave."
        )
    what = "is no ordinary file" if source.exists() else "does not exist"
    raise IntakeError(f"{shown(str(source))} {what}; expected a folder of hand-ins or a zip archive.")


def contents_of(tree: Tree, places: Sequence[Place]) -> dict[str, bytes]:
    """Return the raw bytes at each place, of a file that is too large one byte more than its limit.

    Raises IntakeError.
    """
    return {place.name: b"".join(tree.chunks(place.parts, place.locator, place.most_bytes)) for place in places}


def submission_of(
    learner: str, exercise: str, places: Sequence[Place], contents: Mapping[str, bytes], functions: Sequence[str]
) -> Submission:
    """Return the submission whose file lies at the first place, with the companions at the others.

    Of a notebook, the cells that define `functions` are taken. Raises SubmissionError.
    """
    own, *companions = places
    shown_name, content = shown(own.parts[-1]), contents[own.name]
    if len(content) > own.most_bytes:
        raise SubmissionError(
            f"{shown_name} is larger than {own.most_bytes // 1024} KiB, expected less. "
            "Hand in source only, without data."
        )
    texts, remarks = sources_of(content, shown_name, own.name, functions)
    if own.copy:
        remarks = (f"{shown(own.copy)} was graded as {own.name}. Name your file {own.name}.", *remarks)
    texts |= {place.name: companion_source(contents[place.name], place.name) for place in companions}
    return Submission.of(learner, exercise, contents, texts, remarks)
