"""Write the results of a run from its journal. The same journal gives the same bytes."""

from __future__ import annotations

import csv
import heapq
import json
import platform
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, Self

from grader import __version__
from grader.batch.batch_journal import BatchJournal, Graded, JournalError
from grader.batch.class_statistics import ExerciseStatistics
from grader.batch.late import LatePolicy, lateness
from grader.batch.result_file import replacing, write_text
from grader.batch.roster import Person, Roster
from grader.batch.run import BatchError, Progress
from grader.course import Course
from grader.report.exports import (
    JUNIT_END,
    JUNIT_START,
    MOODLE_HEADER,
    Grade,
    Row,
    amount,
    canvas_header,
    canvas_row,
    gradebook_header,
    gradebook_row,
    moodle_row,
    to_gradescope,
    to_junit_suite,
)
from grader.report.pages import Cell, ClassSummary, LearnerRow, RunSummary, class_page, learner_page, run_page
from grader.submission.intake import folder_name

SLOWEST_SHOWN = 20
FAULT_NOTE = "a fault of the grader: grade again"
REFUSED_NOTE = "refused: index.html says why"
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
            _Tables(self._out, self._exercises, self._titles, self._possible) as tables,
        ):
            for learner, rows in self._learners():
                row = self._write_learner(learner, rows, tables)
                self._learners_count += 1
                self._named |= bool(row.name)
                self._sectioned |= bool(row.section)
                reported = {exercise for exercise, _, graded in rows if graded is not None}
                lines.write(json.dumps(self._line(row, reported)) + "\n")
            self.faults = tuple(_faults_of(self._journal, self._run))
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
        self, learner: str, rows: list[tuple[str, dict[str, Any], Graded | None]], tables: _Tables
    ) -> Row:
        person = self._roster.people.get(learner)
        grades = {}
        for exercise, details, graded in rows:
            possible = self._possible[exercise]
            report = graded.parsed() if graded is not None else None
            grade = Grade(possible, note=REFUSED_NOTE if details.get("refusal") else FAULT_NOTE)
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

    def _line(self, row: Row, reported: Collection[str]) -> dict[str, Any]:
        """Return a learner's line of the class table, with a link to each report that exists."""
        folder = folder_name(row.learner)
        cells: list[dict[str, Any]] = []
        for key in self._possible:
            grade = row.grades.get(key)
            if grade is None:
                cells.append({"score": None, "note": "missing"})
                continue
            late = f"{grade.late_days} d late" if grade.late_days else ""
            note = late if grade.raw is not None else grade.note
            link = f"reports/{folder}/{key}.html" if key in reported else ""
            cells.append({"score": grade.final, "note": note, "link": link})
        whole = _sum(row.grades, list(self._possible), self._possible)
        total = whole.final if whole is not None else None
        return {"learner": row.learner, "name": row.name, "section": row.section, "cells": cells, "total": total}

    def _write_class(self, lines: Iterable[str]) -> None:
        rows = (
            LearnerRow(**{**line, "cells": tuple(Cell(**cell) for cell in line["cells"])})
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
        with replacing(self._out / "index.html") as page:
            page.writelines(class_page(summary, rows))

    def write_run(self, progress: Progress, seconds: float, workers: int) -> None:
        """Write run.html: everything that may differ between two runs with the same results. Raises BatchError."""
        slowest = tuple(
            (learner, exercise, taken, f"reports/{folder_name(learner)}/{exercise}.html")
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
        with _as_batch_error(self._out), replacing(self._out / "run.html") as page:
            page.write(run_page(summary))

    def _write_reports(
        self,
        learner: str,
        exercise: str,
        graded: Graded | None,
        report: dict[str, Any] | None,
        grade: Grade,
        tables: _Tables,
    ) -> None:
        folder = folder_name(learner)
        page = self._out / "reports" / folder / f"{exercise}.html"
        data = page.with_suffix(".json")
        gradescope = self._out / "gradescope" / folder / exercise / "results.json"
        if graded is None or report is None:
            for stale in (page, data, gradescope):
                stale.unlink(missing_ok=True)
            return
        write_text(data, graded.report)
        write_text(page, learner_page(report, _late_sentence(grade)))
        tables.add_suite(to_junit_suite(learner, report))
        write_text(gradescope, to_gradescope(report))


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


class _Tables:
    """The files with one line per learner. They get their names when all of them are complete."""

    def __init__(self, out: Path, exercises: list[Any], titles: dict[str, str], possible: dict[str, float]) -> None:
        self._out = out
        self._criteria = {one.key: [criterion.id for criterion in one.rubric.criteria] for one in exercises}
        self._titles = titles
        self._possible = possible
        self._stack = ExitStack()

    def add(self, row: Row) -> None:
        """Add the line of one learner to every table."""
        self._gradebook.writerow(gradebook_row(row, self._criteria))
        self._canvas.writerow(canvas_row(row, self._titles))
        for keys, writer in self._moodle:
            grade = _sum(row.grades, keys, self._possible)
            writer.writerow(moodle_row(row, grade, sum(self._possible[key] for key in keys)))

    def add_suite(self, suite: str) -> None:
        """Add the checks of one learner in one exercise."""
        self._junit.write(suite)

    def __enter__(self) -> Self:
        with self._stack:
            self._gradebook = self._writer("gradebook.csv", encoding="utf-8-sig")  # spreadsheets need its mark
            self._gradebook.writerow(gradebook_header(self._criteria))
            self._canvas = self._writer("canvas.csv")
            self._canvas.writerows(canvas_header(self._titles, self._possible))
            keys = list(self._possible)
            worksheets = [("moodle.csv", keys)]
            if len(keys) > 1:  # each exercise is an assignment in Moodle
                worksheets += [(f"moodle/{key}.csv", [key]) for key in keys]
            self._moodle = [(keys, self._writer(name)) for name, keys in worksheets]
            for _, writer in self._moodle:
                writer.writerow(MOODLE_HEADER)
            self._junit = self._stack.enter_context(replacing(self._out / "junit.xml"))
            self._junit.write(JUNIT_START)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *ending: Any) -> None:
        if ending[0] is None:
            self._junit.write(JUNIT_END)
        self._stack.__exit__(*ending)

    def _writer(self, name: str, encoding: str = "utf-8") -> Any:
        path = self._out / name
        path.parent.mkdir(exist_ok=True)
        return csv.writer(self._stack.enter_context(replacing(path, encoding)), lineterminator="\r\n")


def _title(roster: Roster, key: str, title: str) -> str:
    """Return the name of an exercise's column in Canvas. If the roster is a Canvas gradebook, use its name."""
    number = int(key.split("_")[0])
    ours = f"Exercise {number}: {title}"
    known = (ours, title, key, f"exercise {number}")
    return next((roster.titles[name.casefold()] for name in known if name.casefold() in roster.titles), ours)


def _grade(report: dict[str, Any], late: Any) -> Grade:
    raw = float(report["score"]["earned"])
    problems = report["problems"]
    criteria = {criterion["id"]: float(criterion["earned"]) for criterion in report["criteria"]}
    notes = [NOT_ISOLATED_NOTE] if report["isolation"] == "process" else []
    note = "; ".join([*notes, *(problem["message"] for problem in problems[:1])])
    return Grade(report["score"]["possible"], raw, max(0.0, raw - late.penalty), late.days, note, criteria)


def _late_sentence(grade: Grade) -> str:
    if grade.raw is None or grade.final is None or not grade.late_days:
        return ""
    days = "1 day" if grade.late_days == 1 else f"{grade.late_days} days"
    return f"Submitted {days} late: {amount(grade.final)} points count."


def _row(learner: str, person: Person | None, details: list[dict[str, Any]], grades: dict[str, Grade]) -> Row:
    named = next((one["name"] for one in details if one["name"]), "")
    if person is None:
        on_canvas = any(one["platform"] == "canvas" for one in details)
        return Row(learner, named, platform_id=learner if on_canvas else "", grades=grades)
    return Row(
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


def _sum(grades: dict[str, Grade] | Any, keys: list[str], possible: dict[str, float]) -> Grade | None:
    """Return the grade over several exercises. It is unknown if one of them is: the sum would be wrong without it."""
    known = [grades[key] for key in keys if key in grades]
    if len(keys) == 1 or not known:
        return known[0] if known else None
    whole = sum(possible[key] for key in keys)
    if any(grade.raw is None or grade.final is None for grade in known):
        notes = {grade.note for grade in known if grade.raw is None}
        return Grade(whole, note=FAULT_NOTE if FAULT_NOTE in notes else REFUSED_NOTE)
    raw = sum(grade.raw or 0.0 for grade in known)
    final = sum(grade.final or 0.0 for grade in known)
    return Grade(whole, raw, final, max(grade.late_days for grade in known))


def _faults_of(journal: BatchJournal, run: int) -> Iterator[str]:
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
