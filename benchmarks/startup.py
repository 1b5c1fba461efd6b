"""Compare `grade --help` with importing click, and `grade exercise 3` with plain pytest without a sandbox.

python -m benchmarks.startup
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks.paired import Timing, machine, paired, python

ROOT = Path(__file__).parents[1]
LEARNER = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
CONFTEST = """
import runpy

import pytest

from grader.checks import direct, generator_for
from grader.course import load_course

EXERCISE = load_course({root!r}).find("dropout")


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


def main() -> None:
    """Print the two comparisons."""
    print(machine())
    show("grade --help", "import click", paired(python("-m", "grader", "--help"), python("-c", "import click"), 21))
    with tempfile.TemporaryDirectory() as folder:
        checks = Path(folder) / "test_dropout.py"
        checks.write_text((ROOT / "tests/hidden/03_dropout/test_dropout.py").read_text())
        conftest = CONFTEST.format(root=ROOT, learner=str(LEARNER)).replace("PosixPath", "__import__('pathlib').Path")
        (Path(folder) / "conftest.py").write_text(conftest)
        plain = python(
            "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, "-c", "/dev/null", str(checks)
        )
        graded = python("-m", "grader", "exercise", "3", str(LEARNER))
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # plain pytest does not load the plugins of our own tests
        show("grade exercise 3", "plain pytest", paired(graded, plain))


def show(name: str, other: str, timing: Timing) -> None:
    """Print one line."""
    print(
        f"{name}: {timing.wall_seconds:.3f} s; {other}: {timing.other_wall_seconds:.3f} s; "
        f"ratio {timing.ratio:.2f} (median of {timing.runs} pairs)"
    )


if __name__ == "__main__":
    main()
