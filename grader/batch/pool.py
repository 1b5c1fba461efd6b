"""Worker processes: each with its own pytest sessions and zygote, fed one submission at a time, replaced when stuck
or dead.

The coordinator never imports NumPy, pytest or a learner's anything. It speaks with a worker in lines of JSON on a
socketpair.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from grader import processes
from grader.current_folder import environment

QUEUED = 2  # a worker's next submission is at its door before the last is done
STARTUP_SECONDS = 120.0
STUCK_TIMES = 4  # a worker that takes four times what a submission may use by its own limits is stuck


class WorkerError(Exception):
    """The workers cannot be started; the message says why."""


@dataclass(frozen=True)
class Task:
    """One submission on its way to a worker."""

    number: int
    learner: str
    exercise: str
    sha256: str
    files: tuple[tuple[str, str], ...]
    seed: int
    unreadable: str = ""
    seconds: float = 30.0  # what it may use by its own limits


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
        self._again: deque[Task] = deque()
        self._selector = selectors.DefaultSelector()
        cores = _cores()
        own_core = count == len(cores)
        from grader.sandbox.inside.confinement import hide_memory  # not on every system that `grade` runs on

        hide_memory()  # it will hold scores, and a plain process has the same user
        self._processes = [self._start(cores[i] if own_core else None) for i in range(count)]

    def run(self, tasks: Iterator[Task]) -> Iterator[list[Finished]]:
        """What is finished, in the order of finishing, in lists of what came at once. Raises WorkerError."""
        self.replaced = 0
        self._retried.clear()
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
                finished += self._replace(
                    process, f"the worker was stuck for {STUCK_TIMES * process.tasks[0].seconds:g} seconds"
                )
        return finished

    def _receive(self, process: _Process) -> list[Finished]:
        try:
            chunk = process.channel.recv(1 << 20)
        except BlockingIOError:
            return []
        except OSError:
            chunk = b""
        if not chunk:
            return self._replace(process, "the worker died")
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
            raise WorkerError(reply["unusable"])
        task = process.tasks.popleft()
        if process.tasks:
            process.deadline = time.monotonic() + STUCK_TIMES * process.tasks[0].seconds + STARTUP_SECONDS
        done = Finished(task, reply["report"], reply["faults"], reply["seconds"], reply["failure"])
        if (done.faults or done.failure) and task.number not in self._retried:
            # Ours, not the learner's: once more, in a fresh worker.
            self._retried.add(task.number)
            self._again.append(task)
            waiting = list(process.tasks)
            process.tasks.clear()
            self._again.extend(waiting)
            self._renew(process)
            return []
        return [done]

    def _replace(self, process: _Process, why: str) -> list[Finished]:
        """End a worker that is stuck or dead; what it held is given to others, once."""
        if not process.ready:
            raise WorkerError(f"{why} before it was ready; run `grade exercise` on one file to see why")
        held = list(process.tasks)
        process.tasks.clear()
        self._renew(process)
        finished = []
        for task in held[:1]:
            if task.number in self._retried:
                finished.append(Finished(task, "", 1, STUCK_TIMES * task.seconds, f"{why}, twice"))
            else:
                self._retried.add(task.number)
                self._again.append(task)
        self._again.extend(held[1:])
        return finished

    def _renew(self, process: _Process) -> None:
        self.replaced += 1
        self._processes.remove(process)
        self._end(process)
        self._processes.append(self._start(process.core))

    def _start(self, core: int | None) -> _Process:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        arguments = (str(theirs.fileno()), str(self._course_root), self._isolation)
        popen = processes.start(
            processes.python_main("grader.batch.serve", *arguments),
            {**environment(), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
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


def _cores() -> list[int]:
    """The processor cores that we may use; none where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
