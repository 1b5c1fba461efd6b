"""Apply the decisions of people on top of what the grader found. The report itself never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.batch.overrides import Override
from grader.report.exports import ExerciseGrade, NoScore, amount


@dataclass(frozen=True)
class OwnDecisions:
    """The decisions about one learner in one exercise: about criteria, and at most one about the whole exercise."""

    criteria: tuple[Override, ...] = ()
    total: Override | None = None


def decisions_by_target(overrides: Iterable[Override]) -> dict[str, dict[str, OwnDecisions]]:
    """Return the decisions by learner and exercise key."""
    found: dict[str, dict[str, OwnDecisions]] = {}
    for one in overrides:
        of_learner = found.setdefault(one.learner, {})
        own = of_learner.get(one.exercise, OwnDecisions())
        changed = replace(own, criteria=(*own.criteria, one)) if one.criterion else replace(own, total=one)
        of_learner[one.exercise] = changed
    return found


def decided_report(report: Mapping[str, Any], decisions: Sequence[Override]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a report, given as the mapping that its JSON holds, with these points, and a sentence for each decision.

    The points of the report must be known.
    """
    wanted = {one.criterion: one for one in decisions}
    score = dict(report["score"])
    criteria, sentences = [], []
    for criterion in report["criteria"]:
        decision = wanted.get(criterion["id"])
        if decision is None or decision.points is None:
            criteria.append(criterion)
            continue
        kind = "earned_bonus" if criterion["bonus"] else "earned"
        score[kind] = amount(score[kind] + decision.points - criterion["earned"])
        is_full = decision.points >= criterion["possible"]
        changed = {"earned": amount(decision.points), "hint": None if is_full else criterion["hint"]}
        criteria.append({**criterion, **changed})
        sentences.append(
            _sentence(
                f"{criterion['title'].removesuffix('.')}: {amount(decision.points)} of "
                f"{amount(criterion['possible'])} points, instead of {amount(criterion['earned'])}.",
                decision,
            )
        )
    return {**report, "score": score, "criteria": criteria}, tuple(sentences)


def decided_grade(grade: ExerciseGrade, total: Override | None) -> ExerciseGrade:
    """Return a grade with the decision about the whole exercise. Lateness costs nothing more then."""
    if total is None:
        return grade
    if total.points is None:
        sentence = _sentence("Excused.", total)
        return replace(
            grade, raw=None, final=None, no_score=NoScore.EXCUSED, causes=(), note="",
            decisions=(*grade.decisions, sentence), is_decided=True,
        )  # fmt: skip
    instead = f", instead of {amount(grade.final)}" if grade.final is not None else ""
    sentence = _sentence(f"{amount(total.points)} of {amount(grade.possible)} points count{instead}.", total)
    raw = grade.raw if grade.raw is not None else total.points
    note = grade.note if grade.raw is not None else ""
    return replace(
        grade, raw=raw, final=total.points, no_score=None, note=note, decisions=(*grade.decisions, sentence),
        is_decided=True,
    )  # fmt: skip


def _sentence(fact: str, decision: Override) -> str:
    return f"{fact} {decision.reason}".strip()
