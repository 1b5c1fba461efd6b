"""Diagnose our own wrong functions with the calls of the checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from grader.checks import DirectCaller, Verdict
from grader.checks.session import RunContext
from grader.course import Form, Misconception
from grader.diagnosis import Diagnosis, Diagnostician, Recorded, Recorder
from grader.diagnosis.exploration import AskAll
from grader.sandbox import Request
from tests.grading import COURSE, reference_functions, session_of

KEYS = ("00_why_cnns", "01_convolution", "02_pooling", "03_dropout", "04_batch_norm")
TIMED = {"test_fast_is_fast"}


@cache
def diagnostician(key: str) -> Diagnostician:
    """Return one diagnostician for all tests: it keeps the answers of the variants."""
    return Diagnostician(COURSE.find(key))


@cache
def mistakes(key: str) -> list[Misconception]:
    """Return the misconceptions of an exercise that cost points."""
    return [one for one in COURSE.find(key).misconceptions() if one.severity == "mistake"]


def program_of(key: str, one: Misconception, form: Form | None = None) -> Callable[..., Any]:
    """Return the wrong program of a misconception, or another form of it."""
    return COURSE.find(key).program(one.function, one.variant if form is None else form)


def calls_of(key: str, function: str, program: Callable[..., Any], seed: int = 0) -> tuple[Sequence[Recorded], bool]:
    """Return the calls of a function's checks to a program in its place, and True if a check failed."""
    recorder = Recorder(DirectCaller({**reference_functions(key), function: program}))
    criteria = COURSE.find(key).rubric.criteria
    only = {name for one in criteria if one.function == function for name in one.checks} - TIMED
    outcomes = session_of(key).run(RunContext(recorder, seed, begin=recorder.begin, only=only))
    assert all(outcome.verdict is not Verdict.GRADER_FAULT for outcome in outcomes), outcomes
    return recorder.calls[function], any(outcome.verdict is Verdict.FAILED for outcome in outcomes)


def diagnosis_of(key: str, function: str, program: Callable[..., Any], seed: int = 0) -> Diagnosis | None:
    """Return what explains a program; None if nothing does. It must have lost points."""
    calls, failed = calls_of(key, function, program, seed)
    assert failed, "it loses no points"
    return diagnostician(key).diagnose(function, calls, asked(function, program))


def asked(function: str, program: Callable[..., Any]) -> AskAll:
    """Return what asks a program several calls."""
    caller = DirectCaller({function: program})
    return lambda several: caller.ask_all([Request(function, one, return_arguments=True) for one in several])


def names_of(found: Diagnosis | None) -> list[str]:
    """Return the ids that are named."""
    return [] if found is None else [one.id for one in found.misconceptions]
