"""The grades of every learner in one run: what the grader found, lateness, and what people decided on top."""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from grader.batch.batch_journal import BatchJournal, Graded
from grader.batch.decided import OwnDecisions, decided_grade, decided_report, decisions_by_target
from grader.batch.grades import grade_of, not_recognised, row_of
from grader.batch.late import LatePolicy, lateness
from grader.batch.overrides import Override
from grader.batch.roster import Person, Roster
from grader.course import Course, Exercise
from grader.report.exports import ExerciseGrade, GradebookRow, NoScore

NO_POLICY = LatePolicy(per_day=(0.0, False))


@dataclass(frozen=True)
class GradedEntry:
    """A hand-in and its report. `report` has the points that people decided; None if there is no report.

    `is_decided` says that people decided points of single criteria.
    """

    exercise: str
    details: Mapping[str, Any]
    graded: Graded | None
    report: Mapping[str, Any] | None
    is_decided: bool = False


@dataclass(frozen=True)
class LearnerGrades:
    """All about one learner. `files` are the details of the files that were not recognised."""

    row: GradebookRow
    entries: tuple[GradedEntry, ...]
    files: tuple[Mapping[str, Any], ...]

    @property
    def is_missing(self) -> bool:
        """True if there is no file of the learner, and nobody decided a grade."""
        return not (self.entries or self.files or self.row.grades)


_Found = tuple[str, list[tuple[str, dict[str, Any], Graded | None]], list[dict[str, Any]]]


class ClassGrades:
    """Yields the grades in one pass over the journal, sorted by learner."""

    def __init__(
        self,
        journal: BatchJournal,
        run: int,
        roster: Roster,
        policy: LatePolicy | None,
        possible: Mapping[str, float],
        overrides: Sequence[Override] = (),
    ) -> None:
        """`possible` has the points of each exercise that is shown, by key. Decisions about others do not count."""
        self._journal = journal
        self._run = run
        self._roster = roster
        self._policy = policy if policy is not None else NO_POLICY
        self._possible = possible
        self._decisions = decisions_by_target(one for one in overrides if one.exercise in possible)
        self.unapplied: list[tuple[Override, str]] = []

    def learners(self, only: str = "") -> Iterator[LearnerGrades]:
        """Yield everybody who handed something in or is in the roster. `unapplied` is known afterwards.

        `only` is the learner who is wanted.
        """
        self.unapplied = []
        seen: set[str] = set()
        for learner, rows, files in self._found(only):
            seen.add(learner)
            yield self._grades(learner, rows, files)
        for learner, of_learner in self._decisions.items():
            if learner not in seen and only in ("", learner):
                for own in of_learner.values():
                    self._leave(own, "the learner has no submission and is not in the roster")

    def _grades(
        self, learner: str, rows: list[tuple[str, dict[str, Any], Graded | None]], files: list[dict[str, Any]]
    ) -> LearnerGrades:
        person = self._roster.people.get(learner)
        decisions = self._decisions.get(learner, {})
        grades: dict[str, ExerciseGrade] = {}
        entries = []
        for exercise, details, graded in rows:
            own = decisions.get(exercise, OwnDecisions())
            report, sentences = self._report(graded, details, own)
            grade = self._grade(learner, person, exercise, details, graded, report, sentences)
            grades[exercise] = decided_grade(grade, own.total)
            entries.append(GradedEntry(exercise, details, graded, report, bool(own.criteria)))
        if any(one["may_be_work"] for one in files) or (files and not rows):
            for key in (one for one in self._possible if one not in grades):
                grades[key] = not_recognised(files, self._possible[key])
        self._decide_rest(decisions, grades, {exercise for exercise, _, _ in rows})
        row = row_of(learner, person, [*(details for _, details, _ in rows), *files], grades)
        return LearnerGrades(row, tuple(entries), tuple(files))

    def _decide_rest(
        self, decisions: Mapping[str, OwnDecisions], grades: dict[str, ExerciseGrade], handed_in: set[str]
    ) -> None:
        """Apply decisions about exercises without a hand-in."""
        for exercise, own in decisions.items():
            if exercise in handed_in:
                continue
            for one in own.criteria:
                self.unapplied.append((one, "there is no report, so only the whole exercise can be decided"))
            if own.total is not None:
                grade = grades.get(exercise, ExerciseGrade(self._possible[exercise]))
                grades[exercise] = decided_grade(grade, own.total)

    def _report(
        self, graded: Graded | None, details: Mapping[str, Any], own: OwnDecisions
    ) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
        """Return the report with the points that people decided, and a sentence for each decision."""
        report = graded.parsed() if graded is not None else None
        if not own.criteria:
            return report, ()
        if graded is None or report is None or graded.faults:
            why = "there is no score, so only the whole exercise can be decided"
            self.unapplied += [(one, why) for one in own.criteria]
            return report, ()
        known = {criterion["id"] for criterion in report["criteria"]}
        self.unapplied += [
            (one, f"the report has no criterion {one.criterion}") for one in own.criteria if one.criterion not in known
        ]
        return decided_report(report, own.criteria)

    def _grade(
        self,
        learner: str,
        person: Person | None,
        exercise: str,
        details: Mapping[str, Any],
        graded: Graded | None,
        report: Mapping[str, Any] | None,
        sentences: tuple[str, ...],
    ) -> ExerciseGrade:
        possible = self._possible[exercise]
        if details.get("refusal"):
            return ExerciseGrade(possible, no_score=NoScore.REFUSED)
        if details.get("is_stub"):
            return ExerciseGrade(possible, no_score=NoScore.NOT_STARTED)
        if report is None or graded is None or graded.faults:
            return ExerciseGrade(possible, no_score=NoScore.GRADER_FAULT)
        late = lateness(self._policy, person, learner, details, exercise, possible)
        return grade_of(report, late, self._policy, sentences)

    def _found(self, only: str) -> Iterator[_Found]:
        """Yield each learner with their hand-ins and their files that were not recognised, sorted by id.

        These are the learners who handed something in, and all who are in the roster.
        """
        found: Iterator[_Found] = (
            (learner, [(exercise, json.loads(details), graded) for _, exercise, details, graded in group], [])
            for learner, group in groupby(self._journal.results(self._run, only), key=lambda row: row[0])
        )
        others: Iterator[_Found] = (
            (learner, [], [json.loads(details) for _, _, details in group])
            for learner, group in groupby(self._journal.unrecognised(self._run, only), key=lambda row: row[0])
        )
        listed: Iterator[_Found] = (
            (learner, [], []) for learner in sorted(self._roster.people) if only in ("", learner)
        )
        everybody = heapq.merge(found, others, listed, key=lambda one: one[0])
        for learner, merged in groupby(everybody, key=lambda one: one[0]):
            parts = list(merged)
            yield learner, [row for _, one, _ in parts for row in one], [file for _, _, one in parts for file in one]

    def _leave(self, own: OwnDecisions, why: str) -> None:
        self.unapplied += [(one, why) for one in (*own.criteria, own.total) if one is not None]


def shown_exercises(
    course: Course, journal: BatchJournal, run: int, overrides: Sequence[Override], wanted: Collection[str]
) -> list[Exercise]:
    """Return the exercises in the tables: those with a hand-in or a decision, and the wanted ones."""
    decided = [] if wanted else [one.exercise for one in overrides]
    shown = {*journal.exercises(run), *decided, *wanted}
    return [exercise for exercise in course if exercise.key in shown]
