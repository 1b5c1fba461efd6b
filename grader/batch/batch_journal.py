"""The journal of a batch: every report is safe on disk before it counts.

The coordinator is the only writer. SQLite runs in WAL mode with full synchronisation, so a committed report survives a
power cut. A report that was not committed is graded again. `PRAGMA user_version` is the version of the schema.

    run     one row each time a batch is started; `repeats` is the run that it repeats with a different seed, and
            `request` is what the instructor asked for, as JSON
    entry   one hand-in that a run found: one row for each learner and exercise
    graded  a finished report; only the newest row for the same learner, exercise, submission, course, seed and
            isolation counts
    event   a fault of the grader: a worker died twice, a hand-in could not be read
    unrecognised  a file that a learner handed in and that belongs to no exercise, in one run
    exported  a value that a run wrote into a column of a learning platform: it is ours, and no person typed it
    source  the files of a hand-in, by their hash, so that a grade can be explained when the folder is gone
    listing  the source that a worker took from a notebook, by the hash of the files and the exercise
    secret  random bytes that seeds and pseudonyms of learners are derived from

Rows of `graded` and `event` are never changed. An entry changes only if its hand-in changes while it is graded.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Self

from grader.batch.journal_rows import Content, Entry, Graded, JournalError, is_ungraded
from grader.batch.journal_schema import SCHEMA_VERSION, statements_from
from grader.text import for_path

__all__ = ["BatchJournal", "Content", "Entry", "Graded", "JournalError"]

_SEED_OF_ENTRY = "COALESCE(json_extract(e.details, '$.seed'), r.seed)"  # a learner may have a seed of their own


def _reading_mode(path: Path) -> str:
    """Return how SQLite opens a journal to read it.

    In WAL mode, a reader makes a file beside the journal. In a folder that cannot be written, nobody writes to it.
    """
    return "mode=ro" if os.access(path.parent, os.W_OK) or Path(f"{path}-wal").exists() else "immutable=1"


class BatchJournal:
    """An open journal. Use it from one thread."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open or create the journal. With `read_only`, nothing is changed. Raises JournalError."""
        self.path = path
        try:
            database = f"{path.absolute().as_uri()}?{_reading_mode(path)}" if read_only else path
            self._db = sqlite3.connect(database, isolation_level=None, timeout=5.0, uri=read_only)
            (found,) = self._db.execute("PRAGMA user_version").fetchone()
            if read_only and found < SCHEMA_VERSION:
                self.close()
                raise JournalError(
                    f"{for_path(path)} was written by an older version. Run `grade batch` into that folder again."
                )
            if found <= SCHEMA_VERSION and not read_only:
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
                self._db.execute("PRAGMA foreign_keys = ON")
            if found < SCHEMA_VERSION:
                with self.transaction():
                    for statement in statements_from(found):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        except sqlite3.Error as error:
            raise JournalError(f"{for_path(path)} cannot be used as a journal: {error}") from None
        if found > SCHEMA_VERSION:
            self.close()
            raise JournalError(
                f"{for_path(path)} was written by a newer version (journal {found}, this version knows "
                f"{SCHEMA_VERSION}). Upgrade cnn-grader, or choose another --out folder. Nothing was changed."
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything in the block, or nothing. Raises JournalError if the journal cannot be written."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                problem = f"{for_path(self.path)} cannot be written: {error}. Earlier records are safe."
                raise JournalError(problem) from None
            raise

    def begin_run(self, seed: int, isolation: str, repeats: int | None = None, request: str = "") -> int:
        """Return the number of a new run. `repeats` is the run that it repeats with a different seed."""
        with self.transaction():
            return self.add_run(seed, isolation, repeats, request)

    def add_run(self, seed: int, isolation: str, repeats: int | None, request: str) -> int:
        """Return the number of a new run. Call it within a transaction."""
        values = (seed, isolation, repeats, request)
        cursor = self._db.execute("INSERT INTO run (seed, isolation, repeats, request) VALUES (?, ?, ?, ?)", values)
        return int(cursor.lastrowid or 0)

    def request(self, run: int) -> str:
        """Return what the instructor asked for in a run, as JSON; an empty text if an older version did not keep it."""
        (request,) = self._db.execute("SELECT request FROM run WHERE id = ?", (run,)).fetchone()
        return str(request)

    def last_seed(self) -> int | None:
        """Return the seed of the last run that is not a repetition, or None before the first run."""
        row = self._db.execute("SELECT seed FROM run WHERE repeats IS NULL ORDER BY id DESC LIMIT 1").fetchone()
        return None if row is None else int(row[0])

    def settings(self, run: int) -> tuple[int, str]:
        """Return the seed and the isolation of a run."""
        seed, isolation = self._db.execute("SELECT seed, isolation FROM run WHERE id = ?", (run,)).fetchone()
        return int(seed), str(isolation)

    def has_own_seeds(self, run: int) -> bool:
        """Return True if each learner has a seed of their own in a run."""
        query = "SELECT 1 FROM entry WHERE run = ? AND json_extract(details, '$.seed') IS NOT NULL LIMIT 1"
        return self._db.execute(query, (run,)).fetchone() is not None

    def end_run(self, run: int) -> None:
        """Record that a run is complete."""
        with self.transaction():
            self.finish(run)

    def finish(self, run: int) -> None:
        """Record that a run is complete. Call it within a transaction."""
        self._db.execute("UPDATE run SET finished = 1 WHERE id = ?", (run,))

    def finished_runs(self) -> list[int]:
        """Return the complete runs, the newest last. Repetitions with a different seed are left out."""
        query = "SELECT id FROM run WHERE finished = 1 AND repeats IS NULL ORDER BY id"
        return [run for (run,) in self._db.execute(query)]

    def slowest(self, run: int, count: int) -> list[tuple[str, str, float]]:
        """Return learner, exercise and seconds of the slowest submissions of a run."""
        rows = self._db.execute(
            "SELECT e.learner, e.exercise, MAX(g.seconds) FROM entry e JOIN run r ON r.id = e.run JOIN graded g"
            " ON g.learner = e.learner AND g.exercise = e.exercise AND g.sha256 = e.sha256"
            " AND g.course_hash = e.course_hash AND g.isolation = r.isolation"
            f" AND g.seed = {_SEED_OF_ENTRY}"
            " WHERE e.run = ? GROUP BY e.learner, e.exercise ORDER BY 3 DESC LIMIT ?",
            (run, count),
        )
        return list(rows)

    def add_entry(self, run: int, entry: Entry) -> None:
        """Record a hand-in that a run found. Call it within a transaction."""
        content = entry.content
        self._db.execute(
            "INSERT INTO entry (run, learner, exercise, sha256, course_hash, details) VALUES (?, ?, ?, ?, ?, ?)",
            (run, content.learner, content.exercise, content.sha256, content.course_hash, entry.details),
        )

    def refuse(self, run: int, learner: str, exercise: str, why: str) -> None:
        """Record that a learner's entry, or those of a group, are refused after all. Call it within a transaction."""
        query = (
            "SELECT learner, details FROM entry WHERE run = ? AND exercise = ?"
            " AND COALESCE(json_extract(details, '$.graded_as'), learner) = ?"
        )
        for member, details in self._db.execute(query, (run, exercise, learner)).fetchall():
            refused = json.dumps({**json.loads(details), "refusal": why}, sort_keys=True)
            key = (refused, run, member, exercise)
            self._db.execute("UPDATE entry SET details = ? WHERE run = ? AND learner = ? AND exercise = ?", key)

    def add_graded(self, graded: Graded) -> None:
        """Append a finished report. Call it within a transaction."""
        c = graded.content
        self._db.execute(
            "INSERT INTO graded (learner, exercise, sha256, course_hash, seed, isolation, faults, seconds, report)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (c.learner, c.exercise, c.sha256, c.course_hash, c.seed, c.isolation, graded.faults, graded.seconds,
             graded.report),
        )  # fmt: skip

    def add_event(self, run: int, learner: str, exercise: str, message: str) -> None:
        """Append a fault of the grader. Call it within a transaction."""
        row = (run, learner, exercise, message)
        self._db.execute("INSERT INTO event (run, learner, exercise, message) VALUES (?, ?, ?, ?)", row)

    def hashes(self, content: Content) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the hashes of files that were graded without a fault of the grader, and those of files that are kept.

        They are the files of a learner in an exercise, graded with the same course, seed and isolation. The hash of
        `content` does not count.
        """
        found = self._db.execute(
            "SELECT DISTINCT g.sha256, s.sha256 FROM graded g LEFT JOIN source s ON s.sha256 = g.sha256"
            " WHERE g.learner = ? AND g.exercise = ? AND g.course_hash = ? AND g.seed = ? AND g.isolation = ?"
            " AND g.faults = 0",
            (content.learner, content.exercise, content.course_hash, content.seed, content.isolation),
        ).fetchall()
        return tuple(known for known, _ in found), tuple(kept for _, kept in found if kept is not None)

    def results(
        self, run: int, only: str = "", *, without_score: bool = False
    ) -> Iterator[tuple[str, str, str, Graded | None]]:
        """Yield learner, exercise, details and newest report of each entry of a run, sorted by learner and exercise.

        The report is None if there is no report, or if the entry is refused. `only` is the learner who is wanted.
        `without_score` leaves out reports without a fault of the grader.
        """
        wanted = f"{' AND e.learner = ?' if only else ''}{' AND COALESCE(g.faults, 1) > 0' if without_score else ''}"
        rows = self._db.execute(
            f"SELECT e.learner, e.exercise, e.sha256, e.course_hash, e.details, {_SEED_OF_ENTRY}, r.isolation,"
            " g.faults, g.seconds, g.report FROM entry e JOIN run r ON r.id = e.run"
            " LEFT JOIN graded g ON g.id = (SELECT MAX(id) FROM graded x"
            " WHERE x.learner = COALESCE(json_extract(e.details, '$.graded_as'), e.learner)"
            " AND x.exercise = e.exercise AND x.sha256 = e.sha256"
            f" AND x.course_hash = e.course_hash AND x.seed = {_SEED_OF_ENTRY} AND x.isolation = r.isolation)"
            f" WHERE e.run = ?{wanted} ORDER BY e.learner, e.exercise",
            (run, only) if only else (run,),
        )
        for learner, exercise, sha256, course_hash, details, seed, isolation, faults, seconds, report in rows:
            content = Content(learner, exercise, sha256, course_hash, seed, isolation)
            counts = report is not None and not is_ungraded(details)
            yield learner, exercise, details, Graded(content, report, faults, seconds) if counts else None

    def entries(self, run: int) -> list[Entry]:
        """Return the entries of a run, as `add_entry` got them."""
        rows = self._db.execute(
            f"SELECT e.learner, e.exercise, e.sha256, e.course_hash, {_SEED_OF_ENTRY}, r.isolation, e.details"
            " FROM entry e JOIN run r ON r.id = e.run WHERE e.run = ? ORDER BY e.learner, e.exercise",
            (run,),
        )
        return [Entry(Content(*content), details) for *content, details in rows]

    def exercises(self, run: int) -> list[str]:
        """Return the exercises for which a run found a hand-in."""
        query = "SELECT DISTINCT exercise FROM entry WHERE run = ? ORDER BY exercise"
        return [exercise for (exercise,) in self._db.execute(query, (run,))]

    def count(self, run: int) -> int:
        """Return the number of hand-ins that a run found."""
        (found,) = self._db.execute("SELECT COUNT(*) FROM entry WHERE run = ?", (run,)).fetchone()
        return int(found)

    def learners(self, run: int) -> list[str]:
        """Return everybody who handed something in."""
        query = "SELECT learner FROM entry WHERE run = ? UNION SELECT learner FROM unrecognised WHERE run = ?"
        return [learner for (learner,) in self._db.execute(query, (run, run))]

    def gone(self, run: int) -> list[tuple[str, str]]:
        """Return learner and exercise of each hand-in that other runs found and this one did not."""
        query = "SELECT learner, exercise FROM entry EXCEPT SELECT learner, exercise FROM entry WHERE run = ?"
        return self._db.execute(query, (run,)).fetchall()

    def identical(self, run: int) -> dict[tuple[str, str], tuple[str, ...]]:
        """Return the learners who handed in the same bytes for an exercise, by each of them and the exercise.

        The members of a group count as one, and unchanged stubs do not count.
        """
        rows = self._db.execute(
            "SELECT exercise, sha256, learner, COALESCE(json_extract(details, '$.graded_as'), learner) FROM entry"
            " WHERE run = ? AND sha256 != '' AND NOT COALESCE(json_extract(details, '$.is_stub'), 0)"
            " ORDER BY exercise, sha256, learner",
            (run,),
        )
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for (exercise, _), group in groupby(rows, key=lambda row: (row[0], row[1])):
            same = [(learner, owner) for _, _, learner, owner in group]
            if len({owner for _, owner in same}) > 1:
                found |= {(learner, exercise): tuple(learner for learner, _ in same) for learner, _ in same}
        return found

    def refused(self, run: int) -> Iterator[tuple[str, str, str]]:
        """Return learner, exercise and reason of each entry that is refused."""
        refusal = "json_extract(details, '$.refusal')"
        query = f"SELECT learner, exercise, {refusal} FROM entry WHERE run = ? AND {refusal} != ''"
        return self._db.execute(f"{query} ORDER BY learner, exercise", (run,))

    def spoiled(self, run: int) -> Iterator[tuple[str, str, str]]:
        """Yield each entry without a score: learner, exercise and the fault of the grader, if a report names it."""
        for learner, exercise, details, graded in self.results(run, without_score=True):
            if graded is None and not is_ungraded(details):
                yield learner, exercise, ""
            elif graded is not None and graded.faults:
                yield learner, exercise, graded.parsed()["grader_faults"][0]["message"]

    def add_unrecognised(self, run: int, files: Iterable[tuple[str, str, str]]) -> None:
        """Record files as learner, path and details in JSON. Call it within a transaction."""
        self._db.executemany("INSERT OR REPLACE INTO unrecognised VALUES (?, ?, ?, ?)", ((run, *one) for one in files))

    def unrecognised(self, run: int, only: str = "") -> Iterator[tuple[str, str, str]]:
        """Return learner, path and details of each file that belongs to no exercise, sorted; `only` of this learner."""
        query = "SELECT learner, origin, details FROM unrecognised WHERE run = ? AND (? = '' OR learner = ?)"
        # A generator would close the cursor at its own end, which may come after that of the journal.
        return self._db.execute(f"{query} ORDER BY learner, origin", (run, only, only))

    def add_source(self, sha256: str, files: bytes) -> None:
        """Keep the files of a hand-in. Call it within a transaction."""
        self._db.execute("INSERT OR IGNORE INTO source VALUES (?, ?)", (sha256, files))

    def source(self, sha256: str) -> bytes | None:
        """Return the files with this hash, as `add_source` got them; None if they were not kept."""
        row = self._db.execute("SELECT files FROM source WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else bytes(row[0])

    def add_listing(self, content: Content, text: str) -> None:
        """Keep the source that was taken from a notebook, if there is one. Call it within a transaction."""
        if text:
            row = content.sha256, content.exercise, text
            self._db.execute("INSERT OR REPLACE INTO listing VALUES (?, ?, ?)", row)

    def listing(self, content: Content) -> str | None:
        """Return the source that was taken from a notebook; None if it was not kept."""
        wanted = content.sha256, content.exercise
        row = self._db.execute("SELECT text FROM listing WHERE sha256 = ? AND exercise = ?", wanted).fetchone()
        return None if row is None else str(row[0])

    def secret(self) -> bytes:
        """Return the secret of this results folder, which the first call makes."""
        query = "SELECT value FROM secret"
        if self._db.execute(query).fetchone() is None:
            with self.transaction():
                self._db.execute("INSERT INTO secret VALUES (1, ?)", (secrets.token_bytes(32),))
        return bytes(self._db.execute(query).fetchone()[0])

    def add_exported(self, values: Iterable[tuple[str, str, str, str]]) -> None:
        """Record that these values are ours: target file, learner, field and value. Call it within a transaction."""
        self._db.executemany("INSERT OR IGNORE INTO exported VALUES (?, ?, ?, ?)", values)

    def exported(self, target: str, learner: str, field: str) -> list[str]:
        """Return the values that earlier runs wrote into a field."""
        query = "SELECT value FROM exported WHERE target = ? AND learner = ? AND field = ? ORDER BY value"
        return [value for (value,) in self._db.execute(query, (target, learner, field))]

    def events(self, run: int) -> Iterable[tuple[str, str, str]]:
        """Return learner, exercise and message of each fault of the grader that is not in a report."""
        query = "SELECT learner, exercise, message FROM event WHERE run = ? ORDER BY id"
        return self._db.execute(query, (run,)).fetchall()

    def close(self) -> None:
        """Close the journal. Committed rows stay."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
