"""The part of the cluster that runs in a Dask worker: a plugin with warm grading workers, and what a task calls.

A request and a reply are bytes. The plugin waits for a grading worker, which is a process of its own, as in a local
batch. Whatever goes wrong becomes a reply, because Dask would pickle an exception.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from grader.batch.cluster.parcels import Request, request_of, unpacked_course
from grader.batch.cluster.software import difference, software_here
from grader.batch.cluster.warm_pools import WarmPools
from grader.batch.pool import WorkerError, WorkerPool, WorkerStartError
from grader.course import Course, CourseError, load_course
from grader.course.root import builtin_course_root
from grader.sandbox.scratch import make_folder, remove_folder


class GradingPlugin(WorkerPlugin):
    """Grades requests in a Dask worker.

    `course` is a course that was packed; empty for the one that comes with the package. `software` is what the
    coordinator has: a worker with anything else refuses.
    """

    def __init__(self, software: Mapping[str, str], isolation: str, course: bytes = b"") -> None:
        self._software = dict(software)
        self._isolation = isolation
        self._packed_course = course

    def setup(self, worker: Worker) -> None:
        """Prepare to grade. Starts nothing yet."""
        self._address = worker.address
        self._refusal = difference(software_here(), self._software)
        self._lock = threading.Lock()
        self._folder = ""
        self._course: Course | None = None
        self._hashes: dict[str, str] = {}
        self._pools = WarmPools(lambda: WorkerPool(1, self._opened_course().root, self._isolation))

    def teardown(self, worker: Worker) -> None:
        """End the grading workers, and remove the course."""
        self._pools.end()
        with self._lock:
            if self._folder:
                remove_folder(self._folder)

    def answer(self, packed: bytes) -> bytes:
        """Return the reply to a request. Raises nothing."""
        try:
            reply = self._graded(request_of(packed))
        except WorkerStartError as error:
            reply = {"lost": str(error)}
        except WorkerError as error:
            refusal = error.refusal.value if error.refusal is not None else None
            reply = {"unusable": str(error), "refusal": refusal}
        except CourseError as error:
            reply = {"unusable": f"the course cannot be used: {error}", "refusal": None}
        except Exception as error:
            reply = {"lost": f"{type(error).__name__}: {error}"}
        return json.dumps({**reply, "worker": self._address}).encode()

    def _graded(self, request: Request) -> dict[str, Any]:
        refusal = self._refusal or self._other_course(request)
        if refusal:
            return {"different": refusal}
        with self._pools.one() as pool, tempfile.TemporaryDirectory(prefix="grade-") as folder:
            (finished,) = (one for group in pool.run(iter([request.task(Path(folder))])) for one in group)
            return {
                "report": finished.report,
                "faults": finished.faults,
                "seconds": finished.seconds,
                "failure": finished.failure,
                "changed": finished.changed,
                "listing": finished.listing,
                "replaced": pool.replaced,
            }

    def _other_course(self, request: Request) -> str:
        """Return what is different in our course as a sentence; empty if it is the course of the request."""
        course, key = self._opened_course(), request.content.exercise
        with self._lock:
            if key not in self._hashes:
                self._hashes[key] = course.find(key).content_hash()
            seen = self._hashes[key]
        if seen == request.content.course_hash:
            return ""
        return f"It has {key} with the hash {seen[:16]}; expected {request.content.course_hash[:16]}."

    def _opened_course(self) -> Course:
        with self._lock:
            if self._course is None:
                if self._packed_course:
                    self._folder = self._folder or make_folder(for_children=False)
                    self._course = unpacked_course(self._packed_course, Path(self._folder))
                else:
                    self._course = load_course(builtin_course_root())
            return self._course


def grade_request(plugin: str, packed: bytes) -> bytes:
    """Return the reply of a plugin to a request. Dask calls this in a thread of a worker."""
    found: Any = get_worker().plugins.get(plugin)
    if found is None:
        return json.dumps({"lost": "the coordinator has removed its plugin"}).encode()
    reply: bytes = found.answer(packed)
    return reply
