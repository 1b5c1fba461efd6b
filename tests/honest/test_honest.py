"""Right programs in an odd style, one oddity per file: each earns everything, alone and in a batch."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.grading import Worker
from grader.sandbox import Isolation, IsolationError
from grader.submission import read_submission
from tests.grading import COURSE, ROOT

HERE = Path(__file__).parent
PROGRAMS = sorted(HERE.glob("[0-9]*/*.py"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in PROGRAMS]


@pytest.fixture(scope="module")
def worker_for():
    workers = {}

    def _worker(exercise):
        if exercise.key not in workers:
            try:
                workers[exercise.key] = Worker(exercise, Isolation.NAMESPACES)
            except IsolationError as error:
                pytest.skip(f"this machine has no namespaces: {error}")
        return workers[exercise.key]

    yield _worker
    for worker in workers.values():
        worker.close()


def test_the_corpus_is_large():
    assert len(PROGRAMS) >= 30
    assert {path.parent.name for path in PROGRAMS} == {exercise.key for exercise in COURSE} - {
        "05_keras_cnn",
        "06_transfer_learning",
    }


@pytest.mark.parametrize("path", PROGRAMS, ids=NAMES)
def test_an_odd_program_earns_everything(worker_for, path):
    exercise = COURSE.find(path.parent.name)

    report = worker_for(exercise).grade(read_submission(path, exercise.key, exercise.rubric.module), seed=1)

    assert report.problems == ()
    assert report.grader_faults == ()
    lost = {one.id: [check.message for check in one.checks] for one in _lost(report)}
    assert lost == {}
    assert report.score.earned == report.score.possible
    assert report.diagnoses == ()


def _lost(report):
    """The criteria that lost points, without bonus criteria."""
    return [one for one in report.criteria if one.earned < one.possible and not one.bonus]


def test_all_of_them_in_one_batch(tmp_path):
    for path, name in zip(PROGRAMS, NAMES, strict=True):
        exercise = COURSE.find(path.parent.name)
        home = tmp_path / "hand_ins" / name.replace("/", "-") / exercise.key
        home.mkdir(parents=True)
        shutil.copy(path, home / f"{exercise.rubric.module}.py")

    command = [sys.executable, "-m", "grader", "batch", str(tmp_path / "hand_ins"), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(PROGRAMS)} found, {len(PROGRAMS)} graded" in done.stdout + done.stderr
    with (tmp_path / "out" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    for path, name in zip(PROGRAMS, NAMES, strict=True):
        key = path.parent.name
        row = rows[name.replace("/", "-")]
        assert float(row[f"{key} raw"]) == COURSE.find(key).rubric.possible, (name, row)
