"""`grade` alone, `grade next`, `grade reset`, `grade solution`, `grade doctor` and `grade completion`."""

import os
import shutil
import subprocess
import sys

import pytest

from grader.cli.examination import Finding, Health, examine
from grader.study.next_step import NextStep, StepKind, next_step
from grader.study.overview import ExerciseProgress
from tests.grading import ROOT
from tests.needs import needs_program


def progress(exercise="01_convolution", earned=None, possible=25.0, cards=10, cards_seen=0, due=0):
    return ExerciseProgress(exercise, earned, possible, None, cards, cards_seen, due, 0, 0)


@pytest.mark.parametrize(
    ("exercises", "questions", "step"),
    [
        ([progress(due=2), progress(due=1)], 5, NextStep(StepKind.REVIEW_CARDS, 3)),
        ([progress()], 5, NextStep(StepKind.ANSWER_QUESTIONS, 5)),
        ([progress(), progress("02_pooling", 3)], 0, NextStep(StepKind.BEGIN_EXERCISE, exercise="01_convolution")),
        ([progress(earned=3)], 0, NextStep(StepKind.CONTINUE_EXERCISE, exercise="01_convolution")),
        ([progress(earned=25)], 0, NextStep(StepKind.LEARN_CARDS)),
        ([progress(earned=25, cards_seen=10)], 0, NextStep(StepKind.NOTHING)),
    ],
)
def test_what_comes_next(exercises, questions, step):
    assert next_step(exercises, questions) == step
    assert "grade " in step.sentence("grade {}".format)


def test_grade_alone_says_where_you_stand_and_what_comes_next(run, here):
    result = run()

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[-3:] == [  # the commands fill a screen, and what comes last stays on it
        "0 / 100 points. 0 of 7 exercises complete. 0 cards are due.",
        "Open: exercise 0, Why CNNs (10 points).",
        "Next: read the lesson and start exercise 0: grade lesson 0, then grade start 0. Or type: grade next",
    ]
    assert "Solve exercises:" in lines
    assert "  watch       Grade your file after every save, on one screen." in lines


def test_grade_alone_works_without_a_record(run, here, own_record):
    own_record.write_text("not a database, but longer than a header")

    result = run()

    assert result.exit_code == 0
    assert "Next: grade list" in result.stdout


def test_next_begins_an_exercise_and_then_grades_it(run, here, worker, shared_worker):
    worker(shared_worker)

    first = run("next")
    assert first.exit_code == 0
    assert "Exercise 0: Why CNNs. The lesson is here: grade lesson 0" in first.stdout
    assert "Wrote why_cnns.py" in first.stdout
    assert "grade watch" in first.stdout

    second = run("next")  # in a pipe it grades
    assert second.exit_code == 1
    assert "00 Why CNNs    not started    10 points" in second.stdout


def test_next_passes_the_course_on(toy, run, here):
    result = run("next", "--course", toy)

    assert "Wrote double.py" in result.stdout


def test_reset_saves_the_file_and_puts_a_fresh_stub(toy, run, here):
    stub = (toy / "exercises" / "01_double" / "double.py").read_bytes()
    (here / "double.py").write_text("my work\n")

    result = run("reset", "1", "--course", toy)

    assert result.exit_code == 0
    assert result.stdout == (
        "Your file is now double_saved_1.py. double.py is a fresh stub.\n"
        "To get it back: mv double_saved_1.py double.py\n"
        "Next: grade watch 1 --course toy\n"
    )
    assert (here / "double.py").read_bytes() == stub
    assert (here / "double_saved_1.py").read_text() == "my work\n"


def test_a_second_reset_keeps_the_first_saved_file(toy, run, here):
    for text in ("first\n", "second\n"):
        (here / "double.py").write_text(text)
        run("reset", "1", "--course", toy)

    assert (here / "double_saved_1.py").read_text() == "first\n"
    assert (here / "double_saved_2.py").read_text() == "second\n"


def test_a_fresh_stub_is_not_saved(toy, run, here):
    run("start", "1", "--course", toy)

    result = run("reset", "1", "--course", toy)

    assert result.stdout == "double.py is the fresh stub already. Nothing was changed.\n"
    assert sorted(os.listdir(here)) == ["double.py", "toy"]


def test_reset_without_a_file_says_how_to_begin(toy, run):
    result = run("reset", "1", "--course", toy)

    assert result.exit_code == 2
    assert "To begin: grade start 1" in result.stderr


def test_reset_never_changes_the_stub_of_the_course(toy, run, monkeypatch):
    monkeypatch.chdir(toy)
    stub = toy / "exercises" / "01_double" / "double.py"
    before = stub.read_bytes()

    result = run("reset", "1", "--course", toy)

    assert result.exit_code == 0
    assert "is the fresh stub already" in result.stdout
    assert stub.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_reset_changes_nothing_if_it_cannot_save(toy, run, here):
    (here / "double.py").write_text("my work\n")
    here.chmod(0o500)

    result = run("reset", "1", "--course", toy)

    here.chmod(0o700)
    assert result.exit_code == 2
    assert "Nothing was changed." in result.stderr
    assert (here / "double.py").read_text() == "my work\n"


def test_a_notebook_is_reset_to_a_notebook(toy, run, here):
    run("start", "1", "--notebook", "--course", toy)
    fresh = (here / "double.ipynb").read_bytes()
    (here / "double.ipynb").write_text("{}")

    run("reset", "1", "--course", toy)

    assert (here / "double.ipynb").read_bytes() == fresh
    assert (here / "double_saved_1.ipynb").read_text() == "{}"


def test_a_saved_file_is_not_found_as_a_copy(toy, run, here):
    (here / "double_saved_1.py").write_text("def double(x): return 2 * x\n")

    result = run("exercise", "1", "--course", toy)

    assert result.exit_code == 2
    assert "Did you mean" not in result.stderr


def test_the_solution_is_shown_after_all_points(toy, run, sample):
    reference = (toy / "solutions" / "01_double" / "double.py").read_text()

    never = run("solution", "1", "--course", toy)
    assert never.exit_code == 2
    assert "Exercise 1 was not graded here yet. The solution is shown once you have all 5 points." in never.stderr

    run("exercise", "1", sample("adds_two"), "--course", toy)
    partly = run("solution", "1", "--course", toy)
    assert partly.exit_code == 2
    assert "your best result so far is 2. For a hint: grade hint 1" in partly.stderr
    assert "def double" not in partly.stdout

    run("exercise", "1", sample("right"), "--course", toy)
    assert run("solution", "1", "--course", toy).stdout == reference

    run("exercise", "1", sample("adds_two"), "--course", toy)  # the best result counts, not the last
    assert run("solution", "1", "--course", toy).stdout == reference


def test_a_course_without_solutions_says_so(toy, run):
    (toy / "solutions" / "01_double" / "double.py").unlink()

    result = run("solution", "1", "--course", toy)

    assert result.exit_code == 2
    assert "This course contains no solution of exercise 1. Ask your instructor." in result.stderr


@pytest.fixture
def findings(monkeypatch):
    """What `grade doctor` finds, by subject, without starting a sandbox."""
    import grader.cli.examination as examination

    monkeypatch.setattr(examination, "_start", lambda flavour, isolation: None)
    return lambda width=80, ascii_only=False: {one.subject: one for one in examine(width, ascii_only=ascii_only)}


def test_a_healthy_machine(findings, here):
    found = findings()

    assert found["Python"].health is not Health.BROKEN
    assert found["NumPy"].health is Health.FINE
    assert found["Sandbox"] == Finding("Sandbox", Health.FINE, "namespaces")
    assert {"TensorFlow", "Terminal", "Speech", "This folder", "Temporary folder", "Your record"} <= set(found)


def test_each_fault_says_how_to_mend_it(findings, here, monkeypatch, own_record):
    import grader.cli.examination as examination
    from grader.sandbox import IsolationError, Refusal

    def refuse(flavour, isolation):
        error = IsolationError("no user namespaces", Refusal.USER_NAMESPACES)
        error.isolation = isolation
        raise error

    monkeypatch.setattr(examination, "_start", refuse)
    monkeypatch.setenv("PATH", "/nonexistent")
    own_record.write_text("not a database, but longer than a header")
    found = findings_of(examination, width=30, ascii_only=True)

    for subject in ("Terminal", "Speech", "Your record", "Sandbox"):
        assert found[subject].health is not Health.FINE, subject
        assert found[subject].advice, subject
    assert found["Sandbox"].health is Health.BROKEN
    assert "kernel.apparmor_restrict_unprivileged_userns" in found["Sandbox"].advice


def findings_of(examination, width, ascii_only):
    return {one.subject: one for one in examination.examine(width, ascii_only=ascii_only)}


def test_doctor_ends_with_1_if_something_is_broken(run, here, findings, own_record):
    assert run("doctor").exit_code == 0
    own_record.write_text("not a database, but longer than a header")

    result = run("doctor")

    assert result.exit_code == 1
    assert "broken  Your record: " in result.stdout
    assert result.stdout.endswith("Something is broken. Fix it, then run grade doctor again.\n")


def completed(folder, shell, words):
    """What the shell protocol of click offers for a line."""
    environment = {**os.environ, "_GRADE_COMPLETE": f"{shell}_complete", "COMP_WORDS": words}
    environment["COMP_CWORD"] = str(len(words.split()) - (not words.endswith(" ")))
    if shell == "fish":
        environment["COMP_CWORD"] = "" if words.endswith(" ") else words.split()[-1]
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'grade'; from grader.cli import main; main()"],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        timeout=60,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("grade wat", ["plain,watch"]),
        ("grade watch ", [f"plain,{number}" for number in range(7)]),
        ("grade watch drop", ["plain,dropout"]),
        ("grade exercise 03", ["plain,03_dropout"]),
        ("grade hint ", [f"plain,{number}" for number in range(7)]),
        ("grade start pool", ["plain,pooling"]),
        ("grade completion f", ["plain,fish"]),
    ],
)
def test_bash_completes_commands_and_exercises(tmp_path, words, offered):
    assert completed(tmp_path, "bash", words).splitlines() == offered


def test_zsh_and_fish_show_what_a_number_means(tmp_path):
    assert "3\ndropout" in completed(tmp_path, "zsh", "grade watch ")
    assert "plain,3\tdropout" in completed(tmp_path, "fish", "grade watch ")


def test_the_script_works_in_bash(tmp_path):
    bash = needs_program("bash", "completes a word")
    script = subprocess.run(
        [sys.executable, "-m", "grader", "completion", "bash"], capture_output=True, text=True, timeout=60, cwd=ROOT
    ).stdout
    grade = tmp_path / "bin" / "grade"
    grade.parent.mkdir()
    grade.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'from grader.cli import main; main()' \"$@\"\n")
    grade.chmod(0o755)
    ask = 'COMP_WORDS=(grade watch drop); COMP_CWORD=2; _grade_completion grade; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        [bash, "-c", f"{script}\n{ask}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": f"{grade.parent}:{os.environ['PATH']}"},
        timeout=60,
        cwd=ROOT,
    )

    assert done.stdout == "dropout\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(run, shell):
    result = run("completion", shell)

    assert result.exit_code == 0
    assert "_GRADE_COMPLETE" in result.stdout
    if program := shutil.which(shell):
        flag = "--no-execute" if shell == "fish" else "-n"
        checked = subprocess.run([program, flag], input=result.stdout, capture_output=True, text=True, timeout=60)
        assert checked.returncode == 0, checked.stderr
