"""A worker process: reads submissions as lines of JSON, answers with reports, until its socket ends.

A line says where the files of a submission are. They are read here and not in the coordinator, which has no deadline.
If a stranger's file breaks its reader, this process ends and another one replaces it.
"""

from __future__ import annotations

import gc
import json
import resource
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.batch.breach import MEMORY_BYTES, READING_SECONDS, Breach
from grader.course import Course, CourseError, Exercise, load_course
from grader.grading.worker import MissingPackageError, Worker
from grader.report import to_json
from grader.sandbox import Isolation, IsolationError, Zygote
from grader.submission import Submission, SubmissionError, read_submission
from grader.submission.intake import IntakeError
from grader.submission.intake.contents import Place, contents_of, submission_of, tree_of
from grader.submission.submission import content_hash


class Server:
    """One worker for each exercise that comes, over one zygote for each flavour."""

    def __init__(self, course: Course, isolation: Isolation) -> None:
        self._course = course
        self._isolation = isolation
        self._workers: dict[str, Worker] = {}
        self._zygotes: dict[str, Zygote] = {}
        self._tree = lru_cache(maxsize=1)(tree_of)

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the report of one submission.

        Raises CourseError and IsolationError, which concern all submissions, and IntakeError if a file has changed
        since the coordinator saw it.
        """
        started = time.perf_counter()
        exercise = self._course.find(task["exercise"])
        worker = self._worker(exercise)
        if task["unreadable"]:
            self._confirm(worker, exercise, task["seed"])
        with _reading():
            submission, unreadable = self._read(task, exercise)
            report = worker.grade(submission, task["seed"], unreadable, looked_at=_end_reading)
        return {
            "report": to_json(report.model_copy(update={"run": report.run.model_copy(update={"timings": None})})),
            "faults": len(report.grader_faults),
            "seconds": time.perf_counter() - started,
            "failure": "",
        }

    def _read(self, task: dict[str, Any], exercise: Exercise) -> tuple[Submission, str]:
        """Return the submission, and why if its files cannot be read: then it has no files and no points."""
        nothing = Submission(task["learner"], exercise.key, (), task["sha256"])
        if task["unreadable"]:
            return nothing, task["unreadable"]
        places = [Place(name, tuple(parts), *rest) for name, parts, *rest in task["places"]]
        contents = contents_of(self._tree(Path(task["source"])), places)
        if content_hash(contents) != task["sha256"]:
            raise IntakeError(f"{'/'.join(places[0].parts)} has changed since it was found. Grade again.")
        try:
            functions = tuple(exercise.rubric.functions)
            return submission_of(task["learner"], exercise.key, places, contents, functions), ""
        except SubmissionError as error:
            return nothing, str(error)

    def _confirm(self, worker: Worker, exercise: Exercise, seed: int) -> None:
        """Grade the reference. If that fails too, raise: the grader is at fault and the submission is not charged."""
        rubric = exercise.rubric
        reference = read_submission(exercise.reference_path, exercise.key, rubric.module, companions=rubric.companions)
        faults = worker.grade(reference, seed).grader_faults
        if faults:
            raise RuntimeError(f"the reference cannot be graded either: {faults[0].message}")

    def _worker(self, exercise: Exercise) -> Worker:
        if exercise.key not in self._workers:
            with _unlimited_memory():  # a zygote inherits our limits, and TensorFlow needs more
                flavour = exercise.rubric.flavour
                if flavour not in self._zygotes:
                    self._zygotes[flavour] = Zygote(flavour, self._isolation, [exercise.root])
                self._workers[exercise.key] = Worker(exercise, self._isolation, zygote=self._zygotes[flavour])
            gc.freeze()  # what was made until now stays: nobody need look through it for rubbish again
        return self._workers[exercise.key]


@contextmanager
def _reading() -> Iterator[None]:
    """Limit the processor time from here to `_end_reading`; SIGPROF ends the process in any code."""
    signal.setitimer(signal.ITIMER_PROF, READING_SECONDS)
    try:
        yield
    finally:
        _end_reading()


def _end_reading() -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def _unlimited_memory() -> Iterator[None]:
    _limit_memory(resource.RLIM_INFINITY)
    try:
        yield
    finally:
        _limit_memory(MEMORY_BYTES)


def _limit_memory(most_bytes: int) -> None:
    """Limit the memory of this process, never above its hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = min((limit for limit in (most_bytes, hard) if limit != resource.RLIM_INFINITY), default=hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def main(descriptor: str, course_root: str, isolation: str) -> None:
    """Serve on an inherited socket."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, even inside a regular expression or the parser
    channel = socket.socket(fileno=int(descriptor))
    # Two streams, since a text stream for both ways forgets what it has read ahead when it writes.
    with channel, channel.makefile("r", encoding="utf-8", newline="\n") as lines:

        def say(reply: dict[str, Any]) -> None:
            try:
                channel.sendall(json.dumps(reply).encode() + b"\n")
            except OSError:  # the coordinator is gone
                raise SystemExit(0) from None

        server = Server(load_course(Path(course_root)), Isolation(isolation))
        say({"ready": True})
        for line in lines:
            try:
                say(server.answer(json.loads(line)))
            except IsolationError as error:
                say({"unusable": str(error), "refusal": error.refusal})
            except (CourseError, MissingPackageError) as error:
                say({"unusable": str(error), "refusal": None})
            except IntakeError as error:
                say({"lost": str(error)})
            except MemoryError:
                _limit_memory(resource.RLIM_INFINITY)
                say({"breach": Breach.MEMORY})
                return
            except Exception as error:  # one submission must not end the others; the coordinator tries it again
                failure = f"{type(error).__name__}: {error}"
                say({"report": "", "faults": 1, "seconds": 0.0, "failure": failure})
