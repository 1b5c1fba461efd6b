"""Grade a class: one call from the settings of an instructor to the written results."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch.class_settings import ClassSettings
from grader.batch.given_files import open_intake, read_given
from grader.batch.grading_run import Batch
from grader.batch.late import refuse_idle_policy
from grader.batch.override_file import add_overrides
from grader.batch.pool import WorkerPool
from grader.batch.run import OnProgress, Progress, RunSettings, Stage, results_folder, seed_of_batch
from grader.batch.task import Pool
from grader.course import Course
from grader.submission.intake import Intake
from grader.text import counted, for_path

if TYPE_CHECKING:
    from grader.batch.batch_journal import BatchJournal
    from grader.batch.comparison import Unsteady
    from grader.batch.gradebook_file import Kept

UNREAD_NAMED = 20


@dataclass(frozen=True)
class BatchSummary:
    """The facts that an instructor must know when a class is graded. The results folder has the rest.

    `left_out` counts the files that are not graded, by kind, and `unread` names the first of those that were refused.
    `refused`, `faults` and `unsteady` list submissions without a score, faults of the grader, and checks whose verdict
    depends on the seed. `missing` of the `enrolled` learners in the roster have no submission. `unrecognised` names the
    learners whose files belong to no exercise. `not_started` counts unchanged stubs. `kept` are the grades and comments
    that a person typed into the gradebook. `unapplied` are decisions of `overrides.csv` that apply to nothing.
    """

    seeds: tuple[int, ...]
    left_out: Mapping[str, int]
    unread: tuple[str, ...]
    refused: tuple[str, ...]
    faults: tuple[str, ...]
    unsteady: tuple[Unsteady, ...]
    missing: int
    enrolled: int
    unrecognised: tuple[str, ...] = ()
    not_started: int = 0
    remarks: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    unapplied: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Return True if each submission has a score, each verdict is the same for all seeds, and decisions apply."""
        return not (self.refused or self.faults or self.unsteady or self.unrecognised or self.unapplied)


class ClassInterruptedError(Exception):
    """Ctrl-C has stopped the grading. `recorded` reports are safe in the journal."""

    def __init__(self, recorded: int) -> None:
        super().__init__(f"{recorded} reports are recorded")
        self.recorded = recorded


def run_class(settings: ClassSettings, on_progress: OnProgress) -> BatchSummary:
    """Grade a class and write the results. Call `on_progress` at each stage and after each group of submissions.

    Raises BatchError, WorkerError, ClusterError, JournalError, IntakeError, CourseError and ClassInterruptedError.
    """
    given = read_given(settings.files)
    course, roster, policy = given.course, given.roster, given.policy
    with results_folder(settings.out) as journal, _opened_pool(settings, course, on_progress) as (pool, workers):
        overrides = add_overrides(settings.out, given)
        on_progress(Progress(Stage.SEARCHING))
        # Imported while the workers start, because this takes as long.
        from grader.batch.results import Presentation, Results

        with open_intake(settings.files, given) as intake:
            if policy is not None:
                refuse_idle_policy(policy, intake.hand_ins(), roster)
            seed = seed_of_batch(journal, settings.seed)
            on_progress(Progress(Stage.FOUND, seed, intake.wrapper))
            started = time.monotonic()
            batches = _grade(settings, seed, course, journal, pool, intake, on_progress)
            left_out = intake.ignored_counts()
            refused_files = (str(one) for one in intake.ignored() if one.kind == "refused")
            unread = tuple(islice(refused_files, UNREAD_NAMED))
        pool.close()
        on_progress(Progress(Stage.WRITING, seed))
        results = Results(
            journal, batches[0].run, course, settings.out, roster, policy, overrides,
            Presentation(given.request.wanted, settings.columns, settings.replace_manual, settings.anonymous),
        )  # fmt: skip
        results.write(settings.workers or os.cpu_count() or 1)
        results.write_run(batches[0].progress, time.monotonic() - started, workers)
        unsteady = _unsteady(journal, batches, settings.out) if len(batches) > 1 else ()
        return BatchSummary(
            tuple(batch.progress.seed for batch in batches),
            left_out,
            unread,
            results.refused,
            results.faults,
            tuple(replace(one, learner=results.shown(one.learner)) for one in unsteady),
            results.missing,
            len(roster.people),
            results.unrecognised,
            batches[0].progress.not_started,
            (*roster.remarks, *results.lms.remarks, *_old_pages(results.old_pages, settings.out)),
            tuple(replace(one, learner=results.shown(one.learner)) for one in results.lms.kept),
            results.unapplied,
        )


@contextmanager
def _opened_pool(settings: ClassSettings, course: Course, on_progress: OnProgress) -> Iterator[tuple[Pool, int]]:
    """Start or find the workers, and yield their pool and their number. Raises WorkerError and ClusterError."""
    if settings.cluster is None:
        workers = settings.workers or os.cpu_count() or 1
        with WorkerPool(workers, course.root, settings.isolation) as pool:
            yield pool, workers
        return
    from grader.batch.cluster.opening import open_cluster

    waiting = Progress(Stage.CONNECTING)
    with open_cluster(settings.cluster, course, settings.isolation, lambda: on_progress(waiting)) as cluster:
        yield cluster, cluster.size


def _grade(
    settings: ClassSettings,
    seed: int,
    course: Course,
    journal: BatchJournal,
    pool: Pool,
    intake: Intake,
    on_progress: OnProgress,
) -> list[Batch]:
    """Grade everything once with each seed. The later runs repeat the first one."""
    batches: list[Batch] = []
    for number in range(settings.repeat or 1):
        repeats = batches[0].run if batches else None
        run = RunSettings(
            seed + number, settings.isolation, settings.force, repeats, settings.seed_per_learner, settings.recorded()
        )
        batch = Batch(course, journal, pool, run)
        batches.append(batch)
        try:
            batch.grade(intake, on_progress)
        except KeyboardInterrupt:
            raise ClassInterruptedError(batch.progress.graded + batch.progress.reused) from None
    return batches


def _old_pages(pages: Sequence[str], out: Path) -> Iterator[str]:
    """Say that a folder has pages of hand-ins that are not graded now: of another class, or withdrawn."""
    if pages:
        yield (
            f"{for_path(out)} still has {counted(len(pages), 'page')} of earlier runs whose hand-ins are not here now, "
            f"such as {pages[0]}. Delete what you do not need. For another class, use another --out."
        )


def _unsteady(journal: BatchJournal, batches: list[Batch], out: Path) -> tuple[Unsteady, ...]:
    """Write unsteady.csv and return its rows. Raises BatchError."""
    from grader.batch.comparison import unsteady_checks, write_unsteady

    runs = [(batch.progress.seed, batch.run) for batch in batches]
    return tuple(write_unsteady(out / "unsteady.csv", runs, unsteady_checks(journal, runs)))
