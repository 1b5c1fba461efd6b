"""Each grader on the same class: ours, plain pytest, nbgrader and otter-grader."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from xml.etree import ElementTree

from benchmarks.graded_class import Failed, GradedClass
from benchmarks.plain_folder import PARTS, checks_of, scored_checks, translated
from benchmarks.usage import TaskClock, Usage, measured, median_latency
from grader.course import Exercise

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
OTTER_TEST = """
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = 1


@test_case(points=1)
def check(env):
    from plain_checks import run_check

    run_check({name!r}, env)
"""


@dataclass(frozen=True)
class Measured:
    """One tool on one class. `latency_seconds` is the time from the command to the result of one learner."""

    tool: str
    size: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    latency_seconds: float
    failed: Failed

    @property
    def wall_each(self) -> float:
        """Seconds per submission."""
        return self.wall_seconds / self.size

    @classmethod
    def of(cls, tool: str, size: int, usages: Sequence[Usage], latency: float, failed: Failed) -> Measured:
        """Return the sum over several commands."""
        wall = sum(one.wall_seconds for one in usages)
        cpu = sum(one.cpu_seconds for one in usages)
        return cls(tool, size, wall, cpu, max(one.peak_bytes for one in usages), latency, failed)


@dataclass(frozen=True)
class Room:
    """The folder in which a peer works, the programs of its environment and the exercise."""

    home: Path
    programs: Path
    variables: Mapping[str, str]
    exercise: Exercise
    clock: TaskClock

    @property
    def checks(self) -> list[str]:
        """The names of the checks."""
        return checks_of(self.exercise)

    def program(self, name: str) -> str:
        """Return the path of a program of the environment."""
        return str(self.programs / name)

    def run(self, *command: str) -> str:
        """Run a step without measuring it, and return its output."""
        done = subprocess.run(command, cwd=self.home, env=self.variables, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
        return done.stdout


def ours(home: Path, exercise: Exercise, learners: Sequence[str], clock: TaskClock) -> Measured:
    """Run the whole command, with isolation, pages and tables."""
    graded = GradedClass(home, exercise, learners)
    grade = [sys.executable, "-m", "grader"]
    variables = {**os.environ, "CNN_GRADER_STATE": str(home / "state")}  # not the record of the person who runs this
    one = [*grade, "exercise", exercise.key, str(graded.file(1))]
    latency = median_latency(clock, one, home, variables, frozenset({1}))
    usage = measured(clock, [*grade, *graded.arguments()], home)
    return Measured.of("grade batch --workers 2", len(learners), [usage], latency, graded.failed())


def plain_pytest(room: Room, learners: Sequence[str]) -> Measured:
    """Run pytest in one process per submission: even numbers are right, odd numbers wrong."""
    shutil.copy(PARTS / "fixtures.py", room.home / "conftest.py")
    (room.home / "test_checks.py").write_text(translated(room.exercise), encoding="utf-8")
    files = [room.home / f"learner{number}.py" for number in range(len(learners))]
    for file, text in zip(files, learners, strict=True):
        file.write_text(text, encoding="utf-8")
    quiet = ["-q", "-p", "no:cacheprovider", "--rootdir", ".", "-c", os.devnull, "--junitxml=result.xml"]
    command = [room.program("pytest"), *quiet, "test_checks.py"]
    scored = scored_checks(room.exercise)

    def grade(number: int) -> Usage:
        variables = {**room.variables, "LEARNER": str(files[number])}
        return measured(room.clock, command, room.home, variables, frozenset({0, 1}))

    grade(0)
    usages, failed = [], {}
    for number in range(len(learners)):
        usages.append(grade(number))
        cases = list(ElementTree.parse(room.home / "result.xml").iter("testcase"))
        refuse_unless_all_ran([str(case.get("name")) for case in cases], room)
        failed[number] = frozenset(str(case.get("name")) for case in cases if len(case)) & scored
    latency = median(one.wall_seconds for one in usages)
    return Measured.of("pytest, a process each", len(learners), usages, latency, failed)


def nbgrader(room: Room, learners: Sequence[str]) -> Measured:
    """Run `nbgrader autograde` on the whole class."""
    for name, text in [("warm", learners[0]), *((f"l{i:04d}", text) for i, text in enumerate(learners))]:
        write_notebook(room.home / "submitted" / name / "dropout", text, room.checks)
    stub = "def dropout(x, rate, training, rng):\n    raise NotImplementedError"
    write_notebook(room.home / "source" / "dropout", stub, room.checks)
    (room.home / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'x'\n", encoding="utf-8"
    )
    tool = room.program("nbgrader")
    room.run(tool, "generate_assignment", "dropout")
    room.run(tool, "autograde", "dropout", "--student", "warm")
    usage = measured(
        room.clock, [tool, "autograde", "dropout"], room.home, room.variables
    )  # "warm" is graded already and skipped
    scores = json.loads(room.run(room.program("python"), "-c", NBGRADER_SCORES))
    failed = {}
    for number in range(len(learners)):
        cells = scores[f"l{number:04d}"]
        refuse_unless_all_ran(list(cells), room)
        failed[number] = frozenset(name for name, score in cells.items() if not score)
    one = [tool, "autograde", "dropout", "--student", "l0001", "--force"]
    latency = median_latency(room.clock, one, room.home, room.variables)
    return Measured.of("nbgrader autograde", len(learners), [usage], latency, failed)


NBGRADER_SCORES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({
        each.student.id: {grade.name: grade.auto_score for grade in each.notebooks[0].grades}
        for each in book.assignment_submissions("dropout")
    }))
"""


def write_notebook(folder: Path, text: str, checks: Sequence[str]) -> None:
    """Write a notebook with a cell for the solution and a graded cell for each check."""
    cells = [cell(text, "solution", grade=False, solution=True, locked=False)]
    for name in checks:
        code = f"from plain_checks import run_check\nrun_check({name!r}, globals())"
        cells.append(cell(code, name, grade=True, solution=False, locked=True, points=1))
    folder.mkdir(parents=True)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": KERNEL, "cells": cells}
    (folder / "dropout.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def cell(code: str, identifier: str, **known: object) -> dict[str, object]:
    """Return a cell of a notebook that has not run."""
    metadata = {"nbgrader": {"schema_version": 3, "grade_id": identifier, "task": False, **known}}
    empty = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**empty, "id": identifier, "metadata": metadata, "source": code}


def otter(room: Room, learners: Sequence[str]) -> Measured:
    """Run `otter run` once per submission."""
    (room.home / "tests").mkdir()
    for name in room.checks:
        (room.home / "tests" / f"{name}.py").write_text(OTTER_TEST.format(name=name), encoding="utf-8")
    tool = room.program("otter")
    room.run(tool, "generate", "-t", "tests", "-o", "autograder.zip", "--no-requirements", "--no-environment")
    usages, failed = [], {}
    for number, text in [(-1, learners[0]), *enumerate(learners)]:  # the first one fills the disk cache
        place = room.home / f"l{number:04d}"
        place.mkdir()
        (place / "dropout.py").write_text(text, encoding="utf-8")
        command = [tool, "run", "-a", "../autograder.zip", "-o", ".", "dropout.py"]
        usage = measured(room.clock, command, place, room.variables)
        results = json.loads((place / "results.json").read_text(encoding="utf-8"))
        scores = {test["name"]: test["score"] for test in results["tests"] if "score" in test}
        refuse_unless_all_ran(list(scores), room)
        if number >= 0:
            usages.append(usage)
            failed[number] = frozenset(name for name, score in scores.items() if not score)
    latency = median(one.wall_seconds for one in usages)
    return Measured.of("otter run", len(learners), usages, latency, failed)


def refuse_unless_all_ran(names: Sequence[str], room: Room) -> None:
    """Exit if a check is missing, because it would count as passed."""
    if sorted(names) != sorted(room.checks):
        sys.exit(f"{room.home.name} ran {sorted(names)}, expected {sorted(room.checks)}")
