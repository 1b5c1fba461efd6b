"""Write the results of a run from its journal. The same journal gives the same bytes."""

from __future__ import annotations

import heapq
import json
import platform
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Self

from grader import __version__
from grader.batch.batch_journal import BatchJournal, Graded, JournalError
from grader.batch.class_statistics import ExerciseStatistics
from grader.batch.late import LatePolicy, lateness
from grader.batch.roster import Person, Roster
from grader.batch.run import BatchError, Progress
from grader.course import Course
from grader.report.exports import (
    ClassFile,
    Columns,
    ExerciseGrade,
    GradebookRow,
    NoScore,
    amount,
    class_files,
    report_files,
    total_grade,
)
from grader.report.pages import ClassSummary, LearnerRow, RunSummary, ScoreCell, class_page, run_page
from grader.text import counted, for_file_name
from grader.writing import replacing, write_if_changed

SLOWEST_SHOWN = 20
NOT_ISOLATED_NOTE = "not isolated"
NO_POLICY = LatePolicy(per_day=(0.0, False))


class Results:
    """The files of one run, written in one pass over its journal."""

    def __init__(
        self, journal: BatchJournal, run: int, course: Course, out: Path, roster: Roster, policy: LatePolicy | None
    ) -> None:
        self._journal = journal
        self._run = run
        self._out = out
        self._roster = roster
        self._policy = policy if policy is not None else NO_POLICY
        self._exercises = [exercise for exercise in course if exercise.key in set(journal.exercises(run))]
        self._possible = {exercise.key: exercise.rubric.possible for exercise in self._exercises}
        self._titles = {
            exercise.key: _title(roster, exercise.key, exercise.rubric.title) for exercise in self._exercises
        }
        self._statistics = {exercise.key: ExerciseStatistics(exercise) for exercise in self._exercises}
        self._report_files = report_files()
        self._seed, self._isolation = journal.settings(run)
        self._learners_count = 0
        self._named = self._sectioned = False
        self._missing: list[str] = []
        self.faults: tuple[str, ...] = ()
        self.refused: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """The number of learners in the roster without a submission. Like the faults, it is known after `write`."""
        return len(self._missing)

    def write(self) -> None:
        """Write reports, pages and tables. Raises BatchError; the journal keeps everything."""
        with (
            _as_batch_error(self._out),
            tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._out) as lines,
            _ClassFiles(self._out, class_files(self._columns())) as tables,
        ):
            for learner, rows in self._learners():
                row = self._write_learner(learner, rows, tables)
                self._learners_count += 1
                self._named |= bool(row.name)
                self._sectioned |= bool(row.section)
                reported = {exercise for exercise, _, graded in rows if graded is not None}
                lines.write(json.dumps(self._line(row, reported)) + "\n")
            self.faults = tuple(faults_of(self._journal, self._run))
            self.refused = tuple(_refused_in(self._journal, self._run))
            lines.seek(0)
            self._write_class(lines)

    def _learners(self) -> Iterator[tuple[str, list[tuple[str, dict[str, Any], Graded | None]]]]:
        """Yield each learner with a submission and each learner in the roster, sorted by id."""
        found = (
            (learner, [(exercise, json.loads(details), graded) for _, exercise, details, graded in rows])
            for learner, rows in groupby(self._journal.results(self._run), key=lambda row: row[0])
        )
        nothing: list[tuple[str, dict[str, Any], Graded | None]] = []
        listed = ((learner, nothing) for learner in sorted(self._roster.people))
        for learner, group in groupby(heapq.merge(found, listed, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
            yield learner, [row for _, rows in group for row in rows]

    def _write_learner(
        self, learner: str, rows: list[tuple[str, dict[str, Any], Graded | None]], tables: _ClassFiles
    ) -> GradebookRow:
        person = self._roster.people.get(learner)
        grades = {}
        for exercise, details, graded in rows:
            possible = self._possible[exercise]
            report = graded.parsed() if graded is not None else None
            refused = bool(details.get("refusal"))
            grade = ExerciseGrade(possible, no_score=NoScore.REFUSED if refused else NoScore.GRADER_FAULT)
            if report is not None and graded is not None and not graded.faults:
                grade = _grade(report, lateness(self._policy, person, details, exercise, possible))
                self._statistics[exercise].add(report)
            grades[exercise] = grade
            self._write_reports(learner, exercise, graded, report, grade, tables)
        row = _row(learner, person, [details for _, details, _ in rows], grades)
        if not rows:
            self._missing.append(f"{learner} ({row.name})" if row.name else learner)
        tables.add(row)
        return row

    def _line(self, row: GradebookRow, reported: Collection[str]) -> dict[str, Any]:
        """Return a learner's line of the class table, with a link to each report that exists."""
        folder = for_file_name(row.learner)
        cells: list[dict[str, Any]] = []
        for key in self._possible:
            grade = row.grades.get(key)
            if grade is None:
                cells.append({"score": None, "note": "missing"})
                continue
            late = f"{grade.late_days} d late" if grade.late_days else ""
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
        with _as_batch_error(self._out), replacing(self._out / "run.html", "utf-8", alone=True) as page:
            page.write(run_page(summary))

    def _write_reports(
        self,
        learner: str,
        exercise: str,
        graded: Graded | None,
        report: dict[str, Any] | None,
        grade: ExerciseGrade,
        tables: _ClassFiles,
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
            write_if_changed(path, text(report, _late_sentence(grade)))
        tables.add_report(learner, report)

    def _columns(self) -> Columns:
        criteria = {one.key: [criterion.id for criterion in one.rubric.criteria] for one in self._exercises}
        return Columns(self._titles, self._possible, criteria)


@contextmanager
def _as_batch_error(out: Path) -> Iterator[None]:
    """Turn an error such as a full disk into a BatchError."""
    try:
        yield
    except (OSError, JournalError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BatchError(
            f"The results cannot be written to {out}: {reason}. "
            "Every report is safe in its journal: run the same command again."
        ) from None


class _ClassFiles:
    """The files about the whole class. They get their names when all of them are complete."""

    def __init__(self, out: Path, files: Iterable[ClassFile]) -> None:
        self._out = out
        self._files = tuple(files)
        self._stack = ExitStack()
        self._opened: list[tuple[ClassFile, IO[str]]] = []

    def add(self, row: GradebookRow) -> None:
        """Write the part about a learner into every file."""
        for file, opened in self._opened:
            opened.write(file.of_learner(row))

    def add_report(self, learner: str, report: dict[str, Any]) -> None:
        """Write the part about a report into every file."""
        for file, opened in self._opened:
            opened.write(file.of_report(learner, report))

    def __enter__(self) -> Self:
        with self._stack:
            for file in self._files:
                path = self._out / file.name
                path.parent.mkdir(exist_ok=True)
                opened = self._stack.enter_context(replacing(path, file.encoding, alone=True))
                opened.write(file.start)
                self._opened.append((file, opened))
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *ending: Any) -> None:
        if ending[0] is None:
            for file, opened in self._opened:
                opened.write(file.end)
        self._stack.__exit__(*ending)


def _title(roster: Roster, key: str, title: str) -> str:
    """Return the name of an exercise's column in Canvas. If the roster is a Canvas gradebook, use its name."""
    number = int(key.split("_")[0])
    ours = f"Exercise {number}: {title}"
    known = (ours, title, key, f"exercise {number}")
    return next((roster.titles[name.casefold()] for name in known if name.casefold() in roster.titles), ours)


def _grade(report: dict[str, Any], late: Any) -> ExerciseGrade:
    raw = float(report["score"]["earned"])
    problems = report["problems"]
    criteria = {criterion["id"]: float(criterion["earned"]) for criterion in report["criteria"]}
    notes = [NOT_ISOLATED_NOTE] if report["isolation"] == "process" else []
    note = "; ".join([*notes, *(problem["message"] for problem in problems[:1])])
    return ExerciseGrade(report["score"]["possible"], raw, max(0.0, raw - late.penalty), late.days, note, criteria)


def _late_sentence(grade: ExerciseGrade) -> str:
    if grade.raw is None or grade.final is None or not grade.late_days:
        return ""
    return f"Submitted {counted(grade.late_days, 'day')} late: {amount(grade.final)} points count."


def _row(
    learner: str, person: Person | None, details: list[dict[str, Any]], grades: dict[str, ExerciseGrade]
) -> GradebookRow:
    named = next((one["name"] for one in details if one["name"]), "")
    if person is None:
        on_canvas = any(one["platform"] == "canvas" for one in details)
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


def faults_of(journal: BatchJournal, run: int) -> Iterator[str]:
    """Yield a line for each report with a fault of the grader, and for each hand-in that could not be read."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for learner, exercise, message in journal.events(run):
        reasons.setdefault((learner, exercise), []).append(message)
    for learner, exercise, message in journal.spoiled(run):
        why = reasons.pop((learner, exercise), [message or "not graded"])
        yield f"{learner} {exercise}: {'; '.join(why)}"
    for (learner, exercise), messages in reasons.items():
        yield f"{learner} {exercise}: {'; '.join(messages)}"


def _refused_in(journal: BatchJournal, run: int) -> Iterator[str]:
    """Yield a line for each hand-in that is refused."""
    for learner, exercise, why in journal.refused(run):
        yield f"{learner} {exercise}: {why}"
