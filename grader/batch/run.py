"""One run over a folder: hash the hand-ins, have the workers grade them, write the journal.

The coordinator finds files, hashes them and writes the journal. The workers read the files and grade them. If a run is
stopped, its journal keeps everything that was done, and the next run of the same command grades the rest. The results
are written from the journal alone, so one run and twenty interrupted runs give the same bytes.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum, auto
from errno import ENOTDIR
from pathlib import Path
from typing import Any

from grader.batch.batch_journal import BatchJournal, Content, Entry, Graded
from grader.batch.kept_files import packed_contents, places_for_details
from grader.batch.learner_secrets import SEEDS, seed_of_learner
from grader.batch.task import Finished, Pool, Task, changed_while_graded
from grader.course import Course
from grader.grade_error import GradeError
from grader.sandbox.flavours import FLAVOURS
from grader.submission.intake import HandIn, Intake, IntakeError, Unrecognised
from grader.submission.intake.contents import Place
from grader.submission.submission import content_hash
from grader.text import claimed, claimed_name, for_path

JOURNAL, LOCK, OVERRIDES = "journal.db", ".lock", "overrides.csv"
NAMES_SHOWN = 3
ENTRIES_AT_ONCE = 256  # in one transaction, because each one waits for the disk
BYTES_AT_ONCE = 8 * 1024 * 1024  # of kept files
UNREAD = ""  # instead of the hash of a hand-in that could not be read


class BatchError(GradeError):
    """A batch cannot be run. The message says what to do."""


class Stage(Enum):
    """The stages of a batch, in this order. With several seeds, GRADING and GRADED repeat.

    CONNECTING is only for a cluster that has no workers yet.
    """

    CONNECTING = auto()
    SEARCHING = auto()
    FOUND = auto()
    GRADING = auto()
    GRADED = auto()
    WRITING = auto()


@dataclass(frozen=True)
class Progress:
    """The progress of a batch.

    `reused` counts reports of earlier runs whose content has not changed, and those of a group that are there already.
    `refused` counts hand-ins that are not graded: two owners claim one id, or the files changed meanwhile.
    `not_started` counts unchanged stubs. `wrapper` is the folder around all hand-ins, empty if there is none.
    """

    stage: Stage = Stage.GRADING
    seed: int = 0
    wrapper: str = ""
    expected: int = 0
    found: int = 0
    graded: int = 0
    reused: int = 0
    refused: int = 0
    faults: int = 0
    replaced: int = 0
    not_started: int = 0


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class RunSettings:
    """Everything that the scores of a run depend on. `repeats` is the run that is repeated with a different seed.

    With `seed_per_learner`, each learner has a seed of their own, which depends on `seed`. `request` is what the
    instructor asked for, as JSON.
    """

    seed: int
    isolation: str
    force: bool = False
    repeats: int | None = None
    seed_per_learner: bool = False
    request: str = ""


def seed_of_batch(journal: BatchJournal, chosen: int | None) -> int:
    """Return the chosen seed, or the last seed of the journal, or a new random seed.

    The last seed keeps earlier reports valid. A learner who knows the seed can hand in a table of answers.
    """
    if chosen is not None:
        return chosen
    known = journal.last_seed()
    return secrets.randbelow(SEEDS) if known is None else known


def journal_path(out: Path) -> Path:
    """Return the journal of a results folder. Raises BatchError if there is none."""
    path = out / JOURNAL
    try:
        is_there = path.is_file()
    except OSError as error:
        raise BatchError(f"{for_path(path)} cannot be read: {error.strerror}.") from None
    if not is_there:
        seen = f"{for_path(out)} is a file" if out.exists() else f"There is no folder {for_path(out)}"
        seen = f"{for_path(out)} contains no {JOURNAL}" if out.is_dir() else seen
        raise BatchError(f"{seen}; expected a results folder of `grade batch`. Name the folder that you gave as --out.")
    return path


def last_complete_run(out: Path, journal: BatchJournal) -> int:
    """Return the last complete run in the journal of a results folder. Raises BatchError if there is none."""
    runs = journal.finished_runs()
    if not runs:
        raise BatchError(f"{for_path(out)} contains no complete run. Run the same `grade batch` again to complete it.")
    return runs[-1]


@contextmanager
def results_folder(out: Path, *, is_chosen: bool = True) -> Iterator[BatchJournal]:
    """Lock a results folder and open its journal. Raises BatchError and JournalError.

    Unless the folder `is_chosen` with --out, no message advises to choose another one.
    """
    try:
        if out.exists() and not out.is_dir():
            raise NotADirectoryError(ENOTDIR, "it is a file, expected a folder")
        out.mkdir(parents=True, exist_ok=True)
        _refuse_others_folder(out)
        lock = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise BatchError(
            f"{for_path(out)} cannot be used for results: {error.strerror}."
            + (" Choose another folder with --out." if is_chosen else " Nothing was changed.")
        ) from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BatchError(
                f"{for_path(out)} is in use by another run. Wait for it"
                f"{', or choose another folder with --out' * is_chosen}. Nothing was changed."
            ) from None
        except OSError as error:
            raise BatchError(
                f"{for_path(out)} cannot be locked: {error.strerror}. Some network folders have no file locks. "
                f"{'Choose' if is_chosen else 'Copy the results to'} a folder on a local disk"
                f"{' with --out' * is_chosen}. Nothing was changed."
            ) from None
        with BatchJournal(out / JOURNAL) as journal:
            yield journal
    finally:
        os.close(lock)


def _refuse_others_folder(out: Path) -> None:
    """Raise BatchError for a folder with files that are not results: theirs could be replaced. Raises OSError."""
    names = sorted(one.name for one in out.iterdir())
    if JOURNAL not in names and set(names) - {LOCK, OVERRIDES}:
        some = ", ".join(map(claimed_name, names[:NAMES_SHOWN]))
        raise BatchError(
            f"{for_path(out)} contains other files ({some}) and no results of grade."
            " Nothing was changed. Choose a new folder with --out."
        )


class Batch:
    """One run over one folder of hand-ins."""

    def __init__(self, course: Course, journal: BatchJournal, pool: Pool, settings: RunSettings) -> None:
        self._course = course
        self._journal = journal
        self._pool = pool
        self._settings = settings
        self._hashes = {exercise.key: exercise.content_hash() for exercise in course}
        self._secret = journal.secret() if settings.seed_per_learner else b""
        self._waiting: list[Entry] = []
        self._sources: dict[str, bytes] = {}
        self._sources_bytes = 0
        self._contents: dict[int, Content] = {}
        self.progress = Progress(seed=settings.seed)
        self.run = journal.begin_run(settings.seed, settings.isolation, settings.repeats, settings.request)

    def grade(self, intake: Intake, on_progress: OnProgress) -> None:
        """Grade everything that is not graded yet. Raises WorkerError and JournalError; recorded reports stay."""
        self._advance(expected=intake.count())
        with self._journal.transaction():
            self._journal.add_unrecognised(self.run, map(_unrecognised, intake.unrecognised()))
        for finished in self._pool.run(self._tasks(intake, on_progress)):
            self._record(finished)
            self._advance(replaced=self._pool.replaced)
            on_progress(self.progress)
        with self._journal.transaction():
            self._flush()
        self._journal.end_run(self.run)
        self._advance(stage=Stage.GRADED)
        on_progress(self.progress)

    def _tasks(self, intake: Intake, on_progress: OnProgress) -> Iterator[Task]:
        """Yield a task for each hand-in that must be graded, and an entry in the journal for every hand-in.

        The work of a group is graded once, and an unchanged stub never.
        """
        shared: set[tuple[str, str]] = set()
        for number, hand_in in enumerate(intake.hand_ins()):
            rubric = self._course.find(hand_in.exercise).rubric
            places = intake.places(hand_in, rubric.companions)
            sha256, fault = UNREAD, ""
            if not hand_in.refusal:
                hand_in, sha256, fault = self._fingerprint(intake, hand_in, places)
            content = self._content(hand_in, sha256)
            more: dict[str, Any] = {"places": places_for_details(places)}
            if self._secret:
                more["seed"] = content.seed
            self._waiting.append(Entry(replace(content, learner=hand_in.learner), _details(hand_in, more)))
            self._count(found=1)
            is_again = (content.learner, content.exercise) in shared
            if intake.is_shared(hand_in):
                shared.add((content.learner, content.exercise))
            if len(self._waiting) >= ENTRIES_AT_ONCE or self._sources_bytes > BYTES_AT_ONCE:
                with self._journal.transaction():
                    self._flush()
                on_progress(self.progress)
            if hand_in.refusal:
                self._count(refused=1)
            elif fault:
                with self._journal.transaction():
                    self._journal.add_event(self.run, hand_in.learner, hand_in.exercise, fault)
                self._count(faults=1)
            elif hand_in.is_stub:
                self._count(not_started=1)
            elif is_again or (not self._settings.force and self._journal.is_final(content)):
                self._count(reused=1)
            else:
                self._contents[number] = content
                yield Task(
                    number,
                    content.learner,
                    hand_in.exercise,
                    sha256,
                    str(intake.source),
                    tuple((place.name, place.parts, place.locator, place.copy) for place in places),
                    content.seed,
                    FLAVOURS[rubric.flavour].limits.submission_seconds,
                )

    def _content(self, hand_in: HandIn, sha256: str) -> Content:
        settings, course_hash = self._settings, self._hashes[hand_in.exercise]
        owner = hand_in.graded_as or hand_in.learner
        seed = seed_of_learner(self._secret, settings.seed, owner) if self._secret else settings.seed
        return Content(owner, hand_in.exercise, sha256, course_hash, seed, settings.isolation)

    def _record(self, finished: list[Finished]) -> None:
        """Write finished tasks to the journal, and count them when they are on disk."""
        with self._journal.transaction():
            self._flush()
            for one in finished:
                content = self._contents.pop(one.task.number)
                if one.changed:
                    self._journal.refuse(self.run, content.learner, content.exercise, claimed(one.changed))
                if one.failure:
                    self._journal.add_event(self.run, content.learner, content.exercise, claimed(one.failure))
                if one.report:
                    self._journal.add_graded(Graded(content, one.report, one.faults, one.seconds))
                    self._journal.add_listing(content, one.listing)
        changed = sum(1 for one in finished if one.changed)
        faults = sum(1 for one in finished if one.faults or one.failure)
        self._count(graded=len(finished) - changed, refused=changed, faults=faults)

    def _flush(self) -> None:
        for entry in self._waiting:
            self._journal.add_entry(self.run, entry)
        for sha256, files in self._sources.items():
            self._journal.add_source(sha256, files)
        self._waiting.clear()
        self._sources.clear()
        self._sources_bytes = 0

    def _fingerprint(self, intake: Intake, hand_in: HandIn, places: Sequence[Place]) -> tuple[HandIn, str, str]:
        """Return the hand-in, its hash, and the fault of the grader that prevents reading it; empty if it can be read.

        If the file is gone, the hand-in is refused instead. Neither costs the learner points.
        """
        try:
            contents = intake.contents(places)
        except IntakeError as error:
            if intake.source.is_dir() and not _is_file(intake.source.joinpath(*hand_in.parts)):
                return replace(hand_in, refusal=changed_while_graded(str(error))), UNREAD, ""
            return hand_in, UNREAD, str(error)
        sha256 = content_hash(contents)
        if not hand_in.is_stub and sha256 not in self._sources and not self._journal.has_source(sha256):
            files = packed_contents(contents)
            if files is not None:
                self._sources[sha256] = files
                self._sources_bytes += len(files)
        return hand_in, sha256, ""

    def _count(self, **more: int) -> None:
        self._advance(**{name: getattr(self.progress, name) + count for name, count in more.items()})

    def _advance(self, **changed: Any) -> None:
        self.progress = replace(self.progress, **changed)


def _details(hand_in: HandIn, more: Mapping[str, Any]) -> str:
    """Return what the tables need to know about a hand-in, and `more`, as JSON."""
    kept = ("origin", "platform", "late", "submitted", "modified", "refusal", "is_stub")
    found = {name: getattr(hand_in, name) for name in kept}
    group = {"graded_as": hand_in.graded_as} if hand_in.graded_as else {}
    return json.dumps({**found, **group, **more, "name": claimed_name(hand_in.name)}, sort_keys=True)


def _unrecognised(file: Unrecognised) -> tuple[str, str, str]:
    """Return the row of the journal about a file that belongs to no exercise."""
    details = {"name": claimed_name(file.name), "file": file.file, "why": file.why, "may_be_work": file.may_be_work}
    return file.learner, file.origin, json.dumps(details, sort_keys=True)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
