"""Recognise the form of a whole tree from the names at its top.

A platform or the instructor chose the names at the top. A learner controls a part of one name there, or of the few that
begin with their own name. So the form is the one that more than half of the names have. Nothing inside a learner's
folder counts, not even a `.git` or a `submission_metadata.yml`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from grader.submission.intake.error import IntakeError
from grader.submission.intake.exercise_name import ExerciseNames
from grader.submission.intake.layout import Layout, Submitters, TreeForm, form_of_name, names_a_learner
from grader.submission.intake.leaf import Tree
from grader.submission.intake.submitters import METADATA, METADATA_BYTES_LIMIT, submitters_of

WRAPPERS_LIMIT = 4  # `export.zip` holds `export/`, which holds `submissions/`
_VOTES = "CREATE TABLE vote (voter TEXT PRIMARY KEY, form TEXT) WITHOUT ROWID"


def recognised(
    db: sqlite3.Connection,
    tree: Tree,
    names: ExerciseNames,
    chain: Sequence[str],
    is_known: Callable[[str], bool],
) -> Layout:
    """Return the layout of a tree whose names are in the tables `leaf`, `folder` and `clone`.

    `chain` holds the nested folders around everything. Raises IntakeError.
    """
    base = _base(db, names, chain, is_known)
    submitters = _submitters(db, tree, base)
    if submitters is not None:
        return Layout(names, TreeForm.GRADESCOPE, base, submitters)
    form = _form(db, chain[:base])
    return Layout(names, form, base, None, _clone_prefix(db, chain[:base]) if form is TreeForm.GITHUB else "")


def _base(db: sqlite3.Connection, names: ExerciseNames, chain: Sequence[str], is_known: Callable[[str], bool]) -> int:
    """Return how many folders of the chain wrap the submissions and are not a learner's own."""
    base = _first_of_a_learner(db, names, chain, is_known)
    while 0 < base < len(chain) and names.is_assignment(chain[base]) and not is_known(chain[base]):
        base -= 1  # LEARNER/lab3/dropout.py
    return base


def _first_of_a_learner(
    db: sqlite3.Connection, names: ExerciseNames, chain: Sequence[str], is_known: Callable[[str], bool]
) -> int:
    for depth, name in enumerate(chain):
        if names_a_learner(name) or _is_clone(db, "/".join(chain[: depth + 1])) or is_known(name):
            return depth
        inside = [(chain[depth + 1], True)] if depth + 1 < len(chain) else _tops(db, depth + 1)
        for inner, is_folder in inside:
            if names.is_course_folder(inner) if is_folder else not isinstance(names.find((inner,)), str):
                return depth
    return len(chain) - (bool(chain) and _holds_one_work(db, names, len(chain), is_known))


def _holds_one_work(db: sqlite3.Connection, names: ExerciseNames, base: int, is_known: Callable[[str], bool]) -> bool:
    """Return True if everything below `base` folders is of one learner: no name there is that of another one."""
    tops = list(_tops(db, base))
    return bool(tops) and all(
        names.is_assignment(name) and not is_known(name)
        if is_folder
        else not (names.split_flat(name) or name == METADATA or form_of_name(name, False, False) != TreeForm.BY_HAND)
        for name, is_folder in tops
    )


def _tops(db: sqlite3.Connection, base: int) -> Iterator[tuple[str, bool]]:
    """Yield each name below `base` folders, and True for a folder. A name may come more than once."""
    rows = db.execute("SELECT path, 0 FROM leaf WHERE source UNION ALL SELECT path, 1 FROM folder")
    last: tuple[str, bool] | None = None
    for path, is_folder in rows:
        parts = path.split("/", base + 1)
        if len(parts) > base:
            top = parts[base], bool(is_folder) or len(parts) > base + 1
            if top != last:
                yield top
            last = top


def _form(db: sqlite3.Connection, around: Sequence[str]) -> TreeForm:
    """Return the form that more than half of the names at the top have.

    Flat files with the same beginning belong to one learner and have one vote.
    """
    db.execute(_VOTES)
    for name, is_folder in _tops(db, len(around)):
        if name == METADATA:
            continue
        form = form_of_name(name, is_folder, is_folder and _is_clone(db, "/".join((*around, name))))
        voter = f"{name}/" if is_folder else name.partition("_")[0]
        db.execute(
            "INSERT INTO vote VALUES (?, ?) ON CONFLICT (voter) DO UPDATE SET form ="
            " CASE WHEN form = excluded.form THEN form ELSE ? END",
            (voter, form, TreeForm.BY_HAND),
        )
    rows = db.execute("SELECT form FROM vote GROUP BY form HAVING 2 * COUNT(*) > (SELECT COUNT(*) FROM vote)")
    row = rows.fetchone()
    return TreeForm(row[0]) if row is not None else TreeForm.BY_HAND


def _submitters(db: sqlite3.Connection, tree: Tree, base: int) -> Submitters | None:
    """Return the submitters in Gradescope's own file, if it is where Gradescope puts it: next to the folders."""
    found = [
        (path.split("/"), locator)
        for path, locator in db.execute("SELECT path, locator FROM leaf WHERE path LIKE ?", (f"%{METADATA}",))
    ]
    at_top = [(parts, locator) for parts, locator in found if parts[-1] == METADATA and len(parts) == base + 1]
    if len(at_top) > 1:
        raise IntakeError(f"The archive contains {METADATA} more than once. Export it again.")
    for parts, locator in at_top:
        content = b"".join(tree.chunks(tuple(parts), locator, METADATA_BYTES_LIMIT))
        if len(content) > METADATA_BYTES_LIMIT:
            raise IntakeError(f"{METADATA} is larger than {METADATA_BYTES_LIMIT // 2**20} MiB.")
        return submitters_of(content.decode("utf-8", "replace"))
    return None


def _is_clone(db: sqlite3.Connection, path: str) -> bool:
    return db.execute("SELECT 1 FROM clone WHERE path = ?", (path,)).fetchone() is not None


def _clone_prefix(db: sqlite3.Connection, around: Sequence[str]) -> str:
    """Return the common beginning of all clones' names, up to a hyphen: GitHub Classroom's name of the assignment."""
    before = "".join(f"{folder}/" for folder in around)
    first, last, count = db.execute(
        "SELECT MIN(name), MAX(name), COUNT(*) FROM clone WHERE path = ? || name", (before,)
    ).fetchone()
    if count < 2:
        return ""
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    common = "".join(one for one, _ in shared)
    return common[: common.rfind("-") + 1]
