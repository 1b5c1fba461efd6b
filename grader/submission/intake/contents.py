"""Read submissions, from their place in a folder or archive to source text.

A worker of a batch reads and hashes the raw bytes, decodes the text and extracts the source from a notebook, under
limits of time and memory. The coordinator reads only files whose names say nothing, in which it looks for the bytes
`def name(`, files as large as a stub, and what it sends to a cluster. It decodes nothing and reads a limited number of
bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.submission.intake.archive_tree import ArchiveTree
from grader.submission.intake.error import IntakeError
from grader.submission.intake.folder_tree import FolderTree
from grader.submission.intake.leaf import Tree
from grader.submission.intake.nested_tree import NestedTree
from grader.submission.reading import (
    BYTES_LIMIT,
    NOTEBOOK,
    NOTEBOOK_BYTES_LIMIT,
    SubmissionError,
    companion_source,
    sources_of,
)
from grader.submission.submission import Submission
from grader.text import for_line


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a submitted file, and its name in the course: `dropout.py`, or `dropout.ipynb` for a notebook.

    `copy` is the name of the learner's file if it is that of a copy, such as `dropout copy.py`; else it is empty.
    """

    name: str
    parts: tuple[str, ...]
    locator: str
    copy: str = ""

    @property
    def most_bytes(self) -> int:
        """Return the limit of its size."""
        return NOTEBOOK_BYTES_LIMIT if self.is_notebook else BYTES_LIMIT

    @property
    def is_notebook(self) -> bool:
        """Return True if its source is in the cells of a notebook."""
        return self.name.endswith(NOTEBOOK)


def tree_of(source: Path) -> Tree:
    """Return the folder or the archive at `source`. Raises IntakeError."""
    if source.is_dir():
        return NestedTree(FolderTree(source))
    if source.is_file():
        if _is_archive(source):
            return NestedTree(ArchiveTree(source))
        raise IntakeError(
            f"{for_line(str(source))} is neither a folder nor a zip archive. Give the folder of the submissions, or "
            "the zip from the learning platform."
        )
    what = "is not an ordinary file" if source.exists() else "does not exist"
    raise IntakeError(f"{for_line(str(source))} {what}; expected a folder of submissions or a zip archive.")


def _is_archive(path: Path) -> bool:
    """Return whether a file starts like a zip archive, or has the name of one. Raises IntakeError."""
    try:
        with path.open("rb") as opened:
            return opened.read(4) in (b"PK\x03\x04", b"PK\x05\x06") or path.suffix.lower() == ".zip"
    except OSError as error:
        raise IntakeError(f"{for_line(str(path))} cannot be read: {error.strerror or error}.") from None


def contents_of(tree: Tree, places: Sequence[Place]) -> dict[str, bytes]:
    """Return the raw bytes at each place; of a file that is too large, one byte more than its limit.

    Raises IntakeError.
    """
    return {place.name: b"".join(tree.chunks(place.parts, place.locator, place.most_bytes)) for place in places}


def submission_of(
    learner: str, exercise: str, places: Sequence[Place], contents: Mapping[str, bytes], functions: Sequence[str]
) -> Submission:
    """Return the submission whose file is at the first place, with the companions at the others.

    From a notebook, take the cells that define `functions`. Raises SubmissionError.
    """
    own, *companions = places
    shown_name, content = for_line(own.parts[-1]), contents[own.name]
    if len(content) > own.most_bytes:
        raise SubmissionError(
            f"{shown_name} is larger than {own.most_bytes // 1024} KiB. Hand in source only, without data."
        )
    texts, remarks = sources_of(content, shown_name, own.name, functions)
    if own.copy:
        remarks = (f"{for_line(own.copy)} was graded as {own.name}. Name your file {own.name}.", *remarks)
    texts |= {place.name: companion_source(contents[place.name], place.name) for place in companions}
    return Submission.of(learner, exercise, contents, texts, remarks)
