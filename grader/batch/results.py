"""Write the results of a run from its journal. The same journal gives the same bytes."""

from __future__ import annotations

import heapq
import json
import platform
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from grader import __version__
from grader.batch.batch_journal import BatchJournal, Graded
from grader.batch.class_file_writer import ClassFileWriter, as_batch_error
from grader.batch.class_statistics import ExerciseStatistics
from grader.batch.gradebook_file import GradebookFile
from grader.batch.grades import (
    column_title,
    faults_of,
    grade_of,
    late_sentence,
    not_recognised,
    refused_in,
    row_of,
)
from grader.batch.late import LatePolicy, lateness
from grader.batch.lms_files import LmsFiles
from grader.batch.roster import Person, Roster
from grader.batch.run import Progress
from grader.course import Course
from grader.report.exports import (
    Columns,
    ExerciseGrade,
    GradebookRow,
    NoScore,
    Standing,
    class_files,
    report_files,
    total_grade,
)
from grader.report.pages import ClassSummary, LearnerRow, RunSummary, ScoreCell, class_page, run_page
from grader.text import for_file_name
from grader.writing import replacing, write_if_changed

SLOWEST_SHOWN = 20
NO_POLICY = LatePolicy(per_day=(0.0, False))

_Row = tuple[str, dict[str, Any], Graded | None]  # exercise, details, report


class Results:
    """The files of one run, written in one pass over its journal."""

    def __init__(
        self,
        journal: BatchJournal,
        run: int,
        course: Course,
        out: Path,
        roster: Roster,
        policy: LatePolicy | None,
        wanted: Collection[str] = (),
        columns: Sequence[str] = (),
        replace_manual: bool = False,
    ) -> None:
        self._journal = journal
        self._run = run
        self._out = out
        self._roster = roster
        self._policy = policy if policy is not None else NO_POLICY
        shown = {*journal.exercises(run), *wanted}
        self._exercises = [exercise for exercise in course if exercise.key in shown]
        self._possible = {exercise.key: exercise.rubric.possible for exercise in self._exercises}
        self._titles = {
            exercise.key: column_title(roster, exercise.key, exercise.rubric.title) for exercise in self._exercises
        }
        rubric_titles = {exercise.key: exercise.rubric.title for exercise in self._exercises}
        gradebook = GradebookFile(roster, journal, rubric_titles, self._possible, columns, replace_manual)
        self.lms = LmsFiles(out, journal, gradebook)
        self._statistics = {exercise.key: ExerciseStatistics(exercise) for exercise in self._exercises}
        self._report_files = report_files()
        self._seed, self._isolation = journal.settings(run)
        self._learners_count = 0
        self._named = self._sectioned = False
        self._missing: list[str] = []
        self._not_recognised: list[str] = []
        self.faults: tuple[str, ...] = ()
        self.refused: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """The number of learners in the roster without a submission. Like the faults, it is known after `write`."""
        return len(self._missing)

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """The learners with files that belong to no exercise, and these files; known after `write`."""
        return tuple(self._not_recognised)

    def write(self) -> None:
        """Write reports, pages and tables. Raises BatchError; the journal keeps everything."""
        with (
            as_batch_error(self._out),
            tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._out) as lines,
            ClassFileWriter(self._out, self.lms.class_files(class_files(self._columns()))) as tables,
        ):
            for learner, rows, files in self._learners():
                row = self._write_learner(learner, rows, files, tables)
                self._learners_count += 1
                self._named |= bool(row.name)
                self._sectioned |= bool(row.section)
                reported = {exercise for exercise, _, graded in rows if graded is not None}
                lines.write(json.dumps(self._line(row, reported)) + "\n")
            self.faults = tuple(faults_of(self._journal, self._run))
            self.refused = tuple(refused_in(self._journal, self._run))
            lines.seek(0)
            self._write_class(lines)
        with as_batch_error(self._out):
            self.lms.write()

    def _learners(self) -> Iterator[tuple[str, list[_Row], list[dict[str, Any]]]]:
        """Yield each learner with their hand-ins and their files that were not recognised, sorted by id.

        These are the learners who handed something in, and all who are in the roster.
        """
        rows: list[_Row] = []
        files: list[dict[str, Any]] = []
        found = (
            (learner, [(exercise, json.loads(details), graded) for _, exercise, details, graded in group], files)
            for learner, group in groupby(self._journal.results(self._run), key=lambda row: row[0])
        )
        others = (
            (learner, rows, [json.loads(details) for _, _, details in group])
            for learner, group in groupby(self._journal.unrecognised(self._run), key=lambda row: row[0])
        )
        listed = ((learner, rows, files) for learner in sorted(self._roster.people))
        everybody = heapq.merge(found, others, listed, key=lambda one: one[0])
        for learner, merged in groupby(everybody, key=lambda one: one[0]):
            parts = list(merged)
            yield learner, [row for _, one, _ in parts for row in one], [file for _, _, one in parts for file in one]

    def _write_learner(
        self, learner: str, rows: list[_Row], files: list[dict[str, Any]], tables: ClassFileWriter
    ) -> GradebookRow:
        person = self._roster.people.get(learner)
        grades = {}
        for exercise, details, graded in rows:
            report = graded.parsed() if graded is not None else None
            grade = self._grade(learner, person, exercise, details, graded, report)
            grades[exercise] = grade
            self._write_reports(learner, exercise, graded, report, grade, tables)
        if any(one["may_be_work"] for one in files) or (files and not rows):
            self._note_files(learner, person, files, grades)
        elif not rows:
            self._missing.append(_called(learner, person.name if person is not None else ""))
        row = row_of(learner, person, [*(details for _, details, _ in rows), *files], grades)
        tables.add(row)
        self.lms.add(row, {exercise: details for exercise, details, _ in rows})
        return row

    def _grade(
        self,
        learner: str,
        person: Person | None,
        exercise: str,
        details: dict[str, Any],
        graded: Graded | None,
        report: dict[str, Any] | None,
    ) -> ExerciseGrade:
        possible = self._possible[exercise]
        if details.get("refusal"):
            return ExerciseGrade(possible, no_score=NoScore.REFUSED)
        if details.get("is_stub"):
            return ExerciseGrade(possible, no_score=NoScore.NOT_STARTED)
        if report is None or graded is None or graded.faults:
            return ExerciseGrade(possible, no_score=NoScore.GRADER_FAULT)
        self._statistics[exercise].add(report)
        late = lateness(self._policy, person, learner, details, exercise, possible)
        return grade_of(report, late, self._policy)

    def _note_files(
        self,
        learner: str,
        person: Person | None,
        files: list[dict[str, Any]],
        grades: dict[str, ExerciseGrade],
    ) -> None:
        """Say for each exercise without a hand-in that it may be in a file that was not recognised."""
        lacking = [key for key in self._possible if key not in grades]
        for key in lacking:
            grades[key] = not_recognised(files, self._possible[key])
        if lacking or not self._possible:
            name = person.name if person is not None else str(files[0]["name"])
            shown = not_recognised(files, 0).note.partition(": ")[2]
            self._not_recognised.append(f"{_called(learner, name)}: {shown}")

    def _line(self, row: GradebookRow, reported: Collection[str]) -> dict[str, Any]:
        """Return a learner's line of the class table, with a link to each report that exists."""
        folder = for_file_name(row.learner)
        cells: list[dict[str, Any]] = []
        for key in self._possible:
            grade = row.grades.get(key)
            if grade is None:
                cells.append({"score": None, "note": "missing"})
                continue
            late = f"{grade.delay} late" if grade.delay else ""
            note = late if grade.raw is not None else grade.remark
            link = f"reports/{folder}/{key}.html" if key in reported else ""
            cells.append({"score": grade.final, "note": note, "link": link})
        whole = total_grade(row.grades, list(self._possible), self._possible)
        total = whole.final if whole is not None else None
        return {"learner": row.learner, "name": row.name, "section": row.section, "cells": cells, "total": total}

    def _write_class(self, lines: Iterable[str]) -> None:
        rows = (
            LearnerRow(**{**line, "cells": tuple(ScoreCell(**cell) for cell in line["cells"])})
            for line in map(json.loads, lines)
        )
        summary = ClassSummary(
            "The class",
            self._learners_count,
            tuple(statistics.summary() for statistics in self._statistics.values()),
            self.faults,
            self.refused,
            tuple(self._missing),
            self._seed,
            self._isolation,
            self._named,
            self._sectioned,
            self.unrecognised,
        )
        with replacing(self._out / "index.html", "utf-8", alone=True) as page:
            page.writelines(class_page(summary, rows))

    def write_run(self, progress: Progress, seconds: float, workers: int) -> None:
        """Write run.html: everything that may differ between two runs with the same results. Raises BatchError."""
        slowest = tuple(
            (learner, exercise, taken, f"reports/{for_file_name(learner)}/{exercise}.html")
            for learner, exercise, taken in self._journal.slowest(self._run, SLOWEST_SHOWN)
        )
        events = tuple(
            ": ".join((f"{learner} {exercise}", why)) for learner, exercise, why in self._journal.events(self._run)
        )
        versions = (("cnn-grader", __version__), ("Python", platform.python_version()), ("System", platform.platform()))
        summary = RunSummary(
            progress.graded, progress.reused, seconds, workers, progress.replaced, slowest, events, versions,
            self._seed, self._isolation,
        )  # fmt: skip
        with as_batch_error(self._out), replacing(self._out / "run.html", "utf-8", alone=True) as page:
            page.write(run_page(summary))

    def _write_reports(
        self,
        learner: str,
        exercise: str,
        graded: Graded | None,
        report: dict[str, Any] | None,
        grade: ExerciseGrade,
        tables: ClassFileWriter,
    ) -> None:
        folder = for_file_name(learner)
        data = self._out / "reports" / folder / f"{exercise}.json"
        others = [
            (self._out / file.name.format(learner=folder, exercise=exercise), file.text) for file in self._report_files
        ]
        if graded is None or report is None:
            for stale in (data, *(path for path, _ in others)):
                stale.unlink(missing_ok=True)
            return
        write_if_changed(data, graded.report)
        for path, text in others:
            write_if_changed(path, text(report, Standing(grade.final, late_sentence(grade))))
        tables.add_report(learner, report)

    def _columns(self) -> Columns:
        criteria = {one.key: [criterion.id for criterion in one.rubric.criteria] for one in self._exercises}
        return Columns(self._titles, self._possible, criteria)


def _called(learner: str, name: str) -> str:
    return f"{learner} ({name})" if name and name != learner else learner
