"""List a folder or an archive of submissions: who handed in which file for which exercise, and what is ignored.

The list is in a temporary database on disk, not in memory: a hundred thousand submissions need as much memory as a
hundred. Only names are read, and the file that Gradescope writes beside them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Self

from grader.submission.intake.chain import Chain
from grader.submission.intake.contents import Place, contents_of, tree_of
from grader.submission.intake.error import IntakeError
from grader.submission.intake.exercise_name import ExerciseName, ExerciseNames
from grader.submission.intake.folder_tree import FolderTree
from grader.submission.intake.hand_in import HandIn
from grader.submission.intake.ignored import Ignored, Kind
from grader.submission.intake.layout import FileOwner, Unowned
from grader.submission.intake.leaf import Clone, Folder, Leaf
from grader.submission.intake.litter import litter
from grader.submission.intake.recognition import WRAPPERS_LIMIT, recognised
from grader.submission.intake.submitters import METADATA
from grader.submission.reading import NOTEBOOK
from grader.text import for_line, identity

_TABLES = """
CREATE TABLE leaf (path TEXT, modified INTEGER, locator TEXT, start INTEGER, stop INTEGER);
CREATE TABLE folder (path TEXT);
CREATE TABLE clone (path TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE ignored (origin TEXT, why TEXT, kind TEXT, PRIMARY KEY (origin, why)) WITHOUT ROWID;
CREATE TABLE candidate (
    learner TEXT, name TEXT, exercise TEXT, path TEXT, platform TEXT, late INTEGER, submitted TEXT, modified INTEGER,
    notebook INTEGER, locator TEXT, rank INTEGER, attempt INTEGER, exact INTEGER, depth INTEGER, owner TEXT,
    copy TEXT, newest INTEGER
);
CREATE TABLE refused (learner TEXT PRIMARY KEY, why TEXT) WITHOUT ROWID;
"""
_NEWEST_FIRST = "rank DESC, submitted DESC, attempt DESC, exact DESC, notebook, depth, path"


class Intake:
    """The submissions below a folder or in a zip archive, for the exercises of a course. Raises IntakeError.

    `resolve` returns the id of a learner for any id or name that a platform uses. `known` returns True for an id in the
    class: a folder with such a name belongs to a learner, even if it is the only folder.
    """

    def __init__(
        self,
        source: Path,
        exercises: Sequence[ExerciseName],
        resolve: Callable[[str], str] = lambda learner: learner,
        known: Callable[[str], bool] = lambda learner: False,
    ) -> None:
        self.source = source.resolve()
        self._resolve = resolve
        self._known = known
        self._names = ExerciseNames(exercises)
        self._modules = {exercise.key: exercise.module for exercise in exercises}
        self._tree = tree_of(source)
        self._chain = Chain(WRAPPERS_LIMIT)
        self.wrapper = ""
        """The folders around all submissions, which belong to nobody."""
        self._db = sqlite3.connect("")  # a private file in the system's temporary folder, removed when it is closed
        try:
            self._db.executescript(_TABLES)
            self._db.create_function("shown", 1, for_line, deterministic=True)
            self._look()
            self._tell_apart()
        except sqlite3.Error as error:
            self.close()
            raise IntakeError(
                f"The list of the submissions cannot be written: {error}. Is the temporary folder full?"
            ) from None
        except BaseException:
            self.close()
            raise

    def hand_ins(self) -> Iterator[HandIn]:
        """Yield the submissions, sorted by learner and exercise. One with a `refusal` must not be graded."""
        rows = self._db.execute(
            "SELECT learner, name, exercise, path, platform, late, submitted, modified, notebook, locator, why, copy"
            " FROM candidate LEFT JOIN refused USING (learner) WHERE newest = 1 ORDER BY learner, exercise"
        )
        for learner, name, exercise, path, platform, late, submitted, modified, notebook, locator, why, copy in rows:
            yield HandIn(
                learner, name, exercise, for_line(path), platform, bool(late), submitted,
                modified if isinstance(self._tree, FolderTree) else 0, bool(notebook), tuple(path.split("/")), locator,
                why or "", copy,
            )  # fmt: skip

    def ignored(self) -> Iterator[Ignored]:
        """Yield what is not graded, sorted: what an instructor should look at comes first."""
        rows = self._db.execute(
            "SELECT origin, why, kind FROM ignored ORDER BY"
            " CASE kind WHEN 'refused' THEN 0 WHEN 'older' THEN 1 WHEN 'other' THEN 2 ELSE 3 END, origin"
        )
        for origin, why, kind in rows:
            yield Ignored(origin, why, kind)

    def count(self) -> int:
        """Return the number of submissions, including refused ones."""
        return int(self._db.execute("SELECT COUNT(*) FROM candidate WHERE newest = 1").fetchone()[0])

    def ignored_counts(self) -> dict[str, int]:
        """Return the number of files that are not graded, by kind."""
        return dict(self._db.execute("SELECT kind, COUNT(*) FROM ignored GROUP BY kind"))

    def platforms(self) -> list[str]:
        """Return the forms that were recognised."""
        rows = self._db.execute("SELECT DISTINCT platform FROM candidate WHERE newest = 1 ORDER BY platform")
        return [platform for (platform,) in rows]

    def places(self, hand_in: HandIn, companions: Sequence[str] = ()) -> tuple[Place, ...]:
        """Return the place of its file, then the places of its `companions`.

        Companions are modules of other exercises; those that the same learner handed in as source are included.
        """
        module = self._modules[hand_in.exercise]
        own = Place(
            f"{module}{NOTEBOOK if hand_in.is_notebook else '.py'}", hand_in.parts, hand_in.locator, hand_in.copy
        )
        others = (self._companion(hand_in.learner, key) for key, name in self._modules.items() if name in companions)
        return (own, *(place for place in others if place is not None))

    def contents(self, places: Sequence[Place]) -> dict[str, bytes]:
        """Return the raw bytes of a submission. Raises IntakeError."""
        return contents_of(self._tree, places)

    def _companion(self, learner: str, exercise: str) -> Place | None:
        """Return the place of the same learner's source for another exercise."""
        row = self._db.execute(
            "SELECT path, locator FROM candidate WHERE learner = ? AND exercise = ? AND newest = 1 AND notebook = 0",
            (learner, exercise),
        ).fetchone()
        return None if row is None else Place(f"{self._modules[exercise]}.py", tuple(row[0].split("/")), row[1])

    def close(self) -> None:
        """Remove the list."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _look(self) -> None:
        """Read every name once. A file that cannot be a submission by its name is ignored at once."""
        for found in self._tree.walk():
            if isinstance(found, Clone):
                if found.parts:
                    self._db.execute(
                        "INSERT OR IGNORE INTO clone VALUES (?, ?)", ("/".join(found.parts), found.parts[-1])
                    )
            elif isinstance(found, Ignored):
                self._ignore(found.origin, found.why, found.kind)
            elif isinstance(found, Folder):
                self._note_folder(found.parts)
            else:
                self._note(found)

    def _note_folder(self, parts: tuple[str, ...]) -> None:
        if litter((*parts, "")) is None:
            self._chain.add_folder(parts)
            if len(parts) <= WRAPPERS_LIMIT + 1:
                self._db.execute("INSERT INTO folder VALUES (?)", ("/".join(parts),))

    def _note(self, leaf: Leaf) -> None:
        left = litter(leaf.parts)
        if left is not None:
            depth, why = left
            self._ignore(for_line("/".join(leaf.parts[:depth])), why, "litter")
            return
        name = leaf.parts[-1]
        is_source = self._names.is_source(name)
        is_read = is_source or name == METADATA
        if is_source:
            self._chain.add_file(leaf.parts)
        elif leaf.span and len(leaf.parts) > 1:  # an archive need not name its folders
            self._note_folder(leaf.parts[:-1])
        if not is_read:
            self._ignore(for_line(leaf.path), *self._names.no_source(leaf.parts))
        start, stop = leaf.span or (None, None)
        if is_read or leaf.span:
            row = (leaf.path if is_read else "", leaf.modified, leaf.locator, start, stop)
            self._db.execute("INSERT INTO leaf VALUES (?, ?, ?, ?, ?)", row)

    def _tell_apart(self) -> None:
        self._refuse_overlaps()
        layout = recognised(self._db, self._tree, self._names, self._chain.folders, self._is_known)
        self.wrapper = "/".join(self._chain.folders[: layout.base])
        rows = self._db.execute("SELECT path, modified, locator FROM leaf WHERE path != ''")
        for path, modified, locator in rows:
            parts = tuple(path.split("/"))
            if parts[-1] == METADATA:
                if layout.submitters is None or len(parts) != layout.base + 1:
                    self._ignore(for_line(path), "is not a source file", "other")
                continue
            owners = layout.owners(parts)
            if isinstance(owners, Unowned):
                self._ignore(for_line(path), owners.why, owners.kind)
                continue
            for owner in owners:
                if not self._take(owner, path, modified, locator):
                    break
        self._refuse_doubles()
        self._choose()

    def _is_known(self, folder: str) -> bool:
        return self._known(self._resolve(identity(folder.strip())))

    def _take(self, owner: FileOwner, path: str, modified: int, locator: str) -> bool:
        """Add one owner's file to the candidates. Return False if it belongs to no exercise or no learner."""
        named = self._names.find(owner.inside)
        if isinstance(named, str):
            self._ignore(for_line(path), named, "other")
            return False
        learner = self._resolve(identity(owner.learner.strip()))
        if not learner:
            self._ignore(for_line(path), "names no learner", "refused")
            return False
        in_its_folder = named.exercise.key in owner.inside[:-1]
        self._db.execute(
            "INSERT INTO candidate VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (learner, identity(owner.name.strip()), named.exercise.key, path, owner.platform, owner.late,
             owner.submitted, modified, named.is_notebook, locator, owner.rank, named.attempt,
             named.is_exact + in_its_folder, len(owner.inside), owner.key,
             owner.inside[-1] if named.renamed else ""),
        )  # fmt: skip
        return True

    def _refuse_doubles(self) -> None:
        """Refuse every file of an id that two owners claim, or that has two files in the same place.

        Names do not show which file is right. If we graded the newer one, a learner could replace another's file.
        """
        self._db.execute(
            "INSERT INTO refused SELECT learner, shown(MIN(first)) || ' and ' || shown(MAX(first)) ||"
            " ' both claim the id \"' || learner || '\"; no file of this id is graded. Rename or delete one of them.'"
            " FROM (SELECT learner, MIN(path) AS first FROM candidate GROUP BY learner, owner)"
            " GROUP BY learner HAVING COUNT(*) > 1"
        )
        self._db.execute(
            "INSERT OR IGNORE INTO refused SELECT learner, shown(path) || ' is in the archive more than once; no"
            " file of this id is graded. Unpack the archive and keep one copy.'"
            " FROM candidate GROUP BY learner, path HAVING COUNT(DISTINCT locator) > 1"
        )
        self._db.execute(
            "INSERT OR IGNORE INTO ignored SELECT shown(path), 'is not graded: ' || why, 'refused'"
            " FROM candidate JOIN refused USING (learner)"
        )

    def _choose(self) -> None:
        """Choose the newest of a learner's files for an exercise."""
        self._db.execute(
            "UPDATE candidate SET newest = 1 WHERE rowid IN (SELECT rowid FROM (SELECT rowid, ROW_NUMBER() OVER ("
            f"PARTITION BY learner, exercise ORDER BY {_NEWEST_FIRST}) AS place FROM candidate) WHERE place = 1)"
        )
        self._db.execute(
            "INSERT OR IGNORE INTO ignored SELECT shown(path), 'is another file of ' || learner || ' for ' || exercise"
            " || '; ' || shown(newest_path) || ' is graded', 'older' FROM (SELECT *, FIRST_VALUE(path) OVER ("
            f"PARTITION BY learner, exercise ORDER BY {_NEWEST_FIRST}) AS newest_path FROM candidate)"
            " WHERE newest = 0 AND path != newest_path AND learner NOT IN (SELECT learner FROM refused)"
        )

    def _refuse_overlaps(self) -> None:
        """Refuse an archive with two members at one place: a small archive would unpack to a large one."""
        rows = self._db.execute(
            "SELECT 1 FROM (SELECT start, LAG(stop) OVER (ORDER BY start) AS before FROM leaf WHERE start IS NOT NULL)"
            " WHERE start < before LIMIT 1"
        )
        if rows.fetchone() is not None:
            raise IntakeError(
                f"{for_line(self._tree.name)}.zip holds members that overlap, as in an archive bomb, so it is not "
                "read. Download it again, or unpack it yourself."
            )

    def _ignore(self, origin: str, why: str, kind: Kind) -> None:
        self._db.execute("INSERT OR IGNORE INTO ignored VALUES (?, ?, ?)", (origin, why, kind))
