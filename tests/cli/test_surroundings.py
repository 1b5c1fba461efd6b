"""Containers, cron jobs and shared machines: no home, no current folder, no temporary folder, an old locale."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = TOY / "solutions" / "01_double" / "double.py"
NOBODY = "import pwd; pwd.getpwuid = lambda uid: {}[uid]"  # as for a user whom a container was started with
NO_TEMPORARY_FOLDER = "import tempfile; tempfile._candidate_tempdir_list = lambda: ['/nonexistent']"
NO_HOME = "You have no home folder to keep your record in. Set CNN_GRADER_STATE to a folder that you can write to."
NOTICE = r"Using the course in .*\. Its Python files run on your machine with your permissions\.\n"
GONE = "The current folder no longer exists. Go to one that does: cd FOLDER"


@pytest.fixture
def grade(tmp_path):
    """`grade("list", prelude="...", HOME=None)` runs the command after a line of Python, with other variables.

    What it says of the toy course is left out of its standard error.
    """

    def _grade(*arguments, prelude="", before="", **variables):
        changed = {"CNN_GRADER_STATE": None, "HOME": str(tmp_path / "home"), "XDG_DATA_HOME": None, **variables}
        environment = {name: value for name, value in {**os.environ, **changed}.items() if value is not None}
        program = f"{prelude}\nfrom grader.cli import main\nmain()"
        done = subprocess.run(
            ["sh", "-c", f'{before or ":"} && exec "$@"', "sh", sys.executable, "-c", program, *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        done.stderr = re.sub(NOTICE, "", done.stderr)  # a home of its own has no record of announced courses
        return done

    return _grade


@pytest.fixture
def hand_ins(tmp_path):
    (tmp_path / "hand_ins" / "zoë").mkdir(parents=True)
    shutil.copy(RIGHT, tmp_path / "hand_ins" / "zoë")
    return tmp_path / "hand_ins"


@pytest.mark.parametrize("isolation", ["namespaces", "process"])
def test_a_user_without_a_home_is_graded(grade, isolation):
    done = grade("exercise", "1", RIGHT, "--course", TOY, "--isolation", isolation, prelude=NOBODY, HOME=None)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [["list"], ["lesson", "dropout"], ["start", "1", "--course", TOY]])
def test_a_user_without_a_home_can_do_what_needs_none(grade, arguments):
    done = grade(*arguments, prelude=NOBODY, HOME=None)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments", [["progress"], ["quiz", "--plain"], ["flashcards"], ["study", "export"], ["study", "forget", "--all"]]
)
def test_a_user_without_a_home_is_told_where_a_record_can_be_kept(grade, tmp_path, arguments):
    done = grade(*arguments, prelude=NOBODY, HOME=None)

    assert (done.returncode, done.stderr) == (2, f"Error: {NO_HOME}\n")
    assert os.listdir(tmp_path) == []


def test_an_older_platformdirs_makes_no_folder_of_the_name_of_a_tilde(grade, tmp_path):
    prelude = "import pathlib, platformdirs; platformdirs.user_data_path = lambda *a, **k: pathlib.Path('~/.local')"
    done = grade("progress", prelude=prelude)

    assert (done.returncode, done.stderr) == (2, f"Error: {NO_HOME}\n")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("home", ["a file", "/proc"])
def test_a_home_that_cannot_be_written_costs_the_record_and_no_report(grade, tmp_path, home):
    (tmp_path / "a file").write_text("")
    home = str(tmp_path / home)  # an absolute path stays as it is

    graded = grade("exercise", "1", RIGHT, "--course", TOY, HOME=home)
    assert graded.returncode == 0
    assert [line.partition(".")[0] for line in graded.stderr.splitlines() if line.startswith("Note: ")] == [
        "Note: The hints for this result were not saved",
        "Note: This result was not saved for flashcards, quiz and progress",
    ]
    done = grade("progress", HOME=home)
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: Cannot use your learning record {home}/.local/")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["exercise", "1", RIGHT, "--course", TOY], ["batch", ROOT, "--out", "/x"], ["course", "check"]]
)
def test_a_deleted_current_folder_is_named(grade, tmp_path, arguments):
    done = grade(*arguments, before='mkdir "gone" && cd "gone" && rmdir "../gone"')

    assert (done.returncode, done.stderr) == (2, f"Error: {GONE}\n")


@pytest.mark.parametrize(
    "arguments", [["list", "--course", TOY], ["lesson", "dropout"], ["quiz", "--plain"], ["--help"]]
)
def test_commands_that_need_no_current_folder_work_without_one(grade, arguments):
    done = grade(*arguments, before='mkdir "gone" && cd "gone" && rmdir "../gone"')

    assert (done.returncode, done.stderr) == (0, "")


def test_an_error_in_a_deleted_current_folder_is_said(grade, tmp_path):
    done = grade("list", "--course", tmp_path, before='mkdir "gone" && cd "gone" && rmdir "../gone"')

    assert done.returncode == 2
    assert "is not a course" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["exercise", "1", RIGHT, "--course", TOY], ["batch", ROOT, "--out", "/x"], ["course", "check"]]
)
def test_without_a_temporary_folder_the_way_on_is_named(grade, arguments):
    done = grade(*arguments, prelude=NO_TEMPORARY_FOLDER)

    assert done.returncode == 2
    assert done.stderr == (
        "Error: No temporary folder is writable. Set TMPDIR to a writable folder: export TMPDIR=FOLDER\n"
    )


@pytest.mark.parametrize(
    "variables",
    [
        {"LANG": "C", "LC_ALL": None},
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "en_US.UTF-8"},
        {"LC_ALL": "not_a.LOCALE"},
    ],
    ids=lambda variables: " ".join(f"{name}={value}" for name, value in variables.items()),
)
def test_every_locale_gives_the_same_results(grade, tmp_path, hand_ins, variables):
    (tmp_path / "Übung").mkdir()
    shutil.copy(RIGHT, tmp_path / "Übung" / "double.py")
    report = grade("exercise", "1", tmp_path / "Übung", "--course", TOY, "--format", "json", **variables)
    assert (report.returncode, report.stderr) == (0, "")
    assert json.loads(report.stdout)["score"]["earned"] == 5
    batch = grade("batch", hand_ins, "--course", TOY, "--out", tmp_path / "results", **variables)
    assert (batch.returncode, batch.stderr) == (0, "")
    rows = (tmp_path / "results" / "gradebook.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.partition(",")[0] for row in rows] == ["learner", "zoë"]


def test_a_batch_does_not_begin_where_names_would_be_damaged(grade, tmp_path, hand_ins):
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    done = grade("batch", hand_ins, "--course", TOY, "--out", "results", **ascii_only)

    assert done.returncode == 2
    assert done.stderr == (
        "Error: This Python reads file names as ascii, which damages the names of learners. Set PYTHONUTF8=1 or "
        "LC_ALL=C.UTF-8.\n"
    )
    assert grade("exercise", "1", RIGHT, "--course", TOY, **ascii_only).returncode == 0


def test_a_strict_umask_stops_nothing(grade, tmp_path, hand_ins):
    report = grade("exercise", "1", RIGHT, "--course", TOY, "--out", "report.json", before="umask 077")
    assert (report.returncode, report.stderr) == (0, "")
    plain = grade("exercise", "1", RIGHT, "--course", TOY, "--isolation", "process", before="umask 077")
    assert (plain.returncode, plain.stderr) == (0, "")
    batch = grade("batch", hand_ins, "--course", TOY, "--out", "results", before="umask 077")
    assert (batch.returncode, batch.stderr) == (0, "")
    assert {path.stat().st_mode & 0o77 for path in (tmp_path / "results").rglob("*.json")} == {0}
