"""Compare `grade batch` with otter-grader, nbgrader and plain pytest: same checks, same submissions, same run.

python benchmarks/peers.py [--submissions 20] [--large 400] [--cache FOLDER] [--print-only]

Each of the others has its own environment, created once in the cache, and is used as its documentation says:
`nbgrader autograde` on the whole class, `otter run` and `pytest` once per submission. The checks are the hidden tests
of exercise 3, word for word, with assertions that need only NumPy (`peers/plain_checks.py`), so that the others do not
pay for importing our package. In the other tools, the checks run in the learner's process.

The result is valid only if each tool fails exactly the same checks as ours for every submission. Otherwise nothing is
written. `benchmarks/usage.py` says how time and memory are measured.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path

from benchmarks.paired import machine
from benchmarks.peer_tools import CHECKS, PARTS, Measured, Room, nbgrader, otter, ours, plain_pytest, translated
from benchmarks.usage import TaskClock, adopt_orphans

ROOT = Path(__file__).parents[1]
README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
SOLUTION = ROOT / "solutions" / "03_dropout"
RIGHT = [SOLUTION / "dropout.py", *sorted((ROOT / "tests" / "right_answers" / "03_dropout").glob("*.py"))]
SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
COMMON = [f"numpy=={version('numpy')}"]  # our version, so that all tools use the same
PEERS = {
    "nbgrader": ["nbgrader>=0.9.5,<1", "ipykernel", *COMMON],
    "otter-grader": ["otter-grader>=6,<8", "ipykernel", *COMMON],
    "pytest": [f"pytest=={version('pytest')}", *COMMON],
}


def main(arguments: Sequence[str] = ()) -> None:
    """Set everything up, measure, compare the verdicts, write the table."""
    options = parsed(arguments)
    print(machine(), flush=True)
    adopt_orphans()
    clock = TaskClock()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it would make each process compile the same files again
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
    """Parse the options."""
    parser = argparse.ArgumentParser(prog="peers.py", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=20, help="number of submissions for every tool, at least 2")
    parser.add_argument("--large", type=int, default=400, help="number of submissions in a second run of grade batch")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "peers", help="folder for the environments")
    parser.add_argument("--print-only", action="store_true", help="do not write benchmarks/README.md")
    options = parser.parse_args(arguments)
    if min(options.submissions, options.large) < 2:
        parser.error("at least one right and one wrong submission are needed")
    options.cache = options.cache.resolve()
    return options


def environment(home: Path, packages: Sequence[str]) -> Path:
    """Return the programs of an environment with these packages. Create it if it is missing or has others."""
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
    """Return the version of a package in an environment."""
    code = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run([programs / "python", "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def write_shared(folder: Path) -> Path:
    """Write what the peers import: the assertions, the reference, and the hidden tests with these assertions."""
    folder.mkdir()
    shutil.copy(PARTS / "plain_checks.py", folder)
    shutil.copy(SOLUTION / "dropout.py", folder / "dropout_reference.py")
    without_pytest = re.sub(r"^(import pytest|@pytest\..*)\n", "", translated(), flags=re.MULTILINE)
    (folder / "hidden_checks.py").write_text(without_pytest, encoding="utf-8")
    return folder


def class_of(size: int) -> list[str]:
    """Return the files of a class: even numbers are right, odd numbers wrong. No two files are the same."""
    right = cycle(path.read_text(encoding="utf-8") for path in RIGHT)
    wrong = cycle([SAMPLE.read_text(encoding="utf-8"), *misconceptions()])
    both = (next(wrong if number % 2 else right) for number in range(size))
    return [f"{text}\n# learner {number}\n" for number, text in enumerate(islice(both, size))]


def misconceptions() -> list[str]:
    """Return a file for each misconception: the source of the variant, with its switch set."""
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
            continue  # a different convention costs nothing
        learner = text
        for name, (wrong, names) in functions.items():
            switches = misconception.variant.keywords if name == misconception.function else {}
            given = "".join(f", {switch}={value!r}" for switch, value in switches.items())
            learner += f"\n\ndef {name}({names}):\n    return {wrong}({names}{given})\n"
        files.append(learner)
    return files


def show(result: Measured) -> None:
    """Print a line of progress."""
    print(f"{result.tool}, {result.size}: {result.wall_each:.3f} s per submission", flush=True)


def refuse_if_void(results: Sequence[Measured]) -> None:
    """Exit unless all tools tell right from wrong submissions in the same way."""
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
    """Return the table as Markdown. The last two columns compare the speed with our two classes."""
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
    """Replace the text between the two markers. Append the markers if they are missing."""
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
