"""The commands on a small course, with the real worker in a sandbox that all tests share."""

import shutil
from pathlib import Path
from typing import ClassVar

import click
import pytest
from click.testing import CliRunner

import grader.grading
from grader.cli.entry import grade
from grader.cli.known_courses import remember_course
from grader.cli.user_state import record_path
from grader.grading.worker import Worker
from grader.sandbox import Isolation, Zygote
from grader.study.learning_record import LearningRecord

SAMPLES = Path(__file__).parents[1] / "samples"
TOY = SAMPLES / "toy_course"


class SharedZygoteWorker(Worker):
    """The real worker; all tests share one zygote, and `made` lists the isolation that each test asked for."""

    zygote: ClassVar[Zygote]
    made: ClassVar[list[Isolation | None]] = []

    def __init__(self, exercise, isolation=None, side_by_side=False):
        self.made.append(isolation)
        super().__init__(exercise, zygote=self.zygote, side_by_side=side_by_side)


@pytest.fixture(scope="session")
def zygote():
    """A zygote in a plain process, which every machine can start."""
    with Zygote("numpy", Isolation.PROCESS, [TOY]) as zygote:
        yield zygote


@pytest.fixture
def worker(monkeypatch, zygote):
    """Makes `grade exercise` use a worker of another class."""

    def _use(kind):
        monkeypatch.setattr(grader.grading, "Worker", kind)
        kind.zygote, kind.made = zygote, []
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
    """A copy of the small course in the current folder, and the worker for it."""
    worker(SharedZygoteWorker)
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
def record():
    """`record()` opens this user's learning record."""
    return lambda: LearningRecord(record_path())


@pytest.fixture
def shared_worker():
    return SharedZygoteWorker


@pytest.fixture
def toy_course():
    return TOY


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory, monkeypatch):
    """What hints were told is kept apart from the user's own; our small course was announced before."""
    monkeypatch.setenv("CNN_GRADER_STATE", str(tmp_path_factory.mktemp("state")))
    remember_course(TOY)


@pytest.fixture
def own_record():
    """The path of the learner's record in this test."""
    return record_path()
