"""A worker process: read tasks as lines of JSON and answer with reports, until the socket is closed.

A task says where the files of a submission are. This process reads and hashes them, because the coordinator has no
deadline and no time to spare. If a stranger's file breaks its reader, this process dies and another one replaces it.
"""

from __future__ import annotations

import base64
import gc
import time
from collections.abc import Mapping
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.batch.answering import ChangedError, UnusableError, serve
from grader.batch.kept_files import packed_contents
from grader.batch.task import SHOWN_BYTES, changed_while_graded
from grader.batch.worker_limits import end_reading, reading, unlimited_memory
from grader.course import Course, CourseError, Exercise, load_course
from grader.grading.worker import MissingPackageError, Worker
from grader.report import to_json
from grader.sandbox import Isolation, IsolationError, Zygote
from grader.submission import Submission, SubmissionError, read_submission
from grader.submission.intake import IntakeError
from grader.submission.intake.contents import Place, contents_of, submission_of, tree_of
from grader.submission.reading import NOTEBOOK
from grader.submission.submission import content_hash


class Server:
    """Grades submissions of all exercises: one worker for each exercise, one zygote for each flavour."""

    def __init__(self, course: Course, isolation: Isolation) -> None:
        self._course = course
        self._isolation = isolation
        self._workers: dict[str, Worker] = {}
        self._zygotes: dict[str, Zygote] = {}
        self._tree = lru_cache(maxsize=1)(tree_of)

    def answer(self, task: dict[str, Any]) -> dict[str, Any]:
        """Return the hash of a submission, and its report unless the task says that it is not needed.

        Raises UnusableError, which concerns all submissions, and ChangedError.
        """
        try:
            return self._answer(task)
        except IsolationError as error:
            raise UnusableError(str(error), error.refusal) from None
        except (CourseError, MissingPackageError) as error:
            raise UnusableError(str(error)) from None

    def _answer(self, task: dict[str, Any]) -> dict[str, Any]:
        started = time.perf_counter()
        exercise = self._course.find(task["exercise"])
        places = [Place(name, tuple(parts), *rest) for name, parts, *rest in task["places"]]
        try:
            # A submission that broke two workers is only hashed, which takes as many bytes as the places allow.
            with nullcontext() if task["unreadable"] else reading():
                contents = contents_of(self._tree(Path(task["source"])), places)
                sha256 = content_hash(contents)
        except IntakeError as error:
            if task["sha256"]:
                raise ChangedError(changed_while_graded(str(error))) from None
            return {"unread": str(error)}
        if task["sha256"] not in ("", sha256):
            raise ChangedError(changed_while_graded())
        found = {"sha256": sha256, "files": _kept(task, sha256, contents)}
        if task["only_hash"] or sha256 in task["known"]:
            return {**found, "is_known": True}
        try:
            return {**found, **self._graded(task, exercise, places, contents, sha256, started)}
        except (IsolationError, CourseError, MissingPackageError, MemoryError):
            raise
        except Exception as error:  # the reply names the submission by its hash all the same
            return {**found, "faults": 1, "failure": f"{type(error).__name__}: {error}"}

    def _graded(
        self,
        task: dict[str, Any],
        exercise: Exercise,
        places: list[Place],
        contents: Mapping[str, bytes],
        sha256: str,
        started: float,
    ) -> dict[str, Any]:
        worker = self._worker(exercise)
        if task["unreadable"]:
            self._confirm(worker, exercise, task["seed"])
        submission, unreadable = Submission(task["learner"], exercise.key, (), sha256), task["unreadable"]
        with reading():
            if not unreadable:
                try:
                    functions = tuple(exercise.rubric.functions)
                    submission = submission_of(task["learner"], exercise.key, places, contents, functions)
                except SubmissionError as error:  # it has no files then, and earns no points
                    unreadable = str(error)
            report = worker.grade(submission, task["seed"], unreadable, looked_at=end_reading)
        return {
            "report": to_json(report.model_copy(update={"run": report.run.model_copy(update={"timings": None})})),
            "faults": len(report.grader_faults),
            "seconds": time.perf_counter() - started,
            "listing": _listing(task, submission, exercise),
        }

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


def _kept(task: dict[str, Any], sha256: str, contents: Mapping[str, bytes]) -> str:
    """Return the files for the journal, as Base64; an empty text if it has them, or they are too large for it."""
    is_wanted = not (task["sha256"] or task["only_hash"] or sha256 in task["kept"])
    packed = packed_contents(contents) if is_wanted else None
    return base64.b64encode(packed).decode("ascii") if packed is not None else ""


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


def main(descriptor: str, course_root: str, isolation: str) -> None:
    """Grade the tasks that come in on an inherited socket."""
    serve(descriptor, lambda: Server(load_course(Path(course_root)), Isolation(isolation)))
