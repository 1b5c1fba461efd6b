"""Grade single submissions again, with the course as it is now, from the files that the journal keeps.

All other grades stay as they are. The result is a new run, written when everything is graded: if the command is
stopped before, the last run stays the last one.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.batch.batch_journal import Content, Graded
from grader.batch.comparison import changed_score
from grader.batch.explaining import kept_files
from grader.batch.kept_files import KeptFiles
from grader.batch.kept_tasks import task_for_kept
from grader.batch.opened_results import OpenedResults
from grader.batch.overrides import criterion_fault
from grader.batch.pool import WorkerPool
from grader.batch.run import BatchError
from grader.batch.task import Finished, Task
from grader.course import Exercise
from grader.report.pages import ChangedScore
from grader.sandbox.flavours import FLAVOURS
from grader.text import claimed, counted


@dataclass(frozen=True)
class Regraded:
    """The number of submissions that were graded again, the scores that changed, and faults of the grader."""

    graded: int
    changes: tuple[ChangedScore, ...]
    faults: tuple[str, ...]
    unapplied: tuple[str, ...]


@dataclass(frozen=True)
class _Again:
    """One submission to grade again: its content with the course of today, and its report until now."""

    content: Content
    exercise: Exercise
    before: Graded
    files: KeptFiles


def regrade(
    opened: OpenedResults, learners: Sequence[str], exercise: str | None, criterion: str, workers: int
) -> Regraded:
    """Grade the submissions of these learners again, or all of an exercise, and write the results.

    With `criterion`, only its points are taken from the new report. Raises BatchError, WorkerError and
    UnknownExerciseError.
    """
    chosen = _chosen(opened, learners, exercise, criterion)
    if not chosen:
        raise BatchError("None of these submissions has a report, so nothing can be graded again. Nothing was changed.")
    isolation = opened.settings.isolation
    after: dict[tuple[str, str], Graded] = {}
    listings: dict[tuple[str, str], str] = {}
    faults: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="grade-") as folder,
        WorkerPool(min(workers, len(chosen)), opened.given.course.root, isolation) as pool,
    ):
        for finished in pool.run(_tasks(chosen, Path(folder))):
            for one in finished:
                again = chosen[one.task.number]
                graded, fault = _graded(again, one, criterion)
                if graded is None:
                    who = opened.shown(again.content.learner)
                    faults.append(f"{who} {again.exercise.key}: {fault}. The earlier grade stays.")
                else:
                    after[again.content.learner, again.exercise.key] = graded
                    listings[again.content.learner, again.exercise.key] = one.listing
    new = _record(opened, after, listings)
    changes = [
        changed_score(opened.shown(again.content.learner), again.exercise.key, again.before, graded)
        for again in chosen
        if (graded := after.get((again.content.learner, again.exercise.key))) is not None
    ]
    results = replace(opened, run=new).write()
    return Regraded(len(after), tuple(filter(None, changes)), tuple(sorted(faults)), results.unapplied)


def _chosen(opened: OpenedResults, learners: Sequence[str], exercise: str | None, criterion: str) -> list[_Again]:
    """Return the submissions to grade again; the work of a group once. Raises BatchError."""
    wanted = opened.given.course.find(exercise) if exercise is not None else None
    if criterion:
        assert wanted is not None
        if complaint := criterion_fault(wanted, criterion):
            raise BatchError(f"{complaint.removesuffix('.')}. Nothing was changed.")
    who = {opened.learner(one) for one in learners}
    found: dict[tuple[str, str], _Again] = {}
    for learner, key, details, graded in opened.journal.results(opened.run):
        if graded is None or (who and learner not in who) or (wanted is not None and key != wanted.key):
            continue
        if criterion and graded.faults:
            raise BatchError(
                f"{opened.shown(learner)} has no score in {key}: leave out --criterion. Nothing was changed."
            )
        known = json.loads(details)
        owner = known.get("graded_as") or learner
        of_course = opened.given.course.find(key)
        content = replace(graded.content, learner=owner, course_hash=of_course.content_hash())
        if (owner, key) not in found:
            found[owner, key] = _Again(content, of_course, graded, kept_files(opened, key, known, graded))
    return list(found.values())


def _tasks(chosen: Sequence[_Again], folder: Path) -> Iterator[Task]:
    """Yield a task for each submission, whose files it writes below a folder."""
    for number, one in enumerate(chosen):
        limits = FLAVOURS[one.exercise.rubric.flavour].limits
        yield replace(task_for_kept(number, one.content, one.files, folder), seconds=limits.submission_seconds)


def _graded(again: _Again, finished: Finished, criterion: str) -> tuple[Graded | None, str]:
    """Return the new report, or why there is none. A fault of the grader does not replace a grade."""
    if finished.changed or finished.failure or not finished.report:
        return None, claimed(finished.changed or finished.failure or "no report")
    new = Graded(again.content, finished.report, finished.faults, finished.seconds)
    if finished.faults:
        return None, str(new.parsed()["grader_faults"][0]["message"])
    if criterion:
        return replace(new, report=_with_criterion(again.before.parsed(), new.parsed(), criterion)), ""
    return new, ""


def _with_criterion(old: Mapping[str, Any], new: Mapping[str, Any], criterion: str) -> str:
    """Return the JSON of a report with one criterion of the new report, and everything else of the old one.

    Raises BatchError if the old report does not follow the contract of today.
    """
    from pydantic import ValidationError

    from grader.report.json import content_hash, to_json
    from grader.report.report import Report

    theirs = next(one for one in new["criteria"] if one["id"] == criterion)
    criteria = [theirs if one["id"] == criterion else one for one in old["criteria"]]
    known = {one["id"] for one in old["diagnoses"]}
    diagnoses = [*old["diagnoses"], *(one for one in new["diagnoses"] if one["id"] not in known)]
    score = {
        **old["score"],
        "earned": sum(one["earned"] for one in criteria if not one["bonus"]),
        "earned_bonus": sum(one["earned"] for one in criteria if one["bonus"]),
    }
    after, before = (one["course"]["hash"][:16] for one in (new, old))
    remark = f"Only the criterion {criterion} was graded again, with course {after}; the others with course {before}."
    remarks = [*old["remarks"], *([remark] if after != before else ())]
    merged = {
        **old, "criteria": criteria, "diagnoses": diagnoses, "score": score, "course": new["course"],
        "run": new["run"], "remarks": remarks,
    }  # fmt: skip
    try:
        report = Report.model_validate(merged)
    except ValidationError:
        raise BatchError(
            "The report was written by another version of the grader, so one criterion cannot be replaced. Leave out "
            "--criterion. Nothing was changed."
        ) from None
    return to_json(report.model_copy(update={"sha256": content_hash(report)}))


def _record(
    opened: OpenedResults, after: Mapping[tuple[str, str], Graded], listings: Mapping[tuple[str, str], str]
) -> int:
    """Write the new reports and a new run, in which all other entries are those of the last run. Return its number."""
    journal = opened.journal
    seed, isolation = journal.settings(opened.run)
    entries = journal.entries(opened.run)
    files = list(journal.unrecognised(opened.run))
    with journal.transaction():
        run = journal.add_run(seed, isolation, None, opened.settings.recorded())
        for entry in entries:
            owner = json.loads(entry.details).get("graded_as") or entry.content.learner
            graded = after.get((owner, entry.content.exercise))
            if graded is not None:
                entry = replace(entry, content=replace(entry.content, course_hash=graded.content.course_hash))
            journal.add_entry(run, entry)
        journal.add_unrecognised(run, files)
        for key, graded in after.items():
            journal.add_graded(graded)
            journal.add_listing(graded.content, listings[key])
        journal.finish(run)
    return run


def summary_of(regraded: Regraded) -> str:
    """Return what was done, as a sentence."""
    return f"{counted(regraded.graded, 'submission')} graded again, {counted(len(regraded.changes), 'score')} changed."
