"""Worker processes: start them, give them submissions, replace them if they hang or die.

Each worker has its own pytest sessions and its own zygote, and grades one submission at a time. The coordinator imports
neither NumPy nor pytest and does not read a learner's text. Coordinator and worker exchange lines of JSON on a
socketpair.

A worker that dies, hangs or needs too much memory is replaced. `Retries` says whether its current submission is tried
again. Other workers take the submissions that were waiting in its queue.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from grader import processes
from grader.batch.breach import STUCK_TIMES, Breach
from grader.batch.retries import Retries
from grader.batch.task import Finished, Reply, Task
from grader.current_folder import environment
from grader.grade_error import GradeError
from grader.sandbox import IsolationError, Refusal
from grader.sandbox.scratch import make_folder, remove_folder

QUEUED = 2  # submissions for each worker: the next one is there before the current one is done
STARTUP_SECONDS = 120.0
QUIET_SECONDS = 0.25  # after which `run` yields, so that its caller can record what has finished
RECEIVED_BYTES = 256 * 1024  # at once
END_SECONDS = 5.0  # for a worker to exit after it has closed its socket
_FROM_OUTSIDE = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}  # sent by another process


class WorkerError(GradeError):
    """The workers cannot be started. The message says why, without a full stop.

    With `refusal`, the requested `isolation` is unavailable on this machine.
    """

    heading = "No worker can be started: "

    def __init__(self, message: str, refusal: Refusal | None = None, isolation: str = "") -> None:
        super().__init__(message)
        self.refusal = refusal
        self.isolation = isolation


class WorkerStartError(WorkerError):
    """A worker ended before it was ready, so no submission is the cause."""


@dataclass
class _Process:
    """A worker process and its tasks, the current one first."""

    popen: processes.Process
    channel: socket.socket
    core: int | None
    tasks: deque[Task] = field(default_factory=deque)
    received: bytearray = field(default_factory=bytearray)
    to_send: bytearray = field(default_factory=bytearray)
    deadline: float = 0.0
    ready: bool = False


class WorkerPool:
    """`count` workers for one course. `replaced` counts the workers that were replaced in the current run.

    `program` is the module whose `main` answers the tasks: the one that grades them, unless another one is named.
    """

    def __init__(self, count: int, course_root: Path, isolation: str, program: str = "grader.batch.serve") -> None:
        self.replaced = 0
        self._program = program
        self._course_root = course_root.resolve()
        self._isolation = isolation
        self._retries = Retries()
        self._again: deque[Task] = deque()
        self._selector = selectors.DefaultSelector()
        self._starting = threading.Lock()
        self._is_aborted = False
        cores = usable_cores()
        own_core = count == len(cores)
        from grader.sandbox.inside.confinement import hide_memory  # not on every system that `grade` runs on

        hide_memory()  # this process will hold scores, and a plain process runs as the same user
        # Workers are killed and cannot remove their files, so they and their children write only into this folder.
        self._temporary = _temporary_folder(isolation)
        self._processes: list[_Process] = []
        try:
            for i in range(count):
                self._start(cores[i] if own_core else None)
        except BaseException:  # also Ctrl-C
            self.close()
            raise

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Finished]]:
        """Grade the tasks. Yield lists of finished tasks, in the order in which they finish. Raises WorkerError.

        If nothing finishes for QUIET_SECONDS after the last list, yield an empty one.
        """
        self.replaced = 0
        has_yielded = False
        self._retries = Retries()
        source: Iterator[Task] | None = tasks
        while True:
            source = self._feed(source)
            if source is None and not self._again and not any(process.tasks for process in self._processes):
                return
            finished = self._wait(QUIET_SECONDS if has_yielded else None)
            if finished or has_yielded:
                yield finished
            has_yielded = bool(finished)

    def close(self) -> None:
        """End all workers."""
        for process in self._processes:
            self._end(process)
        self._processes.clear()
        self._selector.close()
        remove_folder(self._temporary)

    def abort(self) -> None:
        """End all workers from another thread. A `run` that waits for them raises WorkerStartError."""
        with self._starting:
            self._is_aborted = True
            for process in self._processes:
                process.popen.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _feed(self, source: Iterator[Task] | None) -> Iterator[Task] | None:
        """Fill the queues of the workers. Return the source, or None if it has no more tasks."""
        for queued in range(QUEUED):
            for process in self._processes:
                if len(process.tasks) > queued:
                    continue
                task = self._again.popleft() if self._again else next(source or iter(()), None)
                if task is None:
                    return None
                self._give(process, task)
        return source

    def _give(self, process: _Process, task: Task) -> None:
        if not process.tasks:
            process.deadline = time.monotonic() + STUCK_TIMES * task.seconds + (0 if process.ready else STARTUP_SECONDS)
        process.tasks.append(task)
        process.to_send += task.line()
        self._send(process)

    def _send(self, process: _Process) -> None:
        try:
            sent = process.channel.send(process.to_send)
            del process.to_send[:sent]
        except BlockingIOError:
            pass
        except OSError:
            process.to_send.clear()  # the worker has died: `_receive` will read the end of file
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if process.to_send else 0)
        self._selector.modify(process.channel, events, process)

    def _wait(self, most_seconds: float | None) -> list[Finished]:
        now = time.monotonic()
        waits = [max(0.0, process.deadline - now) for process in self._processes if process.tasks]
        if waits and most_seconds is not None:
            waits.append(most_seconds)
        finished: list[Finished] = []
        for key, events in self._selector.select(min(waits, default=0.0)):
            process: _Process = key.data
            if events & selectors.EVENT_WRITE:
                self._send(process)
            if events & selectors.EVENT_READ:
                finished += self._receive(process)
        for process in list(self._processes):
            if process.tasks and time.monotonic() > process.deadline:
                why = f"the worker was stuck for {STUCK_TIMES * process.tasks[0].seconds:g} seconds"
                finished += self._broken(process, Breach.STUCK, why)
        return finished

    def _receive(self, process: _Process) -> list[Finished]:
        try:
            chunk = process.channel.recv(RECEIVED_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            chunk = b""
        if not chunk:
            return self._broken(process, _breach_of(process.popen), "the worker died")
        process.received += chunk
        finished = []
        while (end := process.received.find(b"\n")) >= 0:
            reply = json.loads(process.received[:end])
            del process.received[: end + 1]
            finished += self._reply(process, reply)
        return finished

    def _reply(self, process: _Process, reply: dict[str, Any]) -> list[Finished]:
        process.ready = True
        if "ready" in reply:
            return []
        if "unusable" in reply:
            refusal = Refusal(reply["refusal"]) if reply["refusal"] is not None else None
            raise WorkerError(reply["unusable"].rstrip("."), refusal, self._isolation)
        if "breach" in reply:
            return self._broken(process, Breach(reply["breach"]), "the worker needed too much memory")
        task = process.tasks.popleft()
        if process.tasks:
            process.deadline = time.monotonic() + STUCK_TIMES * process.tasks[0].seconds + STARTUP_SECONDS
        done = Reply.model_validate(reply).finished(task)
        again = self._retries.next_try(task) if done.faults or done.failure else None
        if again is None:
            return [done]
        self._give(self._renewed(process), again)
        return []

    def _broken(self, process: _Process, breach: Breach | None, why: str) -> list[Finished]:
        """Replace a worker that is stuck, dead or too large, and retry its current submission if the policy allows it.

        Without a `breach`, another process ended the worker.
        """
        if not process.ready:
            raise WorkerStartError(f"{why} before it was ready; run `grade exercise` on one file to see why")
        task = process.tasks.popleft() if process.tasks else None
        fresh = self._renewed(process)
        if task is None:
            return []
        again = self._retries.next_try(task, breach)
        if again is None:
            return [Finished(task, "", 1, STUCK_TIMES * task.seconds, f"{why}, twice")]
        self._give(fresh, again)
        return []

    def _renewed(self, process: _Process) -> _Process:
        """Replace a worker and return the fresh one. Other workers get the submissions in its queue."""
        self._again.extend(process.tasks)
        process.tasks.clear()
        self.replaced += 1
        self._processes.remove(process)
        self._end(process)
        return self._start(process.core)

    def _start(self, core: int | None) -> _Process:
        with self._starting:
            if self._is_aborted:
                raise WorkerStartError("the workers were ended")
            process = self._started(core)
            self._processes.append(process)
        return process

    def _started(self, core: int | None) -> _Process:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        arguments = (str(theirs.fileno()), str(self._course_root), self._isolation)
        popen = processes.start(
            processes.python_main(self._program, *arguments),
            {**environment(), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TMPDIR": self._temporary},
            [theirs.fileno()],
        )
        theirs.close()
        if core is not None:
            # With one worker per core, each worker and its children stay on one core. A worker and a learner's child
            # take turns hundreds of times a second: on one core, neither waits for a sleeping core or a cold cache.
            with contextlib.suppress(OSError):
                os.sched_setaffinity(popen.pid, {core})
        process = _Process(popen, ours, core)
        self._selector.register(ours, selectors.EVENT_READ, process)
        return process

    def _end(self, process: _Process) -> None:
        self._selector.unregister(process.channel)
        process.channel.close()
        process.popen.kill()
        process.popen.wait()


def _temporary_folder(isolation: str) -> str:
    try:
        return make_folder(for_children=isolation == "process")
    except IsolationError as error:
        raise WorkerError(str(error), error.refusal, isolation) from None


def _breach_of(popen: processes.Process) -> Breach | None:
    """Return how the current submission ended a worker, or None if another process ended it."""
    try:
        code = popen.wait(END_SECONDS)
    except processes.StillRunning:
        return Breach.DIED
    if code in _FROM_OUTSIDE:
        return None
    return Breach.READING if code == -signal.SIGPROF else Breach.DIED


def usable_cores() -> list[int]:
    """Return the processor cores that we may use; an empty list if the system does not say."""
    return sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
