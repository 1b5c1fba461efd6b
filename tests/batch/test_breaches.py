"""A submission that breaks a worker loses its points. No other submission does, and a fault of the grader costs none."""

import csv
import json
import shutil
import signal
import subprocess
import sys

import pytest

from grader.batch import pool as pool_module
from grader.batch.breach import MEMORY_BYTES, STUCK_TIMES, Breach, verdict
from grader.batch.pool import WorkerPool
from grader.batch.task import Task
from grader.submission.intake import ExerciseName, Intake
from grader.submission.intake.contents import contents_of, tree_of
from grader.submission.reading import NOTEBOOK_BYTES_LIMIT
from grader.submission.submission import content_hash
from tests.grading import ROOT
from tests.submission.test_intake import notebook

TOY = ROOT / "tests" / "samples" / "toy_course"
CHECK = 'def test_double_by_hand(submission, reference, rng):\n    """Doubles two numbers."""\n'
RIGHT = "def double(x):\n    return 2 * x\ndef split(n, parts=2):\n    return n // parts, n - n // parts\ndef halve(x):\n    return x / 2\n"
TRAP = """    import os, time
    first, second = submission.split(6)
    if first == 111:
        bytearray(3 * 2**30)
    if first > 200:
        os.kill(os.getpid(), int(first) - 200)
    while first == 112:
        time.sleep(0.01)
"""


def course(tmp_path, trap=TRAP):
    """Copy the toy course, with a check in which some answers break the worker."""
    root = tmp_path / "toy"
    shutil.copytree(TOY, root, ignore=shutil.ignore_patterns("__pycache__"))
    checks = root / "tests" / "hidden" / "01_double" / "test_double.py"
    text = checks.read_text()
    assert CHECK in text
    checks.write_text(text.replace(CHECK, CHECK + trap))
    return root


def program(first):
    return RIGHT.replace("return n // parts, n - n // parts", f"return {first}, 3")


def graded(tmp_path, root, code):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "batch", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--course",
         str(root), "--workers", "1"], capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    with (tmp_path / "out" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return done.stdout + done.stderr, {row["learner"]: row for row in csv.DictReader(file)}


def hand_in(tmp_path, name, text):
    path = tmp_path / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_submission_that_breaks_workers_loses_its_points_and_no_other_does(tmp_path):
    hand_in(tmp_path, "anna/double.py", RIGHT)
    hand_in(tmp_path, "large/double.py", program(111))
    hand_in(tmp_path, "mean/double.py", program(200 + signal.SIGSEGV))
    hand_in(tmp_path, "zoe/double.py", RIGHT)
    _, rows = graded(tmp_path, course(tmp_path), 0)
    assert {who: row["01_double raw"] for who, row in rows.items()} == {
        "anna": "5",
        "large": "0",
        "mean": "0",
        "zoe": "5",
    }
    report = json.loads((tmp_path / "out" / "reports" / "large" / "01_double.json").read_text())
    assert report["grader_faults"] == []
    assert [problem["message"] for problem in report["problems"]] == [
        f"this submission could not be graded: reading and checking it took more than {MEMORY_BYTES // 2**20} MiB of"
        " memory. It was tried twice, in separate processes, and the same grader graded the reference solution without"
        " an error. Look for very large texts, numbers or arrays, and hand in again"
    ]
    assert "ended the grader's process" in rows["mean"]["01_double note"]


def test_a_worker_that_another_process_kills_is_a_fault_of_the_grader(tmp_path):
    hand_in(tmp_path, "anna/double.py", program(200 + signal.SIGKILL))
    text, rows = graded(tmp_path, course(tmp_path), 3)
    assert "fault of the grader: anna 01_double: the worker died, twice" in text
    assert rows["anna"]["01_double raw"] == ""


def test_a_check_that_also_breaks_on_the_reference_is_a_fault_of_the_grader(tmp_path):
    hand_in(tmp_path, "anna/double.py", RIGHT)
    text, rows = graded(tmp_path, course(tmp_path, "    bytearray(3 * 2**30)\n"), 3)
    assert "fault of the grader: anna 01_double: the worker needed too much memory" in text
    assert rows["anna"]["01_double raw"] == ""


CELL = '{"cell_type":"code","source":"x","metadata":{},"outputs":[],"execution_count":null},'


@pytest.mark.thorough
def test_a_notebook_that_needs_too_much_time_or_memory_loses_its_points(tmp_path):
    def padded(piece):
        whole = '{"nbformat":4,"nbformat_minor":4,"metadata":{},"cells":[%s' + CELL[:-1] + "]}"
        return whole % (piece * ((NOTEBOOK_BYTES_LIMIT - len(whole)) // len(piece)))

    hand_in(tmp_path, "anna/double.py", RIGHT)
    hand_in(tmp_path, "long/double.ipynb", padded(CELL))
    hand_in(tmp_path, "wide/double.ipynb", padded('{"":0},'))
    hand_in(tmp_path, "zoe/double.ipynb", notebook(RIGHT))
    _, rows = graded(tmp_path, course(tmp_path), 0)
    assert {who: row["01_double raw"] for who, row in rows.items()} == {
        "anna": "5",
        "long": "0",
        "wide": "0",
        "zoe": "5",
    }
    assert "reading its files took more than 5 seconds of processor time" in rows["long"]["01_double note"]
    assert "MiB of memory" in rows["wide"]["01_double note"]


@pytest.mark.thorough
def test_a_submission_on_which_two_workers_hang_loses_its_points(tmp_path, monkeypatch):
    monkeypatch.setattr(pool_module, "STARTUP_SECONDS", 10.0)
    hand_in(tmp_path, "anna/double.py", program(112))
    with Intake(tmp_path / "in", [ExerciseName("01_double", "double")]) as intake:
        (found,) = intake.hand_ins()
        places = intake.places(found)
        where = tuple((place.name, place.parts, place.locator) for place in places)
        digest = content_hash(contents_of(tree_of(intake.source), places))
        task = Task(0, "anna", "01_double", digest, str(intake.source), where, 0, 1.0)
    with WorkerPool(1, course(tmp_path), "namespaces") as workers:
        ((done,),) = workers.run(iter([task]))
        assert workers.replaced == 2
    report = json.loads(done.report)
    assert (done.faults, done.failure, report["score"]["earned"]) == (0, "", 0)
    assert report["problems"][0]["message"] == verdict(Breach.STUCK, 1.0)
    assert f"more than {STUCK_TIMES} seconds" in verdict(Breach.STUCK, 1.0)


def test_a_file_that_changes_before_a_worker_reads_it_gets_no_report(tmp_path):
    hand_in(tmp_path, "anna/double.py", RIGHT)
    where = (("double.py", ("anna", "double.py"), ""),)
    task = Task(0, "anna", "01_double", "0" * 64, str(tmp_path / "in"), where, 0)
    with WorkerPool(1, TOY, "namespaces") as workers:
        ((done,),) = workers.run(iter([task]))
        assert workers.replaced == 0
    assert (done.report, done.faults, done.failure) == ("", 0, "")
    assert done.changed == "changed while it was graded; grade it again"
