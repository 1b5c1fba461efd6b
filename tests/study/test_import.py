"""`grade study import` of hostile files: each ends soon with a message and changes nothing."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner

from grader.cli.entry import grade
from grader.course import builtin_course_root
from grader.study import anki_history
from grader.study.anki_history import answers_in_anki
from grader.study.cards import read_decks
from grader.study.learning_record import LearningRecord
from grader.study.record_file import StudyError
from grader.study.schedule import card_id

KEY = next(iter(read_decks(builtin_course_root())))
TABLES = {
    "revlog": "CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid, ease, time)",
    "cards": "CREATE TABLE cards (id INTEGER PRIMARY KEY, nid)",
    "notes": "CREATE TABLE notes (id INTEGER PRIMARY KEY, flds)",
}
ENDLESS = (
    "CREATE VIEW {name} AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
    "SELECT id, 1 AS cid, 1 AS ease, 1 AS time, 1 AS nid, 'x' AS flds FROM n"
)


@pytest.fixture
def recorded(state):
    """Return a function that lists the cards in the record, which has one answer."""
    with LearningRecord(state / "study.db") as record:
        record.add_review("own", 3, now_ms=1)

    def _reviews():
        with LearningRecord(state / "study.db") as record:
            return [one.card_key for one in record.reviews()]

    return _reviews


def imported(path, code=2):
    result = CliRunner().invoke(grade, ["study", "import", str(path)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def collection(path, answers=(), schema=(), tables=TABLES):
    with sqlite3.connect(path) as database:
        for statement in (*tables.values(), *schema):
            database.execute(statement)
        if tables == TABLES:
            database.execute("INSERT INTO notes VALUES (1, ?)", (f"front\x1f{KEY}",))
            database.execute("INSERT INTO cards VALUES (1, 1)")
            database.executemany("INSERT INTO revlog VALUES (?, ?, ?, ?)", answers)
    database.close()
    return path


def package(path, source, name="collection.anki2"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(source, name)
    return path


def test_a_collection_is_imported_alone_and_in_a_package(tmp_path, recorded):
    answers = [(1_700_000_000_000, 1, 3, 900), (1_700_000_100_000, 1, 1, 900), (1_700_000_200_000, 1, 0, 900)]
    path = collection(tmp_path / "collection.anki2", answers)
    assert imported(path, 0) == "Added 2 of 2 answers to cards of this course.\n"
    assert imported(package(tmp_path / "a.apkg", path), 0) == "Added 0 of 2 answers to cards of this course.\n"
    assert recorded() == ["own", KEY, KEY]


@pytest.mark.parametrize("name", list(TABLES))
def test_a_view_instead_of_a_table_is_refused(tmp_path, recorded, name):
    tables = {**TABLES, name: ENDLESS.format(name=name)}
    path = package(tmp_path / "a.apkg", collection(tmp_path / "c", tables=tables))
    assert f'it has no table "{name}"' in imported(path)
    assert recorded() == ["own"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIRTUAL TABLE revlog USING fts5(id, cid, ease, time)",
        "CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid, ease)",
        "CREATE TABLE revlog (id INTEGER PRIMARY KEY, cid, ease, time AS (hex(zeroblob(10000000))))",
    ],
    ids=["virtual", "a column is missing", "a column is computed"],
)
def test_unusual_tables_are_refused(tmp_path, recorded, statement):
    path = collection(tmp_path / "c.anki2", tables={**TABLES, "revlog": statement})
    assert 'it has no table "revlog"' in imported(path)


def test_a_table_that_takes_too_long_is_abandoned(tmp_path):
    """Ids that are not unique multiply: 3,000 answers and 3,000 cards of each of 3,000 notes."""
    tables = {**TABLES, "cards": "CREATE TABLE cards (id, nid)", "notes": "CREATE TABLE notes (id, flds)"}
    path = collection(tmp_path / "c.anki2", tables=tables)
    with sqlite3.connect(path) as database:
        database.executemany("INSERT INTO revlog VALUES (?, 1, 1, 1)", ((number,) for number in range(3000)))
        database.executemany("INSERT INTO cards VALUES (1, 1)", [()] * 3000)
        database.executemany("INSERT INTO notes VALUES (1, 'x')", [()] * 3000)
    database.close()
    with pytest.raises(StudyError, match=r"took longer than 0\.2 seconds and was stopped. Nothing was imported"):
        answers_in_anki(path, [KEY], seconds=0.2)


@pytest.mark.parametrize(
    "row",
    [(1, 1, 2.5, 1), (1, 1, 1, "soon"), (1, 1, 1, None), (-5, 1, 1, 1), (2**62, 1, 1, 1), (1, 1, 1, -1), (1, 1, 1, b"x"),
     (1, 1, 1, 2**62), (253_402_300_800_000, 1, 1, 1)],
    ids=str,
)  # fmt: skip
def test_values_of_other_types_are_faults(tmp_path, recorded, row):
    path = collection(tmp_path / "c.anki2", [row])
    assert "Nothing was imported." in imported(path)
    assert recorded() == ["own"]


def test_text_that_is_not_unicode_is_a_fault(tmp_path, recorded):
    path = collection(
        tmp_path / "c.anki2", [(1, 1, 1, 1)], ["CREATE TRIGGER t AFTER INSERT ON cards BEGIN SELECT 1; END"]
    )
    with sqlite3.connect(path) as database:
        database.execute("UPDATE notes SET flds = CAST(x'ff' AS TEXT)")
    database.close()
    assert "cannot be read as an Anki package or collection" in imported(path)


def test_a_damaged_collection_is_a_fault(tmp_path, recorded):
    content = bytearray(
        collection(tmp_path / "c", [(number, 1, 1, 1) for number in range(1, 20000, 2)]).read_bytes()
    )  # fmt: skip
    chance = random.Random(3)
    for number in range(30):
        damaged = bytearray(content)
        for _ in range(200):
            damaged[chance.randrange(100, len(damaged))] = chance.randrange(256)
        (tmp_path / f"{number}.anki2").write_bytes(damaged[: chance.randrange(200, len(damaged))])
        result = CliRunner().invoke(grade, ["study", "import", str(tmp_path / f"{number}.anki2")])
        assert result.exit_code in (0, 2), result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception


def test_a_collection_that_anki_has_open_is_not_read_in_half(tmp_path, recorded):
    path = collection(tmp_path / "collection.anki2", [(1, 1, 1, 1)])
    (tmp_path / "collection.anki2-wal").write_bytes(b"x")
    assert "is in use. Close Anki" in imported(path)


def test_a_package_that_is_an_archive_bomb(tmp_path, recorded, monkeypatch):
    monkeypatch.setattr(anki_history, "LARGEST_BYTES", 2**20)
    (tmp_path / "c").write_bytes(b"\0" * 2**21)
    assert "is larger than 1 MiB" in imported(package(tmp_path / "a.apkg", tmp_path / "c"))
    assert "is larger than 1 MiB" in imported(bomb(tmp_path / "c.anki2"))


def bomb(path):
    path.write_bytes(b"SQLite format 3\0" + b"\0" * 2**21)
    return path


def test_packages_that_cannot_be_unpacked(tmp_path, recorded):
    whole = package(tmp_path / "a.apkg", collection(tmp_path / "c", [(1, 1, 1, 1)])).read_bytes()
    at = whole.index(b"PK\x01\x02")
    encrypted, unknown = bytearray(whole), bytearray(whole)
    for start in (at + 8, 6):
        encrypted[start] |= 1  # flag: encrypted
    for start in (at + 10, 8):
        unknown[start] = 77  # no such compression
    damaged = whole.replace(whole[60:80], b"\xff" * 20, 1)
    for number, content in enumerate((encrypted, unknown, damaged, whole[: len(whole) // 2], b"PK\x03\x04")):
        (tmp_path / f"{number}.apkg").write_bytes(content)
        assert "cannot be" in imported(tmp_path / f"{number}.apkg")
    with zipfile.ZipFile(tmp_path / "other.apkg", "w") as archive:
        archive.writestr("nothing", "")
    assert "is not an Anki package" in imported(tmp_path / "other.apkg")
    assert recorded() == ["own"]


def log_of(path):
    with LearningRecord(path) as record:
        record.add_review("a", 3, now_ms=10)
        record.add_event("forward", "a", "x", now_ms=11)
        return list(record.dump())


@pytest.mark.parametrize(
    "line",
    ['"abc"', "[]", "7", "null", "NaN", "true", "{", "[" * 100_000, '{"table": []}', '{"table": "review", "id": 1}',
     '{"table": {"a": 1}}', '{"format": "other"}', "1" * 5000, "\x00", '{"a": 1} {"b": 2}', '{"table": "device"}',
     '{"answer": "' + "x" * 2**20 + '"}'],
    ids=lambda line: line[:20],
)  # fmt: skip
def test_a_malformed_line_is_a_fault_with_its_number(tmp_path, recorded, line):
    lines = log_of(tmp_path / "other.db")
    (tmp_path / "log.jsonl").write_text("\n".join([*lines[:2], line, *lines[2:]]))
    said = imported(tmp_path / "log.jsonl")
    assert "Line 3 is not a line of a study log" in said
    assert "Nothing was imported." in said
    assert len(said) < 600
    assert recorded() == ["own"]


@pytest.mark.parametrize(
    "change",
    [{"ts_ms": 1e300}, {"ts_ms": float("nan")}, {"ts_ms": None}, {"ts_ms": 10**400}, {"rating": 2.0}, {"id": None},
     {"answer": ["x"]}, {"device": {}}],
    ids=str,
)  # fmt: skip
def test_a_value_of_another_type_is_a_fault(tmp_path, recorded, change):
    head, review, _ = log_of(tmp_path / "other.db")
    (tmp_path / "log.jsonl").write_text("\n".join([head, json.dumps({**json.loads(review), **change})]))
    assert "Line 2 is not a line of a study log" in imported(tmp_path / "log.jsonl")
    assert recorded() == ["own"]


@pytest.mark.parametrize(
    ("kind", "detail"),
    [("graded", '{"earned": 1' + "0" * 400 + ', "possible": 1}'), ("graded", "[]"), ("graded", '"x"'),
     ("graded", '{"earned": 1, "possible": 1, "failed": [["a", "b"]]}'), ("exam", "0001-01-01"), ("exam", "1968-12-31"),
     ("played", "1e999")],
)  # fmt: skip
def test_an_event_that_would_break_a_later_command_is_a_fault(tmp_path, recorded, kind, detail):
    head, _, event = log_of(tmp_path / "other.db")
    changed = {**json.loads(event), "kind": kind, "detail": detail}
    (tmp_path / "log.jsonl").write_text("\n".join([head, json.dumps(changed)]))
    assert "Line 2 is not a line of a study log" in imported(tmp_path / "log.jsonl")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_log_that_an_editor_or_a_shell_changed_is_read(tmp_path, recorded, encoding):
    one, two = log_of(tmp_path / "one.db"), log_of(tmp_path / "two.db")
    first, second = "\r\n".join([*one, "", *one, ""]), "\r\n".join([*two, *one, "", " ", ""])
    joined = f"\ufeff \r\n{first}\ufeff{second}"  # both with their marks and with Windows' line ends
    (tmp_path / "log.jsonl").write_text(joined, newline="", encoding=encoding)
    assert imported(tmp_path / "log.jsonl", 0) == "Added 2 answers and 2 events.\n"


REVLOG = "id,cid,usn,ease,ivl,lastIvl,factor,time,type\n"


@pytest.mark.parametrize(
    "row",
    ["abc", "1,2", f"x,{card_id(KEY)},-1,3,0,0,0,1,0", "1,2.5,-1,3,0,0,0,1,0", "1,2,-1,,0,0,0,1,0",
     "1" * 5000 + ",1,-1,3,0,0,0,1,0", '1,"2', "1,\x00,1", "٣,1,-1,3,0,0,0,1,0", "nan,1,-1,3,0,0,0,1,0",
     "x" * 200_000, f"{2**62},{card_id(KEY)},-1,3,0,0,0,1,0", f"1,{card_id(KEY)},-1,9,0,0,0,1,0"],
    ids=lambda row: row[:20],
)  # fmt: skip
def test_a_malformed_line_of_a_review_log_is_a_fault(tmp_path, recorded, row):
    (tmp_path / "log.csv").write_text(f"{REVLOG}1700000000000,{card_id(KEY)},-1,3,0,0,0,900,0\n{row}\n")
    said = imported(tmp_path / "log.csv")
    assert "Line 3 is not a line of a review log" in said or "is invalid: " in said
    assert "Nothing was imported." in said
    assert recorded() == ["own"]


def test_a_review_log_that_an_editor_or_a_shell_changed_is_read(tmp_path, recorded):
    row = f"1700000000000,{card_id(KEY)},-1,3,0,0,0,900,0\n"
    (tmp_path / "log.csv").write_text(f"\ufeff{REVLOG}{row}\n\ufeff{REVLOG}{row}\n\n")
    assert imported(tmp_path / "log.csv", 0) == "Added 1 of 2 answers to cards of this course.\n"


def test_a_file_that_never_ends_is_not_read(tmp_path, recorded):
    os.mkfifo(tmp_path / "pipe")
    assert "is not an ordinary file" in imported(tmp_path / "pipe")
    assert "is not an ordinary file" in imported("/dev/zero")
    (tmp_path / "empty").write_text("\n\n")
    assert "is empty" in imported(tmp_path / "empty")


def test_an_endless_view_ends_at_once(tmp_path, state):
    """The whole command, in a process that can be killed if it hangs."""
    tables = {**TABLES, "revlog": ENDLESS.format(name="revlog")}
    path = package(tmp_path / "a.apkg", collection(tmp_path / "c", tables=tables))
    done = subprocess.run(
        [sys.executable, "-m", "grader", "study", "import", str(path)], capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
