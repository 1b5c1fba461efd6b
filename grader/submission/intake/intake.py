"""Everything that lies in a folder or an archive of hand-ins, told apart: who, which exercise, which file, what not.

What is found is kept in a temporary database on disk, not in memory: a hundred thousand hand-ins cost as much memory
as a hundred. Nothing is read but names, until a hand-in is graded.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Self

from grader.submission.intake.archive import ArchiveTree, is_archive
from grader.submission.intake.error import IntakeError
from grader.submission.intake.exercise_name import ExerciseName, ExerciseNames
from grader.submission.intake.folder import FolderTree
from grader.submission.intake.gradescope import METADATA, METADATA_BYTES_LIMIT, submitters_of
from grader.submission.intake.hand_in import HandIn
from grader.submission.intake.ignored import Ignored, Kind
from grader.submission.intake.label import identity, shown
from grader.submission.intake.layout import Layout, names_a_learner
from grader.submission.intake.leaf import Clone, Leaf, Tree
from grader.submission.intake.litter import litter
from grader.submission.intake.notebook import NOTEBOOK_BYTES_LIMIT, source_of_notebook
from grader.submission.reading import BYTES_LIMIT, SubmissionError, companion_source, decode_source
from grader.submission.submission import Submission

WRAPPERS_LIMIT = 4  # `export.zip` holds `export/`, which holds `submissions/`
_SOURCES = (".py", ".ipynb")
_TABLES = """
CREATE TABLE leaf (path TEXT, modified INTEGER, locator TEXT, start INTEGER, stop INTEGER);
CREATE TABLE clone (path TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE ignored (origin TEXT, why TEXT, kind TEXT, PRIMARY KEY (origin, why)) WITHOUT ROWID;
CREATE TABLE candidate (
    learner TEXT, name TEXT, exercise TEXT, path TEXT, platform TEXT, late INTEGER, submitted TEXT, modified INTEGER,
    notebook INTEGER, locator TEXT, rank INTEGER, attempt INTEGER, exact INTEGER, depth INTEGER, newest INTEGER
);
"""
_NEWEST_FIRST = "rank DESC, submitted DESC, attempt DESC, exact DESC, notebook, depth, path"


class Intake:
    """The hand-ins below a folder or in a zip archive, for the exercises of a course. Raises IntakeError.

    `resolve` gives the id of a learner for any id or name that a platform uses.
    """

    def __init__(
        self, source: Path, exercises: Sequence[ExerciseName], resolve: Callable[[str], str] = lambda learner: learner
    ) -> None:
        self._resolve = resolve
        self._names = ExerciseNames(exercises)
        self._modules = {exercise.key: exercise.module for exercise in exercises}
        self._tree: Tree = _tree(source)
        self._db = sqlite3.connect("")  # a file of its own in the system's temporary folder, gone when it is closed
        try:
            self._db.executescript(_TABLES)
            self._look()
            self._tell_apart()
        except sqlite3.Error as error:
            self.close()
            raise IntakeError(
                f"The list of the hand-ins cannot be kept: {error}. Is the temporary folder full?"
            ) from None
        except BaseException:
            self.close()
            raise

    def hand_ins(self) -> Iterator[HandIn]:
        """What is to be graded, sorted by learner and exercise."""
        rows = self._db.execute(
            "SELECT learner, name, exercise, path, platform, late, submitted, modified, notebook, locator"
            " FROM candidate WHERE newest = 1 ORDER BY learner, exercise"
        )
        for learner, name, exercise, path, platform, late, submitted, modified, notebook, locator in rows:
            yield HandIn(
                learner, name, exercise, shown(path), platform, bool(late), submitted,
                modified if isinstance(self._tree, FolderTree) else 0, bool(notebook), tuple(path.split("/")), locator,
            )  # fmt: skip

    def ignored(self) -> Iterator[Ignored]:
        """What is not graded, sorted: first what an instructor should look at."""
        rows = self._db.execute(
            "SELECT origin, why, kind FROM ignored ORDER BY"
            " CASE kind WHEN 'refused' THEN 0 WHEN 'older' THEN 1 WHEN 'other' THEN 2 ELSE 3 END, origin"
        )
        for origin, why, kind in rows:
            yield Ignored(origin, why, kind)

    def count(self) -> int:
        """How many hand-ins there are."""
        return int(self._db.execute("SELECT COUNT(*) FROM candidate WHERE newest = 1").fetchone()[0])

    def ignored_counts(self) -> dict[str, int]:
        """How much is not graded, by kind."""
        return dict(self._db.execute("SELECT kind, COUNT(*) FROM ignored GROUP BY kind"))

    def platforms(self) -> list[str]:
        """The forms that were recognised."""
        rows = self._db.execute("SELECT DISTINCT platform FROM candidate WHERE newest = 1 ORDER BY platform")
        return [platform for (platform,) in rows]

    def read(self, hand_in: HandIn, functions: Sequence[str], companions: Sequence[str] = ()) -> Submission:
        """The submission; of a notebook, the cells that define `functions`.

        `companions` are modules of other exercises, taken along where the same learner handed them in as source.

        Raises SubmissionError for what the learner did, IntakeError for what happened to the folder or the archive.
        """
        most = NOTEBOOK_BYTES_LIMIT if hand_in.is_notebook else BYTES_LIMIT
        content = b"".join(self._tree.chunks(hand_in.parts, hand_in.locator, most))
        name = shown(hand_in.parts[-1])
        if len(content) > most:
            raise SubmissionError(
                f"{name} is larger than {most // 1024} KiB, expected less. Hand in source only, without data."
            )
        wanted = f"{self._modules[hand_in.exercise]}.py"
        if hand_in.is_notebook:
            text = source_of_notebook(content, name, functions)
            content = text.encode("utf-8", "surrogatepass")
        else:
            text = decode_source(content, name)
        contents, texts = {wanted: content}, {wanted: text}
        for key, module in self._modules.items():
            found = self._companion(hand_in.learner, key) if module in companions else None
            if found is not None:
                parts, locator = found
                name = f"{module}.py"
                contents[name] = b"".join(self._tree.chunks(parts, locator, BYTES_LIMIT))
                texts[name] = companion_source(contents[name], name)
        return Submission.of(hand_in.learner, hand_in.exercise, contents, texts)

    def _companion(self, learner: str, exercise: str) -> tuple[tuple[str, ...], str] | None:
        """Where the same learner's source of another exercise lies."""
        row = self._db.execute(
            "SELECT path, locator FROM candidate WHERE learner = ? AND exercise = ? AND newest = 1 AND notebook = 0",
            (learner, exercise),
        ).fetchone()
        return None if row is None else (tuple(row[0].split("/")), row[1])

    def close(self) -> None:
        """Forget what was found."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _look(self) -> None:
        """Every name once; what cannot be a hand-in by its name is put aside at once."""
        for found in self._tree.walk():
            if isinstance(found, Clone):
                if found.parts:
                    self._db.execute(
                        "INSERT OR IGNORE INTO clone VALUES (?, ?)", ("/".join(found.parts), found.parts[-1])
                    )
            elif isinstance(found, Ignored):
                self._ignore(found.origin, found.why, found.kind)
            else:
                self._note(found)

    def _note(self, leaf: Leaf) -> None:
        left = litter(leaf.parts)
        if left is not None:
            depth, why = left
            self._ignore(shown("/".join(leaf.parts[:depth])), why, "litter")
            return
        is_source = os.path.splitext(leaf.parts[-1])[1].lower() in _SOURCES
        if not is_source and leaf.parts[-1] != METADATA:
            refused = self._names.find(leaf.parts)
            self._ignore(shown(leaf.path), refused if isinstance(refused, str) else "is no source file", "other")
        start, stop = leaf.span or (None, None)
        if is_source or leaf.span or leaf.parts[-1] == METADATA:
            path = leaf.path if is_source or leaf.parts[-1] == METADATA else ""
            self._db.execute(
                "INSERT INTO leaf VALUES (?, ?, ?, ?, ?)", (path, leaf.modified, leaf.locator, start, stop)
            )

    def _tell_apart(self) -> None:
        self._refuse_overlaps()
        layout = self._layout()
        rows = self._db.execute("SELECT path, modified, locator FROM leaf WHERE path != ''")
        for path, modified, locator in rows:
            parts = tuple(path.split("/"))
            if parts[-1] == METADATA:
                continue
            owners = layout.owners(parts)
            if isinstance(owners, str):
                self._ignore(shown(path), owners, "other")
                continue
            for owner in owners:
                named = self._names.find(owner.inside)
                if isinstance(named, str):
                    self._ignore(shown(path), named, "other")
                    break
                learner = self._resolve(identity(owner.learner.strip()))
                if not learner:
                    self._ignore(shown(path), "names no learner", "refused")
                    break
                in_its_folder = named.exercise.key in owner.inside[:-1]
                self._db.execute(
                    "INSERT INTO candidate VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                    (learner, identity(owner.name.strip()), named.exercise.key, path, owner.platform, owner.late,
                     owner.submitted, modified, named.is_notebook, locator, owner.rank, named.attempt,
                     named.is_exact + in_its_folder, len(owner.inside)),
                )  # fmt: skip
        self._choose()

    def _choose(self) -> None:
        """The newest of a learner's files for an exercise."""
        self._db.execute(
            "UPDATE candidate SET newest = 1 WHERE rowid IN (SELECT rowid FROM (SELECT rowid, ROW_NUMBER() OVER ("
            f"PARTITION BY learner, exercise ORDER BY {_NEWEST_FIRST}) AS place FROM candidate) WHERE place = 1)"
        )
        self._db.create_function("shown", 1, shown, deterministic=True)
        self._db.execute(
            "INSERT OR IGNORE INTO ignored SELECT shown(path), 'is another file of ' || learner || ' for ' || exercise"
            " || '; ' || shown(newest_path) || ' is graded', 'older' FROM (SELECT *, FIRST_VALUE(path) OVER ("
            f"PARTITION BY learner, exercise ORDER BY {_NEWEST_FIRST}) AS newest_path FROM candidate)"
            " WHERE newest = 0 AND path != newest_path"
        )

    def _refuse_overlaps(self) -> None:
        """Two members at one place are how a small archive claims to be a large one."""
        rows = self._db.execute(
            "SELECT 1 FROM (SELECT start, LAG(stop) OVER (ORDER BY start) AS before FROM leaf WHERE start IS NOT NULL)"
            " WHERE start < before LIMIT 1"
        )
        if rows.fetchone() is not None:
            raise IntakeError(
                f"{shown(self._tree.name)}.zip holds members that lie over each other, as an archive bomb does; "
                "nothing of it is read. Download it again, or unpack it yourself."
            )

    def _layout(self) -> Layout:
        base = self._wrappers()
        return Layout(self._names, base, self._metadata(base), self._clone_depth(base), self._clone_prefix())

    def _wrappers(self) -> int:
        """In how many folders, one in the other, everything lies."""
        prefix = ""
        for depth in range(WRAPPERS_LIMIT):
            rest = f"substr(path, {len(prefix) + 1})"
            tops = self._db.execute(
                f"SELECT DISTINCT substr({rest}, 1, instr({rest} || '/', '/') - 1) FROM leaf WHERE path != '' LIMIT 2"
            ).fetchall()
            if len(tops) != 1:
                return depth
            top = tops[0][0]
            if names_a_learner(top) or self._is_clone(f"{prefix}{top}"):
                return depth
            inside = f"substr(path, {len(prefix) + len(top) + 2})"
            for (name,) in self._db.execute(
                f"SELECT DISTINCT CASE instr({inside}, '/') WHEN 0 THEN {inside}"
                f" ELSE substr({inside}, 1, instr({inside}, '/')) END FROM leaf WHERE path != ''"
            ):
                if not name:  # a file at the top
                    return depth
                if name.endswith("/") and self._names.is_course_folder(name[:-1]):
                    return depth
                if not name.endswith("/") and not isinstance(self._names.find((name,)), str):
                    return depth
            prefix += f"{top}/"
        return WRAPPERS_LIMIT

    def _metadata(self, base: int) -> dict[str, tuple[tuple[str, str, str], ...]] | None:
        for path, locator in self._db.execute("SELECT path, locator FROM leaf WHERE path LIKE ?", (f"%{METADATA}",)):
            parts = tuple(path.split("/"))
            if parts[-1] == METADATA and len(parts) == base + 1:
                content = b"".join(self._tree.chunks(parts, locator, METADATA_BYTES_LIMIT))
                if len(content) > METADATA_BYTES_LIMIT:
                    raise IntakeError(f"{METADATA} is larger than {METADATA_BYTES_LIMIT // 2**20} MiB.")
                return submitters_of(content.decode("utf-8", "replace"))
        return None

    def _is_clone(self, path: str) -> bool:
        return self._db.execute("SELECT 1 FROM clone WHERE path = ?", (path,)).fetchone() is not None

    def _clone_depth(self, base: int) -> Callable[[tuple[str, ...]], int]:
        """The depth of the outermost clone that a path lies in, below the folders that hold everything."""
        if self._db.execute("SELECT 1 FROM clone").fetchone() is None:
            return lambda parts: 0
        return lambda parts: next(
            (depth for depth in range(base + 1, len(parts)) if self._is_clone("/".join(parts[:depth]))), 0
        )

    def _clone_prefix(self) -> str:
        """What the names of all clones begin with, up to a hyphen: GitHub Classroom's name of the assignment."""
        first, last, count = self._db.execute("SELECT MIN(name), MAX(name), COUNT(*) FROM clone").fetchone()
        if count < 2:
            return ""
        shared = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
        common = "".join(one for one, _ in shared)
        return common[: common.rfind("-") + 1]

    def _ignore(self, origin: str, why: str, kind: Kind) -> None:
        self._db.execute("INSERT OR IGNORE INTO ignored VALUES (?, ?, ?)", (origin, why, kind))


def _tree(source: Path) -> Tree:
    if source.is_dir():
        return FolderTree(source)
    if source.is_file():
        if is_archive(source):
            return ArchiveTree(source)
        raise IntakeError(
            f"{shown(str(source))} is neither a folder nor a zip archive. Give the folder of the hand-ins, or the zip "
            "that the learning platform gave."
        )
    what = "is no ordinary file" if source.exists() else "does not exist"
    raise IntakeError(f"{shown(str(source))} {what}; expected a folder of hand-ins or a zip archive.")
