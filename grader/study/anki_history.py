"""What was answered in Anki, on cards that came from here: read out of a package or a collection.

A package is a zip with the collection in it, which is an SQLite database. Newer packages hold it compressed; Anki
writes the plain one where "Support older Anki versions" is ticked.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
import zipfile
from pathlib import Path

from grader.study.journal import StudyError
from grader.study.revlog import Answered

PLAIN, COMPRESSED = ("collection.anki21", "collection.anki2"), "collection.anki21b"
LARGEST_BYTES = 512 * 2**20
_ANSWERS = """
SELECT notes.flds, revlog.id, revlog.ease, revlog.time FROM revlog JOIN cards ON cards.id = revlog.cid
JOIN notes ON notes.id = cards.nid WHERE revlog.ease BETWEEN 1 AND 4 ORDER BY revlog.id
"""


def answers_in_anki(path: Path) -> list[Answered]:
    """The answers in a package (.apkg, .colpkg) or a collection (.anki2). Raises StudyError."""
    try:
        if not zipfile.is_zipfile(path):
            return _answers(path)
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            names = archive.namelist()
            if COMPRESSED in names:
                raise StudyError(
                    f'{path} holds its answers in a form that is not read here; expected one for which "Support older '
                    'Anki versions" and "Include scheduling information" were ticked.'
                )
            name = next((one for one in PLAIN if one in names), None)
            if name is None or archive.getinfo(name).file_size > LARGEST_BYTES:
                raise StudyError(f"{path} is no package of Anki; expected {PLAIN[0]} in it.")
            return _answers(Path(archive.extract(name, folder)))
    except (OSError, zipfile.BadZipFile, sqlite3.Error) as error:
        raise StudyError(f"{path} cannot be read as a package or collection of Anki: {error}.") from None


def _answers(path: Path) -> list[Answered]:
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        rows = db.execute(_ANSWERS).fetchall()
    return [Answered(fields.split("\x1f")[-1], at_ms, rating, took) for fields, at_ms, rating, took in rows]
