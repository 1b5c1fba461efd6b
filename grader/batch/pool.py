"""Worker processes: each with its own pytest sessions and zygote, fed one submission at a time, replaced when stuck
or dead.

The coordinator imports neither NumPy nor pytest and reads no learner's text. It speaks with a worker in lines of JSON
on a socketpair.

A worker that ends, hangs or needs too much memory was busy with one submission. A fresh worker tries that submission
again. If it breaks the second worker too, a third worker grades the reference, which shows that the grader is not at
fault. It then gives the submission a report without points that says why. Other workers take the waiting submissions.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from grader import processes
from grader.batch.breach import STUCK_TIMES, Breach, verdict
from grader.current_folder import environment
from grader.grade_error import GradeError
from grader.sandbox import IsolationError, Refusal
from grader.sandbox.scratch import make_folder, remove_folder

QUEUED = 2  # a worker's next submission is at its door before the last is done
STARTUP_SECONDS = 120.0
END_SECONDS = 5.0  # for a worker to exit after its socket has ended
_FROM_OUTSIDE = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}  # ended by somebody else


class WorkerError(GradeError):
    """The workers cannot be started; the message says why, without a full stop.

    With `refusal`, this machine does not give them the `isolation` that was asked for.
    """

    heading = "No worker can be started: "

    def __init__(self, message: str, refusal: Refusal | None = None, isolation: str = "") -> None:
        super().__init__(message)
        self.refusal = refusal
        self.isolation = isolation


@dataclass(frozen=True)
class Task:
    """One submission on its way to a worker, with the places of its files: name, parts of the path, locator.

    With `unreadable` nobody reads it: its report says why.
    """

    number: int
    learner: str
    exercise: str
    sha256: str
    source: str
    places: tuple[tuple[Any, ...], ...]
    seed: int
    seconds: float = 30.0  # what it may use by its own limits
    unreadable: str = ""


@dataclass(frozen=True)
class Finished:
    """What came of a task: a report as JSON, or why our side could not give one."""

    task: Task
    report: str
    faults: int
    seconds: float
    failure: str = ""


@dataclass
class _Process:
    """A worker process and what it was given, the oldest first."""

    popen: processes.Process
    channel: socket.socket
    core: int | None
    tasks: deque[Task] = field(default_factory=deque)
    received: bytearray = field(default_factory=bytearray)
    to_send: bytearray = field(default_factory=bytearray)
    deadline: float = 0.0
    ready: bool = False


class Pool:
    """`count` workers for one course."""

    def __init__(self, count: int, course_root: Path, isolation: str) -> None:
        self.replaced = 0
        self._course_root = course_root.resolve()
        self._isolation = isolation
        self._retried: set[int] = set()
        self._breaches: Counter[int] = Counter()
        self._again: deque[Task] = deque()
        self._selector = selectors.DefaultSelector()
        cores = _cores()
        own_core = count == len(cores)
        from grader.sandbox.inside.confinement import hide_memory  # not on every system that `grade` runs on

        hide_memory()  # it will hold scores, and a plain process runs as the same user
        # Workers are killed and remove nothing, so all that they and their children write goes in here.
        self._temporary = _temporary_folder(isolation)
        self._processes: list[_Process] = []
        try:
            for i in range(count):
                self._processes.append(self._start(cores[i] if own_core else None))
        except BaseException:  # Ctrl-C among them
            self.close()
            raise

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Finished]]:
        """What is finished, in the order of finishing, in lists of what came at once. Raises WorkerError."""
        self.replaced = 0
        self._retried.clear()
        self._breaches.clear()
        source: Iterator[Task] | None = tasks
        while True:
            source = self._feed(source)
            if source is None and not self._again and not any(process.tasks for process in self._processes):
                return
            finished = self._wait()
            if finished:
                yield finished

    def close(self) -> None:
        """End all workers."""
        for process in self._processes:
            self._end(process)
        self._processes.clear()
        self._selector.close()
        remove_folder(self._temporary)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _feed(self, source: Iterator[Task] | None) -> Iterator[Task] | None:
        """Give every worker something to do; None when the source has ended."""
        for round_ in range(QUEUED):
            for process in self._processes:
                if len(process.tasks) > round_:
                    continue
                if self._again:
                    task: Task | None = self._again.popleft()
                elif source is not None:
                    task = next(source, None)
                    if task is None:
                        source = None
                else:
                    task = None
                if task is not None:
                    self._give(process, task)
        return source

    def _give(self, process: _Process, task: Task) -> None:
        if not process.tasks:
            process.deadline = time.monotonic() + STUCK_TIMES * task.seconds + (0 if process.ready else STARTUP_SECONDS)
        process.tasks.append(task)
        process.to_send += json.dumps(task.__dict__).encode() + b"\n"
        self._send(process)

    def _send(self, process: _Process) -> None:
        try:
            sent = process.channel.send(process.to_send)
            del process.to_send[:sent]
        except BlockingIOError:
            pass
        except OSError:
            process.to_send.clear()  # it has died: its end of file says so in a moment
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if process.to_send else 0)
        self._selector.modify(process.channel, events, process)

    def _wait(self) -> list[Finished]:
        now = time.monotonic()
        deadlines = [process.deadline for process in self._processes if process.tasks]
        finished: list[Finished] = []
        for key, events in self._selector.select(max(0.0, min(deadlines) - now) if deadlines else 0.0):
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
            chunk = process.channel.recv(1 << 20)
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
        if "lost" in reply:
            return [Finished(task, "", 1, 0.0, reply["lost"])]
        done = Finished(task, reply["report"], reply["faults"], reply["seconds"], reply["failure"])
        if (done.faults or done.failure) and task.number not in self._retried:
            # Ours, not the learner's: once more, in a fresh worker.
            self._retried.add(task.number)
            self._give(self._renewed(process), task)
            return []
        return [done]

    def _broken(self, process: _Process, breach: Breach | None, why: str) -> list[Finished]:
        """End a worker that is stuck, dead or too large, and give its current submission to a fresh worker.

        After a second breach the submission is charged. Without a `breach`, somebody else has ended the worker.
        """
        if not process.ready:
            raise WorkerError(f"{why} before it was ready; run `grade exercise` on one file to see why")
        task = process.tasks.popleft() if process.tasks else None
        fresh = self._renewed(process)
        if task is None:
            return []
        if breach is not None and not task.unreadable:
            self._breaches[task.number] += 1
            charged = verdict(breach, task.seconds) if self._breaches[task.number] > 1 else ""
            self._give(fresh, replace(task, unreadable=charged))
            return []
        if breach is None and task.number not in self._retried:
            self._retried.add(task.number)
            self._give(fresh, task)
            return []
        return [Finished(task, "", 1, STUCK_TIMES * task.seconds, f"{why}, twice")]

    def _renewed(self, process: _Process) -> _Process:
        """Replace a worker by a fresh one and return that. Free workers get the submissions that it still held."""
        self._again.extend(process.tasks)
        process.tasks.clear()
        self.replaced += 1
        self._processes.remove(process)
        self._end(process)
        fresh = self._start(process.core)
        self._processes.append(fresh)
        return fresh

    def _start(self, core: int | None) -> _Process:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        arguments = (str(theirs.fileno()), str(self._course_root), self._isolation)
        popen = processes.start(
            processes.python_main("grader.batch.serve", *arguments),
            {**environment(), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TMPDIR": self._temporary},
            [theirs.fileno()],
        )
        theirs.close()
        if core is not None:
            # Where there is a worker for each core it stays on its own, with what it starts. It and a learner's child
            # take turns hundreds of times a second: neither waits for another core to wake, or finds its cache cold.
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
    """Return how the current submission ended a worker; None if something else did."""
    try:
        code = popen.wait(END_SECONDS)
    except processes.StillRunning:
        return Breach.DIED
    if code in _FROM_OUTSIDE:
        return None
    return Breach.READING if code == -signal.SIGPROF else Breach.DIED


def _cores() -> list[int]:
    """The processor cores that we may use; none where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
