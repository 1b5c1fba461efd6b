"""What a user without the repository gets: the wheel, installed into an empty environment, grades from another folder."""

import json
import subprocess
import sys
import zipfile

import pytest

from tests.grading import ROOT


def run(*command, cwd, code=0):
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("cnn_grader-*.whl")
    return built


def test_the_wheel_carries_the_course_and_no_tests_of_ours(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for expected in (
        "grader/_course/exercises/03_dropout/dropout.py",
        "grader/_course/solutions/03_dropout/dropout.py",
        "grader/_course/rubrics/03_dropout.yaml",
        "grader/_course/tests/hidden/03_dropout/test_dropout.py",
        "grader/_course/exercises/02_pooling/cards.md",
        "grader/_course/exercises/02_pooling/lesson.md",
        "grader/_course/exercises/02_pooling/quiz.yaml",
        "grader/_course/solutions/02_pooling/pictures.py",
        "grader/_course/exercises/06_transfer_learning/base.weights.h5",
        "grader/_course/solutions/02_pooling/questions.py",
        "grader/sandbox/inside/keeper.py",
        "grader/py.typed",
    ):
        assert expected in names
    never = ("sandbox/test_", "__pycache__", "right_answers", "keras_programs")
    assert not [name for name in names if any(part in name for part in never)]


@pytest.mark.thorough
def test_an_installed_wheel_grades_from_another_folder(wheel, tmp_path):
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", environment, cwd=tmp_path)
    run(environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    grade = environment / "bin" / "grade"
    assert "03_dropout" in run(grade, "list", cwd=elsewhere)
    run(grade, "start", "dropout", cwd=elsewhere)
    stub = json.loads(run(grade, "exercise", "3", "--format", "json", cwd=elsewhere, code=1))
    assert stub["score"]["earned"] == 0
    sample = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
    report = json.loads(run(grade, "exercise", "3", sample, "--format", "json", cwd=elsewhere, code=1))
    assert 0 < report["score"]["earned"] < report["score"]["possible"]
    assert report["isolation"] in ("namespaces", "process")
    assert "Teacher: " in run(grade, "lesson", "pooling", cwd=elsewhere)
    run(grade, "export", "gift", "--out", elsewhere / "questions.gift", cwd=elsewhere)
    assert "pip install 'cnn-grader[export]'" in run(
        "sh", "-c", f"{grade} export anki --out x.apkg 2>&1", cwd=elsewhere, code=2
    )
    assert "[dropout] you missed this in exercise 3" in run("sh", "-c", f"echo q | {grade} flashcards", cwd=elsewhere)
