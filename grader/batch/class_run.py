"""Grade a class: one call from the settings of an instructor to the written results."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.late import LatePolicy, read_late_policy
from grader.batch.pool import WorkerPool
from grader.batch.roster import Roster, read_roster
from grader.batch.run import Batch, OnProgress, Progress, RunSettings, Stage, results_folder, seed_of_batch
from grader.course import Course, load_course
from grader.submission.intake import ExerciseName, Intake

if TYPE_CHECKING:
    from grader.batch.batch_journal import BatchJournal
    from grader.batch.comparison import Unsteady

UNREAD_NAMED = 20


@dataclass(frozen=True)
class ClassSettings:
    """An instructor's request.

    `submissions` is a folder or a zip archive. With `seed` None, the results folder keeps its seed or gets a random
    one. With `workers` None, there is one worker per core. `repeat` is the number of seeds. With `force`, everything is
    graded again.
    """

    submissions: Path
    out: Path
    course_root: Path
    roster: Path | None = None
    late_policy: Path | None = None
    seed: int | None = None
    repeat: int | None = None
    workers: int | None = None
    isolation: str = "namespaces"
    force: bool = False


@dataclass(frozen=True)
class BatchSummary:
    """The facts that an instructor must know when a class is graded. The results folder has the rest.

    `left_out` counts the files that are not graded, by kind, and `unread` names the first of those that were refused.
    `refused`, `faults` and `unsteady` list submissions without a score, faults of the grader, and checks whose verdict
    depends on the seed. `missing` of the `enrolled` learners in the roster have no submission.
    """

    seeds: tuple[int, ...]
    left_out: Mapping[str, int]
    unread: tuple[str, ...]
    refused: tuple[str, ...]
    faults: tuple[str, ...]
    unsteady: tuple[Unsteady, ...]
    missing: int
    enrolled: int

    @property
    def is_complete(self) -> bool:
        """Return True if each submission has a score, and each verdict is the same for all seeds."""
        return not (self.refused or self.faults or self.unsteady)


class ClassInterruptedError(Exception):
    """Ctrl-C has stopped the grading. `recorded` reports are safe in the journal."""

    def __init__(self, recorded: int) -> None:
        super().__init__(f"{recorded} reports are recorded")
        self.recorded = recorded


def read_class(
    course_root: Path, roster: Path | None, late_policy: Path | None
) -> tuple[Course, Roster, LatePolicy | None]:
    """Read the files that an instructor gives. Raises CourseError and FaultyFileError."""
    course = load_course(course_root)
    people = read_roster(roster) if roster is not None else Roster()
    keys = [exercise.key for exercise in course]
    return course, people, read_late_policy(late_policy, keys) if late_policy is not None else None


def open_intake(submissions: Path, course: Course, roster: Roster) -> Intake:
    """Find the hand-ins for the exercises of a course. Raises IntakeError."""
    names = [ExerciseName(exercise.key, exercise.rubric.module) for exercise in course]
    return Intake(submissions, names, roster.resolve, roster.__contains__)


def run_class(settings: ClassSettings, on_progress: OnProgress) -> BatchSummary:
    """Grade a class and write the results. Call `on_progress` at each stage and after each group of submissions.

    Raises BatchError, WorkerError, JournalError, IntakeError, CourseError and ClassInterruptedError.
    """
    course, roster, policy = read_class(settings.course_root, settings.roster, settings.late_policy)
    workers = settings.workers or os.cpu_count() or 1
    with results_folder(settings.out) as journal, WorkerPool(workers, course.root, settings.isolation) as pool:
        on_progress(Progress(Stage.SEARCHING))
        from grader.batch.results import Results  # while the workers start, because this import takes as long

        with open_intake(settings.submissions, course, roster) as intake:
            seed = seed_of_batch(journal, settings.seed)
            on_progress(Progress(Stage.FOUND, seed, intake.wrapper))
            started = time.monotonic()
            batches = _grade(settings, seed, course, journal, pool, intake, on_progress)
            left_out = intake.ignored_counts()
            refused_files = (str(one) for one in intake.ignored() if one.kind == "refused")
            unread = tuple(islice(refused_files, UNREAD_NAMED))
        pool.close()
        on_progress(Progress(Stage.WRITING, seed))
        results = Results(journal, batches[0].run, course, settings.out, roster, policy)
        results.write()
        results.write_run(batches[0].progress, time.monotonic() - started, workers)
        return BatchSummary(
            tuple(batch.progress.seed for batch in batches),
            left_out,
            unread,
            results.refused,
            results.faults,
            _unsteady(journal, batches, settings.out) if len(batches) > 1 else (),
            results.missing,
            len(roster.people),
        )


def _grade(
    settings: ClassSettings,
    seed: int,
    course: Course,
    journal: BatchJournal,
    pool: WorkerPool,
    intake: Intake,
    on_progress: OnProgress,
) -> list[Batch]:
    """Grade everything once with each seed. The later runs repeat the first one."""
    batches: list[Batch] = []
    for number in range(settings.repeat or 1):
        repeats = batches[0].run if batches else None
        batch = Batch(course, journal, pool, RunSettings(seed + number, settings.isolation, settings.force, repeats))
        batches.append(batch)
        try:
            batch.grade(intake, on_progress)
        except KeyboardInterrupt:
            raise ClassInterruptedError(batch.progress.graded + batch.progress.reused) from None
    return batches


def _unsteady(journal: BatchJournal, batches: list[Batch], out: Path) -> tuple[Unsteady, ...]:
    """Write unsteady.csv and return its rows. Raises BatchError."""
    from grader.batch.comparison import unsteady_checks, write_unsteady

    runs = [(batch.progress.seed, batch.run) for batch in batches]
    return tuple(write_unsteady(out / "unsteady.csv", runs, unsteady_checks(journal, runs)))
