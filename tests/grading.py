"""Grading our own functions in our own process: for tests of the course, where no stranger's code runs."""

from __future__ import annotations

import ast
import runpy
from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks import CheckOutcome, DirectCaller, Verdict
from grader.checks.session import CheckSession, RunContext
from grader.course import Exercise, Patch, load_course
from grader.course.taste import right_program

ROOT = Path(__file__).parents[1]
COURSE = load_course(ROOT)

Functions = Mapping[str, Callable[..., Any]]


@cache
def session_of(key: str) -> CheckSession:
    """The checks of an exercise, collected once for all tests."""
    return CheckSession(COURSE.find(key))


def reference_functions(key: str) -> dict[str, Callable[..., Any]]:
    """The functions of the reference, by name."""
    exercise = COURSE.find(key)
    reference = exercise.reference()
    return {name: getattr(reference, name) for name in exercise.rubric.functions}


def functions_in(path: Path, key: str) -> dict[str, Callable[..., Any]]:
    """The functions that a right answer of ours in a file defines."""
    namespace = runpy.run_path(str(path))
    return {name: namespace[name] for name in COURSE.find(key).rubric.functions if name in namespace}


def patched_source(exercise: Exercise, function: str, patch: Patch) -> str:
    """The text of a right program with a patch applied to one function, as a learner could hand it in."""
    path = exercise.taste_path(patch.taste)
    right = right_program(path, function)
    assert right is not None, f"{path.name} does not define {function}"
    text = path.read_text(encoding="utf-8")
    (own,) = [node for node in ast.parse(text).body if getattr(node, "name", "") == right.__name__]
    old = ast.get_source_segment(text, own)
    return text.replace(old, patch.applied_to(old))


def outcomes_of(
    key: str, functions: Functions, seed: int = 0, of: Collection[str] | None = None, but: Collection[str] = ()
) -> tuple[CheckOutcome, ...]:
    """What each check says of these functions; only the checks for the functions `of`, where they are named, `but`
    these.
    """
    rubric = COURSE.find(key).rubric
    criteria = [one for one in rubric.criteria if of is None or one.function in of]
    only = [name for one in criteria for name in one.checks if name not in but] if of is not None or but else None
    return session_of(key).run(RunContext(DirectCaller(functions), seed, only=only))


def not_passed(key: str, functions: Functions, seed: int = 0, but: Collection[str] = ()) -> dict[str, CheckOutcome]:
    """The checks other than `but` that do not pass, by name."""
    return {o.name: o for o in outcomes_of(key, functions, seed, but=but) if o.verdict is not Verdict.PASSED}


def lost_functions(key: str, functions: Functions, seed: int = 0, but: Collection[str] = ()) -> set[str]:
    """The learner's functions in whose criteria points are lost by checks other than `but`; bonus criteria count too."""
    rubric = COURSE.find(key).rubric
    return {rubric.criterion_of(name).function for name in not_passed(key, functions, seed, but)}


def grader_faults(key: str, functions: Functions, seed: int = 0) -> list[CheckOutcome]:
    """The checks that broke by themselves: never right, whatever the submission did."""
    return [o for o in outcomes_of(key, functions, seed) if o.verdict is Verdict.GRADER_FAULT]


def _raises(*_arguments: Any, **_named: Any) -> Any:
    raise IndexError("index 7 is out of bounds for axis 0 with size 3")


def weird_functions() -> dict[str, Callable[..., Any]]:
    """Answers that no check may stumble over, by what they return."""
    values: dict[str, Any] = {
        "None": None,
        "scalar": 3.0,
        "text": "text",
        "nan": np.full((2, 3, 3, 2), np.nan),
        "vector": np.arange(5.0),
        "empty": np.zeros((0, 4, 4, 1)),
        "complex": np.full((1, 2, 2, 1), 1j),
        "object": np.array([None, 1], dtype=object),
        "bool": np.array(True),
        "five axes": np.zeros((1, 1, 1, 1, 1)),
        "dict": {"y": 1},
        "pair of None": (None, None),
        "triple of scalars": (1.0, 2.0, 3.0),
        "pair of arrays": (np.zeros((3, 3)), np.ones(2)),
        "triple of arrays": (np.zeros((3, 3)), np.ones(2), np.zeros((2, 2, 2, 2))),
        "infinite": np.full((3, 4), np.inf),
    }
    weird: dict[str, Callable[..., Any]] = {
        name: (lambda *_a, value=value, **_k: value) for name, value in values.items()
    }
    weird["raises"] = _raises
    weird["first argument"] = lambda *arguments, **_k: arguments[0]
    return weird
