"""One learner's files for one exercise."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from grader.submission.imports import NO_IMPORTS, Imports

ANONYMOUS = "learner"  # the author of a file without a name


@dataclass(frozen=True)
class SourceFile:
    """A decoded file of Python source; `imports` is filled in when the file is screened."""

    name: str
    text: str
    imports: Imports = NO_IMPORTS


@dataclass(frozen=True)
class Submission:
    """The files of one learner that are graded. `sha256` is the `content_hash` of the bytes that were handed in.

    `remarks` say how the files were read; they cost nothing.
    """

    learner: str
    exercise: str
    files: tuple[SourceFile, ...]
    sha256: str
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        learner: str,
        exercise: str,
        contents: Mapping[str, bytes],
        texts: Mapping[str, str],
        remarks: Sequence[str] = (),
    ) -> Self:
        """Return the submission with these files: their bytes for the hash, their decoded texts for the sandbox."""
        files = tuple(SourceFile(name, texts[name]) for name in sorted(texts))
        return cls(learner, exercise, files, content_hash(contents), tuple(remarks))


def content_hash(contents: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the names and the raw bytes of files."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{len(contents[name])}\0".encode())
        digest.update(contents[name])
    return digest.hexdigest()
