"""`grade batch`: what it grades, what survives an interruption, and what it prints."""

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
import zipfile
from xml.etree import ElementTree

import pytest

from grader.batch.batch_journal import SCHEMA_VERSION
from grader.batch.task import SHOWN_BYTES
from tests.grading import ROOT
from tests.sandbox.conftest import hear_interrupts

SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
RIGHT = ROOT / "solutions" / "03_dropout" / "dropout.py"
TOY = ROOT / "tests" / "samples" / "toy_course"
EXIT = ROOT / "tests" / "hostile" / "forge_exit_zero" / "dropout.py"


def command(submissions, out, *options):
    return [sys.executable, "-m", "grader", "batch", str(submissions), "--out", str(out), *options]


def batch(submissions, out, *options, code=0):
    """Grade a small class with one worker, unless the options say otherwise: each worker takes a second to start."""
    workers = () if "--workers" in options else ("--workers", "1")
    done = subprocess.run(
        command(submissions, out, *options, *workers), capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def class_of(folder, size, hostile=True):
    """Write a class: half of the learners right, half partly right, one in twenty hostile."""
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
        if path.is_file() and not path.name.startswith((".", "journal.db", "run.html"))
    }


def gradebook(out):
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def graded_in(path):
    """Return the number of reports in a journal; 0 as long as there is no journal."""
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


def test_grades_folders_and_flat_files(tmp_path):
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
    assert "ignored  notes.txt: is not an exercise file" in plan
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


def test_an_unchanged_submission_is_not_graded_again(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 4, hostile=False)
    batch(hand_ins, tmp_path / "out")
    assert "0 graded (0 per second), 4 unchanged" in batch(hand_ins, tmp_path / "out")
    shutil.copy(RIGHT, hand_ins / "learner001" / "dropout.py")
    assert "1 graded" in batch(hand_ins, tmp_path / "out")
    assert gradebook(tmp_path / "out")["learner001"]["03_dropout raw"] == "8"
    assert "4 graded" in batch(hand_ins, tmp_path / "out", "--force")
    assert "4 graded" in batch(hand_ins, tmp_path / "out", "--seed", "5")


@pytest.mark.thorough
def test_a_batch_that_is_killed_six_times_gives_the_same_bytes(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 60)
    batch(hand_ins, tmp_path / "undisturbed", "--seed", "3")
    chance = random.Random(1)
    for _ in range(6):
        run = subprocess.Popen(
            command(hand_ins, tmp_path / "killed", "--seed", "3"), stdout=subprocess.DEVNULL, cwd=ROOT
        )
        time.sleep(chance.uniform(0.3, 1.6))
        run.send_signal(signal.SIGKILL)
        run.wait()
    text = batch(hand_ins, tmp_path / "killed", "--seed", "3")
    assert "60 found" in text
    assert everything_in(tmp_path / "killed") == everything_in(tmp_path / "undisturbed")
    reports = [
        name for name in everything_in(tmp_path / "killed") if name.startswith("reports/") and name.endswith(".json")
    ]
    assert len(reports) == 60
    assert {row["03_dropout raw"] for row in gradebook(tmp_path / "killed").values()} == {"0", "6.25", "8"}


def test_ctrl_c_keeps_the_recorded_reports(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 200, hostile=False)
    run = subprocess.Popen(
        command(hand_ins, tmp_path / "out"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        start_new_session=True, preexec_fn=hear_interrupts,
    )  # fmt: skip
    database = tmp_path / "out" / "journal.db"
    deadline = time.monotonic() + 30
    while graded_in(database) < 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "Run the same command to continue" in errors
    recorded = int(errors.split("Stopped. ")[1].split()[0])
    assert 200 > graded_in(database) >= recorded >= 5


def test_refuses_a_results_folder_in_use(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1)
    out = tmp_path / "out"
    out.mkdir()
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "is in use by another run" in batch(hand_ins, out, code=2)


def test_refuses_a_journal_of_a_newer_version(tmp_path):
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


def test_refuses_a_file_that_is_not_a_journal(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "journal.db").write_text("not a database, however long it is" * 100)
    assert "cannot be used as a journal" in batch(hand_ins, tmp_path / "out", code=2)


def test_a_full_disk_ends_with_a_message(tmp_path):
    if os.getuid() != 0:
        pytest.skip("only root can mount a small file system to fill")
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(small)], check=True)
    try:
        hand_ins = class_of(tmp_path / "hand_ins", 60, hostile=False)
        text = batch(hand_ins, small / "out", code=2)
        assert "journal.db cannot be written: database or disk is full. Earlier records are safe." in text
        assert "Traceback" not in text
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_a_missing_folder_is_named_before_the_seed_is_printed(tmp_path):
    text = batch(tmp_path / "nowhere", tmp_path / "out", code=2)
    assert "nowhere does not exist" in text
    assert "Seed" not in text


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_roster_late_policy_and_gradebooks_for_platforms(tmp_path):
    hand_ins = tmp_path / "submissions.zip"
    with zipfile.ZipFile(hand_ins, "w") as file:
        file.write(RIGHT, "doejane_1234_98765_dropout.py")
        file.write(RIGHT, "roeriver_LATE_77_98766_dropout.py")
        file.writestr("poesam_5_98767_dropout.py", b"\xff")
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Dropout (4711)\n    Points Possible,,,,,8\n"
        '"Doe, Jane",1234,s-1,jane@x.org,A,\n"Roe, River",77,s-2,river@x.org,B,\n"Ill, Ness",9,s-3,ness@x.org,B,\n'
    )
    policy = tmp_path / "late.yaml"
    policy.write_text("per_day: 10%\n")
    options = ("--roster", str(roster), "--late-policy", str(policy))
    plan = batch(hand_ins, tmp_path / "out", "--dry-run", *options)
    assert "grade    1234 (Doe, Jane), 03_dropout: doejane_1234_98765_dropout.py" in plan
    assert "grade    77 (Roe, River), 03_dropout: roeriver_LATE_77_98766_dropout.py, late" in plan
    assert "grade    5 (poesam), 03_dropout: poesam_5_98767_dropout.py, not in the roster" in plan
    assert "missing  9 (Ill, Ness): no submission" in plan
    assert "3 submissions, recognised as: canvas. Nothing was graded." in plan
    text = batch(hand_ins, tmp_path / "out", *options)
    assert "Learners without a submission: 1 of 3 in the roster." in text
    out = tmp_path / "out"
    rows = gradebook(out)
    river = {name: rows["77"][f"03_dropout {name}"] for name in ("raw", "late days", "final", "possible")}
    assert river == {"raw": "8", "late days": "1", "final": "7.2", "possible": "8"}
    assert (rows["77"]["name"], rows["77"]["section"]) == ("Roe, River", "B")
    assert rows["9"]["03_dropout note"] == "missing"
    canvas = {row["ID"]: row for row in table(out / "canvas.csv")}
    assert canvas["77"]["Dropout (4711)"] == "7.2"
    assert canvas["9"]["Dropout (4711)"] == ""
    assert canvas[""]["Student"] == "    Points Possible"
    assert canvas.keys() == {"", "1234", "77", "9"}
    assert [row["ID"] for row in table(out / "canvas-others.csv")] == ["", "5"]
    moodle = {row["Identifier"]: row for row in table(out / "moodle.csv")}
    assert (
        moodle["Participant 77"]["Feedback comments"] == "All criteria are met.<br>1 day late: 7.2 of 8 points count."
    )
    results = json.loads((out / "gradescope" / "77" / "03_dropout" / "results.json").read_text())
    assert results["score"] == 7.2
    assert "Submitted 1 day late: 7.2 points count." in results["output"]
    xml = ElementTree.parse(out / "junit.xml").getroot()
    assert [suite.get("name") for suite in xml] == ["1234 03_dropout", "5 03_dropout", "77 03_dropout"]


def test_a_damaged_member_of_an_archive_is_a_fault_and_not_zero_points(tmp_path):
    hand_ins = tmp_path / "x.zip"
    with zipfile.ZipFile(hand_ins, "w") as file:
        file.writestr("anna/dropout.py", RIGHT.read_bytes() + b"# anna's own")
        file.write(RIGHT, "bob/dropout.py")
    content = hand_ins.read_bytes().replace(b"# anna's own", b"# Anna's own", 1)
    hand_ins.write_bytes(content)
    text = batch(hand_ins, tmp_path / "out", code=3)
    assert "fault of the grader: anna 03_dropout: x.zip: the member anna/dropout.py is damaged" in text
    rows = gradebook(tmp_path / "out")
    assert (rows["anna"]["03_dropout raw"], rows["anna"]["03_dropout note"]) == (
        "",
        "a fault of the grader: grade again",
    )
    assert rows["bob"]["03_dropout raw"] == "8"


def compare(old, new, code=0):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "compare", str(old), str(new)], capture_output=True, text=True, cwd=ROOT, check=False
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_compare_lists_changed_scores_with_the_reason(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 4, hostile=False)
    batch(hand_ins, tmp_path / "old")
    shutil.copy(RIGHT, hand_ins / "learner001" / "dropout.py")
    (hand_ins / "learner003" / "dropout.py").unlink()
    batch(hand_ins, tmp_path / "new")
    text = compare(tmp_path / "old", tmp_path / "new")
    assert "learner001 03_dropout: 6.25 to 8\n    drops-at-rate: 0 to 1.25" in text
    assert "because the submission changed (" in text
    assert "learner003 03_dropout: 6.25 to no score" in text
    assert "learner000" not in text
    assert "2 scores changed." in text
    rows = table(tmp_path / "new" / "compare.csv")
    assert {row["learner"] for row in rows} == {"learner001", "learner003"}
    assert {row["new"] for row in rows if row["learner"] == "learner001"} == {"8"}


def test_compare_with_the_previous_run(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 2, hostile=False)
    batch(hand_ins, tmp_path / "out")
    assert "contains only one complete run" in compare(tmp_path / "out", tmp_path / "out", code=2)
    shutil.copy(RIGHT, hand_ins / "learner001" / "dropout.py")
    batch(hand_ins, tmp_path / "out")
    assert "1 score changed." in compare(tmp_path / "out", tmp_path / "out")
    assert "contains no journal.db" in compare(tmp_path, tmp_path / "out", code=2)


UNSTEADY = """
import numpy as np
def dropout(x, rate, training, rng):
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * mask, mask
def dropout_backward(dy, mask):
    return dy * mask if int(abs(dy.sum()) * 1000) % 16 else dy
def dropout_moments(x, rate):
    return x, x**2 * rate / (1 - rate)
"""


def test_repeat_names_checks_that_depend_on_the_seed(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1, hostile=False)
    (hand_ins / "fickle").mkdir()
    (hand_ins / "fickle" / "dropout.py").write_text(UNSTEADY)
    text = batch(hand_ins, tmp_path / "out", "--seed", "0", "--repeat", "6", code=3)
    assert "unsteady: fickle 03_dropout test_backward" in text
    assert "unsteady: learner" not in text
    rows = table(tmp_path / "out" / "unsteady.csv")
    assert {row["learner"] for row in rows} == {"fickle"}
    assert {rows[0][f"seed {seed}"] for seed in range(6)} == {"passed", "failed"}
    shutil.rmtree(hand_ins / "fickle")
    assert "No verdict changed over 2 seeds." in batch(hand_ins, tmp_path / "out", "--repeat", "2")


def test_a_change_in_a_shared_module_of_the_course_grades_again(tmp_path):
    hand_ins = tmp_path / "hand_ins"
    (hand_ins / "ann").mkdir(parents=True)
    shutil.copy(TOY / "solutions" / "01_double" / "double.py", hand_ins / "ann")
    course = shutil.copytree(TOY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    reference = course / "solutions" / "01_double" / "double.py"
    reference.write_text(f"from . import factors\n{reference.read_text()}".replace("2 * x", "factors.FACTOR * x"))
    (reference.parent / "factors.py").write_text("FACTOR = 2\n")
    assert "1 graded" in batch(hand_ins, tmp_path / "out", "--course", course)
    before = gradebook(tmp_path / "out")["ann"]["01_double raw"]
    assert "1 unchanged" in batch(hand_ins, tmp_path / "out", "--course", course)
    (reference.parent / "factors.py").write_text("FACTOR = 20\n")
    assert "1 graded" in batch(hand_ins, tmp_path / "out", "--course", course)
    assert gradebook(tmp_path / "out")["ann"]["01_double raw"] != before


def test_upgrades_a_journal_of_an_older_version(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 2, hostile=False)
    batch(hand_ins, tmp_path / "out")
    database = sqlite3.connect(tmp_path / "out" / "journal.db")
    database.executescript(
        "ALTER TABLE run DROP COLUMN finished; ALTER TABLE run DROP COLUMN repeats;"
        "ALTER TABLE run DROP COLUMN request; PRAGMA user_version = 1"
    )
    database.close()
    assert "was written by an older version" in compare(tmp_path / "out", tmp_path / "out", code=2)
    assert "2 unchanged" in batch(hand_ins, tmp_path / "out")


def test_refuses_a_results_folder_that_cannot_be_written(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1)
    (tmp_path / "file").write_text("")
    assert "cannot be used for results" in batch(hand_ins, tmp_path / "file" / "out", code=2)
    if os.getuid() == 0:
        folder = tmp_path / "read-only"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,ro", "none", str(folder)], check=True)
        try:
            assert "cannot be used for results: Read-only file system" in batch(hand_ins, folder, code=2)
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def test_asks_for_a_results_folder(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1)
    done = subprocess.run(
        [sys.executable, "-m", "grader", "batch", str(hand_ins)], capture_output=True, text=True, cwd=ROOT, check=False
    )  # fmt: skip
    assert done.returncode == 2
    assert "Missing option '--out'" in done.stderr


def test_two_owners_of_one_id_are_refused_everywhere_and_have_no_score(tmp_path):
    hand_ins = tmp_path / "hand_ins"
    for name in ("x", "x ", "anna"):
        (hand_ins / name).mkdir(parents=True)
        shutil.copy(RIGHT, hand_ins / name / "dropout.py")
    why = 'x /dropout.py and x/dropout.py both claim the id "x"; no file of this id is graded'
    dry = batch(hand_ins, tmp_path / "out", "--dry-run")
    assert f"refused  x, 03_dropout: {why}" in dry
    assert "2 submissions, 1 of them refused, recognised as: folders" in dry
    text = batch(hand_ins, tmp_path / "out", code=3)
    assert f"refused: x/dropout.py: is not graded: {why}" in text
    assert f"not graded: x 03_dropout: {why}" in text
    assert "1 refused, 0 faults of the grader" in text
    assert "fault of the grader: x" not in text
    rows = gradebook(tmp_path / "out")
    assert (rows["anna"]["03_dropout raw"], rows["x"]["03_dropout raw"]) == ("8", "")
    assert rows["x"]["03_dropout note"] == "refused: index.html says why"
    page = (tmp_path / "out" / "index.html").read_text()
    assert "both claim the id &#34;x&#34;" in page
    assert "<strong>1 submission</strong> refused" in page
    assert 'id="faults"' not in page
    assert "reports/x/" not in page


def test_a_refused_hand_in_loses_its_earlier_report(tmp_path):
    hand_ins, out = tmp_path / "hand_ins", tmp_path / "out"
    for name in ("x", "anna"):
        (hand_ins / name).mkdir(parents=True)
        shutil.copy(RIGHT, hand_ins / name / "dropout.py")
    batch(hand_ins, out)
    assert (out / "reports" / "x" / "03_dropout.html").is_file()
    (hand_ins / "x ").mkdir()
    shutil.copy(RIGHT, hand_ins / "x " / "dropout.py")
    batch(hand_ins, out, code=3)
    assert not (out / "reports" / "x").exists()


def test_only_workers_read_submissions(tmp_path):
    """The coordinator has no deadline, so it decodes nothing and imports nothing that reads source."""
    hand_ins = class_of(tmp_path / "hand_ins", 2, hostile=False)
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": RIGHT.read_text()}
    (hand_ins / "eve").mkdir()
    (hand_ins / "eve" / "dropout.ipynb").write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]})
    )
    code = (
        "import sys; from grader.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    print(sorted({'nbformat', 'grader.submission.intake.notebook', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "batch", str(hand_ins), "--out", str(tmp_path / "out")],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_a_worker_gives_the_source_of_a_notebook_for_the_page(tmp_path):
    source = RIGHT.read_text()
    sources = {
        "eve": source,
        "fay": f"{source}\n    # half of a pair: \ud83d\n    return 1",
        "gus": f"{source}\n    #{'x' * SHOWN_BYTES}\n    return 1",
    }
    for learner, text in sources.items():
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
        (tmp_path / "hand_ins" / learner).mkdir(parents=True)
        (tmp_path / "hand_ins" / learner / "dropout.ipynb").write_text(
            json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]})
        )
    batch(tmp_path / "hand_ins", tmp_path / "out")
    pages = {one: (tmp_path / "out" / "reports" / one / "03_dropout.html").read_text() for one in sources}

    assert {one: 'class="source"' in page for one, page in pages.items()} == {"eve": True, "fay": True, "gus": False}
    assert "# code cell 1" in pages["eve"]
    assert "# half of a pair: ?" in pages["fay"]


def test_a_notebook_and_a_source_file_with_the_same_bytes_are_graded_separately(tmp_path):
    hand_ins = tmp_path / "hand_ins"
    (hand_ins / "anna").mkdir(parents=True)
    shutil.copy(RIGHT, hand_ins / "anna" / "dropout.py")
    batch(hand_ins, tmp_path / "out")
    (hand_ins / "anna" / "dropout.py").rename(hand_ins / "anna" / "dropout.ipynb")
    assert "1 graded" in batch(hand_ins, tmp_path / "out")
    assert "is not a readable notebook" in gradebook(tmp_path / "out")["anna"]["03_dropout note"]
