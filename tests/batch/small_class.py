"""A small class that is graded by a stand-in for the workers, and what its results say."""

import csv
import json

import pytest

from grader.batch import ClassSettings, class_run, given_files, run_class
from grader.cli.entry import run
from tests.batch.stand_in import COURSE, ROOT, StandIn, built

ROSTER = "id,name,email,section\nada,Ada Ash,ada@x.org,A\nben,Ben Birk,ben@x.org,A\ncy,Cy Cole,,B\n"
FILES = {"ada/dropout.py": "wrong", "ben/dropout.py": "right"}


@pytest.fixture
def without_workers(monkeypatch):
    monkeypatch.setattr(class_run, "WorkerPool", StandIn)
    monkeypatch.setattr(given_files, "load_course", lambda root: COURSE)


def grade_class(tmp_path, files=FILES, roster=ROSTER, late="", **more):
    """Grade a class, and return its summary. The results are in the folder `out`."""
    given = {}
    for field, name, text in (("roster", "roster.csv", roster), ("late_policy", "late.yaml", late)):
        if text:
            (tmp_path / name).write_text(text, encoding="utf-8")
            given[field] = tmp_path / name
    source = built(files, tmp_path / "input", as_zip=False)
    settings = ClassSettings(source, tmp_path / "out", ROOT, **{"seed": 3, **given, **more})
    return run_class(settings, lambda progress: None)


def grade_says(capsys, *arguments, code=0):
    """Run `grade` with these arguments, and return what it prints."""
    capsys.readouterr()
    got = run([str(one) for one in arguments])
    said = capsys.readouterr()
    assert got == code, said.out + said.err
    return said.out + said.err


def gradebook_of(out):
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def report_page(out, learner, exercise="03_dropout"):
    return (out / "reports" / learner / f"{exercise}.html").read_text(encoding="utf-8")


def json_report(out, learner, exercise="03_dropout"):
    return json.loads((out / "reports" / learner / f"{exercise}.json").read_text(encoding="utf-8"))


def texts_in(out):
    """Return every file of the results that a person or a platform reads, by its path."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith((".", "journal.db", "run.html"))
    }
