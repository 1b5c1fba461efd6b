"""Diagnose our own wrong functions with the calls of the checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from grader.checks import DirectCaller, Verdict
from grader.checks.session import RunContext
from grader.course import Misconception, Patch
from grader.diagnosis import Diagnosis, Diagnostician, Recorded, Recorder
from grader.sandbox import Answer
from grader.sandbox.request import Request
from tests.grading import COURSE, reference_functions, session_of

KEYS = ("00_why_cnns", "01_convolution", "02_pooling", "03_dropout", "04_batch_norm")
TIMED = {"test_fast_within_three_times", "test_fast_within_ten_times"}


@cache
def diagnostician(key: str) -> Diagnostician:
    """Return one diagnostician for all tests: it keeps the answers of the variants."""
    return Diagnostician(COURSE.find(key))


@cache
def mistakes(key: str) -> list[Misconception]:
    """Return the misconceptions of an exercise that cost points."""
    return [one for one in COURSE.find(key).misconceptions() if one.severity == "mistake"]


def written(key: str, function: str, program: Any) -> Callable[..., Any]:
    """Return a program of ours as a function, also if it is a patch."""
    return COURSE.find(key).program(function, program) if isinstance(program, Patch) else program


def calls_of(key: str, function: str, program: Callable[..., Any], seed: int = 0) -> tuple[Sequence[Recorded], bool]:
    """Return the calls of a function's checks to a program in its place, and True if a check failed."""
    program = written(key, function, program)
    recorder = Recorder(DirectCaller({**reference_functions(key), function: program}))
    criteria = COURSE.find(key).rubric.criteria
    only = {name for one in criteria if one.function == function for name in one.checks} - TIMED
    outcomes = session_of(key).run(RunContext(recorder, seed, DirectCaller(reference_functions(key)), only=only))
    assert all(outcome.verdict is not Verdict.GRADER_FAULT for outcome in outcomes), outcomes
    return recorder.calls[function], any(outcome.verdict is Verdict.FAILED for outcome in outcomes)


def diagnosis_of(key: str, function: str, program: Callable[..., Any], seed: int = 0) -> Diagnosis | None:
    """Return what explains a program; None if nothing does. It must have lost points."""
    calls, failed = calls_of(key, function, program, seed)
    assert failed, "it loses no points"
    caller = DirectCaller({function: written(key, function, program)})
    ask_all = partial(asked_all, caller, function)
    return diagnostician(key).diagnose(function, calls, partial(caller.call, function), ask_all=ask_all)


def asked_all(caller: DirectCaller, function: str, several: Sequence[tuple[Any, ...]]) -> list[Answer]:
    """Return the answers to several calls, each with the arguments after it."""
    return caller.ask_all([Request(function, arguments, return_arguments=True) for arguments in several])


def names_of(found: Diagnosis | None) -> list[str]:
    """Return the ids that are named."""
    return [] if found is None else [one.id for one in found.misconceptions]
