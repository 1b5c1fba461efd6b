"""No answer is lost, and the logs of two machines can be merged."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from grader.study.learning_record import LearningRecord
from grader.study.record_file import StudyError, forget

KILLS = 30
WRITER = """
import sys
from pathlib import Path
from grader.study.learning_record import LearningRecord
with LearningRecord(Path(sys.argv[1])) as record:
    for number in range(10_000):
        print(record.add_review(f"card-{number}", 3, now_ms=number).id, flush=True)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "study.db"


def test_no_acknowledged_answer_is_lost_when_it_is_killed(path):
    """Kill the writer thirty times after an acknowledged answer. Every acknowledged answer is in the record."""
    acknowledged = []
    for kill in range(KILLS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        acknowledged += [writer.stdout.readline().strip() for _ in range(1 + kill % 7)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()
        with LearningRecord(path) as record:
            assert {one.id for one in record.reviews()} >= set(acknowledged)
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_an_undone_answer_stays_in_the_log(path):
    with LearningRecord(path) as record:
        review = record.add_review("a", 1, now_ms=1)
        record.add_event("undo", "a", review.id, now_ms=2)
        assert record.reviews() == []
        assert sum('"table": "review"' in line for line in record.dump()) == 1


def test_two_machines_make_one_log(path, tmp_path):
    with LearningRecord(path) as one, LearningRecord(tmp_path / "other.db") as other:
        one.add_review("a", 3, now_ms=1)
        other.add_review("b", 3, now_ms=2)
        other.add_event("forward", "a", "test_x failed", now_ms=3)
        assert one.merge(other.dump()) == (1, 1)
        assert one.merge(other.dump()) == (0, 0)
        other.merge(one.dump())
        assert one.reviews() == other.reviews()
        assert list(one.dump()) == list(other.dump())


@pytest.mark.parametrize(
    "lines",
    [["{}"], ["nonsense"], ['{"format": "another"}'], ["HEAD", "{"], ["HEAD", '{"table": "review"}'], ["HEAD", "BAD RATING"],
     ["HEAD", "BAD TIME"], ["HEAD", '{"table": "secret", "id": "x"}']],
)  # fmt: skip
def test_an_invalid_log_changes_nothing(path, lines):
    with LearningRecord(path) as record:
        record.add_review("a", 3, now_ms=1)
        head, good = list(record.dump())
        entry = {**json.loads(good), "id": "new"}
        known = {
            "HEAD": head,
            "BAD RATING": json.dumps({**entry, "rating": 9}),
            "BAD TIME": json.dumps({**entry, "ts_ms": "now"}),
        }
        with pytest.raises(StudyError) as caught:
            record.merge([known.get(line, line) for line in [*lines[:1], json.dumps(entry), *lines[1:]]])
        assert "is not a line of a study log" in str(caught.value)
        assert len(record.reviews()) == 1


@pytest.mark.parametrize(
    "change",
    [{"ts_ms": 2**52}, {"ts_ms": -1}, {"duration_ms": 2**70}, {"variant_seed": 2**64}, {"answer": "\ud800"},
     {"card_key": 7}, {"rating": True}, {"more": 1}],
)  # fmt: skip
def test_an_invalid_answer_is_not_imported(path, change):
    with LearningRecord(path) as record:
        record.add_review("a", 3, now_ms=1)
        head, good = record.dump()
        with pytest.raises(StudyError) as caught:
            record.merge([head, json.dumps({**json.loads(good), "id": "new", **change})])
        assert "Line 2 is not a line of a study log" in str(caught.value)
        assert len(record.reviews()) == 1


@pytest.mark.parametrize(
    ("kind", "detail"),
    [("graded", "{}"), ("graded", "3"), ("graded", '{"earned": "x", "possible": 1}'), ("played", "soon"),
     ("graded", '{"earned": 1, "possible": NaN}'), ("graded", '{"earned": 1, "possible": 2, "failed": {"a": 1}}'),
     ("played", "nan"), ("exam", "tomorrow")],
)  # fmt: skip
def test_an_invalid_event_is_not_imported(path, kind, detail):
    with LearningRecord(path) as record:
        record.add_event(kind, "a", "of another shape", now_ms=1)
        head, event = record.dump()
        with pytest.raises(StudyError):
            record.merge([head, json.dumps({**json.loads(event), "id": "new", "detail": detail})])
        assert len(record.events(kind)) == 1


def test_many_may_write_at_once(path):
    def write(number):
        with LearningRecord(path) as record:
            for _ in range(20):
                record.add_review(f"card-{number}", 3, now_ms=number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with LearningRecord(path) as record:
        assert len(record.reviews()) == 80
        assert len({one.device for one in record.reviews()}) == 1


def test_a_file_of_another_program_or_a_newer_version(path):
    path.parent.mkdir()
    path.write_text("not a database, but a letter to grandmother")
    with pytest.raises(StudyError) as caught:
        LearningRecord(path)
    assert str(path) in str(caught.value)
    path.unlink()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StudyError) as caught:
        LearningRecord(path)
    assert "newer version of grade (99)" in str(caught.value)


def test_a_database_of_another_program_is_left_alone(path):
    path.parent.mkdir()
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE recipe (name TEXT)")
    db.close()
    with pytest.raises(StudyError) as caught:
        LearningRecord(path)
    assert "another program's" in str(caught.value)
    db = sqlite3.connect(path)
    assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("recipe",)]
    db.close()


def test_a_file_that_broke_says_so_wherever_it_is_read(path):
    with LearningRecord(path) as record:
        record.add_review("a", 3, now_ms=1)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"Z" * (len(whole) - 4096))
    with pytest.raises(StudyError) as caught, LearningRecord(path) as record:
        record.reviews()
    assert "Rename the file, and grade will start a new one" in str(caught.value)


def test_nothing_is_forgotten_while_somebody_answers(path):
    with LearningRecord(path) as record:
        record.add_review("a", 3, now_ms=1)
        with pytest.raises(StudyError) as caught:
            forget(path)
        assert "End it, then try again" in str(caught.value)
        record.add_review("b", 3, now_ms=2)
        assert len(record.reviews()) == 2
    assert forget(path)


def test_a_broken_file_can_be_forgotten(path):
    path.parent.mkdir()
    path.write_bytes(b"SQLite format 3\0" + b"Z" * 5000)
    assert forget(path)
    assert not path.exists()


def test_forgotten_is_forgotten(path):
    LearningRecord(path).close()
    assert forget(path)
    assert list(path.parent.iterdir()) == []
    assert not forget(path)
