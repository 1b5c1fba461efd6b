"""Answers that were given in Anki on cards that we exported, read from a package or a collection.

A package is a zip file that holds the collection, an SQLite database. Newer packages hold it compressed; Anki writes an
uncompressed one if "Support older Anki versions" is ticked.

A package may come from anywhere, so its database is not trusted. We read tables and never views, call no function of
its schema, and limit time and sizes.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.study.record_file import StudyError
from grader.study.revlog import Answered
from grader.text import for_path

PLAIN, COMPRESSED = ("collection.anki21", "collection.anki2"), "collection.anki21b"
LARGEST_BYTES = 512 * 2**20
MEMBERS_LIMIT = 100_000  # an Anki package has one for each picture and sound
ANSWERS_LIMIT = 1_000_000  # ten years with 200 answers a day are 730,000
VALUE_BYTES = 64 * 2**20  # a note of another deck may hold a picture
READING_SECONDS = 60.0  # a collection of a million answers takes about 5
STEPS_BETWEEN = 10_000
CHUNK = 2**20
COLUMNS = {"revlog": {"id", "cid", "ease", "time"}, "cards": {"id", "nid"}, "notes": {"id", "flds"}}
_ANSWERS = """
SELECT notes.flds, revlog.id, revlog.ease, revlog.time FROM revlog JOIN cards ON cards.id = revlog.cid
JOIN notes ON notes.id = cards.nid WHERE revlog.ease BETWEEN 1 AND 4
"""


def answers_in_anki(path: Path, keys: Collection[str], seconds: float = READING_SECONDS) -> list[Answered]:
    """Return the answers to cards with these keys, the oldest first. Raises StudyError.

    The file is a package (.apkg, .colpkg) or a collection (.anki2).
    """
    own = {key: key for key in keys}
    try:
        if not zipfile.is_zipfile(path):
            _refuse_open_collection(path)
            return sorted(_answers(path, path, own, seconds), key=lambda one: one.ts_ms)
        with tempfile.TemporaryDirectory() as folder:
            collection = Path(folder, "collection")
            with zipfile.ZipFile(path) as archive, collection.open("wb") as file:
                _unpack(archive, path, file.write)
            return sorted(_answers(collection, path, own, seconds), key=lambda one: one.ts_ms)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise StudyError(f"{for_path(path)} cannot be read as an Anki package or collection: {reason}.") from None
    except (RuntimeError, NotImplementedError) as error:  # a password, an unknown compression
        raise StudyError(f"{for_path(path)} cannot be unpacked: {error}. Export it from Anki again.") from None


def _refuse_open_collection(path: Path) -> None:
    """Raise StudyError if the file is too large, or if Anki has newer answers in a second file."""
    log = path.with_name(f"{path.name}-wal")
    if path.stat().st_size > LARGEST_BYTES:
        raise StudyError(
            f"{for_path(path)} is larger than {LARGEST_BYTES // 2**20} MiB, the limit for an Anki collection."
        )
    if log.exists() and log.stat().st_size:
        raise StudyError(f"{for_path(path)} is in use. Close Anki and import it again, or export a package.")


def _unpack(archive: zipfile.ZipFile, path: Path, write: Callable[[bytes], Any]) -> None:
    """Write the collection in a package. Raises StudyError."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if COMPRESSED in names:
        raise StudyError(
            f"{for_path(path)} has the format of newer Anki versions, which grade cannot read. Export it again "
            'from Anki with "Support older Anki versions" and "Include scheduling information" ticked.'
        )
    name = next((one for one in PLAIN if one in names), None)
    if name is None or len(members) > MEMBERS_LIMIT:
        raise StudyError(f"{for_path(path)} is not an Anki package: it contains no {PLAIN[0]}.")
    left = LARGEST_BYTES
    with archive.open(name) as member:
        while chunk := member.read(CHUNK):  # the size that an archive states is not trusted
            left -= len(chunk)
            if left < 0:
                raise StudyError(f"The collection in {for_path(path)} is larger than {LARGEST_BYTES // 2**20} MiB.")
            write(chunk)


def _answers(collection: Path, path: Path, keys: Mapping[str, str], seconds: float) -> Iterator[Answered]:
    """Yield the answers; `path` is the file that the learner knows. Raises StudyError."""
    deadline = time.monotonic() + seconds
    where = f"{collection.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(where, uri=True)) as db:
            db.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_BETWEEN)
            db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, VALUE_BYTES)
            db.execute("PRAGMA trusted_schema = OFF")
            db.execute("PRAGMA cell_size_check = ON")
            _check_tables(db, path)
            found = 0
            for number, row in enumerate(db.execute(_ANSWERS), 1):
                answer = _answered(path, number, row, keys)
                if answer is None:
                    continue
                found += 1
                if found > ANSWERS_LIMIT:
                    raise StudyError(
                        f"{for_path(path)} contains more than {ANSWERS_LIMIT:,} answers. Nothing was imported."
                    )
                yield answer
    except sqlite3.Error as error:
        said = f"{for_path(path)} cannot be read as an Anki package or collection: {error}."
        if time.monotonic() > deadline:
            said = f"Reading {for_path(path)} took longer than {seconds:g} seconds and was stopped."
        raise StudyError(f"{said} Nothing was imported.") from None


def _check_tables(db: sqlite3.Connection, path: Path) -> None:
    """Raise StudyError unless each name to read is a table with its columns: a view can be endless."""
    for table, columns in COLUMNS.items():
        # A virtual table has the type "table" too, but no root page.
        found = db.execute(
            "SELECT count(*) FROM sqlite_master WHERE lower(name) = ? AND type = 'table' AND rootpage > 0", (table,)
        ).fetchone()
        # The name comes from COLUMNS. `hidden` is 2 or 3 for a computed column.
        plain = {row[1] for row in db.execute(f"PRAGMA table_xinfo({table})") if row[6] == 0}
        if found != (1,) or not columns <= plain:
            raise StudyError(
                f'{for_path(path)} is not an Anki collection: it has no table "{table}" with the columns '
                f"{', '.join(sorted(columns))}. Nothing was imported."
            )


def _answered(path: Path, number: int, row: tuple[Any, ...], keys: Mapping[str, str]) -> Answered | None:
    """Return the answer in a row, None for another card's. Raises StudyError."""
    fields, at_ms, rating, took = row
    if not isinstance(fields, str) or not all(isinstance(one, int) for one in (at_ms, rating, took)):
        kinds = ", ".join(type(one).__name__ for one in row)
        raise StudyError(
            f"Answer {number} in {for_path(path)} has values of the types {kinds}; expected str, int, int, int. "
            "Nothing was imported."
        )
    key = keys.get(fields.rsplit("\x1f", 1)[-1])
    return None if key is None else Answered(key, at_ms, rating, took)
