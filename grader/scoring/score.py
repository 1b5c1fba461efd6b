"""Give points for outcomes, by the rubric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.checks import CheckOutcome, Verdict
from grader.course import Criterion, Rubric
from grader.sandbox import Reason

DECIMALS = 4  # a third of two points is 0.6667; more digits are noise


@dataclass(frozen=True)
class CriterionScore:
    """The points of one criterion, and the outcomes of its checks in the order of the rubric."""

    criterion: Criterion
    earned: float
    possible: float
    outcomes: tuple[CheckOutcome, ...]


@dataclass(frozen=True)
class Score:
    """The points of one submission. A bonus is counted apart, never in `possible` or `earned`."""

    criteria: tuple[CriterionScore, ...]
    earned: float
    possible: float
    earned_bonus: float
    possible_bonus: float


def score(rubric: Rubric, outcomes: Iterable[CheckOutcome]) -> Score:
    """Return the score for these outcomes.

    A criterion holds if all of its checks passed; with `partial`, each check gives an equal share. A fault of the
    grader counts as passed, and a check without an outcome is such a fault: our crash never costs a learner a point.
    """
    by_name = {outcome.name: outcome for outcome in outcomes}
    criteria = tuple(_criterion_score(criterion, by_name) for criterion in rubric.criteria)
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
    passed = sum(outcome.verdict in (Verdict.PASSED, Verdict.GRADER_FAULT) for outcome in outcomes)
    if passed == len(outcomes):
        earned = criterion.points
    else:
        earned = round(criterion.points * passed / len(outcomes), DECIMALS) if criterion.partial else 0.0
    return CriterionScore(criterion, earned, criterion.points, outcomes)


def _lost(check: str) -> CheckOutcome:
    message = f"the check {check} has no outcome"
    return CheckOutcome(check, check, Verdict.GRADER_FAULT, message, reason=Reason.GRADER_FAULT)


def _sum(points: Iterable[float]) -> float:
    return round(float(sum(points)), DECIMALS)
