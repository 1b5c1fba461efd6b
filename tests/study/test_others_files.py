"""A file of another program in the record folder is named and stays as it is, byte by byte."""

import contextlib
import hashlib
import os
import sqlite3

import pytest
from click.testing import CliRunner

from grader.cli.entry import grade
from grader.cli.open_hints import remember
from grader.course import builtin_course_root
from grader.study.graded_exercise import keep_grading
from grader.study.learning_record import LearningRecord
from grader.study.record_file import RecordOwner, StudyError, look_at

COMMANDS = [["study", "forget", "--all"], ["study", "stats"], ["study", "export"], ["flashcards"], ["quiz"], ["progress"],
            ["play"], ["study", "import", "LOG"], ["export", "anki", "--out", "OUT"]]  # fmt: skip
OURS = ("CREATE TABLE review (id)", "CREATE TABLE event (id)", "CREATE TABLE device (id)")


def database(path, *statements):
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


def in_write_ahead_mode(path):
    """The last answers of another program are in its log only: a visitor that closes it last would move them."""
    database(path, "PRAGMA journal_mode = WAL", "CREATE TABLE recipe (name)")
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("INSERT INTO recipe VALUES ('soup')")
    log = path.with_name("study.db-wal").read_bytes()
    content = path.read_bytes()
    db.close()
    path.write_bytes(content)
    path.with_name("study.db-wal").write_bytes(log)


OTHERS = {
    "a database": (lambda path: database(path, "CREATE TABLE recipe (name)"), "another program's database (it contains recipe)"),
    "a database with a version": (
        lambda path: database(path, "CREATE TABLE recipe (name)", "PRAGMA user_version = 1"),
        "another program's database (it contains recipe)",
    ),
    "a database of a later version": (
        lambda path: database(path, "CREATE TABLE recipe (name)", "PRAGMA user_version = 7"),
        "another program's database (it contains recipe)",
    ),
    "a database with our names": (
        lambda path: database(path, *OURS, "PRAGMA user_version = 1"),
        "another program's database (it contains device, event, review)",
    ),
    "a database with a log": (in_write_ahead_mode, "another program's database (it contains recipe)"),
    "many tables": (
        lambda path: database(path, *(f"CREATE TABLE t{number} (x)" for number in range(9))),
        "another program's database (it contains t0, t1, t2, ...)",
    ),
    "a view": (lambda path: database(path, "CREATE VIEW v AS SELECT 1"), "another program's database (it contains v)"),
    "a letter": (lambda path: path.write_text("Dear grandmother,"), "is not a database"),
    "an archive": (lambda path: path.write_bytes(b"PK\3\4" * 1000), "is not a database"),
    "a folder": (lambda path: path.mkdir(), "is a folder; expected a file"),
    "a pipe": (os.mkfifo, "is a pipe or a device; expected a file"),
}  # fmt: skip


def digest(folder):
    """Names, kinds, times and contents of everything below a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[path.name] = (
            status.st_mode,
            status.st_mtime_ns,
            os.readlink(path) if path.is_symlink() else "",
            hashlib.sha256(content).hexdigest(),
        )
    return found


def refused(arguments, tmp_path):
    (tmp_path / "log.jsonl").write_text('{"format": "cnn-grader study log 1"}\n')
    names = {"LOG": str(tmp_path / "log.jsonl"), "OUT": str(tmp_path / "out.apkg")}
    result = CliRunner().invoke(grade, [names.get(one, one) for one in arguments], input="q\n", catch_exceptions=False)
    return result.exit_code, result.output


@pytest.fixture
def other(request, state):
    make, said = OTHERS[request.param]
    state.mkdir()
    make(state / "study.db")
    return said


@pytest.mark.parametrize("other", OTHERS, indirect=True)
def test_what_is_not_our_record_is_named_and_left_alone(other, state, tmp_path):
    before = digest(state)
    for arguments in (["study", "forget", "--all"], ["study", "stats"]):
        code, said = refused(arguments, tmp_path)
        assert code == 2
        assert f"{state / 'study.db'} {other}" in said or f"{state / 'study.db'} is {other}" in said
        assert "CNN_GRADER_STATE to another folder" in said
        assert digest(state) == before
    with pytest.raises(StudyError):
        keep_grading(state / "study.db", builtin_course_root(), "02_pooling", 1.0, 12.0, {}, [])
    assert digest(state) == before


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("other", ["a database"], indirect=True)
def test_no_command_touches_another_programs_database(other, arguments, state, tmp_path):
    before = digest(state)
    assert refused(arguments, tmp_path)[0] == 2
    assert digest(state) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("hints.json", '{"levels": 3}', "JSON with a different structure"), ("courses.jsonl", "one\ntwo\n", "not a list of folders"),
     ("courses.jsonl", "\0" * 2**21, "larger than 1 MiB"), ("hints.json", "hints of a game", "not JSON")],
)  # fmt: skip
def test_nothing_is_forgotten_while_one_of_the_files_is_not_ours(name, content, said, state, tmp_path):
    with LearningRecord(state / "study.db") as record:
        record.add_review("a", 3, now_ms=1)
    if name != "hints.json":
        remember("03_dropout", ["criterion:shape"])
    (state / name).write_text(content)
    before = digest(state)
    code, text = refused(["study", "forget", "--all"], tmp_path)
    assert code == 2
    assert text.startswith(f"Error: {state / name} is {said}")
    assert digest(state) == before


def test_another_programs_list_of_courses_does_not_change(state, tmp_path):
    state.mkdir()
    (state / "courses.jsonl").write_text("one\n")
    for folder in ("exercises", "rubrics"):
        (tmp_path / "course" / folder).mkdir(parents=True)
    refused(["list", "--course", str(tmp_path / "course")], tmp_path)
    assert (state / "courses.jsonl").read_text() == "one\n"


def test_files_beside_ours_are_kept(state, tmp_path):
    LearningRecord(state / "study.db").close()
    remember("03_dropout", ["criterion:shape"])
    for name in ("hints.json.bak", "hints.json.12", "study.db.old", "notes.txt"):
        (state / name).write_text("mine")
    (state / ".hints.json.grade-0123abcd").write_text("{")  # half a file of ours, after a power cut
    assert refused(["study", "forget", "--all"], tmp_path) == (0, "Everything is deleted.\n")
    assert sorted(path.name for path in state.iterdir()) == [
        "hints.json.12",
        "hints.json.bak",
        "notes.txt",
        "study.db.old",
    ]


@pytest.mark.parametrize("link", ["study.db", ".", "hints.json", "courses.jsonl"])
def test_a_link_that_leads_nowhere_is_named_and_nothing_is_made_there(link, state, tmp_path):
    """The disk may be missing: a new record elsewhere would hide the old one."""
    target = tmp_path / "no such disk" / "x"
    place = state if link == "." else state / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(target)
    code, said = refused(["study", "forget", "--all"], tmp_path)
    assert code == 2
    assert f"{place} is a link to {target}, which does not exist." in said
    (tmp_path / "no such disk").mkdir()
    for arguments in COMMANDS:
        code, said = refused(arguments, tmp_path)
        assert code in (0, 2), said
    with contextlib.suppress(OSError):
        remember("03_dropout", ["criterion:shape"])
    refused(["hint", "3"], tmp_path)
    assert place.is_symlink()
    assert not target.exists()


def test_a_record_behind_a_link_is_used_and_forgotten(state, tmp_path):
    state.mkdir()
    disk = tmp_path / "disk"
    disk.mkdir()
    with LearningRecord(disk / "record.db") as record:
        record.add_review("a", 3, now_ms=1)
    (state / "study.db").symlink_to(disk / "record.db")
    with LearningRecord(state / "study.db") as record:
        assert len(record.reviews()) == 1
        code, said = refused(["study", "forget", "--all"], tmp_path)
        assert (code, "End it, then try again" in said) == (2, True)
    assert refused(["study", "forget", "--all"], tmp_path) == (0, "Everything is deleted.\n")
    assert [*disk.iterdir(), *state.iterdir()] == []


def test_a_folder_that_is_a_file(state, tmp_path):
    state.write_text("mine")
    for arguments in (["study", "forget", "--all"], ["study", "stats"], ["hint", "3"]):
        code, said = refused(arguments, tmp_path)
        assert code == 2
        assert f"{state} is not a folder. Rename it, or set CNN_GRADER_STATE to a folder." in said
    assert state.read_text() == "mine"


def test_our_own_record_is_recognised_in_every_state(state):
    path = state / "study.db"
    assert look_at(path).owner is RecordOwner.NOBODY
    with LearningRecord(path) as record:
        record.add_review("a", 3, now_ms=1)
        assert look_at(path).owner is RecordOwner.OURS  # nothing but the log holds the tables now
    assert look_at(path).owner is RecordOwner.OURS
    path.write_bytes(b"")
    assert look_at(path).owner is RecordOwner.NOBODY
    path.write_bytes(b"SQLite format 3\0" + b"Z" * 5000)
    assert look_at(path).owner is RecordOwner.BROKEN
