"""The record of a learner's answers: one SQLite file, one transaction for each answer.

Reviews and events are only added. An event undoes an answer by naming it. To merge the records of two machines, each
adds the entries of the other. Nothing in it says who the learner is.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.study.clock import AHEAD_MS, Clock, corrected, seconds_now
from grader.study.record_entry import CLOCK, EXPORTED, FORMAT, UNDO, Event, Review, checked, entry_of_line
from grader.study.record_file import VERSION, RecordOwner, StudyError, refuse_others
from grader.text import claimed

LONGEST_MS = 600_000  # a learner who takes longer has been away
SAME_MS = 100  # nobody answers one card twice within this time; a review log moves times by less
_NOT_UNDONE = f"id NOT IN (SELECT detail FROM event WHERE kind = '{UNDO}')"
_NOT_IN_THE_SCHEDULE = (CLOCK, EXPORTED, UNDO)  # the schedule does not depend on their times
_SCHEMA = """
CREATE TABLE review (
    id TEXT PRIMARY KEY, card_key TEXT NOT NULL, ts_ms INTEGER NOT NULL,
    rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 4), duration_ms INTEGER NOT NULL, source TEXT NOT NULL,
    confidence TEXT NOT NULL, variant_seed INTEGER, answer TEXT NOT NULL, content_hash TEXT NOT NULL,
    device TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
    id TEXT PRIMARY KEY, ts_ms INTEGER NOT NULL, kind TEXT NOT NULL, card_key TEXT NOT NULL, detail TEXT NOT NULL,
    device TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE device (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE INDEX review_of_card ON review (card_key, ts_ms);
CREATE INDEX event_of_kind ON event (kind, ts_ms);
"""


@dataclass(frozen=True)
class Ahead:
    """Entries that are dated later than the clock: their number, the clock's time, and the last of their times."""

    count: int
    now_ms: int
    last_ms: int


class LearningRecord:
    """The record of one learner on one machine."""

    def __init__(self, path: Path, clock: Clock = seconds_now) -> None:
        """Open or create the file. Raises StudyError for another program's or a newer version's file or a full disk."""
        self.path = path
        self._clock = clock
        self._last_ns = 0
        seen = refuse_others(path)
        if seen.owner is RecordOwner.NEWER:
            raise StudyError(
                f"{path} was written by a newer version of grade ({seen.version}). Update cnn-grader, or set "
                "CNN_GRADER_STATE to another folder."
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StudyError.unusable(path, error) from None
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._prepare()
            self._device = self._device_id()
        except StudyError:
            self._db.close()
            raise
        except sqlite3.Error as error:
            self._db.close()
            raise StudyError.unusable(path, error) from None

    @property
    def device(self) -> str:
        """The random name of this record."""
        return self._device

    def add_review(
        self,
        card_key: str,
        rating: int,
        *,
        now_ms: int,
        duration_ms: int = 0,
        source: str = "card",
        confidence: str = "",
        variant_seed: int | None = None,
        answer: str = "",
        content_hash: str = "",
    ) -> Review:
        """Save an answer. When this returns, it is on the disk."""
        review = Review(
            self._new_id(), card_key, now_ms, rating, max(0, min(duration_ms, LONGEST_MS)), source, confidence,
            variant_seed, answer, content_hash, self._device,
        )  # fmt: skip
        self._save(reviews=[review])
        return review

    def add_event(self, kind: str, card_key: str = "", detail: str = "", *, now_ms: int | None = None) -> Event:
        """Save an event."""
        event = Event(self._new_id(), self._at_ms(now_ms), kind, card_key, detail, self._device)
        self._save(events=[event])
        return event

    def add_events(self, entries: Iterable[tuple[str, str, str]], now_ms: int | None = None) -> None:
        """Save several events, all or none: the kind, key and detail of each."""
        at_ms = self._at_ms(now_ms)
        self._save(events=[Event(self._new_id(), at_ms, *entry, self._device) for entry in entries])

    def reviews(self, card_key: str | None = None) -> list[Review]:
        """Return the answers that were not undone, oldest first, with times that are `corrected`."""
        return corrected(self.reviews_as_written(card_key), self._at_ms(), self._noticed)

    def reviews_as_written(self, card_key: str | None = None) -> list[Review]:
        """Return the answers that were not undone, oldest first, with the times that the clock gave them."""
        where = "" if card_key is None else "AND card_key = ?"
        rows = self._rows(
            f"SELECT * FROM review WHERE {_NOT_UNDONE} {where} ORDER BY ts_ms, id",
            *([] if card_key is None else [card_key]),
        )
        return [Review(*row) for row in rows]

    def events(self, kind: str) -> list[Event]:
        """Return the events of one kind, oldest first, with times that are `corrected`."""
        return corrected(self.events_as_written(kind), self._at_ms(), self._noticed)

    def events_as_written(self, kind: str) -> list[Event]:
        """Return the events of one kind, oldest first, with the times that the clock gave them."""
        return [Event(*row) for row in self._rows("SELECT * FROM event WHERE kind = ? ORDER BY ts_ms, id", kind)]

    def keys_of_events(self) -> set[str]:
        """Return the keys that events are about: cards, questions, exercises, topics and parts of lessons."""
        return {key for (key,) in self._rows("SELECT DISTINCT card_key FROM event")}

    def notice(self) -> Ahead | None:
        """Note the entries that are ahead of the clock and were not noted before. Return None if there are none.

        They count as made now until the clock is within a day of their own times; then their own times count. The
        entries themselves do not change.
        """
        at_ms, known = self._at_ms(), self._noticed()
        kinds = ", ".join(f"'{kind}'" for kind in _NOT_IN_THE_SCHEDULE)
        rows = self._rows(
            f"SELECT id, card_key, ts_ms FROM review WHERE ts_ms > ?1 AND {_NOT_UNDONE} UNION ALL "
            f"SELECT id, card_key, ts_ms FROM event WHERE ts_ms > ?1 AND kind NOT IN ({kinds})",
            at_ms + AHEAD_MS,
        )
        fresh = [row for row in rows if row[0] not in known]
        if not fresh:
            return None
        self.add_events([(CLOCK, key, name) for name, key, _ in fresh], at_ms)
        return Ahead(len(fresh), at_ms, max(ts_ms for *_, ts_ms in fresh))

    def stamp(self) -> tuple[int, int]:
        """Return a value that changes whenever something is added, by this connection or by another."""
        return self._rows("PRAGMA data_version")[0][0], self._db.total_changes

    def dump(self) -> Iterator[str]:
        """Yield everything, one JSON object per line."""
        yield json.dumps({"format": FORMAT})
        for table, kind in (("review", Review), ("event", Event)):
            for row in self._rows(f"SELECT * FROM {table} ORDER BY ts_ms, id"):
                yield json.dumps({"table": table, **asdict(kind(*row))})

    def merge(self, lines: Iterable[str]) -> tuple[int, int]:
        """Add the entries of another machine's log. Return how many reviews and events were new.

        Blank lines are skipped, and the first line of a log may appear again: two logs may have been joined. Raises
        StudyError with the number of the first invalid line; then nothing is added.
        """
        found: dict[str, list[Any]] = {"review": [], "event": []}
        begun = False
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                entry = entry_of_line(line, begun)
            except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
                raise StudyError(
                    f"Line {number} is not a line of a study log: {claimed(str(error), 200)}. Expected a line that "
                    "`grade study export` wrote. Nothing was imported."
                ) from None
            begun = True
            if entry is not None:
                found["review" if isinstance(entry, Review) else "event"].append(entry)
        before = self._counts()
        self._save(reviews=found["review"], events=found["event"])
        after = self._counts()
        return after[0] - before[0], after[1] - before[1]

    def adopt(self, answers: Iterable[tuple[str, int, int, int]], source: str) -> int:
        """Add another program's answers: key, time, rating and duration of each. Return how many were new.

        Their ids depend on key and time, so the same answer is added once. Raises StudyError; then nothing is added.
        """
        known = {(one.card_key, one.ts_ms // SAME_MS) for one in self.reviews_as_written()}
        reviews = []
        for key, at_ms, rating, duration_ms in answers:
            name = uuid.uuid5(uuid.NAMESPACE_OID, f"{key}:{at_ms}").hex
            review = Review(name, key, at_ms, rating, duration_ms, source, "", None, "", "", self._device)
            try:
                checked(review)
            except ValueError as error:
                raise StudyError(f"The answer to {key!r} is invalid: {error}. Nothing was imported.") from None
            if known.isdisjoint((key, at_ms // SAME_MS + shift) for shift in (-1, 0, 1)):
                reviews.append(review)
        before = self._counts()[0]
        self._save(reviews=reviews)
        return self._counts()[0] - before

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise StudyError(f"{StudyError.unusable(self.path, error)} All earlier answers are safe.") from None
            raise

    def _rows(self, statement: str, *values: str | int) -> list[Any]:
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise StudyError.unusable(self.path, error) from None

    def _save(self, *, reviews: Iterable[Review] = (), events: Iterable[Event] = ()) -> None:
        """Save all of these or none. An entry whose id exists already does not change."""
        with self._transaction():
            for table, entries in (("review", reviews), ("event", events)):
                rows = [tuple(vars(entry).values()) for entry in entries]
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    self._db.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)

    def _counts(self) -> tuple[int, int]:
        ((reviews, events),) = self._rows("SELECT (SELECT count(*) FROM review), (SELECT count(*) FROM event)")
        return reviews, events

    def _noticed(self) -> dict[str, int]:
        """Return when each entry was last noticed, by its id.

        Notes that are themselves ahead of the clock do not count.
        """
        rows = self._rows(
            f"SELECT detail, max(ts_ms) FROM event WHERE kind = '{CLOCK}' AND ts_ms <= ? GROUP BY detail",
            self._at_ms() + AHEAD_MS,
        )
        return dict(rows)

    def _at_ms(self, now_ms: int | None = None) -> int:
        return int(self._clock() * 1000) if now_ms is None else now_ms

    def _new_id(self) -> str:
        """Return an id that nothing else has. A later one is larger: it orders what happens in one millisecond."""
        self._last_ns = max(self._last_ns + 1, time.time_ns())
        return f"{self._last_ns:016x}{uuid.uuid4().hex[:16]}"

    def _prepare(self) -> None:
        if self._db.execute("PRAGMA user_version").fetchone() != (0,):
            return
        self._db.execute("BEGIN IMMEDIATE")
        if self._db.execute("PRAGMA user_version").fetchone() == (0,):  # two processes may start at once
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {VERSION}")
        self._db.execute("COMMIT")

    def _device_id(self) -> str:
        """Return the random name of this file, which tells the logs of two machines apart."""
        row = self._db.execute("SELECT id FROM device").fetchone()
        if row is None:
            with self._transaction():
                self._db.execute(
                    "INSERT INTO device SELECT ? WHERE NOT EXISTS (SELECT 1 FROM device)", (uuid.uuid4().hex[:8],)
                )
            row = self._db.execute("SELECT id FROM device").fetchone()
        return str(row[0])
