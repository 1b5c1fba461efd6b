"""The tables of an intake: every file, its owner, and its end. They are on disk, not in memory."""

from __future__ import annotations

TABLES = """
CREATE TABLE leaf (path TEXT, modified INTEGER, locator TEXT, size INTEGER, source INTEGER, why TEXT);
CREATE TABLE span (start INTEGER, stop INTEGER);
CREATE TABLE folder (path TEXT);
CREATE TABLE clone (path TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE ignored (origin TEXT, why TEXT, kind TEXT, PRIMARY KEY (origin, why)) WITHOUT ROWID;
CREATE TABLE grp (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE wanted (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE unrecognised (
    learner TEXT, name TEXT, origin TEXT, file TEXT, why TEXT, work INTEGER, PRIMARY KEY (learner, origin)
) WITHOUT ROWID;
CREATE TABLE candidate (
    learner TEXT, name TEXT, exercise TEXT, path TEXT, platform TEXT, late INTEGER, submitted TEXT, modified INTEGER,
    notebook INTEGER, locator TEXT, rank INTEGER, attempt INTEGER, platform_attempt INTEGER, exact INTEGER,
    depth INTEGER, owner TEXT, copy TEXT, file TEXT, size INTEGER, named INTEGER, mapped INTEGER,
    why TEXT, stub INTEGER DEFAULT 0, newest INTEGER DEFAULT 0
);
CREATE TABLE shared (learner TEXT, exercise TEXT, source TEXT, PRIMARY KEY (learner, exercise)) WITHOUT ROWID;
CREATE TABLE refused (learner TEXT PRIMARY KEY, why TEXT) WITHOUT ROWID;
CREATE INDEX candidate_by_learner ON candidate (learner, exercise);
CREATE INDEX shared_by_source ON shared (source, exercise);
"""
HAND_INS = (
    "SELECT who, name, exercise, path, platform, late, submitted, modified, notebook, locator, refusal, copy, stub,"
    " source FROM (SELECT learner AS who, '' AS source, * FROM candidate WHERE newest"
    " AND learner NOT IN (SELECT name FROM grp) AND (learner, exercise) NOT IN (SELECT learner, exercise FROM shared)"
    " UNION ALL SELECT s.learner AS who, s.source, c.* FROM shared s JOIN candidate c"
    " ON c.learner = s.source AND c.exercise = s.exercise AND c.newest) AS one"
    " LEFT JOIN (SELECT learner, why AS refusal FROM refused) USING (learner)"
    " WHERE exercise IN (SELECT key FROM wanted)"
)
