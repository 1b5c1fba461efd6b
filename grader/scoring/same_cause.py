"""Charge each misconception once: to one criterion, and to no other criterion that it explains.

The misconception names the criterion for each of its functions. It is charged to that of the first function in which
it was diagnosed. If nothing failed there, it is charged to the first criterion of that function in which a check saw
its sign, or that it explains, or else to the first in which anything failed. A bonus is charged only if no other
criterion can be: a mistake that is charged once must cost something.

Only a wrong answer or an exception can have the same cause. A check that was stopped, found a stub, or measures time
has not seen the rest of the function's work, so its points are never given back.

A misconception that leaves nothing right gives nothing back either. If no check of its functions passes, the program
shows no work: a constant may be the answer of a named wrong variant, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.checks import CheckOutcome, Verdict
from grader.course import Criterion, Rubric
from grader.sandbox import Reason

if TYPE_CHECKING:
    from grader.course import Misconception
    from grader.diagnosis import Diagnosis

ANSWERED = frozenset({
    Reason.WRONG_VALUE, Reason.WRONG_SHAPE, Reason.WRONG_TYPE, Reason.WRONG_DISTRIBUTION,
    Reason.RAISED, Reason.NO_EXCEPTION, Reason.WRONG_EXCEPTION,
})  # fmt: skip
"""The reasons of a check that has seen an answer, or an exception in its place."""


@dataclass(frozen=True)
class Charge:
    """One misconception, by id, and the id of the criterion that it is charged to.

    `gives_back` is true if a check of the functions in which it was diagnosed passed.
    """

    misconception: str
    criterion: str
    gives_back: bool


def charges(
    rubric: Rubric, outcomes: Mapping[str, Sequence[CheckOutcome]], diagnoses: Sequence[Diagnosis]
) -> tuple[Charge, ...]:
    """Return what each diagnosed misconception is charged to. `outcomes` are those of each criterion, by its id."""
    order = {function: place for place, function in enumerate(rubric.functions)}
    found: dict[str, list[tuple[Misconception, Diagnosis]]] = {}
    for diagnosis in sorted(diagnoses, key=lambda one: order.get(one.function, len(order))):
        for misconception in diagnosis.misconceptions:
            found.setdefault(misconception.id, []).append((misconception, diagnosis))
    best = {name: next(_places(rubric, outcomes, named), None) for name, named in found.items()}
    works = {one.function for one in rubric.criteria for outcome in outcomes[one.id] if _passed(outcome)}
    return tuple(
        Charge(name, place.id, any(diagnosis.function in works for _, diagnosis in found[name]))
        for name, place in best.items()
        if place is not None
    )


def lost_to(
    criterion: Criterion, outcomes: Sequence[CheckOutcome], found: Sequence[Charge], diagnoses: Sequence[Diagnosis]
) -> str:
    """Return the id of the criterion that is charged with everything that failed here; "" if there is none."""
    failed = [one for one in outcomes if one.verdict in (Verdict.FAILED, Verdict.NOT_RUN)]
    if not failed or not all(map(_has_answer, failed)):
        return ""
    charged = {charge.misconception: charge.criterion for charge in found if charge.gives_back}
    for diagnosis in diagnoses:
        named = [one.id for one in diagnosis.misconceptions]
        explained = diagnosis.function == criterion.function and all(one.name in diagnosis.explains for one in failed)
        if explained and named and all(one in charged for one in named):
            return charged[named[0]]
    return ""


def _places(
    rubric: Rubric, outcomes: Mapping[str, Sequence[CheckOutcome]], named: Sequence[tuple[Misconception, Diagnosis]]
) -> Iterator[Criterion]:
    """Yield the criteria that a misconception can be charged to, the best one first."""
    for is_bonus in (False, True):
        for misconception, diagnosis in named:
            lost = [
                one
                for one in rubric.criteria
                if one.function == diagnosis.function and one.bonus == is_bonus and _failed(outcomes[one.id])
            ]
            own = misconception.criteria.get(diagnosis.function)
            yield from (one for one in lost if one.id == own)
            yield from (one for one in lost if any(seen.sign == misconception.id for seen in outcomes[one.id]))
            yield from (one for one in lost if _failed(outcomes[one.id]) & diagnosis.explains)
            yield from lost


def _failed(outcomes: Sequence[CheckOutcome]) -> set[str]:
    return {one.name for one in outcomes if one.verdict is Verdict.FAILED}


def _passed(outcome: CheckOutcome) -> bool:
    return outcome.verdict is Verdict.PASSED


def _has_answer(outcome: CheckOutcome) -> bool:
    return outcome.reason in ANSWERED and not outcome.timed
