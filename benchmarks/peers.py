"""`grade batch` against otter-grader, nbgrader and plain pytest: the same checks, the same submissions, one run.

python -m benchmarks.peers

Each of the others gets an environment of its own, made once below `.cache/peers`, and is used as its documentation
says: `nbgrader autograde` on the whole class, `otter run` and `pytest` once for each submission. The checks are the
hidden tests of exercise 3; in the others they run, as they must there, in the learner's process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.paired import machine

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "peers"
README = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
CHECKS = ROOT / "tests" / "hidden" / "03_dropout" / "test_dropout.py"
RIGHT = ROOT / "solutions" / "03_dropout" / "dropout.py"
SAMPLE = ROOT / "tests" / "samples" / "03_dropout" / "dropout.py"
PEERS = {"nbgrader": ["nbgrader>=0.9.5,<1"], "otter": ["otter-grader>=6,<8"], "pytest": []}
SIZE, OUR_LARGE = 20, 1000

SHARED = '''
"""The hidden tests of exercise 3 for a grader that runs them beside the learner's code."""
import importlib.util
import inspect
from pathlib import Path

from grader.checks import direct, generator_for
from grader.course import load_course

EXERCISE = load_course(Path({root!r})).find("dropout")
REFERENCE = EXERCISE.reference()
spec = importlib.util.spec_from_file_location("hidden_checks", {checks!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
CHECKS = [name for name in vars(module) if name.startswith("test_")]


def run_check(name, namespace):
    known = {{
        "submission": direct(EXERCISE.rubric, namespace, REFERENCE),
        "reference": REFERENCE,
        "rng": generator_for(2012, EXERCISE.key, name, 0),
    }}
    function = getattr(module, name)
    function(**{{each: known[each] for each in inspect.signature(function).parameters}})
'''
PYTEST_FILE = """
import os
import runpy

import pytest
from shared_checks import CHECKS, run_check

NAMESPACE = runpy.run_path(os.environ["LEARNER"])


@pytest.mark.parametrize("name", CHECKS)
def test_check(name):
    run_check(name, NAMESPACE)
"""
OTTER_TEST = """
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = 1


@test_case(points=1)
def check(env):
    from shared_checks import run_check

    run_check({name!r}, env)
"""


@dataclass(frozen=True)
class Measured:
    """Seconds and MiB of one tool; per submission where it says so."""

    tool: str
    wall: float
    cpu: float
    peak: float
    latency: float
    scores: tuple[float, float]  # of a right and of a wrong submission


def main() -> None:
    """Set everything up, measure, write the table."""
    print(machine(), flush=True)
    python = {name: environment(name, packages) for name, packages in PEERS.items()}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "shared").mkdir()
        (work / "shared" / "shared_checks.py").write_text(SHARED.format(root=str(ROOT), checks=str(CHECKS)))
        os.environ["PYTHONPATH"] = str(work / "shared")
        names = checks_of(python["pytest"])
        results = [ours(work, SIZE, f"grade batch, {SIZE}"), ours(work, OUR_LARGE, f"grade batch, {OUR_LARGE}")]
        for tool in (plain_pytest, nbgrader, otter):
            results.append(tool(work, python, names))
            print(results[-1], flush=True)
    for one in results:
        right, wrong = one.scores
        if not right > wrong:
            sys.exit(f"{one.tool} gave {right} to the right and {wrong} to the wrong submission: nothing was compared")
    table = as_table(results, python)
    print(table)
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def environment(name: str, packages: Sequence[str]) -> str:
    """The interpreter of an environment with these packages and ours, whose checks they run."""
    home = CACHE / name
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        print(f"== Setting up {home}", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *packages, "ipykernel", str(ROOT)], check=True)
        subprocess.run(
            [str(python), "-m", "ipykernel", "install", "--sys-prefix", "--name", "python3"],
            check=True,
            capture_output=True,
        )
        (home / "ready").touch()
    return str(python)


def checks_of(python: str) -> list[str]:
    """The names of the checks."""
    code = "import json, shared_checks; print(json.dumps(shared_checks.CHECKS))"
    return list(json.loads(subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout))


def source(number: int) -> str:
    """Every second learner is right; each has a line of their own."""
    return (RIGHT, SAMPLE)[number % 2].read_text(encoding="utf-8") + f"\n# learner {number}\n"


def measured(command: Sequence[str], **options: object) -> tuple[float, float, float]:
    """Wall and processor seconds of a command with all it starts, and the MiB of its largest process."""
    before = busy_seconds()
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, **options)  # type: ignore[call-overload]
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            said.seek(0)
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {said.read().decode()[-2000:]}")
    return wall, busy_seconds() - before, usage.ru_maxrss / 1024


def busy_seconds() -> float:
    """Processor time of the whole machine, which must be quiet: a sandbox's processes are nobody's children."""
    fields = [int(one) for one in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / os.sysconf("SC_CLK_TCK")


def ours(work: Path, size: int, name: str) -> Measured:
    """The whole command, with its isolation, and its pages and tables."""
    folder, out = work / f"ours{size}", work / f"ours{size}-out"
    folder.mkdir()
    for number in range(size):
        (folder / f"l{number:04d}_dropout.py").write_text(source(number), encoding="utf-8")
    grade = [sys.executable, "-m", "grader"]
    wall, cpu, peak = measured([*grade, "batch", str(folder), "--out", str(out), "--workers", "2"])
    earned = []
    for number in (0, 1):
        report = json.loads((out / "reports" / f"l{number:04d}" / "03_dropout.json").read_text(encoding="utf-8"))
        earned.append(float(report["score"]["earned"]))
    latency = median_of(lambda: measured([*grade, "exercise", "3", str(folder / "l0001_dropout.py")])[0])
    return Measured(name, wall / size, cpu / size, peak, latency, (earned[0], earned[1]))


def plain_pytest(work: Path, python: dict[str, str], names: list[str]) -> Measured:
    """A process for each submission."""
    folder = work / "pytest"
    folder.mkdir()
    (folder / "test_dropout.py").write_text(PYTEST_FILE, encoding="utf-8")
    command = [
        python["pytest"],
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        "-c",
        "/dev/null",
    ]
    walls, cpus, peaks, passed = [], [], [], []
    for number in range(SIZE):
        learner = folder / f"learner{number}.py"
        learner.write_text(source(number), encoding="utf-8")
        xml = folder / f"{number}.xml"
        wall, cpu, peak = measured(
            [*command, f"--junitxml={xml}", str(folder / "test_dropout.py")],
            env={**os.environ, "LEARNER": str(learner)},
        )
        walls.append(wall), cpus.append(cpu), peaks.append(peak)
        passed.append(len(names) - xml.read_text(encoding="utf-8").count("<failure"))
    return Measured(
        "pytest, a process each", sum(walls) / SIZE, sum(cpus) / SIZE, max(peaks), sorted(walls)[SIZE // 2],
        (passed[0], passed[1]),
    )  # fmt: skip


def nbgrader(work: Path, python: dict[str, str], names: list[str]) -> Measured:
    """`nbgrader autograde` on the whole class."""
    course = work / "nbgrader"
    for number in range(SIZE):
        home = course / "submitted" / f"l{number:04d}" / "dropout"
        home.mkdir(parents=True)
        (home / "dropout.ipynb").write_text(nbgrader_notebook(source(number), names), encoding="utf-8")
    (course / "source" / "dropout").mkdir(parents=True)
    notebook = nbgrader_notebook("def dropout(x, rate, training, rng):\n    raise NotImplementedError", names)
    (course / "source" / "dropout" / "dropout.ipynb").write_text(notebook, encoding="utf-8")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'x'\n", encoding="utf-8"
    )
    tool, known = program(python, "nbgrader")
    subprocess.run([tool, "generate_assignment", "dropout"], cwd=course, env=known, check=True, capture_output=True)
    wall, cpu, peak = measured([tool, "autograde", "dropout"], cwd=course, env=known)
    code = (
        "import json; from nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as book:\n"
        "    print(json.dumps([book.find_submission('dropout', name).score for name in ('l0000', 'l0001')]))"
    )
    right, wrong = json.loads(
        subprocess.run([python["nbgrader"], "-c", code], cwd=course, check=True, capture_output=True, text=True).stdout
    )
    latency = median_of(
        lambda: measured([tool, "autograde", "dropout", "--student", "l0001", "--force"], cwd=course, env=known)[0], 3
    )
    return Measured("nbgrader autograde", wall / SIZE, cpu / SIZE, peak, latency, (right, wrong))


def nbgrader_notebook(text: str, names: list[str]) -> str:
    """A cell for the solution, a graded cell for each check."""

    def cell(code: str, identifier: str, **nbgrader: object) -> dict[str, object]:
        known = {"schema_version": 3, "grade_id": identifier, "locked": False, "task": False, **nbgrader}
        return code_cell(code, identifier, {"nbgrader": known})

    cells = [cell(text, "solution", grade=False, solution=True)]
    for name in names:
        code = f"from shared_checks import run_check\nrun_check({name!r}, globals())"
        cells.append(cell(code, name, grade=True, solution=False, locked=True, points=1))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells})


def code_cell(code: str, identifier: str, metadata: dict[str, object]) -> dict[str, object]:
    """A cell of a notebook that has not run."""
    known = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**known, "id": identifier, "metadata": metadata, "source": code}


def otter(work: Path, python: dict[str, str], names: list[str]) -> Measured:
    """`otter run`, once for each submission."""
    home = work / "otter"
    (home / "tests").mkdir(parents=True)
    for name in names:
        (home / "tests" / f"{name}.py").write_text(OTTER_TEST.format(name=name), encoding="utf-8")
    tool, known = program(python, "otter")
    subprocess.run(
        [tool, "generate", "-t", "tests", "-o", "autograder.zip", "--no-requirements", "--no-environment"],
        cwd=home, env=known, check=True, capture_output=True,
    )  # fmt: skip
    walls, cpus, peaks, scores = [], [], [], []
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for number in range(SIZE):
        place = home / f"l{number:04d}"
        place.mkdir()
        cells = [code_cell(source(number), "a", {})]
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}
        (place / "dropout.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        wall, cpu, peak = measured(
            [tool, "run", "-a", "../autograder.zip", "-o", ".", "dropout.ipynb"], cwd=place, env=known
        )
        walls.append(wall), cpus.append(cpu), peaks.append(peak)
        results = json.loads((place / "results.json").read_text(encoding="utf-8"))
        scores.append(sum(float(test.get("score", 0)) for test in results["tests"]))
    return Measured(
        "otter run", sum(walls) / SIZE, sum(cpus) / SIZE, max(peaks), sorted(walls)[SIZE // 2], (scores[0], scores[1])
    )


def program(python: dict[str, str], name: str) -> tuple[str, dict[str, str]]:
    """A tool of an environment, and the variables under which it finds its own helpers."""
    folder = Path(python[name]).parent
    return str(folder / name), {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def median_of(measure: Callable[[], float], runs: int = 5) -> float:
    """The middle of some runs."""
    return sorted(measure() for _ in range(runs))[runs // 2]


def as_table(results: list[Measured], python: dict[str, str]) -> str:
    """Markdown; the last column compares submissions per second with our larger class."""
    best = results[1].wall
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {machine()}; {versions(python)}. {SIZE} submissions of exercise 3"
        f" ({OUR_LARGE} in our second line), every second one wrong; the checks are the same."
        " Peak is that of the largest process.",
        "",
        "| tool | wall s a submission | CPU s a submission | peak MiB | one learner, s | slower than ours by |",
        "|---|---|---|---|---|---|",
    ]
    for one in results:
        figures = f"{one.wall:.3f} | {one.cpu:.3f} | {one.peak:.0f} | {one.latency:.2f} | {one.wall / best:.0f}"
        lines.append(f"| `{one.tool}` | {figures} |")
    return "\n".join(lines)


def versions(python: dict[str, str]) -> str:
    """Of the others."""
    known = {"nbgrader": "nbgrader", "otter": "otter-grader", "pytest": "pytest"}
    told = []
    for name, package in known.items():
        code = f"from importlib.metadata import version; print(version({package!r}))"
        done = subprocess.run([python[name], "-c", code], check=True, capture_output=True, text=True)
        told.append(f"{package} {done.stdout.strip()}")
    return ", ".join(told)


if __name__ == "__main__":
    main()
