"""A batch removes its temporary folder, however it and its workers end."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from grader.sandbox.scratch import remove_folder
from tests.grading import ROOT
from tests.sandbox.conftest import descendants, hear_interrupts

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = TOY / "solutions" / "01_double" / "double.py"
SLOW = "import time\nopen('begun', 'w').close()\ntime.sleep(0.6)\n"
ENDLESS = "open('begun', 'w').close()\nwhile True:\n    pass\n"


@pytest.fixture
def batch(tmp_path):
    """`batch(text)` starts a batch over one file, and waits until its program runs."""
    (tmp_path / "hand_ins" / "zoe").mkdir(parents=True)
    (tmp_path / "tmp").mkdir()
    started = []

    def _batch(text):
        (tmp_path / "hand_ins" / "zoe" / "double.py").write_text(text + RIGHT.read_text())
        command = [
            sys.executable, "-m", "grader", "batch", tmp_path / "hand_ins", "--course", TOY, "--workers", "1",
            "--out", tmp_path / "results", "--isolation", "process",
        ]  # fmt: skip
        run = subprocess.Popen(
            [*map(str, command)],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=hear_interrupts,
        )
        started.append(run)
        wait_for(lambda: list((tmp_path / "tmp").rglob("begun")))
        return run

    yield _batch
    for run in started:
        run.kill()
        run.communicate()


def wait_for(what, seconds=30):
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def left(tmp_path):
    return os.listdir(tmp_path / "tmp")


def test_nothing_is_left_after_a_complete_batch(batch, tmp_path):
    assert batch("open('begun', 'w').close()\n" + "import time\ntime.sleep(0.3)\n").wait(60) == 0
    assert left(tmp_path) == []


def test_nothing_is_left_after_an_interrupt(batch, tmp_path):
    run = batch(ENDLESS)
    run.send_signal(signal.SIGINT)
    assert run.wait(30) == 130
    assert left(tmp_path) == []


def test_nothing_is_left_after_a_worker_was_killed(batch, tmp_path):
    run = batch(SLOW)
    worker = next(pid for pid in descendants(run.pid) if "grader.batch.serve" in _command_of(pid))
    os.kill(worker, signal.SIGKILL)
    assert run.wait(60) == 0
    assert left(tmp_path) == []


def _command_of(pid):
    """Return the command line of a process; an empty text if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@pytest.fixture
def nobody():
    """Run as another user than root, because root can open every folder."""
    if os.getuid() == 0:
        os.seteuid(65534)
        yield
        os.seteuid(0)
    else:
        yield


def test_a_folder_that_a_submission_closed_is_removed(nobody):
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    (folder / "closed" / "inner").mkdir(parents=True)
    (folder / "closed" / "inner").chmod(0)
    (folder / "closed").chmod(0)

    remove_folder(str(folder))

    assert not folder.exists()
