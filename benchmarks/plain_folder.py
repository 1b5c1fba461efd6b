"""Write the checks of an exercise for a grader without a sandbox: the hidden tests, with assertions of NumPy alone."""

from __future__ import annotations

import inspect
import re
import shutil
from pathlib import Path

from grader.course import Exercise

ROOT = Path(__file__).parents[1]
PARTS = ROOT / "benchmarks" / "peers"
OUR_IMPORT = re.compile(r"^from grader\.\S+ import", re.MULTILINE)
OF_PYTEST = re.compile(r"^(import pytest|@pytest\..*)\n", re.MULTILINE)
CHECK = re.compile(r"^def (test_\w+)", re.MULTILINE)


def checks_file(exercise: Exercise) -> Path:
    """Return the file of the hidden checks."""
    return ROOT / "tests" / "hidden" / exercise.key / f"test_{exercise.rubric.module}.py"


def checks_of(exercise: Exercise) -> list[str]:
    """Return the names of all hidden checks."""
    return CHECK.findall(checks_file(exercise).read_text(encoding="utf-8"))


def scored_checks(exercise: Exercise) -> frozenset[str]:
    """Return the names of the checks that points depend on. The others are for a bonus."""
    return frozenset(name for one in exercise.rubric.criteria if not one.bonus for name in one.checks)


def translated(exercise: Exercise) -> str:
    """Return the hidden tests with other assertions of the same names."""
    return OUR_IMPORT.sub("from plain_checks import", checks_file(exercise).read_text(encoding="utf-8"))


def write_plain_folder(folder: Path, exercise: Exercise) -> Path:
    """Write what the checks import: the assertions, the reference, the contract and the tests without pytest."""
    folder.mkdir(parents=True)
    shutil.copy(PARTS / "plain_checks.py", folder)
    shutil.copy(exercise.reference_path, folder / "plain_reference.py")
    (folder / "contract.py").write_text(contract(exercise), encoding="utf-8")
    (folder / "hidden_checks.py").write_text(OF_PYTEST.sub("", translated(exercise)), encoding="utf-8")
    return folder


def contract(exercise: Exercise) -> str:
    """Return a module with the key of an exercise and the names of its arguments and results."""
    reference = exercise.reference()
    names = exercise.rubric.functions
    arguments = {name: list(inspect.signature(getattr(reference, name)).parameters) for name in names}
    results = {name: [result.name for result in names[name]] for name in names}
    return f"EXERCISE = {exercise.key!r}\nARGUMENTS = {arguments!r}\nRESULTS = {results!r}\n"
