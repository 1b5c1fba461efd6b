"""After a fault of the grader, no report, page, table or terminal line states a score."""

import json
import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from tests.batch.test_batch import batch, gradebook, table
from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = ROOT / "tests" / "samples" / "toy_submissions" / "right" / "double.py"
WOULD_HAVE = "5.75"  # the points if the crash counted as passed: 3.25 + 2.5

RUBRIC = """\
exercise: 02_triple
title: Tripling
module: triple
functions: {triple: [y]}
criteria:
  - {id: triples, title: Triples, function: triple, points: 3.25, checks: [test_triple],
     hints: {question: What?, probe: Probe., name: name}}
  - {id: breaks, title: Breaks, function: triple, points: 2.5, checks: [test_breaks],
     hints: {question: What?, probe: Probe., name: name}}
  - {id: fails, title: Fails, function: triple, points: 1, checks: [test_fails],
     hints: {question: What?, probe: Probe., name: name}}
"""
CHECKS = '''\
from grader.checks import assert_close


def test_triple(submission):
    """Triples a number."""
    assert_close(submission.triple(2.0), 6.0)


def test_breaks(reference):
    """Breaks by itself."""
    raise ZeroDivisionError("ours")


def test_fails(submission):
    """Fails."""
    assert_close(submission.triple(2.0), 7.0)
'''
TRIPLE = "def triple(x):\n    return 3 * x\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The small course with a second exercise, in which one check crashes for every submission."""
    root = tmp_path_factory.mktemp("course") / "toy"
    shutil.copytree(TOY, root)
    (root / "rubrics" / "02_triple.yaml").write_text(RUBRIC)
    for folder, name, text in (
        ("exercises", "triple.py", "def triple(x):\n    raise NotImplementedError\n"),
        ("solutions", "triple.py", TRIPLE),
        ("solutions", "misconceptions.py", "MISCONCEPTIONS = ()\n"),
        ("tests/hidden", "test_triple.py", CHECKS),
    ):
        (root / folder / "02_triple").mkdir(exist_ok=True)
        (root / folder / "02_triple" / name).write_text(text)
    return root


@pytest.fixture(scope="module")
def results(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("batch")
    for learner in ("anna", "bob"):
        (folder / "hand_ins" / learner).mkdir(parents=True)
        shutil.copy(RIGHT, folder / "hand_ins" / learner / "double.py")
    (folder / "hand_ins" / "anna" / "triple.py").write_text(TRIPLE)
    said = batch(folder / "hand_ins", folder / "out", "--course", str(course), "--workers", "1", code=3)
    return folder / "out", said


def test_no_output_of_a_batch_states_the_score_without_the_fault(results):
    out, said = results
    for path in out.rglob("*"):
        if path.is_file() and path.name not in ("journal.db", "run.html"):
            assert WOULD_HAVE not in path.read_text(encoding="utf-8"), path
    assert WOULD_HAVE not in said
    assert "fault of the grader: anna 02_triple: ZeroDivisionError: ours" in said


def test_the_report_states_no_points(results):
    report = json.loads((results[0] / "reports" / "anna" / "02_triple.json").read_text())
    assert (report["score"]["earned"], report["score"]["earned_bonus"]) == (None, None)
    assert {criterion["earned"] for criterion in report["criteria"]} == {None}
    assert [check["verdict"] for one in report["criteria"] for check in one["checks"]] == [
        "passed", "grader_fault", "failed",
    ]  # fmt: skip


def test_the_page_states_no_points(results):
    page = (results[0] / "reports" / "anna" / "02_triple.html").read_text()
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "<title>Tripling: no score</title>" in page
    assert "points" not in body
    assert not re.search(r"\d of \d", body)


def test_the_tables_are_empty_and_say_why(results):
    out, _ = results
    row = gradebook(out)["anna"]
    cells = {name.partition(" ")[2]: cell for name, cell in row.items() if name.startswith("02_triple ")}
    assert cells.pop("possible") == "6.75"
    assert cells.pop("note") == "a fault of the grader: grade again"
    assert set(cells.values()) == {""}
    canvas = next(one for one in table(out / "canvas.csv") if one["Student"] == "anna")
    assert canvas["Exercise 2: Tripling"] == ""
    assert canvas["Exercise 1: Doubling"] == "5"
    for name in ("moodle.csv", "moodle/02_triple.csv"):
        moodle = next(one for one in table(out / name) if one["Identifier"] == "anna")
        assert (moodle["Grade"], moodle["Feedback comments"]) == ("", "")


def test_gradescope_and_junit_report_a_fault_of_the_grader(results):
    out, _ = results
    gradescope = json.loads((out / "gradescope" / "anna" / "02_triple" / "results.json").read_text())
    assert gradescope.keys() & {"score", "tests"} == set()
    assert "no score, because the grader broke" in gradescope["output"]
    suite = next(
        one for one in ElementTree.parse(out / "junit.xml").getroot() if one.get("name") == "anna 02_triple"
    )  # fmt: skip
    assert (suite.get("errors"), suite.get("failures")) == ("1", "1")


def test_the_page_of_the_class_counts_only_submissions_with_a_score(results):
    page = (results[0] / "index.html").read_text()
    assert "<li><strong>0</strong> graded</li>" in page
    assert "<strong>1 submission</strong> without a score, because the grader failed" in page
    assert re.search(r'<a href="reports/anna/02_triple.html"[^>]*>a fault of the grader: grade again</a>', page)


def test_grade_exercise_states_no_score_either(course, tmp_path, monkeypatch):
    (tmp_path / "triple.py").write_text(TRIPLE)
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path / "state"))
    words, data = "no score", '"earned": null'
    for options, expected in (
        ((), words),
        (("--verbose",), words),
        (("--format", "json"), data),
        (("--out", "report.txt"), words),
        (("--out", "report.json"), data),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "grader", "exercise", "2", "--course", str(course), *options],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        files = list(tmp_path.glob("report.*"))
        said = done.stdout + "".join(one.read_text() for one in files)
        for one in files:
            one.unlink()
        assert done.returncode == 3, done.stderr
        assert WOULD_HAVE not in said
        assert not re.search(r"\d / \d", said)
        assert expected in said
    assert not (tmp_path / "state" / "study.db").exists()
