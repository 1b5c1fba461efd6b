"""Explain why the functions of a submission failed: by a diagnosis, else by the smallest failing input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from grader.checks import CheckOutcome, Verdict
from grader.course import Exercise
from grader.diagnosis import (
    Ask,
    Deadline,
    Diagnosis,
    Diagnostician,
    Item,
    Recorded,
    TimeUpError,
    by_signs,
    in_words,
    seen_in_words,
    smallest_failing,
)
from grader.sandbox import Answer, Caller, Limits, Reason, Request, Sandboxed, Stopped, Zygote
from grader.submission import Submission

if TYPE_CHECKING:
    from grader.report.report import ExampleReport


class Children(Protocol):
    """Answers for the functions of one submission."""

    def child_for(self, function: str, seconds: float) -> AbstractContextManager[Caller]:
        """Return what answers for one function, in which a call takes at most `seconds`."""


@dataclass(frozen=True)
class FreshChildren:
    """Starts new children for a submission. Its output in them is not part of the report."""

    zygote: Zygote
    submission: Submission
    module: str
    limits: Limits

    def child_for(self, function: str, seconds: float) -> Sandboxed:
        """Return a child for one function, in which a call takes at most `seconds`. The caller closes it."""
        limits = replace(
            self.limits,
            call_seconds=min(self.limits.call_seconds, seconds),
            load_seconds=min(self.limits.load_seconds, seconds),
            submission_seconds=min(self.limits.submission_seconds, seconds),
        )
        return Sandboxed(self.zygote, self.submission, self.module, [function], limits)


@dataclass(frozen=True)
class Explained:
    """Outcomes whose messages may be longer than before, the diagnoses, and faults of the grader.

    `examples` are failing calls as pictures, by the name of the check.
    """

    outcomes: tuple[CheckOutcome, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    faults: tuple[str, ...] = ()
    examples: Mapping[str, ExampleReport] = field(default_factory=dict)


class Explainer:
    """Explains failures in one exercise. If this fails, only the explanation is lost, never the score."""

    def __init__(
        self,
        exercise: Exercise,
        uses_keras: bool,
        deadline: Callable[[], Deadline] = Deadline,
        exhaustive: bool = False,
    ) -> None:
        """With `exhaustive`, our programs are asked more than is needed, and the explanations are the same."""
        self._exercise = exercise
        self._rubric = exercise.rubric
        self._uses_keras = uses_keras
        self._deadline = deadline
        self._diagnostician = Diagnostician(exercise, exhaustive)

    def explain(
        self,
        outcomes: tuple[CheckOutcome, ...],
        calls: Mapping[str, Sequence[Recorded]],
        children: Children,
    ) -> Explained:
        """Explain the first failed check of each function. At the deadline, return what is known by then.

        `calls` are the calls that the checks made, by function.
        """
        if self._uses_keras:
            return self._by_signs(outcomes)
        diagnoses: list[Diagnosis] = []
        longer = list(outcomes)
        examples: dict[str, ExampleReport] = {}
        deadline = self._deadline()
        failed = [one.name for one in outcomes if one.verdict is Verdict.FAILED]
        for function, place in self._first_failures(outcomes).items():
            made = calls.get(function, ())
            try:
                with np.errstate(all="ignore"):  # a learner's answers may be infinite
                    deadline.check()
                    with children.child_for(function, deadline.left_to_ask) as child:
                        ask_all = partial(_ask_all, child, function, deadline)
                        diagnosis = self._diagnostician.diagnose(function, made, ask_all, deadline, failed)
                        if diagnosis is None:
                            continue
                        diagnoses.append(diagnosis)
                        deadline.check()
                        smallest = self._smallest(diagnosis, partial(_ask, child, function, deadline))
                    longer[place] = _longer(longer[place], diagnosis.located, self._words(function, smallest))
                    if (example := self._example(diagnosis, smallest)) is not None:
                        examples[longer[place].name] = example
            except TimeUpError:
                break
            except MemoryError:
                raise
            except Exception as error:  # a learner's answer can cause it, so it must not cost the score
                longer[place] = _unexplained(longer[place], error)
        return Explained(tuple(longer), tuple(diagnoses), examples=examples)

    def _first_failures(self, outcomes: Sequence[CheckOutcome]) -> dict[str, int]:
        """Return the place of the first failed check of each function."""
        first: dict[str, int] = {}
        for place, outcome in enumerate(outcomes):
            criterion = self._rubric.criterion_of(outcome.name)
            if outcome.verdict is Verdict.FAILED and criterion is not None:
                first.setdefault(criterion.function, place)
        return first

    @cached_property
    def _misconceptions(self) -> Sequence[Any]:
        return self._exercise.misconceptions()

    def _by_signs(self, outcomes: tuple[CheckOutcome, ...]) -> Explained:
        try:
            return Explained(outcomes, tuple(by_signs(self._misconceptions, outcomes)))
        except MemoryError:
            raise
        except Exception as error:
            return Explained(outcomes, faults=(f"the diagnosis broke: {type(error).__name__}: {error}"[:500],))

    def _smallest(self, diagnosis: Diagnosis, ask: Ask) -> Item | None:
        """Return the smallest failing call; None if there is none."""
        function = diagnosis.function
        reference = getattr(self._exercise.reference(), function)
        family = self._exercise.calls().get(function)
        valid = family.valid if family is not None else lambda *arguments: True
        return smallest_failing(diagnosis.items, reference, ask, valid)

    def _words(self, function: str, smallest: Item | None) -> str:
        """Return the smallest failing input in words; empty if there is none."""
        reference = getattr(self._exercise.reference(), function)
        return "" if smallest is None else in_words(function, self._results(function), reference, smallest)

    def _example(self, diagnosis: Diagnosis, smallest: Item | None) -> ExampleReport | None:
        """Return the picture of the smallest failing call, else of the first failing one; None if there is none."""
        from grader.report.example import example_of

        wrong = (item for item in diagnosis.items if item.is_wrong and not item.call.is_random)
        item = smallest or next(wrong, None)
        if item is None:
            return None
        reference, results = getattr(self._exercise.reference(), diagnosis.function), self._results(diagnosis.function)
        seen = seen_in_words(results, reference, item) if smallest is not None else ""
        return example_of(diagnosis.function, results, self._rubric.axes, reference, item, seen)

    def _results(self, function: str) -> list[str]:
        return [one.name for one in self._rubric.functions[function]]


def _longer(outcome: CheckOutcome, located: str, smallest: str) -> CheckOutcome:
    """Return the outcome with more words: the summary leaves out the smallest input, which the example shows."""
    words, short = (outcome.message, located, smallest), (outcome.summary, located)
    return replace(outcome, message="\n".join(filter(None, words)), summary="\n".join(filter(None, short)))


def _unexplained(outcome: CheckOutcome, error: Exception) -> CheckOutcome:
    """Return the outcome with the reason why there is no explanation at the end of its message."""
    words = f"The search for an explanation failed ({type(error).__name__}). The points are not affected."
    return replace(outcome, message=f"{outcome.message}\n{words}")


def _ask_all(child: Caller, function: str, deadline: Deadline, several: Sequence[tuple[Any, ...]]) -> Sequence[Answer]:
    """Return the answers of a learner's function to several calls, with the arguments after each call."""
    if not deadline.left_to_ask:
        return []
    with deadline.waiting():
        return child.ask_all([Request(function, arguments, return_arguments=True) for arguments in several])


def _ask(
    child: Caller, function: str, deadline: Deadline, arguments: tuple[Any, ...], named: Mapping[str, Any]
) -> Answer:
    """Return the answer of a learner's function. After the deadline, do not call it: Stopped ends every search."""
    if not deadline.left_to_ask:
        return Stopped(Reason.OVER_BUDGET, "the time for explanations was used up before this call")
    with deadline.waiting():
        return child.call(function, arguments, named)
