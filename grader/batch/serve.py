"""A worker process: read tasks as lines of JSON and answer with reports, until the socket is closed.

A task says where the files of a submission are. This process reads them, because the coordinator has no deadline. If a
stranger's file breaks its reader, this process dies and another one replaces it.
"""

from __future__ import annotations

import gc
import json
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from grader.batch.breach import MEMORY_BYTES, READING_SECONDS, Breach
from grader.batch.task import SHOWN_BYTES, changed_while_graded
from grader.course import Course, CourseError, Exercise, load_course
from grader.grading.worker import MissingPackageError, Worker
from grader.report import to_json
from grader.sandbox import Isolation, IsolationError, Zygote
from grader.submission import Submission, SubmissionError, read_submission
from grader.submission.intake import IntakeError
from grader.submission.intake.contents import Place, contents_of, submission_of, tree_of
from grader.submission.reading import NOTEBOOK
from grader.submission.submission import content_hash


class ChangedError(Exception):
    """The files of a submission have changed since the coordinator found them."""


class Server:
    """Grades submissions of all exercises: one worker for each exercise, one zygote for each flavour."""

    def __init__(self, course: Course, isolation: Isolation) -> None:
        self._course = course
        self._isolation = isolation
        self._workers: dict[str, Worker] = {}
        self._zygotes: dict[str, Zygote] = {}
        self._tree = lru_cache(maxsize=1)(tree_of)

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the report of one submission.

        Raises CourseError and IsolationError, which concern all submissions, and ChangedError.
        """
        started = time.perf_counter()
        exercise = self._course.find(task["exercise"])
        worker = self._worker(exercise)
        if task["unreadable"]:
            self._confirm(worker, exercise, task["seed"])
        with reading():
            submission, unreadable = self._read(task, exercise)
            report = worker.grade(submission, task["seed"], unreadable, looked_at=end_reading)
        return {
            "report": to_json(report.model_copy(update={"run": report.run.model_copy(update={"timings": None})})),
            "faults": len(report.grader_faults),
            "seconds": time.perf_counter() - started,
            "failure": "",
            "listing": _listing(task, submission, exercise),
        }

    def _read(self, task: dict[str, Any], exercise: Exercise) -> tuple[Submission, str]:
        """Return the submission, and why its files cannot be read: then it has no files and earns no points."""
        nothing = Submission(task["learner"], exercise.key, (), task["sha256"])
        if task["unreadable"]:
            return nothing, task["unreadable"]
        places = [Place(name, tuple(parts), *rest) for name, parts, *rest in task["places"]]
        try:
            contents = contents_of(self._tree(Path(task["source"])), places)
        except IntakeError as error:  # the coordinator could read it
            raise ChangedError(changed_while_graded(str(error))) from None
        if content_hash(contents) != task["sha256"]:
            raise ChangedError(changed_while_graded())
        try:
            functions = tuple(exercise.rubric.functions)
            return submission_of(task["learner"], exercise.key, places, contents, functions), ""
        except SubmissionError as error:
            return nothing, str(error)

    def _confirm(self, worker: Worker, exercise: Exercise, seed: int) -> None:
        """Grade the reference. Raises RuntimeError if that fails too: then the grader is at fault."""
        rubric = exercise.rubric
        reference = read_submission(exercise.reference_path, exercise.key, rubric.module, companions=rubric.companions)
        faults = worker.grade(reference, seed).grader_faults
        if faults:
            raise RuntimeError(f"the reference cannot be graded either: {faults[0].message}")

    def _worker(self, exercise: Exercise) -> Worker:
        if exercise.key not in self._workers:
            with unlimited_memory():  # a zygote inherits the limits, and TensorFlow needs more
                flavour = exercise.rubric.flavour
                if flavour not in self._zygotes:
                    self._zygotes[flavour] = Zygote(flavour, self._isolation, [exercise.root])
                self._workers[exercise.key] = Worker(exercise, self._isolation, zygote=self._zygotes[flavour])
            gc.freeze()  # these objects stay until the end, so the garbage collector need not look at them
        return self._workers[exercise.key]


def _listing(task: dict[str, Any], submission: Submission, exercise: Exercise) -> str:
    """Return the source that was taken from a notebook; an empty text for another file or a source that is too large.

    The coordinator reads no notebook, and a Python file is its own listing.
    """
    if not task["places"] or not task["places"][0][0].endswith(NOTEBOOK):
        return ""
    name = f"{exercise.rubric.module}.py"
    text = next((file.text for file in submission.files if file.name == name), "")
    kept = text.encode("utf-8", "replace")  # a notebook can hold half of a surrogate pair
    return kept.decode() if len(kept) <= SHOWN_BYTES else ""


@contextmanager
def reading() -> Iterator[None]:
    """Limit the processor time until `end_reading` is called; SIGPROF ends the process in any code."""
    signal.setitimer(signal.ITIMER_PROF, READING_SECONDS)
    try:
        yield
    finally:
        end_reading()


def end_reading() -> None:
    """Take the limit of `reading` away."""
    signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def unlimited_memory() -> Iterator[None]:
    """Take the limit of the memory away inside the block, and set that of a worker after it."""
    limit_memory(resource.RLIM_INFINITY)
    try:
        yield
    finally:
        limit_memory(MEMORY_BYTES)


def limit_memory(most_bytes: int) -> None:
    """Limit the memory of this process, at most to its hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = min((limit for limit in (most_bytes, hard) if limit != resource.RLIM_INFINITY), default=hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _until_closed(lines: Iterable[str]) -> Iterator[str]:
    """Yield the requests until the coordinator closes its end, even if it leaves a reply unread."""
    with suppress(ConnectionError):
        yield from lines


class Answering(Protocol):
    """Whatever answers the tasks of a worker."""

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one task."""


def main(descriptor: str, course_root: str, isolation: str) -> None:
    """Grade the tasks that come in on an inherited socket."""
    serve(descriptor, lambda: Server(load_course(Path(course_root)), Isolation(isolation)))


def serve(descriptor: str, make_server: Callable[[], Answering]) -> None:
    """Answer the tasks that come in on an inherited socket."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process even within a regular expression or the parser
    channel = socket.socket(fileno=int(descriptor))
    # One stream for each direction: a text stream for both loses what it has read ahead when it writes.
    with channel, channel.makefile("r", encoding="utf-8", newline="\n") as lines:

        def say(reply: dict[str, Any]) -> None:
            try:
                channel.sendall(json.dumps(reply).encode() + b"\n")
            except OSError:  # the coordinator is gone
                raise SystemExit(0) from None

        server = make_server()
        say({"ready": True})
        for line in _until_closed(lines):
            try:
                say(server.answer(json.loads(line)))
            except IsolationError as error:
                say({"unusable": str(error), "refusal": error.refusal})
            except (CourseError, MissingPackageError) as error:
                say({"unusable": str(error), "refusal": None})
            except ChangedError as error:
                say({"changed": str(error)})
            except MemoryError:
                limit_memory(resource.RLIM_INFINITY)
                say({"breach": Breach.MEMORY})
                return
            except Exception as error:  # one submission must not stop the others; the coordinator retries it
                failure = f"{type(error).__name__}: {error}"
                say({"report": "", "faults": 1, "seconds": 0.0, "failure": failure})
