"""Compare runs: scores before and after a regrade, verdicts with different seeds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.batch.batch_journal import BatchJournal, Graded
from grader.batch.run import BatchError, journal_path, last_complete_run
from grader.report.exports import amount
from grader.report.pages import ChangedScore
from grader.text import for_cell, for_path
from grader.writing import replacing

COMPARED_HEADER = ["learner", "exercise", "old", "new", "criterion", "old points", "new points", "why"]


@dataclass(frozen=True)
class Unsteady:
    """A check whose verdict depends on the seed, with one verdict for each run."""

    learner: str
    exercise: str
    check: str
    verdicts: tuple[str, ...]


def last_run(folder: Path) -> tuple[BatchJournal, int]:
    """Return the journal of a results folder and its last complete run. Raises BatchError and JournalError."""
    journal = BatchJournal(journal_path(folder), read_only=True)
    try:
        return journal, last_complete_run(folder, journal)
    except BatchError:
        journal.close()
        raise


def changes(old: tuple[BatchJournal, int], new: tuple[BatchJournal, int]) -> Iterator[ChangedScore]:
    """Yield each changed score, sorted by learner and exercise."""
    for (learner, exercise), (before, after) in _side_by_side([old, new]):
        changed = changed_score(learner, exercise, before, after)
        if changed is not None:
            yield changed


def changed_score(learner: str, exercise: str, before: Graded | None, after: Graded | None) -> ChangedScore | None:
    """Return how a score changed; None if it did not."""
    was, now = _report(before), _report(after)
    old_score, new_score = _score(was), _score(now)
    criteria = tuple(
        (criterion, earned_before, earned_after)
        for criterion, (earned_before, earned_after) in _criteria(was, now).items()
        if earned_before != earned_after
    )
    if old_score == new_score and not criteria:
        return None
    return ChangedScore(learner, exercise, old_score, new_score, criteria, tuple(_why(was, now)))


def write_changes(path: Path, found: Iterable[ChangedScore]) -> None:
    """Write the changes as CSV, one line per criterion. Raises OSError."""
    with replacing(path, "utf-8-sig") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COMPARED_HEADER)
        for one in found:
            head = [for_cell(one.learner), one.exercise, amount(one.old), amount(one.new)]
            for criterion, before, after in one.criteria or (("", None, None),):
                writer.writerow([*head, criterion, amount(before), amount(after), "; ".join(one.why)])


def unsteady_checks(journal: BatchJournal, runs: Sequence[tuple[int, int]]) -> Iterator[Unsteady]:
    """Yield each check that had different verdicts in `runs` over the same submissions, given as (seed, run)."""
    for (learner, exercise), graded in _side_by_side([(journal, run) for _, run in runs]):
        tables = [_verdicts(one) for one in graded]
        for check in dict.fromkeys(name for table in tables for name in table):
            verdicts = tuple(table.get(check, "none") for table in tables)
            if len(set(verdicts)) > 1:
                yield Unsteady(learner, exercise, check, verdicts)


def write_unsteady(path: Path, runs: Sequence[tuple[int, int]], found: Iterable[Unsteady]) -> Iterator[Unsteady]:
    """Write unsteady checks as CSV, and yield each one. Raises BatchError."""
    try:
        with replacing(path, "utf-8-sig") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(["learner", "exercise", "check", *(f"seed {seed}" for seed, _ in runs)])
            for one in found:
                writer.writerow([for_cell(one.learner), one.exercise, one.check, *one.verdicts])
                yield one
    except OSError as error:
        raise BatchError(f"{for_path(path)} cannot be written: {error.strerror or error}.") from None


def _side_by_side(runs: Sequence[tuple[BatchJournal, int]]) -> Iterator[tuple[tuple[str, str], list[Graded | None]]]:
    """Yield the reports of several runs for each learner and exercise in any of them, sorted."""
    streams = [iter(journal.results(run)) for journal, run in runs]
    heads = [next(stream, None) for stream in streams]
    while any(head is not None for head in heads):
        key = min((head[0], head[1]) for head in heads if head is not None)
        together: list[Graded | None] = []
        for index, head in enumerate(heads):
            if head is not None and (head[0], head[1]) == key:
                together.append(head[3])
                heads[index] = next(streams[index], None)
            else:
                together.append(None)
        yield key, together


def _report(graded: Graded | None) -> dict[str, Any] | None:
    """Return the report, or None if there is none without a fault of the grader."""
    return None if graded is None or graded.faults else graded.parsed()


def _score(report: dict[str, Any] | None) -> float | None:
    return None if report is None else float(report["score"]["earned"])


def _criteria(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, tuple[float | None, float | None]]:
    before = {one["id"]: float(one["earned"]) for one in old["criteria"]} if old is not None else {}
    after = {one["id"]: float(one["earned"]) for one in new["criteria"]} if new is not None else {}
    return {name: (before.get(name), after.get(name)) for name in dict.fromkeys([*before, *after])}


def _why(old: dict[str, Any] | None, new: dict[str, Any] | None) -> Iterator[str]:
    if old is None or new is None:
        yield "there was no score" if old is None else "there is no score"
        return
    if old["submission"]["sha256"] != new["submission"]["sha256"]:
        yield f"the submission changed ({_short(old['submission'], 'sha256')} to {_short(new['submission'], 'sha256')})"
    if old["course"]["hash"] != new["course"]["hash"]:
        yield f"the course changed ({_short(old['course'], 'hash')} to {_short(new['course'], 'hash')})"
    if old["course"]["seed"] != new["course"]["seed"]:
        yield f"the seed changed ({old['course']['seed']} to {new['course']['seed']})"
    if old["isolation"] != new["isolation"]:
        yield f"the isolation changed ({old['isolation']} to {new['isolation']})"
    if (
        old["submission"]["sha256"] == new["submission"]["sha256"]
        and old["course"] == new["course"]
        and old["isolation"] == new["isolation"]
    ):
        yield "neither the submission nor the course, seed or isolation changed: the verdict is unsteady"


def _short(stamp: dict[str, Any], key: str) -> str:
    return str(stamp[key])[:8]


def _verdicts(graded: Graded | None) -> dict[str, str]:
    if graded is None:
        return {}
    report = graded.parsed()
    return {check["name"]: check["verdict"] for criterion in report["criteria"] for check in criterion["checks"]}
