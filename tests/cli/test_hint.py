"""`grade hint`: one rung at a time, from what the last grading left open."""

import errno
import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from grader.cli.attempts import keep_for_study
from grader.cli.entry import grade as root
from grader.cli.open_hints import open_items, remember
from grader.cli.user_state import StateError
from grader.report import Report
from tests.grading import COURSE, ROOT

SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
RIGHT = ROOT / "solutions" / "03_dropout" / "dropout.py"


@pytest.fixture
def grade(tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path / "state"))

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_ladder_is_climbed_rung_by_rung(grade):
    code, text = grade("hint", "3")
    assert code == 2
    assert "was not graded here yet. Begin with: grade exercise 3" in text
    code, text = grade("exercise", "3", SAMPLE)
    assert "Next: With rate 0.1, how many of 100 units should go silent?" in text
    first, second = grade("hint", "3")[1], grade("hint", "3")[1]
    assert first.startswith("dropout: consistent with a known misconception\nSmallest input to try: ")
    assert second.startswith("dropout: consistent with a known misconception\nThe likely mistake: ")
    for text in (first, second):
        assert "def " not in text
        assert "rng.random" not in text
    third = grade("hint", "3")[1]
    assert (
        third.startswith("dropout_moments: Predicts mean and variance of every unit\nSmallest input to try: ")
        or "dropout_moments" in third
    )
    grade("exercise", "3", SAMPLE)
    assert grade("hint", "3")[1] != first  # grading again does not start the ladder over
    for _ in range(4):
        last = grade("hint", "3")[1]
    assert "You have seen all the hints." in last


TWO_MISTAKES = """
import numpy as np


def dropout(x, rate, training, rng):
    if not 0 <= rate < 1:
        raise ValueError(rate)
    if not training:
        return x + 0.125, np.ones(x.shape)
    mask = (rng.random(x.shape) < rate) / (rate or 1)
    return x * mask, mask
"""


def test_hints_follow_the_report_and_cover_what_no_misconception_explains(grade, tmp_path):
    file = tmp_path / "dropout.py"
    file.write_text(TWO_MISTAKES)
    report = grade("exercise", "3", file)[1]
    hints = [grade("hint", "3")[1] for _ in range(5)]

    assert "With rate 0.1, how many of 100 units should go silent?" in report
    assert "FAIL     Leaves x unchanged at inference" in report  # and not "same reason"
    assert [hint.partition("\n")[0] for hint in hints] == [
        *["dropout: consistent with a known misconception"] * 2,
        *["dropout: Leaves x unchanged at inference"] * 3,
    ]


def test_a_stub_gets_the_question_first(grade):
    """The report of a stub asks nothing, so the first hint is the question."""
    assert "not started" in grade("exercise", "3", ROOT / "exercises" / "03_dropout" / "dropout.py")[1]
    told = [grade("hint", "3")[1].split("\n")[1].partition(":")[0] for _ in range(3)]
    assert told == ["Question", "Smallest input to try", "The missing idea"]


def test_nothing_is_open(grade):
    grade("exercise", "3", RIGHT)
    assert grade("hint", "3") == (0, "You lost no points in exercise 3, so there is no hint to show.\n")


SHAPES = {
    "a list": b"[1, 2]", "a number": b"7", "a text": b'"x"', "nothing": b"null", "a list of items": b'{"03_dropout": ["x"]}',
    "a number of items": b'{"03_dropout": 7}', "text rungs": b'{"03_dropout": {"criterion:shape": "1"}}',
    "rung -5": b'{"03_dropout": {"criterion:shape": -5}}',
    "rung true": b'{"03_dropout": {"criterion:shape": true}}', "another list": b'{"03_dropout": {"criterion:shape": [1]}}',
    "hints of another program": b'{"level 1": {"door": 3}}', "nested": b"[" * 100_000, "cut off": b"[1,",
    "not UTF-8": b'{"\xff": {}}', "large": b" " * 2**21 + b"{}", "a long number": b"1" * 10_000,
}  # fmt: skip


@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES)
def test_a_file_of_another_shape_is_left_alone_and_costs_no_report(content, tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path))
    (tmp_path / "hints.json").write_bytes(content)
    with pytest.raises(StateError):
        remember("03_dropout", ["criterion:shape"])  # the end of a report does this, and says why it fails
    result = CliRunner().invoke(root, ["hint", "3"])

    assert result.exit_code == 2
    assert result.output.startswith(f"Error: {tmp_path / 'hints.json'} is ")
    assert "It was not changed. Rename it, or set CNN_GRADER_STATE to another folder." in result.output
    assert (tmp_path / "hints.json").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["hints.json"]


@pytest.mark.parametrize("content", [b"", b"\0" * 500, b"{}"], ids=["empty", "zeros", "no exercise"])
def test_an_empty_or_damaged_file_is_replaced(content, tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path))
    (tmp_path / "hints.json").write_bytes(content)
    remember("03_dropout", ["criterion:shape"])
    assert open_items("03_dropout") == {"criterion:shape": 0}


def test_a_link_stays_a_link_and_one_that_leads_nowhere_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    link = tmp_path / "state" / "hints.json"
    link.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(StateError):
        remember("03_dropout", ["criterion:shape"])
    assert not (tmp_path / "elsewhere.json").exists()
    said = CliRunner().invoke(root, ["hint", "3"]).output
    assert said.startswith(f"Error: {link} is a link to {tmp_path / 'elsewhere.json'}, which does not exist.")

    (tmp_path / "elsewhere.json").touch()
    remember("03_dropout", ["criterion:shape"])
    assert link.is_symlink()
    assert json.loads((tmp_path / "elsewhere.json").read_text()) == {"03_dropout": {"criterion:shape": 0}}


def test_a_report_ends_as_ever_beside_a_file_of_another_shape(grade, tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "hints.json").write_text('{"03_dropout": ["x"]}')
    code, text = grade("exercise", "3", SAMPLE)
    assert code == 1
    assert " / 8 points" in text
    assert f"Note: The hints for this result were not saved. {tmp_path / 'state' / 'hints.json'} is JSON with" in text
    assert "flashcards, quiz and progress" not in text  # the record is another file


def test_a_state_that_cannot_be_written_costs_no_report_and_is_said(grade, tmp_path):
    (tmp_path / "state").write_text("a file")
    code, text = grade("exercise", "3", SAMPLE)
    assert code == 1
    assert " / 8 points" in text
    assert "Note: The hints for this result were not saved." in text
    assert "Note: This result was not saved for flashcards, quiz and progress." in text


def test_a_full_disk_is_said_when_the_report_is_complete(grade, tmp_path, monkeypatch, capsys):
    grade("exercise", "3", SAMPLE, "--out", tmp_path / "report.json")
    report = Report.model_validate_json((tmp_path / "report.json").read_text())

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path))
    monkeypatch.setattr("grader.writing._new_file_beside", full)
    monkeypatch.setattr("grader.study.graded_exercise.LearningRecord", full)
    keep_for_study(COURSE.find("dropout"), report)

    assert capsys.readouterr().err == (
        "Note: The hints for this result were not saved. No space left on device.\n"
        "Note: This result was not saved for flashcards, quiz and progress. No space left on device.\n"
    )


def test_the_sample_is_named_in_json(grade, tmp_path):
    shutil.copy(SAMPLE, tmp_path / "dropout.py")
    grade("exercise", "3", tmp_path / "dropout.py", "--out", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert [(one["id"], one["function"]) for one in report["diagnoses"]][:1] == [("drop.rate-is-keep", "dropout")]
    named = {check["diagnosis"]["id"] for one in report["criteria"] for check in one["checks"] if check["diagnosis"]}
    assert "drop.rate-is-keep" in named
