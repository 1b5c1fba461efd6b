"""The rows of the class page: one for each learner, with a cell for each exercise.

The rows wait in a file until the sums over the class, which stand above them in the page, are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from grader.batch.class_grades import GradedEntry, LearnerGrades
from grader.batch.grades import with_bonus
from grader.batch.late import LatePolicy
from grader.batch.shown_names import ShownNames
from grader.report.exports import ExerciseGrade, NoScore, amount, total_grade
from grader.report.pages import CellState, LearnerRow, ScoreCell, all_idle

SAME_NAMED = 2
_WITHOUT_SCORE = {
    NoScore.REFUSED: CellState.REFUSED,
    NoScore.GRADER_FAULT: CellState.GRADER_FAULT,
    NoScore.NOT_RECOGNISED: CellState.NOT_RECOGNISED,
    NoScore.NOT_STARTED: CellState.NOT_STARTED,
    NoScore.EXCUSED: CellState.EXCUSED,
}


class ClassRows:
    """The rows of a class, which can be taken more than once."""

    def __init__(
        self,
        file: IO[str],
        names: ShownNames,
        criteria: Mapping[str, Sequence[str]],
        possible: Mapping[str, float],
        policy: LatePolicy | None,
        same: Mapping[tuple[str, str], Sequence[str]],
    ) -> None:
        """`file` is empty. `criteria` has the ids of each exercise's criteria, and `possible` its points, by key.

        `same` has the learners with the same file, by each of them and the exercise.
        """
        self._file = file
        self._names = names
        self._criteria = criteria
        self._possible = possible
        self._policy = policy
        self._same = same

    def add(self, learner: LearnerGrades) -> None:
        """Add a learner."""
        row = learner.row
        entries = {entry.exercise: entry for entry in learner.entries}
        whole = total_grade(row.grades, list(self._possible), self._possible)
        line = {
            "learner": self._names.shown(row.learner),
            "name": "" if self._names.are_pseudonyms else row.name,
            "section": row.section,
            "cells": [self._cell(row.learner, key, row.grades.get(key), entries.get(key)) for key in self._possible],
            "total": whole.final if whole is not None else None,
        }
        self._file.write(json.dumps(line) + "\n")

    def __iter__(self) -> Iterator[LearnerRow]:
        rows = self._rows()
        if self._names.are_pseudonyms:  # the order of the ids would say something about them
            return iter(sorted(rows, key=lambda row: row.learner))
        return rows

    def _rows(self) -> Iterator[LearnerRow]:
        self._file.seek(0)
        for line in map(json.loads, self._file):
            cells = ({**cell, "states": tuple(map(CellState, cell.get("states", ())))} for cell in line["cells"])
            yield LearnerRow(**{**line, "cells": tuple(ScoreCell(**cell) for cell in cells)})

    def _cell(
        self, learner: str, exercise: str, grade: ExerciseGrade | None, entry: GradedEntry | None
    ) -> dict[str, Any]:
        if grade is None:
            return {"score": None, "note": "missing", "states": [CellState.MISSING]}
        has_report = entry is not None and entry.graded is not None
        link = f"reports/{self._names.folder(learner)}/{exercise}.html" if has_report else ""
        notes = self._notes(learner, exercise, grade, entry)
        own = CellState.SCORED if grade.no_score is None else _WITHOUT_SCORE[grade.no_score]
        return {
            "score": grade.final,
            "note": ", ".join(notes.values()),
            "link": link,
            "states": [own, *(state for state in notes if state is not own)],
            **self._from_report(exercise, entry),
        }

    def _notes(
        self, learner: str, exercise: str, grade: ExerciseGrade, entry: GradedEntry | None
    ) -> dict[CellState, str]:
        """Return the words beside a score, or in its place, each with the state that it is about."""
        others = sorted(self._names.shown(one) for one in self._same.get((learner, exercise), ()) if one != learner)
        more = f" and {len(others) - SAME_NAMED} more" if len(others) > SAME_NAMED else ""
        same = f"same file as {', '.join(others[:SAME_NAMED])}{more}" if others else ""
        if grade.no_score is not None:
            notes = {_WITHOUT_SCORE[grade.no_score]: self._names.remark(grade), CellState.IDENTICAL: same}
        else:
            notes = {
                CellState.NOT_RUN: "could not run" if grade.could_not_run and not grade.is_decided else "",
                CellState.LATE: f"{grade.delay} late" if grade.delay else "",
                CellState.DECIDED: "set by hand" if grade.decisions else "",
                CellState.BONUS: "" if grade.is_decided else self._bonus(entry),
                CellState.IDENTICAL: same,
            }
        return {state: words for state, words in notes.items() if words}

    def _bonus(self, entry: GradedEntry | None) -> str:
        """Return how many bonus points there are, and if they count."""
        score = entry.report["score"] if entry is not None and entry.report is not None else {}
        earned = score.get("earned_bonus") or 0.0
        if not earned:
            return ""
        rule = self._policy.bonus if self._policy is not None else None
        counting = with_bonus(score["earned"], earned, score["possible"], rule) - score["earned"]
        return f"with {amount(counting)} of bonus" if counting else f"{amount(earned)} of bonus, not counted"

    def _from_report(self, exercise: str, entry: GradedEntry | None) -> dict[str, Any]:
        """Return the points by criterion and the misconceptions; nothing without a report that has points."""
        report = entry.report if entry is not None else None
        if report is None or report["grader_faults"]:
            return {}
        earned = {one["id"]: None if all_idle(one) else one["earned"] for one in report["criteria"]}
        return {
            "earned": [earned.get(criterion) for criterion in self._criteria[exercise]],
            "diagnoses": list(dict.fromkeys(one["id"] for one in report["diagnoses"])),
        }
