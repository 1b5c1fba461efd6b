"""Run the checks under many seeds, and list the checks whose verdict depends on the seed.

python -m benchmarks.seeds [NUMBER ...] [--seeds 50]

The programs are our references, the right answers in `tests/right_answers`, the programs in `tests/fair`, and each
misconception in each function that it is about. They run in this process, so endless programs are left out.
"""

from __future__ import annotations

import argparse
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.paired import machine
from grader.authoring.trials import Trials
from grader.checks import Verdict
from grader.checks.session import CheckSession
from grader.course import Exercise, load_course

ROOT = Path(__file__).parents[1]
NO_PROGRAMS = frozenset({"endless_loop.py", "test_fair.py", "conftest.py"})

Functions = dict[str, Callable[..., Any]]


def main() -> None:
    """Print one line for each exercise, and one for each verdict that changed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seeds", description="Find verdicts that change.")
    parser.add_argument("numbers", nargs="*", metavar="NUMBER", help="exercises; without a number 0 to 4")
    parser.add_argument("--seeds", type=int, default=50)
    options = parser.parse_args()
    print(machine(), flush=True)
    for exercise in load_course(ROOT):
        number = str(int(exercise.key[:2]))
        if exercise.rubric.flavour == "numpy" and (not options.numbers or number in options.numbers):
            compare(exercise, options.seeds)


def compare(exercise: Exercise, seeds: int) -> None:
    """Run all programs of one exercise, and print what changed from seed to seed."""
    trials = Trials(exercise, CheckSession(exercise), exercise.reference(), frozenset())
    started, programs, changed = time.perf_counter(), 0, []
    for name, functions in programs_of(exercise):
        programs += 1
        failed: Counter[str] = Counter()
        for seed in range(seeds):
            outcomes = trials.run(functions, seed)
            failed.update(one.name for one in outcomes if one.verdict is not Verdict.PASSED)
        changed += [f"{name}: {check} fails {count} times" for check, count in failed.items() if count < seeds]
    verdicts = programs * len(trials.session.checks)
    print(
        f"{exercise.key}: {programs} programs, {verdicts} verdicts, of which {len(changed)} change in {seeds} seeds "
        f"({time.perf_counter() - started:.0f} s)"
    )
    for line in changed:
        print(f"    {line}", flush=True)


def programs_of(exercise: Exercise) -> Iterator[tuple[str, Functions]]:
    """Yield a name and the functions that take the place of those of the reference."""
    yield "reference", {}
    for folder in (ROOT / "tests" / "right_answers" / exercise.key, ROOT / "tests" / "fair"):
        for path in sorted(folder.glob("*.py")):
            if path.name in NO_PROGRAMS:
                continue
            functions = functions_in(path, exercise)
            if functions:
                yield f"{folder.name}/{path.stem}", functions
    for one in exercise.misconceptions():
        for function in (one.function, *one.elsewhere):
            if function in exercise.rubric.functions:
                yield f"{one.id} in {function}", {function: exercise.program(function, one.programs(function)[0])}


def functions_in(path: Path, exercise: Exercise) -> Functions:
    """Run a file, and return the functions of the exercise that it defines."""
    module = types.ModuleType(exercise.rubric.module)
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    return {name: vars(module)[name] for name in exercise.rubric.functions if name in vars(module)}


if __name__ == "__main__":
    main()
