"""One learner's files for one exercise."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from grader.submission.imports import NO_IMPORTS, Imports

ANONYMOUS = "learner"  # who hands in a file without saying who they are


@dataclass(frozen=True)
class SourceFile:
    """A file of Python source, decoded, and what it imports once somebody has looked."""

    name: str
    text: str
    imports: Imports = NO_IMPORTS


@dataclass(frozen=True)
class Submission:
    """What is graded. `sha256` is taken over the names and the bytes that were handed in."""

    learner: str
    exercise: str
    files: tuple[SourceFile, ...]
    sha256: str

    @classmethod
    def of(cls, learner: str, exercise: str, contents: Mapping[str, bytes], texts: Mapping[str, str]) -> Self:
        """The submission of these files: their bytes for the hash, their decoded texts for the sandbox."""
        digest = hashlib.sha256()
        for name in sorted(contents):
            digest.update(f"{name}\0{len(contents[name])}\0".encode())
            digest.update(contents[name])
        files = tuple(SourceFile(name, texts[name]) for name in sorted(contents))
        return cls(learner, exercise, files, digest.hexdigest())
