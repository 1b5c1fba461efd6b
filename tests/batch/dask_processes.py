"""A Dask cluster as an instructor starts it, with a scheduler and workers of its own, and classes that it grades."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from tests.grading import ROOT
from tests.sandbox.conftest import hear_interrupts

TOY = ROOT / "tests" / "samples" / "toy_course"
RIGHT = TOY / "solutions" / "01_double" / "double.py"
STUB = TOY / "exercises" / "01_double" / "double.py"
WRONG = ROOT / "tests" / "samples" / "toy_submissions" / "halves_the_points" / "double.py"
HANGING = "def double(x):\n    while True:\n        pass\n"
SCHEDULER = (
    "from distributed.cli.dask_scheduler import main\n"
    "main(['--host', '127.0.0.1', '--port', '0', '--no-dashboard', '--scheduler-file', {file!r}])"
)
WORKER = (
    "from distributed.cli.dask_worker import main\n"
    "main(['--scheduler-file', {file!r}, '--no-nanny', '--no-dashboard', '--nthreads', '1', '--host', '127.0.0.1'])"
)


def toy_class(folder, right=1, hanging=False):
    """Write a class of the small course: some right submissions, a wrong one and a stub. One that hangs takes 7 s."""
    files = {f"right{number:03d}": f"{RIGHT.read_text()}# {number}\n" for number in range(right)}
    files |= {"wrong": WRONG.read_text(), "stub": STUB.read_text()}
    if hanging:
        files["hanging"] = HANGING
    for learner, text in files.items():
        (folder / learner).mkdir(parents=True)
        (folder / learner / "double.py").write_text(text)
    return folder


def batch_command(submissions, out, *options):
    return [sys.executable, "-m", "grader", "batch", *map(str, (submissions, "--out", out, "--seed", 3, *options))]


def graded(submissions, out, *options, code=0, env=None):
    """Grade a class, and return what the command prints."""
    done = subprocess.run(
        batch_command(submissions, out, *options), capture_output=True, text=True, cwd=ROOT, env=env, timeout=240
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def started(submissions, out, *options, env=None):
    return subprocess.Popen(
        batch_command(submissions, out, *options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env=env, start_new_session=True, preexec_fn=hear_interrupts,
    )  # fmt: skip


def own_environment(folder):
    """Return an environment whose temporary folder tells which processes belong to a test."""
    (folder / "tmp").mkdir(exist_ok=True)
    return {**os.environ, "TMPDIR": str(folder / "tmp")}


def running_below(folder):
    """Return the processes that have their temporary folder below a folder, as pairs of PID and command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if os.fsencode(f"TMPDIR={folder}") in (path / "environ").read_bytes():
                found.append((int(path.name), (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()))
        except OSError:
            continue
    return found


def dask_workers_below(folder):
    """Return the PIDs of the Dask workers of `local:N`, the first one last: the scheduler was started before them."""
    return sorted(pid for pid, line in running_below(folder) if "local_process" in line)[1:]


def wait_for(what, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def nothing_is_left(folder, seconds=10):
    """Wait until no process and no file of a test is left."""
    wait_for(lambda: not running_below(folder), seconds)
    return os.listdir(folder / "tmp") == []


@contextmanager
def existing_cluster(folder, workers, env, before=""):
    """Run a scheduler and workers; `before` is Python that each worker runs first. Yield the address, and their Popen."""
    file = str(folder / "scheduler.json")
    log = (folder / "dask.log").open("ab")
    started = []

    def start(program):
        started.append(subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=env, stdout=log, stderr=log))
        return started[-1]

    try:
        start(SCHEDULER.format(file=file))
        wait_for(lambda: os.path.exists(file))
        members = [start(before + WORKER.format(file=file)) for _ in range(workers)]
        yield json.loads(Path(file).read_text())["address"], members
    finally:
        for one in reversed(started):
            one.kill()
            one.wait()
        log.close()
        shutil.rmtree(folder / "tmp", ignore_errors=True)
