"""The words of `grade batch` about files that belong to no exercise, attempts, stubs and typed grades."""

import pytest
from click.testing import CliRunner

from grader.batch import class_run, given_files
from grader.cli.commands.batch import command
from tests.batch.small_class import gradebook_of
from tests.batch.stand_in import COURSE, ROOT, StandIn, built
from tests.batch.test_scenarios import SCENARIOS

FILES = {
    "anna/v1/dropout.py": "wrong",
    "anna/v2/dropout.py": "right",
    "ben/report.pdf": "text",
    "cy/dropout.py": "stub",
    "dan/hw3.zip!lab.py": "right",
}


@pytest.fixture
def grade(monkeypatch, tmp_path):
    """Run the command without workers, and return its exit code and its text."""
    monkeypatch.setattr(class_run, "WorkerPool", StandIn)
    monkeypatch.setattr(given_files, "load_course", lambda root: COURSE)

    def run(source, *options):
        done = CliRunner().invoke(
            command, [str(source), "--out", str(tmp_path / "out"), "--course", str(ROOT), *map(str, options)]
        )
        return done.exit_code, done.output

    return run


def test_the_plan_names_the_rule_the_stub_and_what_is_not_recognised(grade, tmp_path):
    code, text = grade(built(FILES, tmp_path / "in", False), "--dry-run")
    assert code == 0
    assert "grade    anna, 03_dropout: anna/v2/dropout.py" in text
    assert "anna/v2/dropout.py is graded: its name has the larger number" in text
    assert "stub     cy, 03_dropout: cy/dropout.py is unchanged: not started" in text
    assert "grade    dan, 03_dropout: dan/hw3.zip/lab.py" in text
    assert "unknown  ben: report.pdf: is not an exercise file" in text


def test_the_end_names_who_is_not_recognised_and_what_to_do(grade, tmp_path):
    code, text = grade(built(FILES, tmp_path / "in", False))
    assert code == 3
    assert "not recognised: ben: report.pdf" in text
    assert "1 learner handed in files that belong to no exercise. If all files belong to one exercise, use" in text
    assert "Not started: 1 unchanged stub." in text
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "<strong>1 learner</strong> with files that were not recognised" in page


ONE_EXERCISE = {
    "ada.py": "right",
    "bob_dropout.txt": "text",
    "cy/lab.py": "right",
    "cy/notes.txt": "text",
    "dan.rar": "text",
    "eve.txt": "text",
    "Flo Fox.pdf": "text",
    "notes.txt": "text",
}


def test_with_one_exercise_any_program_counts_and_every_other_file_is_not_recognised(grade, tmp_path):
    (tmp_path / "roster.csv").write_text("id,name\nada,\neve,\nflo,Flo Fox\n", encoding="utf-8")
    options = ("--exercise", "3", "--dry-run", "--roster", tmp_path / "roster.csv")
    _, text = grade(built(ONE_EXERCISE, tmp_path / "in", False), *options)

    kind = "is not an exercise file; expected a Python file, a notebook or a zip archive"
    assert [line for line in text.splitlines() if line.startswith(("grade ", "unknown ", "ignored "))] == [
        "grade    ada, 03_dropout: ada.py",
        "grade    cy, 03_dropout: cy/lab.py, not in the roster",
        f"unknown  bob: bob_dropout.txt: {kind}",
        f"unknown  cy: notes.txt: {kind}",
        "unknown  dan: dan.rar: is an archive of a kind that is not opened; expected a zip archive",
        f"unknown  eve: eve.txt: {kind}",
        f"unknown  flo (Flo Fox): Flo Fox.pdf: {kind}",
        f"ignored  notes.txt: {kind}",
    ]


def test_a_note_beside_flat_files_makes_no_row_in_the_gradebook(grade, tmp_path):
    code, _ = grade(built({"ada.py": "right", "notes.txt": "text"}, tmp_path / "in", False), "--exercise", "3")

    assert code == 0
    assert list(gradebook_of(tmp_path / "out")) == ["ada"]


def test_only_the_graded_exercises_are_expected(grade, tmp_path):
    files = {"ada/homework.py": "text", "ada/notes.txt": "text", "cy/dropout.py": "right"}
    _, text = grade(built(files, tmp_path / "in", False), "--exercises", "1-2", "--dry-run")

    assert "unknown  ada: homework.py: is not an exercise file; expected convolution.py, pooling.py" in text
    assert "unknown  ada: notes.txt: is not an exercise file; expected convolution.py, pooling.py" in text
    assert "ignored  cy/dropout.py: belongs to 03_dropout, which is not graded now\n" in text


def test_typed_grades_are_named_with_the_option_that_replaces_them(grade, tmp_path):
    files = {"ashada_101_9001_dropout.py": "wrong", "birkben_102_9002_dropout.py": "wrong"}
    roster = SCENARIOS / "canvas-manual-grades" / "roster.csv"
    _, text = grade(built(files, tmp_path / "in", True), "--roster", roster)
    assert 'typed by a person: 101: "Lab 3: Dropout (48213)" keeps 7.25; graded 5.75' in text
    assert "To replace what a person typed, use --replace-manual." in text


def test_exercise_and_exercises_exclude_each_other(grade, tmp_path):
    code, text = grade(built(FILES, tmp_path / "in", False), "--exercise", "3", "--exercises", "1-3")
    assert (code, "Use --exercise or --exercises, not both." in text) == (2, True)
