"""States that the class page tells apart: identical hand-ins, zeros that could not run, missing, not recognised."""

import re

import pytest

from tests.batch import stand_in
from tests.batch.small_class import grade_class, without_workers

__all__ = ["without_workers"]
pytestmark = pytest.mark.usefixtures("without_workers")

CLASS = {
    "ada/dropout.py": "wrong", "ben/dropout.py": "wrong", "cy/dropout.py": "right", "dee/hw3.zip": "broken zip",
    "eve/dropout.py": "stub", "flo/dropout.py": "stub",
}  # fmt: skip
ROSTER = "id,group\nada,\nben,\ncy,red\ndee,\neve,red\nflo,\ngus,\n"


def cell_of(out, learner):
    page = (out / "index.html").read_text(encoding="utf-8").partition('id="learners"')[2]
    row = re.search(rf"<tr><th scope=\"row\"><bdi>{learner}</bdi>.*?</tr>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", row[0]).split()).removeprefix(f"{learner} ")


def test_each_state_has_its_own_words(tmp_path):
    grade_class(tmp_path, CLASS, ROSTER)
    out = tmp_path / "out"

    assert cell_of(out, "ada") == "5.75 same file as ben"
    assert cell_of(out, "cy") == "8"
    assert cell_of(out, "dee") == "not recognised: hw3.zip"
    assert cell_of(out, "eve") == "8"
    assert cell_of(out, "flo") == "not started"
    assert cell_of(out, "gus") == "missing"


def test_identical_hand_ins_are_listed_once_and_a_group_or_stubs_are_none(tmp_path):
    grade_class(tmp_path, CLASS, ROSTER)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")

    listed = re.search(r'id="identical".*?</details>', page, re.DOTALL)[0]
    assert re.findall(r"<li><bdi>(.*?)</bdi>", listed) == ["03_dropout: ada, ben"]
    assert "That is a reason to look, and never a verdict." in listed


def test_a_zero_that_could_not_run_differs_from_an_earned_zero(tmp_path, monkeypatch):
    report_of = stand_in.report_of

    def with_problem(task, points, bonus):
        report = report_of(task, points, bonus)
        if task.learner == "ada":
            problem = {"line": 2, "column": 0, "message": "importing dropout.py raised it", "source_line": "x = 1 / 0"}
            report["problems"] = [problem]
        return report

    monkeypatch.setattr(stand_in, "report_of", with_problem)
    grade_class(tmp_path, {"ada/dropout.py": "def dropout(x): 1", "ben/dropout.py": "def dropout(x): 2"}, roster="")

    assert cell_of(tmp_path / "out", "ada") == "0 could not run"
    assert cell_of(tmp_path / "out", "ben") == "0"
