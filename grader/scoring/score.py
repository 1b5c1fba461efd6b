"""Give points for outcomes, by the rubric."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.checks import CheckOutcome, Verdict
from grader.course import Criterion, Rubric
from grader.sandbox import Reason
from grader.scoring.same_cause import Charge, charges, lost_to

if TYPE_CHECKING:
    from grader.diagnosis import Diagnosis

DECIMALS = 4  # a third of two points is 0.6667; more digits are noise
HELD = (Verdict.PASSED, Verdict.GRADER_FAULT)


@dataclass(frozen=True)
class CriterionScore:
    """The points of one criterion, and the outcomes of its checks in the order of the rubric.

    `charged_with` are the ids of the misconceptions that cost points here. If such a misconception explains everything
    that failed in another criterion, that one has its points; its `same_cause_as` is the id of the criterion charged.
    """

    criterion: Criterion
    earned: float
    possible: float
    outcomes: tuple[CheckOutcome, ...]
    charged_with: tuple[str, ...] = ()
    same_cause_as: str = ""


@dataclass(frozen=True)
class Score:
    """The points of one submission. A bonus is counted separately, never in `possible` or `earned`."""

    criteria: tuple[CriterionScore, ...]
    earned: float
    possible: float
    earned_bonus: float
    possible_bonus: float


def score(rubric: Rubric, outcomes: Iterable[CheckOutcome], diagnoses: Sequence[Diagnosis] = ()) -> Score:
    """Return the score for these outcomes and what explains them.

    The checks of a criterion share its points, unless it must hold as a whole. A fault of the grader counts as passed,
    and a check without an outcome is such a fault: our crash never costs a learner a point. A misconception costs the
    points of one criterion: `same_cause.py` says which, and which others are given back.
    """
    by_name = {outcome.name: outcome for outcome in outcomes}
    criteria = tuple(_criterion_score(criterion, by_name) for criterion in rubric.criteria)
    found = charges(rubric, {one.criterion.id: one.outcomes for one in criteria}, diagnoses)
    criteria = tuple(_with_charges(one, found, diagnoses, rubric.carry_forward.same_cause) for one in criteria)
    graded = [one for one in criteria if not one.criterion.bonus]
    bonus = [one for one in criteria if one.criterion.bonus]
    return Score(
        criteria,
        earned=_sum(one.earned for one in graded),
        possible=_sum(one.possible for one in graded),
        earned_bonus=_sum(one.earned for one in bonus),
        possible_bonus=_sum(one.possible for one in bonus),
    )


def none_ran(rubric: Rubric, because: str, titles: Mapping[str, str] | None = None) -> tuple[CheckOutcome, ...]:
    """Return the outcomes of a submission that cannot be run: no check of the rubric ran, for the reason `because`."""
    known = titles or {}
    return tuple(
        CheckOutcome(check, known.get(check, check), Verdict.NOT_RUN, because, reason=Reason.NOT_LOADED)
        for criterion in rubric.criteria
        for check in criterion.checks
    )


def _criterion_score(criterion: Criterion, by_name: Mapping[str, CheckOutcome]) -> CriterionScore:
    outcomes = tuple(by_name.get(check) or _lost(check) for check in criterion.checks)
    held = [outcome.name for outcome in outcomes if outcome.verdict in HELD]
    earned = round(math.fsum(map(criterion.share, held)), DECIMALS)
    if len(held) == len(outcomes):
        earned = criterion.points
    return CriterionScore(criterion, earned, criterion.points, outcomes)


def _with_charges(
    one: CriterionScore, found: Sequence[Charge], diagnoses: Sequence[Diagnosis], give_back: bool
) -> CriterionScore:
    """Return the score of a criterion with what it is charged with, or with the points that another one is charged."""
    charged_with = tuple(charge.misconception for charge in found if charge.criterion == one.criterion.id)
    if charged_with or not give_back:
        return replace(one, charged_with=charged_with)
    elsewhere = lost_to(one.criterion, one.outcomes, found, diagnoses)
    return replace(one, earned=one.possible, same_cause_as=elsewhere) if elsewhere else one


def _lost(check: str) -> CheckOutcome:
    message = f"the check {check} has no outcome"
    return CheckOutcome(check, check, Verdict.GRADER_FAULT, message, reason=Reason.GRADER_FAULT)


def _sum(points: Iterable[float]) -> float:
    return round(math.fsum(points), DECIMALS)
