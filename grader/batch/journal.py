"""The journal of a batch: what was graded, appended and never changed, safe on disk before it counts.

One writer, the coordinator. SQLite in WAL mode with full synchronisation: a report that was committed survives the
power switch, and one that was not is graded again. `PRAGMA user_version` is the version of the schema.

    run     a batch, one row each time it is started; `repeats` is the run that it does again with another seed
    entry   what a run found in the submissions folder, one row for each learner and exercise
    graded  a finished report; the newest row of the same learner, exercise, submission, course, seed and isolation
            counts
    event   what went wrong on our side: a worker replaced, a report retried
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from grader.grade_error import GradeError

SCHEMA_VERSION = 3
_SCHEMA = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    seed INTEGER NOT NULL,
    isolation TEXT NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0,
    repeats INTEGER REFERENCES run (id)
) STRICT;
CREATE TABLE entry (
    run INTEGER NOT NULL REFERENCES run (id),
    learner TEXT NOT NULL,
    exercise TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    course_hash TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (run, learner, exercise)
) STRICT, WITHOUT ROWID;
CREATE TABLE graded (
    id INTEGER PRIMARY KEY,
    learner TEXT NOT NULL,
    exercise TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    course_hash TEXT NOT NULL,
    seed INTEGER NOT NULL,
    isolation TEXT NOT NULL,
    faults INTEGER NOT NULL,
    seconds REAL NOT NULL,
    report TEXT NOT NULL
) STRICT;
CREATE INDEX graded_by_content ON graded (learner, exercise, sha256, course_hash, seed, isolation, faults);
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    learner TEXT NOT NULL,
    exercise TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT;
"""

_MIGRATIONS = {
    1: "ALTER TABLE run ADD COLUMN finished INTEGER NOT NULL DEFAULT 0",
    2: "ALTER TABLE run ADD COLUMN repeats INTEGER REFERENCES run (id)",
}
"""What brings a journal of an older version one version on."""


class JournalError(GradeError):
    """A journal that cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Content:
    """What a report depends on: the same content needs no second grading."""

    learner: str
    exercise: str
    sha256: str
    course_hash: str
    seed: int
    isolation: str


@dataclass(frozen=True)
class Graded:
    """A report in the journal. `faults` counts those of the grader; a report with any is not final."""

    content: Content
    report: str
    faults: int
    seconds: float

    def parsed(self) -> dict[str, Any]:
        """Return the report as data. Raises JournalError if it is damaged."""
        try:
            report = json.loads(self.report)
        except ValueError:
            report = None
        if not isinstance(report, dict) or not report.keys() >= {"score", "criteria", "grader_faults"}:
            raise JournalError(f"The report of {self.content.learner} is damaged. Grade again with --force.")
        return report


@dataclass(frozen=True)
class Entry:
    """One submission that a run found; `details` is JSON of what the intake knows of it."""

    content: Content
    details: str


def refusal_in(details: str) -> str:
    """Return why an entry with these details is refused, empty if it is not."""
    return str(json.loads(details).get("refusal", ""))


class Journal:
    """An open journal; use it from one thread."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or create; `read_only` changes nothing. Raises JournalError."""
        self.path = path
        try:
            where = f"{path.absolute().as_uri()}?mode=ro" if read_only else path
            self._db = sqlite3.connect(where, isolation_level=None, timeout=5.0, uri=read_only)
            (found,) = self._db.execute("PRAGMA user_version").fetchone()
            if read_only and found < SCHEMA_VERSION:
                self.close()
                raise JournalError(f"{path} was written by an older version. Grade into that folder once more.")
            if found <= SCHEMA_VERSION and not read_only:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
            if found < SCHEMA_VERSION:
                statements = (
                    _SCHEMA.split(";") if found == 0 else [_MIGRATIONS[at] for at in range(found, SCHEMA_VERSION)]
                )
                with self.transaction():
                    for statement in statements:
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        except sqlite3.Error as error:
            raise JournalError(f"{path} cannot be used as a journal: {error}") from None
        if found > SCHEMA_VERSION:
            self.close()
            raise JournalError(
                f"{path} was written by a newer version (journal {found}, this version knows {SCHEMA_VERSION}). "
                "Upgrade cnn-grader, or give another --out folder. Nothing was changed."
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; safe on disk when the block ends. Raises JournalError where it cannot be written."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise JournalError(f"{self.path} cannot be written: {error}. What was recorded before is safe.") from None
        except BaseException:
            self._roll_back()
            raise

    def begin_run(self, seed: int, isolation: str, repeats: int | None = None) -> int:
        """Return the number of a new run; `repeats` is the run that it does again with another seed."""
        values = (seed, isolation, repeats)
        with self.transaction():
            cursor = self._db.execute("INSERT INTO run (seed, isolation, repeats) VALUES (?, ?, ?)", values)
        return int(cursor.lastrowid or 0)

    def last_seed(self) -> int | None:
        """Return the seed of the last run, repetitions left out; None before the first run."""
        row = self._db.execute("SELECT seed FROM run WHERE repeats IS NULL ORDER BY id DESC LIMIT 1").fetchone()
        return None if row is None else int(row[0])

    def settings(self, run: int) -> tuple[int, str]:
        """Return the seed and the isolation of a run."""
        seed, isolation = self._db.execute("SELECT seed, isolation FROM run WHERE id = ?", (run,)).fetchone()
        return int(seed), str(isolation)

    def end_run(self, run: int) -> None:
        """Note that everything of a run is graded."""
        with self.transaction():
            self._db.execute("UPDATE run SET finished = 1 WHERE id = ?", (run,))

    def finished_runs(self) -> list[int]:
        """Return the runs that came to their end, the newest last; repetitions with another seed are left out."""
        rows = self._db.execute("SELECT id FROM run WHERE finished = 1 AND repeats IS NULL ORDER BY id")
        return [run for (run,) in rows]

    def slowest(self, run: int, count: int) -> list[tuple[str, str, float]]:
        """Learner, exercise and seconds of what took longest in a run."""
        rows = self._db.execute(
            "SELECT e.learner, e.exercise, MAX(g.seconds) FROM entry e JOIN run r ON r.id = e.run JOIN graded g"
            " ON g.learner = e.learner AND g.exercise = e.exercise AND g.sha256 = e.sha256"
            " AND g.course_hash = e.course_hash AND g.seed = r.seed AND g.isolation = r.isolation"
            " WHERE e.run = ? GROUP BY e.learner, e.exercise ORDER BY 3 DESC LIMIT ?",
            (run, count),
        )
        return list(rows)

    def add_entry(self, run: int, entry: Entry) -> None:
        """Note what a run found; within a transaction."""
        content = entry.content
        self._db.execute(
            "INSERT INTO entry (run, learner, exercise, sha256, course_hash, details) VALUES (?, ?, ?, ?, ?, ?)",
            (run, content.learner, content.exercise, content.sha256, content.course_hash, entry.details),
        )

    def add_graded(self, graded: Graded) -> None:
        """Append a finished report; within a transaction."""
        c = graded.content
        self._db.execute(
            "INSERT INTO graded (learner, exercise, sha256, course_hash, seed, isolation, faults, seconds, report)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (c.learner, c.exercise, c.sha256, c.course_hash, c.seed, c.isolation, graded.faults, graded.seconds,
             graded.report),
        )  # fmt: skip

    def add_event(self, run: int, learner: str, exercise: str, message: str) -> None:
        """Append what went wrong on our side; within a transaction."""
        self._db.execute(
            "INSERT INTO event (run, learner, exercise, message) VALUES (?, ?, ?, ?)", (run, learner, exercise, message)
        )

    def is_final(self, content: Content) -> bool:
        """Whether this very content was graded without a fault of ours."""
        found = self._db.execute(
            "SELECT 1 FROM graded WHERE learner = ? AND exercise = ? AND sha256 = ? AND course_hash = ? AND seed = ?"
            " AND isolation = ? AND faults = 0 LIMIT 1",
            (content.learner, content.exercise, content.sha256, content.course_hash, content.seed, content.isolation),
        )
        return found.fetchone() is not None

    def results(self, run: int) -> Iterator[tuple[str, str, str, Graded | None]]:
        """Learner, exercise, details and newest report of each entry of a run, sorted by learner and exercise."""
        rows = self._db.execute(
            "SELECT e.learner, e.exercise, e.sha256, e.course_hash, e.details, r.seed, r.isolation,"
            " g.faults, g.seconds, g.report FROM entry e JOIN run r ON r.id = e.run"
            " LEFT JOIN graded g ON g.id = (SELECT MAX(id) FROM graded x"
            " WHERE x.learner = e.learner AND x.exercise = e.exercise AND x.sha256 = e.sha256"
            " AND x.course_hash = e.course_hash AND x.seed = r.seed AND x.isolation = r.isolation)"
            " WHERE e.run = ? ORDER BY e.learner, e.exercise",
            (run,),
        )
        for learner, exercise, sha256, course_hash, details, seed, isolation, faults, seconds, report in rows:
            content = Content(learner, exercise, sha256, course_hash, seed, isolation)
            yield learner, exercise, details, None if report is None else Graded(content, report, faults, seconds)

    def exercises(self, run: int) -> list[str]:
        """The exercises that a run found something for."""
        rows = self._db.execute("SELECT DISTINCT exercise FROM entry WHERE run = ? ORDER BY exercise", (run,))
        return [exercise for (exercise,) in rows]

    def refused(self, run: int) -> Iterator[tuple[str, str, str]]:
        """Yield learner, exercise and reason of each entry that is not graded because its owner is not known."""
        for learner, exercise, details, graded in self.results(run):
            if graded is None and (why := refusal_in(details)):
                yield learner, exercise, why

    def spoiled(self, run: int) -> Iterator[tuple[str, str, str]]:
        """Yield learner, exercise and, if a report tells it, the grader's fault: entries without a score."""
        for learner, exercise, details, graded in self.results(run):
            if graded is None:
                if not refusal_in(details):
                    yield learner, exercise, ""
            elif graded.faults:
                yield learner, exercise, graded.parsed()["grader_faults"][0]["message"]

    def events(self, run: int) -> Iterable[tuple[str, str, str]]:
        """Learner, exercise and message of what went wrong on our side in a run."""
        return self._db.execute(
            "SELECT learner, exercise, message FROM event WHERE run = ? ORDER BY id", (run,)
        ).fetchall()

    def close(self) -> None:
        """Close; what was committed stays."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
