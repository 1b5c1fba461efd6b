"""Measure what diagnosis names and what it costs: for misconceptions, all pairs of them, and unknown mistakes.

python -m benchmarks.diagnosis
python -m benchmarks.diagnosis 1 4

Times are processor times in milliseconds. A cold worker is new; a warm worker has diagnosed the same program before.
The search for a smallest input runs with the program in our own process. In grading, each of its at most sixty tries is
a call of the sandbox.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks.paired import machine
from grader.checks import DirectCaller
from grader.course import both
from grader.diagnosis import Diagnosis, Diagnostician, smallest_failing
from grader.diagnosis.answers import answer_of, same
from tests.diagnosis.judging import KEYS, calls_of, mistakes
from tests.diagnosis.unknown import UNKNOWN
from tests.grading import COURSE, reference_functions

Program = Callable[..., Any]


@dataclass
class Figures:
    """The figures for one kind of wrong program in one function."""

    function: str
    kind: str
    named: int = 0
    unnamed: int = 0
    wrongly: int = 0
    passing: int = 0
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    shrinking: list[float] = field(default_factory=list)

    def line(self) -> str:
        """Return one row of the table."""
        counts = f"{self.named:>6}{self.unnamed:>8}{self.wrongly:>7}{self.passing:>8}"
        return f"{self.function:<22}{self.kind:<10}{counts}  {_ms(self.cold)} {_ms(self.warm)} {_ms(self.shrinking)}"


def main(arguments: list[str]) -> None:
    """Print the table. Exit with 1 if a program was given a wrong name."""
    print(machine())
    print(f"{'':<32}{'named':>6}{'unnamed':>8}{'wrong':>7}{'passing':>8}  {'cold':>15} {'warm':>15} {'shrinking':>15}")
    print(f"{'function':<22}{'programs':<10}{'':<29}  " + " ".join(f"{'mean':>7} {'max ms':>7}" for _ in range(3)))
    wrongly = 0
    for key in KEYS:
        if arguments and str(int(key[:2])) not in arguments:
            continue
        for function in COURSE.find(key).rubric.functions:
            for kind, programs in (("single", _single), ("pairs", _pairs), ("unknown", _unknown)):
                figures = _measured(key, function, kind, programs(key, function))
                if figures.cold or figures.passing:
                    print(figures.line(), flush=True)
                wrongly += figures.wrongly
    if wrongly:
        raise SystemExit(1)


def _single(key: str, function: str) -> Iterator[tuple[set[str], Program]]:
    for one in mistakes(key):
        yield from (({one.id}, program) for program in one.programs(function))


def _pairs(key: str, function: str) -> Iterator[tuple[set[str], Program]]:
    for first, second in itertools.combinations(mistakes(key), 2):
        if first.function == second.function == function and (program := both(first, second)) is not None:
            yield {first.id, second.id}, program


def _unknown(key: str, function: str) -> Iterator[tuple[set[str], Program]]:
    for of_key, of_function, program in UNKNOWN.values():
        if (of_key, of_function) == (key, function):
            yield set(), program()


def _measured(key: str, function: str, kind: str, programs: Iterator[tuple[set[str], Program]]) -> Figures:
    figures = Figures(function, kind)
    reference = reference_functions(key)[function]
    warm = Diagnostician(COURSE.find(key))
    for ids, program in programs:
        calls, failed = calls_of(key, function, program)
        if not failed:
            figures.passing += 1
            continue
        ask = partial(DirectCaller({function: program}).call, function)
        cold = Diagnostician(COURSE.find(key))
        seconds, found = _timed(lambda d=cold, c=calls, a=ask: d.diagnose(function, c, a))
        figures.cold.append(seconds)
        warm.diagnose(function, calls, ask)
        figures.warm.append(_timed(lambda c=calls, a=ask: warm.diagnose(function, c, a))[0])
        if found is None or not found.misconceptions:
            figures.shrinking.append(_timed(lambda c=calls, a=ask: smallest_failing(c, reference, a))[0])
        _count(figures, ids, program, calls, found)
    return figures


def _count(figures: Figures, ids: set[str], program: Program, calls: Sequence[Any], found: Diagnosis | None) -> None:
    """Count a name as right if the program has that misconception, or gives the same answers."""
    names = {one.id for one in found.misconceptions} if found is not None else set()
    if names and names == ids:
        figures.named += 1
    elif found is not None and names:
        other = both(*found.misconceptions) if len(names) == 2 else found.misconceptions[0].variant
        as_well = other is not None and all(same(answer_of(other, call), answer_of(program, call)) for call in calls)
        figures.named += as_well
        figures.unnamed += not as_well and names < ids
        figures.wrongly += not as_well and not names < ids
    else:
        figures.unnamed += 1


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    value = run()
    return time.process_time() - started, value


def _ms(seconds: Sequence[float]) -> str:
    if not seconds:
        return f"{'':>7} {'':>7}"
    return f"{1000 * sum(seconds) / len(seconds):>7.1f} {1000 * max(seconds):>7.1f}"


if __name__ == "__main__":
    main(sys.argv[1:])
