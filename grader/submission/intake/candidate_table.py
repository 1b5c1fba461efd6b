"""The files that could be graded: which exercise they belong to, which one of several is graded, and for whom.

The table is in the database of the intake, on disk. A file without an exercise waits with an empty key until its
content is looked at.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from grader.submission.intake.by_content import exercises_in, is_stub, stub_sizes
from grader.submission.intake.choice import Candidate, Rule, chosen
from grader.submission.intake.exercise_name import ExerciseName, NamedFile, is_notebook
from grader.submission.intake.layout import FileOwner
from grader.submission.intake.leaf import Leaf
from grader.submission.intake.nested_tree import is_inner_archive
from grader.text import for_line, identity

_COLUMNS = (
    "learner, name, exercise, path, platform, late, submitted, modified, notebook, locator, rank, attempt,"
    " platform_attempt, exact, depth, owner, copy, file, size, named, mapped, why"
)
_CHOICE = (
    "rowid, path, mapped, stub, named, rank, submitted, platform_attempt, modified, attempt, exact, notebook, depth"
)
_NOT_A_LETTER = re.compile(r"[\W_]+")

Read = Callable[[str, str, bool], bytes | None]
"""Returns the content at a path and locator, of a notebook or not; None if it is too large or cannot be read."""


def plain_name(name: str) -> str:
    """Return a group's name without what platforms change in it.

    >>> plain_name("Group 3") == plain_name("group3") == plain_name("group-3")
    True
    """
    return _NOT_A_LETTER.sub("", name.casefold())


def handed_in(inside: Sequence[str]) -> str:
    """Return the name of the file that a learner chose: the archive, if it is in one.

    >>> handed_in(["work", "hw3.zip", "code", "a.py"]), handed_in(["work", "a.py"])
    ('hw3.zip', 'a.py')
    """
    return next((part for part in inside if is_inner_archive(part)), inside[-1])


class CandidateTable:
    """The candidates, in one database with the list of all names."""

    def __init__(self, db: sqlite3.Connection, exercises: Sequence[ExerciseName], read: Read) -> None:
        self._db = db
        self._exercises = {one.key: one for one in exercises}
        self._read = read

    def add(
        self,
        learner: str,
        owner: FileOwner,
        leaf: Leaf,
        named: NamedFile | None = None,
        key: str = "",
        why: str = "",
        is_mapped: bool = False,
    ) -> None:
        """Add one owner's file: for the exercise that its name tells, for the one with this key, or for none yet.

        `why` says why its name tells none.
        """
        name = owner.inside[-1]
        key = named.exercise.key if named is not None else key
        row = {
            "learner": learner,
            "name": identity(owner.name.strip()),
            "exercise": key,
            "path": leaf.path,
            "platform": owner.platform,
            "late": owner.late,
            "submitted": owner.submitted,
            "modified": leaf.modified,
            "notebook": is_notebook(name),
            "locator": leaf.locator,
            "rank": owner.rank,
            "attempt": named.attempt if named is not None else 0,
            "platform_attempt": named.attempt if named is not None and owner.platform == "canvas" else 0,
            "exact": named.is_exact + (key in owner.inside[:-1]) if named is not None else 0,
            "depth": len(owner.inside),
            "owner": owner.key,
            "copy": "" if named is not None and not named.renamed else name,
            "file": handed_in(owner.inside),
            "size": leaf.size,
            "named": named is not None,
            "mapped": is_mapped,
            "why": why,
        }
        values = ", ".join(f":{column}" for column in row)
        self._db.execute(f"INSERT INTO candidate ({_COLUMNS}) VALUES ({values})", row)

    def recognise(self) -> None:
        """Find the exercises of files whose names say nothing, by the functions that they define.

        A learner who has a named file for every exercise needs no other.
        """
        waiting = self._db.execute(
            "SELECT rowid, path, locator, notebook FROM candidate WHERE exercise = '' AND (SELECT COUNT(DISTINCT"
            " exercise) FROM candidate x WHERE x.learner = candidate.learner AND exercise != '') < ?",
            (len(self._exercises),),
        ).fetchall()
        for rowid, path, locator, notebook in waiting:
            content = self._read(path, locator, bool(notebook))
            found = exercises_in(content, list(self._exercises.values())) if content is not None else []
            for exercise in found:
                self._copy_for(rowid, exercise.key)
            if found:
                self._db.execute("DELETE FROM candidate WHERE rowid = ?", (rowid,))

    def assume(self, key: str) -> None:
        """Take every learner's only file for the exercise, whatever its name and its functions are."""
        rows = self._db.execute(
            "SELECT learner, MIN(rowid), COUNT(DISTINCT path) FROM candidate c WHERE NOT EXISTS"
            " (SELECT 1 FROM candidate x WHERE x.learner = c.learner AND x.exercise = ?) GROUP BY learner",
            (key,),
        ).fetchall()
        for learner, rowid, count in rows:
            if count == 1:
                self._db.execute("UPDATE candidate SET exercise = ?, named = 0 WHERE rowid = ?", (key, rowid))
            else:
                self._db.execute(
                    "UPDATE candidate SET why = ? WHERE learner = ? AND exercise = ''",
                    (f"is one of {count} files, and none of them defines a function of {key}", learner),
                )

    def refuse_doubles(self) -> None:
        """Refuse every file of an id that two owners claim, or that has two files in the same place.

        Names do not show which file is right. If we graded the newer one, a learner could replace another's file.
        """
        self._db.execute(
            "INSERT INTO refused SELECT learner, shown(MIN(first)) || ' and ' || shown(MAX(first)) ||"
            " ' both claim the id \"' || learner || '\"; no file of this id is graded. Rename or delete one of them.'"
            " FROM (SELECT learner, MIN(path) AS first FROM candidate WHERE NOT mapped GROUP BY learner, owner)"
            " GROUP BY learner HAVING COUNT(*) > 1"
        )
        self._db.execute(
            "INSERT OR IGNORE INTO refused SELECT learner, shown(path) || ' is in the archive more than once; no"
            " file of this id is graded. Unpack the archive and keep one copy.'"
            " FROM candidate GROUP BY learner, path HAVING COUNT(DISTINCT locator) > 1"
        )

    def choose(self) -> Iterator[tuple[str, str, str, str, Rule]]:
        """Choose the newest of a learner's files for each exercise.

        Yield learner, exercise, path and the path that is graded for every other file, and the rule that decided.
        """
        self._mark_stubs()
        rows = self._db.execute(
            f"SELECT learner, exercise, {_CHOICE} FROM candidate WHERE exercise != '' ORDER BY learner, exercise"
        )
        for (learner, exercise), group in groupby(rows, key=lambda row: (row[0], row[1])):
            candidates = [_candidate(row[2:]) for row in group]
            newest, others = chosen(candidates)
            self._db.execute("UPDATE candidate SET newest = 1 WHERE rowid = ?", (newest.rowid,))
            for other, rule in others:
                yield learner, exercise, other.path, newest.path, rule

    def share(self, groups: Mapping[str, Sequence[str]]) -> None:
        """Give the newest work of a group to its members who have none of their own."""
        for group, members in groups.items():
            for key in self._exercises:
                rows = self._db.execute(
                    f"SELECT learner, {_CHOICE} FROM candidate WHERE exercise = ? AND newest AND NOT stub"
                    f" AND learner IN ({', '.join('?' * (len(members) + 1))})",
                    (key, group, *members),
                ).fetchall()
                if not rows:
                    continue
                owners = {row[1]: row[0] for row in rows}
                newest, _ = chosen([_candidate(row[1:]) for row in rows])
                self._db.executemany(
                    "INSERT OR IGNORE INTO shared VALUES (?, ?, ?)",
                    [(one, key, owners[newest.rowid]) for one in members if one not in owners.values()],
                )

    def _copy_for(self, rowid: int, key: str) -> None:
        """Add a candidate again, for an exercise that its content names."""
        values = _COLUMNS.replace("exercise", "?", 1)
        self._db.execute(
            f"INSERT INTO candidate ({_COLUMNS}) SELECT {values} FROM candidate WHERE rowid = ?", (key, rowid)
        )

    def _mark_stubs(self) -> None:
        for exercise in self._exercises.values():
            rows = self._db.execute(
                "SELECT rowid, path, locator FROM candidate WHERE exercise = ? AND NOT notebook"
                " AND size BETWEEN ? AND ?",
                (exercise.key, *stub_sizes(exercise.stub)),
            ).fetchall()
            for rowid, path, locator in rows:
                content = self._read(path, locator, False)
                if content is not None and is_stub(content, exercise.stub):
                    self._db.execute("UPDATE candidate SET stub = 1 WHERE rowid = ?", (rowid,))


def _candidate(row: tuple[object, ...]) -> Candidate:
    return Candidate(*row)  # type: ignore[arg-type]  # the columns of _CHOICE are its fields


def described(learner: str, exercise: str, graded: str, rule: Rule) -> str:
    """Return why a file is not graded, if another one of the same learner is."""
    return f"is another file of {learner} for {exercise}; {for_line(graded)} is graded: {rule}"
