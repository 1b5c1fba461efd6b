"""Decisions of people in `overrides.csv`: applied on top of every grading, shown everywhere, never lost."""

import csv
import dataclasses
import fcntl
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager

import pytest

from grader.batch import overrides as overrides_module
from grader.batch import run_class
from grader.batch.opened_results import opened_results
from grader.batch.overrides import read_overrides
from grader.batch.roster import Roster
from grader.batch.run import LOCK
from grader.report.exports import Standing
from grader.report.exports.formats.gradescope_results import to_gradescope
from grader.submission.intake import FaultyFileError
from grader.writing import unfinished
from tests.batch.small_class import (
    grade_class,
    grade_says,
    gradebook_of,
    json_report,
    report_page,
    texts_in,
    without_workers,
)
from tests.batch.stand_in import COURSE, ROOT, wrong_report
from tests.batch.test_scenarios import SCENARIOS, settings_of

pytestmark = pytest.mark.usefixtures("without_workers")
__all__ = ["without_workers"]

HEADER = "learner,exercise,criterion,points,comment,by\n"
DUE = "due: {3: 2026-11-20T10:00:00Z}\nper_day: 10%\ntrust_file_times: true\n"  # the files are four days later


def decisions(tmp_path, *lines):
    """Write decisions into the results folder, before or after it has results."""
    (tmp_path / "out").mkdir(exist_ok=True)
    path = tmp_path / "out" / "overrides.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def moodle_comments(out):
    with (out / "moodle.csv").open(encoding="utf-8", newline="") as file:
        return {row["Identifier"]: row["Feedback comments"] for row in csv.DictReader(file)}


def canvas_scores(out):
    with (out / "canvas.csv").open(encoding="utf-8", newline="") as file:
        return {row["Student"]: row["Exercise 3: Dropout"] for row in csv.DictReader(file)}


def test_points_for_a_criterion_count_in_every_table_and_page(tmp_path):
    decisions(tmp_path, "ada,3,drops-at-rate,1.25,The check was too strict.,Tom")
    grade_class(tmp_path)
    out = tmp_path / "out"
    sentence = (
        "Drops each unit with probability rate: 1.25 of 1.25 points, instead of 0. The check was too strict. (Tom)"
    )

    row = gradebook_of(out)["ada"]
    assert (row["03_dropout raw"], row["03_dropout final"]) == ("7", "7")
    assert row["03_dropout drops-at-rate"] == "1.25"
    assert row["03_dropout note"] == sentence
    assert canvas_scores(out)["Ada Ash"] == "7"
    assert sentence in moodle_comments(out)["ada"]
    assert "Not yet: Drops each unit" not in moodle_comments(out)["ada"]
    page = report_page(out, "ada")
    assert sentence in page
    assert "<strong>7</strong>" in page
    results = json.loads((out / "gradescope" / "ada" / "03_dropout" / "results.json").read_text(encoding="utf-8"))
    assert (results["score"], results["tests"][0]["score"]) == (7, 1.25)
    assert sentence in results["output"]
    assert "set by hand" in (out / "index.html").read_text(encoding="utf-8")


def test_the_json_of_a_report_stays_what_the_grader_found(tmp_path):
    grade_class(tmp_path)
    before = json_report(tmp_path / "out", "ada")
    decisions(tmp_path, "ada,3,total,8,,")
    grade_class(tmp_path)

    assert json_report(tmp_path / "out", "ada") == before


def test_lateness_is_deducted_from_points_for_a_criterion(tmp_path):
    decisions(tmp_path, "ada,dropout,drops-at-rate,1.25,,")
    grade_class(tmp_path, late=DUE)

    row = gradebook_of(tmp_path / "out")["ada"]
    assert (row["03_dropout raw"], row["03_dropout late days"], row["03_dropout final"]) == ("7", "4", "3.8")


def test_points_for_a_whole_exercise_are_final(tmp_path):
    decisions(tmp_path, "ada,3,,7.5,Oral exam,Tom")
    grade_class(tmp_path, late=DUE)
    out = tmp_path / "out"

    row = gradebook_of(out)["ada"]
    assert (row["03_dropout raw"], row["03_dropout final"]) == ("5.75", "7.5")
    assert "7.5 of 8 points count, instead of 2.55. Oral exam (Tom)" in report_page(out, "ada")
    assert "late" not in moodle_comments(out)["ada"]


def test_an_excused_learner_has_no_score_and_counts_nowhere(tmp_path):
    decisions(tmp_path, "ada,3,,excused,Ill,Tom", "cy,3,total,Excused,,")
    summary = grade_class(tmp_path)
    out = tmp_path / "out"

    rows = gradebook_of(out)
    assert [rows[one]["03_dropout final"] for one in ("ada", "ben", "cy")] == ["", "8", ""]
    assert rows["ada"]["03_dropout note"] == "Excused. Ill (Tom)"
    assert canvas_scores(out)["Ada Ash"] == "EX"
    assert canvas_scores(out)["Cy Cole"] == "EX"
    assert summary.missing == 0
    assert "<strong>1</strong> graded" in (out / "index.html").read_text(encoding="utf-8")


def test_somebody_who_handed_nothing_in_can_have_points(tmp_path):
    decisions(tmp_path, "cy,3,,6,Shown in the exercise class,")
    summary = grade_class(tmp_path)

    assert gradebook_of(tmp_path / "out")["cy"]["03_dropout final"] == "6"
    assert (summary.missing, summary.is_complete) == (0, True)


def test_one_member_of_a_group_can_have_another_mark(tmp_path):
    roster = "id,name,group\nada,Ada,red\nben,Ben,red\n"
    decisions(tmp_path, "ben,3,,4,Did half of it,")
    grade_class(tmp_path, {"ada/dropout.py": "right", "ben/notes.txt": "text"}, roster)

    rows = gradebook_of(tmp_path / "out")
    assert [rows[one]["03_dropout final"] for one in ("ada", "ben")] == ["8", "4"]
    assert "Did half of it" in report_page(tmp_path / "out", "ben")
    assert "Did half of it" not in report_page(tmp_path / "out", "ada")


def test_a_name_and_an_email_of_the_roster_name_a_learner(tmp_path):
    decisions(tmp_path, "Ada Ash,3,,1,,", "ben@x.org,3,,2,,")
    grade_class(tmp_path)

    rows = gradebook_of(tmp_path / "out")
    assert [rows[one]["03_dropout final"] for one in ("ada", "ben")] == ["1", "2"]


def test_every_fault_is_named_with_its_line_and_nothing_is_written(tmp_path):
    grade_class(tmp_path)
    before = texts_in(tmp_path / "out")
    lines = [
        "ada,3,drops-at-rates,1,,", "ada,33,,1,,", "ada,3,mask,0.75,,", "ada,3,,9,,", "ada,3,,some,,", ",3,,1,,",
        "ada,3,,1,,", "ada,dropout,total,2,,", "ada,3,mask,excused,,", "ada,3,,nan,,", "ada,3,,-1,,",
    ]  # fmt: skip
    path = decisions(tmp_path, *lines)
    written = path.read_bytes()

    with pytest.raises(FaultyFileError) as caught:
        grade_class(tmp_path)
    assert [(fault.line, fault.message) for fault in caught.value.faults] == [
        (2, "03_dropout has no criterion 'drops-at-rates'. Did you mean \"drops-at-rate\"?"),
        (3, caught.value.faults[1].message),
        (4, "0.75 points are not possible; expected 0 to 0.5 for criterion mask"),
        (5, "9 points are not possible; expected 0 to 8 for this exercise, with all bonus points"),
        (6, "points is 'some', expected a number or `excused`"),
        (7, "names no learner"),
        (9, "decides the same as line 8; remove one of them"),
        (10, "excuses from the criterion mask; only a whole exercise can be excused"),
        (11, "nan points are not possible; expected 0 to 8 for this exercise, with all bonus points"),
        (12, "-1 points are not possible; expected 0 to 8 for this exercise, with all bonus points"),
    ]
    assert 'no exercise "33"' in caught.value.faults[1].message
    assert texts_in(tmp_path / "out") == {**before, "overrides.csv": written}


def test_a_decision_that_applies_to_nothing_is_told_with_its_line(tmp_path):
    decisions(tmp_path, "zoe,3,,1,,", "cy,3,mask,0.5,,", "ada,3,,2,,")
    summary = grade_class(tmp_path)

    assert summary.unapplied == (
        "line 2 (zoe 03_dropout): the learner has no submission and is not in the roster",
        "line 3 (cy 03_dropout): there is no report, so only the whole exercise can be decided",
    )
    assert not summary.is_complete
    assert gradebook_of(tmp_path / "out")["ada"]["03_dropout final"] == "2"


def test_a_file_that_is_given_is_added_to_the_decisions_in_the_results(tmp_path):
    path = decisions(tmp_path, "ada,3,,1,first,", "ben,3,,2,,")
    given = tmp_path / "more.csv"
    given.write_text("exercise,learner,points\n3,ada,4\n3,cy,5\n", encoding="utf-8")
    grade_class(tmp_path, overrides=given)
    grade_class(tmp_path)

    rows = gradebook_of(tmp_path / "out")
    assert [rows[one]["03_dropout final"] for one in ("ada", "ben", "cy")] == ["4", "2", "5"]
    assert path.read_text(encoding="utf-8") == HEADER + "ada,03_dropout,,4,,\nben,3,,2,,\ncy,03_dropout,,5,,\n"


def test_a_file_that_is_given_and_missing_is_an_error(tmp_path):
    with pytest.raises(FaultyFileError, match="does not exist"):
        grade_class(tmp_path, overrides=tmp_path / "none.csv")


def test_the_command_writes_the_line_and_the_results(tmp_path, capsys):
    grade_class(tmp_path)
    out = tmp_path / "out"
    said = grade_says(
        capsys, "override", out, "ada", 3, "--criterion", "drops-at-rate", "--points", "1.25", "--comment",
        "The check was too strict.", "--by", "Tom",
    )  # fmt: skip

    assert "ada 03_dropout: 7 of 8 points count now." in said
    text = (out / "overrides.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == [HEADER.strip(), "ada,03_dropout,drops-at-rate,1.25,The check was too strict.,Tom"]
    assert gradebook_of(out)["ada"]["03_dropout final"] == "7"
    before = texts_in(out)
    grade_class(tmp_path)
    grade_class(tmp_path, force=True)
    assert texts_in(out) == before


def test_the_command_replaces_and_removes_a_decision_and_keeps_everything_else(tmp_path, capsys):
    grade_class(tmp_path)
    out = tmp_path / "out"
    path = out / "overrides.csv"
    path.write_bytes(b"by;learner;ticket;exercise;points;criterion;comment\r\nTom;ben;#7;3;2,5;;\r\n;;;;;;\r\n")
    grade_says(capsys, "override", out, "ada", 3, "--points", "6.5", "--by", "Eve")
    assert path.read_bytes() == (
        b"by;learner;ticket;exercise;points;criterion;comment\r\nTom;ben;#7;3;2,5;;\r\n;;;;;;\r\n"
        b"Eve;ada;;03_dropout;6,5;;\r\n"
    )
    grade_says(capsys, "override", out, "ben", 3, "--excused", "--comment", "-1 for style", "--by", "")
    assert b";ben;#7;03_dropout;excused;;'-1 for style\r\n" in path.read_bytes()
    assert "Excused. -1 for style" in gradebook_of(out)["ben"]["03_dropout note"]
    grade_says(capsys, "override", out, "ben", 3, "--remove")
    assert gradebook_of(out)["ben"]["03_dropout final"] == "8"
    assert b"ben" not in path.read_bytes()


def test_a_decision_about_a_criterion_can_be_taken_back(tmp_path, capsys):
    grade_class(tmp_path)
    out = tmp_path / "out"
    grade_says(capsys, "override", out, "ada", 3, "--points", "6")
    before = texts_in(out)
    grade_says(capsys, "override", out, "ada", 3, "--criterion", "mask", "--points", "0")
    grade_says(capsys, "override", out, "ada", 3, "--criterion", "mask", "--remove")

    assert texts_in(out) == before


def test_a_name_in_another_unicode_form_is_the_same_name(tmp_path, capsys):
    grade_class(tmp_path, {"jose\u0301/dropout.py": "wrong"}, roster="")
    path = tmp_path / "out" / "overrides.csv"
    path.write_text("learner,exercise,points\njose\u0301,3,7\n", encoding="utf-8")
    grade_class(tmp_path, {}, roster="")

    assert gradebook_of(tmp_path / "out")["jos\u00e9"]["03_dropout final"] == "7"


def test_the_first_line_of_a_spreadsheet_that_says_the_delimiter_stays(tmp_path, capsys):
    grade_class(tmp_path)
    path = tmp_path / "out" / "overrides.csv"
    path.write_bytes(b"sep=;\r\nlearner;exercise;points;comment\r\nada;3;7,5;oral, short\r\n")
    grade_says(capsys, "override", tmp_path / "out", "ben", 3, "--points", "6.5", "--by", "Tom")

    first, *rest = path.read_bytes().decode().split("\r\n")
    assert first == "sep=;"
    assert rest[1].startswith("ada;3;7,5;oral, short")
    assert rest[2].startswith("ben;03_dropout;6,5;")
    assert gradebook_of(tmp_path / "out")["ada"]["03_dropout final"] == "7.5"


def test_without_a_results_folder_the_current_one_is_meant(tmp_path, capsys, monkeypatch):
    grade_class(tmp_path)
    monkeypatch.chdir(tmp_path / "out")
    grade_says(capsys, "override", "ada", 3, "--points", "1")
    monkeypatch.chdir(tmp_path)

    assert gradebook_of(tmp_path / "out")["ada"]["03_dropout final"] == "1"
    assert "contains no journal.db; expected a results folder" in grade_says(
        capsys, "override", "ada", 3, "--points", "1", code=2
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("aba", "3", "--points", "1"), 'has no learner "aba". Did you mean "ada"?'),
        (("ada", "33", "--points", "1"), 'There is no exercise "33".'),
        (("ada", "3", "--points", "9"), "9 points are not possible; expected 0 to 8"),
        (("ada", "3", "--criterion", "maks", "--points", "0"), "03_dropout has no criterion 'maks'. Did you mean \"mask\"?"),
        (("ada", "3", "--criterion", "mask", "--points", "1"), "1 points are not possible; expected 0 to 0.5 for criterion"),
        (("ada", "3", "--criterion", "mask", "--excused"), "Only a whole exercise can be excused"),
        (("cy", "3", "--criterion", "mask", "--points", "0"), "cy has no submission for 03_dropout"),
        (("ada", "3", "--remove"), "has no decision about the whole exercise for ada in 03_dropout"),
    ],
)  # fmt: skip
def test_a_decision_that_cannot_be_meant_is_refused_and_nothing_changes(arguments, said, tmp_path, capsys):
    grade_class(tmp_path)
    before = texts_in(tmp_path / "out")

    assert said in grade_says(capsys, "override", tmp_path / "out", *arguments, code=2)
    assert texts_in(tmp_path / "out") == before


@pytest.mark.parametrize("options", [(), ("--points", "1", "--excused"), ("--excused", "--remove")])
def test_exactly_one_decision_is_expected(options, tmp_path, capsys):
    assert "Give one of --points, --excused and --remove." in grade_says(
        capsys, "override", tmp_path, "ada", 3, *options, code=2
    )


@contextmanager
def read_only_copy(folder, target):
    """Copy a folder to a place where nobody can write, not even root."""
    if os.getuid():
        shutil.copytree(folder, target)
        target.chmod(0o555)
        yield
        target.chmod(0o755)
        return
    target.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(target)], check=True)
    try:
        shutil.copytree(folder, target, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(target)], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(target)], check=True)


def test_results_in_a_folder_that_cannot_be_written_are_read_and_not_changed(tmp_path, capsys):
    grade_class(tmp_path)
    out = tmp_path / "read-only"
    with read_only_copy(tmp_path / "out", out):
        said = grade_says(capsys, "override", out, "ada", 3, "--points", "1", code=2)
        with opened_results(out, read_only=True) as opened:
            assert opened.learner("Ada Ash") == "ada"

    assert re.search("cannot be used for results: .*[.] Nothing was changed[.]", said)


def test_a_fault_in_another_line_is_told_before_anything_is_written(tmp_path, capsys):
    grade_class(tmp_path)
    path = decisions(tmp_path, "ben,3,,many,,")
    before = texts_in(tmp_path / "out")

    said = grade_says(capsys, "override", tmp_path / "out", "ada", 3, "--points", "1", code=2)
    assert "overrides.csv:2: points is 'many', expected a number or `excused`" in said
    assert texts_in(tmp_path / "out") == before
    assert path.exists()


def test_while_another_run_uses_the_folder_the_decision_is_refused(tmp_path, capsys):
    grade_class(tmp_path)
    with (tmp_path / "out" / LOCK).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = grade_says(capsys, "override", tmp_path / "out", "ada", 3, "--points", "1", code=2)

    assert "is in use by another run" in said
    assert not (tmp_path / "out" / "overrides.csv").exists()


def test_a_command_that_is_killed_leaves_the_old_decisions_or_the_new_ones(tmp_path, capsys, monkeypatch):
    grade_class(tmp_path)
    path = decisions(tmp_path, "ben,3,,2,,")
    before = path.read_bytes()

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        grade_says(capsys, "override", tmp_path / "out", "ada", 3, "--points", "1", code=130)
    assert path.read_bytes() == before
    assert not unfinished(path)


def test_a_learner_whose_id_looks_like_a_formula_is_found_again(tmp_path, capsys):
    grade_class(tmp_path, {"=cmd/dropout.py": "wrong"}, roster="")
    grade_says(capsys, "override", tmp_path / "out", "=cmd", 3, "--points", "2")

    assert "'=cmd,03_dropout" in (tmp_path / "out" / "overrides.csv").read_text(encoding="utf-8")
    assert gradebook_of(tmp_path / "out")["'=cmd"]["03_dropout final"] == "2"


def test_decisions_about_exercises_that_are_not_graded_wait(tmp_path):
    decisions(tmp_path, "ada,2,,3,,")
    summary = grade_class(tmp_path, exercises="3")

    assert summary.is_complete
    assert "02_pooling final" not in gradebook_of(tmp_path / "out")["ada"]
    grade_class(tmp_path)
    assert gradebook_of(tmp_path / "out")["ada"]["02_pooling final"] == "3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("learner,points\nada,1\n", "has no column `exercise`; it has learner, points"),
        ("learner,exercise,points\nada,3,1,oh, dear\n", "put quotes around a value with a comma"),
        ("", "is empty"),
    ],
)
def test_a_file_without_the_columns_is_refused(text, said, tmp_path):
    path = tmp_path / "overrides.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FaultyFileError, match=said):
        read_overrides(path, COURSE, Roster())


def test_the_columns_are_those_in_the_header_of_a_new_file():
    assert ",".join(overrides_module.COLUMNS) == HEADER.strip()


def test_results_of_an_older_version_are_graded_again_first(tmp_path, capsys):
    grade_class(tmp_path)
    with sqlite3.connect(tmp_path / "out" / "journal.db") as database:
        database.execute("ALTER TABLE run DROP COLUMN request")
        database.executescript("DROP TABLE source; DROP TABLE secret; PRAGMA user_version = 4")
    said = grade_says(capsys, "override", tmp_path / "out", "ada", 3, "--points", "1", code=2)

    assert "was written by an older version. Run `grade batch` into that folder again." in said
    grade_class(tmp_path)
    grade_says(capsys, "override", tmp_path / "out", "ada", 3, "--points", "1")
    assert gradebook_of(tmp_path / "out")["ada"]["03_dropout final"] == "1"


def test_decisions_survive_kill_9_at_any_moment(tmp_path):
    """Whatever the moment, the file has whole lines, and the same command completes what was stopped."""
    grade_class(tmp_path)
    out = tmp_path / "out"
    for number, delay in enumerate((0.3, 0.6, 0.9, 1.2)):
        before = (out / "overrides.csv").read_bytes() if number else b""
        command = [sys.executable, "-m", "grader", "override", out, "ada", "3", "--points", str(number), "--by", ""]
        running = subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            running.wait(delay)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        path = out / "overrides.csv"
        after = path.read_bytes() if path.exists() else b""
        assert after in (before, f"\ufeff{HEADER.strip()}\r\nada,03_dropout,,{number},,\r\n".encode())
        subprocess.run(list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        assert gradebook_of(out)["ada"]["03_dropout final"] == str(number)


def test_a_gradebook_of_canvas_gets_decisions_and_loses_them_again(tmp_path, capsys):
    """`EX` is ours as much as points are, so a later run may replace it."""
    _, settings = settings_of(SCENARIOS / "canvas-lab-column", tmp_path)
    run_class(settings, lambda progress: None)
    before = (settings.out / "canvas.csv").read_bytes()
    first, second, *_ = [row["learner"] for row in gradebook_of(settings.out).values() if row["03_dropout final"]]
    grade_says(capsys, "override", settings.out, first, 3, "--excused")
    grade_says(capsys, "override", settings.out, second, 3, "--points", "2.5")
    decided = (settings.out / "canvas.csv").read_text(encoding="utf-8-sig")
    with_decisions = dataclasses.replace(settings, roster=settings.out / "canvas.csv")

    column = "Lab 3: Dropout (48213)"
    scores = {row["ID"]: row[column] for row in csv.DictReader(decided.splitlines())}
    assert (scores[first], scores[second]) == ("EX", "2.5")
    given = tmp_path / "given.csv"
    given.write_text(decided, encoding="utf-8")
    summary = run_class(dataclasses.replace(with_decisions, roster=given), lambda progress: None)
    assert (summary.kept, (settings.out / "canvas.csv").read_text(encoding="utf-8-sig")) == ((), decided)
    (settings.out / "overrides.csv").unlink()
    summary = run_class(dataclasses.replace(with_decisions, roster=given), lambda progress: None)
    again = {row["ID"]: row[column] for row in csv.DictReader((settings.out / "canvas.csv").read_text().splitlines())}
    original = {row["ID"]: row[column] for row in csv.DictReader(before.decode("utf-8-sig").splitlines())}
    assert (summary.kept, again) == ((), original)


def test_a_person_can_decide_a_score_after_a_fault_of_the_grader():
    report = {**wrong_report(), "grader_faults": [{"check": None, "message": "it broke"}]}

    results = json.loads(to_gradescope(report, Standing(5, decisions=("5 of 8 points count. Oral exam",))))
    assert results["score"] == 5
    assert "tests" not in results
    assert "5 of 8 points count. Oral exam" in results["output"]
