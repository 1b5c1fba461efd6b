"""Ctrl-C ends `grade` with exit code 130, whenever it comes.

A hook sends the signal at a chosen import, not after a chosen time. So each moment is the same in each run.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.conftest import hear_interrupts

COURSE = Path(__file__).parents[1] / "samples" / "toy_course"
RIGHT = COURSE / "solutions" / "01_double" / "double.py"
ARGUMENTS = ("exercise", "1", str(RIGHT), "--course", str(COURSE), "--isolation", "process")
NEVER = 10**9

HOOK = '''
import atexit, os, sys
last, counts, seen = int(os.environ["INTERRUPT_AT"]), os.environ["COUNT_IMPORTS"], 0

def count(event, arguments):
    """Interrupt at the chosen import: within the `exec` of a text, as in the body of a dataclass."""
    global seen
    if event == "import" and (seen or arguments[0] == "grader.cli.entry"):
        seen += 1
        if seen == last:
            exec("import os, signal; os.kill(os.getpid(), signal.SIGINT); [one for one in range(1000)]")

def report():
    if counts:
        with open(counts, "w") as file:
            file.write(str(seen))

atexit.register(report)
sys.addaudithook(count)
'''


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """`graded(at)` grades a right answer, interrupted at an import; without one, it gives their number as well."""
    folder = tmp_path_factory.mktemp("hook")
    (folder / "sitecustomize.py").write_text(HOOK)

    def _graded(at, counts=""):
        variables = {"PYTHONPATH": str(folder), "INTERRUPT_AT": str(at), "COUNT_IMPORTS": str(counts)}
        return subprocess.run(
            [sys.executable, "-m", "grader", *ARGUMENTS],
            env={**os.environ, **variables},
            preexec_fn=hear_interrupts,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return _graded


@pytest.fixture(scope="module")
def imports(graded, tmp_path_factory):
    """The number of imports of a run that nobody interrupts."""
    counts = tmp_path_factory.mktemp("counts") / "imports"
    done = graded(NEVER, counts)
    assert done.returncode == 0, done.stderr
    return int(counts.read_text())


def assert_stopped(done, at):
    assert done.returncode == 130, f"at import {at}: {done.returncode} {done.stderr}"
    assert "Traceback" not in done.stderr, f"at import {at}: {done.stderr}"


@pytest.mark.parametrize("tenth", [0, 4, 7, 9])
def test_an_interrupted_grading_ends_with_130(graded, imports, tenth):
    at = 1 + imports * tenth // 10
    assert_stopped(graded(at), at)


@pytest.mark.thorough
def test_fifty_interrupts_end_with_130(graded, imports):
    for number in range(50):
        at = 1 + imports * number // 50
        assert_stopped(graded(at), at)


def test_a_second_interrupt_does_not_change_the_end():
    """The message is being written when it comes."""
    code = (
        "import os, signal, sys, click\n"
        "sys.argv[1:] = ['list']\n"
        "def interrupt(*_, **__):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "from grader.cli import entry, main\n"
        "entry.grade.main = entry.note = interrupt\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], preexec_fn=hear_interrupts, capture_output=True, check=False)
    assert done.returncode == 130


def test_only_a_command_that_was_interrupted_becomes_deaf():
    code = (
        "import signal\n"
        "from grader.cli import entry, main\n"
        "entry.run_script = lambda: 0\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, preexec_fn=hear_interrupts, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
