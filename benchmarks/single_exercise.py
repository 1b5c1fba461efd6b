"""Compare `grade exercise 3` with plain pytest, which runs the same checks without a sandbox, as whole processes.

One submission is the reference, the other the wrong sample of `tests/samples`. `grade` also explains its mistakes, and
pytest does not. It runs the hidden checks unchanged, with our assertions, on functions in its own process. It loads no
plugins.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from benchmarks.paired import Session, python, seconds_of
from benchmarks.row import Row

ROOT = Path(__file__).parents[1]
RIGHT = ROOT / "solutions" / "03_dropout" / "dropout.py"
WRONG = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
PAIRS = 21
GOAL = 0.9
CONFTEST = """
import runpy
from pathlib import Path

import pytest

from grader.checks import direct, generator_for
from grader.course import load_course

EXERCISE = load_course(Path({root!r})).find("dropout")


@pytest.fixture(scope="session")
def reference():
    return EXERCISE.reference()


@pytest.fixture(scope="session")
def submission(reference):
    return direct(EXERCISE.rubric, runpy.run_path({learner!r}), reference)


@pytest.fixture
def rng(request):
    return generator_for(2012, EXERCISE.key, request.node.name, 0)
"""


def measure(session: Session) -> list[Row]:
    """Return a row for a right file and one for a wrong file."""
    return [_row(session, "right", RIGHT, 0), _row(session, "wrong", WRONG, 1)]


def _row(session: Session, kind: str, file: Path, exit_code: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "tests" / "hidden" / "03_dropout" / "test_dropout.py", folder)
        Path(folder, "conftest.py").write_text(CONFTEST.format(root=str(ROOT), learner=str(file)), encoding="utf-8")
        quiet = ("-q", "-p", "no:cacheprovider", "--rootdir", folder, "-c", os.devnull)
        plain = python("-m", "pytest", *quiet, str(Path(folder, "test_dropout.py")))
        without_plugins = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # those of our own tests
        record = {"CNN_GRADER_STATE": str(Path(folder, "state"))}  # not the record of the person who runs this
        graded = python("-m", "grader", "exercise", "3", str(file))
        exit_codes = frozenset({exit_code})
        timing = session.in_turn(
            lambda: seconds_of(graded, record, exit_codes),
            lambda: seconds_of(plain, without_plugins, exit_codes),
            PAIRS,
        )
    return Row.at_most(f"`grade exercise 3`, a {kind} file", "plain `pytest` without a sandbox", timing, GOAL)
