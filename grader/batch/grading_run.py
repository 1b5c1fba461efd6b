"""One run over a folder: find the hand-ins, have the workers hash and grade them, write the journal.

The coordinator finds files and writes the journal. The workers read, hash and grade the files. If a run is stopped, its
journal keeps everything that was recorded, and the next run of the same command grades the rest. The results are
written from the journal alone, so one run and twenty interrupted runs give the same bytes.

Reports are recorded in groups, because each transaction waits for the disk. A report counts when it is on the disk.
"""

from __future__ import annotations

import json
import stat
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.batch.batch_journal import BatchJournal, Content, Entry, Graded, JournalError
from grader.batch.kept_files import places_for_details
from grader.batch.learner_secrets import seed_of_learner
from grader.batch.run import UNREAD, OnProgress, Progress, RunSettings, Stage
from grader.batch.task import Finished, Pool, Task, changed_while_graded
from grader.course import Course
from grader.sandbox.flavours import FLAVOURS
from grader.submission.intake import HandIn, Intake, Unrecognised
from grader.submission.intake.contents import Place
from grader.text import claimed, claimed_name

RECORDED_AT_ONCE = 64  # reports in one transaction
RECORD_SECONDS = 0.25  # from the first report of a group to its transaction
ENTRIES_AT_ONCE = 256  # hand-ins that no worker looks at, in one transaction
BYTES_AT_ONCE = 8 * 1024 * 1024  # of kept files


@dataclass(frozen=True)
class _Found:
    """A hand-in, with everything that its report depends on except the hash of its files, and its places."""

    hand_in: HandIn
    content: Content
    places: Sequence[Place]


@dataclass(frozen=True)
class _Seen:
    """The hash of a hand-in as a worker read it, or why it is refused, or the fault of the grader."""

    sha256: str = UNREAD
    refusal: str = ""
    fault: str = ""


@dataclass
class _SharedWork:
    """The work of a group: what a worker saw of it, and the members who wait for that."""

    seen: _Seen | None = None
    waiting: list[_Found] = field(default_factory=list)


class Batch:
    """One run over one folder of hand-ins."""

    def __init__(self, course: Course, journal: BatchJournal, pool: Pool, settings: RunSettings) -> None:
        self._course = course
        self._journal = journal
        self._pool = pool
        self._settings = settings
        self._hashes = {exercise.key: exercise.content_hash() for exercise in course}
        self._secret = journal.secret() if settings.seed_per_learner else b""
        self._given: dict[int, _Found] = {}
        self._shared: dict[tuple[str, str], _SharedWork] = {}
        self._waiting: list[tuple[_Found, _Seen]] = []
        self._finished: list[Finished] = []
        self._finished_bytes = 0
        self._first_finished = 0.0
        self._counts: Counter[str] = Counter()
        self.progress = Progress(seed=settings.seed)
        self.run = journal.begin_run(settings.seed, settings.isolation, settings.repeats, settings.request)

    def grade(self, intake: Intake, on_progress: OnProgress) -> None:
        """Grade everything that is not graded yet. Raises WorkerError and JournalError; recorded reports stay."""
        self.progress = replace(self.progress, expected=intake.count())
        with self._journal.transaction():
            self._journal.add_unrecognised(self.run, map(_unrecognised, intake.unrecognised()))
        try:
            for finished in self._pool.run(self._tasks(intake)):
                self._collect(finished)
                if self._is_group_complete(is_quiet=not finished):
                    self._record(intake)
                    on_progress(self.progress)
            self._record(intake)
            on_progress(self.progress)
        except JournalError:
            raise
        except BaseException:  # also Ctrl-C: what is graded should not be graded again
            with suppress(JournalError):
                self._record(intake)
            raise
        self._journal.end_run(self.run)
        self.progress = replace(self.progress, stage=Stage.GRADED)
        on_progress(self.progress)

    def _tasks(self, intake: Intake) -> Iterator[Task]:
        """Yield a task for each hand-in that is not refused. The work of a group has one task."""
        for number, hand_in in enumerate(intake.hand_ins()):
            rubric = self._course.find(hand_in.exercise).rubric
            found = _Found(hand_in, self._content(hand_in), intake.places(hand_in, rubric.companions))
            self._counts["found"] += 1
            if hand_in.refusal:
                self._waiting.append((found, _Seen(refusal=hand_in.refusal)))
            elif not (intake.is_shared(hand_in) and self._joins(found)):
                self._given[number] = found
                yield self._task(number, found, str(intake.source), FLAVOURS[rubric.flavour].limits.submission_seconds)

    def _joins(self, found: _Found) -> bool:
        """Return True if the work of a hand-in is graded for another member of the group, and remember the hand-in."""
        key = found.content.learner, found.content.exercise
        shared = self._shared.get(key)
        if shared is None:
            self._shared[key] = _SharedWork()
        elif shared.seen is None:
            shared.waiting.append(found)
        else:
            self._waiting.append((found, shared.seen))
        return shared is not None

    def _task(self, number: int, found: _Found, source: str, seconds: float) -> Task:
        content = found.content
        known, kept = self._journal.hashes(content)
        return Task(
            number,
            content.learner,
            content.exercise,
            UNREAD,
            source,
            tuple((place.name, place.parts, place.locator, place.copy) for place in found.places),
            content.seed,
            seconds,
            known=() if self._settings.force else known,
            kept=kept,
            only_hash=found.hand_in.is_stub,
        )

    def _content(self, hand_in: HandIn) -> Content:
        settings, course_hash = self._settings, self._hashes[hand_in.exercise]
        owner = hand_in.graded_as or hand_in.learner
        seed = seed_of_learner(self._secret, settings.seed, owner) if self._secret else settings.seed
        return Content(owner, hand_in.exercise, UNREAD, course_hash, seed, settings.isolation)

    def _collect(self, finished: list[Finished]) -> None:
        """Keep finished tasks for the next transaction."""
        if finished and not self._finished:
            self._first_finished = time.monotonic()
        self._finished += finished
        self._finished_bytes += sum(len(one.files) for one in finished)

    def _is_group_complete(self, *, is_quiet: bool) -> bool:
        """Return True if there is something to record, and it should not wait. `is_quiet` says that nothing comes."""
        return bool(self._finished or self._waiting) and (
            is_quiet
            or len(self._finished) >= RECORDED_AT_ONCE
            or len(self._waiting) >= ENTRIES_AT_ONCE
            or self._finished_bytes >= BYTES_AT_ONCE
            or time.monotonic() - self._first_finished >= RECORD_SECONDS
        )

    def _record(self, intake: Intake) -> None:
        """Write what has finished to the journal, and count it when it is on the disk."""
        counts = Counter(self._counts)
        with self._journal.transaction():
            for found, seen in self._waiting:
                self._add(found, seen, counts)
            for one in self._finished:
                self._end(one, intake, counts)
        for one in self._finished:
            del self._given[one.task.number]
        self._waiting.clear()
        self._finished.clear()
        self._finished_bytes = 0
        self._counts.clear()
        more = {name: getattr(self.progress, name) + count for name, count in counts.items()}
        self.progress = replace(self.progress, replaced=self._pool.replaced, **more)

    def _end(self, one: Finished, intake: Intake, counts: Counter[str]) -> None:
        """Write the end of a task. Call it within a transaction."""
        found = self._given[one.task.number]
        seen = _seen(one, found.hand_in, intake)
        content = replace(found.content, sha256=seen.sha256)
        self._add(found, seen, counts, is_reused=one.is_known)
        shared = self._shared.get((content.learner, content.exercise))
        if shared is not None:
            shared.seen = seen
            for member in shared.waiting:
                self._add(member, seen, counts)
        if one.files:
            self._journal.add_source(seen.sha256, one.files)
        if one.changed:
            self._journal.refuse(self.run, content.learner, content.exercise, claimed(one.changed))
            counts["refused"] += 1
        if one.failure:
            self._journal.add_event(self.run, content.learner, content.exercise, claimed(one.failure))
        if one.report:
            self._journal.add_graded(Graded(content, one.report, one.faults, one.seconds))
            self._journal.add_listing(content, one.listing)
        counts["graded"] += not (one.changed or one.unread or one.is_known)
        counts["faults"] += bool(one.faults or one.failure)

    def _add(self, found: _Found, seen: _Seen, counts: Counter[str], *, is_reused: bool = True) -> None:
        """Write the entry of a hand-in. Call it within a transaction.

        `is_reused` is False for the hand-in that was graded in this run.
        """
        hand_in = found.hand_in
        self._journal.add_entry(self.run, Entry(
            replace(found.content, learner=hand_in.learner, sha256=seen.sha256), self._details(found, seen.refusal)
        ))  # fmt: skip
        if seen.refusal:
            counts["refused"] += 1
        elif seen.fault:
            self._journal.add_event(self.run, hand_in.learner, hand_in.exercise, seen.fault)
            counts["faults"] += 1
        elif hand_in.is_stub:
            counts["not_started"] += 1
        elif is_reused:
            counts["reused"] += 1

    def _details(self, found: _Found, refusal: str) -> str:
        """Return what the tables need to know about a hand-in, as JSON."""
        hand_in = found.hand_in
        details: dict[str, Any] = {
            "origin": hand_in.origin,
            "platform": hand_in.platform,
            "late": hand_in.late,
            "submitted": hand_in.submitted,
            "modified": hand_in.modified,
            "refusal": refusal,
            "is_stub": hand_in.is_stub,
            "places": places_for_details(found.places),
            "name": claimed_name(hand_in.name),
        }
        if hand_in.graded_as:
            details["graded_as"] = hand_in.graded_as
        if self._secret:
            details["seed"] = found.content.seed
        return json.dumps(details, sort_keys=True)


def _seen(one: Finished, hand_in: HandIn, intake: Intake) -> _Seen:
    """Return what a worker saw of a hand-in. A file that is gone is refused. Neither end costs the learner points."""
    if not one.unread:
        return _Seen(one.sha256)
    is_gone = intake.source.is_dir() and not _is_file(intake.source.joinpath(*hand_in.parts))
    return _Seen(refusal=changed_while_graded(one.unread)) if is_gone else _Seen(fault=one.unread)


def _unrecognised(file: Unrecognised) -> tuple[str, str, str]:
    """Return the row of the journal about a file that belongs to no exercise."""
    details = {"name": claimed_name(file.name), "file": file.file, "why": file.why, "may_be_work": file.may_be_work}
    return file.learner, file.origin, json.dumps(details, sort_keys=True)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
