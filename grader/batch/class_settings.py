"""The request of an instructor who grades a class, and its record in the journal."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from grader.batch.given_files import GivenFiles
from grader.batch.run import BatchError
from grader.text import for_path

_PATHS = ("submissions", "course_root", "roster", "late_policy", "mapping")
# These belong to one command, not to the results.
_NOT_RECORDED = ("out", "overrides", "seed", "repeat", "workers", "cluster", "force")


@dataclass(frozen=True)
class ClassSettings:
    """An instructor's request.

    With `seed` None, the results folder keeps its seed or gets a random one. With `workers` None, there is one worker
    per core. `cluster` names a Dask cluster that grades instead of workers on this machine. `repeat` is the number of
    seeds. With `force`, everything is graded again. With `replace_manual`, grades that a person typed into a gradebook
    are replaced. `columns` name the column of an exercise in it, as in `3=Lab 3 (48213)`. `overrides` is a file with
    decisions to add to those in the results folder. With `seed_per_learner`, each learner has a seed of their own, and
    with `anonymous`, pages and file names have pseudonyms.
    """

    submissions: Path
    out: Path
    course_root: Path
    roster: Path | None = None
    late_policy: Path | None = None
    seed: int | None = None
    repeat: int | None = None
    workers: int | None = None
    cluster: str | None = None
    isolation: str = "namespaces"
    force: bool = False
    replace_manual: bool = False
    columns: tuple[str, ...] = ()
    mapping: Path | None = None
    exercise: str | None = None
    exercises: str | None = None
    overrides: Path | None = None
    seed_per_learner: bool = False
    anonymous: bool = False

    @property
    def files(self) -> GivenFiles:
        """Return the files to read, and the exercises to grade."""
        return GivenFiles(
            self.submissions,
            self.course_root,
            self.roster,
            self.late_policy,
            self.mapping,
            self.exercise,
            self.exercises,
            self.overrides,
        )

    def recorded(self) -> str:
        """Return as JSON what later commands need in order to write the same results again."""
        record: dict[str, Any] = {}
        for name in (one.name for one in fields(self) if one.name not in _NOT_RECORDED):
            value = getattr(self, name)
            record[name] = os.path.abspath(value) if name in _PATHS and value is not None else value
        return json.dumps(record, sort_keys=True)

    @classmethod
    def of_record(cls, out: Path, record: str) -> Self:
        """Return the settings of a record in the journal of a results folder. Raises BatchError if there is none."""
        if not record:
            raise BatchError(
                f"{for_path(out)} was written by an older version. Run `grade batch` into that folder again."
            )
        known = json.loads(record)
        for name in _PATHS:
            known[name] = Path(known[name]) if known[name] is not None else None
        return cls(out=out, **{**known, "columns": tuple(known["columns"])})
