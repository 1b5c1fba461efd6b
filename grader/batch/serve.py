"""A worker process: reads submissions as lines of JSON, answers with reports, until its socket ends."""

from __future__ import annotations

import gc
import json
import signal
import socket
import time
from pathlib import Path
from typing import Any

from grader.batch.worker import MissingPackageError, Worker
from grader.course import Course, CourseError, load_course
from grader.report import to_json
from grader.sandbox import Isolation, IsolationError, Zygote
from grader.submission import SourceFile, Submission


class Server:
    """One worker for each exercise that comes, over one zygote for each flavour."""

    def __init__(self, course: Course, isolation: Isolation) -> None:
        self._course = course
        self._isolation = isolation
        self._workers: dict[str, Worker] = {}
        self._zygotes: dict[str, Zygote] = {}

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """The report of one submission. Raises CourseError and IsolationError, which concern all submissions."""
        started = time.perf_counter()
        files = tuple(SourceFile(name, text) for name, text in task["files"])
        submission = Submission(task["learner"], task["exercise"], files, task["sha256"])
        report = self._worker(task["exercise"]).grade(submission, task["seed"], task["unreadable"])
        return {
            "report": to_json(report.model_copy(update={"run": report.run.model_copy(update={"timings": None})})),
            "faults": len(report.grader_faults),
            "seconds": time.perf_counter() - started,
            "failure": "",
        }

    def _worker(self, key: str) -> Worker:
        if key not in self._workers:
            exercise = self._course.find(key)
            flavour = exercise.rubric.flavour
            if flavour not in self._zygotes:
                self._zygotes[flavour] = Zygote(flavour, self._isolation, [exercise.root])
            self._workers[key] = Worker(exercise, self._isolation, zygote=self._zygotes[flavour])
            gc.freeze()  # what was made until now stays: nobody need look through it for rubbish again
        return self._workers[key]


def main(descriptor: str, course_root: str, isolation: str) -> None:
    """Serve on an inherited socket."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
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
            except (CourseError, IsolationError, MissingPackageError) as error:
                say({"unusable": str(error)})
            except Exception as error:  # one submission must not end the others; the coordinator tries it again
                failure = f"{type(error).__name__}: {error}"
                say({"report": "", "faults": 1, "seconds": 0.0, "failure": failure})
