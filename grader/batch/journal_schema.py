"""The tables of the journal, and how a journal of an older version gets them."""

from __future__ import annotations

SCHEMA_VERSION = 6
_FIRST = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    seed INTEGER NOT NULL,
    isolation TEXT NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0,
    repeats INTEGER REFERENCES run (id),
    request TEXT NOT NULL DEFAULT ''
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
_UNRECOGNISED = """
CREATE TABLE IF NOT EXISTS unrecognised (
    run INTEGER NOT NULL REFERENCES run (id),
    learner TEXT NOT NULL,
    origin TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (run, learner, origin)
) STRICT, WITHOUT ROWID;
"""

_EXPORTED = """
CREATE TABLE IF NOT EXISTS exported (
    target TEXT NOT NULL,
    learner TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (target, learner, field, value)
) STRICT, WITHOUT ROWID;
"""

_REQUEST = "ALTER TABLE run ADD COLUMN request TEXT NOT NULL DEFAULT '';"
_KEPT = """
CREATE TABLE IF NOT EXISTS source (
    sha256 TEXT PRIMARY KEY,
    files BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS secret (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    value BLOB NOT NULL
) STRICT;
"""
_LISTING = """
CREATE TABLE IF NOT EXISTS listing (
    sha256 TEXT NOT NULL,
    exercise TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (sha256, exercise)
) STRICT, WITHOUT ROWID;
"""

_MIGRATIONS = {
    1: "ALTER TABLE run ADD COLUMN finished INTEGER NOT NULL DEFAULT 0",
    2: "ALTER TABLE run ADD COLUMN repeats INTEGER REFERENCES run (id)",
    3: _UNRECOGNISED + _EXPORTED,
    4: _REQUEST + _KEPT,
    5: _LISTING,
}
"""The statement that upgrades a journal from each older version to the next one."""


def statements_from(version: int) -> list[str]:
    """Return the statements that bring a journal of this version, or a new one of version 0, to SCHEMA_VERSION."""
    first = [_FIRST, _UNRECOGNISED, _EXPORTED, _KEPT, _LISTING]
    texts = [_MIGRATIONS[at] for at in range(version, SCHEMA_VERSION)] if version else first
    return [statement for text in texts for statement in text.split(";") if statement.strip()]
