"""List a folder or an archive of submissions: who handed in which file for which exercise, and what is ignored.

The list is in a temporary database on disk, not in memory: a hundred thousand submissions need as much memory as a
hundred. Only names are read, the file that Gradescope writes beside them, and the bytes of files whose names say
nothing. Every file has one end: it is graded, it is replaced by a newer one, or it is listed with the reason.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from grader.submission.intake.candidate_table import CandidateTable, described, handed_in, plain_name
from grader.submission.intake.chain import Chain
from grader.submission.intake.choice import Rule
from grader.submission.intake.class_list import ClassList, MappedFile, Request
from grader.submission.intake.contents import Place, tree_of
from grader.submission.intake.error import IntakeError
from grader.submission.intake.exercise_name import ExerciseName, ExerciseNames, NamedFile
from grader.submission.intake.hand_in import HandIn
from grader.submission.intake.ignored import Ignored, Kind, Unrecognised
from grader.submission.intake.layout import FileOwner, Layout, Unowned
from grader.submission.intake.leaf import Clone, Folder, Leaf
from grader.submission.intake.listing import HAND_INS, TABLES
from grader.submission.intake.litter import litter
from grader.submission.intake.recognition import WRAPPERS_LIMIT, recognised
from grader.submission.intake.submitters import METADATA
from grader.submission.reading import NOTEBOOK
from grader.text import for_line, identity

_ORDER = "refused unrecognised older other litter"


class Intake:
    """The submissions below a folder or in a zip archive, for the exercises of a course. Raises IntakeError."""

    def __init__(
        self,
        source: Path,
        exercises: Sequence[ExerciseName],
        people: ClassList | None = None,
        request: Request | None = None,
    ) -> None:
        self.source = source.resolve()
        self._people = people or ClassList()
        self._request = request or Request()
        self._groups = {plain_name(name): name for name in self._people.groups}
        self._mapping: dict[str, list[MappedFile]] = {}
        for one in self._request.mapping:
            self._mapping.setdefault(one.file, []).append(one)
        self._names = ExerciseNames(exercises, self._request.wanted, bool(self._request.everything_is))
        self._modules = {exercise.key: exercise.module for exercise in exercises}
        self._tree = tree_of(source)
        self._chain = Chain(WRAPPERS_LIMIT)
        self.wrapper = ""
        """The folders around all submissions, which belong to nobody."""
        self._db = sqlite3.connect("")  # a private file in the system's temporary folder, removed when it is closed
        self._candidates = CandidateTable(self._db, exercises, self._content)
        try:
            self._db.executescript(TABLES)
            self._db.create_function("shown", 1, for_line, deterministic=True)
            self._db.executemany("INSERT INTO wanted VALUES (?)", [(key,) for key in self.wanted])
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

    @property
    def wanted(self) -> tuple[str, ...]:
        """The keys of the exercises that are graded."""
        return self._request.wanted or tuple(self._modules)

    @property
    def unmapped(self) -> list[MappedFile]:
        """The files that the instructor has named and that are not here."""
        return [one for entries in self._mapping.values() for one in entries]

    def hand_ins(self) -> Iterator[HandIn]:
        """Yield the submissions, sorted by learner and exercise. One with a `refusal` must not be graded."""
        for (
            learner, name, exercise, path, platform, late, submitted, modified, notebook, locator, refusal, copy, stub,
            source,
        ) in self._db.execute(f"{HAND_INS} ORDER BY who, exercise"):  # fmt: skip
            yield HandIn(
                learner, "" if source else name, exercise, for_line(path), platform, bool(late), submitted,
                0 if self._tree.is_archive else modified, bool(notebook), tuple(path.split("/")), locator,
                refusal or "", copy, bool(stub), source,
            )  # fmt: skip

    def ignored(self) -> Iterator[Ignored]:
        """Yield what is not graded, sorted: what an instructor should look at comes first."""
        rows = self._db.execute("SELECT origin, why, kind FROM ignored ORDER BY instr(?, kind), origin", (_ORDER,))
        for origin, why, kind in rows:
            yield Ignored(origin, why, kind)

    def unrecognised(self) -> Iterator[Unrecognised]:
        """Yield the files that learners handed in and that belong to no exercise, sorted by learner."""
        rows = self._db.execute("SELECT * FROM unrecognised ORDER BY learner, origin")
        for learner, name, origin, file, why, work in rows:
            for member in self._people.groups.get(learner, (learner,)):
                yield Unrecognised(member, name, origin, file, why, bool(work))

    def count(self) -> int:
        """Return the number of submissions, including refused ones."""
        return int(self._db.execute(f"SELECT COUNT(*) FROM ({HAND_INS})").fetchone()[0])

    def ignored_counts(self) -> dict[str, int]:
        """Return the number of files that are not graded, by kind."""
        return dict(self._db.execute("SELECT kind, COUNT(*) FROM ignored GROUP BY kind"))

    def platforms(self) -> list[str]:
        """Return the forms that were recognised."""
        rows = self._db.execute("SELECT DISTINCT platform FROM candidate WHERE newest ORDER BY platform")
        return [platform for (platform,) in rows]

    def is_shared(self, hand_in: HandIn) -> bool:
        """Return True if a group has this work, so that others have it too."""
        owner = hand_in.graded_as or hand_in.learner
        query = "SELECT 1 FROM shared WHERE source = ? AND exercise = ?"
        return self._db.execute(query, (owner, hand_in.exercise)).fetchone() is not None

    def places(self, hand_in: HandIn, companions: Sequence[str] = ()) -> tuple[Place, ...]:
        """Return the place of its file, then the places of its `companions`.

        Companions are modules of other exercises; those that the same learner handed in as source are included.
        """
        module = self._modules[hand_in.exercise]
        own = Place(
            f"{module}{NOTEBOOK if hand_in.is_notebook else '.py'}", hand_in.parts, hand_in.locator, hand_in.copy
        )
        owner = hand_in.graded_as or hand_in.learner
        others = (self._companion(owner, key) for key, name in self._modules.items() if name in companions)
        return (own, *(place for place in others if place is not None and place.parts != own.parts))

    def _companion(self, learner: str, exercise: str) -> Place | None:
        """Return the place of the same learner's source for another exercise."""
        row = self._db.execute(
            "SELECT path, locator FROM candidate WHERE learner = ? AND exercise = ? AND newest AND NOT notebook",
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

    def _content(self, path: str, locator: str, is_notebook: bool) -> bytes | None:
        """Return the content of a file, None if it is too large or cannot be read: then a worker says why."""
        place = Place(NOTEBOOK if is_notebook else "", tuple(path.split("/")), locator)
        try:
            content = b"".join(self._tree.chunks(place.parts, locator, place.most_bytes))
        except IntakeError:
            return None
        return content if len(content) <= place.most_bytes else None

    def _look(self) -> None:
        """Read every name once."""
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
        if leaf.span:
            self._db.execute("INSERT INTO span VALUES (?, ?)", leaf.span)
        left = litter(leaf.parts)
        if left is not None:
            depth, why = left
            self._ignore(for_line("/".join(leaf.parts[:depth])), why, "litter")
            return
        name = leaf.parts[-1]
        is_source = self._names.is_source(name) and not leaf.why
        if is_source:
            self._chain.add_file(leaf.parts)
        elif len(leaf.parts) > 1 and self._tree.is_archive:  # an archive need not name its folders
            self._note_folder(leaf.parts[:-1])
        if not leaf.opened:
            row = (leaf.path, leaf.modified, leaf.locator, leaf.size, is_source or name == METADATA, leaf.why)
            self._db.execute("INSERT INTO leaf VALUES (?, ?, ?, ?, ?, ?)", row)

    def _tell_apart(self) -> None:
        self._refuse_overlaps()
        layout = recognised(self._db, self._tree, self._names, self._chain.folders, self._is_known)
        layout = replace(layout, one_exercise=bool(self._request.everything_is), is_known=self._may_own)
        self.wrapper = "/".join(self._chain.folders[: layout.base])
        rows = self._db.execute("SELECT path, modified, locator, size, source, why FROM leaf")
        for path, modified, locator, size, is_source, why in rows:
            leaf = Leaf(tuple(path.split("/")), size, modified, locator, why=why)
            self._sort(layout, leaf, bool(is_source))
        self._candidates.recognise()
        if self._request.everything_is:
            self._candidates.assume(self._request.everything_is)
        self._candidates.refuse_doubles()
        self._db.execute(
            "INSERT OR IGNORE INTO ignored SELECT shown(path), 'is not graded: ' || refused.why, 'refused'"
            " FROM candidate JOIN refused USING (learner)"
        )
        for learner, exercise, path, graded, rule in self._candidates.choose():
            self._replace(learner, exercise, path, graded, rule)
        self._candidates.share(self._people.groups)
        self._list_the_rest()

    def _is_known(self, folder: str) -> bool:
        return self._people.known(self._people.resolve(identity(folder.strip())))

    def _may_own(self, name: str) -> bool:
        """Return True for the name of a learner or a group of the class."""
        return plain_name(name) in self._groups or self._is_known(name)

    def _sort(self, layout: Layout, leaf: Leaf, is_source: bool) -> None:
        """Give one file its owners and its exercise, or list it with the reason."""
        if not (self._tree.is_archive or self._request.trust_times):
            leaf = replace(leaf, modified=0)
        owners = layout.owners(leaf.parts)
        mapped = self._mapped(leaf.path)
        if mapped:
            for one in mapped:
                self._map(leaf, one, owners if isinstance(owners, list) else [])
        elif leaf.parts[-1] == METADATA:
            if layout.submitters is None or len(leaf.parts) != layout.base + 1:
                self._ignore(for_line(leaf.path), "is not a source file", "other")
        elif isinstance(owners, Unowned):
            why, kind = (owners.why, owners.kind) if is_source else self._names.no_source(leaf.parts)
            self._ignore(for_line(leaf.path), leaf.why or why, kind)
        else:
            for owner in owners:
                self._take(owner, leaf, is_source)

    def _mapped(self, path: str) -> list[MappedFile]:
        """Return what the instructor says about a file, whose path may leave out the folders around everything."""
        inside = path.removeprefix(f"{self.wrapper}/") if self.wrapper else path
        return self._mapping.pop(path, []) or self._mapping.pop(inside, [])

    def _map(self, leaf: Leaf, mapped: MappedFile, owners: Sequence[FileOwner]) -> None:
        """Add a file to the candidates as the instructor says."""
        learner = self._people.resolve(identity(mapped.learner)) if mapped.learner else ""
        owner = FileOwner(learner, "", (leaf.parts[-1],), "mapping", leaf.path)
        for one in (owner,) if learner else owners:
            self._candidates.add(learner or self._learner(one), one, leaf, key=mapped.exercise, is_mapped=True)
        if not learner and not owners:
            self._ignore(for_line(leaf.path), "has no owner; name the learner in the mapping", "refused")

    def _take(self, owner: FileOwner, leaf: Leaf, is_source: bool) -> None:
        """Add one owner's file to the candidates, or list it as not recognised."""
        learner, path = self._learner(owner), for_line(leaf.path)
        excluded = self._people.excluded(learner, owner.name)
        if not learner:
            self._ignore(path, "names no learner", "refused")
        elif excluded:
            self._ignore(path, excluded, "other")
        elif owner.or_else and not isinstance(self._names.find(owner.inside), NamedFile):
            self._list_for_both(learner, owner, leaf)
        elif leaf.why or not is_source:
            why = leaf.why or self._names.no_source(owner.inside)[0]
            self._not_recognised(learner, owner.name, leaf.path, handed_in(owner.inside), why)
        else:
            named = self._names.find(owner.inside)
            if isinstance(named, NamedFile):
                self._candidates.add(learner, owner, leaf, named)
            else:
                self._candidates.add(learner, owner, leaf, why=named)

    def _list_for_both(self, learner: str, owner: FileOwner, leaf: Leaf) -> None:
        """List a file whose name can be read in two ways as not recognised, for both learners."""
        why = "has a name that can be read in two ways; name its learner with --map"
        other = self._people.resolve(identity(owner.or_else))
        for one in (learner, *([other] if self._people.known(other) else [])):
            self._not_recognised(one, "", leaf.path, handed_in(owner.inside), why)

    def _learner(self, owner: FileOwner) -> str:
        """Return the id of an owner, or the name of their group."""
        group = self._groups.get(plain_name(owner.name or owner.learner))
        if group is not None:
            self._db.execute("INSERT OR IGNORE INTO grp VALUES (?)", (group,))
            return group
        return self._people.resolve(identity(owner.learner.strip()))

    def _replace(self, learner: str, exercise: str, path: str, graded: str, rule: Rule) -> None:
        if (
            self._db.execute("SELECT 1 FROM refused WHERE learner = ?", (learner,)).fetchone() is None
            and path != graded
        ):
            self._ignore(for_line(path), described(learner, exercise, graded, rule), "older")

    def _list_the_rest(self) -> None:
        """List files without an exercise, and those of an exercise that is not graded now."""
        rows = self._db.execute("SELECT learner, name, path, file, why FROM candidate WHERE exercise = ''").fetchall()
        for row in rows:
            self._not_recognised(*row)
        rows = self._db.execute(
            "SELECT path, exercise FROM candidate WHERE newest AND exercise NOT IN (SELECT key FROM wanted)"
            " AND path NOT IN (SELECT path FROM candidate WHERE newest AND exercise IN (SELECT key FROM wanted))"
        ).fetchall()
        for path, exercise in rows:
            self._ignore(for_line(path), f"belongs to {exercise}, which is not graded now", "other")

    def _not_recognised(self, learner: str, name: str, path: str, file: str, why: str) -> None:
        origin = for_line(path)
        self._ignore(origin, why, "unrecognised")
        row = (learner, identity(name.strip()), origin, for_line(file), why, self._names.may_be_work(path))
        self._db.execute("INSERT OR IGNORE INTO unrecognised VALUES (?, ?, ?, ?, ?, ?)", row)

    def _refuse_overlaps(self) -> None:
        """Refuse an archive with two members at one place: a small archive would unpack to a large one."""
        rows = self._db.execute(
            "SELECT 1 FROM (SELECT start, LAG(stop) OVER (ORDER BY start) AS before FROM span)"
            " WHERE start < before LIMIT 1"
        )
        if rows.fetchone() is not None:
            raise IntakeError(
                f"{for_line(self._tree.name)}.zip contains members that overlap, as in an archive bomb, so it is not "
                "read. Download it again, or unpack it yourself."
            )

    def _ignore(self, origin: str, why: str, kind: Kind) -> None:
        self._db.execute("INSERT OR IGNORE INTO ignored VALUES (?, ?, ?)", (origin, why, kind))
