"""A results folder and the settings of a run into it."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from errno import ENOTDIR
from pathlib import Path

from grader.batch.batch_journal import BatchJournal
from grader.batch.learner_secrets import SEEDS
from grader.grade_error import GradeError
from grader.text import claimed_name, for_path

JOURNAL, LOCK, OVERRIDES = "journal.db", ".lock", "overrides.csv"
NAMES_SHOWN = 3
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
