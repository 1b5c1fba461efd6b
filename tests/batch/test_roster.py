"""Rosters of instructors and platforms, and the points that late submissions lose."""

import datetime
from pathlib import Path

import pytest

from grader.batch.late import LatePolicy, lateness, read_late_policy
from grader.batch.roster import Person, read_roster
from grader.course import Course, Exercise
from grader.submission.intake import FaultyFileError


def roster(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


def faults(tmp_path, text, read=read_roster):
    path = tmp_path / "file"
    path.write_text(text)
    with pytest.raises(FaultyFileError) as caught:
        read(path)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def test_reads_our_own_columns(tmp_path):
    people = roster(
        tmp_path,
        'id,name,email,section,late_days,free_days\nanna,"Bé, Anna",a@x.org,A,1.5,2\n\nbob,,,,,\n',
        "utf-8-sig",
    ).people
    assert people["anna"] == Person("anna", "Bé, Anna", "a@x.org", "A", "", "", 1.5, 2.0, "-", "anna")
    assert people["bob"].late_days is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_reads_the_delimiters_of_spreadsheets(tmp_path, delimiter):
    text = "id,name,late_days\r\nanna,Anna,0\r\n".replace(",", delimiter)
    assert roster(tmp_path, text).people["anna"].late_days == 0


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Exercise 3: Dropout (4711),Current Score\r\n"
    "    Points Possible,,,,,8,(read only)\r\n"
    '"Doe, Jane",1234,s-1,jane@x.org,A,,\r\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (grade),Feedback comments\n"
    'Participant 123,Jane Doe,jane@x.org,Submitted,,8,"Tuesday, 24 November 2026, 7:27 AM",\n'
)
GRADESCOPE = "First Name,Last Name,SID,Email,Section\nJane,Doe,1234,jane@x.org,A\n"
CLASSROOM = '"identifier","github_username","github_id","name"\n"s-1","octocat","42","Jane Doe"\n'


def test_reads_the_exports_of_platforms(tmp_path):
    canvas = roster(tmp_path, CANVAS)
    assert canvas.people["1234"] == Person("1234", "Doe, Jane", "", "A", "s-1", "jane@x.org", None, 0.0, "-", "1234")
    assert canvas.titles == {"exercise 3: dropout": "Exercise 3: Dropout (4711)"}
    assert canvas.resolve("S-1") == canvas.resolve("jane@x.org") == canvas.resolve("1234") == "1234"
    moodle = roster(tmp_path, MOODLE)
    assert moodle.people["123"].moodle_modified == "Tuesday, 24 November 2026, 7:27 AM"
    assert moodle.resolve("Jane Doe") == "123"
    assert roster(tmp_path, GRADESCOPE).people["1234"].name == "Jane Doe"
    assert roster(tmp_path, CLASSROOM).resolve("octocat") == "s-1"


def test_a_name_that_two_people_share_identifies_neither(tmp_path):
    people = roster(tmp_path, "id,name\n1,Jo Doe\n2,Jo Doe\n")
    assert people.resolve("Jo Doe") == "Jo Doe"


def test_reports_every_fault_of_a_roster(tmp_path):
    text = "id,late_days\nanna,often\nanna,1\n,3\nbob,-1\n"
    assert faults(tmp_path, text) == [
        (2, "late_days is 'often', expected a number of days, 0 or more"),
        (3, 'repeats the id "anna"'),
        (4, "has no id"),
        (5, "late_days is '-1', expected a number of days, 0 or more"),
    ]
    assert faults(tmp_path, "a,b\n") == [(1, "has no column `id`; it has a, b")]
    assert faults(tmp_path, "") == [(1, "is empty; expected a line of column names, `id` among them")]


def test_refuses_a_roster_that_is_not_utf8_or_missing(tmp_path):
    path = tmp_path / "roster.csv"
    for content, message in ((b"\xff\xfei\0d\0", "UTF-16"), (b"id\n\xe9", "not UTF-8"), (None, "does not exist")):
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        with pytest.raises(FaultyFileError) as caught:
            read_roster(path)
        assert message in str(caught.value)


QUOTE = 'Is a quote (") missing, or one too many?'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('id,name\n1,Ann\n2,"Bob\n3,Cid\n4,Dot\n', 3, f"is not CSV from this line on: unexpected end of data. {QUOTE}"),
        ('id,name\n1,"Ann\n2,"Bob"\n3,Cid\n', 2, f"is not CSV from this line on: ',' expected after '\"'. {QUOTE}"),
        ('id,name\n1,"Ann"x\n', 2, f"is not CSV from this line on: ',' expected after '\"'. {QUOTE}"),
        ('id,name\n1,"Ann\n2,Bob\n3,"\n4,Dot\n', 2, "`name` contains a line break. Is a quote missing?"),
        ('id,comment,name\n1,"fine\nor so",Ann\n2,x,"Bob\n', 4, f"is not CSV from this line on: unexpected end of data. {QUOTE}"),
        ("id,name\n1,Doe, Jane\n2,Bob\n", 2, "has 3 values, expected 2 as in line 1; put quotes around a value with a comma"),
        ("id,name\n1,Ann\n2,B\0b\n", 3, "contains a NUL byte, which CSV does not allow; save it as UTF-8"),
        ("id,name,ID\n1,Ann,7\n", 1, "has two columns `id`; rename the one that should be ignored"),
        ("Name;id;name\nAnn;1;Bob\n", 1, "has two columns `Name`; rename the one that should be ignored"),
        ("sep=;\nName;id;name\nAnn;1;Bob\n", 2, "has two columns `Name`; rename the one that should be ignored"),
        ("sep=;\nid;name\n1;Doe; Jane\n", 3, "has 3 values, expected 2 as in line 2; put quotes around a value with a comma"),
        ("sep=;\nname;mark\n", 2, "has no column `id`; it has name, mark"),
        ("sep=;\r\n", 2, "is empty; expected a line of column names, `id` among them"),
        ("sep=x\nidxname\n", 1, "names the delimiter 'x'; expected a comma, a semicolon, a tab or |"),
    ],
)  # fmt: skip
def test_a_row_that_would_swallow_other_rows_is_a_fault(tmp_path, text, line, words):
    assert faults(tmp_path, text) == [(line, words)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('id,name,comment\n1,Ann,"fine\nor so"\n2,Bob,\n', {"1": "Ann", "2": "Bob"}),  # Moodle's feedback
        ("id,name,section\n1,Ann\n2,Bob,A,,\n", {"1": "Ann", "2": "Bob"}),  # as spreadsheets write empty values
        ('id, name\n1, "Doe, Jane"\n', {"1": "Doe, Jane"}),
        ('id,name\n1,Ann "Nan" Lee\n', {"1": 'Ann "Nan" Lee'}),
        ('id,name\n1,"Ann ""Nan"" Lee"\n', {"1": 'Ann "Nan" Lee'}),
        ('"Name, first and last";id;name\nx;1;Ann\n', {"1": "Ann"}),
        ("id\tname\r1\tAnn\r2\tBob\r", {"1": "Ann", "2": "Bob"}),
        ("\ufeffid;name\r\n1;Ann\r\n", {"1": "Ann"}),
        ("id,name,note,note\n1,Ann,a,b\n", {"1": "Ann"}),
        ("\ufeffsep=;\r\nid;name\r\n1;Ann, B\r\n", {"1": "Ann, B"}),  # Excel
        ('"SEP=\t"\nid\tname\n1\tAnn\n', {"1": "Ann"}),
        ("sep=|\nid|name\n1|Ann\n", {"1": "Ann"}),
        ("sep=\nid;name\n1;Ann\n", {"1": "Ann"}),
    ],
)
def test_reads_what_spreadsheets_and_people_write(tmp_path, text, names):
    assert {one.id: one.name for one in roster(tmp_path, text).people.values()} == names


# Lateness

COURSE = Course(Path(), (Exercise("02_pooling", Path()), Exercise("03_dropout", Path())))
POLICY = """
due: {03_dropout: 2026-11-30T23:59:00+01:00}
grace: 15m
per_day: 10%
cap: 50%
"""


def policy(tmp_path, text=POLICY):
    path = tmp_path / "late.yaml"
    path.write_text(text)
    return read_late_policy(path, COURSE)


@pytest.mark.parametrize(
    ("submitted", "days", "penalty"),
    [
        ("2026-11-30T22:59:00+00:00", 0, 0),
        ("2026-11-30T23:14:00+00:00", 0, 0),  # within the grace
        ("2026-11-30T23:14:01+00:00", 1, 0.8),
        ("2026-12-01T22:59:00+00:00", 1, 0.8),
        ("2026-12-01T22:59:01+00:00", 2, 1.6),
        ("2027-01-30T22:59:00+00:00", 61, 4),  # the cap
        ("", 0, 0),
    ],
)
def test_late_days_and_their_points(tmp_path, submitted, days, penalty):
    late = lateness(policy(tmp_path), None, "a", {"submitted": submitted}, "03_dropout", 8)
    assert (late.days, late.penalty) == (days, penalty)


def test_late_days_in_the_roster_take_precedence(tmp_path):
    details = {"submitted": "2026-12-09T00:00:00+00:00", "late": True}
    assert lateness(policy(tmp_path), Person("a", late_days=0), "a", details, "03_dropout", 8).days == 0
    assert lateness(policy(tmp_path), Person("a", late_days=2.5, free_days=1), "a", details, "03_dropout", 8).days == 2


def test_a_mark_without_a_time_counts_one_day(tmp_path):
    late = lateness(policy(tmp_path), None, "a", {"late": True}, "03_dropout", 8)
    assert (late.days, late.penalty) == (1, 0.8)


def test_file_times_count_only_if_the_policy_trusts_them(tmp_path):
    due = datetime.datetime.fromisoformat("2026-11-30T23:59:00+01:00")
    details = {"modified": int(due.timestamp()) + 100_000}
    assert lateness(policy(tmp_path), None, "a", details, "03_dropout", 8).days == 0
    assert (
        lateness(policy(tmp_path, POLICY + "trust_file_times: true\n"), None, "a", details, "03_dropout", 8).days == 2
    )


def test_the_penalty_never_exceeds_the_possible_points():
    assert LatePolicy(per_day="3 points").penalty(5, 8) == 8
    assert LatePolicy(per_day="3 points", cap="4 points").penalty(5, 8) == 4


def test_reports_every_fault_of_a_policy(tmp_path):
    text = "due: {03_dropout: 2026-11-30}\ngrace: long\nper_day: 110%\ncapp: 3\n"
    found = dict(faults(tmp_path, text, lambda path: read_late_policy(path, COURSE)))
    assert "has no time zone" in found[1]
    assert "is not a duration; expected for example 15m, 2h or 1d" in found[2]
    assert "is neither points nor percent" in found[3]
    assert 'Did you mean "cap"?' in found[4]


def test_a_deadline_for_an_unknown_exercise_is_a_fault_with_its_line(tmp_path):
    text = (
        "per_day: 110%\ndue:\n  03_dropout: 2026-11-30T23:59:00+01:00\n"
        "  03_dropuot: 2026-11-30T23:59:00+01:00\n  9: 2026-11-30T23:59:00+01:00\n"
    )
    found = faults(tmp_path, text, lambda path: read_late_policy(path, COURSE))
    assert found[1:] == [
        (4, "`due` names '03_dropuot', which is not an exercise of this course. Did you mean \"03_dropout\"?"),
        (5, "`due` names '9', which is not an exercise of this course. It has 02_pooling, 03_dropout."),
    ]
    assert found[0][0] == 1
