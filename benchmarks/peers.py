"""Compare `grade batch` with otter-grader, nbgrader and plain pytest: same checks, same submissions, same run.

python -m benchmarks.peers [--submissions 20] [--large 400] [--cache FOLDER] [--print-only]

Each of the others has its own environment, created once in the cache, and is used as its documentation says:
`nbgrader autograde` on the whole class, `otter run` and `pytest` once per submission. The checks are the hidden tests
of exercise 3, word for word, with assertions that need only NumPy (`peers/plain_checks.py`), so that the others do not
pay for importing our package. In the other tools, the checks run in the learner's process.

The result is valid only if each tool fails exactly the same checks as ours for every submission. Otherwise nothing is
written. `benchmarks/usage.py` says how time and memory are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.marked_text import write_between
from benchmarks.paired import Session, Timing, machine
from benchmarks.peer_tools import Measured, Room, nbgrader, otter, ours, plain_pytest
from benchmarks.plain_folder import checks_of, write_plain_folder
from benchmarks.programs import exercise_of, mixed_class
from benchmarks.row import Row
from benchmarks.usage import TaskClock, adopt_orphans

ROOT = Path(__file__).parents[1]
README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
CACHE = ROOT / ".cache" / "peers"
GOALS = {"nbgrader autograde": 100.0, "otter run": 300.0}
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
    programs = set_up(options.cache)
    clock = TaskClock()
    with tempfile.TemporaryDirectory() as folder:
        results = compared(Path(folder), programs, clock, options.submissions, options.large)
    told = {name: version_of(name, folder) for name, folder in programs.items()}
    text = as_table(results, told, clock)
    print(text)
    if not options.print_only:
        write_between(README, BEGIN, END, text)


def measure(session: Session) -> list[Row]:
    """Compare the speed of `grade batch` with that of nbgrader and otter, in submissions a second."""
    programs = set_up(CACHE)
    clock = TaskClock()
    small, large = session.size(20, 2), session.size(400, 4)
    pairs: dict[str, list[tuple[float, float]]] = {tool: [] for tool in GOALS}
    for _ in range(session.pairs(3)):
        session.calibration.count()
        with tempfile.TemporaryDirectory() as folder:
            results = compared(Path(folder), programs, clock, small, large)
        session.calibration.count()
        for one in results:
            if one.tool in GOALS:
                pairs[one.tool].append((results[1].wall_each, one.wall_each))
    what = f"`grade batch`, {large} submissions of exercise 3, each"
    return [
        Row.faster(what, f"`{tool}`, {small} of them, each", Timing(tuple(pairs[tool])), goal)
        for tool, goal in GOALS.items()
    ]


def set_up(cache: Path) -> dict[str, Path]:
    """Set up this process and the other tools, and return the programs of each."""
    adopt_orphans()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it would make each process compile the same files again
    return environments_in(cache)


def environments_in(cache: Path) -> dict[str, Path]:
    """Return the programs of each tool. Create the environments that are missing."""
    return {name: environment(cache / name, packages) for name, packages in PEERS.items()}


def compared(work: Path, programs: Mapping[str, Path], clock: TaskClock, small: int, large: int) -> list[Measured]:
    """Return the results of all tools: ours for the small and the large class, then the others for the small one.

    Exits if the tools do not agree on each submission.
    """
    exercise = exercise_of("03_dropout")
    shared = write_plain_folder(work / "shared", exercise)
    learners = mixed_class(exercise, small)
    results = [ours(work / "ours", exercise, learners, clock)]
    show(results[-1])
    results.append(ours(work / "ours-large", exercise, mixed_class(exercise, large), clock))
    show(results[-1])
    for name, tool in (("pytest", plain_pytest), ("nbgrader", nbgrader), ("otter-grader", otter)):
        home = work / name
        home.mkdir()
        path = f"{programs[name]}{os.pathsep}{os.environ['PATH']}"
        variables = {**os.environ, "PATH": path, "PYTHONPATH": str(shared)}
        results.append(tool(Room(home, programs[name], variables, exercise, clock), learners))
        show(results[-1])
    refuse_if_void(results)
    return results


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=20, help="number of submissions for every tool, at least 2")
    parser.add_argument("--large", type=int, default=400, help="number of submissions in a second run of grade batch")
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder for the environments")
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
    checks = len(checks_of(exercise_of("03_dropout")))
    told = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    wrong = sum(bool(failed) for failed in small.failed.values())
    counted = "all processes" if clock.runs else "the processes that were waited for, few of those in our sandbox"
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {machine()}, NumPy {version('numpy')}; {told}. Exercise 3:"
        f" the same {small.size} submissions for all, {wrong} of them wrong, and every tool failed the same of the"
        f" {checks} checks for each of them.",
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


if __name__ == "__main__":
    main(sys.argv[1:])
