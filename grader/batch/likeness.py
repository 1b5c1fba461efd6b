"""Compare the programs of a class with one another, exercise by exercise.

Files with the same bytes are one program, and the members of a group are one owner. These parts of a fingerprint do
not count: what is in the stub, in the reference or in another right program of the course, and what more than a third
of the class has. The members of a ring of copies count once there, so that a large ring does not discount itself.

The share of a pair is the part of the smaller program's own fingerprint that the other one has too.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.batch.batch_journal import BatchJournal, Content, Entry
from grader.batch.common_passages import common_passages
from grader.batch.fingerprint import runs_in
from grader.batch.kept_files import KeptFiles, places_in_details, unpacked_contents
from grader.batch.kept_tasks import task_for_kept
from grader.batch.opened_results import OpenedResults
from grader.batch.pool import WorkerPool
from grader.batch.run import UNREAD, BatchError
from grader.batch.task import Finished, Task
from grader.course import Exercise
from grader.report.pages import BINS, Similarity, SimilarPair
from grader.submission.intake.contents import Place
from grader.text import claimed, counted, for_path

READER = "grader.batch.source_reader"
FEWEST_PRINTS = 12  # of a program's own; fewer are about three lines, which people write alike
FEWEST_OWNERS = 3  # what so few have counts, however small the class is
PARTNERS = 5  # pairs of one program that are listed
PAIRS_SHOWN = 100
NAMES_SHOWN = 4
NOT_KEPT = "the results do not keep it: it is larger than 4 MiB, or an older version graded it"


@dataclass(frozen=True)
class Program:
    """A program, its owners, and its fingerprint; `why` says why it could not be read."""

    learners: tuple[str, ...]
    text: str = ""
    prints: frozenset[int] = frozenset()
    why: str = ""


@dataclass(frozen=True)
class Compared:
    """The highest share of each program that was compared, and the pairs as share and two programs, by their places.

    `discounted` are the runs that do not count.
    """

    highest: Mapping[int, float]
    pairs: Sequence[tuple[float, int, int]]
    discounted: frozenset[int]


@dataclass(frozen=True)
class _Unread:
    """A program to read."""

    learners: tuple[str, ...]
    content: Content
    places: tuple[Place, ...]


def similarities(opened: OpenedResults, exercise: str | None, least: float, workers: int) -> Iterator[Similarity]:
    """Compare the programs of one exercise, or of each exercise. Pairs with a share of at least `least` are listed.

    Raises BatchError, WorkerError and UnknownExerciseError.
    """
    wanted = None if exercise is None else opened.given.course.find(exercise).key
    unread: dict[str, list[_Unread]] = {}
    for one in _handed_in(opened):
        if wanted in (None, one.content.exercise):
            unread.setdefault(one.content.exercise, []).append(one)
    if not unread:
        what = "" if wanted is None else f" of {wanted}"
        raise BatchError(f"{for_path(opened.out)} has no programs{what} to compare. An unchanged stub is no program.")
    root = opened.given.course.root
    most = max(len(programs) for programs in unread.values())
    with WorkerPool(min(workers, most), root, opened.settings.isolation, READER) as pool:
        for key, found in sorted(unread.items()):
            yield similarity(opened, opened.given.course.find(key), list(_read(pool, opened.journal, found)), least)


def similarity(opened: OpenedResults, exercise: Exercise, programs: Sequence[Program], least: float) -> Similarity:
    """Compare the programs of an exercise, and show them with the names of their owners."""
    functions = frozenset(exercise.rubric.functions)
    found = compared(exercise, programs, least)
    listed = found.pairs[:PAIRS_SHOWN]
    names = _Names(opened)

    def shown(pair: tuple[float, int, int]) -> SimilarPair:
        share, first, second = pair[0], programs[pair[1]], programs[pair[2]]
        passages, left_out = common_passages((first.text, second.text), functions, found.discounted)
        return SimilarPair(names.of(first), names.of(second), share, passages, left_out)

    return Similarity(
        exercise.key,
        exercise.rubric.title,
        len(found.highest),
        least,
        _by_tenths(list(found.highest.values())),
        tuple(map(shown, listed)),
        len(found.pairs) - len(listed),
        tuple(names.identical(exercise.key)),
        tuple(names.of(one) for at, one in enumerate(programs) if not one.why and at not in found.highest),
        tuple((names.of(one), one.why) for one in programs if one.why),
    )


def compared(exercise: Exercise, programs: Sequence[Program], least: float) -> Compared:
    """Compare the programs of an exercise with one another."""
    functions = frozenset(exercise.rubric.functions)
    discounted = runs_in(_right_programs(exercise), functions) | _usual([one.prints for one in programs])
    own = {
        at: prints
        for at, prints in enumerate(one.prints - discounted for one in programs)
        if len(prints) >= FEWEST_PRINTS
    }
    highest, pairs = _pairs(own, least)
    return Compared(highest, pairs, discounted)


def _handed_in(opened: OpenedResults) -> Iterator[_Unread]:
    """Yield each different file of an exercise once, with all who handed it in. Stubs and refused ones are left out."""
    journal = opened.journal
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in journal.entries(opened.run):
        details = json.loads(entry.details)
        if not (details.get("refusal") or details.get("is_stub")) and entry.content.sha256 != UNREAD:
            found.setdefault((entry.content.exercise, entry.content.sha256), []).append(entry)
    for entries in found.values():
        places = places_in_details(json.loads(entries[0].details))
        yield _Unread(tuple(entry.content.learner for entry in entries), entries[0].content, places)


def _read(pool: WorkerPool, journal: BatchJournal, unread: Sequence[_Unread]) -> Iterator[Program]:
    """Yield the programs in their order. Workers read them, because they are texts of strangers."""
    read: dict[int, Program] = {}
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        for finished in pool.run(_tasks(journal, unread, Path(folder))):
            for one in finished:
                read[one.task.number] = _program(unread[one.task.number].learners, one)
                shutil.rmtree(Path(folder, str(one.task.number)))
    for number, waiting in enumerate(unread):
        yield read.get(number) or Program(waiting.learners, why=NOT_KEPT)


def _tasks(journal: BatchJournal, unread: Sequence[_Unread], folder: Path) -> Iterator[Task]:
    """Yield a task for each program that the journal keeps, whose files it writes when a worker is free."""
    for number, one in enumerate(unread):
        packed = journal.source(one.content.sha256)
        if packed is not None and one.places:
            own = one.places[:1]  # without the companions
            yield task_for_kept(number, one.content, KeptFiles(own, unpacked_contents(packed)), folder)


def _program(learners: tuple[str, ...], finished: Finished) -> Program:
    """Return what a worker read."""
    if not finished.report:
        return Program(learners, why=claimed(finished.failure or finished.changed))
    said = json.loads(finished.report)
    return Program(learners, said["text"], frozenset(said["prints"]), claimed(said["why"]))


def _right_programs(exercise: Exercise) -> Iterator[str]:
    """Yield the stub, the reference and the other right programs of the course."""
    paths = (exercise.stub, exercise.reference_path, *sorted(exercise.taste_path("x").parent.glob("*.py")))
    yield from (path.read_text(encoding="utf-8") for path in paths if path.is_file())


def _usual(fingerprints: Sequence[frozenset[int]]) -> frozenset[int]:
    """Return what more than a third of the different fingerprints have, if these are more than FEWEST_OWNERS."""
    different = set(fingerprints)
    counts = Counter(one for prints in different for one in prints)
    limit = max(len(different) / 3, FEWEST_OWNERS)
    return frozenset(one for one, count in counts.items() if count > limit)


def _pairs(own: Mapping[int, frozenset[int]], least: float) -> tuple[dict[int, float], list[tuple[float, int, int]]]:
    """Return the highest share of each program, and the pairs with their shares, the highest first.

    For each program only the PARTNERS most similar ones are kept. The memory is in proportion to the fingerprints.
    """
    import numpy as np

    places = np.array(list(own), dtype=np.int64)
    sizes = np.array([len(prints) for prints in own.values()])
    having: dict[int, list[int]] = {}
    for number, prints in enumerate(own.values()):
        for one in prints:
            having.setdefault(one, []).append(number)
    shared = {one: np.array(numbers) for one, numbers in having.items() if len(numbers) > 1}
    highest: dict[int, float] = {}
    pairs: dict[tuple[int, int], float] = {}
    for number, (place, prints) in enumerate(own.items()):
        counts = np.bincount(
            np.concatenate([[number], *(shared[one] for one in prints if one in shared)]), minlength=len(own)
        )
        counts[number] = 0
        shares = counts / np.minimum(sizes, sizes[number])
        highest[place] = float(shares.max())
        for other in np.argsort(-shares, kind="stable")[:PARTNERS]:
            if shares[other] >= least:
                pairs[min(place, int(places[other])), max(place, int(places[other]))] = float(shares[other])
    return highest, sorted(((share, *pair) for pair, share in pairs.items()), key=lambda one: (-one[0], one[1:]))


def _by_tenths(shares: Sequence[float]) -> tuple[int, ...]:
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, int(BINS * share + 1e-9))] += 1
    return tuple(counts)


class _Names:
    """The names of learners as pages show them."""

    def __init__(self, opened: OpenedResults) -> None:
        self._shown = opened.shown_names()
        self._same = opened.journal.identical(opened.run)

    def of(self, program: Program) -> str:
        """Return the owners of a program."""
        return self._listed(program.learners)

    def identical(self, exercise: str) -> Iterator[str]:
        """Yield the learners of each file of an exercise that was handed in more than once, apart from groups."""
        for learners in sorted({same for (_, key), same in self._same.items() if key == exercise}):
            yield self._listed(learners)

    def _listed(self, learners: Sequence[str]) -> str:
        names = sorted(map(self._shown.shown, learners))
        more = len(names) - NAMES_SHOWN
        return ", ".join(names[:NAMES_SHOWN]) + (f" and {counted(more, 'other')}" if more > 0 else "")
