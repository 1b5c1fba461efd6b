"""Write the results of a run from its journal. The same journal gives the same bytes."""

from __future__ import annotations

import contextlib
import json
import platform
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import __version__
from grader.batch.batch_journal import BatchJournal
from grader.batch.class_file_writer import ClassFileWriter, as_batch_error
from grader.batch.class_grades import ClassGrades, GradedEntry, LearnerGrades, shown_exercises
from grader.batch.class_statistics import ExerciseStatistics
from grader.batch.gradebook_file import GradebookFile
from grader.batch.grades import column_title, faults_of, late_sentence, not_recognised
from grader.batch.late import LatePolicy
from grader.batch.lms_files import LmsFiles
from grader.batch.overrides import Override
from grader.batch.roster import Roster
from grader.batch.run import Progress
from grader.batch.shown_names import ShownNames
from grader.course import Course
from grader.report.exports import Columns, ExerciseGrade, NoScore, Standing, class_files, report_files, total_grade
from grader.report.pages import ClassSummary, LearnerRow, RunSummary, ScoreCell, class_page, run_page
from grader.writing import replacing, write_if_changed

SLOWEST_SHOWN = 20
SAME_NAMED = 2


@dataclass(frozen=True)
class Presentation:
    """The choices of an instructor about the results.

    `wanted` are the exercises that are shown in any case. `columns` name the column of an exercise in the gradebook.
    With `anonymous`, pages and file names have pseudonyms.
    """

    wanted: Collection[str] = ()
    columns: Sequence[str] = ()
    replace_manual: bool = False
    anonymous: bool = False


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
        overrides: Sequence[Override] = (),
        presentation: Presentation = Presentation(),
    ) -> None:
        self._journal = journal
        self._run = run
        self._out = out
        self._exercises = shown_exercises(course, journal, run, overrides, presentation.wanted)
        self._possible = {exercise.key: exercise.rubric.possible for exercise in self._exercises}
        self._titles = {
            exercise.key: column_title(roster, exercise.key, exercise.rubric.title) for exercise in self._exercises
        }
        rubric_titles = {exercise.key: exercise.rubric.title for exercise in self._exercises}
        gradebook = GradebookFile(
            roster, journal, rubric_titles, self._possible, presentation.columns, presentation.replace_manual
        )
        self._grades = ClassGrades(journal, run, roster, policy, self._possible, overrides)
        self._names = ShownNames(out, journal, run, roster, presentation.anonymous)
        self.lms = LmsFiles(out, journal, gradebook)
        self._statistics = {exercise.key: ExerciseStatistics(exercise) for exercise in self._exercises}
        self._report_files = report_files()
        self._seed, self._isolation = journal.settings(run)
        self._same = journal.identical(run)
        self._learners_count = 0
        self._named = self._sectioned = False
        self._missing: list[tuple[str, str]] = []
        self._not_recognised: list[tuple[str, str, str]] = []
        self.faults: tuple[str, ...] = ()
        self.refused: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """The number of learners in the roster without a submission. Like the faults, it is known after `write`."""
        return len(self._missing)

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """The learners with files that belong to no exercise, and these files; known after `write`."""
        return tuple(f"{_called(learner, name)}: {files}" for learner, name, files in self._not_recognised)

    @property
    def unapplied(self) -> tuple[str, ...]:
        """The decisions that apply to nothing, with their lines, and why; known after `write`."""
        return tuple(
            f"line {one.line} ({one.learner} {one.exercise}): {why}"
            for one, why in sorted(self._grades.unapplied, key=lambda pair: pair[0].line)
        )

    def write(self) -> None:
        """Write reports, pages and tables. Raises BatchError; the journal keeps everything."""
        people: list[tuple[str, str]] = []
        with (
            as_batch_error(self._out),
            tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._out) as lines,
            ClassFileWriter(self._out, self.lms.class_files(class_files(self._columns()))) as tables,
        ):
            for learner in self._grades.learners():
                row = learner.row
                self._write_learner(learner, tables)
                self._learners_count += 1
                self._named |= bool(row.name) and not self._names.are_pseudonyms
                self._sectioned |= bool(row.section)
                people.append((row.learner, row.name))
                lines.write(json.dumps(self._line(learner)) + "\n")
            self.faults = tuple(f"{learner} {exercise}: {why}" for learner, exercise, why in self._found_faults())
            self.refused = tuple(f"{learner} {exercise}: {why}" for learner, exercise, why in self._refused())
            lines.seek(0)
            self._write_class(lines)
        with as_batch_error(self._out):
            self._names.write_key(people)
            self.lms.write()

    def _write_learner(self, learner: LearnerGrades, tables: ClassFileWriter) -> None:
        row = learner.row
        for entry in learner.entries:
            grade, report = row.grades[entry.exercise], entry.report
            if report is not None and grade.raw is not None and not report["grader_faults"]:
                self._statistics[entry.exercise].add(report)
            self._write_reports(row.learner, entry, grade, tables)
        if learner.is_missing:
            self._missing.append((row.learner, row.name))
        unknown = any(grade.no_score is NoScore.NOT_RECOGNISED for grade in row.grades.values())
        if unknown or (not self._possible and learner.files):
            shown = not_recognised(learner.files, 0).note.partition(": ")[2]
            self._not_recognised.append((row.learner, row.name, shown))
        tables.add(row)
        folder = self._out / "reports" / self._names.folder(row.learner)
        self.lms.add(row, {one.exercise: one.details for one in learner.entries if one.graded is not None}, folder)

    def _line(self, learner: LearnerGrades) -> dict[str, Any]:
        """Return a learner's line of the class table, with a link to each report that exists."""
        row = learner.row
        reported = {entry.exercise for entry in learner.entries if entry.graded is not None}
        folder = self._names.folder(row.learner)
        cells: list[dict[str, Any]] = []
        for key in self._possible:
            grade = row.grades.get(key)
            if grade is None:
                cells.append({"score": None, "note": "missing"})
                continue
            link = f"reports/{folder}/{key}.html" if key in reported else ""
            cells.append({"score": grade.final, "note": self._note(row.learner, key, grade), "link": link})
        whole = total_grade(row.grades, list(self._possible), self._possible)
        return {
            "learner": self._names.shown(row.learner),
            "name": "" if self._names.are_pseudonyms else row.name,
            "section": row.section,
            "cells": cells,
            "total": whole.final if whole is not None else None,
        }

    def _note(self, learner: str, exercise: str, grade: ExerciseGrade) -> str:
        """Return what stands beside a score, or in its place."""
        others = [self._names.shown(one) for one in self._same.get((learner, exercise), ()) if one != learner]
        more = f" and {len(others) - SAME_NAMED} more" if len(others) > SAME_NAMED else ""
        same = f"same file as {', '.join(sorted(others)[:SAME_NAMED])}{more}" if others else ""
        if grade.final is None:
            return ", ".join(filter(None, (self._names.remark(grade), same)))
        notes = (
            "could not run" if grade.could_not_run and not grade.is_decided else "",
            f"{grade.delay} late" if grade.delay else "",
            "set by hand" if grade.decisions else "",
            same,
        )
        return ", ".join(filter(None, notes))

    def _found_faults(self) -> Iterator[tuple[str, str, str]]:
        return faults_of(self._journal, self._run)

    def _refused(self) -> Iterator[tuple[str, str, str]]:
        return self._journal.refused(self._run)

    def _write_class(self, lines: Iterable[str]) -> None:
        rows: Iterable[LearnerRow] = (
            LearnerRow(**{**line, "cells": tuple(ScoreCell(**cell) for cell in line["cells"])})
            for line in map(json.loads, lines)
        )
        names = self._names
        if names.are_pseudonyms:
            rows = sorted(rows, key=lambda row: row.learner)  # the order of the ids would say something about them
        summary = ClassSummary(
            "The class",
            self._learners_count,
            tuple(statistics.summary() for statistics in self._statistics.values()),
            tuple(names.line(*one) for one in self._found_faults()),
            tuple(names.line(*one) for one in self._refused()),
            tuple(names.called(learner, name) for learner, name in self._missing),
            self._seed,
            self._isolation,
            self._named,
            self._sectioned,
            tuple(names.shown(one[0]) for one in self._not_recognised) if names.are_pseudonyms else self.unrecognised,
            tuple(self._identical()),
            self._journal.has_own_seeds(self._run),
        )
        with replacing(self._out / "index.html", "utf-8", alone=True) as page:
            page.writelines(class_page(summary, rows))

    def _identical(self) -> Iterator[str]:
        """Yield a line for each exercise and each set of learners who handed in the same bytes."""
        found = {(exercise, learners) for (_, exercise), learners in self._same.items()}
        for exercise, learners in sorted(found):
            yield f"{exercise}: {', '.join(sorted(map(self._names.shown, learners)))}"

    def write_run(self, progress: Progress, seconds: float, workers: int) -> None:
        """Write run.html: everything that may differ between two runs with the same results. Raises BatchError."""
        names = self._names
        slowest = tuple(
            (names.shown(learner), exercise, taken, f"reports/{names.folder(learner)}/{exercise}.html")
            for learner, exercise, taken in self._journal.slowest(self._run, SLOWEST_SHOWN)
        )
        events = tuple(names.line(*event) for event in self._journal.events(self._run))
        versions = (("cnn-grader", __version__), ("Python", platform.python_version()), ("System", platform.platform()))
        summary = RunSummary(
            progress.graded, progress.reused, seconds, workers, progress.replaced, slowest, events, versions,
            self._seed, self._isolation,
        )  # fmt: skip
        with as_batch_error(self._out), replacing(self._out / "run.html", "utf-8", alone=True) as page:
            page.write(run_page(summary))

    def _write_reports(self, learner: str, entry: GradedEntry, grade: ExerciseGrade, tables: ClassFileWriter) -> None:
        stale = self._paths(other, entry.exercise) if (other := self._names.other_folder(learner)) else []
        data, *pages = self._paths(self._names.folder(learner), entry.exercise)
        if entry.graded is None or entry.report is None:
            _remove([*stale, data, *pages])
            return
        _remove(stale)
        report = self._names.report(learner, entry.report, entry.details)
        write_if_changed(data, self._names.json(learner, entry.graded.report, entry.details))
        for path, file in zip(pages, self._report_files, strict=True):
            write_if_changed(path, file.text(report, Standing(grade.final, late_sentence(grade), grade.decisions)))
        tables.add_report(self._names.shown(learner), report)

    def _paths(self, folder: str, exercise: str) -> list[Path]:
        """Return the files that are made of a report: its JSON, then the others."""
        names = (file.name.format(learner=folder, exercise=exercise) for file in self._report_files)
        return [self._out / "reports" / folder / f"{exercise}.json", *(self._out / name for name in names)]

    def _columns(self) -> Columns:
        criteria = {one.key: [criterion.id for criterion in one.rubric.criteria] for one in self._exercises}
        return Columns(self._titles, self._possible, criteria)


def _called(learner: str, name: str) -> str:
    return f"{learner} ({name})" if name and name != learner else learner


def _remove(paths: Iterable[Path]) -> None:
    """Remove files, and their folders if nothing else is in them."""
    for path in paths:
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            path.parent.rmdir()
            path.parent.parent.rmdir()
