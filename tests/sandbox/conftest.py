import gc
import os
import signal
import subprocess
from pathlib import Path

import pytest

from grader.sandbox import Isolation, IsolationError, Limits, Sandboxed, Zygote
from grader.submission import SourceFile, Submission

LIMITS = Limits(call_seconds=1.0, load_seconds=1.0, submission_seconds=20.0, cpu_seconds=5, memory_bytes=256 * 2**20)


def _zygote(isolation):
    try:
        zygote = Zygote("numpy", isolation)
        zygote.fork(LIMITS).close()
    except IsolationError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"this machine has no {isolation}: {error}")
    return zygote


@pytest.fixture(autouse=True, scope="module")
def little_to_collect():
    """Keep the garbage collector from searching the objects of earlier tests after each test here."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def namespaces():
    """A zygote in namespaces, as in a batch."""
    with _zygote(Isolation.NAMESPACES) as zygote:
        yield zygote


@pytest.fixture(scope="session", params=list(Isolation))
def zygote(request):
    """A zygote of each kind."""
    with _zygote(request.param) as zygote:
        yield zygote


@pytest.fixture
def run():
    """`run(zygote, source)` returns the loaded submission with that source. Its child ends with the test."""
    opened = []

    def _run(zygote, source, limits=LIMITS):
        functions = [line.split("(")[0][4:] for line in source.splitlines() if line.startswith("def ")]
        submission = Submission(
            learner="someone", exercise="01_toy", files=(SourceFile(name="toy.py", text=source),), sha256="0" * 64
        )
        sandboxed = Sandboxed(zygote, submission, "toy", functions, limits)
        opened.append(sandboxed)
        sandboxed.load()
        return sandboxed

    yield _run
    for sandboxed in opened:
        sandboxed.close()
    gc.collect()


def processes_named(text):
    """Return the command lines of running processes that contain `text`."""
    listing = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if text in line]


def hear_interrupts():
    """Accept SIGINT, as a `preexec_fn`: a shell starts a background job so that it ignores the signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def descendants(pid):
    """Return the PIDs of all processes below `pid`."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found
