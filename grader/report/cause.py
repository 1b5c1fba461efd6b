"""Tell each cause once: at the criterion that is charged with it. The other criteria refer to that one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from grader.checks import Verdict
from grader.report.report import UNWRITTEN, CheckReport, CriterionReport, DiagnosisHint
from grader.sandbox import Reason

if TYPE_CHECKING:
    from grader.diagnosis import Diagnosis


def told_once(criteria: Sequence[CriterionReport], explained: Mapping[str, Diagnosis]) -> tuple[CriterionReport, ...]:
    """Return the criteria with what explains their failed checks; `explained` has the diagnosis of each function."""
    places = {name: place for place, criterion in enumerate(criteria) for name in criterion.charged_with}
    unwritten = _unwritten(criteria)
    found = []
    for place, criterion in enumerate(criteria):
        by_check = {one.name: _explanation(one, criterion, explained) for one in criterion.checks}
        checks = tuple(_with_diagnosis(one, by_check[one.name]) for one in criterion.checks)
        diagnosis = next(filter(None, by_check.values()), None)
        whole = all(by_check[one.name] for one in checks if one.verdict is Verdict.FAILED)
        hint = criterion.hint
        if diagnosis is not None:
            elsewhere = _reference(criteria, place, diagnosis, places) if whole else ""
            hint = _question(criterion, diagnosis) or elsewhere or hint
        sentences = tuple(_carried(criteria, place, unwritten))
        hint = None if criterion.same_cause_as else hint
        found.append(criterion.model_copy(update={"checks": checks, "hint": hint, "carried_forward": sentences}))
    return tuple(found)


def _explanation(
    check: CheckReport, criterion: CriterionReport, explained: Mapping[str, Diagnosis]
) -> Diagnosis | None:
    """Return the diagnosis that explains a failed check: another mistake in the same function has none."""
    diagnosis = explained.get(check.function)
    if diagnosis is None or check.verdict is not Verdict.FAILED:
        return None
    is_charged = any(one.id in criterion.charged_with for one in diagnosis.misconceptions)
    return diagnosis if diagnosis.complete or is_charged or check.name in diagnosis.explains else None


def _with_diagnosis(check: CheckReport, diagnosis: Diagnosis | None) -> CheckReport:
    if diagnosis is None:
        return check
    ids = " + ".join(one.id for one in diagnosis.misconceptions)
    return check.model_copy(update={"diagnosis": DiagnosisHint(id=ids, hint=diagnosis.question)})


def _question(criterion: CriterionReport, diagnosis: Diagnosis) -> str:
    """Return the questions of the misconceptions that the criterion is charged with; empty if there are none."""
    charged = [one.question for one in diagnosis.misconceptions if one.id in criterion.charged_with]
    return " ".join(dict.fromkeys(charged))


def _reference(criteria: Sequence[CriterionReport], place: int, diagnosis: Diagnosis, places: Mapping[str, int]) -> str:
    """Refer to the criterion that asks about a diagnosis; return an empty text if none does."""
    asks = next((places[one.id] for one in diagnosis.misconceptions if one.id in places), None)
    return f"{_same_cause(criteria, place, asks)}." if asks is not None else ""


def _carried(criteria: Sequence[CriterionReport], place: int, unwritten: frozenset[str]) -> Iterator[str]:
    """Yield what was carried forward into the criterion at this place."""
    criterion = criteria[place]
    if criterion.same_cause_as is not None:
        charged = next(at for at, one in enumerate(criteria) if one.id == criterion.same_cause_as)
        yield f"{_same_cause(criteria, place, charged)}; no points lost."
    for name in dict.fromkeys(name for check in criterion.checks for name in check.checked_with):
        state = "is not written yet" if name in unwritten else "is wrong"
        yield f"Checked with a right {name}, because yours {state}."


def _same_cause(criteria: Sequence[CriterionReport], place: int, other: int) -> str:
    """Refer from the criterion at `place` to another one. A bonus is shown after all others."""
    is_above = (criteria[other].bonus, other) < (criteria[place].bonus, place)
    return f'Same cause as "{criteria[other].title}" {"above" if is_above else "below"}'


def _unwritten(criteria: Sequence[CriterionReport]) -> frozenset[str]:
    """Return the functions that are not written yet: each of their failed checks found a stub, or nothing."""
    reasons: dict[str, list[Reason | None]] = {}
    for check in (check for criterion in criteria for check in criterion.checks):
        if check.verdict is Verdict.FAILED:
            reasons.setdefault(check.function, []).append(check.reason)
    return frozenset(name for name, found in reasons.items() if all(reason in UNWRITTEN for reason in found))
