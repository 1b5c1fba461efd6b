"""Run the hidden tests on mutants of our references, made by cosmic-ray, and list those that pass.

python -m benchmarks.mutants
python -m benchmarks.mutants 3
"""

from __future__ import annotations

import ast
import difflib
import signal
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from benchmarks.paired import machine
from grader.checks import DirectCaller, Verdict
from grader.checks.session import CheckSession, RunContext
from grader.course import Exercise, load_course
from grader.course.yaml_file import tree_of

ROOT = Path(__file__).parents[1]
EXPLAINED = Path(__file__).parent / "equivalent_mutants.yaml"
SECONDS = 5  # a mutant that takes longer counts as noticed
ARITHMETIC = ("Add", "Sub", "Mul", "Div", "FloorDiv", "Pow")


@dataclass(frozen=True)
class Mutant:
    """One change of one line."""

    function: str
    line: int
    before: str
    after: str
    code: str

    @property
    def line_name(self) -> str:
        """The function and the original line: an explanation may cover all mutants of a line."""
        return f"{self.function}: {self.before}"

    @property
    def name(self) -> str:
        """The function and the line before and after. It does not depend on the lines above."""
        return f"{self.function}: {self.before} -> {self.after}"


def main(arguments: list[str]) -> None:
    """Print survivors and rates. Exit with 1 if a survivor has no explanation."""
    print(machine())
    explained: dict[str, dict[str, str]] = tree_of(EXPLAINED) or {}
    made = killed = unexplained = 0
    for exercise in load_course(ROOT):
        if exercise.rubric.flavour != "numpy" or (arguments and str(int(exercise.key[:2])) not in arguments):
            continue
        mutants, survivors = judged(exercise)
        known = explained.get(exercise.key, {})
        open_ones = [one for one in survivors if one.name not in known and one.line_name not in known]
        equivalent = len(survivors) - len(open_ones)
        print(f"{exercise.key}: {mutants} mutants, {len(survivors)} survive, {equivalent} of these are equivalent")
        for one in open_ones:
            print(f"    line {one.line}, {one.name}")
        made += mutants - equivalent
        killed += mutants - len(survivors)
        unexplained += len(open_ones)
    print(f"{killed} of {made} mutants that are not equivalent are noticed: {killed / made:.2%}")
    sys.exit(1 if unexplained else 0)


def judged(exercise: Exercise) -> tuple[int, list[Mutant]]:
    """Return the number of mutants, and those that pass every check."""
    reference = exercise.reference()
    ours = {name: getattr(reference, name) for name in exercise.rubric.functions}
    survivors, count = [], 0
    session = CheckSession(exercise)
    timed = {name for name in session.checks if "within" in name}
    checks = [name for name in session.checks if name not in timed]
    for mutant in mutants_of(exercise):
        count += 1
        if passes(session, checks, exercise, mutant, ours):
            survivors.append(mutant)
    return count, survivors


def passes(session: CheckSession, checks: list[str], exercise: Exercise, mutant: Mutant, ours: dict[str, Any]) -> bool:
    """Return True if the mutant passes every check."""
    module = types.ModuleType(exercise.rubric.module)
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)
    try:
        exec(compile(mutant.code, "mutant.py", "exec"), module.__dict__)
        functions = {name: getattr(module, name) for name in ours}
        for name in checks:
            (outcome,) = session.run(RunContext(DirectCaller(functions), 0, only={name}))
            if outcome.verdict is not Verdict.PASSED:
                return False
    except Exception:
        return False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return True


def mutants_of(exercise: Exercise) -> Iterator[Mutant]:
    """Yield each mutant of the functions that a learner writes, without the readable loops and the docstrings."""
    text = exercise.reference_path.read_text(encoding="utf-8")
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    seen = set()
    for name in sorted(operator_names()):
        if "Variable" in name or name.endswith(("_Is", "_IsNot")):
            continue  # "Variable" fails on an assignment of a number; "is" depends on what Python interns
        if "BinaryOperator" in name and any(
            part not in ARITHMETIC for part in name.rsplit("Operator_", 1)[1].split("_")
        ):
            continue
        for operator in _instances(name):
            for occurrence in range(10_000):
                code = mutate_code(text, operator, occurrence)
                if code is None:
                    break
                mutant = _described(text, code, functions)
                if mutant is not None and mutant.code not in seen:
                    seen.add(mutant.code)
                    yield mutant


def _instances(name: str) -> Iterator[Any]:
    operator = get_operator(name)
    arguments = [dict(example.operator_args) for example in operator.examples() if example.operator_args] or [{}]
    unique = {tuple(sorted(one.items())): one for one in arguments}
    for one in unique.values():
        yield operator(**one)


def _described(text: str, code: str, functions: list[ast.FunctionDef]) -> Mutant | None:
    before, after = text.splitlines(), code.splitlines()
    for tag, i, _, j, _ in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        line = i + 1
        owner = next((one for one in functions if one.lineno <= line <= (one.end_lineno or 0)), None)
        if owner is None or owner.name.endswith("_loops") or _in_a_message(owner, line):
            return None
        shown = before[i].strip() if i < len(before) else ""
        return Mutant(owner.name, line, shown, after[j].strip() if j < len(after) else "", code)
    return None


def _in_a_message(owner: ast.FunctionDef, line: int) -> bool:
    """Return True if a line is part of an error message, which no check reads."""
    raises = (node for node in ast.walk(owner) if isinstance(node, ast.Raise))
    return any(node.lineno <= line <= (node.end_lineno or 0) for node in raises)


def _too_long(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main(sys.argv[1:])
