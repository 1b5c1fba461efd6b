"""`grade regrade`: single submissions again, with the course as it is now, and nothing else."""

import json
import shutil
import sqlite3

import pytest

from grader.batch import ClassSettings, run_class
from grader.batch import regrading as regrading_module
from grader.batch.task import Finished
from grader.report.json import content_hash
from grader.report.report import Report
from tests.batch.small_class import (
    FILES,
    grade_class,
    grade_says,
    gradebook_of,
    json_report,
    report_page,
    texts_in,
    without_workers,
)
from tests.batch.stand_in import ROOT, StandIn, report_of

__all__ = ["without_workers"]
HALF = (ROOT / "solutions" / "03_dropout" / "dropout.py").read_text(encoding="utf-8")


class Later(StandIn):
    """Workers after the course was changed: everybody now has the points for `drops-at-rate`, if it is not a fault."""

    fault = False

    def run(self, tasks):
        for task in tasks:
            report = report_of(task, 7, 0)
            report["criteria"][0]["earned"] = 1.25
            report["criteria"][1]["earned"] = 0
            report["score"]["earned"] = 6
            report["course"]["hash"] = "c" * 64
            yield [Finished(task, "" if self.fault else json.dumps(report), failure="it broke" if self.fault else "")]


@pytest.fixture
def changed_course(without_workers, monkeypatch):
    """Let the graded reports be of an older course."""
    monkeypatch.setattr(regrading_module, "WorkerPool", Later)


def test_a_real_submission_is_graded_again_from_the_files_that_the_results_keep(tmp_path, capsys):
    (tmp_path / "input" / "ada").mkdir(parents=True)
    (tmp_path / "input" / "bob").mkdir()
    (tmp_path / "input" / "ada" / "dropout.py").write_text(HALF, encoding="utf-8")
    (tmp_path / "input" / "bob" / "dropout.py").write_text(HALF.replace("1 - rate", "rate"), encoding="utf-8")
    out = tmp_path / "out"
    run_class(ClassSettings(tmp_path / "input", out, ROOT, seed=5, workers=1), lambda progress: None)
    bob = (out / "reports" / "bob" / "03_dropout.json").read_bytes()
    with sqlite3.connect(out / "journal.db") as database:
        database.execute(
            "UPDATE graded SET report = replace(report, '\"earned\": 8', '\"earned\": 1') WHERE learner = 'ada'"
        )
        database.execute("UPDATE graded SET course_hash = ? WHERE learner = 'ada'", ("0" * 64,))
        database.execute("UPDATE entry SET course_hash = ? WHERE learner = 'ada'", ("0" * 64,))
    shutil.rmtree(tmp_path / "input")

    said = grade_says(capsys, "regrade", out, "--learner", "ada", "--workers", 1)
    assert "ada 03_dropout: 1 to 8" in said
    assert "1 submission graded again, 1 score changed." in said
    assert json_report(out, "ada")["course"]["seed"] == 5
    assert json_report(out, "ada")["score"]["earned"] == 8
    assert (out / "reports" / "bob" / "03_dropout.json").read_bytes() == bob


@pytest.mark.usefixtures("changed_course")
def test_only_the_learners_who_are_named_are_graded_again(tmp_path, capsys):
    grade_class(tmp_path, {**FILES, "cy/dropout.py": "wrong"})
    said = grade_says(capsys, "regrade", tmp_path / "out", "--learner", "Ada Ash", "--exercise", 3)

    assert "ada 03_dropout: 5.75 to 6\n    drops-at-rate: 0 to 1.25\n    scales-survivors: 1 to 0\n" in said
    rows = gradebook_of(tmp_path / "out")
    assert [rows[one]["03_dropout final"] for one in ("ada", "ben", "cy")] == ["6", "8", "5.75"]


@pytest.mark.usefixtures("changed_course")
def test_only_the_criterion_that_is_named_changes(tmp_path, capsys):
    grade_class(tmp_path)
    grade_says(capsys, "regrade", tmp_path / "out", "--exercise", 3, "--learner", "ada", "--criterion", "drops-at-rate")

    report = json_report(tmp_path / "out", "ada")
    assert [one["earned"] for one in report["criteria"][:2]] == [1.25, 1]
    assert report["score"]["earned"] == 7
    assert "Only the criterion drops-at-rate was graded again, with course cccccccccccccccc" in report["remarks"][-1]
    assert content_hash(Report.model_validate(report)) == report["sha256"]
    assert "Only the criterion drops-at-rate" in report_page(tmp_path / "out", "ada")


@pytest.mark.usefixtures("changed_course")
def test_a_second_regrade_with_the_same_course_adds_no_remark(tmp_path, capsys):
    grade_class(tmp_path)
    regrade = ("regrade", tmp_path / "out", "--exercise", 3, "--criterion", "drops-at-rate")
    grade_says(capsys, *regrade)
    remarks = json_report(tmp_path / "out", "ada")["remarks"]
    grade_says(capsys, *regrade)

    assert json_report(tmp_path / "out", "ada")["remarks"] == remarks


@pytest.mark.usefixtures("changed_course")
def test_a_grade_after_a_fault_of_the_grader_had_no_score_before(tmp_path, capsys):
    grade_class(tmp_path)
    break_report(tmp_path / "out", "ada")
    said = grade_says(capsys, "regrade", tmp_path / "out", "--learner", "ada")

    assert "ada 03_dropout: no score to 6\n    drops-at-rate: no score to 1.25\n" in said


def break_report(out, learner):
    """Let the grader have failed on a report, so that it has no score."""
    with sqlite3.connect(out / "journal.db") as database:
        query = "SELECT report FROM graded WHERE learner = ?"
        report = json.loads(database.execute(query, (learner,)).fetchone()[0])
        report["score"] |= {"earned": None, "earned_bonus": None}
        report["criteria"] = [{**one, "earned": None} for one in report["criteria"]]
        report["grader_faults"] = [{"check": "test_mask", "message": "it broke"}]
        change = "UPDATE graded SET report = ?, faults = 1 WHERE learner = ?"
        database.execute(change, (json.dumps(report), learner))


@pytest.mark.usefixtures("changed_course")
def test_compare_reports_what_a_regrade_changed(tmp_path, capsys):
    grade_class(tmp_path)
    with sqlite3.connect(tmp_path / "out" / "journal.db") as database:
        database.execute("UPDATE graded SET course_hash = ?", ("0" * 64,))
        database.execute("UPDATE entry SET course_hash = ?", ("0" * 64,))
    grade_says(capsys, "regrade", tmp_path / "out", "--learner", "ada")

    said = grade_says(capsys, "compare", tmp_path / "out", tmp_path / "out")
    assert "ada 03_dropout: 5.75 to 6" in said
    assert "the course changed" in said
    assert "1 score changed." in said


@pytest.mark.usefixtures("changed_course")
def test_decisions_of_people_stay_on_top_of_a_regrade(tmp_path, capsys):
    grade_class(tmp_path)
    grade_says(capsys, "override", tmp_path / "out", "ada", 3, "--points", "7.5")
    grade_says(capsys, "regrade", tmp_path / "out", "--learner", "ada")

    row = gradebook_of(tmp_path / "out")["ada"]
    assert (row["03_dropout raw"], row["03_dropout final"]) == ("6", "7.5")


@pytest.mark.usefixtures("changed_course")
def test_a_fault_of_the_grader_leaves_the_earlier_grade(tmp_path, capsys, monkeypatch):
    grade_class(tmp_path)
    before = texts_in(tmp_path / "out")
    monkeypatch.setattr(Later, "fault", True)

    said = grade_says(capsys, "regrade", tmp_path / "out", "--learner", "ada", code=3)
    assert "fault of the grader: ada 03_dropout: it broke. The earlier grade stays." in said
    assert texts_in(tmp_path / "out") == before


@pytest.mark.usefixtures("changed_course")
def test_a_regrade_that_is_stopped_changes_nothing(tmp_path, capsys, monkeypatch):
    grade_class(tmp_path)
    before = texts_in(tmp_path / "out")

    def stopped(self, tasks):
        next(iter(tasks))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Later, "run", stopped)
        grade_says(capsys, "regrade", tmp_path / "out", "--learner", "ada", code=130)
    grade_says(capsys, "override", tmp_path / "out", "ben", 3, "--points", "8", "--by", "")
    grade_says(capsys, "override", tmp_path / "out", "ben", 3, "--remove")
    (tmp_path / "out" / "overrides.csv").unlink()
    assert texts_in(tmp_path / "out") == before


@pytest.mark.usefixtures("changed_course")
def test_the_members_of_a_group_are_graded_again_together(tmp_path, capsys):
    roster = "id,name,group\nada,Ada,red\nben,Ben,red\n"
    grade_class(tmp_path, {"ada/dropout.py": "wrong", "ben/notes.txt": "text"}, roster)
    said = grade_says(capsys, "regrade", tmp_path / "out", "--learner", "ben")

    assert "1 submission graded again" in said
    rows = gradebook_of(tmp_path / "out")
    assert [rows[one]["03_dropout final"] for one in ("ada", "ben")] == ["6", "6"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Give --learner or --exercise."),
        (("--learner", "ada", "--criterion", "mask"), "--criterion needs --exercise."),
        (("--learner", "zoe"), 'has no learner "zoe".'),
        (("--exercise", "3", "--criterion", "maks"), "03_dropout has no criterion 'maks'. Did you mean \"mask\"?"),
        (("ada", "3"), "extra arguments (ada 3). For example: grade regrade results --learner ada --exercise 3"),
        (("--learner", "cy"), "None of these submissions has a report"),
    ],
)
@pytest.mark.usefixtures("changed_course")
def test_what_cannot_be_graded_again_is_refused(options, said, tmp_path, capsys):
    grade_class(tmp_path)

    assert said in grade_says(capsys, "regrade", tmp_path / "out", *options, code=2)
