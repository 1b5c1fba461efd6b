"""Turn what is known about a learner into the grades of a gradebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.batch.batch_journal import BatchJournal
from grader.batch.late import Bonus, Lateness, LatePolicy
from grader.batch.roster import Person, Roster
from grader.report.exports import ExerciseGrade, GradebookRow, NoScore, amount, causes_of
from grader.text import counted

NOT_ISOLATED_NOTE = "not isolated"
FILES_NAMED = 3


def grade_of(
    report: Mapping[str, Any], late: Lateness, policy: LatePolicy, decisions: tuple[str, ...] = ()
) -> ExerciseGrade:
    """Return the grade of a report without a fault of the grader. `decisions` says what people decided in it."""
    score = report["score"]
    raw, possible = float(score["earned"]), float(score["possible"])
    counting = with_bonus(raw, float(score["earned_bonus"]), possible, policy.bonus)
    problems = report["problems"]
    criteria = {criterion["id"]: float(criterion["earned"]) for criterion in report["criteria"]}
    notes = [NOT_ISOLATED_NOTE] if report["isolation"] == "process" else []
    if counting != raw:
        notes.append(f"with {amount(counting - raw)} of bonus")
    note = "; ".join([*notes, *(problem["message"] for problem in problems[:1])])
    final = max(0.0, counting - late.penalty)
    return ExerciseGrade(
        score["possible"], raw, final, late.days, note, criteria, late_hours=late.hours, causes=causes_of(report),
        decisions=decisions, could_not_run=bool(problems),
    )  # fmt: skip


def with_bonus(earned: float, bonus: float, possible: float, rule: Bonus | None) -> float:
    """Return the points that count, with bonus points as the rule says.

    >>> [with_bonus(7, 2, 8, rule) for rule in (Bonus.COUNT, Bonus.CAP, Bonus.SHOW, None)]
    [9, 8, 7, 7]
    """
    if rule is Bonus.COUNT:
        return earned + bonus
    return min(possible, earned + bonus) if rule is Bonus.CAP else earned


def late_sentence(grade: ExerciseGrade) -> str:
    """Return a sentence about lateness for a learner; an empty text if the work is in time."""
    if grade.raw is None or grade.final is None or not grade.delay:
        return ""
    return f"Submitted {grade.delay} late: {amount(grade.final)} points count."


def not_recognised(files: Sequence[Mapping[str, Any]], possible: float) -> ExerciseGrade:
    """Return the grade of somebody whose files belong to no exercise."""
    names = list(dict.fromkeys(one["file"] for one in files))
    more = f" and {counted(len(names) - FILES_NAMED, 'more file')}" if len(names) > FILES_NAMED else ""
    note = f"{NoScore.NOT_RECOGNISED.value}: {', '.join(names[:FILES_NAMED])}{more}"
    return ExerciseGrade(possible, no_score=NoScore.NOT_RECOGNISED, note=note)


def row_of(
    learner: str,
    person: Person | None,
    details: Sequence[Mapping[str, Any]],
    grades: Mapping[str, ExerciseGrade],
) -> GradebookRow:
    """Return a learner's row. `details` are those of the hand-ins and of the files that were not recognised."""
    named = next((one["name"] for one in details if one["name"]), "")
    if person is None:
        on_canvas = any(one.get("platform") == "canvas" for one in details)
        return GradebookRow(learner, named, platform_id=learner if on_canvas else "", grades=grades)
    return GradebookRow(
        learner,
        person.name or named,
        person.email,
        person.section,
        person.platform_id if person.platform_id.isdigit() else "",
        person.sis_user,
        person.sis_login,
        person.moodle_modified,
        grades,
    )


def column_title(roster: Roster, key: str, title: str) -> str:
    """Return the name of an exercise's column in Canvas. If the roster is a Canvas gradebook, use its name."""
    number = int(key.split("_")[0])
    ours = f"Exercise {number}: {title}"
    known = (ours, title, key, f"exercise {number}")
    return next((roster.titles[name.casefold()] for name in known if name.casefold() in roster.titles), ours)


def faults_of(journal: BatchJournal, run: int) -> Iterator[tuple[str, str, str]]:
    """Yield learner, exercise and reason of each report with a fault of the grader and each hand-in not read."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for learner, exercise, message in journal.events(run):
        reasons.setdefault((learner, exercise), []).append(message)
    for learner, exercise, message in journal.spoiled(run):
        why = reasons.pop((learner, exercise), [message or "not graded"])
        yield learner, exercise, "; ".join(why)
    for (learner, exercise), messages in reasons.items():
        yield learner, exercise, "; ".join(messages)
