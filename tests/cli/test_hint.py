"""`grade hint`: one rung at a time, from what the last grading left open."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.grading import ROOT

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
    assert first.startswith("dropout: consistent with a known misunderstanding\nSmallest probe: ")
    assert second.startswith("dropout: consistent with a known misunderstanding\nWhat it is about: ")
    for text in (first, second):
        assert "def " not in text
        assert "rng.random" not in text
    third = grade("hint", "3")[1]
    assert (
        third.startswith("dropout_moments: Predicts mean and variance of every unit\nSmallest probe: ")
        or "dropout_moments" in third
    )
    grade("exercise", "3", SAMPLE)
    assert grade("hint", "3")[1] != first  # grading again does not begin the ladder anew
    for _ in range(3):
        last = grade("hint", "3")[1]
    assert "These were all hints for what is open." in last


def test_nothing_is_open(grade):
    grade("exercise", "3", RIGHT)
    assert grade("hint", "3") == (0, "Nothing is open in exercise 3.\n")


def test_a_damaged_state_is_no_state(grade, tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "hints.json").write_text("[1,")
    assert grade("hint", "3")[0] == 2
    assert grade("exercise", "3", SAMPLE)[0] == 1
    assert set(json.loads((tmp_path / "state" / "hints.json").read_text())) == {"03_dropout"}


def test_a_state_that_cannot_be_written_costs_no_report(grade, tmp_path):
    (tmp_path / "state").write_text("a file")
    code, text = grade("exercise", "3", SAMPLE)
    assert code == 1
    assert "3.5 / 8 points" in text


def test_the_sample_is_named_in_json(grade, tmp_path):
    shutil.copy(SAMPLE, tmp_path / "dropout.py")
    grade("exercise", "3", tmp_path / "dropout.py", "--out", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert [(one["id"], one["function"]) for one in report["diagnoses"]][:1] == [("drop.rate-is-keep", "dropout")]
    named = {check["diagnosis"]["id"] for one in report["criteria"] for check in one["checks"] if check["diagnosis"]}
    assert "drop.rate-is-keep" in named
