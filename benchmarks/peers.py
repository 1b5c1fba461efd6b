"""`grade batch` against otter-grader, nbgrader and plain pytest: the same checks, the same submissions, one run.

python benchmarks/peers.py [--submissions 20] [--large 400] [--cache FOLDER] [--print-only]

Each of the others gets an environment of its own, made once below the cache, and is used as its documentation says:
`nbgrader autograde` on the whole class, `otter run` and `pytest` once for each submission. The checks are the hidden
tests of exercise 3, word for word, on assertions that need NumPy alone (`peers/plain_checks.py`): nobody else pays
for importing our package. There they run, as they must, in the learner's process.

Everything is void, and nothing is written, unless each tool fails exactly the checks that ours fails, for every
submission.

Processor time is the kernel's task clock, inherited by all that a command starts, whoever waits for it; other work on
the machine does not count, though it takes wall time. What wait4(2) tells is too little: the kernel drops the usage
of whatever is alive when a PID namespace ends, which is most of what runs in our sandbox. The peak is from wait4: that
of the largest single process, not a sum, and of ours without what is in the sandbox.
"""

from __future__ import annotations

import argparse
import ctypes
import inspect
import json
import os
import platform
import re
import runpy
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from xml.etree import ElementTree

from benchmarks.paired import machine

ROOT = Path(__file__).parents[1]
PARTS = ROOT / "benchmarks" / "peers"
README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
CHECKS = ROOT / "tests" / "hidden" / "03_dropout" / "test_dropout.py"
SOLUTION = ROOT / "solutions" / "03_dropout"
RIGHT = [SOLUTION / "dropout.py", *sorted((ROOT / "tests" / "right_answers" / "03_dropout").glob("*.py"))]
SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
COMMON = [f"numpy=={version('numpy')}"]  # ours, so that nobody gains by another version
PEERS = {
    "nbgrader": ["nbgrader>=0.9.5,<1", "ipykernel", *COMMON],
    "otter-grader": ["otter-grader>=6,<8", "ipykernel", *COMMON],
    "pytest": [f"pytest=={version('pytest')}", *COMMON],
}
LATENCY_RUNS = 5
LIMIT_SECONDS = 1800.0  # the slowest command, nbgrader on 20, needs 40
ORPHAN_SECONDS = 10.0  # for what a command left behind to end
ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}  # the number of the system call
SOFTWARE, TASK_CLOCK, ATTRIBUTE_BYTES = 1, 1, 128
INHERIT, EXCLUDE_KERNEL, EXCLUDE_HYPERVISOR = 1 << 1, 1 << 5, 1 << 6  # the last two are asked of everybody but root
CLOSE_ON_EXEC = 1 << 3
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

Failed = Mapping[int, frozenset[str]]  # the failed checks of each submission


@dataclass(frozen=True)
class Usage:
    """Of one command with all that it started."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Measured:
    """One tool on one class; `latency_seconds` is from the shell to one learner's result."""

    tool: str
    size: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    latency_seconds: float
    failed: Failed

    @property
    def wall_each(self) -> float:
        """Seconds a submission."""
        return self.wall_seconds / self.size

    @classmethod
    def of(cls, tool: str, size: int, usages: Sequence[Usage], latency: float, failed: Failed) -> Measured:
        """The sum of some commands."""
        wall = sum(one.wall_seconds for one in usages)
        cpu = sum(one.cpu_seconds for one in usages)
        return cls(tool, size, wall, cpu, max(one.peak_bytes for one in usages), latency, failed)


@dataclass(frozen=True)
class Room:
    """Where a peer works, with the programs of its environment and the names of the checks."""

    home: Path
    programs: Path
    variables: Mapping[str, str]
    checks: Sequence[str]
    clock: TaskClock

    def program(self, name: str) -> str:
        """A program of the environment."""
        return str(self.programs / name)

    def run(self, *command: str) -> str:
        """A step that is not measured; what it printed."""
        done = subprocess.run(command, cwd=self.home, env=self.variables, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}: {(done.stderr or done.stdout)[-2000:]}")
        return done.stdout


def main(arguments: Sequence[str] = ()) -> None:
    """Set everything up, measure, compare the verdicts, write the table."""
    options = parsed(arguments)
    print(machine(), flush=True)
    adopt_orphans()
    clock = TaskClock()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else everybody compiles the same files in every process
    programs = {name: environment(options.cache / name, packages) for name, packages in PEERS.items()}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shared = write_shared(work / "shared")
        names = re.findall(r"^def (test_\w+)", CHECKS.read_text(encoding="utf-8"), re.MULTILINE)
        learners = class_of(options.submissions)
        results = [ours(work / "ours", learners, clock)]
        show(results[-1])
        results.append(ours(work / "ours-large", class_of(options.large), clock))
        show(results[-1])
        for name, tool in (("pytest", plain_pytest), ("nbgrader", nbgrader), ("otter-grader", otter)):
            home = work / name
            home.mkdir()
            path = f"{programs[name]}{os.pathsep}{os.environ['PATH']}"
            variables = {**os.environ, "PATH": path, "PYTHONPATH": str(shared)}
            results.append(tool(Room(home, programs[name], variables, names, clock), learners))
            show(results[-1])
    refuse_if_void(results)
    told = {name: version_of(name, folder) for name, folder in programs.items()}
    table = as_table(results, told, clock)
    print(table)
    if not options.print_only:
        write_between_markers(table)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="peers.py", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=20, help="how many everybody grades, at least 2")
    parser.add_argument("--large", type=int, default=400, help="how many we grade once more")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "peers", help="where the environments go")
    parser.add_argument("--print-only", action="store_true", help="leave benchmarks/README.md as it is")
    options = parser.parse_args(arguments)
    if min(options.submissions, options.large) < 2:
        parser.error("one right and one wrong submission are needed at least")
    options.cache = options.cache.resolve()
    return options


# The environments and what all share.


def environment(home: Path, packages: Sequence[str]) -> Path:
    """The programs of an environment with these packages; made again where others are asked for."""
    ready, asked = home / "ready", json.dumps([sys.version, *packages])
    if not ready.exists() or ready.read_text(encoding="utf-8") != asked:
        print(f"== Setting up {home}", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        install = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *packages], check=True)
        ready.write_text(asked, encoding="utf-8")
    return home / "bin"


def version_of(package: str, programs: Path) -> str:
    """Of a package in an environment."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run([programs / "python", "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def write_shared(folder: Path) -> Path:
    """What the peers import: the assertions, the reference, and the hidden tests on these assertions."""
    folder.mkdir()
    shutil.copy(PARTS / "plain_checks.py", folder)
    shutil.copy(SOLUTION / "dropout.py", folder / "dropout_reference.py")
    without_pytest = re.sub(r"^(import pytest|@pytest\..*)\n", "", translated(), flags=re.MULTILINE)
    (folder / "hidden_checks.py").write_text(without_pytest, encoding="utf-8")
    return folder


def translated() -> str:
    """The hidden tests, with other assertions under the same names."""
    text = CHECKS.read_text(encoding="utf-8")
    if text.count("from grader.checks import") != 1:
        sys.exit(f"{CHECKS} imports its assertions in another way than expected")
    return text.replace("from grader.checks import", "from plain_checks import")


def class_of(size: int) -> list[str]:
    """Files of a class: even numbers are right, odd ones wrong. Each has a line of its own, so none is known before."""
    right = cycle(path.read_text(encoding="utf-8") for path in RIGHT)
    wrong = cycle([SAMPLE.read_text(encoding="utf-8"), *misconceptions()])
    both = (next(wrong if number % 2 else right) for number in range(size))
    return [f"{text}\n# learner {number}\n" for number, text in enumerate(islice(both, size))]


def misconceptions() -> list[str]:
    """A file for each misconception: the variant's own source, with its switch set."""
    known = runpy.run_path(str(SOLUTION / "misconceptions.py"))
    functions = {
        "dropout": ("wrong_dropout", "x, rate, training, rng"),
        "dropout_backward": ("wrong_backward", "dy, mask"),
        "dropout_moments": ("wrong_moments", "x, rate"),
    }
    text = "import numpy as np\n\n\n" + "\n\n".join(inspect.getsource(known[one]) for one, _ in functions.values())
    files = []
    for misconception in known["MISCONCEPTIONS"]:
        if misconception.severity != "mistake":
            continue  # a convention of another school costs nothing
        learner = text
        for name, (wrong, names) in functions.items():
            switches = misconception.variant.keywords if name == misconception.function else {}
            given = "".join(f", {switch}={value!r}" for switch, value in switches.items())
            learner += f"\n\ndef {name}({names}):\n    return {wrong}({names}{given})\n"
        files.append(learner)
    return files


# Measuring.


def adopt_orphans() -> None:
    """Become the parent of what our children leave behind, to be told of its usage (Linux; elsewhere it is lost)."""
    if sys.platform == "linux" and ctypes.CDLL(None, use_errno=True).prctl(ADOPT_ORPHANS, 1, 0, 0, 0):
        sys.exit(f"cannot adopt orphans: {os.strerror(ctypes.get_errno())}")


class TaskClock:
    """The time on a processor of this thread and of all processes that it starts from now on, in user and kernel."""

    def __init__(self) -> None:
        self._counter: int | None = None
        if sys.platform != "linux" or platform.machine() not in PERF_EVENT_OPEN:
            return
        attribute = bytearray(ATTRIBUTE_BYTES)
        flags = INHERIT | EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR  # a clock runs in the kernel all the same
        struct.pack_into("IIQQQQQ", attribute, 0, SOFTWARE, ATTRIBUTE_BYTES, TASK_CLOCK, 0, 0, 0, flags)
        buffer = ctypes.create_string_buffer(bytes(attribute), ATTRIBUTE_BYTES)
        number = PERF_EVENT_OPEN[platform.machine()]
        counter = ctypes.CDLL(None).syscall(number, buffer, 0, -1, -1, CLOSE_ON_EXEC)
        self._counter = counter if counter >= 0 else None

    @property
    def runs(self) -> bool:
        """False where the kernel does not give one."""
        return self._counter is not None

    def seconds(self) -> float:
        """Of the processes only; without a clock 0."""
        if self._counter is None:
            return 0.0
        return float(struct.unpack("Q", os.read(self._counter, 8))[0]) / 1e9 - time.thread_time()


def measured(
    clock: TaskClock,
    command: Sequence[str],
    cwd: Path,
    variables: Mapping[str, str] | None = None,
    allowed: frozenset[int] = frozenset({0}),
) -> Usage:
    """Run a command, then wait for all it left behind; its wall time ends with the command itself."""
    before = clock.seconds()
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=variables, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        alarm = threading.Timer(LIMIT_SECONDS, process.send_signal, [signal.SIGKILL])
        alarm.daemon = True
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in allowed:
            said.seek(0)
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {said.read().decode()[-2000:]}")
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    for orphan in orphans(command):
        cpu += orphan.ru_utime + orphan.ru_stime
        peak = max(peak, orphan.ru_maxrss)
    return Usage(wall, clock.seconds() - before if clock.runs else cpu, peak * 1024)


def orphans(command: Sequence[str]) -> list[os.struct_rusage]:  # type: ignore[name-defined]  # typeshed has no such name
    """The usage of what a command left behind, once all of it has ended."""
    usages = []
    deadline = time.monotonic() + ORPHAN_SECONDS
    while time.monotonic() < deadline:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return usages
        if pid:
            usages.append(usage)
        else:
            time.sleep(0.01)
    sys.exit(f"{' '.join(command)} left processes behind that do not end")


def show(result: Measured) -> None:
    """One line of progress."""
    print(f"{result.tool}, {result.size}: {result.wall_each:.3f} s a submission", flush=True)


# The tools.


def ours(home: Path, learners: Sequence[str], clock: TaskClock) -> Measured:
    """The whole command, with its isolation, and its pages and tables."""
    folder, out = home / "class", home / "results"
    folder.mkdir(parents=True)
    for number, text in enumerate(learners):
        (folder / f"l{number:04d}_dropout.py").write_text(text, encoding="utf-8")
    grade = [sys.executable, "-m", "grader"]
    one = [*grade, "exercise", "3", str(folder / "l0001_dropout.py")]
    latency = median_latency(clock, one, home, None, frozenset({1}))
    usage = measured(clock, [*grade, "batch", str(folder), "--out", str(out), "--workers", "2"], home)
    failed = {}
    for number in range(len(learners)):
        report = json.loads((out / "reports" / f"l{number:04d}" / "03_dropout.json").read_text(encoding="utf-8"))
        checks = [check for criterion in report["criteria"] for check in criterion["checks"]]
        failed[number] = frozenset(check["name"] for check in checks if check["verdict"] != "passed")
        if (report["score"]["earned"] < report["score"]["possible"]) != bool(failed[number]):
            sys.exit(f"the score {report['score']} of submission {number} does not follow from its checks")
    return Measured.of("grade batch --workers 2", len(learners), [usage], latency, failed)


def plain_pytest(room: Room, learners: Sequence[str]) -> Measured:
    """A process for each submission."""
    shutil.copy(PARTS / "fixtures.py", room.home / "conftest.py")
    (room.home / "test_dropout.py").write_text(translated(), encoding="utf-8")
    files = [room.home / f"learner{number}.py" for number in range(len(learners))]
    for file, text in zip(files, learners, strict=True):
        file.write_text(text, encoding="utf-8")
    quiet = ["-q", "-p", "no:cacheprovider", "--rootdir", ".", "-c", os.devnull, "--junitxml=result.xml"]
    command = [room.program("pytest"), *quiet, "test_dropout.py"]

    def grade(number: int) -> Usage:
        variables = {**room.variables, "LEARNER": str(files[number])}
        return measured(room.clock, command, room.home, variables, frozenset({number % 2}))

    grade(0)
    usages, failed = [], {}
    for number in range(len(learners)):
        usages.append(grade(number))
        cases = list(ElementTree.parse(room.home / "result.xml").iter("testcase"))
        refuse_unless_all_ran([str(case.get("name")) for case in cases], room)
        failed[number] = frozenset(str(case.get("name")) for case in cases if len(case))
    latency = median(one.wall_seconds for one in usages)
    return Measured.of("pytest, a process each", len(learners), usages, latency, failed)


def nbgrader(room: Room, learners: Sequence[str]) -> Measured:
    """`nbgrader autograde` on the whole class."""
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
    )  # "warm" is done and left as it is
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
    """A cell for the solution, a graded cell for each check."""
    cells = [cell(text, "solution", grade=False, solution=True, locked=False)]
    for name in checks:
        code = f"from plain_checks import run_check\nrun_check({name!r}, globals())"
        cells.append(cell(code, name, grade=True, solution=False, locked=True, points=1))
    folder.mkdir(parents=True)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": KERNEL, "cells": cells}
    (folder / "dropout.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def cell(code: str, identifier: str, **known: object) -> dict[str, object]:
    """A cell of a notebook that has not run."""
    metadata = {"nbgrader": {"schema_version": 3, "grade_id": identifier, "task": False, **known}}
    empty = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**empty, "id": identifier, "metadata": metadata, "source": code}


def otter(room: Room, learners: Sequence[str]) -> Measured:
    """`otter run`, once for each submission."""
    (room.home / "tests").mkdir()
    for name in room.checks:
        (room.home / "tests" / f"{name}.py").write_text(OTTER_TEST.format(name=name), encoding="utf-8")
    tool = room.program("otter")
    room.run(tool, "generate", "-t", "tests", "-o", "autograder.zip", "--no-requirements", "--no-environment")
    usages, failed = [], {}
    for number, text in [(-1, learners[0]), *enumerate(learners)]:  # the first one warms the disk
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


def median_latency(
    clock: TaskClock,
    command: Sequence[str],
    cwd: Path,
    variables: Mapping[str, str] | None,
    allowed: frozenset[int] = frozenset({0}),
) -> float:
    """Seconds of one learner's run, the middle of some after one that warms up."""
    usages = [measured(clock, command, cwd, variables, allowed) for _ in range(LATENCY_RUNS + 1)]
    return median(one.wall_seconds for one in usages[1:])


# Judging and telling.


def refuse_unless_all_ran(names: Sequence[str], room: Room) -> None:
    """A check that is missing would count as passed."""
    if sorted(names) != sorted(room.checks):
        sys.exit(f"{room.home.name} ran {sorted(names)}, expected {sorted(room.checks)}")


def refuse_if_void(results: Sequence[Measured]) -> None:
    """Nothing was compared unless right and wrong were told apart, by everybody in the same way."""
    faults = []
    for one in results:
        for number, failed in one.failed.items():
            if bool(failed) != bool(number % 2):
                kind = "wrong" if number % 2 else "right"
                faults.append(f"{one.tool}: the {kind} submission {number} failed {sorted(failed)}")
            elif number < results[0].size and failed != results[0].failed[number]:
                theirs, our_own = sorted(failed), sorted(results[0].failed[number])
                faults.append(f"{one.tool}: submission {number} failed {theirs}, with {results[0].tool} {our_own}")
    if faults:
        sys.exit("The benchmark is void:\n" + "\n".join(faults))


def as_table(results: Sequence[Measured], versions: Mapping[str, str], clock: TaskClock) -> str:
    """Markdown. The last two columns compare submissions a second with our two classes."""
    small, large = results[0], results[1]
    told = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    wrong = sum(bool(failed) for failed in small.failed.values())
    counted = "all processes" if clock.runs else "the processes that were waited for, few of those in our sandbox"
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {machine()}, NumPy {version('numpy')}; {told}. Exercise 3:"
        f" the same {small.size} submissions for all, {wrong} of them wrong, and every tool failed the same of the"
        f" {len(CHECKS.read_text(encoding='utf-8').split('@pytest.mark.criterion')) - 1} checks for each of them.",
        "Ours runs two workers with full isolation; the others have none and grade one after another, as their commands"
        f" do. CPU is user and system time of {counted}; peak is that of the largest single process, without those in"
        " our sandbox.",
        "",
        f"| tool | submissions | wall s each | CPU s each | peak MiB | one learner, s | a second |"
        f" ours, {small.size}, is faster by | ours, {large.size}, is faster by |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in results:
        cost = f"{one.wall_each:.3f} | {one.cpu_seconds / one.size:.3f} | {one.peak_bytes / 2**20:.0f}"
        ratios = " | ".join(f"{one.wall_each / other.wall_each:.1f}" for other in (small, large))
        lines.append(
            f"| `{one.tool}` | {one.size} | {cost} | {one.latency_seconds:.2f} | {1 / one.wall_each:.2f} | {ratios} |"
        )
    return "\n".join(lines)


def write_between_markers(table: str) -> None:
    """Replace what stands between the two markers, and nothing else; append them where they are missing."""
    text = README.read_text(encoding="utf-8")
    if BEGIN not in text:
        text = f"{text.rstrip()}\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        sys.exit(f"{README} has {BEGIN} without {END}")
    README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
