"""Keep what wrong programs answer: it is computed once for a course, so that a diagnosis runs few of them.

An exercise has hundreds of wrong programs, and a call has some fifty different answers to them. `grade course compile`
makes every call of the family with every program, and numbers the answers: 0 is that of the reference, and programs
with the same number give the same answer. Exceptions have the highest numbers, so that one number for each call tells
them from arrays. The arrays of plain calls are kept as well. Exceptions are not: their messages differ from one NumPy
to the next. Of a random function, what its programs do in the experiment is kept.
Without the file, or if its sources have changed, each program is called when needed.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course import Exercise
from grader.diagnosis.answers import arrays_among
from grader.diagnosis.measurements import OfProgram, measurements_from
from grader.diagnosis.recorder import Recorded
from grader.writing import replacing

AS_REFERENCE = 0
OF_STUDY = frozenset({"pictures.py", "questions.py"})  # they change no answer
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)

Stored = tuple[int | tuple[str, tuple[int, ...], int], ...]
"""The arrays of one answer: type, shape and first number, or the place of an argument that was not changed."""


@dataclass(frozen=True)
class Behaviours:
    """The numbers of the answers of each form (row) of one function to each call (column).

    Answers of a random function have no numbers; it has `measurements` in their place. `raising` holds the first number
    of an exception for each call; it is empty in a file of an earlier version.
    """

    places: Mapping[bytes, int] = field(default_factory=dict)
    numbers: NDArray[Any] = field(default_factory=lambda: np.zeros((0, 0), np.uint16))
    stored: Mapping[tuple[int, int], Stored] = field(default_factory=dict)
    values: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    raising: NDArray[Any] = field(default_factory=lambda: np.zeros(0, np.uint16))
    measurements: str = ""

    @cached_property
    def measured(self) -> Mapping[bytes, OfProgram]:
        """Return the measurements of the programs of a random function, by the keys of their forms."""
        return measurements_from(self.measurements) if self.measurements else {}

    def of(self, fingerprint: bytes) -> NDArray[Any] | None:
        """Return the numbers of all forms for a call; None if the call is not known."""
        place = self.places.get(fingerprint)
        return None if place is None else self.numbers[:, place]

    def answer(self, call: Recorded, number: int) -> tuple[NDArray[Any], ...] | None:
        """Return the answer with this number to a call; None if it is not stored."""
        stored = self.stored.get((self.places.get(call.fingerprint, -1), number))
        if stored is None:
            return None
        given = arrays_among(call.arguments)
        return tuple(given[part] if isinstance(part, int) else self._array(*part) for part in stored)

    def raises(self, fingerprint: bytes, number: int) -> bool | None:
        """Return whether the answer with this number to a call is an exception; None if that is not known."""
        place = self.places.get(fingerprint)
        return None if place is None or place >= len(self.raising) else bool(number >= self.raising[place])

    def _array(self, dtype: str, shape: tuple[int, ...], first: int) -> NDArray[Any]:
        return self.values[first : first + math.prod(shape)].astype(dtype).reshape(shape)

    def kind(self, form: int) -> bytes:
        """Return the same bytes for forms that give the same answers to all calls; empty if nothing is known."""
        row: bytes = self.numbers[form].tobytes() if form < len(self.numbers) else b""
        return row


def behaviours_path(exercise: Exercise) -> Path:
    """Return the path of the file of an exercise."""
    return exercise.compiled_path


def read_behaviours(exercise: Exercise) -> Mapping[str, Behaviours]:
    """Return what is known of each function; empty if there is no file, or if it is not current.

    A function is read when it is asked for: most learners are wrong in one of them.
    """
    try:
        file = np.load(io.BytesIO(behaviours_path(exercise).read_bytes()), allow_pickle=False)
        if file["sources"].tobytes() != digest_of_sources(exercise):
            return {}
    except _UNREADABLE:
        return {}
    named = (name for name in exercise.rubric.functions if {f"{name}.calls", f"{name}.measured"} & set(file.files))
    return _BehavioursOfFile(file, tuple(named))


class _BehavioursOfFile(Mapping[str, Behaviours]):
    """The functions of one file. One that cannot be read is not known."""

    def __init__(self, file: Mapping[str, NDArray[Any]], names: Sequence[str]) -> None:
        self._file = file
        self._names = names
        self._read: dict[str, Behaviours] = {}

    def __getitem__(self, name: str) -> Behaviours:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            try:
                self._read[name] = self._of(name)
            except _UNREADABLE:
                self._read[name] = Behaviours()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _of(self, name: str) -> Behaviours:
        if f"{name}.measured" in self._file:
            return Behaviours(measurements=self._file[f"{name}.measured"].tobytes().decode())
        raising = f"{name}.raising"
        known = self._file[raising] if raising in self._file else np.zeros(0, np.uint16)
        calls, numbers, stored, values = (
            self._file[f"{name}.{part}"] for part in ("calls", "numbers", "stored", "values")
        )
        return _behaviours(calls, numbers, stored, values, known)


def behaviours_of(
    calls: Sequence[Recorded],
    numbers: NDArray[Any],
    answers: Mapping[tuple[int, int], Any],
    raising: NDArray[Any],
) -> Behaviours:
    """Return what the file keeps of one function. `answers` are those to store, by place of the call and number."""
    stored: dict[tuple[int, int], Stored] = {}
    values: list[NDArray[np.float64]] = []
    count = 0
    for key, answer in answers.items():
        if not isinstance(answer, tuple) or any(part.dtype.kind not in "biuf" for part in answer):
            continue
        given = arrays_among(calls[key[0]].arguments)
        parts: list[int | tuple[str, tuple[int, ...], int]] = []
        for part in answer:
            like = [place for place, one in enumerate(given) if one.dtype == part.dtype and np.array_equal(one, part)]
            if like:
                parts.append(like[0])
                continue
            parts.append((part.dtype.str, part.shape, count))
            values.append(part.astype(np.float64).ravel())
            count += part.size
        stored[key] = tuple(parts)
    places = {call.fingerprint: place for place, call in enumerate(calls)}
    return Behaviours(places, numbers, stored, np.concatenate([np.zeros(0), *values]), raising)


def write_behaviours(exercise: Exercise, found: Mapping[str, Behaviours]) -> Path:
    """Write what each form answers. Raises OSError."""
    arrays: dict[str, Any] = {"sources": np.frombuffer(digest_of_sources(exercise), np.uint8)}
    for name, one in found.items():
        if one.measurements:
            arrays[f"{name}.measured"] = np.frombuffer(one.measurements.encode(), np.uint8)
            continue
        arrays[f"{name}.calls"] = np.frombuffer(b"".join(one.places), np.uint8).reshape(len(one.places), -1)
        arrays[f"{name}.numbers"] = one.numbers.astype(np.uint16)
        stored = [(*key, parts) for key, parts in one.stored.items()]
        arrays[f"{name}.stored"] = np.frombuffer(json.dumps(stored, separators=(",", ":")).encode(), np.uint8)
        arrays[f"{name}.values"] = one.values
        arrays[f"{name}.raising"] = one.raising.astype(np.uint16)
    path = behaviours_path(exercise)
    with replacing(path) as file:
        np.savez_compressed(file, **arrays)
    return path


def digest_of_sources(exercise: Exercise) -> bytes:
    """Return the SHA-256 of the Python files that decide what the wrong programs answer."""
    folder = exercise.compiled_path.parent
    digest = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*.py") if one.name not in OF_STUDY):
        content = path.read_bytes()
        digest.update(b"%b\0%d\0" % (path.relative_to(folder).as_posix().encode(), len(content)))
        digest.update(content)
    return digest.digest()


def _behaviours(
    calls: NDArray[Any], numbers: NDArray[Any], stored: NDArray[Any], values: NDArray[Any], raising: NDArray[Any]
) -> Behaviours:
    answers = {
        (place, number): tuple(one if isinstance(one, int) else (one[0], tuple(one[1]), one[2]) for one in parts)
        for place, number, parts in json.loads(stored.tobytes())
    }
    places = {row.tobytes(): place for place, row in enumerate(calls)}
    return Behaviours(places, numbers, answers, values, raising)
