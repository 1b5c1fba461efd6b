"""Why the functions of a submission failed: diagnoses, and the smallest input where nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from grader.checks import CheckOutcome, Verdict
from grader.course import Exercise
from grader.diagnosis import (
    Deadline,
    Diagnosis,
    Diagnostician,
    Recorded,
    TimeUpError,
    by_signs,
    in_words,
    is_unwritten,
    smallest_failing,
)
from grader.sandbox import Answer, Limits, Reason, Sandboxed, Stopped, Zygote
from grader.submission import Submission


@dataclass(frozen=True)
class Apart:
    """A submission that is asked once more, in children of its own: what it prints there is not what checks made it
    print.
    """

    zygote: Zygote
    submission: Submission
    module: str
    limits: Limits

    def child_for(self, function: str, seconds: float) -> Sandboxed:
        """Return a child for this function, in which a call takes at most so many seconds. The caller closes it."""
        limits = replace(
            self.limits,
            call_seconds=min(self.limits.call_seconds, seconds),
            load_seconds=min(self.limits.load_seconds, seconds),
            submission_seconds=min(self.limits.submission_seconds, seconds),
        )
        return Sandboxed(self.zygote, self.submission, self.module, [function], limits)


class Explainer:
    """Explains the failures of one exercise's submissions. A fault of ours costs the explanation and nothing else."""

    def __init__(self, exercise: Exercise, uses_keras: bool, deadline: Callable[[], Deadline] = Deadline) -> None:
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._uses_keras = uses_keras
        self._deadline = deadline
        self._diagnostician = Diagnostician(exercise)

    def explain(
        self,
        outcomes: tuple[CheckOutcome, ...],
        calls: Mapping[str, Sequence[Recorded]],
        apart: Apart,
        faults: list[str],
    ) -> tuple[tuple[CheckOutcome, ...], list[Diagnosis]]:
        """Return the outcomes with longer messages, and the diagnoses. Appends faults of the grader to `faults`.

        `calls` are those that the checks made, by function. At the deadline it returns what is known by then.
        """
        if self._uses_keras:
            return outcomes, self._by_signs(outcomes, faults)
        diagnoses: list[Diagnosis] = []
        first: dict[str, int] = {}  # the place of the first failed check of each function
        for place, outcome in enumerate(outcomes):
            criterion = self._rubric.criterion_of(outcome.name)
            if outcome.verdict is Verdict.FAILED and criterion is not None:
                first.setdefault(criterion.function, place)
        found = list(outcomes)
        deadline = self._deadline()
        for function, place in first.items():
            made = calls.get(function, ())
            try:
                with np.errstate(all="ignore"):  # infinite answers are the learner's
                    deadline.check()
                    ask = partial(_asked_once, apart, function, deadline)
                    diagnosis = self._diagnostician.diagnose(function, made, ask, deadline)
                    if diagnosis is not None:
                        diagnoses.append(diagnosis)
                    if diagnosis is None or not diagnosis.misconceptions:
                        found[place] = self._with_smallest(found[place], function, made, apart, deadline)
            except TimeUpError:
                break
            except MemoryError:
                raise
            except Exception as error:  # an answer may bring it about, so it must not take the score away
                found[place] = _unexplained(found[place], error)
        return tuple(found), diagnoses

    @cached_property
    def _misconceptions(self) -> Sequence[Any]:
        return self._exercise.misconceptions()

    def _by_signs(self, outcomes: Sequence[CheckOutcome], faults: list[str]) -> list[Diagnosis]:
        try:
            return by_signs(self._misconceptions, outcomes)
        except MemoryError:
            raise
        except Exception as error:
            faults.append(f"the diagnosis broke: {type(error).__name__}: {error}"[:500])
            return []

    def _with_smallest(
        self, outcome: CheckOutcome, function: str, calls: Sequence[Recorded], apart: Apart, deadline: Deadline
    ) -> CheckOutcome:
        """Return the outcome; if a smallest input is found on which the function fails, its message ends with it."""
        if any(is_unwritten(call) for call in calls):
            return outcome
        reference = getattr(self._exercise.reference(), function)
        deadline.check()
        with apart.child_for(function, deadline.left) as child:
            smallest = smallest_failing(calls, reference, partial(_asked, child, function, deadline))
        if smallest is None:
            return outcome
        results = [one.name for one in self._rubric.functions[function]]
        words = in_words(function, results, reference, smallest)
        return replace(outcome, message=f"{outcome.message}\n{words}")


def _unexplained(outcome: CheckOutcome, error: Exception) -> CheckOutcome:
    """Return the outcome; its message ends with why there is no explanation. Its verdict stays."""
    words = f"The search for an explanation failed ({type(error).__name__}). The points are not affected."
    return replace(outcome, message=f"{outcome.message}\n{words}")


def _asked_once(
    apart: Apart, function: str, deadline: Deadline, arguments: tuple[Any, ...], named: Mapping[str, Any]
) -> Answer:
    with apart.child_for(function, deadline.left) as child:
        return _asked(child, function, deadline, arguments, named)


def _asked(
    child: Sandboxed, function: str, deadline: Deadline, arguments: tuple[Any, ...], named: Mapping[str, Any]
) -> Answer:
    """Return the answer of a learner's function. At the deadline it is not called; the Stopped ends every search."""
    if not deadline.left:
        return Stopped(Reason.OVER_BUDGET, "the time for explanations was used up before this call")
    with deadline.waiting():
        return child.call(function, arguments, named)
