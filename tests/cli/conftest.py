"""The commands on a small course, with a worker that runs our own sample solutions in this process."""

import shutil
from pathlib import Path
from typing import ClassVar

import click
import pytest
from click.testing import CliRunner

import grader.grading
from grader.checks import CheckOutcome, DirectCaller, Verdict
from grader.checks.session import CheckSession, RunContext
from grader.cli.entry import grade
from grader.cli.known_courses import remember_course
from grader.report import Output, build_report
from grader.scoring import none_ran, score
from grader.submission import Problem, screen

SAMPLES = Path(__file__).parents[1] / "samples"
TOY = SAMPLES / "toy_course"


class FakeWorker:
    """Grades our own samples without a sandbox."""

    fallback = ""
    made: ClassVar[list[object]] = []  # the isolation that each was asked for

    def __init__(self, exercise, isolation=None, side_by_side=False):
        self._exercise = exercise
        self.made.append(isolation)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def grade(self, submission, seed, tell=None):
        rubric = self._exercise.rubric
        (file,) = submission.files
        seen = screen(file.text, file.name)
        problems = (seen,) if isinstance(seen, Problem) else ()
        if problems:
            outcomes = none_ran(rubric, "it could not be run")
        else:
            namespace = {}
            exec(file.text, namespace)
            reference = self._exercise.reference()
            ours = DirectCaller({name: getattr(reference, name) for name in rubric.functions})
            outcomes = CheckSession(self._exercise).run(RunContext(DirectCaller(namespace), seed, ours))
        return build_report(
            rubric,
            submission,
            score(rubric, outcomes),
            isolation="process",
            seed=seed,
            course_hash=self._exercise.content_hash(),
            problems=problems,
            output=Output(stdout="", stderr="", truncated=False),
            timings={"grading": 0.25},
        )


class BrokenCheckWorker(FakeWorker):
    """One of its checks breaks by itself."""

    def grade(self, submission, seed, tell=None):
        rubric = self._exercise.rubric
        return build_report(
            rubric,
            submission,
            score(rubric, [CheckOutcome("test_double", "Doubles.", Verdict.GRADER_FAULT, "ZeroDivisionError: oops")]),
            isolation="process",
            seed=seed,
            course_hash=self._exercise.content_hash(),
        )


@pytest.fixture
def worker(monkeypatch):
    """Makes `grade exercise` use a worker of another class."""

    def _use(kind):
        monkeypatch.setattr(grader.grading, "Worker", kind)
        kind.made = []
        return kind

    return _use


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("GRADE_DEBUG", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def toy(here, worker):
    """A copy of the small course in the current folder, and the worker without a sandbox."""
    worker(FakeWorker)
    shutil.copytree(TOY, here / "toy")
    remember_course(here / "toy")
    return here / "toy"


@pytest.fixture
def run():
    """`run("exercise", "1")` gives what the command prints and its exit code."""

    def _run(*arguments):
        result = CliRunner().invoke(grade, [str(argument) for argument in arguments], prog_name="grade")
        if result.exception is not None and not isinstance(result.exception, SystemExit | click.exceptions.Exit):
            raise result.exception
        return result

    return _run


@pytest.fixture
def sample():
    """The sample solution of that name."""
    return lambda name: SAMPLES / "toy_submissions" / name / "double.py"


@pytest.fixture
def broken_check_worker():
    return BrokenCheckWorker


@pytest.fixture
def fake_worker():
    return FakeWorker


@pytest.fixture
def toy_course():
    return TOY


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory, monkeypatch):
    """What hints were told is kept apart from the user's own; our small course was announced before."""
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path_factory.mktemp("state")))
    remember_course(TOY)
