"""A batch from beginning to end: hand-ins in, a journal while it runs, reports at the end.

The coordinator finds files, takes their hash and writes the journal; workers read and grade. Whatever ends it, what the
journal holds is done, and the next run of the same command grades the rest. The reports are written from the journal
alone, so they are the same bytes whether it took one run or twenty.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from grader.batch.journal import Content, Entry, Graded, Journal
from grader.batch.pool import Finished, Pool, Task
from grader.course import Course
from grader.grade_error import GradeError
from grader.sandbox.flavours import FLAVOURS
from grader.submission.intake import HandIn, Intake, IntakeError
from grader.submission.intake.contents import Place
from grader.submission.submission import content_hash
from grader.text import claimed, claimed_name

ENTRIES_AT_ONCE = 256  # one synchronisation with the disk for so many
SEEDS = 10**8  # too many for a table of answers, and a seed is still easy to type
UNREAD = ""  # in place of the hash of a hand-in that could not be read from its archive


class BatchError(GradeError):
    """A batch that cannot be run; the message says what to do."""


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    `reused` are reports of earlier runs whose content has not changed, `refused` are hand-ins of two owners who claim
    one id.
    """

    expected: int = 0
    found: int = 0
    graded: int = 0
    reused: int = 0
    refused: int = 0
    faults: int = 0
    replaced: int = 0


@dataclass(frozen=True)
class Settings:
    """What decides the scores of a batch; `repeats` is the run that is done again with another seed."""

    seed: int
    isolation: str
    force: bool = False
    repeats: int | None = None


def seed_of_batch(journal: Journal, chosen: int | None) -> int:
    """Return the chosen seed, else the journal's, which keeps earlier reports valid, else a new random one.

    A learner who knows the seed can hand in a table of answers.
    """
    if chosen is not None:
        return chosen
    known = journal.last_seed()
    return secrets.randbelow(SEEDS) if known is None else known


@contextmanager
def results_folder(out: Path) -> Iterator[Journal]:
    """The journal of a results folder that nobody else uses meanwhile. Raises BatchError and JournalError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = os.open(out / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise BatchError(
            f"{out} cannot be used for results: {error.strerror}. Give another folder with --out."
        ) from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BatchError(
                f"{out} is in use by another run. Wait for it, or give another folder with --out. Nothing was changed."
            ) from None
        except OSError as error:
            raise BatchError(
                f"{out} cannot be locked: {error.strerror}. Some network folders have no file locks. "
                "Give a folder on a local disk with --out. Nothing was changed."
            ) from None
        with Journal(out / "journal.db") as journal:
            yield journal
    finally:
        os.close(lock)


class Batch:
    """One run over one folder of hand-ins."""

    def __init__(self, course: Course, journal: Journal, pool: Pool, settings: Settings) -> None:
        self._course = course
        self._journal = journal
        self._pool = pool
        self._settings = settings
        self._hashes = {exercise.key: exercise.content_hash() for exercise in course}
        self._waiting: list[Entry] = []
        self._contents: dict[int, Content] = {}
        self.progress = Progress()
        self.run = journal.begin_run(settings.seed, settings.isolation, settings.repeats)

    def grade(self, intake: Intake, tell: Callable[[Progress], None]) -> None:
        """Grade what is not graded yet. Raises WorkerError and JournalError; what is recorded stays."""
        self.progress = replace(self.progress, expected=intake.count())
        for finished in self._pool.run(self._tasks(intake, tell)):
            self._record(finished)
            self.progress = replace(self.progress, replaced=self._pool.replaced)
            tell(self.progress)
        with self._journal.transaction():
            self._flush()
        self._journal.end_run(self.run)
        tell(self.progress)

    def _tasks(self, intake: Intake, tell: Callable[[Progress], None]) -> Iterator[Task]:
        for number, hand_in in enumerate(intake.hand_ins()):
            rubric = self._course.find(hand_in.exercise).rubric
            places = intake.places(hand_in, rubric.companions)
            sha256, lost = (UNREAD, "") if hand_in.refusal else _fingerprint(intake, places)
            key, seed = hand_in.exercise, self._settings.seed
            content = Content(hand_in.learner, key, sha256, self._hashes[key], seed, self._settings.isolation)
            self._waiting.append(Entry(content, _details(hand_in)))
            self.progress = replace(self.progress, found=self.progress.found + 1)
            if len(self._waiting) >= ENTRIES_AT_ONCE:
                with self._journal.transaction():
                    self._flush()
                tell(self.progress)
            if hand_in.refusal:
                self.progress = replace(self.progress, refused=self.progress.refused + 1)
                continue
            if lost:
                with self._journal.transaction():
                    self._journal.add_event(self.run, hand_in.learner, hand_in.exercise, lost)
                self.progress = replace(self.progress, faults=self.progress.faults + 1)
                continue
            if not self._settings.force and self._journal.is_final(content):
                self.progress = replace(self.progress, reused=self.progress.reused + 1)
                continue
            self._contents[number] = content
            where = tuple((place.name, place.parts, place.locator, place.copy) for place in places)
            seconds = FLAVOURS[rubric.flavour].limits.submission_seconds
            yield Task(number, hand_in.learner, key, sha256, str(intake.source), where, seed, seconds)

    def _record(self, finished: list[Finished]) -> None:
        """On disk before it counts."""
        with self._journal.transaction():
            self._flush()
            for one in finished:
                content = self._contents.pop(one.task.number)
                if one.failure:
                    self._journal.add_event(self.run, content.learner, content.exercise, claimed(one.failure))
                if one.report:
                    self._journal.add_graded(Graded(content, one.report, one.faults, one.seconds))
        faults = sum(1 for one in finished if one.faults or one.failure)
        done = self.progress.graded + len(finished)
        self.progress = replace(self.progress, graded=done, faults=self.progress.faults + faults)

    def _flush(self) -> None:
        for entry in self._waiting:
            self._journal.add_entry(self.run, entry)
        self._waiting.clear()


def _details(hand_in: HandIn) -> str:
    """Return what the tables need to know of a hand-in, as JSON."""
    kept = ("origin", "platform", "late", "submitted", "modified", "refusal")
    found = {name: getattr(hand_in, name) for name in kept}
    return json.dumps({**found, "name": claimed_name(hand_in.name)}, sort_keys=True)


def _fingerprint(intake: Intake, places: Sequence[Place]) -> tuple[str, str]:
    """Return the hash of a hand-in; if it cannot be read, UNREAD and why. Then there is no report and no score."""
    try:
        return content_hash(intake.contents(places)), ""
    except IntakeError as error:  # not the learner's fault
        return UNREAD, str(error)
