"""Write the results of a run from its journal. The same journal gives the same bytes."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import __version__
from grader.batch.batch_journal import BatchJournal
from grader.batch.class_file_writer import ClassFileWriter, as_batch_error
from grader.batch.class_grades import ClassGrades, GradedEntry, LearnerGrades, shown_exercises
from grader.batch.class_rows import ClassRows
from grader.batch.class_statistics import ExerciseStatistics
from grader.batch.gradebook_file import GradebookFile
from grader.batch.grades import column_title, faults_of, late_sentence, not_recognised
from grader.batch.late import LatePolicy
from grader.batch.lms_files import LmsFiles
from grader.batch.overrides import Override
from grader.batch.page_processes import processes_for, write_pages
from grader.batch.report_writer import ReportOrder, ReportWriter
from grader.batch.roster import Roster
from grader.batch.run import Progress
from grader.batch.shown_names import ShownNames
from grader.course import Course
from grader.report.exports import (
    Columns,
    ExerciseGrade,
    GradebookRow,
    NoScore,
    class_files,
)
from grader.report.pages import ClassSummary, LearnerRow, RunSummary, class_page, run_page
from grader.writing import replacing

SLOWEST_SHOWN = 20


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
        self._policy = policy
        self._wanted = presentation.wanted
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
        self._writer = ReportWriter(out, journal)
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

    def shown(self, learner: str) -> str:
        """Return how a learner is called in the pages."""
        return self._names.shown(learner)

    @property
    def unrecognised(self) -> tuple[str, ...]:
        """The learners with files that belong to no exercise; known after `write`.

        The files are named too, unless there are pseudonyms: a file may have the name of its owner.
        """
        if self._names.are_pseudonyms:
            return tuple(self._names.shown(learner) for learner, _, _ in self._not_recognised)
        return tuple(f"{_called(learner, name)}: {files}" for learner, name, files in self._not_recognised)

    @property
    def old_pages(self) -> tuple[str, ...]:
        """The pages of earlier runs whose hand-ins are not in this one. Those with other names are not found."""
        pages = (
            f"reports/{self._names.folder(learner)}/{exercise}.html"
            for learner, exercise in self._journal.gone(self._run)
            if exercise in self._wanted or not self._wanted
        )
        return tuple(page for page in pages if (self._out / page).is_file())

    @property
    def unapplied(self) -> tuple[str, ...]:
        """The decisions that apply to nothing, with their lines, and why; known after `write`."""
        return tuple(
            f"line {one.line} ({self._names.decided(one.learner)}{one.exercise}): {why}"
            for one, why in sorted(self._grades.unapplied, key=lambda pair: pair[0].line)
        )

    def write(self, workers: int = 1) -> None:
        """Write reports, pages and tables. With many reports, so many processes write the pages.

        Raises BatchError and WorkerError; the journal keeps everything.
        """
        people: list[tuple[str, str]] = []
        criteria = self._columns().criteria
        with (
            as_batch_error(self._out),
            tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._out) as lines,
            ClassFileWriter(self._out, self.lms.class_files(class_files(self._columns()))) as tables,
        ):
            rows = ClassRows(lines, self._names, criteria, self._possible, self._policy, self._same)
            orders = self._orders(tables, rows, people)
            processes = processes_for(self._journal.count(self._run), workers)
            if processes:
                only_orders = (order for order, _ in orders)
                for parts in write_pages(only_orders, self._out, self._journal, self._run, processes):
                    tables.add_parts(parts)
            else:
                for order, entry in orders:
                    assert entry.graded is not None
                    tables.add_parts(self._writer.write(order, entry.graded, entry.details, entry.report))
            faults, refused = list(faults_of(self._journal, self._run)), list(self._journal.refused(self._run))
            self.faults = tuple(f"{learner} {exercise}: {why}" for learner, exercise, why in faults)
            self.refused = tuple(f"{learner} {exercise}: {why}" for learner, exercise, why in refused)
            self._write_class(rows, faults, refused)
        with as_batch_error(self._out):
            self._names.write_key(people)
            self.lms.write()

    def _orders(
        self, tables: ClassFileWriter, rows: ClassRows, people: list[tuple[str, str]]
    ) -> Iterator[tuple[ReportOrder, GradedEntry]]:
        """Add all learners to the tables, and yield an order for each report."""
        for learner in self._grades.learners():
            row = learner.row
            yield from self._of_learner(learner, tables)
            self._learners_count += 1
            self._named |= bool(row.name) and not self._names.are_pseudonyms
            self._sectioned |= bool(row.section)
            people.append((row.learner, row.name))
            rows.add(learner)

    def _of_learner(self, learner: LearnerGrades, tables: ClassFileWriter) -> Iterator[tuple[ReportOrder, GradedEntry]]:
        row = learner.row
        for entry in learner.entries:
            grade, report = row.grades[entry.exercise], entry.report
            if report is not None and grade.raw is not None and not report["grader_faults"]:
                self._statistics[entry.exercise].add(report)
            order = self._order(row, entry, grade)
            if order is not None:
                yield order, entry
        for exercise, grade in row.grades.items():
            if grade.final is not None:
                self._statistics[exercise].add_score(grade.final, row.section)
        if learner.is_missing:
            self._missing.append((row.learner, row.name))
        unknown = any(grade.no_score is NoScore.NOT_RECOGNISED for grade in row.grades.values())
        if unknown or (not self._possible and learner.files):
            shown = not_recognised(learner.files, 0).note.partition(": ")[2]
            self._not_recognised.append((row.learner, row.name, shown))
        tables.add(row)
        folder = self._out / "reports" / self._names.folder(row.learner)
        self.lms.add(row, {one.exercise: one.details for one in learner.entries if one.graded is not None}, folder)

    def _write_class(
        self,
        rows: Iterable[LearnerRow],
        faults: Sequence[tuple[str, str, str]],
        refused: Sequence[tuple[str, str, str]],
    ) -> None:
        names = self._names
        summary = ClassSummary(
            "The class",
            self._learners_count,
            tuple(statistics.summary() for statistics in self._statistics.values()),
            tuple(names.line(*one) for one in faults),
            tuple(names.line(*one) for one in refused),
            tuple(names.called(learner, name) for learner, name in self._missing),
            self._seed,
            self._isolation,
            self._named,
            self._sectioned,
            self.unrecognised,
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

    def _order(self, row: GradebookRow, entry: GradedEntry, grade: ExerciseGrade) -> ReportOrder | None:
        """Return the order for the files of a report. Without a report, remove these files."""
        names, learner = self._names, row.learner
        folder, stale = names.folder(learner), names.other_folder(learner)
        if entry.graded is None or entry.report is None:
            for one in filter(None, (stale, folder)):
                self._writer.remove(one, entry.exercise)
            return None
        return ReportOrder(
            learner,
            entry.exercise,
            folder,
            stale,
            names.shown(learner) if names.are_pseudonyms else "",
            row.name,
            grade.final,
            late_sentence(grade),
            grade.decisions,
            entry.report if entry.is_decided else None,
            self._policy is not None and self._policy.trust_file_times,
        )

    def _columns(self) -> Columns:
        criteria = {one.key: [criterion.id for criterion in one.rubric.criteria] for one in self._exercises}
        return Columns(self._titles, self._possible, criteria)


def _called(learner: str, name: str) -> str:
    return f"{learner} ({name})" if name and name != learner else learner
