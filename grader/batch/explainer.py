"""Why the functions of a submission failed: diagnoses, and the smallest input where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from grader.checks import CheckOutcome, Verdict
from grader.course import Exercise
from grader.diagnosis import Diagnosis, Diagnostician, Recorded, by_signs, in_words, is_unwritten, smallest_failing
from grader.sandbox import Answer, Limits, Sandboxed, Zygote
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

    def child_for(self, function: str) -> Sandboxed:
        """A child for this function, to be closed."""
        return Sandboxed(self.zygote, self.submission, self.module, [function], self.limits)


class Explainer:
    """Explains the failures of one exercise's submissions. A fault of ours costs the explanation and nothing else."""

    def __init__(self, exercise: Exercise, with_models: bool) -> None:
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._with_models = with_models
        self._diagnostician = Diagnostician(exercise)

    def explain(
        self,
        outcomes: tuple[CheckOutcome, ...],
        calls: Mapping[str, Sequence[Recorded]],
        apart: Apart,
        faults: list[str],
    ) -> tuple[tuple[CheckOutcome, ...], list[Diagnosis]]:
        """The outcomes with what is worth adding to their messages, and the diagnoses; `faults` of ours are noted.

        `calls` are those of each function that the checks made.
        """
        if self._with_models:
            return outcomes, self._by_signs(outcomes, faults)
        diagnoses: list[Diagnosis] = []
        first: dict[str, int] = {}  # the place of the first failed check of each function
        for place, outcome in enumerate(outcomes):
            criterion = self._rubric.criterion_of(outcome.name)
            if outcome.verdict is Verdict.FAILED and criterion is not None:
                first.setdefault(criterion.function, place)
        found = list(outcomes)
        for function, place in first.items():
            made = calls.get(function, ())
            try:
                ask = partial(_asked_once, apart, function)
                diagnosis = self._diagnostician.diagnose(function, made, ask)
                if diagnosis is not None:
                    diagnoses.append(diagnosis)
                if diagnosis is None or not diagnosis.misconceptions:
                    found[place] = self._with_smallest(found[place], function, made, apart)
            except MemoryError:
                raise
            except Exception as error:
                faults.append(f"the explanation of {function} broke: {type(error).__name__}: {error}"[:500])
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
        self, outcome: CheckOutcome, function: str, calls: Sequence[Recorded], apart: Apart
    ) -> CheckOutcome:
        """The outcome; its message ends with the smallest input on which the function fails, where one is found."""
        if any(is_unwritten(call, function) for call in calls):
            return outcome
        reference = getattr(self._exercise.reference(), function)
        with apart.child_for(function) as child:
            smallest = smallest_failing(calls, reference, partial(child.call, function))
        if smallest is None:
            return outcome
        results = [one.name for one in self._rubric.functions[function]]
        words = in_words(function, results, reference, smallest)
        return outcome if words in outcome.message else replace(outcome, message=f"{outcome.message}\n{words}")


def _asked_once(apart: Apart, function: str, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Answer:
    with apart.child_for(function) as child:
        return child.call(function, arguments, named)
