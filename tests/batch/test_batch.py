"""`grade batch` on folders of hand-ins: what it grades, what survives, what it says."""

import csv
import fcntl
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from grader.batch.journal import SCHEMA_VERSION
from grader.report.exports import neutral
from tests.grading import ROOT
from tests.sandbox.conftest import hear_interrupts

SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
RIGHT = ROOT / "solutions" / "03_dropout" / "dropout.py"
EXIT = ROOT / "tests" / "hostile" / "forge_exit_zero" / "dropout.py"


def command(submissions, out, *options):
    return [sys.executable, "-m", "grader", "batch", str(submissions), "--out", str(out), *options]


def batch(submissions, out, *options, code=0):
    done = subprocess.run(command(submissions, out, *options), capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def class_of(folder, size, hostile=True):
    """A class: every third learner right, every third partly, one in twenty hostile."""
    for number in range(size):
        home = folder / f"learner{number:03d}"
        home.mkdir(parents=True)
        source = EXIT if hostile and number % 20 == 7 else (RIGHT, SAMPLE)[number % 2]
        shutil.copy(source, home / "dropout.py")
        with (home / "dropout.py").open("a") as file:
            file.write(f"# {number}\n")
    return folder


def everything_in(out):
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith((".", "journal.db"))
    }


def gradebook(out):
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def graded_in(path):
    """How many reports a journal holds; 0 while there is none."""
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return 0
    try:
        return database.execute("SELECT COUNT(*) FROM graded").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        database.close()


def test_folders_and_flat_files(tmp_path):
    hand_ins = tmp_path / "hand_ins"
    (hand_ins / "anna" / "exercises" / "03_dropout").mkdir(parents=True)
    (hand_ins / "=cmd|x").mkdir()
    (hand_ins / "__MACOSX").mkdir()
    shutil.copy(RIGHT, hand_ins / "anna" / "exercises" / "03_dropout" / "dropout.py")
    shutil.copy(SAMPLE, hand_ins / "=cmd|x" / "dropout.py")
    (hand_ins / "bob_dropout.py").write_bytes(b"\xff")
    (hand_ins / "notes.txt").write_text("no hand-in")
    (hand_ins / "link_dropout.py").symlink_to("/etc/passwd")
    shutil.copy(RIGHT, hand_ins / ".._dropout.py")
    plan = batch(hand_ins, tmp_path / "out", "--dry-run")
    assert "ignored  .._dropout.py: is a hidden file" in plan
    assert "grade    anna, 03_dropout: anna/exercises/03_dropout/dropout.py" in plan
    assert "ignored  notes.txt: is no file of an exercise" in plan
    assert "ignored  link_dropout.py: is a link" in plan
    assert not (tmp_path / "out").exists()
    text = batch(hand_ins, tmp_path / "out")
    assert "3 found, 3 graded" in text
    rows = gradebook(tmp_path / "out")
    assert rows["anna"]["03_dropout raw"] == "8"
    assert "02_pooling raw" not in rows["anna"]
    assert 0 < float(rows["'=cmd|x"]["03_dropout raw"]) < 8
    assert rows["bob"]["03_dropout raw"] == "0"
    assert "is not UTF-8" in rows["bob"]["03_dropout note"]
    report = json.loads((tmp_path / "out" / "reports" / "anna" / "03_dropout.json").read_text())
    assert report["isolation"] == "namespaces"
    assert report["submission"]["learner"] == "anna"


def test_what_has_not_changed_is_not_graded_again(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 4, hostile=False)
    batch(hand_ins, tmp_path / "out")
    assert "0 graded (0 a second), 4 unchanged" in batch(hand_ins, tmp_path / "out")
    shutil.copy(RIGHT, hand_ins / "learner001" / "dropout.py")
    assert "1 graded" in batch(hand_ins, tmp_path / "out")
    assert gradebook(tmp_path / "out")["learner001"]["03_dropout raw"] == "8"
    assert "4 graded" in batch(hand_ins, tmp_path / "out", "--force")
    assert "4 graded" in batch(hand_ins, tmp_path / "out", "--seed", "5")


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_same_bytes(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 60)
    batch(hand_ins, tmp_path / "undisturbed")
    chance = random.Random(1)
    for _ in range(6):
        run = subprocess.Popen(command(hand_ins, tmp_path / "killed"), stdout=subprocess.DEVNULL, cwd=ROOT)
        time.sleep(chance.uniform(0.3, 1.6))
        run.send_signal(signal.SIGKILL)
        run.wait()
    text = batch(hand_ins, tmp_path / "killed")
    assert "60 found" in text
    assert everything_in(tmp_path / "killed") == everything_in(tmp_path / "undisturbed")
    reports = [
        name for name in everything_in(tmp_path / "killed") if name.startswith("reports/") and name.endswith(".json")
    ]
    assert len(reports) == 60
    assert {row["03_dropout raw"] for row in gradebook(tmp_path / "killed").values()} == {"0", "3.5", "8"}


def test_ctrl_c_keeps_what_is_done(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 200, hostile=False)
    run = subprocess.Popen(
        command(hand_ins, tmp_path / "out"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        start_new_session=True, preexec_fn=hear_interrupts,
    )  # fmt: skip
    database = tmp_path / "out" / "journal.db"
    deadline = time.monotonic() + 30
    while graded_in(database) < 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    stopped = time.monotonic()
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=10)
    assert time.monotonic() - stopped < 2
    assert run.returncode == 130
    assert "the same command goes on from there" in errors
    recorded = int(errors.split("Stopped. ")[1].split()[0])
    assert graded_in(database) >= recorded >= 5


def test_a_results_folder_in_use(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1)
    out = tmp_path / "out"
    out.mkdir()
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "is in use by another run" in batch(hand_ins, out, code=2)


def test_a_journal_of_a_newer_version(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1)
    out = tmp_path / "out"
    out.mkdir()
    database = sqlite3.connect(out / "journal.db")
    database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    database.close()
    before = (out / "journal.db").read_bytes()
    text = batch(hand_ins, out, code=2)
    assert "was written by a newer version" in text
    assert "Nothing was changed" in text
    assert (out / "journal.db").read_bytes() == before


def test_a_journal_that_is_none(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "journal.db").write_text("not a database, however long it is" * 100)
    assert "cannot be used as a journal" in batch(hand_ins, tmp_path / "out", code=2)


def test_a_full_disk(tmp_path):
    if os.getuid() != 0:
        pytest.skip("only root can mount a small file system to fill")
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(small)], check=True)
    try:
        hand_ins = class_of(tmp_path / "hand_ins", 60, hostile=False)
        text = batch(hand_ins, small / "out", code=2)
        assert "cannot be written" in text or "cannot be used" in text
        assert "Traceback" not in text
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_a_folder_that_is_not_there(tmp_path):
    assert "nowhere does not exist; expected a folder of hand-ins or a zip archive" in batch(
        tmp_path / "nowhere", tmp_path / "out", code=2
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", '"=1', "＝1"])
def test_formulas_are_neutral(text):
    assert neutral(text) == f"'{text}"


def test_names_stay_names():
    assert neutral("Anna-Maria O'Neill") == "Anna-Maria O'Neill"
