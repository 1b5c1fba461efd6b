"""A record under wrong clocks: every entry can be read again, and entries dated in the future hide nothing.

A test sets the clock by replacing `time.time`, which `grader.study.clock` alone asks; once the whole command runs so.
"""

import json
import os
import re
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from grader.cli.entry import grade
from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.clock import milliseconds_now, today
from grader.study.flashcard_session import FlashcardSession, exam_ahead
from grader.study.graded_exercise import keep_grading, last_failures
from grader.study.learning_record import LearningRecord
from grader.study.record_entry import LATEST_MS, Review
from grader.study.schedule import replay
from tests.needs import needs

CARDS = read_decks(builtin_course_root())
KEY = next(iter(CARDS))
DAY = 86_400
ROOT = builtin_course_root()
CLOCKS = {
    "1970-01-01T00:00:00": "Etc/GMT+12", "1979-12-31T23:59:59": "UTC", "2108-01-01T00:00:00": "Etc/GMT-14",
    "9899-12-31T00:00:00": "UTC", "9999-12-31T23:59:59": "Etc/GMT-14",
}  # fmt: skip  # each in a zone in which its day is another one
UNDER_A_CLOCK = (
    "import sys, time; now = float(sys.argv.pop(1)); time.time = lambda: now; from grader.cli import main; main()"
)


def seconds(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NOW, AHEAD = seconds("2026-11-26T12:00:00"), seconds("2040-05-01T12:00:00")


@pytest.fixture
def set_clock(monkeypatch):
    return lambda now: monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture
def set_zone(monkeypatch):
    def _set_zone(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield _set_zone
    monkeypatch.undo()
    time.tzset()


def run(*arguments, typed="", code=0):
    result = CliRunner().invoke(grade, [str(one) for one in arguments], input=typed, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def answered(path, *times, rating=3, key=KEY):
    with LearningRecord(path) as record:
        for at in times:
            record.add_review(key, rating, now_ms=int(at * 1000), content_hash=CARDS[key].content_hash)


@pytest.mark.parametrize(("clock", "zone"), CLOCKS.items())
def test_what_is_written_can_be_read_under_any_clock(clock, zone, set_zone, set_clock, tmp_path, monkeypatch):
    set_zone(zone)
    set_clock(seconds(clock))
    keep_grading(
        tmp_path / "learner" / "study.db",
        ROOT,
        "02_pooling",
        1.0,
        12.0,
        {"test_max_window": "Max."},
        ["pool.avg-is-sum"],
    )
    exam = min(today(), date(9999, 12, 31) - timedelta(days=3)) + timedelta(days=3)
    run("flashcards", "pooling", "--exam", exam, typed="\n4\n\n1\n\n3\nu\nq\n")
    run("quiz", "pooling", typed="1\ns\n1\nu\nq\n")
    run("progress")
    assert "on 1 day:" in run("study", "stats")
    run("study", "export", "--out", tmp_path / "log.jsonl")
    run("study", "export", "--form", "revlog", "--out", tmp_path / "log.csv")
    reviews = (tmp_path / "log.jsonl").read_text().count('"table": "review"')

    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path / "other machine"))
    assert run("study", "import", tmp_path / "log.jsonl").startswith(f"Added {reviews} answers and ")
    assert "Added 0 of" in run("study", "import", tmp_path / "log.csv")
    assert exam_of(tmp_path / "other machine") == exam


def exam_of(folder):
    with LearningRecord(folder / "study.db") as record:
        return exam_ahead(record, today())


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize(("form", "name"), [("anki", "cards.apkg"), ("qti", "questions.zip")])
def test_an_archive_can_be_written_under_any_clock(clock, form, name, set_clock, tmp_path, request):
    set_clock(seconds(clock))
    request.getfixturevalue(f"{form}_export")
    run("export", form, "--topic", "pooling", "--out", tmp_path / name)
    with zipfile.ZipFile(tmp_path / name) as archive:
        assert archive.testzip() is None
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Etc/GMT-14"])
@pytest.mark.parametrize("rating", [1, 2, 3, 4])
def test_every_due_date_stays_in_the_calendar(rating, zone, set_zone):
    set_zone(zone)
    steps = [LATEST_MS - 1 - DAY * 1000 * age for age in (36_500, 30_000, 10_000, 300, 1, 0)]
    reviews = [Review(f"{at}", "a", at, rating, 0, "card", "sure", None, "", "", "d") for at in steps]
    for key in ("a", "quiz:a"):
        memory = replay([replace(one, card_key=key) for one in reviews], exam=date(9999, 12, 31))[key]
        assert memory.due > memory.last
        assert memory.due.astimezone().year == 9999


def test_a_clock_that_is_set_back_during_a_session_leaves_a_readable_log(tmp_path):
    times = [NOW]
    with LearningRecord(tmp_path / "a.db") as record, LearningRecord(tmp_path / "b.db") as other:
        session = FlashcardSession(record, CARDS, clock=lambda: times[-1])
        asked = session.next()
        times.append(NOW - 3600)
        session.answer(asked.card.id, 3)
        assert record.reviews()[0].duration_ms == 0
        assert other.merge(record.dump()) == (1, 0)


def test_an_undone_answer_does_not_count_as_ahead(state, set_clock):
    set_clock(AHEAD)
    run("flashcards", "pooling", typed="\n3\n\n1\n\nu\ns\nq\n")
    set_clock(NOW)

    assert run("flashcards", "pooling", typed="q\n").startswith(
        "Note: 1 entry of your record is dated in the future, up to 2040-05-01; today is 2026-11-26. If the clock "
        "was wrong then, there is nothing to do: such entries count as made today. If it is wrong now, set it.\n"
    )


def test_answers_dated_2040_do_not_hide_cards_until_then(state, set_clock):
    set_clock(AHEAD)
    run("flashcards", "pooling", typed="\n3\n\n4\nq\n")
    set_clock(NOW)
    said = run("flashcards", "pooling", typed="q\n")
    assert said.startswith(
        "Note: 2 entries of your record are dated in the future, up to 2040-05-01; today is 2026-11-26. If the clock "
        "was wrong then, there is nothing to do: such entries count as made today. If it is wrong now, set it.\n"
    )
    assert "Note" not in run("flashcards", "pooling", typed="q\n") + run("progress") + run("study", "stats")

    set_clock(NOW + 30 * DAY)
    assert run("flashcards", "pooling", typed="\n3\n\n3\nq\n").startswith("2 due, ")
    assert run("study", "stats").startswith("4 answers on 2 days: 2 cards")
    set_clock(NOW + 31 * DAY)
    assert run("flashcards", "pooling", typed="q\n").startswith("0 due, ")
    with LearningRecord(state / "study.db") as record:
        years = sorted(datetime.fromtimestamp(one.ts_ms / 1000, UTC).year for one in record.reviews_as_written())
        assert years == [2026, 2026, 2040, 2040]


def test_the_whole_command_under_two_clocks(tmp_path, state):
    def command(now, *arguments, typed=""):
        done = subprocess.run(
            [sys.executable, "-c", UNDER_A_CLOCK, str(now), *map(str, arguments)], input=typed, capture_output=True,
            text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout, done.stderr

    command(AHEAD, "flashcards", "pooling", typed="\n3\nq\n")
    out, err = command(NOW, "study", "stats")
    assert out.startswith("1 answer on 1 day:")
    assert err.startswith("Note: 1 entry of your record is dated in the future, up to 2040-05-01; today is 2026-11-26.")
    assert command(NOW, "study", "stats") == (out, "")
    command(0, "export", "csv", "--out", tmp_path / "cards.csv")


def test_an_import_reports_entries_dated_in_the_future(tmp_path, set_clock, state):
    answered(tmp_path / "other.db", AHEAD)
    with LearningRecord(tmp_path / "other.db") as other:
        (tmp_path / "log.jsonl").write_text("".join(f"{line}\n" for line in other.dump()))
    set_clock(NOW)
    assert "Note: 1 entry of your record is dated in the future" in run("study", "import", tmp_path / "log.jsonl")
    assert run("study", "import", tmp_path / "log.jsonl") == "Added 0 answers and 0 events.\n"


def test_a_clock_without_a_battery_changes_nothing_permanently(state, set_clock):
    """On 1 January 1975 the whole record lies in the future; once the clock is right, it counts as it was written."""
    times = [NOW - 40 * DAY, NOW - 38 * DAY, NOW - 25 * DAY]
    answered(state / "study.db", *times)
    set_clock(NOW)
    with LearningRecord(state / "study.db") as record:
        before = replay(record.reviews())
    set_clock(seconds("1975-01-01T00:00:00"))
    assert "Note: 3 entries of your record are dated in the future, up to 2026-11-01; today is 1975-01-01." in run(
        "progress"
    )
    set_clock(NOW)
    assert "Note" not in run("progress")
    with LearningRecord(state / "study.db") as record:
        assert replay(record.reviews()) == before


def test_a_few_hours_ahead_are_not_reported(state, set_clock):
    answered(state / "study.db", NOW + 14 * 3600)
    set_clock(NOW)
    assert "Note" not in run("progress")


def test_a_grading_dated_2040_does_not_replace_later_ones(state, set_clock):
    """Its failures, its score, the cards that it brought forward, and an exam that was set then."""
    path = state / "study.db"
    titles = {"test_max_window": "Takes the largest."}
    set_clock(AHEAD)
    keep_grading(path, ROOT, "02_pooling", 1.0, 12.0, titles, [])
    with LearningRecord(path) as record:
        record.add_event("exam", detail="2040-06-01")
    set_clock(NOW)
    run("progress")
    set_clock(NOW + DAY)
    with LearningRecord(path) as record:
        record.add_event("exam", detail="2026-12-24")
        assert exam_ahead(record, today()) == date(2026, 12, 24)
    keep_grading(path, ROOT, "02_pooling", 12.0, 12.0, {}, [])
    with LearningRecord(path) as record:
        assert last_failures(record)["02_pooling"][1] == {}
        forward = next(event.card_key for event in record.events("forward"))
        record.add_review(forward, 3, now_ms=milliseconds_now())
        memory = replay(record.reviews(), record.events("forward"))[forward]
        assert memory.because == ""
    assert re.search(r"02_pooling +12 / 12", run("progress"))
    set_clock(NOW + 2 * DAY)
    keep_grading(path, ROOT, "02_pooling", 1.0, 12.0, titles, [])
    with LearningRecord(path) as record:
        assert replay(record.reviews(), record.events("forward"))[forward].because != ""


def test_two_wrong_clocks_are_noticed_one_after_the_other(tmp_path):
    path = tmp_path / "study.db"
    answered(path, AHEAD)
    with LearningRecord(path, lambda: seconds("2035-01-01T00:00:00")) as record:
        assert record.notice().count == 1
    with LearningRecord(path, lambda: NOW) as record:
        assert record.notice().count == 1
        assert [one.ts_ms for one in record.reviews()] == [NOW * 1000]
        assert record.notice() is None
    with LearningRecord(path, lambda: NOW + 9 * DAY) as record:
        assert [one.ts_ms for one in record.reviews()] == [NOW * 1000]


def test_answers_of_one_wrong_clock_stay_in_their_order(tmp_path):
    path = tmp_path / "study.db"
    for at, rating in ((AHEAD, 1), (AHEAD + 60, 2), (AHEAD + 120, 4)):
        answered(path, at, rating=rating)
    with LearningRecord(path, lambda: NOW) as record:
        assert [one.rating for one in record.reviews()] == [1, 2, 4]


@pytest.mark.parametrize("clock", CLOCKS)
def test_anki_imports_the_package_and_an_edit_under_any_clock(clock, tmp_path, set_clock, anki_export):
    """Also an edit that is made after a clock that was ahead has been set."""
    collection = needs("anki.collection", "the judge of our package")
    edited = {KEY: replace(CARDS[KEY], back="Edited."), **{key: CARDS[key] for key in list(CARDS)[1:4]}}
    first = {**edited, KEY: CARDS[KEY]}
    anki = collection.Collection(str(tmp_path / "collection.anki2"))
    options = collection.ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=False, with_deck_configs=False)
    try:
        with LearningRecord(tmp_path / "study.db") as record:
            for cards, at in ((first, seconds(clock)), (edited, min(NOW, seconds(clock)))):
                set_clock(at)
                anki_export.write_anki(cards, tmp_path / "a.apkg", anki_export.changes(record, cards), "A title", {})
                request = collection.ImportAnkiPackageRequest(package_path=str(tmp_path / "a.apkg"), options=options)
                anki.import_anki_package(request)
        assert anki.note_count() == len(edited)
        (note,) = anki.find_notes(f'"Id:{KEY}"')
        assert anki.get_note(note)["Back"] == "Edited."
    finally:
        anki.close()


def test_a_clock_after_the_year_2262(monkeypatch):
    """Python cannot read such a clock; a record can still be used."""

    def beyond():
        raise OverflowError("timestamp too large to convert to C _PyTime_t")

    monkeypatch.setattr(time, "time", beyond)
    assert run("flashcards", "pooling", typed="\n3\nq\n").endswith(
        "1 answer saved.\n7 cards are left. To continue: grade flashcards pooling\n"
    )
    assert run("study", "stats").startswith("1 answer on 1 day:")


def test_a_record_of_an_older_version_can_be_imported(tmp_path, state, set_clock):
    """Older versions kept an exam of 2250 and answers of 2150, and their own import refused them."""
    set_clock(NOW)
    answered(tmp_path / "other.db", seconds("2150-01-01T00:00:00"))
    with LearningRecord(tmp_path / "other.db") as other:
        other.add_event("exam", detail="2250-01-01")
        lines = list(other.dump())
    (tmp_path / "log.jsonl").write_text("\n".join(lines))
    assert "Added 1 answer and 1 event." in run("study", "import", tmp_path / "log.jsonl")
    assert json.loads(lines[1])["ts_ms"] == seconds("2150-01-01T00:00:00") * 1000
    assert os.listdir(state)
