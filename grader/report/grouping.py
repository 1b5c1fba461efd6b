"""The verdict of a criterion in a word, and the criteria that fail for the same reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.checks import Verdict
from grader.report.report import CheckReport, CriterionReport, Report
from grader.sandbox import Reason

OUT_OF_TIME = frozenset({Reason.TIMED_OUT, Reason.OUT_OF_CPU_TIME, Reason.OVER_BUDGET})
OF_FUNCTION = frozenset({
    Reason.NOT_DEFINED, Reason.UNAVAILABLE, Reason.DIED, Reason.EXITED, Reason.NOT_RETURNED, Reason.WRONG_TYPE,
    Reason.WRONG_SHAPE,
})  # fmt: skip
"""Reasons that are one mistake in a function, however many checks meet it."""

Cause = tuple[object, ...]


@dataclass(frozen=True)
class Group:
    """Criteria that fail for the same reason.

    The report tells `first` in full, by its failed `check`. The `others` lose points too; those in `same` have theirs.
    """

    first: CriterionReport
    check: CheckReport
    others: tuple[CriterionReport, ...] = ()
    same: tuple[CriterionReport, ...] = ()


def groups_of(report: Report) -> tuple[Group, ...]:
    """Return the failed criteria, grouped by reason: graded ones first, in the order of the rubric."""
    ordered = in_order(report)
    found: dict[Cause, list[CriterionReport]] = {}
    for criterion in ordered:
        if word_of(criterion) == "FAIL":
            found.setdefault(_cause_of(criterion), []).append(criterion)
    groups = []
    for first, *others in found.values():
        ids = {first.id, *(one.id for one in others)}
        same = tuple(one for one in ordered if word_of(one) == "SAME" and one.same_cause_as in ids)
        groups.append(Group(first, failed_check(first), tuple(others), same))
    return tuple(groups)


def in_order(report: Report) -> list[CriterionReport]:
    """Return the criteria in the order in which they are shown: a bonus after all others."""
    return sorted(report.criteria, key=lambda one: one.bonus)


def failed_check(criterion: CriterionReport) -> CheckReport:
    """Return the check of a failed criterion to tell first: one that is written, if there is one."""
    failed = [check for check in criterion.checks if check.verdict is Verdict.FAILED]
    return min(failed, key=lambda check: check.reason is Reason.NOT_IMPLEMENTED)


def word_of(criterion: CriterionReport) -> str:
    """Return the verdict of a criterion."""
    if is_unwritten(criterion):
        return "TODO"
    if criterion.same_cause_as is not None:
        return "SAME"
    verdicts = {check.verdict for check in criterion.checks}
    if Verdict.FAILED in verdicts:
        return "FAIL"
    if Verdict.NOT_RUN in verdicts:
        return "NOT RUN"
    return "OURS" if Verdict.GRADER_FAULT in verdicts else "PASS"


def is_unwritten(criterion: CriterionReport) -> bool:
    """Return whether every check of a criterion found a stub."""
    return all(check.reason is Reason.NOT_IMPLEMENTED for check in criterion.checks)


def is_not_started(report: Report) -> bool:
    """Return whether a report is about an unchanged stub: no function is written."""
    return not report.problems and all(map(is_unwritten, report.criteria))


def functions_of(criteria: Iterable[CriterionReport]) -> tuple[str, ...]:
    """Return the functions that criteria are about, each once, in the order of the criteria."""
    return tuple(dict.fromkeys(check.function for criterion in criteria for check in criterion.checks))


def names_unwritten(text: str, report: Report) -> bool:
    """Return True if a text names a function that the learner has not written yet."""
    return not set(functions_of(one for one in report.criteria if word_of(one) == "TODO")).isdisjoint(text.split())


def _cause_of(criterion: CriterionReport) -> Cause:
    """Return what two criteria have in common if they fail for the same reason."""
    check = failed_check(criterion)
    if check.reason is Reason.RAISED and check.line:
        return check.exception, check.line
    if check.diagnosis is not None:
        return ("diagnosis", check.diagnosis.id)
    if check.reason in OUT_OF_TIME:
        return ("time",)
    return (check.reason, check.function) if check.reason in OF_FUNCTION else ("criterion", criterion.id)
