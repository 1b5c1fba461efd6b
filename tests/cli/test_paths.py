"""`grade` works wherever it lies: a whole environment, a course and a submission under a name with every character."""

import json
import shutil
import subprocess
import sysconfig
import venv

import pytest

from tests.grading import ROOT

NAME = "".join(map(chr, range(32, 127))).replace("/", "").replace(":", "") + " $HOME Übung 数学 🎓"
"""Every printable character of ASCII but the slash, and the colon, which `python -m venv` refuses."""
COURSE_FOLDERS = ("exercises", "solutions", "rubrics", "tests/hidden")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with an environment, its packages and a submission below it."""
    folder = tmp_path_factory.mktemp("paths") / NAME
    venv.create(folder / "environment", symlinks=True)
    (packages,) = (folder / "environment" / "lib").glob("python3*/site-packages")
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "grader", packages / "grader", ignore=unwanted)
    for name in COURSE_FOLDERS:
        shutil.copytree(ROOT / name, packages / "grader" / "_course" / name, ignore=unwanted)
    others = sysconfig.get_path("purelib")
    (packages / "others.pth").write_text(f"import site; site.addsitedir({others!r})\n")
    (folder / "handed in" / "ann").mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "samples" / "03_dropout" / "dropout.py", folder / "handed in" / "ann")
    return folder


@pytest.fixture(scope="module")
def grade(place, tmp_path_factory):
    """`grade("list", cwd=folder)` runs the command of that environment, and gives what it prints."""
    state = tmp_path_factory.mktemp("state")

    def _grade(*arguments, code=0):
        done = subprocess.run(
            [place / "environment" / "bin" / "python", "-m", "grader", *arguments],
            cwd=place,
            env={"PATH": "/usr/bin:/bin", "HOME": str(place), "CNN_GRADER_STATE": str(state)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert done.stderr == ""
        return done.stdout

    return _grade


def test_a_submission_is_graded(grade, place):
    report = json.loads(grade("exercise", "3", "handed in/ann/dropout.py", "--format", "json", code=1))
    assert (report["score"]["earned"], report["grader_faults"], report["problems"]) == (6.25, [], [])
    whole = json.loads(grade("exercise", "3", place / "handed in" / "ann", "--format", "json", code=1))
    assert whole["sha256"] == report["sha256"]


def test_a_batch_is_graded(grade, place):
    assert "1 graded" in grade("batch", "handed in", "--out", "results")
    assert "ann" in (place / "results" / "gradebook.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["start", "pooling"], ["quiz", "--plain"], ["flashcards"], ["lesson", "dropout"], ["progress"]],
)
def test_the_other_commands_work(grade, arguments):
    assert grade(*arguments)
