"""Which wrong programs answer alike: computed once for a course, so that a diagnosis asks one program of each kind.

An exercise has hundreds of wrong programs, and a call has some fifty different answers to them. `grade course compile`
asks every program every call of its family, and keeps the numbers of the answers: 0 is that of the reference. Programs
with one number give one answer. Without the file, or if its sources have changed, each program is asked when needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course import Exercise
from grader.writing import replacing

NAME = "behaviours.npz"
AS_REFERENCE = 0


@dataclass(frozen=True)
class Behaviours:
    """The numbers of the answers of each form (row) of one function to each call (column)."""

    places: Mapping[bytes, int] = field(default_factory=dict)
    numbers: NDArray[Any] = field(default_factory=lambda: np.zeros((0, 0), np.uint16))

    def of(self, fingerprint: bytes) -> NDArray[Any] | None:
        """Return the numbers of all forms for a call; None if the call is not known."""
        place = self.places.get(fingerprint)
        return None if place is None else self.numbers[:, place]

    def kind(self, form: int) -> bytes:
        """Return the same bytes for forms that give the same answers to all calls; empty if nothing is known."""
        row: bytes = self.numbers[form].tobytes() if form < len(self.numbers) else b""
        return row


def behaviours_path(exercise: Exercise) -> Path:
    """Return the path of the file of an exercise."""
    return exercise.reference_path.with_name(NAME)


def read_behaviours(exercise: Exercise) -> Mapping[str, Behaviours]:
    """Return what is known of each function; empty if there is no file, or if it is not current."""
    path = behaviours_path(exercise)
    try:
        with np.load(path, allow_pickle=False) as file:
            if file["sources"].tobytes() != digest_of_sources(exercise):
                return {}
            return {
                name: _behaviours(file[f"{name}.calls"], file[f"{name}.numbers"])
                for name in exercise.rubric.functions
                if f"{name}.calls" in file
            }
    except (OSError, ValueError, KeyError):
        return {}


def write_behaviours(exercise: Exercise, found: Mapping[str, tuple[Sequence[bytes], NDArray[Any]]]) -> Path:
    """Write what each form answers. Raises OSError."""
    arrays: dict[str, Any] = {"sources": np.frombuffer(digest_of_sources(exercise), np.uint8)}
    for name, (calls, numbers) in found.items():
        arrays[f"{name}.calls"] = np.frombuffer(b"".join(calls), np.uint8).reshape(len(calls), -1)
        arrays[f"{name}.numbers"] = numbers.astype(np.uint16)
    path = behaviours_path(exercise)
    with replacing(path) as file:
        np.savez_compressed(file, **arrays)
    return path


def digest_of_sources(exercise: Exercise) -> bytes:
    """Return the SHA-256 of the Python files that decide what the wrong programs answer."""
    folder = exercise.reference_path.parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        digest.update(b"%b\0%d\0" % (path.relative_to(folder).as_posix().encode(), len(content)))
        digest.update(content)
    return digest.digest()


def _behaviours(calls: NDArray[Any], numbers: NDArray[Any]) -> Behaviours:
    return Behaviours({row.tobytes(): place for place, row in enumerate(calls)}, numbers)
