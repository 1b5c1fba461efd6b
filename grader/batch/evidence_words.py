"""Turn the evidence of a check into words and numbers that a person can read, and compute again."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.course import Rubric
from grader.diagnosis.recorder import GeneratorState
from grader.grading.evidence import CallEvidence, CheckEvidence, Difference
from grader.report.pages import ExplainedCall, ExplainedCheck, Passage
from grader.sandbox import Answer, Foreign, Raised, Returned
from grader.text import counted

CALLS_SHOWN = 3
WIDTH = 100
NUMBERS_IN_TERMINAL = 400
LONGEST = 20_000  # characters of a value that is no array


def explained_check(check: CheckEvidence, before: str, rubric: Rubric) -> ExplainedCheck:
    """Return a check with its first calls. `before` is its verdict in the report."""
    outcome = check.outcome
    shown = check.calls[:CALLS_SHOWN]
    line = f"line {outcome.line}: {check.source_line}" if outcome.line else ""
    calls = tuple(
        ExplainedCall(f"Call {number} of {len(check.calls)}: {_heading(call)}", tuple(_passages(call, rubric)))
        for number, call in enumerate(shown, 1)
    )
    return ExplainedCheck(
        outcome.name, outcome.title, before, outcome.verdict.value, outcome.message, line, calls, _left_out(check)
    )


def _left_out(check: CheckEvidence) -> str:
    if not check.calls:
        return (
            "No call of this check is kept: it made none, the call ended the program, or its inputs have more than "
            "20,000 numbers."
        )
    rest = check.calls[CALLS_SHOWN:]
    differing = sum(bool(call.differs) for call in rest)
    if not rest:
        return ""
    return f"{counted(len(rest), 'more call')}, {differing} of them with an answer that differs from the reference's."


def _heading(call: CallEvidence) -> str:
    if call.differs is None:
        return f"{call.function}, not compared with the reference"
    if call.is_random:
        return f"{call.function}, with random numbers: other right answers exist"
    return f"{call.function}, {'differs from' if call.differs else 'agrees with'} the reference"


def _passages(call: CallEvidence, rubric: Rubric) -> Iterator[Passage]:
    for name, value in call.arguments.items():
        yield _passage(f"Input {name}", value)
    names = [result.name for result in rubric.functions.get(call.function, ())]
    yield from _answer("Got", call.got, names)
    if call.expected is not None:
        yield from _answer("Drawn by the reference" if call.is_random else "Expected", call.expected, names)
    for number, difference in enumerate(call.differences):
        if difference is not None and difference.largest and not call.is_random:
            yield _difference(names[number] if number < len(names) else "an argument after the call", difference)


def _answer(label: str, answer: Answer, names: Sequence[str]) -> Iterator[Passage]:
    if isinstance(answer, Raised):
        yield Passage(label, f"{answer.kind}: {answer.message}")
    elif isinstance(answer, Returned):
        value = answer.value
        whole = len(names) > 1 and isinstance(value, tuple | list) and len(value) == len(names)
        for name, part in zip(names, value, strict=True) if whole else ((names[0] if names else "", value),):
            yield _passage(f"{label} {name}".strip(), part)
        for part in answer.arguments or ():
            if isinstance(part, np.ndarray):
                yield _passage(f"{label}: an argument after the call", part)
    else:
        yield Passage(label, answer.detail)


def _difference(name: str, difference: Difference) -> Passage:
    wrong = f"{difference.wrong} of {difference.values.size} numbers are wrong, by at most {difference.largest:.6g}"
    return _passage(f"Got - expected for {name} ({wrong})", difference.values)


def _passage(heading: str, value: Any) -> Passage:
    if not isinstance(value, np.ndarray):
        return Passage(heading, _shown(value))
    if not value.ndim:
        return Passage(heading, repr(value.item()))
    short = ""
    if value.size > NUMBERS_IN_TERMINAL and not _is_constant(value):
        short = f"{_abbreviated(value)}\nThe page has all {value.size:,} numbers."
    return Passage(f"{heading}, {value.dtype} of shape {value.shape}", _shown(value), short)


def _is_constant(value: np.ndarray[Any, Any]) -> bool:
    return value.size > 1 and bool((value == value.flat[0]).all())


def _abbreviated(value: np.ndarray[Any, Any]) -> str:
    return np.array2string(value, threshold=0, edgeitems=2, max_line_width=WIDTH, separator=", ")


def _shown(value: Any) -> str:
    """Return a value in full: arrays with all their digits."""
    if isinstance(value, np.ndarray):
        if _is_constant(value):
            return f"each of the {value.size:,} numbers is {value.flat[0]}"
        return np.array2string(value, threshold=sys.maxsize, max_line_width=WIDTH, floatmode="unique", separator=", ")
    if isinstance(value, GeneratorState):
        return f"a generator of NumPy with the state {dict(value.state)}"
    if isinstance(value, Foreign):
        return value.description
    if isinstance(value, tuple | list) and any(isinstance(part, np.ndarray) for part in value):
        return "\n".join(map(_shown, value))
    return repr(value)[:LONGEST]
