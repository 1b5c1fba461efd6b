"""The file of a learner's record: who owns it, why it cannot be used, and how to delete it.

We never open another program's file for writing: SQLite would change it before our first statement.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Self

from grader.grade_error import GradeError
from grader.study.place import fault_of_place
from grader.study.record_entry import Review
from grader.text import claimed_name

VERSION = 1
SUFFIXES = ("-wal", "-shm", "-journal")  # of the files that SQLite keeps beside a database
_TABLES = {"review", "event", "device"}
_MAGIC = b"SQLite format 3\0"
_NAMES_SHOWN = 3


class StudyError(GradeError):
    """The record or an import cannot be used; the message says what to do."""

    @classmethod
    def unusable(cls, path: Path, error: Exception) -> Self:
        """Return the error with the reason that SQLite or the system gave, and what to do."""
        if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            advice = "Rename the file, and grade will start a new one"
        elif _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            advice = "Another session is using it. End that session and try again"
        else:
            advice = "If the disk is full or the folder is not writable, set CNN_GRADER_STATE to another folder"
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        return cls(f"Cannot use your learning record {path}: {reason}. {advice}.")


class RecordOwner(Enum):
    """The owner of a file."""

    NOBODY = "nobody"  # the file does not exist yet, or it is empty
    OURS = "ours"
    NEWER = "a newer version of grade"
    BROKEN = "a damaged database"
    OTHER = "another program's database"
    NO_DATABASE = "no database"


@dataclass(frozen=True)
class RecordFile:
    """A file, as we found it without changing it."""

    owner: RecordOwner
    version: int = 0
    names: tuple[str, ...] = ()  # of its tables and views


def look_at(path: Path) -> RecordFile:
    """Return the owner of the file, without changing it. Raises StudyError if no file can be read or made there."""
    try:
        fault = fault_of_place(path)
        if fault:
            raise StudyError(f"Cannot use your learning record {path}: {fault}")
        if not path.exists() or path.stat().st_size == 0:
            return RecordFile(RecordOwner.NOBODY)
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return RecordFile(RecordOwner.NO_DATABASE)
        return _look_inside(path)
    except (OSError, sqlite3.Error) as error:
        raise StudyError.unusable(path, error) from None


def refuse_others(path: Path) -> RecordFile:
    """Return the file if it is ours or does not exist yet. Raises StudyError if it is another program's."""
    seen = look_at(path)
    if seen.owner is RecordOwner.OTHER:
        names = ", ".join(claimed_name(name) for name in seen.names[:_NAMES_SHOWN]) or "nothing"
        more = ", ..." if len(seen.names) > _NAMES_SHOWN else ""
        what = f"is another program's database (it contains {names}{more})"
    elif seen.owner is RecordOwner.NO_DATABASE:
        what = "is not a database"
    else:
        return seen
    raise StudyError(
        f"{path} {what}; expected the learning record of grade. It was not changed. Rename it, or set "
        "CNN_GRADER_STATE to another folder."
    )


def forget(path: Path) -> bool:
    """Delete the record and SQLite's files beside it. Return True if there was one.

    Raises StudyError for another program's file, and while a session has the record open: its answers would be lost
    without a message.
    """
    seen = refuse_others(path)
    if seen.owner is not RecordOwner.NOBODY and _is_open_elsewhere(path):
        raise StudyError(f"Another session uses {path}. End it, then try again.")
    there = path.exists()
    target = Path(os.path.realpath(path))  # SQLite follows a link, and so do the answers
    try:
        for file in (target, *(target.with_name(target.name + suffix) for suffix in SUFFIXES), path):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise StudyError(f"{path} cannot be deleted: {error.strerror or error}.") from None
    return there


def _look_inside(path: Path) -> RecordFile:
    """Return the owner of the database. Raises sqlite3.Error."""
    target = Path(os.path.realpath(path))
    log = target.with_name(f"{target.name}-wal")
    seen = _seen(target, "mode=ro&immutable=1")  # without it SQLite makes files beside the database
    if seen.owner is not RecordOwner.OTHER and log.exists() and log.stat().st_size:
        seen = _seen(target, "mode=ro")  # our tables may still be in the log alone
    return seen


def _seen(target: Path, how: str) -> RecordFile:
    with contextlib.closing(
        sqlite3.connect(f"{target.as_uri()}?{how}", uri=True, timeout=10, isolation_level=None)
    ) as db:
        try:
            db.execute("BEGIN")  # another process may be creating the tables
            (version,) = db.execute("PRAGMA user_version").fetchone()
            rows = db.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name")
            names = tuple(str(name) for (name,) in rows)
            columns = {name for (name,) in db.execute("SELECT name FROM pragma_table_info('review')")}
        except sqlite3.DatabaseError as error:
            if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                return RecordFile(RecordOwner.BROKEN)
            raise
    if version == 0 and not names:
        return RecordFile(RecordOwner.NOBODY)
    if version > VERSION and (set(names) >= _TABLES or not names):
        return RecordFile(RecordOwner.NEWER, version, names)
    ours = version == VERSION and set(names) >= _TABLES and columns == {field.name for field in fields(Review)}
    return RecordFile(RecordOwner.OURS if ours else RecordOwner.OTHER, version, names)


def _is_open_elsewhere(path: Path) -> bool:
    """Return True if another connection holds the file."""
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        return False


def _code(error: Exception) -> int:
    """Return SQLite's primary result code, 0 for any other error."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0
